"""The words of shipped levels: both languages whole, each in its own, short enough for a card."""

import re

import pytest

from game.level.load import load_folder
from game.level.schema import Level
from game.paths import levels_dir

LEVELS = load_folder(levels_dir())
HAN = re.compile(r"[\u4e00-\u9fff]")
BRIEFING_MAX = 520
"""Characters of an English briefing that fit above the way through the station."""

MIRRORED = re.compile(r"\d+:\d\d|0x[0-9a-f]+|tcp_\w+|somaxconn|backlog \d+")
"""What a translation must not lose: times, kernel names, the backlog asked for."""


@pytest.mark.parametrize("level", LEVELS, ids=[level.id for level in LEVELS])
def test_both_languages_are_whole_and_each_is_its_own(level: Level) -> None:
    en, zh = level.text.en, level.text.zh
    assert not HAN.search("".join([en.title, en.subtitle, en.briefing, *en.hints, en.debrief]))
    for words in (zh.title, zh.briefing, *zh.hints, zh.debrief):
        assert HAN.search(words)
    assert len(en.briefing) <= BRIEFING_MAX
    for english, chinese in ((en.briefing, zh.briefing), (en.debrief, zh.debrief)):
        assert english.strip().count("\n\n") == chinese.strip().count("\n\n")


@pytest.mark.parametrize("level", LEVELS, ids=[level.id for level in LEVELS])
def test_a_translation_keeps_times_and_names(level: Level) -> None:
    en, zh = level.text.en, level.text.zh
    assert set(MIRRORED.findall(en.briefing)) == set(MIRRORED.findall(zh.briefing))


def test_ids_and_numbers_are_each_used_once_and_forerunners_come_before() -> None:
    numbers = {level.id: level.number for level in LEVELS}
    assert len(numbers) == len(set(numbers.values())) == len(LEVELS)
    for level in LEVELS:
        assert all(numbers[one] < level.number for one in level.after if one in numbers)
