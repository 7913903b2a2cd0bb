"""A sandbox as it stands, turned back into a level: machine, knobs in force, what was launched."""

import re

import msgspec

from game.level.schema import Languages, Level, Text
from game.level.settings import with_settings
from game.session.commands import knob_value
from game.sim.world import World

TRAFFIC_MAX = 32
"""Entries of a level's timetable; of what was launched the newest are kept."""

OWN_NUMBER = 900
"""Number of a player's own set-ups: behind everything that comes with the game."""


def as_level(world: World, name: str) -> Level:
    """The level that begins as the world stands now, with every attack at the time it came."""
    level = world.level
    settings = [(knob.name, knob_value(world, knob.name)) for knob in level.knob]
    traffic = [*level.traffic, *world.launched[len(level.traffic) - TRAFFIC_MAX :]]
    title = name[:24]
    return msgspec.structs.replace(
        with_settings(level, settings),
        id=f"own-{_slug(name)}",
        number=OWN_NUMBER,
        traffic=traffic,
        text=Languages(_titled(level.text.en, title), _titled(level.text.zh, title)),
    )


def _titled(text: Text, title: str) -> Text:
    return msgspec.structs.replace(text, title=title)


def _slug(name: str) -> str:
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:30]
    return plain or name.encode().hex()[:30]
