"""Level 1: the four calls as buttons, with what they returned and what they are for."""

from game.client.canvas import Canvas
from game.client.draw.view import View
from game.client.plane import Rect

CALLS = ("socket", "bind", "listen", "accept")
BUTTON_W, BUTTON_H, PITCH = 150.0, 44.0, 164.0
LEFT, TOP = 592.0, 562.0
BACKLOG_DEFAULT = 16


def call_rect(index: int) -> Rect:
    """The button of one call."""
    return LEFT + PITCH * index, TOP, BUTTON_W, BUTTON_H


def next_call(view: View) -> int:
    """Index of the call that comes next; 4 when all are made."""
    listeners = view.current.listeners
    state = listeners[0].state if listeners else ""
    step = {"": 0, "CLOSE": 1, "BOUND": 2, "LISTEN": 3}.get(state, 0)
    if step == 3 and _accepted(view):
        return 4
    return step


def _accepted(view: View) -> bool:
    return any(call.startswith("accept") for call in view.current.calls)


def backlog_argument(view: View) -> int:
    """What listen() is called with: the backlog knob, or a small hall where there is none."""
    value = view.knob_values.get("backlog", ("", ""))[0]
    knob = next((k for k in view.card.knobs if k.name == "backlog"), None)
    text = value or (knob.default if knob else "")
    return int(text) if text.lstrip("-").isdigit() else BACKLOG_DEFAULT


def call_text(view: View, index: int) -> str:
    """A call with its arguments, as it would be typed."""
    listen = f"listen({backlog_argument(view)})"
    return ("socket()", f"bind(:{view.card.port})", listen, "accept()")[index]


def draw_calls(canvas: Canvas, view: View) -> None:
    """Buttons in their order; below each what it returned, and what it is for."""
    now = next_call(view)
    for i in range(len(CALLS)):
        _button(canvas, view, i, now)
        if i + 1 < len(CALLS):
            x, y, w, h = call_rect(i)
            canvas.icon("right", x + w + 7, y + h / 2, 9, "ink2")
    _results(canvas, view)


def _button(canvas: Canvas, view: View, index: int, now: int) -> None:
    theme = canvas.theme
    x, y, w, h = call_rect(index)
    spot = f"call:{CALLS[index]}"
    hot = spot in (view.ui.hovered, view.ui.focused)
    done, due = index < now, index == now
    fill = theme.amber if due else theme.pave if done else theme.floor
    dark = theme.ink if theme.bright else theme.paper
    ink = dark if due else theme.ink if done else theme.ink2
    line = theme.focus if hot else (dark if due else theme.hair)
    canvas.box(x, y, w, h, fill, line, 4, 2 if hot or due else 1.2)
    if done:
        canvas.sprite("tick", x + 16, y + h / 2, 16)
    else:
        canvas.text(x + 16, y + h / 2 + 5, str(index + 1), "sign", ink, "center")
    canvas.text(x + 32, y + h / 2 + 5, call_text(view, index), "console", ink, max_width=w - 38)


def _results(canvas: Canvas, view: View) -> None:
    """Under each button what the last such call returned, and what it does."""
    theme = canvas.theme
    for i, call in enumerate(CALLS):
        x = LEFT + PITCH * i
        made = [one for one in view.current.calls if one.startswith(f"{call}(")]
        if made:
            failed = "= -1" in made[-1]
            # The arguments stand on the button; what errno means can be read at the hint.
            result = made[-1].rpartition(")")[2] if not failed else _failure(made[-1])
            ink = theme.alert if failed else theme.ink
            result = result.strip().removesuffix("…")
            canvas.text(x + 2, 626, result, "kernel", ink, max_width=BUTTON_W)
        canvas.paragraph(x + 2, 648, view.say(f"does_{call}"), "caption", theme.ink2, BUTTON_W)


def _failure(result: str) -> str:
    """What a failed call returned: "= -1 EINVAL"."""
    return " ".join(result[result.index("= -1") :].split()[:3])
