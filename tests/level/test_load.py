"""Level files: the game's own load, and a wrong one is answered with every fault at once."""

from pathlib import Path

import pytest

from game.level.load import BadLevel, load_folder, parse_level
from game.level.schema import Level
from game.level.settings import BadSetting, settings_cost, with_settings
from game.paths import levels_dir
from game.session.replay import level_text
from game.session.session import solution_of

HALL = levels_dir() / "02-hall.toml"
SYSCTL = "[sysctl]\n'net.ipv4.{}' = 999\n[[goal]]"
LONG = "per_s = 8\nrequest_bytes = 9000\nrequests = 2"
MODEL = "[[knob]]\nname = 'model'\nchoices = ['prefork', 'threads']\n[[goal]]"
WORKERS = "[[knob]]\nname = 'workers'\nmin = 1\nmax = 2\n[[goal]]"


def test_every_level_of_the_game_loads_and_its_solution_is_made_of_commands() -> None:
    levels = load_folder(levels_dir())
    assert [level.number for level in levels] == sorted({level.number for level in levels})
    for level in levels:
        assert solution_of(level)


def test_a_level_written_out_reads_back_the_same() -> None:
    level = hall()
    assert parse_level(level_text(level)) == level


@pytest.mark.parametrize(
    ("old", "new", "path", "expected"),
    [
        ("seconds = 75", "seconds = 4", "$.seconds", "at least 5"),
        ("cores = 2", 'cores = "two"', "$.machine.cores", "integer"),
        ("cores = 2", "cors = 2", "$.machine", "cors"),
        ("cores = 2", "cores = 2\nrx_queues = 3", "$.machine.rx_queues", "at most one"),
        ("cores = 2", 'cores = 2\nfilter = "limit24:x"', "$.machine.filter", "a filter"),
        ('line = "queue"', 'line = "north"', "$.line", "queue"),
        ('name = "backlog"', 'name = "backlok"', "$.knob[0].name", "a sysctl or one of"),
        ("marks = [0.8, 0.83, 0.855]", "marks = [0.9, 0.83, 0.855]", "$.goal[0].marks", "harder"),
        ("at_s = 5", "at_s = 99", "$.solution[0].at_s", "within"),
        ("until_s = 12.25", "until_s = 11", "$.traffic[1].until_s", "after"),
        ("cores = 2", "cores = 2\nports = [80, 80]", "$.machine.ports", "each port once"),
        ("per_s = 8", "per_s = 8\nport = 80", "$.traffic[0].port", "443"),
        ("per_s = 8", "per_s = 8\nrefused = true", "$.traffic[0].refused", "request_bytes"),
        ("per_s = 8", LONG, "$.traffic[0].request_bytes", "at most 1400"),
        ("[[goal]]", MODEL, "$.knob[1].choices[1]", "Invalid enum value 'threads'"),
        ("format = 1", "format = 2", "$.format", "1"),
        ("[[goal]]", SYSCTL.format("tcp_syncookies"), "$.sysctl.net.ipv4.tcp_syncookies", "0 to"),
        ("[[goal]]", SYSCTL.format("tcp_rmem"), "$.sysctl.net.ipv4.tcp_rmem", "one number"),
        ('id = "hall"', "", "$", "id"),
    ],
)
def test_a_fault_is_named_with_path_and_expectation(
    old: str, new: str, path: str, expected: str
) -> None:
    text = HALL.read_text(encoding="utf-8")
    assert old in text
    with pytest.raises(BadLevel) as refusal:
        parse_level(text.replace(old, new, 1))
    assert any(fault.path == path and expected in fault.expected for fault in refusal.value.faults)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("choices = [1,", f"choices = [{10**30},"),
        ("per_s = ", "per_s = 1e-308 #"),
        ("map = [", f"map = [{10**30}, 1] # "),
    ],
)
def test_a_number_that_no_message_carries_is_refused(old: str, new: str) -> None:
    text = HALL.read_text(encoding="utf-8")
    assert old in text
    with pytest.raises(BadLevel):
        parse_level(text.replace(old, new, 1))


def test_where_the_player_makes_the_calls_no_knob_needs_a_socket() -> None:
    text = (levels_dir() / "01-first-train.toml").read_text(encoding="utf-8")
    with pytest.raises(BadLevel, match=r"\$\.knob\[0\]\.name"):
        parse_level(text.replace("[[goal]]", WORKERS, 1))


def test_all_faults_are_reported_at_once() -> None:
    text = HALL.read_text(encoding="utf-8")
    text = text.replace("cores = 2", "cores = 0").replace("number = 2", "number = -1")
    with pytest.raises(BadLevel) as refusal:
        parse_level(text)
    assert {fault.path for fault in refusal.value.faults} == {"$.machine.cores", "$.number"}


@pytest.mark.parametrize("text", ["= nothing", "\0", "format = 1"])
def test_what_is_no_level_at_all_is_refused(text: str) -> None:
    with pytest.raises(BadLevel):
        parse_level(text)


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    broken = tmp_path / "level.toml"
    broken.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadLevel, match="UTF-8"):
        load_folder(tmp_path)


def test_settings_are_in_force_from_the_start_and_cost_what_they_cost_in_play() -> None:
    level = hall()
    settings = [("backlog", "8"), ("somaxconn", "4"), ("backlog", "64")]
    changed = with_settings(level, settings)
    assert changed.machine.backlog == 64
    assert changed.sysctl["net.core.somaxconn"] == 4
    assert settings_cost(level, settings) == 1
    assert settings_cost(level, [("backlog", str(level.machine.backlog))]) == 0


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("net.ipv4.tcp_cookies", "1", "cannot stat /proc/sys/net/ipv4/tcp_cookies"),
        ("tcp_syncookies", "300", "Invalid argument"),
        ("tcp_syncookies", "many", "Invalid argument"),
        ("port", "2", "cannot stat"),
        ("cores", "99", "cores"),
        ("clients_per_s", "0", "clients_per_s takes 1 to"),
        ("workers", "0", "workers"),
        ("model", "threads", "threads"),
        ("filter", "limit24:0", "limit24 takes a rate"),
    ],
)
def test_a_setting_that_cannot_be_is_answered_in_words(name: str, value: str, words: str) -> None:
    with pytest.raises(BadSetting, match=words):
        with_settings(hall(), [(name, value)])


def hall() -> Level:
    return parse_level(HALL.read_text(encoding="utf-8"))
