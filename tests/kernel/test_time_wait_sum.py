"""TIME-WAIT in the digest: one sum for all of it, which every entry moves."""

from game.kernel.bind import Binding
from game.kernel.profile import LINUX
from game.kernel.segment import ACK, Flow, Segment
from game.kernel.stack import Stack
from game.kernel.sysctl import Sysctls
from game.kernel.timewait import TIME_WAIT_JIFFIES, TimeWait

BINDING = Binding(0, 443, 0, False, False, False)


def _stack(*entries: tuple[int, int]) -> Stack:
    """A machine with an entry in TIME-WAIT for each pair of port and rcv_nxt."""
    stack = Stack(Sysctls(), 1, 0, LINUX)
    for port, rcv_nxt in entries:
        flow = Flow(0x0A000002, port, 0x0A000001, 443)
        left = TimeWait(stack, flow, rcv_nxt, 7, 65535, BINDING)
        stack.established[flow] = left
        left.arm(0, TIME_WAIT_JIFFIES)
    return stack


def test_the_sum_depends_on_every_entry_and_not_on_their_order() -> None:
    assert _stack((1, 5), (2, 6)).time_wait_sum == _stack((2, 6), (1, 5)).time_wait_sum
    assert _stack((1, 5), (2, 6)).time_wait_sum != _stack((1, 6), (2, 5)).time_wait_sum
    assert _stack((1, 5)).time_wait_sum != _stack((1, 5), (2, 6)).time_wait_sum


def test_a_late_segment_changes_the_sum_and_the_end_of_an_entry_takes_it_out() -> None:
    stack = _stack((1, 5), (2, 6))
    flow = next(iter(stack.established))
    before = stack.time_wait_sum
    stack.established[flow].receive(Segment(flow, ACK, 5), 10_000_000_000)
    assert stack.time_wait_sum != before
    for _, timer in stack.wheel.expire(200_000_000_000):
        assert isinstance(timer, TimeWait)
        timer.fire(200_000_000_000)
    assert stack.time_wait_sum == 0
