"""The teacher's console: every room at a glance, and a hand on all of them."""

import secrets
from collections.abc import Mapping
from typing import Protocol

from game.protocol.limits import GLANCE_BEATS, TEACHER_TRIES_MAX
from game.protocol.messages import ClientMessage
from game.protocol.teacher import (
    Announce,
    ClassBoard,
    ExportResults,
    LockChat,
    PauseAll,
    PushLevel,
    Remove,
    Rename,
    ResultsCsv,
    TeacherRequest,
)
from game.server.archive import Archive
from game.server.match_room import MatchRoom
from game.server.seat import Seat


class School(Protocol):
    """The server, as far as a teacher needs it."""

    @property
    def rooms(self) -> Mapping[str, MatchRoom]:
        """By code."""

    @property
    def visitor_count(self) -> int:
        """People who are in no room."""

    @property
    def archive(self) -> Archive:
        """What is kept of matches."""


class Teacher:
    """What a teacher may do on a server.

    Args:
        token: that makes a visitor the teacher, "" if nobody can be.

    Attributes:
        paused: all rooms are held.
        chat_locked: only the teacher may write.
    """

    def __init__(self, school: School, token: str) -> None:
        self._school = school
        self._token = token
        self._seats: list[Seat] = []
        self._tries: dict[str, int] = {}
        self._beats = 0
        self.paused = False
        self.chat_locked = False

    @property
    def count(self) -> int:
        """How many teachers there are."""
        return len(self._seats)

    def login(self, seat: Seat, token: str) -> None:
        """Make a visitor the teacher if the token is right."""
        if not self._token or not secrets.compare_digest(token.encode(), self._token.encode()):
            # Whoever has the right one is let in all the same: a class may share an address.
            tries = self._tries.get(seat.address, 0)
            if tries >= TEACHER_TRIES_MAX:
                seat.dismiss("too_many_tries", {})
                return
            self._tries[seat.address] = tries + 1
            seat.refuse(0, "wrong_token", {})
            return
        if seat not in self._seats:
            self._seats.append(seat)
        seat.send(self.board())

    def forget(self, seat: Seat) -> None:
        """The seat is gone, or in a room."""
        if seat in self._seats:
            self._seats.remove(seat)

    def step(self) -> None:
        """One beat: now and then, every room at a glance."""
        self._beats += 1
        if self._seats and self._beats % GLANCE_BEATS == 0:
            board = self.board()
            for seat in self._seats:
                seat.send(board)

    def board(self) -> ClassBoard:
        """Every room at a glance."""
        rooms = [room.glance() for room in self._school.rooms.values()]
        return ClassBoard(rooms, self._school.visitor_count, self.paused, self.chat_locked)

    def takes(self, seat: Seat, message: ClientMessage) -> bool:
        """Do what a teacher asks; False if the message is none of his or he is no teacher."""
        if not isinstance(message, TeacherRequest):
            return False
        if seat not in self._seats:
            seat.refuse(0, "teacher_only", {})
            return True
        rooms = self._school.rooms
        match message:
            case PauseAll(paused=paused):
                self.paused = paused
                for room in rooms.values():
                    room.hold_for_teacher(paused)
            case PushLevel(level=level):
                self._push(seat, level)
            case LockChat(locked=locked):
                self.chat_locked = locked
                for room in rooms.values():
                    room.lock_chat(locked)
            case Rename(room=code, player=player, name=name):
                if code not in rooms or not rooms[code].rename(player, name):
                    seat.refuse(0, "no_player", {})
            case Remove(room=code, player=player, ban_minutes=minutes):
                if code in rooms:
                    rooms[code].kick(player, minutes, seat)
                else:
                    seat.refuse(0, "no_player", {})
            case Announce(text=text):
                for room in rooms.values():
                    room.announce(text)
            case ExportResults():
                seat.send(ResultsCsv(self._school.archive.as_csv()))
            case _:
                return False
        seat.send(self.board())
        return True

    def _push(self, seat: Seat, level: str) -> None:
        pushed = False
        for room in self._school.rooms.values():
            mode = next((one for one in ("versus", "coop") if room.may_play(one, level)), "")
            if mode and not room.is_busy:
                room.set_up(mode, level)
                pushed = True
        if not pushed:
            seat.refuse(0, "no_level", {"level": level})
