"""Which levels there are, and which one a user means."""

import sys
from pathlib import Path

from game.cli.errors import UserError
from game.level.load import BadLevel, load_folder, load_level
from game.level.schema import Level
from game.paths import arenas_dir, levels_dir, own_levels_dir
from game.session.replay import level_text
from game.session.session import BadSolution, solution_of
from game.session.setup import OWN_NUMBER


def all_levels() -> list[Level]:
    """Every level of the game and of the player's own folder, by number."""
    levels = shipped_levels()
    return levels + own_levels({level.id for level in levels})


def own_levels(taken: set[str]) -> list[Level]:
    """The levels in the player's own folder; one that cannot be played is told and left out.

    Args:
        taken: ids that are in use.
    """
    levels = []
    for path in sorted(own_levels_dir().glob("*.toml")):
        try:
            level = find_level(str(path))
            if level.number < OWN_NUMBER or level.id in taken:
                raise UserError(
                    f"{path}: a level of your own needs a number from {OWN_NUMBER} and an id that"
                    f" no other has; this is number {level.number}, {level.id!r}."
                )
        except UserError as error:
            print(f"{error}\nIt is left out.", file=sys.stderr)
        else:
            taken.add(level.id)
            levels.append(level)
    return sorted(levels, key=lambda one: one.number)


def keep_level(level: Level) -> str:
    """Store a level of the player's own; its path, "" where nothing can be written."""
    path = own_levels_dir() / f"{level.id}.toml"
    part = path.with_name(f"{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(level_text(level), encoding="utf-8")
        part.replace(path)
    except OSError:
        return ""
    return str(path)


def shipped_levels() -> list[Level]:
    """Every level that comes with the game, by number."""
    try:
        levels = load_folder(levels_dir())
    except BadLevel as error:
        raise UserError(str(error)) from error
    if not levels:
        raise UserError(f"No levels in {levels_dir()}; install the game again.")
    return levels


def all_arenas() -> list[Level]:
    """The arenas and the sandbox, by number."""
    try:
        return load_folder(arenas_dir())
    except BadLevel as error:
        raise UserError(str(error)) from error


def find_level(name: str) -> Level:
    """The level a user means by an id, a number or a file."""
    if name.endswith(".toml"):
        try:
            level = load_level(Path(name))
            solution_of(level)
        except BadLevel as error:
            raise UserError(str(error)) from error
        except BadSolution as error:
            raise UserError(f"{name}: {error}") from error
        return level
    levels = all_levels()
    for level in (*levels, *all_arenas()):
        if name in (level.id, str(level.number)):
            return level
    known = ", ".join(f"{level.number} {level.id}" for level in levels)
    raise UserError(f"There is no level {name!r}; there are {known}, or give a .toml file.")
