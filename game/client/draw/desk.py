"""The attacker's desk: botnet, budget, probes, what runs, and the hand. It is dark in every theme.

Whatever stands here comes from an `AttackView`: nothing of the machine inside.
"""

from dataclasses import dataclass
from math import cos, pi, sin

from game.client.canvas import Canvas
from game.client.metaphor import sprite_of
from game.client.plane import Rect
from game.client.theme import DARK
from game.protocol.attack import AttackView, Running
from game.protocol.catalogue import Arena, AttackCard
from game.text.cards import card_text
from game.text.versus import versus_text

LEFT, TOP, RIGHT = 800.0, 72.0, 1280.0
BOTNET: Rect = (824, 120, 432, 132)
PROBE: Rect = (824, 300, 204, 112)
RUNNING: Rect = (1040, 300, 216, 112)
CARD_W, CARD_H, CARD_PITCH, CARD_Y = 102.0, 178.0, 110.0, 478.0
LIFT = 12.0
PLAY: Rect = (1084, 668, 172, 36)
BOTS_SHOWN, BOT_COLUMNS = 96, 24
HEXAGONS_MAX = 20
PROBES_MS = 40_000
RUNNING_SHOWN = 2

STRIPES = ("#2FC4C0", "#FF6AA0", "#8FB1FF")
"""Across the arches of those who come from everywhere."""


@dataclass(frozen=True)
class DeskUi:
    """What the player is doing at the desk.

    Attributes:
        selected: place of the card that is lifted, -1 for none.
        hot: id of what is under the mouse or has the focus.
        plays: whether cards can be played here at all; a spectator only looks.
    """

    selected: int = -1
    hot: str = ""
    plays: bool = True


def card_rect(place: int, count: int, selected: bool = False) -> Rect:
    """Where a card of the hand lies."""
    pitch = CARD_PITCH if count <= 4 else 432 / count
    y = CARD_Y - LIFT if selected else CARD_Y
    return (824 + pitch * place, y, min(CARD_W, pitch - 6), CARD_H)


def find_card(arena: Arena, name: str) -> AttackCard | None:
    """A card of the arena by its name."""
    return next((card for card in arena.cards if card.name == name), None)


def objection(arena: Arena, view: AttackView, name: str) -> bool:
    """Whether a card cannot be paid now, in points or in bots."""
    card = find_card(arena, name)
    if card is None:
        return True
    return card.cost > view.points or card.bots > view.bots - view.bots_busy


def draw_desk(canvas: Canvas, arena: Arena, view: AttackView, ui: DeskUi) -> None:
    """The whole desk; painted anew a few times a second."""
    key = (
        (view.points, view.bots, view.bots_busy, view.bots_filtered, tuple(view.hand)),
        (tuple(view.running), tuple(view.probes), view.time_ms // 100, view.next_card_ms),
        (ui, canvas.theme.name),
    )
    dark = canvas.dressed(DARK, canvas.lang, canvas.text_delta)
    dark.extents = canvas.extents
    rect = (LEFT, TOP, RIGHT - LEFT, 720 - TOP)
    dark.layer("desk", rect, key, lambda c: _desk(c, arena, view, ui), DARK.paper)


def _desk(canvas: Canvas, arena: Arena, view: AttackView, ui: DeskUi) -> None:
    theme, lang = canvas.theme, canvas.lang
    canvas.text(824, 106, versus_text(lang, "desk"), "title", theme.ink, max_width=280)
    said = versus_text(lang, "desk_sees")
    canvas.text(1256, 106, said, "body", theme.ink2, "right", max_width=148)
    _botnet(canvas, view)
    _budget(canvas, arena, view)
    _probe(canvas, view)
    _running(canvas, arena, view)
    _hand(canvas, arena, view, ui)


def _panel(canvas: Canvas, rect: Rect, title: str, value: str) -> None:
    theme = canvas.theme
    x, y, w, h = rect
    canvas.box(x, y, w, h, theme.floor, theme.hair, radius=6, width=1.2)
    used = canvas.text(x + w - 16, y + 23, value, "sign", theme.ink, "right") if value else 0.0
    canvas.text(x + 16, y + 23, title, "sign", theme.ink, max_width=w - 40 - used)


def _botnet(canvas: Canvas, view: AttackView) -> None:
    """One figure for a printed number of machines: solid ready, hollow busy, a cross filtered."""
    theme, lang = canvas.theme, canvas.lang
    x, y, _, _ = BOTNET
    _panel(canvas, BOTNET, versus_text(lang, "botnet"), versus_text(lang, "bots_n", n=view.bots))
    unit = max(1, -(-view.bots // BOTS_SHOWN))
    ready = view.bots - view.bots_busy
    shown = -(-view.bots // unit)
    solid, crossed = ready // unit, view.bots_filtered // unit
    for index in range(shown):
        cx = x + 25 + 16.5 * (index % BOT_COLUMNS)
        feet = y + 48 + 16.5 * (index // BOT_COLUMNS)
        if index < solid:
            canvas.sprite("bot", cx, feet, 14.5, body="amber")
        elif index < shown - crossed:
            canvas.sprite("bot", cx, feet, 14.5, body="floor")
        else:
            canvas.icon("close", cx, feet - 6, 7.5, "mid")
    left = x + 16
    rows = (
        ("amber", ready, "bots_ready"),
        ("floor", view.bots_busy - view.bots_filtered, "bots_busy"),
        ("", view.bots_filtered, "bots_filtered"),
    )
    for body, count, key in rows:
        if body:
            canvas.sprite("bot", left + 6, y + 124, 14.5, body=body)
        else:
            canvas.icon("close", left + 6, y + 118, 8, "mid")
        used = canvas.text(left + 18, y + 123, str(count), "strong", theme.ink)
        said = versus_text(lang, key)
        left += 34 + used + canvas.text(left + 24 + used, y + 123, said, "body", theme.ink2)


def hexagon(canvas: Canvas, x: float, y: float, r: float, full: bool) -> None:
    """One point of a budget: full or hollow."""
    points = [(x + r * sin(i * pi / 3), y - r * cos(i * pi / 3)) for i in range(6)]
    theme = canvas.theme
    if full:
        canvas.polygon(points, theme.amber, theme.board if theme.bright else theme.amber, 1)
    else:
        canvas.polygon(points, None, theme.mid, 1.2)


def _budget(canvas: Canvas, arena: Arena, view: AttackView) -> None:
    theme, lang = canvas.theme, canvas.lang
    used = canvas.text(824, 281, versus_text(lang, "budget"), "sign", theme.ink)
    most = arena.points_max
    unit = max(1, -(-most // HEXAGONS_MAX))
    for index in range(-(-most // unit)):
        hexagon(canvas, 842 + used + 14.6 * index, 276, 7.4, index < view.points // unit)
    used = canvas.text(1256, 282, f"{view.points}", "title", theme.ink, "right")
    said = versus_text(lang, "budget_rate", n=f"{arena.points_gain / 1000:g}")
    canvas.text(1246 - used, 281, said, "caption", theme.ink2, "right")


def _probe(canvas: Canvas, view: AttackView) -> None:
    """Connect times of the last 40 s; a probe that never came through is a cross."""
    theme, lang = canvas.theme, canvas.lang
    x, y, w, h = PROBE
    last = view.probes[-1].connect_ms if view.probes else -2
    value = "–" if last == -2 else versus_text(lang, "probe_none")
    if last >= 0:
        value = versus_text(lang, "ping_ms", ms=last)
    _panel(canvas, PROBE, versus_text(lang, "probe"), value)
    left, right, base, top = x + 16, x + w - 16, y + h - 26, y + 36
    known = [probe for probe in view.probes if probe.at_ms > view.time_ms - PROBES_MS]
    full = max([400, *(probe.connect_ms for probe in known)]) * 1.1

    def place(at_ms: int) -> float:
        return right - (right - left) * (view.time_ms - at_ms) / PROBES_MS

    way = [
        (place(one.at_ms), base - (base - top) * one.connect_ms / full)
        for one in known
        if one.connect_ms >= 0
    ]
    if len(way) > 1:
        area = [(way[0][0], base), *way, (way[-1][0], base)]
        canvas.polygon(area, (35, 62, 92))
        canvas.polyline(way, theme.traveller, 1.8)
    for one in known:
        if one.connect_ms < 0:
            canvas.icon("close", place(one.at_ms), top + 4, 6, "alert")
    canvas.line(left, base, right, base, theme.hair, 1.2)
    said = versus_text(lang, "probe_more")
    canvas.text(left, y + h - 9, said, "caption", theme.ink2, max_width=w - 32)


def _running(canvas: Canvas, arena: Arena, view: AttackView) -> None:
    """Cards that are being played out: how long each still runs."""
    theme, lang = canvas.theme, canvas.lang
    x, y, _, _ = RUNNING
    more = len(view.running) - RUNNING_SHOWN
    value = versus_text(lang, "running_more", n=more) if more > 0 else ""
    _panel(canvas, RUNNING, versus_text(lang, "running"), value)
    if not view.running:
        canvas.text(x + 16, y + 52, versus_text(lang, "running_none"), "body", theme.ink2)
    # The youngest are the ones that somebody looks for.
    for index, running in enumerate(reversed(view.running[-RUNNING_SHOWN:])):
        _run_row(canvas, arena, view, running, y + 36 + 36 * index)


def _run_row(canvas: Canvas, arena: Arena, view: AttackView, running: Running, top: float) -> None:
    theme = canvas.theme
    x, _, w, _ = RUNNING
    card = find_card(arena, running.card)
    actor = sprite_of(card.actor) if card is not None else "ghost"
    canvas.sprite(actor, x + 26, top + 27, 20)
    left_ms = max(0, running.until_ms - view.time_ms)
    said = versus_text(canvas.lang, "card_coming", s=-(-left_ms // 1000))
    used = canvas.text(x + w - 16, top + 14, said, "strong", theme.ink, "right")
    name = card_text(canvas.lang, running.card).name
    canvas.text(x + 44, top + 14, name, "body", theme.ink, max_width=w - 68 - used)
    whole = max(1, running.until_ms - running.since_ms)
    width = w - 60
    canvas.box(x + 44, top + 21, width, 5, theme.hair, radius=2)
    part = left_ms / whole
    if part > 0:
        colour = theme.token(actor)
        canvas.box(x + 44, top + 21, max(3.0, width * part), 5, colour, radius=2)


def _hand(canvas: Canvas, arena: Arena, view: AttackView, ui: DeskUi) -> None:
    theme, lang = canvas.theme, canvas.lang
    canvas.text(824, 442, versus_text(lang, "hand"), "sign", theme.ink)
    if view.next_card_ms:
        seconds = max(0, -(-(view.next_card_ms - view.time_ms) // 1000))
        said = versus_text(lang, "next_card", s=seconds)
        canvas.text(1256, 442, said, "body", theme.ink2, "right")
    count = len(view.hand)
    for place, name in enumerate(view.hand):
        chosen = place == ui.selected
        rect = card_rect(place, count, chosen)
        if not name:
            canvas.box(*rect, None, theme.hair, radius=5, width=1.4)
            continue
        hot = ui.hot == f"card:{place}"
        _card(canvas, arena, view, name, rect, chosen, hot)
    if not ui.plays:
        return
    said = versus_text(lang, "drag_or_press", n=max(1, min(9, count)))
    canvas.text(824, 691, said, "caption", theme.ink2, max_width=PLAY[0] - 836)
    name = view.hand[ui.selected] if 0 <= ui.selected < count else ""
    x, y, w, h = PLAY
    payable = bool(name) and not objection(arena, view, name)
    fill = theme.amber if payable else theme.flap
    canvas.box(x, y, w, h, fill, radius=4)
    title = versus_text(lang, "play_none")
    if name:
        title = versus_text(lang, "play_card", card=card_text(lang, name).name)
    ink = theme.paper if payable else theme.ink2
    canvas.text(x + w / 2, y + 23, title, "sign", ink, "center", max_width=w - 16)


def _card(
    canvas: Canvas,
    arena: Arena,
    view: AttackView,
    name: str,
    rect: Rect,
    chosen: bool,
    hot: bool,
) -> None:
    theme, lang = canvas.theme, canvas.lang
    x, y, w, h = rect
    dear = objection(arena, view, name)
    words = card_text(lang, name)
    line = theme.amber if chosen else theme.ink2 if hot else theme.hair
    canvas.box(x, y, w, h, theme.floor, line, radius=5, width=2.6 if chosen else 1.4)
    canvas.box(x + 6, y + 6, w - 12, 62, theme.board, radius=3)
    with canvas.clip(x + 6, y + 6, w - 12, 62):
        _vignette(canvas, name, x + 6, y - 2)
    card = find_card(arena, name)
    if card is None:
        return
    points = [(x + 21 + 13 * sin(i * pi / 3), y + 21 - 13 * cos(i * pi / 3)) for i in range(6)]
    canvas.polygon(points, theme.hair if dear else theme.amber, theme.board, 2)
    ink = theme.ink if dear else theme.paper
    canvas.text(x + 21, y + 25.5, str(card.cost), "strong", ink, "center")
    room = w - 16
    canvas.text(x + 9, y + 84, words.name, "strong", theme.ink, max_width=room)
    role = "kernel" if words.kernel.isascii() else "caption"
    canvas.text(x + 9, y + 99, words.kernel, role, theme.ink2, max_width=room)
    canvas.line(x + 9, y + 106, x + w - 9, y + 106, theme.hair)
    said = versus_text(lang, "card_for", s=card.seconds)
    canvas.text(x + 9, y + 121, said, "caption", theme.ink2, max_width=room)
    for index, text in enumerate(canvas.wrap(words.effect, "caption", room)[:3]):
        canvas.text(x + 9, y + 138 + 15.5 * index, text, "caption", theme.ink, max_width=room)


def _vignette(canvas: Canvas, name: str, x: float, y: float) -> None:
    """What a card sends, as a picture of 90 × 72."""
    match name:
        case "syn_flood":
            for row in range(3):
                for column in range(5):
                    canvas.sprite("ghost", x + 36 + 12 * column - 6 * row, y + 30 + 18 * row, 14)
        case "pulse":
            for column, tall in enumerate((10.0, 22.0, 10.0, 10.0, 22.0, 10.0)):
                canvas.sprite("ghost", x + 14 + 13 * column, y + 62, tall)
        case "new_faces":
            for column, stripe in enumerate(STRIPES):
                left = x + 20 + 25 * column
                canvas.sprite("ghost", left, y + 62, 32)
                canvas.svg(f'<rect x="-7" y="0" width="14" height="3" fill="{stripe}"/>',
                           (-8, -1, 16, 5), left, y + 52)  # fmt: skip
        case "hoarders":
            for column in range(3):
                canvas.sprite("hoarder", x + 20 + 25 * column, y + 62, 26)
        case "slow_read" | "slow_send":
            canvas.sprite("slow", x + 56, y + 62, 34)
            for dot in range(3):
                at = 16 + 8 * dot
                canvas.circle(x + at, y + 58, 2, canvas.theme.slow)
            icon = "left" if name == "slow_read" else "right"
            canvas.icon(icon, x + 76, y + 26, 10, "ink2")
        case "forged_acks":
            for column in range(3):
                canvas.sprite("ticket", x + 24 + 22 * column, y + 54 - 6 * (column % 2), 15)
        case "rst_storm":
            for column in range(4):
                canvas.sprite("cross", x + 18 + 18 * column, y + 50 - 9 * (column % 2), 14)
        case _:
            canvas.sprite("traveller", x + 46, y + 62, 30)
