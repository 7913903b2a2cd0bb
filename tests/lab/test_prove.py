"""Every level teaches what it says: four ways to play it, one seed here, five by `levels prove`."""

import pytest

from game.lab.prove import Proof, lesson_of, prove_seed
from game.level.load import load_folder
from game.level.schema import Level
from game.paths import levels_dir

LEVELS = load_folder(levels_dir())


@pytest.mark.slow
@pytest.mark.parametrize("level", LEVELS, ids=[level.id for level in LEVELS])
def test_only_the_lesson_earns_three_stars(level: Level) -> None:
    nothing, solution, maximum, without_lesson = prove_seed(level, 1)
    assert nothing == 0
    assert solution == 3
    assert maximum < 3
    assert without_lesson < 3


def proof(nothing: int, solution: list[int], maximum: int, without: int) -> Proof:
    many = len(solution)
    return Proof("x", "y", [nothing] * many, solution, [maximum] * many, [without] * many)


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
