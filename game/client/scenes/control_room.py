"""The knobs of a station under mouse, keys and controller: events become commands."""

from collections.abc import Callable

import pygame

from game.client.draw.knobs import cells, is_on, kind_of
from game.client.draw.view import StationUi, View
from game.client.focus import Focus, hotspot_at
from game.client.keys import Action, Group
from game.client.plane import Rect
from game.client.player import Player
from game.client.scene import Hotspot
from game.client.scenes.hand import SETTLE_S, Hand, big_step
from game.client.scenes.station_keys import SHOULDERS, STATION_ACTIONS, sign_of
from game.protocol.catalogue import Knob
from game.protocol.messages import Call, ClientMessage, SetKnob, SetSysctl

SOURCES = {
    pygame.MOUSEBUTTONDOWN: "button",
    pygame.KEYDOWN: "key",
    pygame.CONTROLLERBUTTONDOWN: "button",
}
"""Which attribute tells what went down."""

RELEASES = {
    pygame.MOUSEBUTTONUP: pygame.MOUSEBUTTONDOWN,
    pygame.KEYUP: pygame.KEYDOWN,
    pygame.CONTROLLERBUTTONUP: pygame.CONTROLLERBUTTONDOWN,
}
WAYS = {"less": -1, "more": 1}
"""Last part of a hotspot's id, and the steps it turns its knob by."""


class ControlRoom:
    """What events do to the knobs of one run.

    Whatever the hand does settles first; `commands` and `let_go` hand out what has settled.

    Args:
        focus: the station's; a press puts it on its knob.
        next_seq: numbers the commands.
    """

    def __init__(
        self, player: Player, ui: StationUi, focus: Focus, next_seq: Callable[[], int]
    ) -> None:
        self._player = player
        self._ui = ui
        self._focus = focus
        self._next = next_seq
        self._hand = Hand()

    @property
    def turning(self) -> dict[str, str]:
        """Where knobs are going, by name."""
        return dict(self._hand.coming)

    # What becomes of it.

    def beat(self, view: View) -> list[ClientMessage]:
        """Let time pass; the commands of knobs that have settled."""
        stands = {k.name: k.pending or k.value for k in view.current.knobs}
        self._hand.keep_up(stands, view.current.tick)
        self._hand.beat(self._ui.wall_s, lambda knob: self._now(view, knob))
        messages = self.commands(view)
        self.show()
        return messages

    def commands(self, view: View, *, all_of_it: bool = False) -> list[ClientMessage]:
        """The commands for knobs that have settled; one that is where it was needs none."""
        found: list[ClientMessage] = []
        stands = {k.name: k.pending or k.value for k in view.current.knobs}
        for name, value in self._hand.settled(self._ui.wall_s, all_of_it=all_of_it).items():
            knob = next((k for k in view.card.knobs if k.name == name), None)
            if knob is None or stands.get(name, knob.default) == value:
                self._hand.forget(name)
                continue
            self._hand.sent(name, view.current.tick)
            found.append(self._set(knob, value))
        return found

    def let_go(self, view: View) -> list[ClientMessage]:
        """The hand leaves the knobs; the commands of all that it was doing."""
        self._hand.let_go()
        return self.commands(view, all_of_it=True)

    def forget(self) -> None:
        """A command was refused: what the host says of the knobs counts again."""
        self._hand.forget()

    def show(self) -> None:
        """Let the picture have what the hand is doing."""
        hand, edit = self._hand, self._hand.edit
        self._ui.coming = dict(hand.coming)
        self._ui.typed_value = None
        if edit is not None and hand.editing is not None:
            self._ui.typed_value = (hand.editing.name, edit.text, edit.caret)

    # What the hand does.

    def type(self, event: pygame.event.Event, view: View) -> bool:
        """Let an event edit the value that is being typed; False when there is none."""
        knob = self._hand.editing
        if knob is None:
            return False
        return self._hand.type(event, self._now(view, knob), self._ui.wall_s)

    def hear(
        self, event: pygame.event.Event, view: View, spots: list[Hotspot], card: Rect | None
    ) -> bool:
        """Whether an event is a hand's at a knob: a press that repeats, a drag, a release.

        Args:
            spots: what can be chosen now.
            card: an open card, which lies over the knobs.
        """
        hand, wall_s = self._hand, self._ui.wall_s
        if event.type == pygame.MOUSEMOTION:
            return hand.move(event.pos, wall_s)
        if event.type in RELEASES:
            down = RELEASES[event.type]
            source = (SOURCES[down], getattr(event, SOURCES[down]))
            if hand.release(source, wall_s):
                return True
            return event.type == pygame.MOUSEBUTTONUP and event.button == 1 and hand.drop(wall_s)
        if event.type not in SOURCES:
            return False
        spot, by = self._pressed_at(event, view, spots, card)
        knob = knob_at(view, spot)
        if knob is None or knob.opens_at or spot not in {one.id for one in spots}:
            return False
        if by:
            hand.turn(knob, self._now(view, knob), by, wall_s)
            name = SOURCES[event.type]
            hand.hold(knob, by, (name, getattr(event, name)), wall_s)
            if event.type == pygame.MOUSEBUTTONDOWN:
                self._ui.selected = ""
            return True
        if event.type == pygame.MOUSEBUTTONDOWN and kind_of(knob) != "switch":
            hand.grab(knob, self._now(view, knob), event.pos)
        return False

    def opens_field(self, event: pygame.event.Event, view: View) -> bool:
        """Whether a digit opens the field of the dial that keys have the focus on."""
        if not self._focus.visible or not sign_of(event.key).isdecimal():
            return False
        knob = knob_at(view, self._focus.id)
        if knob is None or kind_of(knob) != "dial":
            return False
        self._ui.selected = ""
        self._hand.open(knob)
        return True

    def turn_wheel(self, view: View, by: int) -> bool:
        """Turn the knob under the mouse by steps; False when there is none."""
        knob = knob_at(view, self._ui.hovered)
        if knob is None or knob.opens_at:
            return False
        self._hand.turn(knob, self._now(view, knob), by, self._ui.wall_s)
        return True

    def choose(self, view: View, spot: str) -> bool:
        """A part of a knob was chosen: a switch flips, a field opens, a card is shown."""
        knob = knob_at(view, spot)
        if knob is None or knob.opens_at:
            return False
        kind = kind_of(knob)
        if kind == "switch":
            at = 0 if is_on(self._now(view, knob)) else 1
            self._hand.put(knob, knob.choices[at], self._ui.wall_s - SETTLE_S)
        elif spot.endswith(":value") and kind == "dial":
            self._ui.selected = ""
            self._hand.open(knob)
        else:
            card = f"knob:{knob.name}"
            self._ui.selected = "" if self._ui.selected == card else card
        return True

    def _pressed_at(
        self, event: pygame.event.Event, view: View, spots: list[Hotspot], card: Rect | None
    ) -> tuple[str, int]:
        """The hotspot that went down, and the steps it stands for; 0 where it does not turn."""
        spot = self._focus.id
        if event.type == pygame.MOUSEBUTTONDOWN:
            if event.button != 1 or (
                card is not None and pygame.FRect(card).collidepoint(event.pos)
            ):
                return "", 0
            hit = hotspot_at(event.pos, spots)
            spot = hit.id if hit else ""
            by = WAYS.get(spot.split(":")[-1], 0)
            if by:
                self._focus.id, self._focus.visible = spot, False
            return spot, by
        if event.type == pygame.CONTROLLERBUTTONDOWN:
            if event.button in SHOULDERS:
                spot = spot_meant(self._focus, self._ui)
                knob = knob_at(view, spot)
                self._focus.visible = True
                return spot, SHOULDERS[event.button] * (big_step(knob) if knob else 1)
            chooses = event.button == pygame.CONTROLLER_BUTTON_A
        else:
            if self._ui.tab == "console":
                return "", 0
            action = self._player.keys.action(event.key, Group.STATION, Group.FOCUS)
            if action in (Action.MORE, Action.LESS):
                spot = spot_meant(self._focus, self._ui)
                if knob_at(view, spot) is None:
                    self._lead(view)
                    return "", 0
                return spot, 1 if action is Action.MORE else -1
            chooses = self._player.keys.action(event.key, Group.FOCUS) is Action.CHOOSE
            chooses = chooses and action not in STATION_ACTIONS
        return (spot, WAYS.get(spot.split(":")[-1], 0)) if chooses else ("", 0)

    def _lead(self, view: View) -> None:
        """Put the focus on the knob that is explained, or on the first, where it is on none."""
        knobs = [cell.knob for cell in cells(view.card, self._ui.knob_page)]
        names = [knob.name for knob in knobs if not knob.opens_at]
        if names and not view.card.calls:
            name = self._ui.about if self._ui.about in names else names[0]
            self._focus.id, self._focus.visible = f"knob:{name}", True

    def _now(self, view: View, knob: Knob) -> str:
        """Where a knob stands: where the hand is turning it, else what is pending or in force."""
        state = next((k for k in view.current.knobs if k.name == knob.name), None)
        known = (state.pending or state.value) if state is not None else knob.default
        return self._hand.coming.get(knob.name, known)

    def _set(self, knob: Knob, value: str) -> ClientMessage:
        """The message that sets a knob: a call, a sysctl, or a part of the machine."""
        number = value.lstrip("-").isdigit()
        if knob.name == "backlog" and number:
            return Call(self._next(), "listen", int(value))
        if "." in knob.kernel_name and number:
            return SetSysctl(self._next(), knob.kernel_name, int(value))
        return SetKnob(self._next(), knob.name, value)


def spot_meant(focus: Focus, ui: StationUi) -> str:
    """The hotspot that has the focus, or is under the mouse."""
    return focus.id if focus.visible else ui.hovered or focus.id


def knob_at(view: View, spot: str) -> Knob | None:
    """The knob that a hotspot belongs to."""
    parts = spot.split(":")
    if parts[0] != "knob":
        return None
    return next((k for k in view.card.knobs if k.name == parts[1]), None)
