"""Solo play: a room of one's own, with its beat in a thread, reached over a memory link."""

import threading
import time

from game import __version__
from game.cli.keep import keep_replay
from game.cli.shelf import all_arenas, all_levels, keep_level
from game.level.schema import Level
from game.protocol.link import Link, memory_link
from game.server.room import BEAT_MS, Room
from game.session.replay import Replay

LATE_BEATS_MAX = 10
"""Beats that are made up for after a stall; what is later than half a second is let go."""


class SoloHost:
    """The room of a single player; levels are read when it is joined, not before.

    Args:
        extra: levels besides the game's own, for example one given as a file.
        replay: a recorded run to show at once.
    """

    def __init__(self, extra: tuple[Level, ...] = (), replay: Replay | None = None) -> None:
        self._extra = extra
        self._replay = replay
        self._room: Room | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="solo host", daemon=True)

    def join(self) -> Link:
        """A link to the room; the first call opens it."""
        mine, theirs = memory_link()
        if self._room is None:
            self._room = self._open()
            self._room.join(theirs)
            self._thread.start()
        else:
            self._room.join(theirs)
        return mine

    def _open(self) -> Room:
        ids = {level.id for level in self._extra}
        levels = [one for one in (*all_levels(), *all_arenas()) if one.id not in ids]
        room = Room([*levels, *self._extra], build=__version__, keep=keep_replay, shelve=keep_level)
        if self._replay is not None:
            room.start_replay(self._replay)
        return room

    def close(self) -> None:
        """Stop the beat and keep what is under way."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=2.0)
        if self._room is not None:
            self._room.close()

    def _beat(self) -> None:
        room = self._room
        assert room is not None  # The thread starts with the room.
        beat_s = BEAT_MS / 1000
        due_s = time.monotonic()
        while not self._stop.is_set():
            room.step()
            due_s = max(due_s + beat_s, time.monotonic() - LATE_BEATS_MAX * beat_s)
            self._stop.wait(max(0.0, due_s - time.monotonic()))
