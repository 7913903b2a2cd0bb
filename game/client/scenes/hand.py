"""The hand at the knobs: presses, holds, drags and typing become one command when they settle.

Draws nothing and has no clock: every method that needs the time is told it.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pygame

from game.client.draw.knobs import stepped, values_of
from game.client.line_edit import LineEdit, Typed
from game.client.plane import Point
from game.protocol.catalogue import Knob

SETTLE_S = 0.4
"""A knob that was not moved for so long is left where it is, and the command goes out."""

HOLD_S = 0.4
"""A button that is held longer begins to repeat."""

REPEATS = ((2.0, 0.04), (1.0, 0.08), (0.0, 0.16))
"""From so many seconds of repeating on, this far apart: faster with time."""

DRAG_FROM = 4.0
"""Design units after which a press is a drag and no click."""

STEP_MIN, STEP_MAX, SWEEP = 4.0, 14.0, 150.0
"""Design units of a drag for one step, and for the whole range where that lies between."""

BIG = 4
"""A big step is one part in so many of a knob's range."""

DIGITS_MAX = 10
"""Digits of the largest value of any sysctl."""

_TICKS_SHOWN = 2
"""Ticks after which a snapshot must tell of a command; then its word counts, whatever it is."""


@dataclass
class _Held:
    knob: Knob
    by: int
    source: tuple[str, int]
    since_s: float
    next_s: float


@dataclass
class _Drag:
    knob: Knob
    start: str
    pos: Point
    moved: bool = False


class Hand:
    """What the player is doing with the knobs of one run.

    Attributes:
        coming: where knobs are going, by name, until a snapshot says that they are there.
        edit: the typed field that is open, None for none.
        editing: the knob it belongs to.
    """

    def __init__(self) -> None:
        self.coming: dict[str, str] = {}
        self.edit: LineEdit | None = None
        self.editing: Knob | None = None
        self._touched_s: dict[str, float] = {}
        self._sent_tick: dict[str, int] = {}
        self._held: _Held | None = None
        self._drag: _Drag | None = None

    # What the hand does.

    def put(self, knob: Knob, value: str, wall_s: float) -> None:
        """Let a knob go to a value; the command follows when it settles."""
        self.coming[knob.name] = value
        self._touched_s[knob.name] = wall_s
        self._sent_tick.pop(knob.name, None)

    def turn(self, knob: Knob, now: str, by: int, wall_s: float) -> None:
        """Turn a knob by some steps from where it stands, or is going."""
        self.put(knob, _far(knob, self.coming.get(knob.name, now), by), wall_s)

    def hold(self, knob: Knob, by: int, source: tuple[str, int], wall_s: float) -> None:
        """A button went down that repeats while it is held."""
        self._held = _Held(knob, by, source, wall_s + HOLD_S, wall_s + HOLD_S)

    def release(self, source: tuple[str, int], wall_s: float) -> bool:
        """The button came up; what it repeated is settled: then True."""
        held = self._held
        if held is None or held.source != source:
            return False
        self._held = None
        if wall_s < held.since_s or held.knob.name not in self._touched_s:
            return False
        self._touched_s[held.knob.name] = wall_s - SETTLE_S
        return True

    def grab(self, knob: Knob, now: str, pos: Point) -> None:
        """The mouse went down on a dial."""
        self._drag = _Drag(knob, self.coming.get(knob.name, now), pos)

    def move(self, pos: Point, wall_s: float) -> bool:
        """The mouse moved: up and to the right is more; True while a dial is dragged."""
        drag = self._drag
        if drag is None:
            return False
        way = (pos[0] - drag.pos[0]) - (pos[1] - drag.pos[1])
        drag.moved = drag.moved or abs(way) >= DRAG_FROM
        if drag.moved:
            value = _far(drag.knob, drag.start, round(way / step_of(drag.knob)))
            if value != self.coming.get(drag.knob.name, drag.start):
                self.put(drag.knob, value, wall_s)
        return drag.moved

    def drop(self, wall_s: float) -> bool:
        """The mouse came up; True when it was a drag, which settles at once."""
        drag, self._drag = self._drag, None
        if drag is None or not drag.moved:
            return False
        if drag.knob.name in self._touched_s:
            self._touched_s[drag.knob.name] = wall_s - SETTLE_S
        return True

    @property
    def drags(self) -> bool:
        """True while a dial is being dragged."""
        return self._drag is not None and self._drag.moved

    def let_go(self) -> None:
        """The hand leaves the knobs: whatever it held is held no more."""
        self._held = self._drag = None
        self.close()

    # The typed field.

    def open(self, knob: Knob) -> None:
        """Open the field of a knob, empty."""
        self.editing, self.edit = knob, LineEdit(limit=DIGITS_MAX)

    def close(self) -> None:
        """Shut the field; nothing changes."""
        self.editing = self.edit = None

    def type(self, event: pygame.event.Event, now: str, wall_s: float) -> bool:
        """Let an event edit the open field; False when it is none of its business."""
        edit, knob = self.edit, self.editing
        if edit is None or knob is None:
            return False
        by = _UP_DOWN.get((event.type, getattr(event, "key", getattr(event, "button", 0))), 0)
        if by:
            edit.put(stepped(knob, edit.text or now, by))
            return True
        typed = edit.handle(event)
        if event.type == pygame.CONTROLLERBUTTONDOWN:
            typed = _PAD.get(event.button, Typed.TAKEN)
        if typed is Typed.TAKEN:
            kept = "".join(sign for sign in edit.text if sign.isdecimal())
            if kept != edit.text:
                edit.put(kept)
            return True
        if typed is Typed.OTHER:
            return False
        self.close()
        if typed is Typed.ENTERED and edit.text:
            self.put(knob, str(int(edit.text)), wall_s - SETTLE_S)
        return typed is not Typed.LEFT

    # What becomes of it.

    def beat(self, wall_s: float, now: Callable[[Knob], str]) -> None:
        """Let time pass: a held button repeats."""
        held = self._held
        while held is not None and wall_s >= held.next_s:
            self.turn(held.knob, now(held.knob), held.by, wall_s)
            gone_s = held.next_s - held.since_s
            held.next_s += next(every for since, every in REPEATS if gone_s >= since)

    def settled(self, wall_s: float, *, all_of_it: bool = False) -> dict[str, str]:
        """Values to be commanded now, by name; each is handed out once."""
        busy = self._held.knob.name if self._held else ""
        if self._drag is not None and self._drag.moved:
            busy = self._drag.knob.name
        ready = [
            name
            for name, touched_s in self._touched_s.items()
            if all_of_it or (name != busy and wall_s - touched_s >= SETTLE_S - 1e-6)
        ]
        for name in ready:
            del self._touched_s[name]
        return {name: self.coming[name] for name in ready if name in self.coming}

    def sent(self, name: str, tick: int) -> None:
        """A command went out at a tick."""
        self._sent_tick[name] = tick

    def forget(self, name: str = "") -> None:
        """A command was refused, or not needed: what is known counts again; "" for all sent."""
        for one in [name] if name else list(self._sent_tick):
            self.coming.pop(one, None)
            self._sent_tick.pop(one, None)

    def keep_up(self, stands: dict[str, str], tick: int) -> None:
        """Take up where knobs stand, what is pending counted, in the snapshot of a tick."""
        for name, sent in list(self._sent_tick.items()):
            if stands.get(name) == self.coming.get(name) or tick > sent + _TICKS_SHOWN:
                self.forget(name)


_UP_DOWN = {
    (pygame.KEYDOWN, pygame.K_UP): 1,
    (pygame.KEYDOWN, pygame.K_DOWN): -1,
    (pygame.CONTROLLERBUTTONDOWN, pygame.CONTROLLER_BUTTON_DPAD_UP): 1,
    (pygame.CONTROLLERBUTTONDOWN, pygame.CONTROLLER_BUTTON_DPAD_DOWN): -1,
}
_PAD = {
    pygame.CONTROLLER_BUTTON_A: Typed.ENTERED,
    pygame.CONTROLLER_BUTTON_B: Typed.CANCELLED,
}


def step_of(knob: Knob) -> float:
    """How far the mouse is dragged for one step of a knob, in design units."""
    return min(STEP_MAX, max(STEP_MIN, SWEEP / max(1, len(values_of(knob)) - 1)))


def big_step(knob: Knob) -> int:
    """Steps of a controller's shoulder button."""
    return max(1, (len(values_of(knob)) - 1) // BIG)


def _far(knob: Knob, value: str, by: int) -> str:
    for _ in range(abs(by)):
        value = stepped(knob, value, 1 if by > 0 else -1)
    return value
