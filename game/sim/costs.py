"""What things cost in core time, in nanoseconds: one table, with its source.

The figures are kernel-level measurements on one core of a virtual machine (AMD EPYC, Linux 6.18,
HZ 250), packets injected through a tun device, the injection itself (about 1.15 µs) taken off.
What waiting costs was measured there too: calls in a loop, 1 to 500 socket pairs, best of seven.
"""

SYN_DROPPED_NS = 850
"""A SYN that is dropped in silence: 0.75 to 1.0 µs."""

SYN_STORED_NS = 4_000
"""A SYN that gets a request and a SYN-ACK: 3.7 to 4.2 µs."""

SYN_COOKIE_NS = 4_150
"""A SYN that is answered with a cookie: 4.0 to 4.3 µs."""

SEGMENT_NS = 2_700
"""Any other segment; as a stray ACK that is answered with RST: 2.7 µs."""

SEGMENT_IGNORED_NS = 850
"""A segment that a listener ignores (RST): the way of a dropped SYN, without its checks."""

XDP_DROP_NS = 85
"""A packet dropped in the driver: a tenth of a silent drop, as XDP's 10 Mpps a core are to TCP's 1.
Source: Cloudflare, "How to drop 10 million packets per second", 2018; the ratio there."""

IPTABLES_DROP_NS = 500
"""A packet dropped by a rule before TCP: 1.7 Mpps (iptables raw) against 10 Mpps for XDP there."""

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

EPOLL_WAIT_NS = 370
"""epoll_wait() that does not sleep: 370 to 500 ns with one ready descriptor, however many are
watched (1, 10, 100 and 500 were measured)."""

EPOLL_READY_NS = 125
"""What each ready descriptor adds to epoll_wait(): 66.6 µs for 500."""

EPOLL_CTL_NS = 410
"""epoll_ctl() that changes one watch: 340 to 430 ns."""

POLL_NS = 350
"""poll() that does not sleep, but for its descriptors: 372 ns with one."""

SELECT_NS = 770
"""select() that does not sleep, but for its descriptors: 820 ns with one, the sets copied."""

POLL_WATCHED_NS = 53
"""What each watched descriptor adds to poll() or select(): 24.2 and 27.2 µs for 500, one ready."""

SIGNAL_NS = 2_800
"""A signal delivered, its handler run and left: 2.77 µs."""

LOCK_NS = 1_300
"""An fcntl(2) lock taken and given back with nobody else waiting: 1.28 µs."""

HANDOVER_NS = 1_400
"""A connection put into a queue and a thread woken for it: half a pipe round trip."""

WAKE_NS = 40_000
"""From the wake-up of a sleeping thread until it runs: about 40 µs on the recorded machine."""

PROCESS_BYTES = 8_000_000
"""What a server process takes for itself, a web server with an interpreter in it: an order of
magnitude from practice (5 to 50 MB), not a measurement."""

THREAD_BYTES = 400_000
"""What one more thread takes: the touched part of its stack and its buffers; likewise."""

SLICE_NS = 3_000_000
"""How long a thread runs while others wait for the core: EEVDF's base slice, 3 ms."""
