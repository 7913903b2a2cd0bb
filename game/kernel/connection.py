"""A TCP connection after its handshake: states, data, closing, and what remains in TIME-WAIT.

A connection lives here from the final ACK on, accepted or not. Not here: the handshake
(`listen.py`), the buffers (`sockbuf.py`, `transmit.py`), descriptors and references (`host.py`).
Source: linux v6.18 net/ipv4/tcp_input.c tcp_validate_incoming(), tcp_rcv_state_process(),
tcp_fin(), tcp.c __tcp_close(), tcp_shutdown(), tcp_minisocks.c tcp_timewait_state_process().
"""

from __future__ import annotations

from typing import Final

from game.kernel.bind import Binding
from game.kernel.errno import EAGAIN, ECONNRESET, ENOTCONN, EPIPE, ETIMEDOUT
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
from game.kernel.sockbuf import ReceiveBuffer
from game.kernel.stack import Stack
from game.kernel.timer import HZ
from game.kernel.timewait import TIME_WAIT_JIFFIES, TimeWait
from game.kernel.transmit import INITIAL_CWND, Transmitter, sndbuf_autotuned
from game.kernel.waitqueue import WaitQueue

ESTAB: Final = 1
FIN_WAIT1: Final = 4
FIN_WAIT2: Final = 5
CLOSE: Final = 7
CLOSE_WAIT: Final = 8
LAST_ACK: Final = 9
CLOSING: Final = 11

STATE_NAMES: Final[dict[int, str]] = {
    ESTAB: "ESTAB",
    FIN_WAIT1: "FIN-WAIT-1",
    FIN_WAIT2: "FIN-WAIT-2",
    CLOSE: "UNCONN",
    CLOSE_WAIT: "CLOSE-WAIT",
    LAST_ACK: "LAST-ACK",
    CLOSING: "CLOSING",
}
"""The states by number, as `ss` names them (linux v6.18 include/net/tcp_states.h)."""

SHUT_RECEIVE: Final = 1
SHUT_SEND: Final = 2
SHUT_BOTH: Final = 3

_RATE_LIMIT_NS: Final = 500_000_000
_DELAYED_ACK_JIFFIES: Final = HZ // 25
_UNUSUAL: Final = RST | SYN
_NO_MORE_DATA: Final = frozenset((CLOSE_WAIT, LAST_ACK, CLOSING))


class DelayedAck:
    """The timer that sends an ACK nothing else has carried.

    Source: linux v6.18 net/ipv4/tcp_timer.c tcp_delack_timer_handler().
    """

    __slots__ = ("connection", "timer_key")

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.timer_key = 0

    def fire(self, now_ns: int) -> None:
        """Send the ACK that was put off."""
        self.connection.stack.counters.TcpExtDelayedACKs += 1
        self.connection.send_ack()


class KeepFinWait2:
    """The timer of a FIN-WAIT-2 that nobody holds and that is longer than TIME-WAIT.

    Source: linux v6.18 net/ipv4/tcp_timer.c tcp_keepalive_timer().
    """

    __slots__ = ("connection", "timer_key")

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.timer_key = 0

    def fire(self, now_ns: int) -> None:
        """The part beyond TIME-WAIT's length is over."""
        self.connection.become_time_wait(now_ns, TIME_WAIT_JIFFIES, is_fin_wait2=True)


class Connection:
    """State of one established socket.

    Attributes:
        stack: the machine it is on.
        flow: whose it is.
        state: ESTAB, FIN_WAIT1, ...; CLOSE once it is over.
        snd_una: first byte sent and not acknowledged.
        snd_nxt: next byte to send.
        write_seq: behind the last byte the application has written, FIN included.
        snd_wnd: the window the peer offers.
        max_window: the largest it has offered.
        mss: payload bytes of a full segment.
        rcvbuf: limit of the receive buffer, in bytes of truesize.
        rcvbuf_is_locked: SO_RCVBUF was set, so the kernel leaves it alone.
        sndbuf: SO_SNDBUF as the kernel doubled it, None for autotuned.
        initial_cwnd: segments that may leave before the first ACK.
        rtt_ns: first round trip that was measured, None if none could be.
        arrived_ns: when its SYN came; with a cookie, when its ACK came.
        established_ns: when its final ACK came.
        accepted_ns: when accept() took it, None while it waits in the accept queue.
        shutdown: SHUT_RECEIVE and SHUT_SEND, or-ed.
        error: errno that the next call returns, 0 for none.
        is_orphan: no process holds it any more.
        linger_zero: SO_LINGER is on with a time of 0, so close() resets.
        references: how many descriptors name it, 0 while it waits in the accept queue.
        binding: what it holds of the port space, as its listener does.
        fin_received: the peer has said its last byte.
        readers: who sleeps until there is something to read.
        writers: who sleeps until there is room to write.
    """

    __slots__ = (
        "_ack_timer",
        "_fin_is_read",
        "_fin_wait2_timer",
        "_initial_window",
        "_last_oow_ns",
        "accepted_ns",
        "arrived_ns",
        "binding",
        "error",
        "established_ns",
        "fin_received",
        "flow",
        "initial_cwnd",
        "is_orphan",
        "linger_zero",
        "max_window",
        "mss",
        "rcv_start",
        "rcvbuf",
        "rcvbuf_is_locked",
        "readers",
        "receiver",
        "references",
        "rtt_ns",
        "shutdown",
        "snd_nxt",
        "snd_una",
        "snd_wnd",
        "sndbuf",
        "stack",
        "state",
        "transmitter",
        "write_seq",
        "writers",
    )

    def __init__(
        self,
        stack: Stack,
        ack: Segment,
        client_isn: int,
        mss: int,
        initial_window: int,
        binding: Binding,
    ) -> None:
        self.stack = stack
        self.binding = binding
        self.flow: Flow = ack.flow
        self.state = ESTAB
        self.snd_una = self.snd_nxt = self.write_seq = ack.ack
        self.snd_wnd = self.max_window = ack.window
        self.mss = mss if mss < 1460 else 1460
        self.rcv_start = (client_isn + 1) & SEQ_MASK
        self._initial_window = initial_window
        self.rcvbuf = 0
        self.rcvbuf_is_locked = False
        self.sndbuf: int | None = None
        self.initial_cwnd = INITIAL_CWND
        self.rtt_ns: int | None = None
        self.arrived_ns = 0
        self.established_ns = 0
        self.accepted_ns: int | None = None
        self.shutdown = 0
        self.error = 0
        self.is_orphan = False
        self.linger_zero = False
        self.references = 0
        self.fin_received = False
        self._fin_is_read = False
        self.receiver: ReceiveBuffer | None = None
        self.transmitter: Transmitter | None = None
        self.readers: WaitQueue | None = None
        self.writers: WaitQueue | None = None
        self._ack_timer: DelayedAck | None = None
        self._fin_wait2_timer: KeepFinWait2 | None = None
        self._last_oow_ns: int | None = None

    # ---- what can be seen

    @property
    def rcv_nxt(self) -> int:
        """The sequence number expected next; a FIN received counts one."""
        receiver = self.receiver
        base = self.rcv_start if receiver is None else receiver.rcv_nxt
        return (base + self.fin_received) & SEQ_MASK

    @property
    def unread(self) -> int:
        """Payload bytes that wait for recv()."""
        return 0 if self.receiver is None else self.receiver.unread

    @property
    def read_bytes(self) -> int:
        """How much the application has read so far."""
        receiver = self.receiver
        arrived = 0 if receiver is None else (receiver.rcv_nxt - self.rcv_start) & SEQ_MASK
        return arrived - self.unread

    @property
    def recv_q(self) -> int:
        """Recv-Q of `ss`: bytes not read; a FIN counts one until all before it is read."""
        unread = self.unread
        return unread + (self.fin_received and not self._fin_is_read)

    @property
    def send_q(self) -> int:
        """Send-Q of `ss`: bytes written and not acknowledged; a FIN counts one."""
        return (self.write_seq - self.snd_una) & SEQ_MASK

    @property
    def memory_bytes(self) -> int:
        """What its buffers hold, in bytes of truesize (`skmem` r and w of `ss -m`)."""
        received = 0 if self.receiver is None else self.receiver.rmem
        return received + (0 if self.transmitter is None else self.transmitter.wmem)

    @property
    def is_readable(self) -> bool:
        """True if recv() would not block."""
        return bool(self.unread or self.fin_received or self.error or self.shutdown & 1)

    @property
    def is_writable(self) -> bool:
        """True if poll() would say that send() can take something."""
        if self.transmitter is None or self.error or self.shutdown & SHUT_SEND:
            return True
        return self.transmitter.has_room()

    def set_rcvbuf(self, size: int) -> None:
        """SO_RCVBUF on the connection itself, already doubled; autotuning leaves it alone."""
        self.rcvbuf, self.rcvbuf_is_locked = size, True
        if self.receiver is not None:
            self.receiver.rcvbuf = size
            self.receiver.is_locked = True

    def send_limit(self) -> int:
        """The send buffer's limit, in bytes of truesize."""
        if self.sndbuf is not None:
            return self.sndbuf
        _, default, most = self.stack.sysctl.tcp_wmem
        if self.transmitter is None:
            return sndbuf_autotuned(default, most)
        return sndbuf_autotuned(default, most, self.transmitter.sndbuf_segments)

    # ---- a segment comes

    def receive(self, segment: Segment, now_ns: int) -> None:
        """Act on a segment for this flow.

        Source: linux v6.18 net/ipv4/tcp_input.c tcp_validate_incoming(),
        tcp_rcv_state_process().
        """
        flags = segment.flags
        if flags & _UNUSUAL or not self._is_predicted(segment):
            seq = segment.seq
            end = (seq + segment.length + bool(flags & SYN) + bool(flags & FIN)) & SEQ_MASK
            if not self._accepts(seq, end):
                if not flags & RST:
                    self._answer_stray(segment, now_ns)
                return
            if flags & RST:
                self._receive_reset(seq, now_ns)
                return
            if flags & SYN:
                self._challenge(now_ns)
                return
        if flags & ACK:
            goes_on = self._process_ack(segment, now_ns)
            if goes_on and (segment.length or flags & FIN):
                self._receive_data(segment, now_ns)

    def _is_predicted(self, segment: Segment) -> bool:
        """Header prediction: what is next in order and fits the window needs no more checks.

        Source: linux v6.18 net/ipv4/tcp_input.c tcp_rcv_established(), its fast path.
        """
        receiver = self.receiver
        if receiver is None:
            return segment.seq == self.rcv_start
        expected = (receiver.rcv_nxt + self.fin_received) & SEQ_MASK
        # Two more than the payload: a FIN of its own, and one that came before.
        return segment.seq == expected and segment.length + 2 <= receiver.window_left()

    def _accepts(self, seq: int, end: int) -> bool:
        if self.receiver is not None:
            return self.receiver.accepts(seq, end)
        if seq_before(end, self.rcv_start):
            return False
        return not seq_after(seq, (self.rcv_start + self._initial_window) & SEQ_MASK)

    def _receive_reset(self, seq: int, now_ns: int) -> None:
        """Source: linux v6.18 net/ipv4/tcp_input.c tcp_reset(); RFC 5961 §3.2."""
        if seq != self.rcv_nxt:
            self._challenge(now_ns)
            return
        self.error = EPIPE if self.state == CLOSE_WAIT else ECONNRESET
        self.done()

    def _challenge(self, now_ns: int) -> None:
        self.stack.counters.TcpExtTCPChallengeACK += 1
        self.send_ack()

    def _answer_stray(self, segment: Segment, now_ns: int) -> None:
        """Tell a peer that is out of step where we are; a bare ACK only now and then."""
        receiver = self.receiver
        if receiver is not None and segment.length and not receiver.window_left():
            self.stack.counters.TcpExtTCPZeroWindowDrop += 1
        if not segment.length:
            last = self._last_oow_ns
            if last is not None and now_ns - last < _RATE_LIMIT_NS:
                return
            self._last_oow_ns = now_ns
        self.send_ack()

    def _process_ack(self, segment: Segment, now_ns: int) -> bool:
        """Take acknowledgement and window; False if the segment must be dropped.

        Source: linux v6.18 net/ipv4/tcp_input.c tcp_ack().
        """
        ack = segment.ack
        if ack != self.snd_nxt and seq_after(ack, self.snd_nxt):
            self._challenge(now_ns)
            return False
        is_deaf = self.shutdown & SHUT_RECEIVE and self.state in (FIN_WAIT1, FIN_WAIT2)
        if is_deaf and self._brings_data(segment):
            self._abort_on_data(segment)  # Before anything its acknowledgement lets go is sent.
            return False
        transmitter = self.transmitter
        if ack == self.snd_una:
            changed = segment.window != self.snd_wnd
            if changed:
                self._take_window(segment.window)
            if transmitter is not None:
                if changed or segment.length or segment.flags & FIN:
                    transmitter.acknowledge(ack, now_ns)
                else:
                    transmitter.duplicate_ack()
        elif seq_after(ack, self.snd_una):
            self.snd_una = ack
            if segment.window != self.snd_wnd:
                self._take_window(segment.window)
            if transmitter is not None:
                transmitter.acknowledge(ack, now_ns)
                if self.writers is not None and transmitter.has_room():
                    self.writers.wake_all(self.stack.woken)
                if transmitter.fin_queued and ack == self.write_seq:
                    return self._fin_is_acknowledged(segment, now_ns)
        return True

    def _take_window(self, window: int) -> None:
        self.snd_wnd = window
        if window > self.max_window:
            self.max_window = window

    def _fin_is_acknowledged(self, segment: Segment, now_ns: int) -> bool:
        """Our FIN has arrived; False if nothing of the segment is left to look at.

        Source: linux v6.18 net/ipv4/tcp_input.c tcp_rcv_state_process() from step 5 on.
        """
        if self.state == LAST_ACK:
            self._learn_peer()
            self.done()
        elif self.state == CLOSING:
            self.become_time_wait(now_ns, TIME_WAIT_JIFFIES, is_fin_wait2=False)
        elif self.state == FIN_WAIT1:
            self.state = FIN_WAIT2
            self.shutdown |= SHUT_SEND
            if self.is_orphan:
                return self._orphan_reaches_fin_wait2(segment, now_ns)
            return True
        else:
            return True
        return False

    def _orphan_reaches_fin_wait2(self, segment: Segment, now_ns: int) -> bool:
        if segment.flags & FIN:
            return True
        self._wait_for_fin(now_ns)
        return False

    def _brings_data(self, segment: Segment) -> bool:
        """Whether it has new payload, or a FIN behind payload that is missing still."""
        end = (segment.seq + segment.length) & SEQ_MASK
        return bool(segment.length or segment.flags & FIN) and seq_after(end, self.rcv_nxt)

    def _abort_on_data(self, segment: Segment) -> None:
        """Nobody is left to read what has come.

        Source: linux v6.18 net/ipv4/tcp_input.c tcp_rcv_state_process().
        """
        self.stack.counters.TcpExtTCPAbortOnData += 1
        self.error = ECONNRESET
        self.done()
        send_reset(self.stack, segment)

    def _wait_for_fin(self, now_ns: int) -> None:
        """FIN-WAIT-2 that nobody holds lasts tcp_fin_timeout, as a mini socket if it can."""
        beyond = self.stack.sysctl.tcp_fin_timeout * HZ - TIME_WAIT_JIFFIES
        if beyond > 0:
            if self._fin_wait2_timer is None:
                self._fin_wait2_timer = KeepFinWait2(self)
            self.stack.wheel.arm(self._fin_wait2_timer, now_ns, beyond)
        else:
            self.become_time_wait(now_ns, TIME_WAIT_JIFFIES + beyond, is_fin_wait2=True)

    def _receive_data(self, segment: Segment, now_ns: int) -> None:
        """Payload and FIN, in the states that may still get some."""
        if self.state in _NO_MORE_DATA:
            return  # The peer has said its last byte already; RFC 9293 §3.10.7.4.
        receiver = self.receiver or self._make_receiver()
        before, unread = receiver.rcv_nxt, receiver.unread
        fin = receiver.receive(segment.seq, segment.length, fin=bool(segment.flags & FIN))
        arrived = receiver.rcv_nxt != before
        if fin:
            self._receive_fin(now_ns)
        if self.state == CLOSE:
            return
        if (receiver.unread > unread or fin) and self.readers is not None:
            self.readers.wake_all(self.stack.woken)
        self._acknowledge(receiver, now_ns, in_order=arrived)

    def _make_receiver(self) -> ReceiveBuffer:
        self.receiver = ReceiveBuffer(
            self.stack,
            self.rcv_start,
            self._initial_window,
            self.rcvbuf,
            is_locked=self.rcvbuf_is_locked,
        )
        return self.receiver

    def _receive_fin(self, now_ns: int) -> None:
        """The peer's FIN is next in order.

        Source: linux v6.18 net/ipv4/tcp_input.c tcp_fin().
        """
        self.fin_received = True
        self.shutdown |= SHUT_RECEIVE
        if self.state == ESTAB:
            self.state = CLOSE_WAIT
        elif self.state == FIN_WAIT1:
            self.state = CLOSING
        elif self.state == FIN_WAIT2:
            self.send_ack()
            self.become_time_wait(now_ns, TIME_WAIT_JIFFIES, is_fin_wait2=False)

    def _acknowledge(self, receiver: ReceiveBuffer, now_ns: int, *, in_order: bool) -> None:
        """Send an ACK now, or put it off.

        Source: linux v6.18 net/ipv4/tcp_input.c __tcp_ack_snd_check().
        """
        wants_now = not in_order or self.fin_received or receiver.quick
        if not wants_now:
            pending = (receiver.rcv_nxt - receiver.rcv_wup) & SEQ_MASK
            if pending > receiver.rcv_mss:
                wants_now = receiver.window_wanted() >= receiver.rcv_wnd
        if wants_now:
            if receiver.quick:
                receiver.quick -= 1
            self.send_ack()
            return
        if self._ack_timer is None:
            self._ack_timer = DelayedAck(self)
        if not self._ack_timer.timer_key:
            self.stack.wheel.arm(self._ack_timer, now_ns, _DELAYED_ACK_JIFFIES)

    # ---- a segment leaves

    def transmit(self, flags: int, seq: int, length: int) -> None:
        """Send one segment with the acknowledgement and window of this moment."""
        receiver = self.receiver
        if receiver is None:
            ack = (self.rcv_start + self.fin_received) & SEQ_MASK
            self.stack.send(Segment(self.flow, flags, seq, ack, length, self._initial_window))
            return
        if self._ack_timer is not None:
            self.stack.wheel.cancel(self._ack_timer)
        window = receiver.select_window()
        ack = (receiver.rcv_nxt + self.fin_received) & SEQ_MASK
        self.stack.send(Segment(self.flow, flags, seq, ack, length, window))

    def send_ack(self) -> None:
        """Send a bare ACK."""
        self.transmit(ACK, self.snd_nxt, 0)

    def _send_reset(self) -> None:
        """Source: linux v6.18 net/ipv4/tcp_output.c tcp_send_active_reset()."""
        self.stack.counters.TcpOutRsts += 1
        self.transmit(RST | ACK, self.snd_nxt, 0)

    # ---- the application

    def recv(self, size: int, now_ns: int) -> int:
        """Read up to `size` bytes: how many, 0 at the end, or a negative errno.

        Source: linux v6.18 net/ipv4/tcp.c tcp_recvmsg_locked().
        """
        receiver = self.receiver
        if receiver is not None and receiver.unread:
            taken = receiver.read(size)
            if taken < size:
                self._fin_is_read = self.fin_received
            if not self.shutdown & SHUT_RECEIVE and receiver.wants_update():
                self.send_ack()
            return taken
        if self.fin_received:
            self._fin_is_read = True
            return 0
        if self.error:
            return self._take_error()
        if self.shutdown & SHUT_RECEIVE:
            return 0
        return -ENOTCONN if self.state == CLOSE else -EAGAIN

    def send(self, size: int, now_ns: int) -> int:
        """Write up to `size` bytes: how many, or a negative errno.

        Source: linux v6.18 net/ipv4/tcp.c tcp_sendmsg_locked().
        """
        if self.error:
            return self._take_error()
        if self.shutdown & SHUT_SEND or self.state not in (ESTAB, CLOSE_WAIT):
            return -EPIPE
        taken = self._make_transmitter().write(size, now_ns)
        return taken if taken or not size else -EAGAIN

    def shut(self, how: int, now_ns: int) -> int:
        """Cut one or both directions: 0 or a negative errno.

        Source: linux v6.18 net/ipv4/af_inet.c inet_shutdown().
        """
        if self.state == CLOSE:
            return -ENOTCONN
        self.shutdown |= how
        if how & SHUT_SEND and self.state in (ESTAB, CLOSE_WAIT):
            self._send_fin(now_ns)
        if self.readers is not None:
            self.readers.wake_all(self.stack.woken)
        return 0

    def close(self, now_ns: int) -> None:
        """The last descriptor is gone.

        Source: linux v6.18 net/ipv4/tcp.c __tcp_close().
        """
        stack = self.stack
        self.shutdown = SHUT_BOTH
        if self.state == CLOSE:
            self._drop_timers()
            return
        if self.receiver is not None and self.receiver.unread:
            stack.counters.TcpExtTCPAbortOnClose += 1
            self._send_reset()
            self.done()
            return
        if self.linger_zero:
            stack.counters.TcpExtTCPAbortOnData += 1
            self.abort(now_ns)
            return
        self.is_orphan = True
        stack.orphans += 1
        if self.state in (ESTAB, CLOSE_WAIT):
            self._send_fin(now_ns)
        if self.state == FIN_WAIT2:
            self._wait_for_fin(now_ns)
        elif stack.orphans > stack.sysctl.tcp_max_orphans:
            stack.counters.TcpExtTCPAbortOnMemory += 1
            self._send_reset()
            self.done()

    def abort(self, now_ns: int) -> None:
        """End it with a RST, if the peer does not think it over already.

        Source: linux v6.18 net/ipv4/tcp.c tcp_disconnect().
        """
        if self.state in (ESTAB, CLOSE_WAIT, FIN_WAIT1, FIN_WAIT2):
            self._send_reset()
        if self.state != CLOSE:
            self.done()

    def give_up(self, now_ns: int) -> None:
        """The peer has been silent for too long.

        Source: linux v6.18 net/ipv4/tcp_timer.c tcp_write_err().
        """
        self.stack.counters.TcpExtTCPAbortOnTimeout += 1
        self.error = ETIMEDOUT
        self.done()

    def _send_fin(self, now_ns: int) -> None:
        self.state = FIN_WAIT1 if self.state == ESTAB else LAST_ACK
        self._make_transmitter().finish(now_ns)

    def _make_transmitter(self) -> Transmitter:
        transmitter = self.transmitter
        if transmitter is None:
            transmitter = self.transmitter = Transmitter(self)
        return transmitter

    def _take_error(self) -> int:
        error, self.error = self.error, 0
        return -error

    # ---- the end

    def done(self) -> None:
        """Leave the table for good; whoever still holds it finds CLOSE.

        Source: linux v6.18 net/ipv4/tcp.c tcp_done(), tcp_set_state().
        """
        stack = self.stack
        if self.state in (ESTAB, CLOSE_WAIT):
            stack.counters.TcpEstabResets += 1
        self.state = CLOSE
        self.shutdown = SHUT_BOTH
        if stack.established.get(self.flow) is self:
            del stack.established[self.flow]
        if self.is_orphan:
            stack.orphans -= 1
            self.is_orphan = False
        if self.references:
            self._cancel_timers()
        else:
            self._drop_timers()
        self.write_seq = self.snd_una  # What was not sent never will be.
        for sleepers in (self.readers, self.writers):
            if sleepers is not None:
                sleepers.wake_all(stack.woken)

    def _cancel_timers(self) -> None:
        for timer in (self.transmitter, self._ack_timer, self._fin_wait2_timer):
            if timer is not None:
                self.stack.wheel.cancel(timer)

    def _drop_timers(self) -> None:
        """Nobody will look here again: let go of what points back, and spare the collector."""
        self._cancel_timers()
        self.transmitter = self._ack_timer = self._fin_wait2_timer = None

    def become_time_wait(self, now_ns: int, delay_jiffies: int, *, is_fin_wait2: bool) -> None:
        """Leave a mini socket behind that remembers the flow.

        Source: linux v6.18 net/ipv4/tcp_minisocks.c tcp_time_wait().
        """
        self._learn_peer()
        window = self._initial_window if self.receiver is None else self.receiver.window_left()
        left = TimeWait(self.stack, self.flow, self.rcv_nxt, self.snd_nxt, window, self.binding)
        left.is_fin_wait2 = is_fin_wait2
        self.done()
        self.stack.established[self.flow] = left
        left.arm(now_ns, max(delay_jiffies, 1))

    def _learn_peer(self) -> None:
        """Remember that this address answers, if a round trip to it was measured.

        Source: linux v6.18 net/ipv4/tcp_metrics.c tcp_update_metrics().
        """
        address = self.flow[0]
        transmitter = self.transmitter
        if self.rtt_ns is None or (transmitter is not None and transmitter.backoff):
            self.stack.proven.discard(address)
        else:
            self.stack.proven.add(address)

    def state_tuple(self) -> tuple[object, ...]:
        """Every bit of it, for a digest."""
        receiver, transmitter = self.receiver, self.transmitter
        return (
            self.flow, self.state, self.snd_una, self.snd_nxt, self.write_seq, self.snd_wnd,
            self.max_window, self.mss, self.initial_cwnd, self.rcv_start,
            self.rcvbuf, self.sndbuf or 0,
            -1 if self.rtt_ns is None else self.rtt_ns, self.arrived_ns, self.established_ns,
            -1 if self.accepted_ns is None else self.accepted_ns, self.shutdown, self.error,
            int(self.is_orphan), int(self.fin_received), int(self._fin_is_read),
            () if receiver is None else receiver.state(),
            () if transmitter is None else transmitter.state(),
        )  # fmt: skip
