"""What the host refused or lost, by rule and listener, with the knob and the counter for "why?"."""

from typing import NamedTuple

from game.kernel.drops import DROPS, Drop
from game.sim.world import World

SILENT = {Drop.DUPLICATE_SYN, Drop.DEFER_ACCEPT}
"""Kinds that lose nobody anything."""


class DropKey(NamedTuple):
    """One kind of drop at one listener (-1: at none)."""

    rule: str
    knob: str
    counter: str
    listener: int


def _key(drop: Drop, listener: int) -> DropKey:
    row = DROPS[drop]
    return DropKey(drop.name.lower(), row.knob, row.counters[0] if row.counters else "", listener)


def drop_totals(world: World) -> dict[DropKey, int]:
    """Counts since the level began."""
    totals: dict[DropKey, int] = {}
    for i, listener in enumerate(world.listeners()):
        for drop, count in listener.drops.items():
            if drop not in SILENT:
                totals[_key(drop, i)] = count
    gone = sum(one.drops.get(Drop.LISTENER_CLOSED, 0) for one in world.closed)
    if gone:
        totals[DropKey("listener_closed", "tcp_migrate_req", "TcpEstabResets", -1)] = gone
    reception = world.machine.reception
    missed = sum(queue.ring.rx_missed_errors for queue in world.machine.queues)
    filtered = reception.filtered_flood + reception.filtered_clients
    if missed:
        totals[DropKey("rx_missed", "rx_ring", "rx_missed_errors", -1)] = missed
    if filtered:
        counter = "rx_xdp_drop" if world.level.machine.filter_at == "gate" else ""
        totals[DropKey("filtered", "filter", counter, -1)] = filtered
    refused = reception.refused_connects
    if refused:
        totals[DropKey("port_closed", "listen()", "TcpOutRsts", -1)] = refused
    return totals
