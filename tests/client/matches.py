"""Players at rooms and matches, with everything as long and as full as it may be."""

from pathlib import Path

import msgspec

from game.client.browse import FoundGame
from game.client.online import Online
from game.client.player import Player
from game.protocol.attack import AttackView, Probe, Running
from game.protocol.catalogue import Catalogue
from game.protocol.lobby import (
    ChatLine,
    HalfResult,
    MatchList,
    MatchResult,
    Move,
    PlayerInfo,
    RoomInfo,
    RoomList,
    RoomState,
    Seated,
)
from game.protocol.messages import Role, ServerMessage, Started, Welcome
from game.protocol.teacher import ClassBoard, QueueGlance, RoomGlance
from game.server.catalogue import make_catalogue
from tests.client.players import player
from tests.client.runs import snapshot
from tests.server.people import levels

LONG = "Wilhelmina van der Hoeve"
LONG_ZH = "站长站长站长站长站长站长站长站长站长站长站长站长"
PHASES = ("lobby", "running", "paused", "break", "results")


def real_catalogue() -> Catalogue:
    return make_catalogue(levels())


def people(name: str = LONG) -> list[PlayerInfo]:
    """Four on each side, bots among them, one who lost the connection, ten who watch."""
    teams = [PlayerInfo(i, f"{name[:22]}{i}", "ab"[i % 2], i % 3 == 0, i != 3, i > 5, 20 * i)
             for i in range(1, 9)]  # fmt: skip
    return [*teams, *(PlayerInfo(i, name, "", False, True, False, 900) for i in range(9, 19))]


def room_state(**changes: object) -> RoomState:
    state = RoomState(
        code="WXYZ",
        name=LONG,
        mode="versus",
        level="crossing",
        phase="lobby",
        host=1,
        players=people(),
        half=0,
        wait_ms=0,
        why="",
        chat_locked=False,
    )
    return msgspec.structs.replace(state, **changes)


def half(defender: str, share: int, replay: str = "kept.json") -> HalfResult:
    cards = {
        name: 10 + i
        for i, name in enumerate(
            ["syn_flood", "pulse", "new_faces", "hoarders", "slow_read", "slow_send", "forged_acks",
             "rst_storm", "probe"]
        )
    }  # fmt: skip
    shares = [-1, -1, *(min(1000, 200 + 5 * i) for i in range(178))]
    counters = {"TcpExtListenOverflows": 123_456_789, "TcpExtListenDrops": 987_654_321}
    plays = [Move(1000 * at, name) for at, name in enumerate(list(cards) * 12)]
    knobs = ("tcp_max_syn_backlog", "workers", "filter", "request_timeout_s", "tcp_syncookies")
    changes = [Move(13_000 * at, name, "limit24:200") for at, name in enumerate(knobs * 3)]
    return HalfResult(
        defender, 5400, 3000, share, 700, shares, 123, cards, counters, replay, plays, changes
    )


def match_result(**changes: object) -> MatchResult:
    result = MatchResult(
        level="crossing",
        room=LONG,
        teams={team: [f"{LONG[:20]} {i}" for i in range(4)] for team in ("a", "b")},
        halves=[half("a", 683), half("b", 539)],
        winner="a",
        over=True,
        forfeit=False,
        at="2025-01-31 10:00:00",
    )
    return msgspec.structs.replace(result, **changes)


def attack_view(**changes: object) -> AttackView:
    running = [
        Running("syn_flood", 1000, 30_000, 0, 0),
        Running("hoarders", 8000, 40_000, 40, 28),
        Running("slow_read", 9000, 40_000, 12, 5),
        Running("forged_acks", 9000, 31_000, 0, 0),
    ]
    probes = [Probe(900 * i, -1 if i % 5 == 2 else 40 + 300 * (i % 7)) for i in range(30)]
    view = AttackView(
        tick=560,
        time_ms=28_000,
        points=13,
        bots=96,
        bots_busy=38,
        bots_filtered=8,
        hand=["syn_flood", "hoarders", "forged_acks", ""],
        next_card_ms=30_500,
        running=running,
        probes=probes,
        attempts=1895,
        served=1284,
    )
    return msgspec.structs.replace(view, **changes)


def board(rooms: int = 12) -> ClassBoard:
    queues = [QueueGlance(4097, 4096, 12_345, 65_535), QueueGlance(0, 17, 17, 16)]
    names = [(i, LONG) for i in range(1, 13)]
    return ClassBoard(
        [RoomGlance(f"RM{i:02}", LONG, "versus", "crossing", PHASES[i % 5], 1 + i % 2, names,
                    99_000, 1000, queues, 1000) for i in range(rooms)],
        visitors=200, paused=True, chat_locked=True,
    )  # fmt: skip


def together(folder: Path, lang: str = "en", *messages: ServerMessage) -> Player:
    """Somebody on a server, who has heard these messages."""
    somebody = player(folder, lang=lang)
    online = Online()
    online.state, online.address = "on", "station.example.org:4430"
    somebody.online, somebody.view = online, online.view
    tell(somebody, Welcome(1, "test", []), real_catalogue(), *messages)
    online.view.lobby.ping_ms = 180
    return somebody


def tell(somebody: Player, *messages: ServerMessage) -> None:
    for message in messages:
        somebody.view.take(message, 0.0)


def chat(lines: int = 30) -> list[ChatLine]:
    return [
        ChatLine(1 + i % 8, LONG, "Look at the ticket line! 看看售票队。 " * 5)
        for i in range(lines)
    ]


def in_room(folder: Path, lang: str = "en", me: int = 1, **changes: object) -> Player:
    """Somebody in a room; number 1 is its host."""
    return together(folder, lang, Seated("WXYZ", me, "token"), room_state(**changes), *chat())


def in_half(folder: Path, role: Role, lang: str = "en", **changes: object) -> Player:
    """Somebody in the middle of the first half."""
    me = {"defender": 2, "attacker": 1, "both": 9}[role]
    state = {"phase": "running", "half": 1, **changes}
    somebody = in_room(folder, lang, me, **state)
    tell(somebody, Started("crossing", 1, False, role))
    if role != "attacker":
        tell(somebody, snapshot(559), snapshot(560))
    if role != "defender":
        tell(somebody, attack_view())
    return somebody


def rooms(count: int) -> RoomList:
    return RoomList(
        LONG,
        [RoomInfo(f"RM{i:02}", LONG, "versus", "crossing", 8, 8, 40, i % 2 == 0, PHASES[i % 5])
         for i in range(count)],
    )  # fmt: skip


def matches(count: int) -> MatchList:
    return MatchList(
        [
            match_result(
                winner=("a", "b", "")[i % 3],
                halves=[half("a", 683, f"{i}-1.json"), half("b", 539, f"{i}-2.json")],
            )
            for i in range(count)
        ]
    )


class FakeEars:
    """Hears as many games as fit, and one more of another version."""

    trouble = ""

    def __init__(self) -> None:
        self.closed = False

    @property
    def games(self) -> list[FoundGame]:
        found = [FoundGame(LONG, f"192.168.100.{i}:44300", "0.1.0", i != 3) for i in range(9)]
        return [*found, FoundGame("another", "10.0.0.1:1", "9.9", False)]

    def self_test(self) -> list[str]:
        return ["no_network", "no_multicast", "other_network", "no_host"]

    def close(self) -> None:
        self.closed = True
