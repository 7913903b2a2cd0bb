"""Bots: what they do about what they see."""

from random import Random

import msgspec
import pytest

from game.bots.attacker import Attacker
from game.bots.defender import Defender
from game.bots.strength import STRENGTHS
from game.protocol.catalogue import LevelCard
from game.protocol.messages import Call, PlayCard, SetKnob, SetSysctl
from game.protocol.snapshot import Snapshot
from game.server.catalogue import make_catalogue
from game.session.session import Session
from tests.client.matches import attack_view
from tests.server.people import levels


def crossing() -> LevelCard:
    return next(card for card in make_catalogue(levels()).arenas if card.id == "crossing")


def seen(**changes: object) -> Snapshot:
    """The crossing before anything has happened, with a full purse."""
    level = next(one for one in levels() if one.id == "crossing")
    return msgspec.structs.replace(Session(level, 1).snapshot(), points=16, **changes)


def with_full_lines(view: Snapshot, packets_per_s: int) -> Snapshot:
    listeners = [
        msgspec.structs.replace(one, syn_queue=one.syn_queue_limit) for one in view.listeners
    ]
    gate = msgspec.structs.replace(view.gate, in_per_s=packets_per_s)
    return msgspec.structs.replace(view, listeners=listeners, gate=gate)


def thoughts(strength: str, view: Snapshot, bots: int = 60) -> set[tuple[str, str]]:
    """Everything that bots of a strength do about a view, each a new one."""
    found = set()
    for seed in range(bots):
        bot = Defender(crossing(), STRENGTHS[strength], Random(seed))  # noqa: S311
        for message in bot.think(view, 1):
            match message:
                case SetSysctl(name=name, value=value) | SetKnob(name=name, value=value):
                    found.add((name, str(value)))
                case Call(argument=value):
                    found.add(("backlog", str(value)))
    return found


def test_a_planning_bot_leaves_a_quiet_station_alone() -> None:
    assert thoughts("hard", seen()) == set()


def test_a_planning_bot_takes_the_cheapest_remedy_first() -> None:
    view = with_full_lines(seen(), 3000)
    assert thoughts("hard", view) == {("tcp_synack_retries", "0")}


def test_then_some_limit_each_network_and_some_send_cookies() -> None:
    view = with_full_lines(seen(), 3000)
    knobs = [
        msgspec.structs.replace(one, value="0") if one.name == "tcp_synack_retries" else one
        for one in view.knobs
    ]
    view = msgspec.structs.replace(view, knobs=knobs)
    assert thoughts("hard", view) == {("filter", "limit24:10"), ("tcp_syncookies", "1")}


def test_a_planning_bot_waits_until_it_can_pay() -> None:
    view = msgspec.structs.replace(with_full_lines(seen(), 3000), points=0)
    assert thoughts("hard", view) == set()


@pytest.mark.parametrize("strength", ["easy", "medium"])
def test_weaker_bots_turn_every_knob_sooner_or_later(strength: str) -> None:
    turned = {name for name, _ in thoughts(strength, with_full_lines(seen(), 99), bots=1000)}
    assert turned == {knob.name for knob in crossing().knobs}


@pytest.mark.parametrize("strength", STRENGTHS)
def test_an_attacker_plays_only_what_it_can_pay(strength: str) -> None:
    arena = crossing().arena
    assert arena is not None
    view = attack_view(points=6, hand=["syn_flood", "hoarders", "new_faces", ""], bots_busy=0)
    for seed in range(40):
        bot = Attacker(arena, STRENGTHS[strength], Random(seed))  # noqa: S311
        for message in bot.think(view, 1):
            assert message == PlayCard(1, "hoarders")
