"""Plays a crew case of kernel truth: several processes wait for connections on one port.

Each worker accepts, sleeps for the service time, answers and closes; how it waits is the case's
`wait`. The ways of waiting are those of the simulated server (`game/sim/workers/waiting.py`); the
threads are plainer, since in the recordings nothing but accept() took a core's time. Two threads
run at a time, and one keeps its core until it sleeps: so of a herd only the first two can meet.
Source: assets/kernel-truth/README.md, "crews".
"""

from collections.abc import Generator, Sequence
from typing import Any, Final, cast, get_args

from simpy import Event, Resource

from game.kernel.descriptor import Option
from game.kernel.epoll import EPOLLIN, EpollOp
from game.kernel.errno import EAGAIN
from game.kernel.host import Host
from game.kernel.sysctl import Sysctls
from game.sim.internet import Internet
from game.sim.machine import Machine
from game.sim.peer import PeerPhase
from game.sim.rng import stream
from game.sim.source import Source
from game.sim.timeline import Timeline
from game.sim.workers.waiting import Waiting, Way, make_waiting

Case = dict[str, Any]
"""A case as its JSON file holds it."""

NS: Final = 1_000_000_000
MS: Final = 1_000_000
PORT: Final = 80
SERVER: Final = 0x0A00_0001
CLIENT: Final = 0x0A00_0002
EPHEMERAL_FIRST: Final = 32_768
REPLY_BYTES: Final = 2

LATE_NS: Final = 1 * MS
"""Arrivals are up to so much late."""

REACH_NS: Final = 20_000
REACH_SPREAD_NS: Final = 40_000
"""From where a thread runs again to its accept(): about 40 µs. So of two threads that run one
wake-up (40 µs) apart, the second looks before the first has accepted half of the time."""

OVERSLEEP_NS: Final = 90_000
"""A sleep ends so much late: a timer slack of 50 µs, and a wake-up of 40 µs."""

RTT_NS: Final = 60_000
CORES: Final = 2
PATIENCE_NS: Final = 60 * NS

BOOTS: Final = 9
"""Which listener a connection falls to is chance, once a boot: of so many boots the median one,
by the time until the reply, stands for all."""


def play_crew(case: Case) -> dict[str, Any]:
    """One run; where the listener is drawn by hash, the median of several."""
    way = case["crew"]["wait"].removesuffix("_reuseport")
    if way not in get_args(Way):
        raise ValueError(f"no way of waiting named {case['crew']['wait']}")
    boots = BOOTS if len(case["machine"]["listeners"]) > 1 else 1
    runs = [CrewRun(case, way, boot).play() for boot in range(boots)]
    runs.sort(key=lambda run: (run["reply_ms_p50"] or 0.0, run["reply_ms_p99"] or 0.0))
    return {"runs": [runs[boots // 2]]}


class CrewRun:
    """One run of a case.

    Args:
        way: of waiting, without what says that everybody has a listener.
        boot: number of the run; hash key and lateness derive from it.
    """

    def __init__(self, case: Case, way: str, boot: int) -> None:
        crew, traffic = case["crew"], case["traffic"]
        self._way = cast(Way, way)
        self._service_ns = round(crew["service_ms"] * MS)
        self._count = int(traffic["connections"])
        self._dice = stream(boot, "crew case")
        self._env = Timeline(0)
        boot_key = self._dice.getrandbits(62)
        self._host = Host(Sysctls(), boot_key=boot_key, address=SERVER)
        self._internet = Internet(self._env, SERVER, self._dice, machines=1)
        self._machine = Machine(self._env, self._host, CORES, self._internet.route)
        self._internet.machine = self._machine
        self._cores = Resource(self._env, CORES)
        workers = int(crew["workers"])
        self._accepted = [0] * workers
        self._eagain = 0
        self._open(case["machine"]["listeners"], workers)
        self._source = self._make_source()
        every_ns = round(traffic["every_ms"] * MS)
        for i in range(self._count):
            late_ns = round(self._dice.random() * LATE_NS)
            self._env.call_at((i + 1) * every_ns + late_ns, self._connect, i)
        self._limit_ns = (self._count + 1) * every_ns + PATIENCE_NS

    def _open(self, specs: Sequence[dict[str, Any]], workers: int) -> None:
        host = self._host
        fds = []
        for spec in specs:
            fd = host.socket()
            host.setsockopt(fd, Option.SO_REUSEPORT, int(len(specs) > 1))
            host.bind(fd, 0, PORT)
            host.listen(fd, spec["backlog"])
            fds.append(fd)
        shared_fd = host.epoll_create()
        host.epoll_ctl(shared_fd, EpollOp.ADD, fds[0], EPOLLIN)
        for i in range(workers):
            own = [fds[i % len(fds)]]
            waiting = make_waiting(self._way, self._machine, i, own, shared_fd)
            self._env.process(self._work(i, own[0], waiting))

    def _make_source(self) -> Source:
        return Source(
            self._env,
            self._dice,
            self._dice,
            index=0,
            stride=1,
            actor=0,
            rate_per_s=1.0,
            from_ns=0,
            until_ns=0,
            deadline_ns=PATIENCE_NS,
            rtt_ns=RTT_NS,
            rtt_spread_ns=0,
            loss=0.0,
            addresses=1,
            port=PORT,
            request_bytes=0,
            reply_bytes=REPLY_BYTES,
        )

    def _connect(self, number: int) -> None:
        port = EPHEMERAL_FIRST + number % 28_000
        self._internet.start_peer(self._source, number, CLIENT, port)

    def _work(self, index: int, listen_fd: int, waiting: Waiting) -> Generator[Event, Any, None]:
        """A worker: wait, accept, sleep, answer, close."""
        env, machine, cores = self._env, self._machine, self._cores
        core = cores.request()
        yield core
        while True:
            ready = waiting.look()
            if not ready:
                cores.release(core)
                if waiting.sleep():
                    yield machine.sleep(index)
                core = cores.request()
                yield core
                continue
            yield env.timeout(REACH_NS + round(self._dice.random() * REACH_SPREAD_NS))
            fd = machine.accept(listen_fd)
            if fd == -EAGAIN:
                self._eagain += self._way != "blocking"  # That would have slept on instead.
                waiting.found_nothing()
                continue
            self._accepted[index] += 1
            if self._service_ns:
                cores.release(core)
                yield env.timeout(self._service_ns + OVERSLEEP_NS)
                core = cores.request()
                yield core
            machine.send(fd, REPLY_BYTES)
            machine.close(fd)

    def play(self) -> dict[str, Any]:
        """Run until everybody has a reply; what was measured."""
        until_ns = 0
        while len(self._internet.ended) < self._count and until_ns < self._limit_ns:
            until_ns += 100 * MS
            self._env.run_until(until_ns)
        replied = [one for one in self._internet.ended if one.phase is PeerPhase.SERVED]
        times_ns = sorted((one.ended_ns or 0) - one.started_ns for one in replied)
        return {
            "accepted": self._accepted,
            "eagain": self._eagain,
            "wakeups": 0 if self._way == "blocking" else sum(self._accepted) + self._eagain,
            "replied": len(replied),
            "reply_ms_p50": _share_ms(times_ns, 0.5),
            "reply_ms_p99": _share_ms(times_ns, 0.99),
        }


def _share_ms(sorted_ns: Sequence[int], share: float) -> float | None:
    """The time that `share` of them stayed under, in milliseconds; None where there are none."""
    if not sorted_ns:
        return None
    return round(sorted_ns[min(len(sorted_ns) - 1, int(share * len(sorted_ns)))] / MS, 2)
