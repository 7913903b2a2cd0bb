"""What all sockets of one machine share: counters, sysctls, timers, tables, and what they emit.

Plain data, no rules. Rules are in `listen.py` and `connection.py`, the calls in `host.py`.
"""

from typing import Any, Protocol

from game.kernel.counters import Counters
from game.kernel.profile import LINUX, Profile
from game.kernel.reuseport import ListenerGroup
from game.kernel.segment import Flow, Segment
from game.kernel.sysctl import Sysctls
from game.kernel.timer import TimerWheel


class Endpoint(Protocol):
    """What the established hash holds: a request, a connection, or what is left of one.

    Source: linux v6.18 net/ipv4/inet_hashtables.c __inet_lookup_established().
    """

    def receive(self, segment: Segment, now_ns: int) -> None:
        """Act on a segment of this very flow."""


class Listener(Protocol):
    """What the hash of listening sockets holds."""

    def receive(self, segment: Segment, now_ns: int, reopen_isn: int | None = None) -> None:
        """Act on a segment of no known flow; `reopen_isn` is ours if TIME-WAIT is re-opened."""


class Stack:
    """The shared part of one machine's TCP.

    Attributes:
        sysctl: the machine's settings, read live.
        profile: in what this stack differs from Linux 6.14.
        boot_key: what the flow hash, cookies and sequence numbers derive from.
        counters: what nstat shows.
        wheel: every armed timer.
        outbox: segments sent, oldest first, until the caller takes them.
        woken: ids of waiters woken, in order, until the caller takes them.
        established: the one entry for each flow that is more than a SYN.
        groups: the sockets in LISTEN by local address (0 for any) and port.
        proven: remote addresses whose RTT is known from an earlier connection.
        orphans: connections that no process holds any more but that still close.
        time_wait_sum: of the fingerprints of all that is in TIME-WAIT (`timewait.py`).
    """

    __slots__ = (
        "boot_key",
        "counters",
        "established",
        "groups",
        "orphans",
        "outbox",
        "profile",
        "proven",
        "sysctl",
        "time_wait_sum",
        "wheel",
        "woken",
    )

    def __init__(
        self, sysctl: Sysctls, boot_key: int, phase_ns: int, profile: Profile = LINUX
    ) -> None:
        self.profile = profile
        self.sysctl = sysctl
        self.boot_key = boot_key
        self.counters = Counters()
        self.wheel = TimerWheel(phase_ns)
        self.outbox: list[Segment] = []
        self.woken: list[int] = []
        self.established: dict[Flow, Endpoint] = {}
        self.groups: dict[tuple[int, int], ListenerGroup[Any]] = {}
        self.proven: set[int] = set()
        self.orphans = 0
        self.time_wait_sum = 0

    def send(self, segment: Segment) -> None:
        """Put a segment on its way and count it; resets and retransmissions count besides."""
        counters = self.counters
        counters.TcpOutSegs += 1
        counters.IpOutRequests += 1
        self.outbox.append(segment)

    def find_listener(self, flow: Flow) -> Listener | None:
        """The socket in LISTEN that a flow belongs to, None if the port is closed.

        A specific address goes before any address.
        Source: linux v6.18 net/ipv4/inet_hashtables.c __inet_lookup_listener().
        """
        groups = self.groups
        group = groups.get(flow[2:]) or groups.get((0, flow[3]))
        if group is None:
            return None
        listener: Listener | None = group.select(flow)
        return listener
