"""The console: a line of text to a command, or to an answer from the last tick border.

What changes state becomes the same typed command as the knob. What only reads is answered here.
Wrong input is answered in the tool's own words.
"""

from collections.abc import Sequence

from game.kernel import ss
from game.kernel.counters import COUNTERS
from game.kernel.nic import ethtool_g, ethtool_s
from game.kernel.softirq import softnet_stat
from game.kernel.sysctl import SYSCTLS, SysctlRange, Sysctls, UnknownSysctl, find_sysctl
from game.level.schema import MACHINE_KNOBS
from game.protocol.limits import CONSOLE_OUTPUT_BYTES_MAX, CONSOLE_OUTPUT_LINES_MAX
from game.protocol.messages import Call, Command, SetKnob, SetSysctl
from game.session.commands import CALLS, WORKING_KNOBS
from game.sim.world import World

HELP = (
    "sysctl NAME              read a sysctl",
    "sysctl -w NAME=VALUE     write it",
    "ss -ltn | ss -tan        sockets",
    "netstat -ltn | -s        the same, and counters in words",
    "nstat -az [NAME...]      counters",
    "ethtool -g | -S eth0     the ring; what the card counts",
    "ethtool -G eth0 rx N     another size of the ring",
    "cat /proc/net/softnet_stat    softirq, a row for each CPU",
    "listen BACKLOG           call listen() again",
    "workers N | buckets N    threads; listening sockets",
    "NAME VALUE               any other knob of the server: model event, sndbuf 65536",
    "ulimit -n N              descriptors that may be open at once",
    "socket | bind PORT | accept | close    calls, where you make them yourself",
)


def words() -> list[str]:
    """What the console completes."""
    commands = ["sysctl", "ss", "netstat", "nstat", "ethtool", "help", *CALLS, *WORKING_KNOBS]
    return [*commands, *(row.name for row in SYSCTLS), *(name for name, _ in COUNTERS)]


def parse(line: str, seq: int) -> Command | list[str]:
    """The command in a line, or its words when it only reads."""
    parts = line.split()
    match parts:
        case ["sysctl", "-w", *assignment] if assignment:
            return _parse_write("".join(assignment), seq, parts)
        case ["sysctl", assignment] if "=" in assignment:
            return _parse_write(assignment, seq, parts)
        case [("listen" | "bind") as name, number] if _is_number(number):
            return Call(seq, name, int(number))
        case [("socket" | "accept" | "close") as name]:
            return Call(seq, name)
        case ["ulimit", "-n", number] if _is_number(number):
            return SetKnob(seq, "nofile", number)
        case ["ethtool", "-G", "eth0", "rx", number] if _is_number(number):
            return SetKnob(seq, "rx_ring", number)
        case [name, value] if name in MACHINE_KNOBS and name != "backlog":
            return SetKnob(seq, name, value[:64])
        case ["backlog", number] if _is_number(number):
            return Call(seq, "listen", int(number))
    return parts


def only_reads(line: str) -> bool:
    """Whether a line asks and changes nothing; such lines are welcome in a replay too."""
    return isinstance(parse(line, 1), list)


def answer(parts: Sequence[str], world: World) -> list[str]:
    """What a reading line prints."""
    return limited(_answer(list(parts), world))


def limited(lines: Sequence[str]) -> list[str]:
    """Lines cut to what one command may answer."""
    kept: list[str] = []
    room = CONSOLE_OUTPUT_BYTES_MAX
    for line in lines[:CONSOLE_OUTPUT_LINES_MAX]:
        room -= len(line.encode()) + 1
        if room < 0:
            break
        kept.append(line)
    return kept


def _answer(parts: list[str], world: World) -> list[str]:
    host = world.host
    match parts:
        case []:
            return []
        case ["help"]:
            return list(HELP)
        case ["sysctl", "-w", *assignment]:
            return [_bad_write("".join(assignment))]
        case ["sysctl", assignment] if "=" in assignment:
            return [_bad_write(assignment)]
        case ["sysctl", name]:
            try:
                return [f"{find_sysctl(name).name} = {host.sysctl.text(name)}".expandtabs(8)]
            except UnknownSysctl as error:
                return [str(error)]
        case ["ss", ("-ltn" | "-lnt" | "-tln")]:
            return ss.ss_ltn(host).splitlines()
        case ["ss", ("-tan" | "-ant" | "-atn")]:
            return ss.ss_tan(host).splitlines()
        case ["netstat", ("-ltn" | "-lnt" | "-tln")]:
            return ss.netstat_ltn(host).splitlines()
        case ["netstat", "-s"]:
            return ss.netstat_s(host).splitlines()
        case ["nstat", "-az", *names]:
            return ss.nstat_az(host, names).splitlines()
        case ["ethtool", "-g", "eth0"]:
            return _without_tabs(ethtool_g([queue.ring for queue in world.machine.queues]))
        case ["ethtool", "-S", "eth0"]:
            return _without_tabs(ethtool_s([queue.ring for queue in world.machine.queues]))
        case ["cat", "/proc/net/softnet_stat"]:
            return _without_tabs(softnet_stat(queue.softnet for queue in world.machine.queues))
        case [("ss" | "netstat" | "nstat" | "sysctl" | "ethtool" | "cat" | "ulimit") as tool, *_]:
            return [f"{tool}: only the forms that `help` lists are modelled"]
        case [tool, *_] if tool in (*CALLS, *WORKING_KNOBS, "backlog"):
            return [f"{tool}: see `help` for its form; numbers are whole and fit a C int"]
        case [tool, *_]:
            return [f"bash: {tool}: command not found"]
    return []


def _parse_write(assignment: str, seq: int, parts: list[str]) -> Command | list[str]:
    name, equals, value = assignment.partition("=")
    if not equals or not _is_number(value.strip()) or len(name) > 64:
        return parts
    return SetSysctl(seq, name.strip(), int(value))


def _without_tabs(text: str) -> list[str]:
    """Lines for a console that has no tab stops."""
    return text.expandtabs(8).splitlines()


def _bad_write(assignment: str) -> str:
    """What sysctl(8) says to an assignment that is none."""
    name, equals, _ = assignment.partition("=")
    if not equals:
        return f'sysctl: "{name}" must be of the form name=value'
    return f'sysctl: setting key "{name}": Invalid argument'


def _is_number(text: str) -> bool:
    """Whether a text is a whole number that a C int holds; what is logged must read back."""
    return text.removeprefix("-").isdecimal() and len(text) <= 11 and -(2**31) <= int(text) < 2**31


def objection(command: Command) -> list[str]:
    """What sysctl(8) says where the kernel would not take a write; nothing if it would."""
    if not isinstance(command, SetSysctl):
        return []
    try:
        Sysctls().set(command.name, command.value)
    except (UnknownSysctl, SysctlRange) as error:
        return [str(error)]
    return []


def echo(command: Command) -> list[str]:
    """What the tool prints when a command is taken: sysctl(8) repeats the assignment."""
    match command:
        case SetSysctl(name=name, value=value):
            return [f"{find_sysctl(name).name} = {value}"]
        case _:
            return []
