"""The quality of a connection: bars that say it by their number, colour, and the milliseconds."""

from game.client.canvas import Canvas
from game.text.versus import versus_text

GOOD_MS, FAIR_MS = 80, 250
"""Up to here nothing is felt; up to there a command is a few ticks late."""


def draw_ping(canvas: Canvas, right: float, base: float, ping_ms: int) -> float:
    """Three bars and the time, ending at `right` on the baseline; returns the width used."""
    theme = canvas.theme
    if ping_ms < 0:
        bars, colour, said = 0, theme.ink2, "–"
    else:
        bars = 3 if ping_ms <= GOOD_MS else 2 if ping_ms <= FAIR_MS else 1
        colour = (theme.alert, theme.focus, theme.ok)[bars - 1]
        said = versus_text(canvas.lang, "ping_ms", ms=ping_ms)
    width = canvas.text(right, base, said, "caption", theme.ink2, "right")
    left = right - width - 26
    for bar in range(3):
        tall = 5 + 4 * bar
        x = left + 7 * bar
        if bar < bars:
            canvas.box(x, base - tall, 5, tall, colour)
        else:
            canvas.box(x, base - tall, 5, tall, None, theme.mid, width=1)
    return width + 26
