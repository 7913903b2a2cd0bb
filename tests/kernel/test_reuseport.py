"""The hash choice among SO_REUSEPORT listeners, and what becomes of a closed one's queues."""

import math

from game.kernel.hash import hash32
from game.kernel.host import Host
from game.kernel.segment import RST
from tests.kernel.machines import ack, connect, flow, host, listening, syn


def lengths(machine: Host) -> list[int]:
    return [len(ls.accept_queue) for ls in machine.listeners]


def group_of(count: int, backlog: int = 1000, **sysctls: int) -> tuple[Host, list[int]]:
    machine = host(**sysctls)
    return machine, [listening(machine, backlog, reuse_port=True) for _ in range(count)]


def test_shares_are_even_but_for_chance() -> None:
    machine, _ = group_of(4)
    for number in range(2000):
        connect(machine, number)
    reach = 5 * math.sqrt(2000 * 0.25 * 0.75)
    assert all(abs(share - 500) < reach for share in lengths(machine))
    assert len(set(lengths(machine))) > 1, "a hash, not a turn for each"


def test_the_choice_is_the_hash_scaled_to_the_number_of_members() -> None:
    machine, _ = group_of(3)
    group = machine.listeners[0].group
    for number in range(50):
        index = hash32(flow(number), machine.stack.boot_key) * 3 >> 32
        assert group.select(flow(number)) is group.members[index]


def test_a_flow_always_meets_the_same_listener_however_full_it_is() -> None:
    machine, fds = group_of(2, backlog=0, tcp_syncookies=0)
    for number in range(40):
        connect(machine, number)
    assert lengths(machine) == [1, 1]
    group = machine.listeners[0].group
    refused = [n for n in range(40) if n not in answered(machine)]
    machine.accept(fds[0], 0)
    for number in refused:
        chosen = group.select(flow(number))
        assert (syn(machine, number) is not None) <= (chosen is machine.listeners[0])


def answered(machine: Host) -> set[int]:
    return {connection.flow.remote_address - 0x0A01_0000 for connection in machine.connections}


def test_the_last_member_moves_into_the_hole() -> None:
    machine, fds = group_of(4)
    before = list(machine.listeners)
    group = before[0].group
    machine.close(fds[1], 0)
    assert group.members == [before[0], before[3], before[2]]


def test_a_closed_listeners_connections_are_reset() -> None:
    machine, fds = group_of(2)
    for number in range(40):
        connect(machine, number)
    kept, lost = lengths(machine)
    machine.close(fds[1], 0)
    assert sum(bool(segment.flags & RST) for segment in machine.outbox) == lost
    assert machine.counters.TcpEstabResets == lost
    assert lengths(machine) == [kept]


def test_a_closed_listeners_connections_and_requests_move_with_migrate_req() -> None:
    machine, fds = group_of(2, tcp_migrate_req=1)
    answers = [syn(machine, number) for number in range(40)]
    for answer in answers[:20]:
        assert answer is not None
        ack(machine, answer)
    queued, half_open = len(machine.listeners[1].accept_queue), machine.listeners[1].qlen
    machine.close(fds[1], 0)
    assert lengths(machine) == [20]
    assert machine.counters.TcpExtTCPMigrateReqSuccess == queued
    for answer in answers[20:]:
        assert answer is not None
        ack(machine, answer)
    assert lengths(machine) == [40]
    assert machine.counters.TcpExtTCPMigrateReqSuccess == queued + half_open
    assert machine.counters.TcpOutRsts == 0


def test_requests_move_at_their_timer_too() -> None:
    machine, fds = group_of(2, tcp_migrate_req=1)
    for number in range(20):
        syn(machine, number)
    moving = machine.listeners[1].qlen
    machine.close(fds[1], 0)
    assert machine.listeners[0].qlen == 20 - moving
    machine.run_timers(1_100_000_000)
    assert machine.listeners[0].qlen == 20
    assert machine.listeners[0].young == 0
    assert machine.counters.TcpExtTCPMigrateReqSuccess == moving
    assert machine.counters.TcpExtTCPSynRetrans == 20


def test_without_a_survivor_migration_fails() -> None:
    machine, fds = group_of(1, tcp_migrate_req=1)
    connect(machine, 1)
    machine.close(fds[0], 0)
    assert machine.counters.TcpExtTCPMigrateReqFailure == 1
    assert machine.counters.TcpOutRsts == 1


def test_the_cookie_stamp_is_shared_by_the_group() -> None:
    machine, _ = group_of(2, tcp_syncookies=2)
    syn(machine, 1)
    stamps = {listener.group.cookie_stamp_ns for listener in machine.listeners}
    assert stamps == {0}
