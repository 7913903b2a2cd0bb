"""An arena: cards cost points and bots, what they send is exact, and a half plays back."""

import msgspec
import pytest

from game.level.cards import CARDS
from game.level.load import load_level
from game.level.schema import Budget, Level
from game.paths import arenas_dir
from game.protocol.messages import PlayCard, Refused, SetKnob, SetSysctl
from game.session.digest import digest
from game.session.session import Session, play

RICH = Budget(start=99, per_s=0, most=99)


def crossing(**arena: object) -> Level:
    level = load_level(arenas_dir() / "crossing.toml")
    assert level.arena is not None
    return msgspec.structs.replace(level, arena=msgspec.structs.replace(level.arena, **arena))


def advance(session: Session, ticks: int) -> None:
    for _ in range(ticks):
        session.advance()


def refused(session: Session, card: str) -> str:
    answer = session.submit(PlayCard(1, card))
    return "" if answer is None else answer.code


def test_a_card_costs_its_points_and_holds_its_bots_while_it_runs() -> None:
    session = Session(crossing(attack=RICH), 1)
    before = session.attack_view()
    assert before is not None
    card = next(name for name in before.hand if name != "probe")
    assert refused(session, card) == ""
    advance(session, 1)
    after = session.attack_view()
    assert after is not None
    assert after.points == before.points - CARDS[card].cost
    assert after.bots_busy == CARDS[card].bots
    assert card not in after.hand
    assert after.next_card_ms == 3_000
    advance(session, CARDS[card].seconds * 20)
    later = session.attack_view()
    assert later is not None
    assert (later.bots_busy, later.running) == (0, [])
    assert "" not in later.hand


def test_a_card_is_refused_without_points_bots_or_the_card() -> None:
    poor = Session(crossing(attack=Budget(start=0, per_s=0, most=1)), 1)
    view = poor.attack_view()
    assert view is not None
    assert refused(poor, view.hand[0]) == "budget"
    missing = next(name for name in CARDS if name not in view.hand)
    assert refused(poor, missing) == "not_in_hand"
    assert refused(poor, "volcano") == "no_card"
    few = Session(crossing(attack=RICH, bots=5, cards=["syn_flood"], hand=1), 1)
    assert refused(few, "syn_flood") == "no_bots"


def test_one_tick_cannot_spend_the_same_points_twice() -> None:
    cards = ["syn_flood", "pulse"]
    session = Session(crossing(attack=Budget(start=8, per_s=0, most=20), cards=cards, hand=2), 1)
    assert refused(session, "syn_flood") == ""
    assert refused(session, "pulse") == "budget"
    assert refused(session, "syn_flood") == "not_in_hand"


def test_points_grow_up_to_what_can_be_saved() -> None:
    session = Session(crossing(attack=Budget(start=0, per_s=2, most=5)), 1)
    advance(session, 40)
    view = session.attack_view()
    assert view is not None and view.points == 4
    advance(session, 40)
    view = session.attack_view()
    assert view is not None and view.points == 5


def test_a_defender_pays_from_a_purse_that_grows() -> None:
    session = Session(crossing(ops=Budget(start=3, per_s=1, most=20)), 1)
    answer = session.submit(SetSysctl(1, "net.ipv4.tcp_syncookies", 1))
    assert isinstance(answer, Refused) and answer.code == "budget"
    advance(session, 20)
    assert session.snapshot().points == 4
    assert session.submit(SetSysctl(2, "net.ipv4.tcp_syncookies", 1)) is None
    assert session.snapshot().points == 0


def test_what_cards_send_is_the_same_packet_by_packet_or_settled_lazily() -> None:
    seen = []
    for by_object in (False, True):
        level = msgspec.structs.replace(crossing(free=True, bots=200), seconds=12)
        # Several listeners share a flood out by dice; one takes it whole.
        machine = msgspec.structs.replace(level.machine, buckets=1)
        level = msgspec.structs.replace(level, machine=machine)
        session = Session(level, 3, flood_by_object=by_object)
        states = []
        for tick in range(level.seconds * 20):
            card = {5: "pulse", 20: "syn_flood", 40: "hoarders", 61: "rst_storm"}.get(tick)
            if card:
                assert session.submit(PlayCard(1, card)) is None
            session.advance()
            if tick % 10 == 0:
                states.append((tick, digest(session.world)))
        seen.append((states, session.world.host.counters.as_dict()))
    assert seen[0] == seen[1]


def test_a_half_plays_back_to_the_same_digests() -> None:
    session = Session(msgspec.structs.replace(crossing(attack=RICH), seconds=15), 4)
    while not session.over:
        view = session.attack_view()
        assert view is not None
        if session.tick % 40 == 7 and any(view.hand):
            session.submit(PlayCard(session.tick + 1, next(name for name in view.hand if name)))
        if session.tick == 100:
            session.submit(SetSysctl(session.tick + 1, "net.ipv4.tcp_syncookies", 1))
        session.advance()
    again = play(session.replay())
    while not again.over:
        again.advance()
    assert len(session.log) > 3
    assert again.digests == session.digests
    assert again.attack_view() == session.attack_view()


def test_probes_measure_and_count_for_nobody() -> None:
    session = Session(crossing(attack=RICH), 1)
    advance(session, 200)
    view = session.attack_view()
    assert view is not None and view.probes
    assert all(0 < probe.connect_ms < 1_000 for probe in view.probes)
    assert {mark.actor for mark in session.snapshot().peers} == {0}
    ended = len(session.world.internet.names) - len(session.world.internet.peers)
    assert ended > session.score.done + session.score.lost


def test_an_attacker_sees_what_became_of_his_own_connections() -> None:
    """A host that closes what asks for nothing throws them out; a full one does not answer."""
    level = crossing(attack=RICH, cards=["hoarders"], hand=1)
    roomy = msgspec.structs.replace(level.machine, workers=24, backlog=128)
    session = Session(msgspec.structs.replace(level, machine=roomy), 1)
    session.submit(SetKnob(1, "request_timeout_s", "6"))
    assert refused(session, "hoarders") == ""
    advance(session, 100)
    view = session.attack_view()
    assert view is not None
    (early,) = view.running
    assert early.connections == early.connected > 10
    assert (early.refused, early.unanswered) == (0, 0)
    advance(session, 100)
    view = session.attack_view()
    assert view is not None
    (late,) = view.running
    assert late.refused > 15 and late.refused + late.connected == late.connections

    machine = msgspec.structs.replace(level.machine, workers=1, buckets=1, backlog=0)
    clients = [msgspec.structs.replace(level.traffic[0], per_s=200)]
    crowded = msgspec.structs.replace(level, machine=machine, traffic=clients)
    session = Session(crowded, 1)
    advance(session, 40)
    assert refused(session, "hoarders") == ""
    advance(session, 29 * 20)
    view = session.attack_view()
    assert view is not None
    (shut,) = view.running
    assert shut.unanswered > 0


def test_a_run_with_cards_has_a_story_and_a_result() -> None:
    level = msgspec.structs.replace(load_level(arenas_dir() / "sandbox.toml"), seconds=5)
    session = Session(level, 1)
    assert refused(session, "hoarders") == ""
    while not session.over:
        session.advance()
    assert "card" in {cause.code for cause in session.result().story}


def test_even_where_nothing_costs_points_bots_are_few() -> None:
    session = Session(load_level(arenas_dir() / "sandbox.toml"), 1)
    answers = [refused(session, "pulse") for _ in range(10)]
    assert answers[0] == "" and answers[-1] == "no_bots"


@pytest.mark.parametrize("arena", ["crossing", "sandbox"])
@pytest.mark.parametrize("other", ["forged_acks", "rst_storm"])
def test_two_floods_of_bare_packets_never_run_at_once(arena: str, other: str) -> None:
    """Together they overload a core with packets of different fates, which takes for ever."""
    level = load_level(arenas_dir() / f"{arena}.toml")
    assert level.arena is not None
    rich = msgspec.structs.replace(level.arena, attack=RICH, free=True)
    session = Session(msgspec.structs.replace(level, arena=rich), 1)
    assert session.submit(PlayCard(1, "forged_acks")) is None
    session.advance()
    refusal = session.submit(PlayCard(2, other))
    assert refusal is not None and refusal.code == "no_bots"
