"""One CPU core: softirq work first, then threads in slices, in turn.

Softirq work is only booked (`softirq_ns` grows); a slice that was interrupted ends later by as
much. So a million packets cost no event, and threads still feel each of them.
Source: linux v6.18 kernel/softirq.c, kernel/sched/fair.c (slice); no group or priority is modelled.
"""

from collections import deque
from collections.abc import Callable

from simpy import Event

from game.sim.costs import CONTEXT_SWITCH_NS, SLICE_NS
from game.sim.timeline import Timeline


class _Job:
    __slots__ = ("done", "left_ns", "thread")

    def __init__(self, thread: int, left_ns: int, done: Event) -> None:
        self.thread = thread
        self.left_ns = left_ns
        self.done = done


class Core:
    """A core and the threads that want it.

    Attributes:
        softirq_ns, user_ns, switching_ns: time spent so far, by kind.
        length: threads that run or wait to run.

    Args:
        settle: books the softirq work of everything that has arrived until now.
    """

    def __init__(self, env: Timeline, settle: Callable[[], None]) -> None:
        self._env = env
        self._settle = settle
        self._queue: deque[_Job] = deque()
        self._running: _Job | None = None
        self._last_thread = -1
        self._slice_ns = 0
        self._softirq_seen_ns = 0
        self.softirq_ns = 0
        self.user_ns = 0
        self.switching_ns = 0

    @property
    def length(self) -> int:
        """Threads that run or wait to run."""
        return len(self._queue) + (self._running is not None)

    @property
    def running_thread(self) -> int:
        """The thread that has the core, -1 when none has."""
        return -1 if self._running is None else self._running.thread

    def run(self, thread: int, cost_ns: int) -> Event:
        """An event that happens when `thread` has had `cost_ns` of this core."""
        job = _Job(thread, cost_ns, Event(self._env))
        if self._running is None:
            self._start(job)
        else:
            self._queue.append(job)
        return job.done

    def _start(self, job: _Job) -> None:
        self._settle()
        self._running = job
        switch_ns = 0
        if job.thread != self._last_thread:
            switch_ns = CONTEXT_SWITCH_NS
            self.switching_ns += switch_ns
            self._last_thread = job.thread
        self._slice_ns = min(job.left_ns, SLICE_NS)
        self._softirq_seen_ns = self.softirq_ns
        self._env.call_at(self._env.now + switch_ns + self._slice_ns, self._end_slice, None)

    def _end_slice(self, _: Event) -> None:
        self._settle()
        stolen_ns = self.softirq_ns - self._softirq_seen_ns
        if stolen_ns:
            self._softirq_seen_ns = self.softirq_ns
            self._env.call_at(self._env.now + stolen_ns, self._end_slice, None)
            return
        job = self._running
        assert job is not None  # A slice ends only for the job that runs.
        self.user_ns += self._slice_ns
        job.left_ns -= self._slice_ns
        self._running = None
        if job.left_ns:
            self._queue.append(job)
        if self._queue:
            self._start(self._queue.popleft())
        if not job.left_ns:
            self._env.happen(job.done)
