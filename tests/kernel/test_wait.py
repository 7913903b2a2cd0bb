"""Who is woken: blocking accept() in turn, one for each connection."""

from game.kernel.segment import FIN, Segment
from tests.kernel.machines import ack, connect, host, listener_of, listening, syn


def test_blocking_accepts_are_woken_in_turn() -> None:
    machine = host()
    fd = listening(machine, 8)
    for worker in (10, 11, 12):
        assert machine.wait_accept(fd, worker)
    for number in range(2):
        connect(machine, number)
    assert machine.woken == [10, 11]
    machine.woken.clear()
    assert machine.accept(fd, 0) > 0
    assert machine.accept(fd, 0) > 0
    assert machine.wait_accept(fd, 10)
    connect(machine, 5)
    connect(machine, 6)
    connect(machine, 7)
    assert machine.woken == [12, 10], "nobody is left for the third"


def test_nobody_sleeps_while_a_connection_waits() -> None:
    machine = host()
    fd = listening(machine, 8)
    connect(machine, 1)
    assert not machine.wait_accept(fd, 10)
    assert (
        listener_of(machine, fd).waiters.sleepers
        == type(listener_of(machine, fd).waiters.sleepers)()
    )


def test_a_half_open_request_wakes_nobody() -> None:
    machine = host()
    fd = listening(machine, 8)
    machine.wait_accept(fd, 10)
    answer = syn(machine, 1)
    assert machine.woken == []
    assert answer is not None
    ack(machine, answer)
    assert machine.woken == [10]


def test_cancelled_waits_are_not_woken() -> None:
    machine = host()
    fd = listening(machine, 8)
    machine.wait_accept(fd, 10)
    machine.wait_accept(fd, 11)
    machine.cancel_wait(fd, 10)
    connect(machine, 1)
    assert machine.woken == [11]


def test_closing_the_listener_wakes_everybody() -> None:
    machine = host()
    fd = listening(machine, 8)
    machine.wait_accept(fd, 10)
    machine.wait_accept(fd, 11)
    machine.close(fd, 0)
    assert machine.woken == [10, 11]


def test_data_and_the_end_wake_a_reader() -> None:
    machine = host()
    fd = listening(machine, 8)
    answer = syn(machine, 1)
    assert answer is not None
    ack(machine, answer)
    child = machine.accept(fd, 0)
    assert machine.wait_readable(child, 20)
    ack(machine, answer, length=5)
    assert machine.woken == [20]
    assert not machine.wait_readable(child, 20)
    assert machine.recv(child, 100, 0) == 5
    machine.woken.clear()
    assert machine.wait_readable(child, 20)
    machine.receive(
        Segment(answer.flow, FIN | 0x10, 1006, (answer.seq + 1) & 0xFFFFFFFF, 0, 64240), 0
    )
    assert machine.woken == [20]


def test_room_in_the_send_buffer_wakes_a_writer() -> None:
    machine = host()
    fd = listening(machine, 8)
    answer = syn(machine, 1)
    assert answer is not None
    ack(machine, answer)
    child = machine.accept(fd, 0)
    assert not machine.wait_writable(child, 20), "an empty buffer has room"
    while machine.send(child, 4096, 0) > 0:
        pass
    assert machine.wait_writable(child, 20)
    sent = (answer.seq + 1 + 14_316) & 0xFFFFFFFF
    machine.outbox.clear()
    for _ in range(20):
        machine.receive(Segment(answer.flow, 0x10, 1001, sent, 0, 64240), 0)
        sent = max([sent, *((s.seq + s.length) & 0xFFFFFFFF for s in machine.outbox)])
        machine.outbox.clear()
    assert machine.woken == [20]
