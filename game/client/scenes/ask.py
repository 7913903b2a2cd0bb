"""A question over the scene below, with two answers; going back means the quiet one."""

from collections.abc import Callable
from typing import NamedTuple

import pygame

from game.client.canvas import Canvas
from game.client.focus import Focus, is_back
from game.client.keys import KeyMap
from game.client.scene import Hotspot, Outcome, Scene
from game.client.widgets import button
from game.client.widgets.panel import button_rect, panel


class Question(NamedTuple):
    """What is asked.

    Attributes:
        title, text: the question, and what hangs on it.
        stay, go: labels of the two answers; the first has the focus.
    """

    title: str
    text: str
    stay: str
    go: str


class AskScene:
    """Asks once, before something is lost.

    Args:
        below: the scene that stays visible.
        stays, goes: what each leads to; both begin with a `Pop` of this scene.
        keys: which key does what.
        act: what is done at once when the second is given.
    """

    name = "ask"

    def __init__(
        self,
        below: Scene,
        question: Question,
        stays: Outcome,
        goes: Outcome,
        keys: KeyMap,
        act: Callable[[], None] | None = None,
    ) -> None:
        self._below = below
        self._question = question
        self._outcomes = {"stay": stays, "go": goes}
        self._keys = keys
        self._act = act
        self._focus = Focus("stay")

    def hotspots(self) -> list[Hotspot]:
        """Both answers, the quiet one first."""
        return [
            Hotspot(button_rect(1), "stay", self._question.stay),
            Hotspot(button_rect(0), "go", self._question.go),
        ]

    def handle(self, event: pygame.event.Event) -> Outcome:
        """An answer; going back stays."""
        if is_back(event, self._keys):
            return self._outcomes["stay"]
        chosen = self._focus.handle(event, self.hotspots(), self._keys)
        if chosen == "go" and self._act is not None:
            self._act()
        return self._outcomes[chosen] if chosen else None

    def update(self, wall_s: float) -> Outcome:
        """Nothing moves."""
        return None

    def draw(self, canvas: Canvas) -> None:
        """The scene below, veiled, the question and its answers."""
        self._below.draw(canvas)
        panel(canvas, "info", self._question.title, self._question.text)
        for spot in self.hotspots():
            button.plain(canvas, spot.rect, spot.label)
        self._focus.draw(canvas, self.hotspots())
