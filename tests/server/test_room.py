"""A room: players in, the beat, pace, refusals; no clock and no network."""

from itertools import pairwise

import msgpack
import msgspec
import pytest

from game.level.load import load_folder
from game.level.schema import Move
from game.paths import levels_dir
from game.protocol.codec import decode_from_server, encode
from game.protocol.limits import MALFORMED_MAX
from game.protocol.link import MemoryLink, memory_link
from game.protocol.messages import (
    Call,
    ClientMessage,
    ConsoleLine,
    ConsoleOutput,
    Goodbye,
    Hello,
    Leave,
    Pace,
    Refused,
    Result,
    ServerMessage,
    SetKnob,
    SetSpeed,
    SetSysctl,
    Started,
    StartLevel,
    Step,
)
from game.protocol.snapshot import Snapshot
from game.server.room import KEEP_TICKS_MIN, Room
from game.session.replay import Replay


class Player:
    """One end of a link, and what came out of it."""

    def __init__(self, room: Room) -> None:
        self.link: MemoryLink
        self.link, theirs = memory_link()
        self.room = room
        room.join(theirs)

    def say(self, *messages: ClientMessage) -> list[ServerMessage]:
        """Send, let one beat pass, and hear."""
        for message in messages:
            self.link.send(encode(message))
        self.room.step()
        heard = []
        while (data := self.link.receive()) is not None:
            heard.append(decode_from_server(data))
        return heard


def greeted(keep: list[Replay] | None = None) -> Player:
    kept: list[Replay] = [] if keep is None else keep

    def store(replay: Replay) -> str:
        kept.append(replay)
        return "stored"

    player = Player(Room(load_folder(levels_dir()), build="test", keep=store))
    welcome, catalogue = player.say(Hello(1, 1, "test", "Ada"))
    assert type(welcome).__name__ == "Welcome"
    assert type(catalogue).__name__ == "Catalogue"
    return player


def test_a_level_starts_with_its_first_picture_and_then_beats() -> None:
    player = greeted()
    heard = player.say(StartLevel("hall", 1))
    assert heard[0] == Started("hall", 1, False)
    assert [one.tick for one in heard if isinstance(one, Snapshot)] == [0, 1]
    assert [one.tick for one in player.say() if isinstance(one, Snapshot)] == [2]


def test_the_pace_is_ticks_a_beat() -> None:
    player = greeted()
    player.say(StartLevel("hall", 1))
    assert Pace(16) in player.say(SetSpeed(16))
    ticks = [one.tick for _ in range(3) for one in player.say() if isinstance(one, Snapshot)]
    assert [later - earlier for earlier, later in pairwise(ticks)] == [4, 4]
    player.say(SetSpeed(0))
    assert player.say() == []
    (after,) = player.say(Step())
    assert isinstance(after, Snapshot)
    player.say(SetSpeed(1))
    quarter = [one for _ in range(8) for one in player.say() if isinstance(one, Snapshot)]
    assert len(quarter) == 2


def test_a_new_pace_begins_with_nothing_owed() -> None:
    player = greeted()
    player.say(StartLevel("hall", 1), SetSpeed(1))
    for _ in range(2):
        player.say()  # A quarter is owed for each beat: now three, which make no tick.
    assert not any(isinstance(one, Snapshot) for one in player.say(SetSpeed(3)))
    assert any(isinstance(one, Snapshot) for one in player.say())


def test_a_step_counts_in_a_pause_only() -> None:
    player = greeted()
    player.say(StartLevel("hall", 1))
    (moved,) = player.say(Step())
    assert isinstance(moved, Snapshot)
    assert moved.tick == 2


@pytest.mark.parametrize(("ticks", "kept"), [(KEEP_TICKS_MIN - 1, 0), (KEEP_TICKS_MIN, 1)])
def test_a_run_left_at_once_is_not_kept(ticks: int, kept: int) -> None:
    replays: list[Replay] = []
    player = greeted(replays)
    player.say(StartLevel("hall", 1))
    for _ in range(ticks - 1):
        player.say()
    player.say(Leave())
    assert len(replays) == kept


def test_a_command_in_a_pause_is_shown_as_pending() -> None:
    player = greeted()
    player.say(StartLevel("cookie-stamp", 1), SetSpeed(0))
    (shown,) = player.say(SetSysctl(1, "tcp_syncookies", 1))
    assert isinstance(shown, Snapshot)
    assert [state.pending for state in shown.knobs if state.name == "tcp_syncookies"] == ["1"]


def test_a_run_ends_with_its_result_and_its_replay_is_kept() -> None:
    kept: list[Replay] = []
    player = greeted(kept)
    heard = player.say(StartLevel("first-train", 1, solution=False), SetSpeed(32))
    for _ in range(400):
        heard += player.say()
    results = [one for one in heard if isinstance(one, Result)]
    assert len(results) == 1
    assert results[0].replay == "stored"
    assert [replay.ticks for replay in kept] == [1200]
    assert player.room.session is None


def test_a_recorded_run_takes_no_commands() -> None:
    player = greeted()
    player.say(StartLevel("hall", 1, solution=True))
    for command in (
        SetSysctl(9, "tcp_syncookies", 1),
        SetKnob(9, "workers", "2"),
        Call(9, "listen", 5),
        ConsoleLine(9, "sysctl -w net.ipv4.tcp_syncookies=1"),
    ):
        assert Refused(9, "recorded", {}) in player.say(command)
    answers = player.say(ConsoleLine(10, "ss -ltn"))
    assert any(isinstance(one, ConsoleOutput) for one in answers)


def test_a_solution_that_is_none_is_refused_and_the_room_plays_on() -> None:
    level = next(one for one in load_folder(levels_dir()) if one.id == "hall")
    broken = msgspec.structs.replace(level, solution=[Move(1.0, "make tea")])
    player = Player(Room([broken], build="test"))
    player.say(Hello(1, 1, "test", "Ada"))
    heard = player.say(StartLevel("hall", 1, solution=True))
    assert heard == [Refused(0, "no_level", {"level": "hall"})]
    assert any(isinstance(one, Started) for one in player.say(StartLevel("hall", 1)))


def test_what_comes_out_of_turn_is_refused() -> None:
    room = Room(load_folder(levels_dir()), build="test")
    player = Player(room)
    assert player.say(Step()) == [Refused(0, "hello_first", {})]
    player.say(Hello(1, 1, "test", "Ada"))
    assert player.say(SetSysctl(3, "a", 1)) == [Refused(3, "not_started", {})]
    assert player.say(StartLevel("nowhere", 1)) == [Refused(0, "no_level", {"level": "nowhere"})]
    assert room.refused == 3


def test_another_protocol_is_refused_in_words_for_both_sides() -> None:
    player = Player(Room(load_folder(levels_dir()), build="0.1", keep=lambda _: ""))
    (goodbye,) = player.say(Hello(7, 9, "2.0", "Ada"))
    assert goodbye == Goodbye("version", {"theirs": "7-9 (2.0)", "ours": "1-1 (0.1)"})
    assert player.link.closed


def test_garbage_is_refused_and_then_cut_off_while_the_room_plays_on() -> None:
    player = greeted()
    other = Player(player.room)
    player.say(StartLevel("hall", 1))
    for _ in range(MALFORMED_MAX):
        other.link.send(msgpack.packb({"type": "sysctl", "seq": 1, "name": "a", "value": 1e300}))
    heard = other.say()
    assert [type(one).__name__ for one in heard] == ["Refused"] * MALFORMED_MAX + ["Goodbye"]
    assert other.link.closed
    assert any(isinstance(one, Snapshot) for one in player.say())


def test_closing_keeps_the_run_and_says_goodbye() -> None:
    kept: list[Replay] = []
    player = greeted(kept)
    player.say(StartLevel("hall", 1), SetSpeed(32))
    for _ in range(20):
        player.say()
    player.room.close()
    assert len(kept) == 1
    data = player.link.receive()
    assert data is not None
    assert decode_from_server(data) == Goodbye("closing", {})
