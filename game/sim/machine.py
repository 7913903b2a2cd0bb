"""The simulated host in time: its kernel, its cores, and the floods that hit it.

This is the only place that touches the kernel's `Host`. Around every touch it settles the floods,
books core time, sends off what the kernel wants to send, wakes who is to be woken, and sets the
alarm for the next kernel timer.
"""

from collections.abc import Callable

from simpy import Event

from game.kernel.connection import Connection
from game.kernel.descriptor import Socket
from game.kernel.errno import EAGAIN
from game.kernel.host import Host
from game.kernel.listen import ListenSocket, Verdict
from game.kernel.segment import SYN, Segment
from game.sim.core import Core
from game.sim.costs import (
    HANDSHAKE_ACK_NS,
    SEGMENT_NS,
    SYN_COOKIE_NS,
    SYN_DROPPED_NS,
    SYN_STORED_NS,
    SYNACK_RETRANSMIT_NS,
    WAKE_NS,
)
from game.sim.flood import Flood
from game.sim.timeline import Alarm, Timeline

SYN_COSTS_NS = {
    Verdict.ADMIT: SYN_STORED_NS,
    Verdict.COOKIE: SYN_COOKIE_NS,
    Verdict.DROP_SYN_QUEUE_FULL: SYN_DROPPED_NS,
    Verdict.DROP_ACCEPT_QUEUE_FULL: SYN_DROPPED_NS,
    Verdict.DROP_ACCEPT_QUEUE_FULL_COOKIE: SYN_DROPPED_NS,
    Verdict.DROP_LAST_QUARTER: SYN_DROPPED_NS,
}


class Machine:
    """A host with its cores.

    Args:
        route: takes every segment the host sends; those to nowhere are its business too.

    Attributes:
        packets_in: packets that arrived so far.
        refused_connects: SYNs that found nobody listening.
    """

    def __init__(
        self, env: Timeline, host: Host, core_count: int, route: Callable[[Segment], None]
    ) -> None:
        self.env = env
        self.host = host
        self.cores = [Core(env, self.settle) for _ in range(core_count)]
        self.floods: list[Flood] = []
        self.packets_in = 0
        self.refused_connects = 0
        self._route = route
        self._sleepers: dict[int, Event] = {}
        self._timers = Alarm(env, self._run_timers)
        self._flood_alarm = Alarm(env, self.touch)

    @property
    def softirq_core(self) -> Core:
        """The core that the NIC's interrupt is bound to."""
        return self.cores[0]

    # Packets.

    def receive(self, *segments: Segment) -> None:
        """Take segments from the wire, in order."""
        now_ns = self.env.now
        self.settle()
        core = self.softirq_core
        self.packets_in += len(segments)
        for segment in segments:
            if segment.flags & SYN:
                core.softirq_ns += self._receive_syn(segment, now_ns)
            else:
                core.softirq_ns += self._receive_other(segment, now_ns)
        self.pump()

    def _receive_syn(self, segment: Segment, now_ns: int) -> int:
        """Take a SYN; what it cost."""
        host = self.host
        counters = host.counters
        if not host.listeners:
            self.refused_connects += 1
            host.receive(segment, now_ns)
            return SEGMENT_NS
        drops, cookies = counters.TcpExtListenDrops, counters.TcpExtSyncookiesSent
        host.receive(segment, now_ns)
        if counters.TcpExtListenDrops != drops:
            return SYN_DROPPED_NS
        return SYN_STORED_NS if counters.TcpExtSyncookiesSent == cookies else SYN_COOKIE_NS

    def _receive_other(self, segment: Segment, now_ns: int) -> int:
        """Take a segment that is no SYN; what it cost."""
        counters = self.host.counters
        opened = counters.TcpPassiveOpens
        self.host.receive(segment, now_ns)
        return SEGMENT_NS if counters.TcpPassiveOpens == opened else HANDSHAKE_ACK_NS

    def settle(self) -> None:
        """Bring every flood up to now; call before anything touches the host."""
        for flood in self.floods:
            flood.settle(self.env.now)

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
        self._timers.set(host.next_timer_ns())
        for flood in self.floods:
            self._flood_alarm.set(flood.next_settle_ns(self.env.now))

    def _run_timers(self) -> None:
        self.settle()
        resent = self.host.counters.TcpRetransSegs
        self.host.run_timers(self.env.now)
        resent = self.host.counters.TcpRetransSegs - resent
        self.softirq_core.softirq_ns += resent * SYNACK_RETRANSMIT_NS
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
        if result != -EAGAIN:
            self.pump()
        return result

    def recv(self, fd: int, size: int) -> int:
        """As recv(2), non-blocking: bytes, 0 at the end, or a negative errno."""
        result = self.host.recv(fd, size, self.env.now)
        self.pump()
        return result

    def send(self, fd: int, size: int) -> int:
        """As send(2), non-blocking: bytes taken, or a negative errno."""
        result = self.host.send(fd, size, self.env.now)
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

    # What a flood needs.

    def admit_flood_syn(self, segment: Segment, now_ns: int) -> None:
        """Take one SYN that the listener admits."""
        self.packets_in += 1
        self.softirq_core.softirq_ns += SYN_STORED_NS
        self.host.receive(segment, now_ns)

    def count_flood_syns(
        self, listener: ListenSocket, verdict: Verdict, count: int, at_ns: int
    ) -> None:
        """Count SYNs that met this verdict at a listener, and book their core time."""
        self.host.count_syns(listener, verdict, count, at_ns)
        self.packets_in += count
        self.softirq_core.softirq_ns += count * SYN_COSTS_NS[verdict]

    def listeners_for(self, port: int) -> list[ListenSocket]:
        """The listening sockets on a port, in the order of their group."""
        return [one for one in self.host.listeners if one.port == port]

    def refuse_closed_port(self, count: int) -> None:
        """Answer SYNs to a closed port with RST."""
        self.packets_in += count
        self.refused_connects += count
        self.softirq_core.softirq_ns += count * SEGMENT_NS
        self.host.counters.TcpOutRsts += count
