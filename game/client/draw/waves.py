"""The timetable: offered load over the level, thickness for SYNs a second, and where we are."""

from game.client.canvas import Canvas
from game.client.draw.layout import TIMELINE
from game.client.draw.view import View, minutes, short
from game.client.metaphor import WAVE_WORDS, sprite_of
from game.protocol.catalogue import LevelCard, Wave
from game.protocol.snapshot import Actor
from game.text.cards import card_text

AXIS_Y, LEFT, RIGHT = 92.0, 24.0, 1256.0
THICK_MAX = 23.0
STEPS = 180


def place(card: LevelCard, time_ms: float) -> float:
    """Where a moment lies on the axis."""
    return LEFT + (RIGHT - LEFT) * min(1.0, max(0.0, time_ms / (card.seconds * 1000)))


def load_at(card: LevelCard, time_ms: float) -> int:
    """Connections a second that all waves together offer at a moment."""
    return sum(w.per_s for w in card.waves if w.from_ms <= time_ms < w.until_ms)


def _thickness(card: LevelCard, time_ms: float) -> float:
    """Half the thickness: a root, so that 60 travellers beside 6,000 ghosts still show."""
    load = load_at(card, time_ms)
    peak = max([load_at(card, w.from_ms) for w in card.waves] + [10])
    return max(1.8, THICK_MAX / 2 * (load / peak) ** 0.45) if load else 0.8


def draw_timeline(canvas: Canvas, view: View) -> None:
    """The axis with its waves; what is over is dark, what comes is pale."""
    now_x = place(view.card, view.now_ms)
    x, y, _, h = TIMELINE
    card_id = view.card.id
    canvas.layer(
        "waves-ahead",
        TIMELINE,
        card_id,
        lambda c: _band(c, view.card, "pave2", "rail"),
        canvas.theme.paper,
    )
    with canvas.clip(x, y, now_x, h):
        canvas.layer(
            "waves-past",
            TIMELINE,
            card_id,
            lambda c: _band(c, view.card, "ink2", "ink2"),
            canvas.theme.paper,
        )
    passed = sum(1 for wave in view.card.waves if wave.from_ms <= view.now_ms)
    canvas.layer("waves-words", TIMELINE, (card_id, passed), lambda c: _words(c, view, now_x))
    _now_plate(canvas, view, now_x)


def _words(canvas: Canvas, view: View, now_x: float) -> None:
    theme, card = canvas.theme, view.card
    canvas.line(LEFT, AXIS_Y, RIGHT, AXIS_Y, theme.ink2, 1.5)
    end_x = RIGHT - canvas.measure(minutes(card.seconds * 1000), "caption")
    for waves, room_end in _stops(canvas, view, end_x):
        _stop(canvas, view, waves, now_x, room_end)
    canvas.box(RIGHT - 3, 84, 6, 16, theme.ink)
    canvas.text(1259, 75, minutes(card.seconds * 1000), "caption", theme.ink2, "right")


def _band(canvas: Canvas, card: LevelCard, fill: str, edge: str) -> None:
    start, end = LEFT, RIGHT
    span_ms = card.seconds * 1000
    upper, lower = [], []
    count = max(2, round(STEPS * (end - start) / (RIGHT - LEFT)))
    for i in range(count + 1):
        x = start + (end - start) * i / count
        # The load a little before and after a moment, so that waves swell instead of jumping.
        moment = (x - LEFT) / (RIGHT - LEFT) * span_ms
        reach = span_ms / 150
        half = sum(_thickness(card, moment + reach * d) for d in (-2, -1, 0, 1, 2)) / 5
        upper.append((x, AXIS_Y - half))
        lower.append((x, AXIS_Y + half))
    theme = canvas.theme
    canvas.polygon(upper + lower[::-1], theme.token(fill), theme.token(edge), 0.8)


def _stops(canvas: Canvas, view: View, end_x: float) -> list[tuple[list[Wave], float]]:
    """Waves that begin together share a stop; each stop's text may reach to the next one."""
    starts = sorted({w.from_ms for w in view.card.waves})
    groups: list[list[Wave]] = []
    for start in starts:
        group = [w for w in view.card.waves if w.from_ms == start]
        groups.append(sorted(group, key=lambda w: w.per_s, reverse=True))
    xs = [place(view.card, g[0].from_ms) for g in groups]
    ends = [*(x - 10 for x in xs[1:]), end_x - 10]
    return list(zip(groups, ends, strict=True))


def _stop(canvas: Canvas, view: View, waves: list[Wave], now_x: float, room_end: float) -> None:
    theme = canvas.theme
    x = place(view.card, waves[0].from_ms)
    canvas.circle(x, AXIS_Y, 6, theme.floor, theme.ink, 2.4)
    if x <= now_x:
        canvas.circle(x, AXIS_Y, 2.6, theme.ink)
    at = x
    for wave in waves:
        name, said = _wave_text(view, wave)
        room = room_end - at - 12
        rate = view.say("per_s", n=short(wave.per_s))
        needed = canvas.measure(said, "strong") + 6 + canvas.measure(rate, "caption")
        if room < 0:
            return
        canvas.sprite(name, at + 1, 79, 17, ground="paper")
        if needed <= room:
            width = canvas.text(at + 12, 75, said, "strong", theme.ink)
            canvas.text(at + 18 + width, 75, rate, "caption", theme.ink2)
            at += needed + 34
        elif canvas.measure(rate, "caption") <= room:
            at += canvas.text(at + 12, 75, rate, "caption", theme.ink2) + 34
        else:
            at += 24


def _wave_text(view: View, wave: Wave) -> tuple[str, str]:
    if wave.called:
        return sprite_of(wave.actor), card_text(view.lang, wave.called).name
    said = view.say(WAVE_WORDS.get(wave.actor, "travellers"))
    same = [w for w in view.card.waves if w.actor == wave.actor]
    first = min(same, key=lambda w: w.from_ms)
    if wave.actor == Actor.FLOOD and wave is not first and first.per_s:
        factor = wave.per_s / first.per_s
        if factor >= 2 and factor % 1 == 0:
            said = f"{said} ×{factor:.0f}"
    return sprite_of(wave.actor), said


def _now_plate(canvas: Canvas, view: View, now_x: float) -> None:
    theme = canvas.theme
    nose = min(max(now_x, LEFT + 46), RIGHT)
    left = nose - 46
    body = "M4 -9 H34 Q44 -9 46 0 Q46 9 42 9 H4 A4 4 0 0 1 0 5 V-5 A4 4 0 0 1 4 -9 Z"
    fill, edge = ("#{:02X}{:02X}{:02X}".format(*c) for c in (theme.sign, theme.paper))
    canvas.svg(
        f'<path d="{body}" fill="{fill}" stroke="{edge}" stroke-width="1.5"/>',
        (-1, -10.5, 49, 21),
        left,
        AXIS_Y,
    )
    canvas.text(left + 21, 96.4, minutes(view.now_ms), "caption_bold", theme.onsign, "center")
