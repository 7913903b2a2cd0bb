"""What NET_RX softirq does with the packets of one CPU: polls, runs, and the time squeeze.

A run of net_rx_action() polls the card for 64 packets at a time, until nothing waits or until it
has used up its budget; then it starts anew, and with work left that is a time squeeze. What a
packet costs and when it is its turn is not here. Source: linux v6.18 net/core/dev.c
net_rx_action(), napi_poll(), net/core/net-procfs.c softnet_seq_show().
"""

from collections.abc import Iterable
from typing import Final

NAPI_WEIGHT: Final = 64
"""Packets of one poll."""

_COLUMNS: Final = 15


class Softnet:
    """One CPU's row of /proc/net/softnet_stat, and where its run stands.

    Attributes:
        cpu: its number.
        processed: packets taken from the card.
        dropped: packets that the software queue of this CPU refused; a card with NAPI has none.
        time_squeeze: runs that ended by their budget with work left.
        run_packets: packets of the run under way.
        run_start_ns: when it began.
    """

    __slots__ = ("cpu", "dropped", "processed", "run_packets", "run_start_ns", "time_squeeze")

    def __init__(self, cpu: int) -> None:
        self.cpu = cpu
        self.processed = 0
        self.dropped = 0
        self.time_squeeze = 0
        self.run_packets = 0
        self.run_start_ns = 0

    def start_run(self, at_ns: int, count: int = 1) -> None:
        """Take packets that came together and found nothing before them: they begin a run."""
        self.processed += count
        self.run_packets = count
        self.run_start_ns = at_ns

    def skip(self, count: int) -> None:
        """Take packets in runs that are over, none of which used up its budget."""
        self.processed += count

    def end_run(self) -> None:
        """Nothing waits: the next packet begins a run."""
        self.run_packets = 0

    def go_on(self, at_ns: int, budget: int, budget_ns: int) -> None:
        """Take a packet that has waited, at `at_ns`; the run before it may be over.

        Args:
            budget: net.core.netdev_budget, in packets.
            budget_ns: net.core.netdev_budget_usecs, in nanoseconds.
        """
        self.processed += 1
        packets = self.run_packets
        if not packets:
            self.run_packets = 1
            self.run_start_ns = at_ns
        elif packets % NAPI_WEIGHT == 0 and (
            packets >= budget or at_ns - self.run_start_ns >= budget_ns
        ):
            self.time_squeeze += 1
            self.run_packets = 1
            self.run_start_ns = at_ns
        else:
            self.run_packets = packets + 1

    def go_on_evenly(
        self, at_ns: int, gap_ns: int, count: int, budget: int, budget_ns: int
    ) -> None:
        """Take `count` packets that have waited, the first at `at_ns`, then one every `gap_ns`."""
        self.processed += count
        if not self.run_packets:
            self.run_start_ns = at_ns
        elif 0 < self.run_packets % NAPI_WEIGHT <= NAPI_WEIGHT - count:  # One poll, as mostly.
            self.run_packets += count
            return
        while count:
            left = self._packets_left(at_ns, gap_ns, budget, budget_ns)
            if not left:
                self.time_squeeze += 1
                self.run_packets = 0
                self.run_start_ns = at_ns
                left = self._packets_left(at_ns, gap_ns, budget, budget_ns)
                whole = (count - 1) // left
                self.time_squeeze += whole
                at_ns += whole * left * gap_ns
                count -= whole * left
                self.run_start_ns = at_ns
            taken = min(count, left)
            self.run_packets += taken
            at_ns += taken * gap_ns
            count -= taken

    def _packets_left(self, at_ns: int, gap_ns: int, budget: int, budget_ns: int) -> int:
        """How many evenly spaced packets still belong to this run; 0 if it is over."""
        packets = self.run_packets
        poll = -packets % NAPI_WEIGHT if packets else NAPI_WEIGHT
        by_packets = -(-(budget - packets - poll) // NAPI_WEIGHT)
        spent_ns = at_ns + poll * gap_ns - self.run_start_ns
        by_time = -(-(budget_ns - spent_ns) // (NAPI_WEIGHT * gap_ns))
        return poll + NAPI_WEIGHT * max(0, min(by_packets, by_time))

    def state(self) -> tuple[int, ...]:
        """Every bit of it, for a digest."""
        return (self.processed, self.time_squeeze, self.run_packets, self.run_start_ns)


def softnet_stat(rows: Iterable[Softnet]) -> str:
    """What /proc/net/softnet_stat holds: 15 numbers in hex for each CPU.

    They are processed, dropped, time_squeeze, five zeros, cpu_collision, received_rps,
    flow_limit_count, backlog length, CPU, and the lengths of the two backlog queues.
    """
    lines = []
    for row in rows:
        numbers = [0] * _COLUMNS
        numbers[0:3] = row.processed, row.dropped, row.time_squeeze
        numbers[12] = row.cpu
        lines.append(" ".join(f"{number & 0xFFFFFFFF:08x}" for number in numbers) + "\n")
    return "".join(lines)
