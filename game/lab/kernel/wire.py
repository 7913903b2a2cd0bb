"""Segments made by hand: frames with IPv4 and TCP headers, sent and read by AF_PACKET.

Payload is all zeros, which keeps the checksum a sum over headers alone.
"""

from __future__ import annotations

import select
import socket
import struct
import time
from typing import Final, NamedTuple

from game.lab.kernel.netns import (
    CLIENT_MAC,
    INTERFACE,
    SERVER_ADDRESS,
    SERVER_MAC,
    inside,
)

ETHERNET_IPV4: Final = 0x0800
FRAMES_MAX: Final = 2_000_000
"""No case sends more: a case with a slip of the pen must end."""

_RECEIVE_BYTES: Final = 64 << 20
_FRAME_MAX: Final = 70_000
_NO_ROOM_S: Final = 0.0005
_SO_RCVBUFFORCE: Final = 33
_IP: Final = struct.Struct("!BBHHHBBHII")
_TCP: Final = struct.Struct("!HHIIBBHHH")
_MSS_KIND: Final = 2


class Arrival(NamedTuple):
    """A segment that came from the server.

    Attributes:
        address: whom it is for.
        port: of theirs.
        flags: of TCP.
        seq: its sequence number.
        length: payload bytes.
    """

    address: int
    port: int
    flags: int
    seq: int
    length: int


def _address(text: str) -> int:
    return int.from_bytes(socket.inet_aton(text), "big")


def _mac(text: str) -> bytes:
    return bytes.fromhex(text.replace(":", ""))


_SERVER: Final = _address(SERVER_ADDRESS)
_ETHERNET: Final = _mac(SERVER_MAC) + _mac(CLIENT_MAC) + ETHERNET_IPV4.to_bytes(2, "big")


def _checksum(words: bytes, start: int = 0) -> int:
    total: int = start + sum(struct.unpack(f"!{len(words) // 2}H", words))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def frame(
    address: int,
    port: int,
    to_port: int,
    flags: int,
    seq: int,
    ack: int,
    length: int,
    window: int,
    mss: int,
) -> bytes:
    """One frame from a peer to the server; `mss` 0 leaves the option out."""
    options = struct.pack("!BBH", _MSS_KIND, 4, mss) if mss else b""
    size = 20 + len(options) + length
    header = _IP.pack(0x45, 0, 20 + size, 0, 0x4000, 64, socket.IPPROTO_TCP, 0, address, _SERVER)
    header = header[:10] + _checksum(header).to_bytes(2, "big") + header[12:]
    offset = (5 + len(options) // 4) << 4
    tcp = _TCP.pack(port, to_port, seq, ack, offset, flags, window, 0, 0) + options
    pseudo = (address >> 16) + (address & 0xFFFF) + (_SERVER >> 16) + (_SERVER & 0xFFFF)
    total = _checksum(tcp, pseudo + socket.IPPROTO_TCP + size)
    tcp = tcp[:16] + total.to_bytes(2, "big") + tcp[18:]
    return _ETHERNET + header + tcp + bytes(length)


class Wire:
    """The peers' end of the veth pair.

    Args:
        namespace: the clients'.
        is_deaf: it only sends.
    """

    def __init__(self, namespace: str, *, is_deaf: bool = False) -> None:
        with inside(namespace):
            self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
            self._socket.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, _RECEIVE_BYTES)
            # Bound to one protocol it does not hear what it says itself.
            self._socket.bind((INTERFACE, 0 if is_deaf else ETHERNET_IPV4))
        self._socket.setblocking(False)
        self._sent = 0

    def close(self) -> None:
        """Let go of it."""
        self._socket.close()

    def send(self, data: bytes) -> None:
        """Send one frame.

        Raises:
            ValueError: the case has sent more frames than any may.
        """
        self._sent += 1
        if self._sent > FRAMES_MAX:
            raise ValueError(f"more than {FRAMES_MAX} frames")
        while True:
            try:
                self._socket.send(data)
                return
            except (BlockingIOError, InterruptedError):
                time.sleep(_NO_ROOM_S)

    def receive(self, within_s: float) -> list[Arrival]:
        """Every segment that is there; waits at most so long for a first one."""
        if not select.select([self._socket], [], [], max(within_s, 0.0))[0]:
            return []
        arrivals: list[Arrival] = []
        while True:
            try:
                data = self._socket.recv(_FRAME_MAX)
            except (BlockingIOError, InterruptedError):
                return arrivals
            arrival = parse(data)
            if arrival is not None:
                arrivals.append(arrival)


def parse(data: bytes) -> Arrival | None:
    """The segment in a frame, None where there is none."""
    if len(data) < 54 or data[14] >> 4 != 4 or data[23] != socket.IPPROTO_TCP:
        return None
    size = int.from_bytes(data[16:18], "big")
    start = 14 + (data[14] & 15) * 4
    header = _TCP.unpack_from(data, start)
    length = size - (start - 14) - (header[4] >> 4) * 4
    return Arrival(int.from_bytes(data[30:34], "big"), header[1], header[5], header[2], length)
