"""People on a server, each at one end of a memory link."""

import itertools
from collections.abc import Iterator
from typing import TypeVar

from game.level.load import load_folder
from game.level.schema import Level
from game.paths import arenas_dir, levels_dir
from game.protocol.attack import AttackView
from game.protocol.codec import decode_from_server, encode
from game.protocol.delta import unpack
from game.protocol.link import MemoryLink, memory_link
from game.protocol.lobby import CreateRoom, JoinRoom, RoomState, Seated, SetReady, TakeSide
from game.protocol.messages import Ack, ClientMessage, Delta, Hello, Refused, ServerMessage
from game.protocol.snapshot import Snapshot
from game.server.lobby import Lobby

T = TypeVar("T")


def levels() -> list[Level]:
    return [*load_folder(levels_dir()), *load_folder(arenas_dir())]


def make_lobby(**more: object) -> Lobby:
    tokens = (f"token {number}" for number in itertools.count())
    seeds = itertools.count(1)
    return Lobby(
        levels(),
        name="here",
        build="test",
        new_token=lambda: next(tokens),
        new_seed=lambda: next(seeds),
        **more,  # type: ignore[arg-type]
    )


class Person:
    """Somebody with a client that acknowledges and decodes deltas."""

    def __init__(self, lobby: Lobby, name: str, address: str = "", *, hello: bool = True) -> None:
        self.lobby = lobby
        self.name = name
        self.link: MemoryLink
        self.link, theirs = memory_link()
        lobby.join(theirs, address)
        self.heard: list[ServerMessage] = []
        self.bytes = 0
        self._whole: dict[tuple[bool, int], bytes] = {}
        if hello:
            self.say(Hello(1, 1, "test", name))

    def say(self, *messages: ClientMessage) -> None:
        for message in messages:
            self.link.send(encode(message))

    def hear(self) -> None:
        while (data := self.link.receive()) is not None:
            self.bytes += len(data)
            message = decode_from_server(data)
            if isinstance(message, Delta):
                data = unpack(message.data, self._whole[message.attack, message.base])
                message = decode_from_server(data)
            if isinstance(message, Snapshot | AttackView):
                self._whole[isinstance(message, AttackView), message.tick] = data
                self.say(Ack(message.tick))
            self.heard.append(message)

    def all(self, kind: type[T]) -> list[T]:
        return [one for one in self.heard if isinstance(one, kind)]

    def last(self, kind: type[T]) -> T:
        return self.all(kind)[-1]

    @property
    def refusals(self) -> list[str]:
        return [one.code for one in self.all(Refused)]


def beats(lobby: Lobby, people: list[Person], count: int = 1) -> None:
    for _ in range(count):
        lobby.step()
        for person in people:
            person.hear()


def two_in_a_room(room: str = "Friday", **more: object) -> tuple[Lobby, Person, Person]:
    """Ada hosts and defends first, Bob attacks; both are ready."""
    lobby = make_lobby(**more)
    ada, bob = Person(lobby, "Ada"), Person(lobby, "Bob")
    ada.say(CreateRoom(room, "versus", "crossing"))
    beats(lobby, [ada, bob], 2)
    bob.say(JoinRoom(ada.last(Seated).code))
    beats(lobby, [ada, bob], 2)
    bob.say(TakeSide("b"), SetReady(True))
    beats(lobby, [ada, bob], 2)
    assert [one.team for one in ada.last(RoomState).players] == ["a", "b"]
    return lobby, ada, bob


def until(lobby: Lobby, people: list[Person], kind: type[T], limit: int) -> Iterator[int]:
    """Beats until somebody has heard a message of a kind."""
    before = [len(person.all(kind)) for person in people]
    for beat in range(limit):
        if any(len(one.all(kind)) > n for one, n in zip(people, before, strict=True)):
            return
        beats(lobby, people)
        yield beat
    raise AssertionError(f"no {kind.__name__} within {limit} beats")
