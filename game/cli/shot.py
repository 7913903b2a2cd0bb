"""`shot`: one scene of a played level as a PNG, without a display; same arguments, same pixels."""

import argparse
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from game import __version__
from game.cli.errors import UserError
from game.cli.match_shot import MatchStage
from game.cli.shelf import all_arenas, all_levels, find_level
from game.level.schema import Level
from game.protocol.link import memory_link
from game.protocol.messages import GoalResult, PlayCard, Result, Series
from game.server.room import Room
from game.session.rates import TICKS_PER_S

if TYPE_CHECKING:
    from game.client.scene import Scene
    from game.client.scenes.station import StationScene

DEFAULT_LEVEL = "11"
TOGETHER = (
    "lobby",
    "room",
    "versus-countdown",
    "versus-defender",
    "versus-attacker",
    "versus-break",
    "versus-results",
    "spectator",
    "teacher",
)
"""Scenes of a match."""

ATTACKS = ("hoarders", "syn_flood", "slow_read")
ATTACK_TICKS = 15 * TICKS_PER_S
"""What is played in the sandbox, one after the other, and how often."""

CONSOLE_LINES = ("ss -ltn", "nstat -az TcpExtListenDrops TcpExtSyncookiesSent")


def shot(options: argparse.Namespace) -> int:
    """Play the recorded solution up to the moment, and draw."""
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
    os.environ["SDL_VIDEODRIVER"] = "dummy"
    os.environ["SDL_AUDIODRIVER"] = "dummy"
    together = options.scene in TOGETHER
    default = _default_arena(options.scene) if together or options.scene == "sandbox" else None
    level = find_level(options.level) if options.level else default or _default_level()
    if options.at is not None and not 0 <= options.at <= level.seconds:
        raise UserError(f"--at is a time within the level, 0 to {level.seconds}.")
    import pygame

    from game.client.picture import draw_scene

    with tempfile.TemporaryDirectory() as folder:
        stage = MatchStage if together else _Stage
        scene = stage(level, options, Path(folder)).scene(options.scene)
        picture = draw_scene(scene, options.size, options.theme, options.lang)
    try:
        pygame.image.save(picture, options.out)
    except (pygame.error, OSError) as error:
        raise UserError(f"{options.out} cannot be written: {error}.") from error
    return 0


def _default_arena(scene: str) -> Level:
    free = scene == "sandbox"
    return next(one for one in all_arenas() if one.arena is not None and one.arena.free == free)


def _default_level() -> Level:
    levels = all_levels()
    return next((one for one in levels if str(one.number) == DEFAULT_LEVEL), levels[0])


class _Stage:
    """A player who has come as far as the level, and its run up to the moment."""

    def __init__(self, level: Level, options: argparse.Namespace, folder: Path) -> None:
        from game.client.game_view import GameView
        from game.client.host_line import HostLine
        from game.client.player import Player
        from game.client.progress import Progress
        from game.client.settings import Settings, SettingsStore

        self._level = level
        self._options = options
        levels = [one for one in (*all_levels(), *all_arenas()) if one.id != level.id]
        self._room = Room([*levels, level], build=__version__)
        mine, theirs = memory_link()
        self._room.join(theirs)
        self._view = GameView()
        self._line = HostLine(mine, self._view, __version__)
        settings = SettingsStore(folder)
        settings.now = Settings(theme=options.theme, lang=options.lang)
        self._player = Player(self._view, settings, Progress(folder), lambda: options.seed)
        self._wall_s = 0.0
        self._beat()
        self._pass_levels_before()

    def scene(self, name: str) -> "Scene":
        """The scene, ready to be drawn."""
        from game.client.scenes.briefing import BriefingScene
        from game.client.scenes.debrief import DebriefScene
        from game.client.scenes.field_guide import FieldGuideScene
        from game.client.scenes.menu import MenuScene
        from game.client.scenes.sandbox import SandboxScene
        from game.client.scenes.settings import SettingsScene
        from game.client.scenes.station import StationScene

        card = self._view.level(self._level.id)
        assert card is not None  # The room was given this level.
        match name:
            case "menu":
                return MenuScene(self._player)
            case "briefing":
                player = self._player
                return BriefingScene(player, card, lambda page: FieldGuideScene(player, page))
            case "settings" | "settings-sound" | "settings-keys" | "settings-progress":
                return SettingsScene(self._player, name.partition("-")[2] or "look")
            case "field-guide":
                return FieldGuideScene(self._player)
            case "debrief":
                self._run(self._level.seconds)
                assert self._view.result is not None  # The run is over.
                return DebriefScene(self._player, card, self._view.result, None)
        at_s = self._level.seconds / 2 if self._options.at is None else self._options.at
        self._run(at_s)
        if name == "replay":
            return self._replay()
        if name == "sandbox":
            sandbox = SandboxScene(self._player)
            sandbox.update(self._wall_s)
            return sandbox
        scene = StationScene(self._player)
        scene.update(self._wall_s)
        scene.ui.engineer = name == "engineer"
        if name == "console":
            self._type(scene)
        return scene

    def _replay(self) -> "Scene":
        """The run seen again, at its end: the moment asked for."""
        import pygame

        from game.client.scenes.replay import ReplayScene
        from game.client.scenes.station import StationScene

        scene = ReplayScene(self._player, self._view.run, StationScene)
        scene.handle(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_END, mod=0, unicode=""))
        return scene

    def _type(self, scene: "StationScene") -> None:
        """Let the console show what it is for."""
        import pygame

        scene.ui.tab = "console"
        for text in CONSOLE_LINES:
            scene.handle(pygame.event.Event(pygame.TEXTINPUT, text=text))
            outcome = scene.handle(
                pygame.event.Event(pygame.KEYDOWN, key=pygame.K_RETURN, mod=0, unicode="")
            )
            self._line.send(getattr(outcome, "messages", ()))
            self._beat()
            scene.update(self._wall_s)
        scene.update(self._wall_s + 1)  # What glides has come to rest.

    def _run(self, until_s: float) -> None:
        self._room.start(self._level, self._options.seed, solution=bool(self._level.solution))
        for tick in range(int(until_s * TICKS_PER_S)):
            if self._options.scene == "sandbox" and tick % ATTACK_TICKS == ATTACK_TICKS // 2:
                card = ATTACKS[tick // ATTACK_TICKS % len(ATTACKS)]
                self._line.send([PlayCard(tick + 1, card)])
            self._beat()
        self._wall_s += 1.0
        self._line.pump(self._wall_s)

    def _beat(self) -> None:
        self._room.step()
        self._wall_s += 0.05
        self._line.pump(self._wall_s)

    def _pass_levels_before(self) -> None:
        """Three stars on every level before this one, as somebody has who gets here."""
        catalogue = self._view.catalogue
        assert catalogue is not None  # It was sent with the welcome.
        for card in catalogue.levels:
            if card.number < self._level.number:
                self._player.progress.record(catalogue.level_set, _won(card.id))


def _won(level_id: str) -> Result:
    """A run with three stars."""
    goals: list[GoalResult] = []
    series = Series(500, [], [], [], [], [], [], [], [])
    return Result(level_id, 1, 3, goals, 100, 99, {}, series, [], {}, "", False)
