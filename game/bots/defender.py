"""A defending bot: finds out where it is full, and pays for the remedy."""

from collections.abc import Iterator
from random import Random

from game.bots.strength import Strength
from game.protocol.catalogue import Knob, LevelCard
from game.protocol.messages import Call, ClientMessage, SetKnob, SetSysctl
from game.protocol.snapshot import Snapshot, WorkerState

MACHINE_KNOBS = (
    "workers",
    "filter",
    "rx_ring",
    "buckets",
    "pinning",
    "request_timeout_s",
    "send_timeout_s",
)

FULL = 0.8
"""A queue this full is a trouble."""

HELD_SHARE = 0.4
"""So many trains held by people who do nothing are a trouble."""

SOFTIRQ_BUSY = 450
"""Thousandths of a core in softirq that are a trouble."""

TRICKLE_PER_S = 1_000
"""Packets a second up to which longer queues that empty soon hold what a flood leaves."""

SHORT_RETRIES = "0"
"""A half-open connection is then given up after 1 s instead of 63."""


class Defender:
    """What a bot thinks while it defends.

    Args:
        card: the level, with its knobs and what they cost.
    """

    def __init__(self, card: LevelCard, strength: Strength, dice: Random) -> None:
        self._knobs = {knob.name: knob for knob in card.knobs}
        self._strength = strength
        self._dice = dice
        # Of those who plan, one half reaches for the filter first, the other for cookies.
        self._filters = not strength.plans or dice.random() < 0.5

    def think(self, view: Snapshot, seq: int) -> list[ClientMessage]:
        """What to do about what is seen; at most one change a thought."""
        if self._dice.random() < self._strength.slips:
            return []
        values = {knob.name: knob.pending or knob.value for knob in view.knobs}
        wishes = [
            (name, value)
            for name, value in self._wishes(view, values)
            if name in self._knobs and values.get(name) != value
        ]
        if self._dice.random() < self._strength.guesses:
            wishes = [self._guess()]
        if not self._strength.plans:
            self._dice.shuffle(wishes)
        for name, value in wishes:
            if 0 <= view.points < self._knobs[name].cost:
                if self._strength.plans:
                    return []  # What helps most is worth waiting for.
                continue
            return [_command(name, value, seq)]
        return []

    def _wishes(self, view: Snapshot, values: dict[str, str]) -> Iterator[tuple[str, str]]:
        """Remedies for what is seen, the most urgent first."""
        lines_full = any(
            one.syn_queue >= FULL * max(1, one.syn_queue_limit) for one in view.listeners
        )
        halls_full = any(one.accept_queue >= FULL * (one.backlog + 1) for one in view.listeners)
        reading = sum(worker.state == WorkerState.READING for worker in view.workers)
        sending = sum(worker.state == WorkerState.SENDING for worker in view.workers)
        many = HELD_SHARE * len(view.workers)
        busy = max(core.softirq for core in view.cores)
        if busy >= SOFTIRQ_BUSY:
            yield from self._last("filter")
        if lines_full and values.get("tcp_syncookies") == "0":
            yield from self._against_floods(view, values)
        if reading >= many:
            yield from self._last("request_timeout_s")
        if sending >= many:
            yield from self._last("send_timeout_s")
        if halls_full or reading + sending >= many or busy >= SOFTIRQ_BUSY:
            yield from self._more("workers", values)
        if halls_full:
            yield from self._more("backlog", values)

    def _against_floods(self, view: Snapshot, values: dict[str, str]) -> Iterator[tuple[str, str]]:
        """What empties the SYN queues: the cheapest first, then what lasts."""
        yield "tcp_synack_retries", SHORT_RETRIES
        if view.gate.in_per_s - view.gate.filtered_per_s < TRICKLE_PER_S:
            yield from self._more("tcp_max_syn_backlog", values)
            yield from self._more("backlog", values)
        elif self._filters:
            yield from self._last("filter")
        yield "tcp_syncookies", "1"

    def _guess(self) -> tuple[str, str]:
        """Any knob, at any of its values."""
        knob = list(self._knobs.values())[int(self._dice.random() * len(self._knobs))]
        choices = knob.choices or [str(choice) for choice in _choices(knob)]
        return knob.name, choices[int(self._dice.random() * len(choices))]

    def _more(self, name: str, values: dict[str, str]) -> Iterator[tuple[str, str]]:
        """The next larger choice of a knob."""
        knob = self._knobs.get(name)
        if knob is None:
            return
        for choice in _choices(knob):
            if choice > int(values.get(name, "0")):
                yield name, str(choice)
                return

    def _last(self, name: str) -> Iterator[tuple[str, str]]:
        """The last choice of a knob: the strictest."""
        knob = self._knobs.get(name)
        if knob is not None and knob.choices:
            yield name, knob.choices[-1]


def _choices(knob: Knob) -> list[int]:
    if knob.choices:
        return sorted(int(choice) for choice in knob.choices)
    return [min(knob.maximum, max(1, knob.minimum) << i) for i in range(17)]


def _command(name: str, value: str, seq: int) -> ClientMessage:
    if name in MACHINE_KNOBS:
        return SetKnob(seq, name, value)
    if name == "backlog":
        return Call(seq, "listen", int(value))
    return SetSysctl(seq, name, int(value))
