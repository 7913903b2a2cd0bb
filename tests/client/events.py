"""Events as pygame makes them."""

import pygame


def key(code: int, mod: int = 0) -> pygame.event.Event:
    """A key goes down."""
    return pygame.event.Event(pygame.KEYDOWN, key=code, mod=mod, unicode="")


def button(code: int) -> pygame.event.Event:
    """A controller's button goes down."""
    return pygame.event.Event(pygame.CONTROLLERBUTTONDOWN, button=code, instance_id=0)


def click(x: float, y: float) -> list[pygame.event.Event]:
    """The mouse goes to a place and is clicked there."""
    pos = (x, y)
    return [
        pygame.event.Event(pygame.MOUSEMOTION, pos=pos, rel=(0, 0), buttons=(0, 0, 0)),
        pygame.event.Event(pygame.MOUSEBUTTONDOWN, pos=pos, button=1),
        pygame.event.Event(pygame.MOUSEBUTTONUP, pos=pos, button=1),
    ]
