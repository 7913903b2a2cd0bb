"""The accept mutex: of all who could accept on one bucket, one does.

Only the holder waits for a connection and accepts it; it gives the mutex back before it serves. So
nobody is woken in vain, but a connection waits while the mutex goes from hand to hand.
Source: Apache httpd server/mpm/prefork/prefork.c accept_mutex_on(), accept_mutex_off().
"""

from collections import deque

from game.sim.worker import Steps, Worker, WorkerPhase


class AcceptMutex:
    """One lock, given to those who ask in the order in which they asked.

    Attributes:
        holder: index of the thread that has it, -1 when none.
        waiting: who has asked, the next one first.
    """

    def __init__(self) -> None:
        self.holder = -1
        self.waiting: deque[Worker] = deque()

    def acquire(self, worker: Worker) -> Steps:
        """Wait for it; a worker that is retired meanwhile comes back without."""
        if self.holder < 0:
            self.holder = worker.index
            return
        worker.enter(WorkerPhase.IDLE)
        asked_ns = worker.machine.env.now
        self.waiting.append(worker)
        yield worker.park()
        worker.wakeups += 1
        worker.lock_wait_ns += worker.machine.env.now - asked_ns

    def release(self, worker: Worker) -> None:
        """Give it to the next one, who runs a wake-up later; harmless for one who has it not."""
        if self.holder != worker.index:
            return
        self.holder = -1
        if self.waiting:
            heir = self.waiting.popleft()
            self.holder = heir.index
            heir.unpark()

    def state(self) -> tuple[int, ...]:
        """Who has it and who wants it, for a digest."""
        return (self.holder, *(worker.index for worker in self.waiting))

    def forget(self, worker: Worker) -> None:
        """It does not want it any more."""
        if worker in self.waiting:
            self.waiting.remove(worker)
        self.release(worker)
