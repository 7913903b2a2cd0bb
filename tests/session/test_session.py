"""A run: commands act at borders, refusals change nothing, a log gives the same digests."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from game.level.load import load_folder, load_level, parse_level
from game.level.schema import Level
from game.paths import levels_dir
from game.protocol.codec import decode_from_server, encode
from game.protocol.messages import Call, ConsoleLine, ConsoleOutput, Refused, SetKnob, SetSysctl
from game.session.charges import CORRECTED_TICKS_MAX, SETTLE_TICKS
from game.session.replay import BadReplay, Replay, load_replay, save_replay
from game.session.session import COMMANDS_MAX, Session, play, solution_of

GOLDEN = Path(__file__).parent / "golden"


def test_a_command_acts_at_the_next_border_and_costs_its_points() -> None:
    session = Session(cookie_stamp(), 1)
    assert session.submit(SetSysctl(1, "net.ipv4.tcp_syncookies", 1)) is None
    before = session.snapshot()
    assert knob(before, "tcp_syncookies") == ("0", "1")
    assert before.cost == 2
    session.advance()
    after = session.snapshot()
    assert knob(after, "tcp_syncookies") == ("1", "")
    assert after.sysctls["net.ipv4.tcp_syncookies"] == 1
    assert session.log[0].tick == 0


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (SetSysctl(1, "net.ipv4.tcp_cookies", 1), "unknown_sysctl"),
        (SetSysctl(1, "net.ipv4.tcp_syncookies", 300), "sysctl_range"),
        (SetSysctl(1, "net.ipv4.tcp_syncookies", 2), "knob_range"),
        (SetSysctl(1, "net.core.somaxconn", 4), "knob_locked"),
        (SetKnob(1, "workers", "9"), "knob_locked"),
        (SetKnob(1, "colour", "9"), "unknown_knob"),
        (Call(1, "listen", 16), "knob_range"),
        (Call(1, "socket"), "unknown_knob"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(
    command: SetSysctl | SetKnob | Call, code: str
) -> None:
    session = Session(cookie_stamp(), 1)
    control = Session(cookie_stamp(), 1)
    refusal = session.submit(command)
    assert refusal is not None
    assert (refusal.seq, refusal.code) == (1, code)
    session.advance()
    control.advance()
    assert session.snapshot() == control.snapshot()


def test_the_budget_is_the_end_of_spending() -> None:
    session = Session(cookie_stamp(), 1)
    for seq in range(1, 5):
        assert session.submit(SetSysctl(seq, "tcp_syncookies", seq % 2)) is None
        for _ in range(SETTLE_TICKS + 1):
            session.advance()
    refusal = session.submit(SetSysctl(5, "tcp_syncookies", 1))
    assert refusal == Refused(5, "budget", {"cost": 2, "left": 0})
    assert session.submit(SetSysctl(6, "tcp_syncookies", 0)) is None  # Nothing changes: free.


def spent(session: Session) -> int:
    return session.snapshot().cost


def test_notch_by_notch_costs_what_one_leap_costs() -> None:
    """A hand turns, a console leaps: the same knob, the same end, the same price."""
    hand, console = Session(level("hall"), 1), Session(level("hall"), 1)
    for seq, backlog in enumerate((8, 16, 32, 64), start=1):
        assert hand.submit(Call(seq, "listen", backlog)) is None
        hand.advance()
    assert console.submit(Call(1, "listen", 64)) is None
    assert spent(hand) == spent(console) > 0


def test_what_is_taken_back_at_once_costs_nothing() -> None:
    session = Session(cookie_stamp(), 1)
    full = session.snapshot().points
    before = session.world.host.sysctl.tcp_syncookies
    assert session.submit(SetSysctl(1, "tcp_syncookies", 1 - before)) is None
    assert session.snapshot().points < full
    assert session.submit(SetSysctl(2, "tcp_syncookies", before)) is None  # In the same pause.
    assert session.snapshot().points == full
    session.submit(SetSysctl(3, "tcp_syncookies", 1 - before))
    session.advance()
    session.submit(SetSysctl(4, "tcp_syncookies", before))  # A tick later.
    assert session.snapshot().points == full


def test_a_correction_that_comes_late_is_another_change() -> None:
    session = Session(cookie_stamp(), 1)
    session.submit(SetSysctl(1, "tcp_syncookies", 1))
    price = spent(session)
    for _ in range(SETTLE_TICKS + 1):
        session.advance()
    session.submit(SetSysctl(2, "tcp_syncookies", 0))
    assert spent(session) == 2 * price > 0


def test_nobody_can_go_on_correcting_for_ever() -> None:
    """The time of a correction begins anew with each, that of them all does not."""
    session = Session(level("ceiling"), 1)
    session.submit(SetSysctl(1, "somaxconn", 192))
    price = spent(session)
    for seq in range(2, CORRECTED_TICKS_MAX + 3):
        session.advance()
        assert session.submit(SetSysctl(seq, "somaxconn", 192 if seq % 2 else 160)) is None
        if seq == CORRECTED_TICKS_MAX + 1:
            assert spent(session) == price
    assert spent(session) == 2 * price > 0


def test_commands_end_after_a_thousand() -> None:
    session = Session(level("first-train"), 1)
    refusals = [session.submit(Call(seq, "socket")) for seq in range(1, COMMANDS_MAX + 2)]
    assert refusals[:-1] == [None] * COMMANDS_MAX
    assert refusals[-1] == Refused(COMMANDS_MAX + 1, "too_many", {"max": COMMANDS_MAX})


def test_the_calls_give_the_real_errors_until_their_order_is_right() -> None:
    session = Session(level("first-train"), 1)
    for seq, (name, argument) in enumerate(
        [
            ("listen", 16),
            ("accept", 0),
            ("socket", 0),
            ("accept", 0),
            ("bind", 443),
            ("bind", 443),
            ("listen", 16),
            ("accept", 0),
        ],
        start=1,
    ):
        assert session.submit(Call(seq, name, argument)) is None
        session.advance()
    assert session.snapshot().calls == [
        "listen(-1, 16) = -1 EBADF (Bad file descriptor)",
        "accept(-1) = -1 EBADF (Bad file descriptor)",
        "socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3",
        "accept(3) = -1 EINVAL (Invalid argument)",
        "bind(3, 0.0.0.0:443) = 0",
        "bind(3, 0.0.0.0:443) = -1 EINVAL (Invalid argument)",
        "listen(3, 16) = 0",
        "accept(3) …",
    ]


def test_without_listen_nobody_comes() -> None:
    session = Session(level("first-train"), 1)
    for seq, (name, argument) in enumerate([("socket", 0), ("bind", 443), ("accept", 0)], start=1):
        session.submit(Call(seq, name, argument))
    while not session.over:
        session.advance()
    assert session.score.done == 0
    assert session.world.host.counters.TcpOutRsts > 100
    assert "nobody_listening" in [event.code for event in session.result().story]


def test_the_console_is_the_knob_in_other_words() -> None:
    by_knob, by_console = Session(cookie_stamp(), 1), Session(cookie_stamp(), 1)
    by_knob.submit(SetSysctl(1, "net.ipv4.tcp_syncookies", 1))
    answer = by_console.console(ConsoleLine(1, "sysctl -w net.ipv4.tcp_syncookies=1"))
    assert answer == ConsoleOutput(1, ["net.ipv4.tcp_syncookies = 1"])
    for session in (by_knob, by_console):
        session.advance()
    assert by_knob.log == by_console.log


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("", ""),
        ("sysctl net.core.somaxconn", "net.core.somaxconn = 4096"),
        ("sysctl net.core.somaxcon", "cannot stat /proc/sys/net/core/somaxcon"),
        ("sysctl -w net.core.somaxcon=1", "cannot stat /proc/sys/net/core/somaxcon"),
        ("sysctl -w net.ipv4.tcp_syncookies=many", "Invalid argument"),
        ("sysctl -w net.ipv4.tcp_syncookies=300", "Invalid argument"),
        ("sysctl -w net.ipv4.tcp_syncookies", "must be of the form name=value"),
        ("rm -rf /", "rm: command not found"),
        ("ss -ltn", "LISTEN"),
        ("nstat -az TcpExtListenDrops", "TcpExtListenDrops"),
        ("netstat -s", "resets sent"),
        ("help", "nstat"),
        ("ethtool -g eth0", "RX:             256"),
        ("ethtool -S eth0", "rx_missed_errors: 0"),
        ("cat /proc/net/softnet_stat", "00000000 00000000"),
        ("ethtool -X eth0", "only the forms"),
    ],
)
def test_the_console_answers_in_the_tools_own_words(line: str, answer: str) -> None:
    session = Session(cookie_stamp(), 1)
    output = session.console(ConsoleLine(1, line))
    assert isinstance(output, ConsoleOutput)
    assert answer in "\n".join(output.lines)
    session.advance()
    assert session.log == []


def test_a_snapshot_crosses_the_wire_whole_and_is_small() -> None:
    session = Session(cookie_stamp(), 1, recorded=solution_of(cookie_stamp()))
    largest = 0
    while not session.over:
        session.advance()
        if session.tick % 50 == 0:
            snapshot = session.snapshot()
            data = encode(snapshot)
            assert decode_from_server(data) == snapshot
            largest = max(largest, len(data))
    assert largest < 8 * 1024
    result = session.result()
    assert decode_from_server(encode(result)) == result


@pytest.mark.parametrize("level_id", [one.id for one in load_folder(levels_dir())])
def test_a_replay_plays_back_to_the_same_digests(level_id: str, tmp_path: Path) -> None:
    one = level(level_id)
    session = Session(one, 5, recorded=solution_of(one))
    while not session.over:
        session.advance()
    save_replay(session.replay(), tmp_path / "run.json")
    replay = load_replay(tmp_path / "run.json")
    again = play(replay)
    while again.tick < replay.ticks:
        again.advance()
    assert again.digests == session.digests
    assert len(again.digests) == one.seconds


@pytest.mark.parametrize(
    "data", [b"", b"{", b'{"format": 1}', b"\xff\xfe", b'{"format": 9, "level": ""}']
)
def test_a_broken_replay_is_a_sentence_and_stays_where_it_is(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    path.write_bytes(data)
    with pytest.raises(BadReplay, match=r"run\.json"):
        load_replay(path)
    assert path.read_bytes() == data


@pytest.mark.slow
@pytest.mark.parametrize("hash_seed", ["0", "1", "4242"])
def test_the_golden_replays_agree_under_any_hash_seed(hash_seed: str) -> None:
    """Written by `python -m game replay FILE --rerecord`; a change here changes the rules."""
    files = sorted(GOLDEN.glob("*.json"))
    assert len(files) == 3
    for file in files:
        run = subprocess.run(
            [sys.executable, "-m", "game", "replay", str(file), "--headless"],
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
            cwd=levels_dir().parent,
            capture_output=True,
            text=True,
        )
        assert run.returncode == 0, run.stdout + run.stderr


def test_a_changed_digest_is_noticed(tmp_path: Path) -> None:
    replay: Replay = load_replay(next(GOLDEN.glob("*.json")))
    tick, digest = replay.digests[0]
    replay.digests[0] = (tick, digest[::-1])
    save_replay(replay, tmp_path / "run.json")
    run = subprocess.run(
        [sys.executable, "-m", "game", "replay", str(tmp_path / "run.json"), "--headless"],
        cwd=levels_dir().parent,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 1
    assert f"tick {tick}" in run.stdout


def level(level_id: str) -> Level:
    return next(one for one in load_folder(levels_dir()) if one.id == level_id)


def cookie_stamp() -> Level:
    return load_level(levels_dir() / "11-cookie-stamp.toml")


def knob(snapshot: object, name: str) -> tuple[str, str]:
    states = {state.name: state for state in snapshot.knobs}  # type: ignore[attr-defined]
    return states[name].value, states[name].pending


def test_a_station_that_was_closed_can_be_opened_again() -> None:
    calls = ("socket", "bind 443", "listen 16", "accept")
    session = Session(load_level(levels_dir() / "01-first-train.toml"), 1)
    for line in (*calls, "close", *calls):
        session.console(ConsoleLine(1, line))
        session.advance()
    while not session.over:
        session.advance()
    assert session.score.stars() == 3


def test_a_new_socket_of_the_same_number_is_not_served_before_accept() -> None:
    session = Session(load_level(levels_dir() / "01-first-train.toml"), 1)
    for line in ("socket", "bind 443", "listen 16", "accept"):
        session.console(ConsoleLine(1, line))
        session.advance()
    for line in ("close", "socket", "bind 443", "listen 16"):
        session.console(ConsoleLine(1, line))
    while not session.over:
        session.advance()
    assert session.score.served == 0


@pytest.mark.parametrize("tick", [211, 544])
def test_more_buckets_bring_no_retired_worker_back(tick: int) -> None:
    text = (levels_dir() / "02-hall.toml").read_text(encoding="utf-8")
    knobs = "".join(f'[[knob]]\nname = "{n}"\nmin = 1\nmax = 8\n' for n in ("workers", "buckets"))
    session = Session(parse_level(text.replace("[[goal]]", knobs + "[[goal]]", 1)), 1)
    session.submit(SetKnob(1, "workers", "8"))
    while session.tick < tick:
        session.advance()
    session.submit(SetKnob(2, "workers", "2"))
    session.advance()
    session.submit(SetKnob(3, "buckets", "2"))
    session.advance()
    assert knob(session.snapshot(), "workers") == ("2", "")
