"""Who sleeps on a socket, and in which order they are woken.

Exclusive waiters (blocking accept()) join at the tail and one of them is woken at a time; the
others join at the head and all are woken. Nothing is called back: the ids of the woken are
appended to a list. What an epoll descriptor does with a wake-up is not here.
Source: linux v6.18 kernel/sched/wait.c prepare_to_wait_exclusive(), __wake_up_common().
"""

from collections import deque


class WaitQueue:
    """Sleepers on one socket, in the order in which a wake-up finds them.

    Attributes:
        sleepers: pairs of waiter id and whether it is exclusive, head first.
    """

    __slots__ = ("sleepers",)

    def __init__(self) -> None:
        self.sleepers: deque[tuple[int, bool]] = deque()

    def sleep(self, waiter: int, *, exclusive: bool) -> None:
        """Put a waiter to sleep, an exclusive one behind all others, else before them."""
        if exclusive:
            self.sleepers.append((waiter, True))
        else:
            self.sleepers.appendleft((waiter, False))

    def cancel(self, waiter: int) -> None:
        """Take a waiter out without waking it; harmless if it does not sleep here."""
        self.sleepers = deque(entry for entry in self.sleepers if entry[0] != waiter)

    def wake(self, woken: list[int]) -> None:
        """Wake every plain sleeper up to and including the first exclusive one."""
        sleepers = self.sleepers
        while sleepers:
            waiter, exclusive = sleepers.popleft()
            woken.append(waiter)
            if exclusive:
                return

    def wake_all(self, woken: list[int]) -> None:
        """Wake everybody, as when the socket closes."""
        woken.extend(waiter for waiter, _ in self.sleepers)
        self.sleepers.clear()
