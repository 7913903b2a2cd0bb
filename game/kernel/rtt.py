"""How long a round trip takes, and the retransmission timeout that follows from it.

Smoothed round trip and its variation, as of RFC 6298 with Linux's finer steps. Which segments are
timed is in `transmit.py`. Source: linux v6.18 net/ipv4/tcp_input.c tcp_rtt_estimator(),
__tcp_set_rto(), tcp_metrics.c tcp_init_metrics().
"""

from typing import Final

from game.kernel.segment import seq_after
from game.kernel.timer import HZ, jiffies

RTO_MIN_US: Final = 200_000
RTO_FALLBACK_JIFFIES: Final = 3 * HZ
"""The timeout while no round trip could be measured."""

_US: Final = 1000


class RoundTrip:
    """What one connection knows of its round trips; microseconds, the average times eight.

    Args:
        first_ns: the round trip of the handshake, None if it could not be measured.
        snd_nxt: the next sequence number to send.
    """

    __slots__ = ("_average", "_deviation", "_deviation_max", "_variation", "_window_end")

    def __init__(self, first_ns: int | None, snd_nxt: int) -> None:
        self._average = self._deviation = self._deviation_max = self._variation = 0
        self._window_end = snd_nxt
        if first_ns is not None:
            self.measure(first_ns, snd_nxt, snd_nxt)

    @property
    def rto_jiffies(self) -> int:
        """The timeout, in jiffies."""
        if not self._average:
            return RTO_FALLBACK_JIFFIES
        return jiffies(((self._average >> 3) + self._variation) * _US)

    @property
    def half_ns(self) -> int:
        """Half a round trip, in nanoseconds; 0 while none is known."""
        return (self._average >> 4) * _US

    def measure(self, rtt_ns: int, snd_una: int, snd_nxt: int) -> None:
        """Take one more round trip in; once in a window the variation may shrink."""
        rtt = max(rtt_ns // _US, 1)
        if not self._average:
            self._average = rtt << 3
            self._deviation = rtt << 1
            self._variation = self._deviation_max = max(self._deviation, RTO_MIN_US)
            self._window_end = snd_nxt
            return
        error = rtt - (self._average >> 3)
        self._average = max(self._average + error, 1)
        step = abs(error) - (self._deviation >> 2)
        if error < 0 < step:
            step >>= 3  # A round trip that got shorter tells little.
        self._deviation += step
        if self._deviation > self._deviation_max:
            self._deviation_max = self._deviation
            self._variation = max(self._variation, self._deviation_max)
        if seq_after(snd_una, self._window_end):
            if self._deviation_max < self._variation:
                self._variation -= (self._variation - self._deviation_max) >> 2
            self._window_end = snd_nxt
            self._deviation_max = RTO_MIN_US

    def state(self) -> tuple[int, ...]:
        """Every bit of it, for a digest."""
        return (
            self._average, self._deviation, self._deviation_max, self._variation, self._window_end,
        )  # fmt: skip
