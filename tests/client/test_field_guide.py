"""The field guide: every page fits, every page can be found, and it leads to its level."""

from itertools import combinations
from pathlib import Path

import pygame
import pytest

from game.client.canvas import Canvas, TextExtent
from game.client.picture import draw_scene
from game.client.scene import Pop, Push
from game.client.scenes.briefing import BriefingScene
from game.client.scenes.field_guide import FieldGuideScene
from game.client.theme import THEMES
from game.client.widgets.vignette import PICTURES, vignette
from game.text.guide import PAGES
from tests.client.catalogues import three
from tests.client.events import click, key
from tests.client.players import player


def typed(text: str) -> pygame.event.Event:
    return pygame.event.Event(pygame.TEXTINPUT, text=text)


def drawn(scene: FieldGuideScene, lang: str, delta: int) -> list[TextExtent]:
    surface = pygame.Surface((1280, 720))
    canvas = Canvas(surface, THEMES["light"], lang=lang, text_delta=delta)
    canvas.extents = []
    scene.draw(canvas)
    return canvas.extents


@pytest.mark.parametrize("delta", [0, 2])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_page_fits_and_nothing_is_cut_or_covered(
    lang: str, delta: int, tmp_path: Path
) -> None:
    somebody = player(tmp_path, lang=lang)
    for page in PAGES:
        found = drawn(FieldGuideScene(somebody, page), lang, delta)
        for extent in found:
            x, y, width, height = extent.rect
            assert x >= 0 and y >= 0 and x + width <= 1264 and y + height <= 712, (page, extent)
            assert not extent.text.endswith("…"), (page, extent)
        rects = [(e.text, pygame.FRect(e.rect).inflate(-2, -4)) for e in found]
        for (text, rect), (other, other_rect) in combinations(rects, 2):
            assert not rect.colliderect(other_rect), (page, text, other)


def test_every_page_has_a_picture_of_its_own() -> None:
    assert PICTURES.keys() == PAGES.keys()
    seen: dict[bytes, str] = {}
    for page in PAGES:
        surface = pygame.Surface((1280, 720))
        canvas = Canvas(surface, THEMES["light"])
        canvas.clear()
        vignette(canvas, (200, 100, 864, 128), page)
        panel = surface.subsurface((230, 110, 804, 108))
        edge = {tuple(surface.get_at((x, 164))) for x in (205, 1058)}
        assert edge == {(*canvas.theme.pave, 255)}, f"{page} is too wide"
        pixels = pygame.image.tobytes(panel, "RGB")
        assert seen.setdefault(pixels, page) == page, f"{page} looks like {seen[pixels]}"


def test_arrows_open_page_after_page_to_the_last(tmp_path: Path) -> None:
    scene = FieldGuideScene(player(tmp_path), "socket")
    seen = [scene._page.id]
    for _ in PAGES:
        scene.handle(key(pygame.K_DOWN))
        seen.append(scene._page.id)
        assert f"page:{scene._page.id}" in [spot.id for spot in scene.hotspots()], "out of sight"
    assert seen[:-1] == list(PAGES), "the last one stays"
    scene.handle(key(pygame.K_HOME))
    assert scene._page.id == "socket"


def test_typing_narrows_the_list_in_either_language(tmp_path: Path) -> None:
    scene = FieldGuideScene(player(tmp_path))
    for sign in "TIME-W":
        scene.handle(typed(sign))
    assert scene._page.id == "time-wait"
    assert scene.handle(key(pygame.K_ESCAPE)) is None, "the first time it forgets the search"
    assert len(scene._rows) > len(PAGES)
    scene.handle(typed("天花板"))
    assert scene._page.id == "somaxconn"
    scene.handle(typed("x"))
    assert not [spot for spot in scene.hotspots() if spot.id.startswith("page:")]
    draw_scene(scene)
    scene.handle(key(pygame.K_BACKSPACE))
    assert scene._page.id == "somaxconn"
    scene.handle(key(pygame.K_ESCAPE))
    assert scene.handle(key(pygame.K_ESCAPE)) == Pop()


def test_a_page_leads_to_the_level_that_teaches_it(tmp_path: Path) -> None:
    somebody = player(tmp_path, stars={1: 3})
    scene = FieldGuideScene(somebody, "backlog")
    spot = next(spot for spot in scene.hotspots() if spot.id == "backlog" or spot.id == "level")
    x, y, width, height = spot.rect
    outcome = [scene.handle(event) for event in click(x + width / 2, y + height / 2)][-1]
    assert isinstance(outcome, Push)
    assert isinstance(outcome.scene, BriefingScene)


def test_a_level_that_is_shut_or_missing_is_no_link(tmp_path: Path) -> None:
    shut = FieldGuideScene(player(tmp_path / "a"), "bsd")
    missing = FieldGuideScene(player(tmp_path / "b", three()), "bsd")
    running = FieldGuideScene(player(tmp_path / "c"), "socket", during_run=True)
    for scene in (shut, missing, running):
        assert "level" not in [spot.id for spot in scene.hotspots()]
        draw_scene(scene)


def test_pages_lead_on_to_each_other(tmp_path: Path) -> None:
    scene = FieldGuideScene(player(tmp_path), "socket")
    spot = next(spot for spot in scene.hotspots() if spot.id == "also:listening-socket")
    for event in click(spot.rect[0] + 9, spot.rect[1] + 9):
        scene.handle(event)
    assert scene._page.id == "listening-socket"


def test_the_wheel_scrolls_the_contents_and_leaves_the_page(tmp_path: Path) -> None:
    scene = FieldGuideScene(player(tmp_path), "socket")
    for _ in range(100):
        scene.handle(pygame.event.Event(pygame.MOUSEWHEEL, x=0, y=-1))
    assert scene._page.id == "socket"
    assert "page:bsd" in [spot.id for spot in scene.hotspots()]


def test_the_key_that_opened_it_out_of_a_run_is_not_searched_for(tmp_path: Path) -> None:
    scene = FieldGuideScene(player(tmp_path), "hall", during_run=True)
    scene.handle(typed("g"))
    assert scene._query == ""
    scene.handle(key(pygame.K_b))
    scene.handle(typed("b"))
    assert scene._query == "b"
    by_mouse = FieldGuideScene(player(tmp_path), "hall", during_run=True)
    by_mouse.handle(key(pygame.K_b))
    by_mouse.handle(typed("b"))
    assert by_mouse._query == "b"
