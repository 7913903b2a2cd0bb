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
from game.session.replay import Replay

BEATS_MAX = 20_000
"""A match is 2 × 180 s and a break: 7,400 beats."""


class Pairing(NamedTuple):
    """One match of the tournament."""

    level: Level
    one: str
    other: str
    seed: int


class Half(NamedTuple):
    """One half: who played it, what was spent, and whether the defender won it.

    Attributes:
        defences: knobs the defender changed.
        cards: cards the attacker played, with how often.
    """

    defender: str
    attacker: str
    defended: bool
    share: int
    defences: tuple[str, ...]
    cards: tuple[tuple[str, int], ...]


def pairings(level: Level, matches: int) -> list[Pairing]:
    """Every pair of strengths, itself included, so many times each."""
    pairs = itertools.combinations_with_replacement(STRENGTHS, 2)
    return [Pairing(level, *pair, seed) for pair in pairs for seed in range(1, matches + 1)]


def play_pairing(pairing: Pairing) -> tuple[MatchResult, list[Half]]:
    """One match between two bots."""
    level, one, other, seed = pairing
    kept: list[Replay] = []

    def keep(replay: Replay) -> str:
        kept.append(replay)
        return f"{len(kept)}"

    seeds = itertools.count(seed * 1000)
    room = MatchRoom(
        "LAB",
        "tournament",
        {level.id: level},
        "versus",
        level.id,
        catalogue=make_catalogue([level]),
        keep=keep,
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
    for half, replay in zip(result.halves, kept, strict=True):
        attacker = strengths["b" if half.defender == "a" else "a"]
        changed = {_knob(logged.command) for logged in replay.commands} - {""}
        halves.append(
            Half(
                strengths[half.defender],
                attacker,
                half.share >= half.needed,
                half.share,
                tuple(sorted(changed)),
                tuple(sorted(half.cards.items())),
            )
        )
    return result, halves


def _knob(command: object) -> str:
    name = getattr(command, "name", "") or ("backlog" if hasattr(command, "call") else "")
    return str(name).rsplit(".", 1)[-1]


class Table(NamedTuple):
    """What a tournament shows; every rate is a share of halves.

    Attributes:
        defended: by defender and attacker: halves won by the defender, and halves.
        by_card: halves that the attacker won with this as the card played most, and such halves.
        by_defence: halves that the defender won having changed this, and such halves.
        winners: matches won, by strength; "" for draws.
    """

    defended: dict[tuple[str, str], tuple[int, int]]
    by_card: dict[str, tuple[int, int]]
    by_defence: dict[str, tuple[int, int]]
    winners: dict[str, int]
    shares: list[int]

    @property
    def defender_rate(self) -> float:
        """Share of all halves that the defender won."""
        won = sum(one for one, _ in self.defended.values())
        return won / max(1, sum(of for _, of in self.defended.values()))


def tournament(level: Level, matches: int, progress: Callable[[], None] = lambda: None) -> Table:
    """Play all pairings on all cores."""
    with ProcessPoolExecutor() as pool:
        played = list(_watched(pool.map(play_pairing, pairings(level, matches)), progress))
    return tabulate(pairings(level, matches), played)


def _watched(
    results: Iterator[tuple[MatchResult, list[Half]]], progress: Callable[[], None]
) -> Iterator[tuple[MatchResult, list[Half]]]:
    for result in results:
        progress()
        yield result


def tabulate(pairs: Sequence[Pairing], played: Sequence[tuple[MatchResult, list[Half]]]) -> Table:
    """The table of what was played."""
    defended: dict[tuple[str, str], list[bool]] = defaultdict(list)
    cards: dict[str, list[bool]] = defaultdict(list)
    defences: dict[str, list[bool]] = defaultdict(list)
    winners: Counter[str] = Counter()
    shares = []
    for pair, (result, halves) in zip(pairs, played, strict=True):
        winners[{"a": pair.one, "b": pair.other, "": ""}[result.winner]] += 1
        for half in halves:
            defended[half.defender, half.attacker].append(half.defended)
            shares.append(half.share)
            if half.cards:
                most = max(half.cards, key=lambda one: one[1])[0]
                cards[most].append(not half.defended)
            for name in half.defences:
                defences[name].append(half.defended)
    return Table(
        {key: (sum(won), len(won)) for key, won in sorted(defended.items())},
        {key: (sum(won), len(won)) for key, won in sorted(cards.items())},
        {key: (sum(won), len(won)) for key, won in sorted(defences.items())},
        dict(sorted(winners.items())),
        shares,
    )
