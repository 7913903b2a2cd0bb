"""A run seen again, from the snapshots this client kept: any pace, any moment, no knobs.

The scene is a host to the station scene inside it: it answers pace and steps itself, and refuses
what would change the past.
"""

from collections.abc import Callable
from dataclasses import replace

import pygame

from game.client.canvas import Canvas
from game.client.game_view import GameView, Run
from game.client.keys import Action, Group
from game.client.player import Player
from game.client.scene import Hotspot, Outcome, Pop, Push, Scene, Send
from game.client.scenes.station import StationScene
from game.protocol.messages import (
    ClientMessage,
    Pace,
    Refused,
    SetSpeed,
    Started,
    StartLevel,
    Step,
)
from game.protocol.snapshot import Snapshot

TIMELINE = (24, 56, 1232, 48)
"""The wave timeline of the station: a click there goes to that moment."""

JUMP_MS = 10_000
"""How far Page up and Page down go."""


class ReplayScene:
    """The last run of a player.

    Args:
        make_station: makes the scene that shows it.
    """

    name = "replay"

    def __init__(self, player: Player, run: Run, make_station: Callable[[Player], Scene]) -> None:
        self._player = player
        self._run = run
        self._make_station = make_station
        started = player.view.started
        assert started is not None, "only a run that was begun can be seen again"
        self._started = Started(started.level, started.seed, recorded=True)
        self._own = not started.recorded
        self._quarters = 4
        self._at_ms = 0.0
        self._last_s: float | None = None
        self._seek(0.0)

    def _seek(self, at_ms: float) -> None:
        """Go to a moment; the station begins anew there, as if it had just been opened."""
        self._at_ms = min(max(0.0, at_ms), float(self._run.end_ms))
        self._shown = -1
        self._view = GameView()
        if self._player.view.catalogue is not None:
            self._view.take(self._player.view.catalogue, 0.0)
        self._view.take(self._started, 0.0)
        self._view.take(Pace(self._quarters), 0.0)
        self._station = self._make_station(replace(self._player, view=self._view))
        if isinstance(self._station, StationScene):
            self._station.ui.replayed = self._own
        self._show(self._last_s or 0.0)
        self._station.update(self._last_s or 0.0)

    def _show(self, wall_s: float) -> None:
        """Hand over the snapshot of the present moment, once."""
        index = self._run.index_at(self._at_ms)
        if len(self._run) and index > self._shown:
            self._shown = index
            self._view.take(self._run.at(index), wall_s)

    @property
    def shown(self) -> Snapshot | None:
        """The snapshot of the moment that is seen, to be heard too."""
        return self._view.snapshot

    def hotspots(self) -> list[Hotspot]:
        """Those of the station."""
        return self._station.hotspots()

    def handle(self, event: pygame.event.Event) -> Outcome:
        """Page up, Page down, Home and clicks on the timeline go elsewhere in time."""
        if event.type == pygame.KEYDOWN:
            jumps = {
                Action.PAGE_UP: self._at_ms - JUMP_MS,
                Action.PAGE_DOWN: self._at_ms + JUMP_MS,
                Action.FIRST: 0.0,
                Action.LAST: float(self._run.end_ms),
            }
            action = self._player.keys.action(event.key, Group.PAGES)
            if action in jumps:
                self._seek(jumps[action])
                return None
        if event.type == pygame.MOUSEBUTTONDOWN and event.button == 1:
            x, y, width, height = TIMELINE
            if x <= event.pos[0] <= x + width and y <= event.pos[1] < y + height:
                self._seek(self._whole_ms * (event.pos[0] - x) / width)
                return None
        return self._answer(self._station.handle(event))

    @property
    def _whole_ms(self) -> float:
        card = self._view.card
        return card.seconds * 1000.0 if card else float(self._run.end_ms)

    def _answer(self, outcome: Outcome) -> Outcome:
        """Do what the station wants from a host; only other scenes and leaving go further."""
        leaves: Outcome = None
        for step in outcome if isinstance(outcome, tuple) else (outcome,):
            if isinstance(step, Pop | Push):
                leaves = step
            if isinstance(step, Send):
                for message in step.messages:
                    self._take(message)
        return leaves

    def _take(self, message: ClientMessage) -> None:
        match message:
            case SetSpeed(quarters=quarters):
                if quarters and self._at_ms >= self._run.end_ms:
                    self._seek(0.0)  # It stood still at its end: going on is from the beginning.
                self._quarters = quarters
                self._view.take(Pace(quarters), self._last_s or 0.0)
            case Step():
                self._step()
            case StartLevel():
                self._seek(0.0)
            case _:
                seq = getattr(message, "seq", 0)
                self._view.take(Refused(seq, "recorded", {}), self._last_s or 0.0)

    def _step(self) -> None:
        if self._shown + 1 < len(self._run):
            self._at_ms = float(self._run.at(self._shown + 1).time_ms)
            self._show(self._last_s or 0.0)

    def update(self, wall_s: float) -> Outcome:
        """Let time pass at the chosen pace, to the end of the run."""
        gone_s = 0.0 if self._last_s is None else max(0.0, wall_s - self._last_s)
        self._last_s = wall_s
        self._at_ms = min(float(self._run.end_ms), self._at_ms + gone_s * 250 * self._quarters)
        self._show(wall_s)
        outcome = self._answer(self._station.update(wall_s))
        if self._quarters and len(self._run) and self._at_ms >= self._run.end_ms:
            # At its end it stands still; the station says how to go on.
            self._take(SetSpeed(0))
            if isinstance(self._station, StationScene):
                self._station.tell_the_end()
        return outcome

    def draw(self, canvas: Canvas) -> None:
        """The station of that moment."""
        self._station.draw(canvas)
