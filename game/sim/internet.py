"""Everything outside the host: links with delay and loss, peers, their timers, who came when."""

from game.kernel.segment import Flow, Segment
from game.kernel.timer import TimerWheel, jiffies
from game.sim.machine import Machine
from game.sim.peer import Peer, random_isn
from game.sim.rng import Random, mix64
from game.sim.source import Source
from game.sim.timeline import Alarm, Timeline

GRID_NS = 2_048_000_000
"""The coarsest timer grid that a connecting peer meets: 512 jiffies."""

CLIENT_NET = 0x0A000000
"""10.0.0.0/8: where clients come from; spoofed SYNs come from everywhere."""


class _Clock:
    """The timers of the peers on one machine."""

    def __init__(self, env: Timeline, phase_ns: int) -> None:
        self._env = env
        self._wheel = TimerWheel(phase_ns)
        self._alarm = Alarm(env, self._run)

    def arm(self, peer: Peer, delay_ns: int) -> None:
        peer.next_ns = self._wheel.arm(peer, self._env.now, jiffies(delay_ns))
        self._alarm.set(peer.next_ns)

    def _run(self) -> None:
        for fire_ns, peer in self._wheel.expire(self._env.now):
            assert isinstance(peer, Peer)  # Nothing else is armed here.
            peer.next_ns = 0
            peer.on_timer(fire_ns)
        self._alarm.set(self._wheel.next_ns())


class Internet:
    """The peers and their ways to one machine.

    Args:
        loss_dice: which packets get lost.
        machines: how many machines the peers run on; those of one share its timer grid, so what
            they send again comes in bursts.

    Attributes:
        peers: those that may still send or answer, by flow.
        connecting: those of them that have no answer yet, oldest first.
        names: number and actor of every peer there ever was, by flow; a level has some thousands.
        ended: peers that served, gave up or were reset since the last look; the looker clears it.
        started: peers so far.
        sources: where peers come from.
    """

    def __init__(self, env: Timeline, address: int, loss_dice: Random, machines: int = 32) -> None:
        self._env = env
        self._address = address
        self._loss_dice = loss_dice
        self._clocks = [_Clock(env, i * GRID_NS // machines) for i in range(machines)]
        self.peers: dict[Flow, Peer] = {}
        self.connecting: dict[Flow, Peer] = {}
        self.names: dict[Flow, tuple[int, int]] = {}
        self.ended: list[Peer] = []
        self.started = 0
        self.sources: list[Source] = []
        self.machine: Machine | None = None

    def open(self, source: Source) -> None:
        """Let a source begin."""
        self.sources.append(source)
        self._plan(source)

    def look_ahead(self, until_ns: int) -> None:
        """Plan who comes up to `until_ns`, so that they can be seen coming."""
        for source in self.sources:
            source.plan(until_ns)

    def start_peer(self, source: Source, number: int, address: int, source_port: int) -> Peer:
        """One peer connects now."""
        now_ns = self._env.now
        self.started += 1
        spread_ns = round(source.dice.random() * source.rtt_spread_ns)
        peer = source.make_peer(
            self,
            Flow(address, source_port, self._address, source.port),
            number=number,
            actor=source.actor,
            isn=random_isn(source.dice),
            one_way_ns=(source.rtt_ns + spread_ns) // 2,
            loss=source.loss,
            request_bytes=source.request_bytes,
            reply_bytes=source.reply_bytes,
            started_ns=now_ns,
            deadline_ns=now_ns + source.deadline_ns,
        )
        peer.until_close = source.until_close
        self.peers[peer.flow] = self.connecting[peer.flow] = peer
        self.names[peer.flow] = (peer.number, peer.actor)
        peer.connect()
        source.expect_end(peer)
        return peer

    def _plan(self, source: Source) -> None:
        at_ns = source.next_start_ns()
        if at_ns is not None:
            self._env.call_at(at_ns, self._arrive, source)

    def _arrive(self, source: Source) -> None:
        number = source.take()
        own = number if not source.addresses else number % source.addresses
        address = CLIENT_NET + 1 + (mix64(own << 8 | source.actor) & 0xFFFFFF if own else 0)
        self.start_peer(source, number, address, 1024 + number % 64_000)
        self._plan(source)

    # The way to the host and back (`peer.Path`).

    def to_host(self, peer: Peer, *segments: Segment) -> None:
        """Send segments to the host; each may get lost."""
        if peer.loss:
            segments = tuple(one for one in segments if self._loss_dice.random() >= peer.loss)
        if not segments:
            return
        at_ns = self._env.now + peer.one_way_ns
        if peer.outbox and peer.outbox_ns == at_ns:
            peer.outbox.extend(segments)  # What is sent at one moment arrives at one.
            return
        peer.outbox = list(segments)
        peer.outbox_ns = at_ns
        self._env.call_at(at_ns, self._land, peer.outbox)

    def _land(self, segments: list[Segment]) -> None:
        assert self.machine is not None  # The world connects both before time begins.
        self.machine.receive(*segments)

    def route(self, segment: Segment) -> None:
        """Take a segment that the host sends; to a spoofed address it goes nowhere."""
        peer = self.peers.get(segment.flow)
        if peer is None or (peer.loss and self._loss_dice.random() < peer.loss):
            return
        at_ns = self._env.now + peer.one_way_ns
        if peer.inbox and peer.inbox_ns == at_ns:
            peer.inbox.append(segment)  # What was sent at one moment arrives at one.
            return
        peer.inbox = [segment]
        peer.inbox_ns = at_ns
        self._env.call_at(at_ns, self._reach, (peer, peer.inbox))

    def _reach(self, arrival: tuple[Peer, list[Segment]]) -> None:
        peer, segments = arrival
        now_ns = self._env.now
        for segment in segments:
            peer.receive(segment, now_ns)

    # Timers and ends.

    def arm(self, peer: Peer, delay_ns: int) -> None:
        """Set the peer's only timer."""
        self._clocks[peer.number % len(self._clocks)].arm(peer, delay_ns)

    def disarm(self, peer: Peer) -> None:
        """Forget the peer's timer."""
        peer.timer_key = 0
        peer.next_ns = 0

    def connected_by(self, peer: Peer) -> None:
        """It waits for an answer no more."""
        self.connecting.pop(peer.flow, None)

    def ended_by(self, peer: Peer) -> None:
        """Keep the peer for the score."""
        self.connecting.pop(peer.flow, None)
        self.ended.append(peer)

    def forget(self, peer: Peer) -> None:
        """Nothing more will be sent or answered."""
        self.disarm(peer)
        self.peers.pop(peer.flow, None)
