"""Where the project's data and the user's own files are.

A plain checkout and an editable install keep `assets/` and `levels/` beside the package; a wheel
carries them inside it, under `game/_data/`.
"""

import os
from pathlib import Path

import platformdirs

_PACKAGE = Path(__file__).resolve().parent


def _bundled(name: str) -> Path:
    inside = _PACKAGE / "_data" / name
    return inside if inside.is_dir() else _PACKAGE.parent / name


def assets_dir() -> Path:
    """The folder `assets/`: sprites, kernel recordings."""
    return _bundled("assets")


def levels_dir() -> Path:
    """The folder `levels/` that comes with the game."""
    return _bundled("levels")


def user_data_dir() -> Path:
    """The user's progress and replays; `STATION443_HOME` overrides the system's place for it."""
    home = os.environ.get("STATION443_HOME")
    return Path(home) if home else Path(platformdirs.user_data_dir("station443", False))
