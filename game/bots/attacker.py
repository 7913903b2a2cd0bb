"""An attacking bot: plays the cards that have hurt most, as far as the street can tell."""

from random import Random

from game.bots.strength import Strength
from game.protocol.attack import AttackView
from game.protocol.catalogue import Arena, AttackCard
from game.protocol.messages import ClientMessage, PlayCard

WATCHED_MS = 10_000
"""What is turned away for so long after a card is put down to it."""

PROBING = 0.3
"""How often a probe is played when it is at hand: it costs a point, and makes room for a card."""

FRESH = 0.6
"""What a card that was never played is taken to be worth, as a share of the travellers."""


class Attacker:
    """What a bot thinks while it attacks.

    Args:
        arena: the cards and what they cost.
    """

    def __init__(self, arena: Arena, strength: Strength, dice: Random) -> None:
        self._cards = {card.name: card for card in arena.cards}
        self._points_max = arena.points_max
        self._strength = strength
        self._dice = dice
        self._worth: dict[str, float] = {}
        self._played: list[tuple[int, str, int, int]] = []  # when, card, attempts, served

    def think(self, view: AttackView, seq: int) -> list[ClientMessage]:
        """What to play now; at most one card a thought."""
        self._learn(view)
        if self._dice.random() < self._strength.slips:
            return []
        free = view.bots - view.bots_busy
        hand = [self._cards[name] for name in view.hand if name in self._cards]
        hand = [card for card in hand if card.bots <= free]
        probe = next((card for card in hand if card.name == "probe"), None)
        if probe is not None and probe.cost <= view.points and self._dice.random() < PROBING:
            return [PlayCard(seq, probe.name)]
        choice = self._choose([card for card in hand if card is not probe], view)
        if choice is None:
            return []
        self._played.append((view.time_ms, choice.name, view.attempts, view.served))
        return [PlayCard(seq, choice.name)]

    def _choose(self, hand: list[AttackCard], view: AttackView) -> AttackCard | None:
        running = {one.card for one in view.running}
        if not self._strength.plans:
            payable = [card for card in hand if card.cost <= view.points]
            return payable[int(self._dice.random() * len(payable))] if payable else None
        fresh = [card for card in hand if card.name not in running] or hand
        if not fresh:
            return None
        best = max(fresh, key=lambda card: (self._value(card), card.name))
        if best.cost <= view.points:
            return best
        if view.points < self._points_max:
            return None  # The best one is worth waiting for.
        return None

    def _value(self, card: AttackCard) -> float:
        """What a card is worth for a point."""
        return self._worth.get(card.name, FRESH) * card.seconds / card.cost

    def _learn(self, view: AttackView) -> None:
        while self._played and self._played[0][0] + WATCHED_MS <= view.time_ms:
            _, name, attempts, served = self._played.pop(0)
            tried = view.attempts - attempts
            if tried <= 0:
                continue
            lost = 1 - (view.served - served) / tried
            before = self._worth.get(name, FRESH)
            self._worth[name] = 0.5 * before + 0.5 * lost
