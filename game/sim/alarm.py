"""Callbacks on SimPy's event list: at a moment, or at the earliest of several moments.

A process for every packet or timer would cost ten times as much as one plain event.
"""

from collections.abc import Callable
from typing import Any

from simpy import Environment, Event


def call_at(env: Environment, at_ns: int, callback: Callable[[Any], None], value: object) -> None:
    """Call `callback(event)` at `at_ns`, with `value` as the event's value."""
    event = Event(env)
    event._ok = True
    event._value = value
    event.callbacks = [callback]
    env.schedule(event, delay=at_ns - env.now)


class Alarm:
    """Runs a callback at the earliest moment it was set to; then it has to be set again."""

    __slots__ = ("_at_ns", "_callback", "_env")

    def __init__(self, env: Environment, callback: Callable[[], None]) -> None:
        self._env = env
        self._callback = callback
        self._at_ns: int | None = None

    def set(self, at_ns: int | None) -> None:
        """See that the callback runs at `at_ns` at the latest; None asks for nothing."""
        if at_ns is None or (self._at_ns is not None and self._at_ns <= at_ns):
            return
        self._at_ns = max(at_ns, self._env.now)
        call_at(self._env, self._at_ns, self._ring, self._at_ns)

    def _ring(self, event: Event) -> None:
        if event._value == self._at_ns:  # Otherwise an earlier setting has already rung.
            self._at_ns = None
            self._callback()
