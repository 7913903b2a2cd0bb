"""One scene as a picture, without a window: for `shot` and for tests."""

import pygame

from game.client.canvas import Canvas
from game.client.scene import Scene
from game.client.theme import THEMES


def draw_scene(
    scene: Scene,
    size: tuple[int, int] = (1280, 720),
    theme: str = "light",
    lang: str = "en",
    text_delta: int = 0,
) -> pygame.Surface:
    """The scene on a surface of its own; needs no display, only fonts."""
    surface = pygame.Surface(size)
    scene.draw(Canvas(surface, THEMES[theme], lang=lang, text_delta=text_delta))
    return surface
