"""House rules that no linter knows."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "base", "manager"}
STATION_WORDS = re.compile(r"\b(train|platform|ticket|waiting hall|passenger|traveller)s?\b", re.I)
MODEL = ("kernel", "sim", "level")


def sources(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def test_no_file_has_a_name_that_says_nothing() -> None:
    assert [path for path in sources("game", "tests") if path.stem in VAGUE_NAMES] == []


def test_the_station_stays_out_of_the_model() -> None:
    """A train in the kernel would make the lesson false."""
    found = [
        (path.relative_to(ROOT), line)
        for folder in MODEL
        for path in sources(f"game/{folder}")
        for line in path.read_text(encoding="utf-8").splitlines()
        if STATION_WORDS.search(line)
    ]
    assert found == []


def test_every_file_opens_with_what_it_is() -> None:
    opened = [path for path in sources("game") if path.read_text(encoding="utf-8")[:3] == '"""']
    assert opened == sources("game")


def test_notes_to_oneself_are_not_left_behind() -> None:
    marks = re.compile(r"\b(FIXME|XXX)\b|TODO(?! #\d)")
    found = [path for path in sources("game") if marks.search(path.read_text(encoding="utf-8"))]
    assert found == []
