"""Plays a crew case on the real kernel: processes that wait for connections on one port.

The same on the model is `game/lab/crews.py`. Source: assets/kernel-truth/README.md, "crews".
"""

from __future__ import annotations

import mmap
import os
import select
import signal
import socket
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, Final, get_args

from game.lab.kernel.netns import Namespaces
from game.lab.kernel.server import (
    DEFAULTS,
    RemoteServer,
    answer,
    die_with_parent,
    enter,
    open_listener,
    set_sysctls,
)
from game.lab.steps import PORT
from game.lab.traffic import REPLY_BYTES
from game.sim.workers.waiting import Way

Case = dict[str, Any]

WAYS: Final = tuple(way for way in get_args(Way) if way != "signal")
RUNS: Final = 3
WORKERS_MAX: Final = 64
CONNECTIONS_MAX: Final = 20_000
PATIENCE_S: Final = 60.0
"""After the last arrival, for the last reply."""

SETTLE_S: Final = 0.2
"""From the first fork until everybody waits."""


def play_crew(case: Case) -> dict[str, Any]:
    """Three runs of a case on this kernel.

    Raises:
        NoKernelHere: there can be no namespaces.
        ServerLost: a process was killed.
        ValueError: the case says something that cannot be played.
    """
    crew, traffic = case["crew"], case["traffic"]
    if crew["wait"].removesuffix("_reuseport") not in WAYS:
        raise ValueError(f"no way of waiting named {crew['wait']}")
    if crew["workers"] > WORKERS_MAX or traffic["connections"] > CONNECTIONS_MAX:
        raise ValueError(f"more than {WORKERS_MAX} workers or {CONNECTIONS_MAX} connections")
    within_s = traffic["connections"] * traffic["every_ms"] / 1000 + 2 * PATIENCE_S
    runs = []
    for _ in range(RUNS):
        with Namespaces() as pair, RemoteServer(pair.server, serve_crew) as server:
            runs.append(server.call("play", case, within_s=within_s))
    return {"runs": runs}


def serve_crew(pipe: Connection, namespace: str) -> None:
    """A crew and its clients, in one namespace."""
    enter(namespace)
    answer(pipe, CrewServer())


class CrewServer:
    """The one call of a crew case."""

    def play(self, case: Case) -> dict[str, Any]:
        """Fork the workers, send them clients, and count."""
        crew, traffic = case["crew"], case["traffic"]
        workers = int(crew["workers"])
        set_sysctls(DEFAULTS | (case["machine"].get("sysctl") or {}))
        specs = case["machine"]["listeners"]
        is_shared = len(specs) == 1
        listeners = [open_listener({"reuseport": not is_shared} | spec) for spec in specs]
        way = crew["wait"].removesuffix("_reuseport")
        shared = select.epoll()
        shared.register(listeners[0], select.EPOLLIN)
        counts = memoryview(mmap.mmap(-1, 16 * WORKERS_MAX)).cast("Q")
        service_s = crew["service_ms"] / 1000
        pids = []
        try:
            for index in range(workers):
                listener = listeners[index % len(listeners)]
                pid = os.fork()
                if not pid:
                    _work(index, way, listener, shared, service_s, counts)
                pids.append(pid)
            time.sleep(SETTLE_S)
            times_ms = _clients(traffic["connections"], traffic["every_ms"] / 1000)
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
        accepted = [counts[2 * index] for index in range(workers)]
        eagain = sum(counts[2 * index + 1] for index in range(workers))
        return {
            "accepted": accepted,
            "eagain": eagain,
            "wakeups": 0 if way == "blocking" else sum(accepted) + eagain,
            "replied": len(times_ms),
            "reply_ms_p50": _share(times_ms, 0.5),
            "reply_ms_p99": _share(times_ms, 0.99),
        }


def _work(
    index: int,
    way: str,
    listener: socket.socket,
    shared: select.epoll,
    service_s: float,
    counts: memoryview,
) -> None:
    """A worker, until it is killed."""
    die_with_parent()
    try:
        wait = _waiting(way, listener, shared)
        while True:
            wait()
            try:
                connection, _ = listener.accept()
            except BlockingIOError:
                counts[2 * index + 1] += 1
                continue
            counts[2 * index] += 1
            if service_s:
                time.sleep(service_s)
            connection.send(bytes(REPLY_BYTES))
            connection.close()
    finally:
        os._exit(1)  # Never back into the parent's code.


def _waiting(way: str, listener: socket.socket, shared: select.epoll) -> Callable[[], object]:
    """What a worker calls before accept()."""
    if way == "blocking":
        listener.setblocking(True)
        return lambda: None
    if way == "select":
        return lambda: select.select([listener], [], [])
    if way == "poll":
        poll = select.poll()
        poll.register(listener, select.POLLIN)
        return poll.poll
    if way == "shared_epoll":
        return lambda: shared.poll(maxevents=1)
    if way not in ("epoll", "epoll_exclusive"):
        raise ValueError(way)
    own = select.epoll()
    exclusive = select.EPOLLEXCLUSIVE if way == "epoll_exclusive" else 0
    own.register(listener, select.EPOLLIN | exclusive)
    return lambda: own.poll(maxevents=1)


def _clients(count: int, every_s: float) -> list[float]:
    """Connect over loopback, one after the other; milliseconds until each reply, sorted."""
    epoll = select.epoll()
    open_now: dict[int, tuple[socket.socket, float]] = {}
    times_ms: list[float] = []
    begin = time.monotonic() + every_s
    started = 0
    limit = begin + count * every_s + PATIENCE_S
    while (started < count or open_now) and time.monotonic() < limit:
        while started < count and time.monotonic() >= begin + started * every_s:
            started += 1
            sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            sock.setblocking(False)
            open_now[sock.fileno()] = (sock, time.monotonic())
            sock.connect_ex(("127.0.0.1", PORT))
            epoll.register(sock, select.EPOLLIN)
        following = begin + started * every_s if started < count else limit
        for fd, _ in epoll.poll(max(following - time.monotonic(), 0.0)):
            sock, since = open_now.pop(fd)
            try:
                if sock.recv(REPLY_BYTES):
                    times_ms.append((time.monotonic() - since) * 1000)
            except OSError:
                pass  # Reset: it has no reply.
            sock.close()
    return sorted(times_ms)


def _share(ordered: list[float], share: float) -> float | None:
    """The time that `share` of them stayed under; None where there are none."""
    if not ordered:
        return None
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 2)
