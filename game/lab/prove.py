"""That a level teaches what it says: over seeds, four ways to play it and what they earn."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import NamedTuple

from game.lab.run import play_level
from game.level.schema import Level
from game.level.settings import maximum_settings
from game.session.commands import knob_of
from game.session.session import solution_of


class Proof(NamedTuple):
    """Stars of one level over the seeds 1, 2, 3 …, a list for each way to play it.

    Attributes:
        lesson: the knob that the level teaches, or the calls.
        nothing: nobody touches anything.
        solution: the recorded solution.
        maximum: every open knob at its maximum from the start.
        without_lesson: the solution without the commands on the lesson's knob.
    """

    level: str
    lesson: str
    nothing: list[int]
    solution: list[int]
    maximum: list[int]
    without_lesson: list[int]

    @property
    def holds(self) -> bool:
        """Whether the level is done (DESIGN: section 7)."""
        threes = sum(stars == 3 for stars in self.solution)
        return (
            max(self.nothing) == 0
            and threes * 5 >= 4 * len(self.solution)
            and min(self.solution) >= 2
            and max(self.maximum) < 3
            and max(self.without_lesson) < 3
        )


def prove_levels(levels: Sequence[Level], seeds: int) -> Iterator[Proof]:
    """Prove levels, one after the other, the seeds on all cores."""
    with ProcessPoolExecutor() as pool:
        for level in levels:
            runs = list(pool.map(prove_seed, [level] * seeds, range(1, seeds + 1)))
            yield Proof(level.id, lesson_of(level), *map(list, zip(*runs, strict=True)))


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
