"""A station in four pictures: gate, ticket line, waiting hall, trains, in the order of the way."""

from collections.abc import Sequence

from game.client.canvas import Canvas
from game.client.plane import Rect
from game.protocol.catalogue import Knob
from game.text.phrases import phrase

KERNEL_NAMES = ("NIC", "SYN queue", "accept queue", "workers")
"""What each stage is on a real machine; the index is `Knob.group`."""

GAP = 16


def stage_rect(rect: Rect, place: int) -> Rect:
    """Where a box is, counted from the left; four fill the width."""
    x, y, width, height = rect
    each = (width - 3 * GAP) / 4
    return x + place * (each + GAP), y, each, height


def stages(canvas: Canvas, rect: Rect, knobs: Sequence[Knob], groups: Sequence[int]) -> None:
    """Boxes with arrows between; one with the lesson's knob has an amber edge and a bulb.

    Args:
        groups: those stages that the level has.
    """
    theme = canvas.theme
    lesson = next((knob.group for knob in knobs if knob.lesson), -1)
    for place, group in enumerate(groups):
        left, y, each, height = stage_rect(rect, place)
        edge, stroke = (theme.focus, 2.4) if group == lesson else (theme.hair, 1.2)
        canvas.box(left, y, each, height, theme.floor, edge, radius=6, width=stroke)
        if place:
            canvas.icon("right", left - GAP / 2, y + height / 2, 12, "ink2", "paper")
        name = phrase(canvas.lang, f"stage_{group}")
        room = each - 20
        canvas.text(left + 10, y + height - 26, name, "strong", theme.ink, max_width=room)
        kernel = KERNEL_NAMES[group]
        canvas.text(left + 10, y + height - 10, kernel, "kernel", theme.ink2, max_width=room)
        if group == lesson:
            canvas.icon("bulb", left + each - 14, y + 15, 16)
        _PICTURES[group](canvas, left + 10, y + height - 50)


def _gate(canvas: Canvas, x: float, floor: float) -> None:
    canvas.sprite("guard", x + 18, floor, 36)
    canvas.box(x + 44, floor - 38, 5, 38, canvas.theme.ink)


def _line(canvas: Canvas, x: float, floor: float) -> None:
    theme = canvas.theme
    for index, (actor, left) in enumerate((("traveller", 250), ("ghost", 130), ("", 0))):
        middle = x + 12 + 29 * index
        canvas.circle(middle, floor - 14, 11.5, None, theme.hair, 2)
        if actor:
            canvas.arc(middle, floor - 14, 11.5, 0, left, theme.token(actor), 2.2)
            canvas.sprite(actor, middle, floor - 7, 15)


def _hall(canvas: Canvas, x: float, floor: float) -> None:
    for index in range(3):
        seat(canvas, x + 12 + 29 * index, floor, "traveller" if index < 2 else "", 22)


def _trains(canvas: Canvas, x: float, floor: float) -> None:
    canvas.sprite("train-closed", x, floor - 28, 24)
    canvas.line(x - 2, floor, x + 98, floor, canvas.theme.rail, 2)


_PICTURES = (_gate, _line, _hall, _trains)


def seat(canvas: Canvas, x: float, y: float, actor: str, height: float = 19) -> None:
    """A seat of the hall by the middle of its foot: free, or taken by somebody."""
    if not actor:
        canvas.sprite("seat-free", x, y, height)
        return
    canvas.sprite("seat-back", x, y, height)
    canvas.sprite(actor, x, y - height * 0.2, height * 1.05, ground="seat")
    canvas.sprite("seat-base", x, y, height)
