"""Plays a scripted case on the real kernel: hand-made peers against real listening sockets.

The same case on the model is `game/lab/scripted.py`; waits and limits are as the recordings had
them. Source: assets/kernel-truth/README.md, "steps".
"""

from __future__ import annotations

import time
from typing import Any, Final

from game.kernel.segment import ACK, SYN
from game.lab.kernel.netns import Namespaces
from game.lab.kernel.server import RemoteServer, serve_steps
from game.lab.kernel.wire import Wire, frame
from game.lab.steps import (
    AFTER_CALL_NS,
    BEFORE_SAMPLE_NS,
    GIVE_UP_NS,
    PEER_MSS,
    PEER_PORT,
    PEER_WINDOW,
    PORT,
    Case,
    Peer,
    StepsRun,
)

NS: Final = 1e9
SECONDS_MAX: Final = 600.0
"""No case takes longer."""


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


class _Run(StepsRun):
    def __init__(self, case: Case, server: RemoteServer, wire: Wire) -> None:
        super().__init__(case)
        self._server = server
        self._wire = wire
        self._start_ns = 0

    def play(self) -> dict[str, Any]:
        self._server.call("open", self._case["machine"])
        self._start_ns = time.monotonic_ns()
        return super().play()

    def _play(self, step: dict[str, Any]) -> None:
        if step["do"].startswith("conn_"):
            self._on_connection(step)
        else:
            super()._play(step)

    # ---- time

    def _now(self) -> int:
        return time.monotonic_ns() - self._start_ns

    def _pass(self, span_ns: int) -> None:
        self._pump(self._now() + span_ns)

    def _pump(self, until_ns: int) -> None:
        """Let time pass; what comes from the server is read, and answered where it is to be."""
        if until_ns > SECONDS_MAX * NS:
            raise ValueError(f"it takes more than {SECONDS_MAX:g} s")
        while True:
            left_ns = until_ns - self._now()
            self._read(left_ns)
            if left_ns <= 0:
                return

    def _read(self, within_ns: int) -> None:
        for arrival in self._wire.receive(within_ns / NS):
            peer = self._by_address.get(arrival.address)
            if peer is not None:
                self._receive(peer, arrival.flags, arrival.seq, arrival.length)

    # ---- the peers

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

    def _after_one(self, gap_ns: int) -> None:
        self._pass(gap_ns)  # Who answers does it before the next one speaks.

    def _await_syn_ack(self, peer: Peer) -> None:
        until_ns = self._now() + GIVE_UP_NS
        while not peer.syn_ack_ns and (left_ns := until_ns - self._now()) > 0:
            self._read(left_ns)

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
        self._pump(round(step["until"] * NS))

    def _do_sample(self, _step: dict[str, Any]) -> None:
        self._pass(BEFORE_SAMPLE_NS)
        at_ns = self._now()
        sample = {"t": round(at_ns / NS, 2)} | self._server.call("sample")
        self._pump(self._now())
        self._samples.append(sample | self._received_so_far())
