from pathlib import Path

import pygame
import pytest

from game.client.focus import Focus
from game.client.player import Player
from game.client.scene import Hotspot, Scene
from game.client.scenes.briefing import BriefingScene
from game.client.scenes.debrief import DebriefScene
from game.client.scenes.menu import MenuScene
from game.client.scenes.notice import NoticeScene
from game.client.scenes.settings import SettingsScene
from tests.client.events import button, click, key
from tests.client.players import player
from tests.client.runs import result


def scenes(somebody: Player) -> list[Scene]:
    card = somebody.cards[0]
    menu = MenuScene(somebody)
    return [
        menu,
        BriefingScene(somebody, card),
        SettingsScene(somebody),
        NoticeScene(menu, "Title", "Text.", "en"),
        DebriefScene(somebody, card, result("level-1"), lambda: menu),
    ]


def reached(spots: list[Hotspot], codes: list[int], presses: int) -> set[str]:
    focus = Focus(spots[0].id)
    found = {focus.id}
    for number in range(presses):
        focus.handle(key(codes[number % len(codes)]), spots)
        found.add(focus.id)
    return found


def reached_by_arrows(spots: list[Hotspot]) -> set[str]:
    """Everything that some sequence of arrows leads to."""
    found, fresh = {spots[0].id}, [spots[0].id]
    while fresh:
        start = fresh.pop()
        for code in (pygame.K_LEFT, pygame.K_RIGHT, pygame.K_UP, pygame.K_DOWN):
            focus = Focus(start)
            focus.handle(key(code), spots)
            if focus.id not in found:
                found.add(focus.id)
                fresh.append(focus.id)
    return found


def test_tab_and_arrows_reach_every_hotspot_of_every_scene(tmp_path: Path) -> None:
    for scene in scenes(player(tmp_path)):
        spots = scene.hotspots()
        everything = {spot.id for spot in spots}
        assert len(everything) == len(spots), "ids are unique"
        assert reached(spots, [pygame.K_TAB], len(spots)) == everything
        assert reached_by_arrows(spots) == everything, type(scene).__name__


def test_hotspots_lie_on_the_page_and_have_names(tmp_path: Path) -> None:
    for scene in scenes(player(tmp_path, lang="zh")):
        for spot in scene.hotspots():
            x, y, width, height = spot.rect
            assert x >= 0 and y >= 0 and x + width <= 1280 and y + height <= 720, spot
            assert min(width, height) >= 24, spot
            assert spot.label


SPOTS = [
    Hotspot((0, 0, 100, 40), "a", "A"),
    Hotspot((0, 60, 100, 40), "b", "B"),
    Hotspot((200, 10, 100, 40), "c", "C"),
]


@pytest.mark.parametrize(
    ("start", "code", "end"),
    [
        ("a", pygame.K_DOWN, "b"),
        ("b", pygame.K_UP, "a"),
        ("a", pygame.K_RIGHT, "c"),
        ("c", pygame.K_LEFT, "a"),
        ("c", pygame.K_RIGHT, "c"),
    ],
)
def test_arrows_go_to_the_nearest_in_their_direction(start: str, code: int, end: str) -> None:
    focus = Focus(start)
    assert focus.handle(key(code), SPOTS) is None
    assert focus.id == end


def test_shift_tab_goes_back_around_the_beginning() -> None:
    focus = Focus("a")
    focus.handle(key(pygame.K_TAB, pygame.KMOD_LSHIFT), SPOTS)
    assert focus.id == "c"


@pytest.mark.parametrize("code", [pygame.K_RETURN, pygame.K_KP_ENTER, pygame.K_SPACE])
def test_enter_and_space_choose(code: int) -> None:
    assert Focus("b").handle(key(code), SPOTS) == "b"


def test_a_focus_on_something_that_is_gone_chooses_nothing() -> None:
    assert Focus("gone").handle(key(pygame.K_RETURN), SPOTS) is None


def test_the_controller_moves_and_chooses() -> None:
    focus = Focus("a")
    assert focus.handle(button(pygame.CONTROLLER_BUTTON_DPAD_DOWN), SPOTS) is None
    assert focus.handle(button(pygame.CONTROLLER_BUTTON_A), SPOTS) == "b"


def test_the_mouse_chooses_what_it_pressed_and_released_on() -> None:
    focus = Focus("a")
    assert [focus.handle(event, SPOTS) for event in click(50, 80)] == [None, None, "b"]
    down, up = click(50, 80)[1], click(250, 20)[2]
    focus.handle(down, SPOTS)
    assert focus.handle(up, SPOTS) is None
    assert focus.handle(click(50, 80)[2], SPOTS) is None, "a release without a press"


def test_the_ring_shows_with_keys_and_hides_with_the_mouse() -> None:
    focus = Focus("a")
    focus.handle(key(pygame.K_TAB), SPOTS)
    shown = [focus.visible]
    focus.handle(click(50, 80)[0], SPOTS)
    assert [*shown, focus.visible] == [True, False]
    assert focus.id == "b"
