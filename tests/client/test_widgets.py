"""What widgets compute before they draw."""

import msgspec
import pygame
import pytest

from game.client.canvas import Canvas
from game.client.theme import THEMES
from game.client.widgets import plot
from game.client.widgets.dash import dashes
from game.client.widgets.goal import bar_end
from game.client.widgets.real_machine import commands
from game.client.widgets.route import NEAR_STATION, headings, rounded, routes, samples
from game.client.widgets.story import moment_text, told
from game.client.widgets.timetable import lanes
from game.protocol.catalogue import Wave
from game.protocol.messages import DebriefEvent
from game.text.goals import mark_text, value_text
from game.text.real_machine import COMMANDS_MAX, telling_counters
from tests.client.catalogues import three, twenty


def test_there_is_a_track_for_every_pair_of_stations() -> None:
    cards = twenty().levels
    pairs = {(route.start, route.end) for route in routes(cards)}
    assert pairs == {(before, card.id) for card in cards for before in card.after}


def test_tracks_run_level_upright_or_diagonal() -> None:
    for route in routes(twenty().levels):
        for (x0, y0), (x1, y1) in zip(route.points, route.points[1:], strict=False):
            dx, dy = abs(x1 - x0), abs(y1 - y0)
            assert dx == 0 or dy == 0 or dx == pytest.approx(dy), route


def test_tracks_keep_away_from_stations_they_do_not_serve() -> None:
    cards = twenty().levels
    for route in routes(cards):
        for card in cards:
            if card.id in (route.start, route.end):
                continue
            for x, y in samples(route.points, 8):
                far = (x - card.map_x) ** 2 + (y - card.map_y) ** 2
                assert far >= (NEAR_STATION - 2) ** 2, (route, card.id)


def test_a_line_goes_on_straight_where_it_can() -> None:
    by_pair = {(r.start, r.end): r for r in routes(twenty().levels)}
    into, out_of = by_pair["level-6", "level-7"], by_pair["level-7", "level-8"]
    assert headings(into, "level-7") == 4, "it comes in from the left"
    assert headings(out_of, "level-7") == 0


def test_a_station_whose_forerunner_is_missing_is_joined_by_a_planned_track() -> None:
    planned = [(r.start, r.end) for r in routes(three().levels) if r.planned]
    assert planned == [("level-2", "level-11")]


def test_where_many_lines_end_each_keeps_its_colour() -> None:
    ends = [route.line for route in routes(twenty().levels) if route.end == "level-20"]
    assert ends == ["queue", "crew", "flood", "luggage", "heritage"]


def test_rounding_keeps_the_ends_and_cuts_the_corner() -> None:
    way = rounded([(0, 0), (100, 0), (100, 100)], 20)
    assert (way[0], way[-1]) == ((0, 0), (100, 100))
    assert (100, 0) not in way
    assert all(0 <= x <= 100 and 0 <= y <= 100 for x, y in way)


def test_dashes_turn_corners() -> None:
    assert dashes([(0, 0), (10, 0), (10, 10)], 6, 2) == [
        [(0, 0), (6, 0)],
        [(8, 0), (10, 0), (10, 4)],
        [(10, 6), (10, 10)],
    ]


@pytest.mark.parametrize(
    ("what", "value", "text"),
    [
        ("served", 0.9641, "96.4 %"),
        ("served", 1.0, "100 %"),
        ("core_max", 0.94, "94 %"),
        ("connect_p95_ms", 187.6, "188 ms"),
        ("cost", 11.0, "11"),
        ("served", None, "–"),
    ],
)
def test_values_are_written_with_their_unit(what: str, value: float | None, text: str) -> None:
    assert value_text(what, value) == text


@pytest.mark.parametrize(
    ("what", "mark", "text"),
    [
        ("served", 0.95, "≥ 95 %"),
        ("served", 0.845, "≥ 84.5 %"),
        ("core_max", 0.9, "≤ 90 %"),
        ("connect_p95_ms", 300.0, "≤ 300 ms"),
        ("cost", 12.0, "≤ 12"),
    ],
)
def test_marks_are_written_with_their_sign(what: str, mark: float, text: str) -> None:
    assert mark_text(what, mark) == text


@pytest.mark.parametrize("what", ["served", "connect_p95_ms", "core_max", "cost"])
@pytest.mark.parametrize("value", [None, 0.0, 0.5, 1e6])
def test_the_mark_lies_on_the_bar(what: str, value: float | None) -> None:
    mark = 0.9 if what in ("served", "core_max") else 300.0
    assert bar_end(what, value, mark) >= mark


def test_waves_that_overlap_take_different_lanes() -> None:
    waves = [Wave(0, 0, 100, 1), Wave(1, 50, 80, 1), Wave(1, 80, 90, 1), Wave(2, 85, 95, 1)]
    assert lanes(waves) == [0, 1, 1, 2]


def test_four_calls_and_what_came_before_them_are_all_told() -> None:
    calls = [DebriefEvent(80 + i, "call", {"call": call}) for i, call in enumerate("sbla")]
    story = [DebriefEvent(9, "nobody_listening", {"count": 3}), *calls]
    assert told(story) == story


def test_the_story_keeps_losses_before_calm_and_tells_in_order() -> None:
    story = [DebriefEvent(tick, "calm_again", {"listener": 0}) for tick in range(5)]
    story.append(DebriefEvent(9, "syn_queue_filled", {"listener": 0, "limit": 3}))
    story.append(DebriefEvent(7, "set_sysctl", {"name": "a", "value": 1, "before": 0}))
    codes = [event.code for event in told(story)]
    assert codes == [*["calm_again"] * 3, "set_sysctl", "syn_queue_filled"]
    assert moment_text(1660) == "1:23"


def test_the_board_shows_what_moved() -> None:
    counters = {"TcpOutRsts": 4, "TcpExtListenDrops": 2}
    assert telling_counters(counters, 3) == [
        "TcpExtListenDrops",
        "TcpOutRsts",
        "TcpExtListenOverflows",
    ]


def test_commands_match_port_counters_and_knobs() -> None:
    card = msgspec.structs.replace(twenty().levels[11], port=8443)
    found = commands(card, {"TcpExtSyncookiesSent": 3})
    assert found[0] == "ss -ltn 'sport = :8443'"
    assert "nstat -az TcpExtSyncookiesSent" in found
    assert "sysctl net.ipv4.tcp_syncookies" in found, "the lesson's knob comes first"
    assert len(found) == COMMANDS_MAX
    assert "strace -e trace=network -p PID" in commands(twenty().levels[0], {})


def test_a_limit_far_above_the_queue_does_not_flatten_it() -> None:
    rect = (0.0, 0.0, 100.0, 100.0)
    near = plot.queue_frame(rect, [[10, 16]], [17, 17])
    assert near.top == pytest.approx(17 * 1.2)
    assert plot.queue_frame(rect, [[10, 16]], [4096, 4096]).top == pytest.approx(16 * 1.2)
    assert plot.queue_frame(rect, [], []).top > 0
    assert near.y(0) == 100
    assert near.y(1e9) == 0


def test_smoothing_is_a_mean_over_a_second() -> None:
    assert plot.smoothed([4, 0, 0, 0], 500) == [4, 2, 0, 0]
    assert plot.smoothed([], 500) == []


def test_the_limit_of_several_platforms_is_the_largest() -> None:
    assert plot.combined([[16, 16], [16, 64]]) == [16, 64]
    assert plot.combined([]) == []


@pytest.mark.parametrize(("lengths", "limits", "named"), [([[0, 3, 1]], [512] * 3, ["3"]),
    ([[0, 16, 1]], [16] * 3, []), ([[0, 0]], [16] * 2, [])])  # fmt: skip
def test_a_plot_whose_limit_is_out_of_sight_names_its_peak(
    lengths: list[list[int]], limits: list[int], named: list[str]
) -> None:
    canvas = Canvas(pygame.Surface((1280, 720)), THEMES["light"])
    canvas.extents = []
    plot.peak_mark(canvas, plot.queue_frame((400, 136, 512, 84), lengths, limits), lengths, limits)
    assert [extent.text for extent in canvas.extents] == named
