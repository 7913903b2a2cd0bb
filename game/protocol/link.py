"""A way for bytes between a player and a room, whatever carries them."""

from collections import deque
from typing import Protocol


class Link(Protocol):
    """One end of a connection: whole messages, in order, none lost while it is open."""

    def send(self, data: bytes) -> None:
        """Hand one message over; after the other end closed it goes nowhere."""

    def receive(self) -> bytes | None:
        """The next message, None when none waits."""

    def close(self) -> None:
        """Close both directions; what is under way can still be received."""

    @property
    def closed(self) -> bool:
        """True when an end has closed and nothing waits any more."""

    @property
    def is_slow(self) -> bool:
        """True while so much waits to be sent that pictures had better be left out."""


class MemoryLink:
    """An end of a link inside one process; safe between two threads (deque's ends are atomic)."""

    def __init__(
        self, incoming: deque[bytes], outgoing: deque[bytes], open_flag: list[bool]
    ) -> None:
        self._incoming = incoming
        self._outgoing = outgoing
        self._open = open_flag

    def send(self, data: bytes) -> None:
        """Hand one message over."""
        if self._open[0]:
            self._outgoing.append(data)

    def receive(self) -> bytes | None:
        """The next message, None when none waits."""
        try:
            return self._incoming.popleft()
        except IndexError:
            return None

    def close(self) -> None:
        """Close both directions."""
        self._open[0] = False

    @property
    def closed(self) -> bool:
        """True when an end has closed and nothing waits any more."""
        return not self._open[0] and not self._incoming

    @property
    def is_slow(self) -> bool:
        """Never: what is sent is there."""
        return False


def memory_link() -> tuple[MemoryLink, MemoryLink]:
    """Two ends of one link."""
    there: deque[bytes] = deque()
    back: deque[bytes] = deque()
    open_flag = [True]
    return MemoryLink(back, there, open_flag), MemoryLink(there, back, open_flag)
