"""Plays a scripted case of kernel truth on a simulated host and measures the same things.

Time is virtual: between steps only the host's own timers run. The steps and their peers are in
`steps.py`; what agreement means is in `agreement.py`.
Source: assets/kernel-truth/README.md, "steps".
"""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from game.kernel.connection import STATE_NAMES, Connection
from game.kernel.descriptor import Option, Socket
from game.kernel.errno import EAGAIN, ECONNRESET, EPIPE, ETIMEDOUT, errno_name
from game.kernel.host import Host
from game.kernel.listen import ListenSocket, Request
from game.kernel.segment import SYN, Flow, Segment
from game.kernel.sysctl import Sysctls
from game.kernel.timewait import TimeWait
from game.lab.steps import (
    AFTER_CALL_NS,
    BEFORE_SAMPLE_NS,
    GIVE_UP_NS,
    PEER_MSS,
    PEER_PORT,
    PEER_WINDOW,
    PORT,
    Case,
    Peer,
    StepsRun,
)

FILL_BYTES: Final = 4096
READ_BYTES: Final = 1 << 20
BUSY_MAX: Final = 8

_MS: Final = 1_000_000
START_NS: Final = 10 * _MS
"""When the first step begins: setting up took the recorder about that long."""

STEP_NS: Final = 4 * _MS
"""What playing one step cost the recorder besides its waits, about."""

PHASE_NS: Final = 5 * 4 * _MS
"""Where the jiffy grid lies: any is possible, this one is about the middle of the range."""

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


class ScriptedRun(StepsRun):
    """One case under way.

    Args:
        case: as its file holds it; `measured` is used for the times of the samples only.
    """

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self._host = Host(_sysctls(case), boot_key=BOOT_KEY, phase_ns=PHASE_NS)
        self._now_ns = START_NS
        self._listeners = [self._listener(spec) for spec in case["machine"]["listeners"]]
        self._connections: list[int] = []

    def _play(self, step: dict[str, Any]) -> None:
        self._pass(STEP_NS)
        super()._play(step)

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

    def _now(self) -> int:
        return self._now_ns

    def _pass(self, span_ns: int) -> None:
        self._advance(self._now_ns + span_ns)

    # ---- the peers

    def _send(
        self, peer: Peer, flags: int, seq: int, length: int = 0, ack: int | None = None
    ) -> None:
        flow = Flow(peer.address, PEER_PORT, self._host.address, PORT)
        acked = (peer.acked or 0) if ack is None else ack
        mss = PEER_MSS if flags & SYN else 0
        segment = Segment(flow, flags, seq, acked, length, PEER_WINDOW, mss)
        self._host.receive(segment, self._now_ns)
        self._deliver()

    def _deliver(self) -> None:
        """Hand what the host has sent to the peers, which may answer."""
        outbox = self._host.outbox
        while outbox:
            segments = outbox[:]
            outbox.clear()
            for segment in segments:
                peer = self._by_address[segment.flow.remote_address]
                self._receive(peer, segment.flags, segment.seq, segment.length)

    def _after_one(self, gap_ns: int) -> None:
        if gap_ns:
            self._pass(gap_ns)

    def _await_syn_ack(self, peer: Peer) -> None:
        if not peer.syn_ack_ns:
            self._pass(GIVE_UP_NS)

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
        self._pass(AFTER_CALL_NS)

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
        self._pass(BEFORE_SAMPLE_NS)
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
            **self._received_so_far(),
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
