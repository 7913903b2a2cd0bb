"""A room: players at one game, its beat, and who may say what. Synchronous; bytes come and go.

One call of `step` is one beat of 50 wall milliseconds, whoever keeps the time: a thread for solo
play, asyncio for a LAN, a plain loop for tests and pictures.
"""

from collections.abc import Callable, Sequence

from game.level.schema import Level
from game.protocol.codec import MalformedMessage, decode_from_client, encode
from game.protocol.limits import PROTOCOL_MAX, PROTOCOL_MIN
from game.protocol.link import Link
from game.protocol.messages import (
    Ack,
    Call,
    ClientMessage,
    ConsoleLine,
    Goodbye,
    Hello,
    Leave,
    Pace,
    Refused,
    ServerMessage,
    SetKnob,
    SetSpeed,
    SetSysctl,
    Started,
    StartLevel,
    Step,
    Welcome,
)
from game.server.catalogue import make_catalogue
from game.session.console import only_reads, words
from game.session.replay import Replay
from game.session.session import BadSolution, Session, play, solution_of

BEAT_MS = 50
QUARTERS_MAX = 32
MESSAGES_A_BEAT_MAX = 20
"""Messages taken from one seat in one beat; more wait for the next."""

MALFORMED_MAX = 3
"""Malformed messages after which a peer is cut off: one may be a bug, three are an attack."""

KEEP_TICKS_MIN = 100
"""A run left before five seconds is not kept as a replay."""

Keep = Callable[[Replay], str]
"""Stores a replay and returns its name, "" if it could not."""


def discard(_: Replay) -> str:
    """Keep no replay."""
    return ""


class Seat:
    """One player: its link and what it may do."""

    def __init__(self, link: Link) -> None:
        self.link = link
        self.greeted = False
        self.malformed = 0

    def send(self, message: ServerMessage) -> None:
        """Hand one message to the player."""
        self.link.send(encode(message))


class Room:
    """One game and those who play it.

    Args:
        levels: what can be played here.
        build: this release, for Welcome.
        keep: stores replays.

    Attributes:
        session: the run that is on, None between runs.
        refused: messages refused since the room opened.
    """

    def __init__(self, levels: Sequence[Level], *, build: str, keep: Keep = discard) -> None:
        self._levels = {level.id: level for level in levels}
        self._catalogue = make_catalogue(list(levels))
        self._build = build
        self._keep = keep
        self._seats: list[Seat] = []
        self.session: Session | None = None
        self.refused = 0
        self._replayed = False
        self._quarters = 4
        self._owed_quarters = 0
        self._stale = False

    def join(self, link: Link) -> None:
        """Give a seat to whoever is at the other end."""
        self._seats.append(Seat(link))

    def start(self, level: Level, seed: int, *, solution: bool = False) -> None:
        """Begin a run from the start."""
        recorded = solution_of(level) if solution else ()
        self._begin(Session(level, seed, recorded=recorded), recorded=solution)

    def start_replay(self, replay: Replay) -> None:
        """Begin a run whose commands come from a file."""
        self._begin(play(replay), recorded=True)

    def step(self) -> None:
        """One beat: hear everybody, play the ticks that are due, tell everybody."""
        for seat in list(self._seats):
            self._hear(seat)
        session = self.session
        if session is None:
            return
        self._owed_quarters += self._quarters
        played = False
        while self._owed_quarters >= 4 and not session.over:
            self._owed_quarters -= 4
            session.advance()
            played = True
        if played or self._stale:
            self._stale = False
            self._tell(session.snapshot())
        if session.over:
            self._finish(session)

    def close(self) -> None:
        """Keep the run that is on, and say goodbye to everybody."""
        self._leave()
        self._tell(Goodbye("closing", {}))
        for seat in self._seats:
            seat.link.close()
        self._seats.clear()

    def _begin(self, session: Session, *, recorded: bool) -> None:
        self._leave()
        self.session = session
        self._replayed = recorded
        self._quarters = 4
        self._owed_quarters = 0
        self._tell(Started(session.level.id, session.seed, recorded))
        self._tell(Pace(self._quarters))
        self._tell(session.snapshot())

    def _finish(self, session: Session) -> None:
        name = "" if self._replayed else self._keep(session.replay())
        self._tell(session.result(replay=name, recorded=self._replayed))
        self.session = None

    def _leave(self) -> None:
        session, self.session = self.session, None
        if session is not None and not self._replayed and session.tick >= KEEP_TICKS_MIN:
            self._keep(session.replay())

    def _tell(self, message: ServerMessage) -> None:
        for seat in self._seats:
            if seat.greeted:
                seat.send(message)

    def _hear(self, seat: Seat) -> None:
        for _ in range(MESSAGES_A_BEAT_MAX):
            data = seat.link.receive()
            if data is None:
                break
            try:
                message = decode_from_client(data)
            except MalformedMessage as error:
                self._refuse(seat, 0, "malformed", {"why": str(error)})
                seat.malformed += 1
                if seat.malformed >= MALFORMED_MAX:
                    self._dismiss(seat, "cut_off", {})
                    return
                continue
            self._handle(seat, message)
        if seat.link.closed and seat in self._seats:
            self._seats.remove(seat)

    def _handle(self, seat: Seat, message: ClientMessage) -> None:
        if isinstance(message, Hello):
            self._greet(seat, message)
        elif not seat.greeted:
            self._refuse(seat, 0, "hello_first", {})
        elif isinstance(message, StartLevel):
            self._start_level(seat, message)
        elif isinstance(message, Leave):
            self._leave()
        elif not isinstance(message, Ack):
            self._handle_in_run(seat, message)

    def _greet(self, seat: Seat, hello: Hello) -> None:
        if hello.version_min > PROTOCOL_MAX or hello.version_max < PROTOCOL_MIN:
            args: dict[str, str | int] = {
                "theirs": f"{hello.version_min}-{hello.version_max} ({hello.build})",
                "ours": f"{PROTOCOL_MIN}-{PROTOCOL_MAX} ({self._build})",
            }
            self._dismiss(seat, "version", args)
            return
        seat.greeted = True
        seat.send(Welcome(min(PROTOCOL_MAX, hello.version_max), self._build, words()))
        seat.send(self._catalogue)
        if self.session is not None:
            seat.send(Started(self.session.level.id, self.session.seed, self._replayed))
            seat.send(Pace(self._quarters))
            seat.send(self.session.snapshot())

    def _start_level(self, seat: Seat, message: StartLevel) -> None:
        level = self._levels.get(message.level)
        if level is None:
            self._refuse(seat, 0, "no_level", {"level": message.level})
            return
        try:
            self.start(level, message.seed, solution=message.solution)
        except BadSolution:
            self._refuse(seat, 0, "no_level", {"level": message.level})

    def _handle_in_run(self, seat: Seat, message: ClientMessage) -> None:
        session = self.session
        seq = getattr(message, "seq", 0)
        if session is None:
            self._refuse(seat, seq, "not_started", {})
            return
        match message:
            case SetSpeed(quarters=quarters):
                self._quarters = min(quarters, QUARTERS_MAX)
                self._owed_quarters = 0
                self._tell(Pace(self._quarters))
            case Step():
                if self._quarters == 0:
                    self._owed_quarters = 4
            case SetSysctl() | SetKnob() | Call() if not self._replayed:
                self._answer(seat, session.submit(message))
            case ConsoleLine() if not self._replayed or only_reads(message.text):
                answer = session.console(message)
                if isinstance(answer, Refused):
                    self._answer(seat, answer)
                else:
                    seat.send(answer)
                    self._stale = True
            case _:
                self._refuse(seat, seq, "recorded", {})

    def _answer(self, seat: Seat, refusal: Refused | None) -> None:
        self._stale = True
        if refusal is not None:
            self._refuse(seat, refusal.seq, refusal.code, refusal.args)

    def _refuse(self, seat: Seat, seq: int, code: str, args: dict[str, str | int]) -> None:
        self.refused += 1
        seat.send(Refused(seq, code, args))

    def _dismiss(self, seat: Seat, code: str, args: dict[str, str | int]) -> None:
        self.refused += 1
        seat.send(Goodbye(code, args))
        seat.link.close()
        self._seats.remove(seat)
