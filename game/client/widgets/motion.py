"""How things of the interface move: shares of a way from the time that is gone."""

from dataclasses import dataclass

POP_MS = 420.0
"""A star jumps up and settles."""

GLIDE_MS = 300.0
"""A bar goes to its new length."""

TAB_MS = 160.0
"""A sign goes to another tab."""

POP_STEPS = 12
"""Sizes a jumping star takes: each is drawn once and kept."""


def pop(gone_ms: float) -> float:
    """Size of something that has just come, as a multiple of its own; 1 before and after."""
    if not 0 <= gone_ms < POP_MS:
        return 1.0
    part = int(gone_ms / POP_MS * POP_STEPS) / POP_STEPS
    return 1.0 + 0.7 * 4 * part * (1 - part) * (1 - part / 2)


def ease_out(gone_ms: float, whole_ms: float = GLIDE_MS) -> float:
    """How much of a way is done, 0 to 1; fast at first."""
    part = min(1.0, max(0.0, gone_ms / whole_ms))
    return 1 - (1 - part) ** 3


@dataclass
class Glide:
    """A place among tabs that goes to where it is sent.

    Attributes:
        goal: index of the tab it goes to, or is at.
    """

    goal: float
    _start: float = 0.0
    _sent_s: float = -1e9

    def send(self, goal: float, wall_s: float, *, still: bool = False) -> float:
        """Go there from now on, or be there at once; returns where it is."""
        if goal != self.goal:
            self._start = self._at(wall_s)
            self.goal, self._sent_s = goal, wall_s
        return goal if still else self._at(wall_s)

    def _at(self, wall_s: float) -> float:
        done = ease_out((wall_s - self._sent_s) * 1000, TAB_MS)
        return self._start + (self.goal - self._start) * done if done < 1 else self.goal
