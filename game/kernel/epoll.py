"""An epoll descriptor: what it watches, what is ready, and who of its sleepers is woken.

Wake-up order follows from three places. A plain watch stands at the head of a socket's wait queue,
one with EPOLLEXCLUSIVE at the tail, both once and not for each wait: so the last plain one is run
first, and the first exclusive one that has a sleeper gets the event. Threads that share one epoll
descriptor queue at its head, so the latest sleeper is woken first. And handing out a
level-triggered event puts it back on the ready list, which wakes the next sleeper too.
Source: linux v6.18 fs/eventpoll.c ep_poll_callback(), ep_insert(), ep_send_events(),
ep_done_scan(), ep_poll().
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from enum import IntEnum
from typing import Final

from game.kernel.descriptor import File
from game.kernel.errno import EEXIST, EINVAL, ENOENT
from game.kernel.poll import (
    POLLERR,
    POLLHUP,
    POLLIN,
    POLLOUT,
    POLLRDHUP,
    UNASKED,
    leave,
    queues_of,
    readiness,
)
from game.kernel.waitqueue import WaitQueue

EPOLLIN: Final = POLLIN
EPOLLOUT: Final = POLLOUT
EPOLLERR: Final = POLLERR
EPOLLHUP: Final = POLLHUP
EPOLLRDHUP: Final = POLLRDHUP
EPOLLEXCLUSIVE: Final = 1 << 28
EPOLLONESHOT: Final = 1 << 30
EPOLLET: Final = 1 << 31
_PRIVATE: Final = EPOLLEXCLUSIVE | EPOLLONESHOT | EPOLLET
_EXCLUSIVE_ALLOWS: Final = EPOLLIN | EPOLLOUT | EPOLLERR | EPOLLHUP | EPOLLET | EPOLLEXCLUSIVE


class EpollOp(IntEnum):
    """What epoll_ctl(2) can do."""

    ADD = 1
    DEL = 2
    MOD = 3


class Watch:
    """One socket that one epoll descriptor watches (an `epitem`).

    Attributes:
        key: its number in wait queues, negative.
        fd, file: the descriptor it was added by, and what that named.
        events: what is asked for, with the flags EPOLLET, EPOLLONESHOT, EPOLLEXCLUSIVE.
        is_ready: it stands on the ready list.
    """

    __slots__ = ("epoll", "events", "fd", "file", "is_ready", "key", "queues")

    def __init__(self, epoll: Epoll, key: int, fd: int, file: File, events: int) -> None:
        self.epoll = epoll
        self.key = key
        self.fd = fd
        self.file = file
        self.events = events
        self.is_ready = False
        self.queues: list[WaitQueue] = []

    def stand(self) -> None:
        """Join the wait queues of the socket, at the place that the flags ask for."""
        for queue in queues_of(self.file, self.events):
            queue.register(self, exclusive=bool(self.events & EPOLLEXCLUSIVE))
            self.queues.append(queue)

    def pending(self) -> int:
        """What of that asked for holds now; 0 for one that EPOLLONESHOT has switched off."""
        if not self.events & ~_PRIVATE:
            return 0
        return readiness(self.file) & (self.events | UNASKED)

    def wake(self, woken: list[int]) -> bool:
        """The socket announces something."""
        return self.epoll.note_event(self, woken)


class Epoll:
    """One epoll instance.

    Attributes:
        watches: by descriptor, in the order of EPOLL_CTL_ADD.
        ready: watches that may have something, the next to be looked at first.
        sleepers: threads in epoll_wait(), the next to be woken first.
        references: how many descriptors name it.
    """

    __slots__ = ("ready", "references", "sleepers", "watches")

    def __init__(self) -> None:
        self.watches: dict[int, Watch] = {}
        self.ready: deque[Watch] = deque()
        self.sleepers: deque[int] = deque()
        self.references = 1

    # ---- epoll_ctl

    def add(self, key: int, fd: int, file: File, events: int, woken: list[int]) -> int:
        """EPOLL_CTL_ADD: 0, -EEXIST, or -EINVAL for what EPOLLEXCLUSIVE forbids."""
        if events & EPOLLEXCLUSIVE and events & ~_EXCLUSIVE_ALLOWS:
            return -EINVAL
        if fd in self.watches:
            return -EEXIST
        watch = Watch(self, key, fd, file, events)
        self.watches[fd] = watch
        watch.stand()
        self._look_again(watch, woken)
        return 0

    def modify(self, fd: int, events: int, woken: list[int]) -> int:
        """EPOLL_CTL_MOD: 0, -ENOENT, or -EINVAL where EPOLLEXCLUSIVE is or was."""
        watch = self.watches.get(fd)
        if events & EPOLLEXCLUSIVE:
            return -EINVAL
        if watch is None:
            return -ENOENT
        if watch.events & EPOLLEXCLUSIVE:
            return -EINVAL
        watch.events = events
        # A queue that only EPOLLOUT needs is joined late; the kernel has one queue for both.
        for queue in queues_of(watch.file, events):
            if queue not in watch.queues:
                queue.register(watch, exclusive=False)
                watch.queues.append(queue)
        self._look_again(watch, woken)
        return 0

    def remove(self, fd: int) -> int:
        """EPOLL_CTL_DEL: 0 or -ENOENT."""
        watch = self.watches.pop(fd, None)
        if watch is None:
            return -ENOENT
        leave(watch, watch.queues)
        if watch.is_ready:
            self.ready.remove(watch)
        return 0

    def forget(self, file: File) -> None:
        """The last descriptor of a socket was closed: watch it no more."""
        for fd in [fd for fd, watch in self.watches.items() if watch.file is file]:
            self.remove(fd)

    def close(self) -> None:
        """The last descriptor of the epoll instance itself was closed."""
        for fd in list(self.watches):
            self.remove(fd)

    def _look_again(self, watch: Watch, woken: list[int]) -> None:
        """What is ready when it is added or changed needs no event to be found."""
        if watch.pending() and not watch.is_ready:
            self._mark_ready(watch)
            self._wake_one(woken)

    # ---- events

    def note_event(self, watch: Watch, woken: list[int]) -> bool:
        """A watched socket announces something: note it, wake the latest sleeper if there is one.

        Returns:
            for an exclusive watch whether somebody really woke, so that the next one is not asked.
        """
        if not watch.events & ~_PRIVATE:
            return False
        if not watch.is_ready:
            self._mark_ready(watch)
        really = self._wake_one(woken)
        return really or not watch.events & EPOLLEXCLUSIVE

    def _mark_ready(self, watch: Watch) -> None:
        watch.is_ready = True
        self.ready.append(watch)

    def _wake_one(self, woken: list[int]) -> bool:
        if not self.sleepers:
            return False
        woken.append(self.sleepers.popleft())
        return True

    # ---- epoll_wait

    def take(self, events_max: int, woken: list[int]) -> list[tuple[int, int]]:
        """Hand out what is ready, as pairs of descriptor and mask; never sleeps.

        What is level triggered goes back to the tail of the ready list, since only another look
        can tell that it is dealt with; and a ready list that is not empty wakes the next sleeper.
        """
        found: list[tuple[int, int]] = []
        ready = self.ready
        for _ in range(len(ready)):
            if len(found) == events_max:
                break
            watch = ready.popleft()
            watch.is_ready = False
            events = watch.pending()
            if not events:
                continue
            found.append((watch.fd, events))
            if watch.events & EPOLLONESHOT:
                watch.events &= _PRIVATE
            elif not watch.events & EPOLLET:
                self._mark_ready(watch)
        if ready:
            self._wake_one(woken)
        return found

    def sleep(self, waiter: int) -> bool:
        """Put a thread to sleep in epoll_wait(), before the others; False if there may be work."""
        if self.ready:
            return False
        self.sleepers.appendleft(waiter)
        return True

    def cancel(self, waiter: int) -> None:
        """Take a thread out without waking it."""
        self.sleepers = deque(one for one in self.sleepers if one != waiter)

    def state(self) -> Iterator[object]:
        """Every bit of it, for a digest."""
        yield self.references
        yield tuple((watch.key, fd, watch.events) for fd, watch in self.watches.items())
        yield tuple(watch.fd for watch in self.ready)
        yield tuple(self.sleepers)
