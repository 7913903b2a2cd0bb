"""Two real windows play a match against each other through a real server."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.server.test_serve import Server
from tests.window.screen import Screen, needs_screen, wait_until

pytestmark = [needs_screen, pytest.mark.slow, pytest.mark.loopback]

LEVEL = (1100, 202)
FIRST_ROOM = (300, 176)
READY = (380, 668)
QUIT = (210, 578)
FILTER_MORE = (723, 590)
SECOND_CARD = (985, 560)
PLAY = (1170, 686)
CHAT = (700, 87)


def named(folder: Path, name: str) -> Path:
    folder.mkdir()
    (folder / "settings.json").write_text(json.dumps({"name": name}))
    return folder


@pytest.fixture
def windows(tmp_path: Path) -> Iterator[tuple[Screen, Screen]]:
    with ExitStack() as ending:
        server = Server(tmp_path, "--no-announce", seconds=15)
        ending.callback(server.stop)
        address = server.address.removeprefix("ws://")
        mei = Screen(named(tmp_path / "mei", "Mei"), "join", address)
        ending.callback(mei.close)
        jonas = Screen(named(tmp_path / "jonas", "Jonas"), "join", address)
        ending.callback(jonas.close)
        yield mei, jonas


def pictures(screen: Screen, count: int) -> None:
    screen.key("F12")
    folder = screen.home / "pictures"
    wait_until(lambda: len(list(folder.glob("*.png"))) >= count, "a picture")


def test_two_windows_play_a_match(windows: tuple[Screen, Screen]) -> None:
    mei, jonas = windows
    mei.see("lobby")
    jonas.see("lobby")
    mei.click(*LEVEL)
    mei.key("Tab", "Return")
    mei.see("room")
    jonas.until_click(FIRST_ROOM, "room")
    jonas.click(*READY)
    # Refused until the other is ready: then it is said, and asked for again.
    mei.until_key("Return", "versus-defender")
    jonas.see("versus-attacker")
    jonas.key("1")
    jonas.click(*SECOND_CARD)
    jonas.click(*PLAY)
    mei.click(*FILTER_MORE)
    mei.key("t")
    mei.type("good luck")
    mei.key("Return")
    pictures(mei, 1)
    pictures(jonas, 1)
    mei.see("versus-attacker")
    jonas.see("versus-defender")
    mei.key("2")
    mei.see("versus-results")
    jonas.see("versus-results")
    pictures(mei, 2)
    jonas.key("Return")
    jonas.see("room")
    jonas.key("Escape")
    jonas.see("lobby")
    jonas.key("Escape", "Escape")
    jonas.see("menu")
    jonas.click(*QUIT)
    assert jonas.ended() == 0
