"""The departure board: `ss -ltn` rows and `nstat` counters as split flaps."""

from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from game.client.canvas import Canvas
from game.client.draw.accept_queue import is_full
from game.client.draw.layout import BOARD
from game.client.draw.news import draw_new
from game.client.draw.view import View, short
from game.client.metaphor import bullet, letter, livery
from game.protocol.snapshot import Listener

WATCHED = (
    "TcpExtListenOverflows",
    "TcpExtListenDrops",
    "TcpExtTCPReqQFullDrop",
    "TcpExtSyncookiesSent",
    "TcpExtSyncookiesRecv",
)
"""Counters of the queues, and of the stamp; they have a place on the board from the start."""

PLACES = 6

TELLING = frozenset(("TcpOutRsts", "TcpEstabResets", "TcpAttemptFails", "TcpRetransSegs"))
"""Counters outside TcpExt that are worth a place."""

NAME_LENGTH_MAX = 15
"""Signs of a counter's name that fit beside six flaps; a name is never cut."""

ROWS_MAX = 4


def board_counters(view: View) -> list[str]:
    """The counters to show: those of the queues, then others in the order in which they moved.

    Whoever has a place keeps it for the whole run.
    """
    cookies = any(knob.name == "tcp_syncookies" for knob in view.card.knobs)
    names = list(WATCHED[: 2 + view.plan.line])
    if cookies and view.plan.cookies:
        names += WATCHED[3:5]
    moved = [name for name in view.seen.moved if _tells(name) and name not in names]
    return (names + moved)[:PLACES]


def _tells(name: str) -> bool:
    """Whether a counter says more than that packets came and went."""
    plain = name.removeprefix("TcpExt")
    return (plain != name or name in TELLING) and len(plain) <= NAME_LENGTH_MAX


def draw_board(canvas: Canvas, view: View) -> None:
    """The whole board; a flap that changed within the last second is amber."""
    shown = view.current.listeners[:ROWS_MAX]
    first = view.ui.page * 4
    if first:
        shown = view.current.listeners[first : first + ROWS_MAX]
    names = board_counters(view)
    counts = tuple(
        (name, *view.seen.counter(name), view.seen.counter_before(name)) for name in names
    )
    rows = tuple(
        (li.state, li.port, li.accept_queue, li.backlog, is_full(li), _line_is_full(li))
        for li in shown
    )
    before = tuple(li.accept_queue for li in view.previous.listeners[first : first + len(shown)])
    key = (
        *(rows, before, counts, view.instruments),
        *(view.ui.hovered == "board", view.ui.focused == "board"),
    )
    canvas.layer(
        "board",
        BOARD,
        key,
        lambda c: _board(c, view, shown, counts),
        canvas.theme.paper,
        patient=True,
    )
    _draw_turning(canvas, view, shown, counts)


FLIP_MS = 60.0
STAGGER_MS = 20.0
FLIPS_MAX = 4


class Digits(NamedTuple):
    """A number on the board that may be turning.

    Attributes:
        name: what `History.changes` calls it.
        x, y: upper left corner of its first cell.
        text, was: its signs now and before, equally many.
    """

    name: str
    x: float
    y: float
    text: str
    was: str
    small: bool


def _draw_turning(
    canvas: Canvas,
    view: View,
    shown: list[Listener],
    counts: tuple[tuple[str, int, int, int], ...],
) -> None:
    """Cells in the middle of a flip, over the finished board; none in a pause."""
    if view.ui.reduced_motion or view.ui.paused or view.blend >= 1.0:
        return
    for digits in _digits(view, shown, counts):
        change = view.seen.changes[digits.name]
        gone_ms = view.now_ms - change.at_ms
        pitch = 13 if digits.small else 14
        for i, (now, was) in enumerate(zip(digits.text, digits.was, strict=True)):
            if now == was:
                continue
            mine_ms = gone_ms - STAGGER_MS * (len(digits.text) - 1 - i)
            signs = _flips(was, now, change.calm)
            flip = int(mine_ms // FLIP_MS)
            if 0 <= flip < len(signs) - 1:
                x = digits.x + pitch * i
                canvas.turning_flap(x, digits.y, signs[flip + 1], signs[flip], digits.small)


def _flips(was: str, now: str, calm: bool) -> list[str]:
    """The signs a cell shows one after the other, from the old to the new one."""
    if not calm or not (was.isdigit() and now.isdigit()):
        return [was, now]
    steps = min(FLIPS_MAX, (int(now) - int(was)) % 10)
    return [was, *(str((int(now) - back) % 10) for back in range(steps - 1, -1, -1))]


def _digits(
    view: View, shown: list[Listener], counts: tuple[tuple[str, int, int, int], ...]
) -> Iterator[Digits]:
    """Every number that has changed not long ago, where the board shows it."""
    latest_ms = view.now_ms - FLIP_MS * FLIPS_MAX - STAGGER_MS * 6
    fresh = {name for name, change in view.seen.changes.items() if change.at_ms >= latest_ms}
    tight, top, pitch = _rows_at(shown)
    step = 13 if tight else 14
    for i, listener in enumerate(shown):
        number = view.ui.page * 4 + i
        for name, end, value in (
            (f"recv:{number}", 210, listener.accept_queue),
            (f"send:{number}", 274, listener.backlog),
        ):
            if name in fresh:
                text = f"{value:>3}"
                was = f"{view.seen.changes[name].was:>{len(text)}}"[-len(text) :]
                yield Digits(name, end - step * len(text), top + pitch * i, text, was, tight)
    for i, (name, value, _, _) in enumerate(counts):
        place = _counter_at(shown, i)
        if name in fresh and place is not None and value < 1_000_000:
            was = f"{view.seen.changes[name].was:>6}"[-6:]
            yield Digits(name, place[0] + 113, place[1], f"{value:>6}", was, True)


def _rows_at(shown: list[Listener]) -> tuple[bool, float, float]:
    """Whether rows stand close, where the first is, and their distance."""
    return (True, 550.0, 21.0) if len(shown) > 2 else (False, 554.0, 25.0)


def _counter_at(shown: list[Listener], index: int) -> tuple[float, float] | None:
    """Upper left corner of a counter, None where it has no room."""
    tight, top, pitch = _rows_at(shown)
    rule = top + pitch * len(shown) + 3 if tight else 610
    first = rule + 6 if tight else 635
    row, column = index % 3, index // 3
    if row >= max(1, int((702 - first) // 21)):
        return None
    return 40.0 + 260 * column, first + (21 if tight else 22) * row


def _line_is_full(listener: Listener) -> bool:
    return listener.state == "LISTEN" and listener.syn_queue >= listener.syn_queue_limit


def _board(
    canvas: Canvas,
    view: View,
    shown: list[Listener],
    counts: tuple[tuple[str, int, int, int], ...],
) -> None:
    theme = canvas.theme
    x, y, w, h = BOARD
    canvas.box(x, y, w, h, theme.board, radius=6)
    canvas.text(40, 545, "ss -ltn", "console", theme.amber)
    canvas.text(108, 545, "State", "kernel", theme.boarddim)
    canvas.text(209, 545, "Recv-Q", "kernel", theme.boarddim, "right")
    canvas.text(273, 545, "Send-Q", "kernel", theme.boarddim, "right")
    canvas.text(296, 545, "Local Address:Port", "kernel", theme.boarddim)
    if "board" in view.ui.new:
        draw_new(canvas, view, 466, 532)
    tight, top, pitch = _rows_at(shown)
    # Rows and counters are layers of their own: of all that is here, few change at a time.
    for i, listener in enumerate(shown):
        number, y = view.ui.page * 4 + i, top + pitch * i
        previous = view.previous.listeners
        before = previous[number].accept_queue if number < len(previous) else listener.accept_queue
        key = (
            listener.state, listener.port, listener.accept_queue, listener.backlog, before,
            _line_is_full(listener), number, y,
        )  # fmt: skip
        paint = partial(_row, view=view, listener=listener, before=before, number=number, y=y)
        canvas.layer(f"board-row-{i}", (38, y - 2, 508, 25), key, partial(paint, tight=tight))
    if not shown:
        canvas.text(68, 569, view.say("not_open"), "body", theme.boarddim)
    rule = top + pitch * len(shown) + 3 if tight else 610
    canvas.line(40, rule, 544, rule, theme.flap, 2)
    if not tight:
        canvas.text(40, 628, "nstat", "console", theme.amber)
        canvas.text(108, 628, view.say("since_start"), "caption", theme.boarddim)
    for i, (name, value, per_s, before) in enumerate(counts):
        place = _counter_at(shown, i)
        if place is not None:
            paint = partial(
                _counter, view=view, name=name, value=value, per_s=per_s, before=before,
                x=place[0], y=place[1],
            )  # fmt: skip
            rect = (place[0] - 1, place[1] - 1, 247, 22)
            canvas.layer(f"board-counter-{i}", rect, (name, value, per_s, before, place), paint)


def _row(
    canvas: Canvas,
    view: View,
    listener: Listener,
    before: int,
    number: int,
    y: float,
    tight: bool,
) -> None:
    theme = canvas.theme
    middle = y + (9.5 if tight else 10)
    canvas.sprite(bullet(number), 50, middle, 17, livery=livery(number))
    canvas.text(50, middle + 4.3, letter(number), "caption_bold", theme.ontrain, "center")
    step = 13 if tight else 14
    state = listener.state or ""
    canvas.flaps(68, y, f"{state:<6}"[:6], small=tight)
    full = is_full(listener)
    recv, send = f"{listener.accept_queue:>3}", f"{listener.backlog:>3}"
    changed = set(range(len(recv))) if full else _differ(recv, f"{before:>3}")
    # Longer numbers grow to the left, into the gap before them.
    canvas.flaps(210 - step * len(recv), y, recv, changed, small=tight)
    canvas.flaps(274 - step * len(send), y, send, small=tight)
    port = f"0.0.0.0:{listener.port}" if listener.port else "-"
    canvas.flaps(296, y, port[: 11 if not tight else 12], small=tight)
    if full:
        _plate(canvas, view.say("hall_full"), middle)
    elif _line_is_full(listener):
        canvas.text(502, middle + 4.6, view.say("line_full"), "caption_bold", theme.amber, "center")
    else:
        said = view.say("on_time" if listener.state == "LISTEN" else "not_open")
        canvas.text(502, middle + 4.6, said, "caption", theme.boarddim, "center", max_width=88)


def _plate(canvas: Canvas, said: str, middle: float) -> None:
    theme = canvas.theme
    canvas.box(460, middle - 10, 84, 20, theme.amber, radius=2)
    ink = theme.ink if theme.bright else theme.paper
    canvas.text(502, middle + 4.6, said, "caption_bold", ink, "center", max_width=80)


def _differ(now: str, before: str) -> set[int]:
    """Places at which two right-aligned numbers differ; blanks do not count."""
    wide = max(len(now), len(before))
    pairs = zip(now.rjust(wide), before.rjust(wide), strict=True)
    shift = wide - len(now)
    return {i - shift for i, (a, b) in enumerate(pairs) if a != b and a != " " and i >= shift}


def _counter(
    canvas: Canvas,
    view: View,
    name: str,
    value: int,
    per_s: int,
    before: int,
    x: float,
    y: float,
) -> None:
    theme = canvas.theme
    cells, end = 6, x + 191
    moving = value != before
    lesson = moving and name in (WATCHED[0], WATCHED[1])
    ink = theme.flaptext if lesson else theme.boarddim
    plain = name.removeprefix("TcpExt")
    digits = f"{value:>6}" if value < 1_000_000 else f"{short(value):>6}"
    flap_x = end - 13 * cells
    canvas.text(x, y + 14.5, plain, "kernel", ink, max_width=flap_x - x - 4)
    was = f"{before:>6}" if before < 1_000_000 else f"{short(before):>6}"
    changed = _differ(digits, was) if moving else set()
    canvas.flaps(flap_x, y, digits, changed if lesson else set(), small=True)
    rate = view.say("per_s", n=("+" if per_s > 0 else "") + short(per_s))
    role, color = ("caption_bold", theme.amber) if lesson else ("caption", theme.boarddim)
    canvas.text(x + 244, y + 14.5, rate, role, color, "right", max_width=50)
