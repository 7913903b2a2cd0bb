"""The beat of a room in a thread of its own, in the gaps between the client's frames."""

import threading
import time
from collections.abc import Callable

from game.server.room import BEAT_MS

LATE_BEATS_MAX = 10
"""Beats that are made up for after a stall; what is later than half a second is let go."""

GAP_WAIT_S = 0.03
"""How long a beat waits for the end of a frame: two frames. If none ends it beats."""


class Beat:
    """Calls `step` every 50 wall milliseconds until it is stopped.

    Two threads of one interpreter take turns, so a beat in the middle of a frame makes the frame
    late. Right after a frame nothing is to be drawn for some 12 ms: a beat waits for that.

    Args:
        step: one beat.
        frame_done: set by the client after every frame; None when nobody draws.
    """

    def __init__(self, step: Callable[[], None], frame_done: threading.Event | None = None) -> None:
        self._step = step
        self._frame_done = frame_done
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="beat", daemon=True)

    def start(self) -> None:
        """Begin to beat."""
        self._thread.start()

    @property
    def alive(self) -> bool:
        """Whether it goes on."""
        return self._thread.is_alive()

    def stop(self) -> None:
        """End, after the beat that is on; harmless when it never began."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=2.0)

    def _run(self) -> None:
        beat_s = BEAT_MS / 1000
        due_s = time.monotonic()
        while not self._stop.is_set():
            if self._frame_done is not None:
                self._frame_done.clear()
                self._frame_done.wait(GAP_WAIT_S)
            self._step()
            due_s = max(due_s + beat_s, time.monotonic() - LATE_BEATS_MAX * beat_s)
            self._stop.wait(max(0.0, due_s - time.monotonic()))
