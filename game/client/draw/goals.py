"""The top bar: level, goals, stars, clock and pace."""

from dataclasses import dataclass
from math import cos, pi, sin

from game.client.canvas import Canvas
from game.client.draw.layout import TOP_BAR
from game.client.draw.view import View, minutes
from game.client.widgets.motion import ease_out, pop
from game.client.widgets.plate import plate_number
from game.protocol.catalogue import Goal

SPEEDS: tuple[tuple[int, str], ...] = (
    *((0, ""), (1, "¼×"), (4, "1×")),
    *((8, "2×"), (16, "4×"), (32, "8×")),
)
"""Pace in quarters and what its button says; pause has a sign instead."""

SPEED_PITCH, SPEED_W = 33.2, 30.0

TILE_X, TILE_PITCH, TILE_W = 272.0, 152.0, 128.0
LOWER_IS_BETTER = frozenset(("connect_p95_ms", "core_max", "memory_mb", "cost"))
SHARES = frozenset(("served", "core_max"))


@dataclass(frozen=True)
class Tile:
    """One goal, ready to be written.

    Attributes:
        value, unit: what stands large, and small beside it.
        mark: the next mark to reach, or the best one.
        part, mark_part: length of the bar and place of the mark on it, 0 to 1.
        status: "tick", "triangle" or "cross".
        marks: all marks, as they are written.
        full: what the bar's whole length stands for.
    """

    what: str
    value: str
    unit: str
    mark: str
    part: float
    mark_part: float
    status: str
    marks: tuple[str, ...]
    full: float


def tile(view: View, goal: Goal) -> Tile:
    """A goal as it stands now."""
    state = next((g for g in view.current.goals if g.what == goal.what), None)
    value = state.value if state else None
    if goal.what == "cost":
        value = view.current.cost  # In a pause, what is commanded already counts.
    stars = state.stars if state else 0
    scale = 1000.0 if goal.what in SHARES else 1.0
    marks = [mark * scale for mark in goal.marks]
    goes_down = goal.what in LOWER_IS_BETTER
    # The next mark shows what there is to win; with all met, the one that must be held.
    next_mark = marks[min(stars, len(marks) - 1)] if marks else 0.0
    full = _bar_end(goal.what, value or 0, next_mark)
    text, unit = _written(view, goal.what, value)
    sign = "≤" if goes_down else "≥"
    written = tuple(f"{sign} {_mark_text(goal.what, m)}" for m in marks)
    mark = written[min(stars, len(marks) - 1)] if marks else ""
    part = 0.0 if value is None else min(1.0, value / full)
    status = _status(stars, len(marks), value, next_mark, goes_down)
    mark_part = min(1.0, next_mark / full)
    return Tile(goal.what, text, unit, mark, part, mark_part, status, written, full)


def _bar_end(what: str, value: int, mark: float) -> float:
    """What the whole length of a bar stands for; the mark always lies on it."""
    if what in SHARES:
        return 1000.0
    if what == "cost":
        return max(mark, float(value), 1.0)
    return max(mark * 4 / 3, min(float(value), mark * 3), 1.0)


def _status(stars: int, marks: int, value: int | None, mark: float, goes_down: bool) -> str:
    if value is None or stars >= marks:
        return "tick" if value is not None else ""
    if stars > 0:
        return "triangle"
    near = value <= mark * 1.1 if goes_down else value >= mark * 0.95
    return "triangle" if near else "cross"


def _written(view: View, what: str, value: int | None) -> tuple[str, str]:
    if value is None:
        return view.say("goal_none"), ""
    if what in SHARES:
        return (f"{value / 10:.1f}" if what == "served" else f"{value / 10:.0f}"), "%"
    if what == "cost":
        return str(value), view.say("of", n=view.card.budget) if view.card.budget else ""
    return str(value), "MB" if what.endswith("_mb") else "ms"


def _mark_text(what: str, mark: float) -> str:
    if what in SHARES:
        return f"{mark / 10:.1f}".removesuffix(".0")
    return f"{mark:.0f}"


def draw_top_bar(canvas: Canvas, view: View) -> None:
    """The whole bar; it changes once a second or less."""
    tiles = tuple(tile(view, goal) for goal in view.card.goals[:4])
    second = int(view.now_ms // 1000)
    key = (view.card.id, tiles, view.current.stars, second, view.ui.quarters, view.ui.hovered)
    canvas.layer(
        "top-bar",
        TOP_BAR,
        (key, view.ui.focused),
        lambda c: _bar(c, view, tiles),
        canvas.theme.floor,
        patient=True,
    )
    for i, shown in enumerate(tiles):
        _bar_of(canvas, view, shown, TILE_X + TILE_PITCH * i)
    if view.ui.head != "sandbox":
        _stars(canvas, view)


def _bar_of(canvas: Canvas, view: View, shown: Tile, x: float) -> None:
    """How far a goal is, gliding to its new length, and the mark on it."""
    theme = canvas.theme
    colour = {"tick": theme.ok, "triangle": theme.focus, "cross": theme.alert}
    canvas.box(x, 46, TILE_W, 4, theme.hair, radius=2)
    if shown.status:
        part = shown.part
        change = view.seen.changes.get(f"goal:{shown.what}")
        if change is not None and not view.ui.reduced_motion:
            was = min(1.0, change.was / shown.full)
            part = was + (part - was) * ease_out(view.now_ms - change.at_ms)
        canvas.box(x, 46, max(4.0, TILE_W * part), 4, colour[shown.status], radius=2)
    if view.ui.head == "sandbox":
        return  # There is nothing to win.
    canvas.line(x + TILE_W * shown.mark_part, 43, x + TILE_W * shown.mark_part, 53, theme.ink, 2)


def _stars(canvas: Canvas, view: View) -> None:
    """The stars of this moment; those just won jump."""
    change = view.seen.changes.get("stars")
    for i in range(3):
        full = i < view.current.stars
        size = 22.0
        if full and change and change.was <= i and not view.ui.reduced_motion:
            size *= pop(view.now_ms - change.at_ms)
        name = "star-full" if full else "star-empty"
        canvas.sprite(name, 890 + 26 * i, 29, size, line="ink")


def _bar(canvas: Canvas, view: View, tiles: tuple[Tile, ...]) -> None:
    theme, card = canvas.theme, view.card
    canvas.line(0, 55.5, 1280, 55.5, theme.hair)
    canvas.box(24, 8, 40, 40, theme.sign, radius=4)
    if view.ui.head == "sandbox":
        canvas.icon("dial", 44, 28, 22, "onsign", "sign")
    else:
        plate_number(canvas, 44, 35.5, card.number, theme.onsign)
    texts = card.texts.get(view.lang) or card.texts["en"]
    line = view.say(f"line_{card.line}")
    canvas.text(76, 27, texts.title, "title", theme.ink, max_width=188)
    said = view.say("port", line=line, port=card.port)
    canvas.text(76, 45, said, "caption", theme.ink2, max_width=188)
    for i, shown in enumerate(tiles):
        draw_tile(canvas, view, shown, TILE_X + TILE_PITCH * i)
    _clock(canvas, view)
    for i, (quarters, said) in enumerate(SPEEDS if view.ui.head != "shared" else ()):
        draw_speed(canvas, view, 1060 + SPEED_PITCH * i, quarters, said)


def draw_tile(canvas: Canvas, view: View, shown: Tile, x: float) -> None:
    """One goal: word, status sign, value and mark; its bar is drawn over it."""
    theme = canvas.theme
    word = view.say(f"goal_{shown.what}")
    canvas.text(x, 18, word, "caption", theme.ink2, max_width=TILE_W - 20)
    width = canvas.text(x, 39, shown.value, "title", theme.ink)
    mark = "" if view.ui.head == "sandbox" else shown.mark
    mark_width = canvas.text(x + TILE_W, 39, mark, "kernel", theme.ink2, "right")
    room = TILE_W - width - mark_width - 8
    canvas.text(x + width + 4, 39, shown.unit, "caption", theme.ink2, max_width=room)
    if shown.status and view.ui.head != "sandbox":
        canvas.sprite(shown.status, x + TILE_W - 7, 14, 14)


def _clock(canvas: Canvas, view: View) -> None:
    theme = canvas.theme
    x, y = 980.0, 28.0
    canvas.circle(x, y, 17, theme.floor, theme.ink, 2)
    for hour in range(12):
        a = hour * pi / 6
        inner = 12.0 if hour % 3 == 0 else 13.6
        canvas.polyline(
            [(x + inner * sin(a), y - inner * cos(a)), (x + 15 * sin(a), y - 15 * cos(a))],
            theme.ink,
            1.6 if hour % 3 == 0 else 1.0,
        )
    seconds = view.now_ms / 1000
    part = seconds / max(1, view.card.seconds)
    for angle, length, width in ((part, 8.5, 2.6), (int(seconds) % 60 / 60, 12.5, 1.8)):
        a = angle * 2 * pi
        tip = (x + length * sin(a), y - length * cos(a))
        canvas.polyline([(x, y), tip], theme.ink, width, cap=True)
    canvas.text(1004, 28, minutes(view.now_ms), "clock", theme.ink)
    if view.ui.paused:
        canvas.text(1004, 44, view.say("paused"), "caption_bold", theme.ink, max_width=52)
        return
    said = view.say("of", n=minutes(view.card.seconds * 1000))
    canvas.text(1004, 44, said, "caption", theme.ink2, max_width=52)


def draw_speed(canvas: Canvas, view: View, x: float, quarters: int, said: str) -> None:
    """One button of the pace."""
    theme, ui = canvas.theme, view.ui
    chosen = ui.quarters == quarters
    hot = f"speed:{quarters}" in (ui.hovered, ui.focused)
    if chosen:
        canvas.box(x, 12, SPEED_W, 32, theme.sign, radius=4)
    else:
        canvas.box(x, 12, SPEED_W, 32, theme.floor, theme.ink2 if hot else theme.hair, 4, 1.2)
    if said:
        ink = theme.onsign if chosen else theme.ink
        canvas.text(x + SPEED_W / 2, 33, said, "sign", ink, "center")
    else:
        canvas.icon("pause", x + SPEED_W / 2, 28, 14, "onsign" if chosen else "ink")
