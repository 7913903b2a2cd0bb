"""How many rooms one core keeps in time: the real server here, its players in another process.

A room has six players and two spectators, all on WebSockets over loopback; its beats are the
server's own, staggered. A number of rooms holds if fewer than one beat in a hundred begins more
than 10 ms late. Whatever else the machine does counts against it, so the time of the core that a
room takes is told too.
"""

import asyncio
import itertools
import json
import sys
import time
from asyncio.subprocess import PIPE
from typing import Final, NamedTuple

from game.lab.crowd import PLAYERS, SPECTATORS
from game.level.schema import Level
from game.protocol.limits import COUNTDOWN_BEATS
from game.server.lobby import Lobby
from game.server.serve import BEAT_S, Address, GameServer

WARM_S: Final = 3.0 + COUNTDOWN_BEATS * BEAT_S
"""After this the countdown is over, the queues are full, every client has acknowledged, and late
starts are made up."""

LATE_SHARE_MAX: Final = 0.01


class Load(NamedTuple):
    """What so many rooms were like.

    Attributes:
        late_share: of the beats that began more than 10 ms late.
        core_share: of one core that the server took.
        client_bytes_per_s: that one client was sent, without the frames around them.
    """

    rooms: int
    late_share: float
    core_share: float
    client_bytes_per_s: float

    @property
    def holds(self) -> bool:
        """Whether the beat was kept."""
        return self.late_share < LATE_SHARE_MAX


def most(level: Level, rooms_max: int, seconds: float) -> Load:
    """The largest number of rooms that holds, up to `rooms_max`; by halving, `seconds` a step."""
    best = Load(0, 0.0, 0.0, 0.0)
    low, high, rooms = 0, rooms_max + 1, rooms_max
    while high - low > 1:
        load = asyncio.run(_play(level, rooms, seconds))
        if load.holds:
            low, best = rooms, load
        else:
            high = rooms
        rooms = (low + high) // 2
    return best


async def _play(level: Level, rooms: int, seconds: float) -> Load:
    seeds = itertools.count(1)
    lobby = Lobby([level], name="bench", build="bench", new_seed=lambda: next(seeds))
    server = GameServer(lobby, Address("127.0.0.1", 0), announcement=False)
    async with server.open("bench"):
        crowd = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "game.lab.crowd",
            f"ws://127.0.0.1:{server.port}", str(rooms), level.id,
            stdin=PIPE, stdout=PIPE,
        )  # fmt: skip
        assert crowd.stdin is not None and crowd.stdout is not None  # Both are pipes.
        if not await crowd.stdout.readline():  # Not even their handshakes were answered in time.
            await crowd.wait()
            return Load(rooms, 1.0, 1.0, 0.0)
        await asyncio.sleep(WARM_S)
        tally = lobby.tally
        crowd.stdin.write(b"\n")
        await crowd.stdout.readline()
        beats, late, cpu_s, start_s = (
            tally.beats, tally.late_beats, time.process_time(), time.perf_counter()
        )  # fmt: skip
        await asyncio.sleep(seconds)
        beats, late = tally.beats - beats, tally.late_beats - late
        cpu_s, taken_s = time.process_time() - cpu_s, time.perf_counter() - start_s
        crowd.stdin.write(b"\n")
        heard = json.loads(await crowd.stdout.readline())
        crowd.stdin.close()
        await crowd.wait()
    clients = rooms * (PLAYERS + SPECTATORS)
    return Load(rooms, late / beats, cpu_s / taken_s, heard["bytes"] / taken_s / clients)
