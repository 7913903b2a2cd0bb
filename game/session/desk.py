"""The attacker's desk: points, bots and cards; and the purse that a defender pays from.

All in integers, so that a replay plays it again. Cards are dealt from dice of their own.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from game.kernel.filter import Filter, FilterKind
from game.level.cards import CARDS, traffic_from
from game.level.schema import Arena, Budget
from game.protocol.attack import AttackView, Probe, Running
from game.protocol.messages import PlayCard, Refused
from game.session.rates import TICK_MS, TICKS_PER_S
from game.sim.flood import FIXED_MAX, FIXED_NET, FIXED_NETS
from game.sim.peer import Peer, PeerPhase
from game.sim.rng import Random
from game.sim.source import Source
from game.sim.world import ACTORS, FLOOD_KINDS, World

DEAL_TICKS = 3 * TICKS_PER_S
"""From playing a card until its place is filled again."""

PROBES_SHOWN_MS = 40_000
PROBE_ACTOR = ACTORS["probes"]


class Purse:
    """Points that grow: kept in thousandths, spent as a whole.

    Args:
        budget: start, growth a second and the most that can be saved up.
    """

    def __init__(self, budget: Budget) -> None:
        self._thousandths = budget.start * 1000
        self._gain = round(budget.per_s * TICK_MS)
        self._most = budget.most * 1000

    @property
    def points(self) -> int:
        """Whole points to spend."""
        return self._thousandths // 1000

    def grow(self) -> None:
        """One tick more."""
        self._thousandths = min(self._most, self._thousandths + self._gain)

    def pay(self, points: int) -> None:
        """Spend points, or get them back below 0; the caller has seen that there are so many."""
        self._thousandths = min(self._most, self._thousandths - points * 1000)

    def state(self) -> int:
        """For a digest."""
        return self._thousandths


@dataclass
class _Played:
    card: str
    since_tick: int
    until_tick: int
    source: Source | None
    first: int
    """Peers of the source have the numbers after this one."""

    refused: int = 0
    unanswered: int = 0

    @property
    def connections(self) -> int:
        """How many it has opened so far."""
        return self.source.number(0) - self.first if self.source is not None else 0

    def opened(self, peer: Peer) -> bool:
        """Whether a connection is one of its own."""
        return self.first < peer.number <= self.first + self.connections


class Desk:
    """What one attacking team has before it.

    Args:
        dice: deal the cards.
    """

    def __init__(self, arena: Arena, dice: Random) -> None:
        self._arena = arena
        self._dice = dice
        self._purse = Purse(arena.attack)
        self._due: list[int] = []  # Ticks at which a card is dealt, soonest first.
        self.hand: list[str] = []
        self._running: list[_Played] = []
        self._probes: list[Probe] = []
        for _ in range(len(arena.cards) if arena.free else arena.hand):
            self._deal()

    def check(self, command: PlayCard, pending: list[PlayCard]) -> Refused | None:
        """Why a card cannot be played, None if it can; `pending` are those about to be."""
        card = CARDS.get(command.card)
        if card is None or command.card not in self._arena.cards:
            return Refused(command.seq, "no_card", {"card": command.card})
        others = [CARDS[one.card] for one in pending]
        if not self._arena.free:
            if command.card not in self.hand or any(one.card == command.card for one in pending):
                return Refused(command.seq, "not_in_hand", {"card": command.card})
            points = self._purse.points - sum(one.cost for one in others)
            if card.cost > points:
                args: dict[str, str | int] = {"cost": card.cost, "left": max(0, points)}
                return Refused(command.seq, "budget", args)
        bots = self._arena.bots - self._busy() - sum(one.bots for one in others)
        if card.bots > bots:
            return Refused(command.seq, "no_bots", {"bots": card.bots, "left": max(0, bots)})
        return None

    def play(self, name: str, tick: int, world: World) -> None:
        """Play a card that was checked; what it sends begins now."""
        card = CARDS[name]
        if not self._arena.free:
            self._purse.pay(card.cost)
            self.hand[self.hand.index(name)] = ""
            self._due.append(tick + DEAL_TICKS)
        source = world.launch(traffic_from(card, tick / TICKS_PER_S))
        first = source.number(0) if source else 0
        until = tick + card.seconds * TICKS_PER_S
        self._running.append(_Played(name, tick, until, source, first))

    def advance(self, tick: int) -> None:
        """One tick more: points, the next card, the end of what runs."""
        self._purse.grow()
        while self._due and self._due[0] <= tick:
            self._due.pop(0)
            self._deal()
        self._running = [one for one in self._running if one.until_tick > tick]

    def note_ended(self, peer: Peer) -> None:
        """Take one peer that is over; only the attacker's own matter."""
        for played in self._running:
            if played.opened(peer):
                played.refused += peer.phase is PeerPhase.RESET
                played.unanswered += peer.connected_ns is None
        if peer.actor == PROBE_ACTOR:
            connected = peer.connected_ns
            took = -1 if connected is None else (connected - peer.started_ns) // 1_000_000
            self._probes.append(Probe(peer.started_ns // 1_000_000, took))

    def view(self, tick: int, world: World, attempts: int, served: int) -> AttackView:
        """What the attacker sees."""
        now_ms = tick * TICK_MS
        self._probes = [one for one in self._probes if one.at_ms > now_ms - PROBES_SHOWN_MS]
        packet_filter = world.machine.reception.filter
        return AttackView(
            tick=tick,
            time_ms=now_ms,
            points=self._purse.points,
            bots=self._arena.bots,
            bots_busy=self._busy(),
            bots_filtered=sum(_filtered(one, packet_filter) for one in self._running),
            hand=list(self.hand),
            next_card_ms=self._due[0] * TICK_MS if self._due else 0,
            running=[_running(one, world) for one in self._running],
            probes=sorted(self._probes, key=lambda one: one.at_ms),
            attempts=attempts,
            served=served,
        )

    def state(self) -> Iterator[object]:
        """Every bit of it, for a digest."""
        yield (self._purse.state(), tuple(self.hand), tuple(self._due))
        yield [(one.card, one.until_tick) for one in self._running]

    def _busy(self) -> int:
        return sum(CARDS[one.card].bots for one in self._running)

    def _deal(self) -> None:
        """Put a card that is not at hand into the first empty place."""
        left = [name for name in self._arena.cards if name not in self.hand]
        if not left:
            return
        if self._arena.free:
            self.hand.append(left[0])
            return
        card = left[int(self._dice.random() * len(left))]
        if "" in self.hand:
            self.hand[self.hand.index("")] = card
        else:
            self.hand.append(card)


def _filtered(played: _Played, packet_filter: Filter) -> int:
    """Bots of a running card whose packets the filter drops, as far as they can tell."""
    card = CARDS[played.card]
    if card.traffic.kind not in FLOOD_KINDS or not card.traffic.sources:
        return 0
    share = packet_filter.dropped_share(FIXED_NET, FIXED_NET + FIXED_MAX * FIXED_NETS - 1)
    if packet_filter.kind is FilterKind.LIMIT24 and card.traffic.kind == "flood":
        share = max(0.0, 1.0 - packet_filter.per_s / card.traffic.per_s)
    return round(card.bots * share)


def _running(played: _Played, world: World) -> Running:
    connected = 0
    if played.source is not None:
        connected = sum(
            1
            for peer in world.internet.peers.values()
            if peer.connected_ns is not None and peer.ended_ns is None and played.opened(peer)
        )
    return Running(
        played.card,
        played.since_tick * TICK_MS,
        played.until_tick * TICK_MS,
        played.connections,
        connected,
        played.refused,
        played.unanswered,
    )
