"""Where replays of this machine's games are kept."""

import time
from pathlib import Path

from game.paths import data_folder
from game.session.replay import Replay, save_replay

REPLAYS_KEPT = 50
"""Replays kept; the oldest goes first. Fifty are under 2 MB."""


def replays_dir() -> Path:
    """The folder of kept replays."""
    return data_folder() / "replays"


def keep_replay(replay: Replay) -> str:
    """Store a replay; its file name, or "" where nothing can be written: play goes on."""
    name = f"{replay.load_level().id}-{time.strftime('%Y%m%d-%H%M%S')}.json"
    path = replays_dir() / name
    try:
        save_replay(replay, path)
        for old in sorted(replays_dir().glob("*.json"), key=lambda one: one.stat().st_mtime)[
            :-REPLAYS_KEPT
        ]:
            old.unlink()
    except OSError:
        return ""
    return str(path)
