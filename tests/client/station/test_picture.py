from itertools import combinations, pairwise

import msgspec
import pygame
import pytest

from game.client.draw import layout
from game.client.draw.crowd import cells, crowd_size
from game.client.draw.history import History
from game.client.draw.spots import station_hotspots
from game.client.draw.station import make_view
from game.client.draw.view import StationUi
from game.client.draw.why import card_for, draw_card
from game.client.theme import Colour
from game.protocol.snapshot import Actor, KnobState, Worker, WorkerState
from tests.client.station import fixtures
from tests.client.station.fixtures import SCENES
from tests.client.station.pictures import canvas, pixels, texts, view


@pytest.mark.parametrize("name", SCENES)
def test_drawing_twice_gives_the_same_pixels(name: str) -> None:
    what = view(SCENES[name]())
    on = canvas()
    first = pixels(on, what)
    assert pixels(on, what) == first, "what is kept differs from what was drawn"
    assert pixels(canvas(), what) == first, "a new canvas draws something else"


def test_a_canvas_that_drew_something_else_before_draws_the_same() -> None:
    on = canvas()
    pixels(on, view(fixtures.overflow()))
    assert pixels(on, view(fixtures.two_platforms())) == pixels(
        canvas(), view(fixtures.two_platforms())
    )


def test_the_picture_moves_with_simulated_time_alone() -> None:
    scene = fixtures.two_platforms()
    on = canvas()
    still = pixels(on, view(scene, StationUi(wall_s=1.0)))
    assert pixels(on, view(scene, StationUi(wall_s=2.0))) == still
    card, made = scene
    assert pixels(on, view((card, made[:-1]))) != still


def _count(pixels_rgb: bytes, rect: layout.Rect, colour: Colour) -> int:
    x, y, w, h = (round(v) for v in rect)
    found = 0
    for row in range(y, y + h):
        line = pixels_rgb[(row * 1280 + x) * 3 : (row * 1280 + x + w) * 3]
        found += sum(1 for i in range(0, len(line), 3) if tuple(line[i : i + 3]) == colour)
    return found


@pytest.mark.parametrize("queue", ["hall", "line"])
def test_the_place_past_the_backlog_is_marked_when_it_is_taken(queue: str) -> None:
    box = layout.platforms(1)[0]
    grid = (layout.hall_grid if queue == "hall" else layout.line_grid)(box, 16, 1)
    x, y = grid.extra
    red = []
    for count in (16, 17):
        hall, line = (count, 4) if queue == "hall" else (3, count)
        only = fixtures.listener(hall=hall, line=line)
        made = fixtures.snapshot([only], [], flood=0)
        what = view((fixtures.card(listeners=1), [made]))
        on = canvas()
        shown = pixels(on, what)
        red.append(_count(shown, (x - 24, y - 24, 48, 48), on.theme.alert))
    assert red[0] == 0
    assert red[1] > 8


def test_a_full_hall_has_a_red_floor_and_a_chip_with_the_counter() -> None:
    on = canvas()
    what = view(fixtures.two_platforms())
    said = [extent.text for extent in texts(what, on)]
    assert "1.9k/s ListenOverflows" in said
    assert "17/16" in said
    shown = pixels(canvas(), what)
    assert _count(shown, (660, 430, 200, 4), on.theme.alertfill) > 300
    assert _count(shown, (660, 254, 200, 4), on.theme.alertfill) == 0


def test_the_crowd_is_as_large_as_the_printed_unit_says() -> None:
    what = view(fixtures.two_platforms())
    count, unit, raised = crowd_size(what)
    assert count == round(5400 / unit) == 270
    assert not raised
    assert len(cells()) >= 540
    card, made = fixtures.big(16)
    count, unit, raised = crowd_size(view((card, made)))
    assert raised
    assert count == round(12_000 / unit)


def test_calls_that_pruning_takes_away_are_struck_and_the_rest_stay() -> None:
    said = [extent.text for extent in texts(view(fixtures.two_platforms()), canvas())]
    assert {"1", "3", "7", "15"} <= set(said)
    assert "31" not in said


@pytest.mark.parametrize("capacity", [1, 3, 16, 17, 32, 64, 65, 256, 511, 1024, 4096])
@pytest.mark.parametrize("listeners", [1, 2, 3, 4])
def test_places_of_any_capacity_stay_in_their_box(capacity: int, listeners: int) -> None:
    for box in layout.platforms(listeners):
        for grid, left, right in (
            (layout.line_grid(box, capacity, 1), layout.LINE_X, layout.LINE_END),
            (layout.hall_grid(box, capacity, 1), layout.HALL_X, layout.HALL_END),
        ):
            places = [grid.place(i) for i in range(grid.capacity + 1)]
            assert len(set(places)) == grid.capacity + 1, "two places are one"
            assert grid.capacity * grid.unit >= capacity
            assert all(left < x < right and box.y < y < box.y + box.h for x, y in places)


@pytest.mark.parametrize("tab", ["control", "console"])
@pytest.mark.parametrize("name", SCENES)
def test_hotspots_lie_in_the_picture_and_none_overlap(name: str, tab: str) -> None:
    spots = station_hotspots(view(SCENES[name](), StationUi(tab=tab)))
    assert len({spot.id for spot in spots}) == len(spots)
    for spot in spots:
        x, y, w, h = spot.rect
        assert w > 0 and h > 0 and x >= 0 and y >= 0 and x + w <= 1280 and y + h <= 720, spot
        assert spot.label
    for a, b in combinations(spots, 2):
        apart_x = a.rect[0] + a.rect[2] <= b.rect[0] or b.rect[0] + b.rect[2] <= a.rect[0]
        apart_y = a.rect[1] + a.rect[3] <= b.rect[1] or b.rect[1] + b.rect[3] <= a.rect[1]
        assert apart_x or apart_y, f"{a.id} and {b.id}"


BOXES: list[layout.Rect] = [
    (24, 0, 240, 56),
    *((272 + 152 * i, 0, 128, 56) for i in range(4)),
    (1000, 0, 58, 56),
    layout.INTERNET,
    layout.LEGEND,
    (236, 104, 140, 352),
    (236, 456, 136, 56),
    layout.BOARD,
    layout.CONTROL,
]


def boxes(plan: layout.Plan) -> list[layout.Rect]:
    """Also the parts of a platform, which are elsewhere without a ticket line or cores."""
    box = layout.platforms(1, 0, plan)[0]
    parts = [
        (box.hall_x, 112.0, box.hall_end - box.hall_x, box.h),
        (box.track_x, 112.0, layout.TRACK_END - box.track_x, box.h),
    ]
    line = [(layout.LINE_X - 6, 112.0, 248.0, box.h)] if plan.line else []
    return [*BOXES, *line, *parts, *([layout.CORES] if plan.cores else [])]


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("tab", ["control", "console"])
@pytest.mark.parametrize("name", SCENES)
def test_no_text_leaves_its_box(name: str, tab: str, lang: str) -> None:
    scene = SCENES[name]()
    found = texts(view(scene, StationUi(tab=tab), lang), canvas(lang=lang))
    assert len(found) > 25
    for extent in found:
        x, y, w, h = extent.rect
        assert x >= 0 and x + w <= 1280 and y >= 0 and y + h <= 722, extent
        for left, top, width, height in boxes(layout.plan_of(scene[0].shows)):
            middle = y + h / 2
            if left <= x < left + width and top <= middle < top + height:
                assert x + w <= left + width + 1, extent


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", SCENES)
def test_no_words_stand_on_a_place_of_a_queue(name: str, lang: str) -> None:
    what = view(SCENES[name](), lang=lang)
    found = texts(what, canvas(lang=lang))
    listeners = what.current.listeners
    for box in layout.platforms(len(listeners), 0, what.plan):
        one = listeners[box.listener]
        capacity, _ = layout.line_capacity(one.backlog, one.syn_queue_limit)
        line = layout.line_grid(box, capacity, one.syn_mark_unit)
        hall = layout.hall_grid(box, one.backlog, one.seat_mark_unit)
        for x, y in (*(line.places if what.plan.line else ()), *hall.places):
            for extent in found:
                left, top, width, height = extent.rect
                apart = x < left - 1 or x > left + width + 1 or y < top - 2 or y > top + height + 1
                assert apart, f"{extent} on the place at {x:.0f}, {y:.0f}"


def test_what_no_train_serves_is_drawn_with_its_number() -> None:
    said = [e.text for e in texts(view(fixtures.held()), canvas())]
    assert {"84", "Idle, watched by epoll", "The crew of A serves this platform too"} <= set(said)
    said = [e.text for e in texts(view(fixtures.kept()), canvas())]
    assert "952 of 1024" in said
    assert "1 mark = 23" in " ".join(said)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_engineer_view_cuts_no_name(lang: str) -> None:
    for name in SCENES:
        what = view(SCENES[name](), StationUi(engineer=True), lang)
        heads = [e.text for e in texts(what, canvas(lang=lang)) if 112 <= e.rect[1] < 140]
        assert not [text for text in heads if text.endswith("…")], name


def at(scene: fixtures.Scene, blend: float, ui: StationUi) -> bytes:
    """A picture between two ticks, from one clear memory."""
    card, made = scene
    seen = fixtures.history(scene)
    on = canvas()
    return pixels(on, make_view(card, (made[-2], made[-1]), blend, ui, "en", seen))


def test_reduced_motion_cuts_where_others_glide() -> None:
    scene = fixtures.two_platforms()
    moving = [at(scene, blend, StationUi()) for blend in (0.2, 0.8)]
    assert moving[0] != moving[1]
    card, made = scene
    quiet = StationUi(reduced_motion=True)
    still = [make_view(card, (made[-2], made[-1]), b, quiet, "en") for b in (0.2, 0.8)]
    assert [one.glide for one in still] == [1.0, 1.0]
    assert [one.belt_ms for one in still] == [0.0, 0.0]


def test_a_counter_turns_flap_by_flap_and_rests_in_a_pause() -> None:
    card = fixtures.card(listeners=1)
    made = []
    for tick, count in ((1, 0), (2, 7)):
        one = fixtures.snapshot([fixtures.listener()], [], tick=tick, flood=0)
        made.append(msgspec.structs.replace(one, counters={"TcpExtListenOverflows": count}))
    board: list[bytes] = []
    for ui in (
        StationUi(),
        StationUi(),
        StationUi(quarters=0),
        StationUi(reduced_motion=True),
    ):
        on = canvas()
        pixels(on, make_view(card, (made[0], made[1]), 0.1, ui, "en"))
        board.append(pygame.image.tobytes(on.surface.subsurface((24, 524, 536, 184)), "RGB"))
    assert board[0] == board[1]
    assert board[0] != board[2] == board[3]


def test_a_star_just_won_jumps() -> None:
    card = fixtures.card(listeners=1)
    before, after = (
        msgspec.structs.replace(
            fixtures.snapshot([fixtures.listener()], [], tick=tick, flood=0), stars=stars
        )
        for tick, stars in ((1, 1), (2, 2))
    )
    tops = []
    for ui in (StationUi(), StationUi(reduced_motion=True)):
        on = canvas()
        pixels(on, make_view(card, (before, after), 0.9, ui, "en"))
        tops.append(pygame.image.tobytes(on.surface.subsurface((876, 0, 84, 56)), "RGB"))
    assert tops[0] != tops[1]


def test_a_train_with_short_jobs_is_seen_to_leave_and_come_back() -> None:
    seen = History()
    ways = []
    for tick in range(1, 60):
        state = WorkerState.WORKING if tick % 2 else WorkerState.IDLE
        worker = Worker(0, 0, state, tick * 50, 0, [], 0)
        made = fixtures.snapshot([fixtures.listener()], [worker], tick=tick)
        seen.observe(msgspec.structs.replace(made, time_ms=tick * 50))
        ways.append(seen.offsets[0][1])
    assert max(ways[30:]) > 0.9, "it gets away from the platform"
    assert min(ways[30:]) == 0.0, "and back"


def test_every_hotspot_that_is_no_control_explains_itself() -> None:
    for name in ("two", "overflow", "four", "accepted"):
        what = view(SCENES[name]())
        for spot in station_hotspots(what):
            if spot.id.split(":")[0] in ("speed", "tab", "page", "knobs", "call", "bar"):
                continue
            if spot.id.endswith((":less", ":more")):
                continue
            card = card_for(what, spot.id)
            assert card is not None, spot.id
            assert card.title and card.sentence


def test_the_card_of_a_loss_names_rule_knob_and_counter() -> None:
    card = card_for(view(fixtures.two_platforms()), "drop:hall:1")
    assert card is not None
    values = dict(card.rows).values()
    assert {"accept_queue_full_syn", "net.core.somaxconn", "TcpExtListenOverflows"} <= set(values)


def test_open_cards_stay_in_the_picture() -> None:
    scene = fixtures.two_platforms()
    for spot in station_hotspots(view(scene)):
        on = canvas()
        on.extents = []
        draw_card(on, view(scene, StationUi(selected=spot.id)))
        for extent in on.extents:
            x, y, w, h = extent.rect
            assert x >= 0 and y >= 56 and x + w <= 1280 and y + h <= 720, spot.id


def test_a_connection_keeps_its_seat_while_others_leave() -> None:
    seen = History()
    first = fixtures.snapshot([fixtures.listener(hall=5)], [], tick=1)
    seen.observe(first)
    kept = dict(seen.halls[0].of)
    marks = fixtures.listener(hall=5).seat_marks[2:]
    later = fixtures.listener(hall=3)
    later.seat_marks[:] = marks
    seen.observe(fixtures.snapshot([later], [], tick=2))
    same = [i for i, place in seen.halls[0].of.items() if kept[i] == place]
    assert len(same) >= 1
    assert set(seen.halls[0].of.values()) == {0, 1, 2}


def test_whoever_changes_place_walks_there_and_ghosts_do_not() -> None:
    seen = History()
    marks = fixtures.listener(line=17)
    seen.observe(fixtures.snapshot([fixtures.listener(line=0, hall=0)], [], tick=1, outside=0))
    seen.observe(fixtures.snapshot([marks], [], tick=2, outside=0))
    walkers = {walk.actor for walk in seen.walks.values()}
    assert walkers
    assert Actor.FLOOD not in walkers
    for walk in seen.walks.values():
        start, end = walk.at(walk.since_ms), walk.at(walk.until_ms)
        assert start[0] < layout.GATE[0] < end[0]
        steps = [walk.at(walk.since_ms + ms) for ms in range(0, 800, 50)]
        assert all(a[0] <= b[0] for a, b in pairwise(steps)), "someone walked back"


def test_rates_are_over_the_last_second() -> None:
    seen = fixtures.history(fixtures.two_platforms())
    assert seen.counter("TcpExtListenOverflows")[1] == 1900
    assert seen.losses(1)[0].per_s == 1900
    assert seen.losses(0) == []


def test_a_setting_that_waits_for_listen_says_so() -> None:
    made = fixtures.snapshot([fixtures.listener(backlog=16, asked=64)], [], somaxconn=64)
    said = [e.text for e in texts(view((fixtures.card(listeners=1), [made])), canvas())]
    assert "Waits for listen(): press L" in said
    assert "Waits for listen(): press L" not in [
        e.text for e in texts(view(fixtures.two_platforms()), canvas())
    ]


def test_turning_a_page_makes_nobody_walk() -> None:
    _, made = fixtures.big(16, 6)
    seen = History()
    seen.observe(made[0], 0)
    seen.observe(made[1], 1)
    assert seen.walks == {}


def test_what_is_to_come_is_never_cut() -> None:
    card, made = fixtures.two_platforms()
    states = [
        KnobState("tcp_max_syn_backlog", "1024", "4096")
        if state.name == "tcp_max_syn_backlog"
        else state
        for state in made[-1].knobs
    ]
    made = [msgspec.structs.replace(made[-1], knobs=states)]
    said = [e.text for e in texts(view((card, made)), canvas())]
    assert "→4096" in said


def test_a_call_that_failed_says_why() -> None:
    failed = "bind(3, 0.0.0.0:443) = -1 EINVAL (Invalid argument)"
    card, made = fixtures.after_bind()
    made = [msgspec.structs.replace(made[-1], calls=[*made[-1].calls, failed])]
    said = [e.text for e in texts(view((card, made)), canvas())]
    assert any("EINVAL" in one for one in said)
