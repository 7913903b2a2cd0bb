"""Levels and snapshots as a host would send them, for pictures and tests of the station."""

from collections.abc import Callable

import msgspec

from game.client.draw.history import History
from game.client.draw.layout import plan_of
from game.protocol.catalogue import Goal, Knob, LevelCard, Texts, Wave
from game.protocol.snapshot import (
    Actor,
    Core,
    Crowd,
    Drops,
    FiveTuple,
    Gate,
    GoalState,
    KnobState,
    Listener,
    Mark,
    Passenger,
    PeerMark,
    PeerState,
    Snapshot,
    Worker,
    WorkerState,
)

KNOBS = [
    Knob("filter", "filter", 0, "off", 1, choices=["off", "limit24:200", "limit24:50"]),
    Knob("rx_ring", "rx_ring", 0, "32", 1, choices=["32", "64", "128", "256", "512"]),
    Knob("tcp_rmem", "net.ipv4.tcp_rmem", 0, "4096", opens_at="14-hand-luggage"),
    Knob("tcp_syncookies", "net.ipv4.tcp_syncookies", 1, "1", 1, choices=["0", "1"]),
    Knob("tcp_max_syn_backlog", "net.ipv4.tcp_max_syn_backlog", 1, "128", 1, 1, 4096),
    Knob("tcp_synack_retries", "net.ipv4.tcp_synack_retries", 1, "4", 1, 0, 8),
    Knob("backlog", "backlog", 2, "64", 1, 1, 4096),
    Knob("somaxconn", "net.core.somaxconn", 2, "16", 1, 1, 4096, lesson=True),
    Knob("tcp_abort_on_overflow", "net.ipv4.tcp_abort_on_overflow", 2, "0", choices=["0", "1"]),
    Knob("buckets", "SO_REUSEPORT", 3, "2", 1, 1, 8),
    Knob("workers", "workers", 3, "4", 1, 1, 16),
    Knob("pinning", "CPU pinning", 3, "off", choices=["off", "on"]),
]


def card(calls: bool = False, listeners: int = 2, workers: int = 4) -> LevelCard:
    """Ghost crowd, or, with calls, First train."""
    texts = {
        "en": Texts("First train" if calls else "Ghost crowd", "SYN flood", "", ["Look."], ""),
        "zh": Texts("首发列车" if calls else "幽灵人潮", "SYN flood", "", ["看。"], ""),
    }
    waves = [
        Wave(Actor.CLIENT, 0, 180_000, 60),
        Wave(Actor.FLOOD, 50_000, 98_000, 5400),
        Wave(Actor.HOARDER, 74_000, 180_000, 4),
        Wave(Actor.SLOW, 122_000, 180_000, 9),
        Wave(Actor.FLOOD, 142_000, 168_000, 10_800),
    ]
    return LevelCard(
        id="01-first-train" if calls else "12-ghost-crowd",
        number=1 if calls else 12,
        line="queue" if calls else "flood",
        map_x=0,
        map_y=0,
        label="below",
        after=[],
        texts=texts,
        goals=[
            Goal("served", [0.8, 0.9, 0.95]),
            Goal("connect_p95_ms", [1000, 500, 300]),
            Goal("core_max", [0.99, 0.95, 0.9]),
            Goal("cost", [12, 10, 8]),
        ],
        knobs=[] if calls else KNOBS,
        waves=waves[:1] if calls else waves,
        seconds=180,
        budget=12,
        workers=workers,
        listeners=listeners,
        cores=4,
        port=443,
        calls=calls,
    )


LEGIT = (Actor.CLIENT, Actor.HOARDER, Actor.SLOW)


def syn_marks(count: int, start: int, now_ms: int, legit_every: int = 6) -> list[Mark]:
    """Half-open requests: mostly ghosts, at different moments of their wait."""
    marks = []
    for i in range(count):
        tries = (i * 7 + start) % 3
        wait_ms = 1000 * 2**tries
        left_ms = (i * 373 + start * 97) % wait_ms
        actor = LEGIT[i // legit_every % 3] if i % legit_every == 2 else Actor.FLOOD
        marks.append(Mark(start + i, actor, now_ms - 2000, now_ms + left_ms, tries))
    return marks


def seat_marks(count: int, start: int, now_ms: int) -> list[Mark]:
    """Finished handshakes; some are hoarders."""
    return [
        Mark(start + i, Actor.HOARDER if i % 5 == 4 else Actor.CLIENT, now_ms - 40 * i, 0, 300)
        for i in range(count)
    ]


def listener(
    *,
    backlog: int = 16,
    asked: int | None = None,
    line: int = 4,
    hall: int = 3,
    start: int = 1000,
    now_ms: int = 84_000,
    cookies: bool = False,
    received: int = 0,
) -> Listener:
    """A listener in LISTEN; marks stand for more than one entry above 256."""
    syn_unit = max(1, -(-line // 256))
    seat_unit = max(1, -(-hall // 256))
    return Listener(
        state="LISTEN",
        port=443,
        backlog=backlog,
        backlog_asked=64 if asked is None and backlog == 16 else asked or backlog,
        syn_queue=line,
        syn_queue_limit=backlog + 1,
        accept_queue=hall,
        cookies=cookies,
        cookies_sent_per_s=1900 if cookies else 0,
        cookies_received=received,
        synack_calls=2 if line * 2 > backlog else 4,
        syn_marks=syn_marks(-(-line // syn_unit), start, now_ms),
        seat_marks=seat_marks(-(-hall // seat_unit), start + 5000, now_ms),
        syn_mark_unit=syn_unit,
        seat_mark_unit=seat_unit,
    )


def passengers(start: int, actors: list[Actor], recv: int = 600, send: int = 0) -> list[Passenger]:
    """Connections aboard a train."""
    return [Passenger(start + i, actor, recv, send) for i, actor in enumerate(actors)]


def crew(now_ms: int, per_listener: int = 2, listeners: int = 2) -> list[Worker]:
    """Trains in every state, as many on each platform."""
    client, hoarder, slow = Actor.CLIENT, Actor.HOARDER, Actor.SLOW
    kinds = [
        (WorkerState.ACCEPTING, 0, passengers(9000, [client] * 2)),
        (WorkerState.WORKING, 38, passengers(9010, [client] * 3, 900, 1500)),
        (WorkerState.READING, 0, passengers(9020, [hoarder], 0)),
        (WorkerState.WORKING, 51, passengers(9030, [client, client, slow, client], 1200, 1800)),
        (WorkerState.IDLE, 0, []),
        (WorkerState.SENDING, 0, passengers(9040, [slow], 0, 6000)),
        (WorkerState.RUNNABLE, 0, passengers(9050, [client])),
        (WorkerState.STOPPED, 0, []),
    ]
    found = []
    for i in range(per_listener * listeners):
        state, takes_ms, people = kinds[i % len(kinds)]
        since_ms = now_ms - (6200 if state == WorkerState.READING else 20)
        until_ms = since_ms + takes_ms if takes_ms else 0
        own = [Passenger(p.id + 100 * i, p.actor, p.recv_q, p.send_q) for p in people]
        found.append(Worker(i // per_listener, i % 4, state, since_ms, until_ms, own, 100 + i, 4))
    return found


def peers(count: int, now_ms: int) -> list[PeerMark]:
    """People outside: coming, waiting for their next SYN, believing to be in."""
    found = []
    for i in range(count):
        actor = (Actor.HOARDER, Actor.SLOW)[i // 6 % 2] if i % 6 == 5 else Actor.CLIENT
        state = (PeerState.COMING, PeerState.RETRYING, PeerState.CONNECTING)[i % 3]
        if i % 11 == 10:
            state = PeerState.HALF_OPEN
        tries = i % 2 if state == PeerState.RETRYING else 0
        until_ms = now_ms + (i * 271) % 1000 if state == PeerState.RETRYING else 0
        since_ms = now_ms - 300 * (i % 4)
        if state == PeerState.COMING:
            until_ms = now_ms + (i * 397) % 3000
            since_ms = until_ms - 3000
        found.append(PeerMark(20_000 + i, actor, state, since_ms, until_ms, tries))
    return found


def snapshot(
    listeners: list[Listener],
    workers: list[Worker],
    *,
    tick: int = 1680,
    flood: int = 5400,
    outside: int = 20,
    drops: list[Drops] | None = None,
    counters: dict[str, int] | None = None,
    stars: int = 2,
    somaxconn: int = 16,
) -> Snapshot:
    """One tick border."""
    now_ms = tick * 50
    crowds = [Crowd(Actor.CLIENT, 62), Crowd(Actor.HOARDER, 4), Crowd(Actor.SLOW, 9)]
    if flood:
        crowds.insert(1, Crowd(Actor.FLOOD, flood))
    filtered = flood * 3 // 10
    return Snapshot(
        tick=tick,
        time_ms=now_ms,
        gate=Gate(
            32, 21 if flood else 2, flood + 75, filtered, 0, "limit24:200" if flood else "off"
        ),
        crowds=crowds,
        peers=peers(outside, now_ms),
        listeners=listeners,
        workers=workers,
        cores=[
            Core(780, 80, 60, "eth0 irq"),
            Core(50, 410, 80, "T1"),
            Core(30, 320, 50, "T2"),
            Core(30, 440, 170, "T3 T4"),
        ],
        drops=drops or [],
        counters=counters or {},
        sysctls={
            "net.core.somaxconn": somaxconn,
            "net.ipv4.tcp_syncookies": 1,
            "net.ipv4.tcp_max_syn_backlog": 128,
            "net.ipv4.tcp_synack_retries": 4,
        },
        knobs=[KnobState(k.name, k.default) for k in KNOBS],
        goals=[
            GoalState("served", 956, 3),
            GoalState("connect_p95_ms", 212, 3),
            GoalState("core_max", 920, 2),
            GoalState("cost", 9, 2),
        ],
        stars=stars,
        attempts=400,
        served=380,
        clients_done=380,
        clients_lost=12,
        cost=9,
    )


def counters(scale: int) -> dict[str, int]:
    """What nstat would print in the middle of a flood."""
    return {
        "TcpExtListenOverflows": 240 + 95 * scale,
        "TcpExtListenDrops": 11_470 + 95 * scale,
        "TcpExtTCPReqQFullDrop": 11_230,
        "TcpExtSyncookiesSent": 116_740 + 95 * scale,
        "TcpExtSyncookiesRecv": 1875 + 2 * scale,
        "TcpExtTCPTimeouts": 417 + scale,
    }


Scene = tuple[LevelCard, list[Snapshot]]
"""A level and the snapshots of some ticks, oldest first."""


def calm() -> Scene:
    """One platform, little to do."""
    made = [
        snapshot(
            [listener(line=2 + i % 2, hall=3, asked=16)],
            crew(1000, 2, 1),
            tick=200 + i,
            flood=0,
            outside=4,
        )
        for i in range(4)
    ]
    return card(listeners=1, workers=2), made


def flood_one() -> Scene:
    """One platform of 16 in the middle of a flood, cookies on."""
    made = [
        snapshot(
            [listener(line=17, hall=7, cookies=True, received=i % 2, now_ms=(1680 + i) * 50)],
            crew((1680 + i) * 50, 2, 1),
            tick=1680 + i,
            counters=counters(i),
        )
        for i in range(21)
    ]
    return card(listeners=1, workers=2), made


def two_platforms() -> Scene:
    """The second that the design's picture shows."""
    made = []
    for i in range(21):
        tick = 1660 + i
        now_ms = tick * 50
        a = listener(line=17, hall=7, cookies=True, received=int(i % 5 == 0), now_ms=now_ms)
        b = listener(
            line=17, hall=17, start=2000, cookies=True, received=int(i % 7 == 0), now_ms=now_ms
        )
        lost = [
            Drops(
                *("accept_queue_full_syn", "net.core.somaxconn", "TcpExtListenOverflows", 1),
                *(95, 240 + 95 * i),
            )
        ]
        made.append(snapshot([a, b], crew(now_ms), tick=tick, drops=lost, counters=counters(i)))
    return card(), made


def overflow() -> Scene:
    """One platform, everything full, cookies off."""
    made = []
    for i in range(21):
        tick = 1660 + i
        only = listener(line=17, hall=17, now_ms=tick * 50, asked=16)
        lost = [
            Drops("syn_queue_full", "backlog", "TcpExtTCPReqQFullDrop", 0, 20, 100 + 20 * i),
            Drops(*("accept_queue_full_ack", "backlog", "TcpExtListenOverflows", 0, 9, 40 + 9 * i)),
        ]
        made.append(
            snapshot(
                [only],
                crew(tick * 50, 4, 1),
                tick=tick,
                flood=800,
                drops=lost,
                counters=counters(i),
                stars=0,
            )
        )
    return card(listeners=1), made


def big(capacity: int, count: int = 2) -> Scene:
    """Platforms of any capacity, partly filled."""
    made = []
    for i in range(3):
        tick = 1660 + i
        all_of_them = [
            listener(
                backlog=capacity,
                asked=capacity,
                line=capacity * (7 - n % 3) // 10,
                hall=capacity * (4 + n % 5) // 10,
                start=1000 + 7000 * n,
                now_ms=tick * 50,
                cookies=n == 0,
            )
            for n in range(count)
        ]
        made.append(
            snapshot(
                *(all_of_them, crew(tick * 50, 2, count)),
                tick=tick,
                flood=12_000,
                somaxconn=4096,
            )
        )
    return card(listeners=count, workers=2 * count), made


def held() -> Scene:
    """An event crew of 64 on two ports: most connections are idle, epoll watches them."""
    made = []
    for i in range(3):
        tick = 1660 + i
        first = msgspec.structs.replace(listener(backlog=128, now_ms=tick * 50), held=84)
        second = msgspec.structs.replace(listener(backlog=128, hall=0, now_ms=tick * 50), port=80)
        made.append(snapshot([first, second], crew(tick * 50, 64, 1), tick=tick, flood=0))
    return card(workers=64), made


def kept() -> Scene:
    """One platform whose parent process forgets to close, near its limit of descriptors."""
    made = []
    for i in range(3):
        tick = 1660 + i
        one = snapshot([listener(backlog=64)], crew(tick * 50, 8, 1), tick=tick, flood=0)
        knobs = [*one.knobs, KnobState("nofile", "1024")]
        made.append(msgspec.structs.replace(one, kept=950 + i, knobs=knobs))
    return card(listeners=1, workers=8), made


def before_calls() -> Scene:
    """Level 1 before the first call."""
    return card(calls=True, listeners=1, workers=1), [_built("", [], [])]


def after_bind() -> Scene:
    """Level 1 after socket() and bind()."""
    sockets = [FiveTuple(3, "BOUND", "tcp", "0.0.0.0", 443, "", 0)]
    calls = ["socket() = 3", "bind(3, 0.0.0.0:443) = 0"]
    return card(calls=True, listeners=1, workers=1), [_built("BOUND", calls, sockets)]


def after_accept() -> Scene:
    """Level 1 with all calls made."""
    sockets = [
        FiveTuple(3, "LISTEN", "tcp", "0.0.0.0", 443, "", 0),
        FiveTuple(4, "ESTAB", "tcp", "10.0.0.1", 443, "198.51.100.7", 40_001),
    ]
    calls = ["socket() = 3", "bind(3, 0.0.0.0:443) = 0", "listen(3, 16) = 0", "accept(3) = 4"]
    return card(calls=True, listeners=1, workers=1), [_built("LISTEN", calls, sockets)]


def _built(state: str, calls: list[str], sockets: list[FiveTuple]) -> Snapshot:
    on = state == "LISTEN"
    only = Listener(
        state=state,
        port=443 if state in ("BOUND", "LISTEN") else 0,
        backlog=16 if on else 0,
        backlog_asked=16 if on else 0,
        syn_queue=1 if on else 0,
        syn_queue_limit=17 if on else 0,
        accept_queue=2 if on else 0,
        cookies=False,
        cookies_sent_per_s=0,
        cookies_received=0,
        synack_calls=5,
        syn_marks=syn_marks(1, 1000, 2000) if on else [],
        seat_marks=seat_marks(2, 2000, 2000) if on else [],
    )
    state_now = WorkerState.ACCEPTING if on else WorkerState.STOPPED
    worker = Worker(0, 0, state_now, 0, 0, [], 0)
    made = snapshot([only], [worker], tick=40, flood=0, outside=3, stars=0)
    return _with_calls(made, calls, sockets)


def _with_calls(made: Snapshot, calls: list[str], sockets: list[FiveTuple]) -> Snapshot:
    fields = {name: getattr(made, name) for name in made.__struct_fields__}
    return Snapshot(**{**fields, "calls": calls, "sockets": sockets, "goals": [], "knobs": []})


def history(scene: Scene) -> History:
    """The memory after all snapshots of a scene."""
    seen = History(plan_of(scene[0].shows))
    for made in scene[1]:
        seen.observe(made)
    return seen


def with_plan(scene: Scene, *shows: str) -> Scene:
    """The same on a station that has only some instruments."""
    return msgspec.structs.replace(scene[0], shows=list(shows)), scene[1]


SCENES: dict[str, Callable[[], Scene]] = {
    "calm": calm,
    "flood": flood_one,
    "two": two_platforms,
    "overflow": overflow,
    "big64": lambda: big(64),
    "big256": lambda: big(256),
    "big1024": lambda: big(1024, 1),
    "three": lambda: big(16, 3),
    "four": lambda: big(48, 4),
    "six": lambda: big(16, 6),
    "three511": lambda: big(511, 3),
    "four511": lambda: big(511, 4),
    "eight": lambda: big(4096, 8),
    "held": held,
    "kept": kept,
    "before": before_calls,
    "bound": after_bind,
    "accepted": after_accept,
    "sockets": lambda: with_plan(after_accept()),
    "sockets-before": lambda: with_plan(before_calls()),
    "hall-only": lambda: with_plan(big(24), "board"),
    "hall-only511": lambda: with_plan(big(511), "board"),
    "line-too": lambda: with_plan(flood_one(), "board", "line"),
    "speaker-too": lambda: with_plan(flood_one(), "board", "line", "speaker"),
    "cores-too": lambda: with_plan(two_platforms(), "board", "line", "speaker", "cores"),
    "no-cores-two": lambda: with_plan(overflow(), "board", "line", "speaker"),
}
