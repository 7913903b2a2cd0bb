"""The counters of one machine under the names that nstat(8) prints.

Holds the numbers and what each means. Who counts is in the file that has the rule; the text that
`nstat` and `netstat -s` print is in `ss.py`; counters of the card and of softirq are not here.
Source: linux v6.18 net/ipv4/proc.c snmp4_tcp_list, snmp4_net_list, snmp4_ipstats_list.
"""

from typing import Final

COUNTERS: Final[tuple[tuple[str, str], ...]] = (
    ("IpInReceives", "Packets that arrived."),
    ("IpInDelivers", "Packets that were handed to TCP."),
    ("IpOutRequests", "Packets that TCP handed down to be sent."),
    ("TcpPassiveOpens", "Connections made from the final ACK of a handshake."),
    ("TcpAttemptFails", "Half-open requests ended by a RST or a second SYN."),
    ("TcpEstabResets", "Connections in ESTAB or CLOSE-WAIT that ended by a reset."),
    ("TcpInSegs", "Segments that arrived."),
    ("TcpOutSegs", "Segments that were sent, SYN-ACKs and resets included."),
    ("TcpRetransSegs", "Segments that were sent again, SYN-ACKs included."),
    ("TcpOutRsts", "Resets that were sent."),
    ("TcpExtSyncookiesSent", "SYN-ACKs sent with a cookie for a sequence number."),
    ("TcpExtSyncookiesRecv", "ACKs that brought a valid cookie back."),
    ("TcpExtSyncookiesFailed", "ACKs whose cookie was forged or too old."),
    ("TcpExtEmbryonicRsts", "Half-open requests that ended by a reset, of either side."),
    ("TcpExtPruneCalled", "Times a receive buffer was full and was squeezed together."),
    ("TcpExtRcvPruned", "Times squeezing a receive buffer did not help."),
    ("TcpExtTW", "Flows whose time in TIME-WAIT is over."),
    ("TcpExtDelayedACKs", "ACKs that a timer sent."),
    ("TcpExtListenOverflows", "Times the accept queue of a listener was full."),
    ("TcpExtListenDrops", "SYNs and final ACKs that a listener dropped, for any reason."),
    ("TcpExtTCPTimeouts", "Retransmission timers that fired, for SYN-ACKs and for data."),
    ("TcpExtTCPRcvCollapsed", "Buffers saved when a receive queue was squeezed together."),
    ("TcpExtTCPAbortOnData", "Connections reset since data came that nobody can read."),
    ("TcpExtTCPAbortOnClose", "Connections reset since close() left data unread."),
    ("TcpExtTCPAbortOnMemory", "Connections reset since too many are held by no process."),
    ("TcpExtTCPAbortOnTimeout", "Connections given up after too many retransmissions."),
    ("TcpExtTCPDeferAcceptDrop", "Bare final ACKs ignored under TCP_DEFER_ACCEPT."),
    ("TcpExtTCPReqQFullDoCookies", "SYNs that get a cookie since the SYN queue is full."),
    ("TcpExtTCPReqQFullDrop", "SYNs dropped since the SYN queue is full and cookies are off."),
    ("TcpExtTCPChallengeACK", "ACKs sent to ask whether a RST or SYN was meant."),
    ("TcpExtTCPRcvQDrop", "Segments dropped since the receive buffer had no room."),
    ("TcpExtTCPOFOQueue", "Segments that came before an earlier one and were kept."),
    ("TcpExtTCPSynRetrans", "SYN-ACKs that were sent again."),
    ("TcpExtTCPZeroWindowDrop", "Segments dropped since the window was closed."),
    ("TcpExtTCPWinProbe", "Probes sent to a peer whose window is closed."),
    ("TcpExtTCPToZeroWindowAdv", "Times the host closed its window."),
    ("TcpExtTCPFromZeroWindowAdv", "Times the host opened its closed window."),
    ("TcpExtTCPWantZeroWindowAdv", "Times the host would have closed its window but may not."),
    ("TcpExtTCPACKSkippedSynRecv", "Second SYNs left unanswered by the rate limit."),
    ("TcpExtTCPMigrateReqSuccess", "Connections moved to another listener of the group."),
    ("TcpExtTCPMigrateReqFailure", "Connections that no other listener could take."),
)
"""Every counter with its meaning, in the order of nstat(8)."""

COUNTER_NAMES: Final[tuple[str, ...]] = tuple(name for name, _ in COUNTERS)


class Counters:
    """One int for each name of `COUNTERS`, all 0 at boot."""

    __slots__ = COUNTER_NAMES

    IpInReceives: int
    IpInDelivers: int
    IpOutRequests: int
    TcpPassiveOpens: int
    TcpAttemptFails: int
    TcpEstabResets: int
    TcpInSegs: int
    TcpOutSegs: int
    TcpRetransSegs: int
    TcpOutRsts: int
    TcpExtSyncookiesSent: int
    TcpExtSyncookiesRecv: int
    TcpExtSyncookiesFailed: int
    TcpExtEmbryonicRsts: int
    TcpExtPruneCalled: int
    TcpExtRcvPruned: int
    TcpExtTW: int
    TcpExtDelayedACKs: int
    TcpExtListenOverflows: int
    TcpExtListenDrops: int
    TcpExtTCPTimeouts: int
    TcpExtTCPRcvCollapsed: int
    TcpExtTCPAbortOnData: int
    TcpExtTCPAbortOnClose: int
    TcpExtTCPAbortOnMemory: int
    TcpExtTCPAbortOnTimeout: int
    TcpExtTCPDeferAcceptDrop: int
    TcpExtTCPReqQFullDoCookies: int
    TcpExtTCPReqQFullDrop: int
    TcpExtTCPChallengeACK: int
    TcpExtTCPRcvQDrop: int
    TcpExtTCPOFOQueue: int
    TcpExtTCPSynRetrans: int
    TcpExtTCPZeroWindowDrop: int
    TcpExtTCPWinProbe: int
    TcpExtTCPToZeroWindowAdv: int
    TcpExtTCPFromZeroWindowAdv: int
    TcpExtTCPWantZeroWindowAdv: int
    TcpExtTCPACKSkippedSynRecv: int
    TcpExtTCPMigrateReqSuccess: int
    TcpExtTCPMigrateReqFailure: int

    def __init__(self) -> None:
        for name in COUNTER_NAMES:
            setattr(self, name, 0)

    def as_dict(self) -> dict[str, int]:
        """Name to number, only those above 0, in the order of nstat(8)."""
        return {name: count for name in COUNTER_NAMES if (count := getattr(self, name))}
