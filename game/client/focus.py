"""One focus for mouse, keyboard and controller: which hotspot is meant, and when it is chosen."""

import math

import pygame

from game.client.canvas import Canvas
from game.client.keys import DEFAULT_KEYS, Action, Group, KeyMap
from game.client.scene import Hotspot

RING_GAP = 4
"""Design units between a hotspot and the ring around it."""

_ARROWS: dict[Action | None, tuple[int, int]] = {
    Action.LEFT: (-1, 0),
    Action.RIGHT: (1, 0),
    Action.UP: (0, -1),
    Action.DOWN: (0, 1),
}

_PAD: dict[int, tuple[int, int]] = {
    pygame.CONTROLLER_BUTTON_DPAD_LEFT: (-1, 0),
    pygame.CONTROLLER_BUTTON_DPAD_RIGHT: (1, 0),
    pygame.CONTROLLER_BUTTON_DPAD_UP: (0, -1),
    pygame.CONTROLLER_BUTTON_DPAD_DOWN: (0, 1),
}


def is_back(event: pygame.event.Event, keys: KeyMap = DEFAULT_KEYS) -> bool:
    """Whether an event asks to go back: the key for it, or the controller's B."""
    if event.type == pygame.KEYDOWN:
        return keys.action(event.key, Group.FOCUS) is Action.BACK
    pressed: bool = (
        event.type == pygame.CONTROLLERBUTTONDOWN and event.button == pygame.CONTROLLER_BUTTON_B
    )
    return pressed


class Focus:
    """The focus of one scene.

    Args:
        first: id of the hotspot that has the focus at the start; "" for none.

    Attributes:
        id: the hotspot that has the focus, or "".
        visible: True while keys or a controller are in use, so that a ring is drawn.
    """

    def __init__(self, first: str = "") -> None:
        self.id = first
        self.visible = False
        self._pressed = ""

    def handle(
        self, event: pygame.event.Event, hotspots: list[Hotspot], keys: KeyMap = DEFAULT_KEYS
    ) -> str | None:
        """Move the focus, or return the id of the hotspot that this event chooses."""
        match event.type:
            case pygame.MOUSEMOTION:
                self._point(event.pos, hotspots)
            case pygame.MOUSEBUTTONDOWN if event.button == 1:
                self._point(event.pos, hotspots)
                hit = hotspot_at(event.pos, hotspots)
                self._pressed = hit.id if hit else ""
            case pygame.MOUSEBUTTONUP if event.button == 1:
                hit = hotspot_at(event.pos, hotspots)
                pressed, self._pressed = self._pressed, ""
                if hit is not None and hit.id == pressed:
                    return hit.id
            case pygame.KEYDOWN:
                return self._key(event, hotspots, keys)
            case pygame.CONTROLLERBUTTONDOWN:
                return self._button(event.button, hotspots)
        return None

    def _point(self, pos: tuple[float, float], hotspots: list[Hotspot]) -> None:
        hit = hotspot_at(pos, hotspots)
        if hit is not None:
            self.id = hit.id
            self.visible = False

    def _key(self, event: pygame.event.Event, hotspots: list[Hotspot], keys: KeyMap) -> str | None:
        action = keys.action(event.key, Group.FOCUS)
        if action is Action.NEXT:
            back = bool(getattr(event, "mod", 0) & pygame.KMOD_SHIFT)
            self.step(-1 if back else 1, hotspots)
        elif action in _ARROWS:
            self.move(_ARROWS[action], hotspots)
        elif action is Action.CHOOSE:
            return self._chosen(hotspots)
        return None

    def _button(self, button: int, hotspots: list[Hotspot]) -> str | None:
        if button in _PAD:
            self.move(_PAD[button], hotspots)
        elif button in (pygame.CONTROLLER_BUTTON_A, pygame.CONTROLLER_BUTTON_START):
            return self._chosen(hotspots)
        return None

    def _chosen(self, hotspots: list[Hotspot]) -> str | None:
        self.visible = True
        return self.id if any(spot.id == self.id for spot in hotspots) else None

    def step(self, by: int, hotspots: list[Hotspot]) -> None:
        """Go to the next or previous hotspot in reading order, around the end."""
        self.visible = True
        if not hotspots:
            return
        ids = [spot.id for spot in hotspots]
        if self.id in ids:
            self.id = ids[(ids.index(self.id) + by) % len(ids)]
        else:
            self.id = ids[0 if by > 0 else -1]

    def move(self, direction: tuple[int, int], hotspots: list[Hotspot]) -> None:
        """Go to the nearest hotspot in a direction; stay when there is none."""
        self.visible = True
        here = next((spot for spot in hotspots if spot.id == self.id), None)
        if here is None:
            self.step(1, hotspots)
            return
        best, best_cost = here, math.inf
        for spot in hotspots:
            cost = _cost(here, spot, direction)
            if cost < best_cost:
                best, best_cost = spot, cost
        self.id = best.id

    def draw(self, canvas: Canvas, hotspots: list[Hotspot]) -> None:
        """The ring around the hotspot that has the focus, while keys are in use."""
        spot = next((spot for spot in hotspots if spot.id == self.id), None)
        if spot is None or not self.visible:
            return
        x, y, width, height = spot.rect
        canvas.box(
            x - RING_GAP,
            y - RING_GAP,
            width + 2 * RING_GAP,
            height + 2 * RING_GAP,
            line=canvas.theme.focus,
            radius=8,
            width=2.5,
        )


def hotspot_at(point: tuple[float, float], hotspots: list[Hotspot]) -> Hotspot | None:
    """The hotspot under a point; the last one drawn wins."""
    return next((spot for spot in reversed(hotspots) if spot.contains(point)), None)


def _cost(here: Hotspot, there: Hotspot, direction: tuple[int, int]) -> float:
    """How far a hotspot is in a direction, straying sideways counted threefold; inf behind."""
    if here.id == there.id:
        return math.inf
    along = _gap(here, there, 0) * direction[0] + _gap(here, there, 1) * direction[1]
    across = abs(_gap(here, there, 1) * direction[0]) + abs(_gap(here, there, 0) * direction[1])
    return math.inf if along <= 0 else along + 3 * across


def _gap(here: Hotspot, there: Hotspot, axis: int) -> float:
    """Signed distance of two hotspots on one axis: between edges, 0 when they overlap on it."""
    start, end = here.rect[axis], here.rect[axis] + here.rect[axis + 2]
    there_start, there_end = there.rect[axis], there.rect[axis] + there.rect[axis + 2]
    if there_start >= end - 0.5:
        return there_start - end + 1
    if there_end <= start + 0.5:
        return there_end - start - 1
    return 0.0
