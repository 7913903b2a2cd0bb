"""The players of the bench `rooms`, in a process of their own: WebSocket clients without eyes.

Each says, hears and acknowledges what a real client does, but draws nothing:
`python -m game.lab.crowd URI ROOMS LEVEL`. It says `{"event": "playing"}` once every match is on.
For each line that it then reads, it says what has come since the last one.
"""

import asyncio
import contextlib
import json
import sys
from typing import Final

import msgspec
from websockets.asyncio.client import ClientConnection, connect

from game.protocol.codec import decode_from_server, encode
from game.protocol.limits import (
    ACK_TICKS,
    PROTOCOL_MAX,
    PROTOCOL_MIN,
    SERVER_MESSAGE_BYTES_MAX,
)
from game.protocol.lobby import CreateRoom, JoinRoom, Ping, RoomState, Seated, SetReady, StartMatch
from game.protocol.messages import Ack, ClientMessage, Hello, ServerMessage

PLAYERS: Final = 6
SPECTATORS: Final = 2
VIEWS: Final = ("snapshot", "attack", "delta")
ADDRESS_FIRST: Final = 2
"""Room i comes from 127.0.0.(2 + i): a server takes 96 connections from one address."""


class _Head(msgspec.Struct):
    """What has to be known of a view to acknowledge it."""

    type: str
    tick: int = -1
    attack: bool = False


_decode_head = msgspec.msgpack.Decoder(_Head).decode


class Player:
    """One client.

    Attributes:
        bytes, messages: that have come so far.
    """

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._newest: dict[bool, int] = {}
        self._acked = -1
        self._pings = 0
        self.bytes = 0
        self.messages = 0

    async def say(self, *messages: ClientMessage) -> None:
        """Send messages in order."""
        for message in messages:
            await self._connection.send(encode(message))

    async def hear(self) -> ServerMessage:
        """The next message, read in full."""
        data = await self._connection.recv(decode=False)
        return decode_from_server(bytes(data))

    async def watch(self) -> None:
        """Take views and acknowledge them, for ever."""
        with contextlib.suppress(Exception):  # The server ends first; that is the end here too.
            while True:
                data = await self._connection.recv(decode=False)
                self.bytes += len(data)
                self.messages += 1
                head = _decode_head(data)
                if head.type in VIEWS:
                    self._newest[head.attack or head.type == "attack"] = head.tick
                    newest = min(self._newest.values())
                    if newest - self._acked >= ACK_TICKS or self._acked < 0:
                        self._acked = newest
                        await self.say(Ack(newest))
                elif head.type == "started":
                    self._newest.clear()
                    self._acked = -1

    async def measure(self) -> None:
        """Ask once a second how long the way is."""
        with contextlib.suppress(Exception):
            while True:
                await asyncio.sleep(1.0)
                self._pings += 1
                await self.say(Ping(self._pings, 1))


async def _enter(uri: str, room: int, name: str) -> Player:
    connection = await connect(
        uri,
        compression=None,
        max_size=SERVER_MESSAGE_BYTES_MAX,
        local_addr=(f"127.0.0.{ADDRESS_FIRST + room}", 0),
    )
    player = Player(connection)
    await player.say(Hello(PROTOCOL_MIN, PROTOCOL_MAX, "bench", name))
    return player


async def _seated(player: Player) -> Seated:
    while True:
        message = await player.hear()
        if isinstance(message, Seated):
            return message


async def _fill(uri: str, room: int, level: str) -> list[Player]:
    """Open a room, fill it and start its match."""
    host = await _enter(uri, room, "player 0")
    await host.say(CreateRoom(f"room {room}", "versus", level))
    code = (await _seated(host)).code
    players = [host]
    for number in range(1, PLAYERS + SPECTATORS):
        player = await _enter(uri, room, f"player {number}")
        await player.say(JoinRoom(code, spectate=number >= PLAYERS))
        await _seated(player)
        if number < PLAYERS:
            await player.say(SetReady(True))
        players.append(player)
    while True:
        message = await host.hear()
        if isinstance(message, RoomState):
            ready = sum(one.ready for one in message.players)
            if ready == PLAYERS - 1 and len(message.players) == PLAYERS + SPECTATORS:
                break
    await host.say(StartMatch())
    return players


async def main(uri: str, rooms: int, level: str) -> None:
    """Play until standard input ends."""
    players: list[Player] = []
    tasks = []
    for room in range(rooms):
        newcomers = await _fill(uri, room, level)
        tasks += [asyncio.create_task(one.watch()) for one in newcomers]
        tasks += [asyncio.create_task(one.measure()) for one in newcomers]
        players += newcomers
    _tell(event="playing")
    loop = asyncio.get_running_loop()
    while await loop.run_in_executor(None, sys.stdin.readline):
        _tell(
            bytes=sum(one.bytes for one in players),
            messages=sum(one.messages for one in players),
        )
        for one in players:
            one.bytes = one.messages = 0
    for task in tasks:
        task.cancel()


def _tell(**fields: object) -> None:
    sys.stdout.write(json.dumps(fields) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), sys.argv[3]))
