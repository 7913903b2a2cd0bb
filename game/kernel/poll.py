"""What is ready on a descriptor, and waiting for it with poll(2), select(2) or a signal.

The masks are poll(2)'s and epoll(7)'s alike. select(2) asks the same questions of the kernel as
poll(2), so it has no code of its own; what it costs is the machine's business.
Source: linux v6.18 net/ipv4/tcp.c tcp_poll(), fs/select.c __pollwait(), fs/fcntl.c kill_fasync().
"""

from __future__ import annotations

from typing import Final

from game.kernel.connection import CLOSE, Connection
from game.kernel.descriptor import File
from game.kernel.waitqueue import Registration, WaitQueue

POLLIN: Final = 0x1
POLLOUT: Final = 0x4
POLLERR: Final = 0x8
POLLHUP: Final = 0x10
POLLRDHUP: Final = 0x2000
UNASKED: Final = POLLERR | POLLHUP
"""What is reported whether it was asked for or not."""

_RECEIVE: Final = 1
_BOTH: Final = 3


def readiness(file: File) -> int:
    """What holds of a socket now, as a mask.

    A listening socket is readable while its accept queue holds somebody, and never writable; a
    fresh one, or one that was shut down, hangs up.
    """
    if not isinstance(file, Connection):
        listener = file.listener
        if listener is None or listener.closed:
            return POLLOUT | POLLHUP
        return POLLIN if listener.accept_queue else 0
    mask = POLLIN if file.is_readable else 0
    if file.is_writable:
        mask |= POLLOUT
    if file.error:
        mask |= POLLERR
    if file.fin_received or file.shutdown & _RECEIVE:
        mask |= POLLRDHUP
    if file.shutdown & _BOTH == _BOTH or file.state == CLOSE:
        mask |= POLLHUP
    return mask


def queues_of(file: File, events: int) -> list[WaitQueue]:
    """The wait queues on which these events of a socket are announced."""
    if not isinstance(file, Connection):
        return [] if file.listener is None else [file.listener.waiters]
    if file.readers is None:
        file.readers = WaitQueue()
    if not events & POLLOUT:
        return [file.readers]
    if file.writers is None:
        file.writers = WaitQueue()
    return [file.readers, file.writers]


class _Sleeper:
    """A thread that stands, not exclusively, on many sockets.

    It joins each at the head: nobody's wake-up depends on it.
    """

    __slots__ = ("is_asleep", "key", "queues", "waiter")

    def __init__(self, key: int, waiter: int) -> None:
        self.key = key
        self.waiter = waiter
        self.is_asleep = False
        self.queues: list[WaitQueue] = []

    def join(self, queue: WaitQueue) -> None:
        """Stand on one more socket."""
        queue.register(self, exclusive=False)
        self.queues.append(queue)

    def leave(self) -> None:
        """Stand nowhere."""
        leave(self, self.queues)

    def wake(self, woken: list[int]) -> bool:
        """Wake the thread, unless that is done already."""
        if not self.is_asleep:
            return False
        self.is_asleep = False
        woken.append(self.waiter)
        return True


class PollTable(_Sleeper):
    """One thread inside poll(2): it stands on every socket it has asked about until it returns.

    It joins once a call. A wake-up that turns out to be for nothing leaves it where it stands.
    Source: linux v6.18 fs/select.c do_poll(), __pollwait(), pollwake().
    """

    __slots__ = ()


class SignalOwner(_Sleeper):
    """A thread that gets SIGIO for sockets, as one of the process group that owns them.

    Signals do not queue: any number of events while the thread is busy leave one pending.
    Source: linux v6.18 net/socket.c sock_wake_async(), fs/fcntl.c send_sigio().
    """

    __slots__ = ("is_pending",)

    def __init__(self, key: int, waiter: int) -> None:
        super().__init__(key, waiter)
        self.is_pending = False

    def wake(self, woken: list[int]) -> bool:
        """Deliver the signal to a thread that waits for it, or keep it pending."""
        if not self.is_asleep:
            self.is_pending = True
        return super().wake(woken)


def leave(registration: Registration, queues: list[WaitQueue]) -> None:
    """Take a registration out of all its queues."""
    for queue in queues:
        queue.cancel(registration.key)
    queues.clear()
