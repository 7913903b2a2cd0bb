"""The field guide: one page for each kernel thing, in chapters; and which page explains what."""

from collections.abc import Callable

from game.text.guide import (
    calls,
    crews,
    flood,
    gate,
    heritage,
    leaving,
    luggage,
    queues,
    reading,
)
from game.text.guide.page import Page, Words

__all__ = [
    "CHAPTERS",
    "PAGES",
    "Page",
    "Words",
    "chapter_title",
    "find",
    "page_for_knob",
    "page_for_rule",
]

CHAPTERS: dict[str, tuple[Page, ...]] = {
    "calls": calls.PAGES,
    "queues": queues.PAGES,
    "flood": flood.PAGES,
    "crews": crews.PAGES,
    "gate": gate.PAGES,
    "luggage": luggage.PAGES,
    "leaving": leaving.PAGES,
    "reading": reading.PAGES,
    "heritage": heritage.PAGES,
}
"""Pages by chapter, in reading order."""

PAGES: dict[str, Page] = {page.id: page for pages in CHAPTERS.values() for page in pages}
"""Every page by its id."""

_TITLES: dict[str, tuple[str, str]] = {
    "calls": ("The calls", "系统调用"),
    "queues": ("Sockets and queues", "套接字与队列"),
    "flood": ("Floods", "洪水"),
    "crews": ("Crews and platforms", "班组与站台"),
    "gate": ("The gate", "闸口"),
    "luggage": ("Luggage", "行李"),
    "leaving": ("Leaving", "离开"),
    "reading": ("Reading the board", "看懂显示屏"),
    "heritage": ("Heritage", "怀旧"),
}

_RULES: dict[str, str] = {
    "syn_queue_full": "syn-queue",
    "last_quarter": "last-quarter",
    "accept_queue_full_syn": "accept-queue",
    "accept_queue_full_ack": "accept-queue",
    "accept_queue_full_cookie": "accept-queue",
    "abort_on_overflow": "abort-on-overflow",
    "request_expired": "synack-retries",
    "request_pruned": "young-rule",
    "request_reset": "rst",
    "bad_cookie": "syn-cookies",
    "cookie_invalid": "syn-cookies",
    "stray_ack": "rst",
    "duplicate_syn": "connect",
    "defer_accept": "defer-accept",
    "listener_closed": "listening-socket",
    "port_closed": "rst",
    "rx_missed": "rx-ring",
    "filtered": "filter",
}


_KNOBS: dict[str, str] = {
    "tcp_syncookies": "syn-cookies",
    "tcp_max_syn_backlog": "max-syn-backlog",
    "tcp_synack_retries": "synack-retries",
    "tcp_abort_on_overflow": "abort-on-overflow",
    "tcp_migrate_req": "migrate-req",
    "tcp_fin_timeout": "orphans",
    "tcp_rmem": "receive-buffer",
    "rmem_max": "receive-buffer",
    "tcp_wmem": "send-buffer",
    "wmem_max": "send-buffer",
    "netdev_budget": "softirq",
    "buckets": "reuseport",
    "workers": "worker",
    "model": "event",
    "processes": "worker",
    "wait": "epoll",
    "accept_mutex": "accept-mutex",
    "keepalive_s": "keep-alive",
    "rx_ring": "rx-ring",
    "defer_accept_s": "defer-accept",
    "request_timeout_s": "slowloris",
    "send_timeout_s": "slowloris",
    "rcvbuf": "receive-buffer",
    "sndbuf": "send-buffer",
    "parent_closes": "dup",
    "close_with": "shutdown",
    "nofile": "accept",
}


def chapter_title(lang: str, chapter: str) -> str:
    """The heading of a chapter."""
    english, chinese = _TITLES[chapter]
    return chinese if lang == "zh" else english


def page_for_rule(rule: str) -> str:
    """Id of the page that explains a rule of `game.text.reasons`; "" for one of a newer host."""
    return _RULES.get(rule, "")


def page_for_knob(name: str) -> str:
    """Id of the page about a knob, by its full or last name; "" for none."""
    last = name.rsplit(".", 1)[-1]
    return _KNOBS.get(last, last if last in PAGES else "")


def find(query: str) -> dict[str, tuple[Page, ...]]:
    """Chapters and pages that have a text in their names, in either language; "" finds all.

    Where no name has it, the pages' own words are searched.
    """
    wanted = query.strip().casefold()
    return _with(wanted, _names) or _with(wanted, _words)


def _with(wanted: str, said: Callable[[Page], str]) -> dict[str, tuple[Page, ...]]:
    found = {
        chapter: tuple(page for page in pages if wanted in said(page))
        for chapter, pages in CHAPTERS.items()
    }
    return {chapter: pages for chapter, pages in found.items() if pages}


def _words(page: Page) -> str:
    return "\n".join((page.see, *page.en[1:], *page.zh[1:])).casefold()


def _names(page: Page) -> str:
    return "\n".join((page.id, page.kernel, page.en.title, page.zh.title)).casefold()
