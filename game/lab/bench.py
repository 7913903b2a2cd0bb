"""The figures the project promises, measured: `lab bench`.

Every figure is the best of ten runs after a warm-up, in this one process; where it is a ratio, the
slow way runs here too, the two in turn, so that the machine's moods cancel out. A benchmark
prints; it is not a test.
"""

import gc
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from game.kernel.host import Host
from game.kernel.segment import ACK, SYN, Flow, Segment
from game.kernel.sysctl import Sysctls
from game.lab import rooms as lab_rooms
from game.level.schema import Arena, Budget, Goal, Languages, Level, Machine, Text, Traffic
from game.protocol.codec import encode
from game.protocol.link import memory_link
from game.server.beat import Beat
from game.server.room import Room
from game.session.session import Session
from game.sim.reference import FloodByProcess, ProcessTimeline
from game.sim.world import World

RUNS: Final = 10
FRAMES: Final = 600
WARM_FRAMES: Final = 30
"""The first frames fill the caches of texts and sprites."""

ROOMS: Final = 40
ROOM_STEP_S: Final = 20.0

REFERENCE_RUNS: Final = 3
"""Runs of a slow way: it takes seconds, and its best hardly moves."""


class Figure(NamedTuple):
    """One row.

    Attributes:
        asked: what is to be reached, in `unit`.
        ratio: how many times faster than the slow way, None where there is none.
    """

    name: str
    asked: float
    measured: float
    unit: str
    ratio: float | None
    met: bool


Bench = Callable[[], list[Figure]]


def run(name: str) -> list[Figure]:
    """The figures of one bench.

    Raises:
        KeyError: there is no bench of that name.
    """
    return BENCHES[name]()


def best_s(work: Callable[[], object], runs: int = RUNS, *, warm: bool = True) -> float:
    """Seconds of the fastest run."""
    if warm:
        work()
    times = []
    for _ in range(runs):
        gc.collect()
        start_s = time.perf_counter()
        work()
        times.append(time.perf_counter() - start_s)
    return min(times)


# ---- floods


def _flooded(rate_per_s: int, seconds: int = 10) -> Level:
    """A listener with backlog 128 and cookies off, 20 clients a second, and a flood."""
    traffic = [
        Traffic("clients", 20.0, until_s=seconds),
        Traffic("flood", rate_per_s, until_s=seconds),
    ]
    return _level(Machine(backlog=128, workers=2), traffic, seconds)


def _level(machine: Machine, traffic: list[Traffic], seconds: int) -> Level:
    text = Text("Bench", "bench", "-", ["-", "-", "-"], "-")
    return Level(
        format=1,
        id="bench",
        number=1,
        line="queue",
        map=[0, 0],
        text=Languages(text, text),
        seconds=seconds,
        machine=machine,
        traffic=traffic,
        goal=[Goal("served", [0.1, 0.2, 0.3])],
        sysctl={"net.ipv4.tcp_syncookies": 0},
    )


def _play(level: Level) -> Session:
    session = Session(level, 1)
    while not session.over:
        session.advance()
    return session


def _play_world(level: Level, *, by_process: bool) -> World:
    """The world alone, without ticks' snapshots and digests; both ways do the same work."""
    if by_process:
        world = World(level, 1, 1, timeline=ProcessTimeline, one_by_one=FloodByProcess)
    else:
        world = World(level, 1, 1)
    for second in range(1, level.seconds + 1):
        world.advance(second * 1_000_000_000)
    return world


def flood() -> list[Figure]:
    """20,000 SYN/s for 10 s against one process for each SYN; and a million SYN/s."""
    level, fast = _flooded(20_000), _flooded(1_000_000)
    ours_s = best_s(lambda: _play_world(level, by_process=False))
    million_s = best_s(lambda: _play_world(fast, by_process=False))
    slow_s = best_s(lambda: _play_world(level, by_process=True), REFERENCE_RUNS, warm=False)
    ratio, times = slow_s / ours_s, million_s / ours_s
    return [
        Figure("flood", 50, ratio, "times faster than a process a SYN", ratio, ratio >= 50),
        Figure("flood-million", 1.2, times, "times the time of 20,000 SYN/s", None, times <= 1.2),
    ]


# ---- connections


def listen_path() -> list[Figure]:
    """SYN, ACK, accept(), close() on the kernel alone."""
    count = 10_000
    per_s = count / best_s(lambda: _connections(count))
    return [Figure("listen-path", 40_000, per_s, "connections/s", None, per_s >= 40_000)]


def _connections(count: int) -> None:
    host = Host(Sysctls(), boot_key=1)
    fd = host.socket()
    host.bind(fd, 0, 443)
    host.listen(fd, 128)
    outbox = host.outbox
    for i in range(count):
        now_ns = i * 20_000
        flow = Flow(0x0A010000 + i, 40_000, host.address, 443)
        host.receive(Segment(flow, SYN, 1000, 0, 0, 64_240, 1460), now_ns)
        isn = outbox[-1].seq
        host.receive(Segment(flow, ACK, 1001, isn + 1 & 0xFFFFFFFF, 0, 64_240), now_ns)
        host.close(host.accept(fd, now_ns), now_ns)
        outbox.clear()


def whole_machine() -> list[Figure]:
    """Whole connections through links, host, cores and threads, against a process a thing."""
    seconds = 5
    machine = Machine(cores=4, workers=8, backlog=511, service_ms=0.1)
    level = _level(machine, [Traffic("clients", 2000.0, deadline_s=2.0)], seconds)
    world = _play_world(level, by_process=False)
    count = sum(worker.served for worker in world.workers)
    ours_s = best_s(lambda: _play_world(level, by_process=False), 5)
    slow_s = best_s(lambda: _play_world(level, by_process=True), REFERENCE_RUNS, warm=False)
    per_s, ratio = count / ours_s, slow_s / ours_s
    return [
        Figure("whole-machine", 15_000, per_s, "connections/s", ratio, per_s >= 15_000),
        Figure("whole-machine-ratio", 2, ratio, "times a process a thing", ratio, ratio >= 2),
    ]


def headless_level() -> list[Figure]:
    """A level with 200 clients a second, ticks and digests included."""
    seconds = 10
    machine = Machine(cores=4, workers=8, backlog=511, service_ms=5.0)
    level = _level(machine, [Traffic("clients", 200.0)], seconds)
    times = seconds / best_s(lambda: _play(level))
    return [Figure("level", 60, times, "times real time", None, times >= 60)]


# ---- what a server keeps up with


def rooms() -> list[Figure]:
    """Rooms of six players and two spectators under a flood, on WebSockets, in time."""
    traffic = [Traffic("clients", 60.0, until_s=180), Traffic("flood", 5000, until_s=180)]
    points = Budget(start=20, per_s=0, most=20)
    arena = Arena(share=0.5, ops=points, attack=points, bots=100, cards=["probe"])
    level = msgspec.structs.replace(
        _level(Machine(backlog=128, workers=2), traffic, 180), line="arena", arena=arena
    )
    load = lab_rooms.most(level, ROOMS, ROOM_STEP_S)
    core_ms = 1000 * load.core_share / max(1, load.rooms)
    sent = load.client_bytes_per_s
    return [
        Figure("rooms", ROOMS, load.rooms, "rooms in time", None, load.rooms >= ROOMS),
        Figure("rooms-core", 25, core_ms, "ms of a core a room and second", None, core_ms <= 25),
        Figure("rooms-bytes", 16_000, sent, "bytes/s a client", None, sent <= 16_000),
    ]


# ---- what a player gets


def snapshots() -> list[Figure]:
    """The largest snapshot in the middle of a flood with full queues."""
    level = _flooded(5000)
    machine = msgspec.structs.replace(level.machine, backlog=4096)
    session = Session(msgspec.structs.replace(level, machine=machine), 1)
    largest = 0
    while not session.over:
        session.advance()
        largest = max(largest, len(encode(session.snapshot())))
    return [Figure("keyframe", 8000, largest, "bytes", None, largest < 8000)]


def start_up() -> list[Figure]:
    """`python -m game --help`, as a whole process."""
    command = [sys.executable, "-m", "game", "--help"]
    taken_s = best_s(lambda: subprocess.run(command, check=True, capture_output=True))
    return [Figure("help", 150, taken_s * 1000, "ms", None, taken_s <= 0.150)]


def frame() -> list[Figure]:
    """A frame of the station with 2,000 figures, the solo server's thread running."""
    times = sorted(_frame_times_ms(FRAMES))
    median, slowest = times[len(times) // 2], times[int(len(times) * 0.99)]
    return [
        Figure("frame", 4, median, "ms, median", None, median <= 4),
        Figure("frame-p99", 10, slowest, "ms, 99th percentile", None, slowest <= 10),
    ]


def _crowded() -> Level:
    """Four listeners with both queues full: about 2,000 figures in them, and a crowd outside."""
    machine = Machine(cores=4, workers=4, buckets=4, backlog=255, service_ms=400.0)
    traffic = [
        Traffic("clients", 60.0, deadline_s=60.0),
        Traffic("hoarders", 120.0, until_s=9.0, hold_s=100.0),
        Traffic("flood", 5400),
    ]
    level = _level(machine, traffic, 120)
    return msgspec.structs.replace(level, sysctl={"net.ipv4.tcp_synack_retries": 8})


def _frame_times_ms(frames: int) -> list[float]:
    """Milliseconds of each frame: events, host, scene, picture; without the wait for the next."""
    os.environ["SDL_VIDEODRIVER"] = "dummy"
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
    import pygame

    from game.client.canvas import Canvas
    from game.client.game_view import GameView
    from game.client.host_line import HostLine
    from game.client.player import Player
    from game.client.progress import Progress
    from game.client.scenes.station import StationScene
    from game.client.settings import SettingsStore
    from game.client.theme import LIGHT

    room = Room([_crowded()], build="bench")
    mine, theirs = memory_link()
    room.join(theirs)
    view = GameView()
    line = HostLine(mine, view, "bench")
    room.start(_crowded(), 1)
    for _ in range(12 * 20):
        room.step()
        line.pump(0.0)
    frame_done = threading.Event()
    beat = Beat(room.step, frame_done)
    with tempfile.TemporaryDirectory() as folder:
        player = Player(view, SettingsStore(Path(folder)), Progress(Path(folder)), lambda: 1)
        pygame.display.init()
        canvas = Canvas(pygame.display.set_mode((1280, 720)), LIGHT)
        scene = StationScene(player)
        beat.start()
        times = []
        for number in range(frames + WARM_FRAMES):
            start_s = time.perf_counter()
            line.pump(start_s)
            scene.update(start_s)
            canvas.next_frame()
            scene.draw(canvas)
            pygame.display.flip()
            taken_s = time.perf_counter() - start_s
            frame_done.set()
            if number >= WARM_FRAMES:
                times.append(taken_s * 1000)
            time.sleep(max(0.0, 1 / 60 - taken_s))
        beat.stop()
        pygame.display.quit()
    return times


BENCHES: Final[dict[str, Bench]] = {
    "flood": flood,
    "listen-path": listen_path,
    "whole-machine": whole_machine,
    "level": headless_level,
    "rooms": rooms,
    "snapshots": snapshots,
    "help": start_up,
    "frame": frame,
}


def as_rows(figures: Sequence[Figure]) -> list[dict[str, object]]:
    """The figures as plain data."""
    return [figure._asdict() for figure in figures]
