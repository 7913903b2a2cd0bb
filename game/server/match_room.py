"""A room on a server: people and bots in two teams, chat, and the match that they play.

Synchronous as `room.py`: one call of `step` is one beat of 50 wall milliseconds. The lobby lets
people in and takes those back who leave. What it is made of, each above the one it uses:
`requests.py` hears, `membership.py` opens the door, `course.py` plays, `voice.py` tells everybody.
"""

import secrets
from collections.abc import Callable, Mapping

from game.level.schema import Level
from game.protocol.catalogue import Catalogue
from game.protocol.limits import BEHIND_BEATS, BEHIND_MS, PING_NEWS_BEATS, TEAM_MAX
from game.protocol.lobby import ChatLine, MatchResult, Phase, RoomInfo, RoomState
from game.protocol.teacher import QueueGlance, RoomGlance
from game.server.course import Course, Today
from game.server.member import Member
from game.server.membership import Membership
from game.server.plain import plain
from game.server.plan import TEAMS, Plan
from game.server.requests import BEATS_A_MINUTE, Requests
from game.server.room import Keep, discard
from game.server.roster import Roster
from game.server.seat import Seat
from game.server.tally import Tally
from game.server.voice import Voice
from game.session.session import Session

SEED_MAX = 1_000_000


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
        empty_beats: for how long nobody has been here.
        behind_beats: for so long the server counts as behind.
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
        self.empty_beats = 0
        self.behind_beats = 0
        self._locked = bool(password)
        self._tally = tally or Tally()
        self._beats = 0
        self._roster = Roster(TEAMS[mode])
        self._voice = Voice(code, self._roster, self._tally)
        self._plan = Plan(
            levels,
            mode,
            level,
            self._roster,
            catalogue=catalogue,
            tally=self._tally,
            new_seed=new_seed,
        )
        self._course = Course(
            self._roster,
            self._voice,
            keep=keep,
            tally=self._tally,
            new_seed=new_seed,
            today=today,
        )
        self._membership = Membership(
            code, password, self._roster, self._course, self._voice, new_token=new_token
        )
        self._requests = Requests(
            name, self._roster, self._plan, self._course, self._membership, self._voice
        )

    # ---- what is known

    @property
    def people(self) -> list[Member]:
        """Everybody but the bots."""
        return self._roster.people

    @property
    def session(self) -> Session | None:
        """The half that is on."""
        return self._course.session

    @property
    def phase(self) -> Phase:
        """What the room is at."""
        return self._course.phase

    @property
    def is_busy(self) -> bool:
        """Whether a match is on, its break and its pauses included."""
        return self._course.is_busy

    @property
    def results(self) -> list[MatchResult]:
        """Of matches that are over, oldest first; the lobby takes them."""
        return self._course.results

    @property
    def left(self) -> list[tuple[Seat, str]]:
        """Seats of those who have left and are still connected, and why; the lobby takes them."""
        return self._membership.left

    # ---- who is here

    def objection(self, seat: Seat, password: str, spectate: bool) -> str:
        """Why somebody may not enter, "" if he may."""
        return self._membership.objection(seat, password, spectate, self._beats)

    def enter(self, seat: Seat, *, spectate: bool = False) -> None:
        """Let somebody in whom nothing stands against; a match under way is watched."""
        self._membership.enter(seat, spectate=spectate)

    def rejoin(self, seat: Seat, token: str) -> bool:
        """Let somebody back to the place that a token stands for; False if it is not here."""
        return self._membership.rejoin(seat, token)

    def add_bot(self, team: str, strength: str) -> None:
        """Give a place to a bot."""
        self._plan.add_bot(team, strength)
        self._voice.news = True

    # ---- the beat

    def step(self) -> None:
        """One beat: hear everybody, play what is due, tell everybody."""
        self._beats += 1
        self._tally.beats += 1
        for member in self._roster:
            self._requests.hear(member, self._beats)
        self._membership.step()
        self._course.step()
        self._membership.drop_absent()
        for member in self._roster:
            if member.bot is not None and self.phase != "countdown":
                member.bot.step()
        self._tell_news()
        people = any(one.here for one in self.people)
        self.empty_beats = 0 if people else self.empty_beats + 1

    def note_late(self, late_ms: float) -> None:
        """The next beat begins so late; everybody is told when it is felt."""
        if late_ms > BEHIND_MS:
            self._voice.news |= not self.behind_beats
            self.behind_beats = BEHIND_BEATS
        elif self.behind_beats:
            self.behind_beats -= 1
            self._voice.news |= not self.behind_beats

    def _tell_news(self) -> None:
        voice = self._voice
        if voice.news or (voice.ping_news and self._beats % PING_NEWS_BEATS == 0):
            voice.news = voice.ping_news = False
            voice.tell(self.state())

    def start(self) -> str:
        """Begin the match; why it cannot begin, "" if it has."""
        return self._course.start(self._plan.chosen, self.name)

    def close(self) -> None:
        """Keep the half that is on."""
        self._course.close()

    # ---- what a teacher does

    def hold_for_teacher(self, held: bool) -> None:
        """Hold this match and those to come, or let them go on."""
        self._course.hold_for_teacher(held)

    def may_play(self, mode: str, level: str) -> bool:
        """Whether there is such a level for this mode."""
        return self._plan.allows(mode, level)

    def set_up(self, mode: str, level: str) -> None:
        """Choose what will be played; in co-op everybody defends."""
        self._plan.choose(mode, level)
        self._course.clear()

    def lock_chat(self, locked: bool) -> None:
        """Let nobody but the teacher write, or everybody."""
        self._requests.chat_locked = locked
        self._voice.news = True

    def rename(self, player: int, name: str) -> bool:
        """Give somebody another name; False if there is nobody of that number, or no name."""
        return self._membership.rename(player, name)

    def kick(self, player: int, ban_minutes: int, seat: Seat) -> None:
        """Send somebody out; the one who asked is told if there is nobody of that number."""
        self._membership.kick(player, ban_minutes * BEATS_A_MINUTE, self._beats, seat)

    def announce(self, text: str) -> None:
        """Say something as the teacher."""
        self._voice.tell(ChatLine(0, "", plain(text), "teacher"))

    # ---- how the room stands

    def state(self) -> RoomState:
        """For everybody in it."""
        return RoomState(
            code=self.code,
            name=self.name,
            mode=self._plan.mode,
            level=self._plan.level,
            phase=self._course.phase,
            host=self._roster.host,
            players=[one.info() for one in self._roster],
            half=self._course.half,
            wait_ms=self._course.wait_ms,
            why=self._course.why,
            chat_locked=self._requests.chat_locked,
            behind=self.behind_beats > 0,
        )

    def info(self) -> RoomInfo:
        """Its line in the list of rooms."""
        spectators = self._roster.size("")
        return RoomInfo(
            code=self.code,
            name=self.name,
            mode=self._plan.mode,
            level=self._plan.level,
            players=len(self._roster.members) - spectators,
            places=TEAM_MAX * len(self._roster.teams),
            spectators=spectators,
            locked=self._locked,
            phase=self._course.phase,
        )

    def glance(self) -> RoomGlance:
        """For the teacher."""
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
            mode=self._plan.mode,
            level=self._plan.level,
            phase=self._course.phase,
            half=self._course.half,
            players=[(one.id, one.name) for one in self._roster],
            time_ms=time_ms,
            share=share,
            queues=queues,
            core_max=core_max,
        )
