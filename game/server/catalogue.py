"""Level files turned into the catalogue that players get."""

from collections.abc import Iterable, Sequence

from game.kernel.profile import PROFILES
from game.kernel.sysctl import find_sysctl
from game.level.cards import CARDS
from game.level.load import level_set_hash, sysctl_full_name
from game.level.schema import MACHINE_KNOBS, Arena, Knob, Level, Text
from game.level.settings import machine_text
from game.protocol.catalogue import Arena as ArenaCard
from game.protocol.catalogue import AttackCard, Catalogue, Goal, LevelCard, Texts, Wave
from game.protocol.catalogue import Knob as KnobCard
from game.session.replay import level_text
from game.session.setup import OWN_NUMBER
from game.session.view import SHOWN_AS
from game.sim.world import ACTORS

GROUPS = {
    "filter": 0,
    "rx_ring": 0,
    "tcp_rmem": 0,
    "tcp_syncookies": 1,
    "tcp_max_syn_backlog": 1,
    "tcp_synack_retries": 1,
    "defer_accept_s": 1,
    "backlog": 2,
    "somaxconn": 2,
    "tcp_abort_on_overflow": 2,
    "buckets": 3,
    "workers": 3,
    "model": 3,
    "processes": 3,
    "wait": 3,
    "accept_mutex": 3,
    "keepalive_s": 3,
    "request_timeout_s": 3,
    "send_timeout_s": 3,
    "rcvbuf": 2,
    "sndbuf": 3,
    "parent_closes": 3,
    "close_with": 3,
    "nofile": 3,
    "pinning": 3,
}
"""The column of each knob: gate, SYN queue, accept queue, workers; others stand at the workers."""

CALLED = {"rsts": "rst_storm", "forged_acks": "forged_acks"}
"""Floods that are none of SYNs, by the card that sends the same."""

KERNEL_NAMES = {
    "backlog": "listen(backlog)",
    "buckets": "SO_REUSEPORT",
    "workers": "workers",
    "model": "worker model",
    "processes": "processes",
    "wait": "accept() or epoll",
    "accept_mutex": "accept mutex",
    "keepalive_s": "KeepAliveTimeout",
    "defer_accept_s": "TCP_DEFER_ACCEPT",
    "request_timeout_s": "request timeout",
    "send_timeout_s": "send timeout",
    "rcvbuf": "SO_RCVBUF",
    "sndbuf": "SO_SNDBUF",
    "parent_closes": "close() in the parent",
    "close_with": "close(), shutdown()",
    "nofile": "RLIMIT_NOFILE",
    "pinning": "CPU pinning",
    "rx_ring": "ethtool -G rx",
    "filter": "filter",
}


def make_catalogue(levels: Sequence[Level]) -> Catalogue:
    """The catalogue of a set of levels, in the order of their numbers.

    A player's own levels may come and go without another name for the set: progress is kept by it.
    """
    ordered = sorted(levels, key=lambda one: one.number)
    shipped = [level for level in ordered if level.number < OWN_NUMBER]
    return Catalogue(
        level_set=level_set_hash(level_text(level) for level in shipped),
        levels=[_card(level) for level in ordered if level.arena is None],
        arenas=[_card(level) for level in ordered if level.arena is not None],
    )


def _card(level: Level) -> LevelCard:
    machine = level.machine
    return LevelCard(
        id=level.id,
        number=level.number,
        line=level.line,
        map_x=level.map[0],
        map_y=level.map[1],
        label=level.label,
        after=list(level.after),
        texts={"en": _texts(level.text.en), "zh": _texts(level.text.zh)},
        goals=[Goal(goal.what, list(goal.marks)) for goal in level.goal],
        knobs=[_knob(knob, level) for knob in level.knob],
        waves=list(_waves(level)),
        seconds=level.seconds,
        budget=level.budget,
        workers=machine.workers,
        listeners=machine.buckets * len(machine.all_ports),
        cores=machine.cores,
        port=machine.all_ports[0],
        calls=machine.calls,
        has_solution=bool(level.solution),
        arena=_arena(level.arena) if level.arena else None,
        shows=None if level.shows is None else list(level.shows),
    )


def _arena(arena: Arena) -> ArenaCard:
    return ArenaCard(
        share=round(arena.share * 1000),
        points_max=arena.attack.most,
        ops_max=arena.ops.most,
        bots=arena.bots,
        cards=[_attack_card(name) for name in arena.cards],
        free=arena.free,
        points_gain=round(arena.attack.per_s * 1000),
        ops_gain=round(arena.ops.per_s * 1000),
    )


def _attack_card(name: str) -> AttackCard:
    card = CARDS[name]
    actor = ACTORS[card.traffic.kind]
    actor, per_s = SHOWN_AS.get(actor, actor), round(card.traffic.per_s)
    return AttackCard(name, card.cost, card.bots, card.seconds, actor, per_s)


def _texts(text: Text) -> Texts:
    return Texts(text.title, text.subtitle, text.briefing, list(text.hints), text.debrief)


def _knob(knob: Knob, level: Level) -> KnobCard:
    full = None if knob.name in MACHINE_KNOBS else sysctl_full_name(knob.name)
    return KnobCard(
        name=knob.name,
        kernel_name=full or KERNEL_NAMES[knob.name],
        group=GROUPS.get(knob.name, 3),
        default=_default(knob, level),
        cost=knob.cost,
        minimum=knob.min or 0,
        maximum=knob.max or 0,
        choices=[str(choice) for choice in knob.choices],
        lesson=knob.lesson,
    )


def _default(knob: Knob, level: Level) -> str:
    if knob.name in MACHINE_KNOBS:
        return machine_text(level.machine, knob.name)
    row = find_sysctl(knob.name)
    default = row.default
    if row.name == "net.core.somaxconn":
        default = PROFILES[level.machine.profile].somaxconn
    return str(level.sysctl.get(row.name, default))


def _waves(level: Level) -> Iterable[Wave]:
    for entry in level.traffic:
        until_s = min(entry.until_s, level.seconds)
        actor = ACTORS[entry.kind]
        yield Wave(
            SHOWN_AS.get(actor, actor),
            round(entry.from_s * 1000),
            round(until_s * 1000),
            max(1, round(entry.per_s)),  # Rarely is not never.
            CALLED.get(entry.kind, ""),
        )
