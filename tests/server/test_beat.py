"""The beat of solo play: between frames where there are frames, and on its own where not."""

import threading

from game.server.beat import Beat

PATIENCE_S = 5.0
"""A beat comes every 50 ms; who waits for so long waits in vain."""


def beats(frame_done: threading.Event | None, frames: bool) -> list[bool]:
    """Three beats: for each, whether the frame before it had ended."""
    found: list[bool] = []
    enough = threading.Event()

    def step() -> None:
        found.append(frame_done is not None and frame_done.is_set())
        if len(found) == 3:
            enough.set()

    beat = Beat(step, frame_done)
    beat.start()
    while frames and frame_done is not None and not enough.wait(0.002):
        frame_done.set()
    assert enough.wait(PATIENCE_S)
    beat.stop()
    return found[:3]


def test_a_beat_waits_for_the_end_of_a_frame() -> None:
    assert beats(threading.Event(), frames=True) == [True, True, True]


def test_with_nobody_who_draws_it_beats_all_the_same() -> None:
    assert beats(threading.Event(), frames=False) == [False, False, False]
    assert beats(None, frames=False) == [False, False, False]


def test_stopped_it_beats_no_more() -> None:
    first = threading.Event()
    beat = Beat(first.set)
    beat.start()
    assert first.wait(PATIENCE_S)
    beat.stop()
    assert not beat.alive
    beat.stop()
    Beat(first.set).stop()  # One that never began.
