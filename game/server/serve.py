"""The server on the network: asyncio carries bytes and keeps the beat; the lobby does the rest."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.datastructures import Headers
from websockets.http11 import Request, Response

from game.protocol.limits import CLIENT_MESSAGE_BYTES_MAX, HANDSHAKE_S
from game.server.discovery import Announcement
from game.server.guard import Guard
from game.server.lobby import Lobby
from game.server.match_room import MatchRoom
from game.server.metrics import health, metrics
from game.server.room import BEAT_MS
from game.server.websocket_link import WebSocketLink

BEAT_S = BEAT_MS / 1000
LATE_S = 0.010
LATE_BEATS_MAX = 10
"""Beats that are made up for after a stall; what is later than half a second is let go."""

BACKLOG = 511
"""What the server's own listen() asks for, as nginx and Apache do."""

CLOSE_S = 2.0
"""Seconds that a player's machine has to answer a goodbye; then a stopped server ends without."""

STAGGER = 0.618
"""Rooms begin their beats this share of a beat apart, so that they never come together."""


@dataclass(frozen=True)
class Address:
    """Where a server listens.

    Attributes:
        tls: certificate and key, None for plain TCP.
    """

    host: str
    port: int
    tls: ssl.SSLContext | None = None


class GameServer:
    """A server under way.

    Attributes:
        port: where it listens; chosen by the kernel if 0 was asked for.
    """

    def __init__(self, lobby: Lobby, address: Address, announcement: bool = True) -> None:
        self.lobby = lobby
        self.guard = Guard()
        self.port = address.port
        self._address = address
        self._announces = announcement
        self._server: Server | None = None
        self._beats: dict[str, asyncio.Task[None]] = {}
        self._rooms_begun = 0

    @contextlib.asynccontextmanager
    async def open(self, build: str) -> AsyncIterator[Announcement]:
        """Listen, announce and keep the beat until the block is left.

        Raises:
            OSError: the port cannot be had.
        """
        guard = self.guard

        class Connection(ServerConnection):
            """A connection that is counted from its first byte on."""

            admitted = ""

            def connection_made(self, transport: Any) -> None:
                peer = transport.get_extra_info("peername")
                address = str(peer[0]) if peer else ""
                if not guard.admit(address):
                    transport.abort()
                    return
                self.admitted = address
                super().connection_made(transport)

            def connection_lost(self, exc: Exception | None) -> None:
                if self.admitted:
                    guard.release(self.admitted)
                    super().connection_lost(exc)

        async with serve(
            self._carry,
            None if self._address.host in ("", "::") else self._address.host,
            self._address.port,
            ssl=self._address.tls,
            process_request=self._answer_http,
            create_connection=Connection,
            compression=None,
            max_size=CLIENT_MESSAGE_BYTES_MAX,
            open_timeout=HANDSHAKE_S,
            ping_interval=10,
            ping_timeout=10,
            close_timeout=CLOSE_S,
            backlog=BACKLOG,
        ) as server:
            self._server = server
            self.port = next(iter(server.sockets)).getsockname()[1]
            announcement = Announcement(self.lobby.name, self.port, build, self._address.host)
            if self._announces:
                await announcement.begin()
            beat = asyncio.create_task(self._keep_beat())
            try:
                yield announcement
            finally:
                beat.cancel()
                for task in self._beats.values():
                    task.cancel()
                self.lobby.close()
                await announcement.end()

    async def _carry(self, connection: ServerConnection) -> None:
        link = WebSocketLink(connection)
        self.lobby.join(link, str(connection.remote_address[0]))
        await link.read()

    def _answer_http(self, connection: ServerConnection, request: Request) -> Response | None:
        """`GET /metrics` and `GET /healthz`; everything else has to become a WebSocket."""
        listener = next(iter(self._server.sockets), None) if self._server else None
        path = request.path.partition("?")[0]
        if path == "/healthz":
            return _respond(health(self.lobby, listener).encode(), "application/json")
        if path == "/metrics":
            body = metrics(self.lobby, self.guard, listener)
            return _respond(body, "text/plain; version=0.0.4; charset=utf-8")
        return None

    async def _keep_beat(self) -> None:
        """The lobby's beat; every room has one of its own."""
        loop = asyncio.get_running_loop()
        async for _ in _beats(loop.time, loop.time()):
            self.lobby.hear()
            for code, room in self.lobby.rooms.items():
                if code not in self._beats:
                    self._rooms_begun += 1
                    offset_s = self._rooms_begun * STAGGER % 1 * BEAT_S
                    self._beats[code] = asyncio.create_task(self._keep_room(room, offset_s))

    async def _keep_room(self, room: MatchRoom, offset_s: float) -> None:
        loop = asyncio.get_running_loop()
        lobby = self.lobby
        async for late_s in _beats(loop.time, loop.time() + offset_s):
            if room.code not in lobby.rooms:
                break
            lobby.tally.late_beats += late_s > LATE_S
            room.note_late(late_s * 1000)
            try:
                lobby.step_room(room)
            except Exception as error:  # One room's fault is not everybody's.
                lobby.fail_room(room, error)
        del self._beats[room.code]


async def _beats(clock_s: Callable[[], float], due_s: float) -> AsyncIterator[float]:
    """One item a beat: how late it is, in seconds."""
    while True:
        await asyncio.sleep(max(0.0, due_s - clock_s()))
        now_s = clock_s()
        yield now_s - due_s
        due_s = max(due_s + BEAT_S, now_s - LATE_BEATS_MAX * BEAT_S)


def _respond(body: bytes, kind: str) -> Response:
    headers = Headers(
        {
            "Content-Type": kind,
            "Content-Length": str(len(body)),
            "Connection": "close",
            "Cache-Control": "no-store",
        }
    )
    return Response(HTTPStatus.OK.value, HTTPStatus.OK.phrase, headers, body)
