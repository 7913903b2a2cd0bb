"""The world as a defender sees it: a `World` and its tallies turned into a `Snapshot`."""

from collections.abc import Mapping, Sequence
from itertools import islice
from operator import attrgetter

from game.kernel.connection import STATE_NAMES, Connection
from game.kernel.listen import ListenSocket, Request
from game.kernel.segment import Flow, address_text
from game.protocol.limits import MARKS_MAX
from game.protocol.snapshot import (
    Core,
    Crowd,
    Drops,
    FiveTuple,
    Gate,
    GoalState,
    KnobState,
    Listener,
    Mark,
    Passenger,
    PeerMark,
    PeerState,
    Snapshot,
    Worker,
    WorkerState,
)
from game.session.commands import knob_value
from game.session.drops import drop_totals
from game.session.rates import TICK_MS, Rates
from game.session.score import Score
from game.sim.peer import Peer
from game.sim.source import Source
from game.sim.worker import Worker as SimWorker
from game.sim.workers.event import EventListener
from game.sim.world import ACTORS, FLOOD_KINDS, LOOK_AHEAD_NS, World

FLOOD_ACTOR = 1
SHOWN_AS = {ACTORS["probes"]: ACTORS["clients"]}
"""A probe cannot be told from a client by anyone but its owner."""

SOCKETS_SHOWN = 4


NS_A_MS = 1_000_000


def ms(ns: int) -> int:
    """Whole milliseconds."""
    return ns // NS_A_MS


class View:
    """Makes snapshots of one world."""

    def __init__(self, world: World, score: Score) -> None:
        self._world = world
        self._score = score
        self._rates = Rates()
        self._cores = Rates()
        self._peer_marks: dict[Peer, PeerMark] = {}
        self._coming_marks: dict[int, PeerMark] = {}
        self._syn_marks: dict[ListenSocket, dict[Request, Mark]] = {}
        self._seat_marks: dict[ListenSocket, dict[Connection, Mark]] = {}

    def note(self) -> None:
        """Take the totals at the end of a tick; call it once for each."""
        world = self._world
        counters = world.host.counters
        reception = world.machine.reception
        totals = {
            "in": world.machine.packets_in,
            "filtered": reception.filtered_flood + reception.filtered_clients,
            "cookies sent": counters.TcpExtSyncookiesSent,
            "cookies received": counters.TcpExtSyncookiesRecv,
        }
        self._rates.note({**totals, **drop_totals(world)})
        self._cores.note(
            {
                f"{i} {kind}": getattr(core, f"{kind}_ns")
                for i, core in enumerate(world.machine.cores)
                for kind in ("softirq", "user", "switching")
            }
        )

    def snapshot(
        self, tick: int, pending: Mapping[str, str], cost: int, left: int, calls: Sequence[str]
    ) -> Snapshot:
        """What there is to see now.

        Args:
            pending: values commanded that act at the next tick border, by knob.
            cost: points spent, what is pending included.
            left: points to spend, -1 without a limit.
            calls: the calls made so far, in the form of strace(1).
        """
        world = self._world
        score = self._score
        return Snapshot(
            tick=tick,
            time_ms=tick * TICK_MS,
            gate=self._gate(),
            crowds=self._crowds(tick * TICK_MS / 1000),
            peers=self._peers(),
            listeners=[self._listener(one) for one in world.listeners()] or self._before_listen(),
            workers=[self._worker(worker) for worker in world.workers],
            cores=self._core_bars(),
            drops=self._drops(),
            counters=world.host.counters.as_dict(),
            sysctls=self._sysctls(),
            knobs=[
                KnobState(knob.name, knob_value(world, knob.name), pending.get(knob.name, ""))
                for knob in world.level.knob
            ],
            goals=[
                GoalState(goal.what, _goal_value(score, goal.what), score.goal_stars(goal))
                for goal in world.level.goal
            ],
            stars=score.stars(),
            attempts=score.attempts,
            served=score.served,
            clients_done=score.done,
            clients_lost=score.lost,
            cost=cost,
            points=left,
            sockets=self._sockets() if world.level.machine.calls else [],
            calls=list(calls),
            kept=world.kept_by_parent,
        )

    def _gate(self) -> Gate:
        machine = self._world.machine
        return Gate(
            rx_ring=machine.queues[0].ring.size,
            rx_ring_used=max(queue.waiting for queue in machine.queues),
            in_per_s=self._rates.per_s("in"),
            filtered_per_s=self._rates.per_s("filtered"),
            rx_missed=sum(queue.ring.rx_missed_errors for queue in machine.queues),
            filter=machine.reception.filter.text,
        )

    def _crowds(self, now_s: float) -> list[Crowd]:
        per_s: dict[int, float] = {}
        for entry in (*self._world.level.traffic, *self._world.launched):
            actor = ACTORS[entry.kind]
            actor = SHOWN_AS.get(actor, actor)
            on = entry.from_s <= now_s < entry.until_s
            if entry.off_s and entry.kind in FLOOD_KINDS:
                on = on and (now_s - entry.from_s) % (entry.on_s + entry.off_s) < entry.on_s
            per_s[actor] = per_s.get(actor, 0.0) + (entry.per_s if on else 0.0)
        return [Crowd(actor, round(rate)) for actor, rate in sorted(per_s.items())]

    # Twenty times a second most figures are where they were, and to look is quicker than to make:
    # so the marks of the last snapshot are kept, each by what it stands for.

    def _peers(self) -> list[PeerMark]:
        before, marks = self._peer_marks, {}
        for peer in list(self._world.internet.connecting.values())[-MARKS_MAX:]:
            mark = before.get(peer)
            if (
                mark is None
                or mark.until_ms != peer.next_ns // NS_A_MS
                or mark.tries != peer.syn_retransmits
            ):
                mark = self._peer(peer)
            marks[peer] = mark
        self._peer_marks = marks
        return [*marks.values(), *self._coming(MARKS_MAX - len(marks))]

    def _coming(self, room: int) -> list[PeerMark]:
        """Those who will connect within the next seconds, the soonest of every source first."""
        before, marks = self._coming_marks, {}
        for source in self._world.internet.sources:
            for ahead, at_ns in enumerate(islice(source.coming, room), start=1):
                number = source.number(ahead)
                marks[number] = before.get(number) or _coming_mark(source, number, at_ns)
        self._coming_marks = marks
        return sorted(marks.values(), key=_until_ms)[:room]

    def _peer(self, peer: Peer) -> PeerMark:
        state = PeerState.RETRYING if peer.syn_retransmits else PeerState.CONNECTING
        return PeerMark(
            peer.number,
            SHOWN_AS.get(peer.actor, peer.actor),
            state,
            ms(peer.started_ns),
            ms(peer.next_ns),
            peer.syn_retransmits,
        )

    def _listener(self, listener: ListenSocket) -> Listener:
        world = self._world
        requests = listener.syn_queue
        # The bsd profile leaves no place at all while the accept queue takes both shares.
        unit = max(1, -(-max(listener.syn_queue_limit, len(requests)) // MARKS_MAX))
        seat_unit = -(-max(listener.backlog + 1, len(listener.accept_queue)) // MARKS_MAX)
        cookies = listener.cookies
        return Listener(
            state="LISTEN",
            port=listener.port,
            backlog=listener.backlog,
            backlog_asked=world.backlog,
            syn_queue=len(requests),
            syn_queue_limit=listener.syn_queue_limit,
            accept_queue=len(listener.accept_queue),
            cookies=cookies == 2 or (cookies == 1 and len(requests) > listener.backlog),
            cookies_sent_per_s=self._rates.per_s("cookies sent"),
            cookies_received=self._rates.last_tick("cookies received"),
            synack_calls=listener.synack_calls(),
            syn_marks=self._syn_queue(listener, unit),
            seat_marks=self._accept_queue(listener, seat_unit),
            syn_mark_unit=unit,
            seat_mark_unit=seat_unit,
            held=self._held(listener),
        )

    def _held(self, listener: ListenSocket) -> int:
        """Idle connections of the event listener threads whose first socket this is."""
        machine = self._world.machine
        return sum(
            len(thread.idle)
            for thread in self._world.crew.listeners
            if isinstance(thread, EventListener)
            and machine.listener(thread.listen_fds[0]) is listener
        )

    def _syn_queue(self, listener: ListenSocket, unit: int) -> list[Mark]:
        before, marks = self._syn_marks.get(listener, {}), {}
        for request in list(listener.syn_queue.values())[::unit]:
            mark = before.get(request)
            if (
                mark is None
                or mark.until_ms != request.deadline_ns // NS_A_MS
                or mark.tries != request.num_timeout
            ):
                mark = self._syn_mark(request)
            marks[request] = mark
        self._syn_marks[listener] = marks
        return list(marks.values())

    def _accept_queue(self, listener: ListenSocket, unit: int) -> list[Mark]:
        before, marks = self._seat_marks.get(listener, {}), {}
        for connection in list(listener.accept_queue)[::unit]:
            mark = before.get(connection)
            if mark is None or mark.tries != connection.recv_q:
                mark = self._seat_mark(connection)
            marks[connection] = mark
        self._seat_marks[listener] = marks
        return list(marks.values())

    def _before_listen(self) -> list[Listener]:
        """The main socket before listen(), so that there is something to see."""
        world = self._world
        state, port = "", 0
        if world.listen_fds:
            port = world.machine.bound_port(world.listen_fds[0])
            state = "BOUND" if port else "CLOSE"
        return [Listener(state, port, 0, 0, 0, 0, 0, False, 0, 0, 0, [], [])]

    def _who(self, flow: Flow) -> tuple[int, int]:
        """Number and actor of the peer behind a flow; a spoofed one has a number from its flow."""
        known = self._world.internet.names.get(flow)
        if known is not None:
            return known[0], SHOWN_AS.get(known[1], known[1])
        return 1 << 30 | (flow.remote_address ^ flow.remote_port) & 0x3FFFFFFF, FLOOD_ACTOR

    def _syn_mark(self, request: Request) -> Mark:
        number, actor = self._who(request.flow)
        return Mark(
            number, actor, ms(request.arrived_ns), ms(request.deadline_ns), request.num_timeout
        )

    def _seat_mark(self, connection: Connection) -> Mark:
        number, actor = self._who(connection.flow)
        return Mark(number, actor, ms(connection.established_ns), 0, connection.recv_q)

    def _worker(self, worker: SimWorker) -> Worker:
        world = self._world
        passengers = []
        connection = world.machine.connection(worker.fd)
        if connection is not None:
            number, actor = self._who(connection.flow)
            passengers.append(Passenger(number, actor, connection.recv_q, connection.send_q))
        state: int = worker.phase
        computing = state in (WorkerState.WORKING, WorkerState.ACCEPTING)
        if (
            computing
            and not worker.has_stopped
            and world.machine.cores[worker.core].running_thread != worker.index
        ):
            state = WorkerState.RUNNABLE
        return Worker(
            listener=worker.bucket * world.crew.port_count,
            core=worker.core,
            state=int(state),
            since_ms=ms(worker.since_ns),
            until_ms=ms(worker.until_ns),
            passengers=passengers,
            served=worker.served,
            fd=worker.fd,
        )

    def _core_bars(self) -> list[Core]:
        return [
            Core(
                min(1000, self._cores.per_s(f"{i} softirq") // 1_000_000),
                self._cores.per_s(f"{i} user") // 1_000_000,
                self._cores.per_s(f"{i} switching") // 1_000_000,
                "eth0 irq" if i < len(self._world.machine.queues) else "",
            )
            for i in range(len(self._world.machine.cores))
        ]

    def _drops(self) -> list[Drops]:
        return [
            Drops(key.rule, key.knob, key.counter, key.listener, self._rates.last_tick(key), total)
            for key, total in drop_totals(self._world).items()
            if total
        ]

    def _sysctls(self) -> dict[str, int]:
        sysctl = self._world.host.sysctl
        names = ["net.core.somaxconn", *self._world.level.sysctl]
        names += [name for name in SHOWN_SYSCTLS if name not in names]
        return {name: value for name in names if isinstance(value := sysctl.get(name), int)}

    def _sockets(self) -> list[FiveTuple]:
        machine = self._world.machine
        found = []
        for fd in self._world.listen_fds[:1]:
            port = machine.bound_port(fd)
            state = "LISTEN" if machine.listener(fd) else "BOUND" if port else "CLOSE"
            found.append(FiveTuple(fd, state, "tcp", "0.0.0.0" if port else "", port, "", 0))
        for worker in self._world.workers:
            connection = machine.connection(worker.fd)
            if connection is not None:
                state = STATE_NAMES[connection.state]
                found.append(_five_tuple(worker.fd, state, connection.flow))
        last = machine.last_accepted
        if last is not None and last[0] not in {one.fd for one in found}:
            # Over within milliseconds: without it, hardly any snapshot would show one.
            found.append(_five_tuple(last[0], "CLOSE", last[1]))
        return found[:SOCKETS_SHOWN]


def _five_tuple(fd: int, state: str, flow: Flow) -> FiveTuple:
    local, remote = address_text(flow.local_address), address_text(flow.remote_address)
    return FiveTuple(fd, state, "tcp", local, flow.local_port, remote, flow.remote_port)


_until_ms = attrgetter("until_ms")


def _coming_mark(source: Source, number: int, at_ns: int) -> PeerMark:
    actor = SHOWN_AS.get(source.actor, source.actor)
    since_ms = ms(at_ns) - ms(LOOK_AHEAD_NS)
    return PeerMark(number, actor, int(PeerState.COMING), since_ms, ms(at_ns), 0)


SHOWN_SYSCTLS = (
    "net.ipv4.tcp_syncookies",
    "net.ipv4.tcp_max_syn_backlog",
    "net.ipv4.tcp_synack_retries",
    "net.ipv4.tcp_abort_on_overflow",
)


def _goal_value(score: Score, what: str) -> int | None:
    value = score.value(what)
    if value is None:
        return None
    return round(value * 1000) if what in ("served", "core_max") else round(value)
