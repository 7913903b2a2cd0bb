"""What this client knows of its host: everything it was told, and nothing it guessed.

Pure: the wall clock is an argument, and `take` is the only way in. Snapshots of a run are kept as
bytes (a whole run is some 2,400 of them), so that scrubbing back costs one decoding.
"""

from bisect import bisect_right
from dataclasses import dataclass, field

import msgspec

from game.client.lobby_view import LobbyView
from game.protocol.attack import AttackView
from game.protocol.catalogue import Catalogue, LevelCard
from game.protocol.messages import (
    ConsoleOutput,
    Goodbye,
    Pace,
    Refused,
    Result,
    ServerMessage,
    Started,
    Welcome,
)
from game.protocol.snapshot import Snapshot

REFUSALS_KEPT = 50
"""Refusals kept for display: more than a player reads."""

CONSOLE_OUTPUTS_KEPT = 200
"""Console answers kept, of at most 200 lines each."""

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Snapshot).decode


@dataclass(frozen=True)
class Moment:
    """What to draw now.

    Attributes:
        previous, current: the two newest snapshots; the same one at the start of a run.
        blend: 0 to 1, how far the picture is on its way from previous to current.
    """

    previous: Snapshot
    current: Snapshot
    blend: float

    @property
    def time_ms(self) -> float:
        """Simulated milliseconds of the moment that is shown."""
        start = self.previous.time_ms
        return start + (self.current.time_ms - start) * self.blend


@dataclass
class Run:
    """All snapshots of one run, oldest first, for scrubbing."""

    _times_ms: list[int] = field(default_factory=list)
    _packed: list[bytes] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self._packed)

    def add(self, snapshot: Snapshot, packed: bytes | None = None) -> None:
        """Keep one more, which must be newer than the last; `packed` is its bytes, where known."""
        self._times_ms.append(snapshot.time_ms)
        self._packed.append(packed or _encode(snapshot))

    def at(self, index: int) -> Snapshot:
        """The snapshot at an index, 0 the oldest."""
        return _decode(self._packed[index])

    def index_at(self, time_ms: float) -> int:
        """Index of the last snapshot at or before a moment, 0 when there is none."""
        return max(0, bisect_right(self._times_ms, time_ms) - 1)

    @property
    def end_ms(self) -> int:
        """Moment of the newest snapshot, 0 when there is none."""
        return self._times_ms[-1] if self._times_ms else 0


class GameView:
    """What this client knows.

    Attributes:
        welcome: the host's answer to Hello.
        catalogue: its levels.
        started: the run that is on, or was last.
        run: its snapshots.
        result: how it ended, None while it is on.
        quarters: the pace, in quarters of real time; 0 is pause.
        console: answers to console lines in this run, oldest first.
        refusals: what was refused, oldest first; only the newest are kept.
        refused_total: how many refusals came since the client began.
        goodbye: the host's last word.
        runs_begun: how many runs were started; a change means a new one.
        attack: what an attacker, or a spectator, sees; None before it came in this run.
        lobby: the rooms of a server and the people in them.
        heard_s: when the host was heard last, by the wall clock.
    """

    def __init__(self) -> None:
        self.welcome: Welcome | None = None
        self.catalogue: Catalogue | None = None
        self.started: Started | None = None
        self.run = Run()
        self.result: Result | None = None
        self.quarters = 4
        self.console: list[ConsoleOutput] = []
        self.refusals: list[Refused] = []
        self.refused_total = 0
        self.goodbye: Goodbye | None = None
        self.runs_begun = 0
        self.attack: AttackView | None = None
        self.lobby = LobbyView()
        self.heard_s = 0.0
        self._previous: Snapshot | None = None
        self._current: Snapshot | None = None
        self._arrived_s = 0.0

    def take(self, message: ServerMessage, wall_s: float, packed: bytes | None = None) -> None:
        """Learn from one message that arrived at `wall_s`; what makes no sense now is ignored.

        Args:
            packed: the bytes it came as, so that a snapshot need not be packed again to be kept.
        """
        self.heard_s = wall_s
        match message:
            case Snapshot():
                self._take_snapshot(message, wall_s, packed)
            case Welcome():
                self.welcome = message
            case Catalogue():
                self.catalogue = message
            case Started():
                self._begin(message)
            case Pace():
                self.quarters = message.quarters
            case Refused():
                self.refused_total += 1
                self.refusals = [*self.refusals, message][-REFUSALS_KEPT:]
            case ConsoleOutput():
                self.console = [*self.console, message][-CONSOLE_OUTPUTS_KEPT:]
            case Result():
                if self.started is not None and message.level == self.started.level:
                    self.result = message
            case Goodbye():
                self.goodbye = message
            case AttackView():
                if self.started is not None:
                    self.attack = message
            case _:
                self.lobby.take(message)

    def _begin(self, started: Started) -> None:
        self.started = started
        self.runs_begun += 1
        self.run = Run()
        self.result = None
        self.console = []
        self.refusals = []
        self.attack = None
        self._previous = None
        self._current = None

    def _take_snapshot(self, snapshot: Snapshot, wall_s: float, packed: bytes | None) -> None:
        if self.started is None:
            return
        if self._current is not None and snapshot.tick <= self._current.tick:
            if snapshot.tick == self._current.tick:
                self._current = snapshot  # In a pause, with what was commanded since.
            return
        self._previous = self._current or snapshot
        self._current = snapshot
        self._arrived_s = wall_s
        self.run.add(snapshot, packed)

    @property
    def card(self) -> LevelCard | None:
        """The level of the run, when the catalogue has it."""
        return None if self.started is None else self.level(self.started.level)

    def level(self, level_id: str) -> LevelCard | None:
        """A level by its id."""
        if self.catalogue is None:
            return None
        cards = (*self.catalogue.levels, *self.catalogue.arenas)
        return next((card for card in cards if card.id == level_id), None)

    @property
    def snapshot(self) -> Snapshot | None:
        """The newest snapshot of the run."""
        return self._current

    def moment(self, wall_s: float) -> Moment | None:
        """What to draw at a moment of the wall clock; None before the first snapshot.

        The picture trails the newest snapshot by one step, so that there is something to move
        towards; at 4 × a step is several ticks. A pause shows the newest as it is.
        """
        if self._previous is None or self._current is None:
            return None
        step_ms = self._current.time_ms - self._previous.time_ms
        if self.quarters == 0 or step_ms <= 0:
            return Moment(self._previous, self._current, 1.0)
        gone_ms = (wall_s - self._arrived_s) * 1000 * self.quarters / 4
        return Moment(self._previous, self._current, min(1.0, max(0.0, gone_ms / step_ms)))
