from game.client.game_view import CONSOLE_OUTPUTS_KEPT, REFUSALS_KEPT, GameView
from game.protocol.messages import ConsoleOutput, Goodbye, Pace, Refused, Started
from tests.client.catalogues import three
from tests.client.runs import result, snapshot


def playing() -> GameView:
    view = GameView()
    view.take(three(), 0.0)
    view.take(Started("level-2", 5, recorded=False), 0.0)
    return view


def test_a_snapshot_before_any_run_is_ignored() -> None:
    view = GameView()
    view.take(snapshot(3), 0.0)
    assert view.snapshot is None
    assert view.moment(0.0) is None
    assert len(view.run) == 0


def test_an_old_snapshot_does_not_turn_back_time() -> None:
    view = playing()
    for tick in (0, 2, 1, 2, 4):
        view.take(snapshot(tick), 0.0)
    assert view.snapshot is not None
    assert view.snapshot.tick == 4
    assert [view.run.at(index).tick for index in range(len(view.run))] == [0, 2, 4]


def test_a_new_run_forgets_the_old_one() -> None:
    view = playing()
    view.take(snapshot(9), 0.0)
    view.take(Refused(1, "over", {}), 0.0)
    view.take(result("level-2"), 0.0)
    assert [view.result is None, view.snapshot is None] == [False, False]
    view.take(Started("level-2", 6, recorded=False), 0.0)
    assert (view.result, view.snapshot) == (None, None)
    assert view.refusals == []
    assert view.refused_total == 1
    assert view.runs_begun == 2
    view.take(snapshot(0), 0.0)
    assert view.run.at(0).tick == 0


def test_a_result_of_another_level_or_of_no_run_is_ignored() -> None:
    view = GameView()
    view.take(result("level-2"), 0.0)
    assert view.result is None
    view = playing()
    view.take(result("level-1"), 0.0)
    assert view.result is None


def test_the_card_is_found_only_when_the_catalogue_has_it() -> None:
    view = GameView()
    view.take(Started("level-2", 5, recorded=False), 0.0)
    before = view.card
    view.take(three(), 0.0)
    assert before is None
    assert view.card is not None
    assert view.card.number == 2


def test_the_picture_glides_from_the_previous_snapshot_to_the_current() -> None:
    view = playing()
    view.take(snapshot(0), 10.0)
    view.take(snapshot(1), 10.05)
    for wall_s, blend in ((10.05, 0.0), (10.075, 0.5), (10.2, 1.0), (9.0, 0.0)):
        moment = view.moment(wall_s)
        assert moment is not None
        assert abs(moment.blend - blend) < 1e-6
    half = view.moment(10.075)
    assert half is not None
    assert abs(half.time_ms - 25) < 1e-3


def test_at_four_times_the_pace_several_ticks_pass_in_one_step() -> None:
    view = playing()
    view.take(Pace(16), 0.0)
    view.take(snapshot(4), 1.0)
    view.take(snapshot(8), 1.05)
    moment = view.moment(1.075)
    assert moment is not None
    assert abs(moment.blend - 0.5) < 1e-6


def test_a_pause_shows_the_newest_snapshot_as_it_is() -> None:
    view = playing()
    view.take(snapshot(0), 1.0)
    view.take(snapshot(1), 1.05)
    view.take(Pace(0), 1.06)
    moment = view.moment(1.06)
    assert moment is not None
    assert moment.blend == 1.0


def test_scrubbing_finds_the_snapshot_at_or_before_a_moment() -> None:
    view = playing()
    for tick in (0, 2, 4):
        view.take(snapshot(tick), 0.0)
    assert [view.run.index_at(ms) for ms in (-5, 0, 99, 100, 150, 9999)] == [0, 0, 0, 1, 1, 2]
    assert view.run.end_ms == 200


def test_what_is_only_shown_is_kept_within_bounds() -> None:
    view = playing()
    for seq in range(REFUSALS_KEPT + CONSOLE_OUTPUTS_KEPT):
        view.take(Refused(seq, "over", {}), 0.0)
        view.take(ConsoleOutput(seq, ["line"]), 0.0)
    assert len(view.refusals) == REFUSALS_KEPT
    assert len(view.console) == CONSOLE_OUTPUTS_KEPT
    assert view.refusals[-1].seq == view.console[-1].seq


def test_the_last_word_is_kept() -> None:
    view = GameView()
    view.take(Goodbye("closing", {}), 0.0)
    assert view.goodbye is not None
