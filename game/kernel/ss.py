"""What `ss`, `netstat` and `nstat` would print on a host, as text.

Only what the model knows: no processes, no timers column. netstat's words for a counter are
those of net-tools, however odd. Source: iproute2 6.1 misc/ss.c, misc/nstat.c; net-tools 2.10
netstat.c, statistics.c; linux v6.18 net/ipv4/tcp_diag.c tcp_diag_get_info() for the queues.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatch
from typing import Final, NamedTuple

from game.kernel.connection import CLOSE_WAIT, ESTAB, STATE_NAMES, Connection
from game.kernel.counters import COUNTER_NAMES
from game.kernel.host import Host
from game.kernel.listen import Request
from game.kernel.segment import address_text
from game.kernel.stack import Endpoint
from game.kernel.timewait import TimeWait

_SS_HEADER: Final = ("State", "Recv-Q", "Send-Q", "Local Address:Port", "Peer Address:Port")
_NETSTAT_HEADER: Final = "Proto Recv-Q Send-Q Local Address           Foreign Address         State"
_ANYBODY: Final = "0.0.0.0:*"


class SocketRow(NamedTuple):
    """One line of `ss -tan`.

    Attributes:
        state: as `ss` names it.
        recv_q: of a listener the accept queue's length, else bytes not read.
        send_q: of a listener its backlog, else bytes not acknowledged.
        local: address and port of the host.
        peer: address and port of the other end.
    """

    state: str
    recv_q: int
    send_q: int
    local: str
    peer: str


def listen_rows(host: Host) -> list[SocketRow]:
    """The sockets in LISTEN, in the order of listen()."""
    return [
        SocketRow(
            "LISTEN",
            len(listener.accept_queue),
            listener.backlog,
            _end(listener.address, listener.port),
            _ANYBODY,
        )
        for listener in host.listeners
    ]


def socket_rows(host: Host) -> list[SocketRow]:
    """Every socket, those in LISTEN first, then the flows, oldest first."""
    return listen_rows(host) + [_row(endpoint) for endpoint in host.endpoints]


def _row(endpoint: Endpoint) -> SocketRow:
    state, recv_q, send_q = "SYN-RECV", 0, 0
    if isinstance(endpoint, Connection):
        state, recv_q, send_q = STATE_NAMES[endpoint.state], endpoint.recv_q, endpoint.send_q
    elif isinstance(endpoint, TimeWait):
        state = "FIN-WAIT-2" if endpoint.is_fin_wait2 else "TIME-WAIT"
    assert isinstance(endpoint, Connection | TimeWait | Request)
    flow = endpoint.flow
    local = _end(flow.local_address, flow.local_port)
    return SocketRow(state, recv_q, send_q, local, _end(flow.remote_address, flow.remote_port))


def _end(address: int, port: int) -> str:
    return f"{address_text(address)}:{port}"


def ss_ltn(host: Host) -> str:
    """What `ss -ltn` prints."""
    return _ss(listen_rows(host))


def ss_tan(host: Host) -> str:
    """What `ss -tan` prints; half-open requests are its SYN-RECV lines."""
    return _ss(socket_rows(host))


def _ss(rows: Sequence[SocketRow]) -> str:
    """Rows as ss(8) lays them out: the colons of each address stand in one column."""
    lines = [_cells(_SS_HEADER), *(_cells(tuple(map(str, row))) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(7)]
    return "".join(
        f"{state:{widths[0]}} {recv_q:{widths[1]}} {send_q:{widths[2]}} "
        f"{local:>{widths[3]}}:{port:{widths[4]}} {peer:>{widths[5]}}:{peer_port:{widths[6]}}"
        f"{'Process' if index == 0 else '':7}\n"
        for index, (state, recv_q, send_q, local, port, peer, peer_port) in enumerate(lines)
    )


def _cells(line: Sequence[str]) -> tuple[str, ...]:
    """A line's columns, its two addresses parted from their ports."""
    local, _, port = line[3].rpartition(":")
    peer, _, peer_port = line[4].rpartition(":")
    return (*line[:3], local, port, peer, peer_port)


def netstat_ltn(host: Host) -> str:
    """What `netstat -ltn` prints: Recv-Q as `ss` has it, but a Send-Q of 0."""
    lines = ["Active Internet connections (only servers)", _NETSTAT_HEADER]
    lines += [
        f"tcp   {row.recv_q:6} {0:6} {row.local:<23} {row.peer:<23} {row.state:<11}"
        for row in listen_rows(host)
    ]
    return "".join(f"{line.rstrip()}\n" for line in lines)


_IP_WORDS: Final = (
    ("IpInReceives", "total packets received"),
    ("IpInDelivers", "incoming packets delivered"),
    ("IpOutRequests", "requests sent out"),
)
_TCP_WORDS: Final = (
    ("TcpActiveOpens", "active connection openings"),
    ("TcpPassiveOpens", "passive connection openings"),
    ("TcpAttemptFails", "failed connection attempts"),
    ("TcpEstabResets", "connection resets received"),
    ("", "connections established"),
    ("TcpInSegs", "segments received"),
    ("TcpOutSegs", "segments sent out"),
    ("TcpRetransSegs", "segments retransmitted"),
    ("TcpInErrs", "bad segments received"),
    ("TcpOutRsts", "resets sent"),
)
_NEVER_COUNTED: Final = frozenset(("TcpActiveOpens", "TcpInErrs"))
"""A host of the model never connects, and no segment is damaged on its way."""

_EXT_WORDS: Final = {
    "TcpExtSyncookiesSent": "SYN cookies sent",
    "TcpExtSyncookiesRecv": "SYN cookies received",
    "TcpExtSyncookiesFailed": "invalid SYN cookies received",
    "TcpExtEmbryonicRsts": "resets received for embryonic SYN_RECV sockets",
    "TcpExtPruneCalled": "packets pruned from receive queue because of socket buffer overrun",
    "TcpExtRcvPruned": "packets pruned from receive queue",
    "TcpExtTW": "TCP sockets finished time wait in fast timer",
    "TcpExtDelayedACKs": "delayed acks sent",
    "TcpExtListenOverflows": "times the listen queue of a socket overflowed",
    "TcpExtListenDrops": "SYNs to LISTEN sockets dropped",
    "TcpExtTCPTimeouts": "other TCP timeouts",
    "TcpExtTCPRcvCollapsed": "packets collapsed in receive queue due to low socket buffer",
    "TcpExtTCPAbortOnData": "connections reset due to unexpected data",
    "TcpExtTCPAbortOnClose": "connections reset due to early user close",
    "TcpExtTCPAbortOnMemory": "connections aborted due to memory pressure",
    "TcpExtTCPAbortOnTimeout": "connections aborted due to timeout",
}
"""netstat's words; what is not here it prints by its kernel name with a colon."""


def netstat_s(host: Host) -> str:
    """What `netstat -s` prints; of the extended counters only those above 0."""
    counters = host.counters
    lines = ["Ip:"]
    lines += [f"    {getattr(counters, name)} {words}" for name, words in _IP_WORDS]
    lines.append("Tcp:")
    for name, words in _TCP_WORDS:
        if name in _NEVER_COUNTED:
            count = 0
        else:
            count = getattr(counters, name) if name else _established(host)
        lines.append(f"    {count} {words}")
    lines += ["TcpExt:", *_extended(counters.as_dict())]
    return "".join(f"{line}\n" for line in lines)


def _established(host: Host) -> int:
    """TcpCurrEstab: connections in ESTAB or CLOSE-WAIT."""
    return sum(connection.state in (ESTAB, CLOSE_WAIT) for connection in host.connections)


def _extended(counts: dict[str, int]) -> Iterator[str]:
    prefix = "TcpExt"
    for name, count in counts.items():
        if name in _EXT_WORDS:
            yield f"    {count} {_EXT_WORDS[name]}"
        elif name.startswith(prefix):
            yield f"    {name.removeprefix(prefix)}: {count}"


def nstat_az(host: Host, names: Iterable[str] = ()) -> str:
    """What `nstat -az [NAME...]` prints; a name may hold `*`, upper and lower case are one."""
    wanted = [name.lower() for name in names]
    lines = ["#kernel"]
    for name in COUNTER_NAMES:
        if not wanted or any(fnmatch(name.lower(), pattern) for pattern in wanted):
            lines.append(f"{name:<32}{getattr(host.counters, name):<16}{0.0:6.1f}")
    return "".join(f"{line}\n" for line in lines)
