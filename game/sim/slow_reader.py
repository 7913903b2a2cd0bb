"""A peer that asks for a reply and then reads it a few bytes at a time.

Its window is tiny and opens only as it reads, so the host's send buffer stays full and whoever
serves it is held. Source: the attack known as slow read; RFC 9293 §3.8.6 for the window.
"""

from typing import Any

from game.kernel.segment import Segment
from game.sim.peer import MSS, Peer, PeerPhase

BUFFER_BYTES = 2 * MSS
"""Its receive buffer, and so the largest window it offers; a host that waits for room for a whole
segment still sends."""

READ_EVERY_NS = 200_000_000
NS = 1_000_000_000


class SlowReader(Peer):
    """A peer with a tiny window.

    Args:
        bytes_per_s: how fast it reads.
        others: as of `Peer`.
    """

    __slots__ = ("_chunk", "_every_ns", "_unread")

    def __init__(self, *others: Any, bytes_per_s: float, **more: Any) -> None:
        super().__init__(*others, **more)
        self._chunk = max(1, min(BUFFER_BYTES, round(bytes_per_s * READ_EVERY_NS / NS)))
        self._every_ns = round(self._chunk / bytes_per_s * NS)
        self._unread = 0

    def receive(self, segment: Segment, now_ns: int) -> None:
        """As a peer, but what is not read yet narrows the window."""
        super().receive(segment, now_ns)
        self._wait_to_read()

    def on_timer(self, now_ns: int) -> None:
        """Read a little and tell the host; or send again what is not acknowledged."""
        if self._acked < self._sent or not self._unread:
            super().on_timer(now_ns)
            return
        self._unread -= min(self._chunk, self._unread)
        self._path.to_host(self, self._ack())
        self._wait_to_read()

    def _take_data(self, segment: Segment, now_ns: int) -> None:
        self._unread = min(BUFFER_BYTES, self._unread + segment.length)
        super()._take_data(segment, now_ns)

    def _wait_to_read(self) -> None:
        if self._unread and not self.next_ns and self.phase is PeerPhase.CONNECTED:
            self._path.arm(self, self._every_ns)

    def _segment(self, flags: int, seq: int, *, length: int = 0, mss: int = 0) -> Segment:
        segment = super()._segment(flags, seq, length=length, mss=mss)
        segment.window = BUFFER_BYTES - self._unread
        return segment

    def state(self) -> tuple[int, ...]:
        """Every bit of the peer's state, for a digest."""
        return (*super().state(), self._unread)
