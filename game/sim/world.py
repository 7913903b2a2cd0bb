"""One level under way: the machine, the internet, the workers, and what a player may change.

Commands come from the session at tick borders only. `advance` stops
one nanosecond short of a border, so that commands come before all that happens at it.
"""

from collections.abc import Iterator

from game.kernel.descriptor import Option
from game.kernel.errno import EBADF, EINVAL
from game.kernel.host import Host
from game.kernel.listen import ListenSocket
from game.kernel.sysctl import Sysctls
from game.level.schema import Level, Traffic
from game.sim.flood import Flood, FloodByObject
from game.sim.internet import Internet
from game.sim.machine import Machine
from game.sim.rng import stream
from game.sim.source import Source
from game.sim.timeline import Timeline
from game.sim.worker import Worker

SERVER_ADDRESS = 0xCB007101
"""203.0.113.1, an address for documentation (RFC 5737)."""

ACTORS = {"clients": 0, "flood": 1, "hoarders": 2}
"""Numbers of `protocol.snapshot.Actor`, which this package does not know."""

NS = 1_000_000_000

LOOK_AHEAD_NS = 3 * NS
"""How long before its first SYN a peer can be seen coming: a round trip is over in a blink."""


class World:
    """A level's machine and everything around it.

    Args:
        seed: of all dice.
        boot_key: secret of the host: flow hash and cookies derive from it.
        flood_by_object: True to give every SYN of a flood an event of its own (the reference).

    Attributes:
        listen_fds: descriptors of the listening sockets, in the order of listen().
        workers: threads, including retired ones that still serve somebody.
    """

    def __init__(
        self, level: Level, seed: int, boot_key: int, *, flood_by_object: bool = False
    ) -> None:
        self.level = level
        self.env = Timeline(-1)
        sysctls = Sysctls()
        for name, value in level.sysctl.items():
            sysctls.set(name, value)
        port = level.machine.port
        self.host = Host(sysctls, boot_key=boot_key, address=SERVER_ADDRESS)
        self.internet = Internet(self.env, SERVER_ADDRESS, port, stream(seed, "loss"))
        self.machine = Machine(self.env, self.host, level.machine.cores, self.internet.route)
        self.internet.machine = self.machine
        self.listen_fds: list[int] = []
        self.workers: list[Worker] = []
        self.backlog = level.machine.backlog
        self.pinning = level.machine.pinning == "on"
        self._service_dice = stream(seed, "service")
        self._next_worker = 0
        self._seed = seed
        self.floods = [
            self._open(entry, i, flood_by_object) for i, entry in enumerate(level.traffic)
        ]
        if not level.machine.calls:
            self.make_listeners(level.machine.buckets)
            self.set_workers(level.machine.workers)

    @property
    def now_ns(self) -> int:
        """Simulated time; between ticks one nanosecond short of the border."""
        return int(self.env.now)

    def advance(self, until_ns: int) -> None:
        """Run until just before `until_ns`, and settle."""
        self.internet.look_ahead(until_ns + LOOK_AHEAD_NS)
        self.env.run_until(until_ns)
        self.machine.touch()

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
        """Make listening sockets until there are `count`, or close the newest."""
        self.machine.settle()
        while len(self.listen_fds) > count:
            fd = self.listen_fds.pop()
            for worker in self.workers:
                if worker.listen_fd == fd:
                    worker.retire()
            self.machine.close(fd)
        while len(self.listen_fds) < count:
            fd = self.host.socket()
            self.host.setsockopt(fd, Option.SO_REUSEPORT, 1)
            self.host.bind(fd, 0, self.level.machine.port)
            self.host.listen(fd, self.backlog)
            self.listen_fds.append(fd)
        self.machine.pump()

    def set_workers(self, count: int) -> None:
        """Start threads until `count` are there, in turn over the listeners, or retire some."""
        alive = [worker for worker in self.workers if not worker.retired]
        for worker in alive[count:]:
            worker.retire()
        for i in range(len(alive), count):
            bucket = i % len(self.listen_fds)
            self.workers.append(self._worker(bucket))
        self.workers = [one for one in self.workers if not one.retired or one.fd >= 0]

    def call(self, name: str, argument: int) -> tuple[int, int]:
        """Make one call on the main socket: the descriptor it was made on, and its result.

        `accept` sets the level's workers going once accept() would not fail; its result is then 0.
        """
        self.machine.settle()
        host = self.host
        fd = self.listen_fds[0] if self.listen_fds else -1
        match name:
            case "socket":
                result = host.socket()
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
                result = host.close(fd, self.now_ns)
                self.listen_fds = self.listen_fds[1:]
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
        if not self.workers:
            self.set_workers(self.level.machine.workers)
        return 0

    def listeners(self) -> list[ListenSocket]:
        """Those of `listen_fds` that listen, in that order."""
        found = (self.machine.listener(fd) for fd in self.listen_fds)
        return [one for one in found if one is not None]

    # Making the parts.

    def _worker(self, bucket: int) -> Worker:
        index = self._next_worker
        self._next_worker += 1
        return Worker(
            self.machine,
            self._service_dice,
            index=index,
            listen_fd=self.listen_fds[bucket],
            bucket=bucket,
            pinned=index % len(self.machine.cores) if self.pinning else None,
            service_ns=self.level.machine.service_ms * 1e6,
            reply_bytes=self._reply_bytes,
        )

    def _reply_bytes(self, fd: int) -> int:
        connection = self.machine.connection(fd)
        peer = self.internet.peers.get(connection.flow) if connection else None
        return peer.reply_bytes if peer else 0

    def _open(self, entry: Traffic, index: int, by_object: bool) -> Flood | None:
        from_ns, until_ns = round(entry.from_s * NS), round(entry.until_s * NS)
        until_ns = min(until_ns, self.level.seconds * NS)
        if entry.kind == "flood":
            return self._open_flood(entry, index, from_ns, until_ns, by_object)
        wait_s = entry.deadline_s if entry.kind == "clients" else entry.hold_s
        self.internet.open(
            Source(
                self.env,
                stream(self._seed, f"traffic {index}"),
                stream(self._seed, f"gaps {index}"),
                index=index,
                stride=len(self.level.traffic),
                actor=ACTORS[entry.kind],
                rate_per_s=entry.per_s,
                from_ns=from_ns,
                until_ns=until_ns,
                deadline_ns=round(wait_s * NS),
                rtt_ns=round(entry.rtt_ms * 1e6),
                rtt_spread_ns=round(entry.rtt_spread_ms * 1e6),
                loss=entry.loss,
                addresses=entry.sources,
                request_bytes=entry.request_bytes,
                reply_bytes=entry.reply_bytes if entry.kind == "clients" else 0,
            )
        )
        return None

    def _open_flood(
        self, entry: Traffic, index: int, from_ns: int, until_ns: int, by_object: bool
    ) -> Flood:
        rate = max(1, round(entry.per_s))
        flood = (FloodByObject if by_object else Flood)(
            self.machine,
            stream(self._seed, f"traffic {index}"),
            number=index + 1,
            address=SERVER_ADDRESS,
            port=self.level.machine.port,
            start_ns=from_ns,
            rate_per_s=rate,
            count=(until_ns - from_ns) * rate // NS,
        )
        if isinstance(flood, FloodByObject):
            flood.run(self.env, self.machine.receive)
        else:
            self.machine.floods.append(flood)
        return flood

    def state(self) -> Iterator[object]:
        """Every bit of state, in one order, for a digest: kernel, cores, threads, peers, dice."""
        yield self.now_ns
        yield self.host.state()
        yield [(core.softirq_ns, core.user_ns, core.switching_ns) for core in self.machine.cores]
        yield [worker.state() for worker in self.workers]
        yield [peer.state() for peer in self.internet.peers.values()]
        yield [source.state() for source in self.internet.sources]
        yield [flood.sent for flood in self.floods if flood]
        yield self.machine.packets_in
        yield self._service_dice.getstate()[1]
