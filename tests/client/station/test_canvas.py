import pygame
import pytest

from game.client.canvas import Canvas
from game.client.fonts import Fonts
from game.client.sprites import template
from game.client.theme import THEMES
from game.paths import assets_dir
from tests.client.station.pictures import canvas

SPRITES = sorted(path.stem for path in (assets_dir() / "sprites").glob("*.svg"))


@pytest.mark.parametrize("name", SPRITES)
def test_every_sprite_draws_in_every_theme_and_knows_its_colours(name: str) -> None:
    for theme in THEMES:
        picture = canvas(theme).picture(name, template(name).height)
        assert picture.surface.get_bounding_rect().width > 0, "nothing was drawn"


def test_a_sprite_stands_on_its_feet() -> None:
    on = canvas()
    on.clear()
    on.sprite("traveller", 100, 200, 40)
    drawn = pygame.mask.from_threshold(on.surface, on.theme.traveller, (30, 30, 30, 255))
    box = drawn.get_bounding_rects()[-1]
    assert abs(box.bottom - 200) <= 1
    assert abs(box.centerx - 100) <= 1


def test_kernel_names_are_not_joined_into_other_signs() -> None:
    on = canvas()
    one, other = pygame.Surface((60, 30)), pygame.Surface((60, 30))
    Canvas.text(on.on(one), 0, 0, "", "kernel", (0, 0, 0))
    for surface, parts in ((one, ["->"]), (other, ["-", ">"])):
        piece = on.part(surface, (0, 0))
        x = 4.0
        for text in parts:
            piece.text(x, 20, text, "kernel", (255, 255, 255))
            x += piece.measure(text, "kernel")
    assert pygame.image.tobytes(one, "RGB") == pygame.image.tobytes(other, "RGB")


def test_code_stands_on_a_grid() -> None:
    on = canvas()
    assert on.measure("iiii", "kernel") == on.measure("WWWW", "kernel")


def test_signs_that_the_face_lacks_come_from_the_other_one() -> None:
    fonts = Fonts()
    white = (255, 255, 255)
    box = pygame.image.tobytes(fonts.text("regular", 20, white, "\uffff"), "RGBA")
    for sign in "≥票→":
        drawn = fonts.text("regular", 20, white, sign)
        assert drawn.get_bounding_rect().width > 0
        assert pygame.image.tobytes(drawn, "RGBA") != box, sign


def test_a_text_that_is_too_long_ends_in_an_ellipsis() -> None:
    on = canvas()
    short = on.shortened("a very long name of a station", "body", 60)
    assert short.endswith("…")
    assert on.measure(short, "body") <= 60


def test_lines_break_between_words_and_between_chinese_signs() -> None:
    on = canvas()
    for text in ("The hall took the wait, then drained.", "候车厅收下了等待的人，然后慢慢排空。"):
        lines = on.wrap(text, "body", 90)
        assert len(lines) > 1
        assert all(on.measure(line, "body") <= 90 for line in lines)
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_no_line_begins_with_a_chinese_comma_or_ends_with_an_open_bracket() -> None:
    on = canvas()
    for width in range(40, 120, 7):
        lines = on.wrap("候车厅（fd）收下了等待（或走着）的人，然后慢慢排空。", "body", width)
        assert not any(line[:1] in "，。）" or line[-1:] == "（" for line in lines)


def test_a_layer_is_drawn_again_only_when_it_changed() -> None:
    on = canvas()
    drawn: list[int] = []
    for state in (1, 1, 2):
        on.layer("part", (0, 0, 10, 10), state, lambda _: drawn.append(len(drawn) + 1))
    assert drawn == [1, 2]


def test_large_text_is_larger_and_small_windows_keep_eleven_px() -> None:
    assert canvas(delta=2).measure("Served", "body") > canvas().measure("Served", "body")
    assert canvas(size=(640, 360)).role("caption")[1] == 11


def test_another_shape_of_window_keeps_the_proportions() -> None:
    on = canvas(size=(1600, 720))
    assert on.k == 1.0
    assert on.px(0, 0) == (160, 0)
    assert on.point((160, 0)) == (0, 0)


def test_a_large_text_that_does_not_fit_goes_back_to_its_plain_size() -> None:
    plain, large = canvas(), canvas(delta=2)
    room = plain.measure("ListenOverflows", "kernel")
    large.extents = []
    large.text(0, 20, "ListenOverflows", "kernel", (0, 0, 0), max_width=room)
    assert [extent.text for extent in large.extents] == ["ListenOverflows"]
    large.text(0, 20, "ListenOverflows", "kernel", (0, 0, 0), max_width=room / 2)
    assert large.extents[-1].text.endswith("…")


@pytest.mark.parametrize("face", ["regular", "bold", "code"])
def test_a_sign_that_no_font_has_is_drawn_as_unknown_and_not_as_a_fault(face: str) -> None:
    fonts = Fonts()

    def drawn(text: str) -> bytes:
        return pygame.image.tobytes(fonts.text(face, 16, (0, 0, 0), text), "RGBA")

    assert drawn("Mei 🚂") == drawn("Mei 👍") == drawn("Mei \ufffd")
    assert drawn("站长 é ё →") != drawn("\ufffd\ufffd \ufffd \ufffd \ufffd")
    width = fonts.width(face, 16, "Mei 🚂")
    assert abs(fonts.text(face, 16, (0, 0, 0), "Mei 🚂").get_width() - width) <= 2
