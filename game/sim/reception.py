"""What softirq does with a packet, filter and TCP, and what that costs; many alike at once.

A flood's packets meet the same fate as long as nothing else touches the host. `outlook` says
which, `count` books many of them, `take` lets a single packet meet the host itself. With several
listeners of a reuseport group, and for a filter's list over random sources, what is counted at
once is spread by dice: sums exact, shares equal in distribution.
"""

from typing import NamedTuple

from game.kernel.bulk import count_closed_port, count_received, count_stray_acks
from game.kernel.drops import Drop
from game.kernel.filter import Filter, FilterKind
from game.kernel.host import Host
from game.kernel.listen import ListenSocket, Verdict
from game.kernel.nic import RxRing
from game.kernel.segment import RST, SYN, Segment
from game.kernel.syncookies import RECENT_NS
from game.sim.costs import (
    HANDSHAKE_ACK_NS,
    IPTABLES_DROP_NS,
    SEGMENT_IGNORED_NS,
    SEGMENT_NS,
    SYN_COOKIE_NS,
    SYN_DROPPED_NS,
    SYN_STORED_NS,
    XDP_DROP_NS,
)
from game.sim.flood import FOREVER_NS, Flood, FloodKind
from game.sim.rng import binomial

ADDRESS_LAST = 0xFFFFFFFF
CHEAPEST_NS = XDP_DROP_NS
"""No packet costs less."""

Fate = Verdict | Drop | None
"""A SYN's verdict, what happens to a stray ACK, or None: answered with RST or ignored."""


class Outlook(NamedTuple):
    """What every packet of a flood meets until something else touches the host.

    Attributes:
        cost_ns: core time of each, the mean where they differ.
        until_ns: the last moment for which it holds.
        filtered: share of them that the filter drops.
        listeners: where the rest arrive; none if the port is closed.
        fates: theirs, one for each listener.
    """

    cost_ns: int
    until_ns: int
    filtered: float
    listeners: tuple[ListenSocket, ...]
    fates: tuple[Fate, ...]


class Reception:
    """The way from the card's ring to TCP.

    Args:
        at_gate: True if the filter sits in the driver (XDP), False for iptables.

    Attributes:
        filter: what is dropped before TCP; may be replaced at any time.
        filtered_flood, filtered_clients: packets it has dropped, by who had sent them.
        refused_connects: SYNs that found nobody listening.
    """

    def __init__(self, host: Host, packet_filter: Filter, at_gate: bool) -> None:
        self._host = host
        self.filter = packet_filter
        self._at_gate = at_gate
        self._filter_cost_ns = XDP_DROP_NS if at_gate else IPTABLES_DROP_NS
        self.filtered_flood = 0
        self.filtered_clients = 0
        self.refused_connects = 0

    # One packet.

    def take(self, segment: Segment, at_ns: int, ring: RxRing, from_flood: bool) -> int:
        """Let a packet meet the filter and the host; what it cost."""
        if self.filter.kind is not FilterKind.OFF:
            is_syn = bool(segment.flags & SYN)
            if self.filter.drops(segment.flow.remote_address, is_syn, at_ns):
                self._count_filtered(1, ring, from_flood)
                return self._filter_cost_ns
        if segment.flags & SYN:
            return self._take_syn(segment, at_ns)
        counters = self._host.counters
        opened = counters.TcpPassiveOpens
        is_stray = segment.flags & RST and segment.flow not in self._host.stack.established
        self._host.receive(segment, at_ns)
        if is_stray:
            return SEGMENT_IGNORED_NS
        return SEGMENT_NS if counters.TcpPassiveOpens == opened else HANDSHAKE_ACK_NS

    def _take_syn(self, segment: Segment, at_ns: int) -> int:
        host = self._host
        counters = host.counters
        if not host.listeners:
            self.refused_connects += 1
            host.receive(segment, at_ns)
            return SEGMENT_NS
        drops, cookies = counters.TcpExtListenDrops, counters.TcpExtSyncookiesSent
        host.receive(segment, at_ns)
        if counters.TcpExtListenDrops != drops:
            return SYN_DROPPED_NS
        return SYN_STORED_NS if counters.TcpExtSyncookiesSent == cookies else SYN_COOKIE_NS

    def _count_filtered(self, count: int, ring: RxRing, from_flood: bool) -> None:
        if from_flood:
            self.filtered_flood += count
        else:
            self.filtered_clients += count
        if self._at_gate:
            ring.rx_xdp_drop += count
        else:
            self._host.counters.IpInReceives += count

    # Many alike.

    def outlook(self, flood: Flood, k: int, at_ns: int) -> Outlook | None:
        """What the packets of a flood from its k-th on meet, the first of them at `at_ns`.

        None if that one has to be taken by itself.
        """
        dropped, until_ns = self._filter_outlook(flood, k, at_ns)
        if dropped is None:
            return None
        cost_ns = self._filter_cost_ns
        if dropped == 1.0:
            return Outlook(cost_ns, until_ns, dropped, (), ())
        beyond = self._stack_outlook(flood, k, at_ns)
        if beyond is None or beyond.until_ns < at_ns:
            return None
        if dropped:
            mean_ns = round(dropped * cost_ns + (1.0 - dropped) * beyond.cost_ns)
            beyond = beyond._replace(cost_ns=mean_ns, filtered=dropped)
        return beyond

    def _filter_outlook(self, flood: Flood, k: int, at_ns: int) -> tuple[float | None, int]:
        """The share that the filter drops, None if it depends on the packet; until when."""
        packet_filter = self.filter
        if packet_filter.kind is FilterKind.OFF:
            return 0.0, FOREVER_NS
        if packet_filter.kind is not FilterKind.LIMIT24:
            if not flood.sources:
                return packet_filter.dropped_share(0, ADDRESS_LAST), FOREVER_NS
            first = flood.source(0)
            share = packet_filter.dropped_share(first, first + flood.sources - 1)
            return (share if share in (0.0, 1.0) else None), FOREVER_NS
        if not flood.sources or flood.kind is not FloodKind.SYN:
            return 0.0, FOREVER_NS  # Spread over 2^24 networks it stays under any limit.
        token_ns = packet_filter.next_token_ns(flood.source(k), at_ns)
        return (1.0, token_ns - 1) if token_ns > at_ns else (None, at_ns)

    def _stack_outlook(self, flood: Flood, k: int, at_ns: int) -> Outlook | None:
        listeners = tuple(one for one in self._host.listeners if one.port == flood.port)
        if flood.kind is FloodKind.RST:
            return Outlook(SEGMENT_IGNORED_NS, FOREVER_NS, 0.0, listeners, (None,) * len(listeners))
        if not listeners:
            return Outlook(SEGMENT_NS, FOREVER_NS, 0.0, (), ())
        if flood.kind is FloodKind.ACK:
            return self._ack_outlook(listeners, at_ns)
        address = flood.source(k)
        fates: list[Fate] = []
        cost_ns, until_ns = 0, FOREVER_NS
        for listener in listeners:
            verdict = listener.decide_syn(address)
            if verdict is Verdict.ADMIT:
                return None
            if verdict is Verdict.COOKIE:
                cost_ns += SYN_COOKIE_NS
                until_ns = min(until_ns, listener.group.stamp_holds_until_ns)
            else:
                cost_ns += SYN_DROPPED_NS
            fates.append(verdict)
        return Outlook(cost_ns // len(listeners), until_ns, 0.0, listeners, tuple(fates))

    def _ack_outlook(self, listeners: tuple[ListenSocket, ...], at_ns: int) -> Outlook:
        """A forged cookie is found out; one that is right by chance (1 in 10⁹) is not modelled."""
        fate, until_ns = Drop.STRAY_ACK, FOREVER_NS
        group = listeners[0].group
        if self._host.sysctl.tcp_syncookies and group.sent_cookies_recently(at_ns):
            assert group.cookie_stamp_ns is not None  # Otherwise none was sent.
            fate, until_ns = Drop.BAD_COOKIE, group.cookie_stamp_ns + RECENT_NS
        return Outlook(SEGMENT_NS, until_ns, 0.0, listeners, (fate,) * len(listeners))

    def count(self, flood: Flood, outlook: Outlook, count: int, at_ns: int, ring: RxRing) -> None:
        """Book `count` packets of a flood that met this outlook, the last of them at `at_ns`."""
        if outlook.filtered:
            dropped = count if outlook.filtered == 1.0 else 0
            if not dropped:
                dropped = binomial(flood.dice, count, outlook.filtered)
            self._count_filtered(dropped, ring, from_flood=True)
            count -= dropped
            if not count:
                return
        if flood.kind is FloodKind.RST:
            count_received(self._host, count)
            return
        listeners = outlook.listeners
        if not listeners:
            self.refused_connects += count if flood.kind is FloodKind.SYN else 0
            count_closed_port(self._host, count)
            return
        for i, (listener, fate) in enumerate(zip(listeners, outlook.fates, strict=True)):
            others = len(listeners) - i
            share = count if others == 1 else binomial(flood.dice, count, 1.0 / others)
            count -= share
            if share and isinstance(fate, Drop):
                count_stray_acks(self._host, listener, fate, share)
            elif share and isinstance(fate, Verdict):
                self._host.count_syns(listener, fate, share, at_ns)
