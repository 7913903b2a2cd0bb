"""Who may share an address and port: every pair of options, bound and listening."""

import pytest

from game.kernel.connection import SHUT_SEND
from game.kernel.descriptor import Option
from game.kernel.errno import (
    EADDRINUSE,
    EAGAIN,
    EBADF,
    EINVAL,
    ENOTCONN,
    EPIPE,
    errno_name,
    strerror,
)
from game.kernel.host import Host
from tests.kernel.machines import PORT, ack, connect, host, listening, syn

ADDR, REUSE = Option.SO_REUSEADDR, Option.SO_REUSEPORT


def bound(machine: Host, option: Option | None = None, address: int = 0, uid: int = 0) -> int:
    fd = machine.socket()
    if option is not None:
        machine.setsockopt(fd, option, 1)
    result = machine.bind(fd, address, PORT, uid)
    return fd if result == 0 else result


@pytest.mark.parametrize(
    ("first", "second", "listens", "allowed"),
    [
        (None, None, False, False),
        (ADDR, None, False, False),
        (None, ADDR, False, False),
        (ADDR, ADDR, False, True),
        (ADDR, ADDR, True, False),
        (REUSE, REUSE, False, True),
        (REUSE, REUSE, True, True),
        (REUSE, None, False, False),
        (None, REUSE, False, False),
        (REUSE, ADDR, True, False),
    ],
)
def test_two_sockets_on_one_port(
    first: Option | None, second: Option | None, listens: bool, allowed: bool
) -> None:
    machine = host()
    fd = bound(machine, first)
    if listens:
        assert machine.listen(fd, 1) == 0
    assert (bound(machine, second) >= 0) is allowed


def test_only_one_of_two_with_reuseaddr_may_listen() -> None:
    machine = host()
    first, second = bound(machine, ADDR), bound(machine, ADDR)
    assert machine.listen(first, 1) == 0
    assert machine.listen(second, 1) == -EADDRINUSE


def test_another_user_may_not_join() -> None:
    machine = host()
    listening(machine, 1, reuse_port=True, uid=1)
    assert bound(machine, REUSE, uid=2) == -EADDRINUSE
    assert bound(machine, REUSE, uid=1) > 0


def test_any_address_overlaps_every_address() -> None:
    machine = host()
    assert bound(machine, address=1) > 0
    assert bound(machine, address=2) > 0
    assert bound(machine, address=0) == -EADDRINUSE


def test_time_wait_keeps_the_port_but_from_reuseaddr() -> None:
    for option, allowed in ((None, False), (ADDR, True)):
        machine = host()
        fd = bound(machine, option)
        machine.listen(fd, 1)
        assert connect(machine, 1)
        child = machine.accept(fd, 0)
        machine.close(child, 0)
        machine.close(fd, 0)
        assert (bound(machine, option) >= 0) is allowed


def test_a_listener_is_bound_to_a_port_of_its_own_if_it_asked_for_none() -> None:
    machine = host()
    first, second = machine.socket(), machine.socket()
    assert machine.listen(first, 1) == machine.listen(second, 1) == 0
    assert [ls.port for ls in machine.listeners] == [32768, 32769]


def test_calls_on_the_wrong_kind_of_socket() -> None:
    machine = host()
    fd = listening(machine, 4)
    assert machine.bind(fd, 0, 81) == -EINVAL
    assert machine.recv(fd, 1, 0) == -ENOTCONN
    assert machine.send(fd, 1, 0) == -EPIPE
    assert machine.accept(fd, 0) == -EAGAIN
    fresh = machine.socket()
    assert machine.accept(fresh, 0) == -EINVAL
    assert machine.shutdown(fresh, SHUT_SEND, 0) == -ENOTCONN
    assert connect(machine, 1)
    child = machine.accept(fd, 0)
    assert machine.listen(child, 1) == -EINVAL
    assert machine.accept(child, 0) == -EINVAL
    assert machine.shutdown(child, 4, 0) == -EINVAL
    assert machine.setsockopt(fd, Option.TCP_SYNCNT, 0) == -EINVAL


def test_calls_on_a_descriptor_that_is_not_open() -> None:
    machine = host()
    results = [
        machine.bind(9, 0, 1),
        machine.listen(9, 1),
        machine.accept(9, 0),
        machine.recv(9, 1, 0),
        machine.send(9, 1, 0),
        machine.shutdown(9, 1, 0),
        machine.dup(9),
        machine.close(9, 0),
        machine.setsockopt(9, ADDR, 1),
    ]
    assert set(results) == {-EBADF}


def test_the_lowest_free_descriptor_is_used_again() -> None:
    machine = host()
    first, second, third = (machine.socket() for _ in range(3))
    assert (first, second, third) == (3, 4, 5)
    machine.close(second, 0)
    machine.close(first, 0)
    assert [machine.socket() for _ in range(3)] == [3, 4, 6]


def test_errno_has_a_name_and_a_sentence() -> None:
    assert errno_name(-EADDRINUSE) == "EADDRINUSE"
    assert strerror(-EADDRINUSE) == "Address already in use"


def test_a_cookie_ack_makes_a_connection_with_an_owner() -> None:
    """Connections from cookies hold the port as others do."""
    machine = host(tcp_syncookies=2)
    fd = listening(machine, 4)
    answer = syn(machine, 1)
    assert answer is not None
    ack(machine, answer)
    assert machine.accept(fd, 0) > 0
    machine.close(fd, 0)
    assert bound(machine) == -EADDRINUSE
