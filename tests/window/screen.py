"""A virtual screen with the game on it, and hands to play it: Xvfb and xdotool.

Nothing here sleeps for a fixed time: every step waits until what it needs has happened.
"""

import itertools
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from game.paths import levels_dir

WAIT_S = 60.0
"""How long anything may take before the test gives up; the longest is a level at 8 times."""

needs_screen = pytest.mark.skipif(
    not (shutil.which("Xvfb") and shutil.which("xdotool")),
    reason="needs Xvfb and xdotool (apt-get install xvfb xdotool)",
)


class Screen:
    """A running game in a window of its own.

    Args:
        home: where it keeps progress and replays.
        arguments: of the command line, none for the menu.
    """

    def __init__(self, home: Path, *arguments: str) -> None:
        self.home = home
        read_end, write_end = os.pipe()
        self._server = subprocess.Popen(
            [
                "Xvfb",
                "-displayfd",
                str(write_end),
                "-screen",
                "0",
                "1280x720x24",
                "-nolisten",
                "tcp",
                # Else it begins anew whenever its last client leaves, which may be xdotool that
                # looks for a window, and cuts off a game that is just coming.
                "-noreset",
            ],
            pass_fds=[write_end],
            stderr=subprocess.DEVNULL,
        )
        os.close(write_end)
        with os.fdopen(read_end) as pipe:
            number = pipe.readline().strip()
        dropped = ("SDL_VIDEODRIVER", "SDL_VIDEO_DRIVER", "WAYLAND_DISPLAY")
        kept = {name: value for name, value in os.environ.items() if name not in dropped}
        self._environment = {
            **kept,
            "DISPLAY": f":{number}",
            "STATION443_HOME": str(home),
            "SDL_AUDIODRIVER": "dummy",
        }
        self._game = subprocess.Popen(
            [sys.executable, "-m", "game", *arguments],
            cwd=levels_dir().parent,
            env=self._environment,
            stderr=subprocess.PIPE,
            text=True,
        )

    def close(self) -> None:
        """End the game and the screen."""
        for process in (self._game, self._server):
            process.terminate()
            process.wait()
        assert self._game.stderr is not None
        self._game.stderr.close()

    def ended(self) -> int:
        """The exit code, once the game has ended by itself."""
        return self._game.wait(WAIT_S)

    def key(self, *keys: str) -> None:
        """Press keys, one after the other."""
        self._hand("key", "--delay", "40", *keys)

    def type(self, text: str) -> None:
        """Type a text."""
        self._hand("type", "--delay", "20", text)

    def click(self, x: int, y: int) -> None:
        """Click a point of the window."""
        self._hand("mousemove", "--sync", str(x), str(y), "click", "1")

    def see(self, scene: str) -> None:
        """Wait until the window shows this scene."""
        wait_until(lambda: self._title() == f"Station 443 - {scene}", f"scene {scene}", self._alive)

    def until_click(self, place: tuple[int, int], scene: str) -> None:
        """Click a place that something may appear at, until the window shows this scene."""
        self._until(lambda: self.click(*place), scene)

    def until_key(self, key: str, scene: str) -> None:
        """Press a key, again and again, until the window shows this scene."""
        self._until(lambda: self.key(key), scene)

    def _until(self, act: Callable[[], None], scene: str) -> None:
        title = f"Station 443 - {scene}"
        turns = itertools.count()

        def seen() -> bool:
            if self._title() == title:
                return True
            if next(turns) % 10 == 0:
                act()
            return False

        wait_until(seen, f"scene {scene}", self._alive)

    def progress(self) -> dict[str, int]:
        """Stars by level id, as the game has kept them."""
        file = self.home / "progress.json"
        if not file.exists():
            return {}
        (best,) = json.loads(file.read_text())["level_sets"].values()
        return {level: run.get("stars", 0) for level, run in best.items()}

    def settings(self) -> dict[str, object]:
        """What the game has kept of the settings."""
        file = self.home / "settings.json"
        kept: dict[str, object] = json.loads(file.read_text()) if file.exists() else {}
        return kept

    def commands(self) -> list[dict[str, object]]:
        """What the kept replay says was commanded."""
        (file,) = (self.home / "replays").glob("*.json")
        return [command for _, command in json.loads(file.read_text())["commands"]]

    def _hand(self, *arguments: str) -> None:
        subprocess.run(
            ["xdotool", *arguments], env=self._environment, check=True, capture_output=True
        )

    def _title(self) -> str:
        found = subprocess.run(
            ["xdotool", "search", "--class", "station443", "getwindowname"],
            env=self._environment,
            capture_output=True,
            text=True,
        )
        return found.stdout.strip()

    def _alive(self) -> bool:
        code = self._game.poll()
        if code is not None and self._game.stderr is not None:
            raise AssertionError(f"the game ended with {code}: {self._game.stderr.read()}")
        return True


def wait_until(
    happened: Callable[[], bool], what: str, alive: Callable[[], bool] = lambda: True
) -> None:
    """Return when something has happened; fail when it has not after `WAIT_S`."""
    pause = threading.Event()
    for _ in range(int(WAIT_S / 0.05)):
        if happened():
            return
        assert alive(), f"the game ended while waiting for {what}"
        pause.wait(0.05)
    raise AssertionError(f"{what} has not come after {WAIT_S:.0f} s")
