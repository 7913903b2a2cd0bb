"""A receive queue of the card, settled lazily: ring, softirq, and the floods that come through it.

A packet that finds softirq idle takes effect at once and keeps it busy for its cost; one that does
not waits in the ring, first in, first out; one that finds no descriptor is lost. Packets of peers
are objects, and one that waits has an alarm at its turn. Packets of floods are arithmetic: before
anything touches the host, `settle` brings the queue up to that moment. It goes packet by packet,
and takes many at once in the two cases that last:

- Nothing waits, and softirq keeps up. Then a busy time is shorter than a known bound, so shortly
  before the end there is a packet that must find softirq idle, and what came before it is only
  counted (`_skip`).
- The ring never runs empty, and all packets cost the same. Then starts are evenly spaced and
  losses follow from arrivals and starts (`_queue_up`, `ring.Overload`).

Exact for one queue and one listener: `gate_by_object.py` is the same with an event for every
packet. With several queues, several listeners, or a list of the filter over random sources it is
equal in distribution. Floods that meet different fates at one overloaded queue go packet by
packet, as does a load within a thousandth of what softirq can do: exact, but slower.
Source: linux v6.18 net/core/dev.c net_rx_action(); Lindley, "The theory of queues with a single
server", 1952, for the two cases.
"""

from game.kernel.nic import RxRing
from game.kernel.segment import Segment
from game.kernel.softirq import Softnet
from game.kernel.sysctl import Sysctls
from game.sim.arrivals import LOOK_BACK_NS, Arrivals
from game.sim.core import KSOFTIRQD_AFTER_NS, Core
from game.sim.flood import FOREVER_NS
from game.sim.load import Load
from game.sim.reception import CHEAPEST_NS, Outlook, Reception
from game.sim.ring import Overload, Waiting

_WORTH = 6
"""So many packets are worth an attempt to take them at once."""

POLLED_MAX = 8
POLLED_WITHIN_NS = 50_000
"""A packet of a peer with no more than this before it is taken in the poll under way: no event."""


class RxQueue:
    """One receive queue and the softirq that empties it.

    Args:
        core: the one its interrupt is bound to.

    Attributes:
        ring: its descriptors and counters.
        softnet: counters of the core.
        arrivals: the floods that come through it.
        due_ns: when the next thing happens here that nobody has an event for.
    """

    def __init__(
        self,
        core: Core,
        reception: Reception,
        sysctl: Sysctls,
        ring: RxRing,
        softnet: Softnet,
        arrivals: Arrivals,
    ) -> None:
        self.core = core
        self.ring = ring
        self.softnet = softnet
        self.arrivals = arrivals
        self.due_ns = FOREVER_NS
        self._reception = reception
        self._sysctl = sysctl
        self._waiting = Waiting()
        self._next = 0  # Index of the next arrival of the floods.
        self._next_ns = FOREVER_NS
        self._outlooks: list[Outlook | None] = []
        self._tallies: list[int] = []
        self._load: Load | None = None
        self._skip_from = 0  # Before this arrival `_skip` is not worth an attempt,
        self._queue_up_from = 0  # and before this one `_queue_up` is not.

    @property
    def waiting(self) -> int:
        """Packets in the ring."""
        return self._waiting.count

    def expect(self) -> None:
        """A flood was added that has yet to begin; the queue is settled."""
        self._outlooks = [None] * len(self.arrivals.floods)
        self._tallies = [0] * len(self.arrivals.floods)
        self._forget()
        self._look_ahead(self._next)
        self._set_due()

    def state(self) -> tuple[object, ...]:
        """Every bit of the queue's own state, for a digest."""
        return (self._waiting.count, self._waiting.peers, self.ring.state(), self.softnet.state())

    # Packets of peers.

    def offer(self, segments: tuple[Segment, ...], now_ns: int) -> None:
        """Take packets from the wire that arrive now; the queue is settled.

        What arrives together at an idle softirq is one poll; and who finds only a few before him
        is taken in the poll that is under way. He takes effect now, with the time of his turn.
        """
        core, ring, waiting = self.core, self.ring, self._waiting
        if waiting.count or core.softirq_free_ns > now_ns:
            for segment in segments:
                if waiting.count < ring.size:
                    ring.rx_packets += 1
                    waiting.add_peer(segment)
                else:
                    ring.rx_missed_errors += 1
            if waiting.count <= POLLED_MAX and core.softirq_free_ns - now_ns <= POLLED_WITHIN_NS:
                self._forget()
                while waiting.count:
                    self._start_head(core.softirq_free_ns)
                self._flush(core.softirq_free_ns)
            self._set_due()
            return
        ring.rx_packets += len(segments)
        cost_ns = 0
        for segment in segments:
            cost_ns += self._reception.take(segment, now_ns, ring, False)
        core.begin_softirq(now_ns, cost_ns)
        self.softnet.start_run(now_ns, len(segments))

    def alarm_ns(self) -> int | None:
        """The earliest moment at which the first waiting packet of a peer can have its turn."""
        if not self._waiting.peers:
            return None
        ahead = self._waiting.ahead()
        free_ns = self.core.softirq_free_ns
        self._forget()
        load = self._find_load(min(free_ns, self._next_ns))
        if load is not None and load.outlook is not None:
            turn_ns = free_ns + ahead * load.outlook.cost_ns
            if turn_ns <= load.until_ns:
                return turn_ns
        return free_ns + ahead * CHEAPEST_NS

    # Settling.

    def settle(self, now_ns: int) -> bool:
        """Bring the queue up to `now_ns`; True if a packet of a peer had its turn."""
        core, ring, waiting = self.core, self.ring, self._waiting
        self._forget()
        met_peer = False
        while True:
            arrival_ns = self._next_ns
            if waiting.count:
                start_ns = core.softirq_free_ns
                if start_ns <= arrival_ns:  # A start comes before an arrival at one moment.
                    if start_ns > now_ns:
                        break
                    if self._next >= self._queue_up_from and self._queue_up(now_ns):
                        continue
                    met_peer |= self._start_head(start_ns)
                    continue
                if arrival_ns > now_ns:
                    break
            elif arrival_ns > now_ns:
                break
            elif arrival_ns >= core.softirq_free_ns:
                if self._next >= self._skip_from and self._skip(now_ns):
                    continue
                ring.rx_packets += 1
                self._serve(self._next, arrival_ns, waited=False)
                self._look_ahead(self._next + 1)
                continue
            self._enqueue()
        self._flush(now_ns)
        self._set_due()
        return met_peer

    def _set_due(self) -> None:
        self.due_ns = self._next_ns
        if self._waiting.count and self.core.softirq_free_ns < self.due_ns:
            self.due_ns = self.core.softirq_free_ns

    def _look_ahead(self, index: int) -> None:
        self._next = index
        self._next_ns = self.arrivals.arrival_ns(index)

    def _enqueue(self) -> None:
        """The next flood packet arrives while softirq is busy."""
        if self._waiting.count >= self.ring.size:
            self.ring.rx_missed_errors += 1
        else:
            self.ring.rx_packets += 1
            self._waiting.add_run(self._next, 1)
        self._look_ahead(self._next + 1)

    def _start_head(self, start_ns: int) -> bool:
        """The oldest packet has its turn; True if it was a peer's."""
        piece = self._waiting.take()
        if isinstance(piece, Segment):
            self._flush(start_ns)
            self._forget()
            self.core.go_on_softirq(self._reception.take(piece, start_ns, self.ring, False))
            self._count_waited(start_ns)
            return True
        load = self._load
        if load is not None and start_ns > load.until_ns:
            load = self._find_load(min(start_ns, self._next_ns))
        if load is not None and load.outlook is not None and start_ns <= load.until_ns:
            piece.skip(1)  # All meet the same, so it does not matter which one it is.
            self._tallies[load.share] += 1
            self.core.go_on_softirq(load.outlook.cost_ns)
            self._count_waited(start_ns)
        else:
            self._serve(piece.take(), start_ns, waited=True)
        return False

    def _count_waited(self, start_ns: int) -> None:
        sysctl = self._sysctl
        self.softnet.go_on(start_ns, sysctl.netdev_budget, sysctl.netdev_budget_usecs * 1000)

    def _serve(self, index: int, start_ns: int, *, waited: bool) -> None:
        """A flood packet has its turn."""
        arrival = self.arrivals.at(index)
        assert arrival is not None  # It has arrived.
        share = arrival.share
        flood = self.arrivals.floods[share]
        outlook = self._outlooks[share]
        if outlook is None or outlook.until_ns < start_ns:
            self._flush(start_ns)
            outlook = self._reception.outlook(flood, arrival.k, start_ns)
            self._outlooks[share] = outlook
        if outlook is None:
            self._flush(start_ns)
            self._forget()
            segment = flood.segment(arrival.k)
            cost_ns = self._reception.take(segment, start_ns, self.ring, True)
        else:
            cost_ns = outlook.cost_ns
            self._tallies[share] += 1
        if waited:
            self.core.go_on_softirq(cost_ns)
            self._count_waited(start_ns)
        else:
            self.core.begin_softirq(start_ns, cost_ns)
            self.softnet.start_run(start_ns)

    def _forget(self) -> None:
        """Something has touched the host: what floods meet has to be found out anew."""
        self._outlooks = [None] * len(self._outlooks)
        self._load = None
        self._skip_from = 0
        self._queue_up_from = 0

    def _flush(self, at_ns: int) -> None:
        """Book what was tallied."""
        for share, count in enumerate(self._tallies):
            if count:
                self._tallies[share] = 0
                outlook = self._outlooks[share]
                assert outlook is not None  # Tallied packets met one.
                flood = self.arrivals.floods[share]
                seen_ns = min(at_ns, outlook.until_ns)
                self._reception.count(flood, outlook, count, seen_ns, self.ring)

    # Many at once.

    def _find_load(self, at_ns: int) -> Load | None:
        """What the floods amount to from `at_ns` on; None if a packet has to be taken alone."""
        load = self._load
        if load is not None and load.until_ns >= at_ns:
            return load
        self._load = None
        if not self._outlooks:
            return None
        floods, until_ns = self.arrivals.floods, FOREVER_NS
        held = self._waiting.count > self._waiting.peers
        rates, costs_ns, seen = [], [], []
        for share, flood in enumerate(floods):
            rate, holds_ns = flood.phase(at_ns)
            until_ns = min(until_ns, holds_ns)
            rates.append(rate)
            if not rate and (not held or flood.is_past(at_ns - LOOK_BACK_NS)):
                costs_ns.append(0)  # Nothing of it comes or waits: what it would meet is no matter.
                continue
            outlook = self._outlooks[share]
            if outlook is None or outlook.until_ns < at_ns:
                self._flush(at_ns)
                outlook = self._reception.outlook(flood, 0, at_ns)
                self._outlooks[share] = outlook
            if outlook is None:
                return None
            until_ns = min(until_ns, outlook.until_ns)
            costs_ns.append(outlook.cost_ns)
            seen.append(share)
        first = seen[0] if seen else 0
        same = bool(seen) and all(
            self._outlooks[one] == self._outlooks[first] and floods[one].kind == floods[first].kind
            for one in seen
        )
        load = Load.of(
            until_ns,
            self._outlooks[first] if same else None,
            first,
            tuple(costs_ns),
            tuple(rates),
            self.arrivals.queues,
            self.ring.size,
        )
        self._load = load
        return load

    def _skip(self, now_ns: int) -> bool:
        """Softirq is idle: leap to a packet that must find it idle again; False if there is none.

        Everything before that packet has had its turn by then, so it only has to be counted.
        """
        load = self._find_load(self._next_ns)
        first, arrivals = self._next, self.arrivals
        if load is None:
            self._skip_from = first + 1
            return False
        last = arrivals.total(min(now_ns, load.until_ns)) - 1
        self._skip_from = last + 1
        if not load.window_ns or last - first < _WORTH:
            return False
        leap = last if load.even else load.idle_again(arrivals, first, last)
        if leap <= first:
            return False
        before, after = arrivals.counts_before(first), arrivals.counts_before(leap)
        for share, cost_ns in enumerate(load.costs_ns):
            count = after[share] - before[share]
            self._tallies[share] += count
            self.core.book_softirq(count * cost_ns)
        self.softnet.skip(leap - first)
        self.ring.rx_packets += leap - first
        self._look_ahead(leap)
        return True

    def _queue_up(self, now_ns: int) -> bool:
        """Packets wait: take all turns at once while the ring does not run empty; False if it may.

        Either an overload, or an even load that comes after something dear: then the turns end
        before the first arrival that finds softirq idle.
        """
        core, ring, arrivals, waiting = self.core, self.ring, self.arrivals, self._waiting
        held = waiting.count
        free_ns, first = core.softirq_free_ns, self._next
        load = self._find_load(min(free_ns, self._next_ns))
        self._queue_up_from = first + 1
        if load is None or load.outlook is None:
            return False
        pace = core.softirq_pace(free_ns)
        gap_ns = load.outlook.cost_ns * pace
        horizon_ns = min(now_ns, load.until_ns)
        if core.softirq_pace(FOREVER_NS) != pace:
            horizon_ns = min(horizon_ns, core.softirq_since_ns + KSOFTIRQD_AFTER_NS - 1)
        if waiting.peers:
            horizon_ns = min(horizon_ns, free_ns + waiting.ahead() * gap_ns - 1)
        if (horizon_ns - free_ns) // gap_ns + 1 < _WORTH:
            return False
        window = 0
        if load.even and pace == 1:
            if held + arrivals.total(free_ns) - first + 2 > ring.size:
                return False
            last = (
                load.first_idle(
                    arrivals, first, free_ns + held * gap_ns, arrivals.total(horizon_ns)
                )
                - 1
            )
            idle_ns = free_ns + (held + last + 1 - first) * gap_ns
            starts = min((horizon_ns - free_ns) // gap_ns, (idle_ns - 1 - free_ns) // gap_ns) + 1
        else:
            window = load.window(gap_ns)
            if not window or not load.active + 2 <= held <= ring.size:
                return False
            last = arrivals.total(horizon_ns) - 1
            starts = (horizon_ns - free_ns) // gap_ns + 1
        if last >= first:
            found = arrived = last - first + 1
            if window:
                overload = Overload(arrivals, first, held, free_ns, gap_ns, ring.size, window)
                found = overload.found_room(last)
            if found == arrived:
                waiting.add_run(first, found)
            elif found:
                waiting.add_stretch(overload, first, last, found)
            ring.rx_packets += found
            ring.rx_missed_errors += arrived - found
        waiting.drop(starts)
        self._tallies[load.share] += starts
        core.go_on_softirq_evenly(load.outlook.cost_ns, starts, pace)
        sysctl = self._sysctl
        self.softnet.go_on_evenly(
            free_ns, gap_ns, starts, sysctl.netdev_budget, sysctl.netdev_budget_usecs * 1000
        )
        self._look_ahead(last + 1)
        return True
