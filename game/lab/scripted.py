"""Plays a scripted case of kernel truth on a simulated host and measures the same things.

Time is virtual: between steps only the host's own timers run. The peers are as dumb as those of
the recordings: they send what a step says and nothing else. What agreement means is in
`agreement.py`. Source: assets/kernel-truth/README.md, "steps".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from game.kernel.connection import STATE_NAMES, Connection
from game.kernel.descriptor import Option, Socket
from game.kernel.errno import EAGAIN, ECONNRESET, EPIPE, ETIMEDOUT, errno_name
from game.kernel.host import Host
from game.kernel.listen import ListenSocket, Request
from game.kernel.segment import ACK, FIN, RST, SEQ_MASK, SYN, Flow, Segment, seq_after
from game.kernel.sysctl import Sysctls
from game.kernel.timewait import TimeWait

Case = dict[str, Any]
"""A case as its JSON file holds it."""

PORT: Final = 80
PEER_WINDOW: Final = 64_240
PEER_MSS: Final = 1460
DATA_BYTES_MAX: Final = 1400
FORGED_ACK: Final = 12_345
FILL_BYTES: Final = 4096
READ_BYTES: Final = 1 << 20
BUSY_MAX: Final = 8

_MS: Final = 1_000_000
START_NS: Final = 10 * _MS
"""When the first step begins: setting up took the recorder about that long."""

AFTER_PEERS_NS: Final = 30 * _MS
AFTER_CALL_NS: Final = 50 * _MS
BEFORE_SAMPLE_NS: Final = 50 * _MS
STEP_NS: Final = 4 * _MS
"""What playing one step cost the recorder besides its waits, about."""

GIVE_UP_NS: Final = 20 * _MS
PHASE_NS: Final = 5 * 4 * _MS
"""Where the jiffy grid lies: any is possible, this one is about the middle of the range."""

PEER_ADDRESS_FIRST: Final = 0x0A01_0000
PEER_PORT: Final = 40_000
PEER_ISN_STEP: Final = 0x0101_4F2B
BOOT_KEY: Final = 443

WATCHED: Final = (
    "TcpPassiveOpens", "TcpAttemptFails", "TcpEstabResets", "TcpOutRsts", "TcpRetransSegs",
    "TcpExtListenOverflows", "TcpExtListenDrops", "TcpExtTCPReqQFullDrop",
    "TcpExtTCPReqQFullDoCookies", "TcpExtSyncookiesSent", "TcpExtSyncookiesRecv",
    "TcpExtSyncookiesFailed", "TcpExtTCPTimeouts", "TcpExtTCPSynRetrans",
    "TcpExtEmbryonicRsts", "TcpExtTCPDeferAcceptDrop", "TcpExtTCPMigrateReqSuccess",
    "TcpExtTCPAbortOnClose", "TcpExtTCPAbortOnData",
)  # fmt: skip
"""The counters that the recordings hold."""

_EXCEPTIONS: Final = {
    EAGAIN: "BlockingIOError",
    EPIPE: "BrokenPipeError",
    ECONNRESET: "ConnectionResetError",
    ETIMEDOUT: "TimeoutError",
}
_HOW: Final = {"rd": 1, "wr": 2, "rdwr": 3}


@dataclass(slots=True)
class Peer:
    """One flow's other end.

    Attributes:
        flow: its flow, named from the host's side.
        isn: its initial sequence number.
        seq: the next sequence number it sends.
        acked: what it acknowledges, None before a SYN-ACK came.
        syn_ns: when it first sent its SYN.
        syn_ack_ns: when each SYN-ACK came.
        auto_ack: it answers every SYN-ACK from now on.
    """

    flow: Flow
    isn: int
    seq: int
    acked: int | None = None
    syn_ns: int | None = None
    syn_ack_ns: list[int] = field(default_factory=list)
    auto_ack: bool = False


class ScriptedRun:
    """One case under way.

    Args:
        case: as its file holds it; `measured` is used for the times of the samples only.
    """

    def __init__(self, case: Case) -> None:
        self._case = case
        self._host = Host(_sysctls(case), boot_key=BOOT_KEY, phase_ns=PHASE_NS)
        self._now_ns = START_NS
        self._peers: dict[int, Peer] = {}
        self._by_flow: dict[Flow, Peer] = {}
        self._listeners = [self._listener(spec) for spec in case["machine"]["listeners"]]
        self._connections: list[int] = []
        self._accepted = [0] * len(self._listeners)
        self._calls: list[dict[str, Any]] = []
        self._samples: list[dict[str, Any]] = []
        self._received = Counter[str]()

    def play(self) -> dict[str, Any]:
        """Play every step; what was measured, in the form of the case's own `measured`."""
        for step in self._case["steps"]:
            self._advance(self._now_ns + STEP_NS)
            play: Callable[[dict[str, Any]], None] | None
            play = getattr(self, f"_do_{step['do']}", None)
            if play is None:
                raise ValueError(f"there is no step {step['do']!r}")
            play(step)
        measured = {
            "samples": self._samples,
            "accepted": self._accepted,
            "calls": self._calls,
        }
        recorded = self._case.get("measured") or {}
        if "syn_ack_times" in recorded:
            measured["syn_ack_times"] = {
                name: self._syn_ack_times(int(name)) for name in recorded["syn_ack_times"]
            }
        return measured

    # ---- the host

    def _listener(self, spec: dict[str, Any]) -> int:
        host = self._host
        fd = host.socket()
        options = (
            ("reuseport", Option.SO_REUSEPORT),
            ("defer_accept", Option.TCP_DEFER_ACCEPT),
            ("rcvbuf", Option.SO_RCVBUF),
            ("sndbuf", Option.SO_SNDBUF),
        )
        for key, option in options:
            if spec.get(key):
                host.setsockopt(fd, option, int(spec[key]))
        failed = host.bind(fd, 0, PORT) or host.listen(fd, spec["backlog"])
        if failed:
            raise ValueError(f"a listener cannot be made: {errno_name(-failed)}")
        return fd

    def _advance(self, until_ns: int) -> None:
        """Let time pass; the host's timers fire, peers answer each at once."""
        host = self._host
        while (timer_ns := host.next_timer_ns()) is not None and timer_ns <= until_ns:
            self._now_ns = max(self._now_ns, timer_ns)
            host.run_timers(timer_ns)
            self._deliver()
        self._now_ns = max(self._now_ns, until_ns)

    # ---- the peers

    def _peer(self, number: int) -> Peer:
        peer = self._peers.get(number)
        if peer is None:
            flow = Flow(PEER_ADDRESS_FIRST + number, PEER_PORT, self._host.address, PORT)
            isn = number * PEER_ISN_STEP & SEQ_MASK
            peer = self._peers[number] = Peer(flow, isn, (isn + 1) & SEQ_MASK)
            self._by_flow[flow] = peer
        return peer

    def _send(self, peer: Peer, flags: int, seq: int, length: int = 0) -> None:
        ack = peer.acked or 0
        mss = PEER_MSS if flags & SYN else 0
        self._host.receive(
            Segment(peer.flow, flags, seq, ack, length, PEER_WINDOW, mss), self._now_ns
        )
        self._deliver()

    def _deliver(self) -> None:
        """Hand what the host has sent to the peers, which may answer."""
        outbox = self._host.outbox
        while outbox:
            segments = outbox[:]
            outbox.clear()
            for segment in segments:
                self._peer_receives(self._by_flow[segment.flow], segment)

    def _peer_receives(self, peer: Peer, segment: Segment) -> None:
        flags, received = segment.flags, self._received
        received["rsts"] += bool(flags & RST)
        received["fins"] += bool(flags & FIN)
        received["bytes_to_clients"] += segment.length
        if flags & SYN:
            received["syn_acks"] += 1
            peer.syn_ack_ns.append(self._now_ns)
            peer.acked = peer.acked or (segment.seq + 1) & SEQ_MASK
            if peer.auto_ack:
                self._send(peer, ACK, peer.seq)
        elif peer.acked is not None and not flags & RST:
            end = (segment.seq + segment.length + bool(flags & FIN)) & SEQ_MASK
            if seq_after(end, peer.acked):
                peer.acked = end

    def _each(self, step: dict[str, Any], act: Callable[[Peer], None]) -> None:
        first, end = step["flows"]
        gap_ns = round(step.get("gap", 0) * 1e9)
        for number in range(first, end):
            act(self._peer(number))
            if gap_ns:
                self._advance(self._now_ns + gap_ns)
        self._advance(self._now_ns + AFTER_PEERS_NS)

    def _send_syn(self, peer: Peer) -> None:
        if peer.syn_ns is None:
            peer.syn_ns = self._now_ns
        self._send(peer, SYN, peer.isn)

    def _shake_hands(self, peer: Peer) -> None:
        peer.auto_ack = True
        self._send_syn(peer)
        if not peer.syn_ack_ns:
            self._advance(self._now_ns + GIVE_UP_NS)

    def _do_syn(self, step: dict[str, Any]) -> None:
        self._each(step, self._send_syn)

    def _do_ack(self, step: dict[str, Any]) -> None:
        self._each(step, self._send_ack)

    def _send_ack(self, peer: Peer) -> None:
        if peer.acked is not None:
            self._send(peer, ACK, peer.seq)

    def _do_ack_fins(self, step: dict[str, Any]) -> None:
        self._do_ack(step)

    def _do_bad_ack(self, step: dict[str, Any]) -> None:
        def send(peer: Peer) -> None:
            segment = Segment(peer.flow, ACK, peer.seq, FORGED_ACK, 0, PEER_WINDOW)
            self._host.receive(segment, self._now_ns)
            self._deliver()

        self._each(step, send)

    def _do_data(self, step: dict[str, Any]) -> None:
        def send(peer: Peer) -> None:
            left = step["bytes"]
            while left and peer.acked is not None:
                length = min(left, DATA_BYTES_MAX)
                seq, peer.seq = peer.seq, (peer.seq + length) & SEQ_MASK
                self._send(peer, ACK, seq, length)
                left -= length

        self._each(step, send)

    def _do_fin(self, step: dict[str, Any]) -> None:
        def send(peer: Peer) -> None:
            if peer.acked is not None:
                seq, peer.seq = peer.seq, (peer.seq + 1) & SEQ_MASK
                self._send(peer, FIN | ACK, seq)

        self._each(step, send)

    def _do_rst(self, step: dict[str, Any]) -> None:
        self._each(step, lambda peer: self._send(peer, RST, peer.seq))

    def _do_handshake(self, step: dict[str, Any]) -> None:
        self._each(step, self._shake_hands)

    def _do_handshake_refused(self, step: dict[str, Any]) -> None:
        def retry(peer: Peer) -> None:
            if not peer.syn_ack_ns:
                self._shake_hands(peer)

        self._each(step, retry)

    def _do_auto_ack(self, step: dict[str, Any]) -> None:
        def turn_on(peer: Peer) -> None:
            peer.auto_ack = True

        self._each(step, turn_on)

    # ---- the application

    def _do_accept(self, step: dict[str, Any]) -> None:
        index = step.get("listener", 0)
        most = step.get("max")
        count, result = 0, 0
        while most is None or count < most:
            result = self._host.accept(self._listeners[index], self._now_ns)
            if result < 0:
                break
            self._connections.append(result)
            count += 1
        self._accepted[index] += count
        call = {"step": "accept", "listener": index, "accepted": count}
        self._calls.append(call | {"eagain": result == -EAGAIN})
        self._deliver()

    def _do_listen(self, step: dict[str, Any]) -> None:
        self._host.listen(self._listeners[step.get("listener", 0)], step["backlog"])

    def _do_sysctl(self, step: dict[str, Any]) -> None:
        for name, value in step["set"].items():
            self._host.sysctl.set(name, _sysctl_value(value))

    def _do_close_listener(self, step: dict[str, Any]) -> None:
        self._host.close(self._listeners[step.get("listener", 0)], self._now_ns)
        self._after_call()

    def _do_shutdown_listener(self, step: dict[str, Any]) -> None:
        self._host.shutdown(self._listeners[step.get("listener", 0)], 1, self._now_ns)
        self._after_call()

    def _after_call(self) -> None:
        self._deliver()
        self._advance(self._now_ns + AFTER_CALL_NS)

    def _on_connection(self, step: dict[str, Any], result: object) -> None:
        if isinstance(result, int) and result < 0:
            result = _EXCEPTIONS.get(-result, "OSError")
        self._calls.append({"step": step["do"], "conn": step["conn"], "result": result})
        self._after_call()

    def _do_conn_close(self, step: dict[str, Any]) -> None:
        result = self._host.close(self._connections[step["conn"]], self._now_ns)
        self._on_connection(step, result or None)

    def _do_conn_shutdown(self, step: dict[str, Any]) -> None:
        fd, how = self._connections[step["conn"]], _HOW[step["how"]]
        self._on_connection(step, self._host.shutdown(fd, how, self._now_ns) or None)

    def _do_conn_dup(self, step: dict[str, Any]) -> None:
        self._connections.append(self._host.dup(self._connections[step["conn"]]))
        self._on_connection(step, None)

    def _do_conn_send(self, step: dict[str, Any]) -> None:
        fd = self._connections[step["conn"]]
        self._on_connection(step, self._host.send(fd, step["bytes"], self._now_ns))

    def _do_conn_recv(self, step: dict[str, Any]) -> None:
        fd = self._connections[step["conn"]]
        self._on_connection(step, self._host.recv(fd, READ_BYTES, self._now_ns))

    def _do_conn_fill(self, step: dict[str, Any]) -> None:
        fd, total = self._connections[step["conn"]], 0
        while (sent := self._host.send(fd, FILL_BYTES, self._now_ns)) > 0:
            total += sent
            self._deliver()
        self._on_connection(step, [total, _EXCEPTIONS.get(-sent, "OSError")])

    # ---- time and samples

    def _do_wait(self, step: dict[str, Any]) -> None:
        self._advance(round(step["until"] * 1e9))

    def _do_sample(self, _step: dict[str, Any]) -> None:
        recorded = (self._case.get("measured") or {}).get("samples") or []
        index = len(self._samples)
        self._advance(self._now_ns + BEFORE_SAMPLE_NS)
        if index < len(recorded) and "t" in recorded[index]:
            self._advance(round(recorded[index]["t"] * 1e9))
        self._samples.append(self._sample())

    def _sample(self) -> dict[str, Any]:
        host = self._host
        states = Counter(_state(endpoint) for endpoint in host.endpoints)
        counters = host.counters.as_dict()
        queues = sorted((len(ls.accept_queue), ls.backlog) for ls in host.listeners)
        first = self._first_listener()
        return {
            "t": round(self._now_ns / 1e9, 2),
            "states": dict(states),
            "listen": [{"recv_q": length, "send_q": limit} for length, limit in queues],
            "netstat_listen": None
            if first is None
            else {"rx_queue": len(first.accept_queue), "tx_queue": first.write_seq},
            "busy_sockets": self._busy_sockets(),
            "counters": {name: counters[name] for name in WATCHED if name in counters},
            "flows_answered": sum(bool(peer.syn_ack_ns) for peer in self._peers.values()),
            "syn_acks": self._received["syn_acks"],
            "rsts": self._received["rsts"],
            "fins": self._received["fins"],
            "bytes_to_clients": self._received["bytes_to_clients"],
        }

    def _first_listener(self) -> ListenSocket | None:
        for fd in self._listeners:
            file = self._host.file(fd)
            if isinstance(file, Socket) and file.is_listening:
                return file.listener
        return None

    def _busy_sockets(self) -> list[dict[str, Any]]:
        busy = sorted(
            (STATE_NAMES[c.state], c.recv_q, c.send_q)
            for c in self._host.connections
            if c.recv_q or c.send_q
        )
        return [
            {"state": state, "recv_q": recv_q, "send_q": send_q}
            for state, recv_q, send_q in busy[:BUSY_MAX]
        ]

    def _syn_ack_times(self, number: int) -> list[float]:
        peer = self._peer(number)
        if peer.syn_ns is None:
            return []
        return [round((at - peer.syn_ns) / 1e9, 3) for at in peer.syn_ack_ns]


def play_steps(case: Case) -> dict[str, Any]:
    """Play one scripted case; what was measured, in the form of the case's own `measured`."""
    return ScriptedRun(case).play()


def _state(endpoint: object) -> str:
    """The state of a flow as `ss` names it."""
    if isinstance(endpoint, Request):
        return "SYN-RECV"
    if isinstance(endpoint, TimeWait):
        return "FIN-WAIT-2" if endpoint.is_fin_wait2 else "TIME-WAIT"
    assert isinstance(endpoint, Connection)
    return STATE_NAMES[endpoint.state]


def _sysctls(case: Case) -> Sysctls:
    sysctl = Sysctls()
    for name, value in (case["machine"].get("sysctl") or {}).items():
        sysctl.set(name, _sysctl_value(value))
    return sysctl


def _sysctl_value(value: object) -> int | str:
    return value if isinstance(value, int) else str(value)
