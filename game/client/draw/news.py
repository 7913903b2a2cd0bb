"""The small plate beside an instrument that no station before this one has had."""

from game.client.canvas import Canvas
from game.client.draw.layout import INSTRUMENTS, plan_of
from game.client.draw.view import View
from game.protocol.catalogue import LevelCard

HEIGHT = 16.0


def newly_shown(card: LevelCard, cards: list[LevelCard]) -> frozenset[str]:
    """Instruments of a level that no level with a lower number has; none on the first."""
    before = [plan_of(one.shows) for one in cards if one.number < card.number]
    return frozenset(
        name
        for name in INSTRUMENTS
        if before and getattr(plan_of(card.shows), name)
        if not any(getattr(plan, name) for plan in before)
    )


def draw_new(canvas: Canvas, view: View, x: float, y: float) -> float:
    """The plate from its upper left corner; returns its width."""
    theme, said = canvas.theme, view.say("new")
    width = canvas.measure(said, "caption_bold") + 10
    canvas.box(x, y, width, HEIGHT, theme.amber, radius=3)
    ink = theme.ink if theme.bright else theme.paper
    canvas.text(x + 5, y + 12.2, said, "caption_bold", ink)
    return width
