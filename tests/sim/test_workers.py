"""Models of the server's threads: against theory, against each other, and by what they count."""

import math

import msgspec
import pytest

from game.kernel.epoll import EPOLLIN
from game.level.load import load_level
from game.level.schema import Machine, Traffic
from game.paths import levels_dir
from game.sim.clients import VisitSource
from game.sim.peer import Peer, PeerPhase
from game.sim.workers.event import EventListener
from game.sim.workers.threads import ServingThread
from game.sim.workers.waiting import Way, make_waiting
from game.sim.world import World

NS = 1_000_000_000


class Run:
    """One machine under one stream of clients, and what came of it."""

    def __init__(
        self,
        machine: Machine,
        traffic: Traffic,
        seconds: float,
        *,
        seed: int = 1,
        drain_s: float = 0,
    ) -> None:
        level = load_level(levels_dir() / "02-hall.toml")
        whole = math.ceil(seconds + drain_s)
        level = msgspec.structs.replace(
            level, machine=machine, traffic=[traffic], seconds=whole, knob=[], solution=[]
        )
        self.world = World(level, seed, boot_key=seed)
        self.world.advance(round((seconds + drain_s) * NS))
        self.ended: list[Peer] = self.world.internet.ended
        self.served = [peer for peer in self.ended if peer.phase is PeerPhase.SERVED]

    def reply_ms(self, share: float) -> float:
        times = sorted((peer.ended_ns or 0) - peer.started_ns for peer in self.served)
        return times[min(len(times) - 1, int(share * len(times)))] / 1e6

    def mean_reply_ms(self) -> float:
        times = [(peer.ended_ns or 0) - peer.started_ns for peer in self.served]
        return sum(times) / len(times) / 1e6

    def total(self, name: str) -> int:
        return sum(getattr(worker, name) for worker in self.world.crew.everybody())

    def core_ms(self, kind: str) -> float:
        return float(sum(getattr(core, f"{kind}_ns") for core in self.world.machine.cores)) / 1e6


def clients(
    per_s: float,
    until_s: float,
    *,
    deadline_s: float = 30.0,
    requests: int = 1,
    think_s: float = 0.0,
) -> Traffic:
    """Neighbours: a round trip of 0.1 ms, so that times are those of the server."""
    return Traffic(
        "clients",
        per_s,
        until_s=until_s,
        deadline_s=deadline_s,
        rtt_ms=0.1,
        rtt_spread_ms=0.0,
        requests=requests,
        think_s=think_s,
    )


# ---- theory


def erlang_c(servers: int, load: float) -> float:
    """Share of customers that have to wait in M/M/c."""
    terms = [load**k / math.factorial(k) for k in range(servers)]
    last = load**servers / math.factorial(servers) * servers / (servers - load)
    return last / (sum(terms) + last)


def loss(servers: int, places: int, load: float) -> float:
    """Share of customers that M/M/c/K turns away; with K = c it is Erlang's formula B."""
    weights = [1.0]
    for k in range(1, places + 1):
        weights.append(weights[-1] * load / min(k, servers))
    return weights[-1] / sum(weights)


@pytest.mark.slow
@pytest.mark.parametrize(("servers", "load"), [(1, 0.6), (2, 1.4), (4, 2.8)])
def test_waiting_times_are_those_of_m_m_c(servers: int, load: float) -> None:
    """One listener, c blocking workers on c cores, exponential service of 20 ms.

    Bound: the mean time in the accept queue within 15 % of Erlang C's, over three seeds.
    """
    service_ms = 20.0
    per_s = load / service_ms * 1000
    machine = Machine(cores=servers, workers=servers, service_ms=service_ms, backlog=4000)
    seconds = 8000 / per_s
    waits = []
    for seed in (1, 2, 3):
        run = Run(machine, clients(per_s, seconds), seconds, seed=seed)
        own_ms = 0.2 + 0.04 + service_ms  # The wire, a wake-up, the service.
        waits.append(run.mean_reply_ms() - own_ms)
    expected_ms = erlang_c(servers, load) * service_ms / (servers - load)
    assert sum(waits) / 3 == pytest.approx(expected_ms, rel=0.15, abs=0.1)


@pytest.mark.slow
@pytest.mark.parametrize("servers", [1, 4])
@pytest.mark.parametrize("backlog", [0, 3])
def test_losses_are_those_of_m_m_c_k(servers: int, backlog: int) -> None:
    """Who finds the accept queue full is lost: K = c + backlog + 1, for it holds one more.

    Clients give up before their SYN is sent again, so nobody comes twice. Erlang's B would be
    K = c, which this kernel cannot have: backlog 0 still seats one. Bound: 0.02.
    """
    load = float(servers)
    service_ms = 20.0
    per_s = load / service_ms * 1000
    seconds = 8000 / per_s
    machine = Machine(cores=servers, workers=servers, service_ms=service_ms, backlog=backlog)
    run = Run(machine, clients(per_s, seconds, deadline_s=0.9), seconds, drain_s=2)
    share = 1 - len(run.served) / len(run.ended)
    assert share == pytest.approx(loss(servers, servers + backlog + 1, load), abs=0.02)
    assert abs(share - loss(servers, servers, load)) > 0.02, "and not Erlang's B"


def test_reuseport_shares_are_binomial() -> None:
    machine = Machine(cores=4, workers=4, buckets=4, service_ms=0.1, backlog=500)
    run = Run(machine, clients(1000.0, 3.0), 3.0)
    shares = [worker.accepted for worker in run.world.workers]
    total = sum(shares)
    reach = 5 * math.sqrt(total * 0.25 * 0.75)
    assert total > 2800
    assert all(abs(share - total / 4) < reach for share in shares)
    assert len(set(shares)) > 1, "a hash, not a rota"


# ---- one queue, several queues


def test_one_queue_for_all_beats_a_queue_for_each() -> None:
    """Four tellers at three quarters of what they can do: half the time, a third at the end."""
    traffic = clients(150.0, 12.0)
    settings = Machine(cores=4, workers=4, service_ms=20.0, backlog=500, pinning="on")
    together = Run(settings, traffic, 12.0)
    apart = Run(msgspec.structs.replace(settings, buckets=4), traffic, 12.0)
    assert apart.reply_ms(0.5) > 1.5 * together.reply_ms(0.5)
    assert apart.reply_ms(0.95) > 2 * together.reply_ms(0.95)
    # Everybody is served all the same, and by the same work.
    assert apart.world.host.counters.TcpExtListenOverflows == 0
    assert apart.core_ms("user") == pytest.approx(together.core_ms("user"), rel=0.1)


def test_on_one_core_more_buckets_are_slower() -> None:
    """The same work at nine tenths of a core; only turning from thread to thread comes on top."""
    runs = []
    for buckets in (1, 2, 8):
        machine = Machine(
            cores=1, workers=buckets, buckets=buckets, service_ms=0.1, backlog=4000, wait="epoll"
        )
        runs.append(Run(machine, clients(7000.0, 0.6), 0.6, drain_s=0.5))
    one, two, eight = runs
    assert one.core_ms("user") == pytest.approx(two.core_ms("user"), rel=0.001)
    assert one.core_ms("switching") < 1 < two.core_ms("switching") < eight.core_ms("switching")
    assert two.mean_reply_ms() > 2 * one.mean_reply_ms()
    assert eight.mean_reply_ms() >= two.mean_reply_ms()
    assert one.reply_ms(0.95) < two.reply_ms(0.95) < eight.reply_ms(0.95)


# ---- the ways of waiting


def herd(wait: str, *, accept_mutex: str = "off", model: str = "prefork") -> Run:
    machine = msgspec.convert(
        {
            "cores": 2,
            "workers": 8,
            "service_ms": 1.0,
            "wait": wait,
            "accept_mutex": accept_mutex,
            "model": model,
        },
        Machine,
    )
    run = Run(machine, clients(100.0, 4.0), 4.0, drain_s=1)
    assert len(run.served) == len(run.ended) > 300
    return run


def test_a_herd_costs_eagain_and_switches_and_exclusive_waiting_does_not() -> None:
    quiet = {wait: herd(wait) for wait in ("blocking", "epoll_exclusive")}
    loud = {wait: herd(wait) for wait in ("poll", "select", "epoll", "signal")}
    half = herd("shared_epoll")
    for run in quiet.values():
        assert run.total("eagain") < 0.05 * len(run.served)
        assert run.total("wakeups") < 1.1 * len(run.served)
    for run in loud.values():
        assert run.total("eagain") > 4 * len(run.served)
        assert run.core_ms("switching") > 5 * quiet["epoll_exclusive"].core_ms("switching")
    assert quiet["blocking"].total("eagain") == 0
    assert half.total("wakeups") < 0.5 * loud["epoll"].total("wakeups")
    assert len(quiet["blocking"].served) < half.total("wakeups"), "one more than is needed"


def test_waiting_in_turn_shares_work_and_exclusive_epoll_does_not() -> None:
    rota = [worker.accepted for worker in herd("blocking").world.workers]
    assert max(rota) - min(rota) <= 2
    first = [worker.accepted for worker in herd("epoll_exclusive").world.workers]
    assert first[0] > 0.8 * sum(first)


@pytest.mark.parametrize(
    ("way", "watched_ns", "ready_ns"),
    [("poll", 53, 0), ("select", 53, 0), ("epoll", 0, 125), ("epoll_exclusive", 0, 125)],
)
def test_a_look_costs_by_what_is_watched_or_by_what_is_ready(
    way: Way, watched_ns: int, ready_ns: int
) -> None:
    machine = Machine(workers=1, service_ms=1.0, keepalive_s=60.0, model="event")
    world = Run(machine, clients(40.0, 1.0, requests=2, think_s=50.0), 1.0).world
    (listener,) = world.crew.listeners
    assert isinstance(listener, EventListener)
    waiting = make_waiting(way, world.machine, 99, world.listen_fds, None)
    few, more = waiting.cost_ns(1), waiting.cost_ns(5)
    assert more - few == 4 * ready_ns
    idle = list(listener.idle)
    assert len(idle) == 3
    for fd in idle:
        waiting.watch(fd, EPOLLIN)
    assert waiting.cost_ns(1) - few == 3 * watched_ns


def test_select_is_dearer_than_poll_and_a_signal_than_both() -> None:
    looks = {way: herd(way) for way in ("poll", "select", "signal")}
    user = {way: run.core_ms("user") / run.total("wakeups") for way, run in looks.items()}
    assert user["poll"] < user["select"] < user["signal"]


# ---- the accept mutex


@pytest.mark.parametrize("wait", ["poll", "epoll", "select"])
def test_the_mutex_ends_the_herd(wait: str) -> None:
    assert herd(wait).total("eagain") > 1000
    assert herd(wait, accept_mutex="on").total("eagain") == 0


def test_with_too_few_buckets_the_mutex_starves_the_listeners() -> None:
    """It goes from hand to hand in one wake-up, 40 µs: one bucket takes 22,000 a second at most."""
    traffic = clients(26_000.0, 0.25, deadline_s=0.9)
    settings = Machine(
        cores=16, workers=32, service_ms=0.1, backlog=4000, wait="epoll", accept_mutex="on"
    )
    few = Run(settings, traffic, 0.25)
    many = Run(msgspec.structs.replace(settings, buckets=4), traffic, 0.25)
    assert few.reply_ms(0.95) > 5 * many.reply_ms(0.95)
    assert sum(len(one.accept_queue) for one in few.world.listeners()) > 200
    assert sum(len(one.accept_queue) for one in many.world.listeners()) < 50
    free = Run(msgspec.structs.replace(settings, accept_mutex="off"), traffic, 0.25)
    assert free.reply_ms(0.95) < few.reply_ms(0.95) / 5


# ---- prefork, worker, event


@pytest.mark.parametrize("model", ["prefork", "worker", "event"])
@pytest.mark.parametrize("wait", ["blocking", "poll", "epoll", "shared_epoll", "signal"])
@pytest.mark.parametrize("keepalive_s", [0.0, 2.0])
def test_every_model_serves_everybody_when_there_is_room(
    model: str, wait: str, keepalive_s: float
) -> None:
    machine = msgspec.convert(
        {
            "cores": 2, "workers": 12, "processes": 2, "service_ms": 2.0,
            "model": model, "wait": wait, "keepalive_s": keepalive_s,
        },
        Machine,
    )  # fmt: skip
    run = Run(machine, clients(10.0, 3.0, requests=3, think_s=0.1), 3.0, drain_s=4)
    assert len(run.served) == len(run.ended) > 20
    assert len(list(run.world.host.connections)) == 0
    (source,) = run.world.internet.sources
    assert isinstance(source, VisitSource)
    asked = 3 * (len(run.ended) - source.comebacks)
    assert run.total("served") == asked
    assert (keepalive_s == 0) == (source.comebacks > 0)


def idling(model: str) -> Run:
    """Fourteen connections at a time, each asking for 5 ms of work every 1.5 s; eight threads."""
    machine = msgspec.convert(
        {
            "cores": 2, "workers": 8, "service_ms": 5.0, "wait": "epoll",
            "model": model, "keepalive_s": 5.0,
        },
        Machine,
    )  # fmt: skip
    return Run(machine, clients(3.0, 20.0, deadline_s=3.0, requests=4, think_s=1.5), 20, drain_s=9)


def test_idle_connections_starve_prefork_and_worker_but_not_event() -> None:
    runs = {model: idling(model) for model in ("prefork", "worker", "event")}
    share = {model: len(run.served) / len(run.ended) for model, run in runs.items()}
    assert share["event"] == 1.0
    assert share["prefork"] < 0.75
    assert share["worker"] == pytest.approx(share["prefork"], abs=0.1)
    for model in ("prefork", "worker"):
        assert runs[model].core_ms("user") < 20_000 * 2 * 0.1, "the cores have nothing to do"


def test_a_listener_thread_accepts_only_for_a_thread_that_is_free() -> None:
    machine = Machine(cores=2, workers=2, service_ms=400.0, model="worker", backlog=50)
    world = Run(machine, clients(20.0, 1.0), 1.0).world
    (worker_queue,) = {
        worker.handover for worker in world.workers if isinstance(worker, ServingThread)
    }
    (listener,) = world.listeners()
    assert not worker_queue.queue
    assert (
        worker_queue.handed
        == world.crew.listeners[0].accepted
        == sum(worker.served + (worker.fd >= 0) for worker in world.workers)
    )
    assert len(listener.accept_queue) > 5


def test_an_event_listener_leaves_newcomers_in_the_accept_queue_when_it_is_full() -> None:
    machine = Machine(
        cores=1, workers=2, service_ms=1.0, model="event", keepalive_s=60.0, backlog=50
    )
    run = Run(machine, clients(10.0, 3.0, requests=9, think_s=9.0), 3.0)
    (listener,) = run.world.listeners()
    assert len(list(run.world.host.connections)) - len(listener.accept_queue) == 6, "2 + 2 for each"
    assert len(listener.accept_queue) > 10


def test_a_host_that_closes_idle_connections_is_visited_again() -> None:
    machine = Machine(cores=1, workers=4, service_ms=1.0, keepalive_s=0.5)
    run = Run(machine, clients(2.0, 3.0, requests=3, think_s=1.0), 3.0, drain_s=6)
    assert {peer.phase for peer in run.ended} == {PeerPhase.SERVED}
    assert run.total("served") == len(run.ended), "each connection carried one request"
    assert run.world.host.counters.TcpPassiveOpens == len(run.ended)


# ---- changed while it runs


@pytest.mark.parametrize("model", ["prefork", "worker", "event"])
@pytest.mark.parametrize("wait", ["blocking", "poll", "shared_epoll", "signal"])
@pytest.mark.parametrize("mutex", ["off", "on"])
def test_threads_and_buckets_may_come_and_go(model: str, wait: str, mutex: str) -> None:
    level = load_level(levels_dir() / "02-hall.toml")
    settings = msgspec.convert(
        {
            "cores": 2, "workers": 4, "service_ms": 2.0, "model": model, "wait": wait,
            "accept_mutex": mutex, "keepalive_s": 1.0,
        },
        Machine,
    )  # fmt: skip
    traffic = clients(60.0, 4.0, requests=2, think_s=0.2)
    level = msgspec.structs.replace(level, machine=settings, traffic=[traffic], seconds=10)
    world = World(level, 1, 1)
    for tenth, (workers, buckets, pinning) in enumerate(
        [(8, 1, True), (8, 3, True), (2, 3, False), (0, 3, False), (6, 2, True), (12, 1, False)], 1
    ):
        world.advance(tenth * 5 * NS // 10)
        if buckets != len(world.listen_fds):
            world.set_buckets(buckets)
        world.set_workers(workers)
        world.set_pinning(pinning)
        assert world.crew.count == workers
    world.advance(10 * NS)
    lost = [one for one in world.internet.ended if one.phase is not PeerPhase.SERVED]
    assert len(world.internet.ended) > 200
    assert len(lost) < 60, "only those in a queue whose listening socket was closed"
    assert sum(len(listener.accept_queue) for listener in world.listeners()) == 0
    assert {worker.fd for worker in world.workers if not worker.retired} == {-1}


def test_pinned_threads_stay_on_their_core() -> None:
    machine = Machine(cores=4, workers=4, service_ms=1.0, pinning="on")
    run = Run(machine, clients(200.0, 1.0), 1.0)
    assert [worker.core for worker in run.world.workers] == [0, 1, 2, 3]


def test_the_same_seed_gives_the_same_run() -> None:
    one, two = idling("event"), idling("event")
    assert list(one.world.state()) == list(two.world.state())
