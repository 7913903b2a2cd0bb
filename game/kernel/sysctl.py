"""Every sysctl the model knows: name, default, range, unit, meaning, source.

`SYSCTLS` is the only place where a default or a range stands. What a value does is in the file
that reads it. Values are per machine, as in a network namespace of its own.
Source: linux v6.18 net/ipv4/sysctl_net_ipv4.c, net/core/sysctl_net_core.c,
Documentation/networking/ip-sysctl.rst, Documentation/admin-guide/sysctl/net.rst.
"""

from typing import Final, NamedTuple

SysctlValue = int | tuple[int, int, int]
"""One number, or minimum, default and maximum of a buffer size."""

INT_MAX: Final = 2**31 - 1
_IP: Final = "linux v6.18 net/ipv4/sysctl_net_ipv4.c"
_CORE: Final = "linux v6.18 net/core/sysctl_net_core.c"


class Sysctl(NamedTuple):
    """One row of the table.

    Attributes:
        name: the full name, dots between the parts.
        default: what the kernel starts with.
        minimum: the smallest value it accepts, for a triple of each of the three.
        maximum: the largest value it accepts.
        unit: what the number counts.
        meaning: what the value does, in one sentence.
        source: where the kernel has it.
    """

    name: str
    default: SysctlValue
    minimum: int
    maximum: int
    unit: str
    meaning: str
    source: str

    @property
    def last_name(self) -> str:
        """The last part of the name, which is also the attribute of `Sysctls`."""
        return self.name.rpartition(".")[2]


SYSCTLS: Final[tuple[Sysctl, ...]] = (
    Sysctl(
        "net.core.somaxconn", 4096, 0, INT_MAX, "connections",
        "Largest backlog that listen() accepts; read only inside listen().", _CORE,
    ),
    Sysctl(
        "net.core.rmem_max", 4194304, 2304, INT_MAX, "bytes",
        "Largest SO_RCVBUF argument; the kernel then doubles it.", _CORE,
    ),
    Sysctl(
        "net.core.wmem_max", 4194304, 4608, INT_MAX, "bytes",
        "Largest SO_SNDBUF argument; the kernel then doubles it.", _CORE,
    ),
    Sysctl(
        "net.core.netdev_max_backlog", 1000, 0, INT_MAX, "packets",
        "Length of the per-core queue of devices without a ring of their own.", _CORE,
    ),
    Sysctl(
        "net.core.netdev_budget", 300, 0, INT_MAX, "packets",
        "Packets one softirq run may take from all devices before it yields.", _CORE,
    ),
    Sysctl(
        "net.core.netdev_budget_usecs", 8000, 0, INT_MAX, "microseconds",
        "Time one softirq run may take before it yields.", _CORE,
    ),
    Sysctl(
        "net.ipv4.tcp_max_syn_backlog", 2048, 0, INT_MAX, "requests",
        "With cookies off, peers not proven get in while the SYN queue is under 3/4 of it.", _IP,
    ),
    Sysctl(
        "net.ipv4.tcp_syncookies", 1, 0, 255, "mode",
        "Answer SYNs with cookies: 0 never, 1 when the SYN queue is full, 2 always.", _IP,
    ),
    Sysctl(
        "net.ipv4.tcp_synack_retries", 5, 0, 255, "retransmissions",
        "How often a SYN-ACK is sent again before the request is given up.", _IP,
    ),
    Sysctl(
        "net.ipv4.tcp_syn_retries", 6, 1, 127, "retransmissions",
        "How often connect() sends its SYN again, besides the linear ones.", _IP,
    ),
    Sysctl(
        "net.ipv4.tcp_syn_linear_timeouts", 4, 0, 127, "retransmissions",
        "How many of connect()'s first timeouts do not double.", _IP,
    ),
    Sysctl(
        "net.ipv4.tcp_abort_on_overflow", 0, 0, 255, "switch",
        "Answer a final ACK that finds the accept queue full with RST instead of silence.", _IP,
    ),
    Sysctl(
        "net.ipv4.tcp_migrate_req", 0, 0, 1, "switch",
        "Hand connections of a closed SO_REUSEPORT listener to another of its group.", _IP,
    ),
    Sysctl(
        "net.ipv4.tcp_fin_timeout", 60, 0, INT_MAX // 250, "seconds",
        "How long a connection that nobody holds stays in FIN-WAIT-2.", _IP,
    ),
    Sysctl(
        "net.ipv4.tcp_max_orphans", 65536, 0, INT_MAX, "connections",
        "How many closing connections may be held by no process before they are reset.", _IP,
    ),
    Sysctl(
        "net.ipv4.tcp_retries2", 15, 0, 255, "retransmissions",
        "How often unacknowledged data is sent again before the connection is given up.", _IP,
    ),
    Sysctl(
        "net.ipv4.tcp_orphan_retries", 0, 0, 255, "retransmissions",
        "The same once no process holds the connection; 0 stands for 8.", _IP,
    ),
    Sysctl(
        "net.ipv4.tcp_rmem", (4096, 131072, 33554432), 1, INT_MAX, "bytes",
        "Receive buffer: minimum, default, and the most that autotuning gives.", _IP,
    ),
    Sysctl(
        "net.ipv4.tcp_wmem", (4096, 16384, 4194304), 1, INT_MAX, "bytes",
        "Send buffer: minimum, default, and the most that autotuning gives.", _IP,
    ),
    Sysctl(
        "net.ipv4.tcp_tw_reuse", 2, 0, 2, "mode",
        "Whether connect() may take a port in TIME-WAIT: 0 no, 1 yes, 2 on loopback.", _IP,
    ),
)  # fmt: skip
"""Every sysctl of the model, those of the listen path near the top of their group."""

_BY_NAME: Final[dict[str, Sysctl]] = {row.name: row for row in SYSCTLS} | {
    row.last_name: row for row in SYSCTLS
}


class UnknownSysctl(LookupError):  # It names the answer, as sysctl(8) gives it.
    """There is no such sysctl; the text is what sysctl(8) prints.

    Attributes:
        name: what was asked for.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        path = name.replace(".", "/")
        super().__init__(f"sysctl: cannot stat /proc/sys/{path}: No such file or directory")


class SysctlRange(ValueError):  # It names the answer, as sysctl(8) gives it.
    """A value that the kernel does not take; the text is what sysctl(8) prints.

    Attributes:
        name: the full name.
        minimum: the smallest value it takes.
        maximum: the largest value it takes.
    """

    def __init__(self, row: Sysctl) -> None:
        self.name = row.name
        self.minimum = row.minimum
        self.maximum = row.maximum
        super().__init__(f'sysctl: setting key "{row.name}": Invalid argument')

    @property
    def allowed(self) -> tuple[int, int]:
        """The smallest and the largest value it takes."""
        return self.minimum, self.maximum


def find_sysctl(name: str) -> Sysctl:
    """The row of a sysctl, by full name, last name, or with slashes.

    Raises:
        UnknownSysctl: there is none of that name.
    """
    row = _BY_NAME.get(name.strip().replace("/", "."))
    if row is None:
        raise UnknownSysctl(name)
    return row


class Sysctls:
    """The values of one machine; one attribute by last name for each row of `SYSCTLS`."""

    __slots__ = tuple(row.last_name for row in SYSCTLS)

    somaxconn: int
    rmem_max: int
    wmem_max: int
    netdev_max_backlog: int
    netdev_budget: int
    netdev_budget_usecs: int
    tcp_max_syn_backlog: int
    tcp_syncookies: int
    tcp_synack_retries: int
    tcp_syn_retries: int
    tcp_syn_linear_timeouts: int
    tcp_abort_on_overflow: int
    tcp_migrate_req: int
    tcp_fin_timeout: int
    tcp_max_orphans: int
    tcp_retries2: int
    tcp_orphan_retries: int
    tcp_rmem: tuple[int, int, int]
    tcp_wmem: tuple[int, int, int]
    tcp_tw_reuse: int

    def __init__(self) -> None:
        for row in SYSCTLS:
            setattr(self, row.last_name, row.default)

    def get(self, name: str) -> SysctlValue:
        """The value of a sysctl by full name, last name, or with slashes.

        Raises:
            UnknownSysctl: there is none of that name.
        """
        value: SysctlValue = getattr(self, find_sysctl(name).last_name)
        return value

    def set(self, name: str, value: SysctlValue | str) -> None:
        """Write a sysctl; a triple is three numbers, a text as sysctl(8) takes it works too.

        Raises:
            UnknownSysctl: there is none of that name.
            SysctlRange: the value is no number, or the kernel does not take it.
        """
        row = find_sysctl(name)
        numbers = _numbers(value, row)
        wanted = len(row.default) if isinstance(row.default, tuple) else 1
        if len(numbers) != wanted or not all(row.minimum <= n <= row.maximum for n in numbers):
            raise SysctlRange(row)
        setattr(self, row.last_name, numbers if wanted > 1 else numbers[0])

    def text(self, name: str) -> str:
        """A value as sysctl(8) prints it, the three of a triple with tabs between.

        Raises:
            UnknownSysctl: there is none of that name.
        """
        value = self.get(name)
        return "\t".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _numbers(value: SysctlValue | str, row: Sysctl) -> tuple[int, ...]:
    if isinstance(value, str):
        try:
            return tuple(int(word) for word in value.split())
        except ValueError:
            raise SysctlRange(row) from None
    return value if isinstance(value, tuple) else (value,)
