"""What the host tells its players about its levels, once, after Hello."""

import msgspec


class Texts(msgspec.Struct, frozen=True):
    """A level's words in one language.

    Attributes:
        title: station name, for example "The hall".
        subtitle: the kernel thing it is about, under its own name, for example "backlog".
        briefing: paragraphs, separated by an empty line.
        hints: three, from a nudge to the answer.
        debrief: what to take away, paragraphs.
    """

    title: str
    subtitle: str
    briefing: str
    hints: list[str]
    debrief: str


class Goal(msgspec.Struct, frozen=True):
    """One goal.

    Attributes:
        what: "served" (share), "connect_p95_ms", "core_max" (share), "memory_mb" or "cost".
        marks: for one, two and three stars; shares are 0 to 1.
    """

    what: str
    marks: list[float]


class Knob(msgspec.Struct, frozen=True):
    """One thing the player may set.

    Attributes:
        name: last name of a sysctl, or a machine knob (backlog, workers, buckets, …).
        kernel_name: the whole name, as typed on a real machine.
        group: 0 gate, 1 SYN queue, 2 accept queue, 3 workers: its column.
        minimum, maximum: for numbers, when there are no choices.
        choices: allowed values as text; the last is the maximum.
        default: value at the start, as text.
        cost: points for one change.
        lesson: True for the one the level teaches.
        opens_at: id of the level that opens it, when it is locked here; else "".
    """

    name: str
    kernel_name: str
    group: int
    default: str
    cost: int = 0
    minimum: int = 0
    maximum: int = 0
    choices: list[str] = []
    lesson: bool = False
    opens_at: str = ""


class Wave(msgspec.Struct, frozen=True):
    """One entry of the timetable.

    Attributes:
        actor: an `Actor`.
        from_ms, until_ms: when it flows.
        per_s: connections a second.
        called: key of `game.text.cards` for a flood that is none of SYNs, else "".
    """

    actor: int
    from_ms: int
    until_ms: int
    per_s: int
    called: str = ""


class AttackCard(msgspec.Struct, frozen=True):
    """One card an attacker may be dealt.

    Attributes:
        name: a key of `game.text.cards`.
        cost: points.
        bots: machines it holds while it runs.
        seconds: how long it runs.
        actor: whom it sends, an `Actor`.
        per_s: connections or packets a second.
    """

    name: str
    cost: int
    bots: int
    seconds: int
    actor: int
    per_s: int


class Arena(msgspec.Struct, frozen=True):
    """What makes a level one for attack and defence, or a sandbox.

    Attributes:
        share: of the travellers whom a defender must serve to win a half, in thousandths.
        points_max: points that an attacker can save up.
        ops_max: points that a defender can save up.
        points_gain, ops_gain: thousandths of a point that either side earns in a second.
        bots: machines of the botnet.
        cards: those that may be dealt.
        free: True in the sandbox, where every card is at hand and nothing costs anything.
    """

    share: int
    points_max: int
    ops_max: int
    bots: int
    cards: list[AttackCard]
    free: bool
    points_gain: int = 0
    ops_gain: int = 0


class LevelCard(msgspec.Struct, frozen=True):
    """One level, without its machine and its solution.

    Attributes:
        line: "queue", "crew", "flood", "luggage" or "heritage"; "arena" is not on the map.
        map_x, map_y: place of its station on the menu's map, px at 1280 × 720.
        label: where its name stands there: "below", "above", "left" or "right".
        after: ids of levels that come before it on the map and must have a star.
        seconds: length of play.
        budget: points to spend, 0 for no limit.
        workers, listeners, cores: the machine at the start.
        port: the port it serves.
        calls: True when the player makes the calls himself.
        has_solution: True when a recorded solution can be shown.
        arena: on an arena.
        shows: instruments that its screen has besides hall and trains; None for all there are.
    """

    id: str
    number: int
    line: str
    map_x: int
    map_y: int
    label: str
    after: list[str]
    texts: dict[str, Texts]
    goals: list[Goal]
    knobs: list[Knob]
    waves: list[Wave]
    seconds: int
    budget: int
    workers: int
    listeners: int
    cores: int
    port: int
    calls: bool = False
    has_solution: bool = True
    arena: Arena | None = None
    shows: list[str] | None = None


class Catalogue(msgspec.Struct, frozen=True, tag="catalogue"):
    """All levels of a host.

    Attributes:
        level_set: hash over all level files; progress is kept by level id and this.
        levels: the campaign, in the order of their numbers.
        arenas: levels for attack and defence, and the sandbox.
    """

    level_set: str
    levels: list[LevelCard]
    arenas: list[LevelCard] = []
