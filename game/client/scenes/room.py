"""A room between matches: both teams, who is ready, what will be played, and the chat."""

from typing import Literal

from game.client.canvas import Canvas
from game.client.line_edit import LineEdit
from game.client.plane import Rect
from game.client.player import Player
from game.client.scene import Hotspot, Outcome, Send
from game.client.scenes.page import Page
from game.client.standing import rules
from game.client.widgets import button
from game.client.widgets.chat import draw_chat
from game.client.widgets.ping import draw_ping
from game.client.widgets.plate import level_title
from game.protocol.catalogue import LevelCard
from game.protocol.limits import CHAT_LENGTH_MAX, TEAM_MAX
from game.protocol.lobby import (
    Chat,
    HandOver,
    Kick,
    Mode,
    PlayerInfo,
    RoomState,
    SetBots,
    SetReady,
    SetUp,
    StartMatch,
    Strength,
    TakeSide,
)
from game.protocol.messages import Leave
from game.text.versus import shown_name, versus_text

Side = Literal["a", "b"]

PANEL_Y, PANEL_H, PANEL_W = 120.0, 304.0, 376.0
PANELS: dict[Side, float] = {"a": 48.0, "b": 440.0}
ROW_H = 46.0
WATCHERS: Rect = (48, 436, 768, 44)
WATCH: Rect = (656, 440, 152, 36)
MODES: tuple[tuple[Mode, Rect], ...] = (
    ("versus", (48, 508, 120, 36)),
    ("coop", (168, 508, 120, 36)),
)
LEVEL: Rect = (304, 508, 300, 36)
STRENGTH: Rect = (620, 508, 196, 36)
ACTIONS: tuple[tuple[str, Rect], ...] = (
    ("kick", (304, 564, 120, 40)),
    ("ban", (436, 564, 168, 40)),
    ("hand_over", (616, 564, 200, 40)),
)
RULES = (48.0, 568.0, 768.0)
"""Left, first baseline and width of how a match is won."""

LEAVE: Rect = (48, 646, 212, 44)
READY: Rect = (276, 646, 212, 44)
START: Rect = (504, 640, 312, 56)
CHAT: Rect = (832, 120, 400, 576)
SAY: Rect = (844, 648, 376, 36)
STRENGTHS: tuple[Strength, ...] = ("easy", "medium", "hard")
BAN_MINUTES = 10


class RoomScene(Page):
    """One room, seen by one of its people."""

    name = "room"

    def __init__(self, player: Player) -> None:
        super().__init__(player, "ready")
        self._fields = {"say": LineEdit("", CHAT_LENGTH_MAX)}
        self._strength: Strength = "medium"
        self._chosen = 0

    # What is known.

    @property
    def _room(self) -> RoomState | None:
        return self._player.view.lobby.room

    @property
    def _me(self) -> int:
        seat = self._player.view.lobby.seat
        return seat.player if seat is not None else 0

    @property
    def _hosts(self) -> bool:
        return self._player.view.lobby.is_host

    def _say(self, key: str, **blanks: str | int) -> str:
        return versus_text(self._player.lang, key, **blanks)

    def _team(self, room: RoomState, team: str) -> list[PlayerInfo]:
        return [one for one in room.players if one.team == team]

    def _sides(self, room: RoomState) -> tuple[Side, ...]:
        return ("a", "b") if room.mode == "versus" else ("a",)

    def _levels(self, mode: str) -> list[LevelCard]:
        catalogue = self._player.view.catalogue
        if catalogue is None:
            return []
        if mode == "coop":
            return list(catalogue.levels)
        return [card for card in catalogue.arenas if card.arena is not None and not card.arena.free]

    def _picked(self, room: RoomState) -> PlayerInfo | None:
        """Whom the host has chosen to do something about."""
        return next(
            (one for one in room.players if one.id == self._chosen and one.id != self._me), None
        )

    # What can be chosen.

    def hotspots(self) -> list[Hotspot]:
        """Teams, set-up, what concerns one player, the foot, the chat."""
        room = self._room
        if room is None:
            return [Hotspot(LEAVE, "leave", self._say("leave_room"))]
        mine = self._player.view.lobby.team
        spots: list[Hotspot] = []
        for side in self._sides(room):
            left = PANELS[side]
            team = self._team(room, side)
            if self._hosts:
                spots += [
                    Hotspot(_row(side, index), f"player:{one.id}", one.name)
                    for index, one in enumerate(team)
                    if one.id != self._me
                ]
            foot = PANEL_Y + PANEL_H - 48
            if side != mine and len(team) < TEAM_MAX:
                spots.append(
                    Hotspot((left + 12, foot, 120, 36), f"side:{side}", self._say("take_side"))
                )
            if self._hosts and room.mode == "versus":
                for place, key in enumerate(("bot_add", "bot_remove")):
                    rect = (left + 140 + 114 * place, foot, 110.0, 36.0)
                    spots.append(Hotspot(rect, f"{key}:{side}", self._say(key)))
        if mine:
            spots.append(Hotspot(WATCH, "side:", self._say("spectate")))
        if self._hosts:
            spots += [
                Hotspot(rect, f"mode:{mode}", self._say(f"mode_{mode}")) for mode, rect in MODES
            ]
            spots.append(Hotspot(LEVEL, "level", self._level_title(room)))
            if room.mode == "versus":
                spots.append(Hotspot(STRENGTH, "strength", self._strength_title()))
            if self._picked(room) is not None:
                spots += [Hotspot(rect, key, self._say(key)) for key, rect in ACTIONS]
        spots.append(Hotspot(LEAVE, "leave", self._say("leave_room")))
        if mine and not self._hosts:
            spots.append(Hotspot(READY, "ready", self._ready_title(room)))
        if self._hosts:
            spots.append(Hotspot(START, "start", self._say("start")))
        if not room.chat_locked:
            spots.append(Hotspot(SAY, "say", self._say("chat_say")))
        return spots

    def _ready_title(self, room: RoomState) -> str:
        ready = any(one.ready for one in room.players if one.id == self._me)
        return self._say("not_ready" if ready else "ready")

    def _strength_title(self) -> str:
        strength = self._say(f"strength_{self._strength}")
        return self._say("bot_strength", strength=strength)

    def _level_title(self, room: RoomState) -> str:
        return level_title(self._player.view, room.level, self._player.lang)

    def update(self, wall_s: float) -> Outcome:
        """The host begins with what a host does."""
        if self._hosts and self._focus.id == "ready":
            self._focus.id = "start"
        return None

    def back(self) -> Outcome:
        """Out of the room."""
        return Send(Leave())

    def enter(self, spot: str) -> Outcome:
        """Say what was typed; the field stays open."""
        text = self._fields["say"].text.strip()
        self._fields["say"].put("")
        return Send(Chat(text)) if text else None

    def choose(self, spot: str) -> Outcome:
        """Everything is asked of the server; what comes of it is seen in the room's state."""
        room = self._room
        kind, _, rest = spot.partition(":")
        if room is None or kind == "leave":
            return self.back()
        match kind:
            case "side":
                return Send(TakeSide("a" if rest == "a" else "b" if rest == "b" else ""))
            case "ready":
                ready = any(one.ready for one in room.players if one.id == self._me)
                return Send(SetReady(not ready))
            case "start":
                return Send(StartMatch())
            case "player":
                self._chosen = 0 if self._chosen == int(rest) else int(rest)
            case "bot_add" | "bot_remove":
                return self._bots(room, "a" if rest == "a" else "b", 1 if kind == "bot_add" else -1)
            case "strength":
                at = STRENGTHS.index(self._strength)
                self._strength = STRENGTHS[(at + 1) % len(STRENGTHS)]
            case "mode" if rest != room.mode:
                mode: Mode = "coop" if rest == "coop" else "versus"
                levels = self._levels(mode)
                return Send(SetUp(mode, levels[0].id)) if levels else None
            case "level":
                return self._next_level(room)
            case _:
                return self._about_player(room, kind)
        return None

    def _bots(self, room: RoomState, side: Side, by: int) -> Outcome:
        bots = sum(one.bot for one in self._team(room, side)) + by
        return Send(SetBots(side, min(TEAM_MAX, max(0, bots)), self._strength))

    def _next_level(self, room: RoomState) -> Outcome:
        ids = [card.id for card in self._levels(room.mode)]
        if room.level not in ids or len(ids) < 2:
            return None
        mode: Mode = "coop" if room.mode == "coop" else "versus"
        return Send(SetUp(mode, ids[(ids.index(room.level) + 1) % len(ids)]))

    def _about_player(self, room: RoomState, kind: str) -> Outcome:
        picked = self._picked(room)
        if picked is None:
            return None
        self._chosen = 0
        match kind:
            case "kick":
                return Send(Kick(picked.id))
            case "ban":
                return Send(Kick(picked.id, BAN_MINUTES))
            case "hand_over":
                return Send(HandOver(picked.id))
        return None

    # The picture.

    def paint(self, canvas: Canvas) -> None:
        """Head, teams, set-up, foot, chat."""
        theme, room = canvas.theme, self._room
        canvas.clear()
        canvas.box(0, 0, 1280, 8, theme.sign)
        if room is None:
            return
        canvas.icon("versus", 68, 62, 32)
        canvas.text(104, 58, room.name, "title", theme.ink, max_width=560)
        said = f"{self._say(f'mode_{room.mode}')} · {self._level_title(room)}"
        canvas.text(104, 80, said, "body", theme.ink2, max_width=560)
        if self._player.online.practice is None:  # Nobody could come to where one is alone.
            width = canvas.text(1232, 84, room.code, "display2", theme.ink, "right")
            canvas.text(1220 - width, 84, self._say("room_code"), "body", theme.ink2, "right")
            draw_ping(canvas, 1220 - width, 58, self._player.view.lobby.ping_ms)
        for side in self._sides(room):
            self._paint_team(canvas, room, side)
        self._paint_watchers(canvas, room)
        self._paint_set_up(canvas, room)
        self._paint_rules(canvas, room)
        self._paint_foot(canvas, room)
        self._paint_chat(canvas, room)

    def _paint_team(self, canvas: Canvas, room: RoomState, side: Side) -> None:
        theme, left = canvas.theme, PANELS[side]
        token = "traveller" if side == "a" else "pb"
        canvas.box(left, PANEL_Y, PANEL_W, PANEL_H, theme.floor, theme.hair, radius=6, width=1.2)
        canvas.box(left, PANEL_Y, 6, PANEL_H, theme.token(token), radius=2)
        coop = room.mode == "coop"
        title = self._say("team_coop" if coop else f"team_{side}")
        used = canvas.text(left + 20, PANEL_Y + 28, title, "value", theme.ink)
        if not coop:
            role = self._say("defends_first" if side == "a" else "attacks_first")
            canvas.text(left + 32 + used, PANEL_Y + 28, role, "body", theme.ink2)
        team = self._team(room, side)
        for index in range(TEAM_MAX):
            if index < len(team):
                self._paint_player(canvas, room, side, index, team[index])
            else:
                x, y, _, _ = _row(side, index)
                canvas.circle(x + 20, y + 21, 9, None, theme.mid, 1.2)
                said = self._say("free_place_coop" if coop else "free_place")
                canvas.text(x + 40, y + 26, said, "body", theme.ink2, max_width=PANEL_W - 90)

    def _paint_player(
        self, canvas: Canvas, room: RoomState, side: Side, index: int, one: PlayerInfo
    ) -> None:
        theme = canvas.theme
        x, y, w, h = _row(side, index)
        if one.id == self._chosen:
            canvas.box(x, y, w, h - 4, None, theme.focus, radius=4, width=2)
        if one.bot:
            canvas.sprite("bot", x + 20, y + 33, 24, body="floor", amber="hoarder")
        else:
            canvas.sprite("traveller" if side == "a" else "hoarder", x + 20, y + 33, 24)
        marks = [self._say("you")] if one.id == self._me else []
        marks += [self._say("host_sign")] if one.id == room.host else []
        marks += [self._say("bot_sign")] if one.bot else []
        marks += [self._say("gone_sign")] if not one.here else []
        name = shown_name(canvas.lang, one.name)
        canvas.text(x + 40, y + 20, name, "sign", theme.ink, max_width=w - 150)
        canvas.text(x + 40, y + 37, ", ".join(marks), "caption", theme.ink2, max_width=w - 150)
        right = x + w - 10
        if one.ready or one.id == room.host:
            canvas.sprite("tick", right - 8, y + 15, 15)
        else:
            canvas.circle(right - 8, y + 15, 6.5, None, theme.mid, 1.4)
        if not one.bot:
            draw_ping(canvas, right, y + 37, one.ping_ms)

    def _paint_watchers(self, canvas: Canvas, room: RoomState) -> None:
        theme = canvas.theme
        x, y, w, h = WATCHERS
        canvas.box(x, y, w, h, theme.floor, theme.hair, radius=6, width=1.2)
        used = canvas.text(x + 20, y + 27, self._say("spectators"), "sign", theme.ink)
        names = ", ".join(one.name for one in self._team(room, "")) or self._say("nobody")
        left = x + 36 + used
        canvas.text(left, y + 27, names, "body", theme.ink2, max_width=WATCH[0] - left - 12)

    def _paint_set_up(self, canvas: Canvas, room: RoomState) -> None:
        theme = canvas.theme
        spots = self.hotspots()
        icons = {"side:": "", **{key: "" for key, _ in ACTIONS}}
        for side in PANELS:
            icons |= {f"side:{side}": "", f"bot_add:{side}": "", f"bot_remove:{side}": ""}
        self.buttons(canvas, spots, icons)
        if not self._hosts:
            return
        canvas.text(48, 500, self._say("plays"), "caption", theme.ink2)
        titles = [self._say(f"mode_{mode}") for mode, _ in MODES]
        rect = (MODES[0][1][0], MODES[0][1][1], 240.0, 36.0)
        button.choices(canvas, rect, titles, int(room.mode == "coop"))
        pickers = [(LEVEL, self._level_title(room))]
        if room.mode == "versus":
            pickers.append((STRENGTH, self._strength_title()))
        for (x, y, w, h), title in pickers:
            canvas.box(x, y, w, h, theme.floor, theme.hair, radius=5, width=1.4)
            canvas.text(x + 12, y + 23, title, "sign", theme.ink, max_width=w - 44)
            canvas.icon("right", x + w - 18, y + h / 2, 11)
        picked = self._picked(room)
        if picked is not None:
            said = self._say("with_player", name=shown_name(canvas.lang, picked.name))
            canvas.text(48, 589, said, "sign", theme.ink, max_width=244)

    def _paint_rules(self, canvas: Canvas, room: RoomState) -> None:
        """How it is won; what concerns one player stands in the same place."""
        if self._picked(room) is not None and self._hosts:
            return
        theme, lang = canvas.theme, canvas.lang
        card = self._player.view.level(room.level)
        told = rules(lang, card) if card is not None else []
        if room.mode == "coop":
            told = [self._say("rule_coop")]
        x, y, w = RULES
        y = y if self._hosts else y - 44
        if not told:
            return
        canvas.text(x, y, self._say("rules_title"), "caption_bold", theme.ink, max_width=w)
        for line in told:
            y = canvas.paragraph(x, y + 17, line, "caption", theme.ink2, w) - 16

    def _paint_foot(self, canvas: Canvas, room: RoomState) -> None:
        theme = canvas.theme
        icons = {"leave": "back", "ready": ""}
        self.buttons(canvas, self.hotspots(), icons)
        if self._hosts:
            button.primary(canvas, START, "play", self._say("start"), self._say("start_more"))
            return
        host = next((one.name for one in room.players if one.id == room.host), "")
        said = self._say("start_wait", name=host)
        canvas.text(816, 673, said, "body", theme.ink2, "right", max_width=300)

    def _paint_chat(self, canvas: Canvas, room: RoomState) -> None:
        theme = canvas.theme
        x, y, w, h = CHAT
        canvas.box(x, y, w, h, theme.floor, theme.hair, radius=6, width=1.2)
        canvas.text(x + 12, y + 28, self._say("chat"), "sign", theme.ink)
        lines = self._player.view.lobby.chat
        draw_chat(canvas, (x + 12, y + 40, w - 24, h - 100), lines)
        if room.chat_locked:
            canvas.icon("lock", x + 22, y + h - 30, 14, "ink2")
            said = self._say("chat_locked")
            canvas.text(x + 38, y + h - 25, said, "body", theme.ink2, max_width=w - 50)
            return
        self.field(canvas, "say", SAY, "", self._say("chat_say"))


def _row(side: Side, index: int) -> Rect:
    return (PANELS[side] + 12, PANEL_Y + 44 + ROW_H * index, PANEL_W - 24, ROW_H)
