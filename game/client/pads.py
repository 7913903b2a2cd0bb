"""Controllers and plain joysticks: whatever they send becomes buttons of a controller.

SDL knows most pads and names their buttons alike; what it does not know is a joystick with numbered
buttons, and takes the layout of the pads that most of them copy. A stick or a hat is a d-pad, and a
direction that is held is pressed again and again, as keys are.
"""

import pygame

PUSHED, LET_GO = 0.6, 0.35
"""Shares of a stick's way; between them nothing changes, so that a worn stick does not stutter."""

AXIS_MAX = 32767
REPEAT_AFTER_S, REPEAT_EVERY_S = 0.4, 0.12

UP, DOWN, LEFT, RIGHT = (
    pygame.CONTROLLER_BUTTON_DPAD_UP,
    pygame.CONTROLLER_BUTTON_DPAD_DOWN,
    pygame.CONTROLLER_BUTTON_DPAD_LEFT,
    pygame.CONTROLLER_BUTTON_DPAD_RIGHT,
)
DIRECTIONS = frozenset((UP, DOWN, LEFT, RIGHT))
AXES = {0: (LEFT, RIGHT), 1: (UP, DOWN)}
"""The two axes of the left stick; those of a plain joystick are counted alike."""

NUMBERED = (
    pygame.CONTROLLER_BUTTON_A,
    pygame.CONTROLLER_BUTTON_B,
    pygame.CONTROLLER_BUTTON_X,
    pygame.CONTROLLER_BUTTON_Y,
    pygame.CONTROLLER_BUTTON_LEFTSHOULDER,
    pygame.CONTROLLER_BUTTON_RIGHTSHOULDER,
    pygame.CONTROLLER_BUTTON_BACK,
    pygame.CONTROLLER_BUTTON_START,
)
"""Buttons of a joystick that SDL has no names for, in the order of their numbers."""


class Pads:
    """What is pushed on all pads together, and the events that follow from it."""

    def __init__(self) -> None:
        self._known: set[int] = set()
        self._held: dict[tuple[int, int, int], int] = {}
        self._again_s = 0.0

    def knows(self, instance: int) -> None:
        """A pad whose buttons SDL names: what it sends as a joystick too is passed over."""
        self._known.add(instance)

    def forget(self, instance: int) -> None:
        """A pad was pulled: nothing on it is held any more."""
        self._known.discard(instance)
        self._held = {part: way for part, way in self._held.items() if part[0] != instance}

    def take(self, event: pygame.event.Event, now_s: float) -> list[pygame.event.Event]:
        """The buttons that an event means: itself for a button that has its name already."""
        match event.type:
            case pygame.CONTROLLERBUTTONDOWN:
                if event.button in DIRECTIONS:
                    self._hold((event.instance_id, 0, event.button), event.button, now_s)
                return [event]
            case pygame.CONTROLLERBUTTONUP:
                self._held.pop((event.instance_id, 0, event.button), None)
                return [event]
            case pygame.CONTROLLERAXISMOTION if event.axis in AXES:
                return self._pushed(event.instance_id, event.axis, event.value / AXIS_MAX, now_s)
        if getattr(event, "instance_id", None) in self._known:
            return [] if event.type in _PLAIN else [event]
        match event.type:
            case pygame.JOYAXISMOTION if event.axis in AXES:
                return self._pushed(event.instance_id, event.axis, event.value, now_s)
            case pygame.JOYHATMOTION:
                x, y = event.value
                instance = event.instance_id
                return [
                    *self._pushed(instance, 10, float(x), now_s, (LEFT, RIGHT)),
                    *self._pushed(instance, 11, float(-y), now_s, (UP, DOWN)),
                ]
            case pygame.JOYBUTTONDOWN if event.button < len(NUMBERED):
                return [_press(NUMBERED[event.button], event.instance_id)]
            case pygame.JOYBUTTONUP if event.button < len(NUMBERED):
                # What repeats while it is held has to hear that it came up.
                up = {"button": NUMBERED[event.button], "instance_id": event.instance_id}
                return [pygame.event.Event(pygame.CONTROLLERBUTTONUP, up)]
        return [] if event.type in _PLAIN else [event]

    def again(self, now_s: float) -> list[pygame.event.Event]:
        """The direction that is held, pressed once more when its time has come."""
        if not self._held or now_s < self._again_s:
            return []
        self._again_s = now_s + REPEAT_EVERY_S
        (instance, _, _), way = next(reversed(self._held.items()))
        return [_press(way, instance)]

    def _pushed(
        self,
        instance: int,
        axis: int,
        share: float,
        now_s: float,
        ways: tuple[int, int] | None = None,
    ) -> list[pygame.event.Event]:
        """A stick or a hat has moved along one axis; -1 is up or left."""
        part = (instance, 1, axis)
        if abs(share) < LET_GO:
            self._held.pop(part, None)
            return []
        way = (ways or AXES[axis])[share > 0]
        if abs(share) < PUSHED or self._held.get(part) == way:
            return []
        self._hold(part, way, now_s)
        return [_press(way, instance)]

    def _hold(self, part: tuple[int, int, int], way: int, now_s: float) -> None:
        self._held[part] = way
        self._again_s = now_s + REPEAT_AFTER_S


_PLAIN = frozenset(
    (
        *(pygame.JOYAXISMOTION, pygame.JOYHATMOTION, pygame.JOYBUTTONDOWN, pygame.JOYBUTTONUP),
        *(pygame.JOYBALLMOTION, pygame.CONTROLLERAXISMOTION),
    )
)


def _press(button: int, instance: int) -> pygame.event.Event:
    return pygame.event.Event(pygame.CONTROLLERBUTTONDOWN, button=button, instance_id=instance)
