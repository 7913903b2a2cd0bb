"""What can be heard of the station: the difference of two snapshots as names of sounds. Pure."""

from game.protocol.snapshot import Actor, Snapshot, WorkerState

OVERFLOWS = ("TcpExtListenOverflows", "TcpExtTCPReqQFullDrop")
"""Counters whose rise is an alarm: somebody was turned away at a full queue."""

CALLS = "TcpExtTCPSynRetrans"
"""Counts what the loudspeaker says."""


def heard(before: Snapshot, now: Snapshot) -> list[str]:
    """Sounds of what happened between two snapshots of one run, the most important first.

    Each is named once, however often it happened; nothing is heard when time runs backwards.
    """
    if now.tick <= before.tick:
        return []
    tests = {
        "alarm": any(_rise(before, now, name) for name in OVERFLOWS),
        "star": now.stars > before.stars and before.attempts > 0,
        "departure": _departed(before, now),
        "boarding": bool(_aboard(now) - _aboard(before)),
        "ticket": any(listener.cookies_received for listener in now.listeners),
        "loudspeaker": bool(_rise(before, now, CALLS)),
        "gate": bool(_in_line(now) - _in_line(before)),
    }
    return [name for name, happened in tests.items() if happened]


def _rise(before: Snapshot, now: Snapshot, counter: str) -> int:
    return now.counters.get(counter, 0) - before.counters.get(counter, 0)


def _departed(before: Snapshot, now: Snapshot) -> bool:
    """Whether a worker has begun to work on a request."""
    return any(
        new.state == WorkerState.WORKING
        and (old.state != WorkerState.WORKING or old.since_ms != new.since_ms)
        for old, new in zip(before.workers, now.workers, strict=False)
    )


def _aboard(snapshot: Snapshot) -> set[int]:
    return {passenger.id for worker in snapshot.workers for passenger in worker.passengers}


def _in_line(snapshot: Snapshot) -> set[int]:
    """Those who came through the gate; the mass of a flood makes no sound."""
    return {
        mark.id
        for listener in snapshot.listeners
        for mark in (*listener.syn_marks, *listener.seat_marks)
        if mark.actor != Actor.FLOOD
    }
