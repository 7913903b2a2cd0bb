"""Goals in words: name, value, mark."""

from game.text.phrases import phrase

SHARES = ("served", "core_max")
"""Goals whose value is a share of 1."""

KNOWN = ("served", "connect_p95_ms", "core_max", "memory_mb", "cost")
UNITS = {"connect_p95_ms": " ms", "memory_mb": " MB"}


def goal_name(lang: str, what: str) -> str:
    """A goal's name; one that this game does not know keeps its own."""
    return phrase(lang, f"goal_{what}") if what in KNOWN else what


def goal_short(lang: str, what: str) -> str:
    """A goal's name where there is little room."""
    return phrase(lang, f"goal_short_{what}") if what in KNOWN else what


def value_text(what: str, value: float | None) -> str:
    """A value with its unit: `96.4 %`, `188 ms`, `11`; a dash when there is none."""
    if value is None:
        return "–"
    if what in SHARES:
        return f"{_plain(round(value * 100, 1 if what == 'served' else 0))} %"
    return f"{round(value)}{UNITS.get(what, '')}"


def mark_text(what: str, mark: float) -> str:
    """A mark with its sign: `≥ 95 %`, `≤ 300 ms`."""
    if what in SHARES:
        return f"{'≥' if what == 'served' else '≤'} {_plain(round(mark * 100, 1))} %"
    return f"≤ {round(mark)}{UNITS.get(what, '')}"


def _plain(number: float) -> str:
    """Without a fraction that is nought."""
    return f"{number:.1f}".removesuffix(".0")
