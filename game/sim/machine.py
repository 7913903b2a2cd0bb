"""The simulated host in time: its card, its cores and its kernel.

This is the only place that touches the kernel's `Host`. Around every touch it settles the gate
(`gate.py`), sends off what the kernel wants to send, wakes who is to be woken, and sets the alarms
for the next kernel timer and for the next waiting packet's turn.
"""

from collections.abc import Callable
from typing import Protocol

from simpy import Event

from game.kernel.connection import Connection
from game.kernel.descriptor import Socket
from game.kernel.errno import EAGAIN
from game.kernel.filter import Filter
from game.kernel.host import Host
from game.kernel.listen import ListenSocket
from game.kernel.nic import RxRing, rss_queue
from game.kernel.segment import Flow, Segment
from game.kernel.softirq import Softnet
from game.sim.arrivals import Arrivals
from game.sim.core import Core
from game.sim.costs import SYNACK_RETRANSMIT_NS, WAKE_NS
from game.sim.flood import FOREVER_NS, Flood
from game.sim.gate import RxQueue
from game.sim.gate_by_object import FloodByObject, RxQueueByObject
from game.sim.reception import Reception
from game.sim.timeline import Alarm, Timeline

RX_RING = 256
SETTLE_AHEAD_NS = 500_000_000
"""While a flood lasts, settle at least this often: SYN-ACK timers are due 1 s after the SYN."""


class Queue(Protocol):
    """A receive queue, of either kind."""

    core: Core
    ring: RxRing
    softnet: Softnet
    due_ns: int

    @property
    def waiting(self) -> int:
        """Packets in the ring."""

    def offer(self, segments: tuple[Segment, ...], now_ns: int) -> None:
        """Take packets from the wire that arrive now; the queue is settled."""

    def settle(self, now_ns: int) -> bool:
        """Bring the queue up to `now_ns`; True if a packet that has an event had its turn."""

    def alarm_ns(self) -> int | None:
        """When it has to be settled at the latest; None if it does not matter."""

    def state(self) -> tuple[object, ...]:
        """Every bit of the queue's own state, for a digest."""


class Machine:
    """A host with its card and its cores.

    Args:
        route: takes every segment the host sends; those to nowhere are its business too.
        rx_ring: descriptors of each receive queue.
        rx_queues: receive queues, at most one for each core; queue i interrupts core i.
        packet_filter: what is dropped before TCP.
        filter_at_gate: True if the filter sits in the driver (XDP), False for iptables.
        by_object: how floods come if every packet is an object with an event (the reference).

    Attributes:
        queues: receive queues of the card.
        reception: what softirq does with a packet.
        floods: that hit the machine.
        request_is_whole: whether what was read from a descriptor is a whole request; None if
            every request comes in one piece.
        last_accepted: descriptor and addresses of what accept() gave last, also after it is closed.
    """

    def __init__(
        self,
        env: Timeline,
        host: Host,
        core_count: int,
        route: Callable[[Segment], None],
        *,
        rx_ring: int = RX_RING,
        rx_queues: int = 1,
        packet_filter: Filter | None = None,
        filter_at_gate: bool = True,
        by_object: type[FloodByObject] | None = None,
    ) -> None:
        self.env = env
        self.host = host
        self.cores = [Core(env, self.settle) for _ in range(core_count)]
        self.reception = Reception(host, packet_filter or Filter(), filter_at_gate)
        self.floods: list[Flood] = []
        self.queues: list[Queue] = []
        self._lazy: list[RxQueue] = []
        self._by_object: list[RxQueueByObject] = []
        self._one_by_one = by_object
        rx_queues = min(rx_queues, core_count)
        for i in range(rx_queues):
            core, ring, softnet = self.cores[i], RxRing(rx_ring), Softnet(i)
            parts = (core, self.reception, host.sysctl, ring, softnet)
            if by_object is not None:
                self._by_object.append(RxQueueByObject(*parts))
            else:
                self._lazy.append(RxQueue(*parts, Arrivals(i, rx_queues)))
        self.queues += self._lazy or self._by_object
        self._only = self.queues[0] if rx_queues == 1 else None
        self.last_accepted: tuple[int, Flow] | None = None
        self.request_is_whole: Callable[[int], bool] | None = None
        self._route = route
        self._sleepers: dict[int, Event] = {}
        self._timers = Alarm(env, self._run_timers)
        self._next_timer_ns = host.stack.wheel.next_ns
        self._gate_alarm = Alarm(env, self.touch)

    def add_flood(self, flood: Flood) -> None:
        """Let a flood hit the machine; it must begin later than now."""
        self.settle()
        self.floods.append(flood)
        for queue in self._lazy:
            queue.arrivals.add(flood, self.env.now)
            queue.expect()
        if self._one_by_one is not None:
            self._one_by_one(self.env, flood, self._by_object, self.settle, self.pump)

    # Packets.

    @property
    def packets_in(self) -> int:
        """Packets that arrived so far, lost ones included."""
        rings = [queue.ring for queue in self.queues]
        return sum(ring.rx_packets + ring.rx_missed_errors for ring in rings)

    def receive(self, *segments: Segment) -> None:
        """Take segments of one flow from the wire, in order."""
        self.settle()
        queue = self._only or self.queues[rss_queue(segments[0].flow, len(self.queues))]
        queue.offer(segments, self.env.now)
        self.pump()

    def settle(self) -> None:
        """Bring the gate up to now; call before anything touches the host."""
        now_ns = self.env.now
        met = False
        for queue in self.queues:
            if queue.due_ns <= now_ns:
                met |= queue.settle(now_ns)
                if self._lazy:
                    for flood in self.floods:
                        flood.sent = flood.arrived_by(now_ns)
        if met:
            self.pump()

    def touch(self) -> None:
        """Settle, and pass on what came of it."""
        self.settle()
        self.pump()

    def pump(self) -> None:
        """Pass on what the kernel wants to send, to wake and to be reminded of."""
        host = self.host
        if host.outbox:
            sent = host.outbox[:]
            host.outbox.clear()
            for segment in sent:
                self._route(segment)
        if host.woken:
            woken = host.woken[:]
            host.woken.clear()
            for waiter in woken:
                sleeper = self._sleepers.pop(waiter, None)
                if sleeper is not None:
                    self.env.happen_at(self.env.now + WAKE_NS, sleeper)
        self._timers.set(self._next_timer_ns())
        for queue in self.queues:
            if queue.due_ns != FOREVER_NS and queue.waiting:
                self._gate_alarm.set(queue.alarm_ns())
        if self.floods and self._lazy and any(one.sent < one.count for one in self.floods):
            self._gate_alarm.set(self.env.now + SETTLE_AHEAD_NS)

    def _run_timers(self) -> None:
        self.settle()
        resent = self.host.counters.TcpRetransSegs
        self.host.run_timers(self.env.now)
        resent = self.host.counters.TcpRetransSegs - resent
        if resent:
            queue = self.queues[0]
            if queue.core.softirq_free_ns <= self.env.now:
                queue.softnet.end_run()
            queue.core.add_softirq(self.env.now, resent * SYNACK_RETRANSMIT_NS)
        self.pump()

    def set_rx_ring(self, size: int) -> None:
        """As `ethtool -G eth0 rx SIZE`; what waits stays, even if it is more than that."""
        self.settle()
        for queue in self.queues:
            queue.ring.size = size
        self.pump()

    def set_filter(self, packet_filter: Filter) -> None:
        """Put another filter in place of the one there is."""
        self.settle()
        self.reception.filter = packet_filter
        self.pump()

    # Threads.

    def sleep(self, waiter: int) -> Event:
        """An event that happens when the kernel has woken this waiter and it runs again."""
        sleeper = Event(self.env)
        self._sleepers[waiter] = sleeper
        return sleeper

    def rouse(self, waiter: int) -> None:
        """Wake a sleeping thread for a reason of its own (it is to end)."""
        sleeper = self._sleepers.pop(waiter, None)
        if sleeper is not None:
            self.env.happen_at(self.env.now, sleeper)

    def accept(self, fd: int) -> int:
        """As accept(2), non-blocking: a descriptor or a negative errno."""
        self.settle()
        result = self.host.accept(fd, self.env.now)
        connection = self.connection(result) if result >= 0 else None
        if connection is not None:
            self.last_accepted = (result, connection.flow)
        if result != -EAGAIN:
            self.pump()
        return result

    def recv(self, fd: int, size: int) -> int:
        """As recv(2), non-blocking: bytes, 0 at the end, or a negative errno.

        With `request_is_whole`, what a server does that reads until it has the whole request:
        -EAGAIN while it has not.
        """
        result = self.recv_some(fd, size)
        if self.request_is_whole is not None and result > 0 and not self.request_is_whole(fd):
            return -EAGAIN
        return result

    def recv_some(self, fd: int, size: int) -> int:
        """As recv(2), non-blocking, whatever it brings."""
        self.settle()
        result = self.host.recv(fd, size, self.env.now)
        self.pump()
        return result

    def send(self, fd: int, size: int) -> int:
        """As send(2), non-blocking: bytes taken, or a negative errno."""
        self.settle()
        result = self.host.send(fd, size, self.env.now)
        self.pump()
        return result

    def shutdown(self, fd: int, how: int) -> int:
        """As shutdown(2)."""
        self.settle()
        result = self.host.shutdown(fd, how, self.env.now)
        self.pump()
        return result

    def close(self, fd: int) -> int:
        """As close(2)."""
        self.settle()
        result = self.host.close(fd, self.env.now)
        self.pump()
        return result

    # Looking.

    def listener(self, fd: int) -> ListenSocket | None:
        """The listening socket behind a descriptor, None if it does not listen."""
        file = self.host.file(fd)
        if isinstance(file, Socket) and file.is_listening:
            return file.listener
        return None

    def connection(self, fd: int) -> Connection | None:
        """The connection behind a descriptor, None if there is none."""
        file = self.host.file(fd)
        return file if isinstance(file, Connection) else None

    def bound_port(self, fd: int) -> int:
        """The port a socket is bound to, 0 if to none."""
        file = self.host.file(fd)
        return file.port if isinstance(file, Socket) else 0
