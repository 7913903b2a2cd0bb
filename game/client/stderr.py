"""The terminal's error stream, while C libraries have the word."""

import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def quiet() -> Iterator[None]:
    """Keeps C libraries quiet: libwayland and ALSA complain where there is nothing for them."""
    try:
        kept = os.dup(2)
    except OSError:
        # There is no stderr to keep quiet.
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
