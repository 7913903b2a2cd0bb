"""TCP_DEFER_ACCEPT as a knob: who says nothing waits in the SYN queue and holds no worker."""

import msgspec
import pytest

from game.level.load import load_level
from game.level.schema import Level, Machine, Traffic
from game.paths import levels_dir
from game.sim.worker import WorkerPhase
from game.sim.world import World

NS = 1_000_000_000


def level(defer_accept_s: int) -> Level:
    hall = load_level(levels_dir() / "02-hall.toml")
    machine = Machine(workers=2, backlog=64, defer_accept_s=defer_accept_s)
    hoarders = Traffic("hoarders", per_s=5, until_s=4, hold_s=10)
    return msgspec.structs.replace(hall, machine=machine, traffic=[hoarders], knob=[], solution=[])


def held(world: World) -> int:
    return sum(worker.phase is WorkerPhase.READING for worker in world.workers)


@pytest.mark.parametrize(("defer_accept_s", "workers"), [(0, 2), (15, 0)])
def test_silent_peers_hold_workers_only_without_it(defer_accept_s: int, workers: int) -> None:
    world = World(level(defer_accept_s), seed=1, boot_key=1)
    world.advance(5 * NS)
    assert held(world) == workers
    (listener,) = world.listeners()
    assert (listener.qlen > 10) is (workers == 0)


def test_it_acts_on_the_next_ack_when_it_is_turned() -> None:
    world = World(level(0), seed=1, boot_key=1)
    world.advance(2 * NS)
    (listener,) = world.listeners()
    assert held(world) == 2
    assert listener.qlen <= 1  # One may be shaking hands.
    world.set_defer_accept(15)
    world.advance(4 * NS)
    assert listener.qlen > 3
    world.set_defer_accept(0)
    accepted = len(listener.accept_queue)
    world.launch(Traffic("hoarders", per_s=20, from_s=4, until_s=5))
    world.advance(5 * NS)
    assert len(listener.accept_queue) > accepted + 5


def test_a_listener_made_later_has_it_too() -> None:
    world = World(level(0), seed=1, boot_key=1)
    world.set_defer_accept(15)
    world.set_buckets(2)
    assert [listener.defer_retries for listener in world.listeners()] == [4, 4]
