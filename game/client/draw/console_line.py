"""The line behind the console's prompt: editing, history, completion. Draws nothing."""

from collections.abc import Iterable

import pygame

from game.client.line_edit import LineEdit
from game.protocol.limits import CONSOLE_LINE_LENGTH_MAX

HISTORY_MAX = 100
"""Lines that the arrow keys bring back."""


class ConsoleInput(LineEdit):
    """One line being typed, with what was typed before.

    Args:
        words: what Tab completes.
    """

    def __init__(self, words: Iterable[str] = ()) -> None:
        super().__init__(limit=CONSOLE_LINE_LENGTH_MAX)
        self._words = sorted(set(words))
        self._history: list[str] = []
        self._back = 0

    def press(self, key: int) -> str | None:
        """One key; returns the finished line when it is Enter and there is one."""
        match key:
            case pygame.K_RETURN | pygame.K_KP_ENTER:
                return self._finish()
            case pygame.K_UP:
                self._recall(1)
            case pygame.K_DOWN:
                self._recall(-1)
            case pygame.K_TAB:
                self._complete()
            case _:
                self.edit(key)
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
