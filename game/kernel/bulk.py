"""Counting many packets of a flood at once, just as if each had met the host by itself.

Only for packets that leave nothing behind: refused SYNs, cookies whose stamp stands, ACKs and
RSTs to a listener, anything to a closed port. What they are answered is counted, not sent.
Source: as `listen.py` and `host.py`, whose counts these are.
"""

from game.kernel.drops import Drop
from game.kernel.host import Host
from game.kernel.listen import ListenSocket


def count_received(host: Host, count: int) -> None:
    """Packets that reached TCP and nobody there, or a listener that ignores them."""
    counters = host.counters
    counters.IpInReceives += count
    counters.IpInDelivers += count
    counters.TcpInSegs += count


def count_closed_port(host: Host, count: int) -> None:
    """Packets to a port where nobody listens, each answered with RST."""
    count_received(host, count)
    host.closed_port_segments += count
    _count_resets(host, count)


def count_stray_acks(host: Host, listener: ListenSocket, drop: Drop, count: int) -> None:
    """ACKs without a handshake, each answered with RST; STRAY_ACK, or BAD_COOKIE if looked at."""
    count_received(host, count)
    if drop is Drop.BAD_COOKIE:
        host.counters.TcpExtSyncookiesFailed += count
    listener.drops[drop] = listener.drops.get(drop, 0) + count
    _count_resets(host, count)


def _count_resets(host: Host, count: int) -> None:
    counters = host.counters
    counters.TcpOutRsts += count
    counters.TcpOutSegs += count
    counters.IpOutRequests += count
