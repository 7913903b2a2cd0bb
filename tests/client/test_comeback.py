"""A line that breaks in the middle of a match, on a real server: back in the seat by itself."""

import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from game.client.doors import Doors
from game.client.net import open_link
from game.client.online import Online
from game.protocol.lobby import CreateRoom, JoinRoom, SetReady, StartMatch, TakeSide
from tests.server.test_serve import Server

pytestmark = pytest.mark.loopback

WAIT_S = 30.0


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path, "--no-announce", seconds=60)
    yield server
    assert server.stop() == 0


def test_a_broken_line_leads_back_to_the_same_seat(server: Server) -> None:
    doors = Doors(solo=lambda: open_link(server.address), join=open_link)
    mei, jonas = Online(doors), Online(doors)
    pause = threading.Event()
    beats = 0

    def until(happened: Callable[[], bool]) -> None:
        nonlocal beats
        end = beats + int(WAIT_S / 0.01)
        while not happened():
            beats += 1
            assert beats < end, (mei.state, mei.view.lobby.room)
            for one in (mei, jonas):
                one.pump(beats * 0.01)
            pause.wait(0.01)

    mei.connect(server.address, "Mei")
    jonas.connect(server.address, "Jonas")
    until(lambda: mei.view.lobby.rooms is not None and jonas.view.lobby.rooms is not None)
    mei.send([CreateRoom("Friday", "versus", "short")])
    until(lambda: mei.view.lobby.seat is not None)
    assert mei.view.lobby.seat is not None
    jonas.send([JoinRoom(mei.view.lobby.seat.code)])
    until(lambda: jonas.view.lobby.room is not None)
    jonas.send([TakeSide("b"), SetReady(True)])
    until(lambda: any(p.ready for p in mei.view.lobby.room.players if p.name == "Jonas"))  # type: ignore[union-attr]
    mei.send([StartMatch()])
    until(lambda: jonas.view.attack is not None)
    seat = jonas.view.lobby.seat
    assert seat is not None

    line = jonas._line._link._connection.socket  # type: ignore[union-attr]
    line.shutdown(socket.SHUT_RDWR)
    until(lambda: jonas.state == "broken")
    until(lambda: mei.view.lobby.room is not None and mei.view.lobby.room.why == "dropped")
    until(lambda: jonas.state == "on" and jonas.view.lobby.seat is not seat)
    assert jonas.view.lobby.seat is not None
    assert jonas.view.lobby.seat.player == seat.player
    until(lambda: mei.view.lobby.room is not None and mei.view.lobby.room.phase == "running")
    ticks = jonas.view.attack.tick if jonas.view.attack else 0
    until(lambda: jonas.view.attack is not None and jonas.view.attack.tick > ticks)
    for one in (mei, jonas):
        one.close()
