"""What all scenes of a match share: the score, pauses and breaks, the chat, and leaving."""

from math import ceil
from typing import NamedTuple

import pygame

from game.client.canvas import Canvas
from game.client.draw.score_bar import Score, draw_score_bar
from game.client.keys import Action, Group
from game.client.line_edit import LineEdit, Typed
from game.client.plane import Rect
from game.client.player import Player
from game.client.scene import Hotspot, Outcome, Pop, Push, Scene, Send
from game.client.scenes.ask import AskScene, Question
from game.client.standing import after_half, before_half, other, standing
from game.client.widgets import button
from game.client.widgets.chat import chat_sentence
from game.client.widgets.field import field, place_input_method
from game.client.widgets.ping import FAIR_MS, draw_ping
from game.protocol.limits import CHAT_LENGTH_MAX
from game.protocol.lobby import Chat, ChatLine, PauseMatch, RoomState
from game.protocol.messages import Leave
from game.text.phrases import phrase
from game.text.versus import versus_text

LINE_S = 8.0
"""How long a chat line stands over the play."""

SILENT_S = 0.5
"""So long without a word while pictures come twenty times a second: ten of them are late."""

SLOW_SHOWN_S = 3.0
"""A notice that somebody is slow stands so long after the last sign of it."""

OVER = (352.0, 268.0, 576.0)
"""Left, top and width of what stands over the picture."""

PLATE_H = 150.0
COUNT_W = 112.0


LEAVE_W = 100.0
"""The button to leave and the gap behind it."""


class Places(NamedTuple):
    """Where the parts of a match stand.

    Attributes:
        chat: the chat's button.
        wide: where it is typed, and where a new line stands for a while; may cover other things.
        pause: the host's button.
        ping: right end and baseline of the connection's quality.
        slow: right end and top of the notice that it, or the server, is slow.
        leave: the button to leave; None where the station has one.
    """

    chat: Rect
    wide: Rect
    pause: Rect
    ping: tuple[float, float]
    slow: tuple[float, float]
    leave: Rect | None = None


def in_strip(strip: Rect, slow: float, *, leaves: bool = False) -> Places:
    """Everything beside each other, and the notice `slow` units below the strip's top."""
    x, y, w, h = strip
    leave = (x + w - 204 - LEAVE_W, y, LEAVE_W - 8, h) if leaves else None
    chat = (x, y, w - 212 - (LEAVE_W if leaves else 0), h)
    pause, ping = (x + w - 204, y, 112, h), (x + w, y + h / 2 + 5)
    return Places(chat, chat, pause, ping, (x + w, y + slow), leave)


class AtMatch:
    """One player at a match under way.

    Args:
        places: where its parts stand.
    """

    def __init__(self, player: Player, places: Places) -> None:
        self._player = player
        self._places = places
        self._edit: LineEdit | None = None
        self._room: RoomState | None = None
        self._room_s = 0.0
        self._now_s = 0.0
        self._line: ChatLine | None = player.view.lobby.chat[-1] if player.view.lobby.chat else None
        self._line_s = float("-inf")
        self._slow = ""
        self._slow_s = float("-inf")

    # What is known.

    def _say(self, key: str, **blanks: str | int) -> str:
        return versus_text(self._player.lang, key, **blanks)

    @property
    def typing(self) -> bool:
        """Whether keys go into the chat."""
        return self._edit is not None

    def score(self) -> Score | None:
        """What everybody may see of the half, None before it is known."""
        view = self._player.view
        card, now = view.card, standing(view, self._player.lang)
        seen = view.snapshot or view.attack
        if now is None or card is None or seen is None:
            return None
        return Score(
            defender=now.names[now.defender],
            attacker=now.names[other(now.defender)],
            half=2 if now.defender == "b" else 1,
            task=now.task,
            needed=now.needed,
            rival=now.rival if now.defender == "b" else -1,
            attempts=seen.attempts,
            served=seen.served,
            left_ms=max(0, card.seconds * 1000 - seen.time_ms),
            port=card.port,
        )

    def update(self, wall_s: float) -> None:
        """Note when the room and its chat last changed."""
        self._now_s = wall_s
        lobby = self._player.view.lobby
        if lobby.room is not self._room:
            self._room, self._room_s = lobby.room, wall_s
        if self._trouble():
            self._slow, self._slow_s = self._trouble(), wall_s
        newest = lobby.chat[-1] if lobby.chat else None
        if newest is not self._line:
            self._line, self._line_s = newest, wall_s

    def _trouble(self) -> str:
        """What makes the match jerk: "slow_server", "slow_line", or "" for nothing."""
        view, room = self._player.view, self._room
        if room is None or room.phase != "running":
            return ""
        if room.behind:
            return "slow_server"
        silent = self._now_s - view.heard_s > SILENT_S
        return "slow_line" if silent or view.lobby.ping_ms > FAIR_MS else ""

    def _left_s(self) -> int:
        """Seconds until what the room waits for, the one that is running counted."""
        if self._room is None:
            return 0
        return max(1, ceil(self._room.wait_ms / 1000 - (self._now_s - self._room_s)))

    # What can be done.

    def hotspots(self) -> list[Hotspot]:
        """The chat, and the pause of the host."""
        room = self._room
        spots = []
        if room is not None and not room.chat_locked:
            spots.append(Hotspot(self._places.chat, "match:chat", self._say("chat")))
        if room is not None and self._player.view.lobby.is_host and room.phase != "break":
            key = "go_on" if room.phase == "paused" and room.why == "host" else "pause"
            spots.append(Hotspot(self._places.pause, "match:pause", self._say(key)))
        if self._places.leave is not None:
            spots.append(
                Hotspot(self._places.leave, "match:leave", phrase(self._player.lang, "leave_go"))
            )
        return spots

    def handle(self, event: pygame.event.Event) -> tuple[bool, Outcome]:
        """Whether an event was for the chat or the pause, and what it leads to."""
        if self._edit is not None:
            return self._type(self._edit, event)
        keys, pressed = self._player.keys, event.type == pygame.KEYDOWN
        if pressed and keys.action(event.key, Group.MATCH) is Action.CHAT and self.hotspots():
            self._open(swallow=True)
            return True, None
        return False, None

    def _open(self, *, swallow: bool) -> None:
        if self._room is not None and not self._room.chat_locked:
            self._edit = LineEdit("", CHAT_LENGTH_MAX, swallows=swallow)

    def _type(self, edit: LineEdit, event: pygame.event.Event) -> tuple[bool, Outcome]:
        typed = edit.handle(event)
        if typed not in (Typed.TAKEN, Typed.OTHER):
            self._edit = None
        text = edit.text.strip()
        if typed is Typed.ENTERED and text:
            return True, Send(Chat(text))
        return typed not in (Typed.LEFT, Typed.OTHER), None

    def choose(self, spot: str, below: Scene) -> Outcome:
        """Something of the strip was chosen, in a scene that asks before it is left."""
        room = self._room
        if spot == "match:leave":
            return self.ask_to_leave(below)
        if spot == "match:chat":
            self._open(swallow=False)
        elif spot == "match:pause" and room is not None:
            return Send(PauseMatch(room.phase != "paused"))
        return None

    def ask_to_leave(self, below: Scene) -> Outcome:
        """Ask first: a seat is given up."""
        lang = self._player.lang
        words = (
            self._say("leave_match_title"),
            self._say("leave_match_text"),
            phrase(lang, "leave_stay"),
            phrase(lang, "leave_go"),
        )
        goes = (Pop(), Send(Leave()))
        return Push(AskScene(below, Question(*words), Pop(), goes, self._player.keys))

    # The picture.

    def draw_bar(self, canvas: Canvas) -> None:
        """The score over the whole picture."""
        score = self.score()
        if score is not None:
            draw_score_bar(canvas, score)

    def draw_strip(self, canvas: Canvas) -> None:
        """What was said last, the host's pause, and how good the connection is."""
        theme, places = canvas.theme, self._places
        if self._player.online.practice is None:  # There is no line to where one is alone.
            draw_ping(canvas, *places.ping, self._player.view.lobby.ping_ms)
        if self._now_s - self._slow_s < SLOW_SHOWN_S:
            self._draw_slow(canvas)
        if self._edit is not None:
            field(canvas, places.wide, "", self._edit, typing=True)
            place_input_method(canvas, places.wide)
        elif self._room is not None:
            rect, ink = places.chat, theme.ink2
            said = self._say("chat_key", cap=self._player.keys.cap(Action.CHAT))
            if self._room.chat_locked:
                said = self._say("chat_locked_short")
            if self._line is not None and self._now_s - self._line_s < LINE_S:
                who, what = chat_sentence(canvas.lang, self._line)
                rect, ink = places.wide, theme.ink
                said = f"{who}: {what}" if who else what
            x, y, w, h = rect
            canvas.box(x, y, w, h, theme.floor, theme.hair, radius=4, width=1.2)
            canvas.text(x + 10, y + h / 2 + 4.5, said, "caption", ink, max_width=w - 20)
        for spot in self.hotspots():
            if spot.id in ("match:pause", "match:leave"):
                button.plain(canvas, spot.rect, spot.label)

    def _draw_slow(self, canvas: Canvas) -> None:
        """Who is slow, beside the sign of the connection."""
        theme = canvas.theme
        right, top = self._places.slow
        said = self._say(self._slow)
        width = canvas.measure(said, "strong") + 38
        canvas.box(right - width, top, width, 24, theme.floor, theme.focus, radius=4, width=1.6)
        canvas.sprite("triangle", right - width + 16, top + 12, 14)
        canvas.text(right - width + 28, top + 16.5, said, "strong", theme.ink)

    def draw_over(self, canvas: Canvas) -> None:
        """What holds the match up: a lost line, a pause, the break."""
        online, room = self._player.online, self._room
        if online.state == "broken":
            text = self._say("rejoin_text", s=online.left_s)
            self._plate(canvas, "close", self._say("rejoin_title"), [text])
        elif room is not None and room.phase in ("break", "countdown"):
            self._draw_between(canvas, room)
        elif room is not None and room.phase == "paused":
            self._plate(canvas, "pause", self._say("paused_title"), [self._why(room)])

    def _why(self, room: RoomState) -> str:
        if room.why != "dropped":
            return self._say("paused_teacher" if room.why == "teacher" else "paused_host")
        gone = [one.name for one in room.players if one.team and not one.here]
        if not gone:
            return self._say("paused_resume", s=self._left_s())
        return self._say("paused_dropped", name=", ".join(gone), s=self._left_s())

    def _draw_between(self, canvas: Canvas, room: RoomState) -> None:
        """What the half was and the match is, or what the half will be about, counted down."""
        lang, view = canvas.lang, self._player.view
        now, result = standing(view, lang), view.lobby.match
        if now is None:
            return
        if room.phase == "countdown":
            title, lines = before_half(lang, now)
            self._plate(canvas, "versus", title, lines, count=self._left_s())
        elif result is not None and result.halves:
            title, lines = after_half(lang, now, result, self._left_s())
            self._plate(canvas, "versus", title, lines)
        else:
            said = self._say("break_wait", s=self._left_s())
            self._plate(canvas, "versus", self._say("break_title"), [said])

    @staticmethod
    def _plate(canvas: Canvas, icon: str, title: str, lines: list[str], *, count: int = 0) -> None:
        """A plate over the middle of the picture; `count` is a number to read from afar."""
        theme = canvas.theme
        x, y, w = OVER
        room = w - 48 - (COUNT_W if count else 0)
        rows = [canvas.wrap(line, "value", room) for line in lines]
        pitch = canvas.line_height("value")
        h = max(PLATE_H, 48 + 26 + sum(pitch * len(row) + 6 for row in rows) + 8)
        canvas.box(x, y, w, h, theme.floor, theme.ink, radius=6, width=2)
        canvas.box(x, y, w, 48, theme.sign, radius=6)
        canvas.box(x, y + 24, w, 24, theme.sign)
        canvas.icon(icon, x + 32, y + 24, 22, "onsign", "sign")
        canvas.text(x + 56, y + 31, title, "title", theme.onsign, max_width=w - 80)
        base = y + 80
        for row in rows:
            for line in row:
                canvas.text(x + 24, base, line, "value", theme.ink)
                base += pitch
            base += 6
        if count:
            middle = y + 48 + (h - 48) / 2
            canvas.text(
                x + w - COUNT_W / 2, middle + 19, str(count), "display", theme.ink, "center"
            )
