"""Plays a traffic case of kernel truth: a flood and real clients against threads that accept.

The clients are one machine with one address, as in the recordings; the round trip is 0.1 ms. What
agreement means is in `agreement.py`. Source: assets/kernel-truth/README.md, "traffic".
"""

from collections.abc import Generator, Sequence
from typing import Any, Final

from simpy import Event

from game.kernel.descriptor import Option
from game.kernel.errno import EAGAIN
from game.kernel.host import Host
from game.kernel.sysctl import Sysctls
from game.lab.scripted import WATCHED
from game.sim.flood import Flood
from game.sim.internet import Internet
from game.sim.machine import Machine
from game.sim.peer import Peer, PeerPhase
from game.sim.rng import exponential_ns, stream
from game.sim.source import Source
from game.sim.timeline import Timeline

Case = dict[str, Any]
"""A case as its JSON file holds it."""

NS: Final = 1_000_000_000
PORT: Final = 80
SERVER: Final = 0x0A00_0001
CLIENT: Final = 0x0A00_0002
POLL_NS: Final = 1_000_000
REQUEST_WAIT_NS: Final = 200_000_000
RTT_NS: Final = 100_000
REQUEST_BYTES: Final = 3
REPLY_BYTES: Final = 2
EPHEMERAL_FIRST: Final = 32_768
PHASE_NS: Final = 0
"""Both machines were namespaces of one kernel, so their timers share one jiffy grid."""

DRAIN_NS: Final = 60 * NS
"""How long after the last deadline the run is given up, if a client has not ended."""


def play_traffic(case: Case, seed: int = 1) -> dict[str, Any]:
    """One run for each list of arrivals, one with arrivals of our own if there is none.

    Args:
        seed: of the dice; the recordings are compared with 1.
    """
    traffic = case["traffic"]
    lists = traffic.get("arrivals") or [poisson_starts(traffic, seed)]
    first = seed - 1
    return {"runs": [TrafficRun(case, starts, first + i).play() for i, starts in enumerate(lists)]}


def poisson_starts(traffic: dict[str, Any], seed: int = 1) -> list[float]:
    """Arrival times of our own, in seconds."""
    starts: list[float] = []
    if not traffic["legit_per_s"]:
        return starts
    dice = stream(seed, "traffic case")
    mean_ns = NS / traffic["legit_per_s"]
    at_ns = exponential_ns(dice, mean_ns)
    while at_ns < traffic["duration"] * NS:
        starts.append(at_ns / NS)
        at_ns += exponential_ns(dice, mean_ns)
    return starts


class TrafficRun:
    """One run of a case.

    Args:
        case: as its file holds it.
        starts: when each client begins to connect, in seconds.
        number: of the run; the dice derive from it.
    """

    def __init__(self, case: Case, starts: Sequence[float], number: int) -> None:
        self._traffic = traffic = case["traffic"]
        machine = case["machine"]
        self._env = Timeline(0)
        sysctls = Sysctls()
        for name, value in machine.get("sysctl", {}).items():
            sysctls.set(name, value)
        self._dice = stream(number, "traffic case")
        boot_key = self._dice.getrandbits(62)
        self._host = Host(sysctls, boot_key=boot_key, address=SERVER, phase_ns=PHASE_NS)
        self._internet = Internet(self._env, SERVER, self._dice, machines=1)
        self._machine = Machine(self._env, self._host, 1, self._internet.route)
        self._internet.machine = self._machine
        self._peers: list[Peer] = []
        self._source = Source(
            self._env,
            self._dice,
            self._dice,
            index=0,
            stride=1,
            actor=0,
            rate_per_s=1.0,
            from_ns=0,
            until_ns=0,
            deadline_ns=round(traffic["deadline"] * NS),
            rtt_ns=RTT_NS,
            rtt_spread_ns=0,
            loss=0.0,
            addresses=1,
            port=PORT,
            request_bytes=REQUEST_BYTES,
            reply_bytes=REPLY_BYTES,
        )
        self._starts = starts
        self._flood_count = round(traffic["flood_per_s"] * traffic["duration"])
        self._open_listeners(machine["listeners"])
        self._open_flood()
        for start_s in starts:
            self._env.call_at(round(start_s * NS), self._connect, None)

    def play(self) -> dict[str, Any]:
        """Run until the last client is done, the duration at least; what was measured."""
        until_ns = round(self._traffic["duration"] * NS)
        limit_ns = until_ns + self._source.deadline_ns + DRAIN_NS
        self._env.run_until(until_ns)
        while len(self._internet.ended) < len(self._starts) and until_ns < limit_ns:
            until_ns += POLL_NS
            self._env.run_until(until_ns)
        self._machine.touch()
        return self._measure()

    def _open_listeners(self, specs: Sequence[dict[str, Any]]) -> None:
        host = self._host
        rate = self._traffic.get("accept_per_s")
        gap_ns = round(NS * len(specs) / rate) if rate else 0
        for i, spec in enumerate(specs):
            fd = host.socket()
            if spec.get("reuseport"):
                host.setsockopt(fd, Option.SO_REUSEPORT, 1)
            host.bind(fd, 0, PORT)
            host.listen(fd, spec["backlog"])
            self._env.process(self._serve(fd, i, gap_ns))

    def _open_flood(self) -> None:
        if self._flood_count:
            flood = Flood(
                self._dice,
                number=1,
                address=SERVER,
                port=PORT,
                start_ns=0,
                rate_per_s=round(self._traffic["flood_per_s"]),
                count=self._flood_count,
            )
            self._machine.add_flood(flood)
            self._env.call_at(0, lambda _: self._machine.touch(), None)

    def _connect(self, _: None) -> None:
        number = len(self._peers) + 1
        port = EPHEMERAL_FIRST + number % 28_000
        self._peers.append(self._internet.start_peer(self._source, number, CLIENT, port))

    def _serve(self, listen_fd: int, waiter: int, gap_ns: int) -> Generator[Event, Any, None]:
        """A thread: poll accept() every millisecond, serve one, and not more often than it may."""
        env, machine = self._env, self._machine
        next_ns = 0
        while True:
            fd = machine.accept(listen_fd) if env.now >= next_ns else -EAGAIN
            if fd < 0:
                yield env.timeout(POLL_NS)
                continue
            next_ns = env.now + gap_ns
            received = machine.recv(fd, REQUEST_BYTES)
            if received == -EAGAIN and machine.host.wait_readable(fd, waiter):
                yield machine.sleep(waiter) | env.timeout(REQUEST_WAIT_NS)
                machine.host.cancel_wait(fd, waiter)
                received = machine.recv(fd, REQUEST_BYTES)
            if received > 0:
                machine.send(fd, REPLY_BYTES)
            machine.close(fd)

    def _measure(self) -> dict[str, Any]:
        served = [peer for peer in self._peers if peer.phase is PeerPhase.SERVED]
        connect_s = sorted((peer.connected_ns or 0) - peer.started_ns for peer in served)
        reply_s = sorted((peer.ended_ns or 0) - peer.started_ns for peer in served)
        counters = self._host.counters.as_dict()
        return {
            "attempts": len(self._peers),
            "ok": len(served),
            "timeout": self._count(PeerPhase.GAVE_UP),
            "reset": self._count(PeerPhase.RESET),
            "success": round(len(served) / len(self._peers), 4) if self._peers else None,
            "connect_p50": _share(connect_s, 0.5),
            "connect_p90": _share(connect_s, 0.9),
            "connect_p99": _share(connect_s, 0.99),
            "reply_p50": _share(reply_s, 0.5),
            "reply_p99": _share(reply_s, 0.99),
            "flood_sent": self._flood_count,
            "client_syn_retrans": sum(peer.syn_retransmits for peer in self._peers),
            "counters": {name: counters[name] for name in WATCHED if name in counters},
        }

    def _count(self, phase: PeerPhase) -> int:
        return sum(peer.phase is phase for peer in self._peers)


def _share(sorted_ns: Sequence[int], share: float) -> float | None:
    """The time that `share` of them stayed under, in seconds; None where there are none."""
    if not sorted_ns:
        return None
    return round(sorted_ns[min(len(sorted_ns) - 1, int(share * len(sorted_ns)))] / NS, 4)
