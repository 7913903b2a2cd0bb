"""The map's names keep apart from each other and from stations, and own levels leave no gap."""

from itertools import combinations
from math import hypot

import msgspec
import pygame
import pytest

from game.client.canvas import Canvas
from game.client.theme import THEMES
from game.client.widgets.line_map import LineMap
from game.protocol.catalogue import LevelCard
from tests.client.catalogues import three
from tests.client.matches import real_catalogue


def campaign() -> list[LevelCard]:
    return sorted(real_catalogue().levels, key=lambda card: card.number)


def canvas(lang: str, size: tuple[int, int] = (1280, 720)) -> Canvas:
    on = Canvas(pygame.Surface(size), THEMES["light"], lang=lang)
    on.extents = []
    return on


@pytest.mark.parametrize("size", [(1280, 720), (1152, 648), (1920, 1080)])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_names_with_their_stars_touch_neither_each_other_nor_a_station(
    lang: str, size: tuple[int, int]
) -> None:
    cards = campaign()
    line_map = LineMap(cards)
    for here in cards:
        for everything in (False, True):
            known = {c.id for c in cards if everything or c.number <= here.number}
            stops = line_map.stops(known, {}, here.id)
            boxes = [pygame.FRect(box) for box in line_map.draw(canvas(lang, size), stops)]
            for one, other in combinations(boxes, 2):
                assert not one.colliderect(other), f"{one}, {other}, at {here.id}"
            for box in boxes:
                for station in stops:
                    x, y = station.place
                    near = (
                        x - min(max(x, box.left), box.right),
                        y - min(max(y, box.top), box.bottom),
                    )
                    # The outermost ring is a hair line, 4 outside of the next.
                    assert hypot(*near) > station.outer - 4, f"{box} on {station.card.id}"


def said(cards: list[LevelCard]) -> str:
    on = canvas("en")
    line_map = LineMap(cards)
    line_map.draw(on, line_map.stops(set(), {}, ""))
    assert on.extents is not None
    return " ".join(extent.text for extent in on.extents)


def test_between_the_game_and_a_players_own_levels_nothing_is_being_built() -> None:
    cards = campaign()
    own = msgspec.structs.replace(
        cards[1], id="lunch-hour", number=901, after=["hall"], map_x=448, map_y=488
    )
    assert "being built" not in said([*cards, own])
    assert "being built" in said(three().levels)
