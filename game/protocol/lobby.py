"""Messages about rooms and the people in them; what happens inside a run is in `messages.py`.

A visitor who has been greeted sees the list of rooms, opens one or joins one; a room tells all in
it how it stands after each change. Teams are "a" and "b": team a defends in the first half.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from game.protocol.limits import (
    CHAT_LENGTH_MAX,
    INT_MAX,
    NAME_LENGTH_MAX,
    PASSWORD_LENGTH_MAX,
    TEAM_MAX,
)

Name = Annotated[str, Meta(min_length=1, max_length=NAME_LENGTH_MAX)]
Password = Annotated[str, Meta(max_length=PASSWORD_LENGTH_MAX)]
Code = Annotated[str, Meta(max_length=8)]
LevelId = Annotated[str, Meta(max_length=64)]
Token = Annotated[str, Meta(max_length=64)]
PlayerId = Annotated[int, Meta(ge=0, le=10_000)]
Mode = Literal["versus", "coop"]
Team = Literal["a", "b", ""]
Strength = Literal["easy", "medium", "hard"]
Phase = Literal["lobby", "countdown", "running", "paused", "break", "results"]


# From a player.


class ListRooms(msgspec.Struct, frozen=True, tag="list_rooms"):
    """Ask which rooms there are."""


class CreateRoom(msgspec.Struct, frozen=True, tag="create_room"):
    """Open a room and be its host; mode "coop" plays a campaign level together."""

    name: Name
    mode: Mode
    level: LevelId
    password: Password = ""


class JoinRoom(msgspec.Struct, frozen=True, tag="join_room"):
    """Enter a room by its code.

    Attributes:
        spectate: only watch; possible at any time.
    """

    code: Code
    password: Password = ""
    spectate: bool = False


class Rejoin(msgspec.Struct, frozen=True, tag="rejoin"):
    """Come back to the seat that a token stands for."""

    token: Token


class TakeSide(msgspec.Struct, frozen=True, tag="take_side"):
    """Change team; "" is for spectators."""

    team: Team


class SetReady(msgspec.Struct, frozen=True, tag="ready"):
    """Say that one is ready, or not any more."""

    ready: bool


class Chat(msgspec.Struct, frozen=True, tag="chat"):
    """Say something to everybody in the room."""

    text: Annotated[str, Meta(min_length=1, max_length=CHAT_LENGTH_MAX)]


class SetUp(msgspec.Struct, frozen=True, tag="set_up"):
    """What the room will play; its host only, between matches."""

    mode: Mode
    level: LevelId


class SetBots(msgspec.Struct, frozen=True, tag="set_bots"):
    """How many bots a team has, and how strong they are; the host only, between matches."""

    team: Literal["a", "b"]
    count: Annotated[int, Meta(ge=0, le=TEAM_MAX)]
    strength: Strength


class StartMatch(msgspec.Struct, frozen=True, tag="start_match"):
    """Begin; the host only, once everybody is ready."""


class PauseMatch(msgspec.Struct, frozen=True, tag="pause_match"):
    """Hold the match, or go on; the host only."""

    paused: bool


class Kick(msgspec.Struct, frozen=True, tag="kick"):
    """Send somebody out of the room; the host only.

    Attributes:
        ban_minutes: how long they may not come back, 0 for not at all.
    """

    player: PlayerId
    ban_minutes: Annotated[int, Meta(ge=0, le=24 * 60)] = 0


class HandOver(msgspec.Struct, frozen=True, tag="hand_over"):
    """Make somebody else the host."""

    player: PlayerId


class Ping(msgspec.Struct, frozen=True, tag="ping"):
    """Ask for an answer at once, to measure the way.

    Attributes:
        last_ms: what the last one took, for the others to see; -1 before there is one.
    """

    id: Annotated[int, Meta(ge=0, le=INT_MAX)]
    last_ms: Annotated[int, Meta(ge=-1, le=60_000)] = -1


class ListMatches(msgspec.Struct, frozen=True, tag="list_matches"):
    """Ask for the results that the server has kept."""


class WatchReplay(msgspec.Struct, frozen=True, tag="watch_replay"):
    """Watch a half that the server has kept, alone."""

    name: Annotated[str, Meta(max_length=128)]


class SaveSetup(msgspec.Struct, frozen=True, tag="save_setup"):
    """Keep the sandbox as it stands now, machine, knobs and attacks, as a level file."""

    name: Name


RoomRequest = (
    ListRooms | CreateRoom | JoinRoom | Rejoin | TakeSide | SetReady | Chat | SetUp | SetBots
    | StartMatch | PauseMatch | Kick | HandOver | Ping | ListMatches | WatchReplay | SaveSetup
)  # fmt: skip


# From a host.


class RoomInfo(msgspec.Struct, frozen=True, array_like=True):
    """One line of the list of rooms."""

    code: str
    name: str
    mode: str
    level: str
    players: int
    places: int
    spectators: int
    locked: bool
    phase: str


class RoomList(msgspec.Struct, frozen=True, tag="rooms"):
    """Which rooms there are.

    Attributes:
        server: the server's name.
    """

    server: str
    rooms: list[RoomInfo]


class Seated(msgspec.Struct, frozen=True, tag="seated"):
    """You are in a room.

    Attributes:
        player: your number in it.
        token: what brings you back to this seat after a broken connection.
    """

    code: str
    player: int
    token: str


class PlayerInfo(msgspec.Struct, frozen=True, array_like=True):
    """One person, or bot, in a room.

    Attributes:
        here: False while the connection is broken and the seat is kept.
        ping_ms: way there and back, -1 when unknown.
    """

    id: int
    name: str
    team: str
    ready: bool
    here: bool
    bot: bool
    ping_ms: int


class RoomState(msgspec.Struct, frozen=True, tag="room"):
    """How a room stands; sent after each change.

    Attributes:
        host: number of the player who may set up, start, pause and kick.
        half: 1 or 2 while a match is on, else 0.
        wait_ms: how long a kept seat is kept, or until a half begins, its countdown or the break
            before it; else 0.
        why: in a pause "host", "dropped" or "teacher"; else "".
        chat_locked: nobody but the teacher may write.
        behind: the server does not keep the beat at the moment, whoever's connection is good.
    """

    code: str
    name: str
    mode: str
    level: str
    phase: Phase
    host: int
    players: list[PlayerInfo]
    half: int
    wait_ms: int
    why: str
    chat_locked: bool
    behind: bool = False


class ChatLine(msgspec.Struct, frozen=True, tag="chat_line"):
    """What somebody said.

    Attributes:
        player: who, 0 for the server itself.
        code: for the server: a key of `game.text.lobby`; else "".
    """

    player: int
    name: str
    text: str
    code: str = ""


class LeftRoom(msgspec.Struct, frozen=True, tag="left_room"):
    """You are out of the room and back among its list.

    Attributes:
        code: "left", "kicked", "banned" or "closed".
    """

    code: str


class Move(msgspec.Struct, frozen=True, array_like=True):
    """One thing that a side did in a half.

    Attributes:
        at_ms: when it acted.
        name: of the card that was played or the knob that was turned.
        value: what the knob was set to, "" for a card.
    """

    at_ms: int
    name: str
    value: str = ""


class HalfResult(msgspec.Struct, frozen=True, array_like=True):
    """One half.

    Attributes:
        defender: the team that defended.
        share: of the travellers served, in thousandths.
        needed: what the defender needed, in thousandths.
        shares: served share of each second so far, in thousandths, for the plot; -1 before there
            is one.
        ops: points the defender spent.
        cards: cards played, by name.
        counters: of the machine, by nstat name.
        replay: name of the replay on the server, "" if it was not kept.
        plays: cards in the order in which they were played, at most `MOVES_MAX`.
        changes: of knobs, the defender's, likewise.
    """

    defender: str
    attempts: int
    served: int
    share: int
    needed: int
    shares: list[int]
    ops: int
    cards: dict[str, int]
    counters: dict[str, int]
    replay: str
    plays: list[Move] = []
    changes: list[Move] = []


class MatchResult(msgspec.Struct, frozen=True, tag="match_result"):
    """How a match, or a half of it, ended.

    Attributes:
        winner: "a", "b", or "" for a draw or while a half is to come.
        over: False after the first half.
        forfeit: True if a team was gone.
        teams: names in each team.
    """

    level: str
    room: str
    teams: dict[str, list[str]]
    halves: list[HalfResult]
    winner: str
    over: bool
    forfeit: bool
    at: str


class MatchList(msgspec.Struct, frozen=True, tag="matches"):
    """Results that the server has kept, the newest first."""

    matches: list[MatchResult]


class Pong(msgspec.Struct, frozen=True, tag="pong"):
    """The answer to a ping."""

    id: int


class SetupSaved(msgspec.Struct, frozen=True, tag="setup_saved"):
    """A sandbox was kept; a catalogue with it follows.

    Attributes:
        path: the file, "" if it could not be written.
    """

    level: str
    path: str


RoomEvent = (
    RoomList | Seated | RoomState | ChatLine | LeftRoom | MatchResult | MatchList | Pong
    | SetupSaved
)  # fmt: skip
