"""Which commands show on a real machine what the level was about."""

from collections.abc import Mapping

from game.client.canvas import Canvas
from game.protocol.catalogue import LevelCard
from game.text.phrases import phrase
from game.text.real_machine import look_commands


def commands(card: LevelCard, counters: Mapping[str, int]) -> list[str]:
    """Up to five commands for this level's knobs and counters."""
    knobs = sorted(card.knobs, key=lambda knob: not knob.lesson)
    names = ["rx_ring" if knob.name == "rx_ring" else knob.kernel_name for knob in knobs]
    return look_commands(card.port, names, counters, calls=card.calls)


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
