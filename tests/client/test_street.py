"""The attacker's street: what the public score, his own connections and his probes tell."""

from pathlib import Path

import msgspec

from game.client.draw.passers import Passers
from game.client.draw.street import fate
from game.client.scenes.versus import AttackerScene
from game.protocol.attack import Probe, Running
from tests.client.matches import attack_view, in_half, tell
from tests.client.test_together import extents


def test_whoever_the_public_score_counts_is_seen_to_leave() -> None:
    passers = Passers()
    view = attack_view(time_ms=10_000, attempts=100, served=80)
    passers.note(view)
    for tick in range(1, 41):
        now = {"time_ms": 10_000 + 50 * tick, "attempts": 100 + 3 * tick, "served": 80 + tick}
        view = msgspec.structs.replace(view, **now)
        passers.note(view)
    assert passers.rate(True, view.time_ms) == 20
    assert passers.rate(False, view.time_ms) == 40
    assert [round(share, 2) for _, share in passers.shares] == [0.79, 0.62]


def test_another_half_begins_with_an_empty_street() -> None:
    passers = Passers()
    passers.note(attack_view(time_ms=10_000, attempts=100, served=80))
    passers.note(attack_view(time_ms=10_050, attempts=110, served=80))
    passers.note(attack_view(time_ms=0, attempts=0, served=0))
    assert passers.rate(False, 50.0) == 0 and passers.shares == []


def test_the_fate_of_ones_own_connections_is_told_and_what_is_nought_is_left_out() -> None:
    assert fate("en", Running("hoarders", 0, 1, 19, 12)) == "19 opened · 12 stand · 7 wait"
    said = fate("en", Running("hoarders", 0, 1, 19, 1, refused=15, unanswered=3))
    assert said == "19 opened · 1 stand · 15 thrown out · 3 not answered"


def test_what_a_probe_measured_stands_at_the_door_for_a_moment(tmp_path: Path) -> None:
    somebody = in_half(tmp_path, "attacker")
    scene = AttackerScene(somebody)
    probes = [Probe(24_000, 212), Probe(26_000, -1), Probe(27_000, 47)]
    tell(somebody, attack_view(time_ms=29_000, probes=probes))
    scene.update(1.0)
    said = [one.text for one in extents(scene, "en", (1280, 720))]
    assert "Probe: in after 47 ms" in said
    assert "Probe: no answer" in said
    assert "Probe: in after 212 ms" not in said, "that was long ago"
