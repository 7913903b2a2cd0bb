"""From the menu to the debrief in the real window, once with the keyboard, once with the mouse."""

from collections.abc import Iterator
from pathlib import Path

import pygame
import pytest

from game.client.theme import THEMES
from tests.window.screen import Screen, needs_screen, wait_until

pytestmark = [needs_screen, pytest.mark.slow]

CONTINUE = (210, 238)
GUIDE = (210, 442)
SETTINGS = (210, 510)
QUIT = (210, 578)
START = (1088, 668)
CALLS = ((667, 584), (831, 584), (995, 584), (1159, 584))
FASTEST = (1238, 28)


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Screen]:
    opened = Screen(tmp_path)
    yield opened
    opened.close()


def test_level_1_is_won_with_the_keyboard_alone(screen: Screen) -> None:
    screen.see("menu")
    screen.key("Return")
    screen.see("briefing")
    screen.key("Return")
    screen.see("station")
    screen.key("c")
    for line in ("socket", "bind 443", "listen 16", "accept"):
        screen.type(line)
        screen.key("Return")
    screen.key("Escape", "8")
    screen.see("debrief")
    wait_until(lambda: screen.progress() == {"first-train": 3}, "three stars")
    assert [one["call"] for one in screen.commands()] == ["socket", "bind", "listen", "accept"]


def test_level_1_is_won_with_the_mouse_alone(screen: Screen) -> None:
    screen.see("menu")
    screen.click(*CONTINUE)
    screen.see("briefing")
    screen.click(*START)
    screen.see("station")
    for place in CALLS:
        screen.click(*place)
    screen.click(*FASTEST)
    screen.see("debrief")
    wait_until(lambda: screen.progress() == {"first-train": 3}, "three stars")
    assert [one["call"] for one in screen.commands()] == ["socket", "bind", "listen", "accept"]


def test_escape_on_the_map_asks_before_it_leaves_the_game(screen: Screen) -> None:
    screen.see("menu")
    screen.key("Escape")
    screen.see("ask")
    screen.key("Escape")
    screen.see("menu")
    screen.key("Escape")
    screen.see("ask")
    screen.key("Tab", "Return")
    assert screen.ended() == 0


def test_leaving_a_run_asks_and_escape_stays(screen: Screen) -> None:
    screen.see("menu")
    screen.key("Return")
    screen.see("briefing")
    screen.key("Return")
    screen.see("station")
    # A hint comes and goes first: by then there is a run to lose.
    screen.key("h", "Escape", "Escape")
    screen.see("ask")
    screen.key("Escape")
    screen.see("station")
    screen.key("Escape")
    screen.see("ask")
    screen.key("Tab", "Return")
    screen.see("menu")


def test_the_field_guide_is_searched_with_the_keyboard_and_leads_to_a_level(
    screen: Screen,
) -> None:
    screen.see("menu")
    screen.key("Down", "Down", "Down", "Return")
    screen.see("field-guide")
    screen.type("empty lot")
    screen.key("Right", "Return")
    screen.see("briefing")
    screen.key("Escape")
    screen.see("field-guide")
    screen.key("Escape", "Escape")
    screen.see("menu")


def test_the_field_guide_is_read_with_the_mouse(screen: Screen) -> None:
    screen.see("menu")
    screen.click(*GUIDE)
    screen.see("field-guide")
    screen.click(100, 189)
    screen.click(1100, 410)
    screen.see("briefing")
    screen.key("Escape")
    screen.see("field-guide")
    screen.click(180, 674)
    screen.see("menu")
    screen.click(*QUIT)
    assert screen.ended() == 0


def test_settings_are_there_after_a_restart(tmp_path: Path) -> None:
    first = Screen(tmp_path)
    try:
        first.see("menu")
        first.key("Down", "Down", "Down", "Down", "Return")
        first.see("settings")
        first.key("Tab", "Tab", "Tab", "Tab", "Tab", "Return")
        wait_until(lambda: first.settings().get("theme") == "dark", "the dark theme")
        first.click(740, 118)
        first.click(400, 367)
        first.key("p")
        wait_until(lambda: first.settings().get("keys") == {"pause": "p"}, "the new key")
        first.click(440, 118)
        first.click(660, 202)
        wait_until(lambda: first.settings().get("volume") == 6, "the volume")
        first.key("Escape")
        first.see("menu")
        first.click(*QUIT)
        assert first.ended() == 0
    finally:
        first.close()
    second = Screen(tmp_path)
    try:
        second.see("menu")
        second.click(*SETTINGS)
        second.see("settings")
        second.key("F12")
        wait_until(lambda: len(list((tmp_path / "pictures").glob("*.png"))) == 1, "a picture")
        assert second.settings()["volume"] == 6
    finally:
        second.close()
    (picture,) = (tmp_path / "pictures").glob("*.png")
    assert pygame.image.load(str(picture)).get_at((5, 5))[:3] == THEMES["dark"].paper
