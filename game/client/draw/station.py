"""The whole picture of a station, from one moment of two snapshots.

Pure: nothing here remembers anything but pixels, and the same arguments give the same picture.
Motion of the world comes from simulated time, motion of the interface from `StationUi.wall_s`.
"""

from game.client.canvas import Canvas
from game.client.draw import layout
from game.client.draw.accept_queue import draw_accept_queue
from game.client.draw.bar import draw_tip
from game.client.draw.control_room import draw_control_room
from game.client.draw.cores import draw_cores
from game.client.draw.counters import draw_board
from game.client.draw.crowd import draw_internet, draw_legend
from game.client.draw.figures import figure_of
from game.client.draw.goals import draw_top_bar
from game.client.draw.history import History
from game.client.draw.knobs import draw_knob_tip
from game.client.draw.nic import draw_gate
from game.client.draw.notes import draw_hints, draw_toast
from game.client.draw.sockets import draw_sockets
from game.client.draw.syn_queue import draw_syn_queue
from game.client.draw.view import StationUi, View
from game.client.draw.waves import draw_timeline
from game.client.draw.why import draw_card
from game.client.draw.workers import draw_workers
from game.client.metaphor import livery, sprite_of
from game.protocol.catalogue import LevelCard
from game.protocol.snapshot import Snapshot

FIGURE = 19.0


def make_view(
    card: LevelCard,
    snapshots: tuple[Snapshot | None, Snapshot],
    blend: float,
    ui: StationUi,
    lang: str,
    seen: History | None = None,
) -> View:
    """What to draw; without a history, one that knows these two snapshots."""
    previous, current = snapshots
    if seen is None:
        seen = History(layout.plan_of(card.shows))
        if previous is not None:
            seen.observe(previous, ui.page)
        seen.observe(current, ui.page)
    return View(card, previous or current, current, blend, ui, seen, lang)


def draw_view(canvas: Canvas, view: View) -> None:
    """Everything, from the ground up."""
    canvas.clear()
    boxes = layout.platforms(len(view.current.listeners), view.ui.page, view.plan)
    if view.ui.head != "versus":
        draw_top_bar(canvas, view)
    if view.ui.head in ("run", "shared"):
        draw_timeline(canvas, view)
    draw_internet(canvas, view)
    draw_legend(canvas, view)
    draw_gate(canvas, view, boxes)
    for box in boxes:
        draw_platform(canvas, view, box)
    _draw_page_button(canvas, view)
    draw_cores(canvas, view)
    if view.plan.board or not view.card.calls:
        draw_board(canvas, view)
    else:
        draw_sockets(canvas, view)
    draw_control_room(canvas, view)
    draw_walks(canvas, view)
    _draw_pointed(canvas, view)
    draw_hints(canvas, view)
    draw_tip(canvas, view)
    draw_knob_tip(canvas, view)
    draw_toast(canvas, view)
    draw_card(canvas, view)


def draw_platform(canvas: Canvas, view: View, box: layout.Platform) -> None:
    """One listener: its panel, both queues, its crew."""
    listeners = view.current.listeners
    listener = listeners[box.listener] if box.listener < len(listeners) else None
    state = listener.state if listener else ""
    canvas.layer(
        f"platform-{box.listener}",
        box.rect,
        (box, state),
        lambda c: _ground(c, view, box, state),
        canvas.theme.paper,
    )
    if listener is not None and state:
        draw_syn_queue(canvas, view, box, listener)
        draw_accept_queue(canvas, view, box, listener)
    if listener is not None:
        draw_workers(canvas, view, box, listener)


def _ground(canvas: Canvas, view: View, box: layout.Platform, state: str) -> None:
    """The panel; before listen() only what is built already stands in full lines."""
    theme = canvas.theme
    x, y, w, h = box.rect
    if state == "LISTEN":
        canvas.box(x, y, w, h, theme.floor, theme.hair, 6)
        canvas.box(x, y, 5, h, theme.token(livery(box.listener)), radius=2)
        return
    canvas.box(x, y, w, h, theme.paper if not state else theme.floor)
    right, foot = x + w - 1, y + h - 1
    for x1, y1, x2, y2 in (
        *((x, y, right, y), (x, foot, right, foot), (x, y, x, foot), (right, y, right, foot)),
    ):
        canvas.dashed_line(x1, y1, x2, y2, theme.mid, 1.4, 8, 6)
    word = {"": "build_socket", "CLOSE": "build_bind", "BOUND": "build_listen"}.get(state, "")
    if not state:
        _empty_ground(canvas, box)
    if word:
        middle = (layout.LINE_X + layout.LINE_END) / 2 - 6
        if not box.plan.line:
            middle = (box.hall_x + box.hall_end) / 2
        canvas.text(middle, y + h / 2 + 5, view.say(word), "sign", theme.ink2, "center")


def _empty_ground(canvas: Canvas, box: layout.Platform) -> None:
    """Where line, hall and tracks will stand."""
    theme = canvas.theme
    top, end = box.y + 28, box.y + box.h - 12
    line = [(layout.LINE_X, layout.LINE_END - 12)] if box.plan.line else []
    for left, right in (*line, (box.hall_x + 8, box.hall_end - 8)):
        for x1, y1, x2, y2 in (
            (left, top, right, top),
            (left, end, right, end),
            (left, top, left, end),
            (right, top, right, end),
        ):
            canvas.dashed_line(x1, y1, x2, y2, theme.hair, 1.2, 5, 5)


def _draw_page_button(canvas: Canvas, view: View) -> None:
    count = len(view.current.listeners)
    if layout.pages(count) < 2:
        return
    theme = canvas.theme
    first = view.ui.page * layout.PLATFORMS_PER_PAGE
    last = min(count, first + layout.PLATFORMS_PER_PAGE)
    said = view.say("platform_of", a=first + 1, b=last, n=count)
    hot = "page:next" in (view.ui.hovered, view.ui.focused)
    canvas.box(1142, 114, 108, 22, theme.floor, theme.ink2 if hot else theme.hair, 3, 1.2)
    canvas.text(1186, 129.5, said, "caption_bold", theme.ink, "center", max_width=76)
    canvas.icon("right", 1238, 125, 9)


def _draw_pointed(canvas: Canvas, view: View) -> None:
    """A ring round the figure that is pointed at, or whose card is open, and its state."""
    theme = canvas.theme
    chosen = view.ui.selected if view.ui.selected.startswith("figure:") else view.ui.figure
    figure = figure_of(view, chosen) if chosen else None
    if figure is None:
        return
    canvas.circle(figure.x, figure.y, 14, None, theme.focus, 2.5)
    if chosen == view.ui.selected:
        return
    said = f"{view.say('one_' + sprite_of(figure.actor))} {figure.state}"
    if figure.since_ms is not None:
        said += f" {max(0.0, view.now_ms - figure.since_ms) / 1000:.1f} s"
    width = canvas.measure(said, "caption_bold") + 16
    x = min(max(8.0, figure.x - width / 2), 1272 - width)
    y = figure.y - 40 if figure.y > 160 else figure.y + 18
    canvas.box(x, y, width, 22, theme.board, radius=3)
    canvas.text(x + 8, y + 15.5, said, "caption_bold", theme.flaptext)


def draw_walks(canvas: Canvas, view: View) -> None:
    """Those on their way from one place to the next."""
    if view.ui.reduced_motion:
        return
    figures = []
    for i, walk in view.seen.walks.items():
        if i in view.walking:
            x, y = walk.at(view.now_ms)
            figures.append((canvas.picture(sprite_of(walk.actor), FIGURE), x, y + 9))
    canvas.stamp(figures)
