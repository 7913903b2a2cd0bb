"""Which key does what: one table of actions, and the player's changes to it.

A key belongs to one action. Besides it an action may have further keys that never change; they
work wherever no other action in force claims them, so that Space both pauses a run and chooses in
a menu.
"""

from collections.abc import Mapping
from enum import StrEnum

import pygame


class Group(StrEnum):
    """Where an action is in force."""

    FOCUS = "focus"
    STATION = "station"
    PAGES = "pages"
    MATCH = "match"
    WINDOW = "window"


class Action(StrEnum):
    """Everything a key can do; the value is the name in the settings file and in `game.text`."""

    NEXT = "next"
    LEFT = "left"
    RIGHT = "right"
    UP = "up"
    DOWN = "down"
    CHOOSE = "choose"
    BACK = "back"
    PAUSE = "pause"
    STEP = "step"
    RESTART = "restart"
    HINT = "hint"
    LISTEN = "listen"
    MORE = "more"
    LESS = "less"
    EXPLAIN = "explain"
    GUIDE = "guide"
    ENGINEER = "engineer"
    CONSOLE = "console"
    HALT = "halt"
    QUARTER = "quarter"
    NORMAL = "normal"
    DOUBLE = "double"
    FOURFOLD = "fourfold"
    EIGHTFOLD = "eightfold"
    PAGE_UP = "page_up"
    PAGE_DOWN = "page_down"
    FIRST = "first"
    LAST = "last"
    CHAT = "chat"
    FULL_SCREEN = "full_screen"
    PICTURE = "picture"


_TABLE: dict[Action, tuple[Group, int, tuple[int, ...]]] = {
    Action.NEXT: (Group.FOCUS, pygame.K_TAB, ()),
    Action.LEFT: (Group.FOCUS, pygame.K_LEFT, ()),
    Action.RIGHT: (Group.FOCUS, pygame.K_RIGHT, ()),
    Action.UP: (Group.FOCUS, pygame.K_UP, ()),
    Action.DOWN: (Group.FOCUS, pygame.K_DOWN, ()),
    Action.CHOOSE: (Group.FOCUS, pygame.K_RETURN, (pygame.K_KP_ENTER, pygame.K_SPACE)),
    Action.BACK: (Group.FOCUS, pygame.K_ESCAPE, (pygame.K_ESCAPE,)),
    Action.PAUSE: (Group.STATION, pygame.K_SPACE, ()),
    Action.STEP: (Group.STATION, pygame.K_PERIOD, ()),
    Action.RESTART: (Group.STATION, pygame.K_r, ()),
    Action.HINT: (Group.STATION, pygame.K_h, ()),
    Action.LISTEN: (Group.STATION, pygame.K_l, ()),
    Action.MORE: (Group.STATION, pygame.K_PLUS, (pygame.K_EQUALS, pygame.K_KP_PLUS)),
    Action.LESS: (Group.STATION, pygame.K_MINUS, (pygame.K_KP_MINUS,)),
    Action.EXPLAIN: (Group.STATION, pygame.K_F1, ()),
    Action.GUIDE: (Group.STATION, pygame.K_g, ()),
    Action.ENGINEER: (Group.STATION, pygame.K_F2, ()),
    Action.CONSOLE: (Group.STATION, pygame.K_c, (pygame.K_BACKQUOTE,)),
    Action.HALT: (Group.STATION, pygame.K_1, ()),
    Action.QUARTER: (Group.STATION, pygame.K_2, ()),
    Action.NORMAL: (Group.STATION, pygame.K_3, ()),
    Action.DOUBLE: (Group.STATION, pygame.K_4, ()),
    Action.FOURFOLD: (Group.STATION, pygame.K_5, ()),
    Action.EIGHTFOLD: (Group.STATION, pygame.K_8, ()),
    Action.PAGE_UP: (Group.PAGES, pygame.K_PAGEUP, ()),
    Action.PAGE_DOWN: (Group.PAGES, pygame.K_PAGEDOWN, ()),
    Action.FIRST: (Group.PAGES, pygame.K_HOME, ()),
    Action.LAST: (Group.PAGES, pygame.K_END, ()),
    Action.CHAT: (Group.MATCH, pygame.K_t, ()),
    Action.FULL_SCREEN: (Group.WINDOW, pygame.K_F11, ()),
    Action.PICTURE: (Group.WINDOW, pygame.K_F12, ()),
}
"""Group, key, and further keys of every action."""

_NAMES: dict[int, str] = {
    value: name.removeprefix("K_")
    for name, value in sorted(vars(pygame).items())
    if name.startswith("K_") and isinstance(value, int)
}
"""Keys by code, spelled as pygame's constants; SDL's own names need a window."""

_CODES: dict[str, int] = {name: code for code, name in _NAMES.items()}

_CAPS: dict[str, str] = {
    "SPACE": "Space",
    "RETURN": "Enter",
    "ESCAPE": "Esc",
    "TAB": "Tab",
    "BACKSPACE": "Backspace",
    "DELETE": "Del",
    "INSERT": "Ins",
    "PAGEUP": "PgUp",
    "PAGEDOWN": "PgDn",
    "HOME": "Home",
    "END": "End",
    "LEFT": "←",
    "RIGHT": "→",
    "UP": "↑",
    "DOWN": "↓",
    "PERIOD": ".",
    "COMMA": ",",
    "PLUS": "+",
    "MINUS": "-",
    "EQUALS": "=",
    "BACKQUOTE": "`",
    "SLASH": "/",
    "BACKSLASH": "\\",
    "SEMICOLON": ";",
    "QUOTE": "'",
    "LEFTBRACKET": "[",
    "RIGHTBRACKET": "]",
}
"""What is printed on a key, where that is not the constant's name."""

_BARRED = frozenset(
    (
        *(pygame.K_LSHIFT, pygame.K_RSHIFT, pygame.K_LCTRL, pygame.K_RCTRL, pygame.K_LALT),
        *(pygame.K_RALT, pygame.K_LMETA, pygame.K_RMETA, pygame.K_CAPSLOCK, pygame.K_NUMLOCK),
    )
)


def key_name(key: int) -> str:
    """The name of a key in the settings file; "" for one without."""
    return _NAMES.get(key, "")


def key_cap(key: int) -> str:
    """What is printed on a key."""
    name = key_name(key)
    return _CAPS.get(name, name.replace("_", " ").upper() if len(name) < 2 else name.title())


class KeyMap:
    """The table with the player's changes.

    Args:
        changed: names of keys by names of actions; what is unknown, or already in use, is passed
            over.
    """

    def __init__(self, changed: Mapping[str, str] | None = None) -> None:
        self._keys = {action: key for action, (_, key, _) in _TABLE.items()}
        wanted = {
            Action(name): _CODES[key]
            for name, key in (changed or {}).items()
            if name in set(Action) and key in _CODES
        }
        merged = {**self._keys, **wanted}
        if len(set(merged.values())) == len(merged):
            self._keys = merged

    def key(self, action: Action) -> int:
        """The key of an action."""
        return self._keys[action]

    def cap(self, action: Action) -> str:
        """What is printed on the key of an action."""
        return key_cap(self._keys[action])

    def action(self, key: int, *groups: Group) -> Action | None:
        """What a key does where these groups are in force."""
        here = [action for action, (group, _, _) in _TABLE.items() if group in groups]
        for action in here:
            if self._keys[action] == key:
                return action
        return next((action for action in here if key in _TABLE[action][2]), None)

    def taken_by(self, key: int, action: Action) -> Action | None:
        """Another action that has this key already."""
        owner = next((a for a, used in self._keys.items() if used == key), None)
        return None if owner is action else owner

    def with_key(self, action: Action, key: int) -> dict[str, str]:
        """The changes to keep once an action has another key."""
        keys = {**self._keys, action: key}
        return {a.value: _NAMES[k] for a, k in keys.items() if k != _TABLE[a][1]}


def can_be_bound(key: int, action: Action) -> bool:
    """Whether a key may stand for an action by itself; going back must not be a sign one types."""
    typed = 0x20 <= key < 0x7F
    return key in _NAMES and key not in _BARRED and not (action is Action.BACK and typed)


DEFAULT_KEYS = KeyMap()
"""The table as it comes."""
