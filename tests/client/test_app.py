"""The program around the scenes: its window, its sentences, its reports."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pygame
import pytest

from game.client import app, crash
from game.client.app import App
from game.client.play import Doors
from game.client.player import Player
from game.client.window import Window
from game.paths import HOME_VARIABLE
from tests.client.catalogues import three
from tests.client.events import click, key
from tests.client.fake_host import FakeHost
from tests.client.players import player
from tests.client.test_play import Station


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    yield tmp_path
    pygame.display.quit()


def application(home: Path, host: FakeHost) -> tuple[App, Player]:
    somebody = player(home, three())
    times = iter(range(10_000))
    made = App(
        Doors(solo=lambda: host.link),
        somebody,
        lambda _: Station(),
        clock_s=lambda: next(times) * 0.02,
    )
    return made, somebody


def test_the_host_is_opened_after_the_first_picture(home: Path) -> None:
    opened: list[bool] = []
    host = FakeHost(three())
    made, _ = application(home, host)
    made._game._doors = Doors(solo=lambda: opened.append(True) or host.link)  # type: ignore[func-returns-value]
    made.frame()
    assert opened == [True]
    assert pygame.display.get_surface() is not None
    made.frame()
    assert opened == [True]


def test_the_mouse_reaches_scenes_in_design_units(home: Path) -> None:
    host = FakeHost(three())
    made, _ = application(home, host)
    made.frame()
    pygame.display.set_mode((1920, 1080), pygame.RESIZABLE)
    made.frame()
    for event in click(200 * 1.5, 510 * 1.5):
        pygame.event.post(event)
    made.frame()
    assert type(made._game.stack.top).__name__ == "SettingsScene"


def test_settings_change_the_picture_at_once(home: Path) -> None:
    made, somebody = application(home, FakeHost(three()))
    made.frame()
    surface = pygame.display.get_surface()
    assert surface is not None
    before = surface.get_at((2, 2))
    somebody.settings.put(type(somebody.settings.now)(theme="dark"))
    made.frame()
    assert surface.get_at((2, 2)) != before


def test_f12_keeps_a_picture_and_f11_fills_the_screen(home: Path) -> None:
    made, somebody = application(home, FakeHost(three()))
    made.frame()
    pygame.event.post(key(pygame.K_F12))
    pygame.event.post(key(pygame.K_F11))
    made.frame()
    assert len(list((home / "pictures").glob("*.png"))) == 1
    assert somebody.settings.now.full_screen


def test_a_window_without_controllers_or_folder_still_works(home: Path) -> None:
    blocked = home / "file"
    blocked.write_text("")
    window = Window(player(home, three()).settings.now)
    assert window.save_picture(blocked / "folder") is None
    window.close()


def test_closing_the_window_ends_the_game(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    host = FakeHost(three())
    monkeypatch.setattr(pygame.event, "get", lambda: [pygame.event.Event(pygame.QUIT)])
    assert app.run(Doors(solo=lambda: host.link)) == 0
    assert host.link.closed


def test_a_crash_leaves_a_report_and_a_sentence(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken() -> FakeHost:
        raise RuntimeError("the points are frozen")

    assert app.run(Doors(solo=broken)) == 1  # type: ignore[arg-type]
    (report,) = (home / "log").glob("crash-*.txt")
    assert "the points are frozen" in report.read_text()
    said = capsys.readouterr().err
    assert str(report) in said
    assert "Traceback" not in said


def test_a_report_that_cannot_be_written_is_said(home: Path) -> None:
    blocked = home / "file"
    blocked.write_text("")
    sentence = crash.report(ValueError("why"), "en", blocked / "log")
    assert "ValueError: why" in sentence


def test_without_a_display_there_is_one_sentence(home: Path) -> None:
    """A process of its own: SDL reads its environment once."""
    env = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER", "SDL_VIDEO_DRIVER")
    }
    code = (
        "import sys; from game.client.app import run; from game.client.play import Doors; "
        "sys.exit(run(Doors(solo=lambda: None)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**env, "PYGAME_HIDE_SUPPORT_PROMPT": "1"},
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
        timeout=60,
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    for door in ("`serve`", "`lab`", "`shot`"):
        assert door in done.stderr
