"""The RST that answers a segment nobody wants.

Not here: the RST that an established connection sends of its own accord (`connection.py`).
Source: linux v6.18 net/ipv4/tcp_ipv4.c tcp_v4_send_reset(); RFC 9293 §3.5.2.
"""

from game.kernel.segment import ACK, FIN, RST, SEQ_MASK, SYN, Segment
from game.kernel.stack import Stack


def send_reset(stack: Stack, segment: Segment) -> None:
    """Answer a segment with RST, at the sequence number that its sender will believe.

    A segment that is itself a RST is never answered.
    """
    flags = segment.flags
    if flags & RST:
        return
    stack.counters.TcpOutRsts += 1
    if flags & ACK:
        stack.send(Segment(segment.flow, RST, segment.ack, 0, 0, 0))
        return
    end = segment.seq + segment.length + bool(flags & SYN) + bool(flags & FIN)
    stack.send(Segment(segment.flow, RST | ACK, 0, end & SEQ_MASK, 0, 0))
