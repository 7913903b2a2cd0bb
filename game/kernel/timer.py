"""The kernel's timer wheel: timers that fire late, in batches, never early.

A timer of d jiffies sits in a bucket of granularity 1, 8, 64, 512, ... jiffies, the coarser the
longer d, and fires when the bucket is over. Timers of one bucket fire together, the last armed
first; of several buckets due in one jiffy the coarsest fires first. What a timer does when it
fires is not here: the caller gets the timers that are due.
Source: linux v6.18 kernel/time/timer.c calc_wheel_index(), expire_timers(); HZ 250.
"""

import heapq
from collections.abc import Iterator
from typing import Final, Protocol

HZ: Final = 250
JIFFY_NS: Final = 1_000_000_000 // HZ
_LEVEL_BITS: Final = 4  # The wheel has 9 levels, so a level fits below an expiry.
_LEVEL_MAX: Final = 8


class Timer(Protocol):
    """Anything that may be armed; the wheel keeps its place in `timer_key`, 0 while not armed."""

    timer_key: int


def jiffies(duration_ns: int) -> int:
    """A duration in jiffies, rounded up.

    Source: linux v6.18 kernel/time/time.c __usecs_to_jiffies().
    """
    return -(-duration_ns // JIFFY_NS)


class TimerWheel:
    """Every armed timer of one machine.

    Args:
        phase_ns: how long jiffy 0 lies before nanosecond 0; moves the grid on which timers fire.
    """

    __slots__ = ("_buckets", "_heap", "phase_ns")

    def __init__(self, phase_ns: int = 0) -> None:
        self.phase_ns = phase_ns
        # A key is the bucket's expiry in jiffies, then the level counted from the coarsest, so
        # that the heap yields buckets in the order in which the kernel runs them.
        self._buckets: dict[int, list[Timer]] = {}
        self._heap: list[int] = []

    def arm(self, timer: Timer, now_ns: int, delay_jiffies: int) -> int:
        """Make `timer` fire after `delay_jiffies` (at least 1); return when, in nanoseconds.

        A timer that is armed already moves; in the same bucket it keeps its place.
        """
        expires = (now_ns + self.phase_ns) // JIFFY_NS + delay_jiffies
        if delay_jiffies < 63:
            expires += 1
            key = (expires << _LEVEL_BITS) | _LEVEL_MAX
        elif delay_jiffies < 504:
            expires = (expires | 7) + 1
            key = (expires << _LEVEL_BITS) | (_LEVEL_MAX - 1)
        else:
            level, reach = 2, 4032
            while delay_jiffies >= reach and level < _LEVEL_MAX:
                level += 1
                reach <<= 3
            expires = (expires | ((1 << 3 * level) - 1)) + 1
            key = (expires << _LEVEL_BITS) | (_LEVEL_MAX - level)
        if timer.timer_key != key:
            timer.timer_key = key
            bucket = self._buckets.get(key)
            if bucket is None:
                self._buckets[key] = [timer]
                heapq.heappush(self._heap, key)
            else:
                bucket.append(timer)
        return expires * JIFFY_NS - self.phase_ns

    def cancel(self, timer: Timer) -> None:
        """Make `timer` not fire; harmless if it is not armed."""
        timer.timer_key = 0  # Its place in the bucket is skipped later.

    def deadline_ns(self, timer: Timer) -> int | None:
        """When `timer` will fire, None while it is not armed."""
        if not timer.timer_key:
            return None
        return (timer.timer_key >> _LEVEL_BITS) * JIFFY_NS - self.phase_ns

    def next_ns(self) -> int | None:
        """When the next timer fires, None if none is armed.

        Buckets that hold nothing but cancelled timers are dropped on the way: most timers are
        cancelled long before they are due, and nobody needs to wake for those.
        """
        heap, buckets = self._heap, self._buckets
        while heap:
            key = heap[0]
            bucket = buckets[key]
            while bucket and bucket[-1].timer_key != key:
                bucket.pop()
            if bucket:
                return (key >> _LEVEL_BITS) * JIFFY_NS - self.phase_ns
            heapq.heappop(heap)
            del buckets[key]
        return None

    def armed(self, but: type | None = None) -> Iterator[tuple[int, Timer]]:
        """Every armed timer with its bucket's key, in the order in which they would fire.

        Args:
            but: a kind of timer that is left out.
        """
        for key in sorted(self._buckets):
            seen: set[int] = set()
            bucket = [timer for timer in self._buckets[key] if timer.__class__ is not but]
            for timer in reversed(bucket):
                if timer.timer_key == key and id(timer) not in seen:
                    seen.add(id(timer))
                    yield key, timer

    def expire(self, now_ns: int) -> Iterator[tuple[int, Timer]]:
        """Each timer due up to and including `now_ns`, with the time at which it fires.

        A timer is disarmed before it is handed out; it may be armed again at once.
        """
        heap = self._heap
        while heap:
            key = heap[0]
            fire_ns = (key >> _LEVEL_BITS) * JIFFY_NS - self.phase_ns
            if fire_ns > now_ns:
                return
            heapq.heappop(heap)
            for timer in reversed(self._buckets.pop(key)):
                if timer.timer_key == key:
                    timer.timer_key = 0
                    yield fire_ns, timer
