"""The console tab: lines, prompt and caret, and what the knobs are about to do."""

from game.client.canvas import Canvas
from game.client.draw.view import View
from game.client.keys import Action
from game.text.knobs import knob_help

LINES = 8
LEFT, TOP, WIDTH, HEIGHT = 584.0, 560.0, 452.0, 140.0
WIDTH_MAX = 664.0
PITCH = 17.0
BLINK_S = 0.5


def draw_console(canvas: Canvas, view: View) -> None:
    """The console, newest line at the bottom, and the pending knobs beside it."""
    theme, ui = canvas.theme, view.ui
    help_line = view.say("console_hint", cap=ui.keys.cap(Action.BACK))
    said = ui.console[-(LINES - 1) :] or [help_line]
    lines = [*said, f"$ {ui.typed}"]
    # Long lines take the room of the knobs beside them.
    long = any(canvas.measure(line, "console") > WIDTH - 28 for line in lines)
    width = WIDTH_MAX if long else WIDTH
    canvas.box(LEFT, TOP, width, HEIGHT, theme.board, radius=4)
    # A short session stands at the top, as in any terminal.
    for i, line in enumerate(lines):
        y = TOP + 16 + PITCH * i
        _line(canvas, line, y, width, last=i == len(lines) - 1)
    _caret(canvas, view, TOP + 16 + PITCH * (len(lines) - 1), width)
    if not long:
        _aside(canvas, view)


def _line(canvas: Canvas, line: str, y: float, width: float, last: bool) -> None:
    theme = canvas.theme
    x = LEFT + 12
    if line.startswith("$ "):
        canvas.text(x, y, "$", "console", theme.amber)
        room = width - 44
        text = line[2:]
        if last:
            while canvas.measure(text, "console") > room:
                text = text[1:]
        canvas.text(x + 16, y, text, "console", theme.flaptext, max_width=room)
        return
    canvas.text(x, y, line, "console", theme.boarddim, max_width=width - 24)


def _caret(canvas: Canvas, view: View, y: float, width: float) -> None:
    ui = view.ui
    if not ui.reduced_motion and int(ui.wall_s / BLINK_S) % 2:
        return
    before = ui.typed[: ui.caret]
    x = LEFT + 28 + min(canvas.measure(before, "console"), width - 52)
    canvas.box(x, y - 12, 8, 15, canvas.theme.amber)


def _aside(canvas: Canvas, view: View) -> None:
    theme = canvas.theme
    x, y, width = 1052.0, 577.0, 192.0
    canvas.text(x, y, view.say("now_in_knobs"), "strong", theme.ink, max_width=width)
    pending = [k for k in view.current.knobs if k.pending and k.pending != k.value]
    for knob in pending[:2]:
        y += 20
        canvas.text(x, y, knob.name, "kernel", theme.ink, max_width=width)
        y += 18
        canvas.text(x, y, f"{knob.value} → {knob.pending}", "value", theme.ink, max_width=width)
    if pending:
        canvas.line(x, y + 10, x + width, y + 10, theme.hair)
        y += 14
        canvas.paragraph(
            x, y + 16, knob_help(view.lang, pending[0].name).acts, "caption", theme.ink2, width
        )
        return
    for knob in view.current.knobs[:5]:
        y += 19
        value_width = canvas.text(x + width, y, knob.value, "strong", theme.ink, "right", 70)
        canvas.text(x, y, knob.name, "kernel", theme.ink2, max_width=width - value_width - 8)
