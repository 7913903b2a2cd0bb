"""The model agrees with every scripted recording, and the check would notice if it did not."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from game.lab.agreement import compare_crew, compare_steps, compare_traffic
from game.lab.check import AGREES, BAD_INPUT, DIFFERS, check_case, load_case, run

TRUTH = Path(__file__).resolve().parents[2] / "assets" / "kernel-truth"
STEPS = sorted((TRUTH / "steps").glob("*.json"))


@pytest.mark.parametrize("path", STEPS, ids=lambda path: path.stem)
def test_the_model_agrees_with_the_recording(path: Path) -> None:
    outcome = check_case(load_case(path))
    assert outcome.differences == []
    assert outcome.agrees is True


def written(folder: Path, case: dict[str, Any]) -> Path:
    path = folder / f"{case['id']}.json"
    path.write_text(json.dumps(case), encoding="utf-8")
    return path


def a_case() -> dict[str, Any]:
    return load_case(TRUTH / "steps" / "data-before-accept.json")


def spoil_counter(case: dict[str, Any]) -> None:
    case["measured"]["samples"][0]["counters"]["TcpPassiveOpens"] += 1


def spoil_state(case: dict[str, Any]) -> None:
    case["measured"]["samples"][1]["states"]["ESTAB"] -= 1


def spoil_queue(case: dict[str, Any]) -> None:
    case["measured"]["samples"][0]["listen"][0]["recv_q"] += 1


def spoil_call(case: dict[str, Any]) -> None:
    case["measured"]["calls"][1]["result"] = 1499


def spoil_bytes(case: dict[str, Any]) -> None:
    case["measured"]["samples"][0]["busy_sockets"][0]["recv_q"] += 1


def spoil_accepted(case: dict[str, Any]) -> None:
    case["measured"]["accepted"][0] = 2


@pytest.mark.parametrize(
    "spoil",
    [spoil_counter, spoil_state, spoil_queue, spoil_call, spoil_bytes, spoil_accepted],
    ids=lambda spoil: spoil.__name__,
)
def test_one_number_changed_by_hand_is_noticed(
    spoil: Callable[[dict[str, Any]], None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = a_case()
    path = written(tmp_path, case)
    assert run([path], None) == AGREES
    spoil(case)
    out = tmp_path / "out" / "result.json"
    out.parent.mkdir()
    assert run([written(tmp_path, case)], out) == DIFFERS
    row = json.loads(out.read_text(encoding="utf-8"))[0]
    assert row["id"] == case["id"]
    assert row["agrees"] is False
    assert len(row["differences"]) == 1
    assert row["simulated"]["samples"]
    assert "DIFFERS" in capsys.readouterr().out


def test_what_the_recording_lacks_is_not_compared() -> None:
    case = a_case()
    spoil_counter(case)
    del case["measured"]["samples"][0]["counters"]
    assert check_case(case).agrees is True
    del case["measured"]
    assert check_case(case).agrees is None


def test_a_kind_nobody_plays_is_said_so(tmp_path: Path) -> None:
    outcome = check_case({"id": "x", "kind": "weather"})
    assert outcome.agrees is None
    assert outcome.differences == ["weather: not simulated yet"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "is not JSON"),
        ("[]", "is no case"),
        ('{"kind": 1}', "is no case"),
        ('{"kind": "steps"}', "needs `machine`"),
        ('{"kind": "steps", "machine": {"listeners": []}, "steps": 3}', "cannot be played"),
        (
            '{"kind": "steps", "machine": {"sysctl": {"net.x": 1}, "listeners": []}, "steps": []}',
            "cannot stat /proc/sys/net/x",
        ),
        (
            '{"kind": "steps", "machine": {"listeners": []}, "steps": [{"do": "jump"}]}',
            "jump",
        ),
    ],
)
def test_a_broken_file_is_one_sentence(
    text: str, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "broken.json"
    path.write_text(text, encoding="utf-8")
    assert run([path], None) == BAD_INPUT
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1


def test_a_path_that_does_not_exist_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([tmp_path / "nothing"], None) == BAD_INPUT
    assert "no such file" in capsys.readouterr().err
    assert run([tmp_path], None) == BAD_INPUT
    assert "holds no case" in capsys.readouterr().err


# ---- the tolerances


def shares_case(listen: list[int]) -> dict[str, Any]:
    rows = [{"recv_q": length, "send_q": 400} for length in listen]
    return {"samples": [{"t": 1, "listen": rows}], "accepted": listen, "calls": []}


@pytest.mark.parametrize(
    ("mine", "agrees"),
    [([200, 200], True), ([151, 249], True), ([149, 251], False), ([200, 199], False)],
)
def test_random_shares_agree_within_five_deviations(mine: list[int], agrees: bool) -> None:
    case = {
        "id": "reuseport.listeners2",
        "machine": {"listeners": [{}, {}]},
        "measured": shares_case([186, 214]),
    }
    assert (compare_steps(case, shares_case(mine)) == []) is agrees


@pytest.mark.parametrize(
    ("at", "agrees"), [(0.999, False), (1.0, True), (1.1, True), (1.11, False)]
)
def test_syn_acks_are_late_but_never_early(at: float, agrees: bool) -> None:
    times = {"syn_ack_times": {"0": [0.0, 1.01]}}
    case = {"id": "x", "machine": {"listeners": [{}]}, "measured": times}
    mine = {"samples": [], "syn_ack_times": {"0": [0.0, at]}}
    assert (compare_steps(case, mine) == []) is agrees


@pytest.mark.parametrize(("sent", "agrees"), [(850, True), (1150, True), (849, False)])
def test_approximate_bytes_agree_within_the_cases_own_share(sent: int, agrees: bool) -> None:
    def sample(count: int) -> dict[str, Any]:
        return {"samples": [{"t": 1, "bytes_to_clients": count}]}

    case = {"id": "x", "machine": {"listeners": [{}]}, "measured": sample(1000)}
    assert (compare_steps(case | {"approximate_bytes": 0.15}, sample(sent)) == []) is agrees
    assert compare_steps(case, sample(sent)) != []


def traffic_run(**changes: Any) -> dict[str, Any]:
    run = {
        "attempts": 100,
        "success": 0.5,
        "reset": 0,
        "connect_p90": 1.0,
        "client_syn_retrans": 100,
        "counters": {"TcpPassiveOpens": 1000, "TcpExtListenDrops": 1000},
    }
    return run | changes


@pytest.mark.parametrize(
    ("changes", "agrees"),
    [
        ({}, True),
        ({"attempts": 101}, False),
        ({"success": 0.57}, True),
        ({"success": 0.6}, False),
        ({"reset": 8}, True),
        ({"reset": 9}, False),
        ({"client_syn_retrans": 137}, True),
        ({"client_syn_retrans": 138}, False),
        ({"connect_p90": 1.5}, True),
        ({"connect_p90": 1.6}, False),
        ({"counters": {"TcpPassiveOpens": 1112, "TcpExtListenDrops": 1000}}, True),
        ({"counters": {"TcpPassiveOpens": 1113, "TcpExtListenDrops": 1000}}, False),
        ({"counters": {"TcpPassiveOpens": 1000, "TcpExtListenDrops": 788}}, True),
        ({"counters": {"TcpPassiveOpens": 1000, "TcpExtListenDrops": 787}}, False),
    ],
)
def test_traffic_agrees_run_by_run(changes: dict[str, Any], agrees: bool) -> None:
    case = {
        "machine": {"listeners": [{}]},
        "traffic": {"flood_per_s": 0, "arrivals": [[0.1]]},
        "measured": {"runs": [traffic_run()]},
    }
    assert (compare_traffic(case, {"runs": [traffic_run(**changes)]}) == []) is agrees


def crew_run(**changes: Any) -> dict[str, Any]:
    run = {
        "accepted": [50, 50],
        "eagain": 0,
        "replied": 100,
        "reply_ms_p50": 10.0,
        "reply_ms_p99": 20.0,
    }
    return run | changes


@pytest.mark.parametrize(
    ("wait", "changes", "agrees"),
    [
        ("blocking", {}, True),
        ("blocking", {"accepted": [54, 46]}, True),
        ("blocking", {"accepted": [55, 45]}, False),
        ("epoll", {"accepted": [99, 1]}, True),
        ("epoll", {"accepted": [99, 2]}, False),
        ("epoll_exclusive", {"accepted": [60, 40]}, True),
        ("epoll_exclusive", {"accepted": [61, 39]}, False),
        ("epoll_reuseport", {"accepted": [75, 25]}, True),
        ("epoll_reuseport", {"accepted": [76, 24]}, False),
        ("poll", {"eagain": 10}, True),
        ("poll", {"eagain": 11}, False),
        ("poll", {"replied": 99}, False),
        ("poll", {"reply_ms_p50": 14.5}, True),
        ("poll", {"reply_ms_p50": 14.6}, False),
        ("poll", {"reply_ms_p99": 38.0}, True),
        ("poll", {"reply_ms_p99": 38.1}, False),
    ],
)
def test_crews_agree_within_the_range_of_the_runs(
    wait: str, changes: dict[str, Any], agrees: bool
) -> None:
    case = {"crew": {"wait": wait}, "measured": {"runs": [crew_run()]}}
    assert (compare_crew(case, {"runs": [crew_run(**changes)]}) == []) is agrees


@pytest.mark.parametrize(
    "text",
    [
        '{"kind": "steps", "machine": {"listeners": []}, "steps": [{"do": "wait", "until": 1e999}]}',  # noqa: E501
        '{"kind": "steps", "machine": {"listeners": []}, "steps": [{"do": "explode"}]}',
        '{"kind": "steps", "machine": {"listeners": [{"backlog": 1}, {"backlog": 1}]}, "steps": []}',  # noqa: E501
        '{"kind": "steps", "machine": {"listeners": [{"backlog": ' + "9" * 5000 + "}]}}",
    ],
)
def test_a_case_that_cannot_be_played_is_one_sentence(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "case.json"
    path.write_text(text, encoding="utf-8")
    assert run([path], None) == BAD_INPUT
    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.parametrize("measured", [{"samples": "abc"}, {"syn_ack_times": [1]}])
def test_a_recording_that_is_none_is_one_sentence(measured: Any, tmp_path: Path) -> None:
    path = written(tmp_path, a_case() | {"measured": measured})
    assert run([path], None) == BAD_INPUT


def test_a_syn_ack_is_judged_by_the_due_time_its_recording_belongs_to() -> None:
    """Recorded on Linux 6.18.44: TCP_DEFER_ACCEPT 3 s, a bare ACK at once, then silence."""
    case = {
        "id": "x",
        "kind": "steps",
        "machine": {"listeners": [{"backlog": 5, "defer_accept": 3}]},
        "steps": [
            {"do": "syn", "flows": [0, 1]},
            {"do": "ack", "flows": [0, 1]},
            {"do": "wait", "until": 4},
            {"do": "sample"},
        ],
        "measured": {"syn_ack_times": {"0": [0.0, 3.04]}},
    }
    assert check_case(case).differences == []
