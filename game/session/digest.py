"""The fingerprint of a world: two runs that agree here went the same way."""

import hashlib

import msgspec

from game.sim.world import World

_encode = msgspec.msgpack.Encoder().encode

DIGEST_TICKS = 20
"""Ticks from one digest in a replay to the next: one second."""


def digest(world: World) -> str:
    """16 hexadecimal digits over the whole state: queues, counters, sysctls, threads, dice."""
    fingerprint = hashlib.blake2b(digest_size=8)
    for part in world.state():
        fingerprint.update(_encode(part))
    return fingerprint.hexdigest()
