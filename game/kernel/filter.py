"""A packet filter: nothing, a rate for each /24, a block list or an allow list.

Token buckets are integers: a SYN costs a second's worth of nanoseconds, and a bucket gains the
rate times the nanoseconds that have passed. Where the filter sits and what it costs is not here.
Source: iptables-extensions(8) hashlimit (--hashlimit-srcmask 24, --hashlimit-upto N/sec).
"""

import ipaddress
from enum import IntEnum
from typing import Final

_TOKEN: Final = 1_000_000_000
NETWORKS_MAX: Final = 16
RATE_MAX: Final = 1_000_000


class BadFilter(ValueError):
    """A text that is no filter; the message says what would be."""


class FilterKind(IntEnum):
    """What a filter does."""

    OFF = 0
    LIMIT24 = 1
    BLOCK = 2
    ALLOW = 3


class Filter:
    """One filter.

    Args:
        text: "off", "limit24:N" (SYNs a second for each /24), "block:CIDR[,CIDR…]" or
            "allow:CIDR[,CIDR…]".

    Attributes:
        text: as given.
        kind: what it does.
        per_s: SYNs a second for each /24, 0 without a limit.

    Raises:
        BadFilter: the text is none of these.
    """

    __slots__ = ("_buckets", "_networks", "kind", "per_s", "text")

    def __init__(self, text: str = "off") -> None:
        self.text = text
        self.per_s = 0
        self._networks: list[tuple[int, int]] = []
        self._buckets: dict[int, tuple[int, int]] = {}
        kind, _, argument = text.partition(":")
        if text == "off":
            self.kind = FilterKind.OFF
        elif kind == "limit24":
            self.kind = FilterKind.LIMIT24
            if not argument.isdecimal() or not 1 <= int(argument) <= RATE_MAX:
                raise BadFilter(f"limit24 takes a rate from 1 to {RATE_MAX}, not {argument!r}.")
            self.per_s = int(argument)
        elif kind in ("block", "allow"):
            self.kind = FilterKind.BLOCK if kind == "block" else FilterKind.ALLOW
            self._networks = _networks(argument)
        else:
            raise BadFilter(f"{text!r} is none of off, limit24:N, block:CIDR, allow:CIDR.")

    def drops(self, address: int, is_syn: bool, now_ns: int) -> bool:
        """Whether a packet from this address is dropped now; one that passes uses up a token."""
        if self.kind is FilterKind.OFF:
            return False
        if self.kind is FilterKind.LIMIT24:
            return is_syn and not self._take_token(address >> 8, now_ns)
        return self._is_listed(address) == (self.kind is FilterKind.BLOCK)

    def _is_listed(self, address: int) -> bool:
        return any(address & mask == network for network, mask in self._networks)

    def _tokens(self, network: int, now_ns: int) -> int:
        full = self.per_s * _TOKEN
        bucket = self._buckets.get(network)
        if bucket is None:
            return full
        return min(full, bucket[0] + (now_ns - bucket[1]) * self.per_s)

    def _take_token(self, network: int, now_ns: int) -> bool:
        tokens = self._tokens(network, now_ns)
        if tokens < _TOKEN:
            return False
        self._buckets[network] = (tokens - _TOKEN, now_ns)
        return True

    def next_token_ns(self, address: int, now_ns: int) -> int:
        """When the /24 of this address has a token, `now_ns` if it has one."""
        missing = _TOKEN - self._tokens(address >> 8, now_ns)
        return now_ns if missing <= 0 else now_ns - (-missing // self.per_s)

    def dropped_share(self, first: int, last: int) -> float:
        """The share of the addresses from `first` to `last` that a list drops; 0 for a limit."""
        if not self._networks:
            return 0.0
        listed = 0
        for network, mask in _disjoint(self._networks):
            size = (~mask & 0xFFFFFFFF) + 1
            listed += max(0, min(last, network + size - 1) - max(first, network) + 1)
        share = listed / (last - first + 1)
        return share if self.kind is FilterKind.BLOCK else 1.0 - share


def _networks(text: str) -> list[tuple[int, int]]:
    parts = text.split(",")
    if len(parts) > NETWORKS_MAX:
        raise BadFilter(f"A list has at most {NETWORKS_MAX} networks, not {len(parts)}.")
    try:
        found = [ipaddress.IPv4Network(part.strip()) for part in parts]
    except ValueError as error:
        raise BadFilter(f"{error}.") from error
    return [(int(one.network_address), int(one.netmask)) for one in found]


def _disjoint(networks: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The networks without those that lie within another."""
    kept: list[tuple[int, int]] = []
    for network, mask in sorted(set(networks), key=lambda one: one[1]):
        if not any(network & wider == outer for outer, wider in kept):
            kept.append((network, mask))
    return kept
