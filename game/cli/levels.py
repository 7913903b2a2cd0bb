"""`levels`, `levels check` and `levels prove`."""

from pathlib import Path

import msgspec
from rich.console import Console
from rich.table import Table

from game.cli.errors import EXIT_BAD_INPUT, EXIT_FAILED, UserError
from game.cli.shelf import all_levels, find_level
from game.lab.prove import Proof, prove_levels
from game.level.load import BadLevel, load_level
from game.session.session import BadSolution, solution_of

PROOF_COLUMNS = 120
"""Width of the table of proofs where there is no terminal to ask."""


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


def prove(names: list[str], seeds: int, randoms: int, out: str | None) -> int:
    """Prove levels over seeds and print the table; 0 when all hold.

    Args:
        randoms: runs with random settings, 0 for none.
        out: JSON of all proofs, written after each level; what stands there and still counts is
            taken over, so that an interrupted run goes on where it was.
    """
    levels = [find_level(name) for name in names] if names else all_levels()
    best = [f"best of {randoms} random"] if randoms else []
    table = Table(
        *("level", "teaches", "knob", "nothing", "solution", "maximum", "without knob"),
        *best,
        "",
        box=None,
    )
    known = _known_proofs(Path(out)) if out else {}
    proofs: list[Proof] = []
    for proof in prove_levels(levels, seeds, randoms, known):
        proofs.append(proof)
        stars = [
            "".join(map(str, runs))
            for runs in (proof.nothing, proof.solution, proof.maximum, proof.without_lesson)
        ]
        if randoms:
            top = max(proof.random)
            stars.append(f"{top} ({proof.random.count(top)} ×)")
        verdict = "ok" if proof.holds else "does not hold"
        table.add_row(proof.level, proof.title, proof.lesson, *stars, verdict)
        if out:
            known[proof.level] = proof
            _write_proofs(Path(out), list(known.values()))
    console = Console()
    if not console.is_terminal:
        console.width = PROOF_COLUMNS
    console.print(table)
    return 0 if all(proof.holds for proof in proofs) else EXIT_FAILED


def _known_proofs(path: Path) -> dict[str, Proof]:
    """Proofs of an earlier run; none where there is no file of them."""
    try:
        proofs = msgspec.json.decode(path.read_bytes(), type=list[Proof])
    except (OSError, msgspec.DecodeError):
        return {}
    return {proof.level: proof for proof in proofs}


def _write_proofs(path: Path, proofs: list[Proof]) -> None:
    part = path.with_name(path.name + ".part")
    try:
        part.write_bytes(msgspec.json.format(msgspec.json.encode(proofs), indent=1))
        part.replace(path)
    except OSError as error:
        raise UserError(f"{path} cannot be written: {error.strerror}.") from error
