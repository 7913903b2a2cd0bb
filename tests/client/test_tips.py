"""What stands under the mouse or has the focus says what it is: knobs, dotted words, buttons."""

from pathlib import Path

import msgspec
import pygame
import pytest

from game.client.canvas import Canvas
from game.client.draw.knobs import kind_of, values_of
from game.client.scene import Scene
from game.client.scenes.briefing import BriefingScene
from game.client.theme import THEMES
from game.client.widgets.motion import TAB_MS, Glide
from game.text.guide import PAGES
from game.text.knob_values import knob_value
from game.text.knobs import knob_help
from tests.client.events import key
from tests.client.matches import real_catalogue
from tests.client.players import player
from tests.client.station import fixtures
from tests.client.station.test_scene import Played

FEW = ("backlog", "somaxconn", "tcp_abort_on_overflow")


def said(scene: Scene, lang: str = "en") -> str:
    canvas = Canvas(pygame.Surface((1280, 720)), THEMES["light"], lang=lang)
    canvas.extents = []
    scene.draw(canvas)
    return " ".join(extent.text for extent in canvas.extents)


def point(scene: Scene, x: float, y: float) -> None:
    scene.handle(pygame.event.Event(pygame.MOUSEMOTION, pos=(x, y), rel=(0, 0), buttons=(0, 0, 0)))


def point_at(scene: Scene, spot_id: str) -> None:
    x, y, w, h = next(spot.rect for spot in scene.hotspots() if spot.id == spot_id)
    point(scene, x + w / 2, y + h / 2)


def few_knobs() -> fixtures.Scene:
    card, made = fixtures.two_platforms()
    knobs = [knob for knob in card.knobs if knob.name in FEW]
    return msgspec.structs.replace(card, knobs=knobs), made


def test_a_knob_says_what_it_does_and_what_the_values_beside_it_mean(tmp_path: Path) -> None:
    scene = Played(tmp_path, fixtures.two_platforms()).scene
    changes = knob_help("en", "workers").changes
    assert changes not in said(scene)
    for spot in ("knob:workers", "knob:workers:more"):
        point_at(scene, spot)
        assert (
            changes in said(scene) and "= 4 trains" in said(scene) and "+ → 5 trains" in said(scene)
        )
    point(scene, 300, 300)
    assert changes not in said(scene)
    point_at(scene, "knob:tcp_abort_on_overflow")
    assert "0 → 1: RST" in said(scene)


def test_the_keys_find_the_same_words(tmp_path: Path) -> None:
    scene = Played(tmp_path, fixtures.two_platforms()).scene
    point_at(scene, "knob:workers")
    scene.handle(key(pygame.K_TAB))
    focused = scene.ui.focused or (said(scene) and scene.ui.focused)
    assert knob_help("en", focused.split(":")[1]).changes in said(scene)


def test_the_knob_that_was_pointed_at_last_stays_explained(tmp_path: Path) -> None:
    scene = Played(tmp_path, few_knobs()).scene
    first, other = knob_help("en", "backlog").changes[:20], knob_help("en", "somaxconn").changes
    assert first in said(scene)
    point_at(scene, "knob:somaxconn:less")
    assert other[:20] in said(scene)
    point(scene, 300, 300)
    assert other[:20] in said(scene) and first not in said(scene)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_number_of_every_knob_has_its_unit(lang: str) -> None:
    catalogue = real_catalogue()
    for card in (*catalogue.levels, *catalogue.arenas):
        for knob in card.knobs:
            for value in values_of(knob) if kind_of(knob) in ("dial", "switch") else []:
                meant = knob_value(lang, knob.name, value)
                assert (meant and meant != value) or value in ("off", "on"), (knob.name, value)


def test_a_dotted_word_says_its_meaning_to_mouse_and_keys(tmp_path: Path) -> None:
    card = real_catalogue().levels[1]
    guide = lambda page: BriefingScene(player(tmp_path), card)  # noqa: E731
    scene = BriefingScene(player(tmp_path), card, guide)
    first = PAGES["accept-queue"].words("en").first
    assert first.endswith("served.") and first not in said(scene)
    point_at(scene, "term:accept-queue")
    assert first in said(scene)
    point(scene, 900, 500)
    assert first not in said(scene)
    for _ in scene.hotspots():
        scene.handle(key(pygame.K_TAB))
    assert first in said(scene)


def test_a_sign_glides_to_another_tab_and_turns_back_on_its_way() -> None:
    sign = Glide(0.0)
    assert sign.send(0.0, 5.0) == 0.0
    assert sign.send(1.0, 6.0) == 0.0
    half = sign.send(1.0, 6.0 + TAB_MS / 4000)
    assert 0.0 < half < 1.0
    assert sign.send(0.0, 6.0 + TAB_MS / 4000) == half
    assert sign.send(0.0, 7.0) == 0.0
    assert sign.send(1.0, 8.0, still=True) == 1.0
