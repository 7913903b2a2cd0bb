"""Type: which font and size each role has, and text as cached pictures.

The font files lie in the package `pygame_gui`. Fira Code joins signs such as `->` into one glyph;
kernel names must look as they are typed, so it is drawn glyph by glyph on a grid of 0.6 × size.
"""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from io import BytesIO

import pygame

from game.client.theme import Colour

TEXTS_MAX = 4000
"""Rendered strings kept. A full station shows about 300; ten times that, and the last minute."""

PX_MIN = 11
"""No text is ever smaller than this: what 12 is in the smallest window, 1152 × 648."""


@dataclass(frozen=True)
class Role:
    """What a piece of text is.

    Attributes:
        face: "regular", "bold" or "code".
        size: design units.
        line: distance of baselines, design units; Chinese gets 2 more.
    """

    face: str
    size: float
    line: float


ROLES: dict[str, Role] = {
    "display": Role("bold", 52, 60),
    "display2": Role("bold", 44, 52),
    "plate": Role("bold", 22, 26),
    "title": Role("bold", 20, 24),
    "clock": Role("bold", 15, 20),
    "sign": Role("bold", 14, 20),
    "value": Role("bold", 16, 20),
    "strong": Role("bold", 13, 17),
    "body": Role("regular", 13, 17),
    "reading": Role("regular", 15, 22),
    "caption": Role("regular", 12, 16),
    "caption_bold": Role("bold", 12, 16),
    "kernel": Role("code", 12, 16),
    "console": Role("code", 13, 17),
    "flap": Role("code", 15, 20),
    "flap2": Role("code", 14, 19),
}

_FILES = {
    "regular": "NotoSans-Regular.ttf",
    "bold": "NotoSans-Bold.ttf",
    "code": "FiraCode-Regular.ttf",
    "regular-sc": "NotoSansSC-Regular.otf",
    "bold-sc": "NotoSansSC-Bold.otf",
}


_UPRIGHT = "≤≥"
"""Noto Sans here lacks these, and those of Noto Sans SC lean; Fira Code has them as they were
learnt."""


UNKNOWN = "\ufffd"
"""Stands for a sign that none of the fonts has, an emoji in a name for example: Noto Sans has this
one, which everybody knows, while each font's own box for what it lacks looks like a fault."""


def is_wide(sign: str) -> bool:
    """True for a sign that Noto Sans lacks and Noto Sans SC has: Han, kana, full width."""
    code = ord(sign)
    return 0x2E80 <= code <= 0x9FFF or 0xF900 <= code <= 0xFAFF or 0xFE30 <= code <= 0xFFEF


class Fonts:
    """Opens fonts when they are first needed and keeps what was drawn.

    One object per window; it must not outlive `pygame.font.quit()`.
    """

    def __init__(self) -> None:
        if not pygame.font.get_init():
            pygame.font.init()
        self._bytes: dict[str, bytes] = {}
        self._fonts: dict[tuple[str, int], pygame.font.Font] = {}
        self._texts: OrderedDict[tuple[str, int, Colour, str], pygame.Surface] = OrderedDict()
        self._widths: dict[tuple[str, int, str], int] = {}
        self._has_glyph: dict[tuple[str, str], bool] = {}

    def _font(self, face: str, px: int) -> pygame.font.Font:
        font = self._fonts.get((face, px))
        if font is None:
            if face not in self._bytes:
                source = files("pygame_gui").joinpath("data", _FILES[face])
                self._bytes[face] = source.read_bytes()
            font = pygame.font.Font(BytesIO(self._bytes[face]), px)
            self._fonts[face, px] = font
        return font

    def ascent(self, face: str, px: int) -> int:
        """Pixels from the top of a rendered text to its baseline."""
        return self._font(face, px).get_ascent()

    def width(self, face: str, px: int, text: str) -> int:
        """Pixels that a text takes."""
        key = (face, px, text)
        found = self._widths.get(key)
        if found is None:
            if len(self._widths) > TEXTS_MAX * 4:
                self._widths.clear()
            found = self._widths[key] = self._measure(face, px, text)
        return found

    def _measure(self, face: str, px: int, text: str) -> int:
        if face == "code":
            return round(sum(code_advance(sign) for sign in text) * px)
        return sum(self._font(f, px).size(run)[0] for f, run in self._runs(face, text))

    def text(self, face: str, px: int, ink: Colour, text: str) -> pygame.Surface:
        """A text as a picture with a transparent ground; its top is `ascent` above the baseline."""
        key = (face, px, ink, text)
        found = self._texts.get(key)
        if found is not None:
            self._texts.move_to_end(key)
            return found
        found = self._code(px, ink, text) if face == "code" else self._plain(face, px, ink, text)
        self._texts[key] = found
        if len(self._texts) > TEXTS_MAX:
            self._texts.popitem(last=False)
        return found

    def _runs(self, face: str, text: str) -> Iterator[tuple[str, str]]:
        """The text cut into pieces, each with the face that has its glyphs."""
        run, run_face = "", face
        for written in text:
            needed, sign = self._found(face, written)
            if needed != run_face and run:
                yield run_face, run
                run = ""
            run_face, run = needed, run + sign
        if run:
            yield run_face, run

    def _found(self, face: str, sign: str) -> tuple[str, str]:
        """The face that has a sign, and the sign; where none has it, what stands for it."""
        if sign in _UPRIGHT:
            return "code", sign
        if self._covers(face, sign):
            return face, sign
        chinese = "regular-sc" if face == "code" else f"{face}-sc"
        if is_wide(sign) or self._covers(chinese, sign):
            return chinese, sign
        return "regular" if face == "code" else face, UNKNOWN

    def _covers(self, face: str, sign: str) -> bool:
        if is_wide(sign):
            return False
        if sign.isascii():
            return True
        key = (face, sign)
        if key not in self._has_glyph:
            # A font draws the same box for every sign it lacks; U+FFFF is never a sign.
            font = self._font(face, 16)
            drawn, box = (
                pygame.image.tobytes(font.render(text, True, "black"), "RGBA")
                for text in (sign, "\uffff")
            )
            self._has_glyph[key] = drawn != box
        return self._has_glyph[key]

    def _plain(self, face: str, px: int, ink: Colour, text: str) -> pygame.Surface:
        runs = list(self._runs(face, text))
        ascent = self.ascent(face, px)
        if len(runs) == 1 and runs[0][0] == face:
            return _argb(self._font(face, px).render(runs[0][1], True, ink))
        drawn = [(self._font(f, px), self._font(f, px).render(run, True, ink)) for f, run in runs]
        above = max([ascent, *(font.get_ascent() for font, _ in drawn)])
        below = max(
            (picture.get_height() - font.get_ascent() for font, picture in drawn), default=1
        )
        width = max(1, sum(picture.get_width() for _, picture in drawn))
        # The top of every text is the Latin ascent above the baseline, so taller Chinese glyphs
        # lose only their empty upper margin.
        whole = pygame.Surface((width, ascent + below), pygame.SRCALPHA)
        x = 0
        for font, picture in drawn:
            y = ascent - font.get_ascent()
            whole.blit(picture, (x, max(y, ascent - above)))
            x += picture.get_width()
        return whole

    def _code(self, px: int, ink: Colour, text: str) -> pygame.Surface:
        font = self._font("code", px)
        width = max(1, self.width("code", px, text))
        whole = pygame.Surface((width + 2, font.get_linesize()), pygame.SRCALPHA)
        x = 0.0
        for sign in text:
            advance = code_advance(sign) * px
            if sign != " ":
                whole.blit(*self._code_glyph(sign, px, ink, x, advance))
            x += advance
        return whole

    def _code_glyph(
        self, sign: str, px: int, ink: Colour, x: float, advance: float
    ) -> tuple[pygame.Surface, tuple[int, int]]:
        key = ("code-glyph", px, ink, sign)
        glyph = self._texts.get(key)
        face, shown = self._found("code", sign)
        if glyph is None:
            glyph = self._texts[key] = _argb(self._font(face, px).render(shown, True, ink))
        if face == "code":
            return glyph, (round(x), 0)
        y = self.ascent("code", px) - self.ascent(face, px)
        return glyph, (round(x + (advance - glyph.get_width()) / 2), y)


def code_advance(sign: str) -> float:
    """Width of a sign in the code face, in sizes: a Chinese sign takes two columns."""
    return 1.2 if is_wide(sign) else 0.6


def _argb(picture: pygame.Surface) -> pygame.Surface:
    """The same picture in the pixel layout that blits fastest."""
    plain = pygame.Surface(picture.get_size(), pygame.SRCALPHA)
    plain.blit(picture, (0, 0), special_flags=pygame.BLEND_RGBA_ADD)
    return plain
