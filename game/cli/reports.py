"""`lab sweep`, `lab plot`, `lab explain`, `lab export` and `lab grade`."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from game.cli.errors import EXIT_FAILED, UserError
from game.cli.lab import assignment
from game.cli.replay import load as load_replay
from game.cli.shelf import all_arenas, all_levels, find_level
from game.lab.played import Played, played_level, played_replay
from game.level.schema import Level
from game.level.settings import BadSetting
from game.session.session import BadSolution, solution_of

LAB_MISSING = "This draws with matplotlib, which is not installed: pip install 'station443[lab]'."
CLUSTER_MISSING = "--dask needs Dask: pip install 'station443[cluster]'."
WORKERS_MISSING = "The cluster's workers do not have the game: pip install station443 on each."


def explain(options: argparse.Namespace) -> int:
    """What happened in a run, in the words of the debrief."""
    from game.lab.explain import explain as lines

    console = Console(highlight=False)
    for line in lines(_played(options), options.lang):
        console.print(line, markup=False)
    return 0


def export(options: argparse.Namespace) -> int:
    """The settings of a run as files for a real machine."""
    from game.lab.export import export as texts_of
    from game.text.reports import report

    texts = texts_of(_played(options), options.lang)
    if not texts:
        print(report(options.lang, "home_nothing"))
    elif options.dir is None:
        for name, text in texts.items():
            print(f"==> {name} <==\n{text}")
    else:
        folder = Path(options.dir)
        for name, text in texts.items():
            _write(folder / name, text)
        print(report(options.lang, "home_written", count=len(texts), folder=options.dir))
    return 0


def plot(options: argparse.Namespace) -> int:
    """A run as a picture."""
    out = _picture(options.out)
    try:
        from game.lab.figure import save
        from game.lab.plot import draw_run
    except ImportError as error:
        raise UserError(LAB_MISSING, EXIT_FAILED) from error

    figure = draw_run(_played(options), options.lang)
    _writing(out, lambda: save(figure, out))
    return 0


def grade(options: argparse.Namespace) -> int:
    """What students hand in, as a table or CSV; 0 whatever it is worth."""
    from game.lab.grade import as_csv, grade_folder

    folder = Path(options.folder)
    if not folder.is_dir():
        raise UserError(f"{folder}: there is no such folder.")
    levels: dict[str, Level] = {}
    for level in (*all_levels(), *all_arenas()):
        levels |= {level.id: level, str(level.number): level}
    rows = list(grade_folder(folder, levels, options.seed))
    text = as_csv(rows)
    if options.csv:
        _write(Path(options.csv), text)
        broken = sum(not row["stars"] for row in rows)
        print(f"{len(rows)} files, {broken} of them not graded: {options.csv}")
    else:
        print(text, end="")
    return 0


def sweep(options: argparse.Namespace) -> int:
    """Every combination of some settings."""
    from game.lab import sweep as lab_sweep

    vary = [_variation(text) for text in options.vary]
    out = Path(options.csv) if options.csv else None
    if options.resume and out is None:
        raise UserError("--resume needs --csv: the journal lies beside that file.")
    picture = _picture(options.plot) if options.plot else None
    target, title = _sweep_target(options.level)
    try:
        if picture is not None:
            _require_matplotlib(len(vary))
        todo = lab_sweep.jobs(target, vary, options.seeds, solution=options.solution)
        runner = lab_sweep.run_on_dask(options.dask) if options.dask else lab_sweep.run_here
        with Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
        ) as progress:
            task = progress.add_task(title, total=len(todo))
            rows = lab_sweep.sweep(
                todo,
                runner,
                out,
                resume=options.resume,
                note=lambda done: progress.update(task, completed=done),
            )
    except (lab_sweep.BadSweep, BadSolution) as error:
        raise UserError(str(error)) from error
    except OSError as error:
        raise UserError(f"{options.csv} cannot be written: {error.strerror}.") from error
    except ImportError as error:
        is_remote = (error.name or "").partition(".")[0] == "game"
        missing = WORKERS_MISSING if is_remote else CLUSTER_MISSING
        raise UserError(missing, EXIT_FAILED) from error
    if picture is not None:
        _draw_sweep(rows, vary, title, options.lang, picture)
    if out is None:
        print(lab_sweep.as_csv(rows), end="")
    return 0


def _draw_sweep(rows: Any, vary: Any, title: str, lang: str, out: Path) -> None:
    from game.lab.figure import draw_sweep, save

    figure = draw_sweep(rows, vary, title, lang)
    _writing(out, lambda: save(figure, out))


def _require_matplotlib(names: int) -> None:
    """Before hours are spent: that there can be a plot at the end."""
    from importlib.util import find_spec

    if find_spec("matplotlib") is None:
        raise UserError(LAB_MISSING, EXIT_FAILED)
    if names > 2:
        raise UserError("A plot shows one or two names; leave --plot out, or vary less.")


def _sweep_target(name: str) -> tuple[Level | dict[str, Any], str]:
    """A level, or a traffic case file; and what it is called."""
    if not name.endswith(".json"):
        level = find_level(name)
        return level, level.id
    from game.lab.check import BadCase, load_case

    path = Path(name)
    try:
        case = load_case(path)
    except BadCase as error:
        raise UserError(str(error)) from error
    if case["kind"] != "traffic":
        raise UserError(f"{path}: a sweep takes a level or a traffic case, not {case['kind']}.")
    return case, str(case["id"])


def _variation(text: str) -> tuple[str, list[str]]:
    name, equals, values = text.partition("=")
    found = [value.strip() for value in values.split(",")]
    if not name or not equals or not all(found):
        raise UserError(f"--vary takes NAME=V1,V2,…, not {text!r}.")
    if len(set(found)) < len(found):
        raise UserError(f"--vary {name} has a value twice.")
    return name.strip(), found


def _played(options: argparse.Namespace) -> Played:
    """The run that a report is about: a replay's, or one of a level."""
    if options.run.endswith(".json"):
        return played_replay(load_replay(options.run))
    level = find_level(options.run)
    settings = [assignment(text) for text in options.settings]
    try:
        recorded = solution_of(level) if options.solution else []
        return played_level(level, options.seed, recorded, settings)
    except (BadSetting, BadSolution) as error:
        raise UserError(str(error)) from error


def _picture(name: str) -> Path:
    out = Path(name)
    if out.suffix not in (".png", ".svg"):
        raise UserError(f"{out}: a plot is a .png or an .svg.")
    return out


def _write(path: Path, text: str) -> None:
    def write() -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    _writing(path, write)


def _writing(path: Path, write: Callable[[], None]) -> None:
    try:
        write()
    except OSError as error:
        raise UserError(f"{path} cannot be written: {error.strerror}.") from error
