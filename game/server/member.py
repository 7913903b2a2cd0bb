"""Somebody in a room: a person with a seat, a person whose connection is broken, or a bot."""

from game.bots.player import Bot
from game.protocol.lobby import PlayerInfo
from game.server.seat import Seat


class Member:
    """One player or spectator.

    Args:
        number: within the room.
        token: what brings a person back to this place; "" for a bot.
        team: "a", "b", or "" for a spectator.

    Attributes:
        seat: the connection, None while it is broken.
        last_seat: the connection that stands or stood last.
        bot: who plays, if it is no person.
        left_beats: beats for which the place of a broken connection is kept.
    """

    def __init__(
        self, number: int, name: str, team: str, token: str, seat: Seat, bot: Bot | None = None
    ) -> None:
        self.id = number
        self.name = name
        self.team = team
        self.token = token
        self.seat: Seat | None = seat
        self.last_seat = seat
        self.bot = bot
        self.ready = bot is not None
        self.ping_ms = -1
        self.left_beats = 0

    def sit(self, seat: Seat) -> None:
        """Take the place again by another connection."""
        self.seat = self.last_seat = seat
        self.left_beats = 0

    @property
    def here(self) -> bool:
        """Whether the connection stands."""
        return self.seat is not None

    @property
    def is_person(self) -> bool:
        """Whether it is no bot."""
        return self.bot is None

    def info(self) -> PlayerInfo:
        """What the others see."""
        return PlayerInfo(
            self.id, self.name, self.team, self.ready, self.here, not self.is_person, self.ping_ms
        )
