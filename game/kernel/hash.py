"""Keyed hashes of a flow, in plain 32-bit arithmetic, the same on every Python.

In place of the kernel's siphash and jhash: as even, far cheaper here, and no secret at all.
Source: the finaliser of MurmurHash3 (Austin Appleby, public domain); linux v6.18
net/core/secure_seq.c, net/ipv4/inet_hashtables.c inet_ehashfn() for what is hashed.
"""

from typing import Final

from game.kernel.segment import Flow

_MASK: Final = 0xFFFF_FFFF


def hash32(flow: Flow, key: int) -> int:
    """32 even bits from a flow and a key of any size."""
    x = flow[0] * 0x9E37_79B1 + flow[1] * 0x85EB_CA77 + key
    x ^= flow[2] * 0xC2B2_AE3D + flow[3] * 0x27D4_EB2F
    x ^= x >> 32
    x = (x ^ x >> 16) * 0x85EB_CA6B & _MASK
    x = (x ^ x >> 13) * 0xC2B2_AE35 & _MASK
    return x ^ x >> 16
