"""Messages of the teacher's console: every room at a glance, and a hand on all of them."""

from typing import Annotated

import msgspec
from msgspec import Meta

from game.protocol.lobby import Code, LevelId, Name, PlayerId, Token


class TeacherLogin(msgspec.Struct, frozen=True, tag="teacher"):
    """Become the teacher; the token was printed when the server started."""

    token: Token


class PauseAll(msgspec.Struct, frozen=True, tag="pause_all"):
    """Hold every room, or let them go on."""

    paused: bool


class PushLevel(msgspec.Struct, frozen=True, tag="push_level"):
    """Set what every room that is not playing will play."""

    level: LevelId


class LockChat(msgspec.Struct, frozen=True, tag="lock_chat"):
    """Let nobody but the teacher write, or everybody."""

    locked: bool


class Rename(msgspec.Struct, frozen=True, tag="rename"):
    """Give a player another name."""

    room: Code
    player: PlayerId
    name: Name


class Remove(msgspec.Struct, frozen=True, tag="remove"):
    """Send a player out of a room, and keep him out for some minutes."""

    room: Code
    player: PlayerId
    ban_minutes: Annotated[int, Meta(ge=0, le=24 * 60)] = 0


class Announce(msgspec.Struct, frozen=True, tag="announce"):
    """Say something in every room."""

    text: Annotated[str, Meta(min_length=1, max_length=240)]


class ExportResults(msgspec.Struct, frozen=True, tag="export"):
    """Ask for all results as CSV."""


TeacherRequest = (
    TeacherLogin | PauseAll | PushLevel | LockChat | Rename | Remove | Announce | ExportResults
)


class QueueGlance(msgspec.Struct, frozen=True, array_like=True):
    """Both queues of one listener."""

    syn_queue: int
    syn_queue_limit: int
    accept_queue: int
    backlog: int


class RoomGlance(msgspec.Struct, frozen=True, array_like=True):
    """One room at a glance.

    Attributes:
        players: number and name of each.
        time_ms: into the half, 0 when none is on.
        share: served so far, in thousandths; -1 before there is one.
        queues: of every listener.
        core_max: load of the busiest core over the last second, in thousandths.
    """

    code: str
    name: str
    mode: str
    level: str
    phase: str
    half: int
    players: list[tuple[int, str]]
    time_ms: int
    share: int
    queues: list[QueueGlance]
    core_max: int


class ClassBoard(msgspec.Struct, frozen=True, tag="class_board"):
    """Every room at a glance, once a second.

    Attributes:
        visitors: people connected who are in no room.
    """

    rooms: list[RoomGlance]
    visitors: int
    paused: bool
    chat_locked: bool


class ResultsCsv(msgspec.Struct, frozen=True, tag="results_csv"):
    """All results, one line for each half."""

    text: str


TeacherEvent = ClassBoard | ResultsCsv
