"""The gate with an object and an event for every packet: the reference that `RxQueue` must equal.

A plain queue with a limit and a server. It knows nothing of rates, and it settles nothing but the
packets whose turn has come.
"""

from collections import deque
from collections.abc import Callable

from game.kernel.nic import RxRing, rss_queue
from game.kernel.segment import Segment
from game.kernel.softirq import Softnet
from game.kernel.sysctl import Sysctls
from game.sim.core import Core
from game.sim.flood import FOREVER_NS, Flood
from game.sim.gate import POLLED_MAX, POLLED_WITHIN_NS
from game.sim.reception import Reception
from game.sim.timeline import Timeline


class RxQueueByObject:
    """One receive queue; the attributes are those of `RxQueue`."""

    def __init__(
        self,
        core: Core,
        reception: Reception,
        sysctl: Sysctls,
        ring: RxRing,
        softnet: Softnet,
    ) -> None:
        self.core = core
        self.ring = ring
        self.softnet = softnet
        self.due_ns = FOREVER_NS
        self._reception = reception
        self._sysctl = sysctl
        self._waits: deque[tuple[Segment, bool]] = deque()

    @property
    def waiting(self) -> int:
        """Packets in the ring."""
        return len(self._waits)

    def state(self) -> tuple[object, ...]:
        """Every bit of the queue's own state, for a digest."""
        packets = sum(not from_flood for _, from_flood in self._waits)
        return (self.waiting, packets, self.ring.state(), self.softnet.state())

    def offer(self, segments: tuple[Segment, ...], now_ns: int, from_flood: bool = False) -> None:
        """Take packets from the wire that arrive now; the queue is settled."""
        if not self._waits and self.core.softirq_free_ns <= now_ns:
            self.ring.rx_packets += len(segments)
            cost_ns = 0
            for segment in segments:
                cost_ns += self._reception.take(segment, now_ns, self.ring, from_flood)
            self.core.begin_softirq(now_ns, cost_ns)
            self.softnet.start_run(now_ns, len(segments))
        else:
            for segment in segments:
                if len(self._waits) < self.ring.size:
                    self.ring.rx_packets += 1
                    self._waits.append((segment, from_flood))
                else:
                    self.ring.rx_missed_errors += 1
            near = self.core.softirq_free_ns - now_ns <= POLLED_WITHIN_NS
            if not from_flood and len(self._waits) <= POLLED_MAX and near:
                while self._waits:
                    self._start_head()
        self._set_due()

    def alarm_ns(self) -> int | None:
        """When the oldest waiting packet has its turn."""
        return self.core.softirq_free_ns if self._waits else None

    def settle(self, now_ns: int) -> bool:
        """Let every packet whose turn has come meet the host; True if there was one."""
        met = False
        while self._waits and self.core.softirq_free_ns <= now_ns:
            self._start_head()
            met = True
        self._set_due()
        return met

    def _start_head(self) -> None:
        core, sysctl = self.core, self._sysctl
        start_ns = core.softirq_free_ns
        segment, from_flood = self._waits.popleft()
        core.go_on_softirq(self._reception.take(segment, start_ns, self.ring, from_flood))
        self.softnet.go_on(start_ns, sysctl.netdev_budget, sysctl.netdev_budget_usecs * 1000)

    def _set_due(self) -> None:
        self.due_ns = self.core.softirq_free_ns if self._waits else FOREVER_NS


class FloodByObject:
    """Drives a flood with one event for each packet.

    Args:
        settle: brings the machine up to now.
        pump: passes on what came of the packet.

    Attributes:
        flood: whose packets they are.
    """

    def __init__(
        self,
        env: Timeline,
        flood: Flood,
        queues: list[RxQueueByObject],
        settle: Callable[[], None],
        pump: Callable[[], None],
    ) -> None:
        self._env = env
        self.flood = flood
        self._queues = queues
        self._settle = settle
        self._pump = pump
        self.run(env)

    def run(self, env: Timeline) -> None:
        """Schedule the first packet; each schedules the next."""
        self._schedule()

    def _schedule(self) -> None:
        flood = self.flood
        if flood.sent < flood.count:
            # At one moment floods come first, in their order: as where they are settled lazily.
            at_ns = flood.arrival_ns(flood.sent)
            self._env.call_first_at(at_ns, flood.number, self._land, None)

    def _land(self, _: None) -> None:
        k = self.flood.sent
        self.flood.sent += 1
        self._schedule()
        self.arrive(k)

    def arrive(self, k: int) -> None:
        """Packet k arrives now."""
        self._settle()
        segment = self.flood.segment(k)
        queue = self._queues[rss_queue(segment.flow, len(self._queues))]
        queue.offer((segment,), self._env.now, from_flood=True)
        self._pump()
