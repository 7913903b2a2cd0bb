"""The run as plots and as a few causes: what the debrief tells."""

from game.protocol.messages import DebriefEvent, Series
from game.session.drops import drop_totals
from game.session.rates import TICK_MS
from game.sim.world import World

STEP_TICKS = 10
"""Ticks of one point in a plot: half a second, 240 points for the longest level."""

CAUSES_MAX = 5
"""Causes told: as many as fit the page; four calls and what came of them."""

QUIET_TICKS = 40
"""Ticks without a loss after which it is over, and the next one is a new cause."""

OVERFLOWS = ("accept_queue_full_syn", "accept_queue_full_ack", "accept_queue_full_cookie")
CHANGE_CODES = ("set_sysctl", "set_knob")
SYN_DROPS = ("syn_queue_full", "last_quarter")

_WEIGHTS = {
    "nobody_listening": 9,
    "accept_queue_overflowed": 8,
    "syn_queue_filled": 7,
    "cookies_took_over": 6,
    "connections_reset": 7,
    "set_sysctl": 5,
    "set_knob": 5,
    "call": 5,
    "syns_dropped": 4,
    "calm_again": 2,
    "card": 2,
}
"""Which causes are told when there are too many."""

FAILED_WEIGHT = 3
"""Of a call that failed: it changed nothing."""


class _Trouble:
    """A kind of loss at one listener that is going on."""

    def __init__(self, event: int, total: int) -> None:
        self.event = event
        self.start_total = total
        self.quiet_ticks = 0


class Story:
    """Collects a run's series and events, one call of `note` a tick."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._events: list[DebriefEvent] = []
        self._changes: dict[tuple[str, int], int] = {}
        self._troubles: dict[tuple[str, int], _Trouble] = {}
        self._seen: dict[tuple[str, int], int] = {}
        self._full: dict[int, bool] = {}
        self._points: list[dict[str, list[int]]] = []
        self._totals: list[tuple[int, int, int, list[int]]] = [(0, 0, 0, [])]

    def note_command(self, tick: int, code: str, args: dict[str, str | int]) -> None:
        """A command took effect."""
        self._events.append(DebriefEvent(tick, code, args))

    def note_change(self, tick: int, code: str, args: dict[str, str | int], since: int) -> None:
        """A knob was turned; one that corrects the change of another tick is told as one with it.

        Args:
            since: tick of the change it corrects, or its own.
        """
        slot = (str(args["name"]), since)
        place = self._changes.setdefault(slot, len(self._events))
        if place == len(self._events):
            self._events.append(DebriefEvent(tick, code, args))
            return
        first = self._events[place]
        args = {**args, "before": first.args["before"]}
        self._events[place] = DebriefEvent(first.tick, code, args)

    def note(self, tick: int, done: int, lost: int) -> None:
        """Look at the world at the end of a tick."""
        self._note_queues(tick)
        self._note_losses(tick)
        if (tick - 1) % STEP_TICKS == 0 or not self._points:
            self._points.append({"syn_queue": [], "accept_queue": []})
        self._note_point()
        if tick % STEP_TICKS == 0:
            cores = self._world.machine.cores
            busy = [core.softirq_ns + core.user_ns + core.switching_ns for core in cores]
            self._totals.append((done, lost, self._world.internet.started, busy))

    def series(self) -> Series:
        """The plots."""
        points = self._points
        width = max((len(point["syn_queue"]) for point in points), default=0)

        def columns(name: str) -> list[list[int]]:
            return [[_at(point.get(name, []), i) for point in points] for i in range(width)]

        pairs = list(zip(self._totals, self._totals[1:], strict=False))
        step_ns = STEP_TICKS * TICK_MS * 1_000_000
        return Series(
            step_ms=STEP_TICKS * TICK_MS,
            syn_queue=columns("syn_queue"),
            syn_queue_limit=columns("syn_queue_limit"),
            accept_queue=columns("accept_queue"),
            backlog=columns("backlog"),
            served=[now[0] - then[0] for then, now in pairs],
            lost=[now[1] - then[1] for then, now in pairs],
            offered=[now[2] - then[2] for then, now in pairs],
            core_max=[
                max((b - _at(then[3], i)) * 1000 // step_ns for i, b in enumerate(now[3]))
                for then, now in pairs
            ],
        )

    def causes(self) -> list[DebriefEvent]:
        """The events that matter most, in the order of time."""
        events = _merged([one for one in self._events if not _was_taken_back(one)])
        ranked = sorted(range(len(events)), key=lambda i: (-_weight(events[i]), i))
        return [events[i] for i in sorted(ranked[:CAUSES_MAX])]

    def _note_queues(self, tick: int) -> None:
        for i, listener in enumerate(self._world.listeners()):
            full = 0 < listener.qlen >= listener.syn_queue_limit
            if full and not self._full.get(i):
                code = "cookies_took_over" if listener.cookies else "syn_queue_filled"
                args: dict[str, str | int] = {"listener": i, "limit": listener.syn_queue_limit}
                self._events.append(DebriefEvent(tick, code, args))
                self._full[i] = True
            elif listener.qlen * 2 < listener.syn_queue_limit and self._full.get(i):
                self._full[i] = False

    def _note_losses(self, tick: int) -> None:
        totals: dict[tuple[str, int], int] = {}
        for key, total in drop_totals(self._world).items():
            code = _code_of(key.rule)
            if code:
                slot = (code, key.listener)
                totals[slot] = totals.get(slot, 0) + total
        for slot, total in totals.items():
            rose = total - self._seen.get(slot, 0)
            self._seen[slot] = total
            self._note_loss(tick, slot, total, rose)

    def _note_loss(self, tick: int, slot: tuple[str, int], total: int, rose: int) -> None:
        trouble = self._troubles.get(slot)
        if rose and trouble is not None and self._is_another(trouble, slot):
            trouble = None
        if rose and trouble is None:
            self._troubles[slot] = trouble = _Trouble(len(self._events), total - rose)
            self._events.append(DebriefEvent(tick, slot[0], {}))
        if trouble is None:
            return
        if rose:
            trouble.quiet_ticks = 0
            first = self._events[trouble.event]
            args = first.args or self._loss_args(slot[1])
            args = {**args, "count": total - trouble.start_total}
            self._events[trouble.event] = DebriefEvent(first.tick, first.code, args)
            return
        trouble.quiet_ticks += 1
        if trouble.quiet_ticks > QUIET_TICKS:
            del self._troubles[slot]
            if not self._troubles and slot[1] >= 0:
                calm = DebriefEvent(tick - QUIET_TICKS, "calm_again", {"listener": slot[1]})
                self._events.append(calm)

    def _is_another(self, trouble: _Trouble, slot: tuple[str, int]) -> bool:
        """Whether the backlog has changed since a loss began: what is lost now is told anew."""
        told = self._events[trouble.event].args
        return told.get("backlog") != self._loss_args(slot[1]).get("backlog")

    def _loss_args(self, index: int) -> dict[str, str | int]:
        if index < 0:
            return {}
        return {"listener": index, "backlog": self._world.listeners()[index].backlog}

    def _note_point(self) -> None:
        point = self._points[-1]
        listeners = self._world.listeners()
        point["syn_queue_limit"] = [one.syn_queue_limit for one in listeners]
        point["backlog"] = [one.backlog for one in listeners]
        for name, lengths in (
            ("syn_queue", [one.qlen for one in listeners]),
            ("accept_queue", [len(one.accept_queue) for one in listeners]),
        ):
            past = point[name]
            point[name] = [max(length, _at(past, i)) for i, length in enumerate(lengths)]


def _weight(event: DebriefEvent) -> int:
    return FAILED_WEIGHT if _has_failed(event) else _WEIGHTS[event.code]


def _has_failed(event: DebriefEvent) -> bool:
    return event.code == "call" and " = -1 " in str(event.args.get("result"))


def _was_taken_back(event: DebriefEvent) -> bool:
    """Whether a knob is told that was turned and, at once, turned back."""
    args = event.args
    return event.code in CHANGE_CODES and str(args["value"]) == str(args["before"])


def _merged(events: list[DebriefEvent]) -> list[DebriefEvent]:
    """What belongs together told once, at the first.

    Losses of one kind at one listener with one backlog, with the sum of their counts; the same call
    again. That it was calm again is told at the last: before that it was not over.
    """
    last_calm = max((i for i, one in enumerate(events) if one.code == "calm_again"), default=-1)
    merged: list[DebriefEvent] = []
    places: dict[tuple[object, ...], int] = {}
    for i, event in enumerate(events):
        if event.code == "calm_again" and i != last_calm:
            continue
        if event.code in CHANGE_CODES:
            merged.append(event)
            continue
        slot = _slot(event)
        place = places.get(slot)
        if place is None:
            places[slot] = len(merged)
            merged.append(event)
        else:
            merged[place] = _joined(merged[place], event)
    return merged


def _slot(event: DebriefEvent) -> tuple[object, ...]:
    """Events of one slot may belong together."""
    args = event.args
    if event.code == "call":
        return "call", args["call"], args["argument"], _has_failed(event)
    return event.code, args.get("listener"), args.get("backlog")


def _joined(first: DebriefEvent, event: DebriefEvent) -> DebriefEvent:
    """Both as one event."""
    if event.code == "call":
        return first
    count = first.args.get("count"), event.args.get("count")
    if isinstance(count[0], int) and isinstance(count[1], int):
        args = {**event.args, **first.args, "count": count[0] + count[1]}
        return DebriefEvent(first.tick, first.code, args)
    return first


def _code_of(rule: str) -> str:
    if rule in OVERFLOWS:
        return "accept_queue_overflowed"
    if rule in SYN_DROPS:
        return "syns_dropped"
    if rule == "listener_closed":
        return "connections_reset"
    return "nobody_listening" if rule == "port_closed" else ""


def _at(values: list[int], index: int) -> int:
    return values[index] if index < len(values) else 0
