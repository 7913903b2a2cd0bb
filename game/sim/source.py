"""Where peers come from: who, how many, when, and when they give up."""

from collections import deque
from collections.abc import Callable

from game.sim.peer import Peer
from game.sim.rng import Random, exponential_ns
from game.sim.timeline import Alarm, Timeline


class Source:
    """Peers of one kind that come at random times.

    Args:
        dice: what each peer is like.
        gap_dice: when peers come; their own, so that looking ahead changes nothing else.
        index, stride: the n-th peer is number n × stride + index; so each source knows the numbers
            of its own ahead.
        actor: number of the kind of peer (`protocol.snapshot.Actor`).
        timeline: on which peers give up.
        deadline_ns: from the first SYN until the peer gives up.
        addresses: how many they share; 0 gives each its own.
        port: where they go.
        until_close: as of `Peer`.

    Attributes:
        make_peer: makes each of its peers, with the arguments of `Peer`.
        coming: when the next ones will connect, as far as is planned, soonest first.
    """

    def __init__(
        self,
        timeline: Timeline,
        dice: Random,
        gap_dice: Random,
        *,
        index: int,
        stride: int,
        actor: int,
        rate_per_s: float,
        from_ns: int,
        until_ns: int,
        deadline_ns: int,
        rtt_ns: int,
        rtt_spread_ns: int,
        loss: float,
        addresses: int,
        port: int,
        request_bytes: int,
        reply_bytes: int,
        until_close: bool = False,
    ) -> None:
        self.make_peer: Callable[..., Peer] = Peer
        self.dice = dice
        self.actor = actor
        self.gap_ns = 1e9 / rate_per_s
        self.from_ns = from_ns
        self.until_ns = until_ns
        self.deadline_ns = deadline_ns
        self.rtt_ns = rtt_ns
        self.rtt_spread_ns = rtt_spread_ns
        self.loss = loss
        self.addresses = addresses
        self.port = port
        self.request_bytes = request_bytes
        self.reply_bytes = reply_bytes
        self.until_close = until_close
        self.index = index
        self.stride = stride
        self.coming: deque[int] = deque()
        self._taken = 0
        self._planned_ns: int | None = from_ns
        self._gap_dice = gap_dice
        self._timeline = timeline
        self._waiting: deque[Peer] = deque()  # Deadlines come in the order of the starts.
        self._alarm = Alarm(timeline, self._give_up)

    def plan(self, until_ns: int) -> None:
        """Plan starts up to the first one after `until_ns`."""
        while self._planned_ns is not None and self._planned_ns <= until_ns:
            self._plan_one()

    def _plan_one(self) -> None:
        assert self._planned_ns is not None  # The callers have looked.
        at_ns = self._planned_ns + exponential_ns(self._gap_dice, self.gap_ns)
        self._planned_ns = at_ns if at_ns < self.until_ns else None
        if self._planned_ns is not None:
            self.coming.append(at_ns)

    def next_start_ns(self) -> int | None:
        """When the next peer connects, None when no more come."""
        if not self.coming and self._planned_ns is not None:
            self._plan_one()
        return self.coming[0] if self.coming else None

    def take(self) -> int:
        """The number of the peer that connects now."""
        self.coming.popleft()
        self._taken += 1
        return self.number(0)

    def number(self, ahead: int) -> int:
        """The number of the peer that comes `ahead` places after the newest one."""
        return (self._taken + ahead) * self.stride + self.index

    def state(self) -> tuple[int, ...]:
        """What decides who comes next, for a digest."""
        dice, gaps = self.dice.getstate()[1], self._gap_dice.getstate()[1]
        return (self._taken, dice[0], dice[-1], gaps[0], gaps[-1], *self.coming)

    def expect_end(self, peer: Peer) -> None:
        """Let a peer give up at its deadline."""
        self._waiting.append(peer)
        self._alarm.set(self._waiting[0].deadline_ns)

    def _give_up(self) -> None:
        now_ns = self._timeline.now
        waiting = self._waiting
        while waiting and (waiting[0].ended_ns is not None or waiting[0].deadline_ns <= now_ns):
            waiting.popleft().on_deadline(now_ns)
        if waiting:
            self._alarm.set(waiting[0].deadline_ns)
