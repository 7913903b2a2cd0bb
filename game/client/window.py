"""The window: its size, full screen, mouse places in design units, screenshots, controllers."""

import os
import time
import warnings
from pathlib import Path

import pygame
from pygame._sdl2 import controller

from game.client.canvas import Canvas
from game.client.pads import Pads
from game.client.settings import Settings
from game.client.stderr import quiet
from game.client.theme import THEMES
from game.paths import picture_folder

SIZE = (1280, 720)
SIZE_MIN = (1152, 648)
"""Smaller, captions would fall below 11 px; only a screen that is smaller itself makes it so."""
TITLE = "Station 443"

HEADLESS_DRIVERS = ("offscreen", "dummy")
"""Drivers that SDL takes silently when there is no display."""


class NoDisplay(Exception):
    """There is nothing to open a window on."""


class Window:
    """The one window of the game.

    Raises:
        NoDisplay: SDL found no display, and nobody asked for a driver that needs none.
    """

    def __init__(self, settings: Settings) -> None:
        try:
            self._full_screen = settings.full_screen
            self._scene = ""
            with quiet():
                pygame.display.init()
                pygame.display.set_caption(TITLE)
                self._open(SIZE)
        except pygame.error as error:
            raise NoDisplay(str(error)) from error
        if pygame.display.get_driver() in HEADLESS_DRIVERS and not _driver_was_asked_for():
            pygame.display.quit()
            raise NoDisplay("SDL found no display")
        self._controllers: dict[int, controller.Controller] = {}
        self._joysticks: dict[int, pygame.joystick.JoystickType] = {}
        self._pads = Pads()
        controller.init()
        pygame.joystick.init()
        self._dress(settings)

    def _open(self, size: tuple[int, int]) -> None:
        if self._full_screen:
            self._surface = pygame.display.set_mode((0, 0), pygame.FULLSCREEN)
        else:
            self._surface = pygame.display.set_mode(size, pygame.RESIZABLE)
            _bound_below()

    def _dress(self, settings: Settings) -> None:
        self._canvas = Canvas(
            self._surface,
            THEMES[settings.theme],
            lang=settings.lang,
            text_delta=settings.text_delta,
        )
        self._dressed_for = (settings, self._surface.get_size())

    def title(self, scene: str) -> None:
        """Say in the title bar which scene is on."""
        if scene != self._scene:
            self._scene = scene
            pygame.display.set_caption(f"{TITLE} - {scene}")

    def canvas(self, settings: Settings) -> Canvas:
        """What to draw on now, after any change of settings or size."""
        if settings.full_screen != self._full_screen:
            self._full_screen = settings.full_screen
            self._open(SIZE)
        self._surface = pygame.display.get_surface() or self._surface
        before, size = self._dressed_for
        if size != self._surface.get_size():
            self._dress(settings)
        elif before != settings:
            theme = THEMES[settings.theme]
            self._canvas = self._canvas.dressed(theme, settings.lang, settings.text_delta)
            self._dressed_for = (settings, size)
        return self._canvas

    def in_design_units(self, event: pygame.event.Event) -> pygame.event.Event:
        """The same event; a mouse place in px becomes one in design units."""
        if not hasattr(event, "pos"):
            return event
        return pygame.event.Event(event.type, {**event.dict, "pos": self._canvas.point(event.pos)})

    def buttons(self, event: pygame.event.Event, now_s: float) -> list[pygame.event.Event]:
        """An event, or for controllers and joysticks the buttons that it means.

        Listens to whatever was plugged in, and forgets what was pulled.
        """
        if event.type == pygame.CONTROLLERDEVICEADDED:
            pad = controller.Controller(event.device_index)
            self._controllers[pad.id] = pad
            self._pads.knows(pad.id)
        elif event.type == pygame.JOYDEVICEADDED:
            if not controller.is_controller(event.device_index):
                stick = pygame.joystick.Joystick(event.device_index)
                self._joysticks[stick.get_instance_id()] = stick
        elif event.type in (pygame.CONTROLLERDEVICEREMOVED, pygame.JOYDEVICEREMOVED):
            self._controllers.pop(event.instance_id, None)
            self._joysticks.pop(event.instance_id, None)
            self._pads.forget(event.instance_id)
        return self._pads.take(event, now_s)

    def held_buttons(self, now_s: float) -> list[pygame.event.Event]:
        """Directions that are held, pressed again."""
        return self._pads.again(now_s)

    def save_picture(self, folder: Path | None = None) -> Path | None:
        """Keep what is seen as a PNG; None when it cannot be written."""
        folder = folder or picture_folder()
        path = folder / time.strftime("station443-%Y%m%d-%H%M%S.png")
        try:
            folder.mkdir(parents=True, exist_ok=True)
            pygame.image.save(self._surface, str(path))
        except (OSError, pygame.error):
            return None
        return path

    def close(self) -> None:
        """Give the screen back."""
        self._controllers.clear()
        self._joysticks.clear()
        controller.quit()
        pygame.joystick.quit()
        pygame.display.quit()


def _bound_below() -> None:
    """Let nobody make the window smaller than texts can be."""
    with warnings.catch_warnings():
        # The way from `pygame.display` to its window is to go one day; no other sets a bound.
        warnings.simplefilter("ignore", DeprecationWarning)
        window = getattr(pygame.Window, "from_display_module", lambda: None)()
    if window is not None:
        window.minimum_size = SIZE_MIN


def _driver_was_asked_for() -> bool:
    return bool(os.environ.get("SDL_VIDEODRIVER") or os.environ.get("SDL_VIDEO_DRIVER"))
