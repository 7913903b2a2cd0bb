"""A knob's name as the control room writes it, for places that show knobs without turning them."""

from game.protocol.catalogue import LevelCard


def knob_name(card: LevelCard | None, name: str) -> str:
    """What a knob is called on the screen: a sysctl by the last part of its name."""
    knob = next((one for one in card.knobs if one.name == name), None) if card is not None else None
    return knob.kernel_name.rpartition(".")[2] if knob is not None else name
