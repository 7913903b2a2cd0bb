"""The field guide: complete in both languages, and it keeps to names that exist."""

import re

import pytest

from game.text import knobs, reasons
from game.text.guide import CHAPTERS, PAGES, Page, chapter_title, find, page_for_knob, page_for_rule

NAMES = re.compile(r"\b(?:Tcp\w+|TCP\w{4,}|[a-z]+_[a-z_]+|[a-z]+\(\)|SO_\w+|SHUT_\w+|E[A-Z]{4,})")


def test_there_is_a_page_for_each_kernel_thing() -> None:
    assert len(PAGES) >= 40
    assert len(PAGES) == sum(len(pages) for pages in CHAPTERS.values()), "two pages share an id"


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_a_page_is_complete(page: Page) -> None:
    assert page.kernel and page.see and page.rule
    assert 1 <= page.level <= 20
    assert 2 <= len(page.also) <= 3
    assert page.id not in page.also
    assert all(other in PAGES for other in page.also)
    assert bool(page.en.changed) == bool(page.zh.changed)
    for english, chinese in zip(page.en, page.zh, strict=True):
        assert bool(english) == bool(chinese)
        assert not english or re.search(r"[\u4e00-\u9fff]", chinese), chinese
        assert set(NAMES.findall(english)) == set(NAMES.findall(chinese)), page.id


def test_every_page_can_be_reached_from_another() -> None:
    named = {other for page in PAGES.values() for other in page.also}
    lonely = set(PAGES) - named
    assert len(lonely) <= 3, lonely


def test_every_rule_has_its_page() -> None:
    for rule in reasons.EN:
        assert page_for_rule(rule) in PAGES, rule
    assert page_for_rule("meteor") == ""


def test_every_knob_has_its_page() -> None:
    for name in knobs.EN:
        assert page_for_knob(name) in PAGES, name
    assert page_for_knob("net.core.somaxconn") == "somaxconn"
    assert page_for_knob("meteor") == ""


def test_a_search_looks_at_names_in_both_languages() -> None:
    assert [page.id for pages in find("waiting h").values() for page in pages] == ["accept-queue"]
    assert [page.id for pages in find("候车厅").values() for page in pages] == ["accept-queue"]
    assert find("no such thing") == {}


def test_where_no_name_has_it_the_words_of_the_pages_are_searched() -> None:
    for query, page in (("p95", "connect"), ("hoarder", "keep-alive"), ("占座者", "keep-alive")):
        assert page in [one.id for pages in find(query).values() for one in pages]


def test_an_empty_search_finds_all() -> None:
    assert sum(len(pages) for pages in find("").values()) == len(PAGES)


def test_chapters_have_headings() -> None:
    for lang in ("en", "zh"):
        assert len({chapter_title(lang, chapter) for chapter in CHAPTERS}) == len(CHAPTERS)
