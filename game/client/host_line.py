"""This client's end of the link: greets, sends, and feeds what comes into the view."""

from collections import OrderedDict
from collections.abc import Iterable

from game.client.game_view import GameView
from game.protocol.attack import AttackView
from game.protocol.codec import MalformedMessage, decode_from_server, encode
from game.protocol.delta import BadDelta, unpack
from game.protocol.limits import ACK_TICKS, BASES_KEPT, PROTOCOL_MAX, PROTOCOL_MIN
from game.protocol.link import Link
from game.protocol.lobby import Ping, Pong
from game.protocol.messages import Ack, ClientMessage, Delta, Hello, ServerMessage, Started
from game.protocol.snapshot import Snapshot

MESSAGES_A_FRAME_MAX = 200
"""Messages taken in one frame: at 8 × some ten come; what is more waits for the next frame."""

PING_S = 1.0


class HostLine:
    """A link to a host.

    Args:
        name: the player's, for the lobby.
        password: of the server.
        level_set: hash of the catalogue that is known already, "" for none.
        measures: whether to measure the way there and back; inside one process there is none.

    Attributes:
        malformed: messages of the host that could not be read.
    """

    def __init__(
        self,
        link: Link,
        view: GameView,
        build: str,
        name: str = "player",
        *,
        password: str = "",
        level_set: str = "",
        measures: bool = False,
    ) -> None:
        self._link = link
        self._view = view
        self._wholes: dict[bool, OrderedDict[int, bytes]] = {}
        self._acked = -1
        self._measures = measures
        self._pings = 0
        self._pinged_s = 0.0
        self.malformed = 0
        self.send([Hello(PROTOCOL_MIN, PROTOCOL_MAX, build, name, password, level_set)])

    @property
    def closed(self) -> bool:
        """True when the host is gone and everything it said was heard."""
        return self._link.closed

    def send(self, messages: Iterable[ClientMessage]) -> None:
        """Send messages in order."""
        for message in messages:
            self._link.send(encode(message))

    def pump(self, wall_s: float) -> None:
        """Hear everything that came, and acknowledge the newest views."""
        for _ in range(MESSAGES_A_FRAME_MAX):
            data = self._link.receive()
            if data is None:
                break
            try:
                message, data = self._read(data)
            except (MalformedMessage, BadDelta):
                self.malformed += 1
                continue
            if isinstance(message, Pong):
                self._take_pong(message, wall_s)
            else:
                self._view.take(message, wall_s, data)
        self._acknowledge()
        if self._measures and wall_s - self._pinged_s >= PING_S:
            self._pings += 1
            self._pinged_s = wall_s
            self.send([Ping(self._pings, self._view.lobby.ping_ms)])

    def _read(self, data: bytes) -> tuple[ServerMessage, bytes]:
        """The message in some bytes, put together again if it came as a delta; and its bytes."""
        message = decode_from_server(data)
        if isinstance(message, Delta):
            wholes = self._wholes.get(message.attack)
            base = wholes.get(message.base) if wholes else None
            if base is None:
                raise BadDelta("against a message that is not here")
            data = unpack(message.data, base)
            message = decode_from_server(data)
        if isinstance(message, Started):
            self._wholes.clear()
            self._acked = -1
        elif isinstance(message, Snapshot | AttackView):
            wholes = self._wholes.setdefault(isinstance(message, AttackView), OrderedDict())
            wholes[message.tick] = data
            while len(wholes) > BASES_KEPT:
                wholes.popitem(last=False)
        return message, data

    def _acknowledge(self) -> None:
        """Tell the newest tick of which every view is here that comes, now and then."""
        if not self._wholes:
            return
        newest = min(next(reversed(wholes)) for wholes in self._wholes.values())
        if newest - self._acked >= ACK_TICKS or self._acked < 0 <= newest:
            self._acked = newest
            self.send([Ack(newest)])

    def _take_pong(self, pong: Pong, wall_s: float) -> None:
        if pong.id == self._pings:
            self._view.lobby.ping_ms = min(60_000, round((wall_s - self._pinged_s) * 1000))

    def close(self) -> None:
        """Hang up."""
        self._link.close()
