"""Where peers outside the gate stand and walk, from their deadlines alone."""

from functools import lru_cache

from game.client.draw.layout import GATE, MOUTH_H, MOUTH_Y, PLACES_KEPT, home, scatter
from game.protocol.snapshot import PeerMark, PeerState

Point = tuple[float, float]

STEP_BACK_MS = 700
"""Whoever is turned away needs this long to walk back, and as long to come again."""

ENTRY_X = -10.0


@lru_cache(maxsize=PLACES_KEPT)
def at_mouth(number: int) -> Point:
    """Where a peer with this number stands while its SYN is under way."""
    x, y = scatter(number, 2), scatter(number, 3)
    return GATE[0] - 26 + x * 20, MOUTH_Y + 14 + y * (MOUTH_H - 20)


def spot(peer: PeerMark, now_ms: float) -> Point:
    """The feet of a peer at a moment.

    One that is coming crosses the square so that it reaches the mouth when its SYN goes out. One
    that was not answered walks back, waits, and is at the mouth again for its next SYN.
    """
    number = peer.id
    match peer.state:
        case PeerState.COMING:
            whole = max(1, peer.until_ms - peer.since_ms)
            part = min(1.0, max(0.0, (now_ms - peer.since_ms) / whole))
            return _between((ENTRY_X, home(number)[1]), at_mouth(number), part, part * part)
        case PeerState.RETRYING if peer.until_ms:
            wait_ms = 1000 << min(peer.tries, 6)
            walk_ms = min(STEP_BACK_MS, wait_ms / 3)
            left_ms = peer.until_ms - now_ms
            near = min(1.0, max(0.0, left_ms / walk_ms), max(0.0, (wait_ms - left_ms) / walk_ms))
            if near == 1.0:
                return home(number)
            return _between(at_mouth(number), home(number), near, near)
        case PeerState.RETRYING | PeerState.HALF_OPEN:
            return home(number)
    return at_mouth(number)


def _between(start: Point, end: Point, part_x: float, part_y: float) -> Point:
    return start[0] + (end[0] - start[0]) * part_x, start[1] + (end[1] - start[1]) * part_y
