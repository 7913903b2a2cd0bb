"""Where everything stands, in design units; numbers only, nothing is drawn here."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from functools import cached_property, lru_cache
from math import ceil

Rect = tuple[float, float, float, float]

TOP_BAR: Rect = (0, 0, 1280, 56)
TIMELINE: Rect = (0, 56, 1280, 48)
INTERNET: Rect = (0, 104, 224, 352)
LEGEND: Rect = (0, 456, 224, 56)
GATE: Rect = (224, 104, 162, 408)
CORES: Rect = (384, 464, 872, 48)
BOARD: Rect = (24, 524, 536, 184)
CONTROL: Rect = (576, 524, 680, 184)

PLATFORM_X = 384.0
LINE_X, LINE_END = 396.0, 640.0
HALL_X, HALL_END = 644.0, 908.0
TRACK_X, TRACK_END = 922.0, 1248.0
PLATFORM_END = 1256.0
MOUTH_Y, MOUTH_H = 236.0, 96.0

RING, RING_WAY = (300.0, 288.0), 40.0
"""Centre of the receive ring, and how far from it its slots are."""

BELT_X = 366.0
"""The way from the ring to the platforms."""

PLATFORMS_PER_PAGE = 4

NOTE_H = 22.0
"""Height of the sentence above a track."""

HELD_H = 46.0
"""Foot of a tall box's tracks, for the connections that are held while no train serves them."""

UNIT_H = 16.0
"""Height of the words "1 mark = 4" at the foot of a low box."""

PLACES_KEPT = 4096
"""Places of peers remembered: sixteen times as many as a snapshot shows."""


@dataclass(frozen=True)
class Plan:
    """Which instruments a station has; what is not there leaves its room to the others.

    Names are those of `shows` in a level file.

    Attributes:
        board: what `ss` and `nstat` print; without it, the sockets that calls have made.
        line: the ticket line.
        speaker: when SYN-ACKs are sent again.
        cookies: the lane of the cookie stamp.
        cores: where each core's time goes.
        belts: what is received and sent, above and below each rail.
        ring: the receive ring and its counters.
        guard: the packet filter.
    """

    board: bool = True
    line: bool = True
    speaker: bool = True
    cookies: bool = True
    cores: bool = True
    belts: bool = True
    ring: bool = True
    guard: bool = True


WHOLE = Plan()
INSTRUMENTS = tuple(field.name for field in fields(Plan))


def plan_of(shows: Collection[str] | None) -> Plan:
    """The plan of a level that lists what it shows; None for everything."""
    return WHOLE if shows is None else Plan(**{name: name in shows for name in INSTRUMENTS})


@dataclass(frozen=True)
class Platform:
    """The box of one listener.

    Attributes:
        listener: its index.
        y, h: top and height.
        lane: True when the cookie stamp has a row of its own.
        speaker: True when the loudspeaker and the seat rule have a row.
        plan: which instruments there are.
    """

    listener: int
    y: float
    h: float
    lane: bool
    speaker: bool
    plan: Plan = WHOLE

    @property
    def rect(self) -> Rect:
        """The whole box."""
        return (PLATFORM_X, self.y, PLATFORM_END - PLATFORM_X, self.h)

    @property
    def hall_x(self) -> float:
        """Left edge of the waiting hall; without a ticket line it begins at the platform's edge."""
        return HALL_X if self.plan.line else PLATFORM_X + 10

    @property
    def hall_end(self) -> float:
        """Its right edge: what the ticket line leaves is shared with the tracks."""
        return HALL_END if self.plan.line else HALL_END - 148

    @property
    def track_x(self) -> float:
        """Left edge of the tracks."""
        return self.hall_end + TRACK_X - HALL_END


def platforms(listeners: int, page: int = 0, plan: Plan = WHOLE) -> list[Platform]:
    """The boxes of one page, from the top; there is always at least one."""
    first = page * PLATFORMS_PER_PAGE
    shown = range(first, max(first + 1, min(listeners, first + PLATFORMS_PER_PAGE)))
    count = min(max(1, listeners), PLATFORMS_PER_PAGE) if listeners > 2 else len(shown)
    whole = 344.0 if plan.cores else 344.0 + CORES[3] + 8
    height = {1: whole, 2: (whole - 8) / 2, 3: 109.0, 4: 80.0}[count]
    pitch = (whole - height) / (count - 1) if count > 1 else 0.0
    roomy = height >= 168
    lane = roomy and plan.line and plan.cookies
    return [
        Platform(i, 112 + pitch * row, height, lane, roomy, plan) for row, i in enumerate(shown)
    ]


def stop(box: Platform, alone: bool) -> float:
    """Where the belt from the gate reaches a platform; a platform alone stands right before it."""
    return RING[1] if alone else box.y + box.h / 2


def pages(listeners: int) -> int:
    """How many pages of platforms there are."""
    return max(1, ceil(listeners / PLATFORMS_PER_PAGE))


@dataclass(frozen=True)
class Grid:
    """Places of one queue in one box: as many as there are, or one for several.

    Attributes:
        mark: "big", "full", "bar" or "peg": how a place is drawn.
        columns, rows: how many there are at most.
        capacity: places that are drawn, without the one past the backlog.
        unit: entries one place stands for.
        x, y: centre of the first place.
        dx, dy: pitch.
    """

    mark: str
    columns: int
    rows: int
    capacity: int
    unit: int
    x: float
    y: float
    dx: float
    dy: float

    def place(self, index: int) -> tuple[float, float]:
        """Centre of a place; the one after the last stands apart, at the end of the last row."""
        places = self.places
        return places[index] if index < len(places) else self.extra

    @cached_property
    def places(self) -> tuple[tuple[float, float], ...]:
        """Centres of all places but the extra one."""
        return tuple(
            (self.x + self.dx * (i % self.columns), self.y + self.dy * (i // self.columns))
            for i in range(self.capacity)
        )

    @cached_property
    def extra(self) -> tuple[float, float]:
        """Centre of the place past the backlog."""
        gap = {"big": 0.05, "full": 0.1, "bar": 0.1, "peg": 0.2}[self.mark]
        last_row = max(0, (min(self.capacity, self.columns * self.rows) - 1) // self.columns)
        return self.x + self.dx * (self.columns + gap), self.y + self.dy * last_row


@lru_cache(maxsize=256)
def grid(capacity: int, server_unit: int, x: float, end: float, top: float, bottom: float) -> Grid:
    """The largest marks with which a capacity fits between four edges.

    Args:
        capacity: places, without the one past the backlog.
        server_unit: entries that one mark of the snapshot stands for.
    """
    tall = bottom - top
    capacity = max(0, capacity)
    choices = [("full", 8, max(1, int(tall // 38))), ("bar", 16, max(1, int(tall // 20)))]
    if tall >= 200:
        # One platform alone: the whole height is for figures, eight rows of them.
        choices = [("big", 4 if end - x < 300 else 6, 4), ("full", 8, 8), ("bar", 16, 8)]
    for mark, columns, rows in choices:
        if capacity <= columns * rows and server_unit == 1:
            return _laid(mark, columns, rows, capacity, 1, (x, end, top, bottom))
    rows = min(8, max(2, int(tall // 10)))
    needed = ceil(max(1, capacity) / (32 * rows))
    unit = ceil(needed / server_unit) * server_unit
    shown = ceil(capacity / unit)
    return _laid("peg", 32, rows, shown, unit, (x, end, top, bottom))


def _laid(
    mark: str,
    columns: int,
    rows: int,
    capacity: int,
    unit: int,
    edges: tuple[float, float, float, float],
) -> Grid:
    x, end, top, bottom = edges
    used = min(rows, max(1, ceil(capacity / columns)))
    dx = (end - x) / (columns + 1.1)
    pitch_max = {"big": 72.0, "full": 58.0, "bar": 40.0, "peg": 26.0}[mark]
    dy = min(pitch_max, (bottom - top) / used)
    first = (top + bottom) / 2 - dy * (used - 1) / 2
    return Grid(mark, columns, rows, capacity, unit, x + dx / 2, first, dx, dy)


def line_capacity(backlog: int, limit: int) -> tuple[int, bool]:
    """Places of the ticket line, and whether one more fits.

    The limit is backlog + 1, or less where the last quarter is kept free; then nothing is extra.
    """
    return (backlog, True) if limit == backlog + 1 else (limit, False)


def line_grid(box: Platform, capacity: int, unit: int) -> Grid:
    """Places of a ticket line in its box."""
    top = box.y + (60 if box.speaker else 30)
    return _above_the_unit(box, capacity, unit, (LINE_X, LINE_END - 4, top, 26))


def hall_grid(box: Platform, capacity: int, unit: int) -> Grid:
    """Seats of a waiting hall in its box."""
    top = box.y + (58 if box.speaker else 30)
    return _above_the_unit(box, capacity, unit, (box.hall_x + 10, box.hall_end - 8, top, 28))


def _above_the_unit(
    box: Platform, capacity: int, unit: int, edges: tuple[float, float, float, float]
) -> Grid:
    """Places between edges (the last one counts from below) and above whatever stands there.

    A box without a row for loudspeaker and rule still has to say what one mark stands for.
    """
    x, end, top, foot = edges
    bottom = box.y + box.h
    if box.speaker:
        return grid(capacity, unit, x, end, top, bottom - foot)
    found = grid(capacity, unit, x, end, top, bottom - 4)
    return found if found.unit == 1 else grid(capacity, unit, x, end, top, bottom - UNIT_H)


@dataclass(frozen=True)
class Track:
    """The place of one worker.

    Attributes:
        x, end: from where to where.
        y: top of the receive belt.
        train_h: height of the train, 34 at most.
        wide: True when it has the whole width, and room for a sentence.
        above: True when there is room for words above it, so that it may run further.
    """

    x: float
    end: float
    y: float
    train_h: float
    wide: bool
    above: bool = True

    @property
    def train_w(self) -> float:
        """Width of the train."""
        return self.train_h * 4

    @property
    def rail_y(self) -> float:
        """Height of the rail."""
        return self.y + 14 + self.train_h


def has_foot(box: Platform, workers: int) -> bool:
    """Whether a tall box has room at its foot for the connections that are held."""
    in_pairs = workers > int((box.h - 33) // 67)
    return box.h > 300 and (in_pairs or box.h - 29 - HELD_H >= 74 * workers)


def tracks(box: Platform, workers: int) -> list[Track]:
    """A place for every worker, or none where they only fit as a depot."""
    rows = max(1, int((box.h - 33) // 67))
    columns = 1 if workers <= rows else 2
    lines = ceil(workers / columns)
    if lines > rows:
        return []
    space = box.h - 29 - (HELD_H if has_foot(box, workers) else 0)
    low = box.h < 100
    # From the words above it to the belt below, what is not train takes 42.
    pitch = min(112.0, space / max(lines, 2 if rows > 2 else 1))
    tallest = 25.0 if columns > 1 else 32.0 if box.h < 150 else 34.0
    train_h = 21.0 if low else min(tallest, float(int(pitch - 44)))
    first = box.y + 29 + (space - pitch * lines) / 2 + (pitch - train_h - 42) / 2 + 13
    if low:
        first = box.y + 31
    x, width = box.track_x, (TRACK_END - box.track_x) / columns
    return [
        Track(
            x + width * (i % columns),
            x + width * (i % columns + 1),
            first + pitch * (i // columns),
            train_h,
            columns == 1,
            not low,
        )
        for i in range(workers)
    ]


def core_boxes(cores: int, end: float = CORES[0] + CORES[2]) -> list[Rect]:
    """One box for each core, from left to right up to an edge."""
    count = max(1, min(cores, 8))
    slots = max(2, count)
    gap = 16 if slots <= 4 else 8
    width = (end - CORES[0] - gap * (slots - 1)) / slots
    return [(CORES[0] + (width + gap) * i, 464, width, 48) for i in range(count)]


def scatter(number: int, way: int) -> float:
    """A share from 0 to 1 that looks random, the same for ever for a number and a way.

    People come one after the other; a smooth sequence would draw them up in stripes.
    """
    mixed = (number * 8 + way + 1) * 0x9E3779B1 & 0xFFFFFFFF
    mixed = (mixed ^ mixed >> 15) * 0x85EBCA77 & 0xFFFFFFFF
    mixed = (mixed ^ mixed >> 13) * 0xC2B2AE3D & 0xFFFFFFFF
    return (mixed ^ mixed >> 16) / 0x100000000


@lru_cache(maxsize=PLACES_KEPT)
def home(number: int) -> tuple[float, float]:
    """Where a peer with this number stands outside, the same for ever."""
    return 16 + scatter(number, 0) * 186, 172 + scatter(number, 1) * 268
