"""Shapes: SVG templates in theme colours, drawn anew at every size.

A template in `assets/sprites/` holds colours as `{token}`; its origin is the point it is placed
by (feet, or the centre of a sign), and `data-height` is the height that callers mean. A bitmap is
never scaled. `pygame` draws SVG with anti-aliasing, so lines and arcs go the same way.
"""

import re
from collections import OrderedDict
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from math import ceil, floor

import pygame

from game.client.theme import Colour, Theme
from game.paths import assets_dir

PICTURES_MAX = 6000
"""Pictures kept: about 60 templates at five sizes, and the rings, corners and lines of a scene."""

Bounds = tuple[float, float, float, float]
"""Left, top, width, height."""


@dataclass(frozen=True)
class Picture:
    """A drawn shape.

    Attributes:
        surface: its pixels.
        dx, dy: from the point it is placed by to its upper left corner, px.
    """

    surface: pygame.Surface
    dx: int
    dy: int


@dataclass(frozen=True)
class Template:
    """One SVG file.

    Attributes:
        body: what is inside the root element, with colours as `{token}`.
        bounds: the part of the plane it fills.
        height: what callers call its height, in its own units.
        tokens: colour names that occur.
    """

    body: str
    bounds: Bounds
    height: float
    tokens: tuple[str, ...]


_ROOT = re.compile(
    r'<svg[^>]*viewBox="(?P<box>[^"]+)"[^>]*data-height="(?P<height>[^"]+)"[^>]*>'
    r"(?P<body>.*)</svg>",
    re.DOTALL,
)

_DEFAULTS = {
    "ground": "floor",
    "line": "ink",
    "livery": "pa",
    "doorway": "sign",
    "body": "board",
}
"""Colours that a caller may choose, and what they are if he does not."""


@cache
def template(name: str) -> Template:
    """A template by its file name without the ending.

    Raises:
        FileNotFoundError: there is none of that name.
    """
    text = (assets_dir() / "sprites" / f"{name}.svg").read_text(encoding="utf-8")
    match = _ROOT.search(text)
    assert match is not None, name
    left, top, width, height = (float(part) for part in match["box"].split())
    body = match["body"].strip()
    tokens = tuple(sorted(set(re.findall(r"\{(\w+)\}", body))))
    return Template(body, (left, top, width, height), float(match["height"]), tokens)


def code(colour: Colour) -> str:
    """A colour as SVG spells it."""
    return "#{:02X}{:02X}{:02X}".format(*colour)


def dark_outline(theme: Theme) -> Colour:
    """What goes round a yellow fill: always the dark one of ink and paper."""
    return theme.ink if theme.bright else theme.paper


def draw_svg(body: str, bounds: Bounds, scale: float) -> Picture:
    """An SVG fragment as a picture; the origin of its plane falls on a pixel's corner.

    Args:
        body: elements, without a root.
        bounds: the part of the plane to draw.
        scale: px per unit of the plane.
    """
    left, top = floor(bounds[0] * scale), floor(bounds[1] * scale)
    right = max(left + 1, ceil((bounds[0] + bounds[2]) * scale))
    bottom = max(top + 1, ceil((bounds[1] + bounds[3]) * scale))
    width, height = right - left, bottom - top
    box = f"{left / scale:.5f} {top / scale:.5f} {width / scale:.5f} {height / scale:.5f}"
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="{box}" preserveAspectRatio="none">{body}</svg>'
    )
    drawn = pygame.image.load_sized_svg(BytesIO(svg.encode()), (width, height))
    surface = pygame.Surface((width, height), pygame.SRCALPHA)
    surface.blit(drawn, (0, 0), special_flags=pygame.BLEND_RGBA_ADD)
    return Picture(surface, left, top)


class Pictures:
    """Draws templates and fragments when they are first needed, and keeps them."""

    def __init__(self) -> None:
        self._kept: OrderedDict[object, Picture] = OrderedDict()

    def _keep(self, key: object, picture: Picture) -> Picture:
        self._kept[key] = picture
        if len(self._kept) > PICTURES_MAX:
            self._kept.popitem(last=False)
        return picture

    def sprite(
        self, name: str, theme: Theme, height_px: float, paint: tuple[tuple[str, str], ...] = ()
    ) -> Picture:
        """A template at a height.

        `paint` says which theme token a colour of the template takes: `(("livery", "pb"),)`.
        """
        key = (name, theme.name, round(height_px * 8), paint)
        found = self._kept.get(key)
        if found is not None:
            return found
        source = template(name)
        chosen = {**_DEFAULTS, **dict(paint)}
        codes = {token: self._colour(theme, chosen.get(token, token)) for token in source.tokens}
        body = source.body.format(**codes)
        return self._keep(key, draw_svg(body, source.bounds, height_px / source.height))

    def _colour(self, theme: Theme, token: str) -> str:
        return code(dark_outline(theme) if token == "outline" else theme.token(token))

    def fragment(self, body: str, bounds: Bounds, scale: float) -> Picture:
        """An SVG fragment, kept by its text."""
        key = (body, bounds, scale)
        found = self._kept.get(key)
        return found if found is not None else self._keep(key, draw_svg(body, bounds, scale))
