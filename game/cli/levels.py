"""`levels`, `levels check` and `levels prove`."""

import json
from pathlib import Path

from rich.console import Console
from rich.table import Table

from game.cli.errors import EXIT_BAD_INPUT, EXIT_FAILED, UserError
from game.cli.shelf import all_levels, find_level
from game.lab.prove import Proof, prove_levels
from game.level.load import BadLevel, load_level
from game.session.session import BadSolution, solution_of


def show() -> int:
    """List the levels."""
    table = Table("number", "id", "title", "about", "line", "seconds", box=None)
    for level in all_levels():
        text = level.text.en
        row = (str(level.number), level.id, text.title, text.subtitle, level.line)
        table.add_row(*row, str(level.seconds))
    Console().print(table)
    return 0


def check(files: list[str]) -> int:
    """Every fault of some level files; 0 when there is none."""
    faulty = 0
    for name in files:
        try:
            solution_of(load_level(Path(name)))
        except BadLevel as error:
            faulty += 1
            print(error)
        except BadSolution as error:
            faulty += 1
            print(f"{name}: {error}")
        else:
            print(f"{name}: ok")
    return EXIT_BAD_INPUT if faulty else 0


def prove(names: list[str], seeds: int, out: str | None) -> int:
    """Prove levels over seeds and print the table; 0 when all hold."""
    levels = [find_level(name) for name in names] if names else all_levels()
    table = Table("level", "lesson", "nothing", "solution", "maximum", "without", "", box=None)
    proofs: list[Proof] = []
    for proof in prove_levels(levels, seeds):
        proofs.append(proof)
        stars = [
            " ".join(map(str, runs))
            for runs in (proof.nothing, proof.solution, proof.maximum, proof.without_lesson)
        ]
        table.add_row(proof.level, proof.lesson, *stars, "ok" if proof.holds else "does not hold")
    Console().print(table)
    if out:
        try:
            Path(out).write_text(json.dumps([proof._asdict() for proof in proofs], indent=1))
        except OSError as error:
            raise UserError(f"{out} cannot be written: {error.strerror}.") from error
    return 0 if all(proof.holds for proof in proofs) else EXIT_FAILED
