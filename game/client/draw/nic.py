"""The gate: the filter's guard, the RX ring, and the belt from it to the listeners."""

from math import cos, pi, sin

from game.client.canvas import Canvas
from game.client.draw.layout import BELT_X, GATE, RING, Plan, Platform, stop
from game.client.draw.loss import GATE_RULES, chip_at, draw_chip
from game.client.draw.news import draw_new
from game.client.draw.view import View, short
from game.protocol.snapshot import Actor

RING_X, RING_Y = RING
SLOTS_MAX = 32
BELT_PX_S = 48.0


def draw_gate(canvas: Canvas, view: View, boxes: list[Platform]) -> None:
    """The gate with its read-outs; the belt moves on top."""
    gate = view.current.gate
    slots = max(1, min(SLOTS_MAX, gate.rx_ring))
    filled = -(-gate.rx_ring_used * slots // max(1, gate.rx_ring))
    losses = view.seen.losses(-1)
    lost = chip_at([*losses, *view.seen.losses(0)], GATE_RULES)
    stops = tuple(stop(box, len(boxes) == 1) for box in boxes)
    share = _legit_share(view)
    key = (
        *(gate, slots, filled, lost, stops, share, _ports(view), view.ui.engineer),
        *(view.instruments, _is_open(view)),
    )
    canvas.layer(
        "gate",
        GATE,
        key,
        lambda c: _gate(c, view, slots, filled, stops, lost),
        canvas.theme.paper,
        patient=True,
    )
    _draw_packets(canvas, view, stops, share)


def _is_open(view: View) -> bool:
    """Whether anybody listens."""
    return any(listener.state == "LISTEN" for listener in view.current.listeners)


def _ports(view: View) -> int:
    """How many ports are listened on."""
    return len({listener.port for listener in view.current.listeners})


def _legit_share(view: View) -> int:
    """How many packets in eight are no forgeries."""
    rates = {c.actor: c.per_s for c in view.current.crowds}
    total = sum(rates.values())
    return 8 if not total else max(1, round(8 * (total - rates.get(Actor.FLOOD, 0)) / total))


def _gate(
    canvas: Canvas,
    view: View,
    slots: int,
    filled: int,
    stops: tuple[float, ...],
    lost: tuple[int, str] | None,
) -> None:
    theme, gate = canvas.theme, view.current.gate
    # What sends a packet this way or that: its port, or within a reuseport group a hash.
    ports = _ports(view)
    sign = ":" if ports > 1 else "#"
    plan = view.plan
    canvas.layer("gate-ground", GATE, (stops, ports, plan), lambda c: _ground(c, plan, stops, sign))
    canvas.box(240, 112, 128, 24, theme.sign, radius=3)
    word, kernel = view.names("gate", "eth0")
    canvas.text(250, 129, word, "sign", theme.onsign)
    canvas.text(360, 129, kernel, "kernel", theme.onsign2, "right")
    if plan.guard:
        _guard(canvas, view)
    if not plan.ring:
        _door(canvas, view, 184)
        if lost:
            draw_chip(canvas, view, 240, 312, lost, 132)
        _door_words(canvas, view, 354 if lost else 326)
        return
    if not plan.guard:
        _door(canvas, view, 146)
    share = _legit_share(view)
    canvas.layer(
        "wheel",
        (RING_X - 54, RING_Y - 56, 108, 112),
        (slots, filled, share),
        lambda c: _wheel(c, slots, filled, share),
    )
    _in_the_ring(canvas, view)
    if lost:
        draw_chip(canvas, view, 240, 212, lost, 132)
    width = canvas.text(244, 368, view.say("rx_ring"), "sign", theme.ink)
    if "ring" in view.ui.new:
        draw_new(canvas, view, 252 + width, 356)
    canvas.text(244, 386, view.say("rx_path"), "caption", theme.ink2, max_width=122)
    missed = gate.rx_missed
    rows = (
        (view.say("in"), view.say("per_s", n=short(gate.in_per_s)), False),
        (view.say("filtered"), view.say("per_s", n=short(gate.filtered_per_s)), False),
        ("rx_missed", short(missed), missed > 0),
    )
    for i, (said, value, bad) in enumerate(rows):
        y = 410 + 17 * i
        role = "kernel" if said == "rx_missed" else "caption"
        ink = theme.alert if bad else theme.ink
        used = canvas.text(352, y, value, "caption_bold", ink, "right")
        if i == 0 and canvas.measure(said, role) > 104 - used:
            said = view.say("in_short")
        canvas.text(244, y, said, role, theme.ink2, max_width=104 - used)


def _door(canvas: Canvas, view: View, y: float) -> None:
    """The port over the way in, and whether it is open."""
    theme = canvas.theme
    ports = sorted({one.port for one in view.current.listeners if one.port}) or [view.card.port]
    said = " ".join(f":{port}" for port in ports[:2])
    canvas.box(246, y, 104, 36, theme.sign, radius=4)
    canvas.text(298, y + 25, said, "title", theme.onsign, "center", max_width=98)
    for x in (262, 334):
        canvas.line(x, y + 36, x, y + 46, theme.ink2, 2)
    canvas.box(246, y + 46, 104, 24, theme.floor, theme.hair, 3, 1.2)
    is_open = _is_open(view)
    canvas.sprite("tick" if is_open else "cross", 262, y + 58, 14)
    word = view.say("port_open" if is_open else "port_shut")
    canvas.text(274, y + 62.5, word, "caption_bold", theme.ink, max_width=72)


def _door_words(canvas: Canvas, view: View, y: float) -> None:
    """What that means for whoever comes."""
    said = view.say("door_open" if _is_open(view) else "door_shut")
    for line in canvas.wrap(said, "caption", 110)[:6]:
        canvas.text(246, y, line, "caption", canvas.theme.ink2)
        y += canvas.line_height("caption")


def _ground(canvas: Canvas, plan: Plan, stops: tuple[float, ...], sign: str) -> None:
    """What stands there whatever happens."""
    _wall(canvas)
    if not plan.ring:
        canvas.box(236, RING_Y - 6, BELT_X - 236, 12, canvas.theme.belt)
        for x in range(262, 340, 36):
            points = [(x - 3, RING_Y - 3), (x + 0.5, RING_Y), (x - 3, RING_Y + 3)]
            canvas.polyline(points, canvas.theme.mid, 1.3)
    _belt(canvas, stops, sign if plan.ring or len(stops) > 1 else "")


def _wall(canvas: Canvas) -> None:
    theme = canvas.theme
    canvas.box(224, 104, 6, 132, theme.sign)
    canvas.box(224, 332, 6, 180, theme.sign)
    for y in (240, 260, 280, 300, 320):
        canvas.box(224, y, 9, 8, theme.sign, radius=2)
    for y in (254, 274, 294, 314):
        canvas.sprite("turnstile", 228, y, 16)


def _guard(canvas: Canvas, view: View) -> None:
    theme, gate = canvas.theme, view.current.gate
    if gate.filter in ("", "off"):
        canvas.text(250, 166, view.say("no_guard"), "caption", theme.ink2, max_width=110)
        canvas.text(250, 182, "filter off", "kernel", theme.ink2)
        if "guard" in view.ui.new:
            draw_new(canvas, view, 250, 140)
        return
    canvas.sprite("guard", 258, 208, 46)
    width = canvas.text(276, 160, view.say("guard"), "sign", theme.ink, max_width=92)
    if "guard" in view.ui.new:
        draw_new(canvas, view, 282 + width, 148)
    said = gate.filter
    if canvas.measure(said, "kernel") > 92:
        said = said.partition(":")[0]  # What it blocks stands at its knob.
    canvas.text(276, 176, said, "kernel", theme.ink2, max_width=92)
    if gate.filtered_per_s:
        said = view.say("per_s", n=short(gate.filtered_per_s))
        width = canvas.measure(said, "caption_bold") + 28
        canvas.box(276, 184, width, 20, theme.ink2, radius=3)
        canvas.sprite("cross-bare", 287, 194, 8)
        canvas.text(296, 198.4, said, "caption_bold", theme.floor)


def _wheel(canvas: Canvas, slots: int, filled: int, share: int) -> None:
    """Slots are filled from the head backwards; the NIC writes at the triangle."""
    theme = canvas.theme
    canvas.circle(RING_X, RING_Y, 52, theme.floor, theme.ink, 2)
    step = 360 / slots
    gap = min(1.2, step / 8)
    for i in range(slots):
        start = 90 + i * step + gap
        if i >= filled:
            canvas.ring(
                RING_X, RING_Y, 31.6, 47.4, start, step - 2 * gap, theme.pave, theme.mid, 0.8
            )
        elif i * 5 % 8 < share:
            canvas.ring(RING_X, RING_Y, 31, 48, start, step - 2 * gap, theme.traveller)
        else:
            canvas.ring(
                RING_X, RING_Y, 31.8, 47.2, start, step - 2 * gap, theme.ghostfill, theme.ghost, 1.6
            )
            if slots >= 16:
                angle = (start + step / 2 - gap) * pi / 180
                x, y = RING_X + 39.5 * sin(angle), RING_Y - 39.5 * cos(angle)
                canvas.circle(x, y, 1.3, theme.ghost)
    canvas.circle(RING_X, RING_Y, 28, theme.floor, theme.hair, 1)
    canvas.polygon([(271.67, 245.6), (270.27, 234.5), (261.95, 240.06)], theme.ink)


def _in_the_ring(canvas: Canvas, view: View) -> None:
    """How many packets wait, in the middle of the wheel."""
    theme, gate = canvas.theme, view.current.gate
    ink = theme.alert if gate.rx_ring_used >= gate.rx_ring > 0 else theme.ink
    canvas.text(RING_X, 292, short(gate.rx_ring_used), "title", ink, "center")
    said = view.say("ring_of", n=short(gate.rx_ring))
    canvas.text(RING_X, 306, said, "caption", theme.ink2, "center", max_width=50)


def _belt(canvas: Canvas, stops: tuple[float, ...], sign: str) -> None:
    theme = canvas.theme
    top, bottom = min([*stops, RING_Y]), max([*stops, RING_Y])
    canvas.box(BELT_X - 6, top - 6, 12, bottom - top + 12, theme.belt)
    for y in stops:
        canvas.box(BELT_X - 6, y - 6, 26, 12, theme.belt)
        _chevrons(canvas, y)
    canvas.box(352, RING_Y - 6, 14, 12, theme.belt)
    if sign:
        canvas.sprite("hash", BELT_X, RING_Y, 22)
        canvas.text(BELT_X, RING_Y + 4.5, sign, "caption_bold", theme.ink, "center")


def _chevrons(canvas: Canvas, stop: float) -> None:
    """Which way the belt runs."""
    theme = canvas.theme
    way = 1 if stop > RING_Y else -1
    for at in range(26, round(abs(stop - RING_Y)) - 8, 40):
        y = RING_Y + way * at
        points = [(BELT_X - 3, y - way * 2), (BELT_X, y + way * 1.5), (BELT_X + 3, y - way * 2)]
        canvas.polyline(points, theme.mid, 1.3)
    canvas.polyline([(377, stop - 3), (380.5, stop), (377, stop + 3)], theme.mid, 1.3)


def _draw_packets(canvas: Canvas, view: View, stops: tuple[float, ...], share: int) -> None:
    """Packets on their way from the hash to each listener, at the belt's speed."""
    if not view.current.gate.in_per_s - view.current.gate.filtered_per_s > 0:
        return
    legit = canvas.picture("packet-legit", 8)
    forged = canvas.picture("packet-forged", 8)
    gone = view.belt_ms / 1000 * BELT_PX_S
    rate = view.current.gate.in_per_s
    pitch = 20.0 if rate > 200 else 40.0
    figures = []
    for y_end in stops:
        length = max(abs(y_end - RING_Y) + 8, 20.0)
        first = gone % pitch
        index = int(gone // pitch)
        at = first
        while at < length:
            number = index - int((at - first) // pitch)
            drawn = legit if number * 5 % 8 < share else forged
            run = abs(y_end - RING_Y)
            if at <= run:
                way = 1 if y_end > RING_Y else -1
                if at > 14:
                    figures.append((drawn, BELT_X, RING_Y + way * at))
            elif at > 16:
                figures.append((drawn, BELT_X + at - run, y_end))
            at += pitch
    canvas.stamp(figures)
