"""What a run is worth: who was served, how fast, how hot the cores ran, what it cost."""

from collections import deque
from collections.abc import Sequence

from game.level.goal import stars_for
from game.level.schema import Goal, Level
from game.session.rates import TICK_MS, TICKS_PER_S
from game.sim.peer import Peer, PeerPhase

CLIENT_ACTOR = 0
CORE_WINDOW_TICKS = 5 * TICKS_PER_S
"""The load of a core is judged over five seconds; one request more or less does not show."""


class Score:
    """The tally of one run.

    Only clients whose deadline lies inside the level count as attempts, so that nobody is judged
    who could not have been done.

    Attributes:
        attempts, served: clients that have ended, and those of them with the whole reply.
        done, lost: all clients that have ended, whatever their deadline.
        cost: points spent.
        core_max: highest share of one core's time over five seconds, None before that.
        memory_bytes: the most the server has taken at once, None before the first tick.
    """

    def __init__(self, level: Level) -> None:
        self._goals = level.goal
        self._end_ns = level.seconds * 1_000_000_000
        self.attempts = 0
        self.served = 0
        self.done = 0
        self.lost = 0
        self.cost = 0
        self.core_max: float | None = None
        self.memory_bytes: int | None = None
        self._connect_ns: list[int] = []
        self._sorted = True
        self._busy_past: deque[Sequence[int]] = deque(maxlen=CORE_WINDOW_TICKS + 1)

    def note_ended(self, peer: Peer) -> None:
        """Take one peer that was served, gave up or was reset."""
        if peer.actor != CLIENT_ACTOR:
            return
        served = peer.phase is PeerPhase.SERVED
        self.done += served
        self.lost += not served
        if peer.deadline_ns > self._end_ns:
            return
        self.attempts += 1
        self.served += served
        if peer.connected_ns is not None:
            self._connect_ns.append(peer.connected_ns - peer.started_ns)
            self._sorted = False

    def note_cores(self, busy_ns: Sequence[int]) -> None:
        """Take the busy time of every core at the end of a tick, since the level began."""
        self._busy_past.append(busy_ns)
        ticks = len(self._busy_past) - 1
        if ticks < CORE_WINDOW_TICKS:
            return
        window_ns = ticks * TICK_MS * 1_000_000
        first = self._busy_past[0]
        load = max((now - then) / window_ns for now, then in zip(busy_ns, first, strict=True))
        self.core_max = max(self.core_max or 0.0, min(1.0, load))

    @property
    def wants_memory(self) -> bool:
        """Whether anybody asks for `note_memory`."""
        return any(goal.what == "memory_mb" for goal in self._goals)

    def note_memory(self, taken_bytes: int) -> None:
        """Take what the server has in use at the end of a tick."""
        self.memory_bytes = max(self.memory_bytes or 0, taken_bytes)

    def connect_ms(self, share: float) -> float | None:
        """The time until connected that `share` of the connected ones stayed under, in ms."""
        times = self._connect_ns
        if not times:
            return None
        if not self._sorted:
            times.sort()
            self._sorted = True
        return times[min(len(times) - 1, int(share * len(times)))] / 1e6

    def value(self, what: str) -> float | None:
        """The value of a goal so far, in the unit of its marks."""
        match what:
            case "served":
                return self.served / self.attempts if self.attempts else None
            case "connect_p95_ms":
                return self.connect_ms(0.95)
            case "core_max":
                return self.core_max
            case "memory_mb":
                return None if self.memory_bytes is None else self.memory_bytes / 1e6
            case "cost":
                return float(self.cost)
            case _:
                raise ValueError(f"no goal named {what}")

    def goal_stars(self, goal: Goal) -> int:
        """Stars of one goal so far."""
        return stars_for(goal.what, self.value(goal.what), goal.marks)

    def stars(self) -> int:
        """Stars of the level so far: the lowest over its goals."""
        return min(self.goal_stars(goal) for goal in self._goals)
