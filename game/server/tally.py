"""What a server counts about itself, for its metrics and its log."""

from collections import Counter
from collections.abc import Callable
from typing import Any

Journal = Callable[..., None]
"""Takes an event's name and its fields, and writes one line."""


def silent(event: str, **fields: Any) -> None:
    """A journal that writes nothing."""


class Tally:
    """Counts since the server began.

    Attributes:
        refused: messages without effect, by code.
        cut_off: connections that the server ended, by reason.
        messages: messages read.
        connects: connections accepted.
        matches: matches that were played to their end.
        late_beats: beats that began more than 10 ms late.
        beats: beats of all rooms.
        bytes_sent: to players.
        journal: where events are written.
    """

    def __init__(self, journal: Journal = silent) -> None:
        self.refused: Counter[str] = Counter()
        self.cut_off: Counter[str] = Counter()
        self.messages = 0
        self.connects = 0
        self.matches = 0
        self.late_beats = 0
        self.beats = 0
        self.bytes_sent = 0
        self.journal = journal
