"""One machine's TCP: segments and calls in, segments and wake-ups out.

The only file that holds all the parts. It has the system calls with their error numbers and the
way of a segment to its socket; every rule beyond that is in the part it calls. Nothing calls
back: effects are collected in `outbox` and `woken`, which the caller takes and clears.
Source: linux v6.18 net/ipv4/tcp_ipv4.c tcp_v4_rcv(), net/socket.c, net/ipv4/af_inet.c.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Protocol, cast

from game.kernel.bind import Binding, ephemeral_port, is_free
from game.kernel.connection import Connection
from game.kernel.counters import Counters
from game.kernel.descriptor import FILES_MAX, Descriptors, File, Option, Socket
from game.kernel.errno import (
    EADDRINUSE,
    EAGAIN,
    EINVAL,
    EMFILE,
    ENOTCONN,
    EPIPE,
)
from game.kernel.listen import ListenSocket, Verdict, defer_retries
from game.kernel.profile import LINUX, Profile
from game.kernel.reset import send_reset
from game.kernel.reuseport import ListenerGroup
from game.kernel.segment import RST, Flow, Segment
from game.kernel.sockbuf import RCVBUF_MIN, SNDBUF_MIN
from game.kernel.stack import Endpoint, Stack
from game.kernel.state import host_state
from game.kernel.sysctl import Sysctls
from game.kernel.timewait import TimeWait
from game.kernel.waits import WaitCalls

ADDRESS_DEFAULT: Final = 0x0A00_0001
_SYNCNT_MAX: Final = 127
_COOKIE: Final = Verdict.COOKIE


class Timed(Protocol):
    """What this host arms: something that acts when its timer fires."""

    def fire(self, now_ns: int) -> None:
        """Its timer has fired."""


class Host(WaitCalls):
    """One machine with one address, as its processes and its peers see it.

    Args:
        sysctl: the settings, read live; kept, not copied.
        boot_key: what flow hash, cookies and sequence numbers derive from.
        address: IPv4 address as a 32-bit number.
        phase_ns: how long jiffy 0 lies before nanosecond 0.
        profile: in what its stack differs from Linux 6.14 and later.

    Attributes:
        outbox: segments sent, oldest first; the caller takes them and clears the list.
        woken: ids of waiters woken, in order; the caller takes and clears.
        counters: what nstat shows.
        listeners: every socket in LISTEN, in the order of listen().
        closed_port_segments: segments answered with RST since nobody listens there.
    """

    __slots__ = (
        "_established",
        "address",
        "closed_port_segments",
        "counters",
        "listeners",
        "outbox",
        "stack",
        "sysctl",
    )

    def __init__(
        self,
        sysctl: Sysctls,
        *,
        boot_key: int,
        address: int = ADDRESS_DEFAULT,
        phase_ns: int = 0,
        profile: Profile = LINUX,
    ) -> None:
        self.stack = Stack(sysctl, boot_key, phase_ns, profile)
        super().__init__(Descriptors(), self.stack.woken)
        self.sysctl = sysctl
        self.address = address
        self.counters: Counters = self.stack.counters
        self.outbox: list[Segment] = self.stack.outbox
        self.listeners: list[ListenSocket] = []
        self.closed_port_segments = 0
        self._established: dict[Flow, Endpoint] = self.stack.established

    # ---- segments and timers

    def receive(self, segment: Segment, now_ns: int) -> None:
        """Take one segment off the wire and act on it.

        Source: linux v6.18 net/ipv4/tcp_ipv4.c tcp_v4_rcv().
        """
        counters = self.counters
        counters.IpInReceives += 1
        counters.IpInDelivers += 1
        counters.TcpInSegs += 1
        endpoint = self._established.get(segment.flow)
        if endpoint is not None:
            endpoint.receive(segment, now_ns)
            return
        listener = self.stack.find_listener(segment.flow)
        if listener is not None:
            listener.receive(segment, now_ns)
        elif not segment.flags & RST:
            self.closed_port_segments += 1
            send_reset(self.stack, segment)

    def count_syns(self, listener: ListenSocket, verdict: Verdict, count: int, now_ns: int) -> None:
        """Count `count` SYNs that met one verdict, with what the machine counts for any segment.

        For a flood settled in bulk; what it would have been answered is counted, not sent.
        ADMIT is refused: an admitted SYN has a request of its own and comes by `receive`.
        """
        assert verdict is not Verdict.ADMIT, "admit SYNs one by one"
        counters = self.counters
        counters.IpInReceives += count
        counters.IpInDelivers += count
        counters.TcpInSegs += count
        if verdict is _COOKIE:
            counters.TcpOutSegs += count
            counters.IpOutRequests += count
        listener.count_verdict(verdict, count, now_ns)

    def next_timer_ns(self) -> int | None:
        """When `run_timers` should be called next, None if nothing is armed.

        It may then find that all timers of that moment were cancelled.
        """
        return self.stack.wheel.next_ns()

    def run_timers(self, now_ns: int) -> None:
        """Fire every timer due up to and including `now_ns`, each at its own time."""
        for fire_ns, timer in self.stack.wheel.expire(now_ns):
            cast(Timed, timer).fire(fire_ns)

    # ---- calls that make and name sockets

    def socket(self) -> int:
        """As socket(2): a fresh TCP socket; a descriptor or -EMFILE."""
        if self._descriptors.is_full():
            return -EMFILE
        return self._descriptors.add(Socket())

    def setsockopt(self, fd: int, option: Option, value: int) -> int:
        """As setsockopt(2): 0 or a negative errno.

        SO_RCVBUF and SO_SNDBUF are capped by rmem_max and wmem_max and doubled; SO_LINGER takes
        the time in seconds, -1 for off. Source: linux v6.18 net/core/sock.c sk_setsockopt().
        """
        file = self._files.get(fd)
        if file is None:
            return self._not_socket(fd)
        if option is Option.SO_RCVBUF:
            value = max(2 * min(value, self.sysctl.rmem_max), RCVBUF_MIN)
        elif option is Option.SO_SNDBUF:
            value = max(2 * min(value, self.sysctl.wmem_max), SNDBUF_MIN)
        elif option is Option.TCP_SYNCNT and not 1 <= value <= _SYNCNT_MAX:
            return -EINVAL
        if isinstance(file, Connection):
            _set_on_connection(file, option, value)
            return 0
        file.options[option] = value
        if file.listener is not None:
            _set_on_listener(file.listener, file)
        return 0

    def getsockopt(self, fd: int, option: Option) -> int:
        """As getsockopt(2) of a socket that is no connection: the value, or a negative errno."""
        file = self._files.get(fd)
        if not isinstance(file, Socket):
            return self._not_socket(fd) if file is None else -EINVAL
        return file.options.get(option, 0)

    def bind(self, fd: int, address: int, port: int, uid: int = 0) -> int:
        """As bind(2): 0, -EINVAL if it is bound already, or -EADDRINUSE; port 0 picks one."""
        file = self._files.get(fd)
        if file is None:
            return self._not_socket(fd)
        if isinstance(file, Connection) or file.port:
            return -EINVAL
        chosen = port or ephemeral_port({binding.port for binding in self._bindings(file)})
        if chosen is None:
            return -EADDRINUSE
        wanted = file.binding()._replace(address=address, port=chosen, uid=uid)
        if not is_free(wanted, self._bindings(file)):
            return -EADDRINUSE
        file.address, file.port, file.uid = address, chosen, uid
        return 0

    def listen(self, fd: int, backlog: int) -> int:
        """As listen(2): 0 or a negative errno; again on a listener it only sets the backlog.

        A negative backlog counts as a huge one, and somaxconn caps it here and only here.
        Source: linux v6.18 net/socket.c __sys_listen(), net/ipv4/af_inet.c __inet_listen_sk().
        """
        file = self._files.get(fd)
        if file is None:
            return self._not_socket(fd)
        if isinstance(file, Connection):
            return -EINVAL
        limit = self.sysctl.somaxconn
        effective = limit if backlog < 0 or backlog > limit else backlog
        if not file.is_listening:
            if not file.port and self.bind(fd, 0, 0) < 0:
                return -EADDRINUSE
            if not is_free(file.binding(), self._bindings(file)):
                return -EADDRINUSE
            self._start_listening(file)
        assert file.listener is not None
        file.listener.set_backlog(effective)
        return 0

    def _start_listening(self, file: Socket) -> None:
        listener = file.listener
        if listener is None:
            listener = file.listener = ListenSocket(self.stack, file.address, file.port)
        _set_on_listener(listener, file)
        group = self.stack.groups.get((file.address, file.port))
        if group is None:
            group = ListenerGroup(self.stack.boot_key)
            self.stack.groups[file.address, file.port] = group
        listener.group = group
        listener.binding = file.binding()
        listener.closed = False
        file.shutdown = 0
        group.members.append(listener)
        self.listeners.append(listener)

    def _bindings(self, but: Socket) -> Iterator[Binding]:
        """What everybody else holds of the port space."""
        seen = {id(but)}
        for file in self._files.values():
            if isinstance(file, Socket) and file.port and id(file) not in seen:
                seen.add(id(file))
                yield file.binding()
        for endpoint in self._established.values():
            if isinstance(endpoint, Connection | TimeWait):
                yield endpoint.binding._replace(
                    address=endpoint.flow.local_address,
                    is_listening=False,
                    is_time_wait=isinstance(endpoint, TimeWait),
                )

    # ---- calls on connections

    def accept(self, fd: int, now_ns: int) -> int:
        """As accept(2), non-blocking: the head of the accept queue as a descriptor.

        Returns:
            a descriptor, or -EBADF, -EINVAL (not in LISTEN), -EMFILE (the connection stays
            queued), -EAGAIN (the queue is empty).
        """
        file = self._files.get(fd)
        if file is None:
            return self._not_socket(fd)
        if file.__class__ is not Socket or file.listener is None or file.listener.closed:
            return -EINVAL
        if self._descriptors.is_full():
            return -EMFILE
        queue = file.listener.accept_queue
        if not queue:
            return -EAGAIN
        connection = queue.popleft()
        connection.accepted_ns = now_ns
        connection.references = 1
        return self._descriptors.add(connection)

    def recv(self, fd: int, size: int, now_ns: int) -> int:
        """As recv(2), non-blocking: bytes read, 0 at the end of the stream, or a negative errno."""
        file = self._files.get(fd)
        if isinstance(file, Connection):
            return file.recv(size, now_ns)
        return self._not_socket(fd) if file is None else -ENOTCONN

    def send(self, fd: int, size: int, now_ns: int) -> int:
        """As send(2), non-blocking: bytes taken, -EAGAIN if there is no room, or another errno."""
        file = self._files.get(fd)
        if isinstance(file, Connection):
            return file.send(size, now_ns)
        return self._not_socket(fd) if file is None else -EPIPE

    def shutdown(self, fd: int, how: int, now_ns: int) -> int:
        """As shutdown(2): 0 or a negative errno; `how` is SHUT_RECEIVE, SHUT_SEND or SHUT_BOTH."""
        file = self._files.get(fd)
        if file is None:
            return self._not_socket(fd)
        if not 1 <= how <= 3:
            return -EINVAL
        if isinstance(file, Connection):
            return file.shut(how, now_ns)
        if not file.is_listening:
            return -ENOTCONN
        file.shutdown |= how
        if how & 1 and file.listener is not None:
            self._stop_listening(file.listener, now_ns)
        return 0

    def set_nofile(self, limit: int) -> None:
        """As setrlimit(2) of RLIMIT_NOFILE, for all processes together; 0 is the largest."""
        self._descriptors.limit = limit or FILES_MAX

    @property
    def free_descriptors(self) -> int:
        """How many more may be opened."""
        return max(0, self._descriptors.limit - len(self._files))

    def dup(self, fd: int) -> int:
        """As dup(2), or what fork(2) does to one descriptor: another number for the same socket."""
        file = self._files.get(fd)
        if file is None:
            return self._dup_epoll(fd)
        if self._descriptors.is_full():
            return -EMFILE
        file.references += 1
        return self._descriptors.add(file)

    def close(self, fd: int, now_ns: int) -> int:
        """As close(2): 0 or -EBADF; the socket itself closes with its last descriptor."""
        file = self._files.get(fd)
        if file is None:
            return self._close_epoll(fd)
        self._descriptors.remove(fd)
        file.references -= 1
        if file.references:
            return 0
        if self._epolls:
            self._forget_file(file)
        if file.__class__ is Connection:
            file.close(now_ns)
        else:
            self._close_socket(cast(Socket, file), now_ns)
        return 0

    def _close_socket(self, file: Socket, now_ns: int) -> None:
        if file.listener is not None:
            self._stop_listening(file.listener, now_ns)

    def _stop_listening(self, listener: ListenSocket, now_ns: int) -> None:
        if listener.closed:
            return
        self.listeners.remove(listener)
        listener.close(now_ns)
        if not listener.group.members:
            del self.stack.groups[listener.address, listener.port]

    # ---- looking

    def file(self, fd: int) -> File | None:
        """What a descriptor names, None if it is not open."""
        return self._files.get(fd)

    @property
    def connections(self) -> Iterator[Connection]:
        """Every connection that is not over, accepted or not, oldest first."""
        return (e for e in self._established.values() if isinstance(e, Connection))

    @property
    def endpoints(self) -> Iterator[Endpoint]:
        """Requests, connections and what is left of them, oldest first."""
        return iter(self._established.values())

    def state(self) -> tuple[object, ...]:
        """Every bit of state in a canonical order, nested tuples of numbers and names."""
        state = host_state(self.stack, self.listeners, self._files, self.closed_port_segments)
        waits = self.wait_state()
        return (*state, waits) if waits else state


def _set_on_connection(connection: Connection, option: Option, value: int) -> None:
    if option is Option.SO_RCVBUF:
        connection.set_rcvbuf(value)
    elif option is Option.SO_SNDBUF:
        connection.sndbuf = value
    elif option is Option.SO_LINGER:
        connection.linger_zero = value == 0


def _set_on_listener(listener: ListenSocket, file: Socket) -> None:
    options = file.options
    listener.defer_retries = defer_retries(options.get(Option.TCP_DEFER_ACCEPT, 0))
    listener.syncnt = options.get(Option.TCP_SYNCNT, 0)
    listener.sndbuf = options.get(Option.SO_SNDBUF)
    if Option.SO_RCVBUF in options:
        listener.set_rcvbuf(options[Option.SO_RCVBUF], locked=True)
