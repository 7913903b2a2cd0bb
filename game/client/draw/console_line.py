"""The line behind the console's prompt: editing, history, completion. Draws nothing."""

from collections.abc import Iterable

import pygame

from game.protocol.limits import CONSOLE_LINE_LENGTH_MAX

HISTORY_MAX = 100
"""Lines that the arrow keys bring back."""


class ConsoleInput:
    """One line being typed.

    Args:
        words: what Tab completes.

    Attributes:
        text: what stands behind the prompt.
        caret: place of the caret, 0 before the first sign.
    """

    def __init__(self, words: Iterable[str] = ()) -> None:
        self.text = ""
        self.caret = 0
        self._words = sorted(set(words))
        self._history: list[str] = []
        self._back = 0

    def insert(self, text: str) -> None:
        """Type something at the caret; what is too long or no sign is left out."""
        clean = "".join(sign for sign in text if sign.isprintable())
        room = CONSOLE_LINE_LENGTH_MAX - len(self.text)
        clean = clean[: max(0, room)]
        self.text = self.text[: self.caret] + clean + self.text[self.caret :]
        self.caret += len(clean)

    def press(self, key: int) -> str | None:
        """One key; returns the finished line when it is Enter and there is one."""
        match key:
            case pygame.K_RETURN | pygame.K_KP_ENTER:
                return self._finish()
            case pygame.K_BACKSPACE if self.caret:
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
            case pygame.K_UP:
                self._recall(1)
            case pygame.K_DOWN:
                self._recall(-1)
            case pygame.K_TAB:
                self._complete()
        return None

    def _finish(self) -> str | None:
        line = self.text.strip()
        self.text, self.caret, self._back = "", 0, 0
        if not line:
            return None
        self._history = [*self._history, line][-HISTORY_MAX:]
        return line

    def _recall(self, by: int) -> None:
        self._back = min(len(self._history), max(0, self._back + by))
        self.text = self._history[-self._back] if self._back else ""
        self.caret = len(self.text)

    def _complete(self) -> None:
        """As far as all words agree that begin like the one before the caret."""
        start = self.text.rfind(" ", 0, self.caret) + 1
        begun = self.text[start : self.caret]
        found = [word for word in self._words if begun and word.startswith(begun)]
        if not found:
            return
        first, last = found[0], found[-1]
        same = next((i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), None)
        whole = first[:same] if same is not None else min(first, last, key=len)
        if len(found) == 1:
            whole += " "
        self.insert(whole[len(begun) :])
