"""A receive buffer: what a segment costs, how much the peer may still send, what is pruned.

Accounting is by truesize, the memory a packet takes with its overhead; the window that is
offered follows from it. Sending is in `transmit.py`; autotuning by round trips is not modelled.
Source: linux v6.18 net/ipv4/tcp_output.c __tcp_select_window(), tcp_input.c tcp_data_queue(),
tcp_grow_window(), tcp_measure_rcv_mss(), tcp_prune_queue(), tcp_collapse().
"""

from collections import deque
from typing import Final

from game.kernel.segment import SEQ_MASK, seq_after, seq_before
from game.kernel.stack import Stack

WINDOW_MAX: Final = 65535
"""Without window scaling no more can be offered."""

RCVBUF_MIN: Final = 2304
SNDBUF_MIN: Final = 4608
ADVERTISED_MSS: Final = 1460
_RATIO_DEFAULT: Final = 128  # Of 256: half of the memory is expected to be payload.
_OVERHEAD: Final = 256  # struct sk_buff
_SHARED_INFO: Final = 320  # struct skb_shared_info, at the end of every data block
_HEADERS: Final = 54  # Ethernet, IP, TCP
_COLLAPSED_MAX: Final = 4096 - _SHARED_INFO
_RCV_MSS_FIRST: Final = 536
_QUICK_ACKS_MAX: Final = 16


def truesize(length: int) -> int:
    """The memory that one received segment of `length` payload bytes is charged for.

    Data blocks come in powers of two, so 1,400 bytes cost 2,304.
    Source: linux v6.18 include/linux/skbuff.h SKB_TRUESIZE().
    """
    block = length + _HEADERS + _SHARED_INFO
    return _OVERHEAD + (1 << (block - 1).bit_length())


def initial_window(rcvbuf: int, mss: int) -> int:
    """The window in a SYN-ACK: half of the buffer in whole segments, at most 65535.

    Source: linux v6.18 net/ipv4/tcp_output.c tcp_select_initial_window().
    """
    space = rcvbuf * _RATIO_DEFAULT >> 8
    return min(space - space % mss if space > mss else space, WINDOW_MAX)


class ReceiveBuffer:
    """What has arrived on one connection and was not read, and the window that follows.

    Attributes:
        rcvbuf: the limit, in bytes of truesize.
        is_locked: SO_RCVBUF was set, so the limit stays.
        rmem: bytes of truesize in use, in order or not.
        rcv_nxt: the sequence number expected next.
        rcv_wup: rcv_nxt when the window was last offered.
        rcv_wnd: the window offered then.
        unread: payload in order that was not read.
        quick: how many ACKs are still sent at once.
        rcv_mss: the largest segment seen, in payload bytes.
    """

    __slots__ = (
        "_chunks",
        "_clamp",
        "_has_data",
        "_out_of_memory",
        "_out_of_order",
        "_ratio",
        "_ssthresh",
        "_stack",
        "is_locked",
        "quick",
        "rcv_mss",
        "rcv_nxt",
        "rcv_wnd",
        "rcv_wup",
        "rcvbuf",
        "rmem",
        "unread",
    )

    def __init__(
        self, stack: Stack, rcv_nxt: int, window: int, rcvbuf: int, *, is_locked: bool
    ) -> None:
        self._stack = stack
        self.rcvbuf = rcvbuf
        self.is_locked = is_locked
        self.rmem = 0
        self.rcv_nxt = rcv_nxt
        self.rcv_wup = rcv_nxt
        self.rcv_wnd = window
        self.unread = 0
        self.quick = 0
        self.rcv_mss = min(_RCV_MSS_FIRST, max(window >> 1, 88))
        self._ratio = _RATIO_DEFAULT
        self._ssthresh = window
        self._clamp = min(rcvbuf * _RATIO_DEFAULT >> 8, WINDOW_MAX)
        self._chunks: deque[tuple[int, int]] = deque()  # payload, truesize; oldest first
        self._out_of_order: dict[int, tuple[int, int, bool]] = {}  # seq: payload, truesize, FIN
        self._out_of_memory = False
        self._has_data = False

    # ---- the window

    def window_left(self) -> int:
        """How much the peer may still send of the window last offered."""
        left = (self.rcv_wup + self.rcv_wnd - self.rcv_nxt) & SEQ_MASK
        return left if left <= SEQ_MASK >> 1 else 0

    def select_window(self) -> int:
        """The window to offer in a segment that leaves now; its right edge never moves left.

        Source: linux v6.18 net/ipv4/tcp_output.c tcp_select_window().
        """
        counters = self._stack.counters
        before = self.rcv_wnd
        if self._out_of_memory:
            self._out_of_memory = False
            window = 0
        else:
            left, window = self.window_left(), self.window_wanted()
            if window < left:
                counters.TcpExtTCPWantZeroWindowAdv += window == 0
                window = left
        self.rcv_wnd = window
        self.rcv_wup = self.rcv_nxt
        if not window or not before:
            counters.TcpExtTCPToZeroWindowAdv += window == 0 and before > 0
            counters.TcpExtTCPFromZeroWindowAdv += window > 0 and before == 0
        return window if window < WINDOW_MAX else WINDOW_MAX

    def window_wanted(self) -> int:
        """The window that the free memory allows, in whole segments.

        Source: linux v6.18 net/ipv4/tcp_output.c __tcp_select_window().
        """
        # Asked for with every segment that leaves, so it is written without calls.
        rcvbuf, ratio, clamp, mss = self.rcvbuf, self._ratio, self._clamp, self.rcv_mss
        allowed = rcvbuf * ratio >> 8
        free = (rcvbuf - self.rmem) * ratio >> 8 if self.rmem < rcvbuf else 0
        full = clamp if clamp < allowed else allowed
        if mss > full:
            mss = full
        if mss <= 0:
            return 0
        if free < full >> 1:
            self.quick = 0
            if free < allowed >> 4 or free < mss:
                return 0
        if free > self._ssthresh:
            free = self._ssthresh
        window = self.rcv_wnd
        if window <= free - mss or window > free:
            return free - free % mss
        if mss == full and free > window + (full >> 1):
            return free
        return window

    def _space(self) -> int:
        return max(self.rcvbuf - self.rmem, 0) * self._ratio >> 8

    # ---- data comes

    def accepts(self, seq: int, end_seq: int) -> bool:
        """True if a segment lies in the window, so that it may be looked at.

        Source: linux v6.18 net/ipv4/tcp_input.c tcp_sequence().
        """
        if seq_before(end_seq, self.rcv_wup):
            return False
        edge = (self.rcv_nxt + self.window_left()) & SEQ_MASK
        if not seq_after(end_seq, edge):
            return True
        # Too long is forgiven only while nothing waits to be read.
        return not seq_after(seq, edge) and not self._chunks

    def receive(self, seq: int, length: int, *, fin: bool) -> bool:
        """Take the payload of a segment that `accepts` let pass; True if its FIN is next.

        What comes early is kept if there is room; what comes twice is ignored.
        """
        fresh = length
        if seq != self.rcv_nxt:
            if seq_after(seq, self.rcv_nxt):
                self._receive_early(seq, length, fin=fin)
                return False
            end = (seq + length) & SEQ_MASK
            if seq_before(end, self.rcv_nxt):
                return False
            fresh = (end - self.rcv_nxt) & SEQ_MASK
        if not fresh and not fin:
            return False
        if fresh and not self._take(fresh):
            return False
        return (bool(self._out_of_order) and self._merge()) or fin

    def _take(self, length: int) -> bool:
        """Queue payload that is next in order, unless memory or the window is used up."""
        counters = self._stack.counters
        if not self.window_left():
            counters.TcpExtTCPZeroWindowDrop += 1
            return False
        if self.rmem > self.rcvbuf and not self._make_room() and self._chunks:
            counters.TcpExtTCPRcvQDrop += 1
            self._out_of_memory = True
            return False
        size = truesize(length)
        self.rmem += size
        self._chunks.append((length, size))
        self.unread += length
        self.rcv_nxt = (self.rcv_nxt + length) & SEQ_MASK
        self._measure(length, size)
        if not self._has_data:
            self._has_data = True
            self.quick = min(self.rcv_wnd // (2 * self.rcv_mss) or 2, _QUICK_ACKS_MAX)
        self._grow(length, size)
        return True

    def _receive_early(self, seq: int, length: int, *, fin: bool) -> None:
        if seq in self._out_of_order or not self._make_room():
            return
        size = truesize(length)
        self.rmem += size
        self._out_of_order[seq] = (length, size, fin)
        self._stack.counters.TcpExtTCPOFOQueue += 1
        if length:
            self._measure(length, size)

    def _merge(self) -> bool:
        """Move what came early and is next now; True if that ends with a FIN."""
        while self._out_of_order:
            seq = next((s for s in self._out_of_order if not seq_after(s, self.rcv_nxt)), None)
            if seq is None:
                return False
            length, size, fin = self._out_of_order.pop(seq)
            fresh = (seq + length - self.rcv_nxt) & SEQ_MASK
            if 0 < fresh <= length:
                self._chunks.append((fresh, size))
                self.unread += fresh
                self.rcv_nxt = (self.rcv_nxt + fresh) & SEQ_MASK
            else:
                self.rmem -= size
            if fin and (seq + length) & SEQ_MASK == self.rcv_nxt:
                return True
        return False

    def _measure(self, length: int, size: int) -> None:
        """Learn from a full-sized segment how much of the memory is payload.

        Source: linux v6.18 net/ipv4/tcp_input.c tcp_measure_rcv_mss().
        """
        if length < self.rcv_mss:
            return
        if length != self.rcv_mss:
            ratio = max((length << 8) // size, 1)
            if ratio != self._ratio:
                self._ratio = ratio
                self._clamp = self.rcvbuf * ratio >> 8
        self.rcv_mss = min(length, ADVERTISED_MSS)

    def _grow(self, length: int, size: int) -> None:
        """Let the window grow as data proves not to waste memory.

        Source: linux v6.18 net/ipv4/tcp_input.c tcp_grow_window(), __tcp_grow_window().
        """
        if length < 128:
            return
        room = min(self._clamp, self._space()) - self._ssthresh
        if room <= 0:
            return
        if size * self._ratio >> 8 <= length:
            step = 2 * ADVERTISED_MSS
        else:
            step = self._slow_step(length, size)
        if step:
            self._ssthresh += min(room, max(step, 2 * length))
            self.quick |= 1

    def _slow_step(self, length: int, size: int) -> int:
        cost = (size * self._ratio >> 8) >> 1
        window = (self._stack.sysctl.tcp_rmem[2] * self._ratio >> 8) >> 1
        while self._ssthresh <= window:
            if cost <= length:
                return 2 * self.rcv_mss
            cost >>= 1
            window >>= 1
        return 0

    # ---- memory

    def _make_room(self) -> bool:
        """True if one more segment may be charged; squeezes the queue if need be.

        Source: linux v6.18 net/ipv4/tcp_input.c tcp_try_rmem_schedule(), tcp_prune_queue().
        """
        if self.rmem <= self.rcvbuf:
            return True
        counters = self._stack.counters
        counters.TcpExtPruneCalled += 1
        self._clamp_window()
        if self.rmem <= self.rcvbuf:
            return True
        self._collapse()
        if self.rmem > self.rcvbuf:
            self._drop_early()
        if self.rmem > self.rcvbuf:
            counters.TcpExtRcvPruned += 1
            return False
        return True

    def _clamp_window(self) -> None:
        """Source: linux v6.18 net/ipv4/tcp_input.c tcp_clamp_window()."""
        self.quick = 0
        most = self._stack.sysctl.tcp_rmem[2]
        if not self.is_locked and self.rcvbuf < most:
            self.rcvbuf = min(self.rmem, most)
        if self.rmem > self.rcvbuf:
            self._ssthresh = min(self._clamp, 2 * ADVERTISED_MSS)

    def _collapse(self) -> None:
        """Copy the queue into full blocks, from its first wasteful one on.

        Source: linux v6.18 net/ipv4/tcp_input.c tcp_collapse().
        """
        chunks = list(self._chunks)
        start = next(
            (i for i, (n, size) in enumerate(chunks) if size * self._ratio >> 8 > n), len(chunks)
        )
        payload = sum(n for n, _ in chunks[start:])
        if not payload:
            return
        full, rest = divmod(payload, _COLLAPSED_MAX)
        blocks = [_COLLAPSED_MAX] * full + [rest] * (rest > 0)
        squeezed = [(n, _OVERHEAD + (1 << (n + _SHARED_INFO - 1).bit_length())) for n in blocks]
        self._stack.counters.TcpExtTCPRcvCollapsed += max(len(chunks) - start - len(blocks), 0)
        self._chunks = deque(chunks[:start] + squeezed)
        early = sum(size for _, size, _ in self._out_of_order.values())
        self.rmem = early + sum(size for _, size in self._chunks)

    def _drop_early(self) -> None:
        """Source: linux v6.18 net/ipv4/tcp_input.c tcp_prune_ofo_queue()."""
        for seq in reversed(list(self._out_of_order)):
            if self.rmem <= self.rcvbuf:
                return
            self.rmem -= self._out_of_order.pop(seq)[1]

    # ---- reading

    def read(self, size: int) -> int:
        """Hand up to `size` bytes to the application; memory is freed buffer by buffer."""
        left = taken = size if size < self.unread else self.unread
        self.unread -= taken
        chunks = self._chunks
        while left:
            length, memory = chunks[0]
            if length > left:
                chunks[0] = (length - left, memory)
                break
            left -= length
            self.rmem -= memory
            chunks.popleft()
        return taken

    def wants_update(self) -> bool:
        """True if reading has freed so much that the peer should hear of it at once.

        Source: linux v6.18 net/ipv4/tcp.c __tcp_cleanup_rbuf().
        """
        if (self.rcv_nxt - self.rcv_wup) & SEQ_MASK > self.rcv_mss:
            return True
        left = self.window_left()
        if 2 * left > self._clamp:
            return False
        wanted = self.window_wanted()
        return wanted > 0 and wanted >= 2 * left

    def state(self) -> tuple[object, ...]:
        """Every bit of it, for a digest."""
        early = tuple((seq, *kept) for seq, kept in self._out_of_order.items())
        return (
            self.rcvbuf, self.rmem, self.rcv_nxt, self.rcv_wup, self.rcv_wnd, self.unread,
            self.quick, self.rcv_mss, self._ratio, self._ssthresh, self._clamp,
            int(self._out_of_memory), int(self._has_data), tuple(self._chunks), early,
        )  # fmt: skip
