"""Cumulative counts turned into rates over the last second of ticks."""

from collections import deque
from collections.abc import Mapping
from typing import Any

TICK_MS = 50
TICKS_PER_S = 1000 // TICK_MS


class Rates:
    """The last `ticks` values of some running totals.

    Args:
        ticks: length of the window.
    """

    def __init__(self, ticks: int = TICKS_PER_S) -> None:
        self._past: deque[Mapping[Any, int]] = deque(maxlen=ticks + 1)

    def note(self, totals: Mapping[Any, int]) -> None:
        """Take the totals at the end of a tick."""
        self._past.append(totals)

    def last_tick(self, name: object) -> int:
        """How much a total rose during the last tick."""
        if len(self._past) < 2:
            return 0
        return self._past[-1].get(name, 0) - self._past[-2].get(name, 0)

    def per_s(self, name: object) -> int:
        """How much a total rose a second, over the window or as much of it as there is."""
        ticks = len(self._past) - 1
        if ticks < 1:
            return 0
        return (self._past[-1].get(name, 0) - self._past[0].get(name, 0)) * TICKS_PER_S // ticks
