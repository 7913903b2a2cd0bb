"""Scripted cases at random: valid mixes of the steps, to compare the model with a real kernel.

`python -m tests.lab.kernel.mixes FIRST END` (root) plays the cases of those seeds on both and
prints what differs. Of 200, four do, now these, now others: a sample or a step within 0.1 s of a
timer, when the model's idea of how long playing a step takes decides.
"""

import json
import sys
from concurrent.futures import ProcessPoolExecutor
from random import Random
from typing import Any

from game.lab.kernel.compare import compare_case
from game.lab.scripted import ScriptedRun

Step = dict[str, Any]
Case = dict[str, Any]

JOBS = 4
"""Cases played at a time: they wait more than they compute."""

ON_FLOWS = (
    "ack", "ack", "data", "data", "fin", "rst", "bad_ack", "ack_fins", "auto_ack",
    "handshake_refused", "syn",
)  # fmt: skip
CALLS = ("close", "shutdown", "dup", "send", "send", "recv", "recv", "fill")
LIVE = ("tcp_syncookies", "tcp_abort_on_overflow", "tcp_synack_retries")


def mix(seed: int) -> Case:
    """The case of a seed; its calls on connections are on those that the model has accepted."""
    dice = Random(seed)  # noqa: S311  No secrets here.
    case: Case = {"id": f"mix.{seed}", "kind": "steps", "machine": _machine(dice)}
    steps: list[Step] = []
    flows = 0
    groups: list[tuple[int, int]] = []
    is_open = True
    for _ in range(dice.randint(5, 14)):
        kind = dice.random()
        if kind < 0.32 or not groups:
            count = dice.randint(1, 12)
            do = dice.choice(["syn", "handshake"])
            steps.append({"do": do, "flows": [flows, flows + count]})
            groups.append((flows, flows + count))
            flows += count
        elif kind < 0.62:
            steps.append(_on_flows(dice, groups))
        elif kind < 0.74 and is_open:
            most = {"max": dice.randint(1, 6)} if dice.random() < 0.6 else {}
            steps.append({"do": "accept"} | most)
        elif kind < 0.78 and is_open:
            steps.append({"do": "listen", "backlog": dice.choice([0, 1, 4, 16, 64])})
        elif kind < 0.82:
            name = f"net.ipv4.{dice.choice(LIVE)}"
            steps.append({"do": "sysctl", "set": {name: dice.choice([0, 1])}})
        elif kind < 0.85 and is_open:
            is_open = dice.random() < 0.5
            steps.append({"do": "shutdown_listener" if is_open else "close_listener"})
            if is_open and dice.random() < 0.7:
                steps.append({"do": "listen", "backlog": dice.choice([1, 4, 16])})
        else:
            steps += _on_connection(dice, case, steps)
        if dice.random() < 0.35:
            steps.append({"do": "sample"})
    case["steps"] = [*steps, {"do": "sample"}]
    if any(step["do"] in ("conn_fill", "data") for step in steps):
        case["approximate_bytes"] = 0.15
    return case


def _machine(dice: Random) -> dict[str, Any]:
    sysctl = {"net.ipv4.tcp_syncookies": dice.choice([0, 0, 1, 1, 2])}
    if dice.random() < 0.3:
        sysctl["net.core.somaxconn"] = dice.choice([1, 4, 16, 100])
    if dice.random() < 0.3:
        sysctl["net.ipv4.tcp_max_syn_backlog"] = dice.choice([4, 8, 16, 64, 128])
    if dice.random() < 0.25:
        sysctl["net.ipv4.tcp_abort_on_overflow"] = 1
    listener = {"backlog": dice.choice([0, 1, 2, 3, 5, 8, 16, 32, 64])}
    for name, values in (
        ("defer_accept", [1, 3]),
        ("rcvbuf", [4096, 20_000, 60_000]),
        ("sndbuf", [8192, 16_384, 50_000]),
    ):
        if dice.random() < 0.15:
            listener[name] = dice.choice(values)
    return {"sysctl": sysctl, "listeners": [listener]}


def _on_flows(dice: Random, groups: list[tuple[int, int]]) -> Step:
    first, end = dice.choice(groups)
    if dice.random() < 0.5:
        end = first + dice.randint(1, end - first)
    do = dice.choice(ON_FLOWS)
    size = {"bytes": dice.choice([1, 50, 500, 1400, 3000, 8000])} if do == "data" else {}
    return {"do": do, "flows": [first, end]} | size


def _on_connection(dice: Random, case: Case, steps: list[Step]) -> list[Step]:
    measured = ScriptedRun(case | {"steps": steps}).play()
    dups = sum(step["do"] == "conn_dup" for step in steps)
    closed = {step["conn"] for step in steps if step["do"] == "conn_close"}
    live = [n for n in range(sum(measured["accepted"]) + dups) if n not in closed]
    if not live:
        return []
    step: Step = {"do": f"conn_{dice.choice(CALLS)}", "conn": dice.choice(live)}
    if step["do"] == "conn_shutdown":
        step["how"] = dice.choice(["rd", "wr", "rdwr"])
    if step["do"] == "conn_send":
        step["bytes"] = dice.choice([1, 10, 1000, 5000])
    return [step]


def differences(seed: int) -> list[str]:
    """What differs between the model and this kernel."""
    return compare_case(mix(seed)).model_kernel


def main(first: int, end: int) -> int:
    """Compare the cases of the seeds from `first` to before `end`; how many differ."""
    differing = 0
    with ProcessPoolExecutor(JOBS) as pool:
        for seed, found in zip(
            range(first, end), pool.map(differences, range(first, end)), strict=True
        ):
            if found:
                differing += 1
                print(seed, json.dumps(mix(seed)), *found, sep="\n  ")  # noqa: T201
    print(f"{end - first} cases, {differing} differ")  # noqa: T201
    return differing


if __name__ == "__main__":
    sys.exit(min(1, main(int(sys.argv[1]), int(sys.argv[2]))))
