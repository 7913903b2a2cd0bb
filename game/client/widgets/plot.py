"""Plots of a run: queue lengths under their limits, and people served above people turned away."""

from collections.abc import Sequence
from dataclasses import dataclass

from game.client.canvas import Canvas
from game.client.plane import Rect
from game.client.theme import Colour
from game.client.widgets.dash import dashed_way
from game.protocol.messages import Series

DASHES = ((0.0, 0.0), (6.0, 3.0), (2.0, 3.0), (10.0, 3.0))
"""Dash and gap of each platform's line, so that colour is not the only cue; the first is solid."""

LIMIT_IN_SIGHT = 4
"""A limit more than this many times the peak is written, not drawn."""


@dataclass(frozen=True)
class Frame:
    """A plot's box and what its edges stand for.

    Attributes:
        rect: in design units.
        top: value at the upper edge; the lower edge is 0.
        steps: number of steps over the whole width.
    """

    rect: Rect
    top: float
    steps: int

    def x(self, step: float) -> float:
        """Where a step is."""
        return self.rect[0] + self.rect[2] * step / max(1, self.steps)

    def y(self, value: float) -> float:
        """Where a value is."""
        return self.rect[1] + self.rect[3] * (1 - min(1.0, value / self.top))


def queue_frame(rect: Rect, lengths: Sequence[Sequence[int]], limits: Sequence[int]) -> Frame:
    """A frame in which the lengths, and limits near them, fill four fifths of the height."""
    peak = max((max(row, default=0) for row in lengths), default=0)
    near = [limit for limit in limits if limit <= LIMIT_IN_SIGHT * max(peak, 4)]
    top = max([peak, *near, 1]) * 1.2
    return Frame(rect, top, len(limits) or max((len(row) for row in lengths), default=1))


def combined(limits: Sequence[Sequence[int]]) -> list[int]:
    """The largest limit at each step over all platforms; they are set together."""
    return [max(step) for step in zip(*limits, strict=False)]


def ground(canvas: Canvas, frame: Frame) -> None:
    """The floor of a plot."""
    x, y, w, h = frame.rect
    canvas.box(x, y, w, h, canvas.theme.floor)
    canvas.line(x, y, x, y + h, canvas.theme.hair)


def base_line(canvas: Canvas, frame: Frame) -> None:
    """The line at 0, and its number."""
    x, y, w, h = frame.rect
    canvas.line(x, y + h, x + w, y + h, canvas.theme.ink, 1.4)
    canvas.text(x - 8, y + h + 4, "0", "caption", canvas.theme.ink2, "right")


def full_bands(
    canvas: Canvas, frame: Frame, lengths: Sequence[Sequence[int]], limits: Sequence[int]
) -> None:
    """A red floor where a queue held more than its limit."""
    _, y, _, h = frame.rect
    full = [
        any(index < len(row) and row[index] > limit for row in lengths)
        for index, limit in enumerate(limits)
    ]
    start = 0
    for index in range(1, len(full) + 1):
        if index < len(full) and full[index] == full[start]:
            continue
        if full[start]:
            left, right = frame.x(start), frame.x(index)
            canvas.box(left, y, max(2.0, right - left), h, canvas.theme.alertfill)
        start = index


def limit_line(canvas: Canvas, frame: Frame, limits: Sequence[int]) -> None:
    """The limit as dots where it is in sight, with its first and last value at the left."""
    theme = canvas.theme
    start = 0
    for index in range(1, len(limits) + 1):
        if index < len(limits) and limits[index] == limits[start]:
            continue
        _limit_piece(canvas, frame, limits, start, index)
        start = index
    seen = [frame.y(0)]
    for value in sorted({limits[0], limits[-1]}):
        y = frame.y(value)
        if value <= frame.top and all(abs(y - other) >= 13 for other in seen):
            left = frame.rect[0] - 8
            canvas.text(left, y + 4, str(value), "caption", theme.ink2, "right")
            seen.append(y)


def peak_mark(
    canvas: Canvas, frame: Frame, lengths: Sequence[Sequence[int]], limits: Sequence[int]
) -> None:
    """The largest length at the left, so that a nearly empty plot says how empty it is."""
    peak = max((max(row, default=0) for row in lengths), default=0)
    y = frame.y(peak)
    named = [frame.y(0), *(frame.y(one) for one in {*limits[:1], *limits[-1:]} if one <= frame.top)]
    if peak and all(abs(y - other) >= 13 for other in named):
        x = frame.rect[0]
        canvas.line(x - 4, y, x, y, canvas.theme.ink2, 1.4)
        canvas.text(x - 8, y + 4, str(peak), "caption_bold", canvas.theme.ink, "right")


def _limit_piece(canvas: Canvas, frame: Frame, limits: Sequence[int], start: int, end: int) -> None:
    """One level of the limit, and the step to the next."""
    value, colour = limits[start], canvas.theme.mid
    if not 0 < value <= frame.top:
        return
    y, at = frame.y(value), frame.x(end)
    canvas.dashed_line(frame.x(start), y, at, y, colour, 1.4, 2, 3)
    if end < len(limits) and 0 < limits[end] <= frame.top:
        canvas.dashed_line(at, y, at, frame.y(limits[end]), colour, 1.4, 2, 3)


def limit_name(canvas: Canvas, frame: Frame, limit: int, name: str) -> None:
    """What the last limit is called, at the right: by its line, at the top when out of sight."""
    theme = canvas.theme
    x, y, w, _ = frame.rect
    line = frame.y(limit)
    base = line + 16 if line - y < 20 else line - 5
    width = canvas.measure(name, "caption")
    canvas.box(x + w - 10 - width, base - 11, width + 8, 14, theme.floor)
    canvas.text(x + w - 6, base, name, "caption", theme.ink2, "right")


def lines(canvas: Canvas, frame: Frame, lengths: Sequence[Sequence[int]]) -> None:
    """One line for each platform, in its colour and dash; the first, solid, shows through."""
    colours = canvas.theme.platforms
    for listener, row in enumerate(lengths):
        way = [(frame.x(index), frame.y(value)) for index, value in enumerate(row)]
        if len(way) < 2:
            continue
        dash = DASHES[listener % len(DASHES)]
        dashed_way(canvas, way, colours[listener % len(colours)], 2.2, *dash)


def travellers(canvas: Canvas, rect: Rect, series: Series) -> Frame:
    """Served a second upwards, turned away a second downwards, on one scale.

    Returns:
        the upper part, for `travellers_names`.
    """
    theme = canvas.theme
    x, y, w, h = rect
    per_s = 1000 / max(1, series.step_ms)
    served = smoothed([count * per_s for count in series.served], series.step_ms)
    lost = smoothed([count * per_s for count in series.lost], series.step_ms)
    steps = max(len(served), 1)
    up = max([*served, 1.0]) * 1.15
    down = max([*lost, up * 0.2]) * 1.15
    split = y + h * up / (up + down)
    frame = Frame((x, y, w, split - y), up, steps)
    canvas.box(x, y, w, h, theme.floor)
    canvas.line(x, y, x, y + h, theme.hair)
    if len(served) > 1:
        way = [(frame.x(i), frame.y(value)) for i, value in enumerate(served)]
        tint = mixed(theme.traveller, theme.floor, 0.2)
        canvas.polygon([(x, split), *way, (way[-1][0], split)], tint)
        canvas.polyline(way, theme.traveller, 2)
        unit = (split - y) / up
        away = [(frame.x(i), split + value * unit) for i, value in enumerate(lost)]
        if max(lost, default=0) > 0:
            canvas.polygon([(x, split), *away, (away[-1][0], split)], theme.alert)
    canvas.line(x, split, x + w, split, theme.ink, 1.4)
    _travellers_scale(canvas, frame, max([*served, 0.0]), max([*lost, 0.0]))
    return frame


def _travellers_scale(canvas: Canvas, frame: Frame, served: float, lost: float) -> None:
    """The largest values, where there is room for their numbers."""
    theme = canvas.theme
    x, y, _, h = frame.rect
    split = y + h
    canvas.text(x - 8, split + 4, "0", "caption", theme.ink2, "right")
    for value, sign in ((served, -1), (lost, 1)):
        reach = value * h / frame.top
        if value >= 1 and reach >= 13:
            canvas.text(
                x - 8, split + sign * reach + 4, str(round(value)), "caption", theme.ink2, "right"
            )


def travellers_names(canvas: Canvas, frame: Frame, served: str, lost: str, *, boxed: bool) -> None:
    """What the two parts are; boxed, on a ground of their own so that no mark crosses them."""
    theme = canvas.theme
    x, y, _, h = frame.rect
    split = y + h
    tint = mixed(theme.traveller, theme.floor, 0.2)
    for name, drop, ink, behind in (
        (served, -10, theme.traveller, tint),
        (lost, 20, theme.alert, theme.floor),
    ):
        width = canvas.measure(name, "strong")
        if boxed:
            canvas.box(x + 6, split + drop - 14, width + 8, 20, behind)
        canvas.text(x + 10, split + drop, name, "strong", ink)


def smoothed(values: Sequence[float], step_ms: int, window_ms: int = 1000) -> list[float]:
    """The mean over a second, so that single arrivals do not make a comb."""
    reach = max(1, window_ms // max(1, step_ms))
    means = []
    for index in range(len(values)):
        part = values[max(0, index - reach + 1) : index + 1]
        means.append(sum(part) / len(part))
    return means


def mixed(one: Colour, other: Colour, share: float) -> Colour:
    """A colour between two; share 1 is the first."""
    red, green, blue = (round(a * share + b * (1 - share)) for a, b in zip(one, other, strict=True))
    return red, green, blue
