"""A sweep gives the same CSV on every way to its end."""

import os
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from game.lab.sweep import BadSweep, Job, Journal, Row, jobs, run_here, run_job, run_on_dask, sweep
from game.level.load import load_level
from game.level.schema import Level
from game.paths import levels_dir

VARY = (("backlog", ("15", "511")), ("net.core.somaxconn", ("64", "4096")))


@pytest.fixture(scope="module")
def level() -> Level:
    return load_level(levels_dir() / "02-hall.toml")


@pytest.fixture(scope="module")
def todo(level: Level) -> list[Job]:
    return jobs(level, VARY, 1)


@pytest.fixture(scope="module")
def whole(todo: list[Job], tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The CSV of a sweep that ran through."""
    out = tmp_path_factory.mktemp("whole") / "sweep.csv"
    sweep(todo, run_here, out, resume=False, note=lambda _: None)
    return out.read_bytes()


def test_rows_stand_in_the_order_of_the_combinations(whole: bytes) -> None:
    rows = [line.split(",")[:3] for line in whole.decode().splitlines()]
    assert rows[0] == ["backlog", "net.core.somaxconn", "seed"]
    assert [row[:2] for row in rows[1:]] == [
        ["15", "64"],
        ["15", "4096"],
        ["511", "64"],
        ["511", "4096"],
    ]


def test_stopped_half_way_and_resumed_it_is_the_same(
    todo: list[Job], whole: bytes, tmp_path: Path
) -> None:
    out = tmp_path / "sweep.csv"
    ran: list[int] = []

    def backwards(left: Sequence[Job]) -> Iterator[tuple[int, Row]]:
        for job in reversed(left):
            if len(ran) == 2:
                raise KeyboardInterrupt
            ran.append(job.row)
            yield run_job(job)

    with pytest.raises(KeyboardInterrupt):
        sweep(todo, backwards, out, resume=False, note=lambda _: None)
    assert not out.exists()
    journal = out.with_name("sweep.csv.journal")
    # Killed while it wrote: the last line is half a line.
    with journal.open("a", encoding="utf-8") as file:
        file.write('[1, {"backlog"')
    rest: list[int] = []

    def forwards(left: Sequence[Job]) -> Iterator[tuple[int, Row]]:
        for job in left:
            rest.append(job.row)
            yield run_job(job)

    sweep(todo, forwards, out, resume=True, note=lambda _: None)
    assert (ran, rest) == ([3, 2], [0, 1])
    assert out.read_bytes() == whole
    assert not journal.exists()


@pytest.mark.slow
def test_a_killed_process_is_resumed(whole: bytes, tmp_path: Path) -> None:
    out = tmp_path / "sweep.csv"
    journal = out.with_name("sweep.csv.journal")
    command = [sys.executable, "-m", "game", "lab", "sweep", "hall", "--csv", str(out)]
    for name, values in VARY:
        command += ["--vary", f"{name}={','.join(values)}"]
    process = subprocess.Popen(command, start_new_session=True, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 60
        while not journal.exists() or len(journal.read_text(encoding="utf-8").split("\n")) < 3:
            assert time.monotonic() < deadline
            assert process.poll() is None, "it was done before it could be killed"
            time.sleep(0.01)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    assert not out.exists()
    subprocess.run([*command, "--resume"], check=True, stderr=subprocess.DEVNULL)
    assert out.read_bytes() == whole


def test_the_journal_of_another_sweep_is_refused(level: Level, tmp_path: Path) -> None:
    out = tmp_path / "sweep.csv"
    Journal(out, "another").begin({})
    with pytest.raises(BadSweep, match="belongs to another sweep"):
        sweep(jobs(level, VARY, 1), run_here, out, resume=True, note=lambda _: None)


@pytest.mark.slow
@pytest.mark.loopback
def test_on_a_cluster_it_is_the_same(todo: list[Job], whole: bytes, tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        distributed = pytest.importorskip("distributed", reason="Dask is not installed")
        out = tmp_path / "sweep.csv"
        with distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
        ) as cluster:
            runner = run_on_dask(cluster.scheduler_address)
            sweep(todo, runner, out, resume=False, note=lambda _: None)
    assert out.read_bytes() == whole


@pytest.mark.parametrize(
    ("vary", "words"),
    [
        ((("backlog", ("1",)), ("backlog", ("2",))), "once"),
        ((("nix", ("1",)),), "No such file"),
        ((("tcp_syn_retries", ("999",)),), "Invalid argument"),
    ],
)
def test_what_cannot_be_is_told_before_anything_runs(
    level: Level, vary: Sequence[tuple[str, Sequence[str]]], words: str
) -> None:
    with pytest.raises(BadSweep, match=words):
        jobs(level, vary, 1)
