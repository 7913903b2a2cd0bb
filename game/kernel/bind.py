"""The bind table: which sockets may share an address and port.

Holds the sockets that are bound, by port, and the rule of who conflicts with whom; connections
count as bound to the port of the listener that made them. Source: linux v6.18
net/ipv4/inet_connection_sock.c inet_csk_get_port(), inet_csk_bind_conflict().
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

EPHEMERAL_FIRST: Final = 32768
EPHEMERAL_LAST: Final = 60999
"""The ports given to sockets that ask for none (sysctl net.ipv4.ip_local_port_range)."""

ANY: Final = 0
"""The local address that stands for all of the host's."""


class Binding(NamedTuple):
    """What one socket holds of the port space.

    Attributes:
        address: local address, 0 for any.
        port: local port.
        uid: effective user id of the owner.
        reuse_address: SO_REUSEADDR was set before bind().
        reuse_port: SO_REUSEPORT was set before bind().
        is_listening: the socket is in LISTEN.
        is_time_wait: only a mini socket is left of it.
    """

    address: int
    port: int
    uid: int
    reuse_address: bool
    reuse_port: bool
    is_listening: bool = False
    is_time_wait: bool = False


def conflicts(wanted: Binding, other: Binding) -> bool:
    """True if `wanted` may not be bound, or may not listen, while `other` exists."""
    if wanted.port != other.port:
        return False
    if ANY not in (wanted.address, other.address) and wanted.address != other.address:
        return False
    if wanted.reuse_address and other.reuse_address and not other.is_listening:
        return False
    if wanted.reuse_port and other.reuse_port:
        return not (other.is_time_wait or wanted.uid == other.uid)
    return True


def is_free(wanted: Binding, others: Iterable[Binding]) -> bool:
    """True if `wanted` conflicts with none of `others`."""
    return not any(conflicts(wanted, other) for other in others)


def ephemeral_port(taken: set[int]) -> int | None:
    """The lowest ephemeral port that nobody holds, None if there is none left."""
    ports = range(EPHEMERAL_FIRST, EPHEMERAL_LAST + 1)
    return next((port for port in ports if port not in taken), None)
