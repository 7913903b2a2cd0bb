"""A match against bots: a server without a network, with its beat in a thread of this process."""

import threading

from game import __version__
from game.cli.serve import now
from game.cli.shelf import all_arenas, all_levels
from game.client.doors import Practice
from game.level.schema import Level
from game.paths import data_folder
from game.protocol.link import memory_link
from game.server.archive import Archive
from game.server.beat import Beat
from game.server.lobby import Lobby


def open_practice(
    extra: tuple[Level, ...] = (), frame_done: threading.Event | None = None
) -> Practice:
    """A server that nobody else can reach.

    Args:
        extra: levels besides the game's own.
        frame_done: set by the client after every frame, see `Beat`.
    """
    ids = {level.id for level in extra}
    levels = [one for one in (*all_levels(), *all_arenas()) if one.id not in ids]
    lobby = Lobby(
        [*levels, *extra],
        name="",
        build=__version__,
        archive=Archive(data_folder() / "matches"),
        today=now,
    )
    mine, theirs = memory_link()
    lobby.join(theirs)
    beat = Beat(lambda: _step(lobby), frame_done)
    beat.start()

    def close() -> None:
        beat.stop()
        lobby.close()

    return Practice(mine, close)


def _step(lobby: Lobby) -> None:
    lobby.hear()
    for room in list(lobby.rooms.values()):
        try:
            lobby.step_room(room)
        except Exception as error:  # The player is told, and goes back to where he came from.
            lobby.fail_room(room, error)
