"""All bots against all: who wins, and whether one card or one defence wins by itself.

Both bots sit in a room as players do; only the wall clock is left out.
"""

import itertools
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import NamedTuple

from game.bots.strength import STRENGTHS
from game.level.schema import Level
from game.protocol.lobby import MatchResult
from game.server.catalogue import make_catalogue
from game.server.match_room import MatchRoom

BEATS_MAX = 20_000
"""A match is 2 × 180 s and a break: 7,400 beats."""


class Pairing(NamedTuple):
    """One match of the tournament."""

    level: Level
    one: str
    other: str
    seed: int


class Half(NamedTuple):
    """One half: who played it, what either side used, and whether the defender won it.

    Attributes:
        share: of the travellers served, in thousandths.
        defences: knobs that the defender changed.
        cards: cards that the attacker played, with how often.
    """

    defender: str
    attacker: str
    defended: bool
    share: int
    defences: tuple[str, ...]
    cards: tuple[tuple[str, int], ...]


def pairings(level: Level, matches: int, first_seed: int = 1) -> list[Pairing]:
    """Every pair of strengths, itself included, so many times each, with seeds from the first on.

    A balance that was found with some seeds is tested with others.
    """
    pairs = itertools.combinations_with_replacement(STRENGTHS, 2)
    seeds = range(first_seed, first_seed + matches)
    return [Pairing(level, *pair, seed) for pair in pairs for seed in seeds]


def play_pairing(pairing: Pairing) -> tuple[MatchResult, list[Half]]:
    """One match between two bots."""
    level, one, other, seed = pairing
    seeds = itertools.count(seed * 1000)
    room = MatchRoom(
        "LAB",
        "tournament",
        {level.id: level},
        "versus",
        level.id,
        catalogue=make_catalogue([level]),
        new_seed=lambda: next(seeds),
    )
    room.add_bot("a", one)
    room.add_bot("b", other)
    room.start()
    for _ in range(BEATS_MAX):
        room.step()
        if room.results:
            break
    (result,) = room.results
    strengths = {"a": one, "b": other}
    halves = []
    for half in result.halves:
        halves.append(
            Half(
                strengths[half.defender],
                strengths["b" if half.defender == "a" else "a"],
                half.share >= half.needed,
                half.share,
                tuple(sorted({move.name for move in half.changes})),
                tuple(sorted(half.cards.items())),
            )
        )
    return result, halves


class Used(NamedTuple):
    """Halves in which a card or a defence was used.

    Attributes:
        won: by the side that used it.
        times: how often it was used in all of them; of a defence, in how many.
    """

    won: int
    halves: int
    times: int

    @property
    def rate(self) -> float:
        """Share of these halves that its side won."""
        return self.won / max(1, self.halves)


class Table(NamedTuple):
    """What a tournament shows; every rate is a share of halves.

    Attributes:
        defended: by defender and attacker: halves won by the defender, and halves.
        by_card: every card that can be dealt; won are the attacker's halves.
        by_defence: every knob that can be turned; won are the defender's halves.
        winners: matches won, by strength; "" for draws.
    """

    defended: dict[tuple[str, str], tuple[int, int]]
    by_card: dict[str, Used]
    by_defence: dict[str, Used]
    winners: dict[str, int]
    shares: list[int]

    @property
    def defender_rate(self) -> float:
        """Share of all halves that the defender won."""
        won = sum(one for one, _ in self.defended.values())
        return won / max(1, sum(of for _, of in self.defended.values()))

    def rate_of(self, strength: str) -> float:
        """Share of the halves against another strength that this one won."""
        outcomes = [
            (won if defender == strength else of - won, of)
            for (defender, attacker), (won, of) in self.defended.items()
            if strength in (defender, attacker) and defender != attacker
        ]
        return sum(won for won, _ in outcomes) / max(1, sum(of for _, of in outcomes))


def tournament(pairs: Sequence[Pairing], progress: Callable[[], None] = lambda: None) -> Table:
    """Play all pairings on all cores."""
    with ProcessPoolExecutor() as pool:
        played = list(_watched(pool.map(play_pairing, pairs), progress))
    return tabulate(pairs, played)


def _watched(
    results: Iterator[tuple[MatchResult, list[Half]]], progress: Callable[[], None]
) -> Iterator[tuple[MatchResult, list[Half]]]:
    for result in results:
        progress()
        yield result


def tabulate(pairs: Sequence[Pairing], played: Sequence[tuple[MatchResult, list[Half]]]) -> Table:
    """The table of what was played."""
    defended: dict[tuple[str, str], list[bool]] = defaultdict(list)
    winners: Counter[str] = Counter()
    halves: list[Half] = []
    for pair, (result, two) in zip(pairs, played, strict=True):
        winners[{"a": pair.one, "b": pair.other, "": ""}[result.winner]] += 1
        halves += two
        for half in two:
            defended[half.defender, half.attacker].append(half.defended)
    level = pairs[0].level
    cards = level.arena.cards if level.arena is not None else []
    return Table(
        {key: (sum(won), len(won)) for key, won in sorted(defended.items())},
        {name: _card_used(name, halves) for name in cards},
        {knob.name: _defence_used(knob.name, halves) for knob in level.knob},
        dict(sorted(winners.items())),
        [half.share for half in halves],
    )


def _card_used(name: str, halves: Sequence[Half]) -> Used:
    counts = [(half.defended, dict(half.cards).get(name, 0)) for half in halves]
    played = [(defended, count) for defended, count in counts if count]
    won = sum(not defended for defended, _ in played)
    return Used(won, len(played), sum(count for _, count in played))


def _defence_used(name: str, halves: Sequence[Half]) -> Used:
    used = [half.defended for half in halves if name in half.defences]
    return Used(sum(used), len(used), len(used))
