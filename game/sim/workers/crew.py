"""All the threads of the simulated server: made, shared out over buckets and cores, retired.

A process belongs to one bucket, a thread to one process, both for life; they are shared out in
turn. Source: Apache httpd server/listen.c ap_duplicate_listeners() (buckets).
"""

from collections.abc import Iterator, Sequence
from typing import Final

from game.kernel.epoll import EPOLLIN, EpollOp
from game.level.schema import Machine as MachineSettings
from game.sim.costs import PROCESS_BYTES, THREAD_BYTES
from game.sim.worker import Place, Service, Worker, WorkerPhase
from game.sim.workers.accept_mutex import AcceptMutex
from game.sim.workers.event import EventListener, EventThread
from game.sim.workers.handover import Handover
from game.sim.workers.prefork import Accepting, Prefork
from game.sim.workers.threads import Listener, ServingThread
from game.sim.workers.waiting import Waiting, Way, make_waiting

_EVENT_WAYS: Final[dict[str, Way]] = {
    "blocking": "epoll",
    "signal": "epoll",
    "shared_epoll": "epoll",
}
"""What an event listener does where the level names a way that cannot watch what is its own."""


class Process:
    """A listener thread, the queue from which its threads are served, and those.

    Attributes:
        listener: None until the process has a thread to hand over to.
    """

    def __init__(self, bucket: int, listen_fds: tuple[int, ...]) -> None:
        self.bucket = bucket
        self.listen_fds = listen_fds
        self.handover = Handover()
        self.listener: Listener | None = None
        self.threads: list[Worker] = []

    def drop_retired(self) -> None:
        """Without threads it accepts nothing more; what it has begun is brought to an end."""
        self.threads = [one for one in self.threads if not one.retired]
        if not self.threads and self.listener is not None:
            self.listener.retire()
            self.listener = None
            self.handover = Handover()


class Crew:
    """The threads.

    Args:
        settings: model, wait, accept_mutex, processes, as the level says.
        listen_fds: descriptors of the listening sockets, bucket by bucket, in each one for every
            port; the owner's list, which changes.
        pinning: whether threads are bound to cores.

    Attributes:
        port_count: ports that each bucket listens on.
        workers: threads that serve, including retired ones that still serve somebody.
        listeners: listener threads that have not been retired.
    """

    def __init__(
        self, service: Service, settings: MachineSettings, listen_fds: Sequence[int], pinning: bool
    ) -> None:
        self._service = service
        self._settings = settings
        self.port_count = len(settings.all_ports)
        self._listen_fds = listen_fds
        self._pinning = pinning
        self._next_index = 0
        self._processes: list[Process] = []
        self._mutexes: dict[int, AcceptMutex] = {}
        self._shared_epolls: dict[int, int] = {}
        self.workers: list[Worker] = []
        self.listeners: list[Listener] = []

    @property
    def count(self) -> int:
        """Threads that serve and go on serving."""
        return sum(not worker.retired for worker in self.workers)

    def everybody(self) -> Iterator[Worker]:
        """Every thread, listener threads last."""
        yield from self.workers
        yield from self.listeners

    def set_count(self, count: int) -> None:
        """Start threads until `count` serve, in turn over the buckets, or retire some."""
        alive = [worker for worker in self.workers if not worker.retired]
        for worker in alive[count:]:
            worker.retire()
        for i in range(len(alive), count):
            self.workers.append(self._start(i))
        self.workers = [one for one in self.workers if not one.retired or one.fd >= 0]
        for process in self._processes:
            process.drop_retired()
        self.listeners = [one for one in self.listeners if not one.retired]

    def restart(self, settings: MachineSettings, service: Service) -> None:
        """A graceful restart: as many threads anew, with other settings, on the same sockets.

        Old threads finish the request they have and end. Source: Apache httpd docs/manual/
        stopping.xml, "Graceful Restart".
        """
        count = self.count
        self.set_count(0)
        self._settings, self._service = settings, service
        self._processes = []
        self.set_count(count)

    def retire_bucket(self, listen_fd: int) -> None:
        """A listening socket is about to be closed: its threads end."""
        for worker in self.everybody():
            if listen_fd in worker.listen_fds:
                worker.retire()
        self._processes = [one for one in self._processes if listen_fd not in one.listen_fds]
        self.listeners = [one for one in self.listeners if not one.retired]
        self._mutexes.pop(listen_fd, None)
        shared_fd = self._shared_epolls.pop(listen_fd, None)
        if shared_fd is not None:
            self._service.machine.close(shared_fd)

    def hang(self, bucket: int) -> None:
        """Every thread of a bucket stops at the next thing it computes."""
        for worker in self.everybody():
            if worker.bucket == bucket:
                worker.hangs = True

    def set_pinning(self, pinning: bool) -> None:
        """Bind every thread to a core, in turn, or let all go where there is room."""
        self._pinning = pinning
        for worker in self.everybody():
            worker.pinned = self._core_of(worker.index)

    def _core_of(self, index: int) -> int | None:
        return index % len(self._service.machine.cores) if self._pinning else None

    def memory_bytes(self) -> int:
        """What its processes take, one for whoever accepts, and their other threads."""
        alive = [one for one in self.everybody() if one.phase is not WorkerPhase.STOPPED]
        processes = sum(isinstance(one, Accepting) for one in alive)
        return processes * PROCESS_BYTES + (len(alive) - processes) * THREAD_BYTES

    def state(self) -> Iterator[object]:
        """Every bit of state, for a digest: threads, queues between them, mutexes."""
        yield [worker.state() for worker in self.everybody()]
        yield [process.handover.state() for process in self._processes]
        yield [(fd, *mutex.state()) for fd, mutex in self._mutexes.items()]

    # ---- making threads

    def _start(self, turn: int) -> Worker:
        """The thread that is number `turn` of those that serve now."""
        if self._settings.model == "prefork":
            bucket = turn % self.bucket_count
            place = self._place(bucket, self._fds_of(bucket))
            return Prefork(self._service, place, self._waiting(place), self._mutex(place))
        process = self._process(turn)
        thread = (EventThread if self._settings.model == "event" else ServingThread)(
            self._service, self._place(process.bucket, process.listen_fds), process.handover
        )
        process.threads.append(thread)
        if process.listener is None:
            process.listener = self._listener(process)
            self.listeners.append(process.listener)
        return thread

    @property
    def bucket_count(self) -> int:
        """Sets of listening sockets, one for each port."""
        return len(self._listen_fds) // self.port_count

    def _fds_of(self, bucket: int) -> tuple[int, ...]:
        first = bucket * self.port_count
        return tuple(self._listen_fds[first : first + self.port_count])

    def _place(self, bucket: int, listen_fds: tuple[int, ...]) -> Place:
        index = self._next_index
        self._next_index += 1
        return Place(index, bucket, listen_fds, self._core_of(index))

    def _process(self, turn: int) -> Process:
        count = max(self._settings.processes, self.bucket_count)
        while len(self._processes) < count:
            bucket = len(self._processes) % self.bucket_count
            self._processes.append(Process(bucket, self._fds_of(bucket)))
        return self._processes[turn % count]

    def _listener(self, process: Process) -> Listener:
        place = self._place(process.bucket, process.listen_fds)
        waiting = self._waiting(place)
        if self._settings.model == "event":
            return EventListener(self._service, place, waiting, process.handover)
        mutex = self._mutex(place)
        return Listener(self._service, place, waiting, mutex, process.handover)

    def _waiting(self, place: Place) -> Waiting:
        way = self._settings.wait
        if self._settings.model == "event":
            way = _EVENT_WAYS.get(way, way)
        shared_fd = self._shared_epoll(place) if way == "shared_epoll" else None
        return make_waiting(way, self._service.machine, place.thread, place.listen_fds, shared_fd)

    def _mutex(self, place: Place) -> AcceptMutex | None:
        if self._settings.accept_mutex == "off":
            return None
        return self._mutexes.setdefault(place.listen_fds[0], AcceptMutex())

    def _shared_epoll(self, place: Place) -> int:
        first = place.listen_fds[0]
        if first not in self._shared_epolls:
            host = self._service.machine.host
            epoll_fd = host.epoll_create()
            for listen_fd in place.listen_fds:
                host.epoll_ctl(epoll_fd, EpollOp.ADD, listen_fd, EPOLLIN)
            self._shared_epolls[first] = epoll_fd
        return self._shared_epolls[first]
