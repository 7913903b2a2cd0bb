"""A host without a simulation: answers like a room, and sends what a test tells it to."""

from game.protocol.catalogue import Catalogue
from game.protocol.codec import decode_from_client, encode
from game.protocol.link import MemoryLink, memory_link
from game.protocol.messages import (
    ClientMessage,
    Hello,
    Leave,
    Pace,
    Result,
    ServerMessage,
    Started,
    StartLevel,
    Welcome,
)
from tests.client.runs import snapshot


class FakeHost:
    """One end of a memory link.

    Attributes:
        link: the end for the client.
        heard: messages of the client, oldest first.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self.link: MemoryLink
        self.link, self._mine = memory_link()
        self.heard: list[ClientMessage] = []
        self._catalogue = catalogue
        self._tick = -1

    def send(self, message: ServerMessage) -> None:
        """Say something to the client; a result ends the run."""
        if isinstance(message, Result):
            self._tick = -1
        self._mine.send(encode(message))

    def send_bytes(self, data: bytes) -> None:
        """Say something that may be no message."""
        self._mine.send(data)

    def step(self) -> None:
        """Hear what came, and play one tick of a run that is on."""
        while (data := self._mine.receive()) is not None:
            message = decode_from_client(data)
            self.heard.append(message)
            self._answer(message)
        if self._tick >= 0:
            self.send(snapshot(self._tick))
            self._tick += 1

    def _answer(self, message: ClientMessage) -> None:
        if isinstance(message, Hello):
            self.send(Welcome(1, "fake", []))
            self.send(self._catalogue)
        elif isinstance(message, StartLevel):
            self.send(Started(message.level, message.seed, message.solution))
            self.send(Pace(4))
            self._tick = 0
        elif isinstance(message, Leave):
            self._tick = -1

    def hang_up(self) -> None:
        """Close the link from this side."""
        self._mine.close()
