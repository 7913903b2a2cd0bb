"""A replay is the station scene with the past as its host."""

from pathlib import Path

import pygame
import pytest

from game.client.canvas import Canvas
from game.client.game_view import Run
from game.client.player import Player
from game.client.scene import Hotspot, Outcome, Pop, Quit, Send
from game.client.scenes.replay import ReplayScene
from game.protocol.messages import Call, SetSpeed, Started, StartLevel, Step
from tests.client.events import click, key
from tests.client.players import player
from tests.client.runs import snapshot

ANSWERS: dict[int, Outcome] = {
    pygame.K_SPACE: Send(SetSpeed(0)),
    pygame.K_5: Send(SetSpeed(16)),
    pygame.K_PERIOD: Send(Step()),
    pygame.K_r: Send(StartLevel("level-1", 1)),
    pygame.K_l: Send(Call(7, "listen", 16)),
    pygame.K_ESCAPE: (Send(Step()), Pop()),
}


class Station:
    """Says what keys mean, and shows what it knows."""

    name = "station"

    def __init__(self, somebody: Player) -> None:
        self.player = somebody

    def handle(self, event: pygame.event.Event) -> Outcome:
        return ANSWERS.get(event.key) if event.type == pygame.KEYDOWN else None

    def update(self, wall_s: float) -> Outcome:
        return None

    def draw(self, canvas: Canvas) -> None:
        canvas.clear()

    def hotspots(self) -> list[Hotspot]:
        return []


class Watching:
    """A replay of ten seconds and the station in it."""

    def __init__(self, folder: Path) -> None:
        somebody = player(folder)
        somebody.view.take(Started("level-1", 1, recorded=False), 0.0)
        run = Run()
        for tick in range(201):
            run.add(snapshot(tick))
        self.stations: list[Station] = []
        self.scene = ReplayScene(somebody, run, self._make)
        self.scene.update(0.0)

    def _make(self, somebody: Player) -> Station:
        self.stations.append(Station(somebody))
        return self.stations[-1]

    @property
    def tick(self) -> int:
        newest = self.stations[-1].player.view.snapshot
        assert newest is not None
        return newest.tick


@pytest.fixture
def watching(tmp_path: Path) -> Watching:
    return Watching(tmp_path)


def test_it_begins_at_the_start_and_follows_the_clock(watching: Watching) -> None:
    assert watching.tick == 0
    watching.scene.update(1.0)
    assert watching.tick == 20
    watching.scene.update(99.0)
    assert watching.tick == 200, "and stays at the end"
    started = watching.stations[-1].player.view.started
    assert started is not None
    assert started.recorded


def test_pace_and_pause_are_its_own(watching: Watching) -> None:
    watching.scene.handle(key(pygame.K_5))
    watching.scene.update(1.0)
    assert watching.tick == 80
    assert watching.scene.handle(key(pygame.K_SPACE)) is None
    watching.scene.update(5.0)
    assert watching.tick == 80
    watching.scene.handle(key(pygame.K_PERIOD))
    assert watching.tick == 81


def test_any_moment_can_be_gone_to(watching: Watching) -> None:
    watching.scene.handle(key(pygame.K_END))
    assert watching.tick == 200
    watching.scene.handle(key(pygame.K_HOME))
    assert watching.tick == 0
    watching.scene.update(6.0)
    watching.scene.handle(key(pygame.K_PAGEUP))
    assert watching.tick == 0, "not before the start"
    middle = 24 + 1232 * 5 / 120
    watching.scene.handle(click(middle, 80)[1])
    assert watching.tick == 100, "five seconds of a level of 120"


def test_running_again_is_watching_again(watching: Watching) -> None:
    watching.scene.update(3.0)
    watching.scene.handle(key(pygame.K_r))
    assert watching.tick == 0


def test_the_past_cannot_be_changed(watching: Watching) -> None:
    assert watching.scene.handle(key(pygame.K_l)) is None
    refused = watching.stations[-1].player.view.refusals
    assert [(one.seq, one.code) for one in refused] == [(7, "recorded")]


def test_only_leaving_goes_further(watching: Watching) -> None:
    assert watching.scene.handle(key(pygame.K_ESCAPE)) == Pop()
    ANSWERS[pygame.K_q] = Quit()
    assert watching.scene.handle(key(pygame.K_q)) is None


def test_an_empty_run_shows_an_empty_station(tmp_path: Path) -> None:
    somebody = player(tmp_path)
    somebody.view.take(Started("level-1", 1, recorded=False), 0.0)
    scene = ReplayScene(somebody, Run(), Station)
    scene.update(1.0)
    assert scene.hotspots() == []
