"""Plays a traffic case on the real kernel: Linux clients, a spoofed flood, threads that accept.

Each run has namespaces of its own, since a kernel remembers who has been there. The same on the
model is `game/lab/traffic.py`. Source: assets/kernel-truth/README.md, "traffic".
"""

from __future__ import annotations

import errno
import heapq
import select
import socket
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

from game.kernel.segment import SYN
from game.lab.kernel.netns import SERVER_ADDRESS, Namespaces
from game.lab.kernel.server import (
    DEFAULTS,
    RemoteServer,
    answer,
    enter,
    open_listener,
    read_counters,
    set_sysctls,
)
from game.lab.kernel.wire import Wire, frame
from game.lab.steps import PEER_MSS, PEER_WINDOW, PORT
from game.lab.traffic import REPLY_BYTES, REQUEST_BYTES, poisson_starts
from game.sim.rng import stream

Case = dict[str, Any]

START_S: Final = 0.3
"""From the decision to begin until the first client may come."""

POLL_S: Final = 0.001
REQUEST_WAIT_S: Final = 0.2
BURST_S: Final = 0.002
FLOOD_FIRST: Final = 0x0A40_0000
FLOOD_BITS: Final = 22
SECONDS_MAX: Final = 300.0
"""No run takes longer."""


def play_traffic(case: Case) -> dict[str, Any]:
    """One run for each list of arrivals, one with arrivals of our own if there is none.

    Raises:
        NoKernelHere: there can be no namespaces.
        ServerLost: a process was killed.
        ValueError: the case says something that cannot be played.
    """
    traffic = case["traffic"]
    if traffic["duration"] + traffic["deadline"] > SECONDS_MAX:
        raise ValueError(f"it takes more than {SECONDS_MAX:g} s")
    lists = traffic.get("arrivals") or [poisson_starts(traffic)]
    return {"runs": [_play(case, starts, number) for number, starts in enumerate(lists)]}


def _play(case: Case, starts: Sequence[float], number: int) -> dict[str, Any]:
    traffic = case["traffic"]
    with (
        Namespaces() as pair,
        RemoteServer(pair.server, serve_traffic) as server,
        RemoteServer(pair.client, serve_clients) as clients,
    ):
        server.call("open", case["machine"], traffic.get("accept_per_s"))
        wire = Wire(pair.client, is_deaf=True)
        try:
            begin = time.monotonic() + START_S
            clients.ask("run", begin, list(starts), traffic["deadline"])
            sent = _flood(wire, begin, traffic["flood_per_s"], traffic["duration"], number)
        finally:
            wire.close()
        run: dict[str, Any] = clients.result(SECONDS_MAX)
        _sleep_until(begin + traffic["duration"])
        run["flood_sent"] = sent
        run["counters"] = server.call("counters")
    return run


def _flood(wire: Wire, begin: float, rate: float, duration: float, number: int) -> int:
    """Send SYNs from addresses that never answer, evenly, in bursts; how many."""
    dice = stream(number, "traffic flood")
    sent, total = 0, round(rate * duration)
    _sleep_until(begin)
    while sent < total:
        due = min(total, int((time.monotonic() - begin) * rate))
        for _ in range(due - sent):
            address = FLOOD_FIRST + dice.getrandbits(FLOOD_BITS)
            port, isn = 1024 + dice.getrandbits(15), dice.getrandbits(32)
            wire.send(frame(address, port, PORT, SYN, isn, 0, 0, PEER_WINDOW, PEER_MSS))
        sent = due
        time.sleep(BURST_S)
    return sent


def _sleep_until(at: float) -> None:
    time.sleep(max(at - time.monotonic(), 0.0))


# ---- the server


def serve_traffic(pipe: Connection, namespace: str) -> None:
    """The server of a traffic case."""
    enter(namespace)
    answer(pipe, TrafficServer())


class TrafficServer:
    """The calls of a traffic case: a thread for each listener."""

    def __init__(self) -> None:
        self._before: dict[str, int] = {}

    def open(self, machine: dict[str, Any], accept_per_s: float | None) -> None:
        """Set the sysctls, make the listeners, and serve them from now on."""
        set_sysctls(DEFAULTS | (machine.get("sysctl") or {}))
        listeners = [open_listener(spec) for spec in machine["listeners"]]
        gap = len(listeners) / accept_per_s if accept_per_s else 0.0
        self._before = read_counters()
        for listener in listeners:
            threading.Thread(target=_serve, args=(listener, gap), daemon=True).start()

    def counters(self) -> dict[str, int]:
        """The watched counters that rose."""
        now = read_counters()
        rose = {name: now[name] - self._before[name] for name in now}
        return {name: count for name, count in rose.items() if count}


def _serve(listener: socket.socket, gap: float) -> None:
    following = 0.0
    while True:
        if gap and (wait := following - time.monotonic()) > 0:
            time.sleep(min(wait, POLL_S))
            continue
        try:
            connection, _ = listener.accept()
        except OSError:
            time.sleep(POLL_S)
            continue
        following = time.monotonic() + gap
        with connection:
            try:
                connection.settimeout(REQUEST_WAIT_S)
                if connection.recv(REQUEST_BYTES):
                    connection.send(bytes(REPLY_BYTES))
            except OSError:
                pass  # It was late, or has gone.


# ---- the clients


def serve_clients(pipe: Connection, namespace: str) -> None:
    """The clients of a traffic case."""
    enter(namespace)
    answer(pipe, Clients())


@dataclass(slots=True)
class _Client:
    socket: socket.socket
    started: float
    connected: float | None = None


class Clients:
    """Real clients: connect, ask, wait for the reply, close; give up at the deadline."""

    def __init__(self) -> None:
        self._epoll = select.epoll()
        self._clients: dict[int, _Client] = {}
        self._connect_s: list[float] = []
        self._reply_s: list[float] = []
        self._timeouts = 0
        self._resets = 0

    def run(self, begin: float, starts: list[float], deadline: float) -> dict[str, Any]:
        """Play all of them; what was measured, without what the server counts."""
        _sleep_until(begin)
        before = _syn_retransmits()
        coming = [begin + start for start in starts]
        heapq.heapify(coming)
        patience: list[tuple[float, int, _Client]] = []
        while coming or self._clients:
            now = time.monotonic()
            while coming and coming[0] <= now:
                heapq.heappop(coming)
                client = self._start()
                if client is not None:
                    patience.append((client.started + deadline, client.socket.fileno(), client))
            self._give_up(patience, now)
            due = [one for one in (coming[0] if coming else None,) if one is not None]
            due += [patience[0][0]] if patience else []
            wait = max(min(due) - time.monotonic(), 0.0) if due else POLL_S
            for fd, _ in self._epoll.poll(wait):
                self._progress(fd)
        return self._measure(len(starts), _syn_retransmits() - before)

    def _start(self) -> _Client | None:
        sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        sock.setblocking(False)
        client = _Client(sock, time.monotonic())
        if sock.connect_ex((SERVER_ADDRESS, PORT)) not in (0, errno.EINPROGRESS):
            self._resets += 1
            sock.close()
            return None
        self._clients[sock.fileno()] = client
        self._epoll.register(sock, select.EPOLLOUT)
        return client

    def _give_up(self, patience: list[tuple[float, int, _Client]], now: float) -> None:
        while patience and patience[0][0] <= now:
            _, fd, client = patience.pop(0)
            if self._clients.get(fd) is client:
                self._timeouts += 1
                self._end(fd)

    def _progress(self, fd: int) -> None:
        client = self._clients[fd]
        try:
            if client.connected is None:
                error = client.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                if error:
                    raise OSError(error, "connect")
                client.connected = time.monotonic()
                client.socket.send(bytes(REQUEST_BYTES))
                self._epoll.modify(fd, select.EPOLLIN)
                return
            got = client.socket.recv(REPLY_BYTES)
        except BlockingIOError:
            return
        except OSError:
            self._resets += 1
            self._end(fd)
            return
        if got:
            self._connect_s.append(client.connected - client.started)
            self._reply_s.append(time.monotonic() - client.started)
        else:
            self._resets += 1
        self._end(fd)

    def _end(self, fd: int) -> None:
        self._clients.pop(fd).socket.close()

    def _measure(self, attempts: int, syn_retransmits: int) -> dict[str, Any]:
        connect_s, reply_s = sorted(self._connect_s), sorted(self._reply_s)
        served = len(reply_s)
        return {
            "attempts": attempts,
            "ok": served,
            "timeout": self._timeouts,
            "reset": self._resets,
            "success": round(served / attempts, 4) if attempts else None,
            "connect_p50": _share(connect_s, 0.5),
            "connect_p90": _share(connect_s, 0.9),
            "connect_p99": _share(connect_s, 0.99),
            "reply_p50": _share(reply_s, 0.5),
            "reply_p99": _share(reply_s, 0.99),
            "client_syn_retrans": syn_retransmits,
        }


def _syn_retransmits() -> int:
    lines = Path("/proc/self/net/netstat").read_text(encoding="ascii").splitlines()
    values = dict(zip(lines[0].split(), lines[1].split(), strict=True))
    return int(values["TCPSynRetrans"])


def _share(ordered: list[float], share: float) -> float | None:
    """The time that `share` of them stayed under; None where there are none."""
    if not ordered:
        return None
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 4)
