"""The server of a case: real sockets, in a process inside the server's namespace.

It answers calls that come over a pipe, one after the other, and ends when the pipe closes.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import re
import resource
import signal
import socket
import struct
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Any, Final

from game.lab.scripted import BUSY_MAX, FILL_BYTES, READ_BYTES, WATCHED
from game.lab.steps import PORT

DEFAULTS: Final = {
    "net.core.somaxconn": 4096,
    "net.ipv4.tcp_max_syn_backlog": 2048,
    "net.ipv4.tcp_syncookies": 1,
    "net.ipv4.tcp_synack_retries": 5,
    "net.ipv4.tcp_abort_on_overflow": 0,
    "net.ipv4.tcp_migrate_req": 0,
}
"""What a case that does not say otherwise means; a machine's own settings do not reach it."""

ANSWER_S: Final = 30.0
"""No call takes so long: after that the server is given up."""

CONGESTION: Final = b"bbr"
"""What the recorded kernel runs; how far a send buffer grows depends on it."""

_ENDED: Final = "The server's process has ended before its case."
_SYSCTL: Final = re.compile(r"net\.(core|ipv4)\.[a-z0-9_]+")
_HOW: Final = {"rd": socket.SHUT_RD, "wr": socket.SHUT_WR, "rdwr": socket.SHUT_RDWR}
_LISTEN: Final = 10
_STATES: Final = {
    1: "ESTAB",
    2: "SYN-SENT",
    3: "SYN-RECV",
    4: "FIN-WAIT-1",
    5: "FIN-WAIT-2",
    6: "TIME-WAIT",
    7: "UNCONN",
    8: "CLOSE-WAIT",
    9: "LAST-ACK",
    11: "CLOSING",
    12: "SYN-RECV",  # A request, before it has a socket.
}
_TCP_INFO: Final = struct.Struct("=8B6I")
_PR_SET_PDEATHSIG: Final = 1
_FILES_MAX: Final = 8192


class ServerLost(RuntimeError):
    """The server's process has ended, or does not answer."""


class RemoteServer:
    """The server's process, seen from outside; for the time of a `with`.

    Args:
        namespace: where it lives.
        entry: what runs in the process: it gets the pipe and the namespace's name.
    """

    def __init__(self, namespace: str, entry: Callable[[Connection, str], None]) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self.process = context.Process(target=entry, args=(theirs, namespace), daemon=True)
        self.process.start()
        theirs.close()

    def __enter__(self) -> RemoteServer:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pipe.close()
        self.process.join(2)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()

    def call(self, name: str, *arguments: object, within_s: float = ANSWER_S) -> Any:
        """The result of one call there.

        Raises:
            ServerLost: no answer.
            ValueError: the call cannot be; the sentence comes from there.
        """
        self.ask(name, *arguments)
        return self.result(within_s)

    def ask(self, name: str, *arguments: object) -> None:
        """Begin a call; its result is to be fetched."""
        try:
            self._pipe.send((name, arguments))
        except OSError as error:
            raise ServerLost(_ENDED) from error

    def result(self, within_s: float = ANSWER_S) -> Any:
        """The result of the call that was begun last."""
        try:
            if not self._pipe.poll(within_s):
                raise ServerLost(f"The server's process did not answer within {within_s:g} s.")
            fault, result = self._pipe.recv()
        except (EOFError, OSError) as error:
            raise ServerLost(_ENDED) from error
        if fault is not None:
            raise ValueError(fault)
        return result


def enter(namespace: str) -> None:
    """Move this process into a namespace; an interrupt is for the parent to handle."""
    from pyroute2 import netns  # noqa: PLC0415

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    die_with_parent()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = _FILES_MAX if hard == resource.RLIM_INFINITY else min(hard, _FILES_MAX)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    netns.setns(namespace)


def die_with_parent() -> None:
    """End this process when its parent ends, however that comes about."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def answer(pipe: Connection, calls: object) -> None:
    """Answer calls on an object's public methods until the pipe closes."""
    while True:
        try:
            name, arguments = pipe.recv()
        except (EOFError, OSError):
            return
        try:
            reply: tuple[str | None, Any] = (None, getattr(calls, name)(*arguments))
        except (ArithmeticError, LookupError, OSError, TypeError, ValueError) as error:
            reply = (f"{name}: {type(error).__name__}: {error}", None)
        try:
            pipe.send(reply)
        except OSError:
            return


def serve_steps(pipe: Connection, namespace: str) -> None:
    """The server of a scripted case."""
    enter(namespace)
    answer(pipe, StepServer())


def set_sysctls(values: dict[str, object]) -> None:
    """Set sysctls of the namespace this process is in.

    Raises:
        ValueError: a name that is not of the network, or that no namespace has of its own.
    """
    for name, value in values.items():
        if not _SYSCTL.fullmatch(name):
            raise ValueError(f"{name} is no sysctl of net.core or net.ipv4")
        path = Path("/proc/sys", *name.split("."))
        try:
            path.write_text(f"{value}\n", encoding="ascii")
        except OSError as error:
            raise ValueError(f"{name} = {value}: {error.strerror}") from error


def open_listener(spec: dict[str, Any]) -> socket.socket:
    """A listening, non-blocking socket on the port of all cases."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setblocking(False)
    options = (
        ("reuseport", socket.SOL_SOCKET, socket.SO_REUSEPORT),
        ("defer_accept", socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT),
        ("rcvbuf", socket.SOL_SOCKET, socket.SO_RCVBUF),
        ("sndbuf", socket.SOL_SOCKET, socket.SO_SNDBUF),
    )
    for key, level, option in options:
        if spec.get(key):
            listener.setsockopt(level, option, int(spec[key]))
    with suppress(OSError):  # A kernel without it plays with what it has.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, CONGESTION)
    listener.bind(("", PORT))
    listener.listen(spec["backlog"])
    return listener


def read_counters() -> dict[str, int]:
    """The watched counters of the namespace this process is in, by their nstat names."""
    found: dict[str, int] = {}
    for file in ("snmp", "netstat"):
        lines = Path("/proc/self/net", file).read_text(encoding="ascii").splitlines()
        for names, values in zip(lines[::2], lines[1::2], strict=True):
            group = names.split(":")[0]
            pairs = zip(names.split()[1:], values.split()[1:], strict=True)
            found |= {group + name: int(value) for name, value in pairs}
    return {name: found.get(name, 0) for name in WATCHED}


class StepServer:
    """The calls of a scripted case."""

    def __init__(self) -> None:
        self._listeners: list[socket.socket | None] = []
        self._connections: list[socket.socket] = []
        self._before: dict[str, int] = {}

    def open(self, machine: dict[str, Any]) -> None:
        """Set the sysctls, make the listeners, and count from here."""
        set_sysctls(DEFAULTS | (machine.get("sysctl") or {}))
        self._listeners = [open_listener(spec) for spec in machine["listeners"]]
        self._before = read_counters()

    def accept(self, index: int, most: int | None) -> tuple[int, bool]:
        """accept(2) until `most` or an error: how many, and whether the error was EAGAIN."""
        listener, count = self._listener(index), 0
        while most is None or count < most:
            try:
                connection, _ = listener.accept()
            except OSError as error:
                return count, isinstance(error, BlockingIOError)
            connection.setblocking(False)
            self._connections.append(connection)
            count += 1
        return count, False

    def listen(self, index: int, backlog: int) -> None:
        """listen(2) again; that it failed shows in the samples."""
        with suppress(OSError):
            self._listener(index).listen(backlog)

    def sysctl(self, values: dict[str, object]) -> None:
        """Set sysctls in the middle of a case."""
        set_sysctls(values)

    def close_listener(self, index: int) -> None:
        """close(2) on a listener."""
        self._listener(index).close()
        self._listeners[index] = None

    def shutdown_listener(self, index: int) -> None:
        """shutdown(2) on a listener."""
        self._listener(index).shutdown(socket.SHUT_RD)

    def connection(self, step: dict[str, Any]) -> object:
        """One conn_… step: what it returned, or the name of what it raised."""
        connection = self._connections[step["conn"]]
        try:
            return self._on_connection(connection, step)
        except OSError as error:
            return type(error).__name__

    def _on_connection(self, connection: socket.socket, step: dict[str, Any]) -> object:
        call = step["do"].removeprefix("conn_")
        if call == "close":
            connection.close()
        elif call == "shutdown":
            connection.shutdown(_HOW[step["how"]])
        elif call == "dup":
            self._connections.append(connection.dup())
        elif call == "send":
            return connection.send(bytes(step["bytes"]))
        elif call == "recv":
            return len(connection.recv(READ_BYTES))
        elif call == "fill":
            return _fill(connection)
        else:
            raise ValueError(f"there is no step {step['do']!r}")
        return None

    def sample(self) -> dict[str, Any]:
        """What the kernel tells about itself at this moment."""
        states: Counter[str] = Counter()
        busy = []
        netstat = None
        lines = Path("/proc/self/net/tcp").read_text(encoding="ascii").splitlines()
        for line in lines[1:]:
            columns = line.split()
            state = int(columns[3], 16)
            send_q, recv_q = (int(part, 16) for part in columns[4].split(":"))
            if state == _LISTEN:
                netstat = netstat or {"rx_queue": recv_q, "tx_queue": send_q}
                continue
            states[_STATES[state]] += 1
            if recv_q or send_q:
                busy.append((_STATES[state], recv_q, send_q))
        counters = read_counters()
        rose = {name: counters[name] - self._before[name] for name in WATCHED}
        return {
            "states": dict(states),
            "listen": [{"recv_q": length, "send_q": limit} for length, limit in self._queues()],
            "netstat_listen": netstat,
            "busy_sockets": [
                {"state": state, "recv_q": recv_q, "send_q": send_q}
                for state, recv_q, send_q in sorted(busy)[:BUSY_MAX]
            ],
            "counters": {name: count for name, count in rose.items() if count},
        }

    def _listener(self, index: int) -> socket.socket:
        listener = self._listeners[index]
        if listener is None:
            raise ValueError(f"listener {index} is closed")
        return listener

    def _queues(self) -> list[tuple[int, int]]:
        """Length and limit of each accept queue, as tcp_info holds them for a listener."""
        queues = []
        for listener in self._listeners:
            if listener is None:
                continue
            packed = listener.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _TCP_INFO.size)
            info = _TCP_INFO.unpack(packed)
            if info[0] == _LISTEN:
                queues.append((info[-2], info[-1]))
        return sorted(queues)


def _fill(connection: socket.socket) -> list[object]:
    total, block = 0, bytes(FILL_BYTES)
    while True:
        try:
            total += connection.send(block)
        except OSError as error:
            return [total, type(error).__name__]
