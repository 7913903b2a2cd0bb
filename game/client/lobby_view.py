"""What this client knows of a server's rooms and of the people in its own."""

from game.protocol.lobby import (
    ChatLine,
    LeftRoom,
    MatchList,
    MatchResult,
    RoomList,
    RoomState,
    Seated,
    SetupSaved,
)
from game.protocol.messages import ServerMessage
from game.protocol.teacher import ClassBoard, ResultsCsv

CHAT_KEPT = 100
"""Chat lines kept: more than fit into the chat box."""


class LobbyView:
    """Rooms, people and results.

    Attributes:
        rooms: the server's rooms, None before the list came.
        seat: the place in a room, None outside.
        room: how that room stands.
        chat: what was said in it, oldest first.
        left: why the last room was left, "" while in one.
        match: the match, or its first half, that ended last in this room.
        matches: what the server has kept, None before it was asked.
        board: every room at a glance, for a teacher.
        csv: results that were exported, "" before.
        saved: the set-up that was kept last.
        ping_ms: way there and back, -1 when unknown.
    """

    def __init__(self) -> None:
        self.rooms: RoomList | None = None
        self.seat: Seated | None = None
        self.room: RoomState | None = None
        self.chat: list[ChatLine] = []
        self.left = ""
        self.match: MatchResult | None = None
        self.matches: MatchList | None = None
        self.board: ClassBoard | None = None
        self.csv = ""
        self.saved: SetupSaved | None = None
        self.ping_ms = -1

    @property
    def is_host(self) -> bool:
        """Whether this player may set up, start and pause."""
        return (
            self.room is not None and self.seat is not None and (self.room.host == self.seat.player)
        )

    @property
    def team(self) -> str:
        """This player's team, "" for a spectator or outside a room."""
        if self.room is None or self.seat is None:
            return ""
        number = self.seat.player
        return next((one.team for one in self.room.players if one.id == number), "")

    def take(self, message: ServerMessage) -> None:
        """Learn from one message; what is not about rooms is ignored."""
        match message:
            case RoomList():
                self.rooms = message
            case Seated():
                self._sit(message)
            case RoomState():
                self.room = message
            case ChatLine():
                self.chat = [*self.chat, message][-CHAT_KEPT:]
            case LeftRoom(code=code):
                self.seat, self.room, self.left = None, None, code
            case MatchResult():
                self.match = message
            case MatchList():
                self.matches = message
            case ClassBoard():
                self.board = message
            case ResultsCsv(text=text):
                self.csv = text
            case SetupSaved():
                self.saved = message
            case _:
                pass

    def _sit(self, seated: Seated) -> None:
        if self.seat is None or self.seat.code != seated.code:
            self.chat, self.match = [], None
        self.seat = seated
        self.left = ""
