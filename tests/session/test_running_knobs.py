"""Knobs turned while the server runs: typed, checked, in force, and in the replay."""

from pathlib import Path

import msgspec
import pytest

from game.level.load import load_level
from game.level.schema import Goal, Knob, Level
from game.paths import levels_dir
from game.protocol.messages import ConsoleLine, ConsoleOutput, Refused
from game.session.replay import load_replay, save_replay
from game.session.session import Session, play

TYPED = [
    ("model event", "model", "event"),
    ("processes 4", "processes", "4"),
    ("wait epoll", "wait", "epoll"),
    ("accept_mutex on", "accept_mutex", "on"),
    ("keepalive_s 5", "keepalive_s", "5"),
    ("request_timeout_s 2", "request_timeout_s", "2"),
    ("send_timeout_s 5", "send_timeout_s", "5"),
    ("rcvbuf 65536", "rcvbuf", "65536"),
    ("sndbuf 65536", "sndbuf", "65536"),
    ("parent_closes off", "parent_closes", "off"),
    ("close_with linger", "close_with", "linger"),
    ("ulimit -n 256", "nofile", "256"),
]


def opened(name: str, value: str) -> Level:
    level = load_level(levels_dir() / "02-hall.toml")
    choice: int | str = int(value) if value.isdecimal() else value
    knob = Knob(name, choices=[choice], cost=2)
    goal = Goal("memory_mb", [9.0, 8.5, 7.0])
    return msgspec.structs.replace(level, knob=[knob], goal=[goal], solution=[])


@pytest.mark.parametrize(("line", "name", "value"), TYPED)
def test_what_is_typed_is_in_force_after_the_next_tick(line: str, name: str, value: str) -> None:
    session = Session(opened(name, value), 1)
    before = session.snapshot().knobs[0].value
    assert isinstance(session.console(ConsoleLine(1, line)), ConsoleOutput)
    assert session.snapshot().knobs[0].pending == value
    session.advance()
    assert session.snapshot().knobs[0].value == value != before
    assert session.score.cost == 2
    other = session.console(ConsoleLine(2, line.replace(value, "7")))
    assert isinstance(other, Refused)
    assert other.code == "knob_range"


def test_a_run_with_restarts_plays_back_to_the_same_digests(tmp_path: Path) -> None:
    level = load_level(levels_dir() / "07-night-mail.toml")
    session = Session(msgspec.structs.replace(level, seconds=40, budget=0, solution=[]), 3)
    for line in ("model event", "workers 32", "keepalive_s 2", "model worker", "wait epoll"):
        assert isinstance(session.console(ConsoleLine(1, line)), ConsoleOutput)
        for _ in range(100):
            session.advance()
    save_replay(session.replay(), tmp_path / "run.json")
    again = play(load_replay(tmp_path / "run.json"))
    while again.tick < session.tick:
        again.advance()
    assert again.digests == session.digests


def test_memory_is_judged_at_its_highest() -> None:
    """One worker process and the buffers of 50 people a coach: 8 MB and a little."""
    session = Session(opened("model", "worker"), 1)
    while session.tick < 20 * 15:
        session.advance()
    highest = session.score.value("memory_mb")
    assert highest is not None
    assert 8.0 < highest < 8.5
    assert session.snapshot().goals[0].value == round(highest)
    assert session.score.stars() == 2


def test_connections_that_nobody_serves_are_seen() -> None:
    level = load_level(levels_dir() / "07-night-mail.toml")
    session = Session(msgspec.structs.replace(level, solution=[]), 1)
    session.console(ConsoleLine(1, "model event"))
    for _ in range(600):
        session.advance()
    event = session.snapshot()
    assert event.listeners[0].held > 10
    assert event.listeners[1].held == 0, "one thread watches both ports of its bucket"
    forgetful = Session(load_level(levels_dir() / "17-last-train.toml"), 1)
    for _ in range(99):
        forgetful.advance()
    assert forgetful.snapshot().kept > 20
