"""A controller reaches everything: each scene's controls by d-pad, A chooses, B leads back."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pygame
import pytest

from game.client.focus import Focus
from game.client.pads import Pads
from game.client.player import Player
from game.client.scene import Push, Scene, Send
from game.protocol.messages import SetSpeed
from tests.client import test_scenes, test_together
from tests.client.events import button, key
from tests.client.players import player
from tests.client.station import fixtures
from tests.client.station.test_scene import Played

DPAD = (
    pygame.CONTROLLER_BUTTON_DPAD_UP,
    pygame.CONTROLLER_BUTTON_DPAD_DOWN,
    pygame.CONTROLLER_BUTTON_DPAD_LEFT,
    pygame.CONTROLLER_BUTTON_DPAD_RIGHT,
)


def page(name: str) -> Callable[[Path], Scene]:
    return lambda folder: test_scenes.scene_named(name, player(folder, stars=test_scenes.STARS))


def together(name: str) -> Callable[[Path], Scene]:
    return lambda folder: test_together.scene_named(name, folder)


def station(name: str, tab: str = "control") -> Callable[[Path], Scene]:
    def make(folder: Path) -> Scene:
        scene = Played(folder, fixtures.SCENES[name]()).scene
        scene.ui.tab = tab
        return scene

    return make


SCENES: dict[str, Callable[[Path], Scene]] = {
    **{name: page(name) for name in test_scenes.NAMES},
    **{name: together(name) for name in test_together.NAMES},
    **{f"station-{name}": station(name) for name in fixtures.SCENES},
    "station-console": station("two", "console"),
}


def reached(scene: Scene, focus: Focus) -> set[str]:
    """Everything that the d-pad leads to from where the focus stands at first."""
    seen: set[str] = set()
    frontier = [focus.id]
    while frontier:
        here = frontier.pop()
        for way in DPAD:
            focus.id = here
            scene.handle(button(way))
            if focus.id not in seen:
                seen.add(focus.id)
                frontier.append(focus.id)
    return seen


@pytest.mark.parametrize("name", SCENES)
def test_the_d_pad_reaches_every_control(name: str, tmp_path: Path) -> None:
    scene = SCENES[name](tmp_path)
    focus: Focus = scene._focus  # type: ignore[attr-defined]
    assert reached(scene, focus) >= {spot.id for spot in scene.hotspots()}


@pytest.mark.parametrize("name", SCENES)
def test_b_leads_back(name: str, tmp_path: Path) -> None:
    scene = SCENES[name](tmp_path)
    spots, tab = scene.hotspots(), getattr(getattr(scene, "ui", None), "tab", "")
    outcome = scene.handle(button(pygame.CONTROLLER_BUTTON_B))
    if name == "menu":
        assert outcome is None, "nobody leaves the game by accident: Quit is a way of its own"
        assert "nav-quit" in [spot.id for spot in spots]
    elif name in ("lobby", "lobby-results"):
        assert not somebody(scene).online.is_on, "the server was left"
    else:
        assert outcome is not None or scene.ui.tab != tab  # type: ignore[attr-defined]


def somebody(scene: Scene) -> Player:
    found: Player = scene._player  # type: ignore[attr-defined]
    return found


def test_start_pauses_a_run_and_chooses_in_a_menu(tmp_path: Path) -> None:
    run = Played(tmp_path, fixtures.two_platforms())
    assert run.scene.handle(button(pygame.CONTROLLER_BUTTON_START)) == Send(SetSpeed(0))
    scene = page("menu")(tmp_path)
    assert isinstance(scene.handle(button(pygame.CONTROLLER_BUTTON_START)), Push)


def event(kind: int, **fields: Any) -> pygame.event.Event:
    return pygame.event.Event(kind, instance_id=3, **fields)


def pushed(pads: Pads, made: pygame.event.Event, now_s: float = 0.0) -> list[int]:
    return [one.button for one in pads.take(made, now_s)]


def sideways(kind: str, share: float) -> pygame.event.Event:
    match kind:
        case "controller":
            return event(pygame.CONTROLLERAXISMOTION, axis=0, value=round(share * 32767))
        case "joystick":
            return event(pygame.JOYAXISMOTION, axis=0, value=share)
    return event(pygame.JOYHATMOTION, hat=0, value=(round(share), 0))


@pytest.mark.parametrize("kind", ["controller", "joystick", "hat"])
def test_a_stick_is_a_d_pad_and_repeats_while_it_is_held(kind: str) -> None:
    pads = Pads()
    right, left = pygame.CONTROLLER_BUTTON_DPAD_RIGHT, pygame.CONTROLLER_BUTTON_DPAD_LEFT
    assert pushed(pads, sideways(kind, 1.0)) == [right]
    assert pushed(pads, sideways(kind, 0.97)) == [], "it trembles"
    assert pads.again(0.3) == []
    assert [one.button for one in pads.again(0.45)] == [right]
    assert pads.again(0.46) == []
    assert pushed(pads, sideways(kind, 0.0), 0.5) == []
    assert pads.again(9.0) == []
    assert pushed(pads, sideways(kind, -1.0), 1.0) == [left]
    pads.forget(3)
    assert pads.again(9.0) == []


def test_a_pad_that_sdl_knows_is_not_heard_twice() -> None:
    pads = Pads()
    pressed = event(pygame.CONTROLLERBUTTONDOWN, button=pygame.CONTROLLER_BUTTON_B)
    twin = event(pygame.JOYBUTTONDOWN, button=1)
    assert pushed(pads, twin) == [pygame.CONTROLLER_BUTTON_B], "an unknown one has numbers"
    (up,) = pads.take(event(pygame.JOYBUTTONUP, button=1), 0.0)
    assert (up.type, up.button) == (pygame.CONTROLLERBUTTONUP, pygame.CONTROLLER_BUTTON_B)
    pads.knows(3)
    assert pushed(pads, pressed) == [pygame.CONTROLLER_BUTTON_B]
    assert pushed(pads, twin) == []
    assert pads.take(key(pygame.K_a), 0.0) != []
