"""A bot at its end of a link: hears, and lets the mind for its side decide what to send."""

from collections.abc import Callable
from random import Random
from typing import Protocol

from game.bots.attacker import Attacker
from game.bots.defender import Defender
from game.bots.strength import STRENGTHS, Strength
from game.protocol.attack import AttackView
from game.protocol.catalogue import Catalogue, LevelCard
from game.protocol.codec import MalformedMessage, decode_from_server, encode, kind_of
from game.protocol.link import Link
from game.protocol.messages import ClientMessage, Started
from game.protocol.snapshot import Snapshot

VIEWS = ("snapshot", "attack")

Send = Callable[[ClientMessage], None]


class Bot(Protocol):
    """Whoever plays in the place of a person."""

    @property
    def is_looking(self) -> bool:
        """Whether its next step looks at what there is to see."""

    def step(self) -> None:
        """One beat: hear, think if it is time, send."""


class BotPlayer:
    """A bot that can play both sides.

    Args:
        link: its end; the host at the other end sends it whole views.
        strength: how often it thinks and what it knows.
        seed: of its dice.
    """

    def __init__(self, link: Link, strength: Strength, seed: int) -> None:
        self._link = link
        self._strength = strength
        self._dice = Random(f"bot {seed}")
        self._cards: dict[str, LevelCard] = {}
        self._mind: Attacker | Defender | None = None
        self._beats = 0
        self._seq = 0

    @property
    def is_looking(self) -> bool:
        """Whether its next step looks at what there is to see."""
        return (self._beats + 1) % self._strength.beats_a_thought == 0

    def step(self) -> None:
        """One beat: hear, think if it is time, send."""
        newest = b""
        while (data := self._link.receive()) is not None:
            if kind_of(data) in VIEWS:
                newest = data  # Most are never read: it only thinks now and then.
            else:
                self._hear(data)
        self._beats += 1
        if not newest or self._mind is None or self._beats % self._strength.beats_a_thought:
            return
        try:
            view = decode_from_server(newest)
        except MalformedMessage:
            return
        for message in self._thoughts(view):
            self._link.send(encode(message))

    def _hear(self, data: bytes) -> None:
        try:
            message = decode_from_server(data)
        except MalformedMessage:
            return
        match message:
            case Catalogue():
                self._cards = {card.id: card for card in (*message.levels, *message.arenas)}
            case Started():
                self._begin(message)
            case _:
                pass

    def _begin(self, started: Started) -> None:
        card = self._cards.get(started.level)
        self._mind = None
        if card is None:
            return
        if started.role == "attacker" and card.arena is not None:
            self._mind = Attacker(card.arena, self._strength, self._dice)
        elif started.role == "defender":
            self._mind = Defender(card, self._strength, self._dice)

    def _thoughts(self, view: object) -> list[ClientMessage]:
        mind = self._mind
        self._seq += 100  # A thought has fewer commands than that.
        if isinstance(mind, Attacker) and isinstance(view, AttackView):
            return mind.think(view, self._seq)
        if isinstance(mind, Defender) and isinstance(view, Snapshot):
            return mind.think(view, self._seq)
        return []


def make_bot(link: Link, strength: str, seed: int) -> Bot:
    """A bot of a strength: "easy", "medium" or "hard"."""
    return BotPlayer(link, STRENGTHS[strength], seed)
