"""`python -m game`, `play` and the watching of replays: the window with a host of its own."""

from game.cli.shelf import find_level
from game.cli.solo import SoloHost
from game.level.schema import Level
from game.session.replay import Replay


def play(name: str | None, seed: int | None) -> int:
    """The menu, or a level at once."""
    if name is None:
        return open_window()
    return open_window(level=find_level(name), seed=seed)


def open_window(
    *, level: Level | None = None, seed: int | None = None, replay: Replay | None = None
) -> int:
    """Play in a window until the player leaves; the exit code."""
    from game.client import app
    from game.client.play import Doors

    extra = (level,) if level is not None else ()
    if replay is not None:
        extra = (replay.load_level(),)
    host = SoloHost(extra, replay)
    try:
        return app.run(Doors(solo=host.join), level.id if level else None, seed)
    finally:
        host.close()
