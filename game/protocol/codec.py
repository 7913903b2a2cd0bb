"""Messages to bytes and back: MessagePack under explicit limits, then typed and range-checked."""

import msgpack
import msgspec

from game.protocol.limits import (
    CLIENT_MESSAGE_BYTES_MAX,
    MESSAGE_DEPTH_MAX,
    SERVER_MESSAGE_BYTES_MAX,
)
from game.protocol.messages import ClientMessage, ServerMessage

_encoder = msgspec.msgpack.Encoder()
_decode_from_server = msgspec.msgpack.Decoder(ServerMessage).decode
_decode_from_client = msgspec.msgpack.Decoder(ClientMessage).decode


class _Tagged(msgspec.Struct):
    type: str


_decode_tag = msgspec.msgpack.Decoder(_Tagged).decode


def kind_of(data: bytes) -> str:
    """The tag of a message, without reading the rest; "" if it has none."""
    try:
        return _decode_tag(data).type
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ""


class MalformedMessage(ValueError):
    """Bytes that are no message; the text says what is wrong with them."""


def encode(message: ClientMessage | ServerMessage) -> bytes:
    """The bytes of one message."""
    return _encoder.encode(message)


def decode_from_client(data: bytes) -> ClientMessage:
    """The message of a player.

    Raises:
        MalformedMessage: too big, too deep, not MessagePack, unknown, or out of range.
    """
    _check(data, CLIENT_MESSAGE_BYTES_MAX)
    try:
        message: ClientMessage = _decode_from_client(data)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise MalformedMessage(str(error)) from error
    return message


def decode_from_server(data: bytes) -> ServerMessage:
    """The message of a host.

    Raises:
        MalformedMessage: as for `decode_from_client`.

    Bytes become typed values in one step, without a tree between: twenty times a second a
    snapshot has to be read between two frames, and what is nested deeper than its type is refused.
    """
    if len(data) > SERVER_MESSAGE_BYTES_MAX:
        raise MalformedMessage(_too_big(len(data), SERVER_MESSAGE_BYTES_MAX))
    try:
        message: ServerMessage = _decode_from_server(data)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise MalformedMessage(str(error)) from error
    return message


def _too_big(size: int, bytes_max: int) -> str:
    return f"a message of {size} bytes; at most {bytes_max} are read"


def _check(data: bytes, bytes_max: int) -> None:
    """Refuse what no player sends, before anything is made of it."""
    if len(data) > bytes_max:
        raise MalformedMessage(_too_big(len(data), bytes_max))
    try:
        tree = msgpack.unpackb(
            data,
            strict_map_key=True,
            max_str_len=bytes_max,
            max_bin_len=0,
            max_array_len=bytes_max,
            max_map_len=4096,
            max_ext_len=0,
        )
    except (ValueError, msgpack.exceptions.UnpackException) as error:
        raise MalformedMessage(f"not MessagePack: {error or type(error).__name__}") from error
    if _deeper_than(tree, MESSAGE_DEPTH_MAX):
        raise MalformedMessage(f"nested deeper than {MESSAGE_DEPTH_MAX}")


def _deeper_than(tree: object, depth_max: int) -> bool:
    """Whether arrays and maps nest deeper; walks level by level, so never recurses itself."""
    layer = [tree]
    for _ in range(depth_max):
        inner: list[object] = []
        for node in layer:
            if isinstance(node, dict):
                inner.extend(node.values())
            elif isinstance(node, list):
                inner.extend(node)
        if not inner:
            return False
        layer = inner
    return any(isinstance(node, (dict, list)) for node in layer)
