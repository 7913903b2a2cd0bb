"""The search for the largest number of rooms that holds; what a step measures is the bench's."""

import pytest

from game.lab import rooms
from game.lab.bench import _level
from game.level.schema import Machine


@pytest.mark.parametrize("limit", [0, 1, 17, 39, 40])
def test_the_search_ends_at_the_largest_number_that_holds(
    monkeypatch: pytest.MonkeyPatch, limit: int
) -> None:
    asked = []

    async def play(level: object, count: int, seconds: float) -> rooms.Load:
        asked.append(count)
        return rooms.Load(count, 0.0 if count <= limit else 0.5, 0.0, 0.0)

    monkeypatch.setattr(rooms, "_play", play)
    assert rooms.most(_level(Machine(), [], 1), 40, 20.0).rooms == limit
    assert asked[0] == 40 and len(asked) <= 7
