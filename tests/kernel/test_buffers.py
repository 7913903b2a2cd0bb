"""Receive and send buffers: bounded, conserving, and as large as the recordings say."""

from hypothesis import given, settings
from hypothesis import strategies as st

from game.kernel.descriptor import Option
from game.kernel.host import Host
from game.kernel.segment import ACK, SEQ_MASK, Segment
from game.kernel.sockbuf import ReceiveBuffer, initial_window, truesize
from game.kernel.stack import Stack
from game.kernel.sysctl import Sysctls
from tests.kernel.machines import ack, host, listening, syn


def receiver(rcvbuf: int, start: int = 0) -> ReceiveBuffer:
    stack = Stack(Sysctls(), 1, 0)
    return ReceiveBuffer(stack, start, initial_window(rcvbuf, 1460), rcvbuf, is_locked=True)


def test_a_segment_of_1400_bytes_costs_2304() -> None:
    assert [truesize(n) for n in (1, 100, 138, 139, 1400)] == [768, 768, 768, 1280, 2304]


def test_the_first_window_is_half_of_the_buffer_in_whole_segments() -> None:
    assert initial_window(131_072, 1460) == 64_240
    assert initial_window(40_000, 1460) == 18_980
    assert initial_window(1_000_000, 1460) == 65_535
    assert initial_window(2304, 1460) == 1152


@settings(deadline=None, derandomize=True)
@given(
    st.integers(2304, 60_000),
    st.integers(0, SEQ_MASK),
    st.lists(st.tuples(st.integers(0, 40), st.integers(1, 1460), st.booleans()), max_size=120),
)
def test_a_receive_buffer_never_loses_counts_or_overfills(
    rcvbuf: int, start: int, segments: list[tuple[int, int, bool]]
) -> None:
    """Segments of 100 bytes apart in any order, any of them read in between."""
    buffer = receiver(rcvbuf, start)
    taken = 0
    edge = start + buffer.rcv_wnd
    for offset, length, reads in segments:
        seq = (start + 100 * offset) & SEQ_MASK
        if buffer.accepts(seq, (seq + length) & SEQ_MASK):
            buffer.receive(seq, length, fin=False)
        if reads:
            taken += buffer.read(700)
        buffer.select_window()
        now = taken + buffer.unread + buffer.window_left()
        assert start + now >= edge, "the right edge moved left"
        edge = max(edge, start + now)
        assert (buffer.rcv_nxt - start) & SEQ_MASK == taken + buffer.unread
        assert buffer.rmem <= rcvbuf + truesize(1460)
    while buffer.read(1 << 20):
        pass
    assert buffer.unread == 0


def test_a_full_receive_buffer_is_squeezed_to_the_byte_the_recordings_say() -> None:
    """8,000 bytes at a time in segments of 1,400, nothing read: 23,000 and 132,200 bytes."""
    for rcvbuf, kept in ((40_000, 23_000), (174_760, 132_200)):
        buffer, seq = receiver(rcvbuf), 0
        for length in ([1400] * 5 + [1000]) * 30:
            if buffer.accepts(seq, seq + length):
                buffer.receive(seq, length, fin=False)
                if buffer.quick or buffer.window_wanted() >= buffer.rcv_wnd:
                    buffer.select_window()
            seq += length
        assert buffer.unread == kept


def filled(sndbuf: int | None) -> tuple[Host, int, int]:
    machine = host()
    fd = listening(machine, 4)
    if sndbuf is not None:
        machine.setsockopt(fd, Option.SO_SNDBUF, sndbuf)
    answer = syn(machine, 1)
    assert answer is not None
    ack(machine, answer)
    child = machine.accept(fd, 0)
    total = 0
    while (sent := machine.send(child, 4096, 0)) > 0:
        total += sent
    return machine, child, total


def test_a_silent_peer_takes_what_the_recordings_say() -> None:
    for sndbuf, bytes_taken in ((None, 78_556), (16_384, 46_436), (65_536, 142_796)):
        machine, _, total = filled(sndbuf)
        assert total == bytes_taken
        assert sum(segment.length for segment in machine.outbox) == 9 * 1460 + 1176


def test_what_is_sent_is_what_was_written_once_all_is_acknowledged() -> None:
    machine, child, total = filled(16_384)
    connection = next(machine.connections)
    received = 0
    while connection.send_q:
        segments, machine.outbox[:] = machine.outbox[:], []
        assert segments, "the sender has stopped"
        received += sum(segment.length for segment in segments)
        last = segments[-1]
        seen = (last.seq + last.length) & SEQ_MASK
        machine.receive(Segment(last.flow, ACK, 1001, seen, 0, 64_240), 0)
    assert received == total
    assert connection.transmitter is not None
    assert connection.transmitter.wmem == 0
    assert machine.send(child, 1, 0) == 1


def test_options_are_doubled_and_capped() -> None:
    machine = host()
    fd = machine.socket()
    for option, least in ((Option.SO_RCVBUF, 2304), (Option.SO_SNDBUF, 4608)):
        for value, kept in ((5000, 10_000), (1, least), (10**9, 8_388_608)):
            machine.setsockopt(fd, option, value)
            assert machine.getsockopt(fd, option) == kept


def test_a_socket_is_writable_again_when_a_third_is_free() -> None:
    machine, child, _ = filled(16_384)
    assert machine.wait_writable(child, 1)
    transmitter = next(machine.connections).transmitter
    assert transmitter is not None
    transmitter.wmem = 32_768 * 2 // 3 + 1
    assert not transmitter.has_room()
    transmitter.wmem -= 2
    assert transmitter.has_room()
