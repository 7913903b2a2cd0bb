"""A session that is played: its pace, and what players command in it."""

from game.protocol.messages import (
    Call,
    ClientMessage,
    ConsoleLine,
    ConsoleOutput,
    PlayCard,
    Refused,
    SetKnob,
    SetSpeed,
    SetSysctl,
    Step,
)
from game.session.console import only_reads
from game.session.session import Session

QUARTERS_MAX = 32
REAL_TIME = 4


class Run:
    """One session under way.

    Args:
        replayed: commands come from a recording; players only watch.

    Attributes:
        quarters: the pace, in quarters of real time; 0 is pause.
        stale: a command was taken since the last snapshot.
    """

    def __init__(self, session: Session, *, replayed: bool = False) -> None:
        self.session = session
        self.replayed = replayed
        self.quarters = REAL_TIME
        self.stale = False
        self._owed = 0

    def beat(self) -> bool:
        """Play the ticks of one beat; True if there is something new to see."""
        self._owed += self.quarters
        news, self.stale = self.stale, False
        while self._owed >= REAL_TIME and not self.session.over:
            self._owed -= REAL_TIME
            self.session.advance()
            news = True
        return news

    def set_pace(self, message: SetSpeed | Step) -> None:
        """Change the pace, or in a pause play one tick."""
        if isinstance(message, SetSpeed):
            self.quarters = min(message.quarters, QUARTERS_MAX)
            self._owed = 0
        elif self.quarters == 0:
            self._owed = REAL_TIME

    def take(self, message: ClientMessage) -> Refused | ConsoleOutput | None:
        """Let a player command; what to answer, None for nothing."""
        answer: Refused | ConsoleOutput | None
        match message:
            case SetSysctl() | SetKnob() | Call() | PlayCard() if not self.replayed:
                answer = self.session.submit(message)
            case ConsoleLine() if not self.replayed or only_reads(message.text):
                answer = self.session.console(message)
            case _:
                return Refused(getattr(message, "seq", 0), "recorded", {})
        self.stale = True
        return answer
