"""What the scene remembers of earlier snapshots: rates, places and walks.

A snapshot says how things are; a rate needs the second before, and a walk its beginning. Drawing
only reads: `observe` is the only way in, and the same snapshots always give the same memory.
"""

from collections import deque
from dataclasses import dataclass
from itertools import count, islice, pairwise
from math import cos, hypot, pi, sin
from typing import NamedTuple

from game.client.draw import layout
from game.client.draw.outside import at_mouth, spot, stand
from game.protocol.snapshot import (
    Actor,
    FiveTuple,
    Mark,
    PeerMark,
    PeerState,
    Snapshot,
    Worker,
    WorkerState,
)

RATE_MS = 1000
"""Rates are over the last second, as the board says."""

HOLD_MS = 1500
"""A drop stays marked this long after the last one."""

WALK_MS_MIN, WALK_MS_MAX = 120, 400
WALK_PX_MS = 2.2
"""A dash: at the true 64 px/s nobody would arrive before he is served."""

DEPART_MS = 600
BOARD_MS = 250
"""A train waits so long for people who came and were served between two snapshots."""

BOARD_MAX = 2
"""So many of them walk to one train at a time; the others are too fast to be followed."""

BOARDS = ("hall", "line", "outside")
"""Whence people go aboard, the nearest first."""

AT_MOUTH = frozenset((PeerState.CONNECTING,))
CALM_MS = 400
"""A number that rested this long turns with all its flips; one that runs has no time for them."""

AWAY = frozenset((WorkerState.WORKING, WorkerState.SENDING, WorkerState.RUNNABLE))
"""What a worker does while its train is not at the platform."""

FRESH_MS = 250
"""Whoever has been in a queue for longer did not just walk in: a tick is 50 ms, at 4 × 200."""

ACCEPTED_MAX = 3
"""Accepted sockets remembered: a connection is over before anybody has read its addresses."""

WALKS_MAX = 400
"""Figures on their way at once; more appear at their place without a walk."""

Point = tuple[float, float]


@dataclass(frozen=True)
class Walk:
    """One figure on its way.

    Attributes:
        actor: an `Actor`.
        path: places it comes through, two at least.
        since_ms, until_ms: when.
    """

    actor: int
    path: tuple[Point, ...]
    since_ms: float
    until_ms: float

    def at(self, now_ms: float) -> Point:
        """Where the figure is; it slows down towards its end."""
        part = min(1.0, max(0.0, (now_ms - self.since_ms) / (self.until_ms - self.since_ms)))
        left = (1 - (1 - part) ** 2) * length(self.path)
        for (x1, y1), (x2, y2) in pairwise(self.path):
            step = hypot(x2 - x1, y2 - y1)
            if left <= step and step > 0:
                return x1 + (x2 - x1) * left / step, y1 + (y2 - y1) * left / step
            left -= step
        return self.path[-1]


def length(path: tuple[Point, ...]) -> float:
    """Length of a path, design units."""
    return sum(hypot(x2 - x1, y2 - y1) for (x1, y1), (x2, y2) in pairwise(path))


def route(
    start: Point, end: Point, plan: layout.Plan = layout.WHOLE, *, alone: bool = False
) -> tuple[Point, ...]:
    """From one place to another; whoever comes from outside takes the way of a packet.

    Through the mouth, round with the ring where there is one, and along the belt: straight into a
    platform that stands alone, else to his row. No words stand there.
    """
    if not start[0] < layout.GATE[0] < end[0]:
        return start, end
    door = min(max(start[1], layout.MOUTH_Y + 12), layout.MOUTH_Y + layout.MOUTH_H - 4)
    x, y = layout.RING
    stop = (layout.PLATFORM_X + 10, y) if alone else (layout.BELT_X, end[1])
    belt = [(layout.BELT_X, y), stop]
    if not plan.ring:
        return start, (layout.GATE[0], door), (layout.GATE[0] + 28, y), *belt, end
    side = -1 if end[1] < y else 1
    turns = (pi - pi * step / 6 for step in range(7))
    wheel = [
        (x + layout.RING_WAY * cos(turn), y + side * layout.RING_WAY * sin(turn)) for turn in turns
    ]
    return start, (layout.GATE[0], door), *wheel, *belt, end


class Stroll(NamedTuple):
    """One peer outside between two snapshots; in 50 ms every way is straight.

    Attributes:
        rests_until_ms: it stands at the end of its way until then, if nothing happens to it.
    """

    peer: PeerMark
    start: Point
    end: Point
    rests_until_ms: float


def _stroll(peer: PeerMark, start: Point, now_ms: int) -> Stroll:
    end, rests_until_ms = stand(peer, now_ms)
    return Stroll(peer, start, end, rests_until_ms)


@dataclass(frozen=True)
class Loss:
    """Drops of one rule at one place.

    Attributes:
        per_s: over the last second.
        last_ms: when the last one was.
    """

    rule: str
    knob: str
    counter: str
    listener: int
    per_s: int
    total: int
    last_ms: int


@dataclass(frozen=True)
class _Totals:
    time_ms: int
    counters: dict[str, int]
    drops: dict[tuple[str, int], int]


class Trip(NamedTuple):
    """One way out of a train.

    Attributes:
        since_ms: when the job began for which it left.
        from_ms: it does not leave before.
        until_ms: it does not turn back before.
    """

    since_ms: int
    from_ms: int
    until_ms: int

    def goes_on(self, worker: Worker, now_ms: int) -> bool:
        """Whether the train still moves away, or stays there."""
        same_job = worker.state in AWAY and worker.since_ms == self.since_ms
        return self.from_ms <= now_ms and (now_ms < self.until_ms or same_job)


class Change(NamedTuple):
    """A number that is another than a snapshot ago.

    Attributes:
        was: what it was.
        at_ms: when it began to turn.
        calm: True when it had rested for a while before.
    """

    was: int
    at_ms: int
    calm: bool


_versions = count(1)


class Slots:
    """Keeps every connection at its place for as long as it stays in the queue.

    Attributes:
        of: the place of each number.
        version: another one for every other `of`, also in another memory.
    """

    def __init__(self) -> None:
        self.of: dict[int, int] = {}
        self.version = 0
        self._ids: list[int] = []

    def settle(self, marks: list[Mark]) -> None:
        """Give the newcomers the lowest free places; the one past the end is filled last."""
        ids = [mark.id for mark in marks]
        if ids == self._ids:
            return
        self._ids = ids
        self.version = next(_versions)
        present = set(ids)
        self.of = {i: place for i, place in self.of.items() if i in present and place < len(ids)}
        free = iter(sorted(set(range(len(ids))) - set(self.of.values())))
        for i in ids:
            if i not in self.of:
                self.of[i] = next(free)


class History:
    """The memory of one run. Begin a new one when time goes backwards.

    Attributes:
        version: another one after every snapshot, also in another memory.
        plan: where things stand on the screen it remembers for.
        moved: counters that stand at more than 0, in the order in which they left it.
        accepted: sockets that accept() has made, the newest first, each with when it was seen.
    """

    def __init__(self, plan: layout.Plan = layout.WHOLE) -> None:
        self.plan = plan
        self.accepted: deque[tuple[FiveTuple, int]] = deque(maxlen=ACCEPTED_MAX)
        self.tick = -1
        self.version = 0
        self.now_ms = 0
        self.walks: dict[int, Walk] = {}
        self.lines: list[Slots] = []
        self.halls: list[Slots] = []
        self.offsets: list[tuple[float, float]] = []
        self.seated: frozenset[int] = frozenset()
        self.outside: list[Stroll] = []
        self.tickets: dict[int, deque[tuple[int, int]]] = {}
        self.changes: dict[str, Change] = {}
        self._numbers: dict[str, int] = {}
        self._trips: dict[int, Trip] = {}
        self._served: dict[int, int] = {}
        self._aboard: dict[int, set[int]] = {}
        self._unseen: dict[int, int] = {}
        self.moved: dict[str, None] = {}
        self._totals: deque[_Totals] = deque()
        self._losses: dict[tuple[str, int], Loss] = {}
        self._where: dict[int, Place] = {}
        self._page = 0

    def observe(self, snapshot: Snapshot, page: int = 0) -> None:
        """Learn the next snapshot; one that was seen already changes nothing."""
        if snapshot.tick <= self.tick:
            return
        step_ms = snapshot.time_ms - self.now_ms if self.tick >= 0 else 0
        # Whoever appears because another page is shown has not walked there.
        first = self.tick < 0 or page != self._page
        self._page = page
        self._stroll(snapshot, snapshot.time_ms if first else self.now_ms)
        self._compare(snapshot, first=self.tick < 0)
        self.tick, self.now_ms = snapshot.tick, snapshot.time_ms
        self.version = next(_versions)
        self._count(snapshot)
        self._seat(snapshot)
        self._stamp(snapshot)
        self._hand_over(snapshot)
        self._serve(snapshot)
        self._move_trains(snapshot, step_ms)
        self._walk(snapshot, page, first)

    def _stroll(self, snapshot: Snapshot, before_ms: int) -> None:
        """Where everybody outside was a snapshot ago and is now; the lower stand in front."""
        now_ms = snapshot.time_ms
        known = {one.peer.id: one for one in self.outside} if before_ms < now_ms else {}
        self.outside = []
        for peer in snapshot.peers:
            if peer.actor == Actor.FLOOD:
                continue
            old = known.get(peer.id)
            if old is None or old.peer != peer:
                self.outside.append(_stroll(peer, spot(peer, before_ms), now_ms))
            elif old.rests_until_ms < now_ms:
                self.outside.append(_stroll(peer, old.end, now_ms))
            elif old.start == old.end:
                self.outside.append(old)
            else:
                self.outside.append(old._replace(start=old.end))
        self.outside.sort(key=lambda stroll: stroll.end[1])

    def _compare(self, snapshot: Snapshot, first: bool) -> None:
        """Notice which shown numbers are others than a snapshot ago."""
        numbers = dict(snapshot.counters)
        numbers["stars"] = snapshot.stars
        for i, listener in enumerate(snapshot.listeners):
            numbers[f"recv:{i}"], numbers[f"send:{i}"] = listener.accept_queue, listener.backlog
        for goal in snapshot.goals:
            if goal.value is not None:
                numbers[f"goal:{goal.what}"] = goal.value
        for name, value in () if first else numbers.items():
            was = self._numbers.get(name, 0 if name in snapshot.counters else value)
            if was != value:
                last = self.changes.get(name)
                calm = last is None or self.now_ms - last.at_ms >= CALM_MS
                self.changes[name] = Change(was, self.now_ms, calm)
        self._numbers = numbers

    def _count(self, snapshot: Snapshot) -> None:
        for name, value in snapshot.counters.items():
            if value and name not in self.moved:
                self.moved[name] = None
        drops = {(d.rule, d.listener): d.total for d in snapshot.drops}
        known = self._totals[-1].drops if self._totals else {}
        self._totals.append(_Totals(snapshot.time_ms, snapshot.counters, {**known, **drops}))
        while len(self._totals) > 2 and self._totals[1].time_ms <= snapshot.time_ms - RATE_MS:
            self._totals.popleft()
        for d in snapshot.drops:
            if d.count > 0:
                self._losses[d.rule, d.listener] = Loss(
                    d.rule, d.knob, d.counter, d.listener, 0, d.total, snapshot.time_ms
                )

    def line(self, listener: int) -> Slots:
        """Places in a ticket line; nobody has one before the first snapshot."""
        return self.lines[listener] if listener < len(self.lines) else Slots()

    def hall(self, listener: int) -> Slots:
        """Places in a waiting hall."""
        return self.halls[listener] if listener < len(self.halls) else Slots()

    def counter(self, name: str) -> tuple[int, int]:
        """A counter now, and how much it grew in the last second."""
        if not self._totals:
            return 0, 0
        value = self._totals[-1].counters.get(name, 0)
        return value, self._per_s(value - self._totals[0].counters.get(name, 0))

    def counter_before(self, name: str) -> int:
        """A counter as it was a second ago."""
        return self._totals[0].counters.get(name, 0) if self._totals else 0

    def _per_s(self, grown: int) -> int:
        span = self._totals[-1].time_ms - self._totals[0].time_ms
        return round(grown * 1000 / span) if span > 0 else grown

    def losses(self, listener: int) -> list[Loss]:
        """Drops at a listener, or at the gate for -1, of the last moments; the worst first."""
        found = []
        for key, loss in self._losses.items():
            if key[1] != listener or self.now_ms - loss.last_ms > RATE_MS + HOLD_MS:
                continue
            newest, oldest = self._totals[-1].drops, self._totals[0].drops
            grown = newest.get(key, loss.total) - oldest.get(key, 0)
            if len(self._totals) == 1:
                grown = loss.total
            found.append(
                Loss(
                    loss.rule,
                    loss.knob,
                    loss.counter,
                    listener,
                    max(1, self._per_s(grown)),
                    newest.get(key, loss.total),
                    loss.last_ms,
                )
            )
        return sorted(found, key=lambda loss: (-loss.per_s, loss.rule))

    def _seat(self, snapshot: Snapshot) -> None:
        while len(self.lines) < len(snapshot.listeners):
            self.lines.append(Slots())
            self.halls.append(Slots())
        were = [slots.version for slots in self.halls]
        for i, listener in enumerate(snapshot.listeners):
            self.lines[i].settle(listener.syn_marks)
            self.halls[i].settle(listener.seat_marks)
        if were != [slots.version for slots in self.halls]:
            self.seated = frozenset(i for slots in self.halls for i in slots.of)

    def _stamp(self, snapshot: Snapshot) -> None:
        for i, listener in enumerate(snapshot.listeners):
            seen = self.tickets.setdefault(i, deque(maxlen=64))
            if listener.cookies_received:
                seen.append((snapshot.time_ms, listener.cookies_received))

    def _hand_over(self, snapshot: Snapshot) -> None:
        """Keep the newest sockets of accept(), also after they are closed."""
        known = {_ends(one) for one, _ in self.accepted}
        for socket in snapshot.sockets:
            if socket.remote_port and _ends(socket) not in known:
                self.accepted.appendleft((socket, snapshot.time_ms))

    def _move_trains(self, snapshot: Snapshot, step_ms: int) -> None:
        """A train leaves while its worker works and comes back after.

        Each way takes 600 ms, and once begun a trip is made: a job of 8 ms is seen too, even one
        that began and ended between two snapshots.
        """
        before = [end for _, end in self.offsets]
        self.offsets = []
        for i, worker in enumerate(snapshot.workers):
            away = worker.state in AWAY
            was = before[i] if i < len(before) else float(away)
            now_ms = snapshot.time_ms
            if away and (was == 0 or i not in self._trips):
                self._trips[i] = Trip(worker.since_ms, now_ms, now_ms + DEPART_MS)
            elif self._unseen.get(i) and was == 0 and not self._is_due(i, now_ms):
                start_ms = now_ms + BOARD_MS
                self._trips[i] = Trip(worker.since_ms, start_ms, start_ms + DEPART_MS)
            goal = float(i in self._trips and self._trips[i].goes_on(worker, snapshot.time_ms))
            reach = step_ms / DEPART_MS
            self.offsets.append((was, was + min(reach, max(-reach, goal - was))))

    def _is_due(self, number: int, now_ms: int) -> bool:
        """Whether a trip is under way, or will be when its people are aboard."""
        return number in self._trips and now_ms < self._trips[number].until_ms

    def _serve(self, snapshot: Snapshot) -> None:
        """Count the replies of each worker to people whom no snapshot has shown aboard."""
        known, self._served = self._served, {}
        seen, self._aboard = self._aboard, {}
        self._unseen = {}
        for i, worker in enumerate(snapshot.workers):
            now = {passenger.id for passenger in worker.passengers}
            self._served[i], self._aboard[i] = worker.served, now
            gone = worker.served - known.get(i, worker.served) - len(seen.get(i, set()) - now)
            if gone > 0:
                self._unseen[i] = gone

    def _board(
        self, snapshot: Snapshot, where: "dict[int, Place]", boxes: list[layout.Platform]
    ) -> None:
        """Let those walk to a train who came and were served between two snapshots."""
        gone = [(BOARDS.index(old.kind), i) for i, old in self._where.items()
                if i not in where and old.boards]  # fmt: skip
        waiting = iter(sorted(gone))
        for box in boxes:
            crew = [i for i, w in enumerate(snapshot.workers) if w.listener == box.listener]
            for track, number in zip(layout.tracks(box, len(crew)), crew, strict=False):
                door = _door(track)
                for _, i in islice(waiting, min(BOARD_MAX, self._unseen.get(number, 0))):
                    aboard = Place("train", self._where[i].actor, door, True)
                    self._begin_walk(snapshot.time_ms, i, aboard, alone=len(boxes) == 1)

    def _walk(self, snapshot: Snapshot, page: int, first: bool) -> None:
        """Notice who is somewhere else than before, and let him walk there."""
        boxes = layout.platforms(len(snapshot.listeners), page, self.plan)
        where = _places(snapshot, self, boxes)
        self.walks = {i: walk for i, walk in self.walks.items() if walk.until_ms > snapshot.time_ms}
        if not first:
            for i, place in where.items():
                self._begin_walk(snapshot.time_ms, i, place, alone=len(boxes) == 1)
            self._board(snapshot, where, boxes)
        self._where = where

    def _begin_walk(self, now_ms: int, i: int, new: "Place", *, alone: bool) -> None:
        old = self._where.get(i)
        if new.kind == "outside" or (old.kind == new.kind if old else not new.fresh):
            return
        # Ghosts are texture: none of them is ever followed.
        if new.actor == Actor.FLOOD or len(self.walks) >= WALKS_MAX:
            return
        running = self.walks.get(i)
        if running is not None:
            start = running.at(now_ms)
        else:
            start = old.point if old is not None else at_mouth(i)
        path = route(start, new.point, self.plan, alone=alone)
        took_ms = min(WALK_MS_MAX, max(WALK_MS_MIN, length(path) / WALK_PX_MS))
        self.walks[i] = Walk(new.actor, path, now_ms, now_ms + took_ms)


class Place(NamedTuple):
    """Where a connection with a number stands.

    Attributes:
        kind: "outside", "line", "hall" or "train".
        fresh: True when it may have come from outside since the last snapshot.
        boards: True when it may be aboard of a train before the next one.
    """

    kind: str
    actor: int
    point: Point
    fresh: bool
    boards: bool = False


def _ends(socket: FiveTuple) -> tuple[str, int, str, int]:
    """What tells one connection from all others."""
    return socket.local_address, socket.local_port, socket.remote_address, socket.remote_port


def _places(snapshot: Snapshot, seen: History, boxes: list[layout.Platform]) -> dict[int, Place]:
    """Where every connection with a number stands now."""
    where = {
        walker.peer.id: Place(
            "outside", walker.peer.actor, walker.end, False, walker.peer.state in AT_MOUTH
        )
        for walker in seen.outside
    }
    for box in boxes:
        if box.listener < len(snapshot.listeners):
            where |= _queued(snapshot, seen, box)
            where |= _aboard(snapshot, box)
    return where


def _queued(snapshot: Snapshot, seen: History, box: layout.Platform) -> dict[int, Place]:
    """Those in both queues of one listener, where a mark is one connection."""
    listener = snapshot.listeners[box.listener]
    capacity, _ = layout.line_capacity(listener.backlog, listener.syn_queue_limit)
    line = layout.line_grid(box, capacity, listener.syn_mark_unit)
    hall = layout.hall_grid(box, listener.backlog, listener.seat_mark_unit)
    queues = (
        *([("line", line, seen.lines[box.listener], listener.syn_marks)] * box.plan.line),
        ("hall", hall, seen.halls[box.listener], listener.seat_marks),
    )
    recent_ms = snapshot.time_ms - FRESH_MS
    found = {
        mark.id: Place(
            kind, mark.actor, grid.place(slots.of[mark.id]), mark.since_ms >= recent_ms, True
        )
        for kind, grid, slots, marks in queues
        if grid.unit == 1
        for mark in marks
    }
    if not box.plan.line and listener.syn_mark_unit == 1:
        # The line is not on the screen: its people come as far as the platform.
        gate = (layout.PLATFORM_X + 10, layout.RING[1])
        for mark in listener.syn_marks:
            found[mark.id] = Place("line", mark.actor, gate, mark.since_ms >= recent_ms, True)
    return found


def _door(track: layout.Track) -> Point:
    """Where people get on."""
    return track.x + 24, track.rail_y - 13


def _aboard(snapshot: Snapshot, box: layout.Platform) -> dict[int, Place]:
    crew = [w for w in snapshot.workers if w.listener == box.listener]
    return {
        passenger.id: Place("train", passenger.actor, _door(track), True)
        for track, worker in zip(layout.tracks(box, len(crew)), crew, strict=False)
        for passenger in worker.passengers[-4:]
    }
