"""The calls of a host that wait: blocking accept, recv and send; poll, select, epoll, signals.

No call sleeps: each says whether it would, and then the caller's id stands in a wait queue until
an event puts it on the host's list of the woken. The rules are in `waitqueue.py`, `poll.py` and
`epoll.py`; every other call is in `host.py`, whose `Host` inherits these.
Source: linux v6.18 fs/select.c, fs/eventpoll.c, net/ipv4/inet_connection_sock.c
inet_csk_wait_for_connect().
"""

from __future__ import annotations

from collections.abc import Sequence

from game.kernel.connection import Connection
from game.kernel.descriptor import Descriptors, File, Socket
from game.kernel.epoll import Epoll, EpollOp
from game.kernel.errno import EBADF, EINVAL, EMFILE, ENOTSOCK
from game.kernel.poll import UNASKED, PollTable, SignalOwner, queues_of, readiness
from game.kernel.waitqueue import WaitQueue

POLLNVAL = 0x20


class WaitCalls:
    """What a host needs to let threads wait.

    Args:
        descriptors: of the host; epoll instances have numbers there.
        woken: where ids of woken waiters are appended.
    """

    __slots__ = ("_descriptors", "_epolls", "_files", "_keys", "_polls", "_signals", "woken")

    def __init__(self, descriptors: Descriptors, woken: list[int]) -> None:
        self._descriptors = descriptors
        self._files: dict[int, File] = descriptors.files
        self.woken = woken
        self._epolls: dict[int, Epoll] = {}
        self._polls: dict[int, PollTable] = {}
        self._signals: dict[int, SignalOwner] = {}
        self._keys = 0

    def _next_key(self) -> int:
        self._keys -= 1
        return self._keys

    # ---- blocking calls

    def wait_accept(self, fd: int, waiter: int) -> bool:
        """Put a waiter to sleep until a connection comes, exclusively and behind the others.

        Returns:
            True if it sleeps now, False if accept() would not block (or not work) anyhow.
        """
        file = self._files.get(fd)
        if not isinstance(file, Socket) or file.listener is None or file.listener.closed:
            return False
        if file.listener.accept_queue:
            return False
        file.listener.waiters.sleep(waiter, exclusive=True)
        return True

    def wait_readable(self, fd: int, waiter: int) -> bool:
        """Put a waiter to sleep until recv() would not block; False if it would not now."""
        file = self._files.get(fd)
        if not isinstance(file, Connection) or file.is_readable:
            return False
        if file.readers is None:
            file.readers = WaitQueue()
        file.readers.sleep(waiter, exclusive=False)
        return True

    def wait_writable(self, fd: int, waiter: int) -> bool:
        """Put a waiter to sleep until send() has room; False if it has some now."""
        file = self._files.get(fd)
        if not isinstance(file, Connection) or file.is_writable:
            return False
        if file.writers is None:
            file.writers = WaitQueue()
        file.writers.sleep(waiter, exclusive=False)
        return True

    def cancel_wait(self, fd: int, waiter: int) -> None:
        """Take a waiter off every queue of a descriptor, without waking it."""
        file = self._files.get(fd)
        if isinstance(file, Connection):
            for queue in (file.readers, file.writers):
                if queue is not None:
                    queue.cancel(waiter)
        elif file is not None and file.listener is not None:
            file.listener.waiters.cancel(waiter)
        elif fd in self._epolls:
            self._epolls[fd].cancel(waiter)

    # ---- poll(2) and select(2)

    def poll(self, watched: Sequence[tuple[int, int]], waiter: int) -> list[tuple[int, int]]:
        """What is ready of pairs of descriptor and mask; if anything is, the waiter stands nowhere.

        A descriptor that is not open is ready for POLLNVAL.
        """
        found = []
        for fd, events in watched:
            file = self._files.get(fd)
            mask = POLLNVAL if file is None else readiness(file) & (events | UNASKED)
            if mask:
                found.append((fd, mask))
        if found:
            self.end_poll(waiter)
        return found

    def wait_poll(self, watched: Sequence[tuple[int, int]], waiter: int) -> None:
        """Sleep in poll(): join every queue, or go on standing there after a vain wake-up."""
        table = self._polls.get(waiter)
        if table is None:
            table = self._polls[waiter] = PollTable(self._next_key(), waiter)
            for fd, events in watched:
                file = self._files.get(fd)
                for queue in [] if file is None else queues_of(file, events):
                    table.join(queue)
        table.is_asleep = True

    def end_poll(self, waiter: int) -> None:
        """Take a waiter off all the queues it stands in for poll()."""
        table = self._polls.pop(waiter, None)
        if table is not None:
            table.leave()

    # ---- signals

    def own(self, fd: int, waiter: int) -> int:
        """As fcntl(2) F_SETOWN and O_ASYNC: this waiter gets SIGIO for a socket; 0 or -EBADF."""
        file = self._files.get(fd)
        if file is None:
            return -EBADF
        owner = self._signals.get(waiter)
        if owner is None:
            owner = self._signals[waiter] = SignalOwner(self._next_key(), waiter)
        for queue in queues_of(file, 0):
            owner.join(queue)
        return 0

    def wait_signal(self, waiter: int) -> bool:
        """As sigsuspend(2): sleep until a signal comes; False if one was pending, now taken."""
        owner = self._signals[waiter]
        if owner.is_pending:
            owner.is_pending = False
            return False
        owner.is_asleep = True
        return True

    def disown(self, waiter: int) -> None:
        """Let a waiter get no more signals."""
        owner = self._signals.pop(waiter, None)
        if owner is not None:
            owner.leave()

    # ---- epoll

    def epoll_create(self) -> int:
        """As epoll_create1(2): a descriptor or -EMFILE."""
        if self._descriptors.is_full():
            return -EMFILE
        fd = self._descriptors.reserve()
        self._epolls[fd] = Epoll()
        return fd

    def epoll_ctl(self, epoll_fd: int, op: EpollOp, fd: int, events: int = 0) -> int:
        """As epoll_ctl(2): 0, -EBADF, -EINVAL, -EEXIST or -ENOENT.

        An epoll descriptor cannot watch another one here; the kernel would allow that.
        """
        file, epoll = self._files.get(fd), self._epolls.get(epoll_fd)
        if epoll is None:
            return -EINVAL if epoll_fd in self._files else -EBADF
        if file is None:
            return -EINVAL if fd in self._epolls else -EBADF
        if op is EpollOp.ADD:
            return epoll.add(self._next_key(), fd, file, events, self.woken)
        if op is EpollOp.MOD:
            return epoll.modify(fd, events, self.woken)
        return epoll.remove(fd)

    def epoll_wait(self, epoll_fd: int, events_max: int = 64) -> list[tuple[int, int]] | int:
        """As epoll_wait(2) with timeout 0: pairs of descriptor and mask, -EBADF or -EINVAL."""
        epoll = self._epolls.get(epoll_fd)
        if epoll is None:
            return -EINVAL if epoll_fd in self._files else -EBADF
        if events_max <= 0:
            return -EINVAL
        return epoll.take(events_max, self.woken)

    def wait_epoll(self, epoll_fd: int, waiter: int) -> bool:
        """Put a waiter to sleep in epoll_wait(); False if there may be something already."""
        epoll = self._epolls.get(epoll_fd)
        return epoll is not None and epoll.sleep(waiter)

    # ---- descriptors

    def _not_socket(self, fd: int) -> int:
        """The error of a socket call on a descriptor that names no socket."""
        return -ENOTSOCK if fd in self._epolls else -EBADF

    def _dup_epoll(self, fd: int) -> int:
        epoll = self._epolls.get(fd)
        if epoll is None:
            return -EBADF
        if self._descriptors.is_full():
            return -EMFILE
        copy = self._descriptors.reserve()
        epoll.references += 1
        self._epolls[copy] = epoll
        return copy

    def _close_epoll(self, fd: int) -> int:
        epoll = self._epolls.pop(fd, None)
        if epoll is None:
            return -EBADF
        self._descriptors.release(fd)
        epoll.references -= 1
        if not epoll.references:
            epoll.close()
        return 0

    def _forget_file(self, file: File) -> None:
        """Source: linux v6.18 fs/eventpoll.c eventpoll_release_file()."""
        for epoll in self._epolls.values():
            epoll.forget(file)

    def wait_state(self) -> tuple[object, ...]:
        """Every bit of what waits here, for a digest; empty where nobody ever did."""
        if not self._keys and not self._epolls:
            return ()
        return (
            self._keys,
            tuple((fd, *epoll.state()) for fd, epoll in sorted(self._epolls.items())),
            tuple((key, table.is_asleep) for key, table in sorted(self._polls.items())),
            tuple(
                (key, one.is_asleep, one.is_pending) for key, one in sorted(self._signals.items())
            ),
        )
