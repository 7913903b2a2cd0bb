"""Slow ways to run the same rules, to compare with: a SimPy process for every single thing.

Nothing in the game uses them; the bench and the tests do.
"""

from collections.abc import Callable, Generator
from typing import Any

from simpy import Event

from game.sim.gate_by_object import FloodByObject
from game.sim.timeline import Timeline


class ProcessTimeline(Timeline):
    """A timeline on which every packet, timer and deadline is a process of its own."""

    def call_at(self, at_ns: int, callback: Callable[[Any], None], value: object) -> None:
        """Call `callback(value)` at `at_ns` from a process made for it."""

        def wait() -> Generator[Event, Any, None]:
            yield self.timeout(at_ns - self.now)
            callback(value)

        self.process(wait())


class FloodByProcess(FloodByObject):
    """A flood with one process for each SYN, as one would first write it."""

    def run(self, env: Timeline) -> None:
        """Start the process that starts the others."""
        flood = self.flood

        def syn(k: int) -> Generator[Event, Any, None]:
            yield env.timeout(0)
            self.arrive(k)

        def source() -> Generator[Event, Any, None]:
            while flood.sent < flood.count:
                yield env.timeout(flood.arrival_ns(flood.sent) - env.now)
                env.process(syn(flood.sent))
                flood.sent += 1

        env.process(source())
