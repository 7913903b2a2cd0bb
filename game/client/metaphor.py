"""The dictionary: which station thing stands for which kernel thing.

Station words live here, in `game.text` and below `client/`, nowhere else.
"""

from typing import NamedTuple

from game.protocol.snapshot import Actor, WorkerState


class Sign(NamedTuple):
    """One thing under both its names.

    Attributes:
        word: key of its station word in `game.text.station`.
        kernel: its real name.
        explain: key of the sentence about it.
    """

    word: str
    kernel: str
    explain: str


SIGNS: dict[str, Sign] = {
    "syn_queue": Sign("ticket_line", "SYN queue", "explain_syn_queue"),
    "accept_queue": Sign("waiting_hall", "accept queue", "explain_accept_queue"),
    "workers": Sign("trains", "workers", "explain_worker"),
    "gate": Sign("gate", "eth0", "explain_gate"),
    "core": Sign("core", "CPU", "explain_core"),
    "board": Sign("board", "ss, nstat", "explain_board"),
    "sockets": Sign("sockets", "fd", "explain_sockets"),
    "timeline": Sign("wave_timeline", "load", "explain_timeline"),
    "goal": Sign("stars", "SLO", "explain_goal"),
    "cookie": Sign("cookie_stamp", "SYN cookies", "explain_cookie"),
}

ACTOR_SPRITES: dict[int, str] = {
    Actor.CLIENT: "traveller",
    Actor.FLOOD: "ghost",
    Actor.HOARDER: "hoarder",
    Actor.SLOW: "slow",
}
"""Sprite, colour token and word of each actor: all three have one name."""

WAVE_WORDS: dict[int, str] = {
    Actor.CLIENT: "travellers",
    Actor.FLOOD: "syn_flood",
    Actor.HOARDER: "hoarders",
    Actor.SLOW: "slow_walkers",
}

ACTOR_KERNEL: dict[int, str] = {
    Actor.CLIENT: "connect()",
    Actor.FLOOD: "SYN, spoofed",
    Actor.HOARDER: "ESTAB, idle",
    Actor.SLOW: "ESTAB, slow",
}

WORKER_CALLS: dict[int, str] = {
    WorkerState.IDLE: "accept()",
    WorkerState.ACCEPTING: "accept()",
    WorkerState.READING: "recv() blocked",
    WorkerState.WORKING: "working",
    WorkerState.SENDING: "send() blocked",
    WorkerState.RUNNABLE: "runnable",
    WorkerState.STOPPED: "stopped",
}
"""What a worker is doing, as a debugger would show it."""

LAMPS: dict[int, str] = {
    WorkerState.IDLE: "lamp-idle",
    WorkerState.ACCEPTING: "lamp-accept",
    WorkerState.READING: "lamp-blocked",
    WorkerState.WORKING: "lamp-working",
    WorkerState.SENDING: "lamp-blocked",
    WorkerState.RUNNABLE: "lamp-waiting",
    WorkerState.STOPPED: "lamp-off",
}


def letter(listener: int) -> str:
    """The letter on a listener's sign: 0 is A."""
    return chr(ord("A") + listener % 26)


def livery(listener: int) -> str:
    """The theme token of a listener's colour; the ninth begins again."""
    return ("pa", "pb", "pc", "pd")[listener % 4]


def bullet(listener: int) -> str:
    """The sprite of a listener's sign; eight shapes, so that four colours may repeat."""
    return f"bullet-{listener % 8}"


def sprite_of(actor: int) -> str:
    """The sprite of an actor; one that this build does not know looks like a traveller."""
    return ACTOR_SPRITES.get(actor, "traveller")
