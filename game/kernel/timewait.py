"""What is left of a connection when its socket is gone: FIN-WAIT-2 of an orphan, and TIME-WAIT.

A mini socket that answers late segments until its timer ends it, or a new SYN re-opens the flow.
Source: linux v6.18 net/ipv4/tcp_minisocks.c tcp_timewait_state_process().
"""

from hashlib import blake2b
from struct import Struct
from typing import Final

from game.kernel.bind import Binding
from game.kernel.reset import send_reset
from game.kernel.segment import (
    ACK,
    FIN,
    RST,
    SEQ_MASK,
    SYN,
    Flow,
    Segment,
    seq_after,
    seq_before,
)
from game.kernel.stack import Stack
from game.kernel.timer import HZ

TIME_WAIT_JIFFIES: Final = 60 * HZ
"""How long TIME-WAIT lasts, whatever tcp_fin_timeout says (TCP_TIMEWAIT_LEN)."""

_RATE_LIMIT_NS: Final = 500_000_000
_REOPEN_STEP: Final = 65535 + 2
_SUM_MASK: Final = (1 << 64) - 1
_pack: Final = Struct("<IHIHBIIIqq").pack


class TimeWait:
    """A flow that is closed but for late segments.

    Attributes:
        flow: whose it was.
        is_fin_wait2: True while the peer's FIN is still missing.
        rcv_nxt: the sequence number expected next.
        snd_nxt: the last sequence number sent, plus one.
        rcv_wnd: the window that was offered last.
        binding: what the connection held of the port space.
        timer_key: place in the timer wheel.
    """

    __slots__ = (
        "_fingerprint",
        "_last_oow_ns",
        "_stack",
        "binding",
        "flow",
        "is_fin_wait2",
        "rcv_nxt",
        "rcv_wnd",
        "snd_nxt",
        "timer_key",
    )

    def __init__(
        self,
        stack: Stack,
        flow: Flow,
        rcv_nxt: int,
        snd_nxt: int,
        rcv_wnd: int,
        binding: Binding,
    ) -> None:
        self._stack = stack
        self.flow = flow
        self.is_fin_wait2 = False
        self.rcv_nxt = rcv_nxt
        self.snd_nxt = snd_nxt
        self.rcv_wnd = rcv_wnd
        self.binding = binding
        self.timer_key = 0
        self._last_oow_ns = -1
        self._fingerprint = 0

    def arm(self, now_ns: int, delay_jiffies: int) -> None:
        """Set its timer, and bring its fingerprint up to date."""
        self._stack.wheel.arm(self, now_ns, delay_jiffies)
        self._take_fingerprint()

    def _take_fingerprint(self) -> None:
        """Put what it holds into the machine's sum, in place of what it held.

        There are thousands of these, and they hardly ever change: so a digest takes their sum,
        kept here, and does not look at each. A change of any field changes the sum.
        """
        fields = _pack(
            *self.flow, self.is_fin_wait2, self.rcv_nxt, self.snd_nxt, self.rcv_wnd,
            self.timer_key, self._last_oow_ns,
        )  # fmt: skip
        fresh = int.from_bytes(blake2b(fields, digest_size=8).digest(), "little")
        self._replace_fingerprint(fresh)

    def _replace_fingerprint(self, fresh: int) -> None:
        stack = self._stack
        stack.time_wait_sum = (stack.time_wait_sum + fresh - self._fingerprint) & _SUM_MASK
        self._fingerprint = fresh

    def fire(self, now_ns: int) -> None:
        """The time is over; the flow is forgotten."""
        self._stack.counters.TcpExtTW += 1
        self.kill()

    def kill(self) -> None:
        """Forget the flow at once."""
        self._stack.wheel.cancel(self)
        self._replace_fingerprint(0)
        del self._stack.established[self.flow]

    def receive(self, segment: Segment, now_ns: int) -> None:
        """Answer a late segment, or let a new SYN re-open the flow."""
        end = segment.seq + segment.length + bool(segment.flags & SYN) + bool(segment.flags & FIN)
        if self.is_fin_wait2:
            self._receive_in_fin_wait2(segment, end & SEQ_MASK, now_ns)
        else:
            self._receive_in_time_wait(segment, end & SEQ_MASK, now_ns)

    def _receive_in_fin_wait2(self, segment: Segment, end: int, now_ns: int) -> None:
        flags = segment.flags
        if not self._is_in_window(segment.seq, end):
            self._answer_stray(now_ns)
        elif flags & RST:
            self.kill()
        elif flags & SYN and not seq_before(segment.seq, self.rcv_nxt):
            self._reset(segment)
        elif not flags & ACK or not seq_after(end, self.rcv_nxt) or end == segment.seq:
            return
        elif not flags & FIN or end != (self.rcv_nxt + 1) & SEQ_MASK:
            self._reset(segment)  # Data that nobody is left to read.
        else:
            self.is_fin_wait2 = False
            self.rcv_nxt = end
            self.arm(now_ns, TIME_WAIT_JIFFIES)
            self._send_ack()

    def _receive_in_time_wait(self, segment: Segment, end: int, now_ns: int) -> None:
        flags = segment.flags
        if segment.seq == self.rcv_nxt and (end == segment.seq or flags & RST):
            if flags & RST:
                self.kill()
            else:
                self.arm(now_ns, TIME_WAIT_JIFFIES)
            return
        if flags & SYN and not flags & (RST | ACK) and seq_after(segment.seq, self.rcv_nxt):
            self._reopen(segment, now_ns)
            return
        if not flags & RST:
            if flags & ACK:
                self.arm(now_ns, TIME_WAIT_JIFFIES)
            self._answer_stray(now_ns)

    def _reopen(self, segment: Segment, now_ns: int) -> None:
        listener = self._stack.find_listener(self.flow)
        if listener is None:
            self._answer_stray(now_ns)
            return
        self.kill()
        listener.receive(segment, now_ns, (self.snd_nxt + _REOPEN_STEP) & SEQ_MASK)

    def _is_in_window(self, seq: int, end: int) -> bool:
        """Source: linux v6.18 net/ipv4/tcp_minisocks.c tcp_in_window()."""
        edge = (self.rcv_nxt + self.rcv_wnd) & SEQ_MASK
        if seq == self.rcv_nxt:
            return True
        if seq_after(end, self.rcv_nxt) and seq_before(seq, edge):
            return True
        return seq == edge == end

    def _answer_stray(self, now_ns: int) -> None:
        last = self._last_oow_ns
        if last < 0 or now_ns - last >= _RATE_LIMIT_NS:
            self._last_oow_ns = now_ns
            self._take_fingerprint()
            self._send_ack()

    def _send_ack(self) -> None:
        self._stack.send(Segment(self.flow, ACK, self.snd_nxt, self.rcv_nxt, 0, self.rcv_wnd))

    def _reset(self, segment: Segment) -> None:
        send_reset(self._stack, segment)
        self.kill()
