"""Where links come from; handed in, so that the client knows no server."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from game.client.browse import FoundGame
from game.protocol.link import Link


class Ears(Protocol):
    """Somebody who listens for games on the LAN."""

    trouble: str

    @property
    def games(self) -> Sequence[FoundGame]:
        """What was heard so far."""

    def self_test(self) -> list[str]:
        """Why nothing may be found: codes of `game.text.lobby`; takes up to a second."""

    def close(self) -> None:
        """Stop listening."""


class Hosted(NamedTuple):
    """A server of one's own, open for others.

    Attributes:
        link: to it.
        address: what others type to come in.
        name: what others see on the LAN.
        token: what makes its host the teacher.
        trouble, why: why it is not announced: a code of `game.text.lobby`, "" if it is; and what
            the system said about it.
        close: says goodbye to everybody and ends it.
    """

    link: Link
    address: str
    name: str
    token: str
    trouble: str
    why: str
    close: Callable[[], None]


class Practice(NamedTuple):
    """A server that only this player is on.

    Attributes:
        link: to it.
        close: ends it.
    """

    link: Link
    close: Callable[[], None]


@dataclass(frozen=True)
class Doors:
    """Where links come from.

    Attributes:
        solo: opens a game of one's own.
        host: opens a server of this name for others; raises `NoServer`.
        join: goes to a server at an address; raises `NoServer`.
        browse: listens for games on the LAN.
        practise: opens a server for matches against bots.
        frame_done: set after every frame, for a host in this process that works between frames.

    All but `solo` may take seconds; None where there is no such door.
    """

    solo: Callable[[], Link]
    host: Callable[[str], Hosted] | None = None
    join: Callable[[str], Link] | None = None
    browse: Callable[[], Ears] | None = None
    practise: Callable[[], Practice] | None = None
    frame_done: threading.Event = field(default_factory=threading.Event)
