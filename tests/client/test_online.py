"""Connecting while frames go on, being cancelled, and coming back after a broken line."""

import threading
from collections.abc import Callable
from pathlib import Path

import pygame
import pytest

from game.client.doors import Doors, Hosted
from game.client.errand import Errand
from game.client.net import NoServer
from game.client.online import REJOIN_FOR_S, Online
from game.client.play import Game
from game.client.player import Player
from game.client.scenes.lobby import LobbyScene
from game.client.scenes.menu import MenuScene
from game.client.scenes.notice import NoticeScene
from game.client.scenes.results import ResultsScene
from game.client.scenes.room import RoomScene
from game.client.scenes.versus import AttackerScene, run_scene
from game.protocol.codec import decode_from_client, encode
from game.protocol.link import MemoryLink, memory_link
from game.protocol.lobby import LeftRoom, ListRooms, Rejoin, Seated
from game.protocol.messages import (
    ClientMessage,
    Goodbye,
    Hello,
    Refused,
    ServerMessage,
    Started,
    Welcome,
)
from tests.client.events import click, key
from tests.client.matches import attack_view, match_result, real_catalogue, room_state, rooms
from tests.client.players import player


class FakeServer:
    """A server that says what a test tells it to."""

    def __init__(self) -> None:
        self.links: list[MemoryLink] = []
        self.refuses = ""
        self.gate = threading.Event()
        self.gate.set()

    def join(self, address: str) -> MemoryLink:
        self.gate.wait()
        if self.refuses:
            raise NoServer(self.refuses, address, "why")
        mine, theirs = memory_link()
        self.links.append(theirs)
        return mine

    def say(self, *messages: ServerMessage) -> None:
        for message in messages:
            self.links[-1].send(encode(message))

    def heard(self) -> list[ClientMessage]:
        found = []
        while (data := self.links[-1].receive()) is not None:
            found.append(decode_from_client(data))
        return found


class Desk:
    """A player, a game, a server, and a clock that a test turns."""

    def __init__(self, folder: Path, join: str | None = "there", password: str = "") -> None:
        self.server = FakeServer()
        self.solo, self.solo_host = memory_link()
        doors = Doors(solo=lambda: self.solo, join=self.server.join)
        self.player: Player = player(folder, real_catalogue())
        self.player.online = Online(doors)
        self.game = Game(doors, self.player, run_scene, join=join, password=password)
        self.wall_s = 0.0

    def turn(self, seconds: float = 0.1) -> None:
        self.wall_s += seconds
        self.game.update(self.wall_s)

    def until(self, happened: Callable[[], bool]) -> None:
        """Frames until a thread has come as far; the clock stands still."""
        for _ in range(5000):
            self.turn(0.0)
            if happened():
                return
            errand = self.player.online._joining
            if errand is not None:
                errand.wait(0.01)
        raise AssertionError("it never happened")

    def join(self) -> None:
        self.until(lambda: self.player.online.is_on)
        self.server.say(Welcome(1, "test", []), real_catalogue(), rooms(2))
        self.turn()

    def sit(self) -> None:
        self.join()
        self.server.say(Seated("WXYZ", 2, "token 1"), room_state())
        self.turn()

    def shows(self, kind: type) -> bool:
        return isinstance(self.game.stack.top, kind)

    @property
    def state(self) -> str:
        return self.player.online.state


def test_connecting_takes_no_frame_and_can_be_cancelled(tmp_path: Path) -> None:
    desk = Desk(tmp_path, join="")
    desk.server.gate.clear()
    desk.player.online.connect("there", "Mei")
    desk.turn()
    assert desk.state == "connecting"
    assert desk.shows(LobbyScene)
    errand = desk.player.online._joining
    desk.game.handle(key(pygame.K_ESCAPE))
    assert desk.state == "away"
    desk.server.gate.set()
    assert errand is not None and errand.wait()
    desk.turn()
    assert desk.state == "away"
    assert desk.server.links[0].closed, "what came too late is hung up"


def test_a_server_that_is_not_there_is_said_in_words(tmp_path: Path) -> None:
    desk = Desk(tmp_path, join="")
    desk.server.refuses = "nobody_listens"
    desk.player.online.connect("there", "Mei")
    desk.until(lambda: desk.state == "away")
    assert "no game listens" in desk.player.online.trouble("en")
    assert desk.shows(LobbyScene)


def test_the_greeting_carries_the_name_and_the_password(tmp_path: Path) -> None:
    desk = Desk(tmp_path, join=None)
    desk.player.online.connect("there", "Mei", "open sesame")
    desk.until(lambda: desk.player.online.is_on)
    hello = desk.server.heard()[0]
    assert isinstance(hello, Hello)
    assert (hello.name, hello.password) == ("Mei", "open sesame")


def test_the_command_line_may_bring_the_password(tmp_path: Path) -> None:
    desk = Desk(tmp_path, password="open sesame")
    desk.until(lambda: desk.player.online.is_on)
    hello = desk.server.heard()[0]
    assert isinstance(hello, Hello)
    assert hello.password == "open sesame"


def test_a_wrong_password_leads_back_with_a_sentence(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.join()
    desk.server.say(Goodbye("wrong_password", {}))
    desk.server.links[-1].close()
    desk.turn()
    desk.turn()
    assert desk.state == "away"
    assert "password" in desk.player.online.trouble("en")
    assert desk.player.view is not desk.player.online.view, "the player's own host is there again"


def test_from_the_lobby_through_a_match_to_its_result_and_back(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.sit()
    assert desk.shows(RoomScene)
    desk.server.say(room_state(phase="running", half=1), Started("crossing", 1, False, "attacker"))
    desk.server.say(attack_view())
    desk.turn()
    assert desk.shows(AttackerScene)
    desk.server.say(match_result(over=False), room_state(phase="break", half=1))
    desk.turn()
    assert desk.shows(AttackerScene), "half-time is seen over the play"
    desk.server.say(match_result(), room_state(phase="results"))
    desk.turn()
    assert desk.shows(ResultsScene)
    desk.game.handle(key(pygame.K_ESCAPE))
    assert desk.shows(RoomScene)
    desk.server.say(LeftRoom("left"))
    desk.turn()
    assert desk.shows(LobbyScene)
    desk.game.handle(key(pygame.K_ESCAPE))
    desk.turn()
    desk.game.handle(key(pygame.K_ESCAPE))
    desk.turn()
    assert desk.shows(MenuScene)


def test_a_broken_line_comes_back_to_its_seat_by_itself(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.sit()
    desk.server.refuses = "no_answer"
    desk.server.links[-1].close()
    desk.turn()
    online = desk.player.online
    assert desk.state == "broken"
    assert desk.shows(RoomScene), "the scene stays"
    for _ in range(3):
        desk.turn(2.0)
        desk.until(lambda: online._joining is None or online._joining.done)
    assert desk.state == "broken"
    desk.server.refuses = ""
    desk.turn(2.0)
    desk.until(lambda: online.state == "on")
    heard = desk.server.heard()
    hello = heard[0]
    assert isinstance(hello, Hello)
    assert hello.level_set == real_catalogue().level_set, "the catalogue is not sent again"
    assert Rejoin("token 1") in heard


def test_a_seat_that_was_not_kept_leads_to_the_rooms(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.sit()
    desk.server.links[-1].close()
    desk.turn()
    desk.until(lambda: desk.state == "on")
    desk.server.say(Welcome(1, "test", []), rooms(1), Refused(0, "no_seat", {}))
    desk.turn()
    assert desk.player.view.lobby.seat is None
    assert desk.shows(NoticeScene)
    desk.game.handle(key(pygame.K_RETURN))
    desk.turn()
    assert desk.shows(LobbyScene)
    assert desk.player.online.is_on


def test_after_a_minute_it_gives_up(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.sit()
    desk.server.refuses = "no_answer"
    desk.server.links[-1].close()
    desk.turn()
    online = desk.player.online
    for _ in range(int(REJOIN_FOR_S / 2) + 2):
        desk.turn(2.0)
        desk.until(lambda: online._joining is None or online._joining.done)
    desk.turn(2.0)
    assert desk.state == "away"
    assert "did not come back" in online.trouble("en")
    assert desk.shows(LobbyScene)


def test_rooms_are_asked_for_while_the_lobby_is_open(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.join()
    desk.server.heard()
    for _ in range(4):
        desk.turn(1.0)
    assert 2 <= desk.server.heard().count(ListRooms()) <= 4


def test_hosting_ends_with_the_game(tmp_path: Path) -> None:
    closed: list[bool] = []
    mine, _ = memory_link()

    def host(name: str) -> Hosted:
        return Hosted(mine, "10.0.0.7:4430", name, "t", "", "", lambda: closed.append(True))

    online = Online(Doors(solo=lambda: mine, host=host))
    online.host("Mei", "Mei's station")
    assert online._hosting is not None and online._hosting.wait()
    online.pump(0.0)
    assert (online.state, online.address) == ("on", "10.0.0.7:4430")
    online.close()
    assert closed == [True]
    assert mine.closed


def test_an_errand_hands_its_error_over() -> None:
    def fail() -> int:
        raise ValueError("the points are frozen")

    errand = Errand(fail)
    assert errand.wait()
    with pytest.raises(ValueError, match="frozen"):
        errand.take()


def test_the_menu_leads_to_the_lobby_and_the_sandbox(tmp_path: Path) -> None:
    menu = MenuScene(player(tmp_path, real_catalogue()))
    for index, name in ((1, "lobby"), (2, "sandbox")):
        outcome = [menu.handle(event) for event in click(200, 230 + 68 * index)][-1]
        assert outcome.scene.name == name  # type: ignore[union-attr]
