"""Model, recording and the kernel of this machine side by side.

Three measurements of one case make three pairs; each pair is compared as `lab check` does. Where
they do not agree, the figures that differ are shown next to each other.
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

from rich.console import Console
from rich.table import Table

from game.lab.check import (
    AGREES,
    COMPARERS,
    DIFFERS,
    PLAYERS,
    BadCase,
    Case,
    case_files,
    load_case,
)
from game.lab.kernel.crews import play_crew
from game.lab.kernel.netns import remove_stale, require_kernel
from game.lab.kernel.steps import play_steps
from game.lab.kernel.traffic import play_traffic

KERNEL_PLAYERS: Final[dict[str, Callable[[Case], dict[str, Any]]]] = {
    "steps": play_steps,
    "traffic": play_traffic,
    "crew": play_crew,
}
"""Who plays which kind on the real kernel."""

FIGURES_MAX: Final = 16
"""Figures of one case that are shown; more of them say nothing new."""

_CANNOT_BE_PLAYED: Final = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError)


class Agreement(NamedTuple):
    """One case, measured three times.

    Attributes:
        id: the case's name.
        model: what the simulation measures.
        recording: what the file holds, None where it holds nothing.
        kernel: what this kernel did.
        model_recording: what differs between the two, None where there is no recording.
        kernel_recording: the same for this kernel.
        model_kernel: what differs between model and this kernel.
    """

    id: str
    model: dict[str, Any]
    recording: dict[str, Any] | None
    kernel: dict[str, Any]
    model_recording: list[str] | None
    kernel_recording: list[str] | None
    model_kernel: list[str]

    @property
    def agrees(self) -> bool:
        """Whether nothing differs anywhere."""
        return not (self.model_recording or self.kernel_recording or self.model_kernel)


def compare_case(case: Case) -> Agreement:
    """Play a case on the model and on this kernel.

    Raises:
        NoKernelHere: there can be no namespaces.
        ServerLost: a process of the case was killed.
        BadCase: the case says something that cannot be played.
    """
    name, kind = str(case["id"]), case["kind"]
    if kind not in KERNEL_PLAYERS:
        raise BadCase(f"{name}: there is no kind {kind!r} of cases.")
    recording = case.get("measured") or None
    compare = COMPARERS[kind]
    try:
        kernel = KERNEL_PLAYERS[kind](case)
        # Each run has clocks of its own, so the model is run up to the times of either.
        beside_kernel = PLAYERS[kind](case | {"measured": kernel})
        model = beside_kernel if recording is None else PLAYERS[kind](case)
        return Agreement(
            name,
            model,
            recording,
            kernel,
            None if recording is None else compare(case, model),
            None if recording is None else compare(case, kernel),
            compare(case | {"measured": kernel}, beside_kernel),
        )
    except _CANNOT_BE_PLAYED as error:
        raise BadCase(f"{name}: cannot be played: {type(error).__name__}: {error}.") from error


def run(paths: list[Path], record: Path | None) -> int:
    """Compare every case under the paths, print a table; 0 if everything agrees, else 1.

    Raises:
        NoKernelHere: this is not Linux, nobody is root, or namespaces are refused.
        ServerLost: a process of a case was killed.
        BadCase: a path or a case that cannot be used.
        OSError: the folder of the recordings cannot be written.
    """
    require_kernel()
    cases = [load_case(path) for path in case_files(paths)]
    remove_stale()
    if record is not None:
        record.mkdir(parents=True, exist_ok=True)
    console = Console(highlight=False)
    release = platform.release()
    heading = f"This kernel: Linux {release}. Each pair: = agrees, x differs, - not recorded."
    console.print(heading, soft_wrap=True)
    if (load := os.getloadavg()[0]) > (cores := os.cpu_count() or 1) / 2:
        console.print(
            f"The load is {load:.1f} on {cores} cores: figures in milliseconds may be off."
        )
    console.print("model:recording  kernel:recording  model:kernel  case", soft_wrap=True)
    results = []
    for case in cases:
        result = compare_case(case)
        results.append(result.agrees)
        _print(console, result)
        if record is not None:
            path = record / f"{result.id}.json"
            path.write_text(recording_text(case, result.kernel, release), encoding="utf-8")
    console.print(f"{len(results)} cases: {sum(results)} agree, {results.count(False)} differ")
    return AGREES if all(results) else DIFFERS


def recording_text(case: Case, kernel: dict[str, Any], release: str) -> str:
    """A case file with what this kernel measured, in the form of the recordings."""
    recorded = dict(case)
    recorded["kernel"] = release.split("-")[0]
    recorded["measured"] = kernel
    return json.dumps(recorded, indent=1, ensure_ascii=False) + "\n"


def _print(console: Console, result: Agreement) -> None:
    pairs = (result.model_recording, result.kernel_recording, result.model_kernel)
    marks = ["-" if pair is None else "x" if pair else "=" for pair in pairs]
    console.print(f"{marks[0]:^15}  {marks[1]:^16}  {marks[2]:^12}  {result.id}", soft_wrap=True)
    if result.agrees:
        return
    table = Table("", "model", "recording", "kernel", box=None, padding=(0, 2, 0, 2))
    figures = list(_differing(result))
    for row in figures[:FIGURES_MAX]:
        table.add_row(*row)
    console.print(table)
    if len(figures) > FIGURES_MAX:
        console.print(f"  and {len(figures) - FIGURES_MAX} figures more")
    for heading, pair in zip(
        ("model and recording", "kernel and recording", "model and kernel"), pairs, strict=True
    ):
        for difference in (pair or [])[:FIGURES_MAX]:
            console.print(f"  {heading}: {difference}", soft_wrap=True, markup=False)


def _differing(result: Agreement) -> Iterator[tuple[str, str, str, str]]:
    sides = [dict(_leaves("", side)) for side in (result.model, result.recording, result.kernel)]
    for name in dict.fromkeys(name for side in sides for name in side):
        if name.endswith(".t"):
            continue  # When a sample was taken is no figure.
        values = [side.get(name) for side in sides]
        known = values if result.recording is not None else [values[0], values[2]]
        if any(value != known[0] for value in known):
            model, recorded, kernel = ("-" if one is None else str(one) for one in values)
            yield name, model, recorded, kernel


def _leaves(name: str, value: object) -> Iterator[tuple[str, object]]:
    """Every figure with the path to it."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(f"{name}.{key}" if name else str(key), inner)
    elif isinstance(value, list) and any(isinstance(one, dict | list) for one in value):
        for index, inner in enumerate(value):
            yield from _leaves(f"{name}[{index}]", inner)
    elif value is not None:
        yield name, value
