"""What the server tells about itself over HTTP: Prometheus text, and health as JSON."""

import json
import socket
import struct
import sys
from collections.abc import Iterator
from typing import NamedTuple

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from game.server.guard import Guard
from game.server.lobby import Lobby

_TCP_INFO_BYTES = 104
_UNACKED_AT = 24
"""Of `struct tcp_info`: tcpi_unacked, then tcpi_sacked; of a listener they are Recv-Q and backlog
(linux v6.18 net/ipv4/tcp.c tcp_get_info())."""


class ListenQueue(NamedTuple):
    """The server's own accept queue; None where it cannot be known."""

    recv_q: int | None
    backlog: int | None


def listen_queue(listener: socket.socket | None) -> ListenQueue:
    """Recv-Q and Send-Q of the server's own listening socket, as `ss -ltn` shows them."""
    if listener is None or not sys.platform.startswith("linux"):
        return ListenQueue(None, None)
    try:
        data = listener.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _TCP_INFO_BYTES)
    except OSError:
        return ListenQueue(None, None)
    return ListenQueue(*struct.unpack_from("=II", data, _UNACKED_AT))


def health(lobby: Lobby, listener: socket.socket | None) -> str:
    """Rooms, players and the server's own accept queue, as JSON."""
    queue = listen_queue(listener)
    return json.dumps(
        {
            "rooms": len(lobby.rooms),
            "players": lobby.player_count,
            "recv_q": queue.recv_q,
            "backlog": queue.backlog,
        }
    )


class _Collector:
    def __init__(self, lobby: Lobby, guard: Guard, listener: socket.socket | None) -> None:
        self._lobby = lobby
        self._guard = guard
        self._listener = listener

    def collect(self) -> Iterator[Metric]:
        lobby, tally = self._lobby, self._lobby.tally
        queue = listen_queue(self._listener)
        gauges = {
            "rooms": ("Rooms that are open.", len(lobby.rooms)),
            "players": ("People on the server.", lobby.player_count),
            "connections": ("Connections, half-open ones included.", self._guard.count),
            "recv_q": ("Accept queue of the server's own listener.", queue.recv_q),
            "backlog": ("Backlog of the server's own listener.", queue.backlog),
        }
        for name, (text, value) in gauges.items():
            if value is not None:
                yield GaugeMetricFamily(f"station443_{name}", text, value=value)
        counters = {
            "connects": ("Connections accepted.", tally.connects),
            "connects_refused": ("Connections turned away.", self._guard.refused),
            "messages": ("Messages read.", tally.messages),
            "bytes_sent": ("Bytes sent to players.", tally.bytes_sent),
            "matches": ("Matches played to their end.", tally.matches),
            "beats": ("Beats of all rooms.", tally.beats),
            "late_beats": ("Beats that began more than 10 ms late.", tally.late_beats),
        }
        for name, (text, value) in counters.items():
            yield CounterMetricFamily(f"station443_{name}", text, value=value)
        for name, text, counts in (
            ("refused", "Messages without effect.", tally.refused),
            ("cut_off", "Connections that the server ended.", tally.cut_off),
        ):
            family = CounterMetricFamily(f"station443_{name}", text, labels=["code"])
            for code, count in sorted(counts.items()):
                family.add_metric([code], count)
            yield family


def metrics(lobby: Lobby, guard: Guard, listener: socket.socket | None) -> bytes:
    """Everything that is counted, in Prometheus' text format."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Collector(lobby, guard, listener))
    return generate_latest(registry)
