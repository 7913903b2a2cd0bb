"""One connection to a player: reads its messages under limits, and sends to it."""

from collections import deque
from collections.abc import Iterator

from game.protocol.codec import MalformedMessage, decode_from_client, encode
from game.protocol.limits import (
    BASES_KEPT,
    MALFORMED_MAX,
    MESSAGES_A_BEAT,
    MESSAGES_A_BEAT_MAX,
    MESSAGES_SAVED_MAX,
    TOO_FAST_MAX,
)
from game.protocol.link import Link
from game.protocol.messages import ClientMessage, Goodbye, Hello, Refused, ServerMessage
from game.server.plain import plain
from game.server.tally import Tally


class Seat:
    """One player: its link and what it may do.

    Args:
        address: where it comes from, "" inside one process.

    Attributes:
        name: as it said in Hello, "" before.
        acked: tick of the newest snapshot that it has, -1 for none.
        deltas: True if snapshots may come as deltas; inside one process they come whole.
        here: False once it was dismissed.
        wrong_passwords: of rooms, that it has tried.
    """

    def __init__(
        self, link: Link, tally: Tally | None = None, *, address: str = "", deltas: bool = False
    ) -> None:
        self.link = link
        self.tally = tally or Tally()
        self.address = address
        self.name = ""
        self.acked = -1
        self.deltas = deltas
        self.here = True
        self.wrong_passwords = 0
        self._sent: deque[int] = deque(maxlen=BASES_KEPT)
        self._malformed = 0
        self._too_fast = 0
        self._allowed: float = MESSAGES_SAVED_MAX

    def begin_views(self) -> None:
        """Another run: what was sent of the one before is no base any more."""
        self.acked = -1
        self._sent.clear()

    def note_sent(self, tick: int) -> None:
        """The view of a tick was sent."""
        self._sent.append(tick)

    def note_acked(self, tick: int) -> None:
        """The player has a view; what was never sent in this run is of another one."""
        if tick in self._sent:
            self.acked = tick

    @property
    def greeted(self) -> bool:
        """True after Hello."""
        return bool(self.name)

    def greet(self, hello: Hello) -> None:
        """Take the name of whoever sits here."""
        self.name = plain(hello.name) or "player"

    def hear(self) -> Iterator[ClientMessage]:
        """The messages of one beat; what is malformed or too much is refused and counted."""
        self._allowed = min(MESSAGES_SAVED_MAX, self._allowed + MESSAGES_A_BEAT)
        for _ in range(MESSAGES_A_BEAT_MAX):
            data = self.link.receive()
            if data is None or not self.here:
                return
            self.tally.messages += 1
            if self._allowed < 1:
                self._count_too_fast()
                continue
            self._allowed -= 1
            try:
                message = decode_from_client(data)
            except MalformedMessage as error:
                self._count_malformed(str(error))
                continue
            yield message

    def _count_too_fast(self) -> None:
        self._too_fast += 1
        if self._too_fast >= TOO_FAST_MAX:
            self.dismiss("cut_off", {})
        elif self._too_fast == 1:
            self.refuse(0, "too_fast", {})
        else:
            self.tally.refused["too_fast"] += 1

    def _count_malformed(self, why: str) -> None:
        self._malformed += 1
        self.refuse(0, "malformed", {"why": why[:200]})
        if self._malformed >= MALFORMED_MAX:
            self.dismiss("cut_off", {})

    def send(self, message: ServerMessage) -> None:
        """Hand one message to the player."""
        self.send_bytes(encode(message))

    def send_bytes(self, data: bytes) -> None:
        """Hand an encoded message to the player."""
        self.tally.bytes_sent += len(data)
        self.link.send(data)

    def refuse(self, seq: int, code: str, args: dict[str, str | int]) -> None:
        """Say that a message had no effect, and why."""
        self.tally.refused[code] += 1
        self.send(Refused(seq, code, args))

    def dismiss(self, code: str, args: dict[str, str | int]) -> None:
        """Say goodbye and hang up."""
        self.tally.cut_off[code] += 1
        self.send(Goodbye(code, args))
        self.link.close()
        self.here = False
