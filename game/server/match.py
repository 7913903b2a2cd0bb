"""The rules of a match: two halves with swapped sides, and who has won."""

from collections import Counter

from game.level.schema import Level
from game.protocol.limits import MOVES_MAX
from game.protocol.lobby import HalfResult, MatchResult, Move
from game.protocol.messages import PlayCard
from game.session.commands import knob_of, value_of
from game.session.rates import TICK_MS, TICKS_PER_S
from game.session.replay import LoggedCommand
from game.session.session import Session

DRAW_THOUSANDTHS = 5
"""Served shares within half a point are a draw."""

TEAMS = ("a", "b")


def other(team: str) -> str:
    """The other team."""
    return "b" if team == "a" else "a"


class Match:
    """A match under way.

    Args:
        level: an arena.
        teams: names in each team, for the record.
        seed: of the first half; the second half has the same traffic and other cards.

    Attributes:
        half: 1 or 2.
        session: the half that is on, or was last.
    """

    def __init__(self, level: Level, room: str, teams: dict[str, list[str]], seed: int) -> None:
        self._level = level
        self._room = room
        self._teams = teams
        self._seed = seed
        self._halves: list[HalfResult] = []
        self._shares: list[int] = []
        self.half = 1
        self.session = Session(level, seed)

    @property
    def defender(self) -> str:
        """The team that defends in this half."""
        return TEAMS[self.half - 1]

    @property
    def over(self) -> bool:
        """True when both halves have been played."""
        return len(self._halves) == len(TEAMS)

    def note(self) -> None:
        """A tick was played."""
        if self.session.tick % TICKS_PER_S == 0:
            self._shares.append(_share(self.session))

    def finish_half(self, replay: str) -> None:
        """Take the half's result."""
        session = self.session
        arena = session.level.arena
        moves = [(isinstance(one.command, PlayCard), _move(one)) for one in session.log]
        plays = [move for is_card, move in moves if is_card]
        changes = [move for is_card, move in moves if not is_card and move.name]
        self._halves.append(
            HalfResult(
                defender=self.defender,
                attempts=session.score.attempts,
                served=session.score.served,
                share=max(0, _share(session)),
                needed=round(arena.share * 1000) if arena else 0,
                shares=list(self._shares),
                ops=session.score.cost,
                cards=dict(sorted(Counter(move.name for move in plays).items())),
                counters=session.world.host.counters.as_dict(),
                replay=replay,
                plays=plays[:MOVES_MAX],
                changes=changes[:MOVES_MAX],
            )
        )

    def next_half(self) -> None:
        """Swap sides."""
        self.half = 2
        self._shares = []
        self.session = Session(self._level, self._seed + 1)

    def result(self, at: str, gone: str = "", *, void: bool = False) -> MatchResult:
        """How it stands.

        Args:
            at: the time of day, for the record.
            gone: a team that has nobody left.
            void: it was sent out, so that nobody wins.
        """
        winner = self._leader() if self.over else ""
        if gone:
            winner = "" if void else other(gone)
        return MatchResult(
            level=self._level.id,
            room=self._room,
            teams=self._teams,
            halves=list(self._halves),
            winner=winner,
            over=self.over or bool(gone),
            forfeit=bool(gone),
            at=at,
        )

    def _leader(self) -> str:
        shares = {half.defender: half.share for half in self._halves}
        if abs(shares["a"] - shares["b"]) <= DRAW_THOUSANDTHS:
            return ""
        return max(shares, key=lambda team: shares[team])


def _move(logged: LoggedCommand) -> Move:
    command, at_ms = logged.command, logged.tick * TICK_MS
    if isinstance(command, PlayCard):
        return Move(at_ms, command.card)
    return Move(at_ms, knob_of(command), value_of(command))


def _share(session: Session) -> int:
    value = session.score.value("served")
    return -1 if value is None else round(value * 1000)
