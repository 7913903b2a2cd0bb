"""That a level teaches what it says: over seeds, five ways to play it and what they earn."""

import functools
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import msgspec

import game
from game.lab.run import play_level
from game.level.schema import Knob, Level
from game.level.settings import maximum_settings
from game.session.commands import knob_of
from game.session.replay import level_text
from game.session.session import solution_of
from game.sim.rng import Random, stream

RANDOM_SEED = 1
"""Seed of the runs with random settings, and of the dice that choose them."""

PLAYED = ("kernel", "level", "sim", "session", "lab")
"""Packages whose code decides what a run earns."""


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """Stars of one level over the seeds 1, 2, 3 …, a list for each way to play it.

    Attributes:
        title: of the level, in English.
        lesson: the knob that the level teaches, or the calls.
        nothing: nobody touches anything.
        solution: the recorded solution.
        maximum: every open knob at its maximum from the start.
        without_lesson: the solution without the commands on the lesson's knob.
        random: open knobs at random from the start, one run each, all with `RANDOM_SEED`.
        fingerprint: of all that the stars depend on: level, code, number of runs.
    """

    level: str
    title: str = ""
    lesson: str
    nothing: list[int]
    solution: list[int]
    maximum: list[int]
    without_lesson: list[int]
    random: list[int] = []
    fingerprint: str = ""

    @property
    def holds(self) -> bool:
        """Whether the level is done (DESIGN: section 7); random settings are told, not judged."""
        threes = sum(stars == 3 for stars in self.solution)
        return (
            max(self.nothing) == 0
            and threes * 5 >= 4 * len(self.solution)
            and min(self.solution) >= 2
            and max(self.maximum) < 3
            and max(self.without_lesson) < 3
        )


def prove_levels(
    levels: Sequence[Level], seeds: int, randoms: int = 0, known: Mapping[str, Proof] | None = None
) -> Iterator[Proof]:
    """Prove levels, one after the other, the runs of each on all cores.

    Args:
        seeds: runs of each way to play.
        randoms: runs with random settings.
        known: proofs from before by level id; one that would come out the same is not made again.
    """
    with ProcessPoolExecutor() as pool:
        for level in levels:
            mark = fingerprint(level, seeds, randoms)
            old = (known or {}).get(level.id)
            if old is not None and old.fingerprint == mark:
                yield old
                continue
            runs = pool.map(prove_seed, [level] * seeds, range(1, seeds + 1))
            tried = pool.map(_random_stars, [level] * randoms, random_settings(level, randoms))
            nothing, solution, maximum, without = map(list, zip(*runs, strict=True))
            yield Proof(
                level=level.id,
                title=level.text.en.title,
                lesson=lesson_of(level),
                nothing=nothing,
                solution=solution,
                maximum=maximum,
                without_lesson=without,
                random=list(tried),
                fingerprint=mark,
            )


def fingerprint(level: Level, seeds: int, randoms: int) -> str:
    """What a proof depends on, as a short text."""
    digest = hashlib.blake2b(code_digest(), digest_size=8)
    digest.update(f"{seeds} {randoms} {level_text(level)}".encode())
    return digest.hexdigest()


@functools.cache
def code_digest() -> bytes:
    """Of the code that decides what a run earns."""
    package = Path(game.__file__).parent
    digest = hashlib.blake2b(digest_size=16)
    for name in PLAYED:
        for path in sorted(package.joinpath(name).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.digest()


def lesson_of(level: Level) -> str:
    """The knob a level teaches, "calls" where the player makes them."""
    if level.machine.calls:
        return "calls"
    return next((knob.name for knob in level.knob if knob.lesson), "")


def prove_seed(level: Level, seed: int) -> tuple[int, int, int, int]:
    """Stars for nothing, the solution, everything at maximum, the solution without its lesson."""
    solution = solution_of(level)
    lesson = lesson_of(level)
    if level.machine.calls:
        without = [one for one in solution if knob_of(one.command) != "backlog"]
    else:
        without = [one for one in solution if knob_of(one.command) != lesson]
    return (
        play_level(level, seed).score.stars(),
        play_level(level, seed, solution).score.stars(),
        play_level(level, seed, (), maximum_settings(level)).score.stars(),
        play_level(level, seed, without).score.stars(),
    )


def random_settings(level: Level, count: int) -> list[list[tuple[str, str]]]:
    """`count` ways to set the open knobs: each is left alone or not, and gets any of its values."""
    dice = stream(RANDOM_SEED, f"random settings {level.id}")
    return [
        [(knob.name, _any_value(dice, knob)) for knob in level.knob if dice.random() < 0.5]
        for _ in range(count)
    ]


def _any_value(dice: Random, knob: Knob) -> str:
    if knob.choices:
        return str(knob.choices[int(dice.random() * len(knob.choices))])
    assert knob.min is not None  # The loader refuses a knob without either.
    assert knob.max is not None
    return str(knob.min + int(dice.random() * (knob.max - knob.min + 1)))


def _random_stars(level: Level, settings: list[tuple[str, str]]) -> int:
    return play_level(level, RANDOM_SEED, (), settings).score.stars()
