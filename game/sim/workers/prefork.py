"""Model `prefork`: one process accepts, reads, works, replies and closes, one connection at a time.

With keep-alive it stays with its peer while that thinks. Source: Apache httpd
server/mpm/prefork/prefork.c child_main() (shape only).
"""

from collections.abc import Generator
from typing import Any

from simpy import Event

from game.kernel.errno import EAGAIN, EMFILE
from game.sim.costs import ACCEPT_EAGAIN_NS, ACCEPT_NS, LOCK_NS, RECV_NS, SEND_NS
from game.sim.rng import exponential_ns
from game.sim.worker import REQUEST_BYTES_MAX, Place, Service, Steps, Worker, WorkerPhase
from game.sim.workers.accept_mutex import AcceptMutex
from game.sim.workers.waiting import Waiting

EMFILE_PAUSE_NS = 500_000_000
"""How long a thread leaves accept() alone that has run out of descriptors.
Source: nginx src/event/ngx_event_accept.c, accept_mutex_delay."""


class Accepting(Worker):
    """A thread that waits for connections in some way and takes them, perhaps under a mutex."""

    def __init__(
        self,
        service: Service,
        place: Place,
        waiting: Waiting,
        mutex: AcceptMutex | None,
    ) -> None:
        self.waiting = waiting
        self.mutex = mutex
        self._has_left = False
        self._last_listen_fd = -1
        super().__init__(service, place)

    def _leave_queues(self) -> None:
        if self._has_left:
            return
        self._has_left = True
        self.waiting.end()
        if self.mutex is not None:
            self.mutex.forget(self)

    def accept(self) -> Generator[Event, Any, int]:
        """The next connection; below 0 if there will be none any more."""
        if self.mutex is None:
            return (yield from self._accept_one())
        yield from self.mutex.acquire(self)
        if self.retired:
            return -1
        yield self.compute(WorkerPhase.ACCEPTING, LOCK_NS)
        fd = yield from self._accept_one()
        self.mutex.release(self)
        return fd

    def _accept_one(self) -> Generator[Event, Any, int]:
        while not self.retired:
            ready = yield from self._wait()
            for listen_fd in self._in_turn(ready):
                fd = self.take(listen_fd)
                if fd == -EMFILE:
                    self.enter(WorkerPhase.IDLE)
                    yield self.nap(self.machine.env.now + EMFILE_PAUSE_NS)
                    self.wake_from_nap()
                    break
                if fd == -EAGAIN:
                    self.waiting.found_nothing()
                    self.eagain += 1
                    yield self.compute(WorkerPhase.ACCEPTING, ACCEPT_EAGAIN_NS)
                    continue
                self.accepted += fd >= 0
                self._last_listen_fd = listen_fd
                return fd
        return -1

    def _in_turn(self, ready: list[int]) -> list[int]:
        """Of several ports the one after the last first, so that none starves.

        Source: Apache httpd server/mpm/prefork/prefork.c child_main(), last_poll_idx.
        """
        if len(ready) < 2:
            return ready
        return sorted(ready, key=lambda fd: (fd <= self._last_listen_fd, fd))

    def state(self) -> tuple[int, ...]:
        """Every bit of its state; whose turn it is counts where there are several ports."""
        turn = (self._last_listen_fd,) if len(self.listen_fds) > 1 else ()
        return (*super().state(), *turn)

    def _wait(self) -> Generator[Event, Any, list[int]]:
        """What is worth a call; sleeps at most once, and may come back with nothing."""
        waiting = self.waiting
        ready = waiting.look()
        if not ready:
            self.enter(WorkerPhase.IDLE)
            if waiting.sleep():
                yield self.nap(None)
                self.wake_from_nap()
                if self.retired:
                    return []
            ready = waiting.look()
            if not ready:  # Woken in vain: it has looked, and lies down again.
                yield self.compute(WorkerPhase.ACCEPTING, waiting.cost_ns(0) or ACCEPT_EAGAIN_NS)
                return []
        cost_ns = waiting.cost_ns(len(ready))
        if cost_ns:
            yield self.compute(WorkerPhase.ACCEPTING, cost_ns)
        return ready


class Prefork(Accepting):
    """A process that does it all."""

    def _run(self) -> Steps:
        while not self.retired:
            fd = yield from self.accept()
            if fd < 0:  # It is to end, or the listener is closed or shut down.
                break
            self.fd = fd
            yield from serve(self, fd, ACCEPT_NS)
            self.fd = -1
        self._leave_queues()
        self.enter(WorkerPhase.STOPPED)


def serve(worker: Worker, fd: int, owed_ns: int = 0) -> Steps:
    """Request by request, blocking, until either side has enough; then close.

    Args:
        owed_ns: core time of what the thread has just done. If the request is there already, as
            it mostly is, it is spent in one piece with that of the work.
    """
    service, machine = worker.service, worker.machine
    tls_ns = service.tls_ns
    received = machine.recv(fd, REQUEST_BYTES_MAX)
    if received <= 0:
        if owed_ns:
            yield worker.compute(WorkerPhase.ACCEPTING, owed_ns)
            owed_ns = 0
        if received == -EAGAIN:
            timeout_ns = service.request_timeout_ns
            until_ns = machine.env.now + timeout_ns if timeout_ns else None
            received = yield from worker.read(fd, until_ns)
    while received > 0:
        service_ns = exponential_ns(service.dice, service.service_ns)
        work_ns = owed_ns + tls_ns + RECV_NS + service_ns + SEND_NS
        owed_ns = tls_ns = 0
        yield worker.compute(WorkerPhase.WORKING, work_ns)
        whole = yield from worker.write(fd, service.reply_bytes(fd))
        worker.served += whole
        goes_on = whole and service.keepalive_ns and service.asks_more(fd)
        if not goes_on or worker.retired:
            break
        received = yield from worker.read(fd, machine.env.now + service.keepalive_ns)
    yield from worker.hang_up(fd)
