"""The internet: offered load as a crowd, and those outside as figures.

One small ghost stands for a printed number of SYNs a second, in a hexagonal grid filled from the
gate outwards, so that pressure grows as a fan round the mouth.
"""

from functools import cache
from math import cos, pi, sin

from game.client.canvas import Canvas
from game.client.draw.layout import INTERNET
from game.client.draw.view import View, short
from game.client.metaphor import sprite_of
from game.client.sprites import Picture, code
from game.protocol.snapshot import Actor, PeerMark, PeerState

PITCH_X, PITCH_Y = 10.4, 10.2
TOP, BOTTOM = 146.0, 452.0
CELLS_MAX = 540
"""Beyond this the unit grows tenfold and the paving changes."""

ROW_MS = 400
"""Every so often the mass moves on by one place."""

HEIGHTS = (4.6, 6.2, 7.8, 9.4)
FIGURE = 19.0
REFUSED_MS = 500

_WAITING = {int(PeerState.RETRYING), int(PeerState.HALF_OPEN)}

Legend = tuple[int, float, float, float, float]

LEGEND_PLACES: tuple[Legend, ...] = (
    (Actor.CLIENT, 22, 484, 34, 124),
    (Actor.FLOOD, 140, 484, 152, 220),
    (Actor.HOARDER, 22, 508, 34, 124),
    (Actor.SLOW, 140, 508, 152, 220),
)
"""Kind, feet of its figure, start of its word, end of its number."""


def legend(view: View) -> list[Legend]:
    """Those who come in this level; where they are two at most, each has the whole width."""
    coming = {wave.actor for wave in view.card.waves} | {int(Actor.CLIENT)}
    coming |= {crowd.actor for crowd in view.current.crowds if crowd.per_s}
    shown = [place for place in LEGEND_PLACES if view.card.arena or place[0] in coming]
    if len(shown) > 2:
        return list(shown)
    top = 484 if len(shown) == 2 else 494
    return [(int(one[0]), 36, top + 24 * i, 54, 204) for i, one in enumerate(shown)]


@cache
def cells() -> tuple[tuple[float, float, int], ...]:
    """Every place of the crowd, nearest to the mouth first, with its size 0 to 3."""
    found = []
    rows = int((BOTTOM - TOP) / PITCH_Y)
    for row in range(rows + 1):
        for column in range(21):
            x = 219 - column * PITCH_X - (PITCH_X / 2 if row % 2 else 0)
            y = TOP + 8 + row * PITCH_Y
            if x < 5:
                continue
            far = ((224 - x) ** 2 + ((y - 290) * 0.92) ** 2) ** 0.5
            # A ragged edge: the same cells always come a little earlier or later.
            ragged = far + ((row * 37 + column * 61) % 17) * 1.4
            size = 3 if x > 188 else 2 if x > 128 else 1 if x > 68 else 0
            found.append((ragged, x, y, size))
    return tuple((x, y, size) for _, x, y, size in sorted(found))


def unit_for(peak_per_s: int) -> int:
    """SYNs a second that one ghost stands for, so that the level's peak looks like a crowd."""
    for unit in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000):
        if peak_per_s / unit <= CELLS_MAX:
            return unit
    return 50_000


def crowd_size(view: View) -> tuple[int, int, bool]:
    """How many ghosts stand outside, for how many SYNs each, and whether the unit was raised."""
    rate = sum(c.per_s for c in view.current.crowds if c.actor == Actor.FLOOD)
    peak = max([w.per_s for w in view.card.waves if w.actor == Actor.FLOOD], default=0)
    unit, raised = unit_for(peak), False
    while rate / unit > CELLS_MAX:
        unit, raised = unit * 10, True
    return min(len(cells()), round(rate / unit)), unit, raised


def draw_internet(canvas: Canvas, view: View, *, sign: bool = True) -> None:
    """The square, its crowd and its figures, and over them the sign."""
    count, unit, raised = crowd_size(view)
    ground = "pave2" if raised else "pave"
    x, y, w, h = INTERNET
    canvas.box(x, y, w, h, canvas.theme.token(ground))
    with canvas.clip(x, 142, w, h - 38):
        _draw_mass(canvas, view, count, ground)
        _draw_figures(canvas, view, ground)
    if sign:
        canvas.layer(
            "internet-sign",
            (24, 112, 184, 24),
            (unit, count > 0),
            lambda c: _sign(c, view, unit, count),
        )


def _sign(canvas: Canvas, view: View, unit: int, count: int) -> None:
    theme = canvas.theme
    canvas.box(24, 112, 184, 24, theme.sign, radius=3)
    canvas.text(34, 129, view.say("internet"), "sign", theme.onsign)
    if count:
        said = view.say("unit", n=short(unit))
        width = canvas.text(200, 129, said, "caption", theme.onsign2, "right")
        x = 200 - width - 14
        canvas.svg(
            '<path d="M-3.85 0 V-9.57 A3.85 3.85 0 0 1 3.85 -9.57 V0 L1.93 -2.1 L0 0 L-1.93 -2.1 '
            'L-3.85 0 Z" fill="none" stroke="#FFFFFF" stroke-width="1.3" stroke-linejoin="round"/>'
            '<rect x="-2.04" y="-10.21" width="1.28" height="2.57" fill="#FFFFFF"/>'
            '<rect x="0.76" y="-10.21" width="1.28" height="2.57" fill="#FFFFFF"/>',
            (-5, -15, 10, 17),
            x,
            130,
        )


def _draw_mass(canvas: Canvas, view: View, count: int, ground: str) -> None:
    """The ghosts, as one picture that moves on by a place every 400 ms."""
    if not count:
        return
    phase = (view.now_ms % ROW_MS) / ROW_MS
    eased = 0.0 if view.ui.reduced_motion else phase * phase * (3 - 2 * phase)
    rect = (-11, INTERNET[1], 240, INTERNET[3])
    canvas.layer(
        "mass",
        rect,
        (count, ground),
        lambda c: _mass(c, count, ground),
        canvas.theme.token(ground),
        shift=(eased * PITCH_X, 0),
    )


def _mass(canvas: Canvas, count: int, ground: str) -> None:
    pictures = [
        canvas.picture(f"crowd-{size + 1}", HEIGHTS[size], ground=ground) for size in range(4)
    ]
    canvas.stamp([(pictures[size], x, y) for x, y, size in cells()[:count]])


def _draw_figures(canvas: Canvas, view: View, ground: str) -> None:
    """Those who matter, over the mass in a cleared halo; lower ones stand in front.

    Each has an edge of his own, so that a coach full of people does not run into one stain.

    Most of them stand, from one snapshot to the next: their places are worked out once. Who walks
    is in front of them.
    """
    strolls, part = view.seen.outside, view.glide
    actors = {stroll.peer.actor for stroll in strolls}
    halo = {a: canvas.picture(f"{sprite_of(a)}-halo", FIGURE, ground=ground) for a in actors}
    edge = {a: canvas.picture(f"{sprite_of(a)}-edge", FIGURE, ground=ground) for a in actors}
    body = {a: canvas.picture(sprite_of(a), FIGURE, ground=ground) for a in actors}
    standing = [(s.peer, *s.end) for s in strolls if s.start == s.end]
    walking = [
        (peer, x1 + (x2 - x1) * part, y1 + (y2 - y1) * part)
        for peer, (x1, y1), (x2, y2), _ in strolls
        if (x1, y1) != (x2, y2)
    ]
    key = (view.seen.version, ground)

    def stamp(name: str, *layers: dict[int, Picture]) -> None:
        def placed(
            people: list[tuple[PeerMark, float, float]],
        ) -> list[tuple[Picture, float, float]]:
            return [(layer[peer.actor], x, y) for peer, x, y in people for layer in layers]

        canvas.stamp_kept(name, key, lambda: placed(standing))
        canvas.stamp(placed(walking))

    stamp("crowd-halos", halo)
    stamp("crowd-bodies", edge, body)
    canvas.stamp_kept("crowd-signs", key, lambda: _signs(canvas, standing, view.current.time_ms))
    canvas.stamp(_signs(canvas, walking, view.now_ms))


def _signs(
    canvas: Canvas, figures: list[tuple[PeerMark, float, float]], now_ms: float
) -> list[tuple[Picture, float, float]]:
    """What is over the heads of those who wait."""
    found = []
    for peer, x, y in figures:
        sign = _waiting_sign(canvas, peer, now_ms) if peer.state in _WAITING else None
        if sign is not None:
            found.append((sign, x + 10, y - 16))
    return found


def _waiting_sign(canvas: Canvas, peer: PeerMark, now_ms: float) -> Picture | None:
    """Over a head: the time to the next SYN, or a cross where one has just been refused."""
    if peer.state == PeerState.HALF_OPEN:
        return canvas.picture("half-open", 9)
    if not peer.until_ms:
        return None
    wait_ms = 1000 << min(peer.tries, 6)
    left = min(1.0, max(0.0, (peer.until_ms - now_ms) / wait_ms))
    if (1 - left) * wait_ms < REFUSED_MS:
        return canvas.picture("cross", 11)
    step = round(left * 16)
    key = ("wait", peer.actor, step, canvas.theme.name, canvas.k)
    return canvas.remember(key, lambda: _pie(canvas, peer.actor, step))


def _pie(canvas: Canvas, actor: int, step: int) -> Picture:
    """A small clock: sixteenths of the wait that are left."""
    theme = canvas.theme
    angle = step * pi / 8
    ink = code(theme.token(sprite_of(actor)))
    body = (
        f'<circle cx="0" cy="0" r="4.6" fill="{code(theme.floor)}" '
        f'stroke="{code(theme.mid)}" stroke-width="1"/>'
    )
    if step >= 16:
        body += f'<circle cx="0" cy="0" r="3.4" fill="{ink}"/>'
    elif step:
        tip = f"{3.4 * sin(angle):.2f} {-3.4 * cos(angle):.2f}"
        body += f'<path d="M0 0V-3.4A3.4 3.4 0 {int(step > 8)} 1 {tip}Z" fill="{ink}"/>'
    return canvas.fragment(body, (-5.5, -5.5, 11, 11))


def draw_legend(canvas: Canvas, view: View) -> None:
    """Live rates of every kind."""
    rates = {c.actor: c.per_s for c in view.current.crowds}
    shown = legend(view)
    key = (tuple(sorted(rates.items())), tuple(shown))
    canvas.layer(
        "legend",
        (0, 456, 224, 56),
        key,
        lambda c: _legend(c, view, rates, shown),
        canvas.theme.floor,
        patient=True,
    )


def _legend(canvas: Canvas, view: View, rates: dict[int, int], shown: list[Legend]) -> None:
    theme = canvas.theme
    canvas.box(0, 456, 224, 56, theme.floor)
    canvas.line(0, 456, 224, 456, theme.hair)
    for actor, x, y, text_x, end in shown:
        name = sprite_of(actor)
        canvas.sprite(name, x, y, 18)
        value = short(rates.get(actor, 0))
        if len(shown) <= 2:
            value = view.say("per_s", n=value)
        width = canvas.measure(value, "caption_bold")
        canvas.text(
            text_x,
            y - 4,
            view.say(name),
            "caption",
            theme.ink,
            max_width=end - text_x - width - 4,
        )
        canvas.text(end, y - 4, value, "caption_bold", theme.ink, "right")
