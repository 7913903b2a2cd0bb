"""A server of one's own beside the window, and set-ups of the sandbox that are kept."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from game.cli.host import HostThread
from game.cli.shelf import all_levels, find_level, keep_level
from game.cli.solo import SoloHost
from game.client.doors import Hosted
from game.client.game_view import GameView
from game.client.host_line import HostLine
from game.client.net import NoServer, open_link
from game.paths import HOME_VARIABLE, own_levels_dir
from game.protocol.codec import decode_from_server, encode
from game.protocol.link import Link
from game.protocol.lobby import SaveSetup, SetupSaved
from game.protocol.messages import Hello, StartLevel
from game.protocol.teacher import TeacherLogin

WAIT_S = 20.0


def wait(happened: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(int(WAIT_S / 0.01)):
        if happened():
            return
        pause.wait(0.01)
    raise AssertionError("it never happened")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    return tmp_path


@pytest.fixture
def hosted(monkeypatch: pytest.MonkeyPatch) -> Hosted:
    monkeypatch.setattr("game.cli.host.ADDRESS", "127.0.0.1")
    return HostThread().open("Mei's station")


@pytest.mark.loopback
def test_a_host_in_the_window_is_open_for_others_until_it_closes(hosted: Hosted) -> None:
    port = hosted.address.rpartition(":")[2]
    mei, jonas = GameView(), GameView()
    lines = [
        HostLine(hosted.link, mei, "test", "Mei"),
        HostLine(open_link(f"127.0.0.1:{port}"), jonas, "test", "Jonas"),
    ]

    def heard() -> bool:
        for line in lines:
            line.pump(0.0)
        return mei.lobby.rooms is not None and jonas.lobby.rooms is not None

    wait(heard)
    assert jonas.lobby.rooms is not None
    assert jonas.lobby.rooms.server == "Mei's station"

    def is_teacher() -> bool:
        lines[0].pump(0.0)
        return mei.lobby.board is not None

    lines[0].send([TeacherLogin(hosted.token)])
    wait(is_teacher)
    hosted.close()

    def is_told() -> bool:
        lines[1].pump(0.0)
        return jonas.goodbye is not None

    wait(is_told)
    with pytest.raises(NoServer):
        open_link(f"127.0.0.1:{port}")


@pytest.mark.loopback
def test_two_hosts_on_one_machine_take_two_ports(
    hosted: Hosted, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = HostThread().open("Jonas")
    assert other.address != hosted.address
    other.close()
    hosted.close()


def test_a_set_up_of_the_sandbox_is_there_at_the_next_start() -> None:
    host = SoloHost()
    link = host.join()
    link.send(encode(Hello(1, 1, "test", "Mei")))
    link.send(encode(StartLevel("sandbox", 1, settings={"cores": "4", "profile": "bsd"})))
    link.send(encode(SaveSetup("Four cores")))
    saved = wait_for_saved(link)
    host.close()
    assert saved.path == str(own_levels_dir() / "own-four-cores.toml")
    level = find_level("own-four-cores")
    assert (level.machine.cores, level.machine.profile) == (4, "bsd")
    assert level.arena is not None and level.arena.free
    assert level.id in [one.id for one in all_levels()]


def wait_for_saved(link: Link) -> SetupSaved:
    found: list[SetupSaved] = []

    def heard() -> bool:
        while (data := link.receive()) is not None:
            message = decode_from_server(data)
            if isinstance(message, SetupSaved):
                found.append(message)
        return bool(found)

    wait(heard)
    return found[0]


def test_where_nothing_can_be_written_the_path_is_empty(home: Path) -> None:
    (home / "levels").write_text("in the way")
    assert keep_level(find_level("sandbox")) == ""
