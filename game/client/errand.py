"""Something that takes a while, done in a thread while frames go on."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Errand(Generic[T]):
    """One piece of work; asked every frame whether it is done.

    Args:
        work: what to do; what it raises comes out of `take`.
        unwanted: gets a result that nobody waits for any more.
    """

    def __init__(
        self, work: Callable[[], T], unwanted: Callable[[T], None] = lambda _: None
    ) -> None:
        self._work = work
        self._unwanted = unwanted
        self._lock = threading.Lock()
        self._result: list[T] = []
        self._error: Exception | None = None
        self._cancelled = False
        self._done = threading.Event()
        threading.Thread(target=self._run, name="errand", daemon=True).start()

    def _run(self) -> None:
        try:
            result = self._work()
        except Exception as error:  # Whatever it is, the frame is told.
            self._error = error
        else:
            with self._lock:
                cancelled = self._cancelled
                if not cancelled:
                    self._result.append(result)
            if cancelled:
                self._unwanted(result)
        self._done.set()

    @property
    def done(self) -> bool:
        """Whether `take` has something."""
        return self._done.is_set()

    def wait(self, most_s: float = 5.0) -> bool:
        """Wait until it is done, but not for ever; whether it is."""
        return self._done.wait(most_s)

    def take(self) -> T:
        """The result; call it once, when it is done."""
        if self._error is not None:
            raise self._error
        return self._result.pop()

    def cancel(self) -> None:
        """Nobody waits for the result any more."""
        with self._lock:
            self._cancelled = True
            results, self._result = self._result, []
        for result in results:
            self._unwanted(result)
