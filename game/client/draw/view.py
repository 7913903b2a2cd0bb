"""What one picture of the station is drawn from, and how its numbers are written."""

from dataclasses import dataclass, field
from functools import cached_property

from game.client.canvas import Canvas
from game.client.draw.history import History
from game.client.draw.layout import Plan, plan_of
from game.client.keys import DEFAULT_KEYS, KeyMap
from game.protocol.catalogue import LevelCard
from game.protocol.snapshot import Snapshot
from game.text.station import say


@dataclass
class StationUi:
    """What the player is doing with the station; the simulated world is not in here.

    Attributes:
        focused: id of the hotspot that keys act on, "" for none.
        hovered: id of the hotspot under the mouse.
        figure: id of the single figure under the mouse, "" for none.
        tab: "control" or "console".
        tab_at: where its sign is while it glides, 0 to 1; None where nothing glides.
        console: lines the console shows, oldest first; commands begin with "$ ".
        typed: what stands behind the prompt.
        caret: place of the caret in it.
        selected: id of the hotspot whose card is open, "" for none.
        quarters: pace in quarters of real time, 0 for pause.
        toast: a refusal to show, "" for none.
        hints: hints shown so far, oldest first.
        hints_rect: where the newest of them was drawn.
        engineer: True to show kernel names first.
        recorded: True while a recording plays.
        replayed: True where that recording is the player's own run.
        coming: where knobs are going that have not settled yet, by name.
        typed_value: knob whose value is being typed, what was typed, and the caret; None for none.
        note: something to tell that is no refusal, "" for nothing.
        page: page of platforms.
        knob_page: page of knobs.
        reduced_motion: True to cut where others glide.
        wall_s: wall clock, for the motion of the interface.
        keys: which key does what.
        head: what stands over the station: "run" with goals, pace and timetable; "shared" without
            pace; "sandbox" with the attacks in place of the timetable; "versus" neither of them.
        purse_max: points that can be saved up, 0 where there is no purse.
        about: name of the knob that was pointed at last, "" before any was.
        new: instruments that no station before this one has had.
    """

    focused: str = ""
    hovered: str = ""
    figure: str = ""
    tab: str = "control"
    tab_at: float | None = None
    console: list[str] = field(default_factory=list)
    typed: str = ""
    caret: int = 0
    selected: str = ""
    quarters: int = 4
    toast: str = ""
    hints: list[str] = field(default_factory=list)
    hints_rect: tuple[float, float, float, float] = (0, 0, 0, 0)
    engineer: bool = False
    recorded: bool = False
    replayed: bool = False
    coming: dict[str, str] = field(default_factory=dict)
    typed_value: tuple[str, str, int] | None = None
    note: str = ""
    page: int = 0
    knob_page: int = 0
    reduced_motion: bool = False
    wall_s: float = 0.0
    keys: KeyMap = DEFAULT_KEYS
    head: str = "run"
    purse_max: int = 0
    new: frozenset[str] = frozenset()
    about: str = ""

    @property
    def paused(self) -> bool:
        """True while the simulated clock stands still."""
        return self.quarters == 0


@dataclass(frozen=True)
class View:
    """Everything a picture is drawn from.

    Attributes:
        blend: 0 to 1, how far it is from previous to current.
        seen: memory of the snapshots up to current.
    """

    card: LevelCard
    previous: Snapshot
    current: Snapshot
    blend: float
    ui: StationUi
    seen: History
    lang: str

    @cached_property
    def plan(self) -> Plan:
        """Which instruments the station has."""
        return plan_of(self.card.shows)

    @property
    def instruments(self) -> tuple[Plan, frozenset[str]]:
        """What there is and what of it is new: part of the key of every layer it changes."""
        return self.plan, self.ui.new

    @cached_property
    def now_ms(self) -> float:
        """Simulated milliseconds of the moment that is drawn."""
        start = self.previous.time_ms
        return start + (self.current.time_ms - start) * self.blend

    def say(self, key: str, **blanks: object) -> str:
        """A word of the scene in the player's language."""
        return say(self.lang, key, **blanks)

    def names(self, word: str, kernel: str) -> tuple[str, str]:
        """What stands large and what small beside it; the engineer view swaps them."""
        return (kernel, self.say(word)) if self.ui.engineer else (self.say(word), kernel)

    def beside(
        self, canvas: Canvas, x: float, y: float, names: tuple[str, ...], room: float
    ) -> None:
        """The second name, in the first form that fits; where none does it is left out."""
        role = "caption" if self.ui.engineer else "kernel"
        for name in names:
            if canvas.measure(name, role) <= room:
                canvas.text(x, y, name, role, canvas.theme.ink2)
                return

    def sysctl(self, last_name: str) -> int | None:
        """A sysctl by its last name, None when the level neither opens nor sets it."""
        for name, value in self.current.sysctls.items():
            if name.rpartition(".")[2] == last_name:
                return value
        return None

    @property
    def glide(self) -> float:
        """How far what moves between two snapshots has come; reduced motion cuts to the end."""
        return 1.0 if self.ui.reduced_motion else self.blend

    @property
    def belt_ms(self) -> float:
        """The clock of what glides for its own sake; it stands still with reduced motion."""
        return 0.0 if self.ui.reduced_motion else self.now_ms

    @cached_property
    def walking(self) -> frozenset[int]:
        """Numbers of those who are on their way to a place."""
        if self.ui.reduced_motion:
            return frozenset()
        now_ms = self.now_ms
        return frozenset(i for i, w in self.seen.walks.items() if w.until_ms > now_ms)

    @property
    def knob_values(self) -> dict[str, tuple[str, str]]:
        """Value and pending value of every knob, by name; the hand is ahead of the host."""
        coming = self.ui.coming
        return {k.name: (k.value, coming.get(k.name, k.pending)) for k in self.current.knobs}


def short(number: int) -> str:
    """A number in at most five signs: 62, 5.4k, 118k, 1.2M."""
    if number < 1000:
        return str(number)
    for size, sign in ((1_000_000_000, "G"), (1_000_000, "M"), (1000, "k")):
        if number >= size:
            part = number / size
            return f"{part:.1f}{sign}" if part < 100 and part % 1 >= 0.05 else f"{part:.0f}{sign}"
    return str(number)


def whole(number: int) -> str:
    """A queue's length: every digit while there is room for four."""
    return str(number) if number < 10_000 else short(number)


def minutes(time_ms: float) -> str:
    """A time as minutes and seconds: 1:24."""
    seconds = int(time_ms // 1000)
    return f"{seconds // 60}:{seconds % 60:02d}"
