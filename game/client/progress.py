"""What the player has reached: stars and best runs, by level, and which levels are open."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from game.client.kept_file import KeptFile, Trouble
from game.paths import data_folder, export_folder
from game.protocol.catalogue import LevelCard
from game.protocol.messages import Result


class Best(msgspec.Struct, frozen=True):
    """The best run on one level.

    Attributes:
        served: share of clients served, 0 to 1; None when none was due.
        settings: knobs and sysctls as they stood at its end.
    """

    stars: Annotated[int, Meta(ge=0, le=3)] = 0
    served: float | None = None
    settings: dict[str, str] = {}


NOTHING = Best()
"""For a level that was never played to its end."""


class _Kept(msgspec.Struct):
    """The file: best runs by level set, then by level id."""

    level_sets: dict[str, dict[str, Best]] = {}


class Progress:
    """Best runs, and their file.

    Attributes:
        troubles: what went wrong with the file and was not shown yet.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._file = KeptFile((folder or data_folder()) / "progress.json")
        self.troubles: list[Trouble] = []
        self._kept = self._read()

    def _read(self) -> _Kept:
        data, trouble = self._file.read()
        if trouble is not None:
            self.troubles.append(trouble)
        if data is None:
            return _Kept()
        try:
            return msgspec.json.decode(data, type=_Kept)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            self.troubles.append(self._file.set_aside())
            return _Kept()

    def best(self, level_set: str, level: str) -> Best:
        """The best run on a level."""
        return self._kept.level_sets.get(level_set, {}).get(level, NOTHING)

    def record(self, level_set: str, result: Result) -> None:
        """Keep a run if it is the best of its level; a recording never is."""
        if result.recorded:
            return
        served = result.served / result.attempts if result.attempts else None
        run = Best(result.stars, served, result.settings)
        before = self.best(level_set, result.level)
        if before is NOTHING or _rank(run) > _rank(before):
            self._kept.level_sets.setdefault(level_set, {})[result.level] = run
            self._write()

    def reset(self) -> None:
        """Forget everything."""
        self._kept = _Kept()
        self._write()

    def export(self, stamp: str, folder: Path | None = None) -> str | Trouble:
        """Write everything reached into a file of its own; returns its place, or what is wrong.

        Args:
            stamp: tells one export from another.
            folder: where to; None for the player's documents.
        """
        path = (folder or export_folder()) / f"station443-progress-{stamp}.json"
        trouble = KeptFile(path).write(self._encoded())
        return str(path) if trouble is None else trouble

    def _encoded(self) -> bytes:
        return msgspec.json.format(msgspec.json.encode(self._kept))

    def _write(self) -> None:
        trouble = self._file.write(self._encoded())
        if trouble is not None:
            self.troubles.append(trouble)


def _rank(best: Best) -> tuple[int, float]:
    return best.stars, -1.0 if best.served is None else best.served


def missing_before(
    card: LevelCard, cards: Sequence[LevelCard], stars: dict[str, int]
) -> list[LevelCard]:
    """Levels that still need a star before this one opens; empty when it is open.

    A level that this host does not have keeps none shut.
    """
    by_id = {other.id: other for other in cards}
    return [by_id[level] for level in card.after if level in by_id and not stars.get(level)]


def next_level(cards: Sequence[LevelCard], stars: dict[str, int]) -> LevelCard | None:
    """Where to go on: the first open level without a star, else without three, else the last."""
    open_cards = [card for card in cards if not missing_before(card, cards, stars)]
    for wanted in (1, 3):
        for card in open_cards:
            if stars.get(card.id, 0) < wanted:
                return card
    return open_cards[-1] if open_cards else None
