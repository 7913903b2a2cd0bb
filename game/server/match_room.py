"""A room on a server: people and bots in two teams, chat, and the match that they play.

Synchronous as `room.py`: one call of `step` is one beat of 50 wall milliseconds. The lobby lets
people in and takes those back who leave.
"""

import secrets
from collections.abc import Callable, Mapping

from game.bots import make_bot
from game.level.schema import Level
from game.protocol.catalogue import Catalogue
from game.protocol.codec import encode
from game.protocol.limits import (
    BREAK_BEATS,
    CHAT_A_MINUTE_MAX,
    KEPT_TICKS_MIN,
    PING_NEWS_BEATS,
    REJOIN_BEATS,
    RESUME_BEATS,
    TEAM_MAX,
)
from game.protocol.link import memory_link
from game.protocol.lobby import (
    Chat,
    ChatLine,
    HandOver,
    Kick,
    MatchResult,
    PauseMatch,
    Phase,
    Ping,
    Pong,
    RoomInfo,
    RoomState,
    Seated,
    SetBots,
    SetReady,
    SetUp,
    StartMatch,
    TakeSide,
)
from game.protocol.messages import (
    Ack,
    Call,
    ClientMessage,
    ConsoleLine,
    ConsoleOutput,
    Leave,
    Pace,
    PlayCard,
    Role,
    ServerMessage,
    SetKnob,
    SetSysctl,
    Started,
)
from game.protocol.teacher import QueueGlance, RoomGlance
from game.server.match import Match
from game.server.member import Member
from game.server.plain import plain
from game.server.room import BEAT_MS, Keep, discard
from game.server.roster import Roster
from game.server.run import Run
from game.server.seat import Seat
from game.server.tally import Tally
from game.server.views import Views
from game.session.session import Session

BEATS_A_MINUTE = 60 * 1000 // BEAT_MS
SEED_MAX = 1_000_000

TEAMS = {"versus": ("a", "b"), "coop": ("a",)}
"""Teams of each mode; in co-op everybody defends."""

Today = Callable[[], str]
"""The time of day, for records."""


class MatchRoom:
    """One room.

    Args:
        code: what brings people here.
        catalogue: for the bots, who are told what every player is told.
        levels: all that can be played, by id.
        mode: "versus" on an arena, or "coop" on a campaign level.
        keep: stores replays.
        new_token, new_seed, today: dice and clock, handed in for tests.

    Attributes:
        phase: "lobby", "running", "paused", "break" or "results".
        left: seats of those who have left and are still connected, for the lobby.
        results: of matches that are over, oldest first; the lobby takes them.
        empty_beats: for how long nobody has been here.
        held: the teacher holds all matches, those that begin too.
    """

    def __init__(
        self,
        code: str,
        name: str,
        levels: Mapping[str, Level],
        mode: str,
        level: str,
        *,
        catalogue: Catalogue,
        password: str = "",
        keep: Keep = discard,
        tally: Tally | None = None,
        new_token: Callable[[], str] = lambda: secrets.token_urlsafe(16),
        new_seed: Callable[[], int] = lambda: secrets.randbelow(SEED_MAX),
        today: Today = str,
    ) -> None:
        self.code = code
        self.name = name
        self.mode = mode
        self.level = level
        self.password = password
        self.phase: Phase = "lobby"
        self.left: list[tuple[Seat, str]] = []
        self.results: list[MatchResult] = []
        self.empty_beats = 0
        self.chat_locked = False
        self.held = False
        self._levels = levels
        self._catalogue = catalogue
        self._keep = keep
        self._tally = tally or Tally()
        self._new_token = new_token
        self._new_seed = new_seed
        self._today = today
        self._roster = Roster(TEAMS[mode])
        self._match: Match | None = None
        self._run: Run | None = None
        self._views: Views | None = None
        self._wait_beats = 0
        self._why = ""
        self._beats = 0
        self._chats: list[int] = []
        self._news = False
        self._ping_news = False

    # ---- who is here

    @property
    def people(self) -> list[Member]:
        """Everybody but the bots."""
        return self._roster.people

    @property
    def session(self) -> Session | None:
        """The half that is on."""
        return self._run.session if self._run else None

    @property
    def is_busy(self) -> bool:
        """Whether a match is on, its break and its pauses included."""
        return self._run is not None or self._match is not None

    def objection(self, seat: Seat, password: str, spectate: bool) -> str:
        """Why somebody may not enter, "" if he may."""
        if self._roster.is_banned(seat, self._beats):
            return "banned"
        if self.password and not secrets.compare_digest(password.encode(), self.password.encode()):
            return "wrong_password"
        if spectate or self._match is not None:
            return "" if self._roster.has_place("") else "room_full"
        return "" if self._roster.free_team() else "room_full"

    def enter(self, seat: Seat, *, spectate: bool = False) -> None:
        """Let somebody in whom nothing stands against; a match under way is watched."""
        roster = self._roster
        team = "" if spectate or self._match is not None else roster.free_team()
        name = roster.free_name(seat.name)
        member = Member(roster.take_number(), name, team, self._new_token(), seat)
        roster.members.append(member)
        if not roster.host:
            roster.host = member.id
        self._greet(member)
        self._say("joined", member)

    def rejoin(self, seat: Seat, token: str) -> bool:
        """Let somebody back to the place that a token stands for; False if it is not here."""
        member = self._roster.find_token(token)
        if member is None:
            return False
        if member.seat is not None:
            # The old connection may be dead without anybody knowing: the newest one has the seat.
            member.seat.dismiss("taken_over", {})
        member.sit(seat)
        member.token = self._new_token()  # A token works once.
        self._greet(member)
        self._say("returned", member)
        if self.phase == "paused" and self._why == "dropped" and self._roster.is_complete:
            self._wait_beats = RESUME_BEATS
        return True

    def _greet(self, member: Member) -> None:
        assert member.seat is not None  # It has just come.
        member.seat.send(Seated(self.code, member.id, member.token))
        self._news = True
        if self._run is not None:
            self._show_run(member)

    def remove(self, member: Member, code: str) -> None:
        """Take somebody out of the room; a connection that stands goes back to the lobby.

        A match in which a side has nobody left goes to the other one, but not if the last of it
        was sent out: nobody wins by that.
        """
        self._roster.members.remove(member)
        seat = member.seat
        if seat is not None and member.is_person and seat.here:
            self.left.append((seat, code))
        self._say("left" if code == "left" else "removed", member)
        if member.id == self._roster.host:
            self._find_host()
        self._news = True
        if member.team and self.is_busy:
            self._after_loss(member.team, void=code != "left")

    def member(self, player: int) -> Member | None:
        """Somebody by number."""
        return self._roster.find(player)

    def _find_host(self) -> None:
        host = self._roster.choose_host()
        if host is not None:
            self._say("host", host)

    # ---- the beat

    def step(self) -> None:
        """One beat: hear everybody, play what is due, tell everybody."""
        self._beats += 1
        self._tally.beats += 1
        for member in self._roster:
            if member.seat is not None:
                self._hear(member, member.seat)
        self._count_down()
        if self._run is not None and self.phase == "running":
            self._play(self._run)
        elif self._run is not None and self._run.stale and self._views is not None:
            self._run.stale = False
            self._views.refresh()
            self._show_views()
        for member in self._roster:
            if member.bot is not None:
                member.bot.step()
        if self._news or (self._ping_news and self._beats % PING_NEWS_BEATS == 0):
            self._news = self._ping_news = False
            self._tell(self.state())
        people = any(one.here for one in self.people)
        self.empty_beats = 0 if people else self.empty_beats + 1

    def close(self) -> None:
        """Keep the half that is on."""
        if self._run is not None and self._match is not None:
            self._keep(self._run.session.replay())
        self._run = None
        self._match = None

    def _hear(self, member: Member, seat: Seat) -> None:
        for message in seat.hear():
            self._handle(member, seat, message)
            if member not in self._roster.members:
                return
        if seat.link.closed or not seat.here:
            self._lose(member)

    def _lose(self, member: Member) -> None:
        """A connection is broken: the seat is kept for a while."""
        member.seat = None
        self._news = True
        if not self.is_busy:
            self.remove(member, "left")
            return
        member.left_beats = REJOIN_BEATS
        self._say("dropped", member)
        if member.id == self._roster.host:
            self._find_host()
        if not member.team:
            return  # Nobody waits for somebody who watches.
        if self.phase == "running" or self._why == "dropped":
            self._pause("dropped", REJOIN_BEATS)

    def _pause(self, why: str, wait_beats: int = 0) -> None:
        self.phase = "paused"
        self._why = why
        self._wait_beats = wait_beats
        self._news = True
        self._tell(Pace(0))

    def _resume(self) -> None:
        if self.held:
            self._pause("teacher")
            return
        self.phase = "running"
        self._why = ""
        self._wait_beats = 0
        self._news = True
        self._tell(Pace(4))

    def hold_for_teacher(self, held: bool) -> None:
        """Hold this match and those to come, or let them go on."""
        self.held = held
        if held and self.phase == "paused" and self._why == "host":
            self._pause("teacher")
        self.hold(held, "teacher")

    def hold(self, paused: bool, why: str) -> None:
        """Pause a match, or let it go on if it was paused for the same reason."""
        if paused and self.phase == "running":
            self._pause(why)
        elif not paused and self.phase == "paused" and self._why == why:
            if self._roster.is_complete:
                self._resume()
            else:
                self._pause("dropped", REJOIN_BEATS)

    def _count_down(self) -> None:
        for member in [one for one in self._roster if one.left_beats]:
            member.left_beats -= 1
            if not member.left_beats:
                self.remove(member, "left")
        if not self._wait_beats:
            return
        self._wait_beats -= 1
        if self._wait_beats:
            return
        if self.phase == "break" and self._match is not None:
            self._match.next_half()
            self._begin(self._match.session)
        elif self.phase == "paused" and self._why == "dropped" and self._roster.is_complete:
            self._resume()

    def _after_loss(self, team: str, *, void: bool) -> None:
        """Somebody is gone for good: play on, or give the match to the others."""
        if self._roster.size(team):
            if self.phase == "paused" and self._why == "dropped" and self._roster.is_complete:
                self._wait_beats = RESUME_BEATS
            return
        match = self._match
        if match is None or not any(one.here for one in self._roster):
            self._end()
            return
        is_short = False
        if self._run is not None:
            session = self._run.session
            is_short = match.half == 1 and session.tick < KEPT_TICKS_MIN
            match.finish_half("" if is_short else self._keep(session.replay()))
        self._finish_match(match, team, void=void, kept=not is_short)

    # ---- the match

    def start(self) -> str:
        """Begin the match; why it cannot begin, "" if it has."""
        objection = self._start_objection()
        if objection:
            return objection
        level = self._levels[self.level]
        for member in self._roster:
            member.ready = not member.is_person
        if self.mode == "coop":
            self._begin(Session(level, self._new_seed()))
            return ""
        teams = {
            team: [one.name for one in self._roster if one.team == team]
            for team in self._roster.teams
        }
        self._match = Match(level, self.name, teams, self._new_seed())
        self._begin(self._match.session)
        return ""

    def _start_objection(self) -> str:
        if self.is_busy:
            return "already_on"
        if not all(self._roster.size(team) for team in self._roster.teams):
            return "side_empty"
        waiting = (one for one in self.people if one.team and one.id != self._roster.host)
        return "" if all(one.ready and one.here for one in waiting) else "not_ready"

    def _begin(self, session: Session) -> None:
        self._run = Run(session)
        self._views = Views(session)
        self._views.refresh()
        self.phase = "running"
        self._why = ""
        self._news = True
        self._tally.journal("half", room=self.code, level=session.level.id, seed=session.seed)
        for member in self._roster:
            if member.seat is not None:
                self._show_run(member)
        if not self._roster.is_complete:
            self._pause("dropped", REJOIN_BEATS)
        elif self.held:
            self._pause("teacher")

    def _show_run(self, member: Member) -> None:
        run, seat = self._run, member.seat
        assert run is not None and seat is not None and self._views is not None
        session = run.session
        seat.begin_views()
        seat.note_sent(session.tick)
        seat.send(Started(session.level.id, session.seed, False, self._role(member)))
        seat.send(Pace(4 if self.phase == "running" else 0))
        for data in self._views.messages(self._role(member), -1, deltas=False):
            seat.send_bytes(data)

    def _role(self, member: Member) -> Role:
        if self._match is None:
            return "defender"
        if not member.team:
            return "both"
        return "defender" if member.team == self._match.defender else "attacker"

    def _play(self, run: Run) -> None:
        views = self._views
        assert views is not None  # Made with the run.
        if run.beat():
            if self._match is not None:
                self._match.note()
            views.refresh()
            self._show_views()
        if run.session.over:
            self._finish_half(run)

    def _show_views(self) -> None:
        run = self._run
        assert run is not None and self._views is not None  # The callers have looked.
        for member in self._roster:
            seat = member.seat
            if seat is None or seat.link.is_slow:
                continue
            if member.bot is not None and not member.bot.is_looking:
                continue
            seat.note_sent(run.session.tick)
            for data in self._views.messages(self._role(member), seat.acked, deltas=seat.deltas):
                seat.send_bytes(data)

    def _finish_half(self, run: Run) -> None:
        replay = self._keep(run.session.replay())
        match = self._match
        if match is None:
            self._tell(run.session.result(replay=replay, recorded=False))
            self._end()
            return
        match.finish_half(replay)
        if match.over:
            self._finish_match(match)
            return
        self._run = None
        self.phase = "break"
        self._wait_beats = BREAK_BEATS
        self._news = True
        self._tell(match.result(self._today()))

    def _finish_match(
        self, match: Match, gone: str = "", *, void: bool = False, kept: bool = True
    ) -> None:
        self._tally.matches += 1
        result = match.result(self._today(), gone, void=void)
        if kept:
            self.results.append(result)
        self._tell(result)
        self._end()

    def _end(self) -> None:
        self._run = None
        self._match = None
        self._views = None
        self._wait_beats = 0
        self._why = ""
        self.phase = "results"
        self._news = True
        for member in [one for one in self._roster if not one.here]:
            self.remove(member, "left")

    # ---- what people say

    def _handle(self, member: Member, seat: Seat, message: ClientMessage) -> None:
        match message:
            case Ack(tick=tick):
                seat.note_acked(tick)
            case Ping(id=number, last_ms=last_ms):
                self._note_ping(member, last_ms)
                seat.send(Pong(number))
            case Chat(text=text):
                self._chat(member, seat, text)
            case Leave():
                self.remove(member, "left")
            case TakeSide(team=team):
                self._take_side(member, seat, team)
            case SetReady(ready=ready):
                if member.team and not self.is_busy and member.ready != ready:
                    member.ready = ready
                    self._news = True
            case SetSysctl() | SetKnob() | Call() | PlayCard() | ConsoleLine():
                self._command(member, seat, message)
            case SetUp() | SetBots() | StartMatch() | PauseMatch() | Kick() | HandOver():
                if member.id == self._roster.host:
                    self._handle_host(seat, message)
                else:
                    seat.refuse(0, "host_only", {})
            case _:
                seat.refuse(getattr(message, "seq", 0), "not_here", {})

    def _note_ping(self, member: Member, last_ms: int) -> None:
        if abs(last_ms - member.ping_ms) > max(5, member.ping_ms // 4):
            self._ping_news = True
            member.ping_ms = last_ms

    def _chat(self, member: Member, seat: Seat, text: str) -> None:
        line = plain(text)
        if self.chat_locked:
            seat.refuse(0, "chat_locked", {})
        elif line and self._may_chat(member.id):
            self._tell(ChatLine(member.id, member.name, line))
        elif line:
            seat.refuse(0, "too_fast", {})

    def _may_chat(self, player: int) -> bool:
        self._chats = [one for one in self._chats if one >> 16 > self._beats - BEATS_A_MINUTE]
        if sum(one & 0xFFFF == player for one in self._chats) >= CHAT_A_MINUTE_MAX:
            return False
        self._chats.append(self._beats << 16 | player)
        return True

    def _take_side(self, member: Member, seat: Seat, team: str) -> None:
        if self.is_busy:
            seat.refuse(0, "already_on", {})
        elif team == member.team:
            return
        elif not self._roster.has_place(team):
            seat.refuse(0, "side_full", {})
        else:
            member.team = team
            member.ready = False
            self._news = True

    def _command(self, member: Member, seat: Seat, message: ClientMessage) -> None:
        seq = getattr(message, "seq", 0)
        run = self._run
        if run is None:
            seat.refuse(seq, "not_started", {})
            return
        is_card = isinstance(message, PlayCard)
        wanted = "attacker" if is_card else "defender"
        if not member.team or self._role(member) != wanted:
            seat.refuse(seq, "wrong_side", {})
            return
        answer = run.take(message)
        if isinstance(answer, ConsoleOutput):
            seat.send(answer)
        elif answer is not None:
            seat.refuse(seq, answer.code, answer.args)

    def _handle_host(self, seat: Seat, message: ClientMessage) -> None:
        match message:
            case SetUp(mode=mode, level=level):
                self._set_up(seat, mode, level)
            case SetBots(team=team, count=count, strength=strength):
                self._set_bots(seat, team, count, strength)
            case StartMatch():
                objection = self.start()
                if objection:
                    seat.refuse(0, objection, {})
            case PauseMatch(paused=paused):
                self.hold(paused, "host")
            case Kick(player=player, ban_minutes=minutes):
                self.kick(player, minutes, seat)
            case HandOver(player=player):
                found = self.member(player)
                if found is None or not found.is_person or not found.here:
                    seat.refuse(0, "no_player", {})
                else:
                    self._roster.host = player
                    self._say("host", found)
                    self._news = True

    def kick(self, player: int, ban_minutes: int, seat: Seat) -> None:
        """Send somebody out; the one who asked is told if there is nobody of that number."""
        found = self.member(player)
        if found is None or found.seat is seat:
            seat.refuse(0, "no_player", {})
            return
        if ban_minutes:
            self._roster.ban(found, self._beats + ban_minutes * BEATS_A_MINUTE)
        self.remove(found, "banned" if ban_minutes else "kicked")

    def may_play(self, mode: str, level: str) -> bool:
        """Whether there is such a level for this mode."""
        found = self._levels.get(level)
        return found is not None and (found.arena is not None) == (mode == "versus")

    def _set_up(self, seat: Seat, mode: str, level: str) -> None:
        if self.is_busy:
            seat.refuse(0, "already_on", {})
        elif not self.may_play(mode, level):
            seat.refuse(0, "no_level", {"level": level})
        else:
            self.set_up(mode, level)

    def set_up(self, mode: str, level: str) -> None:
        """Choose what will be played; in co-op everybody defends."""
        self.mode, self.level = mode, level
        self._roster.teams = TEAMS[mode]
        self.phase = "lobby"
        self._news = True
        if mode == "coop":
            for member in self._roster:
                if not member.is_person:
                    self._roster.members.remove(member)
                elif member.team == "b":
                    member.team = "a" if self._roster.size("a") < TEAM_MAX else ""
        for member in self.people:
            member.ready = False

    def _set_bots(self, seat: Seat, team: str, count: int, strength: str) -> None:
        if self.is_busy:
            seat.refuse(0, "already_on", {})
            return
        if team not in self._roster.teams or self.mode == "coop":
            seat.refuse(0, "no_bots_here", {})
            return
        self._roster.members = [one for one in self._roster if one.is_person or one.team != team]
        room = TEAM_MAX - self._roster.size(team)
        for _ in range(min(count, room)):
            self.add_bot(team, strength)
        if count > room:
            seat.refuse(0, "side_full", {})
        self._news = True

    def add_bot(self, team: str, strength: str) -> None:
        """Give a place to a bot."""
        mine, theirs = memory_link()
        name = self._roster.free_name(f"{strength} bot")
        bot = make_bot(theirs, strength, self._new_seed())
        seat = Seat(mine, self._tally)
        seat.name = name
        seat.send(self._catalogue)
        number = self._roster.take_number()
        self._roster.members.append(Member(number, name, team, "", seat, bot))
        self._news = True

    # ---- what people are told

    def _tell(self, message: ServerMessage) -> None:
        data = encode(message)
        for member in self._roster:
            if member.seat is not None and member.seat.here:
                member.seat.send_bytes(data)

    def _say(self, code: str, member: Member) -> None:
        self._tell(ChatLine(0, member.name, "", code))
        self._tally.journal(code, room=self.code, player=member.name)

    def announce(self, text: str) -> None:
        """Say something as the teacher."""
        self._tell(ChatLine(0, "", plain(text), "teacher"))

    def lock_chat(self, locked: bool) -> None:
        """Let nobody but the teacher write, or everybody."""
        self.chat_locked = locked
        self._news = True

    def rename(self, player: int, name: str) -> bool:
        """Give somebody another name; False if there is nobody of that number, or no name."""
        found, wanted = self.member(player), plain(name)
        if found is None or not wanted:
            return False
        found.name = self._roster.free_name(wanted, but=found)
        self._news = True
        return True

    def state(self) -> RoomState:
        """How the room stands."""
        return RoomState(
            code=self.code,
            name=self.name,
            mode=self.mode,
            level=self.level,
            phase=self.phase,
            host=self._roster.host,
            players=[one.info() for one in self._roster],
            half=self._match.half if self._match else 0,
            wait_ms=self._wait_beats * BEAT_MS,
            why=self._why,
            chat_locked=self.chat_locked,
        )

    def info(self) -> RoomInfo:
        """The room's line in the list."""
        spectators = self._roster.size("")
        return RoomInfo(
            code=self.code,
            name=self.name,
            mode=self.mode,
            level=self.level,
            players=len(self._roster.members) - spectators,
            places=TEAM_MAX * len(self._roster.teams),
            spectators=spectators,
            locked=bool(self.password),
            phase=self.phase,
        )

    def glance(self) -> RoomGlance:
        """The room for the teacher."""
        session = self.session
        queues, share, core_max, time_ms = [], -1, 0, 0
        if session is not None:
            snapshot = session.snapshot()
            queues = [
                QueueGlance(one.syn_queue, one.syn_queue_limit, one.accept_queue, one.backlog)
                for one in snapshot.listeners
            ]
            value = session.score.value("served")
            share = -1 if value is None else round(value * 1000)
            core_max = max(core.softirq + core.user + core.switching for core in snapshot.cores)
            time_ms = snapshot.time_ms
        return RoomGlance(
            code=self.code,
            name=self.name,
            mode=self.mode,
            level=self.level,
            phase=self.phase,
            half=self._match.half if self._match else 0,
            players=[(one.id, one.name) for one in self._roster],
            time_ms=time_ms,
            share=share,
            queues=queues,
            core_max=core_max,
        )
