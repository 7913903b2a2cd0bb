"""The scenes of a match for `shot`: a server without a network, two seeded bots, one onlooker."""

import argparse
import itertools
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from game import __version__
from game.cli.errors import UserError
from game.cli.shelf import all_arenas, shipped_levels
from game.level.schema import Level
from game.protocol.link import memory_link
from game.protocol.lobby import (
    Chat,
    CreateRoom,
    ListRooms,
    Seated,
    SetBots,
    StartMatch,
    TakeSide,
)
from game.protocol.messages import ClientMessage
from game.protocol.teacher import TeacherLogin
from game.server.lobby import Lobby
from game.server.match_room import MatchRoom
from game.session.rates import TICKS_PER_S

if TYPE_CHECKING:
    from game.client.player import Player
    from game.client.scene import Scene

TODAY = "2025-01-31 10:00:00"
TOKEN = "token"
ADDRESS = "192.168.1.20:4430"
PING_MS = 18
TEAMS = {"a": "Mei", "b": "Jonas"}
OTHER_ROOMS = (("Friday", "Ada", "Bob"), ("Back row", "Lin", "Tom"))
CLASS_S = 40.0
SEATS = {
    "versus-results": "b",
    "versus-countdown": "a",
    "versus-defender": "a",
    "versus-attacker": "b",
    "versus-break": "b",
}
"""Scenes that are seen as the player of a team sees them; the others as a spectator does."""

UNTIL = {"versus-countdown": "countdown", "versus-break": "break"}
"""Scenes of what is not play."""


class MatchStage:
    """A server on which a match is played up to a moment.

    Args:
        level: an arena.
        folder: for files of the onlooker.
    """

    def __init__(self, level: Level, options: argparse.Namespace, folder: Path) -> None:
        from game.client.game_view import GameView
        from game.client.host_line import HostLine
        from game.client.online import Online
        from game.client.player import Player
        from game.client.progress import Progress
        from game.client.settings import Settings, SettingsStore

        if level.arena is None or level.arena.free:
            raise UserError(f"{options.scene} needs an arena for attack and defence.")
        self._level = level
        self._options = options
        codes = (f"RAI{letter}" for letter in "LNDTSABCEFGHJK")
        seeds = itertools.count(options.seed)
        others = [one for one in (*shipped_levels(), *all_arenas()) if one.id != level.id]
        self._lobby = Lobby(
            [*others, level],
            name="Grace's station",
            build=__version__,
            teacher_token=TOKEN,
            new_code=lambda: next(codes),
            new_token=lambda: TOKEN,
            new_seed=lambda: next(seeds),
            today=lambda: TODAY,
        )
        mine, theirs = memory_link()
        self._lobby.join(theirs, "127.0.0.1")
        view = GameView()
        self._line = HostLine(mine, view, __version__, "Grace")
        settings = SettingsStore(folder)
        settings.now = Settings(theme=options.theme, lang=options.lang, name="Grace")
        online = Online()
        online.state, online.view, online.address = "on", view, ADDRESS
        progress = Progress(folder)
        self._player = Player(view, settings, progress, lambda: options.seed, online)
        self._wall_s = 0.0
        self._beat(2)

    def scene(self, name: str) -> "Scene":
        """The scene, ready to be drawn."""
        from game.client.scenes.lobby import LobbyScene
        from game.client.scenes.results import ResultsScene
        from game.client.scenes.room import RoomScene
        from game.client.scenes.teacher import TeacherScene
        from game.client.scenes.versus import AttackerScene, DefenderScene, SpectatorScene

        view = self._player.view
        seconds = self._level.seconds
        at_s = self._options.at if self._options.at is not None else seconds / 2
        if name in ("lobby", "teacher"):
            for title, one, other in OTHER_ROOMS:
                self._class_room(title, one, other)
            self._beat(int((self._options.at or CLASS_S) * TICKS_PER_S))
            self._say(ListRooms(), TeacherLogin(TOKEN))
            self._beat(2)
            scene: Scene = LobbyScene(self._player)
            if name == "teacher":
                scene = TeacherScene(self._player)
            view.lobby.ping_ms = PING_MS
            scene.update(self._wall_s)
            return scene
        self._say(CreateRoom("Grace's room", "versus", self._level.id))
        self._beat(2)
        room = next(iter(self._lobby.rooms.values()))
        self._seat_bots(room)
        if name == "room":
            view.lobby.ping_ms = PING_MS
            return RoomScene(self._player)
        self._say(StartMatch())
        self._beat(2)
        make: dict[str, Callable[[Player], Scene]] = {
            "versus-countdown": DefenderScene,
            "versus-defender": DefenderScene,
            "versus-attacker": AttackerScene,
            "versus-break": SpectatorScene,
            "spectator": SpectatorScene,
        }
        played = make[name](self._player) if name in make else None
        if name in SEATS:
            self._sit_as(TEAMS[SEATS[name]])
        while played is not None and room.phase != UNTIL.get(name, "running"):
            self._beat(1)
            played.update(self._wall_s)
        view.lobby.chat.clear()
        ticks = int(at_s * TICKS_PER_S) if played is not None else 10 * seconds * TICKS_PER_S
        if name in UNTIL:
            ticks = 0
        for _ in range(ticks):
            self._beat(1)
            if played is not None:
                played.update(self._wall_s)
            match = view.lobby.match
            if match is not None and match.over:
                break
        view.lobby.ping_ms = PING_MS
        if played is None:
            assert view.lobby.match is not None  # It was played to its end.
            return ResultsScene(self._player, view.lobby.match)
        self._wall_s += 0.2
        self._line.pump(self._wall_s)
        played.update(self._wall_s)
        return played

    def _seat_bots(self, room: MatchRoom) -> None:
        """A medium bot on each side, under the names of people; the host only watches."""
        self._say(TakeSide(""), SetBots("a", 1, "medium"), SetBots("b", 1, "medium"))
        self._say(Chat("Good luck, both of you."))
        self._beat(2)
        _name_bots(room, TEAMS)
        self._beat(1)

    def _sit_as(self, name: str) -> None:
        """See the match as the player of a name does."""
        lobby = self._player.view.lobby
        assert lobby.seat is not None and lobby.room is not None  # The match is on.
        number = next(one.id for one in lobby.room.players if one.name == name)
        lobby.seat = Seated(lobby.seat.code, number, TOKEN)

    def _class_room(self, title: str, one: str, other: str) -> None:
        """A room in which somebody with a bot at his side plays against a bot."""
        from game.client.game_view import GameView
        from game.client.host_line import HostLine

        mine, theirs = memory_link()
        self._lobby.join(theirs, "127.0.0.1")
        guest = HostLine(mine, GameView(), __version__, one)
        guest.send([CreateRoom(title, "versus", self._level.id)])
        self._beat(2)
        guest.send([SetBots("a", 1, "medium"), SetBots("b", 1, "medium"), StartMatch()])
        self._beat(2)
        _name_bots(list(self._lobby.rooms.values())[-1], {"a": f"{one} 2", "b": other})

    def _say(self, *messages: ClientMessage) -> None:
        self._line.send(messages)

    def _beat(self, count: int) -> None:
        for _ in range(count):
            self._lobby.step()
            self._wall_s += 0.05
            self._line.pump(self._wall_s)


def _name_bots(room: MatchRoom, names: dict[str, str]) -> None:
    for info in room.state().players:
        if info.bot:
            room.rename(info.id, names[info.team])
