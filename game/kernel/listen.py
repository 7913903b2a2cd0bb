"""A listening socket: SYN queue, accept queue, and what overflows where.

Every check a SYN and a final ACK pass, in the kernel's order, and the timer of a half-open
request. Not here: which listener a flow gets (`reuseport.py`), what a cookie looks like
(`syncookies.py`), how long a request lives (`request.py`), what the finished connection does
(`connection.py`), the calls (`host.py`). Other kernels would differ in `decide_syn`, in what
counts as full at the final ACK, and in `request_timer`; a table of differences belongs there.
Source: linux v6.18 net/ipv4/tcp_input.c tcp_conn_request(), tcp_minisocks.c tcp_check_req(),
tcp_ipv4.c tcp_v4_syn_recv_sock(), inet_connection_sock.c reqsk_timer_handler().
"""

from __future__ import annotations

from collections import deque
from enum import IntEnum
from typing import Final

from game.kernel.bind import Binding
from game.kernel.connection import Connection
from game.kernel.drops import DROPS, Drop
from game.kernel.hash import hash32
from game.kernel.profile import NO_LIMIT
from game.kernel.request import (
    MSS_DEFAULT,
    TIMEOUT_JIFFIES,
    TIMEOUT_JIFFIES_MAX,
    Request,
    defer_retries,
    retries_under_pressure,
)
from game.kernel.reset import send_reset
from game.kernel.reuseport import ListenerGroup
from game.kernel.segment import ACK, FIN, RST, SEQ_MASK, SYN, Flow, Segment
from game.kernel.sockbuf import initial_window
from game.kernel.stack import Stack
from game.kernel.syncookies import check_cookie, make_cookie
from game.kernel.timer import HZ, JIFFY_NS, jiffies
from game.kernel.transmit import INITIAL_CWND
from game.kernel.waitqueue import WaitQueue

__all__ = ["DROPS", "Drop", "ListenSocket", "Request", "Verdict", "defer_retries"]

RATE_LIMIT_NS: Final = 500_000_000
"""Second SYNs are answered at most this often (sysctl tcp_invalid_ratelimit, 500 ms)."""

OWN_MSS: Final = 1460
_ISN_SHIFT: Final = 6


class Verdict(IntEnum):
    """What the listen path does with a SYN."""

    ADMIT = 0
    COOKIE = 1
    DROP_SYN_QUEUE_FULL = 2
    DROP_ACCEPT_QUEUE_FULL = 3
    DROP_ACCEPT_QUEUE_FULL_COOKIE = 4
    DROP_LAST_QUARTER = 5


# Reading a member off its enum costs more than the whole decision.
_ADMIT: Final = Verdict.ADMIT
_COOKIE: Final = Verdict.COOKIE
_DROP_SYN_QUEUE_FULL: Final = Verdict.DROP_SYN_QUEUE_FULL
_DROP_ACCEPT_QUEUE_FULL: Final = Verdict.DROP_ACCEPT_QUEUE_FULL
_DROP_ACCEPT_QUEUE_FULL_COOKIE: Final = Verdict.DROP_ACCEPT_QUEUE_FULL_COOKIE
_DROP_LAST_QUARTER: Final = Verdict.DROP_LAST_QUARTER

_DISCONNECT_STEP: Final = 2

_VERDICT_DROPS: Final[dict[Verdict, Drop]] = {
    Verdict.DROP_SYN_QUEUE_FULL: Drop.SYN_QUEUE_FULL,
    Verdict.DROP_ACCEPT_QUEUE_FULL: Drop.ACCEPT_QUEUE_FULL_SYN,
    Verdict.DROP_ACCEPT_QUEUE_FULL_COOKIE: Drop.ACCEPT_QUEUE_FULL_SYN,
    Verdict.DROP_LAST_QUARTER: Drop.LAST_QUARTER,
}


class ListenSocket:
    """State of one socket in LISTEN.

    Attributes:
        group: the listeners of its address and port; what it shares is there.
        address: local address, 0 for any.
        port: local port.
        backlog: min(listen() argument, net.core.somaxconn); `ss` Send-Q.
        binding: what it holds of the port space, which its connections hold too.
        syn_queue: half-open requests by flow, oldest first.
        young: how many of them have never timed out.
        accept_queue: finished connections that wait for accept(), oldest first; `ss` Recv-Q.
        defer_retries: TCP_DEFER_ACCEPT in timeouts, 0 for off.
        syncnt: TCP_SYNCNT, 0 for tcp_synack_retries.
        rcvbuf: receive buffer that connections inherit, in bytes of truesize.
        sndbuf: send buffer that connections inherit, None to follow tcp_wmem.
        drops: how often each kind of refusal happened here.
        waiters: who sleeps in accept() or waits for it to be worth calling.
        closed: True once it has left LISTEN; requests may still point to it.
        write_seq: a sequence number that nothing is sent with; tx_queue in /proc/net/tcp.
    """

    __slots__ = (
        "_ack_max",
        "_cookies_max",
        "_initial_window",
        "_last_quarter",
        "_may_migrate",
        "_pressure_max",
        "_rcvbuf",
        "_rcvbuf_is_locked",
        "_stack",
        "_sum_max",
        "_syn_queue_max",
        "_young_max",
        "accept_queue",
        "address",
        "backlog",
        "binding",
        "closed",
        "defer_retries",
        "drops",
        "group",
        "port",
        "sndbuf",
        "syn_queue",
        "syncnt",
        "waiters",
        "write_seq",
        "young",
    )

    def __init__(self, stack: Stack, address: int, port: int) -> None:
        self._stack = stack
        self.group: ListenerGroup[ListenSocket] = ListenerGroup(stack.boot_key)
        self.address = address
        self.port = port
        self.closed = True
        self._may_migrate = False
        profile = stack.profile
        self._cookies_max = profile.cookies_max
        self._last_quarter = profile.last_quarter
        self._syn_queue_max = -1
        self._young_max = profile.young_max
        self.set_backlog(0)
        self._syn_queue_max = -1  # Its size is chosen by listen(), and again after a close.
        self.binding = Binding(
            address, port, 0, reuse_address=False, reuse_port=False, is_listening=True
        )
        self.syn_queue: dict[Flow, Request] = {}
        self.young = 0
        self.accept_queue: deque[Connection] = deque()
        self.defer_retries = 0
        self.syncnt = 0
        self.sndbuf: int | None = None
        self.drops: dict[Drop, int] = {}
        self.waiters = WaitQueue()
        self.write_seq = 0
        self.set_rcvbuf(stack.sysctl.tcp_rmem[1], locked=False)

    @property
    def qlen(self) -> int:
        """How many requests are half open here."""
        return len(self.syn_queue)

    @property
    def rcvbuf(self) -> int:
        """The receive buffer that connections inherit, in bytes of truesize."""
        return self._rcvbuf

    @property
    def rcvbuf_is_locked(self) -> bool:
        """True if SO_RCVBUF was set, so that the kernel leaves the size alone."""
        return self._rcvbuf_is_locked

    def set_backlog(self, backlog: int) -> None:
        """Set the backlog, as listen() left it, and the limits that follow from it."""
        profile = self._stack.profile
        self.backlog = backlog
        self._sum_max = profile.sum_max(backlog)
        self._ack_max = backlog if profile.checks_at_ack else NO_LIMIT
        if self._syn_queue_max < 0 or not profile.table_is_fixed:
            most = self._stack.sysctl.tcp_max_syn_backlog
            self._syn_queue_max = profile.syn_queue_max(backlog, most)
        self._pressure_max = profile.pressure_max(backlog, self._syn_queue_max)

    def set_rcvbuf(self, size: int, *, locked: bool) -> None:
        """Set the receive buffer, which also fixes the window of the SYN-ACK."""
        self._rcvbuf = size
        self._rcvbuf_is_locked = locked
        self._initial_window = initial_window(size, OWN_MSS)

    # ---- the SYN

    def decide_syn(self, address: int, from_time_wait: bool = False) -> Verdict:
        """What would happen to a SYN from this address now; changes nothing.

        Args:
            address: the remote address, which matters for the last quarter only.
            from_time_wait: the flow was in TIME-WAIT and this SYN may re-open it.

        Source: linux v6.18 net/ipv4/tcp_input.c tcp_conn_request().
        """
        stack = self._stack
        cookies = stack.sysctl.tcp_syncookies
        if cookies > self._cookies_max:
            cookies = self._cookies_max
        qlen = len(self.syn_queue)
        queued = len(self.accept_queue)
        # Both queues compare with `>`, so each holds one more than the backlog.
        accept_queue_is_full = (queued > self.backlog and self.young > self._young_max) or (
            qlen + queued > self._sum_max
        )
        if (cookies == 2 or qlen > self._syn_queue_max) and not from_time_wait:
            if not cookies:
                return _DROP_SYN_QUEUE_FULL
            return _DROP_ACCEPT_QUEUE_FULL_COOKIE if accept_queue_is_full else _COOKIE
        if accept_queue_is_full:
            return _DROP_ACCEPT_QUEUE_FULL
        if not cookies and not from_time_wait and self._last_quarter:
            limit = stack.sysctl.tcp_max_syn_backlog
            if limit - qlen < limit >> 2 and address not in stack.proven:
                return _DROP_LAST_QUARTER
        return _ADMIT

    @property
    def syn_queue_limit(self) -> int:
        """How many requests fit before the next SYN of a stranger is refused or gets a cookie."""
        sysctl = self._stack.sysctl
        longest = min(self._syn_queue_max, self._sum_max - len(self.accept_queue))
        if self._last_quarter and not sysctl.tcp_syncookies:
            # The largest qlen that still passes `max - qlen >= max >> 2`.
            most = sysctl.tcp_max_syn_backlog
            longest = min(longest, most - (most >> 2))
        return max(0, longest + 1)

    @property
    def cookies(self) -> int:
        """tcp_syncookies as far as this stack knows it: 0 never, 1 while the line is full, 2."""
        return min(self._stack.sysctl.tcp_syncookies, self._cookies_max)

    def synack_calls(self) -> int:
        """How often a SYN-ACK is sent again to an entry, as the queue stands now."""
        return self._retries_left(self._retries_allowed())

    def count_verdict(self, verdict: Verdict, count: int, now_ns: int) -> None:
        """Count that `count` SYNs met this verdict; for a cookie also note that it was sent."""
        counters = self._stack.counters
        if verdict == _ADMIT:
            return
        if verdict in (_COOKIE, _DROP_ACCEPT_QUEUE_FULL_COOKIE):
            counters.TcpExtTCPReqQFullDoCookies += count
        if verdict == _COOKIE:
            counters.TcpExtSyncookiesSent += count
            self.group.note_cookie(now_ns)
            return
        if verdict == _DROP_SYN_QUEUE_FULL:
            counters.TcpExtTCPReqQFullDrop += count
        elif verdict != _DROP_LAST_QUARTER:
            counters.TcpExtListenOverflows += count
        counters.TcpExtListenDrops += count
        self._drop(_VERDICT_DROPS[verdict], count)

    def receive_syn(self, syn: Segment, now_ns: int, reopen_isn: int | None = None) -> Verdict:
        """Admit a SYN, answer it with a cookie, or drop it and count why.

        Args:
            syn: the segment.
            now_ns: when it came.
            reopen_isn: our sequence number if the flow was in TIME-WAIT and may be re-opened.
        """
        verdict = self.decide_syn(syn.flow[0], reopen_isn is not None)
        if verdict is _ADMIT:
            self._admit(syn, now_ns, reopen_isn)
            return verdict
        self.count_verdict(verdict, 1, now_ns)
        if verdict is _COOKIE:
            key = self._stack.boot_key
            isn = make_cookie(syn.flow, syn.seq, syn.mss or MSS_DEFAULT, now_ns, key)
            self._send_syn_ack(syn.flow, isn, syn.seq)
        return verdict

    def _admit(self, syn: Segment, now_ns: int, reopen_isn: int | None) -> None:
        stack = self._stack
        flow = syn.flow
        isn = reopen_isn
        if isn is None:
            # Source: linux v6.18 net/core/secure_seq.c secure_tcp_seq(), 64 ns a step.
            isn = (hash32(flow, ~stack.boot_key) + (now_ns >> _ISN_SHIFT)) & SEQ_MASK
        request = Request(self, syn, isn, now_ns)
        self.syn_queue[flow] = request
        stack.established[flow] = request
        self.young += 1
        self._arm(request, now_ns)
        self._send_syn_ack(flow, isn, syn.seq)

    def _send_syn_ack(self, flow: Flow, isn: int, client_isn: int) -> None:
        self._stack.send(
            Segment(
                flow,
                SYN | ACK,
                isn,
                (client_isn + 1) & SEQ_MASK,
                0,
                self._initial_window,
                OWN_MSS,
            )
        )

    # ---- a segment for the listener itself

    def receive(self, segment: Segment, now_ns: int, reopen_isn: int | None = None) -> None:
        """Act on a segment that belongs to no flow the host knows.

        Source: linux v6.18 net/ipv4/tcp_ipv4.c tcp_v4_do_rcv(), tcp_input.c
        tcp_rcv_state_process() case TCP_LISTEN.
        """
        flags = segment.flags
        if flags & RST:
            return
        if flags & ACK:
            self._receive_stray_ack(segment, now_ns)
        elif flags & SYN and not flags & FIN:
            self.receive_syn(segment, now_ns, reopen_isn)

    def _receive_stray_ack(self, segment: Segment, now_ns: int) -> None:
        """An ACK that no request waits for: perhaps it brings a cookie back.

        Source: linux v6.18 net/ipv4/syncookies.c cookie_v4_check().
        """
        stack = self._stack
        looks = not segment.flags & SYN and stack.sysctl.tcp_syncookies
        if not looks or not self.group.sent_cookies_recently(now_ns):
            self._drop(Drop.STRAY_ACK)
            send_reset(stack, segment)
            return
        cookie = (segment.ack - 1) & SEQ_MASK
        isn = (segment.seq - 1) & SEQ_MASK
        mss = check_cookie(segment.flow, cookie, isn, now_ns, stack.boot_key)
        if not mss:
            stack.counters.TcpExtSyncookiesFailed += 1
            self._drop(Drop.BAD_COOKIE)
            send_reset(stack, segment)
            return
        stack.counters.TcpExtSyncookiesRecv += 1
        if len(self.accept_queue) > self._ack_max:
            # Nothing is kept and nothing is sent, whatever tcp_abort_on_overflow says.
            self._count_overflow(Drop.ACCEPT_QUEUE_FULL_COOKIE)
            return
        if segment.flow in stack.established:
            # A later SYN of the same flow was admitted: its request keeps the place in the table,
            # the new socket is thrown away. Source: linux v6.18 net/ipv4/tcp_ipv4.c
            # tcp_v4_syn_recv_sock(), found_dup_sk.
            stack.counters.TcpPassiveOpens += 1
            return
        self._add_connection(segment, isn, mss, now_ns, arrived_ns=None)

    # ---- a segment for a request

    def receive_for_request(self, request: Request, segment: Segment, now_ns: int) -> None:
        """Act on a segment for one of this listener's half-open requests."""
        if self.closed:
            self._receive_for_orphan(request, segment, now_ns)
        else:
            self._check_request(request, segment, now_ns, self)

    def _receive_for_orphan(self, request: Request, segment: Segment, now_ns: int) -> None:
        """The listener has gone: another of its group takes over, or the request goes too."""
        heir = self._heir(request.flow)
        if heir is not None:
            self._check_request(request, segment, now_ns, heir)
            return
        self.remove_request(request)
        self._drop(Drop.LISTENER_CLOSED)
        successor = self._stack.find_listener(request.flow)
        if successor is not None:
            successor.receive(segment, now_ns)
        elif not segment.flags & RST:
            send_reset(self._stack, segment)

    def _check_request(
        self, request: Request, segment: Segment, now_ns: int, target: ListenSocket
    ) -> None:
        """The checks of a segment for a request; `target` is the listener that will own it.

        Source: linux v6.18 net/ipv4/tcp_minisocks.c tcp_check_req().
        """
        flags = segment.flags
        if flags == SYN and segment.seq == request.rcv_isn:
            self._receive_second_syn(request, now_ns)
            return
        if flags & ACK and segment.ack != (request.snt_isn + 1) & SEQ_MASK:
            target.receive(segment, now_ns)
            return
        if not request.is_in_window(segment, self._initial_window):
            if not flags & RST:
                self._challenge(request, segment, now_ns)
            return
        if flags & RST and segment.seq != (request.rcv_isn + 1) & SEQ_MASK:
            # In the window, but not what is next: RFC 5961 §3.2, measured on 6.18.44.
            self._challenge(request, segment, now_ns)
            return
        if flags & (RST | SYN):
            self._stack.counters.TcpAttemptFails += 1
            self._reset_request(request, segment, Drop.REQUEST_RESET)
        elif flags & ACK:
            self._receive_final_ack(request, segment, now_ns, target)

    def _receive_final_ack(
        self, request: Request, segment: Segment, now_ns: int, target: ListenSocket
    ) -> None:
        stack = self._stack
        # What ends where the SYN ended is bare; behind data that was dropped nothing is.
        end = segment.seq + segment.length + bool(segment.flags & FIN)
        is_bare = end & SEQ_MASK == (request.rcv_isn + 1) & SEQ_MASK
        if is_bare and target.defer_retries > request.num_timeout:
            request.acked = True
            stack.counters.TcpExtTCPDeferAcceptDrop += 1
            self._drop(Drop.DEFER_ACCEPT)
        elif len(target.accept_queue) > target._ack_max:
            self._overflow_at_ack(request, segment, target)
        else:
            self.remove_request(request)
            arrived_ns = None if request.num_retrans else request.arrived_ns
            if target is not self:
                stack.counters.TcpExtTCPMigrateReqSuccess += 1
            target._add_connection(
                segment, request.rcv_isn, request.mss, now_ns, arrived_ns, request.initial_cwnd
            )

    def _overflow_at_ack(self, request: Request, segment: Segment, target: ListenSocket) -> None:
        if target is not self:
            self._stack.counters.TcpExtTCPMigrateReqFailure += 1
        if self._stack.sysctl.tcp_abort_on_overflow:
            target._count_overflow(Drop.ABORT_ON_OVERFLOW)
            self._reset_request(request, segment, None)
        else:
            target._count_overflow(Drop.ACCEPT_QUEUE_FULL_ACK)
            request.acked = True

    def _reset_request(self, request: Request, segment: Segment, drop: Drop | None) -> None:
        if not segment.flags & RST:
            send_reset(self._stack, segment)
        self._stack.counters.TcpExtEmbryonicRsts += 1
        self.remove_request(request)
        if drop is not None:
            self._drop(drop)

    def _receive_second_syn(self, request: Request, now_ns: int) -> None:
        """Answer a retransmitted SYN, but not too often; the request grows no older."""
        if self._is_rate_limited(request, now_ns):
            self._drop(Drop.DUPLICATE_SYN)
            return
        self._retransmit_syn_ack(request)
        self._arm(request, now_ns)

    def _is_rate_limited(self, request: Request, now_ns: int) -> bool:
        """Source: linux v6.18 net/ipv4/tcp_input.c __tcp_oow_rate_limited()."""
        last = request.last_oow_ns
        if last is not None and now_ns - last < RATE_LIMIT_NS:
            self._stack.counters.TcpExtTCPACKSkippedSynRecv += 1
            return True
        request.last_oow_ns = now_ns
        return False

    def _challenge(self, request: Request, segment: Segment, now_ns: int) -> None:
        """Tell a peer that is out of step where the request stands; if it says little, not often.

        Source: linux v6.18 net/ipv4/tcp_input.c tcp_oow_rate_limited().
        """
        has_more = segment.length or segment.flags & FIN
        if not (has_more and not segment.flags & SYN) and self._is_rate_limited(request, now_ns):
            return
        seq, ack = (request.snt_isn + 1) & SEQ_MASK, (request.rcv_isn + 1) & SEQ_MASK
        self._stack.send(Segment(request.flow, ACK, seq, ack, 0, self._initial_window))

    def _add_connection(
        self,
        segment: Segment,
        isn: int,
        mss: int,
        now_ns: int,
        arrived_ns: int | None,
        initial_cwnd: int = INITIAL_CWND,
    ) -> None:
        """Make the connection, queue it at the tail, let it see the segment, wake one."""
        stack = self._stack
        stack.counters.TcpPassiveOpens += 1
        connection = Connection(stack, segment, isn, mss, self._initial_window, self.binding)
        connection.rcvbuf = self._rcvbuf
        connection.rcvbuf_is_locked = self._rcvbuf_is_locked
        connection.sndbuf = self.sndbuf
        connection.established_ns = now_ns
        connection.initial_cwnd = initial_cwnd
        if arrived_ns is not None:
            connection.arrived_ns = arrived_ns
            connection.rtt_ns = max(now_ns - arrived_ns, 1000)
        stack.established[segment.flow] = connection
        self.accept_queue.append(connection)
        if segment.length or segment.flags & FIN:
            connection.receive(segment, now_ns)
        if self.waiters.sleepers:
            self.waiters.wake(stack.woken)

    # ---- the timer of a request

    def request_timer(self, request: Request, now_ns: int) -> None:
        """The SYN-ACK timer of a request has fired: send again, or give the request up.

        Source: linux v6.18 net/ipv4/inet_connection_sock.c reqsk_timer_handler().
        """
        if self.closed:
            self._time_out_orphan(request, now_ns)
            return
        stack = self._stack
        stack.counters.TcpExtTCPTimeouts += 1
        allowed = self._retries_allowed()
        pruned = self._retries_left(allowed)
        expires, resends = request.judge(pruned, self.defer_retries)
        if expires:
            self.remove_request(request)
            early = request.num_timeout < allowed
            self._drop(Drop.REQUEST_PRUNED if early else Drop.REQUEST_EXPIRED)
            return
        if resends:
            self._retransmit_syn_ack(request)
        if request.num_timeout == 0:
            self.young -= 1
        request.num_timeout += 1
        self._arm(request, now_ns)

    def _retries_allowed(self) -> int:
        fixed = self._stack.profile.synack_retries
        return self.syncnt or (self._stack.sysctl.tcp_synack_retries if fixed is None else fixed)

    def _retries_left(self, allowed: int) -> int:
        return retries_under_pressure(allowed, len(self.syn_queue), self.young, self._pressure_max)

    def _time_out_orphan(self, request: Request, now_ns: int) -> None:
        """The timer of a request whose listener has gone: it moves, or vanishes silently."""
        heir = self._heir(request.flow)
        self.remove_request(request)
        if heir is None:
            self._drop(Drop.LISTENER_CLOSED)
            return
        request.listener = heir
        heir.syn_queue[request.flow] = request
        self._stack.established[request.flow] = request
        heir.young += request.num_timeout == 0
        heir.request_timer(request, now_ns)
        # It counts as moved only if it lives on there.
        counters = self._stack.counters
        if request.flow in heir.syn_queue:
            counters.TcpExtTCPMigrateReqSuccess += 1
        else:
            counters.TcpExtTCPMigrateReqFailure += 1

    def _retransmit_syn_ack(self, request: Request) -> None:
        counters = self._stack.counters
        counters.TcpRetransSegs += 1
        counters.TcpExtTCPSynRetrans += 1
        request.num_retrans += 1
        self._send_syn_ack(request.flow, request.snt_isn, request.rcv_isn)

    def _arm(self, request: Request, now_ns: int) -> None:
        profile = self._stack.profile
        timeouts = request.num_timeout
        delay = min(TIMEOUT_JIFFIES << timeouts, TIMEOUT_JIFFIES_MAX)
        if profile.synack_timeouts_s is not None:
            delay = profile.synack_timeouts_s[min(timeouts, 2)] * HZ
        if profile.scan_ns:
            due_ns = now_ns + delay * JIFFY_NS
            delay = jiffies(-(-due_ns // profile.scan_ns) * profile.scan_ns - now_ns)
        request.deadline_ns = self._stack.wheel.arm(request, now_ns, delay)

    # ---- leaving

    def remove_request(self, request: Request) -> None:
        """Take a request out of the SYN queue; nothing is sent."""
        del self.syn_queue[request.flow]
        del self._stack.established[request.flow]
        self._stack.wheel.cancel(request)
        if request.num_timeout == 0:
            self.young -= 1

    def close(self, now_ns: int) -> None:
        """Leave LISTEN: queued connections are reset or move; requests find out later.

        Source: linux v6.18 net/ipv4/inet_connection_sock.c inet_csk_listen_stop();
        tcp.c tcp_disconnect(), which shutdown() calls, steps write_seq over an empty window.
        """
        if self.closed:
            return
        self.closed = True
        self._may_migrate = self.binding.reuse_port and bool(self._stack.sysctl.tcp_migrate_req)
        self.write_seq += _DISCONNECT_STEP
        self._syn_queue_max = -1
        self.group.remove(self)
        counters = self._stack.counters
        while self.accept_queue:
            connection = self.accept_queue.popleft()
            heir = self._heir(connection.flow)
            if heir is None:
                connection.abort(now_ns)
                self._drop(Drop.LISTENER_CLOSED)
                continue
            # Only a request is stopped by a full accept queue, a finished connection is not.
            counters.TcpExtTCPMigrateReqSuccess += 1
            heir.accept_queue.append(connection)
            heir.waiters.wake(self._stack.woken)
        self.waiters.wake_all(self._stack.woken)

    def _heir(self, flow: Flow) -> ListenSocket | None:
        """The member of the group that inherits a flow under tcp_migrate_req.

        Source: linux v6.18 net/core/sock_reuseport.c reuseport_migrate_sock(),
        reuseport_stop_listen_sock(): who left while tcp_migrate_req was 0 has left the group.
        """
        if not self._may_migrate:
            return None
        heir = self.group.select(flow) if self._stack.sysctl.tcp_migrate_req else None
        if heir is None:
            self._stack.counters.TcpExtTCPMigrateReqFailure += 1
        return heir

    def _count_overflow(self, drop: Drop) -> None:
        counters = self._stack.counters
        counters.TcpExtListenOverflows += 1
        counters.TcpExtListenDrops += 1
        self._drop(drop)

    def _drop(self, drop: Drop, count: int = 1) -> None:
        self.drops[drop] = self.drops.get(drop, 0) + count
