"""A panel over a veiled scene: a head with an icon and a title, and a few words."""

from game.client.canvas import Canvas
from game.client.plane import Rect

WIDTH = 480.0
LEFT = (1280 - WIDTH) / 2
TOP = 244.0
HEIGHT = 196.0
BUTTON_Y, BUTTON_H = TOP + 132, 44.0


def button_rect(place: int, width: float = 160.0) -> Rect:
    """A button at the panel's foot, counted from its right edge; 0 is the last."""
    return (LEFT + WIDTH - 24 - width - place * (width + 16), BUTTON_Y, width, BUTTON_H)


def panel(canvas: Canvas, icon: str, title: str, text: str) -> None:
    """Veil, panel and words; the buttons are the caller's."""
    theme = canvas.theme
    canvas.veil(0, 0, 1280, 720, theme.paper, 170)
    canvas.box(LEFT, TOP, WIDTH, HEIGHT, theme.floor, theme.ink, radius=6, width=1.6)
    canvas.box(LEFT, TOP, WIDTH, 48, theme.sign, radius=6)
    canvas.box(LEFT, TOP + 24, WIDTH, 24, theme.sign)
    canvas.icon(icon, LEFT + 32, TOP + 24, 24, "onsign", "sign")
    canvas.text(LEFT + 56, TOP + 31, title, "title", theme.onsign, max_width=WIDTH - 80)
    canvas.paragraph(LEFT + 24, TOP + 80, text, "body", theme.ink, WIDTH - 48)
