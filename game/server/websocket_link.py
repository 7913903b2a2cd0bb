"""A link over one WebSocket connection, from the server's side."""

from collections import deque

from websockets.asyncio.server import ServerConnection, broadcast
from websockets.exceptions import ConnectionClosed

from game.protocol.limits import SLOW_BYTES, STUCK_BYTES, STUCK_S, WAITING_MESSAGES_MAX


class WebSocketLink:
    """One end of a link whose other end is a player's machine.

    What is sent goes to the transport at once, without a task for each message; a player who
    takes nothing is found by what waits there.

    Args:
        connection: the WebSocket.
    """

    def __init__(self, connection: ServerConnection) -> None:
        self._connection = connection
        self._incoming: deque[bytes] = deque()
        self._closed = False
        self._slow_since_s = 0.0

    async def read(self) -> None:
        """Take messages until the connection ends; those that wait are few."""
        try:
            async for data in self._connection:
                self._incoming.append(data.encode() if isinstance(data, str) else data)
                if len(self._incoming) >= WAITING_MESSAGES_MAX:
                    await self._wait_for_room()
        except ConnectionClosed:
            pass
        finally:
            self._closed = True

    async def _wait_for_room(self) -> None:
        """Read no more until the room has taken some: TCP holds the sender back."""
        loop = self._connection.loop
        while len(self._incoming) >= WAITING_MESSAGES_MAX and not self._closed:
            gate = loop.create_future()
            loop.call_later(0.05, gate.set_result, None)
            await gate

    def send(self, data: bytes) -> None:
        """Hand one message over; who takes nothing is cut off."""
        if self._closed:
            return
        waiting = self._waiting_bytes()
        now_s = self._connection.loop.time()
        if waiting <= SLOW_BYTES:
            self._slow_since_s = now_s
        if waiting > STUCK_BYTES or now_s - self._slow_since_s > STUCK_S:
            self._closed = True
            self._connection.transport.abort()
            return
        broadcast([self._connection], data)

    def _waiting_bytes(self) -> int:
        return self._connection.transport.get_write_buffer_size()

    def receive(self) -> bytes | None:
        """The next message, None when none waits."""
        return self._incoming.popleft() if self._incoming else None

    def close(self) -> None:
        """Say goodbye and close; what was sent before still goes out."""
        if not self._closed:
            self._closed = True
            self._connection.loop.create_task(self._connection.close())

    @property
    def closed(self) -> bool:
        """True when an end has closed and nothing waits any more."""
        return self._closed and not self._incoming

    @property
    def is_slow(self) -> bool:
        """True while so much waits to be sent that pictures had better be left out."""
        return self._closed or self._waiting_bytes() > SLOW_BYTES
