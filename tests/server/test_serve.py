"""The real server as a process of its own, and real clients as others, on loopback."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from websockets.asyncio.client import connect

from game.client.browse import Browser
from game.client.net import NoServer, open_link, uri_of
from game.level.load import load_level
from game.paths import arenas_dir
from game.protocol.codec import encode
from game.protocol.limits import PRIVATE_CONNECTIONS_MAX
from game.protocol.lobby import CreateRoom, JoinRoom
from game.protocol.messages import Hello
from game.server.lobby import Lobby
from game.server.serve import Address, GameServer
from game.session.replay import level_text, load_replay
from game.session.session import play
from tests.server.people import levels

pytestmark = pytest.mark.loopback

ANSWER_S = 20.0


class Server:
    """`python -m game serve` with a short arena, stopped at the end."""

    def __init__(self, folder: Path, *options: str, seconds: int = 6) -> None:
        arena = load_level(arenas_dir() / "crossing.toml")
        short = msgspec.structs.replace(arena, id="short", number=150, seconds=seconds)
        path = folder / "short.toml"
        path.write_text(level_text(short), encoding="utf-8")
        self.home = folder / "home"
        self.log = (folder / "log").open("w")
        self.process = subprocess.Popen(
            [
                sys.executable, "-m", "game", "serve", "--host", "127.0.0.1", "--port", "0",
                "--name", f"test {os.getpid()}", "--level", str(path), *options,
            ],
            stdout=subprocess.PIPE,
            stderr=self.log,
            stdin=subprocess.DEVNULL,
            text=True,
            env={**os.environ, "STATION443_HOME": str(self.home)},
        )  # fmt: skip
        line = self.read()
        assert " is open at ws" in line, line
        self.address = line.split()[-1]

    def read(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def get(self, path: str) -> str:
        with urllib.request.urlopen(self.address.replace("ws", "http", 1) + path) as answer:
            text: str = answer.read().decode()
            return text

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(ANSWER_S)
        assert self.process.stdout is not None
        self.process.stdout.close()
        self.log.close()
        return code


class Client:
    """`tests/server/robot.py` as a process."""

    def __init__(self, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.server.robot", *arguments],
            stdout=subprocess.PIPE,
            text=True,
        )

    def event(self) -> dict[str, object]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, f"{self.process.args!r} ended with {self.process.wait()}"
        found: dict[str, object] = json.loads(line)
        return found

    def until(self, event: str) -> dict[str, object]:
        while (found := self.event())["event"] != event:
            assert found["event"] != "late", found
        return found

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path)
    yield server
    if server.process.poll() is None:
        assert server.stop() == 0


@pytest.mark.slow
def test_two_processes_find_the_game_play_both_halves_and_one_is_killed_and_comes_back(
    server: Server,
) -> None:
    with closing(Browser(["127.0.0.1"])) as browser:
        end_s = time.monotonic() + ANSWER_S
        name = f"test {os.getpid()}"
        while not any(game.name == name for game in browser.games):
            assert time.monotonic() < end_s, browser.trouble
            time.sleep(0.02)
        (found,) = [game for game in browser.games if game.name == name]
    assert found.speaks
    ada = Client(found.address, "Ada", "host", "short")
    code = str(ada.until("seated")["code"])
    bob = Client(found.address, "Bob", "join", code)
    token = str(bob.until("seated")["token"])
    bob.until("second half")
    bob.kill()
    back = Client(found.address, "Bob", "rejoin", token)
    back.until("seated")
    results = [one.until("result") for one in (ada, back)]
    assert results[0] == results[1]
    halves = results[0]["halves"]
    assert isinstance(halves, list) and [half[0] for half in halves] == ["a", "b"]
    for one in (ada, back):
        assert one.process.wait(ANSWER_S) == 0
        one.kill()
    assert server.stop() == 0
    replays = results[0]["replays"]
    assert isinstance(replays, list)
    for half, replay_name in zip(halves, replays, strict=True):
        replay = load_replay(server.home / "matches" / str(replay_name))
        session = play(replay)
        while not session.over:
            session.advance()
        assert session.digests == replay.digests
        assert [session.score.attempts, session.score.served] == half[1:]


def test_a_stopped_server_says_goodbye_and_ends_with_0(server: Server) -> None:
    link = open_link(server.address)
    link.send(encode(Hello(1, 1, "test", "Ada")))
    end_s = time.monotonic() + ANSWER_S
    while link.receive() is None and time.monotonic() < end_s:
        time.sleep(0.01)
    assert server.stop() == 0
    end_s = time.monotonic() + ANSWER_S
    while not link.closed and time.monotonic() < end_s:
        data = link.receive()
        if data is not None and b"goodbye" in data and b"closing" in data:
            return
        time.sleep(0.01)
    raise AssertionError("no goodbye")


def test_health_and_metrics_tell_of_the_servers_own_accept_queue(server: Server) -> None:
    health = json.loads(server.get("/healthz"))
    assert health == {"rooms": 0, "players": 0, "recv_q": 0, "backlog": 511}
    assert "station443_rooms 0.0" in server.get("/metrics")


def test_a_port_in_use_is_one_sentence(server: Server) -> None:
    port = server.address.rsplit(":", 1)[1]
    second = subprocess.run(
        [sys.executable, "-m", "game", "serve", "--host", "127.0.0.1", "--port", port],
        capture_output=True,
        text=True,
        timeout=ANSWER_S,
    )
    assert second.returncode == 1
    assert "cannot be had" in second.stderr and "--port" in second.stderr
    assert "Traceback" not in second.stderr


@pytest.mark.parametrize(
    ("address", "code"), [("127.0.0.1:1", "nobody_listens"), ("ws://", "no_game_there")]
)
def test_no_server_is_said_in_words(address: str, code: str) -> None:
    with pytest.raises(NoServer) as caught:
        open_link(address)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("typed", "uri"),
    [
        ("pc7", "ws://pc7:4430"),
        (" 10.0.0.4:99 ", "ws://10.0.0.4:99"),
        ("::1", "ws://[::1]:4430"),
        ("[::1]:99", "ws://[::1]:99"),
        ("wss://school.example/x", "wss://school.example/x"),
    ],
)
def test_an_address_is_read_as_people_type_it(typed: str, uri: str) -> None:
    assert uri_of(typed) == uri


async def in_process(lobby: Lobby) -> GameServer:
    return GameServer(lobby, Address("127.0.0.1", 0), announcement=False)


def test_half_open_connections_are_counted_and_leave_room_for_a_class() -> None:
    async def attack() -> tuple[int, int, bytes]:
        lobby = Lobby(levels(), name="here", build="test")
        server = await in_process(lobby)
        async with server.open("test"):
            sockets = []
            for _ in range(PRIVATE_CONNECTIONS_MAX + 50):
                one = socket.create_connection(("127.0.0.1", server.port))
                one.setblocking(False)
                sockets.append(one)
            while server.guard.refused < 50:
                await asyncio.sleep(0.01)
            count, refused = server.guard.count, server.guard.refused
            for one in sockets:
                one.close()
            while server.guard.count:
                await asyncio.sleep(0.01)
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            writer.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            answer = await reader.readline()
            writer.close()
            return count, refused, answer

    count, refused, answer = asyncio.run(attack())
    assert (count, refused) == (PRIVATE_CONNECTIONS_MAX, 50)
    assert b"200" in answer


def test_tls_carries_the_same_game(tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    made = subprocess.run(
        [
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1",
            "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1",
            "-keyout", str(key), "-out", str(certificate),
        ],
        capture_output=True,
    )  # fmt: skip
    if made.returncode:
        pytest.skip("openssl makes no certificate here")
    server = Server(tmp_path, "--tls-cert", str(certificate), "--tls-key", str(key))
    assert server.address.startswith("wss://")
    trusted = ssl.create_default_context(cafile=str(certificate))
    link = open_link(server.address, tls=trusted)
    link.send(encode(Hello(1, 1, "test", "Ada")))
    end_s = time.monotonic() + ANSWER_S
    while (data := link.receive()) is None:
        assert time.monotonic() < end_s
        time.sleep(0.01)
    assert b"welcome" in data
    link.close()
    with pytest.raises(NoServer):
        open_link(server.address)
    assert server.stop() == 0


def test_a_class_of_forty_behind_one_address_joins_one_room() -> None:
    async def school() -> list[str]:
        lobby = Lobby(levels(), name="here", build="test")
        server = await in_process(lobby)
        async with server.open("test"), contextlib.AsyncExitStack() as stack:
            code = ""
            for number in range(40):
                one = await stack.enter_async_context(
                    connect(f"ws://127.0.0.1:{server.port}", max_size=None, close_timeout=0.1)
                )
                await one.send(encode(Hello(1, 1, "test", f"P{number}")))
                if not code:
                    await one.send(encode(CreateRoom("class", "versus", "crossing")))
                    while not lobby.rooms:
                        await asyncio.sleep(0.01)
                    (code,) = lobby.rooms
                else:
                    await one.send(encode(JoinRoom(code, spectate=number >= 8)))
            room = lobby.rooms[code]
            while len(room.people) < 40:
                await asyncio.sleep(0.01)
            return [one.team for one in room.people]

    teams = asyncio.run(asyncio.wait_for(school(), ANSWER_S))
    assert (teams.count("a"), teams.count("b"), teams.count("")) == (4, 4, 32)
