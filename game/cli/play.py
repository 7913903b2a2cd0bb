"""`python -m game`, `play` and the watching of replays: the window with a host of its own."""

import threading

from game.cli.shelf import find_level
from game.cli.solo import SoloHost
from game.level.schema import Level
from game.session.replay import Replay


def play(name: str | None, seed: int | None) -> int:
    """The menu, or a level at once."""
    if name is None:
        return open_window()
    return open_window(level=find_level(name), seed=seed)


def join(address: str | None, password: str = "") -> int:
    """A game at an address, or the games that are found on the LAN."""
    return open_window(address=address or "", password=password)


def open_window(
    *,
    level: Level | None = None,
    seed: int | None = None,
    replay: Replay | None = None,
    address: str | None = None,
    password: str = "",
) -> int:
    """Play in a window until the player leaves; the exit code.

    Args:
        address: of a server to join at once, "" for the games on the LAN, None for the menu.
        password: of that server.
    """
    from game.cli.host import HostThread
    from game.cli.practice import open_practice
    from game.client import app
    from game.client.browse import Browser
    from game.client.doors import Doors
    from game.client.net import open_link

    extra = (level,) if level is not None else ()
    if replay is not None:
        extra = (replay.load_level(),)
    frame_done = threading.Event()
    host = SoloHost(extra, replay, frame_done)
    try:
        doors = Doors(
            solo=host.join,
            host=lambda name: HostThread(extra).open(name),
            join=open_link,
            browse=Browser,
            practise=lambda: open_practice(extra, frame_done),
            frame_done=frame_done,
        )
        return app.run(doors, level.id if level else None, seed, join=address, password=password)
    finally:
        host.close()
