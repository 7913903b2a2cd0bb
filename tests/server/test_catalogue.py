"""The catalogue has a place and words for everything that a level file can open or send."""

from typing import Literal, get_args

import msgspec
import pytest

from game.kernel.sysctl import SYSCTLS
from game.level.cards import CARDS
from game.level.load import load_folder, load_level
from game.level.schema import MACHINE_KNOBS, Knob, Level, Traffic
from game.paths import arenas_dir, levels_dir
from game.protocol.snapshot import Actor
from game.server.catalogue import make_catalogue
from game.text import cards, knobs

NUMBERS = [row.last_name for row in SYSCTLS if isinstance(row.default, int)]


def hall() -> Level:
    return next(level for level in load_folder(levels_dir()) if level.id == "hall")


@pytest.mark.parametrize("name", [*MACHINE_KNOBS, *NUMBERS])
def test_every_knob_has_a_column_a_kernel_name_and_a_value(name: str) -> None:
    knob = Knob(name, min=0, max=1)
    (card,) = make_catalogue([msgspec.structs.replace(hall(), knob=[knob])]).levels
    assert card.knobs[0].group in range(4)
    assert card.knobs[0].kernel_name
    assert card.knobs[0].default


@pytest.mark.parametrize("name", MACHINE_KNOBS)
def test_every_machine_knob_has_help_in_both_languages(name: str) -> None:
    assert name in knobs.EN
    assert name in knobs.ZH


def test_every_kind_of_traffic_has_an_actor() -> None:
    (kinds,) = [get_args(field.type) for field in msgspec.structs.fields(Traffic)[:1]]
    traffic = [msgspec.structs.replace(hall().traffic[0], kind=kind) for kind in kinds]
    (card,) = make_catalogue([msgspec.structs.replace(hall(), traffic=traffic)]).levels
    assert {wave.actor for wave in card.waves} == set(Actor)


def test_the_catalogue_tells_its_level_set_by_every_word() -> None:
    levels = load_folder(levels_dir())
    text = msgspec.structs.replace(levels[0].text.en, title="Other")
    words = msgspec.structs.replace(levels[0].text, en=text)
    changed = [msgspec.structs.replace(levels[0], text=words), *levels[1:]]
    assert make_catalogue(levels).level_set == make_catalogue(levels[::-1]).level_set
    assert make_catalogue(levels).level_set != make_catalogue(changed).level_set


def test_an_arena_is_no_station_on_the_map_and_brings_its_cards() -> None:
    arena = load_level(arenas_dir() / "crossing.toml")
    catalogue = make_catalogue([hall(), arena])
    assert [card.id for card in catalogue.levels] == ["hall"]
    (card,) = catalogue.arenas
    assert card.arena is not None
    assert [one.name for one in card.arena.cards] == list(CARDS)
    assert all(one.name in cards.EN for one in card.arena.cards)


def test_those_who_come_rarely_are_announced_all_the_same() -> None:
    rare = msgspec.structs.replace(hall().traffic[0], per_s=0.25)
    (card,) = make_catalogue([msgspec.structs.replace(hall(), traffic=[rare])]).levels
    assert card.waves[0].per_s == 1


@pytest.mark.parametrize(("profile", "somaxconn"), [("linux", "4096"), ("bsd", "128")])
def test_a_knob_is_announced_as_the_stack_begins(
    profile: Literal["linux", "bsd"], somaxconn: str
) -> None:
    level = load_level(levels_dir() / "18-old-station.toml")
    machine = msgspec.structs.replace(level.machine, profile=profile)
    knob = Knob("somaxconn", choices=[128, 4096])
    (card,) = make_catalogue([msgspec.structs.replace(level, machine=machine, knob=[knob])]).levels
    assert card.knobs[0].default == somaxconn
