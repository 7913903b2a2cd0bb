"""The street, as an attacker sees it: his own crowd before a station whose inside nobody knows."""

from collections.abc import Sequence
from functools import cache

from game.client.canvas import Canvas
from game.client.draw.crowd import HEIGHTS, unit_for
from game.client.draw.desk import find_card
from game.client.draw.passers import Passers
from game.client.draw.view import short
from game.client.metaphor import sprite_of
from game.client.plane import Rect
from game.protocol.attack import AttackView, Probe, Running
from game.protocol.catalogue import Arena
from game.protocol.snapshot import Actor
from game.text.cards import card_text
from game.text.versus import versus_text

SQUARE: Rect = (0, 72, 660, 412)
WALL_X, END = 660.0, 800.0
DOOR_Y, DOOR_H = 232.0, 120.0
PITCH_X, PITCH_Y = 13.0, 12.6
CELLS_MAX = 900
PUBLIC: Rect = (24, 500, 300, 160)
ON_WAY: Rect = (340, 500, 436, 160)
ROWS = 3
FIGURES_MAX = 30
PROBE_SHOWN_MS, PROBES_SHOWN = 2500, 3
PROBE_WAITS_MS = 3000
"""A probe gives up after this long."""


@cache
def cells() -> tuple[tuple[float, float, int], ...]:
    """Places of the crowd, nearest to the door first, with their size 0 to 3."""
    found = []
    _, y0, w, h = SQUARE
    for row in range(int((h - 112) / PITCH_Y)):
        for column in range(int((w - 40) / PITCH_X)):
            x = WALL_X - 16 - column * PITCH_X - (PITCH_X / 2 if row % 2 else 0)
            y = y0 + 52 + row * PITCH_Y
            if x < 12:
                continue
            far = ((WALL_X - x) ** 2 + ((y - DOOR_Y - DOOR_H / 2) * 1.25) ** 2) ** 0.5
            ragged = far + ((row * 37 + column * 61) % 17) * 2.2
            size = 3 if far < 110 else 2 if far < 240 else 1 if far < 400 else 0
            found.append((ragged, x, y, size))
    return tuple((x, y, size) for _, x, y, size in sorted(found))


def draw_street(
    canvas: Canvas,
    arena: Arena,
    view: AttackView,
    passers: Passers,
    title: str,
    port: int,
    now_ms: float,
) -> None:
    """The square, the closed front of the station, and what the street tells.

    Args:
        now_ms: the moment shown, between the view and the next one.
    """
    floods = tuple(
        (one.card, card.per_s)
        for one in view.running
        if (card := find_card(arena, one.card)) is not None and card.actor == Actor.FLOOD
    )
    key = (floods, title, port)
    ground = canvas.theme.pave
    canvas.layer(
        "street", (0, 72, 800, 412), key, lambda c: _square(c, floods, title, port), ground
    )
    passers.draw(canvas, now_ms)
    _people(canvas, arena, view)
    _probes(canvas, view)
    shares = passers.shares
    key2 = (view.time_ms // 250, tuple(view.running), len(shares), view.bots_filtered)
    rect = (0.0, 484.0, 800.0, 236.0)
    paper = canvas.theme.paper
    canvas.layer("street-foot", rect, key2, lambda c: _foot(c, arena, view, shares), paper)


def _square(canvas: Canvas, floods: tuple[tuple[str, int], ...], title: str, port: int) -> None:
    theme = canvas.theme
    rate = sum(per_s for _, per_s in floods)
    unit = unit_for(max(rate, 1))
    while rate / unit > CELLS_MAX:
        unit *= 10
    count = min(len(cells()), round(rate / unit))
    pictures = [
        canvas.picture(f"crowd-{size + 1}", HEIGHTS[size] * 1.25, ground="pave")
        for size in range(4)
    ]
    canvas.stamp([(pictures[size], x, y) for x, y, size in cells()[:count]])
    _front(canvas, title, port)
    canvas.box(24, 84, 240, 26, theme.sign, radius=3)
    canvas.text(34, 102, versus_text(canvas.lang, "street"), "sign", theme.onsign, max_width=130)
    if count:
        said = f"= {short(unit)}/s"
        width = canvas.text(254, 102, said, "caption", theme.onsign2, "right")
        canvas.svg(
            '<path d="M-3.85 0 V-9.57 A3.85 3.85 0 0 1 3.85 -9.57 V0 L1.93 -2.1 L0 0 L-1.93 -2.1 '
            'L-3.85 0 Z" fill="none" stroke="#FFFFFF" stroke-width="1.3" '
            'stroke-linejoin="round"/>',
            (-5, -15, 10, 17),
            254 - width - 14,
            103,
        )
    said = versus_text(canvas.lang, "street_more", port=port)
    width = canvas.measure(said, "caption") + 16
    canvas.box(276, 84, min(364.0, width), 26, theme.floor, radius=3)
    canvas.text(284, 101, said, "caption", theme.ink2, max_width=348)


def _front(canvas: Canvas, title: str, port: int) -> None:
    """A wall with a door: what is behind it cannot be seen from here."""
    theme = canvas.theme
    canvas.box(WALL_X, 72, END - WALL_X, 412, theme.floor)
    canvas.box(WALL_X, 72, 8, 412, theme.sign)
    canvas.box(WALL_X, DOOR_Y, 8, DOOR_H, theme.pave)
    for y in range(int(DOOR_Y), int(DOOR_Y + DOOR_H), 24):
        canvas.box(WALL_X - 2, y, 12, 6, theme.sign, radius=2)
        canvas.sprite("turnstile", WALL_X + 4, y + 16, 16)
    middle = (WALL_X + 8 + END) / 2
    canvas.box(WALL_X + 20, 92, END - WALL_X - 32, 58, theme.sign, radius=4)
    canvas.text(middle, 117, title, "sign", theme.onsign, "center", max_width=100)
    canvas.text(middle, 138, f":{port}", "kernel", theme.onsign2, "center")
    for row in range(2):
        for column in range(3):
            x, y = WALL_X + 24 + 36 * column, 170 + 22 * row
            canvas.box(x, y, 26, 14, theme.pave, theme.mid, radius=1, width=1.2)
    for row in range(4):
        y = 236 + 28 * row
        canvas.line(WALL_X + 24, y, END - 14, y, theme.hair, 1.2)
    canvas.text(middle, 300, "?", "display2", theme.mid, "center")
    for row in range(2):
        for column in range(3):
            x, y = WALL_X + 24 + 36 * column, 372 + 40 * row
            canvas.box(x, y, 26, 30, theme.pave, theme.mid, radius=1, width=1.2)


def _probes(canvas: Canvas, view: AttackView) -> None:
    """What the newest probes have measured, beside the door for a moment."""
    theme = canvas.theme
    told = [one for one in view.probes if _ended_ms(one) > view.time_ms - PROBE_SHOWN_MS]
    for index, probe in enumerate(reversed(told[-PROBES_SHOWN:])):
        said = versus_text(canvas.lang, "probe_failed")
        if probe.connect_ms >= 0:
            said = versus_text(canvas.lang, "probe_in", ms=probe.connect_ms)
        width = canvas.measure(said, "caption_bold") + 32
        x, y = WALL_X - 12 - width, DOOR_Y - 34 - 26 * index
        canvas.box(x, y, width, 22, theme.floor, theme.ink2, radius=3, width=1.2)
        canvas.sprite("tick" if probe.connect_ms >= 0 else "cross", x + 13, y + 11, 13)
        canvas.text(x + 25, y + 15.5, said, "caption_bold", theme.ink)


def _ended_ms(probe: Probe) -> int:
    return probe.at_ms + (probe.connect_ms if probe.connect_ms >= 0 else PROBE_WAITS_MS)


def _people(canvas: Canvas, arena: Arena, view: AttackView) -> None:
    """Those who connect: who stands at the door is connected, who was thrown out has a cross."""
    figures = []
    column = 0
    cross = canvas.picture("cross", 9)
    for running in view.running:
        card = find_card(arena, running.card)
        if card is None or card.actor == Actor.FLOOD or not running.connections:
            continue
        name = sprite_of(card.actor)
        halo = canvas.picture(f"{name}-halo", 22, ground="pave")
        body = canvas.picture(name, 22, ground="pave")
        waits = running.connections - running.unanswered
        for number in range(min(FIGURES_MAX, waits)):
            inside = number < running.connected
            out = number >= waits - running.refused
            row, file = number % 6, number // 6
            x = WALL_X - 16 - 22 * file if inside else WALL_X - 190 - 24 * file - 30 * column
            y = DOOR_Y + 14 + 21 * row + (5 if file % 2 else 0)
            figures += [(halo, x, y), (body, x, y)]
            if out:
                figures.append((cross, x + 6, y - 16))
        column += 2
    canvas.stamp(figures)


def _foot(
    canvas: Canvas, arena: Arena, view: AttackView, shares: Sequence[tuple[int, float]]
) -> None:
    _public(canvas, arena, view, shares)
    theme, lang = canvas.theme, canvas.lang
    x, y, w, h = ON_WAY
    canvas.box(x, y, w, h, theme.floor, theme.hair, radius=6, width=1.2)
    used = canvas.text(x + 16, y + 24, versus_text(lang, "street_running"), "sign", theme.ink)
    if view.bots_filtered:
        said = versus_text(lang, "street_filtered", n=view.bots_filtered)
        room = w - 44 - used
        canvas.text(x + w - 16, y + 24, said, "caption_bold", theme.alert, "right", max_width=room)
    if not view.running:
        canvas.text(x + 16, y + 52, versus_text(lang, "street_quiet"), "body", theme.ink2)
    for index, running in enumerate(reversed(view.running[-ROWS:])):
        _way_row(canvas, arena, view, running, y + 40 + 39 * index)


def _way_row(canvas: Canvas, arena: Arena, view: AttackView, running: Running, top: float) -> None:
    """What can be told of one card from outside."""
    theme, lang = canvas.theme, canvas.lang
    x, _, w, _ = ON_WAY
    card = find_card(arena, running.card)
    if card is None:
        return
    canvas.sprite(sprite_of(card.actor), x + 28, top + 29, 22)
    seconds = max(0, -(-(running.until_ms - view.time_ms) // 1000))
    left = versus_text(lang, "card_coming", s=seconds)
    canvas.text(x + w - 16, top + 14, left, "strong", theme.ink, "right")
    name = card_text(lang, running.card).name
    canvas.text(x + 50, top + 14, name, "strong", theme.ink, max_width=w - 130)
    if card.actor == Actor.FLOOD:
        said = versus_text(lang, "street_flood", n=short(card.per_s))
    else:
        said = fate(lang, running)
    canvas.text(x + 50, top + 30, said, "caption", theme.ink2, max_width=w - 66)


def fate(lang: str, running: Running) -> str:
    """What became of the connections of a card, as far as whoever opened them knows."""
    waiting = running.connections - running.connected - running.refused - running.unanswered
    counts = (
        ("street_opened", running.connections),
        ("street_stand", running.connected),
        ("street_wait", max(0, waiting)),
        ("street_refused", running.refused),
        ("street_unanswered", running.unanswered),
    )
    return " · ".join(versus_text(lang, key, n=n) for key, n in counts if n)


def _public(
    canvas: Canvas, arena: Arena, view: AttackView, shares: Sequence[tuple[int, float]]
) -> None:
    """The served share since the half began, and the mark that the attacker pushes it under."""
    theme, lang = canvas.theme, canvas.lang
    x, y, w, h = PUBLIC
    canvas.box(x, y, w, h, theme.floor, theme.hair, radius=6, width=1.2)
    share = f"{view.served / view.attempts * 100:.0f} %" if view.attempts else "–"
    used = canvas.text(x + w - 16, y + 24, share, "sign", theme.ink, "right")
    said = versus_text(lang, "street_score")
    canvas.text(x + 16, y + 24, said, "sign", theme.ink, max_width=w - 44 - used)
    left, right, top, base = x + 52, x + w - 16, y + 40, y + h - 16
    mark = base - (base - top) * arena.share / 1000
    canvas.dashed_line(left, mark, right, mark, theme.ink2, 1.4, 4, 4)
    canvas.text(left - 8, mark + 4, f"{arena.share / 10:.0f} %", "caption", theme.ink2, "right")
    canvas.line(left, base, right, base, theme.ink, 1.4)
    if len(shares) < 2:
        return
    first, last = shares[0][0], max(shares[-1][0], shares[0][0] + 1)
    way = [
        (left + (right - left) * (at - first) / (last - first), base - (base - top) * part)
        for at, part in shares
    ]
    canvas.polyline(way, theme.traveller, 2)
