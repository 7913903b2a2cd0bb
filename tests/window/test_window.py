"""From the menu to the debrief in the real window, once with the keyboard, once with the mouse."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.window.screen import Screen, needs_screen, wait_until

pytestmark = [needs_screen, pytest.mark.slow]

CONTINUE = (210, 238)
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


def test_escape_leaves_the_game(screen: Screen) -> None:
    screen.see("menu")
    screen.key("Escape")
    assert screen.ended() == 0
