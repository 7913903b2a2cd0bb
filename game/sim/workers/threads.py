"""Model `worker`: in each process one listener thread accepts and hands over to threads.

A thread serves one connection at a time, blocking, as a prefork process does. The listener accepts
only while a thread is free; the rest wait in the accept queue.
Source: Apache httpd server/mpm/worker/worker.c listener_thread(), worker_thread() (shape only).
"""

from game.sim.costs import ACCEPT_NS, HANDOVER_NS
from game.sim.worker import Place, Service, Steps, Worker, WorkerPhase
from game.sim.workers.accept_mutex import AcceptMutex
from game.sim.workers.handover import Handover
from game.sim.workers.prefork import Accepting, serve
from game.sim.workers.waiting import Waiting


class Listener(Accepting):
    """The thread that accepts for one process."""

    def __init__(
        self,
        service: Service,
        place: Place,
        waiting: Waiting,
        mutex: AcceptMutex | None,
        handover: Handover,
    ) -> None:
        self.handover = handover
        handover.listener = self
        super().__init__(service, place, waiting, mutex)

    def note_idle(self) -> None:
        """A thread has become idle, so there is somebody to hand over to."""
        self.unpark()

    def _run(self) -> Steps:
        while not self.retired:
            if not self.handover.has_room:
                self.enter(WorkerPhase.IDLE)
                yield self.park()
                continue
            fd = yield from self.accept()
            if fd < 0:
                break
            yield self.compute(WorkerPhase.ACCEPTING, ACCEPT_NS + HANDOVER_NS)
            self.handover.push(fd)
        self._leave_queues()
        self.enter(WorkerPhase.STOPPED)


class ServingThread(Worker):
    """A thread that serves what the listener hands over."""

    def __init__(self, service: Service, place: Place, handover: Handover) -> None:
        self.handover = handover
        handover.thread_count += 1
        super().__init__(service, place)

    def _leave_queues(self) -> None:
        self.handover.forget(self)

    def _run(self) -> Steps:
        while not self.retired:
            yield from self.handover.pop(self)
            if self.fd >= 0:
                yield from self._take(self.fd)
        # What was handed over while the last thread ended is served all the same.
        self.handover.thread_count -= 1
        while not self.handover.thread_count and self.handover.queue:
            self.fd = self.handover.queue.popleft()
            yield from self._take(self.fd)
        self.fd = -1
        self.enter(WorkerPhase.STOPPED)

    def _take(self, fd: int) -> Steps:
        yield from serve(self, fd)
