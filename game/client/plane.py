"""Plane geometry in design units: boxes, lines, rings.

Box edges and upright and level lines fall on whole pixels; everything else is drawn as SVG, which
`pygame` anti-aliases, at its own size, and kept.
"""

from collections.abc import Sequence
from math import cos, hypot, pi, sin

import pygame

from game.client.sprites import Picture, Pictures, code
from game.client.theme import Colour, Theme

DESIGN_WIDTH = 1280
DESIGN_HEIGHT = 720

Point = tuple[float, float]
Rect = tuple[float, float, float, float]


class Plane:
    """A surface with design coordinates, centred when its shape is another.

    Args:
        pictures: where drawn shapes are kept.

    Attributes:
        k: px per design unit.
    """

    def __init__(self, surface: pygame.Surface, theme: Theme, pictures: Pictures) -> None:
        width, height = surface.get_size()
        self.surface = surface
        self.theme = theme
        self.k = min(width / DESIGN_WIDTH, height / DESIGN_HEIGHT)
        self._pictures = pictures
        self._left = round((width - DESIGN_WIDTH * self.k) / 2)
        self._top = round((height - DESIGN_HEIGHT * self.k) / 2)

    def px(self, x: float, y: float) -> tuple[int, int]:
        """The pixel of a point in design units."""
        return self._left + round(x * self.k), self._top + round(y * self.k)

    def point(self, pixel: tuple[float, float]) -> Point:
        """The point in design units of a pixel, for example of the mouse."""
        return (pixel[0] - self._left) / self.k, (pixel[1] - self._top) / self.k

    def _span(self, x: float, y: float, w: float, h: float) -> pygame.Rect:
        left, top = self.px(x, y)
        right, bottom = self.px(x + w, y + h)
        return pygame.Rect(left, top, right - left, bottom - top)

    def _stroke(self, width: float) -> int:
        return max(1, round(width * self.k))

    def clear(self, fill: Colour | None = None) -> None:
        """Fill the whole surface, margins too."""
        self.surface.fill(fill or self.theme.paper)

    def box(
        self,
        x: float,
        y: float,
        w: float,
        h: float,
        fill: Colour | None = None,
        line: Colour | None = None,
        radius: float = 0,
        width: float = 1,
    ) -> None:
        """A rectangle on whole pixels; its outline lies inside its edge."""
        span = self._span(x, y, w, h)
        if span.width <= 0 or span.height <= 0:
            return
        stroke = self._stroke(width) if line else 0
        corner = min(round(radius * self.k), span.width // 2, span.height // 2)
        if corner < 1:
            if fill:
                self.surface.fill(fill, span)
            if line:
                pygame.draw.rect(self.surface, line, span, stroke)
            return
        self._rounded(span, corner, fill, line, stroke)

    def _rounded(
        self, span: pygame.Rect, corner: int, fill: Colour | None, line: Colour | None, stroke: int
    ) -> None:
        """Corners from an anti-aliased disc, cut in four; edges and middle as plain fills."""
        size = max(corner, stroke)
        surface, half = self.surface, stroke / 2
        inner = span.inflate(-2 * size, -2 * size)
        if fill:
            surface.fill(fill, (span.x, inner.y, span.width, inner.height))
            surface.fill(fill, (inner.x, span.y, inner.width, size))
            surface.fill(fill, (inner.x, inner.bottom, inner.width, size))
        if line:
            surface.fill(line, (inner.x, span.y, inner.width, stroke))
            surface.fill(line, (inner.x, span.bottom - stroke, inner.width, stroke))
            surface.fill(line, (span.x, inner.y, stroke, inner.height))
            surface.fill(line, (span.right - stroke, inner.y, stroke, inner.height))
        body = (
            f'<rect x="{half}" y="{half}" width="{2 * size - stroke}" '
            f'height="{2 * size - stroke}" rx="{max(0.0, corner - half)}" '
            f"{_paint(fill, line, stroke)}/>"
        )
        disc = self._pictures.fragment(body, (0, 0, 2 * size, 2 * size), 1.0).surface
        for x, cut_x in ((span.x, 0), (span.right - size, size)):
            for y, cut_y in ((span.y, 0), (span.bottom - size, size)):
                surface.blit(disc, (x, y), (cut_x, cut_y, size, size))

    def veil(self, x: float, y: float, w: float, h: float, fill: Colour, alpha: int) -> None:
        """A see-through rectangle; alpha 0 to 255."""
        span = self._span(x, y, w, h)
        if span.width > 0 and span.height > 0:
            sheet = pygame.Surface(span.size, pygame.SRCALPHA)
            sheet.fill((*fill, alpha))
            self.surface.blit(sheet, span)

    def _shape(self, body: str, bounds: Rect, x: float, y: float) -> None:
        """An SVG fragment round a point; places are kept to half a pixel."""
        fx, fy = self._left + x * self.k, self._top + y * self.k
        half_x, half_y = round(fx * 2) / 2, round(fy * 2) / 2
        whole_x, whole_y = int(half_x // 1), int(half_y // 1)
        shift = (half_x - whole_x) / self.k, (half_y - whole_y) / self.k
        if shift != (0.0, 0.0):
            body = f'<g transform="translate({shift[0]:.4f} {shift[1]:.4f})">{body}</g>'
            left, top, width, height = bounds
            bounds = (left, top, width + 1, height + 1)
        picture = self._pictures.fragment(body, bounds, self.k)
        self.surface.blit(picture.surface, (whole_x + picture.dx, whole_y + picture.dy))

    def fragment(self, body: str, bounds: Rect) -> Picture:
        """An SVG fragment in design units as a picture, for `Canvas.stamp`."""
        return self._pictures.fragment(body, bounds, self.k)

    def _line_width(self, width: float) -> float:
        return max(width, 1 / self.k)

    def line(
        self,
        x1: float,
        y1: float,
        x2: float,
        y2: float,
        color: Colour,
        width: float = 1,
        cap: bool = False,
    ) -> None:
        """A line; upright and level ones fall on whole pixels unless their ends are round."""
        if (x1 == x2 or y1 == y2) and not cap:
            stroke = self._stroke(width)
            left, top = self.px(min(x1, x2), min(y1, y2))
            right, bottom = self.px(max(x1, x2), max(y1, y2))
            if x1 == x2:
                left -= stroke // 2
                self.surface.fill(color, (left, top, stroke, max(1, bottom - top)))
            else:
                top -= stroke // 2
                self.surface.fill(color, (left, top, max(1, right - left), stroke))
            return
        self.polyline([(x1, y1), (x2, y2)], color, width, cap=cap)

    def polyline(
        self, points: Sequence[Point], color: Colour, width: float = 1, cap: bool = False
    ) -> None:
        """Joined lines with round joints."""
        ends = ' stroke-linecap="round"' if cap else ""
        paint = f'fill="none" stroke="{code(color)}" stroke-width="{self._line_width(width)}"'
        self._path(points, f'{paint} stroke-linejoin="round"{ends}', width, closed=False)

    def polygon(
        self,
        points: Sequence[Point],
        fill: Colour | None = None,
        line: Colour | None = None,
        width: float = 1,
    ) -> None:
        """A closed shape."""
        paint = _paint(fill, line, self._line_width(width) if line else 0)
        self._path(points, f'{paint} stroke-linejoin="round"', width if line else 0, closed=True)

    def _path(self, points: Sequence[Point], paint: str, width: float, closed: bool) -> None:
        x0, y0 = points[0]
        places = [(x - x0, y - y0) for x, y in points]
        trail = "L".join(f"{x:.2f} {y:.2f}" for x, y in places)
        body = f'<path d="M{trail}{"Z" if closed else ""}" {paint}/>'
        self._shape(body, _around(places, width + 1), x0, y0)

    def circle(
        self,
        x: float,
        y: float,
        r: float,
        fill: Colour | None = None,
        line: Colour | None = None,
        width: float = 1,
    ) -> None:
        """A disc, a ring, or both; the outline is centred on the radius."""
        stroke = self._line_width(width) if line else 0
        body = f'<circle cx="0" cy="0" r="{r:.2f}" {_paint(fill, line, stroke)}/>'
        reach = r + stroke / 2 + 0.5
        self._shape(body, (-reach, -reach, 2 * reach, 2 * reach), x, y)

    def arc(
        self,
        x: float,
        y: float,
        r: float,
        start: float,
        sweep: float,
        color: Colour,
        width: float = 1,
        cap: bool = False,
    ) -> None:
        """A part of a ring; angles in degrees, 0 at the top, clockwise."""
        if sweep >= 359.9:
            self.circle(x, y, r, line=color, width=width)
            return
        if sweep <= 0:
            return
        a, b = (start - 90) * pi / 180, (start + sweep - 90) * pi / 180
        ends = ' stroke-linecap="round"' if cap else ""
        body = (
            f'<path d="M{r * cos(a):.2f} {r * sin(a):.2f}A{r} {r} 0 {int(sweep > 180)} 1 '
            f'{r * cos(b):.2f} {r * sin(b):.2f}" fill="none" stroke="{code(color)}" '
            f'stroke-width="{self._line_width(width)}"{ends}/>'
        )
        reach = r + width / 2 + 0.5
        self._shape(body, (-reach, -reach, 2 * reach, 2 * reach), x, y)

    def ring(
        self,
        x: float,
        y: float,
        inner: float,
        outer: float,
        start: float,
        sweep: float,
        fill: Colour | None = None,
        line: Colour | None = None,
        width: float = 1,
    ) -> None:
        """A piece of a wheel between two radii; angles as in `arc`."""
        a, b = (start - 90) * pi / 180, (start + sweep - 90) * pi / 180
        big = int(sweep > 180)
        body = (
            f'<path d="M{outer * cos(a):.2f} {outer * sin(a):.2f}'
            f"A{outer} {outer} 0 {big} 1 {outer * cos(b):.2f} {outer * sin(b):.2f}"
            f"L{inner * cos(b):.2f} {inner * sin(b):.2f}"
            f'A{inner} {inner} 0 {big} 0 {inner * cos(a):.2f} {inner * sin(a):.2f}Z" '
            f"{_paint(fill, line, self._line_width(width) if line else 0)}/>"
        )
        reach = outer + width
        self._shape(body, (-reach, -reach, 2 * reach, 2 * reach), x, y)

    def svg(self, body: str, bounds: Rect, x: float, y: float) -> None:
        """Any SVG fragment whose origin lies at (x, y); bounds round that origin."""
        self._shape(body, bounds, x, y)

    def dashed_line(
        self,
        x1: float,
        y1: float,
        x2: float,
        y2: float,
        color: Colour,
        width: float = 1,
        dash: float = 8,
        gap: float = 5,
    ) -> None:
        """A dashed line that begins with a whole dash."""
        length = hypot(x2 - x1, y2 - y1)
        at = 0.0
        while at < length:
            end = min(length, at + dash)
            ax, ay = x1 + (x2 - x1) * at / length, y1 + (y2 - y1) * at / length
            bx, by = x1 + (x2 - x1) * end / length, y1 + (y2 - y1) * end / length
            self.line(ax, ay, bx, by, color, width)
            at += dash + gap


def _paint(fill: Colour | None, line: Colour | None, width: float) -> str:
    inside = f'fill="{code(fill)}"' if fill else 'fill="none"'
    return f'{inside} stroke="{code(line)}" stroke-width="{width}"' if line else inside


def _around(points: Sequence[Point], margin: float) -> Rect:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    left, top = min(xs) - margin, min(ys) - margin
    return left, top, max(xs) + margin - left, max(ys) + margin - top
