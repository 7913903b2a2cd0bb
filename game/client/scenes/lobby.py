"""Before a room: games on the LAN, then the rooms and kept results of a server."""

import msgspec

from game.client.browse import FoundGame
from game.client.canvas import Canvas
from game.client.line_edit import LineEdit
from game.client.plane import Rect
from game.client.player import Player
from game.client.scene import Hotspot, Outcome, Pop, Push, Send
from game.client.scenes.ask import AskScene, Question
from game.client.scenes.page import Page
from game.client.scenes.room import STRENGTHS
from game.client.scenes.teacher import TeacherScene
from game.client.widgets import button
from game.client.widgets.lobby_rows import draw_game, draw_match, draw_room, watch_rect
from game.client.widgets.ping import draw_ping
from game.client.widgets.plate import level_title
from game.protocol.catalogue import LevelCard
from game.protocol.limits import NAME_LENGTH_MAX, PASSWORD_LENGTH_MAX
from game.protocol.lobby import (
    CreateRoom,
    JoinRoom,
    ListMatches,
    ListRooms,
    MatchResult,
    Mode,
    RoomInfo,
    SetBots,
    StartMatch,
    Strength,
    WatchReplay,
)
from game.protocol.messages import ClientMessage
from game.protocol.teacher import TeacherLogin
from game.text.lobby import lobby_text
from game.text.versus import versus_text

LIST: Rect = (48, 112, 624, 504)
FIRST_ROW, ROW_H, ROWS = 152.0, 50.0, 9
RIGHT, WIDTH = 704.0, 528.0
BACK: Rect = (48, 646, 212, 44)
WHY: Rect = (276, 646, 396, 44)
PAGE: Rect = (572, 646, 100, 44)
NAME: Rect = (704, 130, 528, 36)
BOT: Rect = (704, 184, 360, 56)
STRENGTH: Rect = (1076, 184, 156, 56)
HOST: Rect = (704, 252, 528, 56)
ADDRESS: Rect = (704, 352, 336, 36)
PASSWORD: Rect = (1052, 352, 180, 36)
JOIN: Rect = (704, 404, 256, 44)
CANCEL: Rect = (976, 404, 256, 44)
STATUS_Y = 480.0
ROOM_NAME: Rect = (704, 130, 336, 36)
ROOM_PASSWORD: Rect = (1052, 130, 180, 36)
MODES: tuple[tuple[Mode, Rect], ...] = (
    ("versus", (704, 184, 129, 36)),
    ("coop", (833, 184, 129, 36)),
)
LEVEL: Rect = (974, 184, 258, 36)
CREATE: Rect = (704, 236, 528, 52)
CODE: Rect = (704, 344, 128, 36)
CODE_PASSWORD: Rect = (844, 344, 200, 36)
JOIN_CODE: Rect = (1056, 340, 176, 44)
RESULTS: Rect = (704, 412, 528, 44)
TOKEN: Rect = (704, 502, 340, 36)
TEACHER: Rect = (1056, 498, 176, 44)

ASK_S = 1.5
"""How often the list of rooms is asked for."""


class LobbyScene(Page):
    """Where games are found and rooms are chosen."""

    name = "lobby"

    def __init__(self, player: Player) -> None:
        super().__init__(player, "bot" if player.online.can_practise else "host")
        self._fields = {
            "name": LineEdit(player.name, NAME_LENGTH_MAX),
            "address": LineEdit(player.online.address, 128),
            "password": LineEdit("", PASSWORD_LENGTH_MAX),
            "room-name": LineEdit("", NAME_LENGTH_MAX),
            "room-password": LineEdit("", PASSWORD_LENGTH_MAX),
            "code": LineEdit("", 8),
            "code-password": LineEdit("", PASSWORD_LENGTH_MAX),
            "token": LineEdit("", 64),
        }
        self._mode: Mode = "versus"
        self._level = ""
        self._page = 0
        self._strength: Strength = "medium"
        self._shows_results = False
        self._was_on = False
        self._asked_s = float("-inf")
        self._board_seen = player.view.lobby.board

    # What arrives.

    def update(self, wall_s: float) -> Outcome:
        """Listen while there is no server; ask for rooms while there is one."""
        online = self._player.online
        if online.is_on is not self._was_on:
            self._was_on = online.is_on
            self._page, self._typing = 0, ""
            self._focus.id = "create" if online.is_on else "host"
            if online.is_on:
                name = versus_text(self._player.lang, "room_name_default", name=self._player.name)
                self._fields["room-name"].put(name)
                self._fields["token"].put(online.hosted.token if online.hosted else "")
            else:
                self._fields["address"].put(online.address)
        if not online.is_on:
            if online.state == "away":
                online.listen()
            return None
        online.stop_listening()
        self._settle_level()
        if online.practice is not None:
            return self._practise()
        lobby = self._player.view.lobby
        if lobby.board is not None and lobby.board is not self._board_seen:
            self._board_seen = lobby.board
            return Push(TeacherScene(self._player))
        if wall_s - self._asked_s >= ASK_S:
            self._asked_s = wall_s
            return Send(ListRooms())
        return None

    def _practise(self) -> Outcome:
        """A match against a bot begins at once; whoever has left its room goes away."""
        lobby = self._player.view.lobby
        if lobby.left:
            self._player.online.cancel()
            return None
        if self._asked_s > 0 or not self._level:
            return None
        self._asked_s = float("inf")  # Once.
        name = self._say("room_name_default", name=self._player.name)[:NAME_LENGTH_MAX]
        return Send(
            CreateRoom(name, "versus", self._level),
            SetBots("b", 1, self._strength),
            StartMatch(),
        )

    def _levels(self) -> list[LevelCard]:
        """What can be played in the chosen way."""
        catalogue = self._player.view.catalogue
        if catalogue is None:
            return []
        if self._mode == "coop":
            return list(catalogue.levels)
        return [card for card in catalogue.arenas if card.arena is not None and not card.arena.free]

    def _settle_level(self) -> None:
        ids = [card.id for card in self._levels()]
        if self._level not in ids:
            self._level = ids[0] if ids else ""

    # What can be chosen.

    def hotspots(self) -> list[Hotspot]:
        """Rows first, then the column at the right, then the foot."""
        return self._spots_on() if self._player.online.is_on else self._spots_away()

    def _say(self, key: str, **blanks: str | int) -> str:
        return versus_text(self._player.lang, key, **blanks)

    def _spots_away(self) -> list[Hotspot]:
        online = self._player.online
        spots = [
            Hotspot(_row(index), f"game:{game.address}", game.name)
            for index, game in enumerate(self._games())
            if game.speaks
        ]
        spots += [
            Hotspot(NAME, "name", self._say("your_name")),
            Hotspot(ADDRESS, "address", self._say("address")),
            Hotspot(PASSWORD, "password", self._say("password")),
            Hotspot(JOIN, "join", self._say("join")),
        ]
        if online.state == "connecting":
            spots.append(Hotspot(CANCEL, "cancel", self._say("cancel")))
        else:
            spots += self._spots_of_ones_own()
        spots.append(Hotspot(BACK, "back", self._say("back")))
        spots.append(Hotspot(WHY, "why", self._say("why_nothing")))
        return spots

    def _spots_of_ones_own(self) -> list[Hotspot]:
        """What can be played without finding anybody first."""
        online, spots = self._player.online, []
        if online.can_practise:
            spots.append(Hotspot(BOT, "bot", self._say("play_bot")))
            title = self._say(f"strength_{self._strength}")
            spots.append(Hotspot(STRENGTH, "strength", title))
        if online.can_host:
            spots.append(Hotspot(HOST, "host", self._say("host")))
        return spots

    def _spots_on(self) -> list[Hotspot]:
        spots: list[Hotspot] = []
        if self._shows_results:
            for index, match in enumerate(self._matches()):
                for half, played in enumerate(match.halves):
                    if played.replay:
                        title = self._say("watch_half", n=half + 1)
                        spots.append(
                            Hotspot(watch_rect(_row(index), half), f"watch:{played.replay}", title)
                        )
        else:
            for index, room in enumerate(self._rooms()):
                x, y, w, h = _row(index)
                spots.append(Hotspot((x, y, w - 88, h), f"room:{room.code}", room.name))
                title = self._say("room_watch")
                spots.append(Hotspot((x + w - 80, y + 4, 72, h - 8), f"see:{room.code}", title))
        spots += [
            Hotspot(ROOM_NAME, "room-name", self._say("room_name")),
            Hotspot(ROOM_PASSWORD, "room-password", self._say("room_password")),
        ]
        spots += [Hotspot(rect, f"mode:{mode}", self._say(f"mode_{mode}")) for mode, rect in MODES]
        spots += [
            Hotspot(LEVEL, "level", self._level_title(self._level)),
            Hotspot(CREATE, "create", self._say("create")),
            Hotspot(CODE, "code", self._say("code")),
            Hotspot(CODE_PASSWORD, "code-password", self._say("code_password")),
            Hotspot(JOIN_CODE, "join-code", self._say("join_code")),
            Hotspot(RESULTS, "results", self._results_title()),
            Hotspot(TOKEN, "token", self._say("teacher_token")),
            Hotspot(TEACHER, "teacher", self._say("teacher_open")),
            Hotspot(BACK, "leave", self._say("leave_server")),
        ]
        if self._pages() > 1:
            title = self._say("next_page", n=self._page + 1, all=self._pages())
            spots.append(Hotspot(PAGE, "page", title))
        return spots

    def _results_title(self) -> str:
        return self._say("results_back" if self._shows_results else "results")

    def _games(self) -> list[FoundGame]:
        return self._player.online.games[:ROWS]

    def _all_rooms(self) -> list[RoomInfo]:
        rooms = self._player.view.lobby.rooms
        return rooms.rooms if rooms is not None else []

    def _rooms(self) -> list[RoomInfo]:
        return self._all_rooms()[self._page * ROWS :][:ROWS]

    def _all_matches(self) -> list[MatchResult]:
        kept = self._player.view.lobby.matches
        return kept.matches if kept is not None else []

    def _matches(self) -> list[MatchResult]:
        return self._all_matches()[self._page * ROWS :][:ROWS]

    def _pages(self) -> int:
        count = len(self._all_matches() if self._shows_results else self._all_rooms())
        return max(1, -(-count // ROWS))

    def back(self) -> Outcome:
        """From a server to the games; from there to the menu."""
        online = self._player.online
        if online.state == "connecting":
            online.cancel()
            return None
        if online.is_on and online.hosted is not None:
            return self._ask_to_close()
        if online.is_on:
            online.cancel()
            return None
        online.stop_listening()
        return Pop()

    def _ask_to_close(self) -> Outcome:
        """A server of one's own takes everybody along."""
        parts = ("title", "text", "stay", "go")
        question = Question(*(self._say(f"close_{part}") for part in parts))
        online, keys = self._player.online, self._player.keys
        return Push(AskScene(self, question, Pop(), Pop(), keys, act=online.cancel))

    def typed(self, spot: str) -> None:
        """The name is kept as it is typed."""
        if spot == "name":
            store = self._player.settings
            name = self._fields["name"].text.strip()
            store.put(msgspec.structs.replace(store.now, name=name))
        elif spot == "code":
            edit = self._fields["code"]
            edit.text = edit.text.upper()

    def enter(self, spot: str) -> Outcome:
        """Enter in a field does what the field is for."""
        follows = {
            "address": "join",
            "password": "join",
            "room-name": "create",
            "room-password": "create",
            "code": "join-code",
            "code-password": "join-code",
            "token": "teacher",
        }
        if spot in follows:
            return self.choose(follows[spot])
        self._typing = ""
        return None

    def choose(self, spot: str) -> Outcome:
        """Go somewhere, or ask the server."""
        online, kind, rest = self._player.online, *spot.partition(":")[::2]
        match kind:
            case "game":
                online.connect(rest, self._player.name, self._text("password"))
            case "join" if self._text("address"):
                online.connect(self._text("address"), self._player.name, self._text("password"))
            case "join":
                self.type_into("address")
            case "host":
                title = self._say("host_name", name=self._player.name)
                online.host(self._player.name, title)
            case "bot":
                online.practise(self._player.name)
            case "strength":
                at = STRENGTHS.index(self._strength)
                self._strength = STRENGTHS[(at + 1) % len(STRENGTHS)]
            case "cancel":
                online.cancel()
            case "why":
                online.test()
            case "back" | "leave":
                return self.back()
            case _:
                return self._ask(kind, rest)
        return None

    def _ask(self, kind: str, rest: str) -> Outcome:
        message: ClientMessage | None = None
        match kind:
            case "room" | "see":
                password = self._text("code-password")
                message = JoinRoom(rest, password, spectate=kind == "see")
            case "join-code" if self._text("code"):
                message = JoinRoom(self._text("code"), self._text("code-password"))
            case "join-code":
                self.type_into("code")
            case "create" if self._level:
                name = self._text("room-name") or self._player.name
                message = CreateRoom(name, self._mode, self._level, self._text("room-password"))
            case "mode":
                self._mode = "coop" if rest == "coop" else "versus"
                self._settle_level()
            case "level":
                ids = [card.id for card in self._levels()]
                if self._level in ids:
                    self._level = ids[(ids.index(self._level) + 1) % len(ids)]
            case "results":
                self._shows_results, self._page = not self._shows_results, 0
                message = ListMatches() if self._shows_results else ListRooms()
            case "watch":
                message = WatchReplay(rest)
            case "page":
                self._page = (self._page + 1) % self._pages()
            case "teacher" if self._text("token"):
                message = TeacherLogin(self._text("token"))
            case "teacher":
                self.type_into("token")
        return Send(message) if message is not None else None

    def _text(self, spot: str) -> str:
        return self._fields[spot].text.strip()

    def _level_title(self, level: str) -> str:
        return level_title(self._player.view, level, self._player.lang)

    # The picture.

    def paint(self, canvas: Canvas) -> None:
        """Head, the list, the column at the right."""
        theme = canvas.theme
        canvas.clear()
        canvas.box(0, 0, 1280, 8, theme.sign)
        canvas.icon("versus", 68, 56, 32)
        canvas.text(104, 63, self._say("lobby_title"), "title", theme.ink)
        canvas.box(*LIST, theme.floor, theme.hair, radius=6, width=1.2)
        if self._player.online.is_on:
            self._paint_on(canvas)
        else:
            self._paint_away(canvas)

    def _paint_away(self, canvas: Canvas) -> None:
        theme, online = canvas.theme, self._player.online
        left = 120 + canvas.measure(self._say("lobby_title"), "title")
        canvas.text(left, 63, self._say("lobby_lead"), "body", theme.ink2, max_width=1232 - left)
        canvas.text(64, 138, self._say("games_here"), "sign", theme.ink)
        games = self._games()
        for index, game in enumerate(games):
            draw_game(canvas, _row(index), game)
        if not games:
            key = "games_none" if online.hears else "games_listening"
            canvas.paragraph(64, 178, self._say(key), "body", theme.ink2, 592)
        self.field(canvas, "name", NAME, self._say("your_name"))
        hint = self._say("address_hint")
        self.field(canvas, "address", ADDRESS, self._say("address"), hint)
        self.field(canvas, "password", PASSWORD, self._say("password"), hidden=True)
        icons = {"join": "arrow", "back": "back", "why": "info", "cancel": "close"}
        self.buttons(canvas, self.hotspots(), icons)
        if online.state != "connecting":
            self._paint_ones_own(canvas)
        self._paint_status(canvas)

    def _paint_ones_own(self, canvas: Canvas) -> None:
        theme, online = canvas.theme, self._player.online
        if online.can_practise:
            more = self._say("play_bot_more")
            button.primary(canvas, BOT, "play", self._say("play_bot"), more)
            x, y, w, h = STRENGTH
            canvas.box(x, y, w, h, theme.floor, theme.hair, radius=5, width=1.4)
            said = self._say("bot_strength_label")
            canvas.text(x + 12, y + 22, said, "caption", theme.ink2, max_width=w - 44)
            said = self._say(f"strength_{self._strength}")
            canvas.text(x + 12, y + 41, said, "sign", theme.ink, max_width=w - 44)
            canvas.icon("right", x + w - 18, y + h / 2, 11)
        if online.can_host:
            paint = button.entry if online.can_practise else button.primary
            paint(canvas, HOST, "people", self._say("host"), self._say("host_more"))

    def _paint_status(self, canvas: Canvas) -> None:
        """What is under way, what went wrong, and what the self-test found."""
        theme, online, lang = canvas.theme, self._player.online, self._player.lang
        y = STATUS_Y
        if online.state == "connecting":
            key = "connecting" if online.address else "hosting"
            said = self._say(key, address=online.address) if online.address else self._say(key)
            canvas.icon("gear", 714, 216, 18)
            canvas.paragraph(734, 221, said, "strong", theme.ink, WIDTH - 30)
        trouble = online.trouble(lang)
        if trouble:
            canvas.sprite("cross", 714, y - 5, 16)
            y = canvas.paragraph(734, y, trouble, "strong", theme.ink, WIDTH - 30) + 8
        if online.is_testing:
            canvas.text(RIGHT, y, self._say("why_testing"), "body", theme.ink2)
        for number, code in enumerate(online.problems or ()):
            canvas.text(RIGHT, y, f"{number + 1}.", "strong", theme.ink)
            y = canvas.paragraph(
                RIGHT + 30, y, lobby_text(lang, code, {}), "body", theme.ink, WIDTH - 30
            )
            y += 6

    def _paint_on(self, canvas: Canvas) -> None:
        theme, online = canvas.theme, self._player.online
        rooms = self._player.view.lobby.rooms
        server = rooms.server if rooms is not None else ""
        said = self._say("server", name=server, address=online.address)
        if online.hosted is not None:
            said = self._say("others_type", address=online.address)
        role = "title" if online.hosted is not None else "body"
        left = 120 + canvas.measure(self._say("lobby_title"), "title")
        canvas.text(left, 63, said, role, theme.ink2, max_width=1100 - left)
        draw_ping(canvas, 1232, 58, self._player.view.lobby.ping_ms)
        if online.hosted is not None and online.hosted.trouble:
            trouble = lobby_text(canvas.lang, online.hosted.trouble, {"why": online.hosted.why})
            canvas.text(104, 86, trouble, "caption", theme.alert, max_width=1128)
        if self._shows_results:
            self._paint_results(canvas)
        else:
            self._paint_rooms(canvas)
        self.field(canvas, "room-name", ROOM_NAME, self._say("room_name"))
        label = self._say("room_password")
        self.field(canvas, "room-password", ROOM_PASSWORD, label, hidden=True)
        rect = (MODES[0][1][0], MODES[0][1][1], 258.0, 36.0)
        titles = [self._say(f"mode_{mode}") for mode, _ in MODES]
        button.choices(canvas, rect, titles, int(self._mode == "coop"))
        x, y, w, h = LEVEL
        canvas.box(x, y, w, h, theme.floor, theme.hair, radius=5, width=1.4)
        title = self._level_title(self._level)
        canvas.text(x + 12, y + 23, title, "sign", theme.ink, max_width=w - 44)
        canvas.icon("right", x + w - 18, y + h / 2, 11)
        key = "create_more_coop" if self._mode == "coop" else "create_more"
        more = self._say(key, mode=self._say(f"mode_{self._mode}"), level=title)
        button.primary(canvas, CREATE, "plus", self._say("create"), more)
        canvas.line(RIGHT, 308, RIGHT + WIDTH, 308, theme.hair)
        self.field(canvas, "code", CODE, self._say("code"))
        self.field(canvas, "code-password", CODE_PASSWORD, self._say("code_password"), hidden=True)
        self.field(canvas, "token", TOKEN, self._say("teacher_token"), hidden=True)
        icons = {
            "join-code": "arrow",
            "results": "info",
            "teacher": "people",
            "leave": "back",
            "page": "",
        }
        self.buttons(canvas, self.hotspots(), icons)

    def _paint_rooms(self, canvas: Canvas) -> None:
        theme = canvas.theme
        canvas.text(64, 138, self._say("rooms_here"), "sign", theme.ink)
        rooms = self._rooms()
        if not rooms:
            canvas.text(64, 178, self._say("rooms_none"), "body", theme.ink2, max_width=592)
        for index, room in enumerate(rooms):
            draw_room(canvas, _row(index), room, self._level_title(room.level))

    def _paint_results(self, canvas: Canvas) -> None:
        theme = canvas.theme
        canvas.text(64, 138, self._say("results"), "sign", theme.ink)
        matches = self._matches()
        if not matches:
            canvas.text(64, 178, self._say("results_none"), "body", theme.ink2, max_width=592)
        for index, match in enumerate(matches):
            draw_match(canvas, _row(index), match, self._level_title(match.level))


def _row(index: int) -> Rect:
    return (LIST[0] + 12, FIRST_ROW + ROW_H * index, LIST[2] - 24, ROW_H)
