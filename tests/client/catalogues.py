"""Hand-made catalogues: the three levels of today and all twenty of the design."""

from game.protocol.catalogue import Catalogue, Goal, Knob, LevelCard, Texts, Wave
from game.protocol.snapshot import Actor

_ROWS = """
1 queue 448 128 below - First train|accept()|第一班车
2 queue 592 128 below 1 The hall|backlog|候车厅
3 queue 744 128 below 2 The ceiling|somaxconn|天花板
4 queue 896 128 below 3 Ticket line|SYN queue|取票队伍
5 queue 1000 208 left 4 Loudspeaker|tcp_synack_retries|广播
6 crew 592 240 right 2 Two crews|workers|两班人马
7 crew 680 360 below 6 Night mail|blocked I/O|夜间邮车
8 crew 856 360 below 7 Many platforms|SO_REUSEPORT|许多站台
9 crew 1000 360 below 8 Fixed crews|CPU pinning|固定班组
10 flood 992 80 below 4 Forged tickets|spoofed SYN|伪造车票
11 flood 1120 80 below 10 Cookie stamp|tcp_syncookies|曲奇印章
12 flood 1224 176 left 11 Ghost crowd|SYN flood|幽灵人群
13 flood 1224 240 left 12 Ring road|rx ring|环路
14 luggage 680 440 left 7 Hand luggage|tcp_rmem|手提行李
15 luggage 752 488 below 14 Belt jam|zero window|传送带堵塞
16 luggage 856 488 below 15 Slow walkers|slow reader|慢行者
17 luggage 952 488 below 16 Last train|TIME_WAIT|末班车
18 heritage 800 272 below 7 The old station|bsd|老车站
19 heritage 944 272 below 18 The bad platform|tcp_migrate_req|坏站台
20 heritage 1136 360 below 5,9,13,17,19 Grand junction|everything|大枢纽
"""

BRIEFING_EN = (
    "A flood of forged SYNs is on its way. Each takes a place in the ticket line and never "
    "comes back.\n\nReal travellers find the line full. A stamp needs no place: whoever returns "
    "with it walks straight in.\n\nKeep the trains fed, and mind the budget."
)
BRIEFING_ZH = (
    "一大波伪造的 SYN 正在赶来。每个都占住取票队伍的一个位置，然后再也不回来。\n\n"
    "真正的旅客发现队伍满了。盖章不占位置：拿着章回来的人可以直接进站。\n\n"
    "让列车有人可载，也要留意预算。"
)

KNOBS = [
    Knob("rx_ring", "rx ring", 0, "32", cost=2, minimum=16, maximum=4096),
    Knob("tcp_syncookies", "net.ipv4.tcp_syncookies", 1, "0", cost=1, maximum=2, lesson=True),
    Knob("tcp_max_syn_backlog", "net.ipv4.tcp_max_syn_backlog", 1, "128", cost=1, maximum=4096),
    Knob("backlog", "listen(backlog)", 2, "16", cost=1, minimum=0, maximum=4096),
    Knob("somaxconn", "net.core.somaxconn", 2, "16", cost=1, minimum=1, maximum=4096),
    Knob("workers", "workers", 3, "4", cost=3, minimum=1, maximum=32),
    Knob("filter", "filter", 0, "off", cost=4, choices=["off", "limit24:10"], opens_at="level-13"),
]

GOALS = [
    Goal("served", [0.8, 0.9, 0.95]),
    Goal("connect_p95_ms", [1200.0, 600.0, 300.0]),
    Goal("core_max", [0.98, 0.95, 0.9]),
    Goal("cost", [20.0, 16.0, 12.0]),
]

WAVES = [
    Wave(Actor.CLIENT, 0, 120_000, 60),
    Wave(Actor.FLOOD, 30_000, 75_000, 5400),
    Wave(Actor.HOARDER, 50_000, 80_000, 4),
    Wave(Actor.SLOW, 85_000, 120_000, 9),
]


def _card(row: str) -> LevelCard:
    number, line, x, y, label, after, words = row.split(" ", 6)
    title, subtitle, title_zh = words.split("|")
    hints = ["Look at the line.", "Is it full?", "Set tcp_syncookies."]
    return LevelCard(
        id=f"level-{number}",
        number=int(number),
        line=line,
        map_x=int(x),
        map_y=int(y),
        label=label,
        after=[] if after == "-" else [f"level-{other}" for other in after.split(",")],
        texts={
            "en": Texts(title, subtitle, BRIEFING_EN, hints, "Stamps cost no place."),
            "zh": Texts(title_zh, subtitle, BRIEFING_ZH, hints, "盖章不占位置。"),
        },
        goals=GOALS,
        knobs=KNOBS,
        waves=WAVES,
        seconds=120,
        budget=12,
        workers=4,
        listeners=2,
        cores=4,
        port=443,
        calls=number == "1",
    )


def twenty() -> Catalogue:
    """Every station of the design."""
    return Catalogue("set-20", [_card(row) for row in _ROWS.strip().splitlines()])


def three() -> Catalogue:
    """The stations that exist today; the third hangs on one that does not."""
    wanted = {"level-1", "level-2", "level-11"}
    return Catalogue("set-3", [card for card in twenty().levels if card.id in wanted])
