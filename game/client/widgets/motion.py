"""How things of the interface move: shares of a way from the time that is gone. Pure."""

POP_MS = 420.0
"""A star jumps up and settles."""

GLIDE_MS = 300.0
"""A bar goes to its new length."""

POP_STEPS = 12
"""Sizes a jumping star takes: each is drawn once and kept."""


def pop(gone_ms: float) -> float:
    """Size of something that has just come, as a multiple of its own; 1 before and after."""
    if not 0 <= gone_ms < POP_MS:
        return 1.0
    part = int(gone_ms / POP_MS * POP_STEPS) / POP_STEPS
    return 1.0 + 0.7 * 4 * part * (1 - part) * (1 - part / 2)


def ease_out(gone_ms: float, whole_ms: float = GLIDE_MS) -> float:
    """How much of a way is done, 0 to 1; fast at first."""
    part = min(1.0, max(0.0, gone_ms / whole_ms))
    return 1 - (1 - part) ** 3
