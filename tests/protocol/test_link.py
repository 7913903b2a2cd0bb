"""A link inside one process."""

from game.protocol.link import memory_link


def test_messages_arrive_in_order_and_once() -> None:
    here, there = memory_link()
    here.send(b"1")
    here.send(b"2")
    assert [there.receive(), there.receive(), there.receive()] == [b"1", b"2", None]
    there.send(b"3")
    assert here.receive() == b"3"


def test_what_was_under_way_at_the_close_still_arrives() -> None:
    here, there = memory_link()
    here.send(b"last")
    here.close()
    here.send(b"lost")
    assert not there.closed
    assert there.receive() == b"last"
    assert there.receive() is None
    assert there.closed
