"""Properties of the listening socket under any order of segments, calls and time."""

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from game.kernel.host import Host
from game.kernel.listen import Drop, ListenSocket, Verdict
from game.kernel.segment import ACK, RST, SEQ_MASK, SYN, Flow, Segment
from tests.kernel.machines import MS, WINDOW, connect, flow, host, listener_of, listening, syn

FLOWS = st.integers(0, 11)
COOKIES = st.sampled_from([0, 1, 2])


class ListenMachine(RuleBasedStateMachine):
    """Any order of SYN, ACK, RST, accept(), listen(), sysctl and time."""

    machine: Host
    listener: ListenSocket

    @initialize(backlog=st.integers(0, 4), cookies=COOKIES, retries=st.integers(0, 3))
    def start(self, backlog: int, cookies: int, retries: int) -> None:
        self.machine = host(
            tcp_syncookies=cookies, tcp_synack_retries=retries, tcp_max_syn_backlog=6
        )
        self.fd = listening(self.machine, backlog)
        self.listener = listener_of(self.machine, self.fd)
        self.now_ns = 0
        self.highest = backlog
        self.isns: dict[Flow, int] = {}
        self.accepted = 0

    def send(self, segment: Segment) -> None:
        self.machine.receive(segment, self.now_ns)
        self.take()

    def take(self) -> None:
        for segment in self.machine.outbox:
            if segment.flags & SYN:
                self.isns[segment.flow] = segment.seq
        self.machine.outbox.clear()

    @rule(number=FLOWS)
    def syn(self, number: int) -> None:
        self.send(Segment(flow(number), SYN, 1000, 0, 0, WINDOW, 1460))

    @rule(number=FLOWS, length=st.sampled_from([0, 10]))
    def ack(self, number: int, length: int) -> None:
        ack = (self.isns.get(flow(number), 0) + 1) & SEQ_MASK
        self.send(Segment(flow(number), ACK, 1001, ack, length, WINDOW))

    @rule(number=FLOWS)
    def reset(self, number: int) -> None:
        self.send(Segment(flow(number), RST, 1001, 0, 0, WINDOW))

    @rule()
    def accept(self) -> None:
        waiting = len(self.listener.accept_queue)
        fd = self.machine.accept(self.fd, self.now_ns)
        assert (fd > 0) == (waiting > 0)
        if fd > 0:
            self.accepted += 1
            self.machine.close(fd, self.now_ns)
            self.take()

    @rule(backlog=st.integers(0, 4))
    def relisten(self, backlog: int) -> None:
        assert self.machine.listen(self.fd, backlog) == 0
        self.highest = max(self.highest, backlog)

    @rule(cookies=COOKIES)
    def set_cookies(self, cookies: int) -> None:
        self.machine.sysctl.set("tcp_syncookies", cookies)

    @rule(value=st.integers(0, 1))
    def set_abort(self, value: int) -> None:
        self.machine.sysctl.set("tcp_abort_on_overflow", value)

    @rule(passes_ms=st.integers(1, 5000))
    def time_passes(self, passes_ms: int) -> None:
        self.now_ns += passes_ms * MS
        self.machine.run_timers(self.now_ns)
        self.take()

    @invariant()
    def queues_are_bounded(self) -> None:
        assert self.listener.qlen <= self.highest + 1
        assert len(self.listener.accept_queue) <= self.highest + 1

    @invariant()
    def the_syn_queue_is_what_the_table_says(self) -> None:
        requests = [r for r in self.machine.endpoints if getattr(r, "listener", None)]
        assert [r.flow for r in self.listener.syn_queue.values()] == list(self.listener.syn_queue)
        assert sorted(map(id, requests)) == sorted(map(id, self.listener.syn_queue.values()))

    @invariant()
    def young_is_who_never_timed_out(self) -> None:
        young = sum(r.num_timeout == 0 for r in self.listener.syn_queue.values())
        assert self.listener.young == young

    @invariant()
    def every_overflow_is_also_a_drop(self) -> None:
        counters = self.machine.counters
        assert counters.TcpExtListenDrops >= counters.TcpExtListenOverflows
        assert counters.TcpExtListenDrops >= counters.TcpExtTCPReqQFullDrop

    @invariant()
    def connections_are_conserved(self) -> None:
        """Made is waiting plus accepted: nothing else leaves the accept queue."""
        waiting = len(self.listener.accept_queue)
        assert self.machine.counters.TcpPassiveOpens == waiting + self.accepted

    @invariant()
    def requests_have_a_timer_to_come(self) -> None:
        deadlines = [r.deadline_ns for r in self.listener.syn_queue.values()]
        assert all(deadline > self.now_ns for deadline in deadlines)
        if deadlines:
            next_ns = self.machine.next_timer_ns()
            assert next_ns is not None
            assert next_ns <= min(deadlines)

    @invariant()
    def every_drop_of_a_syn_has_a_name(self) -> None:
        """The listener's own account and the machine's counters tell the same."""
        named = self.listener.drops
        assert self.machine.counters.TcpExtListenDrops == sum(named.get(d, 0) for d in LOSSES)


LOSSES = (
    Drop.SYN_QUEUE_FULL,
    Drop.LAST_QUARTER,
    Drop.ACCEPT_QUEUE_FULL_SYN,
    Drop.ACCEPT_QUEUE_FULL_ACK,
    Drop.ACCEPT_QUEUE_FULL_COOKIE,
    Drop.ABORT_ON_OVERFLOW,
)
TestListenMachine = ListenMachine.TestCase
TestListenMachine.settings = settings(
    max_examples=50, stateful_step_count=40, deadline=None, derandomize=True
)


@settings(deadline=None, derandomize=True)
@given(
    st.integers(0, 3),
    COOKIES,
    st.integers(0, 6),
    st.integers(0, 5),
    st.integers(1, 60),
    st.integers(1, 8),
)
def test_syns_counted_in_bulk_equal_syns_one_by_one(
    backlog: int, cookies: int, half_open: int, queued: int, count: int, max_syn_backlog: int
) -> None:
    """The rule stands in one place: decide_syn once and count n, or receive n times."""
    machines = []
    for _ in range(2):
        machine = host(tcp_syncookies=cookies, tcp_max_syn_backlog=max_syn_backlog)
        fd = listening(machine, backlog)
        for number in range(queued):
            connect(machine, number)
        for number in range(100, 100 + half_open):
            syn(machine, number)
        machines.append((machine, listener_of(machine, fd)))
    (bulk, bulk_listener), (single, _) = machines
    verdict = bulk_listener.decide_syn(flow(1000).remote_address)
    if verdict is Verdict.ADMIT:
        return
    bulk.count_syns(bulk_listener, verdict, count, 5 * MS)
    for number in range(1000, 1000 + count):
        single.receive(Segment(flow(number), SYN, 1, 0, 0, WINDOW, 1460), 5 * MS)
    single.outbox.clear()
    assert bulk.state() == single.state()


def test_deciding_changes_nothing() -> None:
    machine = host(tcp_syncookies=0)
    fd = listening(machine, 1)
    before = machine.state()
    for from_time_wait in (False, True):
        listener_of(machine, fd).decide_syn(1, from_time_wait)
    assert machine.state() == before
