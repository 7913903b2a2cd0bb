"""A run that has been played, whether from a level or from a replay: what reports are made of."""

from collections.abc import Sequence
from typing import NamedTuple

from game.lab.run import play_level
from game.level.schema import Level
from game.protocol.messages import Result
from game.session.replay import LoggedCommand, Replay
from game.session.session import play


class Played(NamedTuple):
    """One run.

    Attributes:
        level: as it was played.
        result: how it went.
        settings: what stood from the start, besides what the level says.
    """

    level: Level
    result: Result
    settings: Sequence[tuple[str, str]] = ()


def played_level(
    level: Level,
    seed: int,
    recorded: Sequence[LoggedCommand] = (),
    settings: Sequence[tuple[str, str]] = (),
) -> Played:
    """Play a level through.

    Raises:
        BadSetting: a setting that cannot be.
    """
    return Played(level, play_level(level, seed, recorded, settings).result(), settings)


def played_replay(replay: Replay) -> Played:
    """Play a replay through, to where it was left.

    Raises:
        BadReplay: the level inside is broken.
    """
    session = play(replay)
    while session.tick < min(replay.ticks, session.ticks):
        session.advance()
    return Played(session.level, session.result())
