"""A sentence beside what the mouse or the focus is on."""

from game.client.canvas import Canvas
from game.client.plane import Rect

WIDTH_MAX = 380.0
PAD_X, PAD_Y, GAP = 12.0, 8.0, 6.0
EDGE = 12.0
"""A tip keeps this far from the edges of the picture."""


def tip(canvas: Canvas, of: Rect, said: str, width_max: float = WIDTH_MAX) -> Rect:
    """Draw it below a rectangle, or above where there is no room; returns where it is."""
    theme = canvas.theme
    lines = canvas.wrap(said, "caption", width_max - 2 * PAD_X)
    pitch = canvas.line_height("caption")
    width = max(canvas.measure(line, "caption") for line in lines) + 2 * PAD_X
    height = pitch * len(lines) + 2 * PAD_Y - 4
    x, y, w, h = of
    left = min(max(EDGE, x + w / 2 - width / 2), 1280 - EDGE - width)
    top = y + h + GAP
    if top + height > 720 - EDGE:
        top = y - GAP - height
    canvas.box(left, top, width, height, theme.sign, theme.onsign2, 4)
    for i, line in enumerate(lines):
        canvas.text(left + PAD_X, top + PAD_Y + 9 + pitch * i, line, "caption", theme.onsign)
    return left, top, width, height
