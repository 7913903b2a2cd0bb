"""Which levels there are, and which one a user means."""

from pathlib import Path

from game.cli.errors import UserError
from game.level.load import BadLevel, load_folder, load_level
from game.level.schema import Level
from game.paths import arenas_dir, levels_dir
from game.session.session import BadSolution, solution_of


def all_levels() -> list[Level]:
    """Every level of the game, by number."""
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
