"""A TCP segment, the flow it belongs to, and arithmetic on 32-bit sequence numbers.

Only the header fields that the model acts on are held, and of the payload only its length: no
content is modelled, nor window scaling, SACK or timestamps.
Source: RFC 9293 §3.1, §3.4; linux v6.18 include/net/tcp.h before(), after().
"""

from dataclasses import dataclass
from typing import Final, NamedTuple

FIN: Final = 0x01
SYN: Final = 0x02
RST: Final = 0x04
ACK: Final = 0x10

SEQ_MASK: Final = 0xFFFF_FFFF
_SEQ_HALF: Final = 0x8000_0000


class Flow(NamedTuple):
    """The four numbers that name one connection, always from the host's side.

    Attributes:
        remote_address: IPv4 address of the peer as a 32-bit number.
        remote_port: port of the peer.
        local_address: IPv4 address of the host as a 32-bit number.
        local_port: port of the host.
    """

    remote_address: int
    remote_port: int
    local_address: int
    local_port: int


@dataclass(slots=True)
class Segment:
    """One TCP segment, in either direction; `flow` is named from the host's side in both.

    Attributes:
        flow: the connection it belongs to.
        flags: SYN, ACK, FIN and RST, or-ed.
        seq: sequence number of its first byte (or of the SYN or FIN).
        ack: acknowledgement number; meaningless without ACK.
        length: payload in bytes.
        window: what the sender offers to receive, in bytes, unscaled.
        mss: the MSS option, 0 for none.
    """

    flow: Flow
    flags: int
    seq: int = 0
    ack: int = 0
    length: int = 0
    window: int = 65535
    mss: int = 0


def seq_before(left: int, right: int) -> bool:
    """True if `left` comes before `right`, both modulo 2**32.

    Source: linux v6.18 include/net/tcp.h before().
    """
    return (left - right) & SEQ_MASK >= _SEQ_HALF


def seq_after(left: int, right: int) -> bool:
    """True if `left` comes after `right`, both modulo 2**32.

    Source: linux v6.18 include/net/tcp.h after().
    """
    return (right - left) & SEQ_MASK >= _SEQ_HALF


def address_text(address: int) -> str:
    """An address as people write it, `10.0.0.1` for 0x0A000001."""
    return ".".join(str(address >> shift & 0xFF) for shift in (24, 16, 8, 0))


def flags_text(flags: int) -> str:
    """The flags by name, `SYN-ACK` or `RST`; `nothing` for none."""
    names = ((SYN, "SYN"), (FIN, "FIN"), (RST, "RST"), (ACK, "ACK"))
    return "-".join(name for bit, name in names if flags & bit) or "nothing"
