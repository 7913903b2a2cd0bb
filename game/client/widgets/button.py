"""Buttons: the big one with an amber field, plain ones, and rows of choices."""

from collections.abc import Sequence

from game.client.canvas import Canvas
from game.client.plane import Rect


def primary(canvas: Canvas, rect: Rect, icon: str, title: str, caption: str) -> None:
    """The one button a screen wants pressed: amber field with an icon, sign with two lines."""
    x, y, w, h = rect
    theme = canvas.theme
    canvas.box(x, y, w, h, theme.sign, radius=5)
    canvas.box(x, y, h, h, theme.amber, radius=5)
    canvas.box(x + 10, y, h - 10, h, theme.amber)
    canvas.icon(icon, x + h / 2, y + h / 2, 28, _dark(canvas), "amber")
    left, room = x + h + 16, w - h - 28
    if caption:
        canvas.text(left, y + h / 2 - 2, title, "value", theme.onsign, max_width=room)
        canvas.text(left, y + h / 2 + 16, caption, "body", theme.onsign2, max_width=room)
    else:
        canvas.text(left, y + h / 2 + 6, title, "value", theme.onsign, max_width=room)


def _dark(canvas: Canvas) -> str:
    """Token of what is dark on amber, which is yellow in every theme."""
    return "ink" if canvas.theme.bright else "paper"


def entry(canvas: Canvas, rect: Rect, icon: str, title: str, caption: str) -> None:
    """A line of a menu: an icon on a field, a title and a caption."""
    x, y, w, h = rect
    theme = canvas.theme
    canvas.box(x, y, w, h, theme.floor, radius=5)
    canvas.box(x, y, h, h, theme.pave, radius=5)
    canvas.box(x + 10, y, h - 10, h, theme.pave)
    canvas.box(x, y, w, h, line=theme.hair, radius=5, width=1.2)
    canvas.icon(icon, x + h / 2, y + h / 2, 25, "ink", "pave")
    left, room = x + h + 16, w - h - 28
    canvas.text(left, y + h / 2 - 2, title, "value", theme.ink, max_width=room)
    canvas.text(left, y + h / 2 + 17, caption, "body", theme.ink2, max_width=room)


def plain(canvas: Canvas, rect: Rect, title: str, icon: str = "") -> None:
    """A white button with its title in the middle."""
    x, y, w, h = rect
    theme = canvas.theme
    canvas.box(x, y, w, h, theme.floor, theme.hair, radius=5, width=1.4)
    room = w - 16 - (26 if icon else 0)
    title = canvas.shortened(title, "sign", room)
    middle = x + w / 2
    if icon:
        whole = canvas.measure(title, "sign") + 26
        canvas.icon(icon, middle - whole / 2 + 9, y + h / 2, 18)
        middle += 13
    canvas.text(middle, y + h / 2 + 5, title, "sign", theme.ink, "center")


def choices(
    canvas: Canvas, rect: Rect, titles: Sequence[str], chosen: int, at: float | None = None
) -> None:
    """A row of choices of equal width; the chosen one stands on a sign with a tick under it.

    Args:
        at: where the sign is while it glides, counted in choices; at the chosen one without it.
    """
    x, y, w, h = rect
    theme = canvas.theme
    each = w / len(titles)
    at = float(chosen) if at is None else at
    canvas.box(x, y, w, h, theme.floor, theme.hair, radius=5, width=1.4)
    canvas.box(x + at * each, y, each, h, theme.sign, radius=5)
    for index, title in enumerate(titles):
        left = x + index * each
        on = abs(index - at) < 0.5
        if index not in (0, chosen, chosen + 1):
            canvas.line(left, y + 6, left, y + h - 6, theme.hair)
        ink = theme.onsign if on else theme.ink
        middle = left + each / 2
        canvas.text(middle, y + h / 2 + 5, title, "sign", ink, "center", max_width=each - 8)
        if on:
            canvas.box(middle - 8, y + h - 5, 16, 2, theme.amber)


def switch(canvas: Canvas, x: float, y: float, on: bool) -> None:
    """A switch of 44 × 24 from its upper left corner: the disc to the right and a bar when on."""
    theme = canvas.theme
    if on:
        canvas.box(x, y, 44, 24, theme.sign, radius=12)
        canvas.line(x + 13, y + 7, x + 13, y + 17, theme.onsign, 2)
        canvas.circle(x + 32, y + 12, 8, theme.onsign)
    else:
        canvas.box(x, y, 44, 24, theme.floor, theme.mid, radius=12, width=1.6)
        canvas.circle(x + 12, y + 12, 7, theme.floor, theme.mid, 1.6)
        canvas.circle(x + 32, y + 12, 3.5, None, theme.mid, 1.6)
