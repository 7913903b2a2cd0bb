"""From the Versus menu into a match against a bot with one choice, and back out of it."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from game.cli.practice import open_practice
from game.client.doors import Doors
from game.client.online import Online
from game.client.play import Game
from game.client.scenes.lobby import LobbyScene
from game.client.scenes.versus import DefenderScene, run_scene
from game.paths import HOME_VARIABLE
from game.protocol.link import memory_link
from tests.client.matches import real_catalogue
from tests.client.players import player
from tests.client.test_scenes import choose

WAIT_S = 20.0


def test_a_match_against_a_bot_is_one_choice_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    solo, _ = memory_link()
    doors = Doors(solo=lambda: solo, practise=open_practice)
    somebody = player(tmp_path, real_catalogue())
    somebody.online = Online(doors)
    game = Game(doors, somebody, run_scene, join="")
    pause = threading.Event()

    def until(happened: Callable[[], bool]) -> None:
        for step in range(int(WAIT_S / 0.01)):
            game.update(step * 0.01)
            if happened():
                return
            pause.wait(0.01)
        raise AssertionError("it never happened")

    lobby = game.stack.top
    assert isinstance(lobby, LobbyScene)
    choose(lobby, "strength")
    choose(lobby, "bot")
    until(lambda: isinstance(game.stack.top, DefenderScene))
    room = somebody.view.lobby.room
    assert room is not None and room.phase == "countdown"
    me, bot = room.players
    assert (me.team, me.bot, bot.team, bot.bot) == ("a", False, "b", True)
    assert bot.name == "hard bot", "the strength that was chosen"
    practice = somebody.online.practice
    assert practice is not None
    asked = game.stack.top._ask_to_leave()  # type: ignore[attr-defined]
    game.stack.apply(choose(asked.scene, "go"))
    until(lambda: somebody.online.state == "away")
    assert isinstance(game.stack.top, LobbyScene)
    game.close()
    assert practice.link.closed


def test_there_is_no_bot_to_play_where_no_server_can_be_opened(tmp_path: Path) -> None:
    somebody = player(tmp_path, real_catalogue())
    somebody.online = Online(Doors(solo=lambda: memory_link()[0]))
    ids = [spot.id for spot in LobbyScene(somebody).hotspots()]
    assert "bot" not in ids and "strength" not in ids
