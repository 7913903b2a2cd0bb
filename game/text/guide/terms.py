"""Words in a running text that a newcomer may not know, and the page that explains each."""

import re

_TERMS: tuple[tuple[str, str], ...] = (
    (r"five-tuples?|五元组", "five-tuple"),
    (r"socket\(\)", "socket"),
    (r"bind\(\)", "bind"),
    (r"listen\([^)]*\)", "listen"),
    (r"accept\(\)", "accept"),
    (r"connect\(\)|connects\b", "connect"),
    (r"accept queue|accept 队列|waiting hall|候车厅", "accept-queue"),
    (r"SYN queue|SYN 队列|ticket line|售票队", "syn-queue"),
    (r"SYN cookies?|cookies?", "syn-cookies"),
    (r"somaxconn", "somaxconn"),
    (r"tcp_max_syn_backlog", "max-syn-backlog"),
    (r"tcp_synack_retries|SYN-ACK", "synack-retries"),
    (r"tcp_abort_on_overflow", "abort-on-overflow"),
    (r"tcp_migrate_req", "migrate-req"),
    (r"\bbacklog\b", "backlog"),
    (r"Send-Q|Recv-Q", "recv-q"),
    (r"\bRST\b", "rst"),
    (r"\bSYNs?\b|\bACKs?\b", "connect"),
    (r"\bNIC\b|网卡|rx ring|接收环", "rx-ring"),
    (r"softirq", "softirq"),
    (r"prefork", "prefork"),
    (r"keep-alive", "keep-alive"),
    (r"\b[Hh]oarders?\b|占座者", "keep-alive"),
    (r"EPOLLEXCLUSIVE|epoll_exclusive", "epollexclusive"),
    (r"\bepoll\b", "epoll"),
    (r"SO_REUSEPORT", "reuseport"),
    (r"TIME-WAIT|TIME_WAIT", "time-wait"),
    (r"EAGAIN", "eagain"),
    (r"\bListenOverflows\b", "listen-overflows"),
    (r"\bListenDrops\b", "listen-drops"),
    (r"zero window|零窗口", "window"),
    (r"ss -\w+|\bnstat\b", "tools"),
)
"""Patterns and pages; an earlier one has the word before a later one."""

_ALL = tuple((re.compile(pattern), page) for pattern, page in _TERMS)


def terms(text: str) -> list[tuple[int, int, str]]:
    """Where such words stand in a text: first sign, the one after the last, and the page."""
    found: list[tuple[int, int, str]] = []
    for pattern, page in _ALL:
        for match in pattern.finditer(text):
            start, end = match.span()
            if all(end <= a or start >= b for a, b, _ in found):
                found.append((start, end, page))
    return sorted(found)
