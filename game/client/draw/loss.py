"""Losses, shown where they happen: a plate with how often, and which counter counts them."""

from game.client.canvas import Canvas
from game.client.draw.history import Loss
from game.client.draw.view import View, short

HALL_RULES = frozenset(("accept_queue_full_syn", "accept_queue_full_ack", "abort_on_overflow"))
"""Rules of the accept queue."""

LINE_RULES = frozenset(("syn_queue_full", "last_quarter", "cookie_invalid", "listener_closed"))
"""Rules of the SYN queue. Requests that expire are no loss to anybody here."""

GATE_RULES = frozenset(("rx_missed", "port_closed", "stray_ack"))
"""Rules before any listener. What the filter stops has its own plate beside the guard."""

PLACES = {"hall": HALL_RULES, "line": LINE_RULES, "gate": GATE_RULES}


def worst(losses: list[Loss], rules: frozenset[str]) -> Loss | None:
    """The most frequent loss of some rules."""
    return next((loss for loss in losses if loss.rule in rules), None)


def chip_at(losses: list[Loss], rules: frozenset[str]) -> tuple[int, str] | None:
    """What a chip says: how often a second, and the counter."""
    loss = worst(losses, rules)
    return (loss.per_s, loss.counter) if loss else None


def _said(view: View, chip: tuple[int, str]) -> str:
    per_s, counter = chip
    return f"{view.say('per_s', n=short(per_s))} {counter.removeprefix('TcpExt')}".strip()


def chip_width(canvas: Canvas, view: View, chip: tuple[int, str], room: float) -> float:
    """Width of a chip, at most the room there is."""
    return min(room, canvas.measure(_said(view, chip), "caption_bold") + 28)


def draw_chip(
    canvas: Canvas, view: View, x: float, y: float, chip: tuple[int, str], room: float
) -> None:
    """The plate, from its upper left corner."""
    theme = canvas.theme
    width = chip_width(canvas, view, chip, room)
    canvas.box(x, y, width, 20, theme.alert, radius=3)
    canvas.sprite("cross-bare", x + 11, y + 10, 8)
    said = _said(view, chip)
    canvas.text(x + 20, y + 14.4, said, "caption_bold", theme.floor, max_width=width - 24)
