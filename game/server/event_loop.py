"""The event loop that a server runs on: libuv's where there is one, else Python's own.

With 160 messages a second to each room's eight players, libuv takes a tenth less of the core and
begins half as many beats late (`lab bench --only rooms`). It is not made for Windows.
"""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

new_loop: Callable[[], asyncio.AbstractEventLoop]
try:
    import uvloop
except ImportError:
    new_loop = asyncio.new_event_loop
else:
    new_loop = uvloop.new_event_loop

T = TypeVar("T")


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end, as `asyncio.run` does."""
    with asyncio.Runner(loop_factory=new_loop) as runner:
        return runner.run(main)
