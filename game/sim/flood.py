"""A flood as plain arithmetic: which packet comes when, and what it looks like.

Packet k of a steady flood arrives at start + ⌈k·10⁹/rate⌉ ns, of a pulsed one likewise within its
pulse. Nothing is scheduled for it: the gate (`gate.py`) settles what has come.
"""

from enum import IntEnum

from game.kernel.segment import ACK, RST, SYN, Flow, Segment
from game.sim.rng import Random, mix64

WINDOW = 64_240
MSS = 1_460
NS = 1_000_000_000
FOREVER_NS = 1 << 62

FIXED_NET = 0xC612_0000
"""198.18.0.0/15, for benchmarks (RFC 2544): floods with fixed sources have a /24 of it each."""

FIXED_NETS = 512
FIXED_MAX = 256
PORTS = 64_512


class FloodKind(IntEnum):
    """What a flood is made of."""

    SYN = 0
    ACK = 1
    RST = 2


class Flood:
    """Packets from addresses that never answer, evenly spaced.

    Flows of a flood from fixed sources repeat after 64,512 packets for each source. One that
    then meets its own half-open request counts as refused like its neighbours when it is settled
    in bulk, so up to that point such a flood is exact, and beyond it equal but for a few packets
    in a thousand.

    Args:
        dice: how it spreads over several listeners, and over a list of the filter.
        number: of the flood, at least 1; spoofed addresses and connection numbers derive from it.
        rate_per_s: packets a second; a whole number, so that arrival times are exact.
        count: packets in all.
        sources: 0 for a random address each; else so many fixed ones, all of one /24.
        on_ns, off_ns: lengths of a pulse and of the pause after it; 0 and 0 for a steady flood.

    Attributes:
        sent: packets that have arrived so far.
    """

    def __init__(
        self,
        dice: Random,
        *,
        number: int,
        address: int,
        port: int,
        start_ns: int,
        rate_per_s: int,
        count: int,
        kind: FloodKind = FloodKind.SYN,
        sources: int = 0,
        on_ns: int = 0,
        off_ns: int = 0,
    ) -> None:
        self.dice = dice
        self.number = number
        self._address = address
        self.port = port
        self.start_ns = start_ns
        self.rate_per_s = rate_per_s
        self.count = count
        self.kind = kind
        self.sources = min(sources, FIXED_MAX)
        self._fixed_net = FIXED_NET | (number % FIXED_NETS) << 8
        self._on_ns = on_ns
        self._period_ns = on_ns + off_ns if off_ns else 0
        self._pulse = (on_ns - 1) * rate_per_s // NS + 1
        self.sent = 0

    def cut(self, until_ns: int) -> None:
        """Let nothing arrive at `until_ns` or later."""
        self.count = self.arrived_by(until_ns - 1)

    def arrival_ns(self, k: int) -> int:
        """When packet k arrives."""
        if not self._period_ns:
            return self.start_ns - (-k * NS // self.rate_per_s)
        pulse, into = divmod(k, self._pulse)
        return self.start_ns + pulse * self._period_ns - (-into * NS // self.rate_per_s)

    def arrived_by(self, now_ns: int) -> int:
        """How many packets have arrived at `now_ns` or before."""
        past_ns = now_ns - self.start_ns
        if past_ns < 0:
            return 0
        if not self._period_ns:
            return min(self.count, past_ns * self.rate_per_s // NS + 1)
        pulses, into_ns = divmod(past_ns, self._period_ns)
        now = min(self._pulse, into_ns * self.rate_per_s // NS + 1)
        return min(self.count, pulses * self._pulse + now)

    def is_past(self, at_ns: int) -> bool:
        """Whether its last packet came before `at_ns`."""
        return not self.count or self.arrival_ns(self.count - 1) < at_ns

    def phase(self, at_ns: int) -> tuple[int, int]:
        """The rate at which packets come at `at_ns`, 0 in a pause, and up to when it holds."""
        if at_ns < self.start_ns:
            return 0, self.start_ns - 1
        end_ns = self.arrival_ns(self.count - 1) if self.count else -1
        if at_ns > end_ns:
            return 0, FOREVER_NS
        if not self._period_ns:
            return self.rate_per_s, end_ns
        begin_ns = at_ns - (at_ns - self.start_ns) % self._period_ns
        if at_ns < begin_ns + self._on_ns:
            return self.rate_per_s, min(begin_ns + self._on_ns - 1, end_ns)
        return 0, begin_ns + self._period_ns - 1

    def source(self, k: int) -> int:
        """The address packet k comes from."""
        if self.sources:
            return self._fixed_net | k % self.sources
        return mix64(self.number << 40 | k) >> 32

    def segment(self, k: int) -> Segment:
        """Packet k."""
        dice = mix64(self.number << 40 | k)
        if self.sources:
            flow = Flow(self.source(k), 1024 + k // self.sources % PORTS, self._address, self.port)
        else:
            flow = Flow(dice >> 32, 1024 + (dice & 0x7FFF), self._address, self.port)
        seq = dice & 0xFFFFFFFF
        if self.kind is FloodKind.SYN:
            return Segment(flow, SYN, seq, 0, 0, WINDOW, MSS)
        if self.kind is FloodKind.ACK:
            return Segment(flow, ACK, seq, mix64(dice) & 0xFFFFFFFF, 0, WINDOW)
        return Segment(flow, RST, seq, 0, 0, 0)
