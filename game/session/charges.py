"""What the changes of knobs cost: one that is corrected at once is still one change.

A hand turns a knob notch by notch, a console sets it in one go, and both pay the same.
"""

from typing import NamedTuple

from game.level.schema import Knob
from game.session.rates import TICKS_PER_S

SETTLE_TICKS = 2 * TICKS_PER_S
"""A change can be corrected for so long: a hand that turns a knob through its range needs about
that. In a pause no tick passes. It is counted from the first change, so that nobody can go on
correcting for ever."""


class _Change(NamedTuple):
    since: int
    origin: str


class Charges:
    """The changes of one run that can still be corrected."""

    def __init__(self) -> None:
        self._changes: dict[str, _Change] = {}

    def price(self, knob: Knob, before: str, after: str, tick: int) -> int:
        """Points for one more change; below 0 where it takes back one that was just made."""
        origin = self._origin(knob.name, before, tick)
        return knob.cost * ((after != origin) - (before != origin))

    def note(self, name: str, before: str, after: str, tick: int) -> None:
        """A change was made at a tick."""
        change = self._changes.get(name)
        if before != after and (change is None or tick - change.since > SETTLE_TICKS):
            self._changes[name] = _Change(tick, before)

    def _origin(self, name: str, before: str, tick: int) -> str:
        change = self._changes.get(name)
        if change is None or tick - change.since > SETTLE_TICKS:
            return before
        return change.origin
