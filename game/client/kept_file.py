"""A small file of the player's own: read with patience, written whole or not at all."""

from dataclasses import dataclass
from pathlib import Path

KEPT_BYTES_MAX = 1024 * 1024
"""Largest file read: progress on 20 levels is about 10 kB, a hundred times that."""


@dataclass(frozen=True)
class Trouble:
    """Something went wrong with a file, and play goes on.

    Attributes:
        code: a key of `game.text.phrases` that starts with "trouble_".
        args: what its sentence needs.
    """

    code: str
    args: dict[str, str]


class KeptFile:
    """One file; nothing here raises because of the disk."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> tuple[bytes | None, Trouble | None]:
        """Its bytes, None when there is none or it cannot be read."""
        try:
            if self._path.stat().st_size > KEPT_BYTES_MAX:
                return None, self.set_aside()
            return self._path.read_bytes(), None
        except FileNotFoundError:
            return None, None
        except OSError as error:
            return None, self._unreadable(error)

    def write(self, data: bytes) -> Trouble | None:
        """Replace the file in one step; the old one stays when that fails."""
        fresh = self._path.with_name(self._path.name + ".new")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            fresh.write_bytes(data)
            fresh.replace(self._path)
        except OSError as error:
            return Trouble(
                "trouble_not_saved",
                {"folder": str(self._path.parent), "why": error.strerror or type(error).__name__},
            )
        return None

    def set_aside(self) -> Trouble:
        """Give a broken file another name, so that it is neither lost nor in the way."""
        for number in range(1, 100):
            aside = self._path.with_name(f"{self._path.stem}.broken-{number}{self._path.suffix}")
            if not aside.exists():
                break
        try:
            self._path.replace(aside)
        except OSError as error:
            return self._unreadable(error)
        return Trouble("trouble_broken", {"file": self._path.name, "aside": aside.name})

    def _unreadable(self, error: OSError) -> Trouble:
        why = error.strerror or type(error).__name__
        return Trouble("trouble_unreadable", {"file": self._path.name, "why": why})
