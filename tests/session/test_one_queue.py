"""A stack with one queue (profile `bsd`): its snapshots and its story while that queue is full."""

from game.level.load import load_level
from game.paths import levels_dir
from game.session.session import Session


def test_a_full_queue_of_finished_connections_is_shown_without_cookies() -> None:
    session = Session(load_level(levels_dir() / "18-old-station.toml"), 1)
    limits = []
    while session.tick < 20 * 45:
        session.advance()
        (listener,) = session.snapshot().listeners
        assert not listener.cookies
        limits.append(listener.syn_queue_limit)
    assert min(limits) == 0
    codes = [one.code for one in session.result().story]
    assert "accept_queue_overflowed" in codes
    assert "cookies_took_over" not in codes
    filled = [one for one in session.result().story if one.code == "syn_queue_filled"]
    assert all(one.args["limit"] for one in filled)
