"""When this program fails: a report on disk, and one sentence for the player."""

import platform
import sys
import time
import traceback
from pathlib import Path

import pygame

from game import __version__
from game.client.kept_file import KeptFile
from game.paths import log_folder
from game.text.phrases import phrase


def report(error: BaseException, lang: str, folder: Path | None = None) -> str:
    """Write down what happened; returns the sentence to show."""
    folder = folder or log_folder()
    stamp = time.strftime("%Y%m%d-%H%M%S")
    path = folder / f"crash-{stamp}.txt"
    if KeptFile(path).write(_text(error).encode()) is None:
        return phrase(lang, "crashed", file=str(path))
    return phrase(lang, "crashed_unwritten", what=f"{type(error).__name__}: {error}")


def _text(error: BaseException) -> str:
    lines = [
        f"Station 443 {__version__}",
        f"Python {sys.version.split()[0]} on {platform.system()} {platform.release()}",
        f"pygame-ce {pygame.version.ver}, SDL {pygame.version.SDL}",
        f"video driver {pygame.display.get_driver() if pygame.display.get_init() else 'none'}",
        "",
        *traceback.format_exception(error),
    ]
    return "\n".join(lines) + "\n"
