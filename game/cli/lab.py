"""`lab run`, `lab check`, `lab kernel` and `lab bench`."""

import argparse
import json
from pathlib import Path

from rich.console import Console
from rich.table import Table

from game.cli.errors import EXIT_FAILED, UserError
from game.cli.shelf import find_level
from game.lab.run import run_level
from game.level.settings import BadSetting
from game.paths import assets_dir
from game.session.session import BadSolution, solution_of


def run(options: argparse.Namespace) -> int:
    """A level without a player."""
    level = find_level(options.level)
    settings = [assignment(text) for text in options.settings]
    try:
        recorded = solution_of(level) if options.solution else []
        report = run_level(level, options.seed, recorded, settings)
    except (BadSetting, BadSolution) as error:
        raise UserError(str(error)) from error
    if options.json:
        print(json.dumps(report))
    else:
        _print(report)
    return 0


def check(options: argparse.Namespace) -> int:
    """The model against recordings of a real kernel."""
    from game.lab import check as lab_check

    paths = [Path(path) for path in options.paths] or [assets_dir() / "kernel-truth"]
    return lab_check.run(paths, Path(options.json) if options.json else None)


def kernel(options: argparse.Namespace) -> int:
    """Model, recording and the kernel of this machine, side by side."""
    from game.lab.check import BadCase
    from game.lab.kernel import compare
    from game.lab.kernel.netns import NoKernelHere
    from game.lab.kernel.server import ServerLost

    record = Path(options.record) if options.record else None
    try:
        return compare.run([Path(path) for path in options.paths], record)
    except BadCase as error:
        raise UserError(str(error)) from error
    except (NoKernelHere, ServerLost) as error:
        raise UserError(str(error), EXIT_FAILED) from error
    except OSError as error:
        raise UserError(f"{options.record}: cannot be written: {error.strerror}.") from error


def bench(options: argparse.Namespace) -> int:
    """The figures the project promises; 1 where one is not reached."""
    from game.lab.bench import BENCHES, as_rows
    from game.lab.bench import run as measure

    if options.only and options.only not in BENCHES:
        raise UserError(f"There is no figure {options.only!r}; there are {', '.join(BENCHES)}.")
    table = Table("figure", "asked", "measured", "unit", "times faster", "", box=None)
    figures = []
    for name in [options.only] if options.only else BENCHES:
        for figure in measure(name):
            figures.append(figure)
            ratio = "" if figure.ratio is None else f"{figure.ratio:.3g}"
            row = (figure.name, f"{figure.asked:g}", f"{figure.measured:.4g}", figure.unit)
            table.add_row(*row, ratio, "met" if figure.met else "not met")
    if options.json:
        print(json.dumps(as_rows(figures)))
    else:
        Console().print(table)
    return 0 if all(figure.met for figure in figures) else EXIT_FAILED


def assignment(text: str) -> tuple[str, str]:
    """The NAME and the VALUE of a `--set`."""
    name, equals, value = text.partition("=")
    if not equals or not name or not value:
        raise UserError(f"--set takes NAME=VALUE, not {text!r}.")
    return name.strip(), value.strip()


def _print(report: dict[str, object]) -> None:
    goals = report["goals"]
    counters = report["counters"]
    assert isinstance(goals, list)
    assert isinstance(counters, dict)
    console = Console(highlight=False)
    console.print(
        f"{report['level']}, seed {report['seed']}: {report['served']} of {report['attempts']}"
        f" served, {report['stars']} stars"
    )
    table = Table("goal", "value", "marks", "met", box=None)
    for goal in goals:
        value = "-" if goal["value"] is None else f"{goal['value']:.4g}"
        table.add_row(goal["goal"], value, str(goal["marks"]), "yes" if goal["met"] else "no")
    console.print(table)
    for name, count in sorted(counters.items()):
        console.print(f"{name:32} {count:>12}")
