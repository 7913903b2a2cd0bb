"""The fingerprint of a world: two runs that agree here went the same way."""

import hashlib
from collections.abc import Iterable
from itertools import chain

import msgspec

from game.sim.world import World

_encode = msgspec.msgpack.Encoder().encode

DIGEST_TICKS = 20
"""Ticks from one digest in a replay to the next: one second."""


def digest(world: World, more: Iterable[object] = ()) -> str:
    """16 hexadecimal digits over the whole state: queues, counters, sysctls, threads, dice.

    Args:
        more: state of the session besides the world.
    """
    fingerprint = hashlib.blake2b(digest_size=8)
    for part in chain(world.state(), more):
        fingerprint.update(_encode(part))
    return fingerprint.hexdigest()
