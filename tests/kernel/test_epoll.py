"""Who is woken, in which order, by which way of waiting; and what wrong use returns."""

import pytest

from game.kernel.epoll import (
    EPOLLERR,
    EPOLLET,
    EPOLLEXCLUSIVE,
    EPOLLHUP,
    EPOLLIN,
    EPOLLONESHOT,
    EPOLLOUT,
    EPOLLRDHUP,
    EpollOp,
)
from game.kernel.errno import EAGAIN, EBADF, EEXIST, EINVAL, ENOENT, ENOTSOCK
from game.kernel.host import Host
from game.kernel.segment import ACK, FIN, RST, SEQ_MASK, Segment
from tests.kernel.machines import ack, connect, flow, host, listening, syn

WORKERS = (0, 1, 2, 3)


def woken(machine: Host) -> list[int]:
    found = list(machine.woken)
    machine.woken.clear()
    return found


def sleeping_epolls(machine: Host, fd: int, flags: int = 0) -> list[int]:
    """One epoll descriptor for each worker, watching one socket; all asleep."""
    epolls = []
    for worker in WORKERS:
        epoll_fd = machine.epoll_create()
        assert machine.epoll_ctl(epoll_fd, EpollOp.ADD, fd, EPOLLIN | flags) == 0
        assert machine.wait_epoll(epoll_fd, worker)
        epolls.append(epoll_fd)
    return epolls


def back_to_sleep(machine: Host, epoll_fd: int, worker: int) -> None:
    assert machine.epoll_wait(epoll_fd) == []
    assert machine.wait_epoll(epoll_fd, worker)


# ---- the order of wake-ups


def test_blocking_accept_rotates() -> None:
    machine = host()
    fd = listening(machine, 8)
    for worker in WORKERS:
        machine.wait_accept(fd, worker)
    order = []
    for number in range(9):
        connect(machine, number)
        (worker,) = woken(machine)
        order.append(worker)
        assert machine.accept(fd, 0) > 0
        machine.wait_accept(fd, worker)
    assert order == [0, 1, 2, 3, 0, 1, 2, 3, 0]


def test_plain_epoll_wakes_the_herd_the_last_registered_first() -> None:
    machine = host()
    fd = listening(machine, 8)
    epolls = sleeping_epolls(machine, fd)
    connect(machine, 1)
    assert woken(machine) == [3, 2, 1, 0]
    assert machine.epoll_wait(epolls[3]) == [(fd, EPOLLIN)]
    assert machine.epoll_wait(epolls[2]) == [(fd, EPOLLIN)], "it looks before 3 has accepted"
    assert machine.accept(fd, 0) > 0
    assert machine.accept(fd, 0) == -EAGAIN
    back_to_sleep(machine, epolls[1], 1)
    back_to_sleep(machine, epolls[0], 0)
    connect(machine, 2)
    assert woken(machine) == [1, 0], "2 and 3 are awake, and the order is that of registering"


def test_exclusive_epoll_wakes_the_first_registered_that_sleeps() -> None:
    machine = host()
    fd = listening(machine, 8)
    epolls = sleeping_epolls(machine, fd, EPOLLEXCLUSIVE)
    for number in range(5):
        connect(machine, number)
        assert woken(machine) == [0]
        assert machine.epoll_wait(epolls[0]) == [(fd, EPOLLIN)]
        assert machine.accept(fd, 0) > 0
        back_to_sleep(machine, epolls[0], 0)
    connect(machine, 10)
    connect(machine, 11)
    connect(machine, 12)
    assert woken(machine) == [0, 1, 2], "the next one only while those before it are busy"


def test_an_exclusive_epoll_that_was_busy_finds_what_it_missed() -> None:
    machine = host()
    fd = listening(machine, 8)
    epolls = sleeping_epolls(machine, fd, EPOLLEXCLUSIVE)
    connect(machine, 1)
    connect(machine, 2)
    assert woken(machine) == [0, 1]
    for _ in range(2):
        assert machine.accept(fd, 0) > 0
    assert machine.epoll_wait(epolls[0]) == [], "noted, looked at, and gone: it sleeps on"
    assert machine.wait_epoll(epolls[0], 0)


def test_plain_watches_are_woken_before_the_exclusive_one() -> None:
    machine = host()
    fd = listening(machine, 8)
    machine.wait_accept(fd, 9)
    sleeping_epolls(machine, fd)
    connect(machine, 1)
    assert woken(machine) == [3, 2, 1, 0, 9]


def shared(machine: Host, fd: int, flags: int = 0) -> int:
    epoll_fd = machine.epoll_create()
    machine.epoll_ctl(epoll_fd, EpollOp.ADD, fd, EPOLLIN | flags)
    for worker in WORKERS:
        assert machine.wait_epoll(epoll_fd, worker)
    return epoll_fd


def test_a_shared_epoll_wakes_the_latest_sleeper_and_by_handing_out_the_next() -> None:
    machine = host()
    fd = listening(machine, 8)
    epoll_fd = shared(machine, fd)
    connect(machine, 1)
    assert woken(machine) == [3]
    assert machine.epoll_wait(epoll_fd) == [(fd, EPOLLIN)]
    assert woken(machine) == [2], "level triggered: it may not be dealt with"
    assert machine.accept(fd, 0) > 0
    assert machine.epoll_wait(epoll_fd) == [], "2 was woken for nothing, and wakes nobody"
    assert woken(machine) == []
    machine.wait_epoll(epoll_fd, 2)
    machine.wait_epoll(epoll_fd, 3)
    connect(machine, 2)
    assert woken(machine) == [3]


def test_a_shared_edge_triggered_epoll_wakes_one() -> None:
    machine = host()
    fd = listening(machine, 8)
    epoll_fd = shared(machine, fd, EPOLLET)
    connect(machine, 1)
    assert woken(machine) == [3]
    assert machine.epoll_wait(epoll_fd) == [(fd, EPOLLIN)]
    assert woken(machine) == []
    assert machine.epoll_wait(epoll_fd) == [], "told once, accepted or not"
    connect(machine, 2)
    assert woken(machine) == [2]


def test_poll_wakes_everybody_and_keeps_the_place_of_one_woken_in_vain() -> None:
    machine = host()
    fd = listening(machine, 8)
    watched = [(fd, EPOLLIN)]
    for worker in WORKERS:
        assert machine.poll(watched, worker) == []
        machine.wait_poll(watched, worker)
    connect(machine, 1)
    assert woken(machine) == [3, 2, 1, 0]
    assert machine.poll(watched, 3) == [(fd, EPOLLIN)]
    assert machine.accept(fd, 0) > 0
    for worker in (2, 1, 0):
        assert machine.poll(watched, worker) == []
        machine.wait_poll(watched, worker)
    machine.wait_poll(watched, 3)
    connect(machine, 2)
    assert woken(machine) == [3, 2, 1, 0], "only 3 has joined anew, at the head"


def test_poll_that_returned_is_not_woken() -> None:
    machine = host()
    fd = listening(machine, 8)
    machine.wait_poll([(fd, EPOLLIN)], 1)
    connect(machine, 1)
    connect(machine, 2)
    assert woken(machine) == [1], "once awake it is not woken again"
    assert machine.poll([(fd, EPOLLIN)], 1) == [(fd, EPOLLIN)]
    connect(machine, 3)
    assert woken(machine) == []


def test_a_signal_goes_to_all_owners_and_stays_pending_once() -> None:
    machine = host()
    fd = listening(machine, 8)
    for worker in (1, 2):
        assert machine.own(fd, worker) == 0
    assert machine.wait_signal(1)
    connect(machine, 1)
    connect(machine, 2)
    assert woken(machine) == [1]
    assert not machine.wait_signal(2), "two signals came while it was busy: one is pending"
    assert machine.wait_signal(2)
    machine.disown(1)
    connect(machine, 3)
    assert woken(machine) == [2]


# ---- what is watched


def test_one_thread_watches_two_listening_sockets_and_a_connection() -> None:
    machine = host()
    first, second = listening(machine, 8, reuse_port=True), machine.socket()
    machine.bind(second, 0, 8080)
    machine.listen(second, 8)
    answer = syn(machine, 1)
    assert answer is not None
    ack(machine, answer)
    child = machine.accept(first, 0)
    epoll_fd = machine.epoll_create()
    watched = [(first, EPOLLIN), (second, EPOLLIN), (child, EPOLLIN)]
    for fd, events in watched:
        assert machine.epoll_ctl(epoll_fd, EpollOp.ADD, fd, events) == 0
    assert machine.epoll_wait(epoll_fd) == []
    machine.wait_epoll(epoll_fd, 7)
    ack(machine, answer, length=5)
    assert woken(machine) == [7]
    assert machine.epoll_wait(epoll_fd) == machine.poll(watched, 7) == [(child, EPOLLIN)]
    connect(machine, 2)
    assert machine.epoll_wait(epoll_fd) == [(child, EPOLLIN), (first, EPOLLIN)]
    assert machine.epoll_wait(epoll_fd, 1) == [(child, EPOLLIN)]
    assert machine.epoll_wait(epoll_fd, 1) == [(first, EPOLLIN)], "those handed out go to the tail"


def test_a_half_open_request_is_not_ready() -> None:
    machine = host()
    fd = listening(machine, 8)
    sleeping_epolls(machine, fd)
    syn(machine, 1)
    assert woken(machine) == []


def test_what_is_ready_when_it_is_added_is_found_at_once() -> None:
    machine = host()
    fd = listening(machine, 8)
    connect(machine, 1)
    epoll_fd = machine.epoll_create()
    machine.wait_epoll(epoll_fd, 5)
    machine.epoll_ctl(epoll_fd, EpollOp.ADD, fd, EPOLLIN)
    assert woken(machine) == [5]
    assert not machine.wait_epoll(epoll_fd, 5)
    assert machine.epoll_wait(epoll_fd) == [(fd, EPOLLIN)]


def test_oneshot_tells_once_until_it_is_armed_again() -> None:
    machine = host()
    fd = listening(machine, 8)
    epoll_fd = machine.epoll_create()
    machine.epoll_ctl(epoll_fd, EpollOp.ADD, fd, EPOLLIN | EPOLLONESHOT)
    connect(machine, 1)
    assert machine.epoll_wait(epoll_fd) == [(fd, EPOLLIN)]
    connect(machine, 2)
    assert machine.epoll_wait(epoll_fd) == []
    machine.epoll_ctl(epoll_fd, EpollOp.MOD, fd, EPOLLIN | EPOLLONESHOT)
    assert machine.epoll_wait(epoll_fd) == [(fd, EPOLLIN)]


def test_the_end_of_a_connection_and_of_a_listener_are_told() -> None:
    machine = host()
    fd = listening(machine, 8)
    answer = syn(machine, 1)
    assert answer is not None
    ack(machine, answer)
    child = machine.accept(fd, 0)
    epoll_fd = machine.epoll_create()
    machine.epoll_ctl(epoll_fd, EpollOp.ADD, child, EPOLLIN | EPOLLRDHUP)
    machine.epoll_ctl(epoll_fd, EpollOp.ADD, fd, EPOLLIN)
    seq = (answer.seq + 1) & SEQ_MASK
    machine.receive(Segment(flow(1), FIN | ACK, 1001, seq, 0, 64_240), 0)
    assert machine.epoll_wait(epoll_fd) == [(child, EPOLLIN | EPOLLRDHUP)]
    machine.receive(Segment(flow(1), RST, 1002, 0, 0, 0), 0)
    ((_, mask),) = machine.poll([(child, 0)], 1)
    assert mask == EPOLLERR | EPOLLHUP, "told without being asked for"
    machine.shutdown(fd, 1, 0)
    told = machine.epoll_wait(epoll_fd)
    assert isinstance(told, list)
    assert (fd, EPOLLHUP) in told
    assert machine.poll([(fd, EPOLLIN | EPOLLOUT)], 1) == [(fd, EPOLLOUT | EPOLLHUP)]


def test_a_socket_leaves_every_epoll_with_its_last_descriptor() -> None:
    machine = host()
    fd = listening(machine, 8)
    (epoll_fd, *_) = sleeping_epolls(machine, fd)
    copy = machine.dup(fd)
    machine.close(fd, 0)
    connect(machine, 1)
    assert woken(machine) == [3, 2, 1, 0], "the copy keeps the socket open, and watched"
    machine.close(copy, 0)
    assert machine.epoll_wait(epoll_fd) == []
    again = listening(machine, 8)
    assert again == fd
    assert machine.epoll_ctl(epoll_fd, EpollOp.DEL, again) == -ENOENT


# ---- wrong use


def test_errors_are_those_of_the_kernel() -> None:
    machine = host()
    fd = listening(machine, 8)
    epoll_fd = machine.epoll_create()
    ctl = machine.epoll_ctl
    assert ctl(99, EpollOp.ADD, fd, EPOLLIN) == -EBADF
    assert ctl(fd, EpollOp.ADD, fd, EPOLLIN) == -EINVAL
    assert ctl(epoll_fd, EpollOp.ADD, 99, EPOLLIN) == -EBADF
    assert ctl(epoll_fd, EpollOp.ADD, epoll_fd, EPOLLIN) == -EINVAL
    assert ctl(epoll_fd, EpollOp.MOD, fd, EPOLLIN) == -ENOENT
    assert ctl(epoll_fd, EpollOp.DEL, fd) == -ENOENT
    assert ctl(epoll_fd, EpollOp.ADD, fd, EPOLLIN | EPOLLEXCLUSIVE | EPOLLONESHOT) == -EINVAL
    assert ctl(epoll_fd, EpollOp.ADD, fd, EPOLLIN | EPOLLEXCLUSIVE) == 0
    assert ctl(epoll_fd, EpollOp.ADD, fd, EPOLLIN) == -EEXIST
    assert ctl(epoll_fd, EpollOp.MOD, fd, EPOLLIN) == -EINVAL, "exclusive ones cannot be changed"
    assert ctl(epoll_fd, EpollOp.MOD, fd, EPOLLIN | EPOLLEXCLUSIVE) == -EINVAL
    assert machine.epoll_wait(epoll_fd, 0) == machine.epoll_wait(fd) == -EINVAL
    assert machine.epoll_wait(99) == -EBADF
    assert machine.accept(epoll_fd, 0) == machine.listen(epoll_fd, 1) == -ENOTSOCK
    assert machine.recv(epoll_fd, 1, 0) == machine.send(epoll_fd, 1, 0) == -ENOTSOCK
    assert machine.poll([(99, EPOLLIN)], 1) == [(99, 0x20)], "POLLNVAL"


def test_an_epoll_descriptor_is_one_like_any_other() -> None:
    machine = host()
    fd = listening(machine, 8)
    epoll_fd = machine.epoll_create()
    assert epoll_fd == fd + 1
    machine.epoll_ctl(epoll_fd, EpollOp.ADD, fd, EPOLLIN)
    copy = machine.dup(epoll_fd)
    assert machine.close(epoll_fd, 0) == 0
    assert machine.close(epoll_fd, 0) == -EBADF
    connect(machine, 1)
    assert machine.epoll_wait(copy) == [(fd, EPOLLIN)], "the copy is the same instance"
    machine.close(copy, 0)
    assert machine.socket() == epoll_fd, "its number is free again"


@pytest.mark.parametrize("step", ["epoll", "watch", "sleep", "event", "poll", "signal"])
def test_what_waits_is_part_of_the_state(step: str) -> None:
    machine = host()
    fd = listening(machine, 8)
    epoll_fd = machine.epoll_create()
    machine.epoll_ctl(epoll_fd, EpollOp.ADD, fd, EPOLLIN)
    machine.own(fd, 5)
    before = machine.state()
    match step:
        case "epoll":
            machine.epoll_create()
        case "watch":
            machine.epoll_ctl(epoll_fd, EpollOp.MOD, fd, EPOLLIN | EPOLLET)
        case "sleep":
            machine.wait_epoll(epoll_fd, 1)
        case "event":
            connect(machine, 1)
        case "poll":
            machine.wait_poll([(fd, EPOLLIN)], 1)
        case "signal":
            machine.wait_signal(5)
    assert machine.state() != before
    hash(machine.state())
