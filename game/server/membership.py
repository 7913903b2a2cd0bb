"""Who comes into a room and who leaves it: by the door, by a broken line, or sent out."""

import secrets
from collections.abc import Callable

from game.protocol.limits import REJOIN_BEATS
from game.protocol.lobby import Seated
from game.server.course import Course
from game.server.member import Member
from game.server.plain import plain
from game.server.roster import Roster
from game.server.seat import Seat
from game.server.voice import Voice


class Membership:
    """The door of one room.

    Args:
        code: of the room.
        password: that whoever enters has to say, "" for none.
        new_token: dice of the tokens that bring people back.

    Attributes:
        left: seats of those who have left and are still connected, and why, for the lobby.
    """

    def __init__(
        self,
        code: str,
        password: str,
        roster: Roster,
        course: Course,
        voice: Voice,
        *,
        new_token: Callable[[], str],
    ) -> None:
        self.left: list[tuple[Seat, str]] = []
        self._code = code
        self._password = password
        self._roster = roster
        self._course = course
        self._voice = voice
        self._new_token = new_token

    # ---- coming

    def objection(self, seat: Seat, password: str, spectate: bool, beat: int) -> str:
        """Why somebody may not enter, "" if he may."""
        roster, wanted = self._roster, self._password
        if roster.is_banned(seat, beat):
            return "banned"
        if wanted and not secrets.compare_digest(password.encode(), wanted.encode()):
            return "wrong_password"
        if spectate or self._course.is_match:
            return "" if roster.has_place("") else "room_full"
        return "" if roster.free_team() else "room_full"

    def enter(self, seat: Seat, *, spectate: bool = False) -> None:
        """Let somebody in whom nothing stands against; a match under way is watched."""
        roster = self._roster
        team = "" if spectate or self._course.is_match else roster.free_team()
        name = roster.free_name(seat.name)
        member = Member(roster.take_number(), name, team, self._new_token(), seat)
        roster.members.append(member)
        if not roster.host:
            roster.host = member.id
        self._greet(member, seat)
        self._voice.say("joined", member)

    def rejoin(self, seat: Seat, token: str) -> bool:
        """Let somebody back to the place that a token stands for; False if it is not here."""
        member = self._roster.find_token(token)
        if member is None:
            return False
        if member.seat is not None:
            # The old connection may be dead without anybody knowing: the newest one has the seat.
            member.seat.dismiss("taken_over", {})
        member.sit(seat)
        member.token = self._new_token()  # A token works once.
        self._greet(member, seat)
        self._voice.say("returned", member)
        self._course.go_on_if_complete()
        return True

    def _greet(self, member: Member, seat: Seat) -> None:
        seat.send(Seated(self._code, member.id, member.token))
        self._voice.news = True
        self._course.greet(member)

    # ---- leaving

    def step(self) -> None:
        """One beat: places of broken connections are kept for a while."""
        for member in [one for one in self._roster if one.left_beats]:
            member.left_beats -= 1
            if not member.left_beats:
                self.remove(member, "left")

    def lose(self, member: Member) -> None:
        """A connection is broken: the place is kept while a match is on."""
        member.seat = None
        self._voice.news = True
        if not self._course.is_busy:
            self.remove(member, "left")
            return
        member.left_beats = REJOIN_BEATS
        self._voice.say("dropped", member)
        if member.id == self._roster.host:
            self._find_host()
        if member.team:  # Nobody waits for somebody who watches.
            self._course.wait_for_lost()

    def remove(self, member: Member, code: str) -> None:
        """Take somebody out of the room; a connection that stands goes back to the lobby.

        A match in which a side has nobody left goes to the other one, but not if the last of it
        was sent out: nobody wins by that.
        """
        self._take_out(member, code)
        if member.team and self._course.is_busy:
            self._course.lose_player(member.team, void=code != "left")
            self.drop_absent()

    def drop_absent(self) -> None:
        """No place is kept for anybody once nothing is on."""
        if not self._course.is_busy:
            for member in [one for one in self._roster if not one.here]:
                self._take_out(member, "left")

    def _take_out(self, member: Member, code: str) -> None:
        self._roster.members.remove(member)
        seat = member.seat
        if seat is not None and member.is_person and seat.here:
            self.left.append((seat, code))
        self._voice.say("left" if code == "left" else "removed", member)
        if member.id == self._roster.host:
            self._find_host()
        self._voice.news = True

    def kick(self, player: int, ban_beats: int, beat: int, seat: Seat) -> None:
        """Send somebody out; the one who asked is told if there is nobody of that number.

        Args:
            ban_beats: for which he may not come back, 0 for none.
            beat: that it is now.
            seat: of whoever asks.
        """
        found = self._roster.find(player)
        if found is None or found.seat is seat:
            seat.refuse(0, "no_player", {})
            return
        if ban_beats:
            self._roster.ban(found, beat + ban_beats)
        self.remove(found, "banned" if ban_beats else "kicked")

    # ---- host and names

    def hand_over(self, player: int) -> bool:
        """Make somebody else the host; False if he is no person who is here."""
        found = self._roster.find(player)
        if found is None or not found.is_person or not found.here:
            return False
        self._roster.host = player
        self._voice.say("host", found)
        self._voice.news = True
        return True

    def rename(self, player: int, name: str) -> bool:
        """Give somebody another name; False if there is nobody of that number, or no name."""
        found, wanted = self._roster.find(player), plain(name)
        if found is None or not wanted:
            return False
        found.name = self._roster.free_name(wanted, but=found)
        self._voice.news = True
        return True

    def _find_host(self) -> None:
        host = self._roster.choose_host()
        if host is not None:
            self._voice.say("host", host)
