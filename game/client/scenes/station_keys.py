"""Which keys and buttons of a controller mean what in a station."""

import pygame

from game.client.keys import Action

SPEEDS = {
    Action.HALT: 0,
    Action.QUARTER: 1,
    Action.NORMAL: 4,
    Action.DOUBLE: 8,
    Action.FOURFOLD: 16,
    Action.EIGHTFOLD: 32,
}
"""The pace each action sets, in quarters of the real one."""

STATION_ACTIONS = frozenset(
    (
        *SPEEDS,
        *(Action.PAUSE, Action.STEP, Action.RESTART, Action.HINT, Action.LISTEN, Action.MORE),
        *(Action.LESS, Action.EXPLAIN, Action.GUIDE, Action.ENGINEER, Action.CONSOLE),
    )
)
"""What a key does here, before it moves the focus or chooses."""

PAD = {
    pygame.CONTROLLER_BUTTON_START: Action.PAUSE,
    pygame.CONTROLLER_BUTTON_B: Action.BACK,
    pygame.CONTROLLER_BUTTON_Y: Action.EXPLAIN,
    pygame.CONTROLLER_BUTTON_X: Action.HINT,
    pygame.CONTROLLER_BUTTON_BACK: Action.ENGINEER,
}

SHOULDERS = {
    pygame.CONTROLLER_BUTTON_LEFTSHOULDER: -1,
    pygame.CONTROLLER_BUTTON_RIGHTSHOULDER: 1,
}
"""Buttons that turn the knob in focus by a big step."""


def sign_of(key: int) -> str:
    """The sign of a key, digits of the number pad too; "" for one without."""
    if pygame.K_KP_1 <= key <= pygame.K_KP_9:
        return str(key - pygame.K_KP_1 + 1)
    if key == pygame.K_KP_0:
        return "0"
    return chr(key) if 0x20 <= key < 0x7F else ""
