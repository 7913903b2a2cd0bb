"""One level under way: the machine, the internet, the workers, and what a player may change.

Commands come from the session at tick borders only. `advance` stops
one nanosecond short of a border, so that commands come before all that happens at it.
"""

from collections.abc import Iterator
from functools import partial

from msgspec import structs

from game.kernel.descriptor import Option
from game.kernel.errno import EBADF, EINVAL
from game.kernel.filter import Filter
from game.kernel.host import Host
from game.kernel.listen import ListenSocket
from game.kernel.profile import PROFILES
from game.kernel.sysctl import Sysctls
from game.level.schema import SEGMENT_BYTES_MAX, Level, Traffic
from game.sim.clients import VisitSource
from game.sim.flood import Flood, FloodKind
from game.sim.gate_by_object import FloodByObject
from game.sim.internet import Internet
from game.sim.machine import Machine
from game.sim.rng import stream
from game.sim.slow_reader import SlowReader
from game.sim.slow_sender import SlowSender
from game.sim.source import Source
from game.sim.timeline import Timeline
from game.sim.uploader import Uploader
from game.sim.worker import Service, Worker, WorkerPhase
from game.sim.workers.crew import Crew

SERVER_ADDRESS = 0xCB007101
"""203.0.113.1, an address for documentation (RFC 5737)."""

ACTORS = {
    "clients": 0,
    "flood": 1,
    "forged_acks": 1,
    "rsts": 1,
    "hoarders": 2,
    "slow_readers": 3,
    "slow_senders": 3,
    "probes": 4,
}
"""Numbers of `protocol.snapshot.Actor`, which this package does not know."""

SLOW_KINDS = {"slow_readers": SlowReader, "slow_senders": SlowSender}
"""Kinds of traffic that hold on to whoever serves them."""

FLOOD_KINDS = {"flood": FloodKind.SYN, "forged_acks": FloodKind.ACK, "rsts": FloodKind.RST}
"""Kinds of traffic that never answer."""

RESTART_KNOBS = (
    "model",
    "processes",
    "wait",
    "accept_mutex",
    "keepalive_s",
    "request_timeout_s",
    "send_timeout_s",
    "parent_closes",
    "close_with",
)
"""Machine settings that a running server takes up by a graceful restart of its threads."""

NS = 1_000_000_000

LAUNCHED_NUMBERS = 1 << 24
"""Numbers that are kept free for the peers of each launch; more than can ever come."""

LOOK_AHEAD_NS = 3 * NS
"""How long before its first SYN a peer can be seen coming: a round trip is over in a blink."""


class World:
    """A level's machine and everything around it.

    Args:
        seed: of all dice.
        boot_key: secret of the host: flow hash and cookies derive from it.
        flood_by_object: True to give every packet of a flood an event of its own (the reference).
        timeline: what events stand on.
        one_by_one: the same, in this way.

    Attributes:
        listen_fds: descriptors of the listening sockets, in the order of listen().
        launched: what came besides the level's own traffic, in the order of launch.
        closed: listening sockets that were closed, oldest first.
        crew: the threads.
        settings: of the machine; as the level says, but for what restarts of the crew changed.
    """

    def __init__(
        self,
        level: Level,
        seed: int,
        boot_key: int,
        *,
        flood_by_object: bool = False,
        timeline: type[Timeline] = Timeline,
        one_by_one: type[FloodByObject] | None = None,
    ) -> None:
        self.level = level
        self.env = timeline(-1)
        profile = PROFILES[level.machine.profile]
        sysctls = Sysctls()
        sysctls.somaxconn = profile.somaxconn
        for name, value in level.sysctl.items():
            sysctls.set(name, value)
        self.host = Host(sysctls, boot_key=boot_key, address=SERVER_ADDRESS, profile=profile)
        self.internet = Internet(self.env, SERVER_ADDRESS, stream(seed, "loss"))
        self.machine = Machine(
            self.env,
            self.host,
            level.machine.cores,
            self.internet.route,
            rx_ring=level.machine.rx_ring,
            rx_queues=level.machine.rx_queues,
            packet_filter=Filter(level.machine.filter),
            filter_at_gate=level.machine.filter_at == "gate",
            by_object=one_by_one or (FloodByObject if flood_by_object else None),
        )
        self.internet.machine = self.machine
        self.listen_fds: list[int] = []
        self.closed: list[ListenSocket] = []
        self.backlog = level.machine.backlog
        self.pinning = level.machine.pinning == "on"
        self.defer_accept_s = level.machine.defer_accept_s
        self.settings = level.machine
        self.host.set_nofile(self.settings.nofile)
        self._kept: list[int] = []
        self._service_dice = stream(seed, "service")
        self.crew = Crew(self._service(), self.settings, self.listen_fds, self.pinning)
        self._seed = seed
        self.launched: list[Traffic] = []
        stride = len(level.traffic)
        for i, entry in enumerate(level.traffic):
            self._open(entry, i, first=i, stride=stride)
        for breakdown in level.breakdown:
            self.env.call_at(round(breakdown.at_s * NS), self._hang, breakdown.bucket)
        if not level.machine.calls:
            self.make_listeners(level.machine.buckets)
            self.set_workers(level.machine.workers)

    @property
    def workers(self) -> list[Worker]:
        """Threads that serve, including retired ones that still serve somebody."""
        return [
            one
            for one in self.crew.workers
            if not one.retired or one.phase is not WorkerPhase.STOPPED
        ]

    @property
    def now_ns(self) -> int:
        """Simulated time; between ticks one nanosecond short of the border."""
        return int(self.env.now)

    def advance(self, until_ns: int) -> None:
        """Run until just before `until_ns`, and settle."""
        self.internet.look_ahead(until_ns + LOOK_AHEAD_NS)
        self.env.run_until(until_ns)
        self.machine.touch()

    def _hang(self, bucket: int) -> None:
        self.crew.hang(bucket - 1)

    # What a player may change. Results are as of the system calls: 0 or more, or a negative errno.

    def set_sysctl(self, name: str, value: int) -> None:
        """Write a sysctl; raises what `Sysctls.set` raises."""
        self.machine.settle()
        self.host.sysctl.set(name, value)
        self.machine.pump()

    def listen_again(self, backlog: int) -> int:
        """Call listen() on every listening socket."""
        self.machine.settle()
        self.backlog = backlog
        results = [self.host.listen(fd, backlog) for fd in self.listen_fds]
        self.machine.pump()
        return min(results, default=0)

    def make_listeners(self, count: int) -> None:
        """Make listening sockets until there are `count` buckets, or close the newest."""
        self.machine.settle()
        ports = self.settings.all_ports
        while len(self.listen_fds) > count * len(ports):
            fd = self.listen_fds.pop()
            listener = self.machine.listener(fd)
            self.crew.retire_bucket(fd)
            self.machine.close(fd)
            if listener is not None:
                self.closed.append(listener)
        while len(self.listen_fds) < count * len(ports):
            port = ports[len(self.listen_fds) % len(ports)]
            fd = self._socket()
            self.host.setsockopt(fd, Option.SO_REUSEPORT, 1)
            self._set_buffers(fd)
            self.host.bind(fd, 0, port)
            self.host.listen(fd, self.backlog)
            self.listen_fds.append(fd)
        self.machine.pump()

    def _socket(self) -> int:
        """A socket with the options that every listening socket here has."""
        fd = self.host.socket()
        if self.defer_accept_s:
            self.host.setsockopt(fd, Option.TCP_DEFER_ACCEPT, self.defer_accept_s)
        return fd

    def set_defer_accept(self, seconds: int) -> None:
        """As setsockopt(TCP_DEFER_ACCEPT) on every listening socket, and on those to come."""
        self.machine.settle()
        self.defer_accept_s = seconds
        for fd in self.listen_fds:
            self.host.setsockopt(fd, Option.TCP_DEFER_ACCEPT, seconds)

    def set_workers(self, count: int) -> None:
        """Start threads until `count` serve, in turn over the listeners, or retire some."""
        self.crew.set_count(count)

    def set_buckets(self, count: int) -> None:
        """Make or close listening sockets, and share the threads out anew."""
        threads = self.crew.count
        self.make_listeners(count)
        self.set_workers(0)
        self.set_workers(threads)

    def set_pinning(self, pinning: bool) -> None:
        """Bind every thread to a core, or let all go where there is room."""
        self.pinning = pinning
        self.crew.set_pinning(pinning)

    def launch(self, entry: Traffic) -> Source | None:
        """Let more traffic come; it must begin at the next tick border or later.

        Returns:
            Where its peers come from, None if it is a flood.
        """
        self.launched.append(entry)
        index = len(self.level.traffic) + len(self.launched) - 1
        return self._open(entry, index, first=len(self.launched) * LAUNCHED_NUMBERS, stride=1)

    def restart_crew(self, name: str, value: str | float) -> None:
        """Restart the threads gracefully with one of `RESTART_KNOBS` set anew."""
        self.settings = structs.replace(self.settings, **{name: value})
        forgotten, self._kept = self._kept, []
        self.crew.restart(self.settings, self._service())
        for fd in forgotten:  # The parent that kept them has ended.
            self.machine.close(fd)

    def set_buffer(self, name: str, size: int) -> None:
        """Set SO_RCVBUF ("rcvbuf") or SO_SNDBUF ("sndbuf") on every listening socket."""
        self.settings = structs.replace(self.settings, **{name: size})
        for fd in self.listen_fds:
            self._set_buffers(fd)

    def _set_buffers(self, fd: int) -> None:
        if self.settings.rcvbuf:
            self.host.setsockopt(fd, Option.SO_RCVBUF, self.settings.rcvbuf)
        if self.settings.sndbuf:
            self.host.setsockopt(fd, Option.SO_SNDBUF, self.settings.sndbuf)

    def set_nofile(self, limit: int) -> None:
        """Let so many descriptors be open at once, as prlimit(1) does for running processes."""
        self.settings = structs.replace(self.settings, nofile=limit)
        self.host.set_nofile(limit)

    def call(self, name: str, argument: int) -> tuple[int, int]:
        """Make one call on the main socket: the descriptor it was made on, and its result.

        `accept` sets the level's workers going once accept() would not fail; its result is then 0.
        """
        self.machine.settle()
        host = self.host
        fd = self.listen_fds[0] if self.listen_fds else -1
        match name:
            case "socket":
                result = self._socket()
                if not self.listen_fds:
                    self.listen_fds.append(result)
            case "bind":
                result = host.bind(fd, 0, argument)
            case "listen":
                result = host.listen(fd, argument)
                self.backlog = argument
            case "accept":
                result = self._start_accepting(fd)
            case "close":
                self.crew.retire_bucket(fd)  # The next socket may get the same number.
                result = host.close(fd, self.now_ns)
                del self.listen_fds[:1]
            case _:
                raise ValueError(f"no call named {name}")
        self.machine.pump()
        return fd, result

    def _start_accepting(self, fd: int) -> int:
        """Let the workers call accept(), once that would not fail at once."""
        if self.host.file(fd) is None:
            return -EBADF
        if self.machine.listener(fd) is None:
            return -EINVAL
        if not self.crew.count:
            self.set_workers(self.level.machine.workers)
        return 0

    def listeners(self) -> list[ListenSocket]:
        """Those of `listen_fds` that listen, in that order."""
        found = (self.machine.listener(fd) for fd in self.listen_fds)
        return [one for one in found if one is not None]

    @property
    def kept_by_parent(self) -> int:
        """Descriptors of connections that the parent process has not closed."""
        return len(self._kept)

    def memory_bytes(self) -> int:
        """What processes, threads and socket buffers take now."""
        sockets = sum(one.memory_bytes for one in self.host.connections)
        return sockets + self.crew.memory_bytes()

    # Making the parts.

    def _service(self) -> Service:
        """What the threads share that start from now on."""
        return Service(
            self.machine,
            self._service_dice,
            self.settings.service_ms * 1e6,
            round(self.settings.tls_ms * 1e6),
            round(self.settings.migration_ms * 1e6),
            round(self.settings.keepalive_s * NS),
            round(self.settings.request_timeout_s * NS),
            round(self.settings.send_timeout_s * NS),
            self.settings.close_with,
            self._kept if self.settings.parent_closes == "off" else None,
            self._reply_bytes,
            self._asks_more,
        )

    def _reply_bytes(self, fd: int) -> int:
        connection = self.machine.connection(fd)
        peer = self.internet.peers.get(connection.flow) if connection else None
        return peer.reply_bytes if peer else 0

    def _request_is_whole(self, fd: int) -> bool:
        connection = self.machine.connection(fd)
        peer = self.internet.peers.get(connection.flow) if connection else None
        if connection is not None and isinstance(peer, Uploader):
            return peer.refused or connection.read_bytes >= peer.total_bytes
        return not isinstance(peer, SlowSender)

    def _asks_more(self, fd: int) -> bool:
        connection = self.machine.connection(fd)
        peer = self.internet.peers.get(connection.flow) if connection else None
        return peer is not None and peer.visit is not None and peer.visit.left > 0

    def _open(self, entry: Traffic, index: int, *, first: int, stride: int) -> Source | None:
        from_ns, until_ns = round(entry.from_s * NS), round(entry.until_s * NS)
        until_ns = min(until_ns, self.level.seconds * NS)
        if entry.kind in FLOOD_KINDS:
            self._open_flood(entry, index, from_ns, until_ns)
            return None
        wait_s = entry.deadline_s if entry.kind in ("clients", "probes") else entry.hold_s
        several = entry.requests > 1
        source = (VisitSource if several else Source)(
            self.env,
            stream(self._seed, f"traffic {index}"),
            stream(self._seed, f"gaps {index}"),
            index=first,
            stride=stride,
            actor=ACTORS[entry.kind],
            rate_per_s=entry.per_s,
            from_ns=from_ns,
            until_ns=until_ns,
            deadline_ns=round(wait_s * NS),
            rtt_ns=round(entry.rtt_ms * 1e6),
            rtt_spread_ns=round(entry.rtt_spread_ms * 1e6),
            loss=entry.loss,
            addresses=entry.sources,
            port=entry.port or self.level.machine.all_ports[0],
            request_bytes=entry.request_bytes,
            reply_bytes=0 if entry.kind == "hoarders" else entry.reply_bytes,
            until_close=entry.until_close,
        )
        if isinstance(source, VisitSource):
            think_ns = round(entry.think_s * NS)
            source.plan_visits(self.env, entry.requests, think_ns, self.internet.start_peer)
        if entry.kind in SLOW_KINDS:
            self.machine.request_is_whole = self._request_is_whole
            source.make_peer = partial(SLOW_KINDS[entry.kind], bytes_per_s=entry.bytes_per_s)
        elif entry.request_bytes > SEGMENT_BYTES_MAX:
            self.machine.request_is_whole = self._request_is_whole
            source.make_peer = partial(Uploader, refused=entry.refused)
        elif entry.reads_bytes_per_s:
            source.make_peer = partial(SlowReader, bytes_per_s=entry.reads_bytes_per_s)
        self.internet.open(source)
        return source

    def _open_flood(self, entry: Traffic, index: int, from_ns: int, until_ns: int) -> None:
        rate = max(1, round(entry.per_s))
        flood = Flood(
            stream(self._seed, f"traffic {index}"),
            number=index + 1,
            address=SERVER_ADDRESS,
            port=entry.port or self.level.machine.all_ports[0],
            start_ns=from_ns,
            rate_per_s=rate,
            count=(until_ns - from_ns) * rate // NS,
            kind=FLOOD_KINDS[entry.kind],
            sources=entry.sources,
            on_ns=round(entry.on_s * NS),
            off_ns=round(entry.off_s * NS),
        )
        flood.cut(until_ns)
        self.machine.add_flood(flood)

    def state(self) -> Iterator[object]:
        """Every bit of state, in one order, for a digest: kernel, cores, threads, peers, dice."""
        yield self.now_ns
        yield self.host.state()
        yield [(core.softirq_ns, core.user_ns, core.switching_ns) for core in self.machine.cores]
        yield list(self.crew.state())
        yield [peer.state() for peer in self.internet.peers.values()]
        yield [source.state() for source in self.internet.sources]
        yield [flood.sent for flood in self.machine.floods]
        yield [queue.state() for queue in self.machine.queues]
        reception = self.machine.reception
        yield (reception.filtered_flood, reception.filtered_clients, reception.filter.text)
        yield self._service_dice.getstate()[1]
