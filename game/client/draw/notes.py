"""What is said on top of the station: hints, and why something was refused."""

from game.client.canvas import Canvas
from game.client.draw.view import View
from game.client.keys import Action
from game.client.plane import Point, Rect

HINT_X, HINT_W = 396.0, 620.0


def _hints_box(lines: int, pitch: float) -> Rect:
    height = 34 + pitch * lines
    return (HINT_X, 490 - height, HINT_W, height)


def in_hints(view: View, point: Point) -> bool:
    """Whether a point lies on the hint that is shown; a click there puts it away."""
    if not view.ui.hints:
        return False
    x, y, w, h = view.ui.hints_rect
    return x <= point[0] < x + w and y <= point[1] < y + h


def draw_hints(canvas: Canvas, view: View) -> None:
    """The newest hint, over the lower edge of the platforms, and how it goes away."""
    theme = canvas.theme
    if not view.ui.hints:
        return
    number = len(view.ui.hints)
    lines = canvas.wrap(view.ui.hints[-1], "body", HINT_W - 84)
    pitch = canvas.line_height("body")
    x, y, w, height = rect = _hints_box(len(lines), pitch)
    view.ui.hints_rect = rect
    canvas.box(x, y, w, height, theme.floor, theme.focus, 6, 2)
    canvas.icon("bulb", x + 26, y + height / 2, 24)
    used = canvas.text(x + 52, y + 20, view.say("hint", n=number), "strong", theme.ink2)
    texts = view.card.texts.get(view.lang) or view.card.texts["en"]
    more = "hint_more" if number < len(texts.hints) else "hint_last"
    said = view.say(more, cap=view.ui.keys.cap(Action.HINT), n=len(texts.hints))
    canvas.text(x + w - 34, y + 20, said, "caption", theme.ink2, "right", w - 100 - used)
    canvas.icon("close", x + w - 17, y + 16, 12)
    for i, line in enumerate(lines):
        canvas.text(x + 52, y + 38 + pitch * i, line, "body", theme.ink)


def draw_toast(canvas: Canvas, view: View) -> None:
    """A refusal, with a cross, or a note, on a plate over the timetable."""
    theme, ui = canvas.theme, view.ui
    said = ui.toast or ui.note
    if not said:
        return
    lines = canvas.wrap(said, "strong", 520)[:3]
    width = max(canvas.measure(line, "strong") for line in lines) + 60
    pitch = canvas.line_height("strong")
    height = 18 + pitch * len(lines)
    x = 640 - width / 2
    canvas.box(x, 62, width, height, theme.floor, theme.alert if ui.toast else theme.ink, 6, 2)
    if ui.toast:
        canvas.sprite("cross", x + 22, 62 + height / 2, 16)
    else:
        canvas.icon("info", x + 22, 62 + height / 2, 18)
    for i, line in enumerate(lines):
        canvas.text(x + 42, 62 + 22 + pitch * i, line, "strong", theme.ink)
