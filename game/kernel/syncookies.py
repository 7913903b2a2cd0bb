"""Answering SYNs without keeping them: the sequence number is the memory.

A cookie holds 8 bits of a counter that ticks every 60 s and 24 bits that are a keyed hash plus
one of four MSS classes. When one is sent, and what happens to the ACK, is in `listen.py`.
Source: linux v6.18 net/ipv4/syncookies.c secure_tcp_syn_cookie(), check_tcp_syn_cookie().
"""

from typing import Final

from game.kernel.hash import hash32
from game.kernel.segment import SEQ_MASK, Flow

TICK_NS: Final = 60_000_000_000
"""How often the counter inside a cookie ticks."""

TICKS_MAX: Final = 2
"""A cookie is valid while it is younger than this many ticks."""

RECENT_NS: Final = TICKS_MAX * TICK_NS
"""How long after its last cookie a listener looks at stray ACKs for one."""

STAMP_NS: Final = 1_000_000_000
"""A listener notes at most once in this time that it sends cookies."""

MSS_CLASSES: Final = (536, 1300, 1440, 1460)
_COUNTER_BITS: Final = 24
_LOW: Final = (1 << _COUNTER_BITS) - 1


def make_cookie(flow: Flow, client_isn: int, mss: int, now_ns: int, boot_key: int) -> int:
    """The initial sequence number that stands for a request; `mss` is rounded down to a class.

    Source: linux v6.18 net/ipv4/syncookies.c secure_tcp_syn_cookie().
    """
    tick = now_ns // TICK_NS
    index = max((i for i, size in enumerate(MSS_CLASSES) if size <= mss), default=0)
    base = hash32(flow, boot_key) + client_isn + (tick << _COUNTER_BITS)
    return (base + (_mac(flow, tick, boot_key) + index & _LOW)) & SEQ_MASK


def check_cookie(flow: Flow, cookie: int, client_isn: int, now_ns: int, boot_key: int) -> int:
    """The MSS that a cookie stands for, or 0 if it is forged or too old.

    Source: linux v6.18 net/ipv4/syncookies.c check_tcp_syn_cookie().
    """
    rest = (cookie - hash32(flow, boot_key) - client_isn) & SEQ_MASK
    tick = now_ns // TICK_NS
    age = (tick - (rest >> _COUNTER_BITS)) & 0xFF
    if age >= TICKS_MAX:
        return 0
    index = (rest - _mac(flow, tick - age, boot_key)) & _LOW
    return MSS_CLASSES[index] if index < len(MSS_CLASSES) else 0


def _mac(flow: Flow, tick: int, boot_key: int) -> int:
    return hash32(flow, (boot_key ^ 0x5BD1_E995) + tick * 0x9E37_79B9_7F4A)
