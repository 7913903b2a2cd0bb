"""The lobby: greeting, the list of rooms, passwords, limits, and the teacher."""

import msgpack
import pytest

from game.protocol.codec import encode
from game.protocol.limits import (
    COUNTDOWN_BEATS,
    HELLO_BEATS,
    KEPT_TICKS_MIN,
    MALFORMED_MAX,
    MESSAGES_SAVED_MAX,
    ROOMS_MAX,
    TEACHER_TRIES_MAX,
    TOO_FAST_MAX,
    VISITORS_MAX,
)
from game.protocol.lobby import (
    Chat,
    ChatLine,
    CreateRoom,
    JoinRoom,
    LeftRoom,
    ListRooms,
    Ping,
    Pong,
    RoomList,
    RoomState,
    Seated,
    StartMatch,
    WatchReplay,
)
from game.protocol.messages import Goodbye, Hello, Leave, Started, Welcome
from game.protocol.snapshot import Snapshot
from game.protocol.teacher import (
    Announce,
    ClassBoard,
    ExportResults,
    LockChat,
    PauseAll,
    PushLevel,
    Remove,
    Rename,
    ResultsCsv,
    TeacherLogin,
)
from game.server.archive import Archive
from game.server.match_room import MatchRoom
from game.session.session import Session
from tests.server.people import Person, beats, levels, make_lobby, two_in_a_room


def test_whoever_greets_gets_the_levels_and_the_rooms() -> None:
    lobby = make_lobby()
    ada = Person(lobby, "Ada")
    beats(lobby, [ada])
    assert [type(one).__name__ for one in ada.heard] == ["Welcome", "Catalogue", "RoomList"]
    known = ada.heard[1].level_set  # type: ignore[union-attr]
    again = Person(lobby, "Ada", hello=False)
    again.say(Hello(1, 1, "test", "Ada", level_set=known))
    beats(lobby, [again])
    assert [type(one).__name__ for one in again.heard] == ["Welcome", "RoomList"]


def test_a_version_that_is_not_spoken_is_refused_in_words_and_sent_away() -> None:
    lobby = make_lobby()
    old = Person(lobby, "Old", hello=False)
    old.say(Hello(90, 99, "99.0", "Old"))
    beats(lobby, [old])
    goodbye = old.last(Goodbye)
    assert goodbye.code == "version"
    assert goodbye.args == {"theirs": "90-99 (99.0)", "ours": "1-1 (test)"}
    assert old.link.closed


def test_whoever_does_not_greet_is_sent_away() -> None:
    lobby = make_lobby()
    silent = Person(lobby, "?", hello=False)
    beats(lobby, [silent], HELLO_BEATS)
    assert not silent.link.closed
    beats(lobby, [silent], 2)
    assert silent.last(Goodbye).code == "no_hello"


def test_a_server_with_a_password_lets_nobody_in_without() -> None:
    lobby = make_lobby(password="sesame")
    wrong, right = Person(lobby, "Eve"), Person(lobby, "Ada", hello=False)
    right.say(Hello(1, 1, "test", "Ada", "sesame"))
    beats(lobby, [wrong, right])
    assert wrong.last(Goodbye).code == "wrong_password"
    assert right.all(Welcome)


def test_a_room_is_found_by_its_code_whatever_its_case_and_asks_its_password() -> None:
    lobby = make_lobby()
    ada, bob = Person(lobby, "Ada"), Person(lobby, "Bob")
    ada.say(CreateRoom("Friday", "versus", "crossing", "pw"))
    beats(lobby, [ada, bob], 2)
    code = ada.last(Seated).code
    bob.say(ListRooms())
    beats(lobby, [ada, bob])
    (info,) = bob.last(RoomList).rooms
    assert (info.code, info.name, info.locked, info.players) == (code, "Friday", True, 1)
    bob.say(JoinRoom("ZZZZ"), JoinRoom(code, "px"))
    beats(lobby, [ada, bob])
    assert bob.refusals == ["no_room", "wrong_password"]
    bob.say(JoinRoom(code.lower(), "pw"))
    beats(lobby, [ada, bob], 2)
    assert [one.name for one in bob.last(RoomState).players] == ["Ada", "Bob"]


def test_two_of_one_name_are_told_apart() -> None:
    lobby = make_lobby()
    people = [Person(lobby, "Ada") for _ in range(3)]
    people[0].say(CreateRoom("Friday", "versus", "crossing"))
    beats(lobby, people, 2)
    for one in people[1:]:
        one.say(JoinRoom(people[0].last(Seated).code))
    beats(lobby, people, 2)
    names = [one.name for one in people[0].last(RoomState).players]
    assert names == ["Ada", "Ada 2", "Ada 3"]


@pytest.mark.parametrize(
    ("mode", "level"), [("versus", "hall"), ("coop", "crossing"), ("coop", "x")]
)
def test_a_room_for_a_level_that_does_not_fit_is_not_opened(mode: str, level: str) -> None:
    lobby = make_lobby()
    ada = Person(lobby, "Ada")
    ada.say(CreateRoom("Friday", mode, level))  # type: ignore[arg-type]
    beats(lobby, [ada], 2)
    assert ada.refusals == ["no_level"]
    assert not lobby.rooms


def test_rooms_and_visitors_have_an_end() -> None:
    lobby = make_lobby()
    people = [Person(lobby, f"P{number}") for number in range(ROOMS_MAX + 1)]
    for one in people:
        one.say(CreateRoom(one.name, "versus", "crossing"))
    beats(lobby, people, 3)
    assert len(lobby.rooms) == ROOMS_MAX
    assert people[-1].refusals == ["too_many_rooms"]
    crowd = [Person(lobby, "x", hello=False) for _ in range(VISITORS_MAX)]
    beats(lobby, crowd)
    assert crowd[-1].last(Goodbye).code == "server_full"


def test_a_room_without_people_is_closed_and_its_people_are_visitors_again() -> None:
    lobby, ada, bob = two_in_a_room()
    for one in (ada, bob):
        one.say(Leave())
    beats(lobby, [ada, bob], 3)
    assert not lobby.rooms
    assert lobby.visitor_count == 2


GARBAGE = {
    "noise": b"\xc1\xff\x00",
    "text": b"GET / HTTP/1.0\r\n\r\n",
    "not a map": msgpack.packb([1, 2, 3]),
    "unknown": msgpack.packb({"type": "reboot"}),
    "not a number": msgpack.packb({"type": "ack", "tick": float("nan")}),
    "huge": msgpack.packb({"type": "ack", "tick": 2**63}),
    "deep": b"\x91" * 5000 + b"\x90",
    "long": b"\xdb\xff\xff\xff\xff" + b"a" * 100,
    "too big": b"\x00" * 100_000,
}


@pytest.mark.parametrize("kind", GARBAGE)
def test_garbage_is_refused_counted_and_then_cut_off_while_others_play_on(kind: str) -> None:
    lobby, ada, bob = two_in_a_room()
    ada.say(StartMatch())
    eve = Person(lobby, "Eve")
    beats(lobby, [ada, bob, eve], COUNTDOWN_BEATS + 2)
    for _ in range(MALFORMED_MAX):
        eve.link.send(GARBAGE[kind])
    tick = ada.last(Snapshot).tick
    beats(lobby, [ada, bob, eve], 3)
    assert eve.last(Goodbye).code == "cut_off"
    assert lobby.tally.refused["malformed"] == MALFORMED_MAX
    assert ada.last(Snapshot).tick == tick + 3


def test_a_player_who_talks_too_much_is_slowed_and_then_cut_off() -> None:
    lobby = make_lobby()
    eve = Person(lobby, "Eve")
    beats(lobby, [eve])
    for _ in range(MESSAGES_SAVED_MAX + TOO_FAST_MAX + 200):
        eve.link.send(encode(Ping(1)))
    beats(lobby, [eve], 60)
    assert eve.last(Goodbye).code == "cut_off"
    assert len(eve.all(Pong)) < MESSAGES_SAVED_MAX + 60 * 3
    assert lobby.tally.refused["too_fast"] == TOO_FAST_MAX - 1


def test_what_belongs_into_a_room_is_refused_outside() -> None:
    lobby = make_lobby()
    eve = Person(lobby, "Eve")
    eve.say(Chat("hello?"), StartMatch(), PauseAll(True))
    beats(lobby, [eve], 2)
    assert eve.refusals == ["not_here", "not_here", "teacher_only"]


def teacher(
    lobby_token: str = "chalk", room: str = "Friday"
) -> tuple[Person, Person, Person, MatchRoom]:
    lobby, ada, bob = two_in_a_room(room, teacher_token=lobby_token)
    lena = Person(lobby, "Lena")
    lena.say(TeacherLogin(lobby_token))
    beats(lobby, [ada, bob, lena], 2)
    return ada, bob, lena, next(iter(lobby.rooms.values()))


def test_a_teacher_sees_every_room_at_a_glance() -> None:
    ada, bob, lena, _room = teacher()
    ada.say(StartMatch())
    beats(ada.lobby, [ada, bob, lena], COUNTDOWN_BEATS + 80)
    (glance,) = lena.last(ClassBoard).rooms
    assert (glance.phase, glance.half) == ("running", 1)
    assert [queue.backlog for queue in glance.queues] == [16, 16]
    assert glance.time_ms > 1000
    assert glance.players == [(1, "Ada"), (2, "Bob")]


def test_a_teacher_has_a_hand_on_all_rooms() -> None:
    ada, bob, lena, room = teacher()
    ada.say(StartMatch())
    people = [ada, bob, lena]
    beats(ada.lobby, people, COUNTDOWN_BEATS + 2)
    lena.say(PauseAll(True), LockChat(True), Announce("Look at the board"))
    beats(ada.lobby, people, 2)
    assert (ada.last(RoomState).phase, ada.last(RoomState).why) == ("paused", "teacher")
    assert [one.text for one in bob.all(ChatLine) if one.code == "teacher"] == ["Look at the board"]
    ada.say(Chat("hm"))
    beats(ada.lobby, people, 2)
    assert ada.refusals == ["chat_locked"]
    lena.say(PauseAll(False), Rename(room.code, 2, "Bruno"))
    beats(ada.lobby, people, 2)
    assert ada.last(RoomState).phase == "running"
    assert ada.last(RoomState).players[1].name == "Bruno"
    lena.say(Remove(room.code, 2, 5))
    beats(ada.lobby, people, 2)
    assert [one.name for one in ada.last(RoomState).players] == ["Ada"]


def test_a_teacher_sets_the_level_of_rooms_that_wait() -> None:
    ada, bob, lena, _room = teacher()
    lena.say(PushLevel("hall"), PushLevel("nowhere"))
    beats(ada.lobby, [ada, bob, lena], 2)
    assert (ada.last(RoomState).mode, ada.last(RoomState).level) == ("coop", "hall")
    assert lena.refusals == ["no_level"]


def test_results_are_exported_as_csv_that_no_spreadsheet_runs() -> None:
    ada, bob, lena, _room = teacher(room="=cmd()")
    ada.say(StartMatch())
    beats(ada.lobby, [ada, bob, lena], COUNTDOWN_BEATS + KEPT_TICKS_MIN)
    bob.say(Leave())
    beats(ada.lobby, [ada, bob, lena], 2)
    lena.say(ExportResults())
    beats(ada.lobby, [ada, bob, lena], 2)
    header, line = lena.last(ResultsCsv).text.splitlines()
    assert header.startswith("at,room,level,half")
    assert "'=cmd()" in line and line.endswith(",a,True,")


def test_the_token_cannot_be_guessed_at_leisure() -> None:
    lobby = make_lobby(teacher_token="chalk")
    eve = Person(lobby, "Eve", "10.0.0.9")
    for number in range(TEACHER_TRIES_MAX + 1):
        eve.say(TeacherLogin(f"guess {number}"))
    beats(lobby, [eve], 2)
    assert eve.refusals == ["wrong_token"] * TEACHER_TRIES_MAX
    assert eve.last(Goodbye).code == "too_many_tries"
    nobody = make_lobby()
    ada = Person(nobody, "Ada")
    ada.say(TeacherLogin(""))
    beats(nobody, [ada], 2)
    assert ada.refusals == ["wrong_token"]


def test_a_kept_half_is_watched_alone_and_leads_back_to_the_rooms(tmp_path: object) -> None:
    archive = Archive(tmp_path)  # type: ignore[arg-type]
    (arena,) = [one for one in levels() if one.id == "crossing"]
    session = Session(arena, 1)
    for _ in range(40):
        session.advance()
    name = archive.keep_replay(session.replay())
    lobby = make_lobby(archive=archive)
    eve = Person(lobby, "Eve")
    eve.say(WatchReplay("../../etc/passwd"))
    beats(lobby, [eve], 2)
    assert eve.refusals == ["no_replay"]
    eve.say(WatchReplay(name))
    beats(lobby, [eve], 10)
    assert eve.last(Started).recorded
    assert eve.last(Snapshot).tick > 5
    eve.say(Leave())
    beats(lobby, [eve], 3)
    assert lobby.visitor_count == 1
    assert not lobby.viewers


def test_a_room_that_fails_is_closed_and_its_people_are_visitors_again() -> None:
    lobby, ada, bob = two_in_a_room()
    (room,) = lobby.rooms.values()
    lobby.fail_room(room, ValueError("a fault of ours"))
    beats(lobby, [ada, bob], 2)
    assert ada.last(LeftRoom).code == bob.last(LeftRoom).code == "closed"
    assert not lobby.rooms
    assert lobby.visitor_count == 2
