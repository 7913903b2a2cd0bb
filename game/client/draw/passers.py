"""Who leaves the station: travellers that were served, and those that were not.

The street knows them from the public score alone, which counts everybody once his fate is decided;
where they were inside, it does not know.
"""

from collections import deque
from typing import NamedTuple

from game.client.canvas import Canvas
from game.client.draw.layout import scatter
from game.client.plane import Rect
from game.protocol.attack import AttackView
from game.text.versus import versus_text

LANES: tuple[tuple[bool, Rect], ...] = (
    (False, (0, 432, 660, 26)),
    (True, (0, 458, 660, 26)),
)
"""Whether those who walk there were served, and where: the way out, and below it away from it."""

SPEED = 0.15
"""Design units a millisecond."""

WALK_MS = 4000
"""How long somebody is seen."""

RATE_MS = 2000
"""Over this long the numbers beside the lanes are counted."""

AT_ONCE_MAX = 12
"""Whoever comes late is not shown everybody who left before."""

SHARE_STEP_MS = 1000


class _Passer(NamedTuple):
    number: int
    at_ms: float
    served: bool


class Passers:
    """What the public score of one half has told so far.

    Attributes:
        shares: moments and the served share since the half began, 0 to 1, once a second.
    """

    def __init__(self) -> None:
        self.shares: list[tuple[int, float]] = []
        self._seen: AttackView | None = None
        self._walking: deque[_Passer] = deque()
        self._count = 0

    def note(self, view: AttackView) -> None:
        """Take one more view of the street."""
        before = self._seen
        self._seen = view
        if before is None or view.time_ms < before.time_ms:
            self.shares.clear()
            self._walking.clear()
            return
        if view.attempts and (
            not self.shares or view.time_ms - self.shares[-1][0] >= SHARE_STEP_MS
        ):
            self.shares.append((view.time_ms, view.served / view.attempts))
        served = view.served - before.served
        lost = view.attempts - view.served - before.attempts + before.served
        step_ms = view.time_ms - before.time_ms
        for part, count in ((True, served), (False, lost)):
            shown = min(count, AT_ONCE_MAX)
            for index in range(shown):
                at_ms = before.time_ms + step_ms * (index + 1) / (shown + 1)
                self._count += 1
                self._walking.append(_Passer(self._count, at_ms, part))
        while self._walking and self._walking[0].at_ms < view.time_ms - WALK_MS:
            self._walking.popleft()

    def rate(self, served: bool, now_ms: float) -> int:
        """How many of them left in a second, lately."""
        lately = sum(one.served is served and one.at_ms > now_ms - RATE_MS for one in self._walking)
        return round(lately * 1000 / RATE_MS)

    def draw(self, canvas: Canvas, now_ms: float) -> None:
        """Both lanes at a moment, with their numbers."""
        theme = canvas.theme
        body = canvas.picture("traveller", 13, ground="pave")
        cross = canvas.picture("cross", 6)
        for served, (x, y, w, h) in LANES:
            canvas.box(x, y, w, h, theme.pave2)
            canvas.line(x, y, x + w, y, theme.hair)
            figures = []
            for one in self._walking:
                gone = (now_ms - one.at_ms) * SPEED
                if one.served is served and 0 <= gone < w - 30:
                    feet = y + h - 1 - 8 * scatter(one.number, 1)
                    figures.append((body, x + w - 10 - gone, feet))
                    if not served:
                        figures.append((cross, x + w - 10 - gone, feet - 14.5))
            canvas.stamp(figures)
            key = "street_served" if served else "street_away"
            said = versus_text(canvas.lang, key, n=self.rate(served, now_ms))
            width = canvas.measure(said, "caption_bold") + 30
            canvas.box(x + 8, y + 3, width, h - 6, theme.floor, radius=3)
            canvas.sprite("tick" if served else "cross", x + 20, y + h / 2, 13)
            canvas.text(x + 32, y + 17.5, said, "caption_bold", theme.ink)
