"""Who accepts, and how long it takes: as recorded, and the rules behind the recordings."""

import math
from pathlib import Path
from typing import Any

import pytest

from game.lab.check import check_case, load_case
from game.lab.crews import play_crew

CREWS = sorted(
    (Path(__file__).resolve().parents[2] / "assets" / "kernel-truth" / "crews").glob("*.json")
)


@pytest.mark.parametrize("path", CREWS, ids=lambda path: path.stem)
def test_the_model_agrees_with_the_recording(path: Path) -> None:
    outcome = check_case(load_case(path))
    assert outcome.differences == []
    assert outcome.agrees is True


def test_there_are_recordings() -> None:
    assert len(CREWS) >= 28


def crew(wait: str, workers: int, service_ms: float, every_ms: float) -> dict[str, Any]:
    listeners = workers if wait.endswith("_reuseport") else 1
    case = {
        "crew": {"wait": wait, "workers": workers, "service_ms": service_ms},
        "traffic": {"connections": 200, "every_ms": every_ms},
        "machine": {"listeners": [{"backlog": 128}] * listeners},
    }
    run: dict[str, Any] = play_crew(case)["runs"][0]
    assert run["replied"] == sum(run["accepted"]) == 200
    return run


@pytest.mark.parametrize("workers", [2, 3, 5, 8])
def test_blocking_accept_gives_equal_shares(workers: int) -> None:
    accepted = crew("blocking", workers, 1.0, 10.0)["accepted"]
    assert max(accepted) - min(accepted) <= 1


@pytest.mark.parametrize("workers", [2, 3, 5, 8])
def test_exclusive_epoll_gives_all_to_the_first_while_it_has_time(workers: int) -> None:
    run = crew("epoll_exclusive", workers, 6.0, 10.0)
    assert run["accepted"] == [200] + [0] * (workers - 1)
    assert run["eagain"] == 0


def test_under_load_the_later_ones_get_what_the_first_cannot_take() -> None:
    accepted = crew("epoll_exclusive", 6, 25.0, 10.0)["accepted"]
    assert accepted == sorted(accepted, reverse=True)
    assert accepted[-1] == 0
    assert accepted[2] > 40


def test_a_plain_herd_pays_for_every_connection_and_favours_the_last_registered() -> None:
    run = crew("epoll", 4, 0.0, 10.0)
    assert run["accepted"][3] + run["accepted"][2] == 200
    assert 100 < run["eagain"] <= 200


def test_handing_out_of_a_shared_epoll_wakes_in_vain_about_every_other_time() -> None:
    run = crew("shared_epoll", 4, 0.0, 10.0)
    assert run["accepted"][0] == 0, "the first to lie down is the last to be woken"
    assert 60 < run["eagain"] < 140


@pytest.mark.parametrize(("workers", "service_ms"), [(4, 30.0), (2, 15.0), (6, 45.0)])
def test_one_queue_for_all_beats_a_queue_for_each(workers: int, service_ms: float) -> None:
    """The same load, three quarters of what they can do; only the way of queueing differs."""
    together = crew("blocking", workers, service_ms, 10.0)
    apart = crew("blocking_reuseport", workers, service_ms, 10.0)
    assert together["reply_ms_p50"] < service_ms + 1
    assert together["reply_ms_p99"] < service_ms + 2, "nobody waits"
    assert apart["reply_ms_p50"] > 1.25 * together["reply_ms_p50"]
    assert apart["reply_ms_p99"] > 2.5 * together["reply_ms_p99"]


def test_a_listener_for_each_shares_by_chance() -> None:
    accepted = crew("epoll_reuseport", 5, 1.0, 10.0)["accepted"]
    reach = 5 * math.sqrt(200 * 0.2 * 0.8)
    assert all(abs(share - 40) < reach for share in accepted)
    assert max(accepted) - min(accepted) > 1, "a hash, not a rota"


def test_the_same_case_gives_the_same_run() -> None:
    assert crew("poll", 3, 5.0, 4.0) == crew("poll", 3, 5.0, 4.0)


def test_an_unknown_way_of_waiting_is_refused() -> None:
    with pytest.raises(ValueError, match="telepathy"):
        crew("telepathy", 2, 1.0, 10.0)
