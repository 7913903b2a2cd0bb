"""Who is in a room: people and bots, their teams and names, the host, and who may not come back."""

import secrets
from collections.abc import Iterator

from game.protocol.limits import SPECTATORS_MAX, TEAM_MAX
from game.server.member import Member
from game.server.seat import Seat


class Roster:
    """The people and bots of one room.

    Attributes:
        members: in the order in which they came.
        host: number of the one who may set up, start and kick; 0 while there is none.
        teams: that can be joined; spectators are in "".
    """

    def __init__(self, teams: tuple[str, ...]) -> None:
        self.members: list[Member] = []
        self.host = 0
        self.teams = teams
        self._next_number = 1
        self._banned: dict[str, int] = {}

    def __iter__(self) -> Iterator[Member]:
        return iter(list(self.members))

    @property
    def people(self) -> list[Member]:
        """Everybody but the bots."""
        return [one for one in self.members if one.is_person]

    @property
    def is_complete(self) -> bool:
        """Whether no player's connection is broken."""
        return all(one.here for one in self.people if one.team)

    def take_number(self) -> int:
        """A number for one more member."""
        number, self._next_number = self._next_number, self._next_number + 1
        return number

    def size(self, team: str) -> int:
        """How many a team has, bots included."""
        return sum(one.team == team for one in self.members)

    def has_place(self, team: str) -> bool:
        """Whether one more can be in a team, or watch."""
        if not team:
            return self.size("") < SPECTATORS_MAX
        return team in self.teams and self.size(team) < TEAM_MAX

    def free_team(self) -> str:
        """The team with the fewest players, "" if all are full."""
        team = min(self.teams, key=self.size)
        return team if self.has_place(team) else ""

    def free_name(self, name: str, but: Member | None = None) -> str:
        """The name, with a number behind it if somebody else than `but` has it already."""
        names = {one.name for one in self.members if one is not but}
        if name not in names:
            return name
        return next(new for i in range(2, 1000) if (new := f"{name[:20]} {i}") not in names)

    def find(self, number: int) -> Member | None:
        """Somebody by number."""
        return next((one for one in self.members if one.id == number), None)

    def find_token(self, token: str) -> Member | None:
        """The person whom a token brings back."""
        return next((one for one in self.people if _same(one.token, token)), None)

    def choose_host(self) -> Member | None:
        """Make whoever has been here longest, and is connected, the host."""
        here = [one for one in self.people if one.here] or self.people
        self.host = here[0].id if here else 0
        return here[0] if here else None

    def ban(self, member: Member, until_beat: int) -> None:
        """Keep somebody out: by address, or by name where others share the address."""
        seat = member.last_seat
        shared = sum(one.last_seat.address == seat.address for one in self.people)
        by_address = seat.address and shared == 1
        self._banned[seat.address if by_address else _named(seat)] = until_beat

    def is_banned(self, seat: Seat, beat: int) -> bool:
        """Whether somebody is still kept out."""
        return any(self._banned.get(who, 0) > beat for who in (seat.address, _named(seat)))


def _named(seat: Seat) -> str:
    return f"{seat.address} {seat.name}"


def _same(one: str, other: str) -> bool:
    return bool(one) and secrets.compare_digest(one.encode(), other.encode())
