"""Every sysctl does what Linux does with it: a measurable effect where there is one, else none.

Each row plays one small scene under two values and looks at one number. Sysctls of the card's side
are in tests/sim, those that only a connecting machine reads have no effect on a host that listens.
"""

from collections.abc import Callable
from typing import Any

import pytest

from game.kernel.descriptor import Option
from game.kernel.errno import EAGAIN
from game.kernel.host import Host
from game.kernel.segment import ACK, FIN, SEQ_MASK, Segment
from game.kernel.sysctl import SYSCTLS
from tests.kernel.machines import S, ack, connect, host, listener_of, listening, syn

Scene = Callable[[Host], Any]


def backlog_after_listen(machine: Host) -> int:
    return listener_of(machine, listening(machine, 200)).backlog


def requests_of_50_syns(machine: Host) -> int:
    fd = listening(machine, 30)
    for number in range(50):
        syn(machine, number)
    return listener_of(machine, fd).qlen


def answers_to_50_syns(machine: Host) -> int:
    listening(machine, 30)
    return sum(syn(machine, number) is not None for number in range(50))


def requests_after_2_s(machine: Host) -> int:
    fd = listening(machine, 30)
    syn(machine, 1)
    machine.run_timers(2 * S)
    return listener_of(machine, fd).qlen


def resets_of_an_overflow(machine: Host) -> int:
    listening(machine, 0)
    answers = [syn(machine, 1)]
    machine.sysctl.tcp_syncookies = 0
    ack(machine, _there(answers[0]))
    listener_of(machine, 3).set_backlog(5)
    late = _there(syn(machine, 2))
    listener_of(machine, 3).set_backlog(0)
    ack(machine, late)
    return machine.counters.TcpOutRsts


def survivors_of_a_closed_listener(machine: Host) -> int:
    first = listening(machine, 10, reuse_port=True)
    second = listening(machine, 10, reuse_port=True)
    for number in range(8):
        connect(machine, number)
    machine.close(first, 0)
    return len(listener_of(machine, second).accept_queue)


def states_30_s_after_a_half_close(machine: Host) -> int:
    fd, answer = _accepted(machine)
    machine.close(fd, 0)
    machine.receive(_segment(answer, ack_more=1), S)  # The FIN is acknowledged, no FIN comes.
    machine.run_timers(30 * S)
    return len(list(machine.endpoints))


def resets_of_orphans(machine: Host) -> int:
    for number in range(3):
        fd, _ = _accepted(machine, number)
        machine.close(fd, 0)
    return machine.counters.TcpOutRsts


def timeouts_until_data_is_given_up(machine: Host) -> int:
    fd, _ = _accepted(machine)
    machine.send(fd, 100, 0)
    machine.run_timers(2000 * S)
    return machine.counters.TcpExtTCPTimeouts


def timeouts_until_an_orphan_is_given_up(machine: Host) -> int:
    fd, _ = _accepted(machine)
    machine.close(fd, 0)
    machine.run_timers(2000 * S)
    return machine.counters.TcpExtTCPTimeouts


def window_of_the_syn_ack(machine: Host) -> int:
    listening(machine, 5)
    return _there(syn(machine, 1)).window


def bytes_taken_for_a_silent_peer(machine: Host) -> int:
    fd, _ = _accepted(machine)
    taken = 0
    while (step := machine.send(fd, 4096, 0)) != -EAGAIN:
        taken += step
    return taken


def bytes_taken_with_so_sndbuf(machine: Host) -> int:
    fd, _ = _accepted(machine)
    machine.setsockopt(fd, Option.SO_SNDBUF, 1_000_000)
    taken = 0
    while (step := machine.send(fd, 4096, 0)) != -EAGAIN:
        taken += step
    return taken


def window_with_so_rcvbuf(machine: Host) -> int:
    fd = machine.socket()
    machine.setsockopt(fd, Option.SO_RCVBUF, 20_000)
    machine.bind(fd, 0, 80)
    machine.listen(fd, 5)
    return _there(syn(machine, 1)).window


SCENES: dict[str, tuple[Any, Any, Scene]] = {
    "somaxconn": (10, 4096, backlog_after_listen),
    "tcp_max_syn_backlog": (16, 1024, requests_of_50_syns),
    "tcp_syncookies": (0, 1, answers_to_50_syns),
    "tcp_synack_retries": (0, 5, requests_after_2_s),
    "tcp_abort_on_overflow": (0, 1, resets_of_an_overflow),
    "tcp_migrate_req": (0, 1, survivors_of_a_closed_listener),
    "tcp_fin_timeout": (5, 60, states_30_s_after_a_half_close),
    "tcp_max_orphans": (1, 65536, resets_of_orphans),
    "tcp_retries2": (3, 15, timeouts_until_data_is_given_up),
    "tcp_orphan_retries": (2, 0, timeouts_until_an_orphan_is_given_up),
    "tcp_rmem": ((4096, 8192, 8192), (4096, 131072, 33554432), window_of_the_syn_ack),
    "tcp_wmem": ((4096, 4096, 4096), (4096, 16384, 4194304), bytes_taken_for_a_silent_peer),
    "rmem_max": (4096, 4194304, window_with_so_rcvbuf),
    "wmem_max": (8192, 4194304, bytes_taken_with_so_sndbuf),
}

CARD_SIDE = {"netdev_budget", "netdev_budget_usecs"}
"""In tests/sim: they need a card."""

WITHOUT_EFFECT = {
    "tcp_syn_retries",  # Read by connect().
    "tcp_syn_linear_timeouts",
    "tcp_tw_reuse",
    "netdev_max_backlog",  # Bounds the queue of devices without a ring: none is modelled.
}


def test_every_sysctl_has_its_place_here() -> None:
    assert {row.last_name for row in SYSCTLS} == SCENES.keys() | CARD_SIDE | WITHOUT_EFFECT


@pytest.mark.parametrize("name", SCENES)
def test_it_has_the_effect_it_has_in_linux(name: str) -> None:
    low, high, scene = SCENES[name]
    assert scene(host(**_quiet(name), **{name: low})) != scene(host(**_quiet(name), **{name: high}))


@pytest.mark.parametrize("name", sorted(WITHOUT_EFFECT))
def test_what_a_listening_host_does_not_read_changes_nothing(name: str) -> None:
    row = next(one for one in SYSCTLS if one.last_name == name)
    for scene in {scene for _, _, scene in SCENES.values()}:
        assert scene(host(**{name: row.minimum})) == scene(host())


def test_somaxconn_is_read_by_listen_alone() -> None:
    machine = host()
    fd = listening(machine, 200)
    machine.sysctl.set("somaxconn", 10)
    assert listener_of(machine, fd).backlog == 200
    machine.listen(fd, 200)
    assert listener_of(machine, fd).backlog == 10


@pytest.mark.parametrize("mode", [1, 2])
def test_tcp_max_syn_backlog_plays_no_part_with_cookies_on(mode: int) -> None:
    few = host(tcp_syncookies=mode, tcp_max_syn_backlog=2)
    many = host(tcp_syncookies=mode, tcp_max_syn_backlog=2048)
    assert requests_of_50_syns(few) == requests_of_50_syns(many)
    assert few.counters.as_dict() == many.counters.as_dict()


def _quiet(name: str) -> dict[str, int]:
    """Cookies off, so that limits show; unless cookies are what is looked at."""
    return {} if name == "tcp_syncookies" else {"tcp_syncookies": 0}


def _there(answer: Segment | None) -> Segment:
    assert answer is not None
    return answer


def _accepted(machine: Host, number: int = 1) -> tuple[int, Segment]:
    """An accepted connection: its descriptor and the SYN-ACK it began with."""
    if not machine.listeners:
        listening(machine, 10)
    answer = _there(syn(machine, number))
    ack(machine, answer)
    fd = machine.accept(3, 0)
    assert fd > 0
    return fd, answer


def _segment(answer: Segment, ack_more: int = 0, fin: bool = False) -> Segment:
    """A segment of the peer that began with this SYN-ACK."""
    flags = ACK | (FIN if fin else 0)
    return Segment(answer.flow, flags, 1001, answer.seq + 1 + ack_more & SEQ_MASK, 0, 64_240)
