"""Dashed ways of any shape, as one path of separate strokes.

SVG's own `stroke-dasharray` is not used: the rasteriser behind `pygame.image` reads past the end of
an open dashed path, and the same picture would not have the same pixels twice.
"""

from collections.abc import Sequence
from itertools import pairwise
from math import hypot

from game.client.canvas import Canvas
from game.client.sprites import code
from game.client.theme import Colour

Point = tuple[float, float]


def dashes(way: Sequence[Point], dash: float, gap: float) -> list[list[Point]]:
    """The strokes of a dashed way, each with the way's corners inside it; begins with a dash."""
    strokes: list[list[Point]] = [[way[0]]]
    drawing, left = True, dash
    for (x0, y0), (x1, y1) in pairwise(way):
        length = hypot(x1 - x0, y1 - y0)
        at = 0.0
        while length - at > left:
            at += left
            point = (x0 + (x1 - x0) * at / length, y0 + (y1 - y0) * at / length)
            if drawing:
                strokes[-1].append(point)
            else:
                strokes.append([point])
            drawing, left = not drawing, gap if drawing else dash
        left -= length - at
        if drawing:
            strokes[-1].append((x1, y1))
    return [stroke for stroke in strokes if len(stroke) > 1]


def dashed_way(
    canvas: Canvas, way: Sequence[Point], colour: Colour, width: float, dash: float, gap: float
) -> None:
    """A dashed polyline; solid when the dash is 0."""
    if dash <= 0:
        canvas.polyline(way, colour, width)
        return
    strokes = dashes(way, dash, gap)
    if not strokes:
        return
    x0, y0 = way[0]
    trail = "".join(
        "M" + "L".join(f"{x - x0:.2f} {y - y0:.2f}" for x, y in stroke) for stroke in strokes
    )
    body = (
        f'<path d="{trail}" fill="none" stroke="{code(colour)}" stroke-width="{width}" '
        'stroke-linejoin="round"/>'
    )
    xs, ys = [x - x0 for x, _ in way], [y - y0 for _, y in way]
    margin = width + 1
    left, top = min(xs) - margin, min(ys) - margin
    canvas.svg(body, (left, top, max(xs) + margin - left, max(ys) + margin - top), x0, y0)
