"""Plays a scripted case on the real kernel: hand-made peers against real listening sockets.

The same case on the model is `game/lab/scripted.py`; waits and limits are as the recordings had
them. Source: assets/kernel-truth/README.md, "steps".
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from game.kernel.segment import ACK, FIN, RST, SEQ_MASK, SYN, seq_after
from game.lab.kernel.netns import Namespaces
from game.lab.kernel.server import RemoteServer, serve_steps
from game.lab.kernel.wire import Arrival, Wire, frame
from game.lab.scripted import (
    AFTER_CALL_NS,
    AFTER_PEERS_NS,
    BEFORE_SAMPLE_NS,
    DATA_BYTES_MAX,
    FORGED_ACK,
    GIVE_UP_NS,
    PEER_ADDRESS_FIRST,
    PEER_ISN_STEP,
    PEER_MSS,
    PEER_PORT,
    PEER_WINDOW,
    PORT,
)

Case = dict[str, Any]

NS: Final = 1e9
SECONDS_MAX: Final = 600.0
"""No case takes longer."""


@dataclass(slots=True)
class Peer:
    """One flow's other end; times in seconds from the start of the case.

    Attributes:
        address: its own.
        isn: its initial sequence number.
        seq: the next sequence number it sends.
        acked: what it acknowledges, None before a SYN-ACK came.
        syn_at: when it first sent its SYN.
        syn_acks_at: when each SYN-ACK came.
        auto_ack: it answers every SYN-ACK from now on.
    """

    address: int
    isn: int
    seq: int
    acked: int | None = None
    syn_at: float | None = None
    syn_acks_at: list[float] = field(default_factory=list)
    auto_ack: bool = False


def play_steps(case: Case) -> dict[str, Any]:
    """Play one scripted case on this kernel; what was measured, in the form of `measured`.

    Raises:
        NoKernelHere: there can be no namespaces.
        ServerLost: the server's process was killed.
        ValueError: the case says something that cannot be played.
    """
    with Namespaces() as pair, RemoteServer(pair.server, serve_steps) as server:
        wire = Wire(pair.client)
        try:
            return _Run(case, server, wire).play()
        finally:
            wire.close()


class _Run:
    def __init__(self, case: Case, server: RemoteServer, wire: Wire) -> None:
        self._case = case
        self._server = server
        self._wire = wire
        self._peers: dict[int, Peer] = {}
        self._by_address: dict[int, Peer] = {}
        self._accepted = [0] * len(case["machine"]["listeners"])
        self._calls: list[dict[str, Any]] = []
        self._samples: list[dict[str, Any]] = []
        self._received = Counter[str]()
        self._start = 0.0

    def play(self) -> dict[str, Any]:
        self._server.call("open", self._case["machine"])
        self._start = time.monotonic()
        for step in self._case["steps"]:
            play: Callable[[dict[str, Any]], None] | None
            play = getattr(self, f"_do_{step['do']}", None)
            if play is None and step["do"].startswith("conn_"):
                play = self._on_connection
            if play is None:
                raise ValueError(f"there is no step {step['do']!r}")
            play(step)
        measured = {
            "samples": self._samples,
            "accepted": self._accepted,
            "calls": self._calls,
        }
        recorded = self._case.get("measured") or {}
        if "syn_ack_times" in recorded:
            measured["syn_ack_times"] = {
                name: self._syn_ack_times(int(name)) for name in recorded["syn_ack_times"]
            }
        return measured

    # ---- time

    def _now(self) -> float:
        return time.monotonic() - self._start

    def _pump(self, until: float) -> None:
        """Let time pass; what comes from the server is read, and answered where it is to be."""
        if until > SECONDS_MAX:
            raise ValueError(f"it takes more than {SECONDS_MAX:g} s")
        while True:
            left = until - self._now()
            for arrival in self._wire.receive(left):
                self._take(arrival)
            if left <= 0:
                return

    def _pass(self, span_ns: int) -> None:
        self._pump(self._now() + span_ns / NS)

    # ---- the peers

    def _peer(self, number: int) -> Peer:
        peer = self._peers.get(number)
        if peer is None:
            isn = number * PEER_ISN_STEP & SEQ_MASK
            peer = Peer(PEER_ADDRESS_FIRST + number, isn, (isn + 1) & SEQ_MASK)
            self._peers[number] = self._by_address[peer.address] = peer
        return peer

    def _send(
        self, peer: Peer, flags: int, seq: int, length: int = 0, ack: int | None = None
    ) -> None:
        acked = (peer.acked or 0) if ack is None else ack
        mss = PEER_MSS if flags & SYN else 0
        self._wire.send(
            frame(
                peer.address, PEER_PORT, PORT, flags, seq, acked if flags & ACK else 0,
                length, PEER_WINDOW, mss,
            )
        )  # fmt: skip

    def _take(self, arrival: Arrival) -> None:
        peer = self._by_address.get(arrival.address)
        if peer is None:
            return
        flags, received = arrival.flags, self._received
        received["rsts"] += bool(flags & RST)
        received["fins"] += bool(flags & FIN)
        received["bytes_to_clients"] += arrival.length
        if flags & SYN:
            received["syn_acks"] += 1
            peer.syn_acks_at.append(self._now())
            peer.acked = peer.acked or (arrival.seq + 1) & SEQ_MASK
            if peer.auto_ack:
                self._send(peer, ACK, peer.seq)
        elif peer.acked is not None and not flags & RST:
            end = (arrival.seq + arrival.length + bool(flags & FIN)) & SEQ_MASK
            if seq_after(end, peer.acked):
                peer.acked = end

    def _each(self, step: dict[str, Any], act: Callable[[Peer], None]) -> None:
        first, end = step["flows"]
        gap = step.get("gap", 0)
        for number in range(first, end):
            act(self._peer(number))
            # Who answers does it before the next one speaks.
            self._pump(self._now() + gap)
        self._pass(AFTER_PEERS_NS)

    def _send_syn(self, peer: Peer) -> None:
        if peer.syn_at is None:
            peer.syn_at = self._now()
        self._send(peer, SYN, peer.isn)

    def _shake_hands(self, peer: Peer) -> None:
        peer.auto_ack = True
        self._send_syn(peer)
        until = self._now() + GIVE_UP_NS / NS
        while not peer.syn_acks_at and (left := until - self._now()) > 0:
            for arrival in self._wire.receive(left):
                self._take(arrival)

    def _do_syn(self, step: dict[str, Any]) -> None:
        self._each(step, self._send_syn)

    def _do_ack(self, step: dict[str, Any]) -> None:
        def send(peer: Peer) -> None:
            if peer.acked is not None:
                self._send(peer, ACK, peer.seq)

        self._each(step, send)

    def _do_ack_fins(self, step: dict[str, Any]) -> None:
        self._do_ack(step)

    def _do_bad_ack(self, step: dict[str, Any]) -> None:
        self._each(step, lambda peer: self._send(peer, ACK, peer.seq, ack=FORGED_ACK))

    def _do_data(self, step: dict[str, Any]) -> None:
        def send(peer: Peer) -> None:
            left = step["bytes"]
            while left and peer.acked is not None:
                length = min(left, DATA_BYTES_MAX)
                seq, peer.seq = peer.seq, (peer.seq + length) & SEQ_MASK
                self._send(peer, ACK, seq, length)
                left -= length

        self._each(step, send)

    def _do_fin(self, step: dict[str, Any]) -> None:
        def send(peer: Peer) -> None:
            if peer.acked is not None:
                seq, peer.seq = peer.seq, (peer.seq + 1) & SEQ_MASK
                self._send(peer, FIN | ACK, seq)

        self._each(step, send)

    def _do_rst(self, step: dict[str, Any]) -> None:
        self._each(step, lambda peer: self._send(peer, RST, peer.seq))

    def _do_handshake(self, step: dict[str, Any]) -> None:
        self._each(step, self._shake_hands)

    def _do_handshake_refused(self, step: dict[str, Any]) -> None:
        def retry(peer: Peer) -> None:
            if not peer.syn_acks_at:
                self._shake_hands(peer)

        self._each(step, retry)

    def _do_auto_ack(self, step: dict[str, Any]) -> None:
        def turn_on(peer: Peer) -> None:
            peer.auto_ack = True

        self._each(step, turn_on)

    # ---- the application

    def _do_accept(self, step: dict[str, Any]) -> None:
        index = step.get("listener", 0)
        count, is_eagain = self._server.call("accept", index, step.get("max"))
        self._accepted[index] += count
        call = {"step": "accept", "listener": index, "accepted": count}
        self._calls.append(call | {"eagain": is_eagain})

    def _do_listen(self, step: dict[str, Any]) -> None:
        self._server.call("listen", step.get("listener", 0), step["backlog"])

    def _do_sysctl(self, step: dict[str, Any]) -> None:
        self._server.call("sysctl", step["set"])

    def _do_close_listener(self, step: dict[str, Any]) -> None:
        self._server.call("close_listener", step.get("listener", 0))
        self._pass(AFTER_CALL_NS)

    def _do_shutdown_listener(self, step: dict[str, Any]) -> None:
        self._server.call("shutdown_listener", step.get("listener", 0))
        self._pass(AFTER_CALL_NS)

    def _on_connection(self, step: dict[str, Any]) -> None:
        result = self._server.call("connection", step)
        self._calls.append({"step": step["do"], "conn": step["conn"], "result": result})
        self._pass(AFTER_CALL_NS)

    # ---- time and samples

    def _do_wait(self, step: dict[str, Any]) -> None:
        self._pump(float(step["until"]))

    def _do_sample(self, _step: dict[str, Any]) -> None:
        self._pass(BEFORE_SAMPLE_NS)
        at = self._now()
        sample = {"t": round(at, 2)} | self._server.call("sample")
        self._pump(self._now())
        received = self._received
        sample["flows_answered"] = sum(bool(peer.syn_acks_at) for peer in self._peers.values())
        for name in ("syn_acks", "rsts", "fins", "bytes_to_clients"):
            sample[name] = received[name]
        self._samples.append(sample)

    def _syn_ack_times(self, number: int) -> list[float]:
        peer = self._peer(number)
        if peer.syn_at is None:
            return []
        return [round(at - peer.syn_at, 3) for at in peer.syn_acks_at]
