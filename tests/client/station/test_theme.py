import pytest

from game.client.theme import THEMES, Colour

TEXT_PAIRS = [
    ("ink", "paper"),
    ("ink", "floor"),
    ("ink2", "paper"),
    ("ink2", "floor"),
    ("ink2", "pave"),
    ("ink2", "alertfill"),
    ("alert", "floor"),
    ("alert", "alertfill"),
    ("floor", "alert"),
    ("floor", "ink2"),
    ("onsign", "sign"),
    ("onsign2", "sign"),
    ("flaptext", "flap"),
    ("amber", "flap"),
    ("amber", "board"),
    ("boarddim", "board"),
    *(("ontrain", platform) for platform in ("pa", "pb", "pc", "pd")),
]
SHAPE_PAIRS = [
    *(
        (actor, ground)
        for actor in ("traveller", "hoarder", "slow")
        for ground in ("floor", "pave")
    ),
    ("ghost", "ghostfill"),
    ("ghost", "pave"),
    ("mid", "floor"),
    ("focus", "floor"),
    ("ok", "floor"),
]


def luminance(colour: Colour) -> float:
    parts = [c / 255 for c in colour]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(a: Colour, b: Colour) -> float:
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("name", THEMES)
def test_text_and_shapes_can_be_told_from_their_ground(name: str) -> None:
    theme = THEMES[name]
    for pairs, least in ((TEXT_PAIRS, 4.5), (SHAPE_PAIRS, 3.0)):
        for over, under in pairs:
            found = contrast(theme.token(over), theme.token(under))
            assert found >= least, f"{over} on {under}: {found:.2f}"


def test_high_contrast_text_is_twice_as_clear() -> None:
    theme = THEMES["contrast"]
    assert contrast(theme.ink, theme.paper) > 15
    assert contrast(theme.ink2, theme.pave) > 7


def test_an_unknown_token_is_an_error() -> None:
    with pytest.raises(KeyError):
        THEMES["light"].token("name")
