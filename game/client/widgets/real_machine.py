"""Which commands show on a real machine what the level was about."""

from collections.abc import Mapping

from game.client.canvas import Canvas
from game.protocol.catalogue import LevelCard
from game.text.phrases import phrase

COMMANDS_MAX = 5

COUNTERS = (
    "TcpExtListenOverflows",
    "TcpExtTCPReqQFullDrop",
    "TcpExtSyncookiesSent",
    "TcpExtSyncookiesRecv",
    "TcpExtListenDrops",
    "TcpExtTCPReqQFullDoCookies",
    "TcpExtEmbryonicRsts",
    "TcpExtSyncookiesFailed",
    "TcpExtTCPTimeouts",
    "TcpOutRsts",
)
"""Counters worth a place on a board, the most telling first."""


def telling_counters(counters: Mapping[str, int], count: int) -> list[str]:
    """So many counters: those that moved, the most telling first, then the rest."""
    moved = [name for name in COUNTERS if counters.get(name)]
    return [*moved, *(name for name in COUNTERS if name not in moved)][:count]


def commands(card: LevelCard, counters: Mapping[str, int]) -> list[str]:
    """Up to five commands for this level's knobs and counters."""
    found = [f"ss -ltn 'sport = :{card.port}'"]
    if card.calls:
        found.append("strace -e trace=network -p PID")
    found += [f"nstat -az {name}" for name in telling_counters(counters, 2)]
    knobs = sorted(card.knobs, key=lambda knob: not knob.lesson)
    found += [f"sysctl {knob.kernel_name}" for knob in knobs if _is_sysctl(knob.kernel_name)]
    if any(knob.name == "rx_ring" for knob in knobs):
        found.append("ethtool -g eth0")
    return found[:COMMANDS_MAX]


def _is_sysctl(kernel_name: str) -> bool:
    return kernel_name.startswith("net.")


def real_machine(
    canvas: Canvas, x: float, y: float, card: LevelCard, counters: Mapping[str, int]
) -> None:
    """The dark box with the commands, 312 × 156."""
    theme = canvas.theme
    canvas.box(x, y, 312, 156, theme.board, radius=6)
    title = phrase(canvas.lang, "debrief_real")
    canvas.text(x + 16, y + 26, title, "sign", theme.flaptext, max_width=280)
    for index, command in enumerate(commands(card, counters)):
        base = y + 50 + 20 * index
        canvas.text(x + 16, base, "$", "kernel", theme.amber)
        canvas.text(x + 32, base, command, "kernel", theme.flaptext, max_width=272)
