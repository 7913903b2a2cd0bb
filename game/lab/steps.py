"""The steps of a scripted case and its peers, wherever it is played: on the model or a real kernel.

The peers are as dumb as those of the recordings: they send what a step says and nothing else.
Source: assets/kernel-truth/README.md, "steps".
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from game.kernel.segment import ACK, FIN, RST, SEQ_MASK, SYN, seq_after

Case = dict[str, Any]
"""A case as its JSON file holds it."""

PORT: Final = 80
PEER_WINDOW: Final = 64_240
PEER_MSS: Final = 1460
DATA_BYTES_MAX: Final = 1400
FORGED_ACK: Final = 12_345

_MS: Final = 1_000_000
AFTER_PEERS_NS: Final = 30 * _MS
AFTER_CALL_NS: Final = 50 * _MS
BEFORE_SAMPLE_NS: Final = 50 * _MS
GIVE_UP_NS: Final = 20 * _MS

PEER_ADDRESS_FIRST: Final = 0x0A01_0000
PEER_PORT: Final = 40_000
PEER_ISN_STEP: Final = 0x0101_4F2B


@dataclass(slots=True)
class Peer:
    """One flow's other end; times in nanoseconds of the case.

    Attributes:
        address: its own.
        isn: its initial sequence number.
        seq: the next sequence number it sends.
        acked: what it acknowledges, None before a SYN-ACK came.
        syn_ns: when it first sent its SYN.
        syn_ack_ns: when each SYN-ACK came.
        auto_ack: it answers every SYN-ACK from now on.
    """

    address: int
    isn: int
    seq: int
    acked: int | None = None
    syn_ns: int | None = None
    syn_ack_ns: list[int] = field(default_factory=list)
    auto_ack: bool = False


class StepsRun(ABC):
    """One case under way; whoever plays it says how time passes and where a segment goes.

    Args:
        case: as its file holds it.
    """

    def __init__(self, case: Case) -> None:
        self._case = case
        self._peers: dict[int, Peer] = {}
        self._by_address: dict[int, Peer] = {}
        self._accepted = [0] * len(case["machine"]["listeners"])
        self._calls: list[dict[str, Any]] = []
        self._samples: list[dict[str, Any]] = []
        self._received = Counter[str]()

    @abstractmethod
    def _now(self) -> int:
        """Nanoseconds of the case."""

    @abstractmethod
    def _pass(self, span_ns: int) -> None:
        """Let time pass; what comes from the host is received, and answered where it is to be."""

    @abstractmethod
    def _send(
        self, peer: Peer, flags: int, seq: int, length: int = 0, ack: int | None = None
    ) -> None:
        """Send a segment; `ack` is what the peer acknowledges unless it is given."""

    @abstractmethod
    def _after_one(self, gap_ns: int) -> None:
        """One peer has acted, and the next one acts `gap_ns` later."""

    @abstractmethod
    def _await_syn_ack(self, peer: Peer) -> None:
        """Give a SYN-ACK as long as the recorder gave it."""

    def play(self) -> dict[str, Any]:
        """Play every step; what was measured, in the form of the case's own `measured`.

        Raises:
            ValueError: there is no such step.
        """
        for step in self._case["steps"]:
            self._play(step)
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

    def _play(self, step: dict[str, Any]) -> None:
        play: Callable[[dict[str, Any]], None] | None
        play = getattr(self, f"_do_{step['do']}", None)
        if play is None:
            raise ValueError(f"there is no step {step['do']!r}")
        play(step)

    # ---- the peers

    def _peer(self, number: int) -> Peer:
        peer = self._peers.get(number)
        if peer is None:
            isn = number * PEER_ISN_STEP & SEQ_MASK
            peer = Peer(PEER_ADDRESS_FIRST + number, isn, (isn + 1) & SEQ_MASK)
            self._peers[number] = self._by_address[peer.address] = peer
        return peer

    def _receive(self, peer: Peer, flags: int, seq: int, length: int) -> None:
        """A segment of the host reaches a peer, which may answer."""
        received = self._received
        received["rsts"] += bool(flags & RST)
        received["fins"] += bool(flags & FIN)
        received["bytes_to_clients"] += length
        if flags & SYN:
            received["syn_acks"] += 1
            peer.syn_ack_ns.append(self._now())
            peer.acked = peer.acked or (seq + 1) & SEQ_MASK
            if peer.auto_ack:
                self._send(peer, ACK, peer.seq)
        elif peer.acked is not None and not flags & RST:
            end = (seq + length + bool(flags & FIN)) & SEQ_MASK
            if seq_after(end, peer.acked):
                peer.acked = end

    def _each(self, step: dict[str, Any], act: Callable[[Peer], None]) -> None:
        first, end = step["flows"]
        gap_ns = round(step.get("gap", 0) * 1e9)
        for number in range(first, end):
            act(self._peer(number))
            self._after_one(gap_ns)
        self._pass(AFTER_PEERS_NS)

    def _send_syn(self, peer: Peer) -> None:
        if peer.syn_ns is None:
            peer.syn_ns = self._now()
        self._send(peer, SYN, peer.isn)

    def _shake_hands(self, peer: Peer) -> None:
        peer.auto_ack = True
        self._send_syn(peer)
        self._await_syn_ack(peer)

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
            left, acked = step["bytes"], peer.acked
            while left and acked is not None:
                length = min(left, DATA_BYTES_MAX)
                seq, peer.seq = peer.seq, (peer.seq + length) & SEQ_MASK
                self._send(peer, ACK, seq, length, acked)  # All before an answer can come.
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
            if not peer.syn_ack_ns:
                self._shake_hands(peer)

        self._each(step, retry)

    def _do_auto_ack(self, step: dict[str, Any]) -> None:
        def turn_on(peer: Peer) -> None:
            peer.auto_ack = True

        self._each(step, turn_on)

    def _received_so_far(self) -> dict[str, int]:
        """What a sample holds of the peers."""
        received = self._received
        return {
            "flows_answered": sum(bool(peer.syn_ack_ns) for peer in self._peers.values()),
            **{name: received[name] for name in ("syn_acks", "rsts", "fins", "bytes_to_clients")},
        }

    def _syn_ack_times(self, number: int) -> list[float]:
        peer = self._peer(number)
        if peer.syn_ns is None:
            return []
        return [round((at - peer.syn_ns) / 1e9, 3) for at in peer.syn_ack_ns]
