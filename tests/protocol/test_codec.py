"""Bytes to messages: what is read, what is refused, and the bytes that are pinned."""

import math

import msgpack
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.protocol.codec import MalformedMessage, decode_from_client, decode_from_server, encode
from game.protocol.limits import CLIENT_MESSAGE_BYTES_MAX, MESSAGE_DEPTH_MAX
from game.protocol.messages import Call, ClientMessage, ConsoleLine, Hello, SetKnob, SetSysctl


def test_set_sysctl_bytes() -> None:
    """The bytes on the wire, pinned: a change here is a protocol change."""
    message = SetSysctl(seq=1, name="net.core.somaxconn", value=128)
    expected = b"\x84\xa4type\xa6sysctl\xa3seq\x01\xa4name\xb2net.core.somaxconn\xa5value\xcc\x80"
    assert encode(message) == expected
    assert decode_from_client(expected) == message


@given(
    st.one_of(
        st.builds(
            SetSysctl,
            seq=st.integers(1, 2**53 - 1),
            name=st.text(max_size=64),
            value=st.integers(-(2**31), 2**31 - 1),
        ),
        st.builds(
            SetKnob,
            seq=st.integers(1, 99),
            name=st.text(max_size=64),
            value=st.text(max_size=64),
        ),
        st.builds(Call, seq=st.integers(1, 99), call=st.text(max_size=64)),
        st.builds(ConsoleLine, seq=st.integers(1, 99), text=st.text(max_size=256)),
    )
)
def test_what_is_encoded_comes_back(message: ClientMessage) -> None:
    assert decode_from_client(encode(message)) == message


@pytest.mark.parametrize(
    ("tree", "why"),
    [
        ({"type": "sysctl", "seq": 0, "name": "a", "value": 1}, "$.seq"),
        ({"type": "sysctl", "seq": 1, "name": "a" * 65, "value": 1}, "$.name"),
        ({"type": "sysctl", "seq": 1, "name": "a", "value": 2**31}, "$.value"),
        ({"type": "sysctl", "seq": 1, "name": "a", "value": math.nan}, "$.value"),
        ({"type": "sysctl", "seq": 1, "name": "a", "value": 1.5}, "$.value"),
        ({"type": "speed", "quarters": 33}, "$.quarters"),
        ({"type": "no such message"}, "no such message"),
        ({"seq": 1}, "type"),
        ([], "array"),
    ],
)
def test_a_wrong_message_is_refused_with_its_path(tree: object, why: str) -> None:
    with pytest.raises(MalformedMessage) as refusal:
        decode_from_client(msgpack.packb(tree))
    assert why in str(refusal.value)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xc1",
        b"\xdd\xff\xff\xff\xff",
        b"\x91" * 4000 + b"\x01",
        b"GET / HTTP/1.1\r\n\r\n",
        bytes(CLIENT_MESSAGE_BYTES_MAX + 1),
    ],
)
def test_bytes_that_are_no_message_are_refused(data: bytes) -> None:
    with pytest.raises(MalformedMessage):
        decode_from_client(data)


def test_nesting_is_limited() -> None:
    deep: object = 1
    for _ in range(MESSAGE_DEPTH_MAX + 1):
        deep = [deep]
    with pytest.raises(MalformedMessage, match="nested deeper"):
        decode_from_client(msgpack.packb({"type": "ack", "tick": deep}))


@given(st.binary(max_size=300))
def test_any_bytes_are_refused_or_read(data: bytes) -> None:
    """Nothing but `MalformedMessage` ever comes out of the decoder."""
    for decode in (decode_from_client, decode_from_server):
        try:
            decode(data)
        except MalformedMessage:
            continue


def test_a_newer_peer_may_add_fields() -> None:
    hello = Hello(1, 2, "9.9", "Ada")
    tree = msgspec.to_builtins(hello) | {"favourite_colour": "teal"}
    assert decode_from_client(msgpack.packb(tree)) == hello
