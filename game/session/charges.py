"""What the changes of knobs cost: one that is corrected at once is still one change.

A hand turns a knob notch by notch, a console sets it in one go, and both pay the same.
"""

from typing import NamedTuple

from game.level.schema import Knob
from game.session.rates import TICKS_PER_S

SETTLE_TICKS = 3 * TICKS_PER_S
"""A change can be corrected for so long after the last correction: a hand that clicks its way
through a range, and looks, needs about that. In a pause no tick passes."""

CORRECTED_TICKS_MAX = 10 * TICKS_PER_S
"""And for so long after it was made: nobody goes on correcting for ever."""


class _Change(NamedTuple):
    since: int
    last: int
    origin: str

    def is_open(self, tick: int) -> bool:
        settling = tick - self.last <= SETTLE_TICKS
        return settling and tick - self.since <= CORRECTED_TICKS_MAX


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
        if before == after:
            return
        change = self._changes.get(name)
        if change is None or not change.is_open(tick):
            change = _Change(tick, tick, before)
        self._changes[name] = change._replace(last=tick)

    def since(self, name: str, tick: int) -> int:
        """The tick of the change that one at a tick corrects; that tick where it corrects none."""
        change = self._changes.get(name)
        return tick if change is None or not change.is_open(tick) else change.since

    def _origin(self, name: str, before: str, tick: int) -> str:
        change = self._changes.get(name)
        return before if change is None or not change.is_open(tick) else change.origin
