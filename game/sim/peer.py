"""Linux clients seen from outside: connect, ask, wait for the reply, close, or give up.

A peer is a state machine driven by the segments it receives and by its timers; it is not a second
kernel. Its SYN schedule is `tcp_syn_retries` 6 with `tcp_syn_linear_timeouts` 4 (again after 1, 2,
3, 4, 5, 7, 11, 19 s); data goes out again 0.2, 0.4, 0.8 … s after the first sending.
Source: linux v6.18 net/ipv4/tcp_timer.c tcp_retransmit_timer(), RFC 6298.
"""

from enum import IntEnum
from typing import Protocol

from game.kernel.segment import ACK, FIN, RST, SYN, Flow, Segment
from game.sim.rng import Random

MSS = 1_460
WINDOW = 64_240
MASK32 = 0xFFFFFFFF
SYN_RTO_NS = 1_000_000_000
SYN_LINEAR_TIMEOUTS = 4
SYN_RETRIES = 10  # tcp_syn_retries 6 + tcp_syn_linear_timeouts 4
DATA_RTO_NS = 200_000_000
DATA_RETRIES = 15


class PeerPhase(IntEnum):
    """How far a peer has come."""

    CONNECTING = 0
    CONNECTED = 1
    SERVED = 2
    GAVE_UP = 3
    RESET = 4


class Path(Protocol):
    """The way between one peer and the host."""

    def to_host(self, peer: "Peer", *segments: Segment) -> None:
        """Send segments, in order; any of them may get lost."""

    def arm(self, peer: "Peer", delay_ns: int) -> None:
        """Call the peer's `on_timer` after a timer of `delay_ns`; replaces the one before."""

    def disarm(self, peer: "Peer") -> None:
        """Forget the peer's timer."""

    def connected_by(self, peer: "Peer") -> None:
        """The peer has its SYN-ACK (told once)."""

    def ended_by(self, peer: "Peer") -> None:
        """The peer was served, has given up or was reset (told once)."""

    def forget(self, peer: "Peer") -> None:
        """Nothing the host can still send would be answered."""


class Visit(Protocol):
    """What a peer does that has more than one request (`clients.py`).

    Attributes:
        left: requests it has not sent yet.
        is_thinking: nothing is asked and nothing owed.
    """

    left: int
    is_thinking: bool

    def goes_on(self, peer: "Peer", now_ns: int) -> bool:
        """A whole reply has come: True if the peer stays, to ask again."""

    def leave_early(self, peer: "Peer", now_ns: int) -> None:
        """The host has closed while nothing was owed: the rest needs another connection."""


class Peer:
    """One client connection, from its first SYN to its end.

    Args:
        number: of the connection, the same on every picture of it.
        reply_bytes: of the reply it waits for; 0 for a hoarder, who asks for nothing.

    Attributes:
        actor: number of a kind of peer (`protocol.snapshot.Actor`).
        one_way_ns: delay of its link, each way.
        started_ns, deadline_ns: when it connects and when it gives up.
        connected_ns, ended_ns: when it got the SYN-ACK, and when all was over; None before.
        syn_retransmits: SYNs sent again.
        next_ns: when its timer is due, 0 when none is set.
        timer_key: the timer wheel's.
        until_close: it has the whole reply only with the host's FIN.
        visit: its further requests, None for a peer with one.
        inbox, inbox_ns: segments that reach it next, and when; its path's.
        outbox, outbox_ns: segments that reach the host next, and when; its path's.
    """

    __slots__ = (
        "_ack_to_host",
        "_acked",
        "_fin_received",
        "_isn",
        "_path",
        "_received",
        "_sent",
        "_timeouts",
        "actor",
        "connected_ns",
        "deadline_ns",
        "ended_ns",
        "flow",
        "inbox",
        "inbox_ns",
        "loss",
        "next_ns",
        "number",
        "one_way_ns",
        "outbox",
        "outbox_ns",
        "phase",
        "reply_bytes",
        "request_bytes",
        "started_ns",
        "syn_retransmits",
        "timer_key",
        "until_close",
        "visit",
    )

    def __init__(
        self,
        path: Path,
        flow: Flow,
        *,
        number: int,
        actor: int,
        isn: int,
        one_way_ns: int,
        loss: float,
        request_bytes: int,
        reply_bytes: int,
        started_ns: int,
        deadline_ns: int,
    ) -> None:
        self._path = path
        self.flow = flow
        self.number = number
        self.actor = actor
        self.one_way_ns = one_way_ns
        self.loss = loss
        self.request_bytes = request_bytes
        self.reply_bytes = reply_bytes
        self.started_ns = started_ns
        self.deadline_ns = deadline_ns
        self.connected_ns: int | None = None
        self.ended_ns: int | None = None
        self.phase = PeerPhase.CONNECTING
        self.syn_retransmits = 0
        self.next_ns = 0
        self.timer_key = 0
        self.until_close = False
        self.visit: Visit | None = None
        self.inbox: list[Segment] = []
        self.inbox_ns = 0
        self.outbox: list[Segment] = []
        self.outbox_ns = 0
        self._isn = isn
        self._timeouts = 0
        self._sent = 1  # Sequence numbers used, the SYN's first.
        self._acked = 0  # Of those, acknowledged by the host.
        self._ack_to_host = 0  # Next sequence number expected from the host.
        self._received = 0  # Bytes of the reply.
        self._fin_received = False

    def connect(self) -> None:
        """Send the first SYN."""
        self._path.to_host(self, self._segment(SYN, self._isn, mss=MSS))
        self._path.arm(self, SYN_RTO_NS)

    def on_timer(self, now_ns: int) -> None:
        """Send again what is not acknowledged, and wait longer."""
        self._timeouts += 1
        if self.phase is PeerPhase.CONNECTING:
            if self._timeouts > SYN_RETRIES:
                self._end(PeerPhase.GAVE_UP, now_ns)
                self._path.forget(self)
                return
            self.syn_retransmits += 1
            self._path.to_host(self, self._segment(SYN, self._isn, mss=MSS))
            doublings = max(0, self._timeouts - SYN_LINEAR_TIMEOUTS)
            self._path.arm(self, SYN_RTO_NS << doublings)
        elif self._acked < self._sent and self._timeouts <= DATA_RETRIES:
            self._path.to_host(self, self._unacknowledged())
            self._path.arm(self, DATA_RTO_NS << self._timeouts)

    def on_deadline(self, now_ns: int) -> None:
        """Give up: a connected peer sends FIN, one that still connects goes away."""
        if self.ended_ns is not None:
            return
        connected = self.phase is PeerPhase.CONNECTED
        self._path.disarm(self)
        self._end(PeerPhase.GAVE_UP, now_ns)
        if connected:
            self._finish()
        elif not self.reply_bytes:
            self._path.forget(self)

    def receive(self, segment: Segment, now_ns: int) -> None:
        """Take one segment of the host."""
        flags = segment.flags
        if flags & RST:
            self._reset(now_ns)
        elif flags & SYN:
            self._receive_syn_ack(segment, now_ns)
        else:
            self._receive_established(segment, now_ns)

    def _receive_syn_ack(self, segment: Segment, now_ns: int) -> None:
        if self.phase is not PeerPhase.CONNECTING:
            if self.connected_ns is None:
                self._path.to_host(self, self._segment(RST, segment.ack))
            else:  # A SYN-ACK sent again: the host has not taken our ACK.
                self._path.to_host(self, self._segment(ACK, self._next_seq()))
            return
        self.phase = PeerPhase.CONNECTED
        self.connected_ns = now_ns
        self._path.connected_by(self)
        self._acked = 1
        self._ack_to_host = (segment.seq + 1) & MASK32
        self._timeouts = 0
        self._path.disarm(self)
        ack = self._segment(ACK, self._next_seq())
        if not self.reply_bytes:
            self._path.to_host(self, ack)
            return
        request = self._segment(ACK, self._next_seq(), length=self.request_bytes)
        self._sent += self.request_bytes
        self._path.to_host(self, ack, request)
        self._path.arm(self, DATA_RTO_NS)

    def _receive_established(self, segment: Segment, now_ns: int) -> None:
        if self.connected_ns is None:
            return
        if segment.length and self.phase is PeerPhase.GAVE_UP:
            self._path.to_host(self, self._segment(RST, segment.ack))
            self._path.disarm(self)
            self._path.forget(self)
            return
        self._acked = max(self._acked, (segment.ack - self._isn) & MASK32)
        if self._acked >= self._sent:
            self._path.disarm(self)
            self._timeouts = 0
            self._forget_when_closed()
        if segment.seq == self._ack_to_host and (segment.length or segment.flags & FIN):
            self._take_data(segment, now_ns)
        elif segment.length:
            self._path.to_host(self, self._segment(ACK, self._next_seq()))

    def _take_data(self, segment: Segment, now_ns: int) -> None:
        fin = segment.flags & FIN
        if fin:
            self._fin_received = True
        self._received += segment.length
        self._ack_to_host = (segment.seq + segment.length + (1 if fin else 0)) & MASK32
        if self.visit is not None and self.ended_ns is None and self._continues(fin, now_ns):
            return
        whole = self._received >= self.reply_bytes and (fin or not self.until_close)
        if self.ended_ns is None and self.reply_bytes and whole:
            self._end(PeerPhase.SERVED, now_ns)
            self._finish()
        elif fin and self.ended_ns is None:
            self._end(PeerPhase.RESET, now_ns)  # The host closed before the whole reply.
            self._finish()
        else:
            self._path.to_host(self, self._segment(ACK, self._next_seq()))
            self._forget_when_closed()

    def _continues(self, fin: int, now_ns: int) -> bool:
        """More than one request: True if what has just come is dealt with."""
        visit = self.visit
        assert visit is not None  # The caller has looked.
        if visit.is_thinking and fin:
            visit.leave_early(self, now_ns)
            self._end(PeerPhase.SERVED, now_ns)
            self._finish()
            return True
        if fin or self._received < self.reply_bytes or not visit.goes_on(self, now_ns):
            return False
        self._received = 0
        self._path.to_host(self, self._segment(ACK, self._next_seq()))
        return True

    def ask(self, size: int) -> None:
        """Send another request on the same connection."""
        request = self._segment(ACK, self._next_seq(), length=size)
        self.request_bytes += size
        self._sent += size
        self._timeouts = 0
        self._path.to_host(self, request)
        self._path.arm(self, DATA_RTO_NS)

    def _forget_when_closed(self) -> None:
        """Both FINs are acknowledged: nothing more will come."""
        if self.ended_ns is not None and self._fin_received and self._acked >= self._sent:
            self._path.forget(self)

    def _finish(self) -> None:
        """Close: send FIN, which is sent again like data until it is acknowledged."""
        seq = self._next_seq()
        self._sent += 1
        self._timeouts = 0
        self._path.to_host(self, self._segment(FIN | ACK, seq))
        self._path.arm(self, DATA_RTO_NS)

    def _reset(self, now_ns: int) -> None:
        self._path.disarm(self)
        if self.ended_ns is None:
            self._end(PeerPhase.RESET, now_ns)
        self._path.forget(self)

    def _end(self, phase: PeerPhase, now_ns: int) -> None:
        self.phase = phase
        self.ended_ns = now_ns
        self._path.ended_by(self)

    def _unacknowledged(self) -> Segment:
        """The first segment of what the host has not acknowledged."""
        seq = self._isn + self._acked
        fin = self._sent > 1 + (self.request_bytes if self.reply_bytes else 0)
        left = self._sent - self._acked - (1 if fin else 0)
        if left > 0:
            return self._segment(ACK, seq, length=left)
        return self._segment(FIN | ACK, seq)

    def _next_seq(self) -> int:
        return self._isn + self._sent

    def _ack(self) -> Segment:
        """An ACK of everything that has come."""
        return self._segment(ACK, self._next_seq())

    def _segment(self, flags: int, seq: int, *, length: int = 0, mss: int = 0) -> Segment:
        ack = 0 if flags == SYN else self._ack_to_host
        return Segment(self.flow, flags, seq & MASK32, ack, length, WINDOW, mss)

    def state(self) -> tuple[int, ...]:
        """Every bit of the peer's state, for a digest."""
        return (
            self.number,
            self.phase,
            self._timeouts,
            self._sent,
            self._acked,
            self._received,
            self.next_ns,
            self.connected_ns or 0,
            self.ended_ns or 0,
            -1 if self.visit is None else self.visit.left,
        )


def random_isn(dice: Random) -> int:
    """An initial sequence number."""
    return dice.getrandbits(32)
