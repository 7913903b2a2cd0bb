"""Limits, lists, and what is no filter."""

import pytest

from game.kernel.filter import BadFilter, Filter

S = 1_000_000_000
HERE, THERE = 0xC0000201, 0xC0000301  # 192.0.2.1 and 192.0.3.1


def test_a_limit_holds_for_a_network_of_24_bits_and_for_syns_only() -> None:
    limit = Filter("limit24:5")
    passed = [not limit.drops(HERE + i % 9, True, 0) for i in range(20)]
    assert passed == [True] * 5 + [False] * 15
    assert not limit.drops(THERE, True, 0)
    assert not limit.drops(HERE, False, 0)


def test_a_token_comes_after_its_share_of_a_second() -> None:
    limit = Filter("limit24:3")
    for _ in range(3):
        assert not limit.drops(HERE, True, 7)
    token_ns = limit.next_token_ns(HERE, 7)
    assert token_ns == 7 + 333_333_334
    assert limit.drops(HERE, True, token_ns - 1)
    assert not limit.drops(HERE, True, token_ns)
    assert limit.drops(HERE, True, token_ns)


def test_tokens_of_a_long_silence_are_one_second_worth() -> None:
    limit = Filter("limit24:4")
    limit.drops(HERE, True, 0)
    assert [limit.drops(HERE, True, 100 * S) for _ in range(6)] == [False] * 4 + [True] * 2


@pytest.mark.parametrize(
    ("text", "here", "there"),
    [
        ("off", False, False),
        ("block:192.0.2.0/24", True, False),
        ("block:192.0.2.0/24,192.0.3.1/32", True, True),
        ("allow:192.0.2.0/24", False, True),
    ],
)
def test_lists(text: str, here: bool, there: bool) -> None:
    rules = Filter(text)
    assert (rules.drops(HERE, False, 0), rules.drops(THERE, True, 0)) == (here, there)


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("block:0.0.0.0/1", 0.5),
        ("block:0.0.0.0/1,10.0.0.0/8,10.0.0.0/8", 0.5),
        ("allow:10.0.0.0/8", 255 / 256),
        ("limit24:1", 0.0),
    ],
)
def test_the_share_of_all_addresses(text: str, share: float) -> None:
    assert Filter(text).dropped_share(0, 0xFFFFFFFF) == share


@pytest.mark.parametrize(
    "text",
    ["", "on", "limit24", "limit24:0", "limit24:-3", "limit24:x", "block:", "block:1.2.3",
     "block:10.0.0.1/8", "allow:10.0.0.0/33", "block:" + ",".join(["10.0.0.0/8"] * 17)],
)  # fmt: skip
def test_what_is_no_filter_is_refused(text: str) -> None:
    with pytest.raises(BadFilter):
        Filter(text)
