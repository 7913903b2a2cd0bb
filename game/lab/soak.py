"""Hostile clients against a real server, while somebody plays: does the room play on?

The server is a process of its own (`python -m game serve`); everything else is this one. Nothing
but loopback is touched.
"""

import asyncio
import contextlib
import os
import re
import signal
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import NamedTuple

import msgpack
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from game.protocol.codec import encode, kind_of
from game.protocol.limits import (
    MALFORMED_MAX,
    MESSAGES_SAVED_MAX,
    PRIVATE_CONNECTIONS_MAX,
    SERVER_MESSAGE_BYTES_MAX,
    TOO_FAST_MAX,
)
from game.protocol.lobby import Chat, CreateRoom, JoinRoom, Ping, Rejoin, SetBots, StartMatch
from game.protocol.messages import ClientMessage, Hello, SetSysctl

ARENA = "crossing"
CLOSE_S = 1.0
"""How long a goodbye may take; then the connection is cut."""

GAP_MAX_S = 1.0
"""The honest player must hear of the room at least so often, whatever the others do."""

GROWTH_MAX_KB = 24 * 1024
"""Memory that the server may gain after the first round of attacks: Python keeps some."""

REFUSALS = ("malformed", "too_fast", "hello_first", "not_here", "no_seat", "wrong_side", "no_room")
"""Codes that the attacks below must have been refused with."""


class Verdict(NamedTuple):
    """One thing that must hold."""

    what: str
    value: str
    holds: bool


class Trouble(RuntimeError):
    """The server could not be started, or did not answer."""


class Honest:
    """A player who plays on and notes how long nothing came."""

    def __init__(self) -> None:
        self.code = ""
        self.token = ""
        self.gap_s = 0.0
        self.pictures = 0
        self._connection: ClientConnection | None = None

    async def begin(self, connection: ClientConnection) -> None:
        """Open a room with a bot on the other side, and start; until the countdown is over."""
        self._connection = connection
        await self.say(Hello(1, 1, "soak", "honest"), CreateRoom("soak", "versus", ARENA))
        while not self.code:
            data = await asyncio.wait_for(self._connection.recv(), 10)
            if isinstance(data, bytes) and kind_of(data) == "seated":
                seated = msgpack.unpackb(data)
                self.code, self.token = seated["code"], seated["token"]
        await self.say(SetBots("b", 1, "hard"), SetBots("a", 1, "hard"))
        await asyncio.sleep(0.3)
        await self.say(StartMatch())
        phase = ""
        while phase != "running":
            data = await asyncio.wait_for(self._connection.recv(), 10)
            if isinstance(data, bytes) and kind_of(data) == "room":
                phase = msgpack.unpackb(data)["phase"]

    async def say(self, *messages: ClientMessage) -> None:
        """Send messages in order."""
        assert self._connection is not None  # After `begin`.
        for message in messages:
            await self._connection.send(encode(message))

    async def play(self, until_s: float) -> None:
        """Hear until then; between matches start the next one."""
        assert self._connection is not None  # After `begin`.
        last_s = time.monotonic()
        while time.monotonic() < until_s:
            data = await asyncio.wait_for(self._connection.recv(), 10)
            now_s = time.monotonic()
            kind = kind_of(data) if isinstance(data, bytes) else ""
            if kind in ("snapshot", "attack", "delta"):
                self.gap_s = max(self.gap_s, now_s - last_s)
                self.pictures += 1
                last_s = now_s
            elif kind == "match_result":
                await self.say(StartMatch())
            elif kind == "room" and isinstance(data, bytes):
                # Nothing new is to be seen in a countdown and between the halves.
                playing = msgpack.unpackb(data)["phase"] == "running"
                last_s = now_s if playing else float("inf")


def open_connection(address: str) -> connect:
    """A connection to the server, as any client's, for an `async with`: nothing may stay open."""
    return connect(
        address,
        compression=None,
        max_size=SERVER_MESSAGE_BYTES_MAX,
        open_timeout=5,
        close_timeout=CLOSE_S,
    )


GARBAGE = (
    b"\xc1\xff\x00",
    b"GET / HTTP/1.0\r\n\r\n",
    b"\x91" * 4000 + b"\x90",
    b"\xdb\xff\xff\xff\xff" + b"a" * 64,
    bytes(msgpack.packb({"type": "ack", "tick": float("nan")})),
    bytes(msgpack.packb({"type": "ack", "tick": 2**63})),
    bytes(msgpack.packb({"type": "sysctl", "seq": 1, "name": "x", "value": 1e308})),
    bytes(msgpack.packb({"type": "reboot"})),
    bytes(msgpack.packb([1, [2, [3]]])),
)


class Attacks:
    """Everything that a hostile client may try, again and again.

    Attributes:
        done: attacks made, by name.
    """

    def __init__(self, address: str, honest: Honest) -> None:
        self._address = address
        self._honest = honest
        self.done: Counter[str] = Counter()

    async def run(self, until_s: float) -> None:
        """All attacks side by side."""
        attacks: tuple[Callable[[], Awaitable[None]], ...] = (
            self.garbage, self.oversize, self.too_fast, self.wrong_turn, self.no_hello,
            self.slow_reader, self.half_open, self.thousand_connects, self.replayed_token,
            self.two_seats,
        )  # fmt: skip
        async with asyncio.TaskGroup() as group:
            for attack in attacks:
                group.create_task(self._again(attack, until_s))

    async def _again(self, attack: Callable[[], Awaitable[None]], until_s: float) -> None:
        name = getattr(attack, "__name__", "")
        while time.monotonic() < until_s:
            with contextlib.suppress(
                ConnectionClosed, InvalidHandshake, OSError, TimeoutError, EOFError
            ):
                await asyncio.wait_for(attack(), 15)
            self.done[name] += 1
            await asyncio.sleep(0.05)

    @contextlib.asynccontextmanager
    async def _greeted(self, name: str) -> AsyncIterator[ClientConnection]:
        async with open_connection(self._address) as connection:
            await connection.send(encode(Hello(1, 1, "soak", name)))
            yield connection

    async def garbage(self) -> None:
        """Bytes that are no message, until it is cut off."""
        async with self._greeted("garbage") as connection:
            for data in GARBAGE[:MALFORMED_MAX] + GARBAGE[MALFORMED_MAX:]:
                await connection.send(data)
            await self._drain(connection)

    async def oversize(self) -> None:
        """A message above the limit."""
        async with self._greeted("oversize") as connection:
            await connection.send(b"\x00" * 1_000_000)
            await self._drain(connection)

    async def too_fast(self) -> None:
        """More messages than anybody has hands for."""
        async with self._greeted("too fast") as connection:
            for number in range(MESSAGES_SAVED_MAX + TOO_FAST_MAX + 50):
                await connection.send(encode(Ping(number)))
            await self._drain(connection)

    async def wrong_turn(self) -> None:
        """Messages where they make no sense: in no room, and as a spectator."""
        async with self._greeted("wrong turn") as connection:
            await connection.send(encode(Chat("hello?")))
            await connection.send(encode(JoinRoom("????")))
            await connection.send(encode(JoinRoom(self._honest.code, spectate=True)))
            await connection.send(encode(SetSysctl(1, "net.ipv4.tcp_syncookies", 1)))
            await asyncio.sleep(0.3)

    async def no_hello(self) -> None:
        """Somebody who does not greet."""
        async with open_connection(self._address) as connection:
            await connection.send(encode(Chat("hello?")))
            await asyncio.sleep(0.3)

    async def slow_reader(self) -> None:
        """A spectator who reads nothing."""
        async with self._greeted("slow reader") as connection:
            await connection.send(encode(JoinRoom(self._honest.code, spectate=True)))
            connection.transport.pause_reading()
            await asyncio.sleep(4)
            connection.transport.abort()

    async def half_open(self) -> None:
        """Connections that say nothing."""
        host, port = _host_port(self._address)
        with contextlib.ExitStack() as at_the_end:
            for _ in range(PRIVATE_CONNECTIONS_MAX // 3):
                _, writer = await asyncio.open_connection(host, port)
                at_the_end.callback(writer.close)
            await asyncio.sleep(1)

    async def thousand_connects(self) -> None:
        """Connect and hang up, a hundred times in a row; ten rounds are the thousand."""
        host, port = _host_port(self._address)
        for _ in range(100):
            _, writer = await asyncio.open_connection(host, port)
            writer.transport.abort()

    async def replayed_token(self) -> None:
        """Tokens that never were."""
        async with self._greeted("thief") as connection:
            for number in range(5):
                await connection.send(encode(Rejoin(f"guess {number}")))
            await asyncio.sleep(0.3)

    async def two_seats(self) -> None:
        """Two connections that want one seat."""
        async with self._greeted("twin") as first, self._greeted("twin") as second:
            await first.send(encode(JoinRoom(self._honest.code, spectate=True)))
            token = ""
            while not token:
                data = await first.recv()
                if isinstance(data, bytes) and kind_of(data) == "seated":
                    token = msgpack.unpackb(data)["token"]
            for one in (second, second, first):
                await one.send(encode(Rejoin(token)))
            await asyncio.sleep(0.3)

    async def _drain(self, connection: ClientConnection) -> None:
        async for _ in connection:
            pass


def _host_port(address: str) -> tuple[str, int]:
    host, port = address.removeprefix("ws://").rsplit(":", 1)
    return host, int(port)


def memory_kb(pid: int) -> int:
    """Resident memory of a process in kB, 0 where /proc is not."""
    try:
        text = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0
    found = re.search(r"VmRSS:\s+(\d+)", text)
    return int(found[1]) if found else 0


async def soak(seconds: float) -> list[Verdict]:
    """Attack a server for so long; what must hold, and whether it does.

    Raises:
        Trouble: the server does not start.
    """
    with tempfile.TemporaryDirectory() as home:
        server = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "game", "serve", "--host", "127.0.0.1", "--port", "0",
            "--no-announce", "--name", "soak",
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={**os.environ, "STATION443_HOME": home},
        )  # fmt: skip
        assert server.stdout is not None
        line = (await asyncio.wait_for(server.stdout.readline(), 30)).decode()
        if " is open at ws" not in line:
            raise Trouble(f"The server does not start: {line or 'it says nothing'}.")
        try:
            verdicts = await _attack(server, line.split()[-1], seconds)
        finally:
            if server.returncode is None:
                server.send_signal(signal.SIGINT)
        code = await asyncio.wait_for(server.wait(), 30)
    return [*verdicts, Verdict("the server ends with", str(code), code == 0)]


async def _attack(
    server: asyncio.subprocess.Process, address: str, seconds: float
) -> list[Verdict]:
    honest = Honest()
    attacks = Attacks(address, honest)
    async with open_connection(address) as connection:
        await honest.begin(connection)
        until_s = time.monotonic() + seconds
        async with asyncio.TaskGroup() as group:
            group.create_task(honest.play(until_s))
            group.create_task(attacks.run(until_s))
            await asyncio.sleep(seconds / 3)
            before_kb = memory_kb(server.pid)
    growth_kb = memory_kb(server.pid) - before_kb
    text = await asyncio.to_thread(_get, address.replace("ws", "http", 1) + "/metrics")
    refused = dict(re.findall(r'station443_refused_total\{code="(\w+)"\} ([\d.]+)', text))
    verdicts = [
        Verdict(f"attack {name}", f"{count} times", count > 0)
        for name, count in sorted(attacks.done.items())
    ]
    verdicts += [
        Verdict(f"refused {code}", refused.get(code, "0"), float(refused.get(code, "0")) > 0)
        for code in REFUSALS
    ]
    least = seconds * 10
    return [
        *verdicts,
        Verdict("pictures to the honest player", str(honest.pictures), honest.pictures > least),
        Verdict("longest without one", f"{honest.gap_s:.2f} s", honest.gap_s < GAP_MAX_S),
        Verdict("memory gained", f"{growth_kb} kB", growth_kb < GROWTH_MAX_KB),
        Verdict("the server is alive", str(server.returncode is None), server.returncode is None),
    ]


def _get(url: str) -> str:
    with urllib.request.urlopen(url, timeout=10) as answer:
        text: str = answer.read().decode()
        return text
