"""The departure board: `ss -ltn` rows and `nstat` counters as split flaps."""

from game.client.canvas import Canvas
from game.client.draw.accept_queue import is_full
from game.client.draw.layout import BOARD
from game.client.draw.view import View, short
from game.client.metaphor import bullet, letter, livery
from game.protocol.snapshot import Listener

WATCHED = (
    "TcpExtListenOverflows",
    "TcpExtListenDrops",
    "TcpExtTCPReqQFullDrop",
    "TcpExtSyncookiesSent",
    "TcpExtSyncookiesRecv",
    "TcpExtTCPTimeouts",
)
"""Counters that have a place on the board; others take the place of one that stands at 0."""

TELLING = frozenset(("TcpOutRsts", "TcpEstabResets", "TcpAttemptFails", "TcpRetransSegs"))
"""Counters outside TcpExt that are worth a place."""

NAME_LENGTH_MAX = 15
"""Signs of a counter's name that fit beside six flaps; a name is never cut."""

ROWS_MAX = 4


def board_counters(view: View) -> list[str]:
    """The six counters to show: the watched ones, and others that moved instead of idle ones."""
    moved = {name for name, value in view.current.counters.items() if value and _tells(name)}
    names = list(WATCHED)
    extra = sorted(moved - set(names), key=lambda name: (-view.seen.counter(name)[1], name))
    idle = [name for name in reversed(names) if name not in moved]
    for name, gone in zip(extra, idle, strict=False):
        names[names.index(gone)] = name
    return names


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
    key = (rows, before, counts, view.ui.hovered == "board", view.ui.focused == "board")
    canvas.layer("board", BOARD, key, lambda c: _board(c, view, shown, counts))


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
    tight = len(shown) > 2
    pitch = 21 if tight else 25
    top = 550 if tight else 554
    for i, listener in enumerate(shown):
        _row(canvas, view, listener, view.ui.page * 4 + i, top + pitch * i, tight)
    if not shown:
        canvas.text(68, 569, view.say("not_open"), "body", theme.boarddim)
    rule = top + pitch * len(shown) + 3 if tight else 610
    canvas.line(40, rule, 544, rule, theme.flap, 2)
    if not tight:
        canvas.text(40, 628, "nstat", "console", theme.amber)
        canvas.text(108, 628, view.say("since_start"), "caption", theme.boarddim)
    first = rule + 6 if tight else 635
    rows = max(1, int((702 - first) // 21))
    for i, (name, value, per_s, before) in enumerate(counts):
        row, column = i % 3, i // 3
        if row < rows:
            pitch_y = 22 if not tight else 21
            _counter(canvas, view, name, value, per_s, before, column, first + pitch_y * row)


def _row(
    canvas: Canvas, view: View, listener: Listener, number: int, y: float, tight: bool
) -> None:
    theme = canvas.theme
    middle = y + (9.5 if tight else 10)
    canvas.sprite(bullet(number), 50, middle, 17, livery=livery(number))
    canvas.text(50, middle + 4.3, letter(number), "caption_bold", theme.ontrain, "center")
    step = 13 if tight else 14
    state = listener.state or ""
    canvas.flaps(68, y, f"{state:<6}"[:6], small=tight)
    previous = view.previous.listeners
    before = previous[number].accept_queue if number < len(previous) else listener.accept_queue
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
    column: int,
    y: float,
) -> None:
    theme = canvas.theme
    x = 40 + 260 * column
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
