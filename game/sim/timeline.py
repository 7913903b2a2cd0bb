"""SimPy's event list in whole nanoseconds, and callbacks on it.

A process for every packet or timer would cost ten times as much as one plain event, so packets,
timers and peers are callbacks; only threads are processes.
Source: simpy 4.1 core.py Environment.step(), run().
"""

from collections.abc import Callable
from heapq import heappop, heappush
from typing import Any, cast

from simpy import Environment, Event
from simpy.events import NORMAL

_RANKS = 1_000
"""Ranks are below this."""

_CALL_PLACES = 5
"""An entry of SimPy's list is moment, rank, number and event; that of a plain call is moment, rank,
number, callback and value: no event is made for it. No two numbers are alike, so nothing beyond
them is compared."""


class Timeline(Environment):
    """An environment whose time is `int` nanoseconds since the level began.

    Attributes:
        now: the present moment; plain, since it is read sixty times a connection.
    """

    now: int = 0

    def __init__(self, initial_ns: int = 0) -> None:
        super().__init__(initial_ns)
        self.now = initial_ns

    def call_at(self, at_ns: int, callback: Callable[[Any], None], value: object) -> None:
        """Call `callback(value)` at `at_ns`."""
        queue: list[Any] = self._queue
        heappush(queue, (at_ns, NORMAL, next(self._eid), callback, value))

    def call_first_at(
        self, at_ns: int, rank: int, callback: Callable[[Any], None], value: object
    ) -> None:
        """As `call_at`, but before all plain events of that moment, the lowest rank first."""
        queue: list[Any] = self._queue
        heappush(queue, (at_ns, rank - _RANKS, next(self._eid), callback, value))

    def happen_at(self, at_ns: int, event: Event) -> None:
        """Let an event that somebody waits for happen at `at_ns`."""
        event._ok = True
        event._value = None
        heappush(self._queue, (at_ns, NORMAL, next(self._eid), event))

    @staticmethod
    def happen(event: Event) -> None:
        """Let an event happen now, before anything else that stands at this moment."""
        event._ok = True
        event._value = None
        callbacks = event.callbacks
        event.callbacks = None  # type: ignore[assignment]  # SimPy marks it as done so.
        for callback in callbacks:
            callback(event)

    def run_until(self, until_ns: int) -> None:
        """Run every event before `until_ns`, and stop one nanosecond short of it.

        So what is commanded there comes before everything that happens at `until_ns`.
        """
        queue: list[Any] = self._queue
        while queue and queue[0][0] < until_ns:
            entry = heappop(queue)
            self.now = self._now = entry[0]
            if len(entry) == _CALL_PLACES:
                entry[3](entry[4])
                continue
            event = entry[3]
            callbacks = event.callbacks
            event.callbacks = None  # SimPy marks it as done so.
            for callback in callbacks or ():
                callback(event)
            if not event._ok and not hasattr(event, "_defused"):
                raise cast(BaseException, event._value)
        self.now = self._now = until_ns - 1


class Alarm:
    """Runs a callback at the earliest moment it was set to; then it has to be set again."""

    __slots__ = ("_at_ns", "_callback", "_timeline")

    def __init__(self, timeline: Timeline, callback: Callable[[], None]) -> None:
        self._timeline = timeline
        self._callback = callback
        self._at_ns: int | None = None

    def set(self, at_ns: int | None) -> None:
        """See that the callback runs at `at_ns` at the latest; None asks for nothing."""
        if at_ns is None or (self._at_ns is not None and self._at_ns <= at_ns):
            return
        now_ns = self._timeline.now
        self._at_ns = at_ns if at_ns > now_ns else now_ns
        self._timeline.call_at(self._at_ns, self._ring, self._at_ns)

    def _ring(self, at_ns: int) -> None:
        if at_ns == self._at_ns:  # Otherwise an earlier setting has already rung.
            self._at_ns = None
            self._callback()
