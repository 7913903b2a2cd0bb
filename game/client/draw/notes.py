"""What is said on top of the station: hints, and why something was refused."""

from game.client.canvas import Canvas
from game.client.draw.view import View

HINT_W = 620.0


def draw_hints(canvas: Canvas, view: View) -> None:
    """Hints shown so far, the newest at the bottom, over the lower edge of the platforms."""
    theme = canvas.theme
    if not view.ui.hints:
        return
    number = len(view.ui.hints)
    lines = canvas.wrap(view.ui.hints[-1], "body", HINT_W - 84)
    pitch = canvas.line_height("body")
    height = 34 + pitch * len(lines)
    x, y = 640 - HINT_W / 2, 512 - height
    canvas.box(x, y, HINT_W, height, theme.floor, theme.focus, 6, 2)
    canvas.icon("bulb", x + 26, y + height / 2, 24)
    canvas.text(x + 52, y + 20, view.say("hint", n=number), "strong", theme.ink2)
    for i, line in enumerate(lines):
        canvas.text(x + 52, y + 38 + pitch * i, line, "body", theme.ink)


def draw_toast(canvas: Canvas, view: View) -> None:
    """A refusal: cross and sentence on a plate over the timetable."""
    theme = canvas.theme
    if not view.ui.toast:
        return
    lines = canvas.wrap(view.ui.toast, "strong", 520)[:3]
    width = max(canvas.measure(line, "strong") for line in lines) + 60
    pitch = canvas.line_height("strong")
    height = 18 + pitch * len(lines)
    x = 640 - width / 2
    canvas.box(x, 62, width, height, theme.floor, theme.alert, 6, 2)
    canvas.sprite("cross", x + 22, 62 + height / 2, 16)
    for i, line in enumerate(lines):
        canvas.text(x + 42, 62 + 22 + pitch * i, line, "strong", theme.ink)
