"""A level with other settings, as if its file said so: for `--set` and for handed-in solutions."""

import msgspec

from game.kernel.filter import BadFilter, Filter
from game.kernel.sysctl import SysctlRange, Sysctls, find_sysctl
from game.level.load import knob_maximum, sysctl_full_name
from game.level.schema import MACHINE_KNOBS, MACHINE_PARTS, Level, Machine

CLIENTS_PER_S = "clients_per_s"
CLIENTS_PER_S_MAX = 1000
"""Clients a second of one entry: five times what the densest level has."""


class BadSetting(ValueError):
    """A setting that cannot be; the text is one sentence that says what can."""


def with_settings(level: Level, settings: list[tuple[str, str]]) -> Level:
    """The level with each NAME=VALUE in force before its listeners are made; the last one wins.

    Args:
        settings: a sysctl by its full or last name, one of `MACHINE_PARTS`, or `clients_per_s`.

    Raises:
        BadSetting: an unknown name, or a value out of range.
    """
    machine = msgspec.to_builtins(level.machine)
    sysctl = dict(level.sysctl)
    for name, value in settings:
        if name in MACHINE_PARTS:
            machine[name] = int(value) if _is_number(value) else value
        elif name == CLIENTS_PER_S:
            level = _with_clients(level, value)
        else:
            full, number = check_sysctl(name, value)
            sysctl[full] = number
    try:
        changed = msgspec.convert(machine, Machine, strict=False)
        Filter(changed.filter)
    except (msgspec.ValidationError, BadFilter) as error:
        raise BadSetting(f"{error}.") from error
    if changed.rx_queues > changed.cores:
        raise BadSetting(f"rx_queues is at most one for each of the {changed.cores} cores.")
    return msgspec.structs.replace(level, machine=changed, sysctl=sysctl)


def _with_clients(level: Level, value: str) -> Level:
    """The level with so many clients a second in each entry of its timetable that sends some."""
    if not _is_number(value) or not 1 <= int(value) <= CLIENTS_PER_S_MAX:
        raise BadSetting(f"{CLIENTS_PER_S} takes 1 to {CLIENTS_PER_S_MAX}, not {value!r}.")
    traffic = [
        msgspec.structs.replace(entry, per_s=int(value)) if entry.kind == "clients" else entry
        for entry in level.traffic
    ]
    return msgspec.structs.replace(level, traffic=traffic)


def settings_cost(level: Level, settings: list[tuple[str, str]]) -> int:
    """Points for settings made before the start: what the same knobs would cost in play."""
    changed = with_settings(level, settings)
    names = {name.rsplit(".", 1)[-1] for name, _ in settings}
    return sum(
        knob.cost
        for knob in level.knob
        if knob.name in names and _start(level, knob.name) != _start(changed, knob.name)
    )


def machine_text(machine: Machine, name: str) -> str:
    """The value of a machine knob as a player reads and sets it."""
    value = getattr(machine, name)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _start(level: Level, name: str) -> object:
    """The value of a knob when the level begins."""
    if name in MACHINE_KNOBS:
        return machine_text(level.machine, name)
    row = find_sysctl(name)
    return level.sysctl.get(row.name, row.default)


def maximum_settings(level: Level) -> list[tuple[str, str]]:
    """Every open knob at its maximum."""
    return [(knob.name, str(knob_maximum(knob))) for knob in level.knob]


def check_sysctl(name: str, value: str) -> tuple[str, int]:
    """The full name and the number, if the kernel would take them.

    Raises:
        BadSetting: in the kernel's own wording, with the range.
    """
    full = sysctl_full_name(name)
    if full is None:
        known = ", ".join(MACHINE_KNOBS)
        raise BadSetting(
            f"sysctl: cannot stat /proc/sys/{name.replace('.', '/')}: No such file or directory"
            f" (nor is it one of {known})."
        )
    try:
        Sysctls().set(full, value)
    except SysctlRange as error:
        low, high = error.allowed
        raise BadSetting(f"{error} (allowed: {low} to {high}).") from error
    if not _is_number(value):
        raise BadSetting(f"{full} takes three numbers, which a level cannot set yet.")
    return full, int(value)


def _is_number(text: str) -> bool:
    return text.removeprefix("-").isdecimal()
