"""The console of a station: lines that are typed, and what is answered."""

import pygame

from game.client.draw.calls import CALLS
from game.client.draw.console_line import ConsoleInput
from game.client.draw.view import StationUi
from game.client.player import Player
from game.protocol.messages import ConsoleLine
from game.text.station import say

LINES_MAX = 200
"""Lines that are kept; some ten screens."""


class ConsoleTab:
    """What is typed at the console, and told there; what it shows is kept in the station's `ui`."""

    def __init__(self, player: Player, ui: StationUi) -> None:
        welcome = player.view.welcome
        self._player = player
        self._ui = ui
        self._input = ConsoleInput(welcome.words if welcome else ())
        self._asked: set[int] = set()
        self._answers_seen = len(player.view.console)
        self._calls_seen = 0
        self._swallow_text = False

    def open(self) -> None:
        """Bring it to the front with its key: the same press also arrives as a text."""
        self._ui.tab = "console"
        self._swallow_text = True

    def hear(self) -> None:
        """Take up what the host has answered."""
        console = self._player.view.console
        for answer in console[self._answers_seen :]:
            self._ui.console.extend(answer.lines or [say(self._player.lang, "console_done")])
        self._answers_seen = len(console)
        del self._ui.console[:-LINES_MAX]
        self._show()

    def hear_refusal(self, seq: int, said: str) -> bool:
        """Show why a line was refused; False when the command was none of the console's."""
        if seq not in self._asked:
            return False
        self._ui.console.append(said)
        return True

    def trace(self, calls: list[str], *, afresh: bool) -> None:
        """Show the calls of a run as a tracer prints them, whoever made them.

        Args:
            calls: all of the run so far.
            afresh: the run has begun again, or was gone back in: none of them is new.
        """
        if afresh:
            self._calls_seen = len(calls)
        self._ui.console.extend(calls[self._calls_seen :])
        self._calls_seen = len(calls)

    def type(self, event: pygame.event.Event) -> str:
        """A key, or a text, while it is open; the line that is finished with it, else ""."""
        line = self._text(event.text) if event.type == pygame.TEXTINPUT else self._key(event.key)
        self._show()
        return line

    def ask(self, seq: int, line: str) -> ConsoleLine:
        """The message for a finished line."""
        self._asked.add(seq)
        self._ui.console.append(f"$ {line}")
        return ConsoleLine(seq, line)

    def _text(self, text: str) -> str:
        if self._swallow_text:
            self._swallow_text = False
        elif text != "`":
            self._input.insert(text)
        return ""

    def _key(self, key: int) -> str:
        self._swallow_text = False
        if key == pygame.K_BACKQUOTE:
            self._ui.tab = "control"
            return ""
        return self._input.press(key) or ""

    def _show(self) -> None:
        self._ui.typed, self._ui.caret = self._input.text, self._input.caret


def is_call(line: str) -> bool:
    """Whether a line makes a system call."""
    return line.replace("(", " ").split()[0] in CALLS
