"""The attacker's cards: what each sends, for how long, and what it costs."""

from typing import NamedTuple

import msgspec

from game.level.schema import Traffic

BOTNET = 256
"""Addresses of the botnet: one /24, so that a limit for each /24 finds it."""

RAW_BOTS = 50
"""Bots that a flood of bare packets holds: more than half of a botnet of 96, so one runs at a time.

Two of them overload a core with packets of different fates, which the gate settles one by one: a
second of that takes four, and the match would stand still for everybody.
"""


class Card(NamedTuple):
    """One card.

    Attributes:
        cost: points from the attacker's budget.
        bots: machines it holds while it runs.
        seconds: how long it runs; of connections, until the last lets go.
        traffic: what it sends, from second 0 on.
    """

    cost: int
    bots: int
    seconds: int
    traffic: Traffic


CARDS = {
    "syn_flood": Card(8, 24, 10, Traffic("flood", per_s=3_000, until_s=10, sources=BOTNET)),
    "pulse": Card(
        7, 20, 15, Traffic("flood", 24_000, until_s=15, sources=BOTNET, on_s=0.25, off_s=2.75)
    ),
    "new_faces": Card(8, 24, 20, Traffic("flood", per_s=150, until_s=20)),
    "hoarders": Card(6, 16, 30, Traffic("hoarders", per_s=8, until_s=2, hold_s=28, sources=16)),
    "slow_read": Card(
        9,
        9,
        20,
        Traffic("slow_readers", 4.5, until_s=2, hold_s=18, bytes_per_s=200, reply_bytes=300_000),
    ),
    "slow_send": Card(7, 8, 20, Traffic("slow_senders", 4, until_s=2, hold_s=18, bytes_per_s=5)),
    "forged_acks": Card(
        5, RAW_BOTS, 6, Traffic("forged_acks", per_s=240_000, until_s=6, sources=BOTNET)
    ),
    "rst_storm": Card(5, RAW_BOTS, 5, Traffic("rsts", per_s=400_000, until_s=5)),
    "probe": Card(1, 1, 5, Traffic("probes", per_s=4, until_s=2, deadline_s=3)),
}
"""The palette. Rates are such that each one hurts a station that does not know its remedy, and
none hurts one that does (measured by `lab tournament`). Floods of ACKs and RSTs are the exception:
they take six and four tenths of a core, which is felt only when the cores have much to do."""


def traffic_from(card: Card, now_s: float) -> Traffic:
    """What a card sends if it is played now."""
    until_s = now_s + card.traffic.until_s
    return msgspec.structs.replace(card.traffic, from_s=now_s, until_s=until_s)
