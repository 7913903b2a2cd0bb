"""What things cost in core time, in nanoseconds: one table, with its source.

The figures are kernel-level measurements on one core of a virtual machine (AMD EPYC, Linux 6.18,
HZ 250), packets injected through a tun device, the injection itself (about 1.15 µs) taken off.
"""

SYN_DROPPED_NS = 850
"""A SYN that is dropped in silence: 0.75 to 1.0 µs."""

SYN_STORED_NS = 4_000
"""A SYN that gets a request and a SYN-ACK: 3.7 to 4.2 µs."""

SYN_COOKIE_NS = 4_150
"""A SYN that is answered with a cookie: 4.0 to 4.3 µs."""

SEGMENT_NS = 2_700
"""Any other segment; as a stray ACK that is answered with RST: 2.7 µs."""

HANDSHAKE_ACK_NS = 4_000
"""The final ACK that makes a connection: 3.7 to 4.4 µs."""

SYNACK_RETRANSMIT_NS = 3_000
"""A SYN-ACK timer with its retransmission: the stored SYN less its lookup and allocation."""

ACCEPT_NS = 2_800
"""accept4() that takes a connection: 2.7 to 2.9 µs."""

ACCEPT_EAGAIN_NS = 3_900
"""accept4() that finds nothing: 3.5 to 4.3 µs."""

RECV_NS = 1_500
"""recv() of a short request; half of the pipe round trip that was measured."""

SEND_NS = 5_000
"""send() of a short reply: the SYN-ACK path and a copy."""

CLOSE_NS = 7_000
"""close() with FIN: 5.1 to 9.0 µs."""

CONTEXT_SWITCH_NS = 2_700
"""From one thread to another: a pipe round trip with one read and one write."""

WAKE_NS = 40_000
"""From the wake-up of a sleeping thread until it runs: about 40 µs on the recorded machine."""

SLICE_NS = 3_000_000
"""How long a thread runs while others wait for the core: EEVDF's base slice, 3 ms."""
