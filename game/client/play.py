"""What goes on between the player, the scenes and the host; has no window and no clock."""

from collections.abc import Callable, Sequence

import pygame

from game import __version__
from game.client.doors import Doors as Doors
from game.client.game_view import GameView
from game.client.heard import heard
from game.client.host_line import HostLine
from game.client.mixer import Ears, Silence
from game.client.player import Player
from game.client.scene import Push, Scene
from game.client.scene_stack import SceneStack
from game.client.scenes.briefing import BriefingScene
from game.client.scenes.debrief import DebriefScene
from game.client.scenes.lobby import LobbyScene
from game.client.scenes.menu import MenuScene
from game.client.scenes.notice import NoticeScene
from game.client.scenes.replay import ReplayScene
from game.client.scenes.results import ResultsScene
from game.client.scenes.room import RoomScene
from game.client.scenes.settings import SettingsScene
from game.client.scenes.station import StationScene
from game.protocol.lobby import MatchResult
from game.protocol.messages import Leave, Result, StartLevel
from game.protocol.snapshot import Snapshot
from game.text.phrases import phrase
from game.text.refusals import refusal

LEAP_TICKS = 20
"""Who jumps so far through a replay does not hear all that lies between."""


class Game:
    """What goes on between the player, the scenes and the host; has no window.

    Args:
        station: makes the scene in which a run is played.
        level: id or number of the level to begin at once, None for the menu.
        seed: of that level's run, None for a fresh one.
        ears: who plays what is heard.
        join: goes to the lobby at once: to this address, or "" to choose from what is found.
        password: of the server to join.
    """

    def __init__(
        self,
        doors: Doors,
        player: Player,
        station: Callable[[Player], Scene],
        level: str | None = None,
        seed: int | None = None,
        ears: Ears | None = None,
        join: str | None = None,
        password: str = "",
    ) -> None:
        self._ears: Ears = ears or Silence()
        self._listened: Snapshot | None = None
        self._wall_s = 0.0
        self._doors = doors
        self._player = player
        self._make_station = station
        self._wanted = level
        self._seed = seed
        self._line: HostLine | None = None
        self._station: Scene | None = None
        self._runs_seen = 0
        self._result: Result | None = None
        self._refused_seen = 0
        self._lost = False
        self._notices: list[tuple[str, str]] = []
        self._alone: GameView = player.view
        self._followed: GameView = player.view
        self._seat_code = ""
        self._match: MatchResult | None = None
        self.stack = SceneStack(MenuScene(player))
        if join is not None:
            self.stack.show(LobbyScene(player))
        if join:
            player.online.connect(join, player.name, password)

    def open(self) -> None:
        """Set the solo host going; called after the first picture of the menu."""
        self._line = HostLine(self._doors.solo(), self._alone, __version__)

    @property
    def is_open(self) -> bool:
        """True once a host was asked for."""
        return self._line is not None

    @property
    def wants_every_key(self) -> bool:
        """True while the next key is to be bound to an action, whichever it is."""
        top = self.stack.top
        return isinstance(top, SettingsScene) and top.asks_for_key

    def handle(self, event: pygame.event.Event) -> None:
        """Give an event to the scene on top; what leads to something ticks."""
        settings = self._player.settings.now
        outcome = self.stack.top.handle(event)
        if outcome is not None or self._player.settings.now is not settings:
            self._sound("tick")
        self.stack.apply(outcome)

    def _sound(self, name: str) -> None:
        self._ears.play(name, self._wall_s, self._player.settings.now)

    def _listen(self) -> None:
        """Let what happened in the run since the last frame be heard."""
        top, before = self.stack.top, self._listened
        now = self._player.view.snapshot if self._station is not None else None
        if isinstance(top, ReplayScene):
            now = top.shown
        self._listened = now
        if now is None or before is None or now is before or now.tick > before.tick + LEAP_TICKS:
            return
        for name in heard(before, now):
            self._sound(name)

    def update(self, wall_s: float) -> None:
        """Hear the host, follow what it says, let the scene move, send what is to be sent."""
        self._wall_s = wall_s
        if self._line is not None:
            self._line.pump(wall_s)
        online = self._player.online
        online.pump(wall_s)
        self._follow_host()
        self._follow_catalogue()
        self._follow_run()
        self._listen()
        self._follow_troubles()
        self._show_notice()
        self.stack.apply(self.stack.top.update(wall_s))
        self._leave_run()
        messages = self.stack.drain()
        if online.is_on:
            online.send(messages)
        elif self._line is not None:
            self._line.send(messages)

    def _follow_host(self) -> None:
        """What is played with: the server while there is one, else the host of one's own."""
        online, player = self._player.online, self._player
        wanted = online.view if online.is_on else self._alone
        if wanted is not self._followed:
            self._followed = player.view = wanted
            self._station, self._seat_code, self._match = None, "", None
            self._runs_seen = 0 if online.is_on else wanted.runs_begun
            self._refused_seen = 0 if online.is_on else wanted.refused_total
            self._result = wanted.result
            if len(self.stack.scenes) > 1 and not isinstance(self.stack.top, LobbyScene):
                self.stack.show(LobbyScene(player))
        if online.is_on:
            self._follow_room()

    def _follow_room(self) -> None:
        """A seat leads into its room, a match to its result, no seat among the rooms."""
        lobby, player = self._player.view.lobby, self._player
        code = lobby.seat.code if lobby.seat is not None else ""
        if code != self._seat_code:
            self._seat_code = code
            self._station, self._match = None, lobby.match
            self.stack.show(RoomScene(player) if code else LobbyScene(player))
        if lobby.match is not self._match:
            self._match = lobby.match
            if lobby.match is not None and lobby.match.over:
                self._station = None
                self.stack.show(ResultsScene(player, lobby.match))
        if len(self.stack.scenes) == 1:
            # The menu belongs to the host of one's own.
            self.stack.show(RoomScene(player) if code else LobbyScene(player))

    def _follow_catalogue(self) -> None:
        """Begin the level that was asked for, as soon as the host has told its levels."""
        wanted, catalogue = self._wanted, self._player.view.catalogue
        if wanted is None or catalogue is None:
            return
        self._wanted = None
        card = next((c for c in catalogue.levels if wanted in (c.id, str(c.number))), None)
        if card is None:
            lang = self._player.lang
            self._tell("notice_refused", phrase(lang, "notice_no_level", level=wanted))
            return
        seed = self._player.new_seed() if self._seed is None else self._seed
        self.stack.outgoing.append(StartLevel(card.id, seed))

    def _follow_run(self) -> None:
        """A run that begins shows the station, one that ends its debrief."""
        view = self._player.view
        if view.runs_begun != self._runs_seen:
            self._runs_seen = view.runs_begun
            self._station = self._make_station(self._player)
            self.stack.show(*self._came_from(), self._station)
        if view.result is not None and view.result is not self._result:
            self._finish(view.result)
        self._result = view.result

    def _came_from(self) -> Sequence[Scene]:
        """What a recorded solution is shown over, so that going back leads there again."""
        started = self._player.view.started
        if started is None or not started.recorded:
            return []
        return [one for one in self.stack.scenes if isinstance(one, BriefingScene)][-1:]

    def _finish(self, result: Result) -> None:
        player = self._player
        if result.stars and not result.recorded:
            self._sound("star")
        if player.view.catalogue is not None:
            player.progress.record(player.view.catalogue.level_set, result)
        card = player.view.level(result.level)
        if card is None or self._station is None:
            self.stack.home()
            return
        self._station = None
        if player.online.is_on and player.view.lobby.seat is None:
            self.stack.outgoing.append(
                Leave()
            )  # Who has watched a replay is among the rooms again.
        run, started = player.view.run, player.view.started
        make = self._make_station if started is None or started.role != "both" else StationScene
        debrief = DebriefScene(player, card, result, lambda: ReplayScene(player, run, make))
        self.stack.show(debrief)

    def _follow_troubles(self) -> None:
        """Say once what went wrong: files, refusals outside a run, a host that is gone."""
        player, lang = self._player, self._player.lang
        for troubles in (player.settings.troubles, player.progress.troubles):
            while troubles:
                trouble = troubles.pop(0)
                self._tell("notice_file", phrase(lang, trouble.code, **trouble.args))
        view = player.view
        fresh = view.refused_total - self._refused_seen
        self._refused_seen = view.refused_total
        for refused in view.refusals[-fresh:] if fresh else []:
            if self._station is None and refused.seq == 0:
                self._tell("notice_refused", refusal(lang, refused.code, refused.args))
        if self._line is not None and self._line.closed and not self._lost:
            self._lost = True
            self.stack.home()
            self._station = None
            last = view.goodbye
            more = refusal(lang, last.code, last.args) if last else ""
            self._tell("notice_lost", more or phrase(lang, "notice_lost_more"))

    def _tell(self, title: str, text: str) -> None:
        """Have a notice shown as soon as no run and no other notice is."""
        self._notices.append((phrase(self._player.lang, title), text))

    def _show_notice(self) -> None:
        below = self.stack.top
        if self._notices and self._station is None and not isinstance(below, NoticeScene):
            title, text = self._notices.pop(0)
            self.stack.apply(Push(NoticeScene(below, title, text, self._player.lang)))

    def _leave_run(self) -> None:
        """Tell the host when the player has left the station before its end."""
        if self._station is not None and self._station not in self.stack.scenes:
            self._station = None
            if not any(isinstance(message, Leave) for message in self.stack.outgoing):
                # First of all: what a scene of the lobby asks is asked outside of the run.
                self.stack.outgoing.insert(0, Leave())

    def close(self) -> None:
        """Hang up."""
        alone = not self._player.online.is_on
        self._player.online.close()
        if self._line is not None:
            if self._station is not None and alone:
                self._line.send([Leave()])
            self._line.close()
