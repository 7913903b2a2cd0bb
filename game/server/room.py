"""A room: players at one game, its beat, and who may say what. Synchronous; bytes come and go.

One call of `step` is one beat of 50 wall milliseconds, whoever keeps the time: a thread for solo
play, asyncio for a LAN, a plain loop for tests and pictures.
"""

from collections.abc import Callable, Sequence

from game.level.schema import Level
from game.level.settings import BadSetting, settings_cost, with_settings
from game.protocol.limits import PROTOCOL_MAX, PROTOCOL_MIN
from game.protocol.link import Link
from game.protocol.lobby import Ping, Pong, SaveSetup, SetupSaved
from game.protocol.messages import (
    Ack,
    ClientMessage,
    ConsoleOutput,
    Goodbye,
    Hello,
    Leave,
    Pace,
    Role,
    ServerMessage,
    SetSpeed,
    Started,
    StartLevel,
    Step,
    Welcome,
)
from game.server.catalogue import make_catalogue
from game.server.run import Run
from game.server.seat import Seat
from game.server.tally import Tally
from game.session.console import words
from game.session.replay import Replay
from game.session.session import BadSolution, Session, play, solution_of

BEAT_MS = 50

KEEP_TICKS_MIN = 100
"""A run left before five seconds is not kept as a replay."""

Keep = Callable[[Replay], str]
"""Stores a replay and returns its name, "" if it could not."""

Shelve = Callable[[Level], str]
"""Stores a level of the player's own and returns its path, "" if it could not."""


def discard(_: object) -> str:
    """Keep nothing."""
    return ""


class Room:
    """One game and those who play it.

    Args:
        levels: what can be played here.
        build: this release, for Welcome.
        keep: stores replays.
        shelve: stores the player's own set-ups of the sandbox.

    Attributes:
        refused: messages refused since the room opened.
    """

    def __init__(
        self,
        levels: Sequence[Level],
        *,
        build: str,
        keep: Keep = discard,
        shelve: Shelve = discard,
    ) -> None:
        self._levels = {level.id: level for level in levels}
        self._catalogue = make_catalogue(list(levels))
        self._build = build
        self._keep = keep
        self._shelve = shelve
        self._seats: list[Seat] = []
        self._tally = Tally()
        self._run: Run | None = None
        self._back: Callable[[Seat], None] | None = None

    @property
    def session(self) -> Session | None:
        """The run that is on, None between runs."""
        return self._run.session if self._run else None

    @property
    def refused(self) -> int:
        """Messages refused since the room opened."""
        return self._tally.refused.total() + self._tally.cut_off.total()

    def join(self, link: Link) -> None:
        """Give a seat to whoever is at the other end."""
        self._seats.append(Seat(link, self._tally))

    def seat(self, seat: Seat, back: Callable[[Seat], None]) -> None:
        """Give a place to somebody who was greeted elsewhere, and goes back there on Leave."""
        self._seats.append(seat)
        self._back = back
        if self._run is not None:
            self._show_run(seat, self._run)

    @property
    def is_empty(self) -> bool:
        """Whether nobody is here."""
        return not self._seats

    def start(
        self,
        level: Level,
        seed: int,
        *,
        solution: bool = False,
        settings: Sequence[tuple[str, str]] = (),
    ) -> None:
        """Begin a run from the start.

        Raises:
            BadSolution: the level has none that can be played.
            BadSetting: a setting that cannot be.
        """
        recorded = solution_of(level) if solution else ()
        changed = with_settings(level, list(settings))
        spent = settings_cost(level, list(settings))
        self._begin(Run(Session(changed, seed, recorded=recorded, spent=spent), replayed=solution))

    def start_replay(self, replay: Replay) -> None:
        """Begin a run whose commands come from a file."""
        self._begin(Run(play(replay), replayed=True))

    def step(self) -> None:
        """One beat: hear everybody, play the ticks that are due, tell everybody."""
        for seat in list(self._seats):
            for message in seat.hear():
                self._handle(seat, message)
                if seat not in self._seats:
                    break
            if seat not in self._seats:
                continue
            if not seat.here or seat.link.closed:
                self._seats.remove(seat)
        run = self._run
        if run is None:
            return
        if run.beat():
            self._show(run.session)
        if run.session.over:
            self._finish(run)

    def close(self) -> None:
        """Keep the run that is on, and say goodbye to everybody."""
        self._leave()
        self._tell(Goodbye("closing", {}))
        for seat in self._seats:
            seat.link.close()
        self._seats.clear()

    def _begin(self, run: Run) -> None:
        self._leave()
        self._run = run
        self._tell(_started(run))
        self._tell(Pace(run.quarters))
        self._show(run.session)

    def _show(self, session: Session) -> None:
        self._tell(session.snapshot())
        view = session.attack_view()
        if view is not None:
            self._tell(view)

    def _finish(self, run: Run) -> None:
        session = run.session
        name = "" if run.replayed else self._keep(session.replay())
        self._tell(session.result(replay=name, recorded=run.replayed))
        self._run = None

    def _leave(self) -> None:
        run, self._run = self._run, None
        if run is not None and not run.replayed and run.session.tick >= KEEP_TICKS_MIN:
            self._keep(run.session.replay())

    def _tell(self, message: ServerMessage) -> None:
        for seat in self._seats:
            if seat.greeted:
                seat.send(message)

    def _handle(self, seat: Seat, message: ClientMessage) -> None:
        match message:
            case Hello():
                self._greet(seat, message)
            case _ if not seat.greeted:
                seat.refuse(0, "hello_first", {})
            case StartLevel():
                self._start_level(seat, message)
            case Leave():
                self._leave()
                if self._back is not None:
                    self._seats.remove(seat)
                    self._back(seat)
            case Ping(id=number):
                seat.send(Pong(number))
            case SaveSetup(name=name):
                self._save_setup(seat, name)
            case Ack():
                pass
            case _:
                self._handle_in_run(seat, message)

    def _greet(self, seat: Seat, hello: Hello) -> None:
        if not speaks(seat, hello, self._build):
            return
        seat.greet(hello)
        seat.send(Welcome(min(PROTOCOL_MAX, hello.version_max), self._build, words()))
        seat.send(self._catalogue)
        if self._run is not None:
            self._show_run(seat, self._run)

    def _show_run(self, seat: Seat, run: Run) -> None:
        seat.send(_started(run))
        seat.send(Pace(run.quarters))
        seat.send(run.session.snapshot())
        view = run.session.attack_view()
        if view is not None:
            seat.send(view)

    def _start_level(self, seat: Seat, message: StartLevel) -> None:
        level = self._levels.get(message.level)
        if level is None:
            seat.refuse(0, "no_level", {"level": message.level})
            return
        settings = list(message.settings.items())
        try:
            self.start(level, message.seed, solution=message.solution, settings=settings)
        except BadSolution:
            seat.refuse(0, "no_level", {"level": message.level})
        except BadSetting as error:
            seat.refuse(0, "bad_setting", {"why": str(error)})

    def _handle_in_run(self, seat: Seat, message: ClientMessage) -> None:
        run = self._run
        if run is None:
            seat.refuse(getattr(message, "seq", 0), "not_started", {})
        elif isinstance(message, SetSpeed | Step):
            run.set_pace(message)
            if isinstance(message, SetSpeed):
                self._tell(Pace(run.quarters))
        else:
            answer = run.take(message)
            if isinstance(answer, ConsoleOutput):
                seat.send(answer)
            elif answer is not None:
                seat.refuse(answer.seq, answer.code, answer.args)

    def _save_setup(self, seat: Seat, name: str) -> None:
        session = self.session
        if session is None or session.level.arena is None:
            seat.refuse(0, "not_started", {})
            return
        level = session.as_level(name)
        path = self._shelve(level)
        self._levels[level.id] = level
        self._catalogue = make_catalogue(list(self._levels.values()))
        self._tell(SetupSaved(level.id, path))
        self._tell(self._catalogue)


def speaks(seat: Seat, hello: Hello, build: str) -> bool:
    """Whether a player speaks a version of ours; if not he is told, and sent away."""
    if hello.version_min <= PROTOCOL_MAX and hello.version_max >= PROTOCOL_MIN:
        return True
    args: dict[str, str | int] = {
        "theirs": f"{hello.version_min}-{hello.version_max} ({hello.build[:64]})",
        "ours": f"{PROTOCOL_MIN}-{PROTOCOL_MAX} ({build})",
    }
    seat.dismiss("version", args)
    return False


def _started(run: Run) -> Started:
    role: Role = "defender" if run.session.desk is None else "both"
    return Started(run.session.level.id, run.session.seed, run.replayed, role)
