"""All bots against all: what is counted, and what is called fair."""

import msgspec
import pytest

from game.cli.contest import ALONE_LEAST, is_fair
from game.lab.tournament import Half, Pairing, Table, pairings, play_pairing, tabulate
from game.level.cards import CARDS
from game.level.load import load_level
from game.level.schema import Budget, Level
from game.level.settings import with_settings
from game.paths import arenas_dir
from game.protocol.lobby import MatchResult
from game.protocol.messages import PlayCard
from game.session.session import Session

STRONG = Budget(start=20, per_s=0.8, most=20)


def crossing(seconds: int = 180) -> Level:
    level = load_level(arenas_dir() / "crossing.toml")
    return msgspec.structs.replace(level, seconds=seconds)


def outcome(winner: str) -> MatchResult:
    return MatchResult("crossing", "lab", {}, [], winner, True, False, "")


def half(defender: str, attacker: str, defended: bool, *used: str) -> Half:
    cards = tuple((name, 2) for name in used if name in CARDS)
    knobs = tuple(name for name in used if name not in CARDS)
    return Half(defender, attacker, defended, 700, knobs, cards)


def test_a_card_and_a_defence_are_judged_by_every_half_they_were_used_in() -> None:
    level = crossing()
    halves = [
        half("easy", "hard", False, "pulse", "hoarders", "filter"),
        half("hard", "easy", True, "pulse", "filter", "workers"),
    ]
    table = tabulate([Pairing(level, "easy", "hard", 1)], [(outcome("b"), halves)])
    assert table.by_card["pulse"] == (1, 2, 4)
    assert table.by_card["hoarders"] == (1, 1, 2)
    assert table.by_card["rst_storm"] == (0, 0, 0), "what was never played is in the table too"
    assert table.by_defence["filter"] == (1, 2, 2)
    assert table.by_defence["backlog"].rate == 0.0
    assert (table.rate_of("hard"), table.rate_of("easy")) == (1.0, 0.0)
    assert table.winners == {"hard": 1}


def played(defended: int, of: int, *used: str) -> Table:
    """A table of so many halves, in each of which the same was used."""
    pairs = [Pairing(crossing(), "medium", "medium", seed) for seed in range(of)]
    halves = [[half("medium", "medium", number < defended, *used)] for number in range(of)]
    return tabulate(pairs, [(outcome(""), one) for one in halves])


@pytest.mark.parametrize(
    ("table", "fair"),
    [
        (played(50, 100, "pulse", "filter"), True),
        (played(39, 100), False),
        (played(61, 100), False),
        (played(100, 100, "filter"), False),
    ],
    ids=["even", "too few defended", "too many defended", "a defence that always wins"],
)
def test_what_is_fair(table: Table, fair: bool) -> None:
    assert is_fair(table) == fair


def test_a_card_that_wins_alone_is_not_fair_but_a_few_halves_tell_nothing() -> None:
    def with_card(halves: int) -> Table:
        pairs = [Pairing(crossing(), "easy", "easy", seed) for seed in range(100)]
        all_halves = [
            [half("easy", "easy", number >= halves, *(["pulse"] if number < halves else []))]
            for number in range(100)
        ]
        even = [[half("easy", "easy", number % 2 == 0)] for number in range(halves, 100)]
        all_halves[halves:] = even
        return tabulate(pairs, [(outcome(""), one) for one in all_halves])

    assert is_fair(with_card(ALONE_LEAST - 20))
    assert not is_fair(with_card(ALONE_LEAST))


def test_every_pair_of_strengths_meets() -> None:
    pairs = pairings(crossing(), 2)
    assert len(pairs) == 12
    assert len({(pair.one, pair.other) for pair in pairs}) == 6


@pytest.mark.slow
def test_a_strong_bot_beats_a_weak_one() -> None:
    result, halves = play_pairing(Pairing(crossing(60), "easy", "hard", 1))
    assert result.winner == "b"
    assert [one.defender for one in halves] == ["easy", "hard"]
    assert halves[1].share > halves[0].share + 100
    assert all(one.cards for one in halves)


def share_under(cards: tuple[str, ...], *settings: tuple[str, str]) -> float:
    """What is served while these cards are played as often as they come."""
    level = with_settings(crossing(20), list(settings))
    assert level.arena is not None
    arena = msgspec.structs.replace(level.arena, cards=cards, hand=len(cards), attack=STRONG)
    session = Session(msgspec.structs.replace(level, arena=arena), 7)
    seq = 0
    while not session.over:
        for card in cards:
            seq += 1
            session.submit(PlayCard(seq, card))
        session.advance()
    return session.score.value("served") or 0.0


BLOCK = ("filter", "block:198.18.0.0/15")
COOKIES = ("tcp_syncookies", "1")
WORKERS = ("workers", "24")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("cards", "remedy"),
    [
        (("syn_flood",), (COOKIES,)),
        (("syn_flood",), (BLOCK,)),
        (("pulse",), (("tcp_synack_retries", "0"),)),
        (("new_faces",), (COOKIES,)),
        (("hoarders",), (WORKERS, ("request_timeout_s", "6"))),
        (("slow_read",), (WORKERS, ("send_timeout_s", "6"))),
        (("slow_send",), (WORKERS, ("request_timeout_s", "6"))),
    ],
)
def test_every_card_hurts_and_has_its_remedy(
    cards: tuple[str, ...], remedy: tuple[tuple[str, str], ...]
) -> None:
    assert share_under(cards) < 0.7
    assert share_under(cards, *remedy) > 0.8


@pytest.mark.parametrize(
    ("card", "settings", "low", "high"),
    [
        ("forged_acks", [], 500, 800),
        ("forged_acks", [BLOCK], 0, 100),
        ("rst_storm", [], 300, 600),
        ("rst_storm", [BLOCK], 300, 600),
    ],
)
def test_packets_that_open_nothing_take_time_of_the_core_that_hears_them(
    card: str, settings: list[tuple[str, str]], low: int, high: int
) -> None:
    level = with_settings(crossing(20), settings)
    assert level.arena is not None
    arena = msgspec.structs.replace(level.arena, cards=[card], hand=1)
    session = Session(msgspec.structs.replace(level, arena=arena), 7)
    session.submit(PlayCard(1, card))
    for _ in range(60):
        session.advance()
    assert low <= session.snapshot().cores[0].softirq <= high
