"""Colours: one attribute for each token of the palette, in three themes.

Contrast was computed when the palette was made: text at least 4.5 : 1, shapes 3 : 1. `hair`,
`rail`, `belt`, `seat` and `warnfill` are below that on purpose and never carry a state alone.
"""

from dataclasses import dataclass, fields

Colour = tuple[int, int, int]
"""Red, green, blue, 0 to 255."""


def colour(code: str) -> Colour:
    """`#RRGGBB` as three numbers."""
    return int(code[1:3], 16), int(code[3:5], 16), int(code[5:7], 16)


@dataclass(frozen=True)
class Theme:
    """A palette; the attributes are tokens, documented by their use.

    Attributes:
        name: key in `THEMES`.
        paper: page. floor: panels, knockouts. pave, pave2: the internet square.
        hair: hairlines. mid: outlines of empty places. rail, seat, belt: decoration.
        ink, ink2: text. sign, onsign, onsign2: signs and what stands on them.
        coat: uniforms.
        traveller, ghost, ghostfill, hoarder, slow: the actors.
        pa, pb, pc, pd: platforms A to D. ontrain: marks on a train.
        ok, warnfill, focus, alert, alertfill: states.
        board, flap, flaptext, boarddim, amber: the board and the console.
        core_soft, core_user, core_sw: a core's time.
        lampgood, lampbad: a train's lamp, always on `sign`.
    """

    name: str
    paper: Colour
    floor: Colour
    pave: Colour
    pave2: Colour
    hair: Colour
    mid: Colour
    rail: Colour
    seat: Colour
    belt: Colour
    ink: Colour
    ink2: Colour
    sign: Colour
    coat: Colour
    onsign: Colour
    onsign2: Colour
    traveller: Colour
    ghost: Colour
    ghostfill: Colour
    hoarder: Colour
    slow: Colour
    pa: Colour
    pb: Colour
    pc: Colour
    pd: Colour
    ontrain: Colour
    ok: Colour
    warnfill: Colour
    focus: Colour
    alert: Colour
    alertfill: Colour
    board: Colour
    flap: Colour
    flaptext: Colour
    boarddim: Colour
    amber: Colour
    core_soft: Colour
    core_user: Colour
    core_sw: Colour
    lampgood: Colour
    lampbad: Colour

    @property
    def platforms(self) -> list[Colour]:
        """Colours of platforms A to D; further platforms begin again, with another shape."""
        return [self.pa, self.pb, self.pc, self.pd]

    @property
    def bright(self) -> bool:
        """True when the paper is lighter than the ink."""
        return sum(self.paper) > sum(self.ink)

    def token(self, name: str) -> Colour:
        """The colour of a token, by name.

        Raises:
            KeyError: there is no such token.
        """
        value = getattr(self, name, None)
        if not isinstance(value, tuple):
            raise KeyError(name)
        return value

    def tokens(self) -> dict[str, Colour]:
        """Every token with its colour."""
        return {field.name: self.token(field.name) for field in fields(self)[1:]}


def _theme(name: str, codes: str) -> Theme:
    pairs = (line.split() for line in codes.strip().splitlines())
    return Theme(name=name, **{token: colour(code) for token, code in pairs})


LIGHT = _theme(
    "light",
    """
    paper #F5F3EE
    floor #FFFFFF
    pave #E9E6DE
    pave2 #DEDAD0
    hair #D3CFC4
    mid #7A8089
    rail #9AA0A8
    seat #D8D4CA
    belt #CBC7BC
    ink #141C28
    ink2 #525C69
    sign #1C2B4A
    coat #1C2B4A
    onsign #FFFFFF
    onsign2 #C3CCDD
    traveller #0A63B0
    ghost #5F6976
    ghostfill #FFFFFF
    hoarder #B45F06
    slow #5A1A6E
    pa #00817F
    pb #A3195B
    pc #5F7D00
    pd #3C5AA8
    ontrain #FFFFFF
    ok #0B7A5B
    warnfill #FFC23D
    focus #BF7600
    alert #C21F39
    alertfill #FBE3E6
    board #14181D
    flap #242B32
    flaptext #F6F1E4
    boarddim #A8AFB7
    amber #FFC23D
    core_soft #A3195B
    core_user #0A63B0
    core_sw #7A8089
    lampgood #52E0AE
    lampbad #FF7383
    """,
)

DARK = _theme(
    "dark",
    """
    paper #0E141B
    floor #19222C
    pave #0A0F15
    pave2 #141C25
    hair #33404D
    mid #6E7B89
    rail #5A6673
    seat #3A4754
    belt #2C3845
    ink #EEF2F6
    ink2 #A9B5C1
    sign #2B4474
    coat #C9D5EA
    onsign #FFFFFF
    onsign2 #C9D5EA
    traveller #5FB2FF
    ghost #8E9BA9
    ghostfill #0F161D
    hoarder #F2A243
    slow #A970FF
    pa #2FC4C0
    pb #FF6AA0
    pc #B4D455
    pd #8FB1FF
    ontrain #0E141B
    ok #3FCF9E
    warnfill #FFC23D
    focus #FFC23D
    alert #FF7383
    alertfill #2F1E29
    board #06080B
    flap #1E262E
    flaptext #F6F1E4
    boarddim #9AA5B0
    amber #FFC23D
    core_soft #FF6AA0
    core_user #5FB2FF
    core_sw #6E7B89
    lampgood #52E0AE
    lampbad #FF7383
    """,
)

CONTRAST = _theme(
    "contrast",
    """
    paper #FFFFFF
    floor #FFFFFF
    pave #F1F1F1
    pave2 #E0E0E0
    hair #6A6A6A
    mid #4A4A4A
    rail #5A5A5A
    seat #D0D0D0
    belt #B0B0B0
    ink #000000
    ink2 #262626
    sign #000000
    coat #000000
    onsign #FFFFFF
    onsign2 #FFFFFF
    traveller #00429A
    ghost #3A3A3A
    ghostfill #FFFFFF
    hoarder #8A4300
    slow #4B0066
    pa #005B5A
    pb #8A0048
    pc #3F5400
    pd #1F3F95
    ontrain #FFFFFF
    ok #00563C
    warnfill #FFC23D
    focus #9A4F00
    alert #A30019
    alertfill #FFDDE2
    board #000000
    flap #1C1C1C
    flaptext #FFFFFF
    boarddim #D8D8D8
    amber #FFD23D
    core_soft #8A0048
    core_user #00429A
    core_sw #4A4A4A
    lampgood #7CFFD0
    lampbad #FF9AA6
    """,
)

THEMES: dict[str, Theme] = {theme.name: theme for theme in (LIGHT, DARK, CONTRAST)}
