from itertools import pairwise
from math import hypot

from game.client.draw.layout import GATE, MOUTH_H, MOUTH_Y
from game.client.draw.outside import at_mouth, spot
from game.protocol.snapshot import Actor, PeerMark, PeerState


def peer(state: PeerState, since_ms: int, until_ms: int, tries: int = 0) -> PeerMark:
    return PeerMark(77, Actor.CLIENT, state, since_ms, until_ms, tries)


def test_whoever_comes_is_at_the_mouth_when_his_syn_goes_out() -> None:
    coming = peer(PeerState.COMING, 1000, 4000)
    assert spot(coming, 1000)[0] < 0
    x, y = spot(coming, 4000)
    assert GATE[0] - 30 < x < GATE[0]
    assert MOUTH_Y < y < MOUTH_Y + MOUTH_H
    assert spot(peer(PeerState.CONNECTING, 4000, 0), 4001) == (x, y)


def test_whoever_was_not_answered_walks_back_waits_and_comes_again() -> None:
    for tries, wait_ms in ((0, 1000), (2, 4000)):
        waiting = peer(PeerState.RETRYING, 0, 10_000, tries)
        way = [spot(waiting, 10_000 - wait_ms + ms) for ms in range(0, wait_ms + 1, 50)]
        assert way[0] == way[-1] == at_mouth(77)
        assert way[len(way) // 2] != at_mouth(77)
        assert all(hypot(b[0] - a[0], b[1] - a[1]) < 60 for a, b in pairwise(way)), "a jump"
