"""Players for tests: with a folder of their own, a catalogue, and stars."""

from pathlib import Path

import msgspec

from game.client.game_view import GameView
from game.client.player import Player
from game.client.progress import Progress
from game.client.settings import SettingsStore
from game.protocol.catalogue import Catalogue
from tests.client.catalogues import twenty
from tests.client.runs import result


def player(
    folder: Path,
    catalogue: Catalogue | None = None,
    stars: dict[int, int] | None = None,
    lang: str = "en",
) -> Player:
    """Somebody who has these stars by level number; no catalogue means all twenty levels."""
    view = GameView()
    catalogue = catalogue or twenty()
    view.take(catalogue, 0.0)
    somebody = Player(view, SettingsStore(folder), Progress(folder), lambda: 1)
    somebody.settings.put(msgspec.structs.replace(somebody.settings.now, lang=lang))
    for number, count in (stars or {}).items():
        run = msgspec.structs.replace(result(f"level-{number}"), stars=count)
        somebody.progress.record(catalogue.level_set, run)
    return somebody
