"""What waits in a receive ring: packets, and floods' packets as pieces of their sequence.

A `Run` is a piece without holes. A `Stretch` is what an overload left: of the arrivals from its
first on, those that found a descriptor, which it computes only when somebody asks for one.
"""

from collections import deque

from game.kernel.segment import Segment
from game.sim.arrivals import Arrivals


class Run:
    """Consecutive arrivals, all of which wait.

    Attributes:
        first: index of the oldest.
        count: how many.
    """

    __slots__ = ("count", "first")

    def __init__(self, first: int, count: int) -> None:
        self.first = first
        self.count = count

    def take(self) -> int:
        """Take the oldest: its index."""
        self.count -= 1
        self.first += 1
        return self.first - 1

    def skip(self, count: int) -> None:
        """Take the oldest ones, whichever they are."""
        self.count -= count
        self.first += count


class Overload:
    """A time in which a ring never runs empty and every packet costs the same.

    Before it, `held` packets wait. The first of them starts at `free_ns`, then one every
    `gap_ns`; a start comes before an arrival at the same moment. Arrival i is lost when a packet
    more than the ring holds would wait, so with W(i) = held + arrivals up to i − starts up to i,
    the lost ones up to i are max(0, max W(j) − ring, j ≤ i). In an overload W rises but for
    rounding, so only the last `window` arrivals can hold the maximum.

    Args:
        first: index of the first arrival of this time.
    """

    __slots__ = ("_arrivals", "_first", "_free_ns", "_gap_ns", "_held", "_ring", "_window")

    def __init__(
        self,
        arrivals: Arrivals,
        first: int,
        held: int,
        free_ns: int,
        gap_ns: int,
        ring: int,
        window: int,
    ) -> None:
        self._arrivals = arrivals
        self._first = first
        self._held = held
        self._free_ns = free_ns
        self._gap_ns = gap_ns
        self._ring = ring
        self._window = window

    def lost_by(self, index: int) -> int:
        """How many are lost of the arrivals up to `index`, itself included."""
        most = 0
        for i in range(max(self._first, index - self._window), index + 1):
            past_ns = self._arrivals.arrival_ns(i) - self._free_ns
            started = past_ns // self._gap_ns + 1 if past_ns >= 0 else 0
            most = max(most, self._held + i - self._first + 1 - started - self._ring)
        return most

    def found_room(self, index: int) -> int:
        """How many of the arrivals up to `index` found a descriptor."""
        return index - self._first + 1 - self.lost_by(index)


class Stretch:
    """The arrivals of an overload that found a descriptor and still wait.

    Args:
        first, last: indices of the first and the last arrival of the overload.

    Attributes:
        count: how many wait.
    """

    __slots__ = ("_last", "_next", "_overload", "_taken", "count")

    def __init__(self, overload: Overload, first: int, last: int, count: int) -> None:
        self._overload = overload
        self._next = first
        self._last = last
        self._taken = 0
        self.count = count

    def take(self) -> int:
        """Take the oldest: its index."""
        self._taken += 1
        self.count -= 1
        low, high = self._next, self._last
        while low < high:
            middle = (low + high) // 2
            if self._overload.found_room(middle) >= self._taken:
                high = middle
            else:
                low = middle + 1
        self._next = low + 1
        return low

    def skip(self, count: int) -> None:
        """Take the oldest ones, whichever they are."""
        self._taken += count
        self.count -= count


Piece = Segment | Run | Stretch


class Waiting:
    """Everything that waits in one ring, oldest first.

    Attributes:
        count: packets.
        peers: those of them that are packets of peers.
    """

    __slots__ = ("_pieces", "count", "peers")

    def __init__(self) -> None:
        self._pieces: deque[Piece] = deque()
        self.count = 0
        self.peers = 0

    def add_peer(self, segment: Segment) -> None:
        """Put a peer's packet behind all others."""
        self._pieces.append(segment)
        self.count += 1
        self.peers += 1

    def add_run(self, first: int, count: int) -> None:
        """Put consecutive arrivals of the floods behind all others."""
        pieces = self._pieces
        last = pieces[-1] if pieces else None
        if isinstance(last, Run) and last.first + last.count == first:
            last.count += count
        else:
            pieces.append(Run(first, count))
        self.count += count

    def add_stretch(self, overload: Overload, first: int, last: int, count: int) -> None:
        """Put those arrivals of an overload that found room behind all others."""
        self._pieces.append(Stretch(overload, first, last, count))
        self.count += count

    def take(self) -> Segment | Run | Stretch:
        """Take the oldest packet: a peer's, or a piece to take or skip one of."""
        piece = self._pieces[0]
        self.count -= 1
        if isinstance(piece, Segment):
            self.peers -= 1
            return self._pieces.popleft()
        return self._pieces.popleft() if piece.count == 1 else piece

    def drop(self, count: int) -> None:
        """Take the oldest packets, all of floods, whichever they are."""
        self.count -= count
        while count:
            piece = self._pieces[0]
            assert not isinstance(piece, Segment)  # The caller stops before a peer's turn.
            some = min(count, piece.count)
            count -= some
            if some == piece.count:
                self._pieces.popleft()
            else:
                piece.skip(some)

    def ahead(self) -> int:
        """Flood packets before the first packet of a peer."""
        ahead = 0
        for piece in self._pieces:
            if isinstance(piece, Segment):
                break
            ahead += piece.count
        return ahead
