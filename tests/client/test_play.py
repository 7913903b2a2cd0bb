"""From the menu to a run and back, with a host that only pretends."""

from pathlib import Path

import pygame
import pytest

from game.client.canvas import Canvas
from game.client.play import Doors, Game
from game.client.player import Player
from game.client.scene import Hotspot, Outcome, Pop
from game.client.scene_stack import SceneStack
from game.client.scenes.debrief import DebriefScene
from game.client.scenes.menu import MenuScene
from game.client.scenes.notice import NoticeScene
from game.client.scenes.replay import ReplayScene
from game.protocol.messages import Ack, Goodbye, Hello, Leave, Refused, StartLevel
from tests.client.catalogues import three
from tests.client.events import key
from tests.client.fake_host import FakeHost
from tests.client.players import player
from tests.client.runs import result


class Station:
    """A stand-in for the scene of a run; Escape leaves it."""

    name = "station"

    def handle(self, event: pygame.event.Event) -> Outcome:
        return Pop() if event.type == pygame.KEYDOWN and event.key == pygame.K_ESCAPE else None

    def update(self, wall_s: float) -> Outcome:
        return None

    def draw(self, canvas: Canvas) -> None:
        canvas.clear()

    def hotspots(self) -> list[Hotspot]:
        return []


class Table:
    """A game, its host, and a clock that a test turns."""

    def __init__(self, folder: Path, level: str | None = None, seed: int | None = None) -> None:
        self.host = FakeHost(three())
        self.player: Player = player(folder, three())
        self.player.view.catalogue = None
        doors = Doors(solo=lambda: self.host.link)
        self.game = Game(doors, self.player, lambda _: Station(), level, seed)
        self.wall_s = 0.0

    def turn(self, frames: int = 4) -> None:
        for _ in range(frames):
            if not self.game.is_open:
                self.game.open()
            self.wall_s += 0.05
            self.host.step()
            self.game.update(self.wall_s)

    def press(self, *codes: int) -> None:
        for code in codes:
            self.game.handle(key(code))

    @property
    def top(self) -> object:
        return self.game.stack.top

    def shows(self, kind: type) -> bool:
        return isinstance(self.top, kind)


def test_the_first_message_is_a_greeting(tmp_path: Path) -> None:
    table = Table(tmp_path)
    table.turn()
    assert isinstance(table.host.heard[0], Hello)
    assert table.player.view.catalogue == three()


def test_from_the_menu_into_a_run_and_out_again(tmp_path: Path) -> None:
    table = Table(tmp_path)
    table.turn()
    table.press(pygame.K_RETURN, pygame.K_RETURN)
    table.turn()
    assert StartLevel("level-1", 1) in table.host.heard
    assert table.shows(Station)
    assert len(table.game.stack.scenes) == 2, "back leads to the menu, not to the briefing"
    assert any(isinstance(message, Ack) for message in table.host.heard)
    table.press(pygame.K_ESCAPE)
    table.turn()
    assert table.shows(MenuScene)
    assert table.host.heard.count(Leave()) == 1


def test_a_result_is_kept_and_shown(tmp_path: Path) -> None:
    table = Table(tmp_path, level="1", seed=9)
    table.turn()
    table.host.send(result("level-1", stars=2))
    table.turn()
    assert table.shows(DebriefScene)
    assert table.player.stars()["level-1"] == 2
    assert Leave() not in table.host.heard, "the run was over by itself"
    table.turn()
    assert table.shows(DebriefScene), "and is shown once"
    table.press(pygame.K_ESCAPE)
    table.turn()
    assert table.shows(MenuScene)


@pytest.mark.parametrize("level", ["level-2", "2"])
def test_a_level_can_be_asked_for_by_id_or_number(tmp_path: Path, level: str) -> None:
    table = Table(tmp_path, level, seed=9)
    table.turn()
    assert StartLevel("level-2", 9) in table.host.heard
    assert table.shows(Station)


def test_a_level_that_does_not_exist_is_said(tmp_path: Path) -> None:
    table = Table(tmp_path, "nowhere")
    table.turn()
    assert table.shows(NoticeScene)
    table.press(pygame.K_RETURN)
    table.turn()
    assert table.shows(MenuScene)


def test_a_refusal_outside_a_run_is_said_once(tmp_path: Path) -> None:
    table = Table(tmp_path)
    table.turn()
    table.host.send(Refused(0, "no_level", {"level": "x"}))
    table.turn()
    assert table.shows(NoticeScene)
    table.press(pygame.K_ESCAPE)
    table.turn()
    assert table.shows(MenuScene)


def test_in_a_run_refusals_are_the_stations_business(tmp_path: Path) -> None:
    table = Table(tmp_path, "1")
    table.turn()
    table.host.send(Refused(3, "budget", {"cost": 2, "left": 1}))
    table.turn()
    assert table.shows(Station)


def test_a_host_that_goes_leads_back_to_the_menu(tmp_path: Path) -> None:
    table = Table(tmp_path, "1")
    table.turn()
    table.host.send(Goodbye("closing", {}))
    table.host.hang_up()
    table.turn()
    assert table.shows(NoticeScene)
    assert len(table.game.stack.scenes) == 2
    table.press(pygame.K_RETURN)
    table.turn()
    assert table.shows(MenuScene)


def test_bytes_that_are_no_message_do_no_harm(tmp_path: Path) -> None:
    table = Table(tmp_path)
    table.turn()
    table.host.send_bytes(b"\xc1 nonsense")
    table.host.send(result("level-1"))
    table.turn()
    assert table.shows(MenuScene)


def test_a_broken_file_is_told_after_the_start(tmp_path: Path) -> None:
    (tmp_path / "progress.json").write_text("{broken")
    table = Table(tmp_path)
    table.turn()
    assert table.shows(NoticeScene)


def test_the_first_scene_cannot_be_popped_away() -> None:
    stack = SceneStack(Station())
    with pytest.raises(AssertionError):
        stack.apply(Pop())


def test_the_replay_of_a_run_can_be_watched(tmp_path: Path) -> None:
    table = Table(tmp_path, "1")
    table.turn(30)
    table.host.send(result("level-1"))
    table.turn()
    table.press(pygame.K_TAB, pygame.K_TAB, pygame.K_RETURN)
    assert table.shows(ReplayScene)
    heard = len(table.host.heard)
    table.turn()
    assert len(table.host.heard) == heard, "the host has no part in it"
    table.press(pygame.K_ESCAPE)
    table.turn()
    assert table.shows(DebriefScene)
