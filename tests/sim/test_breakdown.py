"""A worker that hangs: its platform gets people all the same, and closing it kills the worker."""

import msgspec
import pytest

from game.kernel.drops import Drop
from game.level.load import load_level
from game.level.schema import Breakdown, Level, Machine, Traffic
from game.paths import levels_dir
from game.sim.worker import WorkerPhase
from game.sim.world import World

NS = 1_000_000_000


def level(*, model: str = "prefork", bucket: int = 2, migrate: int = 0) -> Level:
    hall = load_level(levels_dir() / "02-hall.toml")
    machine = msgspec.convert(
        {"buckets": 2, "workers": 2, "processes": 2, "model": model, "backlog": 511}, Machine
    )
    return msgspec.structs.replace(
        hall,
        machine=machine,
        traffic=[Traffic("clients", per_s=30, until_s=10, deadline_s=30)],
        breakdown=[Breakdown("hang", bucket, at_s=2)],
        sysctl={"net.ipv4.tcp_migrate_req": migrate},
        knob=[],
        solution=[],
    )


@pytest.mark.parametrize("model", ["prefork", "worker"])
def test_who_hangs_serves_nobody_and_the_hash_does_not_know(model: str) -> None:
    world = World(level(model=model), seed=1, boot_key=1)
    world.advance(3 * NS)
    served = [worker.served for worker in world.workers]
    world.advance(10 * NS)
    now = [worker.served for worker in world.workers]
    assert now[0] > served[0] + 60
    assert now[1] == served[1]
    if model == "prefork":
        good, bad = (len(one.accept_queue) for one in world.listeners())
        assert good < 5
        assert bad > 60


def test_a_bucket_that_is_not_there_is_spared() -> None:
    world = World(level(bucket=9), seed=1, boot_key=1)
    world.advance(10 * NS)
    assert not any(worker.hangs for worker in world.workers)


@pytest.mark.parametrize("migrate", [0, 1])
def test_closing_it_resets_its_queue_or_moves_it(migrate: int) -> None:
    world = World(level(migrate=migrate), seed=1, boot_key=1)
    world.advance(8 * NS)
    waiting = len(world.listeners()[1].accept_queue)
    assert waiting > 50
    (stuck,) = [worker for worker in world.workers if worker.hangs]
    assert (stuck.phase, stuck.fd >= 0) == (WorkerPhase.WORKING, True)
    world.set_buckets(1)
    counters = world.host.counters
    assert counters.TcpEstabResets == (0 if migrate else waiting)
    assert world.closed[0].drops.get(Drop.LISTENER_CLOSED, 0) == (0 if migrate else waiting)
    assert counters.TcpExtTCPMigrateReqSuccess == (waiting if migrate else 0)
    assert (stuck.phase, stuck.fd) == (WorkerPhase.STOPPED, -1)
    world.advance(12 * NS)
    assert stuck.fd == -1
