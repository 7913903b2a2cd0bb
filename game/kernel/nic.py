"""A network card: how many descriptors its receive rings have, what it counts, who gets a flow.

A packet that finds no free descriptor is lost in the card; no TCP counter ever sees it. When
packets come and go is not here, nor what the driver's filter decides (`filter.py`).
Source: ethtool(8) -g, -S; linux v6.18 Documentation/networking/scaling.rst (RSS),
Documentation/networking/statistics.rst (rx_missed_errors).
"""

from collections.abc import Sequence
from typing import Final

from game.kernel.hash import hash32
from game.kernel.segment import Flow

RX_RING_MAX: Final = 8192
"""Most descriptors that drivers offer (igb 4096, ixgbe and i40e 8160, mlx5 8192)."""

_RSS_KEY: Final = 0x6D5A_56DA_255B_0EC2
"""The first bytes of the key that Microsoft's RSS text and most drivers start from."""


class RxRing:
    """One receive queue as `ethtool` sees it.

    Attributes:
        size: descriptors.
        rx_packets: packets that found one.
        rx_missed_errors: packets that found none.
        rx_xdp_drop: packets that the filter in the driver dropped.
    """

    __slots__ = ("rx_missed_errors", "rx_packets", "rx_xdp_drop", "size")

    def __init__(self, size: int) -> None:
        self.size = size
        self.rx_packets = 0
        self.rx_missed_errors = 0
        self.rx_xdp_drop = 0

    def state(self) -> tuple[int, ...]:
        """Every bit of it, for a digest."""
        return (self.size, self.rx_packets, self.rx_missed_errors, self.rx_xdp_drop)


def rss_queue(flow: Flow, queues: int) -> int:
    """The receive queue of a flow: a hash with a key of the card's own.

    In place of the card's Toeplitz hash and its table: as even, and cheaper here.
    """
    return hash32(flow, _RSS_KEY) * queues >> 32


def ethtool_s(rings: Sequence[RxRing]) -> str:
    """What `ethtool -S eth0` prints, in the names that Intel's drivers use."""
    names = ("rx_packets", "rx_missed_errors", "rx_xdp_drop")
    lines = ["NIC statistics:"]
    lines += [f"     {name}: {sum(getattr(ring, name) for ring in rings)}" for name in names]
    lines += [f"     rx_queue_{i}_packets: {ring.rx_packets}" for i, ring in enumerate(rings)]
    return "".join(f"{line}\n" for line in lines)


def ethtool_g(rings: Sequence[RxRing]) -> str:
    """What `ethtool -g eth0` prints; of the transmit ring nothing is known."""

    def block(title: str, size: int) -> list[str]:
        return [title, f"RX:\t\t{size}", "RX Mini:\tn/a", "RX Jumbo:\tn/a", "TX:\t\tn/a"]

    lines = ["Ring parameters for eth0:", *block("Pre-set maximums:", RX_RING_MAX)]
    lines += block("Current hardware settings:", rings[0].size)
    return "".join(f"{line}\n" for line in lines)
