import re

from game.text.station import EN, ZH, say


def test_both_languages_have_every_text_with_the_same_blanks() -> None:
    assert EN.keys() == ZH.keys()
    for key in EN:
        assert set(re.findall(r"\{(\w+)\}", EN[key])) == set(re.findall(r"\{(\w+)\}", ZH[key])), key


def test_blanks_are_filled() -> None:
    assert say("en", "free_seats", n=9) == "9 free seats"
    assert say("zh", "free_seats", n=9) == "9 个空位"
