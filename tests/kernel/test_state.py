"""The state of a host: every bit, the same for the same story, and only plain values."""

from game.kernel.host import Host
from game.kernel.listen import DROPS, Drop
from tests.kernel.machines import MS, ack, connect, host, listening, syn


def story(now_ns: int = 0) -> Host:
    machine = host(tcp_syncookies=0)
    fd = listening(machine, 2)
    for number in range(5):
        connect(machine, number, now_ns)
    answer = syn(machine, 9, now_ns)
    if answer is not None:
        ack(machine, answer, length=100, now_ns=now_ns)
    child = machine.accept(fd, now_ns)
    machine.send(child, 5000, now_ns)
    machine.run_timers(now_ns + 700 * MS)
    return machine


def plain(value: object) -> bool:
    if isinstance(value, tuple):
        return all(plain(part) for part in value)
    return isinstance(value, int | str)


def test_the_same_story_gives_the_same_state() -> None:
    assert story().state() == story().state()
    assert plain(story().state())
    hash(story().state())


def test_anything_that_happens_changes_it() -> None:
    machine = story()
    seen = {machine.state()}
    for act in (
        lambda: machine.sysctl.set("somaxconn", 7),
        lambda: machine.accept(3, 0),
        lambda: machine.wait_accept(3, 1),
        lambda: machine.listen(3, 1),
        lambda: machine.recv(4, 10, 0),
        lambda: machine.outbox.clear(),
        lambda: machine.run_timers(2000 * MS),
        lambda: machine.close(4, 0),
    ):
        before = len(seen)
        act()
        seen.add(machine.state())
        assert len(seen) > before or machine.recv(4, 1, 0) < 0


def test_the_order_of_timers_is_part_of_it() -> None:
    """The last armed fires first, so two hosts alike in all else may still part ways."""
    states = []
    for order in ((1, 2), (2, 1)):
        machine = host()
        listening(machine, 4)
        for number in order:
            syn(machine, number)
        states.append(machine.state()[5])
    assert states[0] != states[1]


def test_two_hosts_share_nothing() -> None:
    first, second = story(), story()
    before = second.state()
    connect(first, 50)
    first.sysctl.set("somaxconn", 1)
    assert second.state() == before


def test_every_kind_of_drop_is_explained() -> None:
    names = set(story().counters.__slots__)
    assert set(DROPS) == set(Drop)
    for row in DROPS.values():
        assert row.rule
        assert set(row.counters) <= names
