"""Whose turn it is to be drawn again: news touch many parts of a picture, one frame need not."""

AT_ONCE = 3
"""Parts drawn again in one frame: news come with every third frame, and touch about six."""

WAIT_MAX = 3
"""Frames after which a part waits no longer: at 60 frames a second, 50 ms."""


class Turns:
    """Shares the drawing that may wait among frames; before the first frame nothing waits.

    The frame that brings news has enough to do with them: what they touch begins with the next.
    """

    def __init__(self) -> None:
        self._frame = 0
        self._left = 0
        self._seen: dict[str, int] = {}
        self._waits_since: dict[str, int] = {}

    def next_frame(self) -> None:
        """Another frame begins."""
        self._frame += 1
        self._left = AT_ONCE

    def may_wait(self, name: str, *, stale: bool) -> bool:
        """Whether a part may be shown as it was, this time; asked once a frame for each.

        What was not on screen in the frame before never waits: it would show something of old.
        """
        frame, seen = self._frame, self._seen.get(name, -1)
        self._seen[name] = frame
        if not stale or not frame or seen != frame - 1:
            self._waits_since.pop(name, None)
            return False
        waited = frame - self._waits_since.setdefault(name, frame)
        if waited and (self._left or waited >= WAIT_MAX):
            self._left = max(0, self._left - 1)
            del self._waits_since[name]
            return False
        return True
