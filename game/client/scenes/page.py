"""What pages of buttons and fields have in common: focus, typing, and the way back."""

from collections.abc import Mapping

import pygame

from game.client.canvas import Canvas
from game.client.focus import Focus, is_back
from game.client.line_edit import RETURNS, LineEdit
from game.client.plane import Rect
from game.client.player import Player
from game.client.scene import Hotspot, Outcome, Pop
from game.client.widgets import button
from game.client.widgets.field import field, place_input_method


class Page:
    """A page; what is on it is said by the classes that build on this one.

    Args:
        first: id of what has the focus at the start.
    """

    name = "page"

    def __init__(self, player: Player, first: str = "") -> None:
        self._player = player
        self._focus = Focus(first)
        self._fields: dict[str, LineEdit] = {}
        self._typing = ""
        self._swallow = False

    # What a page says.

    def hotspots(self) -> list[Hotspot]:
        """Everything that can be chosen now, in reading order."""
        return []

    def choose(self, spot: str) -> Outcome:
        """Something was chosen that is no field."""
        return None

    def enter(self, spot: str) -> Outcome:
        """A field was finished with Enter."""
        return None

    def typed(self, spot: str) -> None:
        """A field has changed."""

    def back(self) -> Outcome:
        """Where going back leads."""
        return Pop()

    def paint(self, canvas: Canvas) -> None:
        """Draw the page; the focus is drawn over it."""

    # What a page is given.

    def type_into(self, spot: str) -> None:
        """Let keys go into a field; "" for none."""
        self._typing = spot

    def press(self, event: pygame.event.Event) -> bool:
        """A key that a page takes before the focus does; True if it has."""
        return False

    def update(self, wall_s: float) -> Outcome:
        """Nothing moves."""
        return None

    def handle(self, event: pygame.event.Event) -> Outcome:
        """Typing goes into the field that is open, everything else to the focus."""
        edit = self._fields.get(self._typing)
        if edit is not None and event.type in (
            pygame.TEXTINPUT,
            pygame.TEXTEDITING,
            pygame.KEYDOWN,
        ):
            taken, outcome = self._type(edit, event)
            if taken:
                return outcome
        elif event.type == pygame.KEYDOWN and self.press(event):
            return None
        if is_back(event, self._player.keys):
            if self._typing:
                self._typing = ""
                return None
            return self.back()
        if edit is not None and event.type == pygame.MOUSEMOTION:
            return None  # The mouse may rest anywhere while somebody types.
        spots = self.hotspots()
        before = self._focus.id
        chosen = self._focus.handle(event, spots, self._player.keys)
        if event.type in (pygame.MOUSEBUTTONDOWN, pygame.KEYDOWN, pygame.CONTROLLERBUTTONDOWN) and (
            self._focus.id != before or chosen is not None or event.type == pygame.MOUSEBUTTONDOWN
        ):
            self._typing = self._focus.id if self._focus.id in self._fields else ""
        if chosen is None:
            return None
        if chosen in self._fields:
            self._typing = chosen
            return None
        return self.choose(chosen)

    def _type(self, edit: LineEdit, event: pygame.event.Event) -> tuple[bool, Outcome]:
        """Whether a field takes an event, and what it leads to."""
        if event.type == pygame.TEXTEDITING:
            edit.composing = event.text
            return True, None
        if event.type == pygame.TEXTINPUT:
            if self._swallow:
                self._swallow = False
            else:
                edit.insert(event.text)
                self.typed(self._typing)
            return True, None
        self._swallow = False
        if edit.composing:
            return True, None  # The input method has the keys.
        if event.key in RETURNS:
            return True, self.enter(self._typing)
        if edit.edit(event.key):
            self.typed(self._typing)
            return True, None
        # A sign also arrives as a text.
        return 0x20 <= event.key < 0x7F or bool(event.unicode.strip()), None

    def draw(self, canvas: Canvas) -> None:
        """The page, and the ring of the focus."""
        self.paint(canvas)
        spots = self.hotspots()
        typing = next((spot for spot in spots if spot.id == self._typing), None)
        if typing is not None:
            place_input_method(canvas, typing.rect)
        self._focus.draw(canvas, spots)

    # Parts of pages.

    def field(
        self,
        canvas: Canvas,
        spot: str,
        rect: Rect,
        label: str,
        hint: str = "",
        hidden: bool = False,
    ) -> None:
        """Draw one of the page's fields."""
        edit = self._fields[spot]
        typing = self._typing == spot
        field(canvas, rect, label, edit, typing=typing, hint=hint, hidden=hidden)

    @staticmethod
    def buttons(canvas: Canvas, spots: list[Hotspot], icons: Mapping[str, str]) -> None:
        """Draw the plain buttons among some hotspots, each with its icon."""
        for spot in spots:
            if spot.id in icons:
                button.plain(canvas, spot.rect, spot.label, icons[spot.id])
