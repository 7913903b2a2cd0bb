"""Drawing fixtures on plain surfaces."""

import pygame

from game.client.canvas import Canvas, TextExtent
from game.client.draw.station import draw_view, make_view
from game.client.draw.view import StationUi, View
from game.client.theme import THEMES
from tests.client.station import fixtures


def canvas(
    theme: str = "light", lang: str = "en", size: tuple[int, int] = (1280, 720), delta: int = 0
) -> Canvas:
    return Canvas(pygame.Surface(size), THEMES[theme], lang=lang, text_delta=delta)


def view(scene: fixtures.Scene, ui: StationUi | None = None, lang: str = "en") -> View:
    card, made = scene
    before = made[-2] if len(made) > 1 else None
    seen = fixtures.history(scene)
    return make_view(card, (before, made[-1]), 0.5, ui or StationUi(), lang, seen)


def pixels(on: Canvas, what: View) -> bytes:
    draw_view(on, what)
    return pygame.image.tobytes(on.surface, "RGB")


def texts(what: View, on: Canvas) -> list[TextExtent]:
    on.extents = []
    draw_view(on, what)
    return on.extents
