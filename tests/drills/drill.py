"""The interpreter of .drill files: a timeline of segments, calls and what must be seen.

A line is a time and an event; `//` starts a comment. The time is `+` since the line before, in
`ms` or `s`; `+0` is the same instant. Peers are capital letters. The events:

    profile NAME                          before everything else: another stack
    sysctl NAME=VALUE                     before the sockets, or live
    peer A isn=N [window=N] [mss=N] [address=N] [port=N]   what a peer is like, before it sends
    listen(backlog=N [defer=S] [syncnt=N] [rcvbuf=N] [sndbuf=N])     again: the same socket
    < A SYN | ACK | DATA n | FIN | RST    the peer sends; an ACK covers all it has received
    < A SYN seq=+n | ACK ack=n | ...      the same, off by n or with another acknowledgement
    < A FIN unseen=n                      it has not seen our last n bytes yet
    > A SYN-ACK | ACK | RST | RST-ACK | FIN-ACK | DATA n | nothing    what the host sent next
    accept() = A | ERRNO                  recv(A), send(A, n), close(A), dup(A), shutdown(A, how)
    listener.close() | listener.shutdown(how)
    ss Recv-Q=n Send-Q=n                  of the listener
    ss A STATE [Recv-Q=n] [Send-Q=n]      of a flow
    states STATE=n ...                    how many flows are in each state, no others
    nstat NAME=n ...                      counters, exactly
    drops NAME=n ...                      what the listener has refused or lost

Bare ACKs that the host sends are asserted only where a line asks for them. Source of the form:
packetdrill (google/packetdrill).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

from game.kernel.descriptor import Option
from game.kernel.errno import errno_name
from game.kernel.host import Host
from game.kernel.listen import Drop, ListenSocket
from game.kernel.profile import PROFILES
from game.kernel.segment import (
    ACK,
    FIN,
    RST,
    SEQ_MASK,
    SYN,
    Flow,
    Segment,
    flags_text,
    seq_after,
)
from game.kernel.ss import socket_rows
from game.kernel.sysctl import Sysctls

PORT = 80
HOW = {"rd": 1, "wr": 2, "rdwr": 3}
OPTIONS = {
    "reuseport": Option.SO_REUSEPORT,
    "defer": Option.TCP_DEFER_ACCEPT,
    "syncnt": Option.TCP_SYNCNT,
    "rcvbuf": Option.SO_RCVBUF,
    "sndbuf": Option.SO_SNDBUF,
}
UNITS = {"ms": 1_000_000, "s": 1_000_000_000, "": 1_000_000_000}
FLAGS = {"SYN": SYN, "ACK": ACK, "DATA": ACK, "FIN": FIN | ACK, "RST": RST, "PROBE": 0}


class Peer:
    """A peer that sends what a line says and keeps count of what it got."""

    def __init__(self, number: int) -> None:
        self.flow = Flow(0x0A00_0100 + number, 40_000, 0x0A00_0001, PORT)
        self.isn = 1000
        self.seq = 1001
        self.acked: int | None = None
        self.window = 64_240
        self.mss = 1460
        self.inbox: list[str] = []
        self.fd = -1

    def receive(self, segment: Segment) -> None:
        flags = segment.flags
        text = flags_text(flags)
        if segment.length:
            text = f"DATA {segment.length}" + (" FIN" if flags & FIN else "")
        self.inbox.append(text)
        end = (segment.seq + segment.length + bool(flags & (SYN | FIN))) & SEQ_MASK
        if not flags & RST and (self.acked is None or seq_after(end, self.acked)):
            self.acked = end


class Drill:
    """One timeline under way."""

    def __init__(self) -> None:
        self.host = Host(Sysctls(), boot_key=1)
        self.now_ns = 0
        self.fd = -1
        self.listener: ListenSocket | None = None
        self.peers: defaultdict[str, Peer] = defaultdict(lambda: Peer(len(self.peers)))

    def run(self, path: Path) -> None:
        """Play a file; the first line that does not hold raises AssertionError with its text."""
        for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            line = raw.partition("//")[0].strip()
            if not line:
                continue
            try:
                self._play(line)
            except AssertionError as error:
                raise AssertionError(f"{path.name}:{number}: {line}: {error}") from None

    def _play(self, line: str) -> None:
        found = re.fullmatch(r"\+?([\d.]+)(ms|s|)\s+(.*)", line)
        assert found, "a line needs a time and an event"
        self._advance(self.now_ns + round(float(found[1]) * UNITS[found[2]]))
        event = found[3]
        word = re.split(r"[\s(.]", event, maxsplit=1)[0]
        names = {"<": "arrive", ">": "expect"}
        play: Callable[[str], None] = getattr(self, f"_{names.get(word, word)}")
        play(event)

    def _advance(self, until_ns: int) -> None:
        while (at := self.host.next_timer_ns()) is not None and at <= until_ns:
            self.host.run_timers(at)
        self.now_ns = until_ns
        self._deliver()

    def _deliver(self) -> None:
        by_flow = {peer.flow: peer for peer in self.peers.values()}
        for segment in self.host.outbox:
            by_flow[segment.flow].receive(segment)
        self.host.outbox.clear()

    # ---- setting up

    def _profile(self, event: str) -> None:
        profile = PROFILES[event.split()[1]]
        self.host = Host(Sysctls(), boot_key=1, profile=profile)
        self.host.sysctl.somaxconn = profile.somaxconn

    def _sysctl(self, event: str) -> None:
        name, _, value = event.split(maxsplit=1)[1].partition("=")
        self.host.sysctl.set(name, value)

    def _peer(self, event: str) -> None:
        peer = self.peers[event.split()[1]]
        for name, value in _pairs(event).items():
            if name in ("address", "port"):
                peer.flow = peer.flow._replace(**{f"remote_{name}": value})
            else:
                setattr(peer, name, value)
        peer.seq = (peer.isn + 1) & SEQ_MASK

    def _listen(self, event: str) -> None:
        values = _pairs(event)
        if self.fd < 0:
            self.fd = self.host.socket()
            for name in OPTIONS.keys() & values.keys():
                self.host.setsockopt(self.fd, OPTIONS[name], values[name])
            assert self.host.bind(self.fd, 0, PORT) == 0
        assert self.host.listen(self.fd, values["backlog"]) == 0
        self.listener = self.host.listeners[-1]

    # ---- segments

    def _arrive(self, event: str) -> None:
        name, kind, *rest = event[1:].split()
        peer = self.peers[name]
        pairs = _pairs(event)
        length = int(rest[0]) if kind == "DATA" else 0
        seq = peer.isn if kind == "SYN" else peer.seq
        if "seq" in pairs:
            seq += pairs["seq"]
        elif kind != "SYN":
            peer.seq = (peer.seq + length + (kind == "FIN")) & SEQ_MASK
        ack = pairs.get("ack", (peer.acked or 0) - pairs.get("unseen", 0))
        mss = peer.mss if kind == "SYN" else 0
        window = pairs.get("window", peer.window)
        segment = Segment(
            peer.flow, FLAGS[kind], seq & SEQ_MASK, ack & SEQ_MASK, length, window, mss
        )
        self.host.receive(segment, self.now_ns)
        self._deliver()

    def _expect(self, event: str) -> None:
        name, *words = event[1:].split()
        wanted = " ".join(words)
        inbox = self.peers[name].inbox
        if wanted != "ACK":
            inbox[:] = [text for text in inbox if text != "ACK"]
        got = inbox.pop(0) if inbox else "nothing"
        assert got == wanted, f"got {got}"

    # ---- calls

    def _result(self, event: str, result: int) -> None:
        self._deliver()
        wanted = event.partition("=")[2].strip()
        got = errno_name(result) if result < 0 else str(result)
        if wanted:
            assert got == wanted, f"got {got}"

    def _accept(self, event: str) -> None:
        wanted = event.partition("=")[2].strip()
        result = self.host.accept(self.fd, self.now_ns)
        got = errno_name(result) if result < 0 else self._whose(result)
        assert got == wanted, f"got {got}"

    def _whose(self, fd: int) -> str:
        file = self.host.file(fd)
        for name, peer in self.peers.items():
            if peer.flow == getattr(file, "flow", None):
                peer.fd = fd
                return name
        return "?"

    def _recv(self, event: str) -> None:
        self._result(event, self.host.recv(self._fd(event), 1 << 20, self.now_ns))

    def _send(self, event: str) -> None:
        size = int(event.partition(",")[2].partition(")")[0])
        self._result(event, self.host.send(self._fd(event), size, self.now_ns))

    def _close(self, event: str) -> None:
        self._result(event, self.host.close(self._fd(event), self.now_ns))

    def _dup(self, event: str) -> None:
        assert self.host.dup(self._fd(event)) > 0

    def _linger(self, event: str) -> None:
        self.host.setsockopt(self._fd(event), Option.SO_LINGER, 0)

    def _shutdown(self, event: str) -> None:
        how = HOW[event.partition(",")[2].partition(")")[0].strip()]
        self._result(event, self.host.shutdown(self._fd(event), how, self.now_ns))

    def _listener(self, event: str) -> None:
        if event.startswith("listener.close"):
            self._result(event, self.host.close(self.fd, self.now_ns))
            return
        how = HOW[event.partition("(")[2].partition(")")[0]]
        self._result(event, self.host.shutdown(self.fd, how, self.now_ns))

    def _fd(self, event: str) -> int:
        return self.peers[re.split(r"[(,)]", event)[1].strip()].fd

    # ---- looking

    def _ss(self, event: str) -> None:
        words = event.split()[1:]
        wanted = {w.partition("=")[0]: int(w.partition("=")[2]) for w in words if "=" in w}
        if words[0] in self.peers:
            flow = self.peers[words[0]].flow
            end = f":{flow.remote_port}"
            rows = [r for r in socket_rows(self.host) if r.peer.endswith(end)]
            rows = [r for r in rows if r.peer.startswith(_address(flow))]
            assert [row.state for row in rows] == [words[1]], f"got {rows}"
            got = {"Recv-Q": rows[0].recv_q, "Send-Q": rows[0].send_q}
        else:
            assert self.listener is not None
            got = {"Recv-Q": len(self.listener.accept_queue), "Send-Q": self.listener.backlog}
        got = {name: got[name] for name in wanted}
        assert got == wanted, f"got {got}"

    def _states(self, event: str) -> None:
        got: dict[str, int] = defaultdict(int)
        for row in socket_rows(self.host):
            if row.state != "LISTEN":
                got[row.state] += 1
        assert dict(got) == _pairs(event), f"got {dict(got)}"

    def _nstat(self, event: str) -> None:
        wanted = _pairs(event)
        got = {name: getattr(self.host.counters, name) for name in wanted}
        assert got == wanted, f"got {got}"

    def _drops(self, event: str) -> None:
        assert self.listener is not None
        got = {Drop(drop).name: count for drop, count in self.listener.drops.items() if count}
        assert got == _pairs(event), f"got {got}"


def _pairs(event: str) -> dict[str, int]:
    return {name: int(value) for name, value in re.findall(r"([\w-]+)=([+-]?\d+)", event)}


def _address(flow: Flow) -> str:
    return ".".join(str(flow.remote_address >> shift & 255) for shift in (24, 16, 8, 0)) + ":"
