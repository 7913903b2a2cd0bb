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

ALONE_LEAST = 30
"""Halves below which a single card or defence says nothing."""

WEAK_TO_STRONG = ("easy", "medium", "hard")


def tournament(options: argparse.Namespace) -> int:
    """All bots against all; 1 if one side, card or defence wins too often."""
    level = find_level(options.arena)
    if level.arena is None or level.arena.free:
        raise UserError(f"{options.arena} is no arena for two sides.")
    console = Console()
    with Progress(console=console, transient=True) as progress:
        pairs = pairings(level, options.matches, options.seed)
        task = progress.add_task("matches", total=len(pairs))
        table = run_tournament(pairs, lambda: progress.advance(task))
    if options.json:
        print(json.dumps(_plain(table)))
    else:
        _show(console, table)
    return 0 if is_fair(table) else EXIT_FAILED


def is_fair(table: Table) -> bool:
    """Whether no side, card or defence by itself wins too often, and the stronger bot more."""
    used = [*table.by_card.values(), *table.by_defence.values()]
    alone = all(one.rate <= ALONE_MAX for one in used if one.halves >= ALONE_LEAST)
    rates = [table.rate_of(strength) for strength in WEAK_TO_STRONG]
    return FAIR[0] <= table.defender_rate <= FAIR[1] and alone and rates == sorted(rates)


def _show(console: Console, table: Table) -> None:
    grid = Grid("defender", "attacker", "defended", "of", box=None)
    for (defender, attacker), (won, of) in table.defended.items():
        grid.add_row(defender, attacker, str(won), str(of))
    console.print(grid)
    for title, used in (("card", table.by_card), ("defence", table.by_defence)):
        grid = Grid(title, "used", "in halves", "won with it", "rate", "", box=None)
        for name, one in used.items():
            few = "too few to tell" if one.halves < ALONE_LEAST else ""
            rate = f"{one.rate:.0%}" if one.halves else ""
            grid.add_row(name, str(one.times), str(one.halves), str(one.won), rate, few)
        console.print(grid)
    winners = ", ".join(f"{name or 'draw'} {count}" for name, count in table.winners.items())
    console.print(f"matches won: {winners}")
    rates = ", ".join(f"{name} {table.rate_of(name):.0%}" for name in WEAK_TO_STRONG)
    console.print(f"halves won against another strength: {rates}")
    shares = sorted(table.shares)
    console.print(
        f"the defender won {table.defender_rate:.1%} of {len(shares)} halves;"
        f" the middle share served was {shares[len(shares) // 2] / 10:.1f} %"
    )


def _plain(table: Table) -> dict[str, object]:
    return {
        "defended": [
            {"defender": one, "attacker": other, "won": won, "of": of}
            for (one, other), (won, of) in table.defended.items()
        ],
        "by_card": {name: used._asdict() for name, used in table.by_card.items()},
        "by_defence": {name: used._asdict() for name, used in table.by_defence.items()},
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
