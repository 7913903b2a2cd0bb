"""The course of a room's match: countdown, halves, pauses, the break between, and the end."""

from collections.abc import Callable

from game.level.schema import Level
from game.protocol.limits import (
    BREAK_BEATS,
    COUNTDOWN_BEATS,
    KEPT_TICKS_MIN,
    REJOIN_BEATS,
    RESUME_BEATS,
)
from game.protocol.lobby import MatchResult, Phase
from game.protocol.messages import (
    ClientMessage,
    ConsoleOutput,
    Pace,
    PlayCard,
    Role,
    Started,
)
from game.server.match import Match
from game.server.member import Member
from game.server.room import BEAT_MS, Keep
from game.server.roster import Roster
from game.server.run import Run
from game.server.seat import Seat
from game.server.tally import Tally
from game.server.views import Views
from game.server.voice import Voice
from game.session.session import Session

ON = ("countdown", "running")
"""Phases that can be held up."""

Today = Callable[[], str]
"""The time of day, for records."""


class Course:
    """What is on in one room: nothing, a half of a match, or a run in co-op.

    Args:
        keep: stores replays.
        new_seed, today: dice and clock.

    Attributes:
        phase: "lobby", "countdown", "running", "paused", "break" or "results".
        why: in a pause "host", "dropped" or "teacher"; else "".
        held: the teacher holds all matches, those that begin too.
        results: of matches that are over, oldest first; the lobby takes them.
    """

    def __init__(
        self,
        roster: Roster,
        voice: Voice,
        *,
        keep: Keep,
        tally: Tally,
        new_seed: Callable[[], int],
        today: Today,
    ) -> None:
        self.phase: Phase = "lobby"
        self.why = ""
        self.held = False
        self.results: list[MatchResult] = []
        self._roster = roster
        self._voice = voice
        self._keep = keep
        self._tally = tally
        self._new_seed = new_seed
        self._today = today
        self._match: Match | None = None
        self._run: Run | None = None
        self._views: Views | None = None
        self._wait_beats = 0

    # ---- what is known

    @property
    def session(self) -> Session | None:
        """The half that is on."""
        return self._run.session if self._run else None

    @property
    def is_busy(self) -> bool:
        """Whether a match or a run is on, its break and its pauses included."""
        return self._run is not None or self._match is not None

    @property
    def is_match(self) -> bool:
        """Whether two teams are at it."""
        return self._match is not None

    @property
    def half(self) -> int:
        """1 or 2 while a match is on, else 0."""
        return self._match.half if self._match else 0

    @property
    def wait_ms(self) -> int:
        """Until the room goes on by itself; 0 when it waits for nothing."""
        return self._wait_beats * BEAT_MS

    def role(self, member: Member) -> Role:
        """What somebody does, or sees, in what is on."""
        if self._match is None:
            return "defender"
        if not member.team:
            return "both"
        return "defender" if member.team == self._match.defender else "attacker"

    # ---- the beat

    def step(self) -> None:
        """One beat: go on where the waiting is over, play what is due, show it."""
        self._count_down()
        if self._run is not None and self.phase == "running":
            self._play(self._run)
        elif self._run is not None and self._run.stale and self._views is not None:
            self._run.stale = False
            self._views.refresh()
            self._show_views()

    def _count_down(self) -> None:
        if not self._wait_beats:
            return
        self._wait_beats -= 1
        if self._wait_beats:
            return
        if self.phase == "break" and self._match is not None:
            self._match.next_half()
            self._begin(self._match.session)
        elif self.phase == "countdown":
            self._play_on()
        elif self.phase == "paused" and self.why == "dropped" and self._roster.is_complete:
            self._resume()

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

    # ---- begin and end

    def start(self, level: Level, room: str) -> str:
        """Begin; why it cannot begin, "" if it has.

        Args:
            level: an arena for a match; any other is played together.
            room: its name, for the record.
        """
        objection = self._objection()
        if objection:
            return objection
        roster = self._roster
        for member in roster:
            member.ready = not member.is_person
        if level.arena is None:
            self._begin(Session(level, self._new_seed()))
            return ""
        teams = {team: [one.name for one in roster if one.team == team] for team in roster.teams}
        self._match = Match(level, room, teams, self._new_seed())
        self._begin(self._match.session)
        return ""

    def _objection(self) -> str:
        roster = self._roster
        if self.is_busy:
            return "already_on"
        if not all(roster.size(team) for team in roster.teams):
            return "side_empty"
        waiting = (one for one in roster.people if one.team and one.id != roster.host)
        return "" if all(one.ready and one.here for one in waiting) else "not_ready"

    def _begin(self, session: Session) -> None:
        self._run = Run(session)
        self._views = Views(session)
        self._views.refresh()
        self.phase = "countdown"
        self._voice.journal("half", level=session.level.id, seed=session.seed)
        for member in self._roster:
            self._show(member)
        if not self._roster.is_complete:
            self._pause("dropped", REJOIN_BEATS)
        else:
            self._resume()

    def _finish_half(self, run: Run) -> None:
        replay = self._keep(run.session.replay())
        match = self._match
        if match is None:
            self._voice.tell(run.session.result(replay=replay, recorded=False))
            self._end()
            return
        match.finish_half(replay)
        if match.over:
            self._finish_match(match)
            return
        self._run = None
        self._wait("break", "", BREAK_BEATS)
        self._voice.tell(match.result(self._today()))

    def _finish_match(
        self, match: Match, gone: str = "", *, void: bool = False, kept: bool = True
    ) -> None:
        self._tally.matches += 1
        result = match.result(self._today(), gone, void=void)
        if kept:
            self.results.append(result)
        self._voice.tell(result)
        self._end()

    def _end(self) -> None:
        self._run = None
        self._match = None
        self._views = None
        self._wait("results", "", 0)

    def clear(self) -> None:
        """Something else is to be played: nothing reminds of the last match."""
        self.phase = "lobby"
        self._voice.news = True

    def close(self) -> None:
        """Keep the half that is on."""
        if self._run is not None and self._match is not None:
            self._keep(self._run.session.replay())
        self._run = None
        self._match = None

    # ---- pauses

    def hold(self, paused: bool, why: str) -> None:
        """Pause, or go on if it was paused for the same reason."""
        if paused and self.phase in ON:
            self._pause(why)
        elif not paused and self.phase == "paused" and self.why == why:
            if self._roster.is_complete:
                self._resume()
            else:
                self._pause("dropped", REJOIN_BEATS)

    def hold_for_teacher(self, held: bool) -> None:
        """Hold this match and those to come, or let them go on."""
        self.held = held
        if held and self.phase == "paused" and self.why == "host":
            self._pause("teacher")
        self.hold(held, "teacher")

    def _pause(self, why: str, wait_beats: int = 0) -> None:
        self._wait("paused", why, wait_beats)
        self._voice.tell(Pace(0))

    def _resume(self) -> None:
        """Go on; a half of a match that has not begun yet is counted down to."""
        if self.held:
            self._pause("teacher")
        elif self._match is not None and self._match.session.tick == 0:
            self._wait("countdown", "", COUNTDOWN_BEATS)
        else:
            self._play_on()

    def _play_on(self) -> None:
        self._wait("running", "", 0)
        self._voice.tell(Pace(4))

    def _wait(self, phase: Phase, why: str, beats: int) -> None:
        self.phase = phase
        self.why = why
        self._wait_beats = beats
        self._voice.news = True

    # ---- who is missing

    def wait_for_lost(self) -> None:
        """A player's connection is broken: wait until he is back, or gone for good."""
        if self.phase in ON or self.why == "dropped":
            self._pause("dropped", REJOIN_BEATS)

    def go_on_if_complete(self) -> None:
        """Nobody is missing any more: go on in a moment."""
        if self.phase == "paused" and self.why == "dropped" and self._roster.is_complete:
            self._wait_beats = RESUME_BEATS

    def lose_player(self, team: str, *, void: bool) -> None:
        """Somebody is gone for good: play on, or give the match to the others.

        Args:
            team: that he was in.
            void: he was sent out: nobody wins by that.
        """
        roster = self._roster
        if roster.size(team):
            self.go_on_if_complete()
            return
        match = self._match
        if match is None or not any(one.here for one in roster):
            self._end()
            return
        is_short = False
        if self._run is not None:
            session = self._run.session
            is_short = match.half == 1 and session.tick < KEPT_TICKS_MIN
            match.finish_half("" if is_short else self._keep(session.replay()))
        self._finish_match(match, team, void=void, kept=not is_short)

    # ---- what is commanded and shown

    def take(self, member: Member, seat: Seat, message: ClientMessage) -> None:
        """Let somebody command what his side may."""
        seq = getattr(message, "seq", 0)
        if self._run is None:
            seat.refuse(seq, "not_started", {})
            return
        wanted = "attacker" if isinstance(message, PlayCard) else "defender"
        if not member.team or self.role(member) != wanted:
            seat.refuse(seq, "wrong_side", {})
            return
        answer = self._run.take(message)
        if isinstance(answer, ConsoleOutput):
            seat.send(answer)
        elif answer is not None:
            seat.refuse(seq, answer.code, answer.args)

    def greet(self, member: Member) -> None:
        """Tell somebody who has come, or come back, how it stands."""
        match = self._match
        half_is_over = match is not None and (match.half > 1 or self.phase == "break")
        if match is not None and half_is_over and member.seat is not None:
            member.seat.send(match.result(self._today()))
        self._show(member)

    def _show(self, member: Member) -> None:
        """Show what is on to somebody, from its start: what he may see of it."""
        run, seat, views = self._run, member.seat, self._views
        if run is None or seat is None or views is None:
            return
        session, role = run.session, self.role(member)
        seat.begin_views()
        seat.note_sent(session.tick)
        seat.send(Started(session.level.id, session.seed, False, role))
        seat.send(Pace(4 if self.phase == "running" else 0))
        for data in views.messages(role, -1, deltas=False):
            seat.send_bytes(data)

    def _show_views(self) -> None:
        run, views = self._run, self._views
        assert run is not None and views is not None  # The callers have looked.
        for member in self._roster:
            seat = member.seat
            if seat is None or seat.link.is_slow:
                continue
            if member.bot is not None and not member.bot.is_looking:
                continue
            seat.note_sent(run.session.tick)
            for data in views.messages(self.role(member), seat.acked, deltas=seat.deltas):
                seat.send_bytes(data)
