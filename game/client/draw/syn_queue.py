"""The ticket line: the SYN queue of one listener, its cookies and its loudspeaker."""

from game.client.canvas import Canvas
from game.client.draw.layout import (
    LINE_END,
    LINE_X,
    Grid,
    Platform,
    line_capacity,
    line_grid,
)
from game.client.draw.loss import LINE_RULES, chip_at, draw_chip
from game.client.draw.view import View, whole
from game.client.metaphor import bullet, letter, livery, sprite_of
from game.client.sprites import Picture
from game.protocol.snapshot import Listener, Mark

CALLED_MS = 300
"""The number just called stands on a dark plate this long."""

TICKET_PX_S = 90.0
CALLS_SHOWN_MAX = 6
FIGURE_H = {"big": 26.0, "full": 14.6, "bar": 14.0, "peg": 7.4}
RING_R = {"big": 19.0, "full": 11.5}


def draw_syn_queue(canvas: Canvas, view: View, box: Platform, listener: Listener) -> None:
    """Header, cookie lane, places and loudspeaker of one listener."""
    capacity, extra = line_capacity(listener.backlog, listener.syn_queue_limit)
    grid = line_grid(box, capacity, listener.syn_mark_unit)
    retries = view.sysctl("tcp_synack_retries")
    key = (
        *(listener.syn_queue, listener.syn_queue_limit, listener.backlog, listener.state),
        *(listener.cookies, listener.synack_calls, retries, _hot_call(listener, view.now_ms)),
        *(view.sysctl("tcp_syncookies"), grid, box, view.ui.engineer, chip_of(view, box.listener)),
        _hall_is_full(listener),
    )
    rect = (LINE_X - 6, box.y, LINE_END - LINE_X + 6, box.h)
    canvas.layer(
        f"line-{box.listener}", rect, key, lambda c: _ground(c, view, box, listener, grid, extra)
    )
    if box.lane:
        _draw_tickets(canvas, view, box, listener)
    _draw_places(canvas, view, box, listener, grid)


def chip_of(view: View, listener: int) -> tuple[int, str] | None:
    """What is lost at the line now: how often a second, and the counter."""
    return chip_at(view.seen.losses(listener), LINE_RULES)


def _hall_is_full(listener: Listener) -> bool:
    return listener.accept_queue > listener.backlog


def _ground(
    canvas: Canvas, view: View, box: Platform, listener: Listener, grid: Grid, extra: bool
) -> None:
    _header(canvas, view, box, listener)
    if listener.state != "LISTEN":
        return
    if box.lane:
        _lane(canvas, view, box, listener)
    _free_places(canvas, listener, grid, extra)
    if box.speaker:
        _loudspeaker(canvas, view, box, listener, grid)
    elif grid.unit > 1:
        unit = view.say("mark_unit", n=grid.unit)
        canvas.text(LINE_X + 2, box.y + box.h - 4, unit, "caption", canvas.theme.ink2)


def _header(canvas: Canvas, view: View, box: Platform, listener: Listener) -> None:
    theme, y = canvas.theme, box.y
    token = livery(box.listener)
    canvas.sprite(bullet(box.listener), 404, y + 15, 20, livery=token)
    canvas.text(404, y + 19.5, letter(box.listener), "caption_bold", theme.ontrain, "center")
    canvas.line(LINE_X - 3, y + 28, LINE_END - 8, y + 28, theme.hair)
    count = ""
    end = LINE_END - 8
    if listener.state == "LISTEN":
        capacity, _ = line_capacity(listener.backlog, listener.syn_queue_limit)
        full = listener.syn_queue >= listener.syn_queue_limit
        count = f"{whole(listener.syn_queue)}/{whole(capacity)}"
        ink = theme.alert if full and not listener.cookies else theme.ink
        end -= canvas.text(end, y + 20, count, "sign", ink, "right") + 4
        sign = _status(listener, full)
        if sign:
            canvas.sprite(sign, end - 8, y + 14.5, 14)
            end -= 20
    word, kernel = view.names("ticket_line", "SYN queue")
    width = canvas.text(420, y + 20, word, "sign", theme.ink)
    canvas.text(425 + width, y + 20, kernel, "kernel", theme.ink2, max_width=end - 425 - width)


def _status(listener: Listener, full: bool) -> str:
    if full:
        return "triangle" if listener.cookies else "cross"
    return "triangle" if listener.syn_queue * 10 >= listener.syn_queue_limit * 9 else ""


def _lane(canvas: Canvas, view: View, box: Platform, listener: Listener) -> None:
    """The stamp's lane: bright while cookies are sent, pale while they wait, closed when off."""
    theme, y = canvas.theme, box.y
    setting = view.sysctl("tcp_syncookies")
    in_use = listener.cookies or setting == 2
    color = theme.focus if in_use else theme.hair
    canvas.dashed_line(LINE_X, y + 55, LINE_END, y + 55, color, 3 if in_use else 2, 8, 5)
    chip = chip_of(view, box.listener)
    if chip:
        draw_chip(canvas, view, LINE_X, y + 31, chip, LINE_END - LINE_X - 16)
        return
    width = canvas.text(LINE_X + 2, y + 49, view.say("cookie_stamp"), "caption", theme.ink2)
    if setting == 0:
        said = view.say("stamp_closed")
        canvas.text(LINE_X + 10 + width, y + 49, said, "caption", theme.ink2)
    elif in_use and _hall_is_full(listener):
        canvas.sprite("cross", LINE_END - 9, y + 45, 15)
    elif in_use:
        canvas.icon("arrow", LINE_END - 9, y + 45, 12)


def _draw_tickets(canvas: Canvas, view: View, box: Platform, listener: Listener) -> None:
    """Travellers who came back with a valid cookie, on their way to the hall."""
    start = LINE_X + 92
    figures: list[tuple[Picture, float, float]] = []
    traveller, ticket = canvas.picture("traveller", 19), canvas.picture("ticket", 6.4)
    last = LINE_END - 50
    free_from = last
    arrivals = [
        time_ms - i * 260
        for time_ms, received in reversed(view.seen.tickets.get(box.listener, ()))
        for i in range(min(received, 4))
    ]
    for time_ms in sorted(arrivals, reverse=True):
        x = start + max(0.0, view.now_ms - time_ms) / 1000 * TICKET_PX_S
        if x > last or (figures and x < free_from):
            continue
        figures.append((traveller, x, box.y + 53))
        figures.append((ticket, x + 12, box.y + 43))
        free_from = x + 32
    canvas.stamp(figures)


def _free_places(canvas: Canvas, listener: Listener, grid: Grid, extra: bool) -> None:
    """Every place as if it were empty; figures are drawn over them."""
    theme = canvas.theme
    for i in range(grid.capacity):
        x, y = grid.place(i)
        if grid.mark == "peg":
            canvas.sprite("peg-free", x, y + 2, 7)
        elif grid.mark == "bar":
            canvas.circle(x, y - 1, 3.4, line=theme.mid, width=1.1)
        else:
            canvas.circle(x, y, RING_R[grid.mark] - 0.3, line=theme.mid, width=1.2)
    if extra:
        x, y = grid.extra
        full = listener.syn_queue > listener.backlog
        line = "alert" if full else "mid"
        height = {"big": 38.0, "full": 23.0, "bar": 12.0, "peg": 8.0}[grid.mark]
        canvas.sprite("place-extra", x, y, height, line=line)
        if grid.mark in ("big", "full"):
            canvas.text(x, y - grid.dy * 0.58, "+1", "caption_bold", theme.ink2, "center")


def _draw_places(canvas: Canvas, view: View, box: Platform, listener: Listener, grid: Grid) -> None:
    """Who waits: figure, countdown to the next call, and calls so far."""
    step = max(1, grid.unit // max(1, listener.syn_mark_unit))
    marks = listener.syn_marks[::step]
    slots = view.seen.lines[box.listener].of if box.listener < len(view.seen.lines) else {}
    retries = view.sysctl("tcp_synack_retries")
    calls = 5 if retries is None else retries
    figures = []
    for i, mark in enumerate(marks):
        place = slots.get(mark.id, i) if step == 1 else i
        x, y = grid.place(min(place, grid.capacity))
        arriving = mark.id in view.seen.walks and view.seen.walks[mark.id].until_ms > view.now_ms
        if grid.mark in RING_R:
            _countdown(canvas, view, mark, x, y, RING_R[grid.mark], calls)
        elif grid.mark == "bar":
            _bar(canvas, view, mark, x, y)
        if not arriving:
            name = sprite_of(mark.actor)
            drawn = f"peg-{name}" if grid.mark == "peg" else name
            height = FIGURE_H[grid.mark]
            feet = {"big": 12.5, "full": 7.2, "bar": 7.0, "peg": 3.4}[grid.mark]
            figures.append((canvas.picture(drawn, height), x, y + feet))
    canvas.stamp(figures)


def time_left(mark: Mark, now_ms: float) -> float:
    """How much of the present wait is left, 1 just after a call, 0 at the next one."""
    wait_ms = float(1000 << min(mark.tries, 8))
    return min(1.0, max(0.0, (mark.until_ms - now_ms) / wait_ms))


def _countdown(
    canvas: Canvas, view: View, mark: Mark, x: float, y: float, r: float, calls: int
) -> None:
    theme = canvas.theme
    token = theme.token(sprite_of(mark.actor))
    # The free place under it is thin; a wider pale ring covers it.
    canvas.circle(x, y, r, line=theme.hair, width=2.2)
    canvas.arc(x, y, r, 0, round(time_left(mark, view.now_ms) * 32) * 11.25, token, 2.2)
    shown = min(calls, CALLS_SHOWN_MAX)
    pitch = 4.6 if r < 15 else 6.0
    for i in range(shown):
        dot_x = x + (i - (shown - 1) / 2) * pitch
        if i < mark.tries:
            canvas.circle(dot_x, y + r + 5, 1.5, token)
        else:
            canvas.circle(dot_x, y + r + 5, 1.1, theme.hair)


def _bar(canvas: Canvas, view: View, mark: Mark, x: float, y: float) -> None:
    theme = canvas.theme
    part = time_left(mark, view.now_ms)
    canvas.box(x - 4.5, y - 6, 9, 14.4, theme.floor)
    canvas.box(x - 4, y + 8.6, 8, 1.6, theme.hair)
    canvas.box(x - 4, y + 8.6, 8 * part, 1.6, theme.token(sprite_of(mark.actor)))


def _hot_call(listener: Listener, now_ms: float) -> int:
    """Which call sounds now: 0 the first; -1 for silence."""
    newest, hot = CALLED_MS + 1.0, -1
    for mark in listener.syn_marks:
        if mark.tries:
            gone = now_ms - (mark.until_ms - (1000 << mark.tries))
            if 0 <= gone < newest:
                newest, hot = gone, mark.tries - 1
    return hot


def _loudspeaker(canvas: Canvas, view: View, box: Platform, listener: Listener, grid: Grid) -> None:
    """When each SYN-ACK is sent again; calls that pruning takes away are struck out."""
    theme = canvas.theme
    base = box.y + box.h - 10
    canvas.sprite("loudspeaker", LINE_X + 3, base - 4, 10.2)
    retries = view.sysctl("tcp_synack_retries")
    shown = min(5 if retries is None else retries, CALLS_SHOWN_MAX)
    if shown == 0:
        canvas.text(LINE_X + 22, base, view.say("never_again"), "caption", theme.ink2)
        return
    end = LINE_END - 8
    end -= canvas.text(end, base, view.say("seconds"), "caption", theme.ink2, "right") + 3
    pitch = min(26.0, 108 / shown)
    first = end - pitch * (shown - 0.5)
    room = first - 12 - LINE_X - 22
    said = view.say("mark_unit", n=grid.unit) if grid.unit > 1 else view.say("again_at")
    canvas.text(LINE_X + 22, base, said, "caption", theme.ink2, max_width=max(40, room))
    hot = _hot_call(listener, view.now_ms)
    for i in range(shown):
        said, x = str(2 ** (i + 1) - 1), first + pitch * i
        struck = i >= listener.synack_calls
        if i == hot and not struck:
            canvas.box(x - 10, base - 13, 20, 17, theme.sign, radius=3)
            canvas.text(x, base, said, "caption_bold", theme.onsign, "center")
            continue
        role = "caption" if struck else "caption_bold"
        width = canvas.text(x, base, said, role, theme.ink2, "center")
        if struck:
            canvas.line(x - width / 2 - 3, base - 4, x + width / 2 + 3, base - 4, theme.ink2, 1.6)
