"""A graceful restart: what a running server takes up with new threads while old ones finish."""

from typing import Any

import msgspec
import pytest

from game.level.load import load_level
from game.level.schema import Level, Machine, Traffic
from game.paths import levels_dir
from game.sim.peer import PeerPhase
from game.sim.world import World

NS = 1_000_000_000


def world(machine: Machine, *traffic: Traffic, seconds: int = 20) -> World:
    level: Level = load_level(levels_dir() / "02-hall.toml")
    return World(
        msgspec.structs.replace(level, machine=machine, traffic=list(traffic), seconds=seconds),
        1,
        boot_key=1,
    )


def served(run: World) -> int:
    return sum(peer.phase is PeerPhase.SERVED for peer in run.internet.ended)


VISITORS = Traffic("clients", 20.0, until_s=6.0, deadline_s=5.0, requests=4, think_s=0.8)
"""Four requests each with thought between them: on 4 workers, 80 a second want a seat for 3 s."""


@pytest.mark.parametrize(
    ("name", "value", "measure"),
    [
        ("model", "event", "served"),
        ("keepalive_s", 0, "served"),
        ("wait", "epoll", "eagain"),
        ("accept_mutex", "on", "lock_wait_ns"),
        ("processes", 4, "listeners"),
    ],
)
def test_each_setting_acts_while_the_server_runs(name: str, value: Any, measure: str) -> None:
    base: dict[str, Any] = {"cores": 2, "workers": 4, "service_ms": 4.0, "backlog": 500}
    traffic = VISITORS
    if measure == "served":
        base["keepalive_s"] = 5.0
    else:
        traffic = Traffic("clients", 100.0, until_s=6.0)
    if name == "processes":
        base["model"] = "worker"
    before = world(Machine(**base), traffic)
    after = world(Machine(**base), traffic)
    for run in (before, after):
        run.advance(NS)
    after.restart_crew(name, value)
    found = []
    for run in (before, after):
        run.advance(12 * NS)
        everybody = list(run.crew.everybody())
        match measure:
            case "served":
                found.append(served(run))
            case "listeners":
                found.append(len(run.crew.listeners))
            case _:
                found.append(sum(getattr(one, measure) for one in everybody))
    assert found[1] > 1.3 * found[0], found


@pytest.mark.parametrize("model", ["prefork", "worker", "event"])
def test_a_restart_loses_nobody(model: Any) -> None:
    """Slow readers hold their connections over it; the sockets and who waits there stay."""
    slow = Traffic("slow_readers", 3.0, until_s=3.0, bytes_per_s=20_000.0, reply_bytes=60_000)
    machine = Machine(cores=2, workers=12, service_ms=4.0, model=model, backlog=500)
    run = world(machine, Traffic("clients", 40.0, until_s=8.0), slow)
    run.advance(3 * NS)
    fds = list(run.listen_fds)
    old = list(run.workers)
    run.restart_crew("accept_mutex", "on")
    assert run.listen_fds == fds
    assert all(one.retired for one in old)
    run.advance(15 * NS)
    assert all(peer.phase is PeerPhase.SERVED for peer in run.internet.ended)
    assert len(run.internet.ended) == run.internet.started
    assert len(run.workers) == 12
    assert not set(run.workers) & set(old), "old threads have ended"


PORTS = Machine(cores=2, workers=1, ports=[80, 443], service_ms=4.0, wait="blocking")


@pytest.mark.parametrize("wait", ["blocking", "select", "poll", "epoll", "shared_epoll", "signal"])
def test_a_thread_that_blocks_in_accept_serves_one_port_only(wait: Any) -> None:
    """It takes select, poll or epoll to wait at two doors."""
    traffic = (
        Traffic("clients", 20.0, until_s=4.0, port=80, deadline_s=2.0),
        Traffic("clients", 20.0, until_s=4.0, port=443, deadline_s=2.0),
    )
    run = world(msgspec.structs.replace(PORTS, wait=wait), *traffic)
    run.advance(8 * NS)
    happy = {80: 0, 443: 0}
    for peer in run.internet.ended:
        happy[peer.flow.local_port] += peer.phase is PeerPhase.SERVED
    assert happy[80] > 50
    assert (happy[443] > 50) == (wait != "blocking")


def test_of_two_busy_ports_none_starves() -> None:
    """Both always have somebody waiting; the one thread takes from them in turn."""
    traffic = [Traffic("clients", 200.0, until_s=4.0, port=port) for port in (80, 443)]
    machine = msgspec.structs.replace(PORTS, wait="poll", service_ms=10.0, backlog=500)
    run = world(machine, *traffic)
    run.advance(4 * NS)
    happy = {80: 0, 443: 0}
    for peer in run.internet.ended:
        happy[peer.flow.local_port] += peer.phase is PeerPhase.SERVED
    assert min(happy.values()) > 0.8 * max(happy.values()) > 50
