"""A half-open request: what the host keeps between a SYN and the final ACK.

The record, how long it lives, and which segments are in its window. What the listener does with
it is in `listen.py`. Source: linux v6.18 include/net/request_sock.h,
net/ipv4/inet_connection_sock.c reqsk_timer_handler(), tcp_minisocks.c tcp_in_window().
"""

from __future__ import annotations

from typing import Final, Protocol

from game.kernel.segment import FIN, SEQ_MASK, SYN, Flow, Segment, seq_after, seq_before
from game.kernel.timer import HZ
from game.kernel.transmit import INITIAL_CWND

TIMEOUT_JIFFIES: Final = HZ
"""The first SYN-ACK timer: 1 s (linux v6.18 include/net/tcp.h TCP_TIMEOUT_INIT)."""

TIMEOUT_JIFFIES_MAX: Final = 120 * HZ
"""The longest: 120 s (linux v6.18 include/net/tcp.h TCP_RTO_MAX)."""

MSS_DEFAULT: Final = 536
"""The MSS of a peer that names none (linux v6.18 include/net/tcp.h TCP_MSS_DEFAULT)."""


def defer_retries(seconds: int) -> int:
    """TCP_DEFER_ACCEPT in timeouts: the smallest n with 1 + 2 + 4 + ... >= seconds.

    Source: linux v6.18 net/ipv4/tcp.c secs_to_retrans().
    """
    retries, timeout, period = 0, 1, 1
    if seconds > 0:
        retries = 1
        while seconds > period and retries < 255:
            retries += 1
            timeout = min(timeout << 1, 120)
            period += timeout
    return retries


def retries_under_pressure(allowed: int, qlen: int, young: int, pressure_max: int) -> int:
    """How many retries are left when the SYN queue is clogged by requests grown old.

    While twice the length is at most `pressure_max`, which is max(8, backlog), all of them; else
    the fewer requests are young, the fewer, but not below 2.

    Source: linux v6.18 net/ipv4/inet_connection_sock.c reqsk_timer_handler().
    """
    if 2 * qlen > pressure_max:
        young *= 2
        while allowed > 2 and qlen >= young:
            allowed -= 1
            young *= 2
    return allowed


class RequestOwner(Protocol):
    """The listening socket, as far as a request needs it."""

    def receive_for_request(self, request: Request, segment: Segment, now_ns: int) -> None:
        """Act on a segment for one of its requests."""

    def request_timer(self, request: Request, now_ns: int) -> None:
        """The SYN-ACK timer of one of its requests has fired."""


class Request:
    """A half-open connection: a SYN that was answered and not yet acknowledged.

    Attributes:
        flow: whose it is.
        listener: the socket that was chosen when the SYN came.
        rcv_isn: the peer's initial sequence number.
        snt_isn: ours.
        mss: the MSS option of the SYN, 536 if it had none.
        arrived_ns: when the SYN came.
        num_timeout: how often its timer has fired; 0 means young.
        num_retrans: how often the SYN-ACK was sent again, for whatever reason.
        acked: a final ACK came but could not, or should not, be used.
        deadline_ns: when its timer fires.
        last_oow_ns: when a second SYN or a stray segment was last answered, None for never.
    """

    __slots__ = (
        "acked",
        "arrived_ns",
        "deadline_ns",
        "flow",
        "last_oow_ns",
        "listener",
        "mss",
        "num_retrans",
        "num_timeout",
        "rcv_isn",
        "snt_isn",
        "timer_key",
    )

    def __init__(self, listener: RequestOwner, syn: Segment, snt_isn: int, arrived_ns: int) -> None:
        self.flow: Flow = syn.flow
        self.listener = listener
        self.rcv_isn = syn.seq
        self.snt_isn = snt_isn
        self.mss = syn.mss or MSS_DEFAULT
        self.arrived_ns = arrived_ns
        self.num_timeout = 0
        self.num_retrans = 0
        self.acked = False
        self.deadline_ns = 0
        self.last_oow_ns: int | None = None
        self.timer_key = 0

    def receive(self, segment: Segment, now_ns: int) -> None:
        """Act on a segment for this flow, which is only half open."""
        self.listener.receive_for_request(self, segment, now_ns)

    def fire(self, now_ns: int) -> None:
        """The SYN-ACK timer has fired."""
        self.listener.request_timer(self, now_ns)

    @property
    def initial_cwnd(self) -> int:
        """The congestion window its connection begins with: one segment on a path that loses much.

        Source: linux v6.18 net/ipv4/tcp_input.c tcp_init_transfer(), tcp_minisocks.c
        tcp_create_openreq_child().
        """
        return 1 if self.num_timeout and self.num_retrans > 1 else INITIAL_CWND

    def judge(self, allowed: int, defer: int) -> tuple[bool, bool]:
        """Whether it expires at this timeout, and if not, whether its SYN-ACK is sent again.

        Args:
            allowed: retries, after pruning.
            defer: TCP_DEFER_ACCEPT in timeouts, 0 for off.

        Source: linux v6.18 net/ipv4/inet_connection_sock.c syn_ack_recalc().
        """
        timeouts = self.num_timeout
        if not defer:
            return timeouts >= allowed, True
        expires = timeouts >= allowed and (not self.acked or timeouts >= defer)
        return expires, not self.acked or timeouts >= defer - 1

    def is_in_window(self, segment: Segment, window: int) -> bool:
        """True if a segment touches the window of the SYN-ACK.

        Source: linux v6.18 net/ipv4/tcp_minisocks.c tcp_in_window().
        """
        start = (self.rcv_isn + 1) & SEQ_MASK
        seq = segment.seq
        if seq == start:
            return True
        end = seq + segment.length + bool(segment.flags & SYN) + bool(segment.flags & FIN)
        end &= SEQ_MASK
        edge = (start + window) & SEQ_MASK
        return (seq_after(end, start) and seq_before(seq, edge)) or seq == edge == end
