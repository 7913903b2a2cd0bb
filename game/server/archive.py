"""What a server keeps of its matches: results and replays, so that a restart loses nothing."""

import csv
import io
import os
import time
from pathlib import Path

import msgspec

from game.protocol.limits import MATCHES_KEPT, REPLAYS_KEPT
from game.protocol.lobby import MatchResult
from game.session.replay import BadReplay, Replay, load_replay, save_replay

COLUMNS = (
    "at", "room", "level", "half", "defender", "defenders", "attackers", "attempts", "served",
    "share", "needed", "ops", "cards", "winner", "forfeit", "replay",
)  # fmt: skip


class Archive:
    """Results and replays in a folder.

    Args:
        folder: where they are; None to keep results in memory, and no replays.

    Attributes:
        troubles: what could not be read or written, as sentences; play goes on.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._results: list[MatchResult] = []
        self.troubles: list[str] = []
        self._read()

    def results(self) -> list[MatchResult]:
        """The newest first."""
        return self._results[::-1]

    def add(self, result: MatchResult) -> None:
        """Keep one more result."""
        self._results = [*self._results, result][-MATCHES_KEPT:]
        if self._folder is None:
            return
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            part = self._folder / "results.json.part"
            part.write_bytes(msgspec.json.format(msgspec.json.encode(self._results), indent=1))
            os.replace(part, self._folder / "results.json")  # noqa: PTH105  Atomic.
        except OSError as error:
            self.troubles.append(f"Results cannot be kept in {self._folder}: {error.strerror}.")

    def keep_replay(self, replay: Replay) -> str:
        """Store a replay; its name, "" where nothing can be written."""
        if self._folder is None:
            return ""
        level = replay.load_level().id
        name = f"{level}-{time.strftime('%Y%m%d-%H%M%S')}-{replay.seed}-{replay.ticks}.json"
        try:
            save_replay(replay, self._folder / name)
            kept = sorted(self._replays(), key=lambda path: path.stat().st_mtime)
            for old in kept[:-REPLAYS_KEPT]:
                old.unlink()
        except OSError as error:
            self.troubles.append(f"Replays cannot be kept in {self._folder}: {error.strerror}.")
            return ""
        return name

    def load_replay(self, name: str) -> Replay | None:
        """A kept replay by name, None if there is none that can be read."""
        found = next((path for path in self._replays() if path.name == name), None)
        if found is None:
            return None
        try:
            return load_replay(found)
        except BadReplay:
            return None

    def as_csv(self) -> str:
        """All results, a line for each half."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(COLUMNS)
        for result in self._results:
            for number, half in enumerate(result.halves, start=1):
                attacker = "b" if half.defender == "a" else "a"
                cards = " ".join(f"{name}:{count}" for name, count in half.cards.items())
                writer.writerow(
                    [
                        result.at, _plain(result.room), result.level, number, half.defender,
                        _plain(", ".join(result.teams.get(half.defender, []))),
                        _plain(", ".join(result.teams.get(attacker, []))),
                        half.attempts, half.served, half.share / 1000, half.needed / 1000,
                        half.ops, cards, result.winner or "draw", result.forfeit, half.replay,
                    ]
                )  # fmt: skip
        return text.getvalue()

    def _replays(self) -> list[Path]:
        if self._folder is None:
            return []
        return [path for path in self._folder.glob("*.json") if path.name != "results.json"]

    def _read(self) -> None:
        if self._folder is None:
            return
        path = self._folder / "results.json"
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            return
        except OSError as error:
            self.troubles.append(f"{path} cannot be read: {error.strerror}.")
            return
        try:
            self._results = msgspec.json.decode(data, type=list[MatchResult])
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            aside = path.with_name(f"results-broken-{time.strftime('%Y%m%d-%H%M%S')}.json")
            path.rename(aside)
            self.troubles.append(f"{path} is broken ({error}); it is kept as {aside.name}.")


def _plain(text: str) -> str:
    """A name that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in "=+-@\t\r" else text
