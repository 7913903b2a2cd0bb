"""One line of text being typed: signs, caret, and what an input method composes. Draws nothing."""

from enum import Enum, auto

import pygame

RETURNS = (pygame.K_RETURN, pygame.K_KP_ENTER)


class Typed(Enum):
    """What an event was to a line that is being typed."""

    TAKEN = auto()
    """It is for the line alone."""
    ENTERED = auto()
    """The line is done."""
    CANCELLED = auto()
    """It is given up."""
    LEFT = auto()
    """A click elsewhere: the line is given up, and the click is still to be heard."""
    OTHER = auto()
    """It is none of the line's business."""


class LineEdit:
    """One line.

    Args:
        limit: signs that it takes.
        swallows: the key that opened it also arrives as a text, which is not typed.

    Attributes:
        text: what was typed.
        caret: place of the caret, 0 before the first sign.
        composing: what an input method is about to insert.
    """

    def __init__(self, text: str = "", limit: int = 64, *, swallows: bool = False) -> None:
        self.text = text
        self.caret = len(text)
        self.composing = ""
        self._limit = limit
        self._swallows = swallows

    def handle(self, event: pygame.event.Event) -> Typed:
        """Let an event edit the line; what it was."""
        match event.type:
            case pygame.TEXTEDITING:
                self.composing = event.text
            case pygame.TEXTINPUT:
                if not self._swallows:
                    self.insert(event.text)
                self._swallows = False
            case pygame.KEYDOWN if not self.composing:
                self._swallows = False
                if event.key == pygame.K_ESCAPE:
                    return Typed.CANCELLED
                if event.key in RETURNS:
                    return Typed.ENTERED
                self.edit(event.key)
            case pygame.KEYDOWN:
                pass  # The input method has the keys.
            case pygame.MOUSEBUTTONDOWN:
                return Typed.LEFT
            case _:
                return Typed.OTHER
        return Typed.TAKEN

    def insert(self, text: str) -> None:
        """Type something at the caret; what is too long or no sign is left out."""
        clean = "".join(sign for sign in text if sign.isprintable())
        clean = clean[: max(0, self._limit - len(self.text))]
        self.text = self.text[: self.caret] + clean + self.text[self.caret :]
        self.caret += len(clean)
        self.composing = ""

    def put(self, text: str) -> None:
        """Let another text stand there."""
        self.text = text[: self._limit]
        self.caret = len(self.text)
        self.composing = ""

    def edit(self, key: int) -> bool:
        """A key that moves the caret or takes a sign away; False for any other."""
        match key:
            case pygame.K_BACKSPACE:
                if self.caret:
                    self.text = self.text[: self.caret - 1] + self.text[self.caret :]
                    self.caret -= 1
            case pygame.K_DELETE:
                self.text = self.text[: self.caret] + self.text[self.caret + 1 :]
            case pygame.K_LEFT:
                self.caret = max(0, self.caret - 1)
            case pygame.K_RIGHT:
                self.caret = min(len(self.text), self.caret + 1)
            case pygame.K_HOME:
                self.caret = 0
            case pygame.K_END:
                self.caret = len(self.text)
            case _:
                return False
        return True
