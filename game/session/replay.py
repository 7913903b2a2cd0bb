"""A run on disk: the level in full, seed, commands and digests. Loading it is playing it again."""

import os
from pathlib import Path
from typing import Annotated, Literal

import msgspec
import tomli_w
from msgspec import Meta

from game.level.load import BadLevel, parse_level
from game.level.schema import Level
from game.protocol.messages import Command

REPLAY_BYTES_MAX = 8 * 1024 * 1024
"""Size of a replay file; one with a thousand commands is under 200 kB."""


class BadReplay(ValueError):
    """A file that is no whole replay; the text is one sentence that says why."""


class LoggedCommand(msgspec.Struct, frozen=True, array_like=True):
    """A command and the tick border at which it acted."""

    tick: Annotated[int, Meta(ge=0)]
    command: Command


class Replay(msgspec.Struct, frozen=True):
    """One run.

    Attributes:
        level: text of the level file as it was played, overridden settings included.
        digests: tick and fingerprint, every `DIGEST_TICKS` ticks and at the end.
        ticks: length of the run; a run that was left early ends there.
    """

    format: Literal[1]
    level: str
    seed: Annotated[int, Meta(ge=0, lt=2**53)]
    boot_key: Annotated[int, Meta(ge=0, lt=2**62)]
    commands: list[LoggedCommand]
    digests: list[tuple[int, str]]
    ticks: Annotated[int, Meta(ge=0)]

    def load_level(self) -> Level:
        """The level that was played.

        Raises:
            BadReplay: it is none.
        """
        try:
            return parse_level(self.level, "the replay's level")
        except BadLevel as error:
            raise BadReplay(f"The level inside the replay is broken: {error}.") from error


def level_text(level: Level) -> str:
    """A level as the text of a level file."""
    tree = msgspec.to_builtins(level)
    return tomli_w.dumps(_without_none(tree))


def _without_none(tree: object) -> dict[str, object]:
    assert isinstance(tree, dict)  # A level is a table.
    return {key: _clean(value) for key, value in tree.items() if value is not None}


def _clean(value: object) -> object:
    if isinstance(value, dict):
        return _without_none(value)
    return [_clean(one) for one in value] if isinstance(value, list) else value


def save_replay(replay: Replay, path: Path) -> None:
    """Write a replay: to a temporary file first, then under its name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_bytes(msgspec.json.format(msgspec.json.encode(replay), indent=1))
    os.replace(part, path)  # noqa: PTH105  The name is the point: an atomic replacement.


def load_replay(path: Path) -> Replay:
    """Read a replay.

    Raises:
        BadReplay: missing, too big, truncated, or something else.
    """
    try:
        if path.stat().st_size > REPLAY_BYTES_MAX:
            raise BadReplay(f"{path} is larger than any replay ({REPLAY_BYTES_MAX} bytes).")
        data = path.read_bytes()
    except OSError as error:
        raise BadReplay(f"{path} cannot be read: {error.strerror}.") from error
    try:
        return msgspec.json.decode(data, type=Replay)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadReplay(f"{path} is no whole replay ({error}); the file is kept.") from error
