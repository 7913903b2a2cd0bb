"""Where the tracks of the line map run: octolinear ways between stations.

Pure geometry in design units. Tracks leave and reach a station so that a line goes on straight
where it can, keep away from other stations, and do not run on top of each other.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import atan2, hypot, pi

from game.protocol.catalogue import LevelCard

Point = tuple[float, float]

CORNER_RADIUS = 24
"""Radius of a bend."""

STRAIGHT_MIN = 32
"""What stays straight at both ends of a way that turns a corner."""

NEAR_STATION = 26
"""A way that comes closer to a third station's centre looks as if it stopped there."""

NEAR_TRACK = 14
"""Two tracks closer than this look like one."""


@dataclass(frozen=True)
class Route:
    """The track from one station to the next.

    Attributes:
        line: whose colour it has.
        start, end: ids of its stations.
        points: its corners, the stations' centres first and last.
        planned: True when stations between its two are still missing.
    """

    line: str
    start: str
    end: str
    points: tuple[Point, ...]
    planned: bool = False


def routes(cards: Sequence[LevelCard]) -> list[Route]:
    """All tracks of a map: one for every pair of a level and one that comes before it.

    A level whose forerunners are missing is joined to the one before it by a planned track; one
    that has none stands alone.
    """
    places = {card.id: (float(card.map_x), float(card.map_y)) for card in cards}
    pairs = list(_pairs(cards))
    laid: list[Route] = []
    for line, start, end, planned in pairs:
        came = next((r.points for r in laid if r.end == start and r.line == line), None)
        goes = next((pair for pair in pairs if pair[1] == end and pair[0] == line), None)
        onward = _heading(places[end], places[goes[2]]) if goes else None
        others = [place for id_, place in places.items() if id_ not in (start, end)]
        inward = _heading(came[-2], came[-1]) if came else None
        best = min(
            _ways(places[start], places[end]),
            key=lambda way: _cost(way, inward, onward, others, laid),
        )
        laid.append(Route(line, start, end, best, planned))
    return laid


def _pairs(cards: Sequence[LevelCard]) -> Iterator[tuple[str, str, str, bool]]:
    """Line, start, end, planned. Where several tracks end, each keeps its own line's colour."""
    by_id = {card.id: card for card in cards}
    for index, card in enumerate(cards):
        before = [level for level in card.after if level in by_id]
        for level in before:
            line = card.line if len(before) == 1 else by_id[level].line
            yield line, level, card.id, False
        if card.after and not before and index:
            yield card.line, cards[index - 1].id, card.id, True


def _ways(start: Point, end: Point) -> list[tuple[Point, ...]]:
    """Octolinear ways between two points, the plainest first."""
    (x0, y0), (x1, y1) = start, end
    dx, dy = x1 - x0, y1 - y0
    short = min(abs(dx), abs(dy))
    if short == 0:
        return [(start, end)]
    sx, sy = _sign(dx), _sign(dy)
    ways: list[tuple[Point, ...]] = []
    if abs(dx) == abs(dy):
        ways.append((start, end))
    else:
        ways.append((start, (x0 + sx * short, y0 + sy * short), end))
        ways.append((start, (x1 - sx * short, y1 - sy * short), end))
    for cut in (max(short - STRAIGHT_MIN, short / 2), min(CORNER_RADIUS, short / 2)):
        ways += [_corner(start, end, cut, level_first) for level_first in (True, False)]
    return ways


def _corner(start: Point, end: Point, cut: float, level_first: bool) -> tuple[Point, ...]:
    """A way round a corner that a diagonal cuts off."""
    (x0, y0), (x1, y1) = start, end
    sx, sy = _sign(x1 - x0), _sign(y1 - y0)
    if level_first:
        return start, (x1 - sx * cut, y0), (x1, y0 + sy * cut), end
    return start, (x0, y1 - sy * cut), (x0 + sx * cut, y1), end


def _cost(
    way: tuple[Point, ...],
    inward: int | None,
    onward: int | None,
    others: Sequence[Point],
    laid: Sequence[Route],
) -> float:
    """Bends, kinks at the two stations, and trouble with what is already there."""
    cost = float(len(way) - 2)
    cost += _kink(inward, _heading(way[0], way[1])) + _kink(_heading(way[-2], way[-1]), onward)
    inner = [p for p in samples(way, 8) if _far(p, way[0], 40) and _far(p, way[-1], 40)]
    cost += sum(4 for p in inner for other in others if not _far(p, other, NEAR_STATION))
    tracks = [p for route in laid for p in samples(route.points, 8)]
    close = sum(1 for p in inner if any(not _far(p, other, NEAR_TRACK) for other in tracks))
    return cost + max(0, close - 4)


def _kink(one: int | None, other: int | None) -> float:
    """Cost of a change of heading at a station, in eighths of a turn."""
    if one is None or other is None:
        return 0.0
    turn = abs(one - other) % 8
    return (0.0, 1.5, 3.0, 8.0, 12.0)[min(turn, 8 - turn)]


def _heading(start: Point, end: Point) -> int:
    """Direction in eighths of a turn, 0 to the right."""
    return round(atan2(end[1] - start[1], end[0] - start[0]) / (pi / 4)) % 8


def headings(route: Route, station: str) -> int | None:
    """Direction in which a track leaves a station, in eighths of a turn clockwise from right."""
    if station == route.start:
        return _heading(route.points[0], route.points[1])
    if station == route.end:
        return _heading(route.points[-1], route.points[-2])
    return None


def samples(points: Sequence[Point], step: float) -> list[Point]:
    """Points along a way, `step` apart."""
    found: list[Point] = []
    for (x0, y0), (x1, y1) in pairwise(points):
        length = hypot(x1 - x0, y1 - y0)
        count = max(1, round(length / step))
        found += [(x0 + (x1 - x0) * i / count, y0 + (y1 - y0) * i / count) for i in range(count)]
    return [*found, points[-1]]


def rounded(points: Sequence[Point], radius: float = CORNER_RADIUS) -> list[Point]:
    """The way with its corners rounded, as a fine polyline."""
    smooth = [points[0]]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        reach = min(radius, _length(before, corner) / 2, _length(corner, after) / 2)
        enter, leave = _toward(corner, before, reach), _toward(corner, after, reach)
        for step in range(9):
            t = step / 8
            smooth.append(
                (
                    (1 - t) ** 2 * enter[0] + 2 * t * (1 - t) * corner[0] + t * t * leave[0],
                    (1 - t) ** 2 * enter[1] + 2 * t * (1 - t) * corner[1] + t * t * leave[1],
                )
            )
    return [*smooth, points[-1]]


def _toward(start: Point, end: Point, distance: float) -> Point:
    length = _length(start, end) or 1.0
    return (
        start[0] + (end[0] - start[0]) * distance / length,
        start[1] + (end[1] - start[1]) * distance / length,
    )


def _length(start: Point, end: Point) -> float:
    return hypot(end[0] - start[0], end[1] - start[1])


def _far(one: Point, other: Point, distance: float) -> bool:
    return _length(one, other) > distance


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)
