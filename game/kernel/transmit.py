"""The sending side of one connection: send buffer, congestion window, retransmission, probes.

A small model of Linux's sender, enough for replies, slow readers and lost segments: a congestion
window that starts at 10 segments and grows by what arrives, as BBR's does while it starts up,
Nagle, timeouts that double, fast retransmit after three repeated ACKs. Not modelled: SACK, tail
loss probes, pacing, how BBR finds that a path is full. Receiving is in `sockbuf.py`, how long a
round trip takes in `rtt.py`.
Source: linux v6.18 net/ipv4/tcp.c tcp_sendmsg_locked(), tcp_output.c tcp_write_xmit(),
tcp_timer.c tcp_retransmit_timer(), tcp_probe_timer(), tcp_bbr.c bbr_set_cwnd().
"""

from collections import deque
from typing import Final, Protocol

from game.kernel.rtt import RoundTrip
from game.kernel.segment import ACK, FIN, SEQ_MASK, Flow, seq_after, seq_before
from game.kernel.stack import Stack
from game.kernel.timer import HZ, JIFFY_NS

INITIAL_CWND: Final = 10
"""Segments that may leave before the first ACK (linux v6.18 include/net/tcp.h TCP_INIT_CWND)."""

RTO_MIN_NS: Final = 200_000_000
RTO_MAX_JIFFIES: Final = 120 * HZ
SEND_OVERHEAD: Final = 896
"""What a send buffer costs besides its payload: struct sk_buff and the head of its data.

Source: linux v6.18 net/ipv4/tcp.c tcp_stream_alloc_skb(), net/core/skbuff.c SKB_SMALL_HEAD_SIZE.
"""

_GSO_BYTES_MAX: Final = 65_536 - 320
_SENT_SEGMENTS_A_BUFFER: Final = 44  # Measured: what leaves together stays together.
_PER_SEGMENT_SNDBUF: Final = 2048 + 256  # A segment's block and its struct sk_buff.
_SNDBUF_WINDOWS: Final = 3  # As BBR wants it, which the recorded kernel runs; CUBIC wants 2.
_LINEAR_BACKOFFS: Final = 9
_ORPHAN_RETRIES: Final = 8
_DUPACKS: Final = 3
_RECENT_WRITE_NS: Final = 1_000_000
_WINDOW_DIVISOR: Final = 3  # sysctl tcp_tso_win_divisor
_CWND_MIN: Final = 4  # bbr_cwnd_min_target


def sndbuf_autotuned(default: int, limit: int, segments: int = INITIAL_CWND) -> int:
    """The send buffer of a connection without SO_SNDBUF: room for three congestion windows.

    Args:
        default: the second number of tcp_wmem.
        limit: the third.
        segments: the congestion window when the buffer was last expanded.

    Source: linux v6.18 net/ipv4/tcp_input.c tcp_sndbuf_expand(), tcp_bbr.c bbr_sndbuf_expand().
    """
    return max(default, min(_SNDBUF_WINDOWS * segments * _PER_SEGMENT_SNDBUF, limit))


class Sender(Protocol):
    """The connection, as far as its sending side needs it; see `connection.py` for each."""

    stack: Stack
    flow: Flow
    mss: int
    max_window: int
    snd_una: int
    snd_nxt: int
    snd_wnd: int
    write_seq: int
    initial_cwnd: int
    rtt_ns: int | None
    is_orphan: bool

    def send_limit(self) -> int:
        """The send buffer's limit, in bytes of truesize."""

    def transmit(self, flags: int, seq: int, length: int) -> None:
        """Send one segment with the acknowledgement and window of this moment."""

    def give_up(self, now_ns: int) -> None:
        """The peer has been silent for too long."""


class Transmitter:
    """What one connection has sent and has still to send.

    Attributes:
        connection: whose it is.
        wmem: bytes of truesize in the send buffer.
        fin_queued: a FIN is to follow, or has followed, the last byte.
        backoff: how often the timer has doubled since the last progress.
        sndbuf_segments: the congestion window that the send buffer has been expanded for.
        timer_key: place in the timer wheel of the retransmission or probe timer.
    """

    __slots__ = (
        "_cwnd",
        "_dupacks",
        "_fin_sent",
        "_first_retransmit_ns",
        "_in_loss",
        "_is_held",
        "_no_space",
        "_prior_cwnd",
        "_probes",
        "_recover",
        "_resent",
        "_round_trip",
        "_rto_jiffies",
        "_sent",
        "_small_end",
        "_unsent",
        "backoff",
        "connection",
        "fin_queued",
        "sndbuf_segments",
        "timer_key",
        "wmem",
    )

    def __init__(self, connection: Sender) -> None:
        self.connection = connection
        self.wmem = 0
        self.fin_queued = False
        self.backoff = 0
        self.timer_key = 0
        self.sndbuf_segments = INITIAL_CWND
        self._no_space = False
        self._fin_sent = False
        self._unsent: deque[int] = deque()  # payload of each buffer not sent, oldest first
        # End, payload, truesize, flags, and when it was sent; -1 if more than once.
        self._sent: deque[tuple[int, int, int, int, int]] = deque()
        self._cwnd = self._prior_cwnd = connection.initial_cwnd
        self._small_end: int | None = None
        self._in_loss = False
        self._is_held = False
        self._resent = 0
        self._recover = 0
        self._dupacks = 0
        self._probes = 0
        self._first_retransmit_ns = 0
        self._round_trip = RoundTrip(connection.rtt_ns, connection.snd_nxt)
        self._rto_jiffies = self._round_trip.rto_jiffies

    @property
    def has_unsent(self) -> bool:
        """True while payload or a FIN waits to be sent for the first time."""
        return bool(self._unsent) or (self.fin_queued and not self._fin_sent)

    # ---- the application

    def write(self, size: int, now_ns: int) -> int:
        """Copy up to `size` bytes into the send buffer and send what may go.

        Room is asked for only when a new buffer starts, so the last one overshoots.
        """
        connection = self.connection
        goal = self._buffer_bytes()
        left = size
        unsent = self._unsent
        while left:
            if not unsent or unsent[-1] >= goal:
                if self.wmem and self.wmem >= connection.send_limit():
                    self._no_space = True
                    break
                unsent.append(0)
                self.wmem += SEND_OVERHEAD
            step = goal - unsent[-1]
            if step > left:
                step = left
            unsent[-1] += step
            self.wmem += step
            connection.write_seq = (connection.write_seq + step) & SEQ_MASK
            left -= step
            if unsent[-1] >= goal:
                self.push(now_ns)
        self.push(now_ns)
        return size - left

    def has_room(self) -> bool:
        """True if the socket is writable: a third of the buffer is free.

        Source: linux v6.18 include/net/sock.h __sk_stream_is_writeable().
        """
        return self.connection.send_limit() - self.wmem >= self.wmem >> 1

    def finish(self, now_ns: int) -> None:
        """Queue the FIN behind everything written.

        Source: linux v6.18 net/ipv4/tcp_output.c tcp_send_fin().
        """
        connection = self.connection
        self.fin_queued = True
        connection.write_seq = (connection.write_seq + 1) & SEQ_MASK
        self.push(now_ns)

    def _buffer_bytes(self) -> int:
        """How much one buffer takes: half of the peer's window in whole segments.

        Source: linux v6.18 net/ipv4/tcp.c tcp_xmit_size_goal().
        """
        connection = self.connection
        mss = connection.mss
        half = connection.max_window
        if half > 536:
            half >>= 1
        if half > _GSO_BYTES_MAX:
            half = _GSO_BYTES_MAX
        return half // mss * mss if half > mss else mss

    # ---- sending

    def push(self, now_ns: int) -> None:
        """Send what the congestion window, the peer's window and Nagle let go.

        Source: linux v6.18 net/ipv4/tcp_output.c tcp_write_xmit().
        """
        connection = self.connection
        unsent = self._unsent
        while unsent or (self.fin_queued and not self._fin_sent):
            # Half of it at a time, so that two lots are on their way (tcp_cwnd_test()).
            quota = min(self._cwnd - self._in_flight(), max(self._cwnd >> 1, 1))
            usable = (connection.snd_una + connection.snd_wnd - connection.snd_nxt) & SEQ_MASK
            if quota <= 0 or usable > SEQ_MASK >> 1:
                break
            if not unsent:
                self._emit(0, FIN, SEND_OVERHEAD, now_ns)
                continue
            length = self._sendable(quota, usable)
            if not length or self._defers(usable, now_ns):
                break
            self._send_bytes(length, now_ns)
        if not self.timer_key and (self._sent or self.has_unsent):
            self._arm(now_ns)

    def _in_flight(self) -> int:
        return self._resent if self._in_loss else len(self._sent)

    def _sendable(self, quota: int, usable: int) -> int:
        """How many bytes of the head buffer may leave now.

        Source: linux v6.18 net/ipv4/tcp_output.c tcp_mss_split_point(), tcp_nagle_test().
        """
        head, mss = self._unsent[0], self.connection.mss
        if min(head, mss) > usable:
            return 0
        allowed = min(head, usable)
        if mss * quota <= allowed:
            return mss * quota
        partial = allowed % mss
        if partial and len(self._unsent) == 1 and self._holds_partial():
            return allowed - partial
        return allowed

    def _defers(self, usable: int, now_ns: int) -> bool:
        """Whether a small rest of the window waits, since an ACK should come soon and free more.

        Only right behind a segment that has just left, and if the oldest in flight is old.
        Source: linux v6.18 net/ipv4/tcp_output.c tcp_tso_should_defer().
        """
        sent, unsent, mss = self._sent, self._unsent, self.connection.mss
        if unsent[0] <= mss or not sent or now_ns - sent[-1][4] > _RECENT_WRITE_NS:
            return False
        limit = min(usable, (self._cwnd - self._in_flight()) * mss)
        if len(unsent) > 1 and limit >= unsent[0]:
            return False
        window = min(self.connection.snd_wnd, self._cwnd * mss)
        return limit < window // _WINDOW_DIVISOR and now_ns - sent[0][4] > self._round_trip.half_ns

    def _holds_partial(self) -> bool:
        """Nagle as Minshall has it: one small segment may be on its way, not two."""
        if self.fin_queued or not self._sent or self._small_end is None:
            return False
        connection = self.connection
        return seq_after(self._small_end, connection.snd_una) and not seq_after(
            self._small_end, connection.snd_nxt
        )

    def _send_bytes(self, length: int, now_ns: int) -> None:
        mss = self.connection.mss
        rest = self._unsent[0] - length
        if rest:
            self._unsent[0] = rest
            self.wmem += SEND_OVERHEAD
        else:
            self._unsent.popleft()
        self.wmem -= SEND_OVERHEAD  # From here on counted by pairs of segments.
        for index, offset in enumerate(range(0, length, mss)):
            part = min(mss, length - offset)
            is_last = offset + part == length and not self._unsent
            flags = FIN if is_last and self.fin_queued else 0
            overhead = 0 if index % _SENT_SEGMENTS_A_BUFFER else SEND_OVERHEAD
            self.wmem += overhead
            self._emit(part, flags, overhead, now_ns)
        if length % mss:
            self._small_end = self.connection.snd_nxt

    def _emit(self, length: int, flags: int, overhead: int, now_ns: int) -> None:
        connection = self.connection
        seq = connection.snd_nxt
        end = (seq + length + (1 if flags else 0)) & SEQ_MASK
        if not length:
            self.wmem += overhead
        self._sent.append((end, length, length + overhead, flags, now_ns))
        if self._in_loss:
            self._resent += 1
        connection.snd_nxt = end
        if flags:
            self._fin_sent = True
        connection.transmit(flags | ACK, seq, length)

    def _resend(self, index: int) -> None:
        connection = self.connection
        self._collapse(index)
        end, length, memory, flags, _ = self._sent[index]
        self._sent[index] = (end, length, memory, flags, -1)  # Karn: it is not timed.
        seq = (end - length - (1 if flags else 0)) & SEQ_MASK
        connection.stack.counters.TcpRetransSegs += 1
        connection.transmit(flags | ACK, seq, length)

    def _collapse(self, index: int) -> None:
        """Put what follows a small segment into it, so that both are sent again as one.

        Source: linux v6.18 net/ipv4/tcp_output.c tcp_retrans_try_collapse().
        """
        sent, mss = self._sent, self.connection.mss
        _, length, memory, flags, sent_ns = sent[index]
        while index + 1 < len(sent) and length < mss:
            end, more, its_memory, its_flags, _ = sent[index + 1]
            if length + more > mss:
                break
            length += more
            memory += its_memory
            flags |= its_flags
            sent[index] = (end, length, memory, flags, sent_ns)
            del sent[index + 1]

    # ---- acknowledgements

    def acknowledge(self, ack: int, now_ns: int) -> None:
        """Free what is acknowledged up to `ack`, then send on.

        The caller has moved snd_una and the peer's window already.
        """
        acked = 0
        oldest_ns = now_ns  # Or -1 if anything of it was sent twice.
        sent = self._sent
        if not sent and self._has_window():
            self.backoff = 0
        while sent and (sent[0][0] == ack or not seq_after(sent[0][0], ack)):
            _, _, memory, _, sent_ns = sent.popleft()
            self.wmem -= memory
            oldest_ns = min(oldest_ns, sent_ns)
            acked += 1
        if acked:
            self._progress(acked, ack, oldest_ns, now_ns)
        self._probes = 0
        if self._in_loss:
            self._resend_lost()
        if self._no_space:
            self._make_space()
        if sent or self.has_unsent:
            self.push(now_ns)

    def _make_space(self) -> None:
        """Somebody found the buffer full: let it grow, unless the congestion window is full too.

        Measured: the window counts as it is before what the ACK has let go is sent.
        Source: linux v6.18 net/ipv4/tcp_input.c tcp_check_space(), tcp_should_expand_sndbuf().
        """
        if self._in_flight() < self._cwnd and self._cwnd > self.sndbuf_segments:
            self.sndbuf_segments = self._cwnd
        self._no_space = not self.has_room()

    def _has_window(self) -> bool:
        """Whether the peer's window is open for what is next: probing is over.

        Source: linux v6.18 net/ipv4/tcp_input.c tcp_ack_probe().
        """
        connection = self.connection
        usable = (connection.snd_una + connection.snd_wnd - connection.snd_nxt) & SEQ_MASK
        return usable <= SEQ_MASK >> 1 and (not self._unsent or self._unsent[0] <= usable)

    def _progress(self, acked: int, ack: int, sent_ns: int, now_ns: int) -> None:
        """Take in what an ACK of `acked` segments tells; `sent_ns` is -1 if it gives no time.

        The window grows by what has arrived, needed or not. What a timeout took of it comes back
        when something newer than the loss is acknowledged: without SACK it might be an echo.
        Source: linux v6.18 net/ipv4/tcp_input.c tcp_clean_rtx_queue(), tcp_ack_update_rtt(),
        tcp_is_non_sack_preventing_reopen(), tcp_bbr.c bbr_set_cwnd().
        """
        connection = self.connection
        self._dupacks = 0
        self._first_retransmit_ns = 0
        if sent_ns >= 0:
            rtt_ns = max(now_ns - sent_ns, 1000)
            if connection.rtt_ns is None:
                connection.rtt_ns = rtt_ns
            self._round_trip.measure(rtt_ns, connection.snd_una, connection.snd_nxt)
            self._rto_jiffies = self._round_trip.rto_jiffies
            self.backoff = 0
        if self._resent:
            self._resent = max(self._resent - acked, 0)
        if self._in_loss and not seq_before(ack, self._recover):
            self._in_loss = False
        if self._is_held and seq_after(ack, self._recover):
            self._is_held = False
            self._cwnd = max(self._cwnd, self._prior_cwnd)
        self._cwnd = max(self._cwnd + acked, _CWND_MIN)
        connection.stack.wheel.cancel(self)

    def duplicate_ack(self) -> None:
        """The peer repeats itself: after three times the head is taken for lost.

        BBR keeps its congestion window for that.
        Source: RFC 6582; linux v6.18 net/ipv4/tcp_input.c tcp_fastretrans_alert().
        """
        if not self._sent or self._in_loss:
            return
        self._dupacks += 1
        if self._dupacks == _DUPACKS:
            self._resend(0)

    def _resend_lost(self) -> None:
        while self._resent < len(self._sent) and self._resent < self._cwnd:
            self._resend(self._resent)
            self._resent += 1

    # ---- the timer

    def _arm(self, now_ns: int) -> None:
        delay = self._rto_jiffies
        if not self._sent:  # A probe: it grows by itself.
            delay = min(delay << self.backoff, RTO_MAX_JIFFIES)
        self.connection.stack.wheel.arm(self, now_ns, delay)

    def fire(self, now_ns: int) -> None:
        """The retransmission timer, or the probe timer of a closed window, has fired."""
        if self._sent:
            self._time_out(now_ns)
        elif self.has_unsent:
            self._probe(now_ns)

    def _time_out(self, now_ns: int) -> None:
        """Source: linux v6.18 net/ipv4/tcp_timer.c tcp_retransmit_timer()."""
        connection = self.connection
        connection.stack.counters.TcpExtTCPTimeouts += 1
        if self._gives_up(now_ns):
            connection.give_up(now_ns)
            return
        if not self._first_retransmit_ns:
            self._first_retransmit_ns = now_ns
            before = self._prior_cwnd if self._is_held else 0
            self._prior_cwnd = max(before, self._cwnd)
        self._is_held = True
        self._in_loss = True
        self._recover = connection.snd_nxt
        self._cwnd = 1
        self._resent = 1
        self._resend(0)
        self.backoff += 1
        self._rto_jiffies = min(2 * self._rto_jiffies, RTO_MAX_JIFFIES)
        self._arm(now_ns)

    def _probe(self, now_ns: int) -> None:
        """Ask a peer whose window is closed whether it still is.

        Source: linux v6.18 net/ipv4/tcp_timer.c tcp_probe_timer().
        """
        connection = self.connection
        if self._probes >= self._retries():
            connection.give_up(now_ns)
            return
        self._probes += 1
        connection.stack.counters.TcpExtTCPWinProbe += 1
        connection.transmit(ACK, (connection.snd_una - 1) & SEQ_MASK, 0)
        self.backoff = min(self.backoff + 1, 16)
        self._arm(now_ns)

    def _retries(self) -> int:
        sysctl = self.connection.stack.sysctl
        if self.connection.is_orphan:
            return sysctl.tcp_orphan_retries or _ORPHAN_RETRIES
        return sysctl.tcp_retries2

    def _gives_up(self, now_ns: int) -> bool:
        """Source: linux v6.18 net/ipv4/tcp_timer.c tcp_model_timeout()."""
        if not self._first_retransmit_ns:
            return False
        retries = self._retries()
        limit_ns = ((2 << min(retries, _LINEAR_BACKOFFS)) - 1) * RTO_MIN_NS
        limit_ns += max(retries - _LINEAR_BACKOFFS, 0) * RTO_MAX_JIFFIES * JIFFY_NS
        return now_ns - self._first_retransmit_ns >= limit_ns

    def state(self) -> tuple[object, ...]:
        """Every bit of it, for a digest."""
        return (
            self.wmem, int(self.fin_queued), int(self._fin_sent), self.backoff, self.timer_key,
            self.sndbuf_segments, int(self._no_space), self._cwnd, self._prior_cwnd,
            -1 if self._small_end is None else self._small_end,
            int(self._in_loss), int(self._is_held), self._resent, self._recover, self._dupacks,
            self._probes, self._first_retransmit_ns, self._round_trip.state(), self._rto_jiffies,
            tuple(self._unsent), tuple(self._sent),
        )  # fmt: skip
