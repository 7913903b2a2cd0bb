"""What a player may see of the simulated host at one tick border.

Everything is a small integer or a short kernel name. Moments are milliseconds since the level
began (`…_ms`), and what is still to happen is sent as the moment when it will: the client draws
between two snapshots and computes motion from deadlines. Sentences are made by the client.
"""

from enum import IntEnum

import msgspec


class Actor(IntEnum):
    """Who is behind a connection, as the one who drew the level knows it."""

    CLIENT = 0
    """A Linux client that wants service."""
    FLOOD = 1
    """A spoofed SYN: nobody will ever answer."""
    HOARDER = 2
    """Connects and then says nothing."""
    SLOW = 3
    """Reads or sends a few bytes at a time."""


class PeerState(IntEnum):
    """What a peer outside the gate is doing."""

    CONNECTING = 0
    """Its first SYN is under way or unanswered so far."""
    RETRYING = 1
    """A SYN was not answered; the next goes out at `until_ms`."""
    HALF_OPEN = 2
    """It believes to be connected, but the host dropped its ACK."""
    COMING = 3
    """It will send its first SYN at `until_ms`."""


class WorkerState(IntEnum):
    """What a worker does at this moment."""

    IDLE = 0
    """Blocked in accept() or waiting for readiness."""
    ACCEPTING = 1
    """Inside accept()."""
    READING = 2
    """Blocked in recv(): the request has not come."""
    WORKING = 3
    """Computing a reply; done at `until_ms`."""
    SENDING = 4
    """Blocked in send(): the send buffer is full."""
    RUNNABLE = 5
    """Has work, but its core runs something else."""
    STOPPED = 6
    """Not started: no accept() call has been made."""


class Mark(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One figure in a queue.

    Attributes:
        id: the connection's number, the same as long as it lives; motion follows it.
        actor: an `Actor`.
        since_ms: when it came to this place.
        until_ms: in the SYN queue when its timer fires, in the accept queue 0.
        tries: in the SYN queue SYN-ACKs re-sent so far; in the accept queue bytes waiting.
    """

    id: int
    actor: int
    since_ms: int
    until_ms: int = 0
    tries: int = 0


class PeerMark(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One peer outside the gate that has no place inside yet.

    Attributes:
        id: the connection's number.
        actor: an `Actor`.
        state: a `PeerState`.
        since_ms: when it began to connect; while it is coming, 3 s before that.
        until_ms: when its next SYN or data goes out; 0 when nothing is planned.
        tries: SYNs re-sent so far.
    """

    id: int
    actor: int
    state: int
    since_ms: int
    until_ms: int
    tries: int


class Crowd(msgspec.Struct, frozen=True, array_like=True):
    """How many connections a second one kind of peer starts now.

    Attributes:
        actor: an `Actor`.
        per_s: new connections a second offered now, by the timetable.
    """

    actor: int
    per_s: int


class Drops(msgspec.Struct, frozen=True, array_like=True):
    """One reason for which the host refused something during the last tick.

    Attributes:
        rule: the code of the rule, a key of `game.text.reasons`.
        knob: the sysctl or knob that governs it, or "".
        counter: the nstat name that counts it, or "".
        listener: index of the listener, -1 for the gate.
        count: how often during the last tick.
        total: how often since the level began.
    """

    rule: str
    knob: str
    counter: str
    listener: int
    count: int
    total: int


class Gate(msgspec.Struct, frozen=True):
    """The NIC and what stands before the stack.

    Attributes:
        rx_ring: descriptors of the ring.
        rx_ring_used: packets waiting in it.
        in_per_s: packets a second that arrived, over the last second.
        filtered_per_s: packets a second that the filter dropped, over the last second.
        rx_missed: packets that found no descriptor, since the level began.
        filter: the filter's setting, "off" when there is none.
    """

    rx_ring: int
    rx_ring_used: int
    in_per_s: int
    filtered_per_s: int
    rx_missed: int
    filter: str


class Listener(msgspec.Struct, frozen=True):
    """One listening socket.

    Attributes:
        state: "", "CLOSE" (socket made), "BOUND" or "LISTEN".
        port: local port, 0 before bind().
        backlog: what listen() left in force, `ss` Send-Q.
        backlog_asked: the argument of the last listen().
        syn_queue: requests in SYN-RECV.
        syn_queue_limit: how many fit before the next is refused or gets a cookie (backlog + 1,
            or the last-quarter rule when that is lower).
        accept_queue: connections waiting for accept(), `ss` Recv-Q.
        cookies: True while SYNs are answered with cookies.
        cookies_sent_per_s: cookies a second, over the last second.
        cookies_received: valid cookie ACKs during the last tick.
        synack_calls: SYN-ACK retransmissions an entry gets under the present pruning.
        syn_marks: the SYN queue, oldest first; at most `MARKS_MAX`, each for `syn_mark_unit`.
        seat_marks: the accept queue, head first; at most `MARKS_MAX`.
        syn_mark_unit: entries one SYN queue mark stands for.
        seat_mark_unit: connections one accept queue mark stands for.
        held: accepted connections that no worker serves now: event listener threads watch them.
            They stand at the first listener of their bucket.
    """

    state: str
    port: int
    backlog: int
    backlog_asked: int
    syn_queue: int
    syn_queue_limit: int
    accept_queue: int
    cookies: bool
    cookies_sent_per_s: int
    cookies_received: int
    synack_calls: int
    syn_marks: list[Mark]
    seat_marks: list[Mark]
    syn_mark_unit: int = 1
    seat_mark_unit: int = 1
    held: int = 0


class Passenger(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A connection that a worker has accepted.

    Attributes:
        id: the connection's number.
        actor: an `Actor`.
        recv_q: bytes received and not read.
        send_q: bytes sent or queued and not acknowledged.
    """

    id: int
    actor: int
    recv_q: int
    send_q: int


class Worker(msgspec.Struct, frozen=True):
    """One thread of the simulated server.

    Attributes:
        listener: index of the listener it accepts from.
        core: the core it runs on.
        state: a `WorkerState`.
        since_ms: when it came to this state.
        until_ms: when the state ends, 0 if that depends on others.
        passengers: its connections, in the order of acceptance.
        served: replies finished since the level began.
        fd: descriptor of the connection it serves, -1 when none.
    """

    listener: int
    core: int
    state: int
    since_ms: int
    until_ms: int
    passengers: list[Passenger]
    served: int
    fd: int = -1


class Core(msgspec.Struct, frozen=True, array_like=True):
    """Where one core's time went during the last second, in thousandths.

    Attributes:
        softirq: packets, timers and the TCP stack.
        user: workers.
        switching: context switches.
        label: what is bound to it, for example "eth0 irq" or "T1 T2".
    """

    softirq: int
    user: int
    switching: int
    label: str


class GoalState(msgspec.Struct, frozen=True, array_like=True):
    """One goal at this moment.

    Attributes:
        what: "served", "connect_p95_ms", "core_max", "memory_mb" or "cost".
        value: thousandths for shares, ms or points otherwise; None before there is a value.
        stars: stars of the best mark met now.
    """

    what: str
    value: int | None
    stars: int


class KnobState(msgspec.Struct, frozen=True, array_like=True):
    """One knob at this moment.

    Attributes:
        name: as in the level file: the last name of a sysctl, or a machine knob.
        value: in force now, as text.
        pending: what was commanded and acts at the next tick border, else "".
    """

    name: str
    value: str
    pending: str = ""


class FiveTuple(msgspec.Struct, frozen=True, array_like=True):
    """What a socket knows so far; unknown parts are "" or 0.

    Attributes:
        fd: the descriptor.
        state: "CLOSE", "BOUND", "LISTEN" or "ESTAB".
        protocol: "tcp" after socket().
        local_address, local_port: after bind().
        remote_address, remote_port: after accept().
    """

    fd: int
    state: str
    protocol: str
    local_address: str
    local_port: int
    remote_address: str
    remote_port: int


class Snapshot(msgspec.Struct, frozen=True, tag="snapshot"):
    """Everything a defender sees at one tick border.

    Attributes:
        tick: number of the tick that has just ended; 0 is the start.
        time_ms: simulated milliseconds since the level began.
        crowds: offered load now, by kind.
        peers: those outside, newest last; at most `MARKS_MAX`.
        sysctls: those that the level opens or sets, by full name.
        counters: the watched ones, by nstat name, above 0.
        attempts: clients whose deadline has passed.
        served: of those, the ones that got the whole reply.
        clients_done: clients served so far, whatever their deadline.
        clients_lost: clients that gave up or were reset so far.
        cost: points spent.
        points: points left to spend, -1 without a limit.
        sockets: the listening socket and the newest accepted ones (for the five-tuple).
        calls: the results of the calls made so far, newest last (level 1), as
            "bind(3, 0.0.0.0:443) = 0".
        kept: descriptors of finished connections that the parent process has not closed.
    """

    tick: int
    time_ms: int
    gate: Gate
    crowds: list[Crowd]
    peers: list[PeerMark]
    listeners: list[Listener]
    workers: list[Worker]
    cores: list[Core]
    drops: list[Drops]
    counters: dict[str, int]
    sysctls: dict[str, int]
    knobs: list[KnobState]
    goals: list[GoalState]
    stars: int
    attempts: int
    served: int
    clients_done: int
    clients_lost: int
    cost: int
    points: int = -1
    sockets: list[FiveTuple] = []
    calls: list[str] = []
    kept: int = 0
