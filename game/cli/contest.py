"""`lab tournament` and `lab soak`: bots against bots, and hostile clients against a server."""

import argparse
import asyncio
import json

from rich.console import Console
from rich.progress import Progress
from rich.table import Table as Grid

from game.cli.errors import EXIT_FAILED, UserError
from game.cli.shelf import find_level
from game.lab.soak import Trouble
from game.lab.soak import soak as run_soak
from game.lab.tournament import Table, pairings
from game.lab.tournament import tournament as run_tournament

FAIR = (0.4, 0.6)
"""Share of halves that the defender may win."""

ALONE_MAX = 0.7
"""Share of halves that no single card or defence may win more than."""

ALONE_LEAST = 8
"""Halves below which a single card or defence says nothing."""


def tournament(options: argparse.Namespace) -> int:
    """All bots against all; 1 if one side, card or defence wins too often."""
    level = find_level(options.arena)
    if level.arena is None or level.arena.free:
        raise UserError(f"{options.arena} is no arena for two sides.")
    console = Console()
    with Progress(console=console, transient=True) as progress:
        total = len(pairings(level, options.matches))
        task = progress.add_task("matches", total=total)
        table = run_tournament(level, options.matches, lambda: progress.advance(task))
    if options.json:
        print(json.dumps(_plain(table)))
    else:
        _show(console, table)
    return 0 if is_fair(table) else EXIT_FAILED


def is_fair(table: Table) -> bool:
    """Whether neither side, nor any card or defence by itself, wins too often."""
    rates = [*table.by_card.values(), *table.by_defence.values()]
    alone = all(won <= ALONE_MAX * of for won, of in rates if of >= ALONE_LEAST)
    return FAIR[0] <= table.defender_rate <= FAIR[1] and alone


def _show(console: Console, table: Table) -> None:
    grid = Grid("defender", "attacker", "defended", "of", box=None)
    for (defender, attacker), (won, of) in table.defended.items():
        grid.add_row(defender, attacker, str(won), str(of))
    console.print(grid)
    for title, rates in (
        ("card played most", table.by_card),
        ("defence used", table.by_defence),
    ):
        grid = Grid(title, "won with it", "of", "rate", box=None)
        for name, (won, of) in rates.items():
            grid.add_row(name, str(won), str(of), f"{won / of:.0%}" if of else "")
        console.print(grid)
    winners = ", ".join(f"{name or 'draw'} {count}" for name, count in table.winners.items())
    console.print(f"matches won: {winners}")
    console.print(f"the defender won {table.defender_rate:.1%} of all halves")


def _plain(table: Table) -> dict[str, object]:
    return {
        "defended": [
            {"defender": one, "attacker": other, "won": won, "of": of}
            for (one, other), (won, of) in table.defended.items()
        ],
        "by_card": table.by_card,
        "by_defence": table.by_defence,
        "winners": table.winners,
        "defender_rate": table.defender_rate,
    }


def soak(seconds: int) -> int:
    """Hostile clients for so long; 1 if something did not hold."""
    try:
        verdicts = asyncio.run(run_soak(seconds))
    except Trouble as error:
        raise UserError(str(error), EXIT_FAILED) from error
    grid = Grid("what", "", "", box=None)
    for one in verdicts:
        grid.add_row(one.what, one.value, "holds" if one.holds else "DOES NOT HOLD")
    Console().print(grid)
    return 0 if all(one.holds for one in verdicts) else EXIT_FAILED
