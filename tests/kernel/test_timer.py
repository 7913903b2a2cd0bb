"""The timer wheel: late, in batches, in the kernel's order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.kernel.timer import JIFFY_NS, TimerWheel, jiffies


class Alarm:
    def __init__(self, name: str = "") -> None:
        self.name = name
        self.timer_key = 0

    def fire(self, now_ns: int) -> None: ...


@pytest.mark.parametrize(
    ("now", "delay", "fires"),
    [
        (0, 1, 2),
        (0, 62, 63),
        (0, 63, 64),
        (1, 63, 72),
        (0, 250, 256),
        (6, 250, 264),
        (256, 500, 760),
        (760, 1000, 1792),
        (0, 504, 512),
        (7872, 8000, 16384),
        (0, 32256, 32768),
    ],
)
def test_a_timer_fires_when_its_bucket_is_over(now: int, delay: int, fires: int) -> None:
    wheel = TimerWheel()
    assert wheel.arm(Alarm(), now * JIFFY_NS, delay) == fires * JIFFY_NS
    assert wheel.next_ns() == fires * JIFFY_NS


@given(st.integers(0, 10**12), st.integers(1, 300_000), st.integers(0, 10**9))
def test_never_early_and_late_by_an_eighth_at_most(now_ns: int, delay: int, phase_ns: int) -> None:
    at = TimerWheel(phase_ns).arm(Alarm(), now_ns, delay)
    late_ns = at - now_ns - delay * JIFFY_NS
    assert late_ns + JIFFY_NS > 0
    assert late_ns <= max(delay // 7, 1) * JIFFY_NS
    assert (at + phase_ns) % JIFFY_NS == 0


def fired(wheel: TimerWheel, now_ns: int) -> list[str]:
    return [getattr(timer, "name", "") for _, timer in wheel.expire(now_ns)]


def test_the_last_armed_of_a_bucket_fires_first() -> None:
    wheel = TimerWheel()
    for name in "abc":
        wheel.arm(Alarm(name), 0, 250)
    assert fired(wheel, 10**12) == ["c", "b", "a"]


def test_the_coarser_of_two_buckets_due_at_once_fires_first() -> None:
    wheel = TimerWheel()
    fine, coarse = Alarm("fine"), Alarm("coarse")
    assert wheel.arm(coarse, 0, 63) == wheel.arm(fine, 20 * JIFFY_NS, 43)
    assert fired(wheel, 10**12) == ["coarse", "fine"]


def test_a_cancelled_timer_does_not_fire_and_a_moved_one_fires_once() -> None:
    wheel = TimerWheel()
    gone, moved = Alarm("gone"), Alarm("moved")
    wheel.arm(gone, 0, 10)
    wheel.arm(moved, 0, 10)
    wheel.cancel(gone)
    wheel.arm(moved, 0, 20)
    assert wheel.deadline_ns(gone) is None
    assert wheel.deadline_ns(moved) == 21 * JIFFY_NS
    assert fired(wheel, 20 * JIFFY_NS) == []
    assert fired(wheel, 21 * JIFFY_NS) == ["moved"]


def test_armed_again_in_the_same_bucket_keeps_its_place() -> None:
    wheel = TimerWheel()
    first, second = Alarm("first"), Alarm("second")
    wheel.arm(first, 0, 250)
    wheel.arm(second, 0, 250)
    wheel.arm(first, JIFFY_NS, 250)
    assert fired(wheel, 10**12) == ["second", "first"]


def test_a_timer_may_be_armed_while_timers_fire() -> None:
    wheel = TimerWheel()
    alarm = Alarm("again")
    wheel.arm(alarm, 0, 1)
    times = []
    for at, timer in wheel.expire(20 * JIFFY_NS):
        times.append(at // JIFFY_NS)
        if len(times) < 3:
            wheel.arm(timer, at, 1)
    assert times == [2, 4, 6]


def test_durations_are_rounded_up() -> None:
    assert [jiffies(ns) for ns in (0, 1, JIFFY_NS, JIFFY_NS + 1)] == [0, 1, 1, 2]
