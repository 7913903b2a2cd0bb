"""Hand-made results and snapshots of a run."""

from game.protocol.messages import DebriefEvent, GoalResult, Result, Series
from game.protocol.snapshot import Gate, Listener, Snapshot

STEPS = 240


def _between(step: int, start_s: float, end_s: float) -> bool:
    return start_s <= step / 2 < end_s


def series(listeners: int = 2) -> Series:
    """Two minutes in half seconds: a flood at 0:30, a stuck worker at 0:55, calm after 1:01."""
    line, hall, served, lost = [], [], [], []
    for step in range(STEPS):
        noise = (step * 7919) % 5
        line.append(17 if _between(step, 31, 80) or _between(step, 92, 108) else noise + 1)
        stuck = 17 if _between(step, 55, 61) else max(0, 44 - (step - 122) * 2) * (step > 121)
        hall.append(max(stuck, noise))
        trouble = _between(step, 31, 35) or _between(step, 55, 61)
        served.append(12 + noise // 2 if trouble else 29 + noise // 2)
        lost.append(10 if trouble else 0)
    backlog = [16 if step < 122 else 64 for step in range(STEPS)]
    return Series(
        500,
        syn_queue=[line for _ in range(listeners)],
        syn_queue_limit=[[17] * STEPS for _ in range(listeners)],
        accept_queue=[[min(3, n) for n in hall], *[hall for _ in range(listeners - 1)]],
        backlog=[backlog for _ in range(listeners)],
        served=served,
        lost=lost,
        offered=[30] * STEPS,
        core_max=[600] * STEPS,
    )


def story() -> list[DebriefEvent]:
    """Four causes."""
    return [
        DebriefEvent(620, "syn_queue_filled", {"listener": 0, "limit": 17}),
        DebriefEvent(
            700, "set_sysctl", {"name": "net.ipv4.tcp_syncookies", "value": 1, "before": 0}
        ),
        DebriefEvent(
            1100, "accept_queue_overflowed", {"listener": 1, "count": 1906, "backlog": 16}
        ),
        DebriefEvent(1220, "set_sysctl", {"name": "net.core.somaxconn", "value": 64, "before": 16}),
    ]


def result(level: str = "level-12", stars: int = 2, listeners: int = 2) -> Result:
    """A run that earned two stars."""
    goals = [
        GoalResult("served", 0.964, [0.8, 0.9, 0.95], 3),
        GoalResult("connect_p95_ms", 188.0, [1200.0, 600.0, 300.0], 3),
        GoalResult("core_max", 0.94, [0.98, 0.95, 0.9], stars),
        GoalResult("cost", 11.0, [20.0, 16.0, 12.0], 3),
    ]
    return Result(
        level=level,
        seed=7,
        stars=stars,
        goals=goals,
        attempts=1000,
        served=964,
        counters={
            "TcpExtListenOverflows": 16872,
            "TcpExtSyncookiesSent": 378914,
            "TcpExtSyncookiesRecv": 4418,
        },
        series=series(listeners),
        story=story(),
        settings={"tcp_syncookies": "1"},
        replay="",
        recorded=False,
    )


def snapshot(tick: int) -> Snapshot:
    """A quiet moment."""
    listener = Listener("LISTEN", 443, 16, 16, 0, 17, 0, False, 0, 0, 5, [], [])
    return Snapshot(
        tick=tick,
        time_ms=tick * 50,
        gate=Gate(32, 0, 0, 0, 0, "off"),
        crowds=[],
        peers=[],
        listeners=[listener],
        workers=[],
        cores=[],
        drops=[],
        counters={},
        sysctls={},
        knobs=[],
        goals=[],
        stars=0,
        attempts=0,
        served=0,
        clients_done=0,
        clients_lost=0,
        cost=0,
    )
