"""One CPU core: softirq work first, then threads in slices, in turn.

Softirq work is only booked; a slice that was interrupted ends later by as much. So a million
packets cost no event, and threads still feel each of them. Softirq that has not paused for 2 ms is
left to the thread ksoftirqd, which gets half of the core while another thread wants it.
Source: linux v6.18 kernel/softirq.c handle_softirqs() (MAX_SOFTIRQ_TIME, wakeup_softirqd()),
kernel/sched/fair.c (slice); no group or priority is modelled, nor the softirq work that each
interrupt still does beside ksoftirqd.
"""

from collections import deque
from collections.abc import Callable

from simpy import Event

from game.sim.costs import CONTEXT_SWITCH_NS, SLICE_NS
from game.sim.timeline import Timeline

KSOFTIRQD_AFTER_NS = 2_000_000
"""Softirq without a pause longer than this goes on in ksoftirqd (MAX_SOFTIRQ_TIME, 2 ms)."""


class _Job:
    __slots__ = ("done", "left_ns", "thread")

    def __init__(self, thread: int, left_ns: int, done: Event) -> None:
        self.thread = thread
        self.left_ns = left_ns
        self.done = done


class Core:
    """A core and the threads that want it.

    Attributes:
        user_ns, switching_ns: time spent so far, by kind.
        length: threads that run or wait to run.
        softirq_free_ns: when softirq is done with all that it has begun.
        softirq_since_ns: since when it has not paused.

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
        self.softirq_free_ns = 0
        self.softirq_since_ns = 0
        self._softirq_booked_ns = 0
        self._softirq_pace = 1  # Wall time for each nanosecond of what it has begun.
        self.user_ns = 0
        self.switching_ns = 0

    # Softirq.

    @property
    def softirq_ns(self) -> int:
        """Softirq time spent until now."""
        left_ns = self.softirq_free_ns - self._env.now
        if left_ns <= 0:
            return self._softirq_booked_ns
        return self._softirq_booked_ns + -left_ns // self._softirq_pace

    def begin_softirq(self, at_ns: int, cost_ns: int) -> None:
        """Begin what found softirq idle."""
        self.softirq_since_ns = at_ns
        self._softirq_pace = 1
        self._softirq_booked_ns += cost_ns
        self.softirq_free_ns = at_ns + cost_ns

    def go_on_softirq(self, cost_ns: int) -> None:
        """Begin what has waited, as soon as softirq is done with what came before."""
        at_ns = self.softirq_free_ns
        self._softirq_pace = pace = self.softirq_pace(at_ns)
        self._softirq_booked_ns += cost_ns
        self.softirq_free_ns = at_ns + cost_ns * pace

    def go_on_softirq_evenly(self, cost_ns: int, count: int, pace: int) -> None:
        """Begin `count` things that have waited, one after the other, all at this pace."""
        self._softirq_pace = pace
        self._softirq_booked_ns += cost_ns * count
        self.softirq_free_ns += cost_ns * pace * count

    def book_softirq(self, cost_ns: int) -> None:
        """Book what left no trace but its cost: it was over before `softirq_free_ns`."""
        self._softirq_booked_ns += cost_ns

    def add_softirq(self, now_ns: int, cost_ns: int) -> None:
        """Do something besides packets (timers), after what has begun."""
        if self.softirq_free_ns <= now_ns:
            self.begin_softirq(now_ns, cost_ns)
        else:
            self._softirq_booked_ns += cost_ns
            self.softirq_free_ns += cost_ns * self._softirq_pace

    def softirq_pace(self, at_ns: int) -> int:
        """Wall time for each nanosecond of softirq that begins then: 2 if a thread shares."""
        shares = self._running is not None
        return 2 if shares and at_ns - self.softirq_since_ns >= KSOFTIRQD_AFTER_NS else 1

    # Threads.

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
        self._slice_ns = job.left_ns if job.left_ns < SLICE_NS else SLICE_NS
        now_ns = self._env.now
        # Mostly softirq is idle, and what it has booked is what it has spent.
        idle = self.softirq_free_ns <= now_ns
        self._softirq_seen_ns = self._softirq_booked_ns if idle else self.softirq_ns
        self._env.call_at(now_ns + switch_ns + self._slice_ns, self._end_slice, None)

    def _end_slice(self, _: None) -> None:
        self._settle()
        spent_ns = self.softirq_ns
        stolen_ns = spent_ns - self._softirq_seen_ns
        if stolen_ns:
            self._softirq_seen_ns = spent_ns
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
