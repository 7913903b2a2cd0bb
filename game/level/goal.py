"""How many stars a measured value earns."""

from collections.abc import Sequence

HIGHER_IS_BETTER = {
    "served": True,
    "connect_p95_ms": False,
    "core_max": False,
    "memory_mb": False,
    "cost": False,
}


def stars_for(what: str, value: float | None, marks: Sequence[float]) -> int:
    """Stars of the best mark that `value` meets, 0 to 3; no value meets none."""
    if value is None:
        return 0
    if HIGHER_IS_BETTER[what]:
        return sum(value >= mark for mark in marks)
    return sum(value <= mark for mark in marks)
