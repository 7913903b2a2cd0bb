"""The game in its window: one loop at 60 frames a second, the only one that takes events."""

import secrets
import sys
import time
from collections.abc import Callable

import pygame

from game.client import crash
from game.client.canvas import Canvas
from game.client.game_view import GameView
from game.client.keys import Action, Group
from game.client.mixer import Mixer
from game.client.online import Online
from game.client.play import Doors, Game
from game.client.player import Player
from game.client.progress import Progress
from game.client.scene import Scene
from game.client.scenes.versus import run_scene
from game.client.settings import SettingsStore
from game.client.window import NoDisplay, Window
from game.text.phrases import phrase

FRAMES_A_SECOND = 60
TOAST_S = 4.0
SEED_MAX = 1_000_000
"""Seeds are short enough to be told to somebody else."""


class App:
    """The window and its loop.

    Args:
        station, level, seed, join, password: as for `Game`.
        clock_s: the wall clock.
        mixer: the sound card, None for silence.
    """

    def __init__(
        self,
        doors: Doors,
        player: Player,
        station: Callable[[Player], Scene],
        level: str | None = None,
        seed: int | None = None,
        clock_s: Callable[[], float] = time.monotonic,
        mixer: Mixer | None = None,
        join: str | None = None,
        password: str = "",
    ) -> None:
        self._player = player
        self._window = Window(player.settings.now)
        self._frame_done = doors.frame_done
        self._mixer = mixer
        self._game = Game(doors, player, station, level, seed, mixer, join, password)
        self._clock_s = clock_s
        self._leaving = False
        self._toast = ""
        self._toast_until_s = 0.0

    def run(self) -> None:
        """Play until the player leaves."""
        beat = pygame.time.Clock()
        try:
            while not self._leaving and not self._game.stack.finished:
                self.frame()
                beat.tick(FRAMES_A_SECOND)
        finally:
            self._game.close()
            if self._mixer is not None:
                self._mixer.close()
            self._window.close()

    def frame(self) -> None:
        """One frame: events, host, scene, picture."""
        now_s = self._clock_s()
        for event in pygame.event.get():
            for one in self._window.buttons(event, now_s):
                self._take(one)
        for one in self._window.held_buttons(now_s):
            self._take(one)
        self._game.update(now_s)
        ready = self._player.view.catalogue is not None
        self._window.title(self._game.stack.top.name if ready else "opening")
        canvas = self._window.canvas(self._player.settings.now)
        canvas.next_frame()
        self._game.stack.top.draw(canvas)
        self._draw_toast(canvas, now_s)
        pygame.display.flip()
        self._frame_done.set()
        if not self._game.is_open:
            # The menu is on the screen already; levels may take a moment to load.
            self._game.open()

    def _take(self, event: pygame.event.Event) -> None:
        if event.type == pygame.QUIT:
            self._leaving = True
            return
        action = None
        if event.type == pygame.KEYDOWN and not self._game.wants_every_key:
            action = self._player.keys.action(event.key, Group.WINDOW)
        if action is Action.FULL_SCREEN:
            self._player.settings.toggle_full_screen()
        elif action is Action.PICTURE:
            self._save_picture()
        else:
            self._game.handle(self._window.in_design_units(event))

    def _save_picture(self) -> None:
        path = self._window.save_picture()
        if path is not None:
            self._toast = phrase(self._player.lang, "toast_picture", file=str(path))
            self._toast_until_s = self._clock_s() + TOAST_S

    def _draw_toast(self, canvas: Canvas, now_s: float) -> None:
        if now_s >= self._toast_until_s:
            return
        theme = canvas.theme
        text = canvas.shortened(self._toast, "body", 900)
        width = canvas.measure(text, "body") + 32
        canvas.box(640 - width / 2, 16, width, 32, theme.board, radius=4)
        canvas.text(640, 37, text, "body", theme.flaptext, "center")


def new_seed() -> int:
    """A fresh seed for a run."""
    return secrets.randbelow(SEED_MAX)


def run(
    doors: Doors,
    level: str | None = None,
    seed: int | None = None,
    join: str | None = None,
    password: str = "",
) -> int:
    """Play in a window until the player leaves; returns the exit code.

    Args:
        level: id or number of the level to begin at once, None for the menu.
        seed: of that level's run, None for a fresh one.
        join: a server to join at once, "" for the games on the LAN, None for neither.
        password: of the server to join.
    """
    settings = SettingsStore()
    player = Player(GameView(), settings, Progress(), new_seed, Online(doors))
    lang = settings.now.lang
    try:
        App(
            doors, player, run_scene, level, seed, mixer=Mixer(), join=join, password=password
        ).run()
    except NoDisplay:
        return _fail(phrase(lang, "no_display"))
    except Exception as error:
        return _fail(crash.report(error, lang))
    return 0


def _fail(sentence: str) -> int:
    sys.stderr.write(sentence + "\n")
    return 1
