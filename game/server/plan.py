"""What a room is going to play, and the bots that play along."""

from collections.abc import Callable, Mapping

from game.bots import make_bot
from game.level.schema import Level
from game.protocol.catalogue import Catalogue
from game.protocol.limits import TEAM_MAX
from game.protocol.link import memory_link
from game.server.member import Member
from game.server.roster import Roster
from game.server.seat import Seat
from game.server.tally import Tally

TEAMS = {"versus": ("a", "b"), "coop": ("a",)}
"""Teams of each mode; in co-op everybody defends."""


class Plan:
    """Mode and level of one room.

    Args:
        levels: all that can be played, by id.
        catalogue: for the bots, who are told what every player is told.
        new_seed: the bots' dice.

    Attributes:
        mode: "versus" on an arena, or "coop" on a campaign level.
        level: its id.
    """

    def __init__(
        self,
        levels: Mapping[str, Level],
        mode: str,
        level: str,
        roster: Roster,
        *,
        catalogue: Catalogue,
        tally: Tally,
        new_seed: Callable[[], int],
    ) -> None:
        self.mode = mode
        self.level = level
        self._levels = levels
        self._roster = roster
        self._catalogue = catalogue
        self._tally = tally
        self._new_seed = new_seed

    @property
    def chosen(self) -> Level:
        """The level that will be played."""
        return self._levels[self.level]

    def allows(self, mode: str, level: str) -> bool:
        """Whether there is such a level for this mode."""
        found = self._levels.get(level)
        return found is not None and (found.arena is not None) == (mode == "versus")

    def choose(self, mode: str, level: str) -> None:
        """Change what will be played; nobody is ready for it yet, and in co-op all defend."""
        self.mode, self.level = mode, level
        roster = self._roster
        roster.teams = TEAMS[mode]
        if mode == "coop":
            for member in roster:
                if not member.is_person:
                    roster.members.remove(member)
                elif member.team == "b":
                    member.team = "a" if roster.size("a") < TEAM_MAX else ""
        for member in roster.people:
            member.ready = False

    def set_bots(self, team: str, count: int, strength: str) -> str:
        """Give a team so many bots; why that cannot be, or not wholly, "" if it is done."""
        roster = self._roster
        if team not in roster.teams or self.mode == "coop":
            return "no_bots_here"
        roster.members = [one for one in roster if one.is_person or one.team != team]
        places = TEAM_MAX - roster.size(team)
        for _ in range(min(count, places)):
            self.add_bot(team, strength)
        return "side_full" if count > places else ""

    def add_bot(self, team: str, strength: str) -> None:
        """Give a place to a bot."""
        roster = self._roster
        mine, theirs = memory_link()
        name = roster.free_name(f"{strength} bot")
        bot = make_bot(theirs, strength, self._new_seed())
        seat = Seat(mine, self._tally)
        seat.name = name
        seat.send(self._catalogue)
        roster.members.append(Member(roster.take_number(), name, team, "", seat, bot))
