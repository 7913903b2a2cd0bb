"""Stacks that differ from Linux 6.14 and later, each as a small table of differences.

What is not in a table is as in the default. Neither of the other two was recorded: they are built
from what is written about them, and rounded where noted.
Source: linux v3.10 net/core/request_sock.c reqsk_queue_alloc(), net/ipv4/tcp_ipv4.c
tcp_v4_conn_request(), net/ipv4/inet_connection_sock.c inet_csk_reqsk_queue_prune(); 4.4BSD
uipc_socket2.c sonewconn().
"""

from collections.abc import Callable
from typing import Final, NamedTuple

NO_LIMIT: Final = 1 << 62
"""More than any queue holds."""


class Profile(NamedTuple):
    """One kind of stack.

    Attributes:
        name: as level files say it.
        somaxconn: default of net.core.somaxconn.
        syn_queue_max: from backlog and tcp_max_syn_backlog at listen(), the longest SYN queue that
            still takes one more.
        table_is_fixed: the SYN queue keeps the size of the first listen().
        sum_max: from the backlog, the largest sum of both queues that still takes one more.
        young_max: a SYN meets a full accept queue only if more requests than this are young.
        checks_at_ack: the final ACK meets the accept queue's limit too.
        cookies_max: the largest tcp_syncookies that has a meaning.
        last_quarter: the last quarter of tcp_max_syn_backlog is for proven peers.
        pressure_max: from backlog and syn_queue_max, above which twice the SYN queue's length
            takes retries from old requests.
        synack_retries: fixed number of SYN-ACK retransmissions, None for the sysctl.
        synack_timeouts_s: seconds from one SYN-ACK timer to the next, None for 1, 2, 4 …
        scan_ns: SYN-ACK timers fire on multiples of this only, 0 for one timer a request.
    """

    name: str
    somaxconn: int
    syn_queue_max: Callable[[int, int], int]
    table_is_fixed: bool
    sum_max: Callable[[int], int]
    young_max: int
    checks_at_ack: bool
    cookies_max: int
    last_quarter: bool
    pressure_max: Callable[[int, int], int]
    synack_retries: int | None
    synack_timeouts_s: tuple[int, ...] | None
    scan_ns: int


def _table_of_requests(backlog: int, max_syn_backlog: int) -> int:
    """One less than the table's size, 5 → 15, 128 → 255, 511 → 511.

    Source: linux v3.10 net/core/request_sock.c reqsk_queue_alloc().
    """
    entries = max(8, min(backlog, max_syn_backlog)) + 1
    return (1 << (entries - 1).bit_length()) - 1


LINUX: Final = Profile(
    name="linux",
    somaxconn=4096,
    syn_queue_max=lambda backlog, _: backlog,
    table_is_fixed=False,
    sum_max=lambda _: NO_LIMIT,
    young_max=-1,
    checks_at_ack=True,
    cookies_max=2,
    last_quarter=True,
    pressure_max=lambda backlog, _: max(8, backlog),
    synack_retries=None,
    synack_timeouts_s=None,
    scan_ns=0,
)
"""Linux 6.14 and later, as recorded on 6.18."""

LINUX_3_10: Final = LINUX._replace(
    name="linux-3.10",
    somaxconn=128,
    syn_queue_max=_table_of_requests,
    table_is_fixed=True,
    young_max=1,
    cookies_max=1,
    pressure_max=lambda _, syn_queue_max: syn_queue_max,
    scan_ns=200_000_000,
)
"""The kernel of CentOS 7. Its scan began with the first request; here the grid is the boot's."""

BSD: Final = LINUX._replace(
    name="bsd",
    somaxconn=128,
    syn_queue_max=lambda _, __: NO_LIMIT,
    sum_max=lambda backlog: 3 * backlog // 2,
    young_max=NO_LIMIT,
    checks_at_ack=False,
    cookies_max=0,
    last_quarter=False,
    pressure_max=lambda _, __: NO_LIMIT,
    synack_retries=2,
    synack_timeouts_s=(6, 24, 45),
)
"""4.4BSD: one limit over both queues; half-open connections live 75 s."""

PROFILES: Final = {profile.name: profile for profile in (LINUX, LINUX_3_10, BSD)}
"""Every profile by its name."""
