"""What students hand in, played and graded: replays and setting files.

A replay is the `.json` that the game keeps of a run. A setting file is a text file (`.txt`): the
line `level=ID`, then a line NAME=VALUE for each knob that is to stand from the start; empty lines
and what follows a `#` do not count. A file that cannot be graded is a row with its reason.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from game.lab.run import play_level
from game.level.load import sysctl_full_name
from game.level.schema import Knob, Level
from game.level.settings import BadSetting
from game.session.rates import TICKS_PER_S
from game.session.replay import BadReplay, Replay, level_text, load_replay
from game.session.session import Session, play

SETTINGS_BYTES_MAX = 64 * 1024
"""Of a setting file: a thousand times what a level has knobs."""

GOALS = ("served", "connect_p95_ms", "core_max", "memory_mb", "cost")
COLUMNS = (
    "file",
    "kind",
    "level",
    "seed",
    "attempts",
    "served",
    "stars",
    *(f"goal_{what}" for what in GOALS),
    *(f"stars_{what}" for what in GOALS),
    "reason",
)
"""Of the CSV; goals that a level does not have are empty."""


class BadHandIn(ValueError):
    """A file that cannot be graded; the text is one sentence that says why."""


class Settings(NamedTuple):
    """A setting file: the level's id and what is set."""

    level: str
    values: list[tuple[str, str]]


def grade_folder(folder: Path, levels: Mapping[str, Level], seed: int) -> Iterator[dict[str, str]]:
    """A row for each file of a folder and the folders in it, by name.

    Args:
        levels: those that count, by id and by number.
        seed: of the runs of setting files.
    """
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or any(part.startswith(".") for part in path.parts[1:]):
            continue
        name = path.relative_to(folder).as_posix()
        kind = {".json": "replay", ".txt": "settings"}.get(path.suffix, "")
        row = dict.fromkeys(COLUMNS, "") | {"file": name, "kind": kind}
        try:
            if kind == "replay":
                session, reason = _play_replay(path, levels)
            elif kind == "settings":
                session, reason = _play_settings(path, levels, seed), ""
            else:
                raise BadHandIn("It is neither a replay (.json) nor a setting file (.txt).")
        except (BadHandIn, BadReplay, BadSetting) as error:
            yield row | {"reason": str(error).replace(f"{path}", name)}
        else:
            yield row | _graded(session) | {"reason": reason}


def as_csv(rows: Sequence[Mapping[str, str]]) -> str:
    """Rows as the text of a CSV file."""
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def parse_settings(text: str) -> Settings:
    """A setting file.

    Raises:
        BadHandIn: a line that is none, or no level.
    """
    level, values = "", []
    for number, line in enumerate(text.splitlines(), start=1):
        said = line.partition("#")[0].strip()
        if not said:
            continue
        name, equals, value = (part.strip() for part in said.partition("="))
        if not (name and equals and value):
            raise BadHandIn(f"Line {number} is not NAME=VALUE: {said[:60]!r}.")
        if name == "level":
            level = value
        else:
            values.append((name, value))
    if not level:
        raise BadHandIn("It does not say which level it is for: level=ID.")
    return Settings(level, values)


def _play_settings(path: Path, levels: Mapping[str, Level], seed: int) -> Session:
    try:
        if path.stat().st_size > SETTINGS_BYTES_MAX:
            raise BadHandIn(f"It is larger than any setting file ({SETTINGS_BYTES_MAX} bytes).")
        settings = parse_settings(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        raise BadHandIn("It is not text in UTF-8.") from None
    except OSError as error:
        raise BadHandIn(f"It cannot be read: {error.strerror}.") from None
    level = levels.get(settings.level)
    if level is None:
        raise BadHandIn(f"There is no level {settings.level!r}.")
    knobs = {knob.name: knob for knob in level.knob}
    for name, value in settings.values:
        knob = knobs.get(name.rsplit(".", 1)[-1])
        if knob is None or (sysctl_full_name(name) is None and name not in knobs):
            raise BadHandIn(f"{name} is not open in {level.id}; {', '.join(knobs)} are.")
        _check_value(knob, value)
    return play_level(level, seed, (), settings.values)


def _check_value(knob: Knob, value: str) -> None:
    """Whether a player could set this.

    Raises:
        BadHandIn: the knob does not go there.
    """
    if knob.choices:
        if value not in map(str, knob.choices):
            raise BadHandIn(f"{knob.name} takes {', '.join(map(str, knob.choices))}, not {value}.")
        return
    assert knob.min is not None  # The loader refuses a knob without either.
    assert knob.max is not None
    if not value.removeprefix("-").isdecimal() or not knob.min <= int(value) <= knob.max:
        raise BadHandIn(f"{knob.name} takes {knob.min} to {knob.max}, not {value}.")


def _play_replay(path: Path, levels: Mapping[str, Level]) -> tuple[Session, str]:
    """A replay, played, and what is odd about it."""
    replay = load_replay(path)
    level = replay.load_level()
    known = levels.get(level.id)
    if known is None:
        raise BadHandIn(f"It is of a level that is not graded: {level.id!r}.")
    if level_text(known) != level_text(level):
        raise BadHandIn(
            f"Its level {level.id!r} is not this game's: changed, or of another version."
        )
    if replay.ticks < level.seconds * TICKS_PER_S:
        left_s = replay.ticks // TICKS_PER_S
        raise BadHandIn(f"The run was left after {left_s} of {level.seconds} s.")
    session = play(replay)
    while not session.over:
        session.advance()
    return session, _differs(replay, session)


def _differs(replay: Replay, session: Session) -> str:
    if replay.digests == session.digests:
        return ""
    return "Its digests differ: played on another version, or changed; graded as played here."


def _graded(session: Session) -> dict[str, str]:
    score = session.score
    row = {
        "level": session.level.id,
        "seed": str(session.seed),
        "attempts": str(score.attempts),
        "served": str(score.served),
        "stars": str(score.stars()),
    }
    for goal in session.level.goal:
        value = score.value(goal.what)
        row[f"goal_{goal.what}"] = "" if value is None else f"{value:.6g}"
        row[f"stars_{goal.what}"] = str(score.goal_stars(goal))
    return row
