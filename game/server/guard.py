"""Who may connect: how many at once, and how many from one address."""

import ipaddress
from collections import Counter

from game.protocol.limits import (
    CONNECTIONS_MAX,
    PRIVATE_CONNECTIONS_MAX,
    PUBLIC_CONNECTIONS_MAX,
)


class Guard:
    """Counts connections, half-open ones included.

    Attributes:
        refused: connections turned away since the server began.
    """

    def __init__(self) -> None:
        self._open: Counter[str] = Counter()
        self.refused = 0

    @property
    def count(self) -> int:
        """Connections that stand, or are being opened."""
        return self._open.total()

    def admit(self, address: str) -> bool:
        """Count one more connection from an address; False if that is too many."""
        if self.count >= CONNECTIONS_MAX or self._open[address] >= limit_for(address):
            self.refused += 1
            return False
        self._open[address] += 1
        return True

    def release(self, address: str) -> None:
        """A connection that was admitted is gone."""
        self._open[address] -= 1
        if self._open[address] <= 0:
            del self._open[address]


def limit_for(address: str) -> int:
    """Connections from one address: a class behind one router is on a private network."""
    try:
        private = ipaddress.ip_address(address.split("%")[0]).is_private
    except ValueError:
        private = False
    return PRIVATE_CONNECTIONS_MAX if private else PUBLIC_CONNECTIONS_MAX
