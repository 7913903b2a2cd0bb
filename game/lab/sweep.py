"""Every combination of some settings, over seeds, on all cores or on a cluster.

Each run goes into a journal beside the CSV as soon as it has ended, so a sweep that was killed
goes on where it was; the CSV itself is written at the end, in the order of the combinations, and
comes out the same whatever happened on the way.
"""

import csv
import hashlib
import io
import itertools
import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import Any, NamedTuple

from game.lab.prove import code_digest
from game.lab.run import run_level
from game.lab.traffic import play_traffic
from game.level.schema import Level
from game.level.settings import BadSetting, with_settings
from game.session.replay import level_text
from game.session.session import solution_of

JOBS_MAX = 100_000
"""Runs of one sweep: a day's work for eight cores."""

COUNTERS = (
    "TcpPassiveOpens",
    "TcpRetransSegs",
    "TcpExtListenOverflows",
    "TcpExtListenDrops",
    "TcpExtTCPReqQFullDrop",
    "TcpExtSyncookiesSent",
    "TcpExtSyncookiesRecv",
    "TcpExtTCPTimeouts",
)
"""Counters that have a column."""

TRAFFIC_NAMES = ("flood_per_s", "legit_per_s", "accept_per_s", "deadline", "duration")
"""What of a traffic case can be varied besides its sysctls, `backlog` and `listeners`."""

Row = dict[str, str]
Vary = Sequence[tuple[str, Sequence[str]]]


class BadSweep(ValueError):
    """A sweep that cannot be; the text is one sentence that says what can."""


class Job(NamedTuple):
    """One run.

    Attributes:
        row: its number in the CSV.
        target: the level, or the traffic case as its file holds it.
        settings: name and value of what is varied.
        seed: of the run.
        solution: the level's recorded solution plays along.
    """

    row: int
    target: Level | dict[str, Any]
    settings: tuple[tuple[str, str], ...]
    seed: int
    solution: bool


Runner = Callable[[Sequence[Job]], Iterator[tuple[int, Row]]]
"""Runs jobs, in any order; row number and row of each as it ends."""


def jobs(
    target: Level | dict[str, Any], vary: Vary, seeds: int, *, solution: bool = False
) -> list[Job]:
    """Every combination of the values, each with the seeds from 1 on.

    Raises:
        BadSweep: too many, a name twice, or a value that cannot be.
    """
    names = [name for name, _ in vary]
    if len(set(names)) < len(names):
        raise BadSweep("Each name can be varied once.")
    found: list[Job] = []
    for values in itertools.product(*(values for _, values in vary)):
        settings = tuple(zip(names, values, strict=True))
        _check(target, settings)
        for seed in range(1, seeds + 1):
            found.append(Job(len(found), target, settings, seed, solution))
            if len(found) > JOBS_MAX:
                raise BadSweep(f"These are more than {JOBS_MAX} runs; vary less at a time.")
    return found


def run_job(job: Job) -> tuple[int, Row]:
    """One run and its row."""
    head = {**dict(job.settings), "seed": str(job.seed)}
    if isinstance(job.target, Level):
        return job.row, head | _level_row(job.target, job)
    return job.row, head | _traffic_row(job.target, job)


def run_here(todo: Sequence[Job]) -> Iterator[tuple[int, Row]]:
    """On all cores of this machine."""
    with ProcessPoolExecutor() as pool:
        futures = [pool.submit(run_job, job) for job in todo]
        try:
            for future in as_completed(futures):
                yield future.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def run_on_dask(address: str) -> Runner:
    """On the workers of a Dask cluster, each of which must have the game installed.

    Raises:
        BadSweep: no scheduler answers at the address.
        ImportError: Dask is not installed.
    """
    from dask.distributed import Client  # noqa: PLC0415
    from dask.distributed import as_completed as as_done  # noqa: PLC0415

    def run(todo: Sequence[Job]) -> Iterator[tuple[int, Row]]:
        try:
            client = Client(address, timeout=10)
        except OSError as error:
            raise BadSweep(f"No Dask scheduler answers at {address}.") from error
        with client:
            for future in as_done([client.submit(run_job, job, pure=False) for job in todo]):
                yield future.result()

    return run


class Journal:
    """The runs of a sweep that have ended, one line of JSON each.

    Args:
        path: of the CSV; the journal's name adds `.journal`.
        mark: what the sweep depends on; a journal of another sweep is not taken.
    """

    def __init__(self, path: Path, mark: str) -> None:
        self._path = path.with_name(path.name + ".journal")
        self._mark = mark

    def load(self) -> dict[int, Row]:
        """The rows so far; a last line that was cut short is left out.

        Raises:
            BadSweep: it belongs to another sweep.
        """
        try:
            lines = self._path.read_text(encoding="utf-8").split("\n")
        except FileNotFoundError:
            return {}
        if lines[0] != self._mark:
            raise BadSweep(
                f"{self._path} belongs to another sweep, or to other code:"
                " remove it, or leave --resume out."
            )
        rows = {}
        for line in lines[1:-1]:  # Behind the last newline there is nothing, or half a line.
            index, row = json.loads(line)
            rows[index] = row
        return rows

    def begin(self, rows: dict[int, Row]) -> None:
        """Write the journal anew with these rows."""
        lines = [self._mark, *(json.dumps([index, row]) for index, row in rows.items()), ""]
        part = self._path.with_name(self._path.name + ".part")
        part.write_text("\n".join(lines), encoding="utf-8")
        part.replace(self._path)

    def add(self, index: int, row: Row) -> None:
        """One more run."""
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps([index, row]) + "\n")

    def remove(self) -> None:
        """The CSV is written: it is not needed any more."""
        self._path.unlink(missing_ok=True)


def fingerprint(todo: Sequence[Job]) -> str:
    """What the rows of a sweep depend on, code included, as a short text."""
    digest = hashlib.blake2b(code_digest(), digest_size=8)
    target = todo[0].target
    text = level_text(target) if isinstance(target, Level) else json.dumps(target, sort_keys=True)
    digest.update(text.encode())
    for job in todo:
        digest.update(repr((job.settings, job.seed, job.solution)).encode())
    return digest.hexdigest()


def sweep(
    todo: Sequence[Job],
    runner: Runner,
    out: Path | None,
    *,
    resume: bool,
    note: Callable[[int], None],
) -> list[Row]:
    """Run what is still to be run, and write the CSV; its rows, in order.

    Args:
        out: the CSV file, None for none.
        note: is told how many runs have ended.

    Raises:
        BadSweep: the journal belongs to another sweep.
        OSError: a file cannot be written.
    """
    journal = Journal(out, fingerprint(todo)) if out is not None else None
    rows: dict[int, Row] = journal.load() if journal is not None and resume else {}
    if journal is not None:
        journal.begin(rows)
    note(len(rows))
    left = [job for job in todo if job.row not in rows]
    for index, row in runner(left) if left else ():
        rows[index] = row
        if journal is not None:
            journal.add(index, row)
        note(len(rows))
    ordered = [rows[index] for index in sorted(rows)]
    if out is not None and journal is not None:
        part = out.with_name(out.name + ".part")
        part.write_text(as_csv(ordered), encoding="utf-8")
        part.replace(out)
        journal.remove()
    return ordered


def as_csv(rows: Sequence[Row]) -> str:
    """Rows as the text of a CSV file."""
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


# ---- a level


def _level_row(level: Level, job: Job) -> Row:
    recorded = solution_of(level) if job.solution else []
    report = run_level(level, job.seed, recorded, job.settings)
    keys = ("attempts", "served", "success", "connect_p50_ms", "connect_p95_ms")
    row = {key: _text(report[key]) for key in keys}
    goals = report["goals"]
    assert isinstance(goals, list)
    row |= {goal["goal"]: _text(goal["value"]) for goal in goals if goal["goal"] not in row}
    row["stars"] = _text(report["stars"])
    counters = report["counters"]
    assert isinstance(counters, dict)
    return row | {name: _text(counters.get(name, 0)) for name in COUNTERS}


def _text(value: object) -> str:
    """A figure: floats short enough to be the same everywhere, nothing for None."""
    if value is None:
        return ""
    return f"{value:.6g}" if isinstance(value, float) else str(value)


# ---- a traffic case


def _traffic_row(case: dict[str, Any], job: Job) -> Row:
    changed = with_case_settings(case, job.settings)
    lists = changed["traffic"].get("arrivals")
    if lists:
        one = lists[(job.seed - 1) % len(lists)]
        changed["traffic"] = changed["traffic"] | {"arrivals": [one]}
    run = play_traffic(changed, job.seed)["runs"][0]
    keys = ("attempts", "ok", "timeout", "reset", "success", "connect_p50", "connect_p90")
    row = {key: _text(run[key]) for key in keys}
    return row | {name: _text(run["counters"].get(name, 0)) for name in COUNTERS}


def with_case_settings(case: dict[str, Any], settings: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """A traffic case with other settings.

    Raises:
        BadSweep: a name or a value that a case cannot have.
    """
    machine = {**case["machine"], "sysctl": dict(case["machine"].get("sysctl") or {})}
    listeners = [dict(spec) for spec in machine["listeners"]]
    traffic = dict(case["traffic"])
    for name, value in settings:
        try:
            if name == "backlog":
                listeners = [spec | {"backlog": int(value)} for spec in listeners]
            elif name == "listeners":
                count = int(value)
                if not 1 <= count <= 16:
                    raise BadSweep(f"listeners takes 1 to 16, not {value}.")
                listeners = [listeners[0] | {"reuseport": count > 1} for _ in range(count)]
            elif name in TRAFFIC_NAMES:
                traffic[name] = float(value)
                if name in ("legit_per_s", "duration"):
                    traffic.pop("arrivals", None)  # Recorded for the rate as it was.
            elif "." in name:
                machine["sysctl"][name] = int(value)
            else:
                known = ", ".join(("backlog", "listeners", *TRAFFIC_NAMES))
                raise BadSweep(f"A traffic case has no {name}; it has {known} and full sysctls.")
        except ValueError as error:
            if isinstance(error, BadSweep):
                raise
            raise BadSweep(f"{name} takes a number, not {value!r}.") from None
    machine["listeners"] = listeners
    return case | {"machine": machine, "traffic": traffic}


def _check(target: Level | dict[str, Any], settings: tuple[tuple[str, str], ...]) -> None:
    if isinstance(target, Level):
        try:
            with_settings(target, list(settings))
        except BadSetting as error:
            raise BadSweep(str(error)) from error
    else:
        with_case_settings(target, settings)
