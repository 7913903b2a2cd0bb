"""Model `event`: threads serve requests, not connections; whoever is idle waits at the listener.

A connection whose peer says nothing costs no thread: its listener thread watches it beside the
listening socket, and hands it over when there is something to read, or room to write. All calls are
non-blocking, and EAGAIN sends the connection back. With too many connections the listener stops
watching the listening socket, and newcomers stay in the accept queue. There is no accept mutex:
the listening socket is one of many that are watched.
Source: Apache httpd server/mpm/event/event.c listener_thread(), process_socket(),
connections_above_limit() (shape only).
"""

from game.kernel.epoll import EPOLLIN, EPOLLOUT
from game.kernel.errno import EAGAIN, EMFILE
from game.sim.costs import (
    ACCEPT_EAGAIN_NS,
    ACCEPT_NS,
    CLOSE_NS,
    EPOLL_CTL_NS,
    HANDOVER_NS,
    RECV_NS,
    SEND_NS,
)
from game.sim.rng import exponential_ns
from game.sim.worker import REQUEST_BYTES_MAX, Place, Service, Steps, WorkerPhase
from game.sim.workers.handover import Handover
from game.sim.workers.prefork import EMFILE_PAUSE_NS
from game.sim.workers.threads import Listener, ServingThread
from game.sim.workers.waiting import Waiting

ASYNC_FACTOR = 2
"""Connections beyond one for each thread, for each idle thread (AsyncRequestWorkerFactor)."""


class EventListener(Listener):
    """The thread that watches everything that is idle.

    Attributes:
        idle: connections it watches, with a number that tells one stay from the next.
        unsent: bytes that wait for room, by descriptor; others wait for a request.
        connection_count: accepted and not closed.
        is_listening: the listening socket is watched.
    """

    def __init__(
        self, service: Service, place: Place, waiting: Waiting, handover: Handover
    ) -> None:
        self.idle: dict[int, int] = {}
        self.unsent: dict[int, int] = {}
        self.connection_count = 0
        self.is_listening = True
        self._expired: list[int] = []
        self._new: set[int] = set()
        self._due: dict[int, int] = {}  # When a first request must be there, by descriptor.
        self._paused = False
        self._stays = 0
        super().__init__(service, place, waiting, None, handover)

    def _run(self) -> Steps:
        while not self.retired:
            self._mind_limit()
            yield from self._close_expired()
            ready = yield from self._wait()
            for fd in ready:
                if fd in self.listen_fds:
                    yield from self._accept_and_push(fd)
                elif self.idle.pop(fd, None) is not None:
                    self.waiting.unwatch(fd)
                    yield self.compute(WorkerPhase.ACCEPTING, EPOLL_CTL_NS + HANDOVER_NS)
                    self.handover.push(fd)
        yield from self._finish()
        self.enter(WorkerPhase.STOPPED)

    def _finish(self) -> Steps:
        """It is to end: who owes nothing is closed, replies under way are sent to their end."""
        self._expired.extend(fd for fd in self.idle if fd not in self.unsent)
        yield from self._close_expired()
        self._leave_queues()
        unsent = [(fd, self.unsent.pop(fd)) for fd in self.idle]
        self.idle.clear()
        for fd, size in unsent:
            yield from self.write(fd, size)
            self.machine.close(fd)
            yield self.compute(WorkerPhase.WORKING, CLOSE_NS)

    @property
    def _connections_max(self) -> int:
        return self.handover.thread_count + ASYNC_FACTOR * len(self.handover.idle)

    def _mind_limit(self) -> None:
        """Watch the listening socket while there is room for another connection."""
        has_room = self.connection_count < self._connections_max and not self._paused
        if has_room != self.is_listening:
            self.is_listening = has_room
            for listen_fd in self.listen_fds:
                if has_room:
                    self.waiting.watch(listen_fd, EPOLLIN)
                else:
                    self.waiting.unwatch(listen_fd)

    def _pause_listening(self) -> None:
        """No descriptor is left: leave the listening sockets alone for a while."""
        self._paused = True
        self._mind_limit()
        until_ns = self.machine.env.now + EMFILE_PAUSE_NS
        self.machine.env.call_at(until_ns, self._listen_again, None)

    def _listen_again(self, _: None) -> None:
        self._paused = False
        self.machine.rouse(self.index)

    def _accept_and_push(self, listen_fd: int) -> Steps:
        if not self.is_listening:
            return
        fd = self.take(listen_fd)
        if fd == -EAGAIN:
            self.eagain += 1
            yield self.compute(WorkerPhase.ACCEPTING, ACCEPT_EAGAIN_NS)
        elif fd == -EMFILE:
            self._pause_listening()
        elif fd < 0:
            self.retired = True
        else:
            self.accepted += 1
            self.connection_count += 1
            self._new.add(fd)
            if self.service.request_timeout_ns:
                self._due[fd] = self.machine.env.now + self.service.request_timeout_ns
            yield self.compute(WorkerPhase.ACCEPTING, ACCEPT_NS + HANDOVER_NS)
            self.handover.push(fd)

    def keep(self, fd: int, events: int, unsent: int = 0) -> None:
        """Take a connection back from a thread: it is idle until one of these events."""
        self._stays += 1
        self.idle[fd] = self._stays
        if unsent:
            self.unsent[fd] = unsent
        until_ns = self._until_ns(fd, unsent)
        if until_ns is not None:
            self.machine.env.call_at(until_ns, self._expire, (fd, self._stays))
        self.waiting.watch(fd, events)

    def _until_ns(self, fd: int, unsent: int) -> int | None:
        """How long a connection may stay idle here."""
        service, now_ns = self.service, self.machine.env.now
        if fd in self._due:
            return max(self._due[fd], now_ns)
        timeout_ns = service.send_timeout_ns if unsent else service.keepalive_ns
        return now_ns + timeout_ns if timeout_ns else None

    def greet(self, fd: int) -> bool:
        """True if this is the first request of a connection."""
        is_new = fd in self._new
        self._new.discard(fd)
        self._due.pop(fd, None)
        return is_new

    def note_closed(self, fd: int) -> None:
        """A thread has closed a connection."""
        self._new.discard(fd)
        self._due.pop(fd, None)
        self.connection_count -= 1
        self.note_idle()

    def note_idle(self) -> None:
        """There may be room for newcomers again."""
        if not self.is_listening and self.connection_count < self._connections_max:
            self._mind_limit()

    def _expire(self, idle: tuple[int, int]) -> None:
        """A peer has been idle for too long."""
        fd, stay = idle
        if self.idle.get(fd) == stay:
            self._expired.append(fd)
            self.machine.rouse(self.index)

    def _close_expired(self) -> Steps:
        while self._expired:
            fd = self._expired.pop()
            if self.idle.pop(fd, None) is None:
                continue
            self.unsent.pop(fd, None)
            self.waiting.unwatch(fd)
            self.machine.close(fd)
            self._new.discard(fd)
            self._due.pop(fd, None)
            self.connection_count -= 1
            yield self.compute(WorkerPhase.WORKING, CLOSE_NS)

    def state(self) -> tuple[int, ...]:
        """Every bit of its state, what it watches included."""
        idle = (number for entry in self.idle.items() for number in entry)
        unsent = (number for entry in self.unsent.items() for number in entry)
        own = (self.connection_count, self.is_listening, len(self.idle))
        due = (number for entry in self._due.items() for number in entry)
        late = (*sorted(self._new), *due, self._paused)
        return (*super().state(), *own, *idle, *unsent, *self._expired, *late)


class EventThread(ServingThread):
    """A thread that serves one request of a connection, or goes on with a reply."""

    def _take(self, fd: int) -> Steps:
        listener = self.handover.listener
        assert isinstance(listener, EventListener)  # A process has one model.
        unsent = listener.unsent.pop(fd, 0)
        if not unsent:
            received = self.machine.recv(fd, REQUEST_BYTES_MAX)
            if received == -EAGAIN:
                self.eagain += 1
                yield self.compute(WorkerPhase.READING, RECV_NS + EPOLL_CTL_NS)
                yield from self._give_back(listener, fd, EPOLLIN)
                return
            if received <= 0:
                yield from self._close(listener, fd)
                return
            service_ns = exponential_ns(self.service.dice, self.service.service_ns)
            tls_ns = listener.greet(fd) * self.service.tls_ns
            yield self.compute(WorkerPhase.WORKING, RECV_NS + tls_ns + service_ns + SEND_NS)
            unsent = self.service.reply_bytes(fd)
        yield from self._reply(listener, fd, unsent)

    def _reply(self, listener: EventListener, fd: int, size: int) -> Steps:
        left = size
        while left:
            taken = self.machine.send(fd, left)
            if taken == -EAGAIN:
                self.eagain += 1
                yield self.compute(WorkerPhase.SENDING, EPOLL_CTL_NS)
                yield from self._give_back(listener, fd, EPOLLOUT, left)
                return
            if taken < 0:
                yield from self._close(listener, fd)
                return
            left -= taken
        self.served += 1
        if self.service.keepalive_ns and self.service.asks_more(fd):
            yield self.compute(WorkerPhase.WORKING, EPOLL_CTL_NS)
            yield from self._give_back(listener, fd, EPOLLIN)
        else:
            yield from self._close(listener, fd)

    def _give_back(self, listener: EventListener, fd: int, events: int, unsent: int = 0) -> Steps:
        if listener.retired:  # Nobody watches any more: what is owed is sent blocking.
            yield from self.write(fd, unsent)
            yield from self._close(listener, fd)
        else:
            listener.keep(fd, events, unsent)

    def _close(self, listener: EventListener, fd: int) -> Steps:
        yield from self.hang_up(fd)
        listener.note_closed(fd)
