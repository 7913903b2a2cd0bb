"""What a player may command: checks, costs, and the effect on the world.

A command is checked when it comes and acts at the next tick border.
"""

from collections.abc import Callable, Mapping

from game.kernel.errno import errno_name, strerror
from game.kernel.filter import Filter
from game.kernel.segment import address_text
from game.kernel.sysctl import SysctlRange, Sysctls
from game.level.load import sysctl_full_name
from game.level.schema import MACHINE_KNOBS, Knob, Level
from game.level.settings import machine_text
from game.protocol.messages import Call, Command, PlayCard, Refused, SetKnob, SetSysctl
from game.sim.world import RESTART_KNOBS, World

CALLS = ("socket", "bind", "listen", "accept", "close")
PORT_MAX = 65_535
WORKING_KNOBS = (
    "buckets",
    "workers",
    "pinning",
    "defer_accept_s",
    "rx_ring",
    "filter",
    "rcvbuf",
    "sndbuf",
    "nofile",
    *RESTART_KNOBS,
)
"""Machine knobs besides backlog that can be turned while the level runs."""


def knob_of(command: Command) -> str:
    """The knob that a command turns, "" if it turns none."""
    match command:
        case SetSysctl(name=name):
            return (sysctl_full_name(name) or name).rsplit(".", 1)[-1]
        case SetKnob(name=name):
            return name
        case Call(call="listen"):
            return "backlog"
        case _:
            return ""


def value_of(command: Command) -> str:
    """The value a command sets, as text."""
    match command:
        case PlayCard(card=text):
            return text
        case SetSysctl(value=number) | Call(argument=number):
            return str(number)
        case SetKnob(value=text):
            return text


def knob_value(world: World, name: str) -> str:
    """The value in force, as text."""
    machine = world.level.machine
    match name:
        case "backlog":
            return str(world.backlog)
        case "workers":
            return str(world.crew.count or machine.workers)
        case "buckets":
            return str(world.crew.bucket_count)
        case "nofile" | "rcvbuf" | "sndbuf":
            return str(getattr(world.settings, name))
        case "rx_ring":
            return str(world.machine.queues[0].ring.size)
        case "filter":
            return world.machine.reception.filter.text
        case "pinning":
            return "on" if world.pinning else "off"
        case "defer_accept_s":
            return str(world.defer_accept_s)
        case _ if name in MACHINE_KNOBS:
            return machine_text(world.settings, name)
        case _:
            return world.host.sysctl.text(name)


def check(
    command: Command,
    level: Level,
    values: Mapping[str, str],
    left: int | None,
    price: Callable[[Knob, str, str], int],
) -> tuple[Refused | None, int]:
    """Why a command is refused (None if it is not), and what it costs.

    Args:
        values: of the knobs, what is pending counted as done.
        left: points to spend, what is pending counted as spent; None without a limit.
        price: of turning a knob from one value to another.
    """
    if isinstance(command, Call) and (level.machine.calls or command.call != "listen"):
        return _check_call(command, level), 0
    name = knob_of(command)
    refusal = _check_name(command, level, name)
    if refusal:
        return refusal, 0
    knob = next((one for one in level.knob if one.name == name), None)
    if knob is None:
        return Refused(command.seq, "knob_locked", {"name": name}), 0
    value = value_of(command)
    if not _allowed(knob, value):
        return Refused(command.seq, "knob_range", {"name": name, "allowed": _range(knob)}), 0
    cost = price(knob, values.get(name, ""), value)
    if left is not None and cost > left:
        return Refused(command.seq, "budget", {"cost": cost, "left": left}), 0
    return None, cost


def _check_call(command: Call, level: Level) -> Refused | None:
    if not level.machine.calls or command.call not in CALLS:
        return Refused(command.seq, "unknown_knob", {"name": command.call})
    if command.call == "bind" and not 0 <= command.argument <= PORT_MAX:
        allowed = f"0 … {PORT_MAX}"
        return Refused(command.seq, "knob_range", {"name": "bind", "allowed": allowed})
    return None


def _check_name(command: Command, level: Level, name: str) -> Refused | None:
    match command:
        case SetSysctl(name=asked, value=value):
            full = sysctl_full_name(asked)
            if full is None:
                return Refused(command.seq, "unknown_sysctl", {"name": asked})
            try:
                Sysctls().set(full, value)
            except SysctlRange as error:
                low, high = error.allowed
                return Refused(command.seq, "sysctl_range", {"name": full, "min": low, "max": high})
        case SetKnob() if name not in WORKING_KNOBS:
            return Refused(command.seq, "unknown_knob", {"name": name})
    return None


def _allowed(knob: Knob, value: str) -> bool:
    if knob.choices:
        return value in map(str, knob.choices)
    if not value.removeprefix("-").isdecimal() or knob.min is None or knob.max is None:
        return False
    return knob.min <= int(value) <= knob.max


def _range(knob: Knob) -> str:
    if knob.choices:
        return ", ".join(map(str, knob.choices))
    return f"{knob.min} … {knob.max}"


def apply(command: Command, world: World) -> str:
    """Let a checked command act; the call it made in the form of strace(1), "" if it made none."""
    match command:
        case SetSysctl(name=name, value=value):
            world.set_sysctl(name, value)
        case SetKnob(name="workers", value=text):
            world.set_workers(int(text))
        case SetKnob(name="buckets", value=text):
            world.set_buckets(int(text))
        case SetKnob(name="pinning", value=text):
            world.set_pinning(text == "on")
        case SetKnob(name="defer_accept_s", value=text):
            world.set_defer_accept(int(text))
        case SetKnob(name="rx_ring", value=text):
            world.machine.set_rx_ring(int(text))
        case SetKnob(name="filter", value=text):
            world.machine.set_filter(Filter(text))
        case SetKnob(name=("rcvbuf" | "sndbuf") as name, value=text):
            world.set_buffer(name, int(text))
        case SetKnob(name="nofile", value=text):
            world.set_nofile(int(text))
        case SetKnob(name=name, value=text) if name in RESTART_KNOBS:
            world.restart_crew(name, _number(text))
        case Call(call="listen", argument=backlog) if not world.level.machine.calls:
            world.listen_again(backlog)
        case Call(call=name, argument=argument):
            fd, result = world.call(name, argument)
            return _strace(name, fd, argument, result)
        case _:
            raise AssertionError(f"a command that was not checked: {command}")
    return ""


def _number(text: str) -> str | int:
    return int(text) if text.isdecimal() else text


def _strace(name: str, fd: int, argument: int, result: int) -> str:
    match name:
        case "socket":
            arguments = "AF_INET, SOCK_STREAM, IPPROTO_TCP"
        case "bind":
            arguments = f"{fd}, {address_text(0)}:{argument}"
        case "listen":
            arguments = f"{fd}, {argument}"
        case _:
            arguments = f"{fd}"
    if result < 0:
        return f"{name}({arguments}) = -1 {errno_name(-result)} ({strerror(-result)})"
    if name == "accept":
        return f"accept({arguments}) …"
    return f"{name}({arguments}) = {result}"
