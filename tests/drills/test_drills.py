"""Plays every timeline in this folder."""

from pathlib import Path

import pytest

from tests.drills.drill import Drill

DRILLS = sorted(Path(__file__).parent.glob("*.drill"))


@pytest.mark.parametrize("path", DRILLS, ids=lambda path: path.stem)
def test_drill(path: Path) -> None:
    Drill().run(path)


def test_there_are_drills() -> None:
    assert len(DRILLS) > 30


def test_a_wrong_line_fails_with_its_number(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.drill"
    wrong.write_text("0 listen(backlog=1)\n+0 < A SYN\n+0 > A RST\n", encoding="utf-8")
    with pytest.raises(AssertionError, match=r"wrong\.drill:3: .*got SYN-ACK"):
        Drill().run(wrong)
