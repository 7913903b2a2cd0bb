"""The queue between a listener thread and the threads that serve, within one process.

Source: Apache httpd server/mpm/worker/fdqueue.c ap_queue_push(), ap_queue_pop_something().
"""

from collections import deque
from typing import Protocol

from game.sim.worker import Steps, Worker, WorkerPhase


class HandsOver(Protocol):
    """The listener thread, as the queue sees it."""

    def note_idle(self) -> None:
        """A thread has become idle."""


class Handover:
    """Connections that wait for a thread, and threads that wait for a connection.

    Attributes:
        queue: descriptors handed over and not taken, the oldest first.
        idle: threads that sleep here, the next to be woken first.
        listener: who hands over; it may sleep until a thread is idle.
        thread_count: threads that serve here.
        handed: connections handed over so far.
    """

    def __init__(self) -> None:
        self.queue: deque[int] = deque()
        self.idle: deque[Worker] = deque()
        self.listener: HandsOver | None = None
        self.thread_count = 0
        self.handed = 0
        self._called: set[int] = set()  # Woken for something, and not running yet.

    def push(self, fd: int) -> None:
        """Hand a connection over, and wake a thread for it if one sleeps."""
        self.handed += 1
        self.queue.append(fd)
        if self.idle:
            worker = self.idle.popleft()
            self._called.add(worker.index)
            worker.unpark()

    def pop(self, worker: Worker) -> Steps:
        """Wait until there is a connection and set it as the worker's `fd`; -1 if it is to end."""
        worker.fd = -1
        while not self.queue and not worker.retired:
            worker.enter(WorkerPhase.IDLE)
            self.idle.append(worker)
            if self.listener is not None:
                self.listener.note_idle()
            yield worker.park()
            self._called.discard(worker.index)
            worker.wakeups += 1
        if self.queue:
            worker.fd = self.queue.popleft()

    @property
    def has_room(self) -> bool:
        """True if a thread is free for one connection more."""
        return len(self.idle) + len(self._called) > len(self.queue)

    def state(self) -> tuple[object, ...]:
        """Every bit of it, for a digest."""
        return (
            self.handed,
            self.thread_count,
            tuple(self.queue),
            tuple(worker.index for worker in self.idle),
            tuple(sorted(self._called)),
        )

    def forget(self, worker: Worker) -> None:
        """A thread does not wait here any more."""
        if worker in self.idle:
            self.idle.remove(worker)
