"""One line of text being typed: signs, caret, and what an input method composes. Draws nothing."""

import pygame


class LineEdit:
    """One line.

    Args:
        limit: signs that it takes.

    Attributes:
        text: what was typed.
        caret: place of the caret, 0 before the first sign.
        composing: what an input method is about to insert.
    """

    def __init__(self, text: str = "", limit: int = 64) -> None:
        self.text = text
        self.caret = len(text)
        self.composing = ""
        self._limit = limit

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
