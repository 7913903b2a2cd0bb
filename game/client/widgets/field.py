"""A field to type into: its label above, what was typed, and the caret while it is typed into."""

import pygame

from game.client.canvas import Canvas
from game.client.line_edit import LineEdit
from game.client.plane import Rect

HEIGHT = 36.0


def field(
    canvas: Canvas,
    rect: Rect,
    label: str,
    edit: LineEdit,
    *,
    typing: bool,
    hint: str = "",
    hidden: bool = False,
) -> None:
    """The field.

    Args:
        rect: of the box; the label stands over it.
        typing: whether keys go there.
        hint: what is shown in an empty one.
        hidden: for a password: dots in place of its signs.
    """
    theme = canvas.theme
    x, y, w, h = rect
    if label:
        canvas.text(x, y - 6, label, "caption", theme.ink2, max_width=w)
    line, width = (theme.focus, 2.0) if typing else (theme.mid, 1.4)
    canvas.box(x, y, w, h, theme.floor, line, radius=4, width=width)
    typed = "•" * len(edit.text) if hidden else edit.text
    before = typed[: edit.caret] + edit.composing
    shown = before + typed[edit.caret :]
    base, room = y + h / 2 + 5, w - 24
    if not shown and not typing:
        canvas.text(x + 12, base, hint, "body", theme.ink2, max_width=room)
        return
    cut = 0
    while canvas.measure(shown[cut : len(before)], "body") > room:
        cut += 1  # What stands before the caret moves out to the left.
    end = len(shown)
    while end > len(before) and canvas.measure(shown[cut:end], "body") > room:
        end -= 1
    canvas.text(x + 12, base, shown[cut:end], "body", theme.ink)
    if not typing:
        return
    at = x + 12 + canvas.measure(shown[cut : len(before)], "body")
    if edit.composing:
        start = max(cut, len(before) - len(edit.composing))
        left = x + 12 + canvas.measure(shown[cut:start], "body")
        canvas.line(left, base + 3, at, base + 3, theme.ink, 1.4)
    canvas.box(at + 0.5, y + 9, 2, h - 18, theme.focus)


def place_input_method(canvas: Canvas, rect: Rect) -> None:
    """Tell the input method where its candidates belong; without a window it does nothing."""
    if pygame.display.get_init() and pygame.display.get_surface() is not None:
        left, top = canvas.px(rect[0], rect[1])
        right, bottom = canvas.px(rect[0] + rect[2], rect[1] + rect[3])
        pygame.key.set_text_input_rect(pygame.Rect(left, top, right - left, bottom - top))
