"""A host and a player on two machines: network namespaces of their own, joined by a cable.

Both have a bridge of the same address besides, as machines with containers do: an address that
leads nowhere from the other side. Neither has a way out, as on a switch without a router.
"""

import itertools
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest

from game.level.load import load_level
from game.paths import arenas_dir, levels_dir
from game.session.replay import level_text

pytestmark = [pytest.mark.slow, pytest.mark.loopback]

HOST, PLAYER = "10.77.43.1", "10.77.43.2"
BRIDGE = "172.17.0.1"
WAIT_S = 60.0
SERIAL = itertools.count()


class Machines(NamedTuple):
    """The names of two namespaces."""

    host: str
    player: str


def ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True, timeout=20)


@pytest.fixture
def machines() -> Iterator[Machines]:
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        pytest.skip("needs root, to make network namespaces")
    serial = next(SERIAL)
    made = Machines(*(f"s443t-{os.getpid()}-{serial}{side}" for side in "hp"))
    with ExitStack() as ending:
        try:
            for name in made:
                ip("netns", "add", name)
                # With a namespace go its interfaces, the pair of cables included.
                ending.callback(subprocess.run, ["ip", "netns", "del", name], capture_output=True)
                ip("-n", name, "link", "add", "br0", "type", "bridge")
            cable = ("type", "veth", "peer", "name", "eth0", "netns", made.player)
            ip("-n", made.host, "link", "add", "eth0", *cable)
            for name, address in zip(made, (HOST, PLAYER), strict=True):
                ip("-n", name, "address", "add", f"{BRIDGE}/16", "dev", "br0")
                ip("-n", name, "address", "add", f"{address}/24", "dev", "eth0")
                for interface in ("lo", "eth0", "br0"):
                    ip("-n", name, "link", "set", interface, "up")
        except (OSError, subprocess.SubprocessError) as error:
            pytest.skip(f"this kernel makes no network namespaces: {error}")
        yield made


class Process:
    """A module of ours that runs on one of the machines."""

    def __init__(self, machine: str, home: Path, *arguments: str) -> None:
        self._process = subprocess.Popen(
            ["ip", "netns", "exec", machine, sys.executable, "-m", *arguments],
            stdout=subprocess.PIPE,
            text=True,
            cwd=levels_dir().parent,
            env={**os.environ, "STATION443_HOME": str(home)},
        )

    def line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def told(self) -> dict[str, object]:
        found: dict[str, object] = json.loads(self.line())
        return found

    def end(self) -> None:
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(WAIT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
        assert self._process.stdout is not None
        self._process.stdout.close()


def short_arena(folder: Path) -> Path:
    arena = load_level(arenas_dir() / "crossing.toml")
    path = folder / "short.toml"
    short = msgspec.structs.replace(arena, id="short", number=150, seconds=5)
    path.write_text(level_text(short), encoding="utf-8")
    return path


@pytest.mark.parametrize("listens", ["0.0.0.0", HOST])
def test_a_game_is_found_across_the_cable_and_joined_by_its_address_and_code(
    machines: Machines, tmp_path: Path, listens: str
) -> None:
    level = short_arena(tmp_path)
    with ExitStack() as ending:

        def begin(machine: str, *arguments: str) -> Process:
            process = Process(machine, tmp_path, *arguments)
            ending.callback(process.end)
            return process

        options = ("--host", listens, "--name", "Mei's station", "--level", str(level))
        server = begin(machines.host, "game", "serve", *options)
        told = {server.line()} if listens == HOST else {server.line(), server.line()}
        assert f"Mei's station is open at ws://{HOST}:4430" in told
        found = begin(machines.player, "tests.server.finder", "Mei's station").told()
        assert found["address"] == f"{HOST}:4430", "not the bridge, which is everywhere"
        assert found["problems"] == ["other_network", "no_host"], "this machine is all right"
        host = begin(machines.host, "tests.server.robot", f"{HOST}:4430", "Mei", "host", "short")
        code = str(host.told()["code"])
        typed = HOST  # As somebody types it: without a port.
        guest = begin(machines.player, "tests.server.robot", typed, "Jonas", "join", code)
        assert guest.told()["event"] == "seated"
        for player in (host, guest):
            assert player.told()["event"] == "second half"
        results = [player.told() for player in (host, guest)]
        assert results[0] == results[1]
        assert results[0]["event"] == "result"
