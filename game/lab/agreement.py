"""When a simulated run agrees with a recorded one.

One function for each kind of case; each returns what differs, in words, nothing if they agree.
What a recording lacks is not compared. Source: assets/kernel-truth/README.md.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, Final

SIGMAS: Final = 5
SYN_ACK_FACTOR: Final = 1.05
SYN_ACK_SLACK_S: Final = 0.05

_BYTE_KEYS: Final = ("recv_q", "send_q", "bytes_to_clients")
_BYTE_CALLS: Final = ("conn_send", "conn_recv", "conn_fill")
_SHARED: Final = ("listen", "netstat_listen")


# ---- steps


def compare_steps(case: dict[str, Any], simulated: dict[str, Any]) -> list[str]:
    """What differs between a scripted case's `measured` and the simulation's."""
    return list(_compare_steps(case, simulated))


def _compare_steps(case: dict[str, Any], simulated: dict[str, Any]) -> Iterator[str]:
    measured = case.get("measured") or {}
    name = str(case.get("id", ""))
    if "syn_ack_times" in measured:
        yield from _compare_syn_acks(measured["syn_ack_times"], simulated["syn_ack_times"])
    if name.startswith("reuseport.sticky."):
        yield from _compare_sticky(case, measured, simulated)
    elif name.startswith("reuseport.close-one."):
        yield from _compare_close_one(case, measured, simulated)
    else:
        yield from _compare_plain(case, measured, simulated)


def _compare_plain(
    case: dict[str, Any], measured: dict[str, Any], simulated: dict[str, Any]
) -> Iterator[str]:
    shares = len(case["machine"]["listeners"])
    slack = float(case.get("approximate_bytes", 0))
    samples = measured.get("samples", [])
    if len(samples) > len(simulated["samples"]):
        yield f"samples: {len(samples)} recorded, {len(simulated['samples'])} simulated"
    for index, (want, got) in enumerate(zip(samples, simulated["samples"], strict=False)):
        yield from _compare_sample(f"samples[{index}]", want, got, shares, slack)
    if "accepted" in measured:
        if shares > 1:
            yield from _compare_shares("accepted", measured["accepted"], simulated["accepted"])
        elif measured["accepted"] != simulated["accepted"]:
            yield _differs("accepted", measured["accepted"], simulated["accepted"])
    if "calls" in measured:
        yield from _compare_calls(measured["calls"], simulated["calls"], shares, slack)


def _compare_sample(
    where: str, want: dict[str, Any], got: dict[str, Any], listeners: int, slack: float
) -> Iterator[str]:
    for key, value in want.items():
        if key == "t" or (listeners > 1 and key in _SHARED):
            continue
        if not _equal(value, got.get(key), slack, is_bytes=key in _BYTE_KEYS):
            yield _differs(f"{where}.{key}", value, got.get(key))
    if listeners > 1 and "listen" in want:
        limits = [[row["send_q"] for row in side["listen"]] for side in (want, got)]
        if limits[0] != limits[1]:
            yield _differs(f"{where}.listen send_q", *limits)
        lengths = [[row["recv_q"] for row in side["listen"]] for side in (want, got)]
        yield from _compare_shares(f"{where}.listen recv_q", *lengths)


def _equal(want: Any, got: Any, slack: float, *, is_bytes: bool = False) -> bool:
    """Equal, but for byte figures, which may differ by the case's own share."""
    if isinstance(want, dict) and isinstance(got, dict):
        return want.keys() == got.keys() and all(
            _equal(want[key], got[key], slack, is_bytes=key in _BYTE_KEYS) for key in want
        )
    if isinstance(want, list) and isinstance(got, list):
        pairs = zip(want, got, strict=False)
        return len(want) == len(got) and all(
            _equal(a, b, slack, is_bytes=is_bytes) for a, b in pairs
        )
    if is_bytes and slack and _is_number(want) and _is_number(got):
        return bool(abs(want - got) <= slack * want)
    return bool(want == got)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _compare_calls(
    want: list[dict[str, Any]], got: list[dict[str, Any]], listeners: int, slack: float
) -> Iterator[str]:
    if len(want) != len(got):
        yield f"calls: {len(want)} recorded, {len(got)} simulated"
        return
    shares: tuple[list[int], list[int]] = ([], [])
    for index, (a, b) in enumerate(zip(want, got, strict=True)):
        is_share = listeners > 1 and a["step"] == "accept"
        if is_share:
            shares[0].append(a["accepted"])
            shares[1].append(b["accepted"])
        skipped = ("accepted",) if is_share else ()
        for key, value in a.items():
            is_bytes = key == "result" and a["step"] in _BYTE_CALLS
            if key not in skipped and not _equal(value, b.get(key), slack, is_bytes=is_bytes):
                yield _differs(f"calls[{index}].{key}", value, b.get(key))
    if shares[0]:
        yield from _compare_shares("calls accepted", *shares)


def _compare_shares(where: str, want: list[int], got: list[int]) -> Iterator[str]:
    """Random shares: the sum exactly, each within five binomial standard deviations."""
    if len(want) != len(got) or sum(want) != sum(got):
        yield _differs(f"{where} (sum)", want, got)
        return
    total, parts = sum(want), len(want)
    if parts < 2 or not any(want):
        return
    reach = SIGMAS * math.sqrt(total * (1 / parts) * (1 - 1 / parts))
    if any(abs(share - total / parts) > reach for share in got):
        yield f"{where}: shares {got} are not within {reach:.0f} of {total / parts:.0f}"


def _compare_syn_acks(want: dict[str, list[float]], got: dict[str, list[float]]) -> Iterator[str]:
    """SYN-ACK times as a sorted list: late by the timer wheel, never early."""
    rows = sorted(want.values(), key=lambda times: (len(times), times))
    mine = sorted(got.values(), key=lambda times: (len(times), times))
    if [len(times) for times in rows] != [len(times) for times in mine]:
        yield _differs("syn_ack_times (how many)", list(map(len, rows)), list(map(len, mine)))
        return
    for recorded, times in zip(rows, mine, strict=True):
        for index, (was, at) in enumerate(zip(recorded, times, strict=True)):
            nominal = _nominal(was)
            latest = max(was, SYN_ACK_FACTOR * nominal) + SYN_ACK_SLACK_S
            if not nominal <= at <= latest or at < was / SYN_ACK_FACTOR - SYN_ACK_SLACK_S:
                yield f"syn_ack_times: SYN-ACK {index} after {at} s, nominal {nominal} s"
                return


def _nominal(recorded: float) -> int:
    """The due time a SYN-ACK belongs to: the last of 0, 1, 3, 7, … s that its recording passed.

    By number it cannot be told: a second SYN is answered at once, and TCP_DEFER_ACCEPT skips some.
    """
    nominal = 0
    while 2 * nominal + 1 <= recorded:
        nominal = 2 * nominal + 1
    return nominal


def _compare_sticky(
    case: dict[str, Any], measured: dict[str, Any], simulated: dict[str, Any]
) -> Iterator[str]:
    """The first sample exactly; at the end about half of the flows on listener 0."""
    samples = measured.get("samples", [])
    if samples:
        yield from _compare_sample("samples[0]", samples[0], simulated["samples"][0], 2, 0)
    first, end = case["steps"][0]["flows"]
    flows = end - first
    reach = SIGMAS * math.sqrt(flows) / 2
    share = simulated["accepted"][0]
    if "accepted" in measured and abs(share - flows / 2) > reach:
        yield f"accepted: {share} on listener 0, not within {reach:.0f} of {flows // 2}"
    if len(samples) > 1:
        want, got = samples[-1], simulated["samples"][-1]
        if want.get("listen", got["listen"]) != got["listen"]:
            yield _differs("samples[-1].listen", want["listen"], got["listen"])


def _compare_close_one(
    case: dict[str, Any], measured: dict[str, Any], simulated: dict[str, Any]
) -> Iterator[str]:
    """What does not hang on the shares exactly; of the rest the sum, and each within reach."""
    first, end = case["steps"][0]["flows"]
    reach = SIGMAS * math.sqrt(2 * (end - first)) / 2  # Both sides are one draw each.
    pairs = zip(measured.get("samples", []), simulated["samples"], strict=False)
    for index, (want, got) in enumerate(pairs):
        for key in ("flows_answered", "syn_acks", "fins", "bytes_to_clients"):
            if key in want and want[key] != got[key]:
                yield _differs(f"samples[{index}].{key}", want[key], got[key])
        if {"states", "counters", "rsts"} <= want.keys():
            yield from _compare_conserved(f"samples[{index}]", want, got, reach)
    if "accepted" in measured:
        for mine, theirs in zip(simulated["accepted"], measured["accepted"], strict=True):
            if abs(mine - theirs) > reach:
                yield _differs("accepted", measured["accepted"], simulated["accepted"])


def _compare_conserved(
    where: str, want: dict[str, Any], got: dict[str, Any], reach: float
) -> Iterator[str]:
    for name in ("TcpPassiveOpens", "TcpExtListenDrops", "TcpExtListenOverflows"):
        if want["counters"].get(name) != got["counters"].get(name):
            yield _differs(f"{where}.{name}", want["counters"].get(name), got["counters"].get(name))
    sums = [sum(side["states"].values()) + side["rsts"] for side in (want, got)]
    if sums[0] != sums[1]:
        yield _differs(f"{where} sockets and resets", *sums)
    for key in want["counters"].keys() | got["counters"].keys():
        a, b = want["counters"].get(key, 0), got["counters"].get(key, 0)
        if abs(a - b) > reach:
            yield _differs(f"{where}.{key}", a, b)


def _differs(where: str, want: object, got: object) -> str:
    return f"{where}: recorded {want}, simulated {got}"


# ---- traffic

_TIGHT: Final = {
    "TcpPassiveOpens": (1.1, 12.0),
    "TcpExtTCPTimeouts": (1.25, 40.0),
    "TcpRetransSegs": (1.25, 40.0),
    "TcpExtListenOverflows": (1.25, 12.0),
    "TcpExtListenDrops": (1.25, 12.0),
    "TcpExtTCPReqQFullDrop": (1.25, 12.0),
    "TcpExtTCPReqQFullDoCookies": (1.25, 12.0),
    "TcpExtSyncookiesSent": (1.25, 12.0),
    "TcpExtSyncookiesRecv": (1.25, 12.0),
}
_FULL_DROP: Final = "TcpExtTCPReqQFullDrop"
_FULL_DROP_SMALL: Final = 100
_FULL_DROP_SLACK: Final = 60.0
_SUCCESS_SLACK: Final = 0.08


def compare_traffic(case: dict[str, Any], simulated: dict[str, Any]) -> list[str]:
    """What differs between a traffic case's runs and the simulation's, run by run."""
    return list(_compare_traffic(case, simulated))


def _compare_traffic(case: dict[str, Any], simulated: dict[str, Any]) -> Iterator[str]:
    runs = (case.get("measured") or {}).get("runs", [])
    mine = simulated["runs"]
    if not runs:
        return
    listeners = len(case["machine"]["listeners"])
    has_flood = bool(case["traffic"].get("flood_per_s"))
    if not case["traffic"].get("arrivals"):
        yield from _compare_some_run(runs, mine[0], listeners, has_flood)
    elif len(mine) < len(runs):
        yield f"runs: {len(runs)} recorded, {len(mine)} simulated"
    else:
        for index, (want, got) in enumerate(zip(runs, mine, strict=False)):
            yield from _compare_run(f"runs[{index}]", want, got, listeners, has_flood)
    yield from _compare_connect(runs, mine)


def _compare_some_run(
    runs: list[dict[str, Any]], got: dict[str, Any], listeners: int, has_flood: bool
) -> Iterator[str]:
    """With dice of our own the number of attempts is free, and any run may be the match."""
    attempts = {"attempts": got["attempts"]}
    found = [
        list(_compare_run("runs[0]", want | attempts, got, listeners, has_flood)) for want in runs
    ]
    if all(found):
        yield from min(found, key=len)


def _compare_run(
    where: str, want: dict[str, Any], got: dict[str, Any], listeners: int, has_flood: bool
) -> Iterator[str]:
    if "attempts" in want and want["attempts"] != got["attempts"]:
        yield _differs(f"{where}.attempts", want["attempts"], got["attempts"])
    if "success" in want and abs(want["success"] - got["success"]) > _SUCCESS_SLACK:
        yield _differs(f"{where}.success", want["success"], got["success"])
    wide = None
    if listeners > 1:
        wide = (1.45, 40.0) if has_flood else (4.0, 60.0)
    counters = got["counters"]
    if "counters" in want:
        for name, (factor, slack) in _TIGHT.items():
            if wide is not None and name != "TcpPassiveOpens":
                factor, slack = wide
            a, b = want["counters"].get(name, 0), counters.get(name, 0)
            if wide is None and name == _FULL_DROP and a < _FULL_DROP_SMALL:
                slack = _FULL_DROP_SLACK
            if not _near(a, b, factor, slack):
                yield _differs(f"{where}.{name}", a, b)
    for key, (factor, slack) in {
        "client_syn_retrans": (1.25, 12.0),
        "reset": (1.2, 8.0),
    }.items():
        if key in want and not _near(want[key], got[key], *(wide or (factor, slack))):
            yield _differs(f"{where}.{key}", want[key], got[key])


def _near(want: float, got: float, factor: float, slack: float) -> bool:
    return want / factor - slack <= got <= want * factor + slack


def _compare_connect(runs: list[dict[str, Any]], mine: list[dict[str, Any]]) -> Iterator[str]:
    """Some run's connect_p90 lies near those of the recorded runs."""
    known = [run["connect_p90"] for run in runs if run.get("connect_p90") is not None]
    if not known:
        return
    low, high = min(known) / 1.5 - 0.05, max(known) * 1.5 + 0.05
    got = [run["connect_p90"] for run in mine]
    if not any(value is not None and low <= value <= high for value in got):
        yield f"connect_p90: {got}, none within {low:.3f} to {high:.3f}"


# ---- crews


def compare_crew(case: dict[str, Any], simulated: dict[str, Any]) -> list[str]:
    """What differs between a crew case's runs and the one simulated run."""
    return list(_compare_crew(case, simulated))


def _compare_crew(case: dict[str, Any], simulated: dict[str, Any]) -> Iterator[str]:
    runs = (case.get("measured") or {}).get("runs", [])
    if not runs:
        return
    got = simulated["runs"][0]
    replied = {run["replied"] for run in runs if "replied" in run}
    if replied and got["replied"] not in replied:
        yield _differs("replied", sorted(replied), got["replied"])
    shares = [run["accepted"] for run in runs if "accepted" in run]
    if shares:
        yield from _compare_crew_shares(case["crew"]["wait"], shares, got["accepted"])
    for key, factor, slack in (
        ("eagain", 4.0, 10.0),
        ("reply_ms_p50", 1.35, 1.0),
        ("reply_ms_p99", 1.8, 2.0),
    ):
        known = [run[key] for run in runs if run.get(key) is not None]
        if known:
            low, high = min(known) / factor - slack, max(known) * factor + slack
            if got.get(key) is None or not low <= got[key] <= high:
                yield f"{key}: {got.get(key)}, not within {low:.2f} to {high:.2f}"


def _compare_crew_shares(wait: str, runs: list[list[int]], got: list[int]) -> Iterator[str]:
    sums = {sum(run) for run in runs}
    total = sum(got)
    if total not in sums or len(got) != len(runs[0]):
        yield _differs("accepted (sum)", sorted(sums), total)
        return
    parts = len(got)
    reach = 0.0
    if wait == "blocking":
        reach = 4.0
    elif wait.endswith("reuseport"):
        reach = SIGMAS * math.sqrt(total * (1 / parts) * (1 - 1 / parts))
    if reach and any(abs(share - total / parts) > reach for share in got):
        yield f"accepted: {got}, not each within {reach:.0f} of {total / parts:.0f}"
    if wait == "epoll_exclusive":
        slack = max(0.08 * total, 10)
        for index, share in enumerate(got):
            known = [run[index] for run in runs]
            if not min(known) - slack <= share <= max(known) + slack:
                yield f"accepted[{index}]: {share}, recorded {known}"
