"""How long a half-open request lives under pressure."""

import pytest

from game.kernel.profile import LINUX
from game.kernel.request import defer_retries, retries_under_pressure


@pytest.mark.parametrize(
    ("qlen", "young", "backlog", "left"),
    [
        (64, 0, 128, 5),  # Half of the backlog is no pressure yet.
        (65, 0, 128, 2),
        (65, 33, 128, 5),  # More than half are young.
        (65, 32, 128, 4),
        (65, 17, 128, 4),
        (65, 16, 128, 3),
        (65, 9, 128, 3),
        (65, 8, 128, 2),
        (4, 0, 1, 5),  # Below 8 the backlog does not matter.
        (5, 0, 1, 2),
    ],
)
def test_the_fewer_are_young_the_sooner_the_old_go(
    qlen: int, young: int, backlog: int, left: int
) -> None:
    pressure_max = LINUX.pressure_max(backlog, backlog)
    assert retries_under_pressure(5, qlen, young, pressure_max) == left


@pytest.mark.parametrize("allowed", [0, 1, 2])
def test_pressure_never_goes_below_two_nor_above_what_is_set(allowed: int) -> None:
    assert retries_under_pressure(allowed, 1000, 0, 1) == allowed


@pytest.mark.parametrize(
    ("seconds", "timeouts"),
    [(-1, 0), (0, 0), (1, 1), (2, 2), (3, 2), (4, 3), (5, 3), (7, 3), (8, 4), (247, 8), (248, 9)],
)
def test_defer_accept_in_timeouts(seconds: int, timeouts: int) -> None:
    """1 + 2 + 4 + ... + 64 + 120 s is 247 s, eight timeouts."""
    assert defer_retries(seconds) == timeouts
