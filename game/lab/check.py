"""Runs the model on recordings of a real kernel and says where they differ.

Loads cases, plays each with the player of its kind, prints a line a case and writes the result
as JSON. How a kind is played is in `scripted.py` and beside it; when two results agree, in
`agreement.py`. The command line itself is in `cli`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

from game.lab.agreement import compare_crew, compare_steps, compare_traffic
from game.lab.crews import play_crew
from game.lab.scripted import play_steps
from game.lab.traffic import play_traffic

Case = dict[str, Any]
Player = Callable[[Case], dict[str, Any]]
"""Plays a case; returns what was measured, in the form of the case's own `measured`."""

PLAYERS: Final[dict[str, Player]] = {
    "steps": play_steps,
    "traffic": play_traffic,
    "crew": play_crew,
}
"""Who plays which kind; kinds that are missing are reported as not simulated."""

COMPARERS: Final[dict[str, Callable[[Case, dict[str, Any]], list[str]]]] = {
    "steps": compare_steps,
    "traffic": compare_traffic,
    "crew": compare_crew,
}
"""Who compares which kind."""

AGREES: Final = 0
DIFFERS: Final = 1
BAD_INPUT: Final = 2


class BadCase(ValueError):  # It names the answer: the sentence a person reads.
    """A path that does not exist, or a file that holds no case; the text is one sentence."""


class Outcome(NamedTuple):
    """What came of one case.

    Attributes:
        id: the case's name.
        agrees: True, False, or None where nothing was simulated or nothing recorded.
        differences: what differs or why nothing was compared, one sentence each.
        simulated: what was measured, in the form of the case's own `measured`, or None.
    """

    id: str
    agrees: bool | None
    differences: list[str]
    simulated: dict[str, Any] | None


def case_files(paths: list[Path]) -> Iterator[Path]:
    """Every case file that the paths name, folders searched for .json in order of name.

    Raises:
        BadCase: a path does not exist, or a folder holds no case.
    """
    for path in paths:
        if path.is_dir():
            found = sorted(path.rglob("*.json"))
            if not found:
                raise BadCase(f"{path}: the folder holds no case (*.json).")
            yield from found
        elif path.exists():
            yield path
        else:
            raise BadCase(f"{path}: there is no such file or folder.")


def load_case(path: Path) -> Case:
    """One case from its file.

    Raises:
        BadCase: the file cannot be read, is no JSON, or lacks what its kind needs.
    """
    try:
        case = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise BadCase(f"{path}: cannot be read: {error}.") from None
    except (ValueError, RecursionError) as error:  # JSONDecodeError, and integers too long.
        raise BadCase(f"{path}: is not JSON: {error}.") from None
    if not isinstance(case, dict) or not isinstance(case.get("kind"), str):
        raise BadCase(f"{path}: is no case: it must be an object with a text at `kind`.")
    needed = {
        "steps": ("machine", "steps"),
        "traffic": ("machine", "traffic"),
        "crew": ("machine", "traffic", "crew"),
    }
    for key in needed.get(case["kind"], ()):
        if key not in case:
            raise BadCase(f"{path}: a case of kind {case['kind']} needs `{key}`.")
    return {"id": path.stem} | case


def check_case(case: Case) -> Outcome:
    """Play one case and compare.

    Raises:
        BadCase: the case says something that cannot be played.
    """
    name, kind = str(case["id"]), case["kind"]
    player = PLAYERS.get(kind)
    if player is None:
        return Outcome(name, None, [f"{kind}: not simulated yet"], None)
    try:
        simulated = player(case)
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        raise BadCase(f"{name}: cannot be played: {type(error).__name__}: {error}.") from error
    if not case.get("measured"):
        return Outcome(name, None, ["nothing recorded to compare with"], simulated)
    try:
        differences = COMPARERS[kind](case, simulated)
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise BadCase(
            f"{name}: `measured` cannot be read: {type(error).__name__}: {error}."
        ) from error
    return Outcome(name, not differences, differences, simulated)


def run(paths: list[Path], json_out: Path | None) -> int:
    """Check every case under the paths, print a line each, write JSON if asked.

    Returns:
        0 if all agree, 1 if any differs, 2 with one sentence for bad input.
    """
    try:
        cases = [load_case(path) for path in case_files(paths)]
        outcomes = []
        for case in cases:
            outcome = check_case(case)
            outcomes.append(outcome)
            _print(outcome)
        if json_out is not None:
            rows = [outcome._asdict() for outcome in outcomes]
            json_out.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    except BadCase as error:
        sys.stderr.write(f"{error}\n")
        return BAD_INPUT
    except OSError as error:
        sys.stderr.write(f"{json_out}: cannot be written: {error.strerror}.\n")
        return BAD_INPUT
    _print_sum(outcomes)
    return DIFFERS if any(outcome.agrees is False for outcome in outcomes) else AGREES


def _print(outcome: Outcome) -> None:
    verdict = {True: "agrees", False: "DIFFERS", None: "not compared"}[outcome.agrees]
    sys.stdout.write(f"{verdict:12}  {outcome.id}\n")
    for difference in outcome.differences:
        sys.stdout.write(f"{'':14}{difference}\n")


def _print_sum(outcomes: list[Outcome]) -> None:
    counts = [sum(o.agrees is value for o in outcomes) for value in (True, False, None)]
    sys.stdout.write(
        f"{len(outcomes)} cases: {counts[0]} agree, {counts[1]} differ, {counts[2]} not compared\n"
    )
