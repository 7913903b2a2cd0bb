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

NAMES = re.compile(r"\b(?:Tcp[A-Z]\w+|SO_[A-Z]+|[a-z]+_[a-z_]+|Listen[A-Z]\w+|Syncookies\w+)\b")
"""Names of the kernel's: sysctls, options, counters."""

every_level = pytest.mark.parametrize("level", LEVELS, ids=[level.id for level in LEVELS])


@every_level
def test_both_languages_are_whole_and_each_is_its_own(level: Level) -> None:
    en, zh = level.text.en, level.text.zh
    assert not HAN.search("".join([en.title, en.subtitle, en.briefing, *en.hints, en.debrief]))
    for words in (zh.title, zh.briefing, *zh.hints, zh.debrief):
        assert HAN.search(words)
    assert len(en.briefing) <= BRIEFING_MAX
    for english, chinese in ((en.briefing, zh.briefing), (en.debrief, zh.debrief)):
        assert english.strip().count("\n\n") == chinese.strip().count("\n\n")


@every_level
def test_a_translation_keeps_times_and_names(level: Level) -> None:
    en, zh = level.text.en, level.text.zh
    assert set(MIRRORED.findall(en.briefing)) == set(MIRRORED.findall(zh.briefing))


def test_ids_and_numbers_are_each_used_once_and_forerunners_come_before() -> None:
    numbers = {level.id: level.number for level in LEVELS}
    assert len(numbers) == len(set(numbers.values())) == len(LEVELS)
    for level in LEVELS:
        assert all(numbers[one] < level.number for one in level.after if one in numbers)


@every_level
def test_both_languages_name_the_same_things_of_the_kernel(level: Level) -> None:
    english, chinese = (
        set(NAMES.findall(" ".join([text.briefing, *text.hints, text.debrief])))
        for text in (level.text.en, level.text.zh)
    )
    assert english == chinese


@every_level
def test_the_last_hint_is_the_answer(level: Level) -> None:
    """Each command of the solution stands in it, as it is typed or as a call."""
    for text in (level.text.en, level.text.zh):
        for move in level.solution:
            name, *rest = move.command.removeprefix("sysctl -w ").split()
            name = name.rpartition(".")[2].partition("=")[0]
            assert name in text.hints[2], move.command
            assert not rest or rest[-1] in text.hints[2], move.command
