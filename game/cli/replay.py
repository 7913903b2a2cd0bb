"""`replay`: check a recorded run without a window, or watch it."""

from pathlib import Path

import msgspec

from game.cli.errors import EXIT_FAILED, UserError
from game.session.replay import BadReplay, Replay, load_replay, save_replay
from game.session.session import Session, play


def load(name: str) -> Replay:
    """A replay file."""
    try:
        replay = load_replay(Path(name))
        replay.load_level()
    except BadReplay as error:
        raise UserError(str(error)) from error
    return replay


def check(name: str, *, rerecord: bool) -> int:
    """Play a replay through and compare every digest, or write new ones."""
    replay = load(name)
    session = run_through(replay)
    if rerecord:
        save_replay(msgspec.structs.replace(replay, digests=session.digests), Path(name))
        print(f"{name}: {len(session.digests)} digests written.")
        return 0
    for (tick, was), (at, now) in zip(replay.digests, session.digests, strict=False):
        if (tick, was) != (at, now):
            print(f"{name}: the run differs from tick {tick} on: {was} recorded, {now} played.")
            return EXIT_FAILED
    if len(replay.digests) != len(session.digests):
        print(f"{name}: {len(replay.digests)} digests recorded, {len(session.digests)} played.")
        return EXIT_FAILED
    print(f"{name}: {len(session.digests)} digests agree, {session.score.stars()} stars.")
    return 0


def run_through(replay: Replay) -> Session:
    """The session after the last tick of a replay."""
    session = play(replay)
    while session.tick < min(replay.ticks, session.ticks):
        session.advance()
    return session


def watch(name: str) -> int:
    """Watch a replay in the window."""
    from game.cli.play import open_window

    return open_window(replay=load(name))
