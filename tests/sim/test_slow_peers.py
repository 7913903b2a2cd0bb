"""Peers that hold on to whoever serves them, and packets without a handshake."""

import msgspec
import pytest

from game.kernel.drops import Drop
from game.level.load import load_level
from game.level.schema import Traffic
from game.level.settings import with_settings
from game.paths import levels_dir
from game.session.session import Session
from game.sim.peer import MSS
from game.sim.slow_reader import BUFFER_BYTES
from game.sim.worker import WorkerPhase

RECEIVED = 5
"""Where `Peer.state` has the bytes of the reply."""


def play(*traffic: Traffic, seconds: int = 8, cookies: int = 0) -> Session:
    level = load_level(levels_dir() / "11-cookie-stamp.toml")
    level = msgspec.structs.replace(level, traffic=list(traffic), seconds=seconds)
    session = Session(with_settings(level, [("tcp_syncookies", str(cookies))]), 1)
    while session.tick < session.ticks - 1:
        session.advance()
    return session


@pytest.mark.parametrize(
    ("kind", "phase"),
    [("slow_readers", WorkerPhase.SENDING), ("slow_senders", WorkerPhase.READING)],
)
def test_slow_peers_hold_every_worker(kind: str, phase: WorkerPhase) -> None:
    clients = Traffic("clients", 10.0, from_s=3, deadline_s=2)
    slow = Traffic(kind, 5.0, hold_s=20, bytes_per_s=20, reply_bytes=90_000)  # type: ignore[arg-type]
    session = play(clients, slow)
    assert {worker.phase for worker in session.world.workers} == {phase}
    assert session.score.served == 0
    assert session.score.attempts > 10
    assert any(crowd.actor == 3 for crowd in session.snapshot().crowds)
    assert play(clients).score.served > 10


def test_a_slow_reader_gets_its_bytes_at_its_own_pace() -> None:
    session = play(Traffic("slow_readers", 1.0, hold_s=20, bytes_per_s=500, reply_bytes=90_000))
    connection = next(one for one in session.world.host.connections if one.send_q)
    held_s = (session.world.now_ns - connection.established_ns) / 1e9
    received = session.world.internet.peers[connection.flow].state()[RECEIVED]
    assert held_s > 1
    assert 500 * held_s - MSS < received <= 500 * held_s + BUFFER_BYTES


def test_a_slow_sender_sends_all_but_the_end_of_its_request() -> None:
    fast = Traffic("slow_senders", 1.0, hold_s=20, bytes_per_s=100, request_bytes=350)
    session = play(fast, seconds=9)
    counters = session.world.host.counters
    oldest = next(iter(session.world.host.connections))
    peer = session.world.internet.peers[oldest.flow]
    assert peer.request_bytes == 349
    assert counters.TcpPassiveOpens > 1
    assert session.score.done == 0


def test_forged_acks_are_answered_with_resets_and_rsts_with_nothing() -> None:
    acks = play(Traffic("forged_acks", 5_000, from_s=1, until_s=2), seconds=5)
    assert acks.world.host.counters.TcpOutRsts == 5_000
    assert acks.world.listeners()[0].drops == {Drop.STRAY_ACK: 5_000}
    rsts = play(Traffic("rsts", 5_000, from_s=1, until_s=2), seconds=5)
    counters = rsts.world.host.counters
    assert (counters.TcpInSegs, counters.TcpOutSegs) == (5_000, 0)


def test_forged_acks_are_looked_at_while_cookies_are_out() -> None:
    session = play(
        Traffic("flood", 5_000, from_s=1, until_s=2),
        Traffic("forged_acks", 5_000, from_s=2, until_s=3),
        seconds=5,
        cookies=2,
    )
    assert session.world.host.counters.TcpExtSyncookiesFailed == 5_000
    assert session.world.listeners()[0].drops[Drop.BAD_COOKIE] == 5_000


def test_pulses_show_in_the_crowd() -> None:
    session = play(Traffic("flood", 4_000, on_s=0.5, off_s=0.5, until_s=8), seconds=8)
    flood = session.world.machine.floods[0]
    assert flood.count == 8 * 2_000
    assert session.snapshot().crowds[0].per_s == 0  # At 7.95 s it pauses.
