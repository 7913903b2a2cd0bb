"""Named dice, made in this one place: one stream for each purpose, from a level's seed.

Only `random()` and `getrandbits()` of the standard generator are used; they give the same numbers
under every supported Python. What is built on them is here.
"""

import math
from random import Random

__all__ = ["Random", "binomial", "exponential_ns", "mix64", "stream"]

_MASK64 = 2**64 - 1
_EXACT_MAX = 64
"""Up to so many trials a binomial is counted one by one; above, the normal limit is used."""


def stream(seed: int, name: str) -> Random:
    """The dice called `name` of the run with this seed."""
    return Random(f"{seed}/{name}")


def exponential_ns(dice: Random, mean_ns: float) -> int:
    """A waiting time of a Poisson process, in whole nanoseconds, at least 1."""
    return max(1, round(-math.log(1.0 - dice.random()) * mean_ns))


def binomial(dice: Random, trials: int, share: float) -> int:
    """How many of `trials` succeed when each does with probability `share`."""
    if trials <= _EXACT_MAX:
        return sum(dice.random() < share for _ in range(trials))
    mean = trials * share
    deviation = math.sqrt(mean * (1.0 - share))
    radius = math.sqrt(-2.0 * math.log(1.0 - dice.random()))
    normal = radius * math.cos(2.0 * math.pi * dice.random())
    return min(trials, max(0, round(mean + deviation * normal)))


def mix64(value: int) -> int:
    """A 64-bit number that looks random, the same for the same value (the splitmix64 finisher)."""
    value = (value + 0x9E3779B97F4A7C15) & _MASK64
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & _MASK64
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & _MASK64
    return value ^ (value >> 31)
