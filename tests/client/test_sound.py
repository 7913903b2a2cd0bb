"""What is heard, how it is made, and how often; no test opens a sound card but the last."""

from array import array
from pathlib import Path

import msgspec
import pygame
import pytest

from game.client.game_view import Run
from game.client.heard import heard
from game.client.mixer import GAPS_S, LOUDNESS, PLAYS_A_SECOND_MAX, Limits, Mixer, loudness
from game.client.scenes.replay import ReplayScene
from game.client.settings import Settings
from game.client.sounds import PEAK, RATE_HZ, SOUNDS, samples
from game.protocol.messages import Started
from game.protocol.snapshot import Actor, Mark, Passenger, Snapshot, Worker, WorkerState
from tests.client.events import key
from tests.client.runs import snapshot
from tests.client.test_play import Station, Table

QUIET = snapshot(10)


def later(**changes: object) -> Snapshot:
    changed = msgspec.structs.replace(snapshot(11), **changes)
    assert isinstance(changed, Snapshot)
    return changed


def in_line(actor: Actor) -> Snapshot:
    listener = msgspec.structs.replace(QUIET.listeners[0], syn_marks=[Mark(1, actor, 0)])
    return later(listeners=[listener])


def crew(state: WorkerState, *passengers: int) -> list[Worker]:
    aboard = [Passenger(number, Actor.CLIENT, 0, 0) for number in passengers]
    return [Worker(0, 0, state, 500, 0, aboard, 0)]


IDLE = msgspec.structs.replace(QUIET, workers=crew(WorkerState.IDLE))


@pytest.mark.parametrize(
    ("before", "now", "sounds"),
    [
        (QUIET, later(), []),
        (QUIET, in_line(Actor.CLIENT), ["gate"]),
        (QUIET, in_line(Actor.FLOOD), []),
        (in_line(Actor.CLIENT), in_line(Actor.CLIENT), []),
        (QUIET, later(counters={"TcpExtListenOverflows": 3}), ["alarm"]),
        (QUIET, later(counters={"TcpExtTCPReqQFullDrop": 3}), ["alarm"]),
        (QUIET, later(counters={"TcpExtTCPSynRetrans": 1}), ["loudspeaker"]),
        (QUIET, later(counters={"TcpExtListenDrops": 3}), []),
        (IDLE, later(workers=crew(WorkerState.READING, 7)), ["boarding"]),
        (IDLE, later(workers=crew(WorkerState.WORKING, 7)), ["departure", "boarding"]),
        (later(), QUIET, []),
    ],
)
def test_the_difference_of_two_snapshots_is_heard(
    before: Snapshot, now: Snapshot, sounds: list[str]
) -> None:
    assert heard(before, now) == sounds


def test_a_cookie_that_came_back_is_a_ticket() -> None:
    listener = msgspec.structs.replace(QUIET.listeners[0], cookies_received=2)
    assert heard(QUIET, later(listeners=[listener])) == ["ticket"]


def test_a_star_is_heard_once_somebody_was_served() -> None:
    served = msgspec.structs.replace(QUIET, attempts=5, stars=1)
    assert heard(served, later(attempts=6, stars=2)) == ["star"]
    assert heard(QUIET, later(attempts=1, stars=3)) == [], "at the start every goal is met"


@pytest.mark.parametrize("name", SOUNDS)
def test_a_sound_is_short_soft_and_always_the_same(name: str) -> None:
    values = array("h", samples(name))
    assert 0.02 < len(values) / RATE_HZ < 0.7
    assert max(map(abs, values)) <= PEAK * 32_767 + 1
    assert max(map(abs, values)) > 3000
    assert abs(values[0]) < 400 and abs(values[-1]) < 400, "it would click"
    assert samples(name) == samples(name)
    assert name in GAPS_S and name in LOUDNESS


def test_sounds_keep_their_distance_and_their_number() -> None:
    limits = Limits()
    times = [step / 100 for step in range(100)]
    played = [name for at_s in times for name in SOUNDS if limits.allow(name, at_s)]
    assert len(played) == PLAYS_A_SECOND_MAX
    assert played.count("alarm") == 1
    assert limits.allow("alarm", 2.5)
    assert not limits.allow("alarm", 2.6)


def test_both_volumes_count_and_either_silences() -> None:
    assert loudness("star", Settings(volume=10, effects_volume=10)) == LOUDNESS["star"]
    assert loudness("star", Settings(volume=0)) == 0
    assert loudness("star", Settings(effects_volume=0)) == 0


def test_a_choice_ticks_and_silence_is_the_default(tmp_path: Path) -> None:
    table = Table(tmp_path)
    table.turn()
    played: list[str] = []

    class Ears:
        def play(self, name: str, wall_s: float, settings: Settings) -> None:
            played.append(name)

    table.game._ears = Ears()
    table.press(pygame.K_DOWN)
    assert played == [], "moving the focus is no choice"
    table.press(pygame.K_RETURN)
    assert played == ["tick"]
    assert pygame.mixer.get_init() is None


def test_a_replay_sounds_as_the_run_did_and_a_leap_is_silent(tmp_path: Path) -> None:
    table = Table(tmp_path)
    table.turn()
    played: list[str] = []

    class Ears:
        def play(self, name: str, wall_s: float, settings: Settings) -> None:
            played.append(name)

    run = Run()
    for tick in range(101):
        count = {"TcpExtListenOverflows": int(tick >= 40)}
        run.add(msgspec.structs.replace(snapshot(tick), counters=count))
    table.player.view.started = Started("level-1", 1, recorded=False)
    scene = ReplayScene(table.player, run, lambda _: Station())
    table.game.stack.show(scene)
    table.game._ears = Ears()
    table.turn(30)
    assert played == []
    table.turn(30)
    assert played == ["alarm"]
    scene.handle(key(pygame.K_HOME))
    table.turn(2)
    scene.handle(key(pygame.K_END))
    table.turn(4)
    assert played == ["alarm"]


def test_no_sound_card_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    mixer = Mixer()
    mixer.play("tick", 0.0, Settings(volume=0))
    assert pygame.mixer.get_init() is None, "what cannot be heard opens nothing"
    monkeypatch.setattr(pygame.mixer, "init", _no_card)
    mixer.play("tick", 1.0, Settings())
    assert not mixer.works
    mixer.play("tick", 2.0, Settings())
    mixer.close()


def _no_card(*_: object, **__: object) -> None:
    raise pygame.error("No available audio device")


def test_the_dummy_card_plays_everything() -> None:
    mixer = Mixer()
    try:
        for number, name in enumerate(SOUNDS):
            mixer.play(name, float(number), Settings())
        assert mixer.works
        assert pygame.mixer.get_init() is not None
    finally:
        mixer.close()
    assert pygame.mixer.get_init() is None
