"""A peer that sends its request a few bytes at a time, and never the end (slowloris).

Whoever waits for the whole request waits as long as the peer holds on.
"""

from typing import Any

from game.kernel.segment import Segment
from game.sim.peer import Peer, PeerPhase

NS = 1_000_000_000


class SlowSender(Peer):
    """A peer whose request never ends.

    Args:
        bytes_per_s: how fast it sends; a piece a second, or a byte at a time if it is slower.
        others: as of `Peer`; of its request the last byte is never sent.
    """

    __slots__ = ("_chunk", "_every_ns", "_unsent")

    def __init__(self, *others: Any, bytes_per_s: float, **more: Any) -> None:
        super().__init__(*others, **more)
        self._chunk = max(1, round(bytes_per_s))
        self._every_ns = round(self._chunk / bytes_per_s * NS)
        first = min(self._chunk, self.request_bytes)
        self._unsent = self.request_bytes - first
        self.request_bytes = first

    def receive(self, segment: Segment, now_ns: int) -> None:
        """As a peer, and wait to send the next piece once the last one has come through."""
        super().receive(segment, now_ns)
        waits = self._acked >= self._sent and not self.next_ns and self._unsent > 1
        if waits and self.phase is PeerPhase.CONNECTED:
            self._path.arm(self, self._every_ns)

    def on_timer(self, now_ns: int) -> None:
        """Send the next piece; or again what is not acknowledged."""
        if self.phase is not PeerPhase.CONNECTED or self._acked < self._sent:
            super().on_timer(now_ns)
            return
        size = min(self._chunk, self._unsent - 1)
        self._unsent -= size
        self.ask(size)

    def state(self) -> tuple[int, ...]:
        """Every bit of the peer's state, for a digest."""
        return (*super().state(), self._unsent)
