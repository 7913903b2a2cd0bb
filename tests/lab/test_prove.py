"""Every level teaches what it says: four ways to play it, one seed here, five by `levels prove`."""

import msgspec
import pytest

from game.lab.prove import Proof, fingerprint, lesson_of, prove_levels, prove_seed, random_settings
from game.lab.run import play_level
from game.level.load import load_folder
from game.level.schema import Level
from game.level.settings import with_settings
from game.paths import levels_dir
from game.session.session import solution_of

LEVELS = load_folder(levels_dir())


@pytest.mark.slow
@pytest.mark.parametrize("level", LEVELS, ids=[level.id for level in LEVELS])
def test_only_the_lesson_earns_three_stars(level: Level) -> None:
    nothing, solution, maximum, without_lesson = prove_seed(level, 1)
    assert nothing == 0
    assert solution == 3
    assert maximum < 3
    assert without_lesson < 3


NO_MOVE_TOO_MANY = (
    "ceiling",
    "forged-tickets",
    "ghost-crowd",
    "old-station",
    "bad-platform",
    "grand-junction",
)
"""Levels whose solution takes several moves, all of them needed."""


@pytest.mark.slow
@pytest.mark.parametrize("level_id", NO_MOVE_TOO_MANY)
def test_every_move_of_the_solution_is_needed(level_id: str) -> None:
    level = next(one for one in LEVELS if one.id == level_id)
    moves = solution_of(level)
    for i, left_out in enumerate(moves):
        kept = moves[:i] + moves[i + 1 :]
        assert play_level(level, 1, kept).score.stars() < 3, left_out.command


def proof(nothing: int, solution: list[int], maximum: int, without: int) -> Proof:
    many = len(solution)
    return Proof(
        level="x",
        lesson="y",
        nothing=[nothing] * many,
        solution=solution,
        maximum=[maximum] * many,
        without_lesson=[without] * many,
    )


@pytest.mark.parametrize(
    ("made", "holds"),
    [
        (proof(0, [3, 3, 3, 3, 2], 2, 2), True),
        (proof(0, [3, 3, 3, 2, 2], 2, 2), False),
        (proof(0, [3, 3, 3, 3, 1], 2, 2), False),
        (proof(1, [3] * 5, 2, 2), False),
        (proof(0, [3] * 5, 3, 2), False),
        (proof(0, [3] * 5, 2, 3), False),
    ],
)
def test_what_a_proof_asks(made: Proof, holds: bool) -> None:
    assert made.holds is holds


def test_every_level_names_its_lesson() -> None:
    assert [lesson_of(level) for level in LEVELS if not lesson_of(level)] == []


def test_random_settings_are_the_same_each_time_and_may_be_made() -> None:
    for level in LEVELS:
        tried = random_settings(level, 20)
        assert tried == random_settings(level, 20)
        assert tried[:5] == random_settings(level, 5)
        for settings in tried:
            with_settings(level, settings)
    hall = next(level for level in LEVELS if level.id == "hall")
    assert len({str(settings) for settings in random_settings(hall, 20)}) > 5


def test_a_proof_that_would_come_out_the_same_is_not_made_again() -> None:
    level = LEVELS[0]
    old = Proof(
        level=level.id,
        lesson="calls",
        nothing=[7],
        solution=[7],
        maximum=[7],
        without_lesson=[7],
        fingerprint=fingerprint(level, 1, 0),
    )
    assert list(prove_levels([level], 1, 0, {level.id: old})) == [old]
    shorter = msgspec.structs.replace(level, seconds=level.seconds - 1)
    marks = [fingerprint(*of) for of in ((level, 1, 0), (level, 2, 0), (level, 1, 9))]
    assert len({*marks, fingerprint(shorter, 1, 0)}) == 4
