"""Layers that may wait take turns, and nothing waits where a picture is drawn only once."""

import pygame

from game.client.canvas import Canvas
from game.client.theme import DARK, LIGHT
from game.client.turns import AT_ONCE, WAIT_MAX, Turns

NAMES = [f"part-{i}" for i in range(20)]


def drawn_in(turns: Turns, frames: int, stale: set[str]) -> dict[str, int]:
    """In which of the next frames each stale part was drawn again."""
    found: dict[str, int] = {}
    for frame in range(frames):
        turns.next_frame()
        for name in NAMES:
            if not turns.may_wait(name, stale=name in stale - found.keys()) and name in stale:
                found.setdefault(name, frame)
    return found


def settled() -> Turns:
    turns = Turns()
    assert drawn_in(turns, 1, set()) == {}
    return turns


def test_without_frames_nothing_waits() -> None:
    turns = Turns()
    assert not any(turns.may_wait(name, stale=True) for name in NAMES * 2)


def test_news_are_drawn_from_the_next_frame_on_a_few_at_once() -> None:
    found = drawn_in(settled(), 3, set(NAMES[: 2 * AT_ONCE]))
    assert sorted(found.values()) == [1] * AT_ONCE + [2] * AT_ONCE


def test_no_part_waits_longer_than_it_may_however_many_there_are() -> None:
    found = drawn_in(settled(), 10, set(NAMES))
    assert set(found) == set(NAMES)
    assert max(found.values()) == WAIT_MAX


def test_what_was_not_on_screen_a_frame_ago_does_not_wait() -> None:
    turns = settled()
    turns.next_frame()
    turns.next_frame()
    assert not turns.may_wait(NAMES[0], stale=True)


def test_a_patient_layer_keeps_its_look_for_a_frame_but_not_in_another_theme() -> None:
    canvas = Canvas(pygame.Surface((1280, 720)), LIGHT)

    def shown(number: int, on: Canvas) -> tuple[int, ...]:
        on.next_frame()
        colour = (number, 0, 0)
        on.layer(
            "part", (0, 0, 4, 4), number, lambda c: c.box(0, 0, 4, 4, colour), colour, patient=True
        )
        return tuple(on.surface.get_at((0, 0)))[:1]

    assert [shown(number, canvas) for number in (1, 1, 2, 2)] == [(1,), (1,), (1,), (2,)]
    assert shown(3, canvas.dressed(DARK, "en")) == (3,)
