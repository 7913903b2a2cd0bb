"""Messages of a run, and all messages together.

Rooms, the teacher, snapshots, the attacker's view and the catalogue have files of their own.

Commands and requests go from a player to the host, events and snapshots come back. The decoder is
the validator: a value out of range never gets further than `codec.py`.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from game.protocol.attack import AttackView
from game.protocol.catalogue import Catalogue
from game.protocol.limits import CONSOLE_LINE_LENGTH_MAX, INT_MAX, NAME_LENGTH_MAX, SETTINGS_MAX
from game.protocol.lobby import Password, RoomEvent, RoomRequest
from game.protocol.snapshot import Snapshot
from game.protocol.teacher import TeacherEvent, TeacherRequest

Sequence = Annotated[int, Meta(ge=1, le=INT_MAX)]
ShortText = Annotated[str, Meta(max_length=64)]
Role = Literal["defender", "attacker", "both"]
"""What one is in a run: whose view one is sent, and whose commands one may give. A spectator, and
whoever has the sandbox, has both views."""


class Hello(msgspec.Struct, frozen=True, tag="hello"):
    """The first message of a player.

    Attributes:
        version_min, version_max: the protocol versions it speaks.
        build: its release, for the sentence that refuses it.
        password: of the server, "" where none is asked for.
        level_set: hash of the catalogue it has kept; the same one is not sent again.
    """

    version_min: Annotated[int, Meta(ge=1, le=1000)]
    version_max: Annotated[int, Meta(ge=1, le=1000)]
    build: ShortText
    name: Annotated[str, Meta(min_length=1, max_length=NAME_LENGTH_MAX)]
    password: Password = ""
    level_set: ShortText = ""


class StartLevel(msgspec.Struct, frozen=True, tag="start"):
    """Begin a level, from the start; the host of a room only.

    Attributes:
        solution: True to watch the recorded solution play it.
        settings: knobs, and in the sandbox any part of the machine, in force from the start; they
            cost what they would cost in play.
    """

    level: ShortText
    seed: Annotated[int, Meta(ge=0, le=INT_MAX)]
    solution: bool = False
    settings: Annotated[dict[ShortText, ShortText], Meta(max_length=SETTINGS_MAX)] = {}


class SetSpeed(msgspec.Struct, frozen=True, tag="speed"):
    """Set the pace: quarters of real time, 0 for pause (¼ is 1, 8 × is 32)."""

    quarters: Annotated[int, Meta(ge=0, le=32)]


class Step(msgspec.Struct, frozen=True, tag="step"):
    """In a pause, play one tick."""


class SetSysctl(msgspec.Struct, frozen=True, tag="sysctl"):
    """Write one sysctl. `net.core.somaxconn` is only read at the next listen()."""

    seq: Sequence
    name: ShortText
    value: Annotated[int, Meta(ge=-(2**31), le=2**31 - 1)]


class SetKnob(msgspec.Struct, frozen=True, tag="knob"):
    """Set a part of the machine that is no sysctl: workers, buckets, model, pinning, filter."""

    seq: Sequence
    name: ShortText
    value: ShortText


class Call(msgspec.Struct, frozen=True, tag="call"):
    """Make one system call on the server's main socket.

    Attributes:
        call: "socket", "bind", "listen", "accept" or "close"; accept sets the workers going.
        argument: the port of bind(), the backlog of listen(); else 0.
    """

    seq: Sequence
    call: ShortText
    argument: Annotated[int, Meta(ge=-(2**31), le=2**31 - 1)] = 0


class PlayCard(msgspec.Struct, frozen=True, tag="card"):
    """Play one card of an attacker's hand."""

    seq: Sequence
    card: ShortText


class ConsoleLine(msgspec.Struct, frozen=True, tag="console"):
    """One line typed into the console."""

    seq: Sequence
    text: Annotated[str, Meta(max_length=CONSOLE_LINE_LENGTH_MAX)]


class Ack(msgspec.Struct, frozen=True, tag="ack"):
    """The newest snapshot that has arrived."""

    tick: Annotated[int, Meta(ge=0, le=INT_MAX)]


class Leave(msgspec.Struct, frozen=True, tag="leave"):
    """Give the seat back, or end the level and return to the catalogue."""


Command = SetSysctl | SetKnob | Call | PlayCard
"""What changes the simulated machine: logged, and acted on at tick borders."""

ClientMessage = (
    Hello | StartLevel | SetSpeed | Step | SetSysctl | SetKnob | Call | PlayCard | ConsoleLine
    | Ack | Leave | RoomRequest | TeacherRequest
)  # fmt: skip


class Welcome(msgspec.Struct, frozen=True, tag="welcome"):
    """The answer to Hello.

    Attributes:
        version: the protocol version both will speak.
        words: what the console completes: commands, sysctls, counters.
    """

    version: int
    build: str
    words: list[str]


class Started(msgspec.Struct, frozen=True, tag="started"):
    """A level begins; the next snapshot is its tick 0.

    Attributes:
        role: what you are in it.
        recorded: True while commands come from a recording, so the player only watches.
    """

    level: str
    seed: int
    recorded: bool
    role: Role = "defender"


class Delta(msgspec.Struct, frozen=True, tag="delta"):
    """A snapshot or an attacker's view as what is new against one that you have acknowledged.

    Attributes:
        tick: of the message inside.
        base: tick of the message, of the same kind, that it builds on.
        attack: True for an attacker's view, False for a snapshot.
        data: for `protocol.delta.unpack`.
    """

    tick: int
    base: int
    attack: bool
    data: bytes


class Pace(msgspec.Struct, frozen=True, tag="pace"):
    """The pace that now holds, in quarters of real time."""

    quarters: int


class Refused(msgspec.Struct, frozen=True, tag="refused"):
    """A message or command that has no effect.

    Attributes:
        seq: of the command, 0 for other messages.
        code: a key of `game.text.refusals`.
        args: what the sentence needs.
    """

    seq: int
    code: str
    args: dict[str, str | int]


class ConsoleOutput(msgspec.Struct, frozen=True, tag="output"):
    """What a console line printed."""

    seq: int
    lines: list[str]


class DebriefEvent(msgspec.Struct, frozen=True, array_like=True):
    """One cause in the story of a run.

    Attributes:
        tick: when.
        code: a key of `game.text.debrief`.
        args: what the sentence needs.
    """

    tick: int
    code: str
    args: dict[str, str | int]


class GoalResult(msgspec.Struct, frozen=True, array_like=True):
    """One goal at the end: its value (as in the goal's marks, None for none) and stars."""

    what: str
    value: float | None
    marks: list[float]
    stars: int


class Series(msgspec.Struct, frozen=True):
    """The run as plots: one number every `step_ms`.

    Attributes:
        syn_queue, accept_queue: largest length within the step, a list for each listener.
        syn_queue_limit, backlog: limits at the end of the step, a list for each listener.
        served, lost, offered: clients within the step.
        core_max: busiest core within the step, in thousandths.
    """

    step_ms: int
    syn_queue: list[list[int]]
    syn_queue_limit: list[list[int]]
    accept_queue: list[list[int]]
    backlog: list[list[int]]
    served: list[int]
    lost: list[int]
    offered: list[int]
    core_max: list[int]


class Result(msgspec.Struct, frozen=True, tag="result"):
    """How a level ended.

    Attributes:
        replay: name of the replay file that was kept, or "".
    """

    level: str
    seed: int
    stars: int
    goals: list[GoalResult]
    attempts: int
    served: int
    counters: dict[str, int]
    series: Series
    story: list[DebriefEvent]
    settings: dict[str, str]
    replay: str
    recorded: bool


class Goodbye(msgspec.Struct, frozen=True, tag="goodbye"):
    """The host closes the connection.

    Attributes:
        code: a key of `game.text.refusals`.
    """

    code: str
    args: dict[str, str | int]


ServerMessage = (
    Welcome | Catalogue | Started | Pace | Snapshot | AttackView | Delta | Refused | ConsoleOutput
    | Result | Goodbye | RoomEvent | TeacherEvent
)  # fmt: skip
