"""The teacher's page: every room's queues at a glance, and a hand on all of them."""

import time

from game.client.canvas import Canvas
from game.client.draw.view import whole
from game.client.kept_file import KeptFile
from game.client.line_edit import LineEdit
from game.client.plane import Rect
from game.client.player import Player
from game.client.scene import Hotspot, Outcome, Pop, Send
from game.client.scenes.page import Page
from game.client.widgets.plate import level_title
from game.paths import export_folder
from game.protocol.catalogue import LevelCard
from game.protocol.limits import NAME_LENGTH_MAX
from game.protocol.messages import ClientMessage
from game.protocol.teacher import (
    Announce,
    ClassBoard,
    ExportResults,
    LockChat,
    PauseAll,
    PushLevel,
    QueueGlance,
    Remove,
    Rename,
    RoomGlance,
)
from game.text.phrases import phrase
from game.text.versus import shown_name, versus_text

TOP, ROW_H, ROWS = 116.0, 58.0, 8
LEFT, RIGHT = 48.0, 1232.0
CHIP_X, CHIP_W, CHIP_H, CHIPS = 840.0, 98.0, 25.0, 8
QUEUE_X, QUEUE_W = 376.0, 270.0
QUEUES_MAX = 2
PAUSE: Rect = (48, 596, 160, 40)
LOCK: Rect = (220, 596, 160, 40)
LEVEL: Rect = (392, 598, 260, 36)
PUSH: Rect = (664, 596, 150, 40)
EXPORT: Rect = (826, 596, 150, 40)
PAGE: Rect = (1132, 596, 100, 40)
BACK: Rect = (48, 654, 160, 40)
SAY: Rect = (220, 656, 300, 36)
SAY_IT: Rect = (532, 654, 120, 40)
NEW_NAME: Rect = (826, 656, 180, 36)
RENAME: Rect = (1016, 654, 102, 40)
KICK: Rect = (1128, 654, 104, 40)


class TeacherScene(Page):
    """Every room at a glance."""

    name = "teacher"

    def __init__(self, player: Player) -> None:
        super().__init__(player, "pause")
        self._fields = {
            "say": LineEdit("", 240),
            "new-name": LineEdit("", NAME_LENGTH_MAX),
        }
        self._level = ""
        self._page = 0
        self._picked: tuple[str, int] = ("", 0)
        self._csv = player.view.lobby.csv
        self._message = ""

    @property
    def _board(self) -> ClassBoard | None:
        return self._player.view.lobby.board

    def _say(self, key: str, **blanks: str | int) -> str:
        return versus_text(self._player.lang, key, **blanks)

    def _rooms(self) -> list[RoomGlance]:
        board = self._board
        return board.rooms[self._page * ROWS :][:ROWS] if board is not None else []

    def _pages(self) -> int:
        board = self._board
        return max(1, -(-len(board.rooms) // ROWS)) if board is not None else 1

    def _cards(self) -> list[LevelCard]:
        catalogue = self._player.view.catalogue
        if catalogue is None:
            return []
        arenas = [c for c in catalogue.arenas if c.arena is not None and not c.arena.free]
        return [*arenas, *catalogue.levels]

    def _level_title(self, level: str) -> str:
        return level_title(self._player.view, level, self._player.lang)

    def update(self, wall_s: float) -> Outcome:
        """Write results that were asked for into a file."""
        cards = self._cards()
        if self._level not in [card.id for card in cards]:
            self._level = cards[0].id if cards else ""
        self._page = min(self._page, self._pages() - 1)
        lobby = self._player.view.lobby
        if lobby.csv and lobby.csv is not self._csv:
            self._csv = lobby.csv
            self._write(lobby.csv)
        return None

    def _write(self, text: str) -> None:
        stamp = time.strftime("%Y%m%d-%H%M%S")
        path = export_folder() / f"station443-results-{stamp}.csv"
        trouble = KeptFile(path).write(text.encode())
        lang = self._player.lang
        if trouble is None:
            self._message = versus_text(lang, "teacher_exported", file=str(path))
        else:
            self._message = phrase(lang, trouble.code, **trouble.args)

    def hotspots(self) -> list[Hotspot]:
        """Players of every room, then what is done to all, then the foot."""
        board = self._board
        spots: list[Hotspot] = []
        for index, room in enumerate(self._rooms()):
            for place, (number, name) in enumerate(room.players[:CHIPS]):
                spots.append(
                    Hotspot(
                        _chip(index, place, len(room.players)), f"player:{room.code}:{number}", name
                    )
                )
        paused, locked = (board.paused, board.chat_locked) if board else (False, False)
        spots += [
            Hotspot(PAUSE, "pause", self._say("teacher_resume" if paused else "teacher_pause")),
            Hotspot(LOCK, "lock", self._say("teacher_unlock" if locked else "teacher_lock")),
            Hotspot(LEVEL, "level", self._level_title(self._level)),
            Hotspot(PUSH, "push", self._say("teacher_push")),
            Hotspot(EXPORT, "export", self._say("teacher_export")),
        ]
        if self._pages() > 1:
            title = self._say("next_page", n=self._page + 1, all=self._pages())
            spots.append(Hotspot(PAGE, "page", title))
        spots += [
            Hotspot(BACK, "back", self._say("back")),
            Hotspot(SAY, "say", self._say("teacher_announce_text")),
            Hotspot(SAY_IT, "announce", self._say("teacher_announce")),
        ]
        if self._name_of_picked():
            spots += [
                Hotspot(NEW_NAME, "new-name", self._say("teacher_rename_to")),
                Hotspot(RENAME, "rename", self._say("teacher_rename")),
                Hotspot(KICK, "kick", self._say("teacher_kick")),
            ]
        return spots

    def _name_of_picked(self) -> str:
        code, number = self._picked
        board = self._board
        for room in board.rooms if board is not None else ():
            if room.code == code:
                return next((name for one, name in room.players if one == number), "")
        return ""

    def enter(self, spot: str) -> Outcome:
        """Enter in a field does what its button does."""
        return self.choose("announce" if spot == "say" else "rename")

    def choose(self, spot: str) -> Outcome:
        """Ask the server for it."""
        board = self._board
        if spot == "back":
            return Pop()
        if board is None:
            return None
        kind, _, rest = spot.partition(":")
        message: ClientMessage | None = None
        match kind:
            case "player":
                code, _, number = rest.partition(":")
                chosen = (code, int(number))
                self._picked = ("", 0) if chosen == self._picked else chosen
            case "page":
                self._page = (self._page + 1) % self._pages()
            case "level":
                ids = [card.id for card in self._cards()]
                if self._level in ids:
                    self._level = ids[(ids.index(self._level) + 1) % len(ids)]
            case "pause":
                message = PauseAll(not board.paused)
            case "lock":
                message = LockChat(not board.chat_locked)
            case "push" if self._level:
                message = PushLevel(self._level)
            case "export":
                message = ExportResults()
            case "announce":
                text = self._fields["say"].text.strip()
                self._fields["say"].put("")
                message = Announce(text) if text else None
            case "rename":
                message = self._rename()
            case "kick" if self._name_of_picked():
                message = Remove(*self._picked)
                self._picked = ("", 0)
        return Send(message) if message is not None else None

    def _rename(self) -> ClientMessage | None:
        name = self._fields["new-name"].text.strip()
        if not name or not self._name_of_picked():
            self.type_into("new-name")
            return None
        self._fields["new-name"].put("")
        code, number = self._picked
        return Rename(code, number, name)

    # The picture.

    def paint(self, canvas: Canvas) -> None:
        """Head, a row for each room, what is done to all."""
        theme, board = canvas.theme, self._board
        canvas.clear()
        canvas.box(0, 0, 1280, 8, theme.sign)
        canvas.icon("people", 68, 56, 32)
        canvas.text(104, 63, self._say("teacher_title"), "title", theme.ink)
        if board is not None:
            said = self._say("teacher_rooms", n=len(board.rooms), m=board.visitors)
            canvas.text(RIGHT, 63, said, "body", theme.ink2, "right")
        heads = (
            (QUEUE_X, f"{self._say('teacher_line')} · {self._say('teacher_hall')}"),
            (680.0, self._say("teacher_share")),
            (760.0, self._say("teacher_core")),
        )
        for x, said in heads:
            canvas.text(x, 106, said, "caption", theme.ink2)
        rooms = self._rooms()
        if not rooms:
            canvas.text(LEFT, 150, self._say("teacher_none"), "body", theme.ink2)
        for index, room in enumerate(rooms):
            self._paint_room(canvas, index, room)
        x, y, w, h = LEVEL
        canvas.box(x, y, w, h, theme.floor, theme.hair, radius=5, width=1.4)
        title = self._level_title(self._level)
        canvas.text(x + 12, y + 23, title, "sign", theme.ink, max_width=w - 44)
        canvas.icon("right", x + w - 18, y + h / 2, 11)
        self.field(canvas, "say", SAY, "", self._say("teacher_announce_text"))
        picked = self._name_of_picked()
        if picked:
            said = self._say("with_player", name=picked)
            canvas.text(816, 679, said, "sign", theme.ink, "right", max_width=150)
            self.field(canvas, "new-name", NEW_NAME, "", self._say("teacher_rename_to"))
        else:
            canvas.text(RIGHT, 679, self._say("teacher_choose"), "body", theme.ink2, "right")
        keys = ("lock", "push", "export", "page", "announce", "rename", "kick")
        icons = {"pause": "pause", "back": "back", **dict.fromkeys(keys, "")}
        if board is not None and board.paused:
            icons["pause"] = "play"
        self.buttons(canvas, self.hotspots(), icons)
        if self._message:
            canvas.text(LEFT, 713, self._message, "caption_bold", theme.ink, max_width=RIGHT - LEFT)

    def _paint_room(self, canvas: Canvas, index: int, room: RoomGlance) -> None:
        theme = canvas.theme
        y = TOP + ROW_H * index
        canvas.box(LEFT, y, RIGHT - LEFT, ROW_H - 4, theme.floor, theme.hair, radius=4, width=1.2)
        used = canvas.text(LEFT + 12, y + 22, room.code, "kernel", theme.ink2)
        left = LEFT + 24 + used
        canvas.text(left, y + 22, room.name, "sign", theme.ink, max_width=QUEUE_X - left - 16)
        phase = self._say(f"phase_{room.phase}")
        clock = ""
        if room.half:
            seconds = room.time_ms // 1000
            clock = f" · {self._say('half_of', n=room.half)} · {seconds // 60}:{seconds % 60:02d}"
        said = f"{self._level_title(room.level)} · {phase}{clock}"
        canvas.text(LEFT + 12, y + 42, said, "caption", theme.ink2, max_width=QUEUE_X - LEFT - 28)
        for place, queue in enumerate(room.queues[:QUEUES_MAX]):
            _paint_queue(canvas, QUEUE_X, y + 9 + 21 * place, queue)
        if room.share >= 0:
            share = f"{room.share / 10:.0f} %"
            canvas.text(680, y + 33, share, "value", theme.ink)
        if room.queues:
            canvas.box(760, y + 20, 56, 14, None, theme.mid, radius=1, width=1.2)
            part = min(1.0, room.core_max / 1000)
            colour = theme.alert if part >= 0.95 else theme.core_user
            canvas.box(761, y + 21, max(1.0, 54 * part), 12, colour)
        for place, (number, name) in enumerate(room.players[:CHIPS]):
            x, top, w, h = _chip(index, place, len(room.players))
            chosen = (room.code, number) == self._picked
            line = theme.focus if chosen else theme.hair
            canvas.box(x, top, w, h, theme.paper, line, radius=3, width=2 if chosen else 1.2)
            said = shown_name(canvas.lang, name)
            canvas.text(x + w / 2, top + 17, said, "caption", theme.ink, "center", max_width=w - 10)


def _paint_queue(canvas: Canvas, x: float, y: float, queue: QueueGlance) -> None:
    """Both queues of a listener as bars with their numbers; a full one is red and crossed."""
    theme = canvas.theme
    parts = (
        (queue.syn_queue, queue.syn_queue_limit, 0.0),
        (queue.accept_queue, queue.backlog + 1, QUEUE_W / 2 + 6),
    )
    for length, limit, shift in parts:
        left, width = x + shift, QUEUE_W / 2 - 78
        part = min(1.0, length / max(1, limit))
        full = length >= limit > 0
        canvas.box(left, y, width, 14, theme.paper, theme.mid, radius=1, width=1.2)
        if length:
            colour = theme.alert if full else theme.traveller
            canvas.box(left + 1, y + 1, max(1.0, (width - 2) * part), 12, colour)
        if full:
            canvas.sprite("cross", left + width - 8, y + 7, 11)
        said = f"{whole(length)}/{whole(limit)}"
        canvas.text(left + width + 6, y + 12, said, "caption", theme.ink, max_width=74)


def _chip(index: int, place: int, count: int) -> Rect:
    """Where a name stands in the row of a room, of so many names."""
    column, row = place % 4, place // 4
    y = TOP + ROW_H * index + (2 if count > 4 else 15) + 25 * row
    return (CHIP_X + CHIP_W * column - 4, y, CHIP_W - 4, CHIP_H - 1)
