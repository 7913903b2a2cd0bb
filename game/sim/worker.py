"""One thread of the simulated server: where it computes, how it sleeps, what it is seen doing.

What threads do is in `workers`, one file a model. A thread sleeps in a call (the kernel wakes it)
or on something of the program's own, a lock or a queue (another thread wakes it).
"""

from collections.abc import Callable, Generator
from enum import IntEnum
from typing import Any, NamedTuple

from simpy import Event

from game.kernel.connection import SHUT_SEND
from game.kernel.descriptor import Option
from game.kernel.errno import EAGAIN, EMFILE
from game.sim.core import Core
from game.sim.costs import CLOSE_NS, WAKE_NS
from game.sim.machine import Machine
from game.sim.rng import Random

REQUEST_BYTES_MAX = 65_536
LINGER_NS = 2_000_000_000

Steps = Generator[Event, Any, None]
"""What a thread does, with a pause at each event."""


class WorkerPhase(IntEnum):
    """What a worker does; the numbers are those of `protocol.snapshot.WorkerState`."""

    IDLE = 0
    ACCEPTING = 1
    READING = 2
    WORKING = 3
    SENDING = 4
    RUNNABLE = 5
    STOPPED = 6


class Service(NamedTuple):
    """What all threads of one server share.

    Attributes:
        dice: how long each request takes.
        service_ns: mean CPU time of one request.
        tls_ns: CPU time of the handshake of TLS, once for each connection.
        migration_ns: what going on on another core costs.
        keepalive_ns: how long an idle connection is kept, 0 to close after one reply.
        request_timeout_ns: for the whole first request, 0 for ever.
        send_timeout_ns: for a reply to make progress, 0 for ever.
        close_with: "close", "linger" or "reset", as a level says.
        kept: descriptors that the parent has forgotten to close; None where it closes them.
        reply_bytes: how long the reply is on a given descriptor.
        asks_more: whether the peer behind a descriptor wants to go on after a reply.
    """

    machine: Machine
    dice: Random
    service_ns: float
    tls_ns: int
    migration_ns: int
    keepalive_ns: int
    request_timeout_ns: int
    send_timeout_ns: int
    close_with: str
    kept: list[int] | None
    reply_bytes: Callable[[int], int]
    asks_more: Callable[[int], bool]


class Place(NamedTuple):
    """Where a thread belongs.

    Attributes:
        thread: its number, also as a waiter.
        bucket: number of the bucket it belongs to.
        listen_fds: descriptors of its listening sockets, one for each port.
        pinned: the core it is bound to, None to take the least busy one.
    """

    thread: int
    bucket: int
    listen_fds: tuple[int, ...]
    pinned: int | None


class Worker:
    """One thread.

    Attributes:
        index, bucket, listen_fds, pinned: as `Place` has them; only `pinned` changes.
        phase, since_ns: what it does, and since when.
        until_ns: when the work ends if nothing interrupts it, 0 while that depends on others.
        core: index of the core it ran on last.
        fd: of the connection it serves, -1 when none.
        served: replies sent.
        accepted, eagain, wakeups: connections taken, calls that found nothing, times woken up.
        lock_wait_ns: time spent waiting for the accept mutex.
        retired: True when it is to end after the connection it serves.
        hangs: True when it is to stop at the next thing it computes, and never go on.
        has_stopped: True when it has; it wants no core any more.
    """

    def __init__(self, service: Service, place: Place) -> None:
        self.service = service
        self.machine = service.machine
        self.index, self.bucket, self.listen_fds, self.pinned = place
        self.phase = WorkerPhase.IDLE
        self.since_ns = self.machine.env.now
        self.until_ns = 0
        self.core = place.pinned or 0
        self.fd = -1
        self.served = 0
        self.accepted = 0
        self.eagain = 0
        self.wakeups = 0
        self.lock_wait_ns = 0
        self.retired = False
        self.hangs = False
        self.has_stopped = False
        self._parked: Event | None = None
        self._nap = 0
        self.machine.env.process(self._run())

    def retire(self) -> None:
        """End as soon as the connection in hand is closed; a sleeping worker ends at once.

        One that has hung is killed: the kernel closes its connection.
        """
        self.retired = True
        if self.has_stopped:
            self._leave_queues()
            if self.fd >= 0:
                self.machine.close(self.fd)
                self.fd = -1
            self.enter(WorkerPhase.STOPPED)
        elif self.phase is WorkerPhase.IDLE:
            self._leave_queues()
            self.machine.rouse(self.index)
            self.unpark(0)

    def _leave_queues(self) -> None:
        """Stand in no queue any more."""

    def _run(self) -> Steps:
        raise NotImplementedError

    # ---- sleeping

    def nap(self, until_ns: int | None) -> Event:
        """Sleep in a call until the kernel wakes it, or until a time; see `wake_from_nap`."""
        self._nap += 1
        if until_ns is not None:
            self.machine.env.call_at(until_ns, self._oversleep, self._nap)
        return self.machine.sleep(self.index)

    def wake_from_nap(self) -> None:
        """The nap is over: its alarm means nothing any more."""
        self._nap += 1
        self.wakeups += 1

    def _oversleep(self, nap: int) -> None:
        if nap == self._nap:
            self.machine.rouse(self.index)

    def park(self) -> Event:
        """Sleep until another thread calls `unpark`."""
        self._parked = Event(self.machine.env)
        return self._parked

    def unpark(self, delay_ns: int = WAKE_NS) -> None:
        """Wake it from `park`; harmless if it does not sleep there."""
        if self._parked is not None:
            self.machine.env.happen_at(self.machine.env.now + delay_ns, self._parked)
            self._parked = None

    # ---- working

    def compute(self, phase: WorkerPhase, cost_ns: int) -> Event:
        """An event that happens when it has had so much time of a core; never if it hangs."""
        if self.hangs:
            self.has_stopped = True
            self.enter(phase)
            return Event(self.machine.env)
        before = self.core
        core = self._choose_core()
        if self.core != before:
            cost_ns += self.service.migration_ns
        self.phase = phase
        self.since_ns = now_ns = self.machine.env.now
        self.until_ns = now_ns + cost_ns
        return core.run(self.index, cost_ns)

    def _choose_core(self) -> Core:
        """The core it is bound to, or the one with the fewest threads, the last one first."""
        cores = self.machine.cores
        if self.pinned is not None:
            self.core = self.pinned
            return cores[self.pinned]
        fewest = cores[self.core].length
        if fewest:
            for i, core in enumerate(cores):
                length = core.length
                if length < fewest:
                    fewest, self.core = length, i
        return cores[self.core]

    def enter(self, phase: WorkerPhase) -> None:
        """From now on it does this."""
        self.phase = phase
        self.since_ns = self.machine.env.now
        self.until_ns = 0

    # ---- calls that block

    def read(
        self, fd: int, until_ns: int | None = None, *, drains: bool = False
    ) -> Generator[Event, Any, int]:
        """recv() that waits, or -EAGAIN when the time is over first.

        Args:
            drains: any bytes will do, not only a whole request.
        """
        machine = self.machine
        recv = machine.recv_some if drains else machine.recv
        received = recv(fd, REQUEST_BYTES_MAX)
        while received == -EAGAIN and (until_ns is None or machine.env.now < until_ns):
            self.enter(WorkerPhase.READING)
            if machine.host.wait_readable(fd, self.index):
                yield self.nap(until_ns)
                self.wake_from_nap()
                machine.host.cancel_wait(fd, self.index)
            received = recv(fd, REQUEST_BYTES_MAX)
        return received

    def write(self, fd: int, size: int) -> Generator[Event, Any, bool]:
        """send() that waits until all is taken; False if the connection broke or took too long."""
        machine = self.machine
        left = size
        until_ns = self._send_until_ns()
        while left:
            taken = machine.send(fd, left)
            if taken == -EAGAIN:
                if until_ns is not None and machine.env.now >= until_ns:
                    return False
                self.enter(WorkerPhase.SENDING)
                if machine.host.wait_writable(fd, self.index):
                    yield self.nap(until_ns)
                    self.wake_from_nap()
                    machine.host.cancel_wait(fd, self.index)
                continue
            if taken < 0:
                return False
            left -= taken
            until_ns = self._send_until_ns()
        return True

    def _send_until_ns(self) -> int | None:
        timeout_ns = self.service.send_timeout_ns
        return self.machine.env.now + timeout_ns if timeout_ns else None

    def take(self, listen_fd: int) -> int:
        """accept(); a parent that forgets to close keeps a descriptor of what comes."""
        host, kept = self.machine.host, self.service.kept
        if kept is not None and host.free_descriptors < 2:
            return -EMFILE
        fd = self.machine.accept(listen_fd)
        if fd >= 0 and kept is not None:
            kept.append(host.dup(fd))
        return fd

    def hang_up(self, fd: int) -> Steps:
        """End a connection in the way the server has."""
        machine = self.machine
        match self.service.close_with:
            case "reset":
                machine.host.setsockopt(fd, Option.SO_LINGER, 0)
            case "linger":
                yield from self._linger(fd)
        machine.close(fd)
        yield self.compute(WorkerPhase.WORKING, CLOSE_NS)

    def _linger(self, fd: int) -> Steps:
        """Say that no more comes, and read on until the peer has said so too.

        Source: Apache httpd server/connection.c ap_lingering_close(), SECONDS_TO_LINGER.
        """
        self.machine.shutdown(fd, SHUT_SEND)
        until_ns = self.machine.env.now + LINGER_NS
        while (yield from self.read(fd, until_ns, drains=True)) > 0:
            pass

    def state(self) -> tuple[int, ...]:
        """Every bit of the worker's state, for a digest."""
        return (
            self.index,
            self.phase,
            self.since_ns,
            self.until_ns,
            self.core,
            self.fd,
            self.served,
            self.accepted,
            self.eagain,
            self.wakeups,
            self.lock_wait_ns,
            self.retired,
            *((self.has_stopped,) if self.hangs else ()),
        )
