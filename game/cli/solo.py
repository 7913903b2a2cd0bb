"""Solo play: a room of one's own, with its beat in a thread, reached over a memory link."""

import threading

from game import __version__
from game.cli.keep import keep_replay
from game.cli.shelf import all_arenas, all_levels, keep_level
from game.level.schema import Level
from game.protocol.link import Link, memory_link
from game.server.beat import Beat
from game.server.room import Room
from game.session.replay import Replay


class SoloHost:
    """The room of a single player; levels are read when it is joined, not before.

    Args:
        extra: levels besides the game's own, for example one given as a file.
        replay: a recorded run to show at once.
        frame_done: set by the client after every frame, see `Beat`.
    """

    def __init__(
        self,
        extra: tuple[Level, ...] = (),
        replay: Replay | None = None,
        frame_done: threading.Event | None = None,
    ) -> None:
        self._extra = extra
        self._replay = replay
        self._frame_done = frame_done
        self._room: Room | None = None
        self._beat: Beat | None = None

    def join(self) -> Link:
        """A link to the room; the first call opens it."""
        mine, theirs = memory_link()
        if self._room is None:
            self._room = self._open()
            self._room.join(theirs)
            self._beat = Beat(self._room.step, self._frame_done)
            self._beat.start()
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
        if self._beat is not None:
            self._beat.stop()
        if self._room is not None:
            self._room.close()
