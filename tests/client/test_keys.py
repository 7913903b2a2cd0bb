"""One table of keys: no key twice, changes hold, and what is wrong in a file does no harm."""

import pygame
import pytest

from game.client.keys import _TABLE, DEFAULT_KEYS, Action, Group, KeyMap, can_be_bound, key_cap
from game.client.scenes.settings import LEFT, MESSAGE_Y, WIDTH, _key_rect
from game.text.phrases import EN, ZH

EVERYWHERE = tuple(Group)


def test_every_action_has_a_key_of_its_own_a_cap_and_words() -> None:
    keys = [DEFAULT_KEYS.key(action) for action in Action]
    assert len(set(keys)) == len(keys) == len(_TABLE)
    for action in Action:
        assert DEFAULT_KEYS.cap(action)
        assert f"key_{action}" in EN
        assert f"key_{action}" in ZH


def test_space_pauses_a_run_and_chooses_in_a_menu() -> None:
    keys = DEFAULT_KEYS
    assert keys.action(pygame.K_SPACE, Group.STATION, Group.FOCUS) is Action.PAUSE
    assert keys.action(pygame.K_SPACE, Group.FOCUS) is Action.CHOOSE


def test_a_change_moves_an_action_and_survives_the_file() -> None:
    changed = DEFAULT_KEYS.with_key(Action.PAUSE, pygame.K_p)
    assert changed == {"pause": "p"}
    keys = KeyMap(changed)
    assert keys.action(pygame.K_p, *EVERYWHERE) is Action.PAUSE
    assert keys.action(pygame.K_SPACE, Group.STATION) is None
    assert keys.with_key(Action.PAUSE, pygame.K_SPACE) == {}


def test_a_key_in_use_is_known_with_its_owner() -> None:
    assert DEFAULT_KEYS.taken_by(pygame.K_h, Action.PAUSE) is Action.HINT
    assert DEFAULT_KEYS.taken_by(pygame.K_h, Action.HINT) is None
    assert DEFAULT_KEYS.taken_by(pygame.K_p, Action.PAUSE) is None


def test_escape_always_leads_back() -> None:
    keys = KeyMap(DEFAULT_KEYS.with_key(Action.BACK, pygame.K_q))
    for key in (pygame.K_q, pygame.K_ESCAPE):
        assert keys.action(key, Group.FOCUS, Group.STATION) is Action.BACK


@pytest.mark.parametrize(
    "changed", [{"fly": "p"}, {"pause": "NO_SUCH_KEY"}, {"pause": "h"}, {"hint": "SPACE"}]
)
def test_what_is_wrong_in_the_file_is_passed_over(changed: dict[str, str]) -> None:
    keys = KeyMap(changed)
    assert [keys.key(action) for action in Action] == [DEFAULT_KEYS.key(a) for a in Action]


def test_modifiers_stand_for_nothing_alone() -> None:
    assert not can_be_bound(pygame.K_LSHIFT, Action.PAUSE)
    assert can_be_bound(pygame.K_p, Action.PAUSE)
    assert not can_be_bound(pygame.K_p, Action.BACK), "the console and the guide need letters"
    assert can_be_bound(pygame.K_F9, Action.BACK)
    assert (key_cap(pygame.K_p), key_cap(pygame.K_F11), key_cap(pygame.K_UP)) == ("P", "F11", "↑")


def test_every_action_has_a_place_on_the_sheet_of_keys() -> None:
    rects = [_key_rect(index) for index in range(len(Action))]
    for x, y, w, h in rects:
        assert x >= LEFT and x + w <= LEFT + WIDTH and y + h <= MESSAGE_Y - 14
    assert len(set(rects)) == len(Action)
