"""A room: who may do what, a match of two halves, broken connections, and who sees what."""

import msgspec
import pytest

from game.protocol.attack import AttackView
from game.protocol.limits import (
    BEHIND_BEATS,
    BEHIND_MS,
    BREAK_BEATS,
    COUNTDOWN_BEATS,
    REJOIN_BEATS,
    TEAM_MAX,
)
from game.protocol.lobby import (
    Chat,
    ChatLine,
    HandOver,
    JoinRoom,
    Kick,
    LeftRoom,
    ListMatches,
    MatchList,
    MatchResult,
    PauseMatch,
    Rejoin,
    RoomState,
    Seated,
    SetBots,
    SetReady,
    SetUp,
    StartMatch,
    TakeSide,
)
from game.protocol.messages import (
    ConsoleLine,
    ConsoleOutput,
    Leave,
    Pace,
    PlayCard,
    Result,
    SetSysctl,
    Started,
)
from game.protocol.snapshot import Snapshot
from game.server.archive import Archive
from game.server.lobby import Lobby
from game.server.room import BEAT_MS
from game.session.session import play
from tests.server.people import Person, beats, levels, make_lobby, two_in_a_room, until


def short_arena(lobby: Lobby, seconds: int = 6) -> None:
    """Make the crossing short: a match of two such halves."""
    (arena,) = [one for one in levels() if one.id == "crossing"]
    lobby._levels["crossing"] = msgspec.structs.replace(arena, seconds=seconds)


def start(lobby: Lobby, ada: Person, *others: Person) -> None:
    ada.say(StartMatch())
    beats(lobby, [ada, *others], COUNTDOWN_BEATS + 2)
    assert ada.last(RoomState).phase == "running"


def test_a_match_is_two_halves_with_swapped_sides_and_one_result_for_all() -> None:
    lobby, ada, bob = two_in_a_room()
    short_arena(lobby)
    start(lobby, ada, bob)
    assert (ada.last(Started).role, bob.last(Started).role) == ("defender", "attacker")
    list(until(lobby, [ada, bob], MatchResult, 200))
    assert not ada.last(MatchResult).over
    beats(lobby, [ada, bob], BREAK_BEATS + COUNTDOWN_BEATS + 2)
    assert (ada.last(Started).role, bob.last(Started).role) == ("attacker", "defender")
    list(until(lobby, [ada, bob], MatchResult, 200))
    result = ada.last(MatchResult)
    assert result == bob.last(MatchResult)
    assert result.over and [half.defender for half in result.halves] == ["a", "b"]
    assert result.teams == {"a": ["Ada"], "b": ["Bob"]}
    assert ada.last(RoomState).phase == "results"


def test_before_each_half_everybody_sees_a_countdown_in_which_nothing_is_played() -> None:
    lobby, ada, bob = two_in_a_room()
    short_arena(lobby)
    ada.say(StartMatch())
    for half in (1, 2):
        beats(lobby, [ada, bob], 2)
        for one in (ada, bob):
            state = one.last(RoomState)
            assert (state.phase, state.half) == ("countdown", half)
            assert COUNTDOWN_BEATS - 1 <= state.wait_ms / BEAT_MS <= COUNTDOWN_BEATS
            assert one.last(Pace).quarters == 0
        seen = ada if half == 1 else bob
        beats(lobby, [ada, bob], COUNTDOWN_BEATS - 4)
        assert seen.last(Snapshot).tick == 0
        beats(lobby, [ada, bob], 5)
        assert seen.last(Snapshot).tick > 0 and bob.last(RoomState).phase == "running"
        list(until(lobby, [ada, bob], MatchResult, 200))
        if half == 1:
            beats(lobby, [ada, bob], BREAK_BEATS)


def test_a_countdown_that_was_held_up_begins_anew() -> None:
    lobby, ada, bob = two_in_a_room()
    ada.say(StartMatch())
    beats(lobby, [ada, bob], COUNTDOWN_BEATS // 2)
    ada.say(PauseMatch(True))
    beats(lobby, [ada, bob], COUNTDOWN_BEATS)
    assert ada.last(RoomState).phase == "paused" and ada.last(Snapshot).tick == 0
    ada.say(PauseMatch(False))
    beats(lobby, [ada, bob], 2)
    state = bob.last(RoomState)
    assert (state.phase, state.wait_ms) == ("countdown", (COUNTDOWN_BEATS - 1) * BEAT_MS)


def test_whoever_comes_after_the_first_half_is_told_of_it() -> None:
    lobby, ada, bob = two_in_a_room()
    short_arena(lobby)
    start(lobby, ada, bob)
    list(until(lobby, [ada, bob], MatchResult, 200))
    for wait in (0, BREAK_BEATS, COUNTDOWN_BEATS):
        beats(lobby, [ada, bob], wait)
        eve = Person(lobby, f"Eve {wait}")
        beats(lobby, [ada, bob, eve], 2)
        eve.say(JoinRoom(ada.last(Seated).code))
        beats(lobby, [ada, bob, eve], 2)
        assert eve.last(MatchResult) == ada.last(MatchResult)


def test_a_server_that_is_behind_says_so_until_it_keeps_the_beat_again() -> None:
    lobby, ada, bob = two_in_a_room()
    start(lobby, ada, bob)
    (room,) = lobby.rooms.values()
    room.note_late(BEHIND_MS)
    beats(lobby, [ada, bob], 2)
    assert not bob.last(RoomState).behind, "that is not felt yet"
    room.note_late(BEHIND_MS + 1)
    beats(lobby, [ada, bob], 2)
    assert ada.last(RoomState).behind and bob.last(RoomState).behind
    told = len(bob.all(RoomState))
    for _ in range(BEHIND_BEATS):
        room.note_late(1)
        beats(lobby, [ada, bob])
    beats(lobby, [ada, bob])
    assert not bob.last(RoomState).behind
    assert len(bob.all(RoomState)) == told + 1, "told once, not with every beat"


def test_nobody_is_sent_what_only_the_other_side_knows() -> None:
    lobby, ada, bob = two_in_a_room()
    start(lobby, ada, bob)
    beats(lobby, [ada, bob], 40)
    views = {Snapshot, AttackView}
    assert {type(one) for one in ada.heard} & views == {Snapshot}
    assert {type(one) for one in bob.heard} & views == {AttackView}


def test_each_side_commands_its_own() -> None:
    lobby, ada, bob = two_in_a_room()
    start(lobby, ada, bob)
    card = bob.last(AttackView).hand[0]
    ada.say(PlayCard(1, card))
    bob.say(SetSysctl(1, "net.ipv4.tcp_syncookies", 1), ConsoleLine(2, "ss -ltn"))
    beats(lobby, [ada, bob], 2)
    assert ada.refusals == ["wrong_side"]
    assert bob.refusals == ["wrong_side", "wrong_side"]
    ada.say(SetSysctl(2, "net.ipv4.tcp_syncookies", 1), ConsoleLine(3, "ss -ltn"))
    beats(lobby, [ada, bob], 2)
    assert ada.refusals == ["wrong_side"]
    assert ada.last(ConsoleOutput).lines[0].startswith("State")


def test_a_spectator_comes_late_sees_both_and_commands_nothing() -> None:
    lobby, ada, bob = two_in_a_room()
    start(lobby, ada, bob)
    eve = Person(lobby, "Eve")
    beats(lobby, [ada, bob, eve], 2)
    eve.say(JoinRoom(ada.last(Seated).code))
    beats(lobby, [ada, bob, eve], 4)
    assert eve.last(Started).role == "both"
    assert {Snapshot, AttackView} <= {type(one) for one in eve.heard}
    eve.say(SetSysctl(1, "net.ipv4.tcp_syncookies", 1), PlayCard(2, "probe"))
    beats(lobby, [ada, bob, eve], 2)
    assert eve.refusals == ["wrong_side", "wrong_side"]


def test_a_broken_connection_pauses_and_its_token_brings_back_the_same_seat_once() -> None:
    lobby, ada, bob = two_in_a_room()
    start(lobby, ada, bob)
    seat = bob.last(Seated)
    tick = ada.last(Snapshot).tick
    bob.link.close()
    beats(lobby, [ada], 5)
    state = ada.last(RoomState)
    assert (state.phase, state.why) == ("paused", "dropped")
    assert [one.here for one in state.players] == [True, False]
    assert ada.last(Snapshot).tick <= tick + 1
    back = Person(lobby, "Bob")
    back.say(Rejoin(seat.token))
    beats(lobby, [ada, back], 100)
    assert back.last(Seated).player == seat.player
    assert back.last(Started).role == "attacker"
    assert ada.last(RoomState).phase == "running"
    thief = Person(lobby, "Bob")
    thief.say(Rejoin(seat.token))
    beats(lobby, [ada, back, thief], 3)
    assert thief.refusals == ["no_seat"]
    assert not back.link.closed


def test_a_seat_is_kept_for_a_minute_and_then_the_match_is_forfeit() -> None:
    lobby, ada, bob = two_in_a_room()
    start(lobby, ada, bob)
    bob.link.close()
    beats(lobby, [ada], REJOIN_BEATS + 3)
    result = ada.last(MatchResult)
    assert (result.over, result.forfeit, result.winner) == (True, True, "a")
    late = Person(lobby, "Bob")
    late.say(Rejoin(bob.last(Seated).token))
    beats(lobby, [ada, late], 3)
    assert late.refusals == ["no_seat"]


def test_two_who_drop_must_both_be_back_before_play_goes_on() -> None:
    lobby, ada, bob = two_in_a_room()
    start(lobby, ada, bob)
    tokens = [one.last(Seated).token for one in (ada, bob)]
    eve = Person(lobby, "Eve")
    beats(lobby, [eve], 2)
    eve.say(JoinRoom(ada.last(Seated).code, spectate=True))
    beats(lobby, [ada, bob, eve], 2)
    ada.link.close()
    bob.link.close()
    beats(lobby, [eve], 3)
    first = Person(lobby, "Ada")
    first.say(Rejoin(tokens[0]))
    beats(lobby, [eve, first], 200)
    assert eve.last(RoomState).phase == "paused"
    second = Person(lobby, "Bob")
    second.say(Rejoin(tokens[1]))
    beats(lobby, [eve, first, second], 200)
    assert eve.last(RoomState).phase == "running"


def test_only_the_host_starts_pauses_and_kicks_and_can_hand_over() -> None:
    lobby, ada, bob = two_in_a_room()
    bob.say(StartMatch(), Kick(1), SetUp("versus", "crossing"), SetBots("a", 1, "easy"))
    beats(lobby, [ada, bob], 2)
    assert bob.refusals == ["host_only"] * 4
    start(lobby, ada, bob)
    ada.say(PauseMatch(True))
    beats(lobby, [ada, bob], 2)
    assert bob.last(Pace).quarters == 0
    assert (bob.last(RoomState).phase, bob.last(RoomState).why) == ("paused", "host")
    ada.say(PauseMatch(False), HandOver(2))
    beats(lobby, [ada, bob], 2)
    assert (bob.last(RoomState).phase, bob.last(RoomState).host) == ("running", 2)
    bob.say(Kick(1, ban_minutes=5))
    beats(lobby, [ada, bob], 2)
    assert ada.last(LeftRoom).code == "banned"
    ada.say(JoinRoom(bob.last(RoomState).code))
    beats(lobby, [ada, bob], 2)
    assert ada.refusals[-1] == "banned"


def test_the_next_person_is_host_when_the_host_leaves() -> None:
    lobby, ada, bob = two_in_a_room()
    ada.say(Leave())
    beats(lobby, [ada, bob], 2)
    assert bob.last(RoomState).host == 2
    assert [(one.code, one.name) for one in bob.all(ChatLine)][-1] == ("host", "Bob")


@pytest.mark.parametrize(("ready", "objection"), [(False, "not_ready"), (True, "")])
def test_a_match_waits_for_everybody(ready: bool, objection: str) -> None:
    lobby, ada, bob = two_in_a_room()
    bob.say(SetReady(ready))
    beats(lobby, [ada, bob], 2)
    ada.say(StartMatch())
    beats(lobby, [ada, bob], 2)
    assert ada.refusals == ([objection] if objection else [])


def test_a_side_must_not_be_empty_but_a_bot_is_enough() -> None:
    lobby, ada, bob = two_in_a_room()
    bob.say(TakeSide(""))
    beats(lobby, [ada, bob], 2)
    ada.say(StartMatch())
    beats(lobby, [ada, bob], 2)
    assert ada.refusals == ["side_empty"]
    ada.say(SetBots("b", 1, "hard"))
    start(lobby, ada, bob)
    beats(lobby, [ada, bob], 400)
    assert any(one.card for one in bob.last(AttackView).running) or bob.last(AttackView).points < 10


def test_a_team_has_at_most_four_bots_included() -> None:
    lobby, ada, bob = two_in_a_room()
    ada.say(SetBots("a", TEAM_MAX, "easy"))
    beats(lobby, [ada, bob], 2)
    assert sum(one.team == "a" for one in ada.last(RoomState).players) == TEAM_MAX
    assert ada.refusals == ["side_full"]
    bob.say(TakeSide("a"))
    beats(lobby, [ada, bob], 2)
    assert bob.refusals == ["side_full"]


def test_chat_reaches_everybody_and_is_not_for_flooding() -> None:
    lobby, ada, bob = two_in_a_room()
    ada.say(Chat("  good \n luck "))
    beats(lobby, [ada, bob], 2)
    assert bob.all(ChatLine)[-1] == ChatLine(1, "Ada", "good luck")
    for number in range(40):
        bob.say(Chat(f"spam {number}"))
        beats(lobby, [ada, bob])
    assert len([one for one in ada.all(ChatLine) if one.player == 2]) == 30
    assert set(bob.refusals) == {"too_fast"}


def test_a_campaign_level_is_defended_together() -> None:
    lobby, ada, bob = two_in_a_room()
    level = msgspec.structs.replace(lobby._levels["hall"], seconds=6, solution=[])
    lobby._levels["hall"] = level
    ada.say(SetUp("coop", "hall"))
    beats(lobby, [ada, bob], 2)
    assert [one.team for one in ada.last(RoomState).players] == ["a", "a"]
    bob.say(SetReady(True))
    beats(lobby, [ada, bob], 2)
    start(lobby, ada, bob)
    bob.say(SetSysctl(1, "net.ipv4.tcp_syncookies", 0))
    list(until(lobby, [ada, bob], Result, 200))
    assert ada.last(Result) == bob.last(Result)
    assert ada.last(RoomState).phase == "results"


def test_deltas_are_the_same_pictures_and_fit_into_16_kilobytes_a_second() -> None:
    lobby, ada, bob = two_in_a_room()
    start(lobby, ada, bob)
    before, count = ada.bytes + bob.bytes, len(ada.all(Snapshot))
    for seq in range(1, 21):
        hand = [name for name in bob.last(AttackView).hand if name]
        bob.say(*(PlayCard(seq * 10 + i, name) for i, name in enumerate(hand)))
        beats(lobby, [ada, bob], 20)
    assert len(ada.all(Snapshot)) - count == 400
    assert (ada.bytes + bob.bytes - before) / 2 / 20 < 16_000
    session = lobby.rooms[ada.last(Seated).code].session
    assert session is not None
    assert ada.last(Snapshot) == session.snapshot()


def test_a_half_tells_what_either_side_did_and_when() -> None:
    lobby, ada, bob = two_in_a_room()
    short_arena(lobby)
    start(lobby, ada, bob)
    beats(lobby, [ada, bob], 20)
    card = next(name for name in bob.last(AttackView).hand if name)
    bob.say(PlayCard(1, card))
    ada.say(SetSysctl(1, "net.ipv4.tcp_syncookies", 1))
    list(until(lobby, [ada, bob], MatchResult, 200))
    (half,) = ada.last(MatchResult).halves
    (play,), (change,) = half.plays, half.changes
    assert (play.name, play.value, half.cards) == (card, "", {card: 1})
    assert (change.name, change.value) == ("tcp_syncookies", "1")
    assert 1000 <= play.at_ms == change.at_ms <= 1200


def test_results_and_replays_outlive_the_server(tmp_path: object) -> None:
    archive = Archive(tmp_path)  # type: ignore[arg-type]
    lobby, ada, bob = two_in_a_room(archive=archive)
    short_arena(lobby)
    start(lobby, ada, bob)
    list(until(lobby, [ada, bob], MatchResult, 200))
    beats(lobby, [ada, bob], BREAK_BEATS + COUNTDOWN_BEATS + 2)
    list(until(lobby, [ada, bob], MatchResult, 200))
    again = make_lobby(archive=Archive(tmp_path))  # type: ignore[arg-type]
    eve = Person(again, "Eve")
    eve.say(ListMatches())
    beats(again, [eve], 2)
    (kept,) = eve.last(MatchList).matches
    assert kept == ada.last(MatchResult)
    replay = Archive(tmp_path).load_replay(kept.halves[1].replay)  # type: ignore[arg-type]
    assert replay is not None
    session = play(replay)
    while not session.over:
        session.advance()
    assert session.digests == replay.digests
    assert session.score.served == kept.halves[1].served
