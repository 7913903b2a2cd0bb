"""The ticket line: the SYN queue of one listener, its cookies and its loudspeaker."""

from math import cos, pi, sin

from game.client.canvas import Canvas
from game.client.draw.accept_queue import draw_bullet
from game.client.draw.layout import (
    LINE_END,
    LINE_X,
    Grid,
    Platform,
    line_capacity,
    line_grid,
)
from game.client.draw.loss import LINE_RULES, chip_at, draw_chip
from game.client.draw.news import draw_new
from game.client.draw.view import View, whole
from game.client.metaphor import sprite_of
from game.client.sprites import Picture, code
from game.protocol.snapshot import Listener, Mark

CALLED_MS = 300
"""The number just called stands on a dark plate this long."""

NEW_W = 44.0
"""Room for the plate that says that the stamp is new."""

TICKET_PX_S = 90.0
CALLS_SHOWN_MAX = 6
FIGURE_H = {"big": 26.0, "full": 14.6, "bar": 14.0, "peg": 7.4}
FEET = {"big": 12.5, "full": 7.2, "bar": 7.0, "peg": 3.4}
RING_R = {"big": 19.0, "full": 11.5}


def draw_syn_queue(canvas: Canvas, view: View, box: Platform, listener: Listener) -> None:
    """Header, cookie lane, places and loudspeaker of one listener."""
    if not box.plan.line:
        return
    capacity, extra = line_capacity(listener.backlog, listener.syn_queue_limit)
    grid = line_grid(box, capacity, listener.syn_mark_unit)
    full = listener.syn_queue > listener.backlog
    words = (listener.state, view.ui.engineer, box, view.ui.new)
    count = (listener.syn_queue, listener.syn_queue_limit, listener.backlog, listener.cookies)
    x, y, w = LINE_X - 6, box.y, LINE_END - LINE_X + 6
    canvas.layer(
        f"line-head-{box.listener}",
        (x, y, w, 29),
        (*words, *count, None if box.speaker else chip_of(view, box.listener)),
        lambda c: _header(c, view, box, listener),
    )
    if listener.state != "LISTEN":
        return
    canvas.layer(
        f"line-places-{box.listener}",
        (x, y + 29, w, box.h - 29),
        (box, grid, extra, full),
        lambda c: _free_places(c, listener, grid, extra),
    )
    if box.speaker:
        key = (
            box,
            view.ui.new,
            listener.cookies,
            view.sysctl("tcp_syncookies"),
            is_hall_full(listener),
        )
        canvas.layer(
            f"line-lane-{box.listener}",
            (x, y + 29, w, 30),
            (key, chip_of(view, box.listener)),
            lambda c: _lane(c, view, box, listener),
        )
        _draw_tickets(canvas, view, box, listener)
        calls = (
            box,
            view.ui.new,
            listener.synack_calls,
            view.sysctl("tcp_synack_retries"),
            grid.unit,
        )
        canvas.layer(
            f"line-speaker-{box.listener}",
            (x, y + box.h - 27, w, 26),
            (calls, _hot_call(listener, view.now_ms)),
            lambda c: _loudspeaker(c, view, box, listener, grid),
        )
    elif grid.unit > 1:
        unit = view.say("mark_unit", n=grid.unit)
        canvas.text(LINE_X + 2, box.y + box.h - 5, unit, "caption", canvas.theme.ink2)
    _draw_places(canvas, view, box, listener, grid)


def chip_of(view: View, listener: int) -> tuple[int, str] | None:
    """What is lost at the line now: how often a second, and the counter."""
    return chip_at(view.seen.losses(listener), LINE_RULES)


def is_hall_full(listener: Listener) -> bool:
    """True when no finished handshake fits any more."""
    return listener.accept_queue > listener.backlog


def _header(canvas: Canvas, view: View, box: Platform, listener: Listener) -> None:
    theme, y = canvas.theme, box.y
    draw_bullet(canvas, box)
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
    chip = None if box.speaker else chip_of(view, box.listener)
    if chip:
        draw_chip(canvas, view, 418, y + 5, chip, end - 422)
        return
    word, kernel = view.names("ticket_line", "SYN queue")
    width = canvas.text(420, y + 20, word, "sign", theme.ink)
    view.beside(canvas, 425 + width, y + 20, (kernel,), end - 425 - width)


def _status(listener: Listener, full: bool) -> str:
    if full:
        return "triangle" if listener.cookies else "cross"
    return "triangle" if listener.syn_queue * 10 >= listener.syn_queue_limit * 9 else ""


def _lane(canvas: Canvas, view: View, box: Platform, listener: Listener) -> None:
    """The stamp's lane: bright while cookies are sent, pale while they wait, closed when off."""
    theme, y = canvas.theme, box.y
    setting = view.sysctl("tcp_syncookies")
    in_use = listener.cookies or setting == 2
    if not box.lane and not chip_of(view, box.listener):
        _row_of_words(canvas, view, box)
        return
    color = theme.focus if in_use else theme.hair
    if box.lane:
        canvas.dashed_line(LINE_X, y + 55, LINE_END, y + 55, color, 3 if in_use else 2, 8, 5)
    chip = chip_of(view, box.listener)
    if chip:
        draw_chip(canvas, view, LINE_X, y + 31, chip, LINE_END - LINE_X - 16)
        return
    width = canvas.text(LINE_X + 2, y + 49, view.say("cookie_stamp"), "caption", theme.ink2)
    if view.ui.new & {"line", "cookies"}:
        width += 8 + draw_new(canvas, view, LINE_X + 10 + width, y + 37)
    if setting == 0:
        said = view.say("stamp_closed")
        canvas.text(LINE_X + 10 + width, y + 49, said, "caption", theme.ink2)
    elif in_use and is_hall_full(listener):
        canvas.sprite("cross", LINE_END - 9, y + 45, 15)
    elif in_use:
        canvas.icon("arrow", LINE_END - 9, y + 45, 12)


def _row_of_words(canvas: Canvas, view: View, box: Platform) -> None:
    """What a place is for, where no stamp has a lane."""
    x, y = LINE_X + 2, box.y + 49
    if "line" in view.ui.new:
        x += 8 + draw_new(canvas, view, x, box.y + 37)
    said = view.say("half_open")
    canvas.text(x, y, said, "caption", canvas.theme.ink2, max_width=LINE_END - 8 - x)


def _draw_tickets(canvas: Canvas, view: View, box: Platform, listener: Listener) -> None:
    """Travellers who came back with a valid cookie, on their way to the hall."""
    if not box.lane:
        return
    start = LINE_X + 20 + canvas.measure(view.say("cookie_stamp"), "caption")
    start += NEW_W * bool(view.ui.new & {"line", "cookies"})
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
        if view.ui.reduced_motion:
            # They stand side by side, nearest to the hall first.
            x = last - 17.0 * len(figures)
            if x < start:
                break
            free_from = 0.0
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
    if grid.mark == "full":
        end = grid.x + grid.dx * (grid.columns - 0.5)
        for row in range(1, -(-grid.capacity // grid.columns)):
            y = grid.y + grid.dy * (row - 0.5) + 2
            canvas.line(LINE_X, y, end, y, theme.hair)
    if extra:
        x, y = grid.extra
        full = listener.syn_queue > listener.backlog
        line = "alert" if full else "mid"
        height = {"big": 38.0, "full": 23.0, "bar": 12.0, "peg": 8.0}[grid.mark]
        if full:
            # Outside the countdown ring of whoever stands there.
            height *= 1.18
        canvas.sprite("place-extra", x, y, height, line=line)
        if grid.mark in ("big", "full"):
            canvas.text(x, y - grid.dy * 0.58, "+1", "caption_bold", theme.ink2, "center")


def _draw_places(canvas: Canvas, view: View, box: Platform, listener: Listener, grid: Grid) -> None:
    """Who waits: figure, countdown to the next call, and calls so far."""
    if grid.mark == "peg":
        key = (view.seen.line(box.listener).version, box, grid, listener.syn_mark_unit)
        name = f"line-pegs-{box.listener}"
        canvas.stamp_kept(name, key, lambda: _figures(canvas, view, box, listener, grid))
        return
    spots = _spots(view, box, listener, grid)
    if grid.mark == "bar":
        for mark, x, y in spots:
            _bar(canvas, view, mark, x, y)
    else:
        r = RING_R[grid.mark]
        retries = view.sysctl("tcp_synack_retries")
        dots = min(5 if retries is None else retries, CALLS_SHOWN_MAX)
        now_ms = view.now_ms
        canvas.stamp([(_countdown(canvas, m, now_ms, r, dots), x, y) for m, x, y in spots])
    canvas.stamp(_figures(canvas, view, box, listener, grid))


def _spots(
    view: View, box: Platform, listener: Listener, grid: Grid
) -> list[tuple[Mark, float, float]]:
    """Every mark that is drawn, with the centre of its place."""
    step = max(1, grid.unit // max(1, listener.syn_mark_unit))
    slots = view.seen.line(box.listener).of
    found = []
    for i, mark in enumerate(listener.syn_marks[::step]):
        place = slots.get(mark.id, i) if step == 1 else i
        x, y = grid.place(min(place, grid.capacity))
        found.append((mark, x, y))
    return found


def _figures(
    canvas: Canvas, view: View, box: Platform, listener: Listener, grid: Grid
) -> list[tuple[Picture, float, float]]:
    """Those who have arrived; whoever is still walking is drawn on his way."""
    prefix = "peg-" if grid.mark == "peg" else ""
    height = FIGURE_H[grid.mark]
    feet = FEET[grid.mark]
    pictures: dict[int, Picture] = {}
    found = []
    for mark, x, y in _spots(view, box, listener, grid):
        if not prefix and mark.id in view.walking:
            continue
        if mark.actor not in pictures:
            name = f"{prefix}{sprite_of(mark.actor)}"
            pictures[mark.actor] = canvas.picture(name, height)
        found.append((pictures[mark.actor], x, y + feet))
    return found


def time_left(mark: Mark, now_ms: float) -> float:
    """How much of the present wait is left, 1 just after a call, 0 at the next one."""
    wait_ms = float(1000 << min(mark.tries, 8))
    return min(1.0, max(0.0, (mark.until_ms - now_ms) / wait_ms))


def _countdown(canvas: Canvas, mark: Mark, now_ms: float, r: float, dots: int) -> Picture:
    """Ring and dots of one place, in 32 steps."""
    step = round(time_left(mark, now_ms) * 32)
    called = min(mark.tries, dots)
    key = ("ring", mark.actor, step, r, called, dots, canvas.theme.name, canvas.k)
    return canvas.remember(key, lambda: _ring(canvas, mark.actor, step, r, called, dots))


def _ring(canvas: Canvas, actor: int, step: int, r: float, called: int, dots: int) -> Picture:
    theme = canvas.theme
    ink, pale = code(theme.token(sprite_of(actor))), code(theme.hair)
    # The free place under it is thin; a wider pale ring covers it.
    body = f'<circle cx="0" cy="0" r="{r}" fill="none" stroke="{pale}" stroke-width="2.2"/>'
    if step >= 32:
        body += f'<circle cx="0" cy="0" r="{r}" fill="none" stroke="{ink}" stroke-width="2.2"/>'
    elif step:
        angle = step * pi / 16
        tip = f"{r * sin(angle):.2f} {-r * cos(angle):.2f}"
        body += (
            f'<path d="M0 {-r}A{r} {r} 0 {int(step > 16)} 1 {tip}" fill="none" '
            f'stroke="{ink}" stroke-width="2.2"/>'
        )
    pitch = 4.6 if r < 15 else 6.0
    for i in range(dots):
        x = (i - (dots - 1) / 2) * pitch
        size, fill = (1.5, ink) if i < called else (1.1, pale)
        body += f'<circle cx="{x:.2f}" cy="{r + 5}" r="{size}" fill="{fill}"/>'
    return canvas.fragment(body, (-r - 3, -r - 2, 2 * r + 6, 2 * r + 10))


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
    if not box.plan.speaker:
        if grid.unit > 1:
            unit = view.say("mark_unit", n=grid.unit)
            canvas.text(LINE_X + 2, base, unit, "caption", theme.ink2)
        return
    canvas.sprite("loudspeaker", LINE_X + 3, base - 4, 10.2)
    retries = view.sysctl("tcp_synack_retries")
    shown = min(5 if retries is None else retries, CALLS_SHOWN_MAX)
    if shown == 0:
        canvas.text(LINE_X + 22, base, view.say("never_again"), "caption", theme.ink2)
        return
    end = LINE_END - 8
    end -= canvas.text(end, base, view.say("seconds"), "caption", theme.ink2, "right") + 3
    left = LINE_X + 22
    if "speaker" in view.ui.new:
        left += 8 + draw_new(canvas, view, left, base - 12)
    pitch = min(26.0 if left < LINE_X + 30 else 17.0, 108 / shown)
    first = end - pitch * (shown - 0.5)
    room = first - 12 - left
    first_word = [view.say("mark_unit", n=grid.unit)] if grid.unit > 1 else []
    for said in (*first_word, view.say("again_at"), view.say("again_short")):
        if canvas.measure(said, "caption") <= room:
            canvas.text(left, base, said, "caption", theme.ink2)
            break
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
