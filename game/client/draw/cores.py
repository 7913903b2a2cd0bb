"""Cores: where each one's last second went, as hatch, solid and dots."""

from math import ceil

from game.client.canvas import Canvas
from game.client.draw.layout import CORES, core_boxes
from game.client.draw.news import draw_new
from game.client.draw.view import View
from game.client.plane import Rect
from game.client.sprites import code
from game.client.theme import Colour
from game.protocol.snapshot import Core

HOT = 900
"""Thousandths from which a core is near its end."""


def draw_cores(canvas: Canvas, view: View, end: float = CORES[0] + CORES[2]) -> None:
    """All cores up to an edge, and the key to their patterns."""
    if not view.plan.cores:
        return
    cores = view.current.cores[:8]
    key = (tuple(cores), view.ui.engineer, end, view.instruments)
    boxes = core_boxes(len(cores), end)
    canvas.layer(
        "cores",
        CORES,
        key,
        lambda c: _cores(c, view, cores, boxes),
        canvas.theme.paper,
        patient=True,
    )
    canvas.layer("core-key", (240, 462, 128, 50), "", lambda c: _key(c, view), canvas.theme.paper)


def _cores(canvas: Canvas, view: View, cores: list[Core], boxes: list[Rect]) -> None:
    for i, (core, box) in enumerate(zip(cores, boxes, strict=False)):
        _core(canvas, view, i, core, box)


def _core(canvas: Canvas, view: View, number: int, core: Core, box: Rect) -> None:
    theme = canvas.theme
    x, y, w, _ = box
    roomy = w > 180
    if roomy:
        canvas.sprite("master", x + 14, y + 45, 38)
    left = x + (34 if roomy else 0)
    width = w - (34 if roomy else 0)
    used = min(1000, core.softirq + core.user + core.switching)
    end = left + width
    percent = f"{round(used / 10)} %"
    end -= canvas.text(end, y + 17, percent, "strong", theme.ink, "right") + 6
    if used >= HOT:
        canvas.sprite("triangle", end - 8, y + 13, 14)
        end -= 20
    said = view.say("core", n=number)
    said_width = canvas.text(left, y + 17, said, "strong", theme.ink)
    if "cores" in view.ui.new and number == 0:
        end -= draw_new(canvas, view, end - 34, y + 4) + 6
    room = end - left - said_width - 10
    if room > 20:
        label = core.label
        if canvas.measure(label, "kernel") > room:
            label = label.removeprefix("eth0 ")  # There is one card only.
        canvas.text(left + said_width + 8, y + 17, label, "kernel", theme.ink2, max_width=room)
    _bar(canvas, core, left, y + 26, width)


def _bar(canvas: Canvas, core: Core, x: float, y: float, width: float) -> None:
    theme = canvas.theme
    canvas.box(x, y, width, 16, theme.paper)
    parts = (core.softirq, core.user, core.switching)
    at = x
    for paint, part in zip((hatch, solid, dots), parts, strict=True):
        length = min(width * part / 1000, x + width - at)
        if length > 0.5:
            paint(canvas, at, y, length, 16)
        at += max(0.0, length)
    canvas.box(x, y, width, 16, None, theme.ink2, 2, 1.2)


def hatch(canvas: Canvas, x: float, y: float, w: float, h: float) -> None:
    """softirq: lines at 45 degrees."""
    theme = canvas.theme
    canvas.box(x, y, w, h, _mixed(theme.core_soft, theme.paper, 0.22))
    count = ceil((600 + h) / 5)
    lines = "".join(f"M{5 * i - h} {h}L{5 * i} 0" for i in range(count) if 5 * i < w + h)
    body = f'<path d="{lines}" fill="none" stroke="{code(theme.core_soft)}" stroke-width="2"/>'
    with canvas.clip(x, y, w, h):
        canvas.svg(body, (0, 0, w, h), x, y)


def solid(canvas: Canvas, x: float, y: float, w: float, h: float) -> None:
    """user: filled."""
    canvas.box(x, y, w, h, canvas.theme.core_user)


def dots(canvas: Canvas, x: float, y: float, w: float, h: float) -> None:
    """Switching: dots."""
    theme = canvas.theme
    canvas.box(x, y, w, h, _mixed(theme.core_sw, theme.paper, 0.25))
    rows = [2.2 + 4 * r for r in range(int(h // 4))]
    columns = [2 + 4 * i for i in range(ceil(w / 4)) if 2 + 4 * i < w]
    body = "".join(
        f'<circle cx="{cx}" cy="{cy}" r="1.1" fill="{code(theme.ink2)}"/>'
        for cx in columns
        for cy in rows
    )
    if body:
        canvas.svg(body, (0, 0, w, h), x, y)


def _mixed(over: Colour, under: Colour, part: float) -> Colour:
    red, green, blue = (round(o * part + u * (1 - part)) for o, u in zip(over, under, strict=True))
    return red, green, blue


def _key(canvas: Canvas, view: View) -> None:
    theme = canvas.theme
    for i, (paint, word) in enumerate(((hatch, "softirq"), (solid, "user"), (dots, "switching"))):
        y = 467 + 16 * i
        paint(canvas, 244, y, 18, 11)
        canvas.text(270, y + 10, view.say(word), "caption", theme.ink2, max_width=98)
