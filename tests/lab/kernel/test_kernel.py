"""The kernel of this machine agrees with its recordings, and nothing of a run is left behind.

These need root and network namespaces; each says so where it cannot run.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from game.lab.check import load_case
from game.lab.kernel import compare
from game.lab.kernel.crews import play_crew
from game.lab.kernel.netns import PREFIX, Namespaces, NoKernelHere, remove_stale, require_kernel
from game.lab.kernel.wire import ETHERNET_IPV4, frame, parse
from tests.lab.kernel.mixes import differences

TRUTH = Path(__file__).resolve().parents[3] / "assets" / "kernel-truth"
# None in which data waits for its ACK: on a busy machine the timer of 200 ms rings in between.
QUICK = (
    "steps/accept-queue.backlog3.somaxconn4096.cookies0",
    "steps/cookies.backlog16.mode2.max_syn_backlog2048",
    "steps/recv-buffer.rcvbuf20000",
    "steps/relisten.after-shutdown",
    "steps/teardown.client-first",
)

SHORT_MIXES = (0, 13, 34, 62, 66, 150, 163)
"""Seeds of mixes that are over before the first timer rings, so that no load moves them."""


def _refusal() -> str:
    try:
        require_kernel()
        with Namespaces():
            return ""
    except NoKernelHere as error:
        return str(error)


@pytest.fixture(scope="module")
def _namespaces() -> Iterator[None]:
    refusal = _refusal()
    if refusal:
        pytest.skip(refusal)
    yield
    left = [name for name in _left() if name.startswith(f"{PREFIX}-{os.getpid()}-")]
    assert left == []


def _left() -> list[str]:
    folder = Path("/var/run/netns")
    names = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    return [name for name in names if name.startswith(f"{PREFIX}-")]


needs_kernel = pytest.mark.usefixtures("_namespaces")


@needs_kernel
@pytest.mark.slow
@pytest.mark.parametrize("name", QUICK)
def test_model_recording_and_kernel_agree(name: str) -> None:
    result = compare.compare_case(load_case(TRUTH / f"{name}.json"))
    assert result.model_recording == []
    assert result.kernel_recording == []
    assert result.model_kernel == []


@needs_kernel
@pytest.mark.slow
@pytest.mark.parametrize("seed", SHORT_MIXES)
def test_mixes_of_steps_agree(seed: int) -> None:
    assert differences(seed) == []


def small_traffic() -> dict[str, Any]:
    traffic = {
        "duration": 1.0,
        "legit_per_s": 20,
        "flood_per_s": 500,
        "accept_per_s": None,
        "deadline": 4.0,
        "arrivals": [[0.05 * i for i in range(20)]],
    }
    machine = {"sysctl": {"net.ipv4.tcp_syncookies": 1}, "listeners": [{"backlog": 16}]}
    return {"id": "small", "kind": "traffic", "machine": machine, "traffic": traffic}


@needs_kernel
@pytest.mark.slow
def test_a_flood_and_clients_agree() -> None:
    result = compare.compare_case(small_traffic())
    assert result.recording is None
    assert result.kernel["runs"][0]["ok"] == 20
    assert result.kernel["runs"][0]["counters"]["TcpExtSyncookiesSent"] > 400
    assert result.model_kernel == []


@needs_kernel
@pytest.mark.slow
def test_a_crew_serves_everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("game.lab.kernel.crews.RUNS", 1)
    case = load_case(TRUTH / "crews" / "blocking.workers4.service6ms.every10ms.json")
    case["traffic"]["connections"] = 20
    run = play_crew(case)["runs"][0]
    assert run["replied"] == sum(run["accepted"]) == 20
    assert max(run["accepted"]) <= 8  # One after the other: first come, first woken.


@needs_kernel
@pytest.mark.slow
def test_a_recording_has_the_form_of_the_others(tmp_path: Path) -> None:
    path = TRUTH / "steps" / "closed-port.json"
    assert compare.run([path], tmp_path) == 0
    recorded = json.loads((tmp_path / path.name).read_text(encoding="utf-8"))
    known = json.loads(path.read_text(encoding="utf-8"))
    assert recorded.keys() == known.keys()
    for sample in recorded["measured"]["samples"] + known["measured"]["samples"]:
        del sample["t"]
    assert recorded["measured"] == known["measured"]


def _begin_long_case() -> "subprocess.Popen[bytes]":
    """A `lab kernel` that is in the middle of a case of 70 s."""
    case = TRUTH / "steps" / "synack-retries.5.json"
    command = [sys.executable, "-m", "game", "lab", "kernel", str(case)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    deadline = time.monotonic() + 30
    while not (_children(process.pid) and _names_of(process.pid)):
        assert time.monotonic() < deadline
        assert process.poll() is None
        time.sleep(0.02)
    return process


def _names_of(pid: int) -> list[str]:
    return [name for name in _left() if name.startswith(f"{PREFIX}-{pid}-")]


def _children(pid: int) -> list[int]:
    """Its server processes (multiprocessing's own tracker is none)."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    pids = [int(child) for child in listed]
    return [one for one in pids if b"spawn_main" in Path(f"/proc/{one}/cmdline").read_bytes()]


@needs_kernel
@pytest.mark.slow
def test_interrupted_it_leaves_nothing() -> None:
    process = _begin_long_case()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=20)
    assert process.returncode == 130
    assert _names_of(process.pid) == []


@needs_kernel
@pytest.mark.slow
def test_with_its_server_killed_it_says_so_and_leaves_nothing() -> None:
    process = _begin_long_case()
    for child in _children(process.pid):
        os.kill(child, signal.SIGKILL)
    _, errors = process.communicate(timeout=90)
    assert process.returncode == 1
    assert b"has ended" in errors
    assert b"Traceback" not in errors
    assert _names_of(process.pid) == []


@needs_kernel
@pytest.mark.slow
def test_what_a_killed_run_left_is_removed_by_the_next() -> None:
    process = _begin_long_case()
    process.kill()
    process.communicate()
    assert _names_of(process.pid) != []
    assert set(remove_stale()) >= {f"{PREFIX}-{process.pid}-0s"}
    assert _names_of(process.pid) == []


def test_without_root_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    with pytest.raises(NoKernelHere, match=r"root|Linux"):
        compare.run([TRUTH / "steps" / "closed-port.json"], None)


def test_a_frame_is_read_back() -> None:
    data = frame(0x0A010002, 40_000, 80, 0x12, 7, 9, 100, 64_240, 1460)
    assert int.from_bytes(data[12:14], "big") == ETHERNET_IPV4
    arrival = parse(data)
    assert arrival is not None
    assert (arrival.flags, arrival.seq, arrival.length) == (0x12, 7, 100)
    assert parse(data[:40]) is None
