"""What a scene is, and the outcomes it may return; only the app loop applies them.

Mouse positions reach a scene in design units (1280 × 720), whatever the window's size.
"""

from dataclasses import dataclass
from typing import Protocol, TypeAlias

import pygame

from game.client.canvas import Canvas
from game.protocol.messages import ClientMessage


@dataclass(frozen=True)
class Hotspot:
    """One thing that can be chosen with mouse, keyboard or controller.

    Attributes:
        rect: x, y, width, height in design units.
        id: what `Focus` reports when it is chosen; unique within its scene.
        label: what it does, in the player's language.
    """

    rect: tuple[float, float, float, float]
    id: str
    label: str

    def contains(self, point: tuple[float, float]) -> bool:
        """Whether a point in design units lies inside."""
        x, y, width, height = self.rect
        return x <= point[0] < x + width and y <= point[1] < y + height


class Scene(Protocol):
    """One screen of the game.

    Attributes:
        name: what it is called in the window's title.
    """

    name: str

    def handle(self, event: pygame.event.Event) -> "Outcome":
        """React to one event."""

    def update(self, wall_s: float) -> "Outcome":
        """Called once a frame, before drawing, with the wall clock in seconds."""

    def draw(self, canvas: Canvas) -> None:
        """Paint the whole surface; drawing twice gives the same pixels."""

    def hotspots(self) -> list[Hotspot]:
        """Everything that can be chosen now, in reading order."""


@dataclass(frozen=True)
class Push:
    """Show a scene on top of this one."""

    scene: Scene


@dataclass(frozen=True)
class Replace:
    """Show a scene in the place of this one."""

    scene: Scene


@dataclass(frozen=True)
class Pop:
    """Go back to the scene below; from the last one, leave the game."""


@dataclass(frozen=True)
class Quit:
    """Leave the game."""


@dataclass(frozen=True, init=False)
class Send:
    """Send messages to the host, in this order."""

    messages: tuple[ClientMessage, ...]

    def __init__(self, *messages: ClientMessage) -> None:
        object.__setattr__(self, "messages", messages)


Step: TypeAlias = Push | Replace | Pop | Send | Quit
Outcome: TypeAlias = Step | tuple[Step, ...] | None
"""What an event or a frame leads to; several steps are applied in order."""
