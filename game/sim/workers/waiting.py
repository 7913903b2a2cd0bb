"""How a thread learns that there is work: one class for each way, all with the same calls.

The thread asks `look()`; if nothing is ready it calls `sleep()` and lies down. Every look costs
`cost_ns`: poll(2) and select(2) by what is watched, epoll by what is ready, a signal its delivery;
accept(2) that blocks needs no look. Source of the order of wake-ups: game/kernel/waitqueue.py.
"""

from collections.abc import Sequence
from typing import Literal, Protocol

from game.kernel.epoll import EPOLLEXCLUSIVE, EPOLLIN, EpollOp
from game.sim.costs import (
    EPOLL_READY_NS,
    EPOLL_WAIT_NS,
    POLL_NS,
    POLL_WATCHED_NS,
    SELECT_NS,
    SIGNAL_NS,
)
from game.sim.machine import Machine

Way = Literal["blocking", "poll", "select", "epoll", "epoll_exclusive", "shared_epoll", "signal"]
"""What a level calls the ways of waiting."""


class Waiting(Protocol):
    """One thread's way of waiting for several descriptors."""

    def look(self) -> list[int]:
        """Descriptors that are worth a call now."""

    def sleep(self) -> bool:
        """Lie down; False if there may be work already."""

    def cost_ns(self, ready: int) -> int:
        """Core time of a look that found so many."""

    def found_nothing(self) -> None:
        """The call on what was ready returned EAGAIN."""

    def watch(self, fd: int, events: int) -> None:
        """Wait for this descriptor too."""

    def unwatch(self, fd: int) -> None:
        """Wait for it no more; harmless if it was not watched or is closed."""

    def end(self) -> None:
        """The thread ends: stand nowhere."""


class BlockingWait:
    """accept(2) itself waits: first come, first woken. It can watch one descriptor only."""

    def __init__(self, machine: Machine, index: int, listen_fd: int) -> None:
        self._machine = machine
        self._index = index
        self._fd = listen_fd

    def look(self) -> list[int]:
        """The listening socket, if accept() would not block."""
        listener = self._machine.listener(self._fd)
        return [self._fd] if listener is None or listener.accept_queue else []

    def sleep(self) -> bool:
        """Lie down inside accept(), behind the others."""
        return self._machine.host.wait_accept(self._fd, self._index)

    def cost_ns(self, ready: int) -> int:
        """Nothing: accept() is counted by itself."""
        return 0

    def found_nothing(self) -> None:
        """Accept() waits on, and returns nothing."""

    def watch(self, fd: int, events: int) -> None:
        """A thread inside accept() can wait for nothing else."""
        raise NotImplementedError("a blocking call waits for one descriptor")

    def unwatch(self, fd: int) -> None:
        """It watches its one listening socket for life."""

    def end(self) -> None:
        """Stand nowhere."""
        self._machine.host.cancel_wait(self._fd, self._index)


class PollWait:
    """poll(2), or select(2), which asks the same but copies its sets."""

    def __init__(
        self, machine: Machine, index: int, fds: Sequence[int], *, is_select: bool = False
    ) -> None:
        self._machine = machine
        self._index = index
        self._watched = dict.fromkeys(fds, EPOLLIN)
        self._call_ns = SELECT_NS if is_select else POLL_NS

    def look(self) -> list[int]:
        """What is ready, every descriptor asked."""
        found = self._machine.host.poll(list(self._watched.items()), self._index)
        return [fd for fd, _ in found]

    def sleep(self) -> bool:
        """Stand at the head of every queue."""
        self._machine.host.wait_poll(list(self._watched.items()), self._index)
        return True

    def cost_ns(self, ready: int) -> int:
        """It grows with what is watched."""
        return self._call_ns + POLL_WATCHED_NS * len(self._watched)

    def found_nothing(self) -> None:
        """The next look tells."""

    def watch(self, fd: int, events: int) -> None:
        """From the next call on; a call under way has to be broken off by whoever adds."""
        self._watched[fd] = events
        self._machine.host.end_poll(self._index)
        self._machine.rouse(self._index)

    def unwatch(self, fd: int) -> None:
        """From the next call on."""
        self._watched.pop(fd, None)
        self._machine.host.end_poll(self._index)

    def end(self) -> None:
        """Stand nowhere."""
        self._machine.host.end_poll(self._index)


class EpollWait:
    """epoll_wait(2) on a descriptor of one's own, or on one that several threads share.

    Args:
        epoll_fd: the shared one; None makes one and lets it watch `fds`.
        exclusive: EPOLLEXCLUSIVE on them.
    """

    def __init__(
        self,
        machine: Machine,
        index: int,
        fds: Sequence[int],
        *,
        exclusive: bool = False,
        epoll_fd: int | None = None,
    ) -> None:
        self._machine = machine
        self._index = index
        self._owns = epoll_fd is None
        host = machine.host
        self.epoll_fd = host.epoll_create() if epoll_fd is None else epoll_fd
        if self._owns:
            for fd in fds:
                host.epoll_ctl(
                    self.epoll_fd, EpollOp.ADD, fd, EPOLLIN | (EPOLLEXCLUSIVE if exclusive else 0)
                )

    def look(self) -> list[int]:
        """What is ready, as many as there are."""
        found = self._machine.host.epoll_wait(self.epoll_fd)
        if self._machine.host.woken:
            self._machine.pump()  # Handing out wakes the next sleeper of a shared descriptor.
        return [] if isinstance(found, int) else [fd for fd, _ in found]

    def sleep(self) -> bool:
        """Lie down, before the others."""
        return self._machine.host.wait_epoll(self.epoll_fd, self._index)

    def cost_ns(self, ready: int) -> int:
        """It grows with what is ready."""
        return EPOLL_WAIT_NS + EPOLL_READY_NS * ready

    def found_nothing(self) -> None:
        """The next look tells."""

    def watch(self, fd: int, events: int) -> None:
        """At once, even while a thread sleeps there."""
        host = self._machine.host
        if host.epoll_ctl(self.epoll_fd, EpollOp.ADD, fd, events) < 0:
            host.epoll_ctl(self.epoll_fd, EpollOp.MOD, fd, events)
        self._machine.pump()

    def unwatch(self, fd: int) -> None:
        """At once."""
        self._machine.host.epoll_ctl(self.epoll_fd, EpollOp.DEL, fd)

    def end(self) -> None:
        """Stand nowhere, and close an epoll descriptor of one's own."""
        self._machine.host.cancel_wait(self.epoll_fd, self._index)
        if self._owns:
            self._machine.host.close(self.epoll_fd, self._machine.env.now)


class SignalWait:
    """SIGIO tells that something came; accept() until it finds nothing tells what."""

    def __init__(self, machine: Machine, index: int, fds: Sequence[int]) -> None:
        self._machine = machine
        self._index = index
        self._fds = list(fds)
        self._tries = True
        for fd in fds:
            machine.host.own(fd, index)

    def look(self) -> list[int]:
        """All of them, until a call has found nothing."""
        return self._fds if self._tries else []

    def sleep(self) -> bool:
        """sigsuspend(); a pending signal returns at once."""
        self._tries = True
        return self._machine.host.wait_signal(self._index)

    def cost_ns(self, ready: int) -> int:
        """Of a signal."""
        return SIGNAL_NS

    def found_nothing(self) -> None:
        """Wait for the next signal."""
        self._tries = False

    def watch(self, fd: int, events: int) -> None:
        """Get signals for it too."""
        self._fds.append(fd)
        self._machine.host.own(fd, self._index)

    def unwatch(self, fd: int) -> None:
        """Try it no more."""
        if fd in self._fds:
            self._fds.remove(fd)

    def end(self) -> None:
        """Get no more signals."""
        self._machine.host.disown(self._index)


def make_waiting(
    way: Way, machine: Machine, index: int, fds: Sequence[int], shared_fd: int | None
) -> Waiting:
    """The way of waiting that a level calls by this name.

    Args:
        shared_fd: for "shared_epoll", a descriptor that watches `fds` already.
    """
    match way:
        case "blocking":
            return BlockingWait(machine, index, fds[0])
        case "poll" | "select":
            return PollWait(machine, index, fds, is_select=way == "select")
        case "epoll" | "epoll_exclusive":
            return EpollWait(machine, index, fds, exclusive=way == "epoll_exclusive")
        case "shared_epoll":
            return EpollWait(machine, index, fds, epoll_fd=shared_fd)
        case "signal":
            return SignalWait(machine, index, fds)
