"""Stars, full and hollow: the shape says it, not only the colour."""

from game.client.canvas import Canvas


def star(canvas: Canvas, x: float, y: float, height: float, full: bool, on: str = "") -> None:
    """One star round its centre; `on` names the token of a hollow star's line."""
    if full:
        canvas.sprite("star-full", x, y, height)
    else:
        canvas.sprite("star-empty", x, y, height, line=on or "mid")


def stars(
    canvas: Canvas, x: float, y: float, count: int, height: float, pitch: float, on: str = ""
) -> None:
    """Three stars, the first at x."""
    for index in range(3):
        star(canvas, x + index * pitch, y, height, index < count, on)
