"""Which instruments a level has: what it lists, and nothing else; once there they stay."""

import itertools
from itertools import pairwise
from typing import get_args

import msgspec
import pytest

from game.client.draw import layout
from game.client.draw.counters import board_counters
from game.client.draw.layout import INSTRUMENTS, WHOLE, plan_of
from game.client.draw.news import newly_shown
from game.client.draw.spots import station_hotspots
from game.client.draw.station import make_view
from game.client.draw.view import StationUi
from game.client.draw.workers import train_x
from game.level.schema import Instrument
from game.protocol.catalogue import LevelCard
from game.protocol.snapshot import Actor, Drops, FiveTuple, PeerMark, PeerState, Worker, WorkerState
from tests.client.matches import real_catalogue
from tests.client.station import fixtures
from tests.client.station.pictures import canvas, pixels, texts, view

WORDS = {
    "line": ("Ticket line", "line:0"),
    "cores": ("core 0", "core:0"),
    "ring": ("RX ring", "ring"),
    "guard": ("Guard", ""),
    "board": ("nstat", "board"),
    "cookies": ("Cookie stamp", "cookie:0"),
    "belts": ("recv", ""),
    "speaker": ("SYN-ACK again at", ""),
}
"""What an instrument says, and its hotspot."""


def test_level_files_and_pictures_name_the_same_instruments() -> None:
    assert set(get_args(Instrument)) == set(INSTRUMENTS) == set(WORDS)


@pytest.mark.parametrize("name", sorted(set(WORDS) - {"board"}))
def test_an_instrument_that_is_not_listed_is_not_there(name: str) -> None:
    word, spot = WORDS[name]
    for there in (True, False):
        shows = [one for one in INSTRUMENTS if there or one != name]
        what = view(fixtures.with_plan(fixtures.two_platforms(), *shows))
        assert (word in {e.text for e in texts(what, canvas())}) is there
        assert (spot in {one.id for one in station_hotspots(what)}) is (there and bool(spot))


def test_belts_are_drawn_only_where_they_are_listed() -> None:
    track = layout.tracks(layout.platforms(2)[0], 2)[0]
    below = (round(track.x + 6), round(track.rail_y + 10))
    for there in (True, False):
        shows = [one for one in INSTRUMENTS if there or one != "belts"]
        on = canvas()
        pixels(on, view(fixtures.with_plan(fixtures.two_platforms(), *shows)))
        assert (on.surface.get_at(below)[:3] != on.theme.floor) is there


def test_calls_show_their_sockets_where_there_is_no_board() -> None:
    what = view(fixtures.with_plan(fixtures.after_accept()))
    said = [e.text for e in texts(what, canvas())]
    assert "Your sockets" in said and "nstat" not in said
    assert "sockets" in {one.id for one in station_hotspots(what)}


def test_the_newest_accepted_socket_stays_when_its_connection_is_over() -> None:
    """A connection lasts milliseconds: nobody could read its half."""
    card, made = fixtures.with_plan(fixtures.after_accept())
    own = made[-1].sockets[0]
    later = msgspec.structs.replace(made[-1], tick=60, time_ms=3000, sockets=[own])
    seen = fixtures.history((card, [*made, later]))
    assert [one.remote_port for one, _ in seen.accepted] == [40_001]
    new = [FiveTuple(4, "ESTAB", "tcp", "10.0.0.1", 443, "10.9.8.7", 1000 + i) for i in range(4)]
    for i, one in enumerate(new):
        again = msgspec.structs.replace(later, tick=61 + i, sockets=[own, one])
        seen.observe(again)
    assert [one.remote_port for one, _ in seen.accepted] == [1003, 1002, 1001]


def test_the_first_levels_begin_with_little_and_what_has_come_stays() -> None:
    levels = real_catalogue().levels
    plans = [plan_of(card.shows) for card in levels]
    assert not any(getattr(plans[0], name) for name in INSTRUMENTS)
    assert plans[12:] == [WHOLE] * 8
    for before, after in itertools.pairwise(plans):
        assert all(getattr(after, one) for one in INSTRUMENTS if getattr(before, one))


NEEDED = {
    "filter": "guard", "rx_ring": "ring", "netdev_budget": "ring", "pinning": "cores",
    "tcp_syncookies": "cookies", "tcp_max_syn_backlog": "line", "tcp_synack_retries": "line",
    "defer_accept_s": "line", "rcvbuf": "belts", "sndbuf": "belts",
}  # fmt: skip
"""Where the work of a knob is seen."""


@pytest.mark.parametrize("card", real_catalogue().levels, ids=lambda card: str(card.number))
def test_whatever_can_be_turned_can_be_seen(card: LevelCard) -> None:
    plan = plan_of(card.shows)
    for knob in card.knobs:
        assert getattr(plan, NEEDED.get(knob.name, "board")), knob.name
    if any(goal.what == "core_max" for goal in card.goals):
        assert plan.cores


def test_what_comes_for_the_first_time_is_marked_there_and_only_there() -> None:
    levels = real_catalogue().levels
    new = {card.number: sorted(newly_shown(card, levels)) for card in levels}
    assert {number: names for number, names in new.items() if names} == {
        2: ["board"],
        3: ["line"],
        4: ["speaker"],
        6: ["cores"],
        7: ["belts"],
        9: ["ring"],
        11: ["cookies"],
        13: ["guard"],
    }
    what = fixtures.two_platforms()
    for names in (frozenset[str](), *(frozenset([name]) for name in INSTRUMENTS)):
        said = [e.text for e in texts(view(what, StationUi(new=names)), canvas())]
        assert ("new" in said) is bool(names), names


def test_whoever_comes_and_is_served_between_two_snapshots_walks_to_the_train_that_leaves() -> None:
    card, made = fixtures.with_plan(fixtures.after_accept())
    worker = Worker(0, 0, WorkerState.IDLE, 0, 0, [], 5)
    peers = [PeerMark(7, Actor.CLIENT, PeerState.CONNECTING, 1900, 0, 0)]
    first = msgspec.structs.replace(made[-1], tick=100, time_ms=5000, workers=[worker], peers=peers)
    gone = msgspec.structs.replace(first, tick=101, time_ms=5050, peers=[])
    more = msgspec.structs.replace(worker, served=6)
    for served, walks in ((worker, False), (more, True)):
        seen = fixtures.history((card, [first]))
        seen.observe(msgspec.structs.replace(gone, workers=[served]))
        assert (7 in seen.walks) is walks
        for i in range(1, 20):
            later = gone.time_ms + 50 * i
            seen.observe(
                msgspec.structs.replace(gone, tick=101 + i, time_ms=later, workers=[served])
            )
            if i == 4:
                assert seen.offsets[0] == (0.0, 0.0), "it waits for him"
            if i == 8:
                assert (seen.offsets[0][1] > 0) is walks


@pytest.mark.parametrize("listeners", [1, 2, 3, 4])
def test_every_train_with_a_track_is_seen_to_leave_and_stays_on_it(listeners: int) -> None:
    for plan in (WHOLE, plan_of(["board"])):
        box = layout.platforms(listeners, 0, plan)[0]
        for workers in range(1, 11):
            for track in layout.tracks(box, workers):
                start, end = train_x(track, 0.0), train_x(track, 1.0)
                assert end - start >= 40, (listeners, workers)
                assert track.x <= start and end + track.train_w <= track.end <= layout.TRACK_END
                assert box.y + 28 <= track.y - 13 * track.above
                assert track.rail_y + 11 <= box.y + box.h


def test_a_counter_keeps_its_place_and_others_come_after_it() -> None:
    card, made = fixtures.two_platforms()
    card = msgspec.structs.replace(card, knobs=[])
    one = msgspec.structs.replace(made[-1], counters={})
    seen = fixtures.history((card, [one]))
    places: list[list[str]] = [[]]
    for i, name in enumerate(("TcpOutRsts", "TcpExtTCPTimeouts", "TcpExtListenDrops", "TcpInSegs")):
        counters = dict.fromkeys(("TcpExtListenDrops", name), 1)
        seen.observe(
            msgspec.structs.replace(
                one, tick=one.tick + 1 + i, time_ms=one.time_ms + 50 * i, counters=counters
            )
        )
        places.append(board_counters(make_view(card, (one, one), 1.0, StationUi(), "en", seen)))
    for before, after in pairwise(places):
        assert after[: len(before)] == before
    assert places[-1][3:] == ["TcpOutRsts", "TcpExtTCPTimeouts"]


def test_a_loss_in_a_low_box_stands_in_its_header_and_on_no_seat() -> None:
    card, made = fixtures.SCENES["three"]()
    lost = [Drops("accept_queue_full_syn", "backlog", "TcpExtListenOverflows", 1, 3, 9),
            Drops("syn_queue_full", "backlog", "TcpExtTCPReqQFullDrop", 1, 3, 9)]  # fmt: skip
    what = view((card, [*made[:-1], msgspec.structs.replace(made[-1], drops=lost)]))
    box = layout.platforms(3)[1]
    spots = {spot.id: spot.rect for spot in station_hotspots(what)}
    for name in ("drop:hall:1", "drop:line:1"):
        _, y, _, h = spots[name]
        assert box.y <= y and y + h <= box.y + 29
    said = {e.text: e.rect for e in texts(what, canvas()) if "/s L" in e.text or "/s T" in e.text}
    assert len(said) == 2
    assert all(box.y <= y and y + h <= box.y + 29 for _, y, _, h in said.values())
