"""Numbers typed into the console: what no C int holds is no command, and a port is a port."""

from pathlib import Path

import pytest

from game.level.load import load_level
from game.paths import levels_dir
from game.protocol.messages import Call, ConsoleLine, ConsoleOutput
from game.session.replay import load_replay, save_replay
from game.session.session import Session


@pytest.mark.parametrize("number", ["99999999999", "-2147483649", "2147483648"])
def test_a_number_that_no_c_int_holds_is_no_command_and_spoils_no_replay(
    number: str, tmp_path: Path
) -> None:
    session = Session(load_level(levels_dir() / "01-first-train.toml"), 1)
    for line in ("socket", f"listen {number}", f"bind {number}", f"sysctl -w somaxconn={number}"):
        answer = session.console(ConsoleLine(1, line))
        assert line == "socket" or (isinstance(answer, ConsoleOutput) and answer.lines)
    session.advance()
    save_replay(session.replay(), tmp_path / "run.json")
    assert len(load_replay(tmp_path / "run.json").commands) == 1


@pytest.mark.parametrize("port", [-1, 65_536])
def test_bind_takes_a_port(port: int) -> None:
    session = Session(load_level(levels_dir() / "01-first-train.toml"), 1)
    refusal = session.submit(Call(1, "bind", port))
    assert refusal is not None
    assert refusal.code == "knob_range"


def test_a_triple_is_shown_without_tabs() -> None:
    session = Session(load_level(levels_dir() / "01-first-train.toml"), 1)
    answer = session.console(ConsoleLine(1, "sysctl net.ipv4.tcp_rmem"))
    assert isinstance(answer, ConsoleOutput)
    assert "\t" not in answer.lines[0]
