"""A surface to draw on in design units: 1280 × 720, whatever the window's size.

A canvas keeps everything it ever rasterised, so a program makes one for each window size and
uses it for every picture; `dressed` and `on` give further ones that share what was kept.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

import pygame

from game.client.fonts import PX_MIN, ROLES, Fonts, Role, is_wide
from game.client.plane import Plane, Point, Rect
from game.client.sprites import Picture, Pictures
from game.client.theme import Colour, Theme
from game.client.turns import Turns

T = TypeVar("T")

THINGS_MAX = 4000
"""Made things kept: rings at 32 steps, flap cells, lists of figures; then all begin anew."""


SHRUNK_DELTA = 3
"""Added to text sizes on a shrunk canvas: at four fifths the smallest, 12, is then 12 px again."""


@dataclass(frozen=True)
class TextExtent:
    """Where one text was drawn, in design units; kept only while `Canvas.extents` is a list.

    Attributes:
        panel: the filled box it stands on, None on bare ground, or where none was recorded.
    """

    text: str
    rect: Rect
    panel: Rect | None = None


class Layer(NamedTuple):
    """A finished part of the picture.

    Attributes:
        drawn_from: what it shows.
        dress: size, theme, language and scale it was drawn for.
    """

    drawn_from: object
    dress: tuple[object, ...]
    sheet: pygame.Surface


@dataclass
class Kept:
    """What canvases of one window share.

    Attributes:
        layers: finished parts of the picture, by name.
        things: whatever is made once for a key, see `Canvas.remember`.
        stamps: figures with their pixels, by name, with what they were placed from.
        turns: which layers are drawn again in this frame.
    """

    fonts: Fonts = field(default_factory=Fonts)
    pictures: Pictures = field(default_factory=Pictures)
    layers: dict[str, Layer] = field(default_factory=dict)
    things: dict[Hashable, Any] = field(default_factory=dict)
    stamps: dict[str, tuple[object, list[tuple[pygame.Surface, tuple[int, int]]]]] = field(
        default_factory=dict
    )
    turns: Turns = field(default_factory=Turns)


class Canvas(Plane):
    """Draws on a surface in design units.

    Args:
        surface: what to draw on; its size gives the scale.
        lang: "en" or "zh"; Chinese lines stand 2 units further apart.
        text_delta: added to every text size, for the large text setting.
        kept: caches of another canvas.

    Attributes:
        k: px per design unit.
        extents: set it to a list to record where texts land.
        panels: set it to a list as well, to record the filled boxes too.
    """

    def __init__(
        self,
        surface: pygame.Surface,
        theme: Theme,
        *,
        lang: str = "en",
        text_delta: int = 0,
        kept: Kept | None = None,
    ) -> None:
        kept = kept if kept is not None else Kept()
        super().__init__(surface, theme, kept.pictures)
        self.lang = lang
        self.text_delta = text_delta
        self.extents: list[TextExtent] | None = None
        self.panels: list[Rect] | None = None
        self._kept = kept
        self._least_delta = 0
        self._page = self.k, self._left, self._top

    def next_frame(self) -> None:
        """Another frame of a window begins: from now on layers that may wait take turns."""
        self._kept.turns.next_frame()

    def on(self, surface: pygame.Surface) -> "Canvas":
        """A canvas for another surface that shares what this one keeps."""
        return Canvas(
            surface, self.theme, lang=self.lang, text_delta=self.text_delta, kept=self._kept
        )

    def dressed(self, theme: Theme, lang: str, text_delta: int = 0) -> "Canvas":
        """A canvas for the same surface in another theme or language."""
        return Canvas(self.surface, theme, lang=lang, text_delta=text_delta, kept=self._kept)

    def part(self, surface: pygame.Surface, corner: tuple[int, int]) -> "Canvas":
        """A canvas for a piece of the picture whose upper left corner lies at a pixel of this."""
        piece = self.on(surface)
        piece.k = self.k
        piece._least_delta = self._least_delta
        piece._left, piece._top = self._left - corner[0], self._top - corner[1]
        k, left, top = self._page
        piece._page = k, left - corner[0], top - corner[1]
        return piece

    def shrunk(self, x: float, y: float, scale: float) -> "Canvas":
        """A canvas on which everything is smaller, its origin at a point of this one.

        Texts there are one size up, so that they do not shrink as much as their boxes do.
        """
        small = Canvas(
            self.surface, self.theme, lang=self.lang, text_delta=SHRUNK_DELTA, kept=self._kept
        )
        small._least_delta = SHRUNK_DELTA
        small.extents, small.panels = self.extents, self.panels
        small._left, small._top = self.px(x, y)
        small.k = self.k * scale
        small._page = self._page
        return small

    def _on_page(self, left: float, top: float, width: float, height: float) -> Rect:
        """Pixels of this surface as design units of the whole picture, also where it is shrunk."""
        k, x, y = self._page
        return (left - x) / k, (top - y) / k, width / k, height / k

    def remember(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` gives, made once for each key; the key says all that it depends on."""
        kept = self._kept.things
        if key not in kept:
            if len(kept) >= THINGS_MAX:
                kept.clear()
            kept[key] = make()
        found: T = kept[key]
        return found

    # Text.

    def role(self, name: str) -> tuple[Role, int]:
        """A text role and its size in px on this canvas."""
        role = ROLES[name]
        return role, max(PX_MIN, round((role.size + self.text_delta) * self.k))

    def line_height(self, role: str) -> float:
        """Distance of two baselines, design units."""
        extra = 2 if self.lang == "zh" else 0
        return ROLES[role].line + extra + self.text_delta

    def measure(self, string: str, role: str) -> float:
        """Width of a text, design units."""
        face, px = self.role(_worded(role, string))
        return self._kept.fonts.width(face.face, px, string) / self.k

    def text(
        self,
        x: float,
        y: float,
        string: str,
        role: str,
        color: Colour,
        align: str = "left",
        max_width: float | None = None,
    ) -> float:
        """One line of text with its baseline at y; returns its width.

        `align` says which end of it x is: "left", "center" or "right". A text longer than
        `max_width` goes back to its plain size where texts are large, and then ends in "…".
        """
        role = _worded(role, string)
        face, px = self.role(role)
        fonts = self._kept.fonts
        if max_width is not None and self.measure(string, role) > max_width:
            px = max(PX_MIN, round((face.size + self._least_delta) * self.k))
            if fonts.width(face.face, px, string) > max_width * self.k:
                string = self._cut(string, face.face, px, max_width * self.k)
        if not string:
            return 0.0
        width_px = fonts.width(face.face, px, string)
        left, base = self.px(x, y)
        left -= {"left": 0, "center": width_px // 2, "right": width_px}[align]
        top = base - fonts.ascent(face.face, px)
        self.surface.blit(fonts.text(face.face, px, color, string), (left, top))
        if self.extents is not None:
            self._record(string, left, base, width_px, px)
        return width_px / self.k

    def _record(self, string: str, left: int, base: int, width_px: int, px: int) -> None:
        assert self.extents is not None
        rect = self._on_page(left, base - round(px * 0.75), width_px, px)
        self.extents.append(TextExtent(string, rect, self._panel(rect)))

    def _panel(self, rect: Rect) -> Rect | None:
        """The box that was drawn last of those under the middle of a text."""
        x, y = rect[0] + rect[2] / 2, rect[1] + rect[3] / 2
        for left, top, width, height in reversed(self.panels or ()):
            if left <= x <= left + width and top <= y <= top + height:
                return left, top, width, height
        return None

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
        """As a plane draws it; filled ones are recorded while `panels` is a list."""
        super().box(x, y, w, h, fill, line, radius, width)
        if self.panels is not None and fill:
            self.panels.append(self._on_page(*self._span(x, y, w, h)))

    def shortened(self, string: str, role: str, width: float) -> str:
        """The text, or as much of it as fits with "…" at its end."""
        if self.measure(string, role) <= width:
            return string
        face, px = self.role(_worded(role, string))
        return self._cut(string, face.face, px, width * self.k)

    def _cut(self, string: str, face: str, px: int, width_px: float) -> str:
        while string and self._kept.fonts.width(face, px, string + "…") > width_px:
            string = string[:-1]
        return string.rstrip() + "…" if string else ""

    def wrap(self, string: str, role: str, width: float) -> list[str]:
        """A text as lines that fit.

        Chinese breaks between any two signs, but not before punctuation or after an open bracket.
        """
        lines: list[str] = []
        for paragraph in string.split("\n"):
            line = ""
            for word in _words(paragraph):
                if line and self.measure((line + word).rstrip(), role) > width:
                    lines.append(line.rstrip())
                    line = word.lstrip()
                else:
                    line += word
            lines.append(line.rstrip())
        return lines

    def paragraph(
        self, x: float, y: float, string: str, role: str, color: Colour, width: float
    ) -> float:
        """A wrapped text from the baseline `y` on; returns the baseline after the last line."""
        for line in self.wrap(string, role, width):
            self.text(x, y, line, role, color)
            y += self.line_height(role)
        return y

    # Pictures.

    def picture(self, name: str, height: float, **paint: str) -> Picture:
        """A sprite at a height in design units, for `stamp`."""
        chosen = tuple(sorted(paint.items())) if paint else ()
        return self._pictures.sprite(name, self.theme, height * self.k, chosen)

    def sprite(
        self, name: str, x: float, y: float, height: float, align: str = "feet", **paint: str
    ) -> None:
        """A sprite at its origin: feet of a figure, centre of a sign.

        With `align="center"` the middle of the picture is placed instead. `paint` names theme
        tokens for the colours that a template leaves open: `livery="pb"`, `ground="pave"`.
        """
        picture = self.picture(name, height, **paint)
        left, top = self.px(x, y)
        if align == "center":
            width, tall = picture.surface.get_size()
            self.surface.blit(picture.surface, (left - width // 2, top - tall // 2))
        else:
            self.surface.blit(picture.surface, (left + picture.dx, top + picture.dy))

    def stamp(self, figures: Sequence[tuple[Picture, float, float]]) -> None:
        """Many sprites at once, in this order."""
        self.surface.fblits(self._placed(figures))

    def _placed(
        self, figures: Sequence[tuple[Picture, float, float]]
    ) -> list[tuple[pygame.Surface, tuple[int, int]]]:
        k, left, top = self.k, self._left, self._top
        return [
            (p.surface, (left + round(x * k) + p.dx, top + round(y * k) + p.dy))
            for p, x, y in figures
        ]

    def stamp_kept(
        self,
        name: str,
        drawn_from: Hashable,
        figures: Callable[[], Sequence[tuple[Picture, float, float]]],
    ) -> None:
        """Many sprites whose places are worked out again only when `drawn_from` differs."""
        state = (drawn_from, self.theme.name, self.k, self._left, self._top)
        kept = self._kept.stamps.get(name)
        if kept is None or kept[0] != state:
            kept = self._kept.stamps[name] = (state, self._placed(figures()))
        self.surface.fblits(kept[1])

    def icon(
        self, name: str, x: float, y: float, size: float, color: str = "ink", ground: str = "floor"
    ) -> None:
        """A sign of the interface round its centre; colours are theme tokens."""
        self.sprite(f"icon-{name}", x, y, size, line=color, ground=ground)

    def flaps(
        self,
        x: float,
        y: float,
        text: str,
        changed: set[int] | frozenset[int] = frozenset(),
        small: bool = False,
    ) -> float:
        """Split-flap cells from their upper left corner; returns the x after the last.

        Signs whose index is in `changed` are amber. Small cells, for counters, are 12 × 19
        instead of 13 × 20.
        """
        pitch = 13 if small else 14
        amber, plain = self.theme.amber, self.theme.flaptext
        for index, sign in enumerate(text):
            cell = self._flap(sign, amber if index in changed else plain, small)
            self.surface.blit(cell, self.px(x, y))
            x += pitch
        return x

    def turning_flap(self, x: float, y: float, upper: str, lower: str, small: bool) -> None:
        """One cell in the middle of a flip: a new upper half over the lower half of the old."""
        left, top = self.px(x, y)
        for sign, below in ((upper, False), (lower, True)):
            cell = self._flap(sign, self.theme.flaptext, small)
            width, height = cell.get_size()
            half = height // 2
            part = (0, half, width, height - half) if below else (0, 0, width, half)
            self.surface.blit(cell, (left, top + part[1]), part)

    def _flap(self, sign: str, ink: Colour, small: bool) -> pygame.Surface:
        key = ("flap", sign, ink, small, self.theme.name, self.k, self.text_delta)
        return self.remember(key, lambda: self._new_flap(sign, ink, small))

    def _new_flap(self, sign: str, ink: Colour, small: bool) -> pygame.Surface:
        w, h, role = (12, 19, "flap2") if small else (13, 20, "flap")
        size = max(1, round(w * self.k)), max(1, round(h * self.k))
        cell = self.part(pygame.Surface(size, pygame.SRCALPHA), (self._left, self._top))
        cell.box(0, 0, w, h, self.theme.flap, radius=1.5)
        cell.line(0, h / 2, w, h / 2, self.theme.board)
        if sign != " ":
            cell.text(w / 2, h / 2 + 5.2, sign, role, ink, "center")
            cell._split(0, h / 2, w)
        return cell.surface

    def _split(self, x: float, y: float, w: float) -> None:
        """The gap between two half flaps, over the sign: half seen through."""
        left, top = self.px(x, y)
        right = self.px(x + w, y)[0]
        strip = pygame.Surface((right - left, self._stroke(1)), pygame.SRCALPHA)
        strip.fill((*self.theme.board, 110))
        self.surface.blit(strip, (left, top))

    # Parts that seldom change.

    @contextmanager
    def clip(self, x: float, y: float, w: float, h: float) -> Iterator[None]:
        """Draw nothing outside a rectangle."""
        before = self.surface.get_clip()
        self.surface.set_clip(self._span(x, y, w, h).clip(before))
        try:
            yield
        finally:
            self.surface.set_clip(before)

    def layer(
        self,
        name: str,
        rect: Rect,
        drawn_from: object,
        paint: Callable[["Canvas"], None],
        ground: Colour | None = None,
        shift: Point = (0, 0),
        *,
        patient: bool = False,
    ) -> None:
        """A part of the picture that is drawn again only when `drawn_from` differs.

        The name is unique among the parts on screen. Without a `ground` it is transparent. The
        finished part is moved by `shift`. A `patient` one may be shown for up to 50 ms as it was,
        so that the parts that news touch are not all drawn again in one frame.
        """
        span = self._span(*rect)
        dress = (span.size, self.theme.name, self.lang, self.text_delta, self.k)
        kept = self._kept.layers.get(name)
        known = kept is not None and kept.dress == dress and self.extents is None
        stale = kept is None or kept.drawn_from != drawn_from
        waits = patient and known and self._kept.turns.may_wait(name, stale=stale)
        if kept is None or not known or (stale and not waits):
            flags = 0 if ground else pygame.SRCALPHA
            sheet = pygame.Surface(span.size, flags)
            if ground:
                sheet.fill(ground)
            part = self.part(sheet, span.topleft)
            part.extents, part.panels = self.extents, self.panels
            paint(part)
            kept = self._kept.layers[name] = Layer(drawn_from, dress, sheet)
        left, top = span.x + round(shift[0] * self.k), span.y + round(shift[1] * self.k)
        self.surface.blit(kept.sheet, (left, top))


def _worded(role: str, string: str) -> str:
    """Chinese in the place of a kernel name is words: no grid of columns pulls it apart."""
    return "caption" if role == "kernel" and any(map(is_wide, string)) else role


_OPENING = frozenset("（《「“‘")
_CLOSING = frozenset("，。、；：？！）》」』”’%,.;:?!)")


def _words(paragraph: str) -> Iterator[str]:
    """Pieces between which a line may break; each keeps the spaces after it."""
    word = ""
    for sign in paragraph:
        last = word[-1:]
        wide = is_wide(sign) or (last != "" and is_wide(last))
        breaks = last == " " or (wide and sign not in _CLOSING and last not in _OPENING)
        if word and sign not in " %" and breaks:
            yield word
            word = ""
        word += sign
    if word:
        yield word
