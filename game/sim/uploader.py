"""A client whose request does not fit into one segment: it sends what the host's window allows.

Its congestion window begins with ten segments and grows by one for each that is acknowledged
(slow start, without an end: requests are short). Source: RFC 9293 §3.8.6, RFC 6928, RFC 5681 §3.1.
"""

from typing import Any

from game.kernel.segment import ACK, FIN, SYN, Segment
from game.sim.peer import DATA_RETRIES, DATA_RTO_NS, MASK32, MSS, Peer, PeerPhase

INITIAL_CWND = 10


class Uploader(Peer):
    """A peer with a long request.

    Args:
        refused: the host reads only its beginning.
        others: as of `Peer`.

    Attributes:
        total_bytes: of the whole request; `request_bytes` is what of it was sent so far.
    """

    __slots__ = ("_cwnd", "_edge", "refused", "total_bytes")

    def __init__(self, *others: Any, refused: bool, **more: Any) -> None:
        super().__init__(*others, **more)
        self.refused = refused
        self.total_bytes = self.request_bytes
        self.request_bytes = min(MSS, self.total_bytes)
        self._cwnd = INITIAL_CWND
        self._edge = 0  # Sequence numbers that the host's window allows.

    def receive(self, segment: Segment, now_ns: int) -> None:
        """As a peer, and send on as far as window and congestion window go."""
        before = self._acked
        if segment.flags & SYN and self.phase is PeerPhase.CONNECTING:
            self._edge = 1 + segment.window
        super().receive(segment, now_ns)
        if self.phase is not PeerPhase.CONNECTED:
            return
        if segment.flags & ACK and not segment.flags & SYN:
            self._edge = max(self._edge, ((segment.ack - self._isn) & MASK32) + segment.window)
        if self._acked > before:
            self._timeouts = 0
            self._cwnd += -(-(self._acked - before) // MSS)
        was_writing = self.request_bytes < self.total_bytes
        self._send_on(moved=self._acked > before)
        if was_writing and self.request_bytes == self.total_bytes:
            self._read_at_last(now_ns)

    def on_timer(self, now_ns: int) -> None:
        """Send the oldest segment again; or ask whether a closed window has opened."""
        waits = self.phase is PeerPhase.CONNECTED and self._acked == self._sent
        if not waits or self.request_bytes == self.total_bytes:
            super().on_timer(now_ns)
        elif self._timeouts < DATA_RETRIES:
            self._timeouts += 1
            self._path.to_host(self, self._segment(ACK, self._next_seq() - 1))
            self._path.arm(self, DATA_RTO_NS << self._timeouts)

    def _take_data(self, segment: Segment, now_ns: int) -> None:
        """It writes the whole request before it reads: an RST meanwhile is all it learns."""
        if self.request_bytes == self.total_bytes or self.phase is not PeerPhase.CONNECTED:
            super()._take_data(segment, now_ns)
            return
        fin = segment.flags & FIN
        self._fin_received = bool(fin)
        self._received += segment.length
        self._ack_to_host = (segment.seq + segment.length + (1 if fin else 0)) & MASK32
        self._path.to_host(self, self._ack())

    def _read_at_last(self, now_ns: int) -> None:
        """All is written; perhaps the reply has been there for long."""
        if self._received >= self.reply_bytes and (self._fin_received or not self.until_close):
            self._end(PeerPhase.SERVED, now_ns)
            self._finish()
        elif self._fin_received:
            self._end(PeerPhase.RESET, now_ns)
            self._finish()

    def _send_on(self, *, moved: bool) -> None:
        segments = []
        edge = min(self._edge, self._acked + self._cwnd * MSS)
        while (left := self.total_bytes - self.request_bytes) > 0:
            size = min(MSS, left)
            if self._sent + size > edge:
                break
            segments.append(self._segment(ACK, self._next_seq(), length=size))
            self._sent += size
            self.request_bytes += size
        if segments:
            self._path.to_host(self, *segments)
        if segments or moved or (left and not self.next_ns):
            in_flight = self._acked < self._sent
            if in_flight or left:
                self._path.arm(self, DATA_RTO_NS + 2 * self.one_way_ns)

    def _unacknowledged(self) -> Segment:
        """The first segment of what the host has not acknowledged, a full one at most."""
        segment = super()._unacknowledged()
        segment.length = min(segment.length, MSS)
        return segment

    def state(self) -> tuple[int, ...]:
        """Every bit of the peer's state, for a digest."""
        return (*super().state(), self.request_bytes, self._cwnd, self._edge)
