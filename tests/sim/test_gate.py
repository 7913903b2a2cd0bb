"""The gate settled lazily equals the gate with an object and an event for every packet."""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from game.kernel.filter import Filter
from game.kernel.host import Host
from game.kernel.segment import ACK, RST, SYN, Flow, Segment
from game.kernel.sysctl import Sysctls
from game.level.load import load_level
from game.level.schema import Knob, Level, Traffic
from game.level.settings import with_settings
from game.paths import levels_dir
from game.protocol.messages import Call, Command, SetKnob, SetSysctl
from game.session.replay import LoggedCommand
from game.session.session import Session
from game.sim.arrivals import Arrivals
from game.sim.flood import Flood, FloodKind
from game.sim.gate_by_object import FloodByObject
from game.sim.load import Load
from game.sim.machine import Machine
from game.sim.ring import Overload, Stretch
from game.sim.rng import stream
from game.sim.timeline import Timeline

US, MS = 1_000, 1_000_000
SERVER, PORT = 0xCB007101, 443


class Burst(NamedTuple):
    """A flood of a few milliseconds."""

    rate: int
    from_ns: int = 0
    until_ns: int = 20 * MS
    kind: FloodKind = FloodKind.SYN
    sources: int = 0
    on_ns: int = 0
    off_ns: int = 0


class Bench:
    """A machine with one listener, some floods, some packets of peers and a busy thread."""

    def __init__(
        self,
        bursts: Sequence[Burst],
        *,
        by_object: bool,
        cookies: int = 1,
        backlog: int = 16,
        ring: int = 256,
        queues: int = 1,
        packet_filter: str = "off",
        peers: Sequence[tuple[int, int]] = (),
        works_from_ns: int | None = None,
    ) -> None:
        self.env = Timeline(-1)
        self.sent: list[tuple[int, Flow, int]] = []
        self.flows: set[Flow] = set()
        sysctls = Sysctls()
        sysctls.set("net.ipv4.tcp_syncookies", cookies)
        self.host = Host(sysctls, boot_key=7, address=SERVER)
        self.machine = Machine(
            self.env,
            self.host,
            2,
            lambda segment: self.sent.append((self.env.now, segment.flow, segment.flags)),
            rx_ring=ring,
            rx_queues=queues,
            packet_filter=Filter(packet_filter),
            by_object=FloodByObject if by_object else None,
        )
        fd = self.host.socket()
        self.host.bind(fd, 0, PORT)
        self.host.listen(fd, backlog)
        for number, burst in enumerate(bursts, start=1):
            flood = Flood(
                stream(1, f"flood {number}"),
                number=number,
                address=SERVER,
                port=PORT,
                start_ns=burst.from_ns,
                rate_per_s=burst.rate,
                count=1 << 40,
                kind=burst.kind,
                sources=burst.sources,
                on_ns=burst.on_ns,
                off_ns=burst.off_ns,
            )
            flood.cut(burst.until_ns)
            self.machine.add_flood(flood)
        for i, (at_ns, flags) in enumerate(peers):
            flow = Flow(0x0A000001 + i, 2000, SERVER, PORT)
            self.flows.add(flow)
            segment = Segment(flow, flags, 77, 0, 0, 64_240, 1460)
            self.env.call_at(at_ns, self.machine.receive, segment)
        if works_from_ns is not None:
            self.env.call_at(works_from_ns, self._work, None)
        self.machine.pump()

    def _work(self, _: None) -> None:
        self.machine.cores[0].run(1, 30 * MS)

    def look(self, at_ns: int) -> tuple[object, ...]:
        self.env.run_until(at_ns)
        self.machine.touch()
        core = self.machine.cores[0]
        peers = [(at, flow, flags) for at, flow, flags in self.sent if flow in self.flows]
        return (
            self.host.state(),
            [queue.state() for queue in self.machine.queues],
            (core.softirq_ns, core.user_ns, core.switching_ns, core.softirq_free_ns),
            self.machine.reception.filtered_flood,
            peers,
        )


@st.composite
def bursts(draw: st.DrawFn) -> Burst:
    pulsed = draw(st.booleans())
    return Burst(
        rate=draw(st.sampled_from([0, 20_000, 117_647, 240_963, 240_964, 350_000, 1_000_000]))
        + draw(st.integers(1, 20_000)),
        from_ns=draw(st.sampled_from([0, 1 * MS, 2 * MS + 1])),
        until_ns=draw(st.integers(4 * MS, 6 * MS)),
        kind=draw(st.sampled_from([FloodKind.SYN, FloodKind.SYN, FloodKind.ACK, FloodKind.RST])),
        sources=draw(st.sampled_from([0, 0, 3])),
        on_ns=draw(st.integers(10 * US, 2 * MS)) if pulsed else 0,
        off_ns=draw(st.integers(10 * US, 2 * MS)) if pulsed else 0,
    )


@settings(max_examples=80, derandomize=True, deadline=None)
@given(
    floods=st.lists(bursts(), min_size=1, max_size=3),
    cookies=st.sampled_from([0, 1, 2]),
    backlog=st.sampled_from([0, 16, 1000]),
    ring=st.sampled_from([16, 64, 256]),
    packet_filter=st.sampled_from(["off", "off", "limit24:3000", "block:198.18.0.0/15"]),
    peers=st.lists(
        st.tuples(st.integers(0, 6 * MS), st.sampled_from([SYN, ACK, RST])), max_size=20
    ),
    works_from_ns=st.one_of(st.none(), st.integers(0, 4 * MS)),
)
def test_lazily_is_the_same_to_the_last_bit(
    floods: list[Burst],
    cookies: int,
    backlog: int,
    ring: int,
    packet_filter: str,
    peers: list[tuple[int, int]],
    works_from_ns: int | None,
) -> None:
    if packet_filter.startswith("block"):  # Over random sources a list is spread by dice.
        floods = [flood._replace(sources=3) for flood in floods]
    pair = [
        Bench(
            floods,
            by_object=by_object,
            cookies=cookies,
            backlog=backlog,
            ring=ring,
            packet_filter=packet_filter,
            peers=sorted(peers),
            works_from_ns=works_from_ns,
        )
        for by_object in (False, True)
    ]
    for at_ns in range(MS // 2, 8 * MS, MS // 2):
        lazy, by_object = (one.look(at_ns) for one in pair)
        assert lazy == by_object, at_ns


def test_arrivals_that_meet_the_end_of_the_one_before_find_softirq_idle() -> None:
    """A stored SYN costs 4 µs, and one comes every 4 µs: nothing ever waits."""
    pair = [Bench([Burst(250_000)], by_object=way, cookies=0, backlog=100) for way in (False, True)]
    for at_ns in range(MS // 3, 2 * MS, MS // 3):
        lazy, by_object = (one.look(at_ns) for one in pair)
        assert lazy == by_object, at_ns
    assert pair[0].machine.queues[0].softnet.run_packets == 1


@settings(max_examples=60, derandomize=True, deadline=None)
@given(
    rates=st.lists(st.integers(60_000, 300_000), min_size=1, max_size=4),
    gap_ns=st.integers(4_000, 12_000),
    held=st.integers(8, 40),
    free_ns=st.integers(1, 20_000),
    ring=st.integers(40, 64),
)
def test_losses_of_an_overload_follow_from_arrivals_and_starts(
    rates: list[int], gap_ns: int, held: int, free_ns: int, ring: int
) -> None:
    arrivals = Arrivals()
    for number, rate in enumerate(rates, start=1):
        flood = Flood(
            stream(1, "overload"),
            number=number,
            address=SERVER,
            port=PORT,
            start_ns=number * 1_000,
            rate_per_s=rate,
            count=1 << 40,
        )
        flood.cut(4 * MS)
        arrivals.add(flood)
    window = Load.of(0, None, 0, (gap_ns,) * len(rates), tuple(rates), 1, ring).window(gap_ns)
    assume(window > 0)
    overload = Overload(arrivals, 0, held, free_ns, gap_ns, ring, window)
    waiting, lost, start_ns = held, 0, free_ns
    for index in range(300):
        at_ns = arrivals.arrival_ns(index)
        while start_ns <= at_ns:
            start_ns += gap_ns
            waiting -= 1
            assert waiting >= 0
        if waiting < ring:
            waiting += 1
        else:
            lost += 1
        assert overload.lost_by(index) == lost
    stretch = Stretch(overload, 0, 299, overload.found_room(299))
    found = [stretch.take() for _ in range(stretch.count)]
    assert found == [
        index
        for index in range(300)
        if overload.lost_by(index) == (overload.lost_by(index - 1) if index else 0)
    ]


CASES: dict[str, tuple[list[Traffic], list[tuple[str, str]]]] = {
    "underload": ([Traffic("flood", 20_011, from_s=1, until_s=1.5)], [("tcp_syncookies", "0")]),
    "near": ([Traffic("flood", 240_900, from_s=1, until_s=1.2)], [("tcp_syncookies", "1")]),
    "overload, ring 64": (
        [Traffic("flood", 400_000, from_s=1, until_s=1.2)],
        [("tcp_syncookies", "1"), ("rx_ring", "64")],
    ),
    "overload, ring 4096": (
        [Traffic("flood", 400_000, from_s=1, until_s=1.2)],
        [("tcp_syncookies", "1"), ("rx_ring", "4096")],
    ),
    "several": (
        [
            Traffic("flood", 150_000, from_s=1, until_s=1.1),
            Traffic("flood", 133_333, from_s=1.03, until_s=1.15),
            Traffic("forged_acks", 20_000, from_s=1.08, until_s=1.2),
        ],
        [("tcp_syncookies", "1")],
    ),
    "one that is over, and an overload that meets something else": (
        [
            Traffic("flood", 20_000, from_s=0.1, until_s=0.2, sources=4),
            Traffic("flood", 400_000, from_s=1.5, until_s=1.7, sources=5),
        ],
        [("tcp_syncookies", "1"), ("filter", "block:198.18.2.0/24")],
    ),
    "pulses": (
        [Traffic("flood", 300_000, from_s=1, until_s=2, on_s=0.02, off_s=0.3)],
        [("tcp_syncookies", "1")],
    ),
    "limited": (
        [Traffic("flood", 30_000, from_s=1, until_s=1.5, sources=5)],
        [("filter", "limit24:200")],
    ),
}


@pytest.mark.parametrize(("floods", "changes"), CASES.values(), ids=CASES.keys())
def test_whole_runs_are_the_same(floods: list[Traffic], changes: list[tuple[str, str]]) -> None:
    level = with_settings(flooded(floods, 3), changes)
    compare(Session(level, 1), Session(level, 1, flood_by_object=True))


def test_commands_meet_the_same_gate() -> None:
    floods = [
        Traffic("flood", 300_000, from_s=1, until_s=1.4),
        Traffic("flood", 20_000, from_s=1, until_s=1.5, sources=9),
    ]
    commands: Sequence[Command] = (
        SetKnob(1, "rx_ring", "32"),
        SetSysctl(2, "tcp_syncookies", 1),
        SetKnob(3, "filter", "limit24:100"),
        SetKnob(4, "rx_ring", "512"),
        Call(5, "listen", 63),
        SetKnob(6, "filter", "off"),
        SetSysctl(7, "tcp_syncookies", 0),
    )
    recorded = [LoggedCommand(20 + i, command) for i, command in enumerate(commands)]
    level = flooded(floods, 3)
    lazy = Session(level, 1, recorded=recorded)
    by_object = Session(level, 1, recorded=recorded, flood_by_object=True)
    compare(lazy, by_object)
    assert [one.command for one in lazy.log] == list(commands)
    gate = lazy.snapshot().gate
    assert (gate.rx_ring, gate.filter) == (512, "off")
    assert gate.rx_missed > 1000
    rules = {drop.rule for drop in lazy.snapshot().drops}
    assert {"rx_missed", "filtered"} <= rules


def test_softirq_never_takes_more_than_there_is_and_leaves_a_thread_half() -> None:
    bench = Bench([Burst(900_000)], by_object=False, works_from_ns=10 * MS)
    core = bench.machine.cores[0]
    for at_ns in range(MS, 20 * MS, MS):
        bench.look(at_ns)
        assert core.softirq_ns <= at_ns
    before_ns = core.softirq_ns
    bench.look(25 * MS)
    assert core.softirq_ns - before_ns <= 6 * MS
    alone = Bench([Burst(900_000)], by_object=False)
    alone.look(20 * MS)
    assert alone.machine.cores[0].softirq_ns > 19_900_000
    assert 14 * MS < before_ns < 15.1 * MS  # 10 ms alone, then half of 9 ms.


def test_every_packet_is_received_or_missed_and_every_received_one_is_processed() -> None:
    bench = Bench([Burst(700_000), Burst(123_457)], by_object=False)
    bench.look(30 * MS)
    queue = bench.machine.queues[0]
    assert sum(flood.count for flood in bench.machine.floods) == bench.machine.packets_in
    assert queue.waiting == 0
    assert queue.softnet.processed == queue.ring.rx_packets == bench.host.counters.TcpInSegs
    assert queue.softnet.time_squeeze > 10


def test_queues_share_a_flood() -> None:
    """Sums are exact; shares of the lazy gate are even, those of the other within 5 sigma."""
    lazy, by_object = (Bench([Burst(200_000)], by_object=way, queues=2) for way in (False, True))
    for bench in (lazy, by_object):
        bench.look(30 * MS)
        assert bench.machine.packets_in == bench.machine.floods[0].count == 4000
        shares = [queue.ring.rx_packets for queue in bench.machine.queues]
        assert sum(shares) == 4000
        assert abs(shares[0] - 2000) < 5 * 1000**0.5
        assert bench.machine.cores[1].softirq_ns > 1 * MS


def test_a_limit_by_network_does_nothing_against_random_sources() -> None:
    spoofed = Bench([Burst(50_000)], by_object=False, packet_filter="limit24:10")
    fixed = Bench([Burst(50_000, sources=4)], by_object=False, packet_filter="limit24:10")
    for bench in (spoofed, fixed):
        bench.look(30 * MS)
    assert spoofed.machine.reception.filtered_flood == 0
    assert fixed.machine.reception.filtered_flood == 1000 - 10


def test_a_list_drops_its_share_of_random_sources() -> None:
    lazy, by_object = (
        Bench([Burst(100_000)], by_object=way, cookies=2, packet_filter="block:0.0.0.0/2")
        for way in (False, True)
    )
    for bench in (lazy, by_object):
        bench.look(30 * MS)
        dropped = bench.machine.reception.filtered_flood
        assert dropped + bench.host.counters.TcpExtSyncookiesSent == 2000
        assert abs(dropped - 500) < 5 * (2000 * 0.25 * 0.75) ** 0.5


def test_a_filter_hits_clients_of_one_network_too() -> None:
    level = flooded([], 6, clients=Traffic("clients", 40.0, until_s=6, deadline_s=1, sources=1))
    free, limited = (
        Session(with_settings(level, [("filter", text)]), 1) for text in ("off", "limit24:10")
    )
    for session in (free, limited):
        while not session.over:
            session.advance()
    assert limited.world.machine.reception.filtered_clients > 50
    assert limited.score.served < free.score.served


def compare(lazy: Session, by_object: Session) -> None:
    while not lazy.over:
        lazy.advance()
        by_object.advance()
        ours, theirs = list(lazy.world.state()), list(by_object.world.state())
        assert ours == theirs, lazy.tick
        counters = by_object.world.host.counters.as_dict()
        assert lazy.world.host.counters.as_dict() == counters, lazy.tick
    assert lazy.digests == by_object.digests


def flooded(floods: list[Traffic], seconds: int, clients: Traffic | None = None) -> Level:
    """Level 11 with other traffic, and a gate that can be changed."""
    level = load_level(levels_dir() / "11-cookie-stamp.toml")
    knobs = [
        *level.knob,
        Knob("rx_ring", choices=[32, 512], cost=0),
        Knob("filter", choices=["limit24:100", "off"], cost=0),
    ]
    return msgspec.structs.replace(
        level,
        traffic=[clients or Traffic("clients", 30.0, until_s=seconds, deadline_s=3.0), *floods],
        seconds=seconds,
        knob=knobs,
        budget=0,
    )
