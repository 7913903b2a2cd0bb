"""Both languages say the same things, and every blank in them is filled."""

import re
from collections.abc import Mapping
from string import Formatter

import pytest

from game.text import (
    cards,
    debrief,
    knobs,
    lobby,
    phrases,
    real_machine,
    reasons,
    refusals,
    reports,
    versus,
)
from game.text.blanks import fill, platform

Table = Mapping[str, object]


def numbered(sentences: tuple[str, ...]) -> Table:
    return {str(index): sentence for index, sentence in enumerate(sentences)}


TABLES: dict[str, tuple[Table, Table]] = {
    "phrases": (phrases.EN, phrases.ZH),
    "reasons": (reasons.EN, reasons.ZH),
    "refusals": (refusals.EN, refusals.ZH),
    "errno": (refusals.ERRNO_EN, refusals.ERRNO_ZH),
    "debrief": (debrief.EN, debrief.ZH),
    "calls": (debrief.CALLS_EN, debrief.CALLS_ZH),
    "next star": (debrief.NEXT_STAR_EN, debrief.NEXT_STAR_ZH),
    "verdicts": (numbered(debrief.VERDICTS_EN), numbered(debrief.VERDICTS_ZH)),
    "knobs": (knobs.EN, knobs.ZH),
    "cards": (cards.EN, cards.ZH),
    "lobby": (lobby.EN, lobby.ZH),
    "reports": (reports.EN, reports.ZH),
    "warnings": (real_machine.WARNINGS_EN, real_machine.WARNINGS_ZH),
    "versus": (versus.EN, versus.ZH),
}


def sentences(entry: object) -> list[str]:
    if isinstance(entry, str):
        return [entry]
    assert isinstance(entry, tuple)
    return [str(part) for part in entry]


def blanks(sentence: str) -> list[str]:
    return sorted(name for _, name, _, _ in Formatter().parse(sentence) if name is not None)


@pytest.mark.parametrize("table", TABLES)
def test_both_languages_have_the_same_keys_and_blanks(table: str) -> None:
    english, chinese = TABLES[table]
    assert english.keys() == chinese.keys()
    for key in english:
        pairs = zip(sentences(english[key]), sentences(chinese[key]), strict=True)
        for one, other in pairs:
            assert one.strip() and other.strip(), key
            assert set(blanks(one)) == set(blanks(other)), key


@pytest.mark.parametrize("table", ["phrases", "reasons", "debrief", "knobs", "refusals"])
def test_chinese_is_chinese(table: str) -> None:
    same = {"name", "settings_en", "settings_zh", "call_error"}
    for key, entry in TABLES[table][1].items():
        if key in same:
            continue
        assert any(re.search(r"[\u4e00-\u9fff]", text) for text in sentences(entry)) or all(
            blanks(text) for text in sentences(entry)
        ), key


def test_kernel_names_are_the_same_in_both_languages() -> None:
    """What is spelled with an underscore or a call's brackets, or counts something."""
    pattern = re.compile(r"\b(?:Tcp\w+|[a-z]+_[a-z_]+|[a-z]+\(\)|SO_\w+|E[A-Z]{4,})")
    for table in ("reasons", "knobs"):
        english, chinese = TABLES[table]
        for key in english:
            names = [
                set(pattern.findall(" ".join(sentences(side[key])))) for side in (english, chinese)
            ]
            assert names[0] == names[1], key


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("rule", reasons.EN)
def test_every_reason_names_a_counter_or_says_that_there_is_none(lang: str, rule: str) -> None:
    title, sentence = reasons.reason(lang, rule, listener=0, count=3)
    assert title
    assert "{" not in sentence
    assert re.search(r"Tcp\w+|rx_missed_errors|no TCP counter|TCP 计数器都不动", sentence)


def test_an_unknown_rule_is_named() -> None:
    for lang in ("en", "zh"):
        assert "new_rule" in reasons.reason(lang, "new_rule")[1]


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("code", refusals.EN)
def test_every_refusal_is_filled(lang: str, code: str) -> None:
    args: dict[str, str | int] = {name: f"<{name}>" for name in refusals.ARGS[code]}
    sentence = refusals.refusal(lang, code, args)
    assert "?" not in sentence.replace("？", "")
    assert "{" not in sentence
    for name in refusals.ARGS[code]:
        assert f"<{name}>" in sentence


def test_a_failed_call_is_explained() -> None:
    sentence = refusals.refusal("en", "call_error", {"call": "bind", "errno": "EADDRINUSE"})
    assert sentence.startswith("bind() = -1 EADDRINUSE Address already in use")


def test_a_refusal_of_a_newer_host_is_named() -> None:
    assert "meteor" in refusals.refusal("en", "meteor", {})
    assert "?" in refusals.refusal("en", "budget", {"cost": 2}), "a blank that did not come"


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("code", debrief.EN)
def test_every_cause_is_filled(lang: str, code: str) -> None:
    assert set(debrief.ARGS) == set(debrief.EN)
    numbers = {"listener", "limit", "count", "backlog", "core", "share"}
    args: dict[str, str | int] = {
        name: 1 if name in numbers else f"<{name}>" for name in debrief.ARGS[code]
    }
    if code == "call":
        args["call"] = "listen"
    if code == "card":
        args["card"] = "hoarders"
    texts = (debrief.ZH if lang == "zh" else debrief.EN)[code]
    for text in texts:
        assert set(blanks(text)) <= {*debrief.ARGS[code], *debrief.DERIVED}
    for text in debrief.cause(lang, code, args):
        assert text
        assert "?" not in text
        assert "{" not in text


def test_a_cause_names_platform_share_and_what_a_knob_does() -> None:
    assert "B" in debrief.cause("en", "calm_again", {"listener": 1})[0]
    assert "94 %" in debrief.cause("en", "core_busy", {"core": 0, "share": 940})[1]
    args: dict[str, str | int] = {"name": "net.core.somaxconn", "value": 64, "before": 16}
    title, sentence = debrief.cause("en", "set_sysctl", args)
    assert title == "You set somaxconn=64."
    assert sentence == "It was 16. Acts at the next listen()."


def test_a_cause_of_a_newer_host_is_named() -> None:
    assert "meteor" in debrief.cause("zh", "meteor", {})[1]


def test_verdicts_and_advice_exist_for_every_end() -> None:
    for lang in ("en", "zh"):
        assert len({debrief.verdict(lang, stars) for stars in range(4)}) == 4
        for what in debrief.NEXT_STAR_EN:
            assert "{" not in debrief.next_star(lang, what, "≥ 95 %")
        assert debrief.next_star(lang, "unheard_of", "1")


def test_help_is_found_by_full_and_by_last_name() -> None:
    for lang in ("en", "zh"):
        assert knobs.knob_help(lang, "net.core.somaxconn") == knobs.knob_help(lang, "somaxconn")
        assert knobs.knob_help(lang, "unheard_of").changes


def test_blanks_that_are_missing_become_question_marks() -> None:
    assert fill("{a} of {b}", {"a": 1}) == "1 of ?"
    assert [platform(index) for index in (0, 25, 26, "x")] == ["A", "Z", "?", "?"]
