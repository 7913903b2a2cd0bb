"""Cookies: what they remember, how long, and what a forger cannot do."""

from hypothesis import given
from hypothesis import strategies as st

from game.kernel.segment import SEQ_MASK, Flow
from game.kernel.syncookies import MSS_CLASSES, TICK_NS, check_cookie, make_cookie

FLOW = Flow(0x0A010203, 4321, 0x0A000001, 80)
numbers = st.integers(0, SEQ_MASK)


@given(numbers, st.integers(0, 65535), st.integers(0, 10**13), st.integers(0, 2**64))
def test_a_cookie_brings_back_the_mss_rounded_down(isn: int, mss: int, now: int, key: int) -> None:
    cookie = make_cookie(FLOW, isn, mss, now, key)
    expected = max((size for size in MSS_CLASSES if size <= mss), default=536)
    assert check_cookie(FLOW, cookie, isn, now, key) == expected
    assert check_cookie(FLOW, cookie, isn, now + TICK_NS, key) == expected
    assert check_cookie(FLOW, cookie, isn, now + 2 * TICK_NS, key) == 0


def test_forged_cookies_fail() -> None:
    cookie = make_cookie(FLOW, 1, 1460, 0, 7)
    guesses = range(cookie + 5, cookie + 200_005, 40)
    accepted = sum(bool(check_cookie(FLOW, guess & SEQ_MASK, 1, 0, 7)) for guess in guesses)
    assert accepted == 0
    assert check_cookie(FLOW._replace(remote_port=1), cookie, 1, 0, 7) == 0
    assert check_cookie(FLOW, cookie, 6, 0, 7) == 0
    assert check_cookie(FLOW, cookie, 1, 0, 8) == 0


def test_a_client_number_off_by_one_shifts_the_mss_class() -> None:
    """As in the kernel: the number is only added, so the lowest bits mix with the class."""
    cookie = make_cookie(FLOW, 1, 1460, 0, 7)
    assert [check_cookie(FLOW, cookie, 1 + off, 0, 7) for off in range(5)] == [
        1460,
        1440,
        1300,
        536,
        0,
    ]
