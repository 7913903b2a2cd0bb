"""Solo play: a room of one's own, with its beat in a thread, reached over a memory link."""

import threading
import time
from collections.abc import Callable

from game import __version__
from game.cli.keep import keep_replay
from game.cli.shelf import all_levels
from game.level.schema import Level
from game.protocol.link import Link, memory_link
from game.server.room import BEAT_MS, Room

LATE_BEATS_MAX = 10
"""Beats that are made up for after a stall; what is later than half a second is let go."""


class SoloHost:
    """The room of a single player.

    Args:
        prepare: called with the room before its first beat, to begin a run at once.
        extra: levels besides the game's own, for example one given as a file.
    """

    def __init__(
        self, prepare: Callable[[Room], None] | None = None, extra: tuple[Level, ...] = ()
    ) -> None:
        ids = {level.id for level in extra}
        levels = [level for level in all_levels() if level.id not in ids]
        self._room = Room([*levels, *extra], build=__version__, keep=keep_replay)
        if prepare is not None:
            prepare(self._room)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="solo host", daemon=True)

    def join(self) -> Link:
        """A link to the room; the first call sets it going."""
        mine, theirs = memory_link()
        self._room.join(theirs)
        if not self._thread.is_alive():
            self._thread.start()
        return mine

    def close(self) -> None:
        """Stop the beat and keep what is under way."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=2.0)
        self._room.close()

    def _beat(self) -> None:
        beat_s = BEAT_MS / 1000
        due_s = time.monotonic()
        while not self._stop.is_set():
            self._room.step()
            due_s = max(due_s + beat_s, time.monotonic() - LATE_BEATS_MAX * beat_s)
            self._stop.wait(max(0.0, due_s - time.monotonic()))
