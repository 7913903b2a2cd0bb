"""Ten seconds of hostile clients against a real server, while somebody plays."""

import asyncio

import pytest

from game.lab.soak import soak


@pytest.mark.slow
@pytest.mark.loopback
def test_the_room_plays_on_whatever_strangers_do() -> None:
    verdicts = asyncio.run(soak(10))
    assert [one for one in verdicts if not one.holds] == []
