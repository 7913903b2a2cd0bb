"""A few words over the scene below, and one button."""

import pygame

from game.client.canvas import Canvas
from game.client.focus import Focus, is_back
from game.client.keys import DEFAULT_KEYS, KeyMap
from game.client.scene import Hotspot, Outcome, Pop, Scene
from game.client.widgets import button
from game.client.widgets.panel import button_rect, panel
from game.text.phrases import phrase


class NoticeScene:
    """Says something once; any choice or Escape closes it.

    Args:
        below: the scene that stays visible.
        title: one line.
        text: a few sentences.
        lang: language of the button.
        icon: a sign of the interface.
        keys: which key does what.
    """

    name = "notice"

    def __init__(
        self,
        below: Scene,
        title: str,
        text: str,
        lang: str,
        icon: str = "info",
        keys: KeyMap = DEFAULT_KEYS,
    ) -> None:
        self._below = below
        self._title = title
        self._text = text
        self._lang = lang
        self._icon = icon
        self._keys = keys
        self._focus = Focus("ok")

    def hotspots(self) -> list[Hotspot]:
        """The button; its place does not depend on the text's length."""
        return [Hotspot(button_rect(0), "ok", phrase(self._lang, "notice_ok"))]

    def handle(self, event: pygame.event.Event) -> Outcome:
        """Close on the button, Escape or the controller's B."""
        if is_back(event, self._keys):
            return Pop()
        return Pop() if self._focus.handle(event, self.hotspots(), self._keys) else None

    def update(self, wall_s: float) -> Outcome:
        """Nothing moves."""
        return None

    def draw(self, canvas: Canvas) -> None:
        """The scene below, veiled, and the panel."""
        self._below.draw(canvas)
        panel(canvas, self._icon, self._title, self._text)
        spot = self.hotspots()[0]
        button.plain(canvas, spot.rect, phrase(self._lang, "notice_ok"))
        self._focus.draw(canvas, [spot])
