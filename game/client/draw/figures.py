"""Single figures: who stands where, to be pointed at; every one is a connection with a number.

They are no hotspots: hundreds of them would bury the rest for whoever uses keys. The mouse finds
them by place; keys walk through them from the open card of their queue or train.
"""

from dataclasses import dataclass

from game.client.draw.layout import (
    Platform,
    hall_grid,
    line_capacity,
    line_grid,
    platforms,
    tracks,
)
from game.client.draw.view import View
from game.client.draw.workers import passenger_places
from game.client.plane import Rect
from game.protocol.snapshot import Listener, PeerState

REACH = 11.0
"""How near the mouse must be to a figure's middle, design units."""


@dataclass(frozen=True)
class Figure:
    """One connection and its place.

    Attributes:
        id: `figure:line:0:17` and the like: kind of place, its index, the connection's number.
        actor: an `Actor`.
        x, y: its middle.
        state: its kernel state, as `ss` spells it.
        since_ms: when it came there, None where nobody says.
        until_ms: in the line when its timer rings, outside when its next SYN goes out; else 0.
        tries: SYN-ACKs, or outside SYNs, that were sent again.
        recv_q, send_q: bytes that wait.
    """

    id: str
    actor: int
    x: float
    y: float
    state: str
    since_ms: int | None = None
    until_ms: int = 0
    tries: int = 0
    recv_q: int = 0
    send_q: int = 0

    @property
    def place(self) -> str:
        """The hotspot it belongs to: `line:0`, `hall:0`, `train:2`; `internet` outside."""
        _, kind, index, _ = self.id.split(":")
        return kind if kind == "internet" else f"{kind}:{index}"

    @property
    def rect(self) -> Rect:
        """What is pointed at."""
        return (self.x - REACH, self.y - REACH, 2 * REACH, 2 * REACH)


def figures(view: View, kind: str = "") -> list[Figure]:
    """Everybody who is drawn as a figure of his own, place after place.

    Args:
        kind: "line", "hall", "train" or "internet" for those there alone; "" for all.
    """
    listeners = view.current.listeners
    found: list[Figure] = []
    if kind == "internet":
        return _outside(view)
    for box in platforms(len(listeners), view.ui.page, view.plan):
        if box.listener >= len(listeners):
            continue
        listener = listeners[box.listener]
        if box.plan.line and listener.state == "LISTEN" and kind in ("", "line"):
            found += _in_line(view, box, listener)
        if listener.state == "LISTEN" and kind in ("", "hall"):
            found += _in_hall(view, box, listener)
        if kind in ("", "train"):
            found += _aboard(view, box)
    return found if kind else found + _outside(view)


def figure_at(view: View, point: tuple[float, float]) -> Figure | None:
    """The figure under the mouse, the nearest where several stand close."""
    near = [
        ((one.x - point[0]) ** 2 + (one.y - point[1]) ** 2, one)
        for one in figures(view)
        if abs(one.x - point[0]) <= REACH and abs(one.y - point[1]) <= REACH
    ]
    return min(near, key=lambda pair: pair[0])[1] if near else None


def figure_of(view: View, figure_id: str) -> Figure | None:
    """A figure by its id, None once it has gone elsewhere, and for any other hotspot."""
    name, _, rest = figure_id.partition(":")
    if name != "figure":
        return None
    kind = rest.partition(":")[0]
    return next((one for one in figures(view, kind) if one.id == figure_id), None)


def neighbour(view: View, spot: str, by: int) -> str:
    """The next figure of the same place, from a figure or from the place itself; "" for none."""
    found = figures(view)
    here = next((one for one in found if one.id == spot), None)
    place = here.place if here else spot
    ids = [one.id for one in found if one.place == place]
    if not ids:
        return ""
    if here is None:
        return ids[0 if by > 0 else -1]
    return ids[(ids.index(spot) + by) % len(ids)]


def _in_line(view: View, box: Platform, listener: Listener) -> list[Figure]:
    capacity, _ = line_capacity(listener.backlog, listener.syn_queue_limit)
    grid = line_grid(box, capacity, listener.syn_mark_unit)
    if grid.unit > 1:
        return []
    slots = view.seen.lines[box.listener].of if box.listener < len(view.seen.lines) else {}
    found = []
    for i, mark in enumerate(listener.syn_marks):
        x, y = grid.place(min(slots.get(mark.id, i), grid.capacity))
        name = f"figure:line:{box.listener}:{mark.id}"
        found.append(
            Figure(name, mark.actor, x, y, "SYN-RECV", mark.since_ms, mark.until_ms, mark.tries)
        )
    return found


def _in_hall(view: View, box: Platform, listener: Listener) -> list[Figure]:
    grid = hall_grid(box, listener.backlog, listener.seat_mark_unit)
    if grid.unit > 1:
        return []
    slots = view.seen.halls[box.listener].of if box.listener < len(view.seen.halls) else {}
    found = []
    for i, mark in enumerate(listener.seat_marks):
        x, y = grid.place(min(slots.get(mark.id, i), grid.capacity))
        name = f"figure:hall:{box.listener}:{mark.id}"
        found.append(Figure(name, mark.actor, x, y, "ESTAB", mark.since_ms, recv_q=mark.tries))
    return found


def _aboard(view: View, box: Platform) -> list[Figure]:
    crew = [(n, w) for n, w in enumerate(view.current.workers) if w.listener == box.listener]
    found = []
    for track, (number, worker) in zip(tracks(box, len(crew)), crew, strict=False):
        spots = passenger_places(view, track, number, worker)
        for passenger, (x, y) in zip(worker.passengers, spots, strict=False):
            name = f"figure:train:{number}:{passenger.id}"
            found.append(
                Figure(
                    name,
                    passenger.actor,
                    x,
                    y,
                    "ESTAB",
                    recv_q=passenger.recv_q,
                    send_q=passenger.send_q,
                )
            )
    return found


_STATES = {
    PeerState.CONNECTING: "SYN-SENT",
    PeerState.RETRYING: "SYN-SENT",
    PeerState.HALF_OPEN: "ESTAB",
    PeerState.COMING: "CLOSED",
}
"""What a peer's own kernel calls its state; one whose ACK was dropped believes to be connected."""


def _outside(view: View) -> list[Figure]:
    found = []
    for peer, (x1, y1), (x2, y2), _ in view.seen.outside:
        x, y = x1 + (x2 - x1) * view.glide, y1 + (y2 - y1) * view.glide
        state = _STATES.get(PeerState(peer.state), "")
        name = f"figure:internet:0:{peer.id}"
        since_ms = None if peer.state == PeerState.COMING else peer.since_ms
        found.append(Figure(name, peer.actor, x, y - 9, state, since_ms, peer.until_ms, peer.tries))
    return found
