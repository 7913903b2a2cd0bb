"""A half of a match: the defender's station, the attacker's desk, and both for spectators."""

import pygame

from game.client.canvas import Canvas
from game.client.draw.desk import (
    PLAY,
    DeskUi,
    card_rect,
    draw_desk,
    hexagon,
)
from game.client.draw.passers import Passers
from game.client.draw.street import SQUARE, draw_street
from game.client.draw.view import View
from game.client.draw.watched import draw_watched
from game.client.draw.why import page_of
from game.client.focus import Focus, is_back
from game.client.keys import Action
from game.client.plane import Rect
from game.client.player import Player
from game.client.scene import Hotspot, Outcome, Push, Scene, Send
from game.client.scenes.at_match import AtMatch, Places, in_strip
from game.client.scenes.control_room import spot_meant
from game.client.scenes.field_guide import FieldGuideScene
from game.client.scenes.sandbox import SandboxScene
from game.client.scenes.station import StationScene
from game.client.scenes.station_keys import SPEEDS
from game.client.standing import team_names
from game.client.widgets.plate import level_texts
from game.protocol.attack import AttackView
from game.protocol.catalogue import LevelCard
from game.protocol.messages import PlayCard
from game.text.refusals import refusal
from game.text.versus import versus_text

DEFENDER_PLACES = in_strip((560, 74, 696, 26), slow=34)
ATTACKER_PLACES = in_strip((24, 680, 752, 28), slow=-26, leaves=True)
SPECTATOR_PLACES = in_strip((16, 684, 776, 28), slow=-28, leaves=True)
COOP_PLACES = Places(
    chat=(1064, 29, 118, 24),
    wide=(360, 57, 640, 24),
    pause=(1188, 29, 80, 24),
    ping=(1268, 22),
    slow=(1268, 58),
)
NAMES: Rect = (1064, 6, 122, 20)
TOAST_S = 4.0
TICK_MS = 50
"""From one view to the next."""

DIGITS = {getattr(pygame, f"K_{n}"): n - 1 for n in range(1, 10)}
PACE = frozenset((*SPEEDS, Action.STEP, Action.RESTART, Action.HINT))
"""Actions that only somebody alone has."""


class TogetherScene(StationScene):
    """The station of a team on a campaign level: its pace is not one's own to set."""

    name = "station"
    head = "shared"
    places = COOP_PLACES

    def __init__(self, player: Player) -> None:
        super().__init__(player)
        self._match = AtMatch(player, self.places)
        self.ui.head = self.head
        card = player.view.card
        if card is not None and card.arena is not None:
            self.ui.purse_max = card.arena.ops_max

    def update(self, wall_s: float) -> Outcome:
        """Take up what is new."""
        self._match.update(wall_s)
        return super().update(wall_s)

    def hotspots(self) -> list[Hotspot]:
        """What belongs to the match, then the station."""
        return [*self._match.hotspots(), *super().hotspots()]

    def handle(self, event: pygame.event.Event) -> Outcome:
        """The chat first, then the station."""
        if self.ui.tab != "console" or self._match.typing:
            taken, outcome = self._match.handle(event)
            if taken:
                return outcome
        return super().handle(event)

    def _choose(self, spot: str, view: View) -> Outcome:
        if spot.startswith("match:"):
            return self._match.choose(spot, self)
        return super()._choose(spot, view)

    def _act(self, action: Action, view: View) -> Outcome:
        if action in PACE:
            return None
        return super()._act(action, view)

    def _pause(self) -> Outcome:
        spots = [spot.id for spot in self._match.hotspots()]
        return self._match.choose("match:pause", self) if "match:pause" in spots else None

    def _guide(self, view: View) -> Outcome:
        page = page_of(view, self.ui.selected or spot_meant(self._focus, self.ui))
        return Push(FieldGuideScene(self._player, page, during_run=True))

    def _ask_to_leave(self) -> Outcome:
        return self._match.ask_to_leave(self)

    def draw(self, canvas: Canvas) -> None:
        """The station, and over it what belongs to the match."""
        super().draw(canvas)
        x, y, w, _ = NAMES
        names = team_names(self._player.view, "a", canvas.lang, every=True)
        canvas.text(x, y + 16, names, "strong", canvas.theme.ink, max_width=w)
        self._match.draw_strip(canvas)
        self._match.draw_over(canvas)


class DefenderScene(TogetherScene):
    """The station under attack, with the score over it and the purse."""

    name = "versus-defender"
    head = "versus"
    places = DEFENDER_PLACES

    def draw(self, canvas: Canvas) -> None:
        """The station, the score bar, the strip with the purse, and what holds the match up."""
        StationScene.draw(self, canvas)
        self._match.draw_bar(canvas)
        view = self._view()
        if view is not None:
            self._draw_purse(canvas, view)
        self._match.draw_strip(canvas)
        self._match.draw_over(canvas)
        self._focus.draw(canvas, [s for s in self.hotspots() if s.id.startswith("match:")])

    def _draw_purse(self, canvas: Canvas, view: View) -> None:
        """Points that can be spent, one figure each."""
        theme = canvas.theme
        said = versus_text(canvas.lang, "ops_purse")
        used = canvas.text(24, 93, said, "sign", theme.ink)
        points, most = max(0, view.current.points), max(1, self.ui.purse_max)
        unit = max(1, -(-most // 20))
        for index in range(-(-most // unit)):
            hexagon(canvas, 46 + used + 15 * index, 88, 7.4, index < points // unit)
        right = 46 + used + 15 * -(-most // unit) + 4
        right += canvas.text(right, 94, f"{points}", "title", theme.ink) + 8
        gain = view.card.arena.ops_gain if view.card.arena is not None else 0
        said = versus_text(canvas.lang, "budget_rate", n=f"{gain / 1000:g}")
        canvas.text(right, 93, said, "caption", theme.ink2)


class AttackerScene:
    """The attacker's desk and the street."""

    name = "versus-attacker"

    def __init__(self, player: Player) -> None:
        self._player = player
        self._focus = Focus("card:0")
        self._match = AtMatch(player, ATTACKER_PLACES)
        self._attack: AttackView | None = None
        self._passers = Passers()
        self._arrived_s = 0.0
        self._now_ms = 0.0
        self._selected = -1
        self._dragged = -1
        self._mouse = (0.0, 0.0)
        self._seq = 0
        self._refusals_seen = player.view.refused_total
        self._toast = ""
        self._toast_until_s = 0.0

    @property
    def _card(self) -> LevelCard | None:
        return self._player.view.card

    def update(self, wall_s: float) -> Outcome:
        """Take up the newest view of the street, and what was refused."""
        self._match.update(wall_s)
        view = self._player.view
        if view.attack is not None and view.attack is not self._attack:
            self._attack, self._arrived_s = view.attack, wall_s
            self._passers.note(view.attack)
            hand = view.attack.hand
            if not 0 <= self._selected < len(hand) or not hand[self._selected]:
                self._selected = next((i for i, name in enumerate(hand) if name), -1)
        if self._attack is not None:
            gone_ms = min(TICK_MS, (wall_s - self._arrived_s) * 1000) if view.quarters else 0
            self._now_ms = self._attack.time_ms + gone_ms
        fresh = view.refused_total - self._refusals_seen
        self._refusals_seen = view.refused_total
        for refused in view.refusals[-fresh:] if fresh > 0 else []:
            self._toast = refusal(self._player.lang, refused.code, refused.args)
            self._toast_until_s = wall_s + TOAST_S
        if wall_s >= self._toast_until_s:
            self._toast = ""
        return None

    def hotspots(self) -> list[Hotspot]:
        """The hand, the button that plays, the chat."""
        attack, lang = self._attack, self._player.lang
        spots: list[Hotspot] = []
        if attack is not None:
            count = len(attack.hand)
            for place, name in enumerate(attack.hand):
                if name:
                    rect = card_rect(place, count, place == self._selected)
                    spots.append(Hotspot(rect, f"card:{place}", name))
            name = self._selected_name()
            if name:
                title = versus_text(lang, "play_card", card=name)
                spots.append(Hotspot(PLAY, "play", title))
        return [*spots, *self._match.hotspots()]

    def _selected_name(self) -> str:
        hand = self._attack.hand if self._attack is not None else []
        return hand[self._selected] if 0 <= self._selected < len(hand) else ""

    def handle(self, event: pygame.event.Event) -> Outcome:
        """Cards by number, by click, by dragging them out; the chat; leaving."""
        taken, outcome = self._match.handle(event)
        if taken:
            return outcome
        if is_back(event, self._player.keys):
            return self._match.ask_to_leave(self)
        if event.type == pygame.KEYDOWN and event.key in DIGITS:
            return self._play(DIGITS[event.key])
        if event.type == pygame.CONTROLLERBUTTONDOWN and event.button == (
            pygame.CONTROLLER_BUTTON_X
        ):
            return self._play(self._selected)
        dragged = self._drag(event)
        if dragged is not None:
            return dragged
        chosen = self._focus.handle(event, self.hotspots(), self._player.keys)
        if chosen is None:
            return None
        kind, _, rest = chosen.partition(":")
        if kind == "card":
            again = int(rest) == self._selected and event.type != pygame.MOUSEBUTTONUP
            self._selected = int(rest)
            return self._play(self._selected) if again else None
        if kind == "play":
            return self._play(self._selected)
        return self._match.choose(chosen, self)

    def _drag(self, event: pygame.event.Event) -> Outcome:
        """A card that is let go over the street is played."""
        if event.type == pygame.MOUSEMOTION:
            self._mouse = event.pos
        elif event.type == pygame.MOUSEBUTTONDOWN and event.button == 1:
            self._mouse = event.pos
            hit = next((s for s in reversed(self.hotspots()) if s.contains(event.pos)), None)
            self._dragged = -1
            if hit is not None and hit.id.startswith("card:"):
                self._dragged = self._selected = int(hit.id.partition(":")[2])
        elif event.type == pygame.MOUSEBUTTONUP and self._dragged >= 0:
            place, self._dragged = self._dragged, -1
            if event.pos[0] < SQUARE[0] + 800 and event.pos[1] > SQUARE[1]:
                return self._play(place)
        return None

    def _play(self, place: int) -> Outcome:
        hand = self._attack.hand if self._attack is not None else []
        if not 0 <= place < len(hand) or not hand[place]:
            return None
        self._selected = place
        self._seq += 1
        return Send(PlayCard(self._seq, hand[place]))

    def draw(self, canvas: Canvas) -> None:
        """Score, street, desk; over them what holds the match up."""
        canvas.clear()
        card, attack = self._card, self._attack
        if card is None or card.arena is None or attack is None:
            self._match.draw_over(canvas)
            return
        title = level_texts(card, canvas.lang).title
        draw_street(canvas, card.arena, attack, self._passers, title, card.port, self._now_ms)
        hot = self._focus.id if self._focus.visible else ""
        draw_desk(canvas, card.arena, attack, DeskUi(self._selected, hot))
        self._match.draw_bar(canvas)
        self._match.draw_strip(canvas)
        if self._dragged >= 0 and self._mouse[0] < 800:
            x, y = self._mouse
            canvas.box(x - 30, y - 40, 60, 80, None, canvas.theme.focus, radius=5, width=2.5)
        if self._toast:
            draw_refusal(canvas, self._toast, 400)
        self._match.draw_over(canvas)
        self._focus.draw(canvas, self.hotspots())


class SpectatorScene:
    """Both sides of a half, to look at."""

    name = "spectator"

    def __init__(self, player: Player) -> None:
        self._player = player
        self._station = StationScene(player)
        self._station.ui.head = "versus"
        self._focus = Focus()
        self._match = AtMatch(player, SPECTATOR_PLACES)

    def update(self, wall_s: float) -> Outcome:
        """Take up both views."""
        self._match.update(wall_s)
        self._station.update(wall_s)
        return None

    def hotspots(self) -> list[Hotspot]:
        """The chat."""
        return self._match.hotspots()

    def handle(self, event: pygame.event.Event) -> Outcome:
        """The chat, and leaving."""
        taken, outcome = self._match.handle(event)
        if taken:
            return outcome
        if is_back(event, self._player.keys):
            return self._match.ask_to_leave(self)
        chosen = self._focus.handle(event, self.hotspots(), self._player.keys)
        return self._match.choose(chosen, self) if chosen else None

    def draw(self, canvas: Canvas) -> None:
        """The station at the left, the desk at the right, the score over both."""
        canvas.clear()
        view, attack = self._station.seen_now(), self._player.view.attack
        card = self._player.view.card
        if view is not None:
            draw_watched(canvas, view)
        if card is not None and card.arena is not None and attack is not None:
            draw_desk(canvas, card.arena, attack, DeskUi(plays=False))
        self._match.draw_bar(canvas)
        self._match.draw_strip(canvas)
        self._match.draw_over(canvas)
        self._focus.draw(canvas, self.hotspots())


def draw_refusal(canvas: Canvas, said: str, middle: float) -> None:
    """Why something was refused: cross and sentence on a plate."""
    theme = canvas.theme
    lines = canvas.wrap(said, "strong", 520)[:3]
    width = max(canvas.measure(line, "strong") for line in lines) + 60
    pitch = canvas.line_height("strong")
    height = 18 + pitch * len(lines)
    x, y = middle - width / 2, 120.0
    canvas.box(x, y, width, height, theme.floor, theme.alert, radius=6, width=2)
    canvas.sprite("cross", x + 22, y + height / 2, 16)
    for index, line in enumerate(lines):
        canvas.text(x + 42, y + 22 + pitch * index, line, "strong", theme.ink)


def run_scene(player: Player) -> Scene:
    """The scene in which a run is played, by what the player is in it and where."""
    view = player.view
    started, room, card = view.started, view.lobby.room, view.card
    if started is None or started.recorded:
        return StationScene(player)
    if view.lobby.seat is None:
        return SandboxScene(player) if started.role == "both" else StationScene(player)
    if card is not None and card.arena is not None:
        match started.role:
            case "attacker":
                return AttackerScene(player)
            case "both":
                return SpectatorScene(player)
        return DefenderScene(player)
    return TogetherScene(player) if room is not None else StationScene(player)
