"""The command line: its forms, and one clear sentence for whatever is wrong."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from game.paths import levels_dir

ROOT = levels_dir().parent
HALL = levels_dir() / "02-hall.toml"


def game(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """`python -m game …` as a user runs it."""
    return subprocess.run(
        [sys.executable, "-m", "game", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
    )


def test_help_is_quick_to_answer() -> None:
    """It imports nothing that is slow to import."""
    code = (
        "import sys; from game.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "slow = {'simpy', 'rich', 'websockets', 'zeroconf', 'prometheus_client', 'pygame',"
        " 'msgspec'}\n"
        "print(slow & set(sys.modules), file=sys.stderr)"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert "usage: python -m game" in run.stdout
    assert run.stderr.strip() == "set()"


def test_levels_are_listed() -> None:
    run = game("levels")
    assert run.returncode == 0
    for level_id in ("first-train", "hall", "cookie-stamp"):
        assert level_id in run.stdout


def test_lab_run_prints_the_promised_json() -> None:
    run = game("lab", "run", "hall", "--solution", "--seed", "3", "--json")
    assert run.returncode == 0
    report = json.loads(run.stdout)
    assert list(report) == [
        "level",
        "seed",
        "seconds",
        "attempts",
        "served",
        "success",
        "connect_p50_ms",
        "connect_p95_ms",
        "counters",
        "goals",
        "stars",
    ]
    assert report["stars"] == 3
    assert report["seed"] == 3
    assert all(count > 0 for count in report["counters"].values())
    assert list(report["goals"][0]) == ["goal", "value", "marks", "met"]
    assert report["success"] == report["served"] / report["attempts"]


def test_where_nobody_connected_there_is_no_time() -> None:
    report = json.loads(game("lab", "run", "1", "--json").stdout)
    assert report["connect_p50_ms"] is None
    assert report["connect_p95_ms"] is None
    assert report["stars"] == 0


def test_a_setting_wins_over_the_solution() -> None:
    solved = json.loads(game("lab", "run", "11", "--solution", "--json").stdout)
    kept_off = json.loads(
        game("lab", "run", "11", "--solution", "--json", "--set", "tcp_syncookies=0").stdout
    )
    assert "TcpExtSyncookiesSent" in solved["counters"]
    assert "TcpExtSyncookiesSent" not in kept_off["counters"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("lab", "run", "99"), "There is no level '99'"),
        (("lab", "run", "nowhere.toml"), "nowhere.toml"),
        (("lab", "run", "2", "--set", "tcp_cookies=1"), "cannot stat /proc/sys/tcp_cookies"),
        (("lab", "run", "2", "--set", "tcp_syncookies=-1"), "allowed: 0 to"),
        (("lab", "run", "2", "--set", "backlog"), "NAME=VALUE"),
        (("lab", "run", "2", "--set", "workers=0"), "workers"),
        (("lab", "check", "/no/such/place"), "no such file or folder"),
        (("lab", "explain", "nowhere.json"), "nowhere.json cannot be read"),
        (("lab", "plot", "2", "out.pdf"), ".png or an .svg"),
        (("lab", "grade", "/no/such/place"), "no such folder"),
        (("lab", "sweep", "2", "--vary", "backlog"), "NAME=V1,V2"),
        (("lab", "sweep", "2", "--vary", "backlog=1,1"), "twice"),
        (("lab", "sweep", "2", "--vary", "backlog=1", "--resume"), "--csv"),
        (("replay", "/no/such/file", "--headless"), "cannot be read"),
        (("play", "99"), "There is no level"),
        (("shot", "menu", "/no/such/folder/x.png"), "cannot be written"),
        (("shot", "station", "/tmp/x.png", "--at", "1000"), "within the level"),
        (("lab",), "lab run LEVEL"),
        (("lab", "bench", "--only", "luck"), "There is no figure 'luck'"),
    ],
)
def test_what_is_wrong_is_one_sentence_and_exit_2(arguments: tuple[str, ...], words: str) -> None:
    run = game(*arguments)
    assert run.returncode == 2
    assert words in run.stderr
    assert "Traceback" not in run.stderr
    assert len(run.stderr.strip().splitlines()) == 1


def test_lab_bench_prints_the_promised_rows() -> None:
    (row,) = json.loads(game("lab", "bench", "--only", "help", "--json").stdout)
    assert list(row) == ["name", "asked", "measured", "unit", "ratio", "met"]
    assert row["name"] == "help"
    assert row["met"] == (row["measured"] <= row["asked"])


def test_levels_check_lists_every_fault(tmp_path: Path) -> None:
    broken = tmp_path / "broken.toml"
    text = HALL.read_text(encoding="utf-8")
    broken.write_text(text.replace("cores = 2", "cores = 0").replace("number = 2", "number = -2"))
    run = game("levels", "check", str(HALL), str(broken))
    assert run.returncode == 2
    assert f"{HALL}: ok" in run.stdout
    assert "$.machine.cores: expected at least 1, found 0" in run.stdout
    assert "$.number: expected at least 1, found -2" in run.stdout


def test_a_truncated_replay_is_kept_and_named(tmp_path: Path) -> None:
    whole = next((ROOT / "tests" / "session" / "golden").glob("*.json")).read_bytes()
    broken = tmp_path / "run.json"
    broken.write_bytes(whole[: len(whole) // 2])
    run = game("replay", str(broken), "--headless")
    assert run.returncode == 2
    assert "no whole replay" in run.stderr
    assert broken.read_bytes() == whole[: len(whole) // 2]


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [("boot_key", 2**80, 2), ("seed", -1, 2), ("ticks", -1, 2), ("digests", "shifted", 1)],
)
def test_a_replay_with_another_number_in_it_is_not_called_right(
    key: str, value: object, code: int, tmp_path: Path
) -> None:
    golden = ROOT / "tests" / "session" / "golden" / "first-train.json"
    replay = json.loads(golden.read_text(encoding="utf-8"))
    shifted = [[tick + 1, print_] for tick, print_ in replay["digests"]]
    file = tmp_path / "run.json"
    file.write_text(json.dumps(replay | {key: shifted if value == "shifted" else value}))
    run = game("replay", str(file), "--headless")
    assert run.returncode == code
    assert "Traceback" not in run.stderr


def test_without_a_display_the_sentence_names_what_works_without(tmp_path: Path) -> None:
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER", "SDL_VIDEO_DRIVER")
    }
    run = subprocess.run(
        [sys.executable, "-m", "game", "play", "1"],
        cwd=ROOT,
        env={**environment, "STATION443_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert run.returncode == 1
    for word in ("serve", "lab", "shot"):
        assert word in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.slow
def test_the_same_arguments_give_the_same_pixels(tmp_path: Path) -> None:
    first, second = tmp_path / "1.png", tmp_path / "2.png"
    for out in (first, second):
        run = game("shot", "station", str(out), "--at", "20")
        assert run.returncode == 0, run.stderr
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize(
    "scene",
    [
        *("lobby", "room", "versus-countdown", "versus-defender", "versus-attacker"),
        *("spectator", "teacher"),
    ],
)
def test_a_match_of_two_bots_is_drawn_the_same_every_time(scene: str, tmp_path: Path) -> None:
    first, second = tmp_path / "1.png", tmp_path / "2.png"
    for out in (first, second):
        run = game("shot", scene, str(out), "--at", "12", "--seed", "5")
        assert run.returncode == 0, run.stderr
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize("scene", ["menu", "settings", "field-guide"])
def test_scenes_without_a_run_are_drawn_too(scene: str, tmp_path: Path) -> None:
    out = tmp_path / "out.png"
    run = game("shot", scene, str(out), "--size", "640x360", "--lang", "zh", "--theme", "dark")
    assert run.returncode == 0, run.stderr
    assert out.read_bytes().startswith(b"\x89PNG")
