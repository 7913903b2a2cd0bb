"""What an attacker may see: the street, never the host's own machine."""

import msgspec


class Running(msgspec.Struct, frozen=True, array_like=True):
    """A card that is being played out.

    Attributes:
        card: its name.
        since_ms, until_ms: when it was played, and when it is over.
        connections: that it has opened so far; 0 for a flood.
        connected: of those, the ones that are connected now.
        refused: that the host has reset or closed before they were done.
        unanswered: that gave up without a SYN-ACK.
    """

    card: str
    since_ms: int
    until_ms: int
    connections: int
    connected: int
    refused: int = 0
    unanswered: int = 0


class Probe(msgspec.Struct, frozen=True, array_like=True):
    """One connection that the attacker made in order to measure.

    Attributes:
        at_ms: when it began.
        connect_ms: until it was connected; -1 if it never was.
    """

    at_ms: int
    connect_ms: int


class AttackView(msgspec.Struct, frozen=True, tag="attack"):
    """Everything an attacker sees at one tick border.

    Attributes:
        points: to spend on cards, in whole points.
        bots, bots_busy, bots_filtered: machines of the botnet, those that a running card holds,
            and of these the ones whose packets a filter drops.
        hand: cards that can be played, "" for a place that is still empty.
        next_card_ms: when the next empty place is filled, 0 if none is empty.
        running: cards that are being played out, oldest first.
        probes: measurements of the last 40 s, oldest first.
        attempts, served: the public score of the half, as in a defender's snapshot.
    """

    tick: int
    time_ms: int
    points: int
    bots: int
    bots_busy: int
    bots_filtered: int
    hand: list[str]
    next_card_ms: int
    running: list[Running]
    probes: list[Probe]
    attempts: int
    served: int
