"""Clients with several requests on one connection, and a pause for thought between them.

What such a client does beyond a `Peer` is its `Visit`; where they come from is a `VisitSource`.
A host that closes a connection on which nothing is owed has done nothing wrong: the client comes
again by another connection for what is left (RFC 9112 §9.3.1, §9.8).
"""

from collections.abc import Callable

from game.sim.peer import Peer
from game.sim.source import Source
from game.sim.timeline import Timeline

AGAIN = 1 << 29
"""Numbers of connections that a client makes for the rest of its requests begin here."""

Comeback = Callable[["VisitSource", int, int, int], Peer]
"""Starts a peer of a source: number, address and port; `Internet.start_peer`."""


class PatientVisit:
    """The requests of one client after its first.

    Attributes:
        left: requests it has not sent yet.
        is_thinking: nothing is asked and nothing owed.
    """

    def __init__(self, source: "VisitSource", left: int, request_bytes: int) -> None:
        self._source = source
        self._request_bytes = request_bytes
        self.left = left
        self.is_thinking = False

    def goes_on(self, peer: Peer, now_ns: int) -> bool:
        """Think, and ask again, if anything is left to ask."""
        if not self.left:
            return False
        self.is_thinking = True
        source = self._source
        peer.deadline_ns = now_ns + source.think_ns + source.deadline_ns
        source.timeline.call_at(now_ns + source.think_ns, self._ask, peer)
        return True

    def _ask(self, peer: Peer) -> None:
        if peer.ended_ns is None:
            self.is_thinking = False
            self.left -= 1
            peer.ask(self._request_bytes)

    def leave_early(self, peer: Peer, now_ns: int) -> None:
        """Come again after the same thinking, for what is left."""
        source = self._source
        source.timeline.call_at(now_ns + source.think_ns, source.come_again, (peer, self.left))


class VisitSource(Source):
    """Clients with several requests each; call `plan_visits` before the first comes.

    Attributes:
        think_ns: pause between a reply and the next request.
        comebacks: connections made since the host had closed one that was idle.
    """

    def plan_visits(
        self, timeline: Timeline, requests: int, think_ns: int, comeback: Comeback
    ) -> None:
        """Say how many requests a client has, and how one comes again."""
        self.timeline = timeline
        self.think_ns = think_ns
        self.comebacks = 0
        self._requests = requests
        self._comeback = comeback
        self._left_next = requests - 1

    def expect_end(self, peer: Peer) -> None:
        """Let a peer begin its visit, and give up when one reply takes too long."""
        if self._left_next:
            peer.visit = PatientVisit(self, self._left_next, peer.request_bytes)
        self.timeline.call_at(peer.deadline_ns, self._judge, peer)

    def _judge(self, peer: Peer) -> None:
        if peer.ended_ns is not None:
            return
        if peer.deadline_ns > self.timeline.now:
            self.timeline.call_at(peer.deadline_ns, self._judge, peer)
        else:
            peer.on_deadline(self.timeline.now)

    def state(self) -> tuple[int, ...]:
        """What decides who comes next, for a digest."""
        return (*super().state(), self.comebacks)

    def come_again(self, again: tuple[Peer, int]) -> None:
        """Connect once more for the rest."""
        peer, left = again
        self.comebacks += 1
        number = AGAIN | self.comebacks * self.stride + self.index
        flow = peer.flow
        port = 1024 + (flow.remote_port - 1024 + 1) % 64_000
        self._left_next = left - 1
        self._comeback(self, number, flow.remote_address, port)
        self._left_next = self._requests - 1
