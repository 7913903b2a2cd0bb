"""The panel at the lower right: tabs, budget, and knobs, calls or console."""

from game.client.canvas import Canvas
from game.client.draw import bar
from game.client.draw.calls import draw_calls
from game.client.draw.console import draw_console
from game.client.draw.knobs import draw_knobs, knob_pages
from game.client.draw.layout import CONTROL
from game.client.draw.view import View
from game.client.plane import Rect

TABS: tuple[tuple[str, str, Rect], ...] = (
    ("control", "control_room", (576, 524, 122, 28)),
    ("console", "console", (698, 524, 92, 28)),
)
PAGE_RECT: Rect = (796, 527, 60, 22)
DOTS_MAX = 12


def draw_control_room(canvas: Canvas, view: View) -> None:
    """The panel; drawn again when a knob, the focus or a console line changes."""
    ui, snapshot = view.ui, view.current
    blink = int(ui.wall_s / 0.5) % 2 if ui.tab == "console" and not ui.reduced_motion else 0
    key = (
        *(
            view.card.id,
            tuple(snapshot.knobs),
            snapshot.cost,
            snapshot.points,
            ui.tab,
            ui.tab_at,
            ui.focused,
            ui.hovered,
            ui.about,
        ),
        *(tuple(ui.console[-10:]), ui.typed, ui.caret, blink, ui.knob_page, ui.recorded),
        tuple(snapshot.calls),
        tuple(li.state for li in snapshot.listeners),
        *(tuple(sorted(ui.coming.items())), ui.typed_value, ui.replayed),
        *(tuple(bar.names(view)), bar.listens_anew(view)),
    )
    canvas.layer("control-room", CONTROL, key, lambda c: _panel(c, view), canvas.theme.paper)


def _panel(canvas: Canvas, view: View) -> None:
    theme = canvas.theme
    x, y, w, h = CONTROL
    canvas.box(x, y, w, h, theme.floor, theme.hair, 6)
    _tabs(canvas, view)
    canvas.line(x, 552, x + w, 552, theme.sign, 2)
    bar.draw_bar(canvas, view)
    if view.ui.tab == "console":
        draw_console(canvas, view)
        return
    _budget(canvas, view)
    if view.card.calls:
        draw_calls(canvas, view)
    else:
        _page_button(canvas, view)
        draw_knobs(canvas, view)


def _tabs(canvas: Canvas, view: View) -> None:
    """The tabs, and the sign that glides to the chosen one."""
    theme = canvas.theme
    chosen = next(i for i, (name, _, _) in enumerate(TABS) if name == view.ui.tab)
    at = chosen if view.ui.tab_at is None else view.ui.tab_at
    (x1, y, w1, h), (x2, _, w2, _) = TABS[0][2], TABS[1][2]
    x, w = x1 + (x2 - x1) * at, w1 + (w2 - w1) * at
    canvas.box(x, y, w, h, theme.sign, radius=6)
    canvas.box(x, y + 14, w, h - 14, theme.sign)
    for i, (name, word, (x, y, w, _)) in enumerate(TABS):
        hot = f"tab:{name}" in (view.ui.hovered, view.ui.focused)
        ink = theme.onsign if abs(i - at) < 0.5 else theme.ink if hot else theme.ink2
        canvas.text(x + w / 2, y + 19, view.say(word), "strong", ink, "center", max_width=w - 12)


def _page_button(canvas: Canvas, view: View) -> None:
    count = knob_pages(view.card)
    if count < 2:
        return
    theme = canvas.theme
    x, y, w, h = PAGE_RECT
    hot = "knobs:next" in (view.ui.hovered, view.ui.focused)
    canvas.box(x, y, w, h, theme.floor, theme.ink2 if hot else theme.hair, 3, 1.2)
    said = f"{view.ui.knob_page + 1}/{count}"
    canvas.text(x + w / 2 - 6, y + 15.5, said, "caption_bold", theme.ink, "center")
    canvas.icon("right", x + w - 14, y + h / 2, 9)


def _budget(canvas: Canvas, view: View) -> None:
    """What is left to spend: a number, and a plate for each point while they are few."""
    theme, budget = canvas.theme, view.card.budget
    if view.ui.recorded:
        said = view.say("replaying" if view.ui.replayed else "recording")
        room = 1232 - bar.end(view)
        canvas.text(1244, 543, said, "caption", theme.ink2, "right", max_width=room)
        return
    if not budget:
        return
    left = max(0, budget - view.current.cost)
    room = 1236 - bar.end(view)
    said = view.say("budget_left", n=left)
    if canvas.measure(said, "caption") > room:
        said = view.say("budget_short", n=left)
    end = 1244 - canvas.text(1244, 543, said, "caption", theme.ink2, "right", room)
    if budget > DOTS_MAX:
        return
    start = end - 8 - 11 * budget
    if start < bar.end(view) + 8:
        return
    for i in range(budget):
        if i < view.current.cost:
            canvas.box(start + 11 * i, 533, 8, 10, theme.ink2, radius=1)
        else:
            canvas.box(start + 11 * i, 533, 8, 10, None, theme.ink2, 1, 1.2)
