"""Who waits on a socket, and in which order they are woken.

Exclusive waiters join at the tail and one of them is woken at a time; the others join at the head
and all are woken. A sleeper (accept(), recv(), send()) leaves the queue when it is woken. A
registration (epoll, poll(2), signals) stays, and decides by itself whom an event wakes: what those
do is in `epoll.py` and `poll.py`. The ids of the woken are appended to a list.
Source: linux v6.18 kernel/sched/wait.c prepare_to_wait_exclusive(), add_wait_queue(),
__wake_up_common().
"""

from collections import deque
from typing import Protocol


class Registration(Protocol):
    """Something that stands in wait queues until it is taken out.

    Attributes:
        key: a negative number of its own, so that it is no sleeper's.
    """

    key: int

    def wake(self, woken: list[int]) -> bool:
        """Take note of an event, append whom it wakes; True if it really woke somebody."""


class WaitQueue:
    """Those who wait on one socket, in the order in which a wake-up finds them.

    Attributes:
        sleepers: pairs of waiter id (or registration key) and whether it is exclusive, head first.
    """

    __slots__ = ("_registered", "sleepers")

    def __init__(self) -> None:
        self.sleepers: deque[tuple[int, bool]] = deque()
        self._registered: dict[int, Registration] = {}

    def sleep(self, waiter: int, *, exclusive: bool) -> None:
        """Put a waiter (0 or more) to sleep, an exclusive one behind all others, else before."""
        self._join(waiter, exclusive)

    def register(self, registration: Registration, *, exclusive: bool) -> None:
        """Let a registration stand here, an exclusive one behind all others, else before them."""
        self._registered[registration.key] = registration
        self._join(registration.key, exclusive)

    def _join(self, waiter: int, exclusive: bool) -> None:
        if exclusive:
            self.sleepers.append((waiter, True))
        else:
            self.sleepers.appendleft((waiter, False))

    def cancel(self, waiter: int) -> None:
        """Take a waiter or a registration out without waking it; harmless if it is not here."""
        self.sleepers = deque(entry for entry in self.sleepers if entry[0] != waiter)
        self._registered.pop(waiter, None)

    def wake(self, woken: list[int]) -> None:
        """Go along the queue, waking, until one exclusive entry has really woken somebody."""
        sleepers = self.sleepers
        if self._registered:
            self._walk(woken, stops=True)
            return
        while sleepers:
            waiter, exclusive = sleepers.popleft()
            woken.append(waiter)
            if exclusive:
                return

    def wake_all(self, woken: list[int]) -> None:
        """Wake everybody, as when the socket closes."""
        if self._registered:
            self._walk(woken, stops=False)
            return
        woken.extend(waiter for waiter, _ in self.sleepers)
        self.sleepers.clear()

    def _walk(self, woken: list[int], *, stops: bool) -> None:
        for entry in tuple(self.sleepers):
            waiter, exclusive = entry
            registration = self._registered.get(waiter)
            if registration is None:
                self.sleepers.remove(entry)
                woken.append(waiter)
                really = True
            else:
                really = registration.wake(woken)
            if exclusive and really and stops:
                return
