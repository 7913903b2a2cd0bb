"""Where the project's data and the user's own files are.

A plain checkout and an editable install keep `assets/` and `levels/` beside the package; a wheel
carries them inside it, under `game/_data/`.
"""

import os
from pathlib import Path

import platformdirs

APP_NAME = "station443"

HOME_VARIABLE = "STATION443_HOME"
"""Names one folder for everything the game keeps; tests and portable installs set it."""

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


def arenas_dir() -> Path:
    """The folder of the arenas and the sandbox that come with the game."""
    return levels_dir() / "arenas"


def own_levels_dir() -> Path:
    """The folder of the player's own levels, which need not exist."""
    return data_folder() / "levels"


def data_folder() -> Path:
    """Where progress is kept."""
    home = os.environ.get(HOME_VARIABLE)
    return Path(home) if home else platformdirs.user_data_path(APP_NAME)


def config_folder() -> Path:
    """Where settings are kept."""
    home = os.environ.get(HOME_VARIABLE)
    return Path(home) if home else platformdirs.user_config_path(APP_NAME)


def log_folder() -> Path:
    """Where crash reports are kept."""
    home = os.environ.get(HOME_VARIABLE)
    return Path(home) / "log" if home else platformdirs.user_log_path(APP_NAME)


def picture_folder() -> Path:
    """Where screenshots are kept."""
    home = os.environ.get(HOME_VARIABLE)
    return Path(home) / "pictures" if home else platformdirs.user_pictures_path() / APP_NAME


def export_folder() -> Path:
    """Where exported progress goes."""
    home = os.environ.get(HOME_VARIABLE)
    return Path(home) / "export" if home else platformdirs.user_documents_path() / APP_NAME
