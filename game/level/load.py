"""Reading level files: every fault at once, with the path inside the file.

The shape is in `schema.py`; here are the checks it cannot make: names of sysctls and knobs, the
order of marks and times.
"""

import hashlib
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

from game.kernel.filter import BadFilter, Filter
from game.kernel.sysctl import UnknownSysctl, find_sysctl
from game.level.cards import CARDS
from game.level.goal import HIGHER_IS_BETTER
from game.level.schema import MACHINE_KNOBS, SEGMENT_BYTES_MAX, Knob, Level, Machine, Traffic

LEVEL_BYTES_MAX = 256 * 1024
"""Size of a level file; the largest of ours is under 10 kB."""


CAMPAIGN_SECONDS_MAX = 120
"""Length of a level that is no arena: longer ones are not played again."""


class Fault(NamedTuple):
    """One thing wrong with a level file."""

    path: str
    expected: str
    found: str

    def __str__(self) -> str:
        """One line for a person."""
        return f"{self.path}: expected {self.expected}, found {self.found}"


class BadLevel(ValueError):
    """A level file that cannot be played.

    Attributes:
        source: the file's name.
        faults: all of them, in the order of the file's shape.
    """

    def __init__(self, source: str, faults: list[Fault]) -> None:
        super().__init__("\n".join(f"{source}: {fault}" for fault in faults))
        self.source = source
        self.faults = faults


def parse_level(text: str, source: str = "level") -> Level:
    """The level in the text of a file.

    Raises:
        BadLevel: with every fault.
    """
    if len(text) > LEVEL_BYTES_MAX:
        raise BadLevel(source, [Fault("$", f"at most {LEVEL_BYTES_MAX} bytes", str(len(text)))])
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadLevel(source, [Fault("$", "TOML", str(error))]) from error
    try:
        level = msgspec.convert(tree, Level)
    except msgspec.ValidationError as error:
        raise BadLevel(source, _shape_faults(tree, str(error))) from error
    faults = list(_content_faults(level))
    if faults:
        raise BadLevel(source, faults)
    return level


def load_level(path: Path) -> Level:
    """The level in a file.

    Raises:
        BadLevel: the file is no level, is not UTF-8, or cannot be read.
    """
    return parse_level(read_level_text(path), str(path))


def read_level_text(path: Path) -> str:
    """The text of a level file.

    Raises:
        BadLevel: it cannot be read or is not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadLevel(str(path), [Fault("$", "a readable UTF-8 file", str(error))]) from error


def load_folder(folder: Path) -> list[Level]:
    """All levels of a folder, by number."""
    return sorted((load_level(path) for path in folder.glob("*.toml")), key=lambda one: one.number)


def level_set_hash(texts: Iterable[str]) -> str:
    """A fingerprint of a set of level files, so that progress belongs to one wording of them."""
    digest = hashlib.blake2b(digest_size=8)
    for text in texts:
        digest.update(text.encode())
        digest.update(b"\0")
    return digest.hexdigest()


def sysctl_full_name(name: str) -> str | None:
    """The full name of a sysctl given by its full or last name; None if there is none."""
    try:
        return find_sysctl(name).name
    except UnknownSysctl:
        return None


def knob_maximum(knob: Knob) -> int | str:
    """The knob's largest value: the last choice, or its `max`."""
    if knob.choices:
        return knob.choices[-1]
    assert knob.max is not None  # The loader refuses a knob without either.
    return knob.max


def _shape_faults(tree: dict[str, object], first: str) -> list[Fault]:
    import jsonschema  # noqa: PLC0415  Slow to import, and needed only for a wrong file.

    schema = msgspec.json.schema(Level)
    faults = []
    for error in jsonschema.Draft202012Validator(schema).iter_errors(tree):
        path = "$" + "".join(
            f"[{part}]" if isinstance(part, int) else f".{part}" for part in error.absolute_path
        )
        faults.append(
            Fault(
                path,
                _expectation(error.validator, error.validator_value, error.message),
                _shorten(error.instance),
            )
        )
    return sorted(faults) or [Fault("$", first, "something else")]


def _expectation(kind: str, value: object, message: str) -> str:
    match kind:
        case "type":
            return f"{value}"
        case "enum" | "const":
            allowed = value if isinstance(value, list) else [value]
            return "one of " + ", ".join(map(str, allowed))
        case "minimum":
            return f"at least {value}"
        case "maximum":
            return f"at most {value}"
        case "exclusiveMinimum":
            return f"more than {value}"
        case "required":
            return f"the key {message.split(' is ')[0]}"
        case "additionalProperties":
            return f"only known keys ({message})"
        case _:
            return message


def _shorten(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _content_faults(level: Level) -> Iterator[Fault]:
    for name, value in level.sysctl.items():
        yield from _sysctl_faults(f"$.sysctl.{name}", name, value)
    if level.machine.rx_queues > level.machine.cores:
        expected = f"at most one for each of the {level.machine.cores} cores"
        yield Fault("$.machine.rx_queues", expected, str(level.machine.rx_queues))
    yield from _filter_faults("$.machine.filter", level.machine.filter)
    ports = level.machine.all_ports
    if len(set(ports)) < len(ports):
        yield Fault("$.machine.ports", "each port once", str(ports))
    for i, entry in enumerate(level.traffic):
        if entry.port and entry.port not in ports:
            expected = "one of the machine's ports, " + ", ".join(map(str, ports))
            yield Fault(f"$.traffic[{i}].port", expected, str(entry.port))
        if entry.until_s <= entry.from_s:
            yield Fault(f"$.traffic[{i}].until_s", "a time after from_s", str(entry.until_s))
        yield from _request_faults(f"$.traffic[{i}]", entry)
    for i, knob in enumerate(level.knob):
        yield from _knob_faults(f"$.knob[{i}]", knob)
        if level.machine.calls and knob.name in ("workers", "buckets"):
            yield Fault(f"$.knob[{i}].name", "another knob where calls = true", knob.name)
    if len({knob.name for knob in level.knob}) < len(level.knob):
        yield Fault("$.knob", "each name once", "a name twice")
    for i, goal in enumerate(level.goal):
        if list(goal.marks) != sorted(goal.marks, reverse=not HIGHER_IS_BETTER[goal.what]):
            yield Fault(f"$.goal[{i}].marks", "each harder than the last", str(goal.marks))
    yield from _arena_faults(level)
    for i, breakdown in enumerate(level.breakdown):
        if breakdown.at_s >= level.seconds:
            yield Fault(f"$.breakdown[{i}].at_s", "a time within the level", str(breakdown.at_s))
    for i, move in enumerate(level.solution):
        if move.at_s >= level.seconds:
            yield Fault(f"$.solution[{i}].at_s", "a time within the level", str(move.at_s))


def _arena_faults(level: Level) -> Iterator[Fault]:
    if (level.line == "arena") != (level.arena is not None):
        yield Fault("$.line", '"arena" where there is an [arena], and only there', level.line)
    if level.arena is None:
        if level.seconds > CAMPAIGN_SECONDS_MAX:
            yield Fault("$.seconds", f"at most {CAMPAIGN_SECONDS_MAX}", str(level.seconds))
        return
    for i, name in enumerate(level.arena.cards):
        if name not in CARDS:
            yield Fault(f"$.arena.cards[{i}]", "one of " + ", ".join(CARDS), name)
    if len(set(level.arena.cards)) < len(level.arena.cards):
        yield Fault("$.arena.cards", "each name once", "a name twice")


def _sysctl_faults(path: str, name: str, value: int) -> Iterator[Fault]:
    if sysctl_full_name(name) != name:
        yield Fault(path, "the full name of a sysctl", name)
        return
    row = find_sysctl(name)
    if isinstance(row.default, tuple):
        yield Fault(path, "a sysctl of one number", str(value))
    elif not row.minimum <= value <= row.maximum:
        yield Fault(path, f"{row.minimum} to {row.maximum}", str(value))


def _filter_faults(path: str, text: str) -> Iterator[Fault]:
    try:
        Filter(text)
    except BadFilter as error:
        yield Fault(path, "a filter", str(error))


def _request_faults(path: str, entry: Traffic) -> Iterator[Fault]:
    is_long = entry.request_bytes > SEGMENT_BYTES_MAX
    plain = entry.kind == "clients" and entry.requests == 1 and not entry.reads_bytes_per_s
    if is_long and not plain:
        expected = f"at most {SEGMENT_BYTES_MAX}, but for clients with one request"
        yield Fault(f"{path}.request_bytes", expected, str(entry.request_bytes))
    if entry.refused and not is_long:
        yield Fault(f"{path}.refused", f"request_bytes above {SEGMENT_BYTES_MAX}", "true")


def _setting_faults(path: str, knob: Knob) -> Iterator[Fault]:
    """Values that no machine can have."""
    values = knob.choices or [one for one in (knob.min, knob.max) if one is not None]
    for i, value in enumerate(values):
        try:
            msgspec.convert({knob.name: value}, Machine)
        except msgspec.ValidationError as error:
            where = f"{path}.choices[{i}]" if knob.choices else path
            yield Fault(where, str(error).removesuffix(f" - at `$.{knob.name}`"), str(value))


def _knob_faults(path: str, knob: Knob) -> Iterator[Fault]:
    if knob.name not in MACHINE_KNOBS and sysctl_full_name(knob.name) is None:
        expected = "a sysctl or one of " + ", ".join(MACHINE_KNOBS)
        yield Fault(f"{path}.name", expected, knob.name)
    if knob.name in MACHINE_KNOBS:
        yield from _setting_faults(path, knob)
    if knob.name == "filter":
        for i, choice in enumerate(knob.choices):
            yield from _filter_faults(f"{path}.choices[{i}]", str(choice))
    if not knob.choices and (knob.min is None or knob.max is None or knob.min >= knob.max):
        yield Fault(path, "choices, or min and a larger max", f"{knob.min} to {knob.max}")
