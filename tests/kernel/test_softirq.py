"""Runs and time squeezes: at once or one by one, it is the same; and the text of softnet_stat."""

from hypothesis import given, settings
from hypothesis import strategies as st

from game.kernel.softirq import Softnet, softnet_stat

MS = 1_000_000


@settings(max_examples=200, derandomize=True, deadline=None)
@given(
    runs=st.lists(
        st.tuples(st.integers(1, 3000), st.integers(85, 200_000), st.booleans()), max_size=4
    ),
    budget=st.sampled_from([0, 1, 64, 300, 320, 5000]),
    budget_ns=st.sampled_from([0, 100_000, 2 * MS, 8 * MS]),
)
def test_many_packets_at_once_are_the_same_as_one_by_one(
    runs: list[tuple[int, int, bool]], budget: int, budget_ns: int
) -> None:
    single, many = Softnet(0), Softnet(0)
    at_ns = 0
    for count, gap_ns, fresh in runs:
        if fresh:
            single.start_run(at_ns)
            many.start_run(at_ns)
            at_ns += gap_ns
        for i in range(count):
            single.go_on(at_ns + i * gap_ns, budget, budget_ns)
        many.go_on_evenly(at_ns, gap_ns, count, budget, budget_ns)
        at_ns += count * gap_ns
        assert many.state() == single.state()


def test_a_run_ends_after_the_poll_that_used_up_the_budget() -> None:
    """300 packets are not a multiple of 64: the fifth poll goes over, after 320."""
    row = Softnet(0)
    row.start_run(0)
    for i in range(1, 320):
        row.go_on(i * 1000, 300, 8 * MS)
    assert row.time_squeeze == 0
    row.go_on(320_000, 300, 8 * MS)
    assert (row.time_squeeze, row.run_packets, row.run_start_ns) == (1, 1, 320_000)


def test_a_run_that_lasts_too_long_ends_after_its_poll() -> None:
    row = Softnet(0)
    row.start_run(0)
    for i in range(1, 65):
        row.go_on(i * 200_000, 300, 8 * MS)
    assert row.time_squeeze == 1


def test_softnet_stat_has_fifteen_columns_in_hex() -> None:
    row = Softnet(3)
    row.skip(255)
    row.time_squeeze = 16
    text = softnet_stat([Softnet(0), row])
    columns = text.splitlines()[1].split()
    assert len(columns) == 15
    assert columns[:3] == ["000000ff", "00000000", "00000010"]
    assert columns[12] == "00000003"
    assert text.splitlines()[0] == " ".join(["00000000"] * 15)
