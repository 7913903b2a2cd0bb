"""Every bit of a host's state in a canonical order, for a digest.

Nested tuples of numbers and names only. What a digest is made of is the session's business.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from game.kernel.connection import Connection
from game.kernel.counters import COUNTER_NAMES
from game.kernel.descriptor import File, Socket
from game.kernel.listen import ListenSocket, Request
from game.kernel.stack import Stack
from game.kernel.sysctl import SYSCTLS
from game.kernel.timewait import TimeWait


def host_state(
    stack: Stack,
    listeners: Sequence[ListenSocket],
    files: Mapping[int, File],
    closed_port_segments: int,
) -> tuple[object, ...]:
    """Counters, sysctls, listeners, flows, descriptors, and what was emitted and not taken.

    What is in TIME-WAIT is there as one number, a sum that changes with each of them.
    """
    sysctl, counters = stack.sysctl, stack.counters
    flows = [one for one in stack.established.values() if not isinstance(one, TimeWait)]
    return (
        tuple((name, getattr(counters, name)) for name in COUNTER_NAMES),
        tuple((row.name, getattr(sysctl, row.last_name)) for row in SYSCTLS),
        tuple(_listener(listener) for listener in listeners),
        tuple(_endpoint(endpoint) for endpoint in flows),
        tuple((fd, _file(file)) for fd, file in sorted(files.items())),
        tuple((key, *_timer(timer)) for key, timer in stack.wheel.armed(but=TimeWait)),
        tuple(sorted(stack.proven)),
        (
            stack.boot_key,
            stack.wheel.phase_ns,
            stack.orphans,
            closed_port_segments,
            stack.time_wait_sum,
        ),
        tuple((*s.flow, s.flags, s.seq, s.ack, s.length, s.window, s.mss) for s in stack.outbox),
        tuple(stack.woken),
    )


def _timer(timer: object) -> tuple[object, ...]:
    owner = getattr(timer, "connection", timer)
    return (type(timer).__name__, *getattr(owner, "flow", ()))


def _listener(listener: ListenSocket) -> tuple[object, ...]:
    stamp = listener.group.cookie_stamp_ns
    return (
        listener.address,
        listener.port,
        listener.backlog,
        listener.young,
        tuple(tuple(flow) for flow in listener.syn_queue),
        tuple(tuple(connection.flow) for connection in listener.accept_queue),
        (listener.defer_retries, listener.syncnt, listener.rcvbuf, listener.sndbuf or 0),
        tuple(sorted((int(drop), count) for drop, count in listener.drops.items())),
        tuple(listener.waiters.sleepers),
        -1 if stamp is None else stamp,
        listener.write_seq,
    )


def _endpoint(endpoint: object) -> tuple[object, ...]:
    if isinstance(endpoint, Request):
        last = endpoint.last_oow_ns
        return (
            "request", *endpoint.flow, endpoint.rcv_isn, endpoint.snt_isn, endpoint.mss,
            endpoint.arrived_ns, endpoint.num_timeout, endpoint.num_retrans,
            int(endpoint.acked), endpoint.deadline_ns, -1 if last is None else last,
        )  # fmt: skip
    assert isinstance(endpoint, Connection)
    return ("connection", *endpoint.state_tuple())


def _file(file: File) -> tuple[object, ...]:
    if isinstance(file, Socket):
        options = tuple(sorted((int(option), value) for option, value in file.options.items()))
        return ("socket", *file.binding(), file.references, file.shutdown, options)
    return ("connection", *file.flow, file.references, file.state)
