"""This client's end of the link: greets, sends, and feeds what comes into the view."""

from collections.abc import Iterable

from game.client.game_view import GameView
from game.protocol.codec import MalformedMessage, decode_from_server, encode
from game.protocol.limits import PROTOCOL_MAX, PROTOCOL_MIN
from game.protocol.link import Link
from game.protocol.messages import Ack, ClientMessage, Hello

MESSAGES_A_FRAME_MAX = 200
"""Messages taken in one frame: at 8 × some ten come; what is more waits for the next frame."""


class HostLine:
    """A link to a host.

    Args:
        name: the player's, for the lobby.

    Attributes:
        malformed: messages of the host that could not be read.
    """

    def __init__(self, link: Link, view: GameView, build: str, name: str = "player") -> None:
        self._link = link
        self._view = view
        self._acked = -1
        self.malformed = 0
        self.send([Hello(PROTOCOL_MIN, PROTOCOL_MAX, build, name)])

    @property
    def closed(self) -> bool:
        """True when the host is gone and everything it said was heard."""
        return self._link.closed

    def send(self, messages: Iterable[ClientMessage]) -> None:
        """Send messages in order."""
        for message in messages:
            self._link.send(encode(message))

    def pump(self, wall_s: float) -> None:
        """Hear everything that came, and acknowledge the newest snapshot."""
        for _ in range(MESSAGES_A_FRAME_MAX):
            data = self._link.receive()
            if data is None:
                break
            try:
                message = decode_from_server(data)
            except MalformedMessage:
                self.malformed += 1
                continue
            self._view.take(message, wall_s)
        newest = self._view.snapshot
        if newest is not None and newest.tick != self._acked:
            self._acked = newest.tick
            self.send([Ack(newest.tick)])

    def close(self) -> None:
        """Hang up."""
        self._link.close()
