"""What the debrief tells: the causes of a run, few and in order."""

import pytest

from game.level.load import load_level
from game.paths import levels_dir
from game.protocol.messages import Call, Result
from game.session.charges import SETTLE_TICKS
from game.session.session import Session
from game.session.story import CAUSES_MAX


def play(backlog: int | None = None) -> Result:
    """Level 2 as it is, or with another backlog from the start."""
    session = Session(load_level(levels_dir() / "02-hall.toml"), 1)
    if backlog is not None:
        session.submit(Call(1, "listen", backlog))
    while not session.over:
        session.advance()
    return session.result()


def test_seven_overflows_are_one_cause_with_their_sum() -> None:
    result = play()
    overflows = [event for event in result.story if event.code == "accept_queue_overflowed"]
    assert len(overflows) == 1
    assert overflows[0].args["count"] == result.counters["TcpExtListenOverflows"]
    assert 12 * 20 <= overflows[0].tick <= 13 * 20  # The first coach comes at 12 s.


def test_calm_comes_after_the_last_loss() -> None:
    calm = [event for event in play().story if event.code == "calm_again"]
    assert len(calm) == 1
    assert calm[0].tick > 59 * 20  # The rush ends at 60 s.


def test_causes_are_few_and_in_order() -> None:
    story = play(64).story
    assert 1 < len(story) <= CAUSES_MAX
    assert [event.tick for event in story] == sorted(event.tick for event in story)
    assert story[0].code == "set_knob"
    assert story[0].args == {"name": "backlog", "value": 64, "before": "3"}


def test_the_plots_cover_the_whole_run() -> None:
    result = play()
    series = result.series
    points = 75_000 // series.step_ms
    for values in (series.served, series.lost, series.offered, series.core_max):
        assert len(values) == points
    assert len(series.accept_queue[0]) == points
    assert max(series.accept_queue[0]) == 4  # Backlog 3 holds one more.
    assert sum(series.served) + sum(series.lost) <= sum(series.offered)


def test_a_knob_turned_notch_by_notch_is_one_change() -> None:
    session = Session(load_level(levels_dir() / "02-hall.toml"), 1)
    for seq, backlog in enumerate((8, 16, 32, 64), start=1):
        session.submit(Call(seq, "listen", backlog))
        session.advance()
    told = [event for event in session.result().story if event.code == "set_knob"]
    assert [event.args for event in told] == [{"name": "backlog", "value": 64, "before": "3"}]


def test_calls_that_failed_do_not_push_out_those_that_worked() -> None:
    session = Session(load_level(levels_dir() / "01-first-train.toml"), 1)
    calls = [Call(0, "accept")] * 6 + [Call(0, "listen", 5)] * 3
    calls += [Call(0, "socket"), Call(0, "bind", 443), Call(0, "listen", 16), Call(0, "accept")]
    for call in calls:
        session.submit(call)
        session.advance()
    told = [str(event.args["call"]) for event in session.result().story if event.code == "call"]
    assert told[-4:] == ["socket", "bind", "listen", "accept"]
    assert len(told) == CAUSES_MAX


def turned(*at: tuple[int, int]) -> list[dict[str, str | int]]:
    """What is told of the backlog of level 2, turned at some ticks to some values."""
    session = Session(load_level(levels_dir() / "02-hall.toml"), 1)
    for tick, backlog in at:
        while session.tick < tick:
            session.advance()
        session.submit(Call(1, "listen", backlog))
    session.advance()
    return [event.args for event in session.result().story if event.code == "set_knob"]


def test_two_changes_that_were_charged_are_two_that_are_told() -> None:
    later = SETTLE_TICKS + 1
    assert [args["before"] for args in turned((0, 8), (later - 1, 16))] == ["3"]
    assert [args["before"] for args in turned((0, 8), (later, 16))] == ["3", "8"]


def test_a_change_that_was_taken_back_at_once_is_not_told() -> None:
    assert turned((0, 64), (20, 3)) == []
    assert len(turned((0, 64), (SETTLE_TICKS + 1, 3))) == 2


@pytest.mark.parametrize("at_losses", [5, 25], ids=["in the middle of a loss", "after it"])
def test_losses_are_told_with_the_backlog_they_happened_at(at_losses: int) -> None:
    session = Session(load_level(levels_dir() / "02-hall.toml"), 1)
    lost: dict[int, int] = {}
    while not session.over:
        before = session.world.host.counters.TcpExtListenOverflows
        if before >= at_losses and session.world.backlog == 3:
            session.submit(Call(1, "listen", 8))
        session.advance()
        grown = session.world.host.counters.TcpExtListenOverflows - before
        lost[session.world.backlog] = lost.get(session.world.backlog, 0) + grown
    told = [one.args for one in session.result().story if one.code == "accept_queue_overflowed"]
    assert {args["backlog"]: args["count"] for args in told} == lost
    assert len(lost) == 2 and all(lost.values())
