"""The control room: every knob of the level, in the order of the station."""

from dataclasses import dataclass

from game.client.canvas import Canvas
from game.client.draw.desk import hexagon
from game.client.draw.layout import CONTROL
from game.client.draw.view import View
from game.client.plane import Rect
from game.client.widgets.tip import tip
from game.protocol.catalogue import Knob, LevelCard
from game.text.knob_values import knob_value
from game.text.knobs import knob_help

COLUMNS, ROWS = 4, 3
COLUMN_W, ROW_H = 170.0, 50.0
TOP = 560.0
DIAL_START, DIAL_SWEEP = 225.0, 270.0
OFF_ON = (("0", "1"), ("off", "on"), ("False", "True"), ("false", "true"))
COARSE_FROM = 64
"""Ranges wider than this step by powers of two; the console takes any value."""


@dataclass(frozen=True)
class Cell:
    """One knob in its place.

    Attributes:
        kind: "dial", "switch", "choice" or "locked".
        x, y: upper left corner of its cell.
    """

    knob: Knob
    kind: str
    x: float
    y: float

    @property
    def body(self) -> Rect:
        """What stands for the knob itself: its name, or all of it where it has no dial."""
        return (self.x + 5, self.y - 2, 160, 17 if self.buttons else 46)

    @property
    def value(self) -> Rect | None:
        """Dial and value, which can be dragged; None where there is nothing between two ends."""
        return (self.x + 5, self.y + 16, 104, 28) if self.buttons else None

    @property
    def buttons(self) -> list[tuple[str, Rect]]:
        """Its two buttons, less first; a switch and a locked knob have none."""
        if self.kind in ("switch", "locked"):
            return []
        return [
            ("less", (self.x + 112, self.y + 18, 22, 22)),
            ("more", (self.x + 136, self.y + 18, 22, 22)),
        ]


def kind_of(knob: Knob) -> str:
    """How a knob is drawn."""
    if knob.opens_at:
        return "locked"
    if tuple(knob.choices) in OFF_ON:
        return "switch"
    numbers = all(choice.lstrip("-").isdigit() for choice in knob.choices)
    return "dial" if numbers else "choice"


def cells(card: LevelCard, page: int = 0) -> list[Cell]:
    """The knobs of one page: each in its column, what is too much goes to the next free place."""
    free = {(c, r) for c in range(COLUMNS) for r in range(ROWS)}
    found: list[Cell] = []
    per_page = COLUMNS * ROWS
    ordered = sorted(card.knobs, key=lambda k: k.group)[page * per_page : (page + 1) * per_page]
    late: list[Knob] = []
    for knob in ordered:
        own = sorted(p for p in free if p[0] == min(max(knob.group, 0), COLUMNS - 1))
        if own:
            found.append(_cell(knob, own[0]))
            free.discard(own[0])
        else:
            late.append(knob)
    for knob in late:
        nearest = min(free, key=lambda p: (abs(p[0] - knob.group), p[1]))
        found.append(_cell(knob, nearest))
        free.discard(nearest)
    return sorted(found, key=lambda c: (c.x, c.y))


def _cell(knob: Knob, place: tuple[int, int]) -> Cell:
    return Cell(knob, kind_of(knob), CONTROL[0] + COLUMN_W * place[0], TOP + ROW_H * place[1])


def knob_pages(card: LevelCard) -> int:
    """How many pages of knobs there are."""
    return max(1, -(-len(card.knobs) // (COLUMNS * ROWS)))


def values_of(knob: Knob) -> list[str]:
    """The values that the buttons step through."""
    if knob.choices:
        return knob.choices
    if knob.maximum - knob.minimum <= COARSE_FROM:
        return [str(v) for v in range(knob.minimum, knob.maximum + 1)]
    powers = [2**p for p in range(31) if knob.minimum < 2**p < knob.maximum]
    return [str(v) for v in [knob.minimum, *powers, knob.maximum]]


def stepped(knob: Knob, value: str, by: int) -> str:
    """The next value up or down; between two steps, the nearer one in that direction."""
    values = values_of(knob)
    if value in values:
        return values[min(len(values) - 1, max(0, values.index(value) + by))]
    if not value.lstrip("-").isdigit() or not all(v.lstrip("-").isdigit() for v in values):
        return values[0]
    number = int(value)
    above = [v for v in values if int(v) > number]
    below = [v for v in values if int(v) < number]
    if by > 0:
        return above[0] if above else values[-1]
    return below[-1] if below else values[0]


def part_of(knob: Knob, value: str) -> float:
    """Where the dial points, 0 to 1."""
    values = values_of(knob)
    if value in values:
        return values.index(value) / max(1, len(values) - 1)
    passed = sum(1 for v in values if v.lstrip("-").isdigit() and _below(v, value))
    return min(1.0, passed / max(1, len(values) - 1))


def _below(a: str, b: str) -> bool:
    return b.lstrip("-").isdigit() and int(a) < int(b)


def is_on(value: str) -> bool:
    """Whether a switch stands at its second choice."""
    return value.lower() in ("1", "on", "true")


def draw_knobs(canvas: Canvas, view: View) -> None:
    """All cells of the page, divided by hairlines where two columns have knobs."""
    theme = canvas.theme
    shown = cells(view.card, view.ui.knob_page)
    used = sorted({cell.x for cell in shown})
    for x in used:
        if x > CONTROL[0]:
            canvas.line(x, TOP, x, TOP + 140, theme.hair)
    for cell in shown:
        _draw_cell(canvas, view, cell)
    _about(canvas, view, shown)


def knob_name(spot: str) -> str:
    """Name of the knob that a hotspot belongs to, "" for none."""
    kind, _, rest = spot.partition(":")
    return rest.partition(":")[0] if kind == "knob" else ""


def _free_columns(shown: list[Cell]) -> tuple[int, int] | None:
    """The first of two columns without knobs, else of one, and how many; None for none."""
    used = {round((cell.x - CONTROL[0]) / COLUMN_W) for cell in shown}
    for wide in (2, 1):
        for first in range(COLUMNS - wide + 1):
            if not set(range(first, first + wide)) & used:
                return first, wide
    return None


def _about(canvas: Canvas, view: View, shown: list[Cell]) -> None:
    """Where columns stand empty: what the knob is for that was pointed at last, or the first."""
    free = _free_columns(shown)
    knobs = [cell.knob for cell in shown if cell.kind != "locked"]
    if free is None or not knobs:
        return
    theme = canvas.theme
    about = next((knob for knob in knobs if knob.name == view.ui.about), knobs[0])
    wide = free[1] > 1
    x, width = CONTROL[0] + COLUMN_W * free[0] + 14, COLUMN_W * free[1] - 32 + 10 * (not wide)
    role = "body" if wide else "caption"
    name = about.kernel_name
    if not wide and canvas.measure(name, "kernel") > width:
        name = name.rpartition(".")[2]
    canvas.text(x, TOP + 12, name, "kernel", theme.ink2, max_width=width)
    said = knob_help(view.lang, about.name)
    top = TOP + 34
    if about.cost:
        # The price comes first: with large letters the rest may take all the room.
        canvas.text(x, TOP + 31, view.say("cost_points", n=about.cost), "caption_bold", theme.ink)
        top = TOP + 50
    y = canvas.paragraph(x, top, said.changes, role, theme.ink, width)
    steps = _steps(view, about)
    if canvas.measure("   ".join(steps), "caption_bold") <= width:
        steps = ["   ".join(steps)]
    for line in steps:
        if y < TOP + 138:
            canvas.text(x, y + 2, line, "caption_bold", theme.ink, max_width=width)
            y += canvas.line_height("caption")
    lines = canvas.wrap(said.acts, "caption", width)
    if y + 4 + canvas.line_height("caption") * (len(lines) - 1) < TOP + 144:
        canvas.paragraph(x, y + 5, said.acts, "caption", theme.ink2, width)


def _steps(view: View, knob: Knob) -> list[str]:
    """What the values beside the present one mean: "− → 32 seats", "+ → 64 seats"."""
    value, pending = view.knob_values.get(knob.name, (knob.default, ""))
    now = pending or value
    if kind_of(knob) == "switch":
        other = knob.choices[0 if is_on(now) else 1]
        return [f"{now} → {other}: {knob_value(view.lang, knob.name, other)}"]
    found = []
    for sign, by in (("−", -1), ("+", 1)):
        to = stepped(knob, now, by)
        if to != now:
            sign = {"choice": "<" if by < 0 else ">"}.get(kind_of(knob), sign)
            found.append(f"{sign} → {knob_value(view.lang, knob.name, to)}")
    return found


def draw_knob_tip(canvas: Canvas, view: View) -> None:
    """What the knob under the mouse, or in focus, is for; where no empty column says so."""
    if view.ui.tab != "control" or view.card.calls:
        return
    name = knob_name(view.ui.focused) or knob_name(view.ui.hovered)
    if not name:
        return
    shown = cells(view.card, view.ui.knob_page)
    cell = next((one for one in shown if one.knob.name == name), None)
    if cell is None or cell.kind == "locked" or _free_columns(shown) is not None:
        return
    knob = cell.knob
    value, pending = view.knob_values.get(name, (knob.default, ""))
    parts = [knob_help(view.lang, name).changes]
    now = knob_value(view.lang, name, pending or value)
    parts.append("   ".join([f"= {now}", *_steps(view, knob)]))
    row = (cell.x, CONTROL[1], COLUMN_W, CONTROL[3])
    tip(canvas, row, "\n".join(parts), CONTROL[2])


def _draw_cell(canvas: Canvas, view: View, cell: Cell) -> None:
    theme, knob = canvas.theme, cell.knob
    value, pending = view.knob_values.get(knob.name, (knob.default, ""))
    focused = view.ui.focused.split(":")[:2] == ["knob", knob.name]
    if focused:
        canvas.box(cell.x + 4, cell.y - 3, 162, 48, None, theme.focus, 5, 2)
    name = knob.kernel_name
    if canvas.measure(name, "kernel") > 152:
        name = name.rpartition(".")[2]
    ink = theme.ink2 if cell.kind == "locked" else theme.ink
    canvas.text(cell.x + 11, cell.y + 11, name, "kernel", ink, max_width=153)
    if view.card.arena is not None and knob.cost and view.current.points >= 0:
        _price(canvas, cell.x + 160, cell.y + 6, knob.cost, view.current.points)
    if cell.kind == "locked":
        canvas.icon("lock", cell.x + 20, cell.y + 28, 12, "mid")
        said = view.say("opens_at", n=_number(knob.opens_at))
        canvas.text(cell.x + 34, cell.y + 32, said, "caption", theme.ink2, max_width=128)
        return
    typed = view.ui.typed_value
    hot = f"knob:{knob.name}:value" in (view.ui.hovered, view.ui.focused)
    if cell.value is not None and hot:
        x, y, w, h = cell.value
        canvas.box(x, y, w, h, None, theme.hair, 4, 1.2)
    painters = {"dial": _dial, "switch": _switch, "choice": _choice}
    painters[cell.kind](canvas, view, cell, value, pending)
    signs = ("left", "right") if cell.kind == "choice" else ("minus", "plus")
    if typed is not None and typed[0] == knob.name:
        _field(canvas, cell, typed[1], typed[2])
    for sign, (which, rect) in zip(signs, cell.buttons, strict=False):
        _button(canvas, view, f"knob:{knob.name}:{which}", rect, sign)


def _field(canvas: Canvas, cell: Cell, text: str, caret: int) -> None:
    """The value while it is typed: a field over it, with its caret."""
    theme = canvas.theme
    x, y, w = cell.x + 42, cell.y + 17, 68.0
    canvas.box(x, y, w, 26, theme.floor, theme.focus, 4, 2)
    shown = text
    while canvas.measure(shown, "strong") > w - 14:
        shown = shown[1:]
    canvas.text(x + 6, y + 18, shown, "strong", theme.ink)
    at = x + 6 + canvas.measure(shown[: max(0, caret - len(text) + len(shown))], "strong")
    canvas.box(at + 1, y + 5, 2, 16, theme.focus)


def _price(canvas: Canvas, x: float, y: float, cost: int, points: int) -> None:
    """What one change takes from the purse: full if there is as much, hollow if not."""
    hexagon(canvas, x, y, 8.5, cost <= points)
    ink = (0x12, 0x16, 0x1C) if cost <= points else canvas.theme.ink2
    canvas.text(x, y + 4.3, str(cost), "caption_bold", ink, "center")


def _number(opens_at: str) -> str:
    """The number a level id begins with, else the id."""
    head = opens_at.split("-")[0]
    return head.lstrip("0") if head.isdigit() else opens_at


def _button(canvas: Canvas, view: View, spot: str, rect: Rect, sign: str) -> None:
    theme = canvas.theme
    hot = spot in (view.ui.hovered, view.ui.focused)
    x, y, w, h = rect
    canvas.box(x, y, w, h, theme.floor, theme.ink2 if hot else theme.hair, 3, 1.3)
    canvas.icon(sign, x + w / 2, y + h / 2, 9.5)


def _dial(canvas: Canvas, view: View, cell: Cell, value: str, pending: str) -> None:
    theme = canvas.theme
    x, y = cell.x + 25, cell.y + 29
    part = part_of(cell.knob, pending or value)
    focused = view.ui.focused.split(":")[:2] == ["knob", cell.knob.name]
    canvas.arc(x, y, 12.5, DIAL_START, DIAL_SWEEP, theme.hair, 2.6)
    canvas.arc(
        x, y, 12.5, DIAL_START, DIAL_SWEEP * part, theme.focus if focused else theme.ink2, 2.6
    )
    canvas.circle(x, y, 9, theme.pave, theme.ink, 1.6)
    angle = round(DIAL_START + DIAL_SWEEP * part, 1)
    body = (
        f'<line x1="0" y1="-2.25" x2="0" y2="-7.6" stroke="#{_hex(theme.ink)}" stroke-width="2.6" '
        f'stroke-linecap="round" transform="rotate({angle})"/>'
    )
    canvas.svg(body, (-10, -10, 20, 20), x, y)
    _value(canvas, cell.x + 46, cell.y + 34, value, pending, 64)


def _hex(colour: tuple[int, int, int]) -> str:
    return "{:02X}{:02X}{:02X}".format(*colour)


def _value(canvas: Canvas, x: float, y: float, value: str, pending: str, room: float) -> None:
    """The value; what is commanded and not yet in force follows an arrow."""
    theme = canvas.theme
    if not pending or pending == value:
        kind, colon, rest = value.partition(":")
        if rest and canvas.measure(value, "value") > room:
            canvas.text(x, y - 8, kind + colon, "caption_bold", theme.ink, max_width=room)
            canvas.text(x, y + 6, rest, "caption", theme.ink, max_width=room)
        else:
            canvas.text(x, y, value, "value", theme.ink, max_width=room)
        return
    coming = f"→{pending}"
    width = canvas.measure(value, "caption") + 4
    if width + canvas.measure(coming, "strong") > room:
        width = 0.0  # Where both do not fit, what is to come matters more.
    else:
        canvas.text(x, y, value, "caption", theme.ink2)
    canvas.text(x + width, y, coming, "strong", theme.focus, max_width=room - width)


def _switch(canvas: Canvas, view: View, cell: Cell, value: str, pending: str) -> None:
    theme = canvas.theme
    x, y = cell.x + 12, cell.y + 19
    if is_on(pending or value):
        canvas.box(x, y, 38, 20, theme.sign, theme.ink, 10, 1.4)
        canvas.circle(x + 28, y + 10, 7, theme.onsign)
        canvas.box(x + 10, y + 6, 2, 8, theme.onsign)
    else:
        canvas.box(x, y, 38, 20, theme.pave, theme.ink, 10, 1.4)
        canvas.circle(x + 10, y + 10, 7, theme.floor, theme.ink, 1.4)
        canvas.circle(x + 27, y + 10, 3.4, None, theme.ink2, 1.6)
    _value(canvas, cell.x + 60, cell.y + 34, value, pending, 90)


def _choice(canvas: Canvas, view: View, cell: Cell, value: str, pending: str) -> None:
    _value(canvas, cell.x + 12, cell.y + 34, value, pending, 96)
