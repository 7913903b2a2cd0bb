"""Every way in which the listen path refuses or loses something, with its rule and its knob.

Holds the names and the table that explains them. The rules themselves are in `listen.py`, which
counts each case on the listener it happened to; sentences for people are not here.
"""

from enum import IntEnum
from typing import Final, NamedTuple


class Drop(IntEnum):
    """One way to be refused or lost; the name says which queue or rule."""

    SYN_QUEUE_FULL = 1
    LAST_QUARTER = 2
    ACCEPT_QUEUE_FULL_SYN = 3
    ACCEPT_QUEUE_FULL_ACK = 4
    ACCEPT_QUEUE_FULL_COOKIE = 5
    ABORT_ON_OVERFLOW = 6
    REQUEST_EXPIRED = 7
    REQUEST_PRUNED = 8
    REQUEST_RESET = 9
    BAD_COOKIE = 10
    STRAY_ACK = 11
    DUPLICATE_SYN = 12
    DEFER_ACCEPT = 13
    LISTENER_CLOSED = 14


class DropRule(NamedTuple):
    """Why something was dropped.

    Attributes:
        rule: a code for the rule, stable, for texts to hang on.
        knob: the sysctl, or `backlog`, `TCP_DEFER_ACCEPT`, `close`, that governs it.
        counters: the counters that rise by one each time.
    """

    rule: str
    knob: str
    counters: tuple[str, ...]


_DROPS: Final = "TcpExtListenDrops"
_OVERFLOWS: Final = "TcpExtListenOverflows"

DROPS: Final[dict[Drop, DropRule]] = {
    Drop.SYN_QUEUE_FULL: DropRule(
        "syn-queue-full", "net.ipv4.tcp_syncookies", ("TcpExtTCPReqQFullDrop", _DROPS)
    ),
    Drop.LAST_QUARTER: DropRule("last-quarter", "net.ipv4.tcp_max_syn_backlog", (_DROPS,)),
    Drop.ACCEPT_QUEUE_FULL_SYN: DropRule(
        "accept-queue-full-at-syn", "backlog", (_OVERFLOWS, _DROPS)
    ),
    Drop.ACCEPT_QUEUE_FULL_ACK: DropRule(
        "accept-queue-full-at-ack", "backlog", (_OVERFLOWS, _DROPS)
    ),
    Drop.ACCEPT_QUEUE_FULL_COOKIE: DropRule(
        "accept-queue-full-at-cookie",
        "backlog",
        ("TcpExtSyncookiesRecv", _OVERFLOWS, _DROPS),
    ),
    Drop.ABORT_ON_OVERFLOW: DropRule(
        "abort-on-overflow",
        "net.ipv4.tcp_abort_on_overflow",
        (_OVERFLOWS, _DROPS, "TcpExtEmbryonicRsts", "TcpOutRsts"),
    ),
    Drop.REQUEST_EXPIRED: DropRule(
        "request-expired", "net.ipv4.tcp_synack_retries", ("TcpExtTCPTimeouts",)
    ),
    Drop.REQUEST_PRUNED: DropRule("request-pruned", "backlog", ("TcpExtTCPTimeouts",)),
    Drop.REQUEST_RESET: DropRule("request-reset", "", ("TcpAttemptFails", "TcpExtEmbryonicRsts")),
    Drop.BAD_COOKIE: DropRule(
        "bad-cookie", "net.ipv4.tcp_syncookies", ("TcpExtSyncookiesFailed", "TcpOutRsts")
    ),
    Drop.STRAY_ACK: DropRule("stray-ack", "", ("TcpOutRsts",)),
    Drop.DUPLICATE_SYN: DropRule("duplicate-syn", "", ("TcpExtTCPACKSkippedSynRecv",)),
    Drop.DEFER_ACCEPT: DropRule("defer-accept", "TCP_DEFER_ACCEPT", ("TcpExtTCPDeferAcceptDrop",)),
    Drop.LISTENER_CLOSED: DropRule("listener-closed", "close", ()),
}
"""Rule, knob and counters of each; LISTENER_CLOSED counts TcpEstabResets where a reset left."""
