"""A SYN flood as a cohort, settled lazily; and the same flood with an event for every SYN.

SYN k of a flood arrives at start + ⌈k·10⁹/rate⌉ ns. Nothing is scheduled for it: before any event
touches the host, `settle` brings the flood up to that moment. While the listener admits, requests
are made one by one with their own arrival times; from the first refusal on nothing changes between
two events, so the rest is counted in one step. With one listener this is exact. Between several
listeners of a reuseport group it is equal in distribution: sums are exact, shares are binomial.
"""

from collections.abc import Callable
from typing import Protocol

from simpy import Event

from game.kernel.listen import ListenSocket, Verdict
from game.kernel.segment import SYN, Flow, Segment
from game.sim.rng import Random, binomial, mix64
from game.sim.timeline import Timeline

SETTLE_AHEAD_NS = 500_000_000
"""While there is room, settle at least this often: SYN-ACK timers are due 1 s after the SYN."""

WINDOW = 64_240
MSS = 1_460


class Target(Protocol):
    """What a flood needs of the machine it hits."""

    def admit_flood_syn(self, segment: Segment, now_ns: int) -> None:
        """Take one SYN that the listener admits."""

    def count_flood_syns(
        self, listener: ListenSocket, verdict: Verdict, count: int, at_ns: int
    ) -> None:
        """Count SYNs that met this verdict at a listener, and book their core time."""

    def listeners_for(self, port: int) -> list[ListenSocket]:
        """The listening sockets on a port, in the order of their group; none: it is closed."""

    def refuse_closed_port(self, count: int) -> None:
        """Answer SYNs to a closed port with RST."""


class Flood:
    """SYNs from addresses that never answer, evenly spaced.

    Args:
        number: of the flood, at least 1; spoofed addresses and connection numbers derive from it.
        rate_per_s: SYNs a second; a whole number, so that arrival times are exact.
        count: SYNs in all.

    Attributes:
        sent: SYNs that have arrived so far.
    """

    def __init__(
        self,
        target: Target,
        dice: Random,
        *,
        number: int,
        address: int,
        port: int,
        start_ns: int,
        rate_per_s: int,
        count: int,
    ) -> None:
        self._target = target
        self._dice = dice
        self._number = number
        self._address = address
        self._port = port
        self.start_ns = start_ns
        self.rate_per_s = rate_per_s
        self.count = count
        self.sent = 0

    def arrival_ns(self, k: int) -> int:
        """When SYN k arrives."""
        return self.start_ns - (-k * 1_000_000_000 // self.rate_per_s)

    def arrived_by(self, now_ns: int) -> int:
        """How many SYNs have arrived at `now_ns` or before."""
        if now_ns < self.start_ns:
            return 0
        return min(self.count, (now_ns - self.start_ns) * self.rate_per_s // 1_000_000_000 + 1)

    def segment(self, k: int) -> Segment:
        """SYN k."""
        spoofed = mix64(self._number << 40 | k)
        flow = Flow(spoofed >> 32, 1024 + (spoofed & 0x7FFF), self._address, self._port)
        return Segment(flow, SYN, spoofed & 0xFFFFFFFF, 0, 0, WINDOW, MSS)

    def settle(self, now_ns: int) -> None:
        """Let every SYN that has arrived by `now_ns` meet the host."""
        due = self.arrived_by(now_ns)
        if due == self.sent:
            return
        listeners = self._target.listeners_for(self._port)
        if not listeners:
            self._target.refuse_closed_port(due - self.sent)
        elif len(listeners) == 1:
            self._meet(listeners[0], range(self.sent, due))
        else:
            self._spread(listeners, due)
        self.sent = due

    def next_settle_ns(self, now_ns: int) -> int | None:
        """When the flood must be settled again at the latest; None while everything is refused."""
        if self.sent >= self.count:
            return None
        next_ns = self.arrival_ns(self.sent)
        if next_ns > now_ns + SETTLE_AHEAD_NS:
            return next_ns
        listeners = self._target.listeners_for(self._port)
        rooms = [room for one in listeners if (room := one.room_for_syns()) > 0]
        if not rooms:
            return None
        last = min(self.sent + min(rooms) - 1, self.count - 1)
        return max(next_ns, min(self.arrival_ns(last), now_ns + SETTLE_AHEAD_NS))

    def _meet(self, listener: ListenSocket, arrivals: range) -> None:
        for i, k in enumerate(arrivals):
            segment = self.segment(k)
            verdict = listener.decide_syn(segment.flow.remote_address)
            if verdict is not Verdict.ADMIT:
                rest = arrivals[i:]
                stamp_ns = self._stamp_ns(listener, rest)
                self._target.count_flood_syns(listener, verdict, len(rest), stamp_ns)
                return
            self._target.admit_flood_syn(segment, self.arrival_ns(k))

    def _stamp_ns(self, listener: ListenSocket, arrivals: range) -> int:
        """When the first of these SYNs came that renews the stamp of sent cookies.

        The kernel renews it once a second, and floods are settled more often than that.
        """
        first = self.arrived_by(listener.group.stamp_holds_until_ns)
        later = arrivals[max(0, -(-(first - arrivals.start) // arrivals.step)) :]
        return self.arrival_ns(later[0] if later else arrivals[0])

    def _spread(self, listeners: list[ListenSocket], due: int) -> None:
        first, left = self.sent, due - self.sent
        for i, listener in enumerate(listeners):
            others = len(listeners) - i
            share = left if others == 1 else binomial(self._dice, left, 1.0 / others)
            left -= share
            if share:
                # Its SYNs are spread over the whole interval; which ones exactly is nobody's
                # business, since sources are random.
                stride = max(1, (due - first) // share)
                self._meet(listener, range(first + i % stride, due, stride)[:share])


class FloodByObject(Flood):
    """The same flood with one event for each SYN: the reference that `Flood` must equal.

    Args:
        arrive: called for each SYN, with the segment, at its time.
    """

    def run(self, env: Timeline, arrive: Callable[[Segment], None]) -> None:
        """Schedule the first SYN; each schedules the next."""

        def land(event: Event) -> None:
            k = self.sent
            self.sent += 1
            if self.sent < self.count:
                env.call_at(self.arrival_ns(self.sent), land, None)
            arrive(self.segment(k))

        if self.count:
            env.call_at(self.start_ns, land, None)

    def settle(self, now_ns: int) -> None:
        """Nothing: every SYN has its event."""

    def next_settle_ns(self, now_ns: int) -> int | None:
        """Never: every SYN has its event."""
        return None
