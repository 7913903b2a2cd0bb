"""What the floods of a receive queue amount to while nothing changes: work, and its unevenness."""

from functools import lru_cache
from typing import NamedTuple

from game.kernel.softirq import NAPI_WEIGHT
from game.sim.arrivals import Arrivals
from game.sim.core import KSOFTIRQD_AFTER_NS
from game.sim.flood import NS
from game.sim.reception import Outlook

_WINDOW_MAX = 2_000
"""Packets to look back at; a load closer to the limit than that needs is taken one by one."""

_LOADS_KEPT = 256
"""Floods meet few different fates, but each time the host is touched they are asked for anew."""


class Load(NamedTuple):
    """Floods with constant rates and costs.

    Attributes:
        until_ns: how long rates and outlooks hold.
        outlook: of all floods that send or wait, if it is the same, else None.
        share: the first of them, under which what they meet is tallied.
        costs_ns: of a packet of each flood; 0 if none of it comes or waits.
        rates: packets a second of each flood, times the number of queues.
        per_s: nanoseconds of core time in a second, times the number of queues.
        active: floods that send.
        window_ns: after so long without a break at the latest softirq is idle; 0 if it cannot
            be told, or is too long to leap over.
        even: True if every packet finds softirq idle once one does.
    """

    until_ns: int
    outlook: Outlook | None
    share: int
    costs_ns: tuple[int, ...]
    rates: tuple[int, ...]
    per_s: int
    active: int
    window_ns: int
    even: bool

    @classmethod
    def of(
        cls,
        until_ns: int,
        outlook: Outlook | None,
        share: int,
        costs_ns: tuple[int, ...],
        rates: tuple[int, ...],
        queues: int,
        ring: int,
    ) -> "Load":
        """What these floods amount to at one of `queues` queues with a ring of this size."""
        per_s = NS * queues
        active, window_ns, even = _unevenness(costs_ns, rates, per_s, ring)
        return cls(until_ns, outlook, share, costs_ns, rates, per_s, active, window_ns, even)

    def window(self, gap_ns: int) -> int:
        """`Overload`'s window with a start every `gap_ns`; 0 if this is no overload, or hardly.

        Arrivals within t are more than rate·t less one for each flood, starts at most t/gap + 1.
        """
        work = sum(self.rates) * gap_ns
        if work <= self.per_s:
            return 0
        window = (self.active * self.per_s + work) // (work - self.per_s) + 2
        return window if window <= _WINDOW_MAX else 0

    def idle_again(self, arrivals: Arrivals, first: int, last: int) -> int:
        """An arrival up to `last` that finds softirq idle; -1 if unknown. So does `first`.

        At any moment the work in hand is at most one packet of each flood more than idle, so
        with that much to do at the beginning of the window, who finds it idle does so for sure.
        """
        end = arrivals.at(last)
        assert end is not None  # It has arrived.
        begin_ns = end.at_ns - 2 * self.window_ns
        free_ns = begin_ns + sum(
            cost_ns for cost_ns, rate in zip(self.costs_ns, self.rates, strict=True) if rate
        )
        for index in range(max(first, arrivals.total(begin_ns)), last + 1):
            arrival = arrivals.at(index)
            assert arrival is not None  # It comes before `last`.
            if arrival.at_ns >= free_ns:
                return index
            free_ns += self.costs_ns[arrival.share]
        return -1

    def first_idle(self, arrivals: Arrivals, first: int, idle_ns: int, end: int) -> int:
        """The first arrival before `end` that finds nothing to do; `end` if none does.

        Only for an even load. What waits before arrival `first` is done at `idle_ns`. Arrivals are
        at least a turn apart, so once one is late enough all later ones are.
        """
        assert self.outlook is not None  # Otherwise turns have no one length.
        arrival_ns, gap_ns = arrivals.arrival_ns, self.outlook.cost_ns
        behind_ns = idle_ns - arrival_ns(first)
        if behind_ns <= 0 or end <= first:
            return min(first, end)
        # Each arrival makes good what it is later than a turn: a guess that is right but for
        # rounding, unless a pulse ends before.
        rate = sum(self.rates)
        low = min(end, first + behind_ns * rate // (self.per_s - rate * gap_ns + 1))
        if low > first and arrival_ns(low - 1) >= idle_ns + (low - 1 - first) * gap_ns:
            low = first
        step = 1
        while (
            low + step < end
            and arrival_ns(low + step - 1) < idle_ns + (low + step - 1 - first) * gap_ns
        ):
            low += step
            step *= 2
        high = min(end, low + step)
        while low < high:
            middle = (low + high) // 2
            if arrival_ns(middle) >= idle_ns + (middle - first) * gap_ns:
                high = middle
            else:
                low = middle + 1
        return low


@lru_cache(_LOADS_KEPT)
def _unevenness(
    costs_ns: tuple[int, ...], rates: tuple[int, ...], per_s: int, ring: int
) -> tuple[int, int, bool]:
    """`active`, `window_ns` and `even` of a `Load`.

    Of work that arrives within t there is at most Σ cost·(rate·t + 1), so a busy time that is not
    over after t needs t < Σ cost / (1 − Σ cost·rate).
    """
    active = [i for i, rate in enumerate(rates) if rate]
    spare = per_s - sum(rates[i] * costs_ns[i] for i in active)
    window_ns, even = 0, False
    if spare > 0 and active:
        costs = sum(costs_ns[i] for i in active)
        window_ns = costs * per_s // spare + 1
        even = len(active) == 1 and per_s // rates[active[0]] >= costs
        packets = 2 * window_ns * sum(rates) // per_s + len(active)
        fits = (
            2 * window_ns < KSOFTIRQD_AFTER_NS
            and packets < NAPI_WEIGHT  # So no run can end by its budget.
            and costs // min(costs_ns[i] for i in active) + 2 <= ring
        )
        if not even and not fits:
            window_ns = 0
    return len(active), window_ns, even
