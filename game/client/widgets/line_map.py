"""The line map of the menu: tracks, stations, names, stars and line signs, from a catalogue."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from game.client.canvas import Canvas
from game.client.plane import Rect
from game.client.scene import Hotspot
from game.client.widgets.dash import dashed_way
from game.client.widgets.plate import level_texts, line_colour, line_name, line_sign
from game.client.widgets.route import Point, Route, headings, rounded, routes, samples
from game.client.widgets.star import stars
from game.protocol.catalogue import LevelCard
from game.text.phrases import phrase

NAME_DROP = {"below": 38, "above": -42, "left": -2, "right": -4}
"""From a station's centre down to the baseline of its name."""

SIGN_HEIGHT = 22

OWN_NUMBER = 900
"""A player's own levels begin here; between them and the game's nothing is being built."""

ASIDE = (0, 4, -4, 8, -8, 12, -12, 16)
"""How far a name beside its station may step up or down for what stands there already."""

STARS_W = 40.0

AIR = 5.0
"""What stays free around a name."""

TOTAL: Rect = (1150, 20, 106, 34)
"""Where the menu counts all stars."""


@dataclass(frozen=True)
class Stop:
    """One station as it stands on the map.

    Attributes:
        open: whether it can be played.
        stars: its best.
        here: whether "Continue" leads to it.
        ends: how many tracks end in it.
        colours: how many lines meet in it.
        last: whether no track goes on from it.
    """

    card: LevelCard
    open: bool
    stars: int
    here: bool
    ends: int
    colours: int
    last: bool

    @property
    def place(self) -> Point:
        """Its centre."""
        return float(self.card.map_x), float(self.card.map_y)

    @property
    def radius(self) -> float:
        """How big its disc is: bigger where lines part, biggest where they all meet."""
        if self.is_junction:
            return 24
        return 20 if self.here else 18 if self.colours > 1 else 14.5

    @property
    def outer(self) -> float:
        """How far its rings reach."""
        return 32 if self.here else self.radius

    @property
    def is_junction(self) -> bool:
        """True where three lines or more come to their end."""
        return self.last and self.ends >= 3


class LineMap:
    """The map of one catalogue; lays the tracks once."""

    def __init__(self, cards: Sequence[LevelCard]) -> None:
        self._cards = list(cards)
        self._routes = routes(cards)

    def stops(self, open_ids: set[str], best: dict[str, int], here: str) -> list[Stop]:
        """Every station as it stands now."""
        return [self._stop(card, open_ids, best, here) for card in self._cards]

    def _stop(self, card: LevelCard, open_ids: set[str], best: dict[str, int], here: str) -> Stop:
        mine = [route for route in self._routes if card.id in (route.start, route.end)]
        lines = {route.line for route in mine} | {card.line}
        ends = sum(1 for route in mine if route.end == card.id)
        return Stop(
            card,
            card.id in open_ids,
            best.get(card.id, 0),
            card.id == here,
            ends,
            len(lines),
            ends == len(mine),
        )

    def hotspots(self, stops: Sequence[Stop], lang: str) -> list[Hotspot]:
        """One for each station, by its level id."""
        spots = []
        for stop in stops:
            x, y = stop.place
            r = stop.outer + 3
            label = f"{stop.card.number} {level_texts(stop.card, lang).title}"
            spots.append(Hotspot((x - r, y - r, 2 * r, 2 * r), stop.card.id, label))
        return spots

    def draw(self, canvas: Canvas, stops: Sequence[Stop]) -> list[Rect]:
        """Tracks under construction, then built ones, then stations with names, then signs.

        Returns:
            what names and stars fill.
        """
        open_ids = {stop.card.id for stop in stops if stop.open}
        built = {r for r in self._routes if r.end in open_ids and not r.planned}
        for route in self._routes:
            if route not in built:
                _draw_plan(canvas, route)
        for route in self._routes:
            if route in built:
                _draw_track(canvas, route)
        for route in self._routes:
            missing = self._missing(route)
            if missing:
                _name_gap(canvas, route, missing[0], missing[-1])
        taken: list[Rect] = []
        for stop in stops:
            discs = [_disc(other) for other in stops if other is not stop]
            taken += self._draw_name(canvas, stop, [*taken, *discs])
        for stop in stops:
            _draw_stop(canvas, stop)
        self._draw_signs(canvas, stops, taken)
        return taken

    def _missing(self, route: Route) -> list[int]:
        """Numbers between the two stations of a track that no level has yet."""
        numbers = {card.id: card.number for card in self._cards}
        if numbers[route.end] >= OWN_NUMBER:
            return []
        between = range(numbers[route.start] + 1, numbers[route.end])
        return [number for number in between if number not in numbers.values()]

    def _draw_name(self, canvas: Canvas, stop: Stop, taken: Sequence[Rect]) -> list[Rect]:
        """Name, kernel name and stars of a station; returns the boxes they fill.

        Beside its station a name steps up or down where it would touch what is taken already, and
        its stars may stand at its other end.
        """
        texts = level_texts(stop.card, canvas.lang)
        x, y, align = self._name_place(stop)
        by, far = 0, False
        if align != "center":
            by, far = min(
                ((by, far) for far in (False, True) for by in ASIDE),
                key=lambda way: _touched(self._name_boxes(canvas, stop, *way), taken),
            )
        boxes = self._name_boxes(canvas, stop, by, far)
        theme = canvas.theme
        ink = theme.ink if stop.open else theme.ink2
        canvas.text(x, y + by, texts.title, "sign", ink, align)
        step = canvas.line_height("caption")
        canvas.text(x, y + by + step, texts.subtitle, "kernel", theme.ink2, align)
        if stop.open:
            left, top, _, high = boxes[1]
            stars(canvas, left + 6, top + high / 2, stop.stars, 11, 14)
        return boxes

    def _name_boxes(self, canvas: Canvas, stop: Stop, by: float, far: bool) -> list[Rect]:
        """What a name that steps aside by so much fills, and its stars, at its far end or not."""
        texts = level_texts(stop.card, canvas.lang)
        x, y, align = self._name_place(stop)
        y += by
        step = canvas.line_height("caption")
        wide = max(canvas.measure(texts.title, "sign"), canvas.measure(texts.subtitle, "kernel"))
        left = {"left": x, "center": x - wide / 2, "right": x - wide}[align]
        words = (left, y - 13, wide, step + 16)
        if not stop.open:
            return [words]
        first = {"left": x, "center": x - STARS_W / 2, "right": x - STARS_W}[align]
        if far:
            first = left + wide - STARS_W if align == "left" else left
        return [words, (first, y + step + 7, STARS_W, 12)]

    def _name_place(self, stop: Stop) -> tuple[float, float, str]:
        """Where the name of a station stands; it steps aside for tracks that go down."""
        x, y = stop.place
        label = stop.card.label
        drop: float = NAME_DROP.get(label, NAME_DROP["below"])
        ways = {headings(route, stop.card.id) for route in self._routes}
        if label == "left":
            aside = 16 if 5 in ways else -10 if 3 in ways else 0
            return x - stop.outer - 11, y + drop + aside, "right"
        if label == "right":
            aside = 10 if 7 in ways else -14 if 1 in ways else 0
            return x + stop.outer + 11, y + drop + aside, "left"
        if label == "above":
            return x, y - max(42, stop.outer + 24), "center"
        # The rings of the station to go to next are thin: its name may stand closer to them.
        drop = max(drop, stop.outer + (14 if stop.here else 21))
        if 2 in ways:
            return x + 18, y + drop, "left"
        if 3 in ways:
            return x - 12, y + drop, "left"
        return x - (12 if 1 in ways else 0), y + drop, "center"

    def _draw_signs(self, canvas: Canvas, stops: Sequence[Stop], taken: list[Rect]) -> None:
        boxes = [*taken, TOTAL]
        for stop in stops:
            x, y = stop.place
            r = stop.outer + 3
            boxes.append((x - r, y - r, 2 * r, 2 * r))
        tracks = [p for route in self._routes for p in samples(route.points, 8)]
        shown: set[str] = set()
        for stop in stops:
            line = stop.card.line
            if line in shown:
                continue
            shown.add(line)
            width = canvas.measure(line_name(canvas.lang, line), "strong") + 20
            x, y = _free_place(stop.place, stop.outer, width, boxes, tracks)
            line_sign(canvas, x, y, line)
            boxes.append((x - APART, y, width + 2 * APART, SIGN_HEIGHT))


APART = 16.0
"""So far from another sign no sign is put beside it."""

COVERED = 60
"""A sign over a name is worse than one over any length of track."""


def _free_place(
    place: Point, radius: float, width: float, boxes: Sequence[Rect], tracks: Sequence[Point]
) -> Point:
    """Upper left corner for a sign beside a station, where least stands in its way."""
    x, y = place
    over = radius + 36
    beside = radius + 16
    corners = [
        (x - 18, y - over),
        (x - beside - width, y - 11),
        (x - beside - width, y - 48),
        (x - radius - 7 - width, y - 46),
        *((x - shift, y - over) for shift in (50, 80, 110, 140)),
        (x + beside, y - 11),
        (x + beside, y + 4),
        (x - beside - width, y - 30),
        (x - beside - width, y + 6),
        (x + beside, y - 48),
        (x - 18, y + radius + 14),
        (x - beside - width, y + 26),
        (x + beside, y + 26),
    ]
    inside = [c for c in corners if c[0] >= 424 and c[0] + width <= 1256 and c[1] >= 24]

    def trouble(corner: Point) -> int:
        left, top = corner
        around = (left - 4, top - 4, width + 8, SIGN_HEIGHT + 8)
        reach = (left - 9, top - 9, width + 18, SIGN_HEIGHT + 18)
        sign = (left, top, width, SIGN_HEIGHT)
        covered = sum(1 for box in boxes if _meet(sign, box))
        near = sum(1 for box in boxes if _meet(around, box))
        return COVERED * covered + 9 * near + sum(1 for point in tracks if _inside(point, reach))

    return min(inside or corners, key=trouble)


def _disc(stop: Stop) -> Rect:
    """The square round a station's rings."""
    (x, y), r = stop.place, stop.outer
    return x - r, y - r, 2 * r, 2 * r


def _touched(boxes: Sequence[Rect], taken: Sequence[Rect]) -> float:
    """How deep boxes reach into what is taken, or the air around them does."""
    return sum(
        min(y + h + AIR, top + height) - max(y - AIR, top)
        for x, y, w, h in boxes
        for left, top, width, height in taken
        if _meet((x - AIR, y - AIR, w + 2 * AIR, h + 2 * AIR), (left, top, width, height))
    )


def _meet(one: Rect, other: Rect) -> bool:
    return (
        one[0] < other[0] + other[2]
        and other[0] < one[0] + one[2]
        and one[1] < other[1] + other[3]
        and other[1] < one[1] + one[3]
    )


def _inside(point: Point, box: Rect) -> bool:
    return box[0] <= point[0] <= box[0] + box[2] and box[1] <= point[1] <= box[1] + box[3]


def _draw_track(canvas: Canvas, route: Route) -> None:
    """A built track: 12 wide; heritage as two hair lines."""
    theme = canvas.theme
    way = rounded(route.points)
    colour = line_colour(theme, route.line)
    if route.line == "heritage":
        canvas.polyline(way, colour, 10, cap=True)
        canvas.polyline(way, theme.paper, 5, cap=True)
    else:
        canvas.polyline(way, colour, 12, cap=True)


def _draw_plan(canvas: Canvas, route: Route) -> None:
    """A track under construction: a pale tube with dashes in the line's colour."""
    theme = canvas.theme
    way = rounded(route.points)
    canvas.polyline(way, theme.hair, 12)
    canvas.polyline(way, theme.paper, 8)
    colour = line_colour(theme, route.line)
    if route.line == "heritage":
        dashed_way(canvas, way, colour, 1.6, 3, 4)
    else:
        dashed_way(canvas, way, colour, 3, 7, 7)


def _name_gap(canvas: Canvas, route: Route, first: int, last: int) -> None:
    """Under the longest level stretch of a track: which stations on it are still missing."""
    pairs = pairwise(route.points)
    (x0, y0), (x1, y1) = max(pairs, key=lambda pair: abs(pair[1][0] - pair[0][0]))
    key = "map_gap" if first < last else "map_gap_one"
    text = phrase(canvas.lang, key, first=first, last=last)
    if y0 == y1 and abs(x1 - x0) > canvas.measure(text, "caption") + 60:
        canvas.text((x0 + x1) / 2, y0 + 28, text, "caption", canvas.theme.ink2, "center")


def _draw_stop(canvas: Canvas, stop: Stop) -> None:
    theme = canvas.theme
    x, y = stop.place
    number = str(stop.card.number)
    if stop.here:
        canvas.circle(x, y, 32, None, theme.hair, 1.6)
        canvas.circle(x, y, 26, theme.paper, theme.focus, 3)
        canvas.circle(x, y, 20, theme.sign)
        canvas.text(x, y + 5, number, "sign", theme.onsign, "center")
        return
    if stop.is_junction:
        line = theme.ink if stop.open else theme.mid
        canvas.circle(x, y, 24, theme.floor, line, 4)
        canvas.circle(x, y, 17, None, line, 2)
    elif stop.open:
        canvas.circle(x, y, stop.radius, theme.floor, theme.ink, 4)
    else:
        canvas.circle(x, y, stop.radius, theme.floor, theme.mid, 2.6)
    ink = theme.ink if stop.open else theme.ink2
    canvas.text(x, y + 5, number, "strong", ink, "center")


def empty_map(canvas: Canvas, lang: str) -> None:
    """What stands in the map's place while no catalogue has come."""
    theme = canvas.theme
    canvas.line(448, 128, 1224, 128, theme.hair, 12)
    canvas.text(836, 180, phrase(lang, "map_waiting"), "body", theme.ink2, "center")
