"""A flood settled lazily equals the same flood with one event for every SYN."""

from collections.abc import Sequence

import msgspec
import pytest

from game.level.load import load_level
from game.level.schema import Level, Traffic
from game.level.settings import with_settings
from game.paths import levels_dir
from game.protocol.messages import Call, Command, SetSysctl
from game.session.replay import LoggedCommand
from game.session.session import Session
from game.sim.rng import binomial, stream

SETTINGS = {
    "cookies off": [],
    "cookies when full": [("tcp_syncookies", "1")],
    "cookies always": [("tcp_syncookies", "2")],
    "the last quarter rules": [("tcp_max_syn_backlog", "16"), ("backlog", "100")],
    "no retries": [("tcp_synack_retries", "0"), ("backlog", "100")],
    "room for most": [("tcp_synack_retries", "1"), ("backlog", "4000")],
    "one slow thread": [("tcp_syncookies", "1"), ("workers", "1"), ("backlog", "3")],
    "resets": [("tcp_abort_on_overflow", "1"), ("workers", "1"), ("backlog", "1")],
}

COMMANDS: Sequence[Command] = (
    SetSysctl(1, "tcp_syncookies", 1),
    Call(2, "listen", 63),
    SetSysctl(3, "tcp_syncookies", 0),
    SetSysctl(4, "tcp_synack_retries", 1),
)


@pytest.mark.parametrize("settings", SETTINGS.values(), ids=SETTINGS.keys())
@pytest.mark.parametrize("seed", [1, 2])
def test_settled_lazily_is_the_same_to_the_last_bit(
    settings: list[tuple[str, str]], seed: int
) -> None:
    level = with_settings(flooded(rate=997, seconds=14), settings)
    lazy = Session(level, seed)
    by_object = Session(level, seed, flood_by_object=True)
    for _ in range(lazy.ticks):
        lazy.advance()
        by_object.advance()
        assert lazy.world.host.state() == by_object.world.host.state(), lazy.tick
    assert lazy.digests == by_object.digests


def test_commands_meet_the_same_flood() -> None:
    level = flooded(rate=1009, seconds=14)
    recorded = [LoggedCommand(40 + 50 * i, command) for i, command in enumerate(COMMANDS)]
    lazy = Session(level, 3, recorded=recorded)
    by_object = Session(level, 3, recorded=recorded, flood_by_object=True)
    while not lazy.over:
        lazy.advance()
        by_object.advance()
    assert [one.command for one in lazy.log] == list(COMMANDS)
    assert lazy.digests == by_object.digests


def test_a_flood_at_a_closed_port_is_counted_as_every_segment_is() -> None:
    level = flooded(rate=997, seconds=6)
    level = msgspec.structs.replace(
        level, machine=msgspec.structs.replace(level.machine, calls=True)
    )
    calls = [Call(1, "socket"), Call(2, "bind", level.machine.port), Call(3, "listen", 20)]
    recorded = [LoggedCommand(60 + 5 * i, call) for i, call in enumerate(calls)]
    lazy = Session(level, 1, recorded=recorded)
    by_object = Session(level, 1, recorded=recorded, flood_by_object=True)
    while not lazy.over:
        lazy.advance()
        by_object.advance()
        assert lazy.world.host.state() == by_object.world.host.state(), lazy.tick
    assert lazy.digests == by_object.digests


def test_between_listeners_sums_are_exact_and_shares_binomial() -> None:
    level = with_settings(flooded(rate=4000, seconds=6), [("buckets", "4"), ("workers", "4")])
    session = Session(level, 1)
    while not session.over:
        session.advance()
    flood = session.world.machine.floods[0]
    shares = [
        sum(listener.drops.values()) + listener.qlen for listener in session.world.listeners()
    ]
    total = sum(shares)
    assert flood.sent == flood.count
    assert abs(total - flood.count) < 1000  # Retries and ends of requests come on top.
    deviation = (total * 0.25 * 0.75) ** 0.5
    assert all(abs(share - total / 4) < 5 * deviation for share in shares)


@pytest.mark.parametrize("trials", [1, 10, 64, 65, 1000, 100_000])
def test_binomial_has_its_mean_and_its_spread(trials: int) -> None:
    dice = stream(1, "binomial")
    draws = [binomial(dice, trials, 0.25) for _ in range(2000)]
    mean = sum(draws) / len(draws)
    variance = sum((draw - mean) ** 2 for draw in draws) / len(draws)
    assert mean == pytest.approx(trials / 4, abs=5 * (trials * 0.1875 / 2000) ** 0.5)
    assert variance == pytest.approx(trials * 0.1875, rel=0.2)


def flooded(rate: int, seconds: int) -> Level:
    """Level 11 with another flood, from one second on."""
    level = load_level(levels_dir() / "11-cookie-stamp.toml")
    traffic = [
        Traffic("clients", 30.0, until_s=seconds, deadline_s=3.0),
        Traffic("flood", rate, from_s=1.0, until_s=seconds - 2),
    ]
    return msgspec.structs.replace(level, traffic=traffic, seconds=seconds)
