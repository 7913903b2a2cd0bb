"""Buffers, timeouts and ways to close: what each setting of the server changes, measured."""

from typing import Any

import msgspec
import pytest

from game.level.load import load_level
from game.level.schema import Machine, Traffic
from game.paths import levels_dir
from game.sim.costs import PROCESS_BYTES
from game.sim.peer import Peer, PeerPhase
from game.sim.world import World

NS = 1_000_000_000


class Run:
    """A machine under some traffic, played to its end."""

    def __init__(self, machine: Machine, *traffic: Traffic, seconds: int = 20) -> None:
        level = load_level(levels_dir() / "02-hall.toml")
        level = msgspec.structs.replace(
            level, machine=machine, traffic=list(traffic), seconds=seconds
        )
        self.world = World(level, 1, boot_key=1)
        self.memory_bytes = 0
        for tick in range(seconds * 20):
            self.world.advance((tick + 1) * NS // 20)
            self.memory_bytes = max(self.memory_bytes, self.world.memory_bytes())
        self.ended: list[Peer] = self.world.internet.ended

    def share(self, actor: int = 0) -> float:
        """Of those who have ended, how many were served."""
        ended = [peer for peer in self.ended if peer.actor == actor]
        return sum(peer.phase is PeerPhase.SERVED for peer in ended) / len(ended)

    def mean_s(self) -> float:
        times = [(one.ended_ns or 0) - one.started_ns for one in self.ended]
        return sum(times) / len(times) / NS


BASE: dict[str, Any] = {"cores": 4, "workers": 8, "service_ms": 4.0, "backlog": 500}


def machine(**more: Any) -> Machine:
    return Machine(**{**BASE, **more})


# ---- buffers


UPLOADS = Traffic(
    "clients", 1.0, until_s=10, deadline_s=30, rtt_ms=200, rtt_spread_ms=0, request_bytes=120_000
)


def test_an_upload_goes_as_fast_as_a_window_each_round_trip() -> None:
    small = Run(machine(rcvbuf=8192), UPLOADS, seconds=40)
    large = Run(machine(), UPLOADS, seconds=40)
    assert small.share() == large.share() == 1.0
    # Half of the doubled buffer is the window: 120,000 / 8,192 round trips and a few.
    assert 2.5 < small.mean_s() < 4.5
    # 10, 20 and 40 segments: slow start, not the window.
    assert 0.7 < large.mean_s() < 1.4


FAR_READERS = Traffic(
    "clients", 4.0, until_s=10, deadline_s=9, reply_bytes=60_000, reads_bytes_per_s=20_000
)


@pytest.mark.parametrize("model", ["prefork", "worker"])
def test_a_reply_that_fits_into_the_send_buffer_sets_the_thread_free(model: Any) -> None:
    """Twelve readers of 3 s are there at once: too many for eight threads that block."""
    blocking = Run(machine(model=model, sndbuf=8192), FAR_READERS)
    buffered = Run(machine(model=model, sndbuf=131_072), FAR_READERS)
    assert blocking.share() < 0.85
    assert buffered.share() > 0.98


def test_what_waits_in_a_buffer_is_memory_and_a_process_is_more() -> None:
    few = Run(machine(sndbuf=131_072), FAR_READERS)
    many = Run(machine(workers=32), FAR_READERS)
    threads = Run(machine(workers=32, model="worker"), FAR_READERS)
    assert 8 * PROCESS_BYTES + 500_000 < few.memory_bytes < 8 * PROCESS_BYTES + 3_000_000
    assert many.memory_bytes > 32 * PROCESS_BYTES
    assert threads.memory_bytes < 0.1 * many.memory_bytes


# ---- timeouts


@pytest.mark.parametrize("model", ["prefork", "worker", "event"])
@pytest.mark.parametrize(
    ("kind", "timeout"), [("slow_senders", "request_timeout_s"), ("slow_readers", "send_timeout_s")]
)
def test_a_timeout_takes_threads_back_from_peers_that_hold_them(
    model: Any, kind: Any, timeout: str
) -> None:
    """A byte a second is progress for recv(), but not for a deadline of the whole request."""
    slow = Traffic(kind, 3.0, hold_s=60, bytes_per_s=1, reply_bytes=90_000)
    clients = Traffic("clients", 10.0, from_s=6, until_s=16, deadline_s=3)
    held = Run(machine(model=model, cores=2), slow, clients)
    free = Run(machine(model=model, cores=2, **{timeout: 1.0}), slow, clients)
    assert held.share() < 0.3
    assert free.share() > 0.95


# ---- ways to close


TO_THE_END = Traffic("clients", 10.0, until_s=15, deadline_s=3, until_close=True)
REFUSED = Traffic(
    "clients", 5.0, until_s=15, deadline_s=3, until_close=True, request_bytes=120_000, refused=True
)


def test_a_parent_that_keeps_a_descriptor_keeps_the_connection_open() -> None:
    """close() of the child sends no FIN; shutdown() does, whoever else holds the socket."""
    kept = Run(machine(parent_closes="off"), TO_THE_END)
    shut = Run(machine(parent_closes="off", close_with="linger"), TO_THE_END)
    assert Run(machine(), TO_THE_END).share() == 1.0
    assert kept.share() == 0.0
    assert shut.share() == 1.0
    # But descriptors are gone either way, and with the last one accept() fails.
    short = Run(machine(parent_closes="off", close_with="linger", nofile=60), TO_THE_END)
    assert 0.2 < short.share() < 0.6


def test_a_new_parent_lets_go_of_what_the_old_one_kept() -> None:
    level = load_level(levels_dir() / "02-hall.toml")
    settings = machine(parent_closes="off", nofile=60)
    world = World(
        msgspec.structs.replace(level, machine=settings, traffic=[TO_THE_END]), 1, boot_key=1
    )
    world.advance(8 * NS)
    world.restart_crew("parent_closes", "on")
    world.advance(18 * NS)
    late = [one for one in world.internet.ended if one.started_ns > 9 * NS]
    assert len(late) > 40
    assert all(peer.phase is PeerPhase.SERVED for peer in late)
    assert world.host.free_descriptors > 40, "what the old one kept is closed"


def test_close_with_unread_data_resets_and_lingering_does_not() -> None:
    plain = Run(machine(), REFUSED)
    lingering = Run(machine(close_with="linger"), REFUSED)
    aborted = plain.world.host.counters
    assert plain.share() < 0.1
    assert aborted.TcpExtTCPAbortOnClose + aborted.TcpExtTCPAbortOnData > 50
    assert lingering.share() > 0.98


def test_reset_by_linger_zero_leaves_no_time_wait_and_no_happy_reader() -> None:
    reset = Run(machine(close_with="reset"), TO_THE_END)
    assert reset.share() == 0.0
    assert len(list(reset.world.host.endpoints)) == 0
    assert len(list(Run(machine(), TO_THE_END).world.host.endpoints)) > 100


# ---- costs


def test_tls_is_paid_once_a_connection() -> None:
    talk = Traffic("clients", 5.0, until_s=10, requests=4, think_s=0.5)
    once = Run(machine(tls_ms=40.0, keepalive_s=5.0, model="event"), talk)
    again = Run(machine(tls_ms=40.0, model="event"), talk)
    spent = [sum(core.user_ns for core in run.world.machine.cores) for run in (once, again)]
    assert spent[1] > 2.2 * spent[0]


def test_a_bound_thread_does_not_migrate() -> None:
    """More threads than cores, at three quarters of their load."""
    load = Traffic("clients", 250.0, until_s=10)
    hops = machine(workers=16, service_ms=12.0, migration_ms=3.0)
    bound = msgspec.structs.replace(hops, pinning="on")
    spent = [
        sum(core.user_ns for core in Run(one, load, seconds=12).world.machine.cores)
        for one in (hops, bound)
    ]
    assert spent[0] > 1.1 * spent[1]
