"""Whoever read the protocol and does what no client does: the server stays as it should be."""

from pathlib import Path
from random import Random

import pytest

from game.protocol.attack import AttackView
from game.protocol.limits import (
    BREAK_BEATS,
    COUNTDOWN_BEATS,
    KEPT_TICKS_MIN,
    NAME_LENGTH_MAX,
    PASSWORD_TRIES_MAX,
    PING_NEWS_BEATS,
    RESUME_BEATS,
    ROOMS_MAX,
    TEACHER_TRIES_MAX,
    TEAM_MAX,
    VIEWERS_MAX,
)
from game.protocol.link import memory_link
from game.protocol.lobby import (
    Chat,
    ChatLine,
    CreateRoom,
    HandOver,
    JoinRoom,
    Kick,
    LeftRoom,
    ListMatches,
    ListRooms,
    MatchList,
    MatchResult,
    Mode,
    PauseMatch,
    Ping,
    Rejoin,
    RoomList,
    RoomState,
    Seated,
    SetBots,
    SetReady,
    SetUp,
    StartMatch,
    TakeSide,
    Team,
    WatchReplay,
)
from game.protocol.messages import (
    Ack,
    ClientMessage,
    ConsoleLine,
    Goodbye,
    Hello,
    Leave,
    PlayCard,
    SetSysctl,
    Started,
)
from game.protocol.snapshot import Snapshot
from game.protocol.teacher import (
    ClassBoard,
    LockChat,
    PauseAll,
    PushLevel,
    Remove,
    Rename,
    TeacherLogin,
)
from game.server.archive import Archive
from game.server.lobby import Lobby
from game.server.plain import plain
from game.session.session import Session
from tests.server.people import Person, beats, levels, make_lobby, two_in_a_room, until
from tests.server.test_match_room import short_arena, start


def joined(lobby: Lobby, name: str, code: str, *others: Person, spectate: bool = False) -> Person:
    person = Person(lobby, name)
    person.say(JoinRoom(code, spectate=spectate))
    beats(lobby, [person, *others], 3)
    return person


# ---- a crowd that does anything


class Stranger(Person):
    """Says whatever comes into his head, and now and then hangs up and comes back."""

    def __init__(self, lobby: Lobby, number: int, dice: Random) -> None:
        self.dice = dice
        self.number = number
        super().__init__(lobby, f"Eve {number}")

    def babble(self) -> None:
        dice = self.dice
        if self.link.closed or dice.random() < 0.004:
            self.come_again()
        for _ in range(dice.randrange(3)):
            self.say(self.anything())

    def come_again(self) -> None:
        token = self.last(Seated).token if self.all(Seated) else ""
        self.link.close()
        self.link, theirs = memory_link()
        self.lobby.join(theirs, "")
        self._whole.clear()
        self.say(Hello(1, 1, "test", self.name))
        if token and self.dice.random() < 0.7:
            self.say(Rejoin(token))

    def anything(self) -> ClientMessage:
        dice = self.dice
        codes = [room.code for room in self.all(RoomList)[-1].rooms] if self.all(RoomList) else []
        code = dice.choice([*codes, "ABCD"])
        teams: list[Team] = ["a", "b", ""]
        modes: list[Mode] = ["versus", "versus", "coop"]
        player, team, mode = dice.randrange(1, 12), dice.choice(teams), dice.choice(modes)
        level = dice.choice(["crossing", "crossing", "hall", "sandbox", "nowhere"])
        hand = self.all(AttackView)[-1].hand if self.all(AttackView) else ["probe"]
        messages: list[ClientMessage] = [
            ListRooms(), ListMatches(), CreateRoom("x", mode, level), JoinRoom(code),
            JoinRoom(code, spectate=True), TakeSide(team), SetReady(True), SetReady(True),
            SetReady(dice.random() < 0.5), Chat("hm"), SetUp(mode, level), Leave(),
            SetBots("a" if team == "a" else "b", dice.randrange(3), "easy"), StartMatch(),
            StartMatch(),
            StartMatch(), PauseMatch(dice.random() < 0.3), HandOver(player),
            Ping(1, dice.randrange(1000)), ConsoleLine(1, "ss -ltn"),
            SetSysctl(2, "net.ipv4.tcp_syncookies", 1), PlayCard(3, dice.choice(hand) or "probe"),
            TeacherLogin("chalk"), PauseAll(dice.random() < 0.2), PushLevel(level),
            LockChat(dice.random() < 0.5), Rename(code, player, "x"), WatchReplay("nothing"),
        ]  # fmt: skip
        rude: list[ClientMessage] = [Kick(player), Kick(player, 1), Remove(code, player)]
        if dice.random() < 0.01:
            return dice.choice(rude)
        return dice.choice(messages)


def check(lobby: Lobby) -> None:
    """What holds for every room at every moment."""
    seats = []
    for room in lobby.rooms.values():
        state = room.state()
        ids = [one.id for one in state.players]
        assert len(ids) == len(set(ids))
        assert len({one.name for one in state.players}) == len(ids)
        assert state.host in ids or not room.people
        for team in ("a", "b"):
            assert sum(one.team == team for one in state.players) <= TEAM_MAX
        assert (room.session is not None) == (state.phase in ("countdown", "running", "paused"))
        assert (state.why != "") == (state.phase == "paused")
        if state.mode == "coop":
            assert not any(one.bot or one.team == "b" for one in state.players)
            assert state.half == 0
        if state.phase in ("lobby", "results"):
            assert state.half == 0
            assert all(one.here for one in state.players)
        if state.phase == "running" and room.session is not None and state.mode == "versus":
            assert {one.team for one in state.players} >= {"a", "b"}
            assert all(one.here for one in state.players if one.team)
        seats += [member.seat for member in room.people if member.seat is not None]
    assert len(seats) == len(set(seats)), "nobody sits twice"
    assert not set(seats) & set(lobby._visitors), "nor is he outside as well"


@pytest.mark.parametrize("seed", range(4))
def test_a_crowd_that_does_anything_leaves_every_room_sound(seed: int) -> None:
    lobby = make_lobby(teacher_token="chalk")
    short_arena(lobby, seconds=5)
    dice = Random(f"strangers {seed}")  # noqa: S311  No secret, but the same every time.
    crowd = [Stranger(lobby, number, dice) for number in range(7)]
    played = 0
    for _ in range(1500):
        for stranger in crowd:
            stranger.babble()
        lobby.step()
        for stranger in crowd:
            stranger.hear()
        check(lobby)
        played += any(room.session is not None for room in lobby.rooms.values())
    assert played > 100, "matches were played meanwhile"


# ---- one trick each


def test_a_room_of_bots_alone_is_closed_and_nothing_of_it_is_kept() -> None:
    lobby, ada, bob = two_in_a_room()
    ada.say(TakeSide(""), SetBots("a", 1, "easy"))
    bob.say(Leave())
    beats(lobby, [ada, bob], 2)
    ada.say(SetBots("b", 1, "easy"))
    start(lobby, ada, bob)
    ada.say(Leave())
    beats(lobby, [ada, bob], 3)
    assert lobby.rooms == {}
    assert ada.last(RoomList).rooms == []


def test_who_watches_has_his_seat_kept_and_nobody_waits_for_him() -> None:
    lobby, ada, bob = two_in_a_room()
    ada.say(TakeSide(""), SetBots("a", 1, "easy"))
    beats(lobby, [ada, bob], 2)
    bob.say(SetReady(True))
    beats(lobby, [ada, bob], 2)
    start(lobby, ada, bob)
    token, tick = ada.last(Seated).token, bob.last(AttackView).tick
    ada.link.close()
    beats(lobby, [bob], 30)
    assert bob.last(RoomState).phase == "running"
    assert bob.last(AttackView).tick > tick + 20
    back = Person(lobby, "Ada")
    back.say(Rejoin(token))
    beats(lobby, [back, bob], 4)
    assert back.last(Started).role == "both"


def test_the_host_leaves_in_mid_match_and_the_next_one_carries_on() -> None:
    lobby, ada, bob = two_in_a_room()
    eve = joined(lobby, "Eve", ada.last(Seated).code, ada, bob)
    eve.say(TakeSide("a"), SetReady(True))
    beats(lobby, [ada, bob, eve], 2)
    start(lobby, ada, bob, eve)
    ada.say(Leave())
    beats(lobby, [ada, bob, eve], 3)
    state = bob.last(RoomState)
    assert (state.phase, state.host) == ("running", 2)
    bob.say(PauseMatch(True))
    beats(lobby, [bob, eve], 2)
    assert eve.last(RoomState).why == "host"


def test_everybody_leaves_one_after_the_other_and_the_room_is_gone() -> None:
    lobby, ada, bob = two_in_a_room()
    start(lobby, ada, bob)
    ada.say(Leave())
    beats(lobby, [ada, bob], 2)
    assert bob.last(MatchResult).winner == "b"
    bob.say(Leave())
    beats(lobby, [ada, bob], 2)
    assert lobby.rooms == {}
    assert lobby.visitor_count == 2


def test_a_seat_lost_in_the_break_is_waited_for_in_the_second_half() -> None:
    lobby, ada, bob = two_in_a_room()
    short_arena(lobby)
    start(lobby, ada, bob)
    list(until(lobby, [ada, bob], MatchResult, 200))
    token = bob.last(Seated).token
    bob.link.close()
    beats(lobby, [ada], BREAK_BEATS + 2)
    state = ada.last(RoomState)
    assert (state.phase, state.why, state.half) == ("paused", "dropped", 2)
    back = Person(lobby, "Bob")
    back.say(Rejoin(token))
    beats(lobby, [ada, back], RESUME_BEATS + COUNTDOWN_BEATS + 4)
    assert ada.last(RoomState).phase == "running"
    assert back.last(Started).role == "defender"
    assert back.last(Snapshot).tick > 0


def test_a_view_of_another_run_is_no_base_for_this_one() -> None:
    """What is acknowledged in one room may arrive in the next."""
    lobby, ada, bob = two_in_a_room()
    start(lobby, ada, bob)
    other, eve = Person(lobby, "Mallory"), Person(lobby, "Eve")
    other.say(CreateRoom("next door", "versus", "crossing"))
    beats(lobby, [ada, bob, other, eve], 2)
    other.say(SetBots("b", 1, "easy"), StartMatch())
    eve.say(JoinRoom(ada.last(Seated).code, spectate=True))
    beats(lobby, [ada, bob, other, eve], COUNTDOWN_BEATS + 60)
    eve.say(Leave(), JoinRoom(other.last(Seated).code, spectate=True))
    beats(lobby, [ada, bob, other, eve], 3)
    eve.say(Ack(eve.last(Snapshot).tick - 20))
    beats(lobby, [ada, bob, other, eve], 30)  # A delta against another base cannot be read.
    assert abs(eve.last(Snapshot).tick - other.last(Snapshot).tick) <= 1


@pytest.mark.parametrize("moment", ["running", "paused"])
def test_nobody_wins_by_sending_the_other_side_out(moment: str) -> None:
    lobby, ada, bob = two_in_a_room()
    start(lobby, ada, bob)
    if moment == "paused":
        ada.say(PauseMatch(True))
    ada.say(Kick(2))
    beats(lobby, [ada, bob], 3)
    result = ada.last(MatchResult)
    assert (result.over, result.forfeit, result.winner) == (True, True, "")
    assert bob.last(LeftRoom).code == "kicked"
    assert ada.last(RoomState).phase == "results"


def test_who_is_kicked_while_away_stays_out_if_he_was_banned() -> None:
    lobby, ada, bob = two_in_a_room()
    start(lobby, ada, bob)
    bob.link.close()
    beats(lobby, [ada], 3)
    ada.say(Kick(2, ban_minutes=5))
    beats(lobby, [ada], 3)
    back = Person(lobby, "Bob")
    back.say(Rejoin(bob.last(Seated).token), JoinRoom(ada.last(Seated).code))
    beats(lobby, [ada, back], 3)
    assert back.refusals == ["no_seat", "banned"]


def test_the_host_may_be_handed_over_in_the_break_but_not_to_a_bot_or_nobody() -> None:
    lobby, ada, bob = two_in_a_room()
    ada.say(SetBots("b", 1, "easy"))
    short_arena(lobby)
    beats(lobby, [ada, bob], 2)
    start(lobby, ada, bob)
    list(until(lobby, [ada, bob], MatchResult, 200))
    ada.say(HandOver(3), HandOver(77), HandOver(2), StartMatch(), SetUp("coop", "hall"))
    beats(lobby, [ada, bob], 2)
    assert ada.refusals == ["no_player", "no_player", "host_only", "host_only"]
    bob.say(StartMatch(), SetUp("coop", "hall"), SetBots("a", 2, "easy"), TakeSide("a"))
    beats(lobby, [ada, bob], 2)
    assert bob.refusals == ["already_on"] * 4
    beats(lobby, [ada, bob], BREAK_BEATS)
    assert (bob.last(RoomState).host, bob.last(RoomState).half) == (2, 2)


def test_passwords_cannot_be_tried_at_leisure() -> None:
    lobby = make_lobby()
    ada, eve = Person(lobby, "Ada"), Person(lobby, "Eve")
    ada.say(CreateRoom("Friday", "versus", "crossing", "sesame"))
    beats(lobby, [ada, eve], 2)
    code = ada.last(Seated).code
    for guess in range(PASSWORD_TRIES_MAX):
        eve.say(JoinRoom(code, f"guess {guess}", spectate=True))
    eve.say(JoinRoom(code, "sesame"))
    beats(lobby, [ada, eve], 3)
    assert eve.refusals == ["wrong_password"] * (PASSWORD_TRIES_MAX - 1)
    assert eve.last(Goodbye).code == "too_many_tries"
    assert len(ada.last(RoomState).players) == 1


def test_of_65_rooms_40_are_opened_and_the_others_refused() -> None:
    lobby = make_lobby()
    people = [Person(lobby, f"P{number}") for number in range(65)]
    for person in people:
        person.say(CreateRoom("mine", "versus", "crossing"))
    beats(lobby, people, 2)
    assert len(lobby.rooms) == ROOMS_MAX
    assert sum(one.refusals == ["too_many_rooms"] for one in people) == 65 - ROOMS_MAX
    people[0].say(Leave())
    beats(lobby, people, 2)
    people[-1].say(CreateRoom("mine", "versus", "crossing"))
    beats(lobby, people, 2)
    assert people[-1].all(Seated), "a place that is free again is had again"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("🚉🚉🚉", "🚉🚉🚉"),
        ("محطة القطار", "محطة القطار"),
        ("\u202egnirtS", "gnirtS"),
        ("E\u200bv\u200de", "Eve"),
        ("\u200b\u2060\ufeff", "player"),
        ("\x00\x1b[31mred", "[31mred"),
        ("  a \n\t b  ", "a b"),
        ("e\u0301" * 12, "é" * 12),
    ],
)
def test_a_name_shows_what_it_is(name: str, shown: str) -> None:
    lobby, ada, bob = two_in_a_room()
    eve = joined(lobby, name[:NAME_LENGTH_MAX], ada.last(Seated).code, ada, bob)
    assert eve.last(RoomState).players[-1].name == shown


def test_two_names_that_look_alike_are_told_apart() -> None:
    lobby, ada, bob = two_in_a_room()
    joined(lobby, "Ad\u200ba", ada.last(Seated).code, ada, bob)
    assert [one.name for one in ada.last(RoomState).players] == ["Ada", "Bob", "Ada 2"]


def test_what_turns_text_round_is_taken_out_of_the_chat() -> None:
    lobby, ada, bob = two_in_a_room()
    bob.say(Chat("\u202eevil"), Chat("\u200b"))
    beats(lobby, [ada, bob], 2)
    assert [one.text for one in ada.all(ChatLine) if one.player == 2] == ["evil"]


def test_two_teachers_see_the_same_class_and_what_they_hold_stays_held() -> None:
    lobby, ada, bob = two_in_a_room(teacher_token="chalk")
    lena, otto = Person(lobby, "Lena"), Person(lobby, "Otto")
    people = [ada, bob, lena, otto]
    for one in (lena, otto):
        one.say(TeacherLogin("chalk"))
    beats(lobby, people, 2)
    lena.say(PauseAll(True))
    beats(lobby, people, 2)
    ada.say(StartMatch())
    beats(lobby, people, 4)
    assert (ada.last(RoomState).phase, ada.last(RoomState).why) == ("paused", "teacher")
    ada.say(PauseMatch(False))
    beats(lobby, people, 30)
    assert ada.last(RoomState).phase == "paused", "the host does not overrule a teacher"
    assert otto.last(ClassBoard).paused
    otto.say(PauseAll(False), PushLevel("hall"), Rename(ada.last(Seated).code, 2, "Ada"))
    beats(lobby, people, 2)
    state = ada.last(RoomState)
    assert (state.phase, state.mode) == ("countdown", "versus"), "no other level in mid-match"
    assert [one.name for one in state.players] == ["Ada", "Ada 2"]
    assert otto.refusals == ["no_level"]


def test_a_pause_of_the_host_becomes_the_teachers() -> None:
    lobby, ada, bob = two_in_a_room(teacher_token="chalk")
    lena = Person(lobby, "Lena")
    lena.say(TeacherLogin("chalk"))
    start(lobby, ada, bob, lena)
    ada.say(PauseMatch(True))
    beats(lobby, [ada, bob, lena], 2)
    lena.say(PauseAll(True))
    beats(lobby, [ada, bob, lena], 2)
    ada.say(PauseMatch(False))
    beats(lobby, [ada, bob, lena], 2)
    assert (ada.last(RoomState).phase, ada.last(RoomState).why) == ("paused", "teacher")
    lena.say(PauseAll(False))
    beats(lobby, [ada, bob, lena], 2)
    assert ada.last(RoomState).phase == "running"


def test_no_level_is_pushed_into_a_break() -> None:
    lobby, ada, bob = two_in_a_room(teacher_token="chalk")
    short_arena(lobby)
    lena = Person(lobby, "Lena")
    lena.say(TeacherLogin("chalk"))
    start(lobby, ada, bob, lena)
    list(until(lobby, [ada, bob, lena], MatchResult, 200))
    lena.say(PushLevel("hall"))
    beats(lobby, [ada, bob, lena], BREAK_BEATS + 2)
    assert (ada.last(RoomState).mode, ada.last(RoomState).half) == ("versus", 2)


def test_a_pupil_cannot_lock_the_teacher_out_behind_one_address() -> None:
    lobby = make_lobby(teacher_token="chalk")
    eve = Person(lobby, "Eve", "10.0.0.9")
    for number in range(TEACHER_TRIES_MAX + 1):
        eve.say(TeacherLogin(f"guess {number}"))
    beats(lobby, [eve], 2)
    lena = Person(lobby, "Lena", "10.0.0.9")
    lena.say(TeacherLogin("chalk"))
    beats(lobby, [lena], 2)
    assert lena.all(ClassBoard)


def test_a_ping_that_jumps_is_told_once_a_second() -> None:
    lobby, ada, bob = two_in_a_room()
    beats(lobby, [ada, bob], PING_NEWS_BEATS)
    before = len(ada.all(RoomState))
    for number in range(4 * PING_NEWS_BEATS):
        bob.say(Ping(number, 1000 * (number % 2)))
        beats(lobby, [ada, bob])
    assert len(ada.all(RoomState)) - before <= 4


def test_only_so_many_replays_are_watched_at_once(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    (arena,) = [one for one in levels() if one.id == "crossing"]
    session = Session(arena, 1)
    session.advance()
    name = archive.keep_replay(session.replay())
    lobby = make_lobby(archive=archive)
    people = [Person(lobby, f"P{number}") for number in range(VIEWERS_MAX + 1)]
    for person in people:
        person.say(WatchReplay(name))
    beats(lobby, people, 2)
    assert [one.refusals for one in people] == [[]] * VIEWERS_MAX + [["too_many_viewers"]]


@pytest.mark.parametrize(("ticks", "kept"), [(10, 0), (KEPT_TICKS_MIN, 1)])
def test_who_starts_and_leaves_at_once_leaves_no_result(ticks: int, kept: int) -> None:
    lobby, ada, bob = two_in_a_room()
    start(lobby, ada, bob)
    beats(lobby, [ada, bob], ticks)
    bob.say(Leave())
    beats(lobby, [ada, bob], 2)
    assert ada.last(MatchResult).winner == "a"
    bob.say(ListMatches())
    beats(lobby, [ada, bob], 2)
    assert len(bob.last(MatchList).matches) == kept


def test_what_only_changes_the_sign_before_it_is_no_sign_of_its_own() -> None:
    assert plain("Mei 👍🏽") == "Mei 👍"
    assert plain("❤️ 站长") == "❤ 站长"
