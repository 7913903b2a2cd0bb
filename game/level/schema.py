"""The shape of a level file (TOML), as typed structures.

Names of sysctls and knobs are looked up by `load.py`, since the shape sees plain tables there.
Seconds are simulated seconds since the level began; rates are connections a second.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

LINES = ("queue", "crew", "flood", "luggage", "heritage", "arena")
MACHINE_KNOBS = (
    "backlog",
    "buckets",
    "workers",
    "processes",
    "model",
    "wait",
    "accept_mutex",
    "keepalive_s",
    "request_timeout_s",
    "send_timeout_s",
    "rcvbuf",
    "sndbuf",
    "parent_closes",
    "close_with",
    "nofile",
    "pinning",
    "defer_accept_s",
    "rx_ring",
    "filter",
)
"""What can be set on a machine besides its sysctls."""

MACHINE_PARTS = (
    *MACHINE_KNOBS,
    "profile",
    "cores",
    "rx_queues",
    "filter_at",
    "service_ms",
)
"""What of a machine can be set before it starts."""

SEGMENT_BYTES_MAX = 1400
"""A request up to this length is one segment."""

Instrument = Literal["board", "line", "speaker", "cookies", "cores", "belts", "ring", "guard"]
Id = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
Seconds = Annotated[float, Meta(ge=0, le=180)]
Share = Annotated[float, Meta(ge=0, le=1)]
Words = Annotated[str, Meta(min_length=1, max_length=2000)]
Int32 = Annotated[int, Meta(ge=-(2**31), le=2**31 - 1)]
Pixels = Annotated[int, Meta(ge=0, le=10_000)]
Port = Annotated[int, Meta(ge=1, le=65535)]
Milliseconds = Annotated[float, Meta(ge=0, le=60_000)]


class Text(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A level's words in one language; `hints` go from a nudge to the answer."""

    title: Annotated[str, Meta(min_length=1, max_length=24)]
    subtitle: Annotated[str, Meta(min_length=1, max_length=32)]
    briefing: Words
    hints: Annotated[list[Words], Meta(min_length=3, max_length=3)]
    debrief: Words


class Languages(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A level's words in every language the game speaks."""

    en: Text
    zh: Text


class Machine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The simulated host as it is when the level begins.

    Attributes:
        profile: in what its TCP differs from Linux 6.14 and later (`kernel/profile.py`).
        cores: CPU cores.
        buckets: listening sockets; above 1 they share the port with SO_REUSEPORT.
        workers: threads that serve; each belongs to one bucket for life.
        model: "prefork": a worker accepts and serves one connection at a time. "worker": a
            listener thread accepts and hands over to threads. "event": idle connections go back to
            the listener thread, and nothing blocks.
        processes: of models "worker" and "event"; each has a listener thread, its share of the
            workers and one bucket. There are at least as many as buckets.
        wait: how whoever accepts learns that there is work. An "event" listener watches many
            descriptors, so there "blocking" and "signal" mean "epoll".
        accept_mutex: "on": of those on one bucket only the holder waits and accepts.
        keepalive_s: how long an idle connection is kept for another request; 0 closes after one.
        defer_accept_s: TCP_DEFER_ACCEPT of every listening socket: a handshake is finished when the
            first data comes, or after about so many seconds; 0 for at once.
        request_timeout_s: how long a connection may take until its whole first request is there;
            0 for ever.
        send_timeout_s: how long a reply may make no progress; 0 for ever.
        rcvbuf, sndbuf: SO_RCVBUF and SO_SNDBUF of the listening sockets, which connections inherit,
            in bytes before the kernel doubles them; 0 leaves them to tcp_rmem and tcp_wmem.
        parent_closes: "off": the process that forked the workers keeps a descriptor of every
            connection, and forgets it.
        close_with: how a worker ends a connection. "close": close(). "linger": shutdown(SHUT_WR),
            read until the peer closes too, close(). "reset": close() with SO_LINGER of 0 s.
        nofile: how many descriptors may be open at once (RLIMIT_NOFILE); 0 for as many as fit.
        pinning: "on" binds each thread to a core, in turn.
        ports: ports it listens on where they are several, each with a listening socket in every
            bucket; the first stands in for `port`.
        backlog: the argument of listen().
        service_ms: CPU time of one request, mean of an exponential distribution.
        tls_ms: CPU time of the TLS handshake of a new connection, spent by the thread that serves.
        migration_ms: what a thread loses when it goes on on another core than last time, since
            what it works on is in the caches of that one.
        calls: True when the player makes socket(), bind(), listen() and accept().
        rx_ring: descriptors of each receive queue of the card.
        rx_queues: receive queues, at most one for each core; queue i interrupts core i.
        filter: "off", "limit24:N" (SYNs a second for each /24), "block:CIDR[,CIDR…]" or
            "allow:CIDR[,CIDR…]".
        filter_at: "gate": in the driver, before anything else (XDP); "stack": before TCP, dearer.
    """

    profile: Literal["linux", "linux-3.10", "bsd"] = "linux"
    cores: Annotated[int, Meta(ge=1, le=16)] = 2
    port: Port = 443
    ports: Annotated[list[Port], Meta(max_length=4)] = []
    buckets: Annotated[int, Meta(ge=1, le=16)] = 1
    workers: Annotated[int, Meta(ge=1, le=64)] = 2
    model: Literal["prefork", "worker", "event"] = "prefork"
    processes: Annotated[int, Meta(ge=1, le=16)] = 1
    wait: Literal[
        "blocking", "poll", "select", "epoll", "epoll_exclusive", "shared_epoll", "signal"
    ] = "blocking"
    accept_mutex: Literal["off", "on"] = "off"
    keepalive_s: Annotated[float, Meta(ge=0, le=120)] = 0.0
    request_timeout_s: Annotated[float, Meta(ge=0, le=120)] = 0.0
    send_timeout_s: Annotated[float, Meta(ge=0, le=120)] = 0.0
    rcvbuf: Annotated[int, Meta(ge=0, le=16_777_216)] = 0
    sndbuf: Annotated[int, Meta(ge=0, le=16_777_216)] = 0
    parent_closes: Literal["off", "on"] = "on"
    close_with: Literal["close", "linger", "reset"] = "close"
    nofile: Annotated[int, Meta(ge=0, le=1_048_576)] = 0
    pinning: Literal["off", "on"] = "off"
    defer_accept_s: Annotated[int, Meta(ge=0, le=120)] = 0
    backlog: Annotated[int, Meta(ge=-(2**31), le=2**31 - 1)] = 128
    rx_ring: Annotated[int, Meta(ge=16, le=8192)] = 256
    rx_queues: Annotated[int, Meta(ge=1, le=16)] = 1
    filter: Annotated[str, Meta(max_length=256)] = "off"
    filter_at: Literal["gate", "stack"] = "gate"
    service_ms: Milliseconds = 5.0
    tls_ms: Milliseconds = 0.0
    migration_ms: Milliseconds = 0.0
    calls: bool = False

    @property
    def all_ports(self) -> list[int]:
        """Every port it listens on, the main one first."""
        return self.ports or [self.port]


class Traffic(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry of the timetable.

    Attributes:
        kind: "clients" want service; "hoarders" connect and say nothing; "slow_readers" read the
            reply and "slow_senders" send the request a few bytes at a time. Nobody answers for
            "flood" (SYNs), "forged_acks" (ACKs without a handshake) and "rsts". "probes" are an
            attacker's own clients: they measure, and no goal counts them.
        per_s: connections or packets a second; connections come at random (Poisson), packets of
            a flood evenly.
        port: where they go; 0 for the machine's first.
        deadline_s: how long a client waits for the whole reply.
        hold_s: how long a hoarder stays.
        rtt_ms, rtt_spread_ms: round trip, smallest and what is added at random.
        loss: share of packets lost, each way.
        sources: addresses the connections come from; 0 means one each. A flood has at most 256,
            all of one /24, and spoofs a random address for each packet with 0.
        on_s, off_s: a flood in pulses: so long it lasts, then it pauses; off_s 0 for a steady one.
        bytes_per_s: of a slow reader or sender.
        request_bytes, reply_bytes: of a client. A request of more than one segment (1400) is sent
            as the window allows.
        reads_bytes_per_s: how fast a client reads the reply, 0 for at once.
        until_close: the client has the whole reply only with the host's FIN (HTTP/1.0 without a
            length).
        refused: the host answers the first bytes of a long request and reads no more of it.
        requests: of a client on one connection, each after the reply to the last.
        think_s: how long it thinks before the next one. Its deadline is for one reply, not for all.
    """

    kind: Literal[
        "clients",
        "hoarders",
        "slow_readers",
        "slow_senders",
        "flood",
        "forged_acks",
        "rsts",
        "probes",
    ]
    per_s: Annotated[float, Meta(ge=0.001, le=2_000_000)]
    from_s: Seconds = 0.0
    until_s: Seconds = 180.0
    port: Annotated[int, Meta(ge=0, le=65535)] = 0
    deadline_s: Annotated[float, Meta(gt=0, le=60)] = 8.0
    hold_s: Annotated[float, Meta(gt=0, le=120)] = 30.0
    rtt_ms: Annotated[float, Meta(ge=0.1, le=2000)] = 20.0
    rtt_spread_ms: Milliseconds = 40.0
    loss: Share = 0.0
    sources: Annotated[int, Meta(ge=0, le=65536)] = 0
    on_s: Annotated[float, Meta(ge=0.001, le=120)] = 1.0
    off_s: Annotated[float, Meta(ge=0, le=120)] = 0.0
    bytes_per_s: Annotated[float, Meta(ge=0.1, le=1_000_000)] = 10.0
    request_bytes: Annotated[int, Meta(ge=1, le=1_000_000)] = 300
    reply_bytes: Annotated[int, Meta(ge=1, le=1_000_000)] = 1200
    reads_bytes_per_s: Annotated[float, Meta(ge=0, le=1_000_000)] = 0.0
    until_close: bool = False
    refused: bool = False
    requests: Annotated[int, Meta(ge=1, le=100)] = 1
    think_s: Annotated[float, Meta(ge=0, le=60)] = 0.0


class Breakdown(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something that breaks by itself.

    Attributes:
        kind: "hang": every worker that the bucket has then stops in the middle of its next request
            and never goes on, until it is killed: with its listening socket, or as one too many.
        bucket: number of the listening socket, 1 for the first; one that is not there is spared.
    """

    kind: Literal["hang"]
    bucket: Annotated[int, Meta(ge=1, le=16)]
    at_s: Seconds


class Knob(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that is open to the player.

    Attributes:
        name: last name of a sysctl, or one of `MACHINE_KNOBS`.
        min, max: for a number; or `choices`, whose last is the maximum.
        cost: points for one change, corrections within seconds included.
        lesson: True for the one the level teaches.
    """

    name: Annotated[str, Meta(min_length=1, max_length=64)]
    min: Int32 | None = None
    max: Int32 | None = None
    choices: Annotated[list[Int32 | str], Meta(max_length=12)] = []
    default: Int32 | str | None = None
    cost: Annotated[int, Meta(ge=0, le=100)] = 1
    lesson: bool = False


class Goal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One goal; `marks` are for one, two and three stars, each harder than the one before.

    `memory_mb` is the most that processes, threads and socket buffers have taken at once.
    """

    what: Literal["served", "connect_p95_ms", "core_max", "memory_mb", "cost"]
    marks: Annotated[list[float], Meta(min_length=3, max_length=3)]


class Move(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One command of the recorded solution, in the words of the console."""

    at_s: Seconds
    command: Annotated[str, Meta(min_length=1, max_length=200)]


class Budget(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Points that grow while a half is played.

    Attributes:
        start: at the beginning.
        per_s: gained each second.
        most: what can be saved up.
    """

    start: Annotated[int, Meta(ge=0, le=1000)]
    per_s: Annotated[float, Meta(ge=0, le=100)]
    most: Annotated[int, Meta(ge=1, le=1000)]


class Arena(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What makes a level one that can be attacked.

    Attributes:
        share: of the clients whom the defender has to serve to win a half.
        ops: what the defender's changes are paid from, instead of the level's budget.
        attack: what the attacker's cards are paid from.
        bots: machines of the botnet; a card holds some of them while it runs.
        hand: cards an attacker holds at once.
        cards: those that are dealt, by name (`level/cards.py`).
        free: True in the sandbox: every card is at hand, and nothing costs points. Bots are few
            even there, so that no machine has to play a hundred floods at once.
    """

    share: Share
    ops: Budget
    attack: Budget
    bots: Annotated[int, Meta(ge=1, le=500)]
    cards: Annotated[list[str], Meta(min_length=1, max_length=16)]
    hand: Annotated[int, Meta(ge=1, le=8)] = 4
    free: bool = False


class Level(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One level file.

    Attributes:
        map: place of its station on the menu's map, px at 1280 × 720.
        label: where its name stands there.
        after: ids of the levels before it.
        seconds: length of play; 120 at most for a level, 180 for a half on an arena.
        budget: points to spend in all, 0 for no limit.
        arena: what makes it one for attack and defence, or a sandbox; None for a campaign level.
        breakdown: what breaks by itself, and when.
        sysctl: values that differ from the kernel's defaults, by full name.
        shows: instruments on the screen besides accept queue and workers; without it, all there
            are. "line": the SYN queue; "speaker": when SYN-ACKs are sent again; "cookies": SYN
            cookies; "cores"; "belts": bytes received and sent; "ring": the receive ring; "guard":
            the packet filter; "board": `ss` and `nstat`, without which a level of `calls` shows
            its sockets instead.
    """

    format: Literal[1]
    id: Id
    number: Annotated[int, Meta(ge=1, le=999)]
    line: Literal["queue", "crew", "flood", "luggage", "heritage", "arena"]
    map: Annotated[list[Pixels], Meta(min_length=2, max_length=2)]
    text: Languages
    seconds: Annotated[int, Meta(ge=5, le=180)]
    machine: Machine
    traffic: Annotated[list[Traffic], Meta(min_length=1, max_length=32)]
    goal: Annotated[list[Goal], Meta(min_length=1, max_length=4)]
    label: Literal["below", "above", "left", "right"] = "below"
    after: Annotated[list[Id], Meta(max_length=8)] = []
    budget: Annotated[int, Meta(ge=0, le=1000)] = 0
    sysctl: dict[str, Int32] = {}
    breakdown: Annotated[list[Breakdown], Meta(max_length=8)] = []
    knob: Annotated[list[Knob], Meta(max_length=40)] = []
    solution: Annotated[list[Move], Meta(max_length=64)] = []
    arena: Arena | None = None
    shows: Annotated[list[Instrument], Meta(max_length=8)] | None = None
