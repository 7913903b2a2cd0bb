"""The defender's half as spectators see it: a small station, the board, the knobs."""

from game.client.canvas import Canvas
from game.client.draw import layout
from game.client.draw.cores import draw_cores
from game.client.draw.counters import board_counters
from game.client.draw.crowd import crowd_size, draw_internet
from game.client.draw.knob_name import knob_name
from game.client.draw.nic import draw_gate
from game.client.draw.station import draw_platform, draw_walks
from game.client.draw.view import View, short
from game.client.metaphor import bullet, letter, livery, sprite_of
from game.client.plane import Rect
from game.protocol.snapshot import Actor, Listener
from game.text.versus import versus_text

SHRUNK = 0.8
"""The station is drawn at four fifths; its square and its tracks run out of the picture."""

SQUARE_CUT = 88.0
"""Design units of the square that lie outside at the left."""

CORE_GAP = 16.0
"""Design units between the last core and the edge."""

WHERE: Rect = (0, 72, 800, 332)
BOARD: Rect = (16, 416, 392, 260)
KNOBS: Rect = (424, 416, 368, 260)
ROWS_MAX = 4
COUNTERS = 5


def draw_watched(canvas: Canvas, view: View) -> None:
    """The left part of the picture, 800 wide."""
    x, y, w, h = WHERE
    with canvas.clip(x, y, w, h):
        small = canvas.shrunk(x - SQUARE_CUT * SHRUNK, y - layout.INTERNET[1] * SHRUNK, SHRUNK)
        boxes = layout.platforms(len(view.current.listeners), view.ui.page, view.plan)
        draw_internet(small, view, sign=False)
        draw_gate(small, view, boxes)
        for box in boxes:
            draw_platform(small, view, box)
        draw_cores(small, view, SQUARE_CUT + (x + w) / SHRUNK - CORE_GAP)
        draw_walks(small, view)
    _sign(canvas, view)
    _board(canvas, view)
    _knobs(canvas, view)


def _sign(canvas: Canvas, view: View) -> None:
    """What stands in the square, in words and numbers; its own sign lies outside the picture."""
    theme = canvas.theme
    right = (layout.GATE[0] - SQUARE_CUT) * SHRUNK
    top = WHERE[1]
    canvas.box(0, top, right, 34, theme.paper)
    canvas.box(8, top + 6, right - 14, 24, theme.sign, radius=3)
    count, unit, _ = crowd_size(view)
    said = f"= {short(unit)}/s" if count else ""
    used = canvas.text(right - 14, top + 22.5, said, "caption", theme.onsign2, "right")
    room = right - 36 - used
    said = versus_text(canvas.lang, "net" if count else "internet")
    canvas.text(14, top + 22.5, said, "sign", theme.onsign, max_width=room)
    rates = {crowd.actor: crowd.per_s for crowd in view.current.crowds}
    base = top + (layout.INTERNET[3]) * SHRUNK
    canvas.box(0, base, right, WHERE[3] - (base - top), theme.floor)
    canvas.line(0, base, right, base, theme.hair)
    for index, actor in enumerate((Actor.CLIENT, Actor.FLOOD, Actor.HOARDER, Actor.SLOW)):
        x, y = 6 + 52 * (index % 2), base + 19 + 22 * (index // 2)
        canvas.sprite(sprite_of(actor), x + 8, y + 1, 15)
        value = short(rates.get(actor, 0))
        canvas.text(x + 20, y, value, "caption_bold", theme.ink, max_width=32)


def _board(canvas: Canvas, view: View) -> None:
    theme = canvas.theme
    x, y, w, h = BOARD
    canvas.box(x, y, w, h, theme.board, radius=4)
    listeners = view.current.listeners[:ROWS_MAX]
    canvas.text(x + 16, y + 24, "ss -ltn", "kernel", theme.amber)
    heads = ((x + 184, "Recv-Q"), (x + 256, "Send-Q"), (x + w - 16, "Port"))
    for right, said in heads:
        canvas.text(right, y + 24, said, "kernel", theme.boarddim, "right")
    for index, listener in enumerate(listeners):
        _listener(canvas, index, listener, y + 34 + 24 * index)
    top = y + 40 + 24 * max(1, len(listeners))
    canvas.line(x + 16, top, x + w - 16, top, theme.flap, 1.2)
    canvas.text(x + 16, top + 20, "nstat", "kernel", theme.amber)
    rows = min(COUNTERS, int((y + h - top - 26) // 24))
    for index, name in enumerate(board_counters(view)[:rows]):
        base = top + 42 + 24 * index
        total, rate = view.seen.counter(name)
        plain = name.removeprefix("TcpExt")
        canvas.text(x + 16, base, plain, "kernel", theme.flaptext, max_width=150)
        text = f"{short(total):>7}" if total > 9_999_999 else f"{total:>7}"
        changed = frozenset(range(7)) if rate else frozenset()
        canvas.flaps(x + 176, base - 14, text, changed, small=True)
        said = versus_text(canvas.lang, "budget_rate", n=short(rate)) if rate else "0"
        canvas.text(x + w - 16, base, said, "caption", theme.boarddim, "right", max_width=88)


def _listener(canvas: Canvas, index: int, listener: Listener, top: float) -> None:
    theme = canvas.theme
    x, _, w, _ = BOARD
    canvas.sprite(bullet(index), x + 26, top + 10, 18, livery=livery(index))
    canvas.text(x + 26, top + 14.4, letter(index), "caption_bold", theme.ontrain, "center")
    canvas.text(x + 44, top + 14, listener.state or "–", "kernel", theme.flaptext, max_width=80)
    canvas.flaps(x + 130, top, f"{listener.accept_queue:>4}", small=True)
    canvas.flaps(x + 204, top, f"{listener.backlog:>4}", small=True)
    canvas.text(x + w - 16, top + 14, f"*:{listener.port}", "kernel", theme.flaptext, "right")


def _knobs(canvas: Canvas, view: View) -> None:
    """Every open knob with its value; nobody here can turn one."""
    theme, lang = canvas.theme, canvas.lang
    x, y, w, h = KNOBS
    canvas.box(x, y, w, h, theme.floor, theme.hair, radius=6, width=1.2)
    used = canvas.text(x + 16, y + 26, versus_text(lang, "quick_knobs"), "sign", theme.ink)
    said = versus_text(lang, "quick_more")
    canvas.text(x + w - 16, y + 26, said, "caption", theme.ink2, "right", max_width=w - 48 - used)
    purse = view.current.points
    knobs = [knob for knob in view.card.knobs if not knob.opens_at][:10]
    for index, knob in enumerate(knobs):
        left = x + 16 + 176 * (index % 2)
        top = y + 58 + 40 * (index // 2)
        value, pending = view.knob_values.get(knob.name, (knob.default, ""))
        shown = f"{value} → {pending}" if pending and pending != value else value
        name = knob_name(view.card, knob.name)
        canvas.text(left, top, name, "kernel", theme.ink2, max_width=168)
        canvas.text(left, top + 19, shown, "value", theme.ink, max_width=160)
    if purse >= 0:
        said = f"{versus_text(lang, 'ops_purse')}: {purse}"
        canvas.text(x + 16, y + h - 14, said, "strong", theme.ink, max_width=w - 32)
