"""No words stand on others, leave their panel or the picture, or are too small to read: anywhere.

Every scene, in both languages, at the smallest window, at the design's size and at 1920 × 1080.
"""

from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import pygame
import pytest

from game.client.canvas import Canvas, Kept, TextExtent
from game.client.scene import Scene
from game.client.theme import THEMES
from game.client.window import SIZE_MIN
from tests.client import test_scenes, test_together
from tests.client.matches import real_catalogue
from tests.client.players import player
from tests.client.station import fixtures
from tests.client.station.test_scene import Played

SIZES = [SIZE_MIN, (1280, 720), (1920, 1080)]
KEPT = Kept()
"""Fonts and texts of all these pictures."""

SIGN_W = 20
"""What is narrower than this is no panel: a belt, a bar, a tile."""

Make = Callable[[Path, str], Scene]


def page(name: str, stars: dict[int, int]) -> Make:
    return lambda folder, lang: test_scenes.scene_named(
        name, player(folder, real_catalogue(), stars=stars, lang=lang)
    )


def together(name: str) -> Make:
    return lambda folder, lang: test_together.scene_named(name, folder, lang)


def station(name: str, **ui: object) -> Make:
    def make(folder: Path, lang: str) -> Scene:
        played = Played(folder, fixtures.SCENES[name](), lang)
        for field, value in ui.items():
            setattr(played.scene.ui, field, value)
        return played.scene

    return make


def replay(folder: Path, lang: str) -> Scene:
    return station("two", recorded=True)(folder, lang)


SCENES: dict[str, Make] = {
    **{name: page(name, test_scenes.STARS) for name in test_scenes.PAGES},
    **{name: together(name) for name in test_together.PAGES},
    "menu-new": page("menu", {}),
    "menu-all": page("menu", dict.fromkeys(range(1, 21), 3)),
    "sandbox": together("sandbox"),
    "versus-defender": together("versus-defender"),
    "spectator": together("spectator"),
    "replay": replay,
    **{f"station-{name}": station(name) for name in fixtures.SCENES},
    **{f"engineer-{name}": station(name, engineer=True) for name in fixtures.SCENES},
    **{f"console-{name}": station(name, tab="console") for name in ("two", "three511")},
}


def drawn(scene: Scene, lang: str, size: tuple[int, int], theme: str = "light") -> list[TextExtent]:
    canvas = Canvas(pygame.Surface(size), THEMES[theme], lang=lang, kept=KEPT)
    canvas.extents, canvas.panels = [], []
    scene.draw(canvas)
    return canvas.extents


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", SCENES)
def test_words_have_a_place_of_their_own(
    name: str, lang: str, size: tuple[int, int], tmp_path: Path
) -> None:
    found = drawn(SCENES[name](tmp_path, lang), lang, size)
    k = min(size[0] / 1280, size[1] / 720)
    assert found
    for one in found:
        x, y, w, h = one.rect
        assert h * k > 10.9, f"{one.text!r} is {h * k:.1f} px"
        if name != "spectator" or x < 760:  # Its small station runs out of the half at the right.
            assert x >= -1 and y >= 0 and x + w <= 1281 and y + h <= 722, one
        left, _, width, _ = one.panel or (0.0, 0.0, 0.0, 0.0)
        if width >= SIGN_W:
            assert x >= left - 1 and x + w <= left + width + 1, one
    rects = [(one, pygame.FRect(one.rect).inflate(-2, -4)) for one in found]
    for (one, rect), (other, other_rect) in combinations(rects, 2):
        assert not rect.colliderect(other_rect), f"{one.text!r} and {other.text!r}: {one}, {other}"


@pytest.mark.parametrize("name", SCENES)
def test_a_theme_moves_no_words(name: str, tmp_path: Path) -> None:
    scene = SCENES[name](tmp_path, "en")
    light, *others = (drawn(scene, "en", (1280, 720), theme) for theme in THEMES)
    for other in others:
        assert [(e.text, e.rect) for e in other] == [(e.text, e.rect) for e in light]
