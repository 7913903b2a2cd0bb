"""File descriptors, and the sockets behind them that are not connections yet.

A descriptor is a number; several may name one socket (dup, fork), which closes with the last.
The calls on them are in `host.py`, connections are in `connection.py`.
Source: linux v6.18 fs/file.c alloc_fd(), close_fd(); net/core/sock.c sk_setsockopt().
"""

from __future__ import annotations

import heapq
from enum import IntEnum
from typing import Final

from game.kernel.bind import Binding
from game.kernel.connection import Connection
from game.kernel.listen import ListenSocket

FIRST_FD: Final = 3  # 0, 1 and 2 are the terminal's.
FILES_MAX: Final = 1_048_576
"""How many descriptors one host may have open (sysctl fs.nr_open)."""


class Option(IntEnum):
    """The socket options that the model knows."""

    SO_REUSEADDR = 1
    SO_REUSEPORT = 2
    TCP_DEFER_ACCEPT = 3
    TCP_SYNCNT = 4
    SO_RCVBUF = 5
    SO_SNDBUF = 6
    SO_LINGER = 7


class Socket:
    """A socket that is fresh, bound, or in LISTEN.

    Attributes:
        options: option values as they were set.
        address: local address, 0 for any.
        port: local port, 0 while not bound.
        uid: effective user id that bound it.
        listener: its queues, None until listen().
        references: how many descriptors name it.
        shutdown: what was shut down, receive 1, send 2.
    """

    __slots__ = ("address", "listener", "options", "port", "references", "shutdown", "uid")

    def __init__(self) -> None:
        self.options: dict[Option, int] = {}
        self.address = 0
        self.port = 0
        self.uid = 0
        self.listener: ListenSocket | None = None
        self.references = 1
        self.shutdown = 0

    @property
    def is_listening(self) -> bool:
        """True while it is in LISTEN."""
        return self.listener is not None and not self.listener.closed

    def binding(self) -> Binding:
        """What it holds, or would hold, of the port space."""
        options = self.options
        return Binding(
            self.address,
            self.port,
            self.uid,
            bool(options.get(Option.SO_REUSEADDR)),
            bool(options.get(Option.SO_REUSEPORT)),
            self.is_listening,
        )


File = Socket | Connection
"""What a descriptor names."""


class Descriptors:
    """The open descriptors of one host; a new one is always the lowest free number.

    Attributes:
        files: what each open descriptor names.
        limit: how many may be open at once (RLIMIT_NOFILE).
    """

    __slots__ = ("_free", "_next", "files", "limit")

    def __init__(self) -> None:
        self.files: dict[int, File] = {}
        self.limit = FILES_MAX
        self._free: list[int] = []
        self._next = FIRST_FD

    def is_full(self) -> bool:
        """True if open() would fail with EMFILE."""
        return len(self.files) >= self.limit

    def add(self, file: File) -> int:
        """Give a file the lowest free descriptor."""
        if self._free:
            fd = heapq.heappop(self._free)
        else:
            fd = self._next
            self._next = fd + 1
        self.files[fd] = file
        return fd

    def reserve(self) -> int:
        """The lowest free descriptor, for something that is no socket."""
        if self._free:
            return heapq.heappop(self._free)
        self._next += 1
        return self._next - 1

    def release(self, fd: int) -> None:
        """Free a descriptor that was reserved."""
        heapq.heappush(self._free, fd)

    def remove(self, fd: int) -> None:
        """Free a descriptor; what it named goes on as long as others name it."""
        del self.files[fd]
        heapq.heappush(self._free, fd)
