"""All floods of one receive queue as one sequence: its n-th arrival, and how many by when.

At one nanosecond the flood that comes first in the list arrives first. With several queues the
packets of a flood are dealt out in turn, where a real card would hash each: equal in distribution.
"""

from typing import NamedTuple

from game.sim.flood import FOREVER_NS, Flood

_NEAR = 32
"""A cursor walks at most so far; beyond that a search by time is quicker."""


LOOK_BACK_NS = 1_000_000_000
"""What waits in a ring has come within the last milliseconds; a second is plenty."""


class Arrival(NamedTuple):
    """One packet of a flood.

    Attributes:
        at_ns: when it arrives.
        share: index of its flood in the list.
        k: its number in the flood.
    """

    at_ns: int
    share: int
    k: int


class _Cursor:
    """A place in the sequence: `counts` of each flood lie before it."""

    __slots__ = ("counts", "heads", "index")

    def __init__(self) -> None:
        self.index = -1
        self.counts: list[int] = []
        self.heads: list[int] = []


class Arrivals:
    """The floods of one queue, merged.

    Args:
        queue, queues: packet k of each flood belongs here if k modulo `queues` is `queue`.

    Attributes:
        floods: in the order in which ties are resolved.
    """

    def __init__(self, queue: int = 0, queues: int = 1) -> None:
        self.floods: list[Flood] = []
        self.queues = queues
        self._queue = queue
        self._live: list[int] = []
        self._fixed: list[int] = []
        self._cursors = [_Cursor(), _Cursor(), _Cursor()]

    def add(self, flood: Flood, now_ns: int = -1) -> None:
        """Let one more flood hit the queue.

        Args:
            now_ns: nobody asks any more for what was `LOOK_BACK_NS` before this.
        """
        self.floods.append(flood)
        self._fixed.append(0)
        self._live.append(len(self.floods) - 1)
        past_ns = now_ns - LOOK_BACK_NS
        for i in [one for one in self._live if self.floods[one].is_past(past_ns)]:
            self._live.remove(i)
            self._fixed[i] = self._dealt(self.floods[i].count)
        for cursor in self._cursors:
            cursor.index = -1

    def counts(self, at_ns: int) -> list[int]:
        """How many packets of each flood have arrived at `at_ns` or before."""
        floods, counts = self.floods, self._fixed.copy()
        for i in self._live:
            counts[i] = self._dealt(floods[i].arrived_by(at_ns))
        return counts

    def _dealt(self, count: int) -> int:
        """How many of the first `count` packets of a flood come to this queue."""
        return (count + self.queues - 1 - self._queue) // self.queues

    def total(self, at_ns: int) -> int:
        """How many packets have arrived at `at_ns` or before."""
        floods = self.floods
        if len(floods) == 1:
            return self._dealt(floods[0].arrived_by(at_ns))
        return sum(self.counts(at_ns))

    def at(self, index: int) -> Arrival | None:
        """The arrival with this number, counted from 0; None if there are not so many."""
        floods = self.floods
        if len(floods) == 1:
            k = self._queue + index * self.queues
            return Arrival(floods[0].arrival_ns(k), 0, k) if k < floods[0].count else None
        if not floods:
            return None
        cursor = self._seek(index)
        at_ns = min(cursor.heads)
        if at_ns == FOREVER_NS:
            return None
        share = cursor.heads.index(at_ns)
        return Arrival(at_ns, share, self._queue + cursor.counts[share] * self.queues)

    def arrival_ns(self, index: int) -> int:
        """When that arrival is; for ever if there are not so many."""
        floods = self.floods
        if len(floods) == 1:
            k = self._queue + index * self.queues
            return floods[0].arrival_ns(k) if k < floods[0].count else FOREVER_NS
        arrival = self.at(index)
        return FOREVER_NS if arrival is None else arrival.at_ns

    def counts_before(self, index: int) -> list[int]:
        """How many packets of each flood come before arrival `index`."""
        return [index] if len(self.floods) == 1 else list(self._seek(index).counts)

    def _seek(self, index: int) -> _Cursor:
        cursors = self._cursors
        for i, cursor in enumerate(cursors):
            if 0 <= cursor.index <= index <= cursor.index + _NEAR:
                cursors.append(cursors.pop(i))
                break
        else:
            cursor = cursors.pop(0)
            cursors.append(cursor)
            self._jump(cursor, index)
        while cursor.index < index:
            at_ns = min(cursor.heads)
            if at_ns == FOREVER_NS:
                break
            share = cursor.heads.index(at_ns)
            cursor.counts[share] += 1
            cursor.heads[share] = self._head(share, cursor.counts[share])
            cursor.index += 1
        return cursor

    def _jump(self, cursor: _Cursor, index: int) -> None:
        """Place a cursor just before the moment of arrival `index`, at `index` or a tie before."""
        low, high = -1, max(flood.arrival_ns(max(flood.count, 1) - 1) for flood in self.floods)
        while high - low > 1:  # total(low) <= index; total(high) > index unless it is beyond all.
            middle = (low + high) // 2
            if self.total(middle) <= index:
                low = middle
            else:
                high = middle
        cursor.counts = self.counts(low)
        cursor.index = sum(cursor.counts)
        cursor.heads = [self._head(i, count) for i, count in enumerate(cursor.counts)]

    def _head(self, share: int, count: int) -> int:
        flood = self.floods[share]
        k = self._queue + count * self.queues
        return flood.arrival_ns(k) if k < flood.count else FOREVER_NS
