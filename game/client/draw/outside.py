"""Where peers outside the gate stand and walk, from their deadlines alone."""

from functools import lru_cache
from math import inf

from game.client.draw.layout import GATE, MOUTH_H, MOUTH_Y, PLACES_KEPT, home, scatter
from game.protocol.snapshot import PeerMark, PeerState

Point = tuple[float, float]

STEP_BACK_MS = 700
"""Whoever is turned away needs this long to walk back, and as long to come again."""

ENTRY_X = -10.0
WAITS_MS = tuple((1000 << tries, min(STEP_BACK_MS, (1000 << tries) / 3)) for tries in range(7))
"""By SYNs re-sent: how long a peer waits for the next, and walks each way of that."""


@lru_cache(maxsize=PLACES_KEPT)
def at_mouth(number: int) -> Point:
    """Where a peer with this number stands while its SYN is under way."""
    x, y = scatter(number, 2), scatter(number, 3)
    return GATE[0] - 26 + x * 20, MOUTH_Y + 14 + y * (MOUTH_H - 20)


def spot(peer: PeerMark, now_ms: float) -> Point:
    """The feet of a peer at a moment."""
    return stand(peer, now_ms)[0]


def stand(peer: PeerMark, now_ms: float) -> tuple[Point, float]:
    """The feet of a peer at a moment, and until when they stay there if nothing happens to it.

    One that is coming crosses the square so that it reaches the mouth when its SYN goes out. One
    that was not answered walks back, waits, and is at the mouth again for its next SYN. Who walks
    stays until this very moment.
    """
    number = peer.id
    match peer.state:
        case PeerState.COMING:
            whole = max(1, peer.until_ms - peer.since_ms)
            part = min(1.0, max(0.0, (now_ms - peer.since_ms) / whole))
            start = ENTRY_X, home(number)[1]
            return _between(start, at_mouth(number), part, part * part), now_ms
        case PeerState.RETRYING if peer.until_ms:
            wait_ms, walk_ms = WAITS_MS[min(peer.tries, len(WAITS_MS) - 1)]
            left_ms = peer.until_ms - now_ms
            walked_ms = min(left_ms, wait_ms - left_ms)
            if walked_ms >= walk_ms:
                return home(number), peer.until_ms - walk_ms
            near = walked_ms / walk_ms if walked_ms > 0 else 0.0
            return _between(at_mouth(number), home(number), near, near), now_ms
        case PeerState.RETRYING | PeerState.HALF_OPEN:
            return home(number), inf
    return at_mouth(number), inf


def _between(start: Point, end: Point, part_x: float, part_y: float) -> Point:
    return start[0] + (end[0] - start[0]) * part_x, start[1] + (end[1] - start[1]) * part_y
