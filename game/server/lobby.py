"""Everybody on a server: visitors who choose, rooms that play, and the teacher.

Synchronous: `hear` takes what visitors say, `step_room` is one beat of one room; `step` does it
all, for tests. asyncio only carries bytes and keeps the beat (`serve.py`).
"""

import secrets
import traceback
from collections.abc import Callable, Sequence

from game.level.schema import Level
from game.protocol.limits import (
    EMPTY_ROOM_BEATS,
    HELLO_BEATS,
    PASSWORD_TRIES_MAX,
    PROTOCOL_MAX,
    ROOMS_MAX,
    VIEWERS_MAX,
    VISITORS_MAX,
)
from game.protocol.link import Link
from game.protocol.lobby import (
    CreateRoom,
    JoinRoom,
    LeftRoom,
    ListMatches,
    ListRooms,
    MatchList,
    Ping,
    Pong,
    Rejoin,
    RoomList,
    WatchReplay,
)
from game.protocol.messages import Ack, ClientMessage, Goodbye, Hello, Leave, Welcome
from game.protocol.teacher import TeacherLogin
from game.server.archive import Archive
from game.server.catalogue import make_catalogue
from game.server.match_room import SEED_MAX, MatchRoom
from game.server.plain import plain
from game.server.room import Room, speaks
from game.server.seat import Seat
from game.server.tally import Tally
from game.server.teacher import Teacher
from game.session.console import words

CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Letters of a join code: none that looks like another."""

CODE_LENGTH = 4


def _new_code() -> str:
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


class Lobby:
    """A server without its network.

    Args:
        levels: campaign and arenas.
        name: of the server, as players see it.
        build: this release.
        password: that Hello has to carry, "" for none.
        teacher_token: what makes a visitor the teacher, "" if nobody can be.
        archive: keeps results and replays.
        new_code, new_token, new_seed, today: dice and clock, handed in for tests.

    Attributes:
        rooms: by code, in the order in which they were opened.
        password: that Hello has to carry.
    """

    def __init__(
        self,
        levels: Sequence[Level],
        *,
        name: str,
        build: str,
        password: str = "",
        teacher_token: str = "",
        archive: Archive | None = None,
        tally: Tally | None = None,
        new_code: Callable[[], str] = _new_code,
        new_token: Callable[[], str] = lambda: secrets.token_urlsafe(16),
        new_seed: Callable[[], int] = lambda: secrets.randbelow(SEED_MAX),
        today: Callable[[], str] = str,
    ) -> None:
        self.name = name
        self.rooms: dict[str, MatchRoom] = {}
        self.tally = tally or Tally()
        self._levels = {level.id: level for level in levels}
        self._catalogue = make_catalogue(list(levels))
        self._build = build
        self.password = password
        self._archive = archive or Archive(None)
        self._visitors: dict[Seat, int] = {}  # with the beats they have been here
        self._viewers: list[Room] = []
        self._new_code = new_code
        self._new_token = new_token
        self._new_seed = new_seed
        self._today = today
        self._teacher = Teacher(self, teacher_token)

    # ---- coming and going

    @property
    def player_count(self) -> int:
        """People on the server, in rooms and before them; who only teaches is no player."""
        return self.visitor_count + sum(len(room.people) for room in self.rooms.values())

    @property
    def visitor_count(self) -> int:
        """People who are in no room, teachers left out."""
        return len(self._visitors) - self._teacher.count

    @property
    def viewers(self) -> Sequence[Room]:
        """Replays that somebody watches alone."""
        return self._viewers

    @property
    def archive(self) -> Archive:
        """What is kept of matches."""
        return self._archive

    def join(self, link: Link, address: str = "") -> None:
        """Take in whoever is at the other end."""
        seat = Seat(link, self.tally, address=address, deltas=True)
        self.tally.connects += 1
        if len(self._visitors) >= VISITORS_MAX:
            seat.dismiss("server_full", {})
            return
        self._visitors[seat] = 0

    def step(self) -> None:
        """One beat of everything."""
        self.hear()
        for room in list(self.rooms.values()):
            self.step_room(room)

    def hear(self) -> None:
        """Hear the visitors, and let those wait no longer who never greet."""
        for seat in list(self._visitors):
            for message in seat.hear():
                self._handle(seat, message)
                if seat not in self._visitors:
                    break
            else:
                self._look_after(seat)
        for viewer in list(self._viewers):
            viewer.step()
            if viewer.is_empty:
                self._viewers.remove(viewer)
        self._teacher.step()

    def _look_after(self, seat: Seat) -> None:
        if seat.link.closed or not seat.here:
            self._visitors.pop(seat, None)
            self._teacher.forget(seat)
            return
        self._visitors[seat] += 1
        if not seat.greeted and self._visitors[seat] > HELLO_BEATS:
            seat.dismiss("no_hello", {})
            del self._visitors[seat]

    def step_room(self, room: MatchRoom) -> None:
        """One beat of one room; who has left it is a visitor again."""
        room.step()
        left = list(room.left)
        room.left.clear()
        for result in room.results:
            self._archive.add(result)
        room.results.clear()
        if room.empty_beats > EMPTY_ROOM_BEATS or not room.people:
            room.close()
            self.rooms.pop(room.code, None)
            self.tally.journal("room closed", room=room.code)
        for seat, code in left:
            self._visitors[seat] = 0
            seat.send(LeftRoom(code))
            self._send_rooms(seat)

    def fail_room(self, room: MatchRoom, error: Exception) -> None:
        """Close a room in which something went wrong; its people are visitors again."""
        trace = "".join(traceback.format_exception(error))
        self.tally.journal("room failed", room=room.code, error=trace)
        self.rooms.pop(room.code, None)
        for member in room.people:
            if member.seat is not None and member.seat.here:
                self._visitors[member.seat] = 0
                member.seat.send(LeftRoom("closed"))
                self._send_rooms(member.seat)

    def close(self) -> None:
        """Keep what is under way, and say goodbye to everybody."""
        for room in self.rooms.values():
            room.close()
            for member in room.people:
                if member.seat is not None:
                    member.seat.send(Goodbye("closing", {}))
                    member.seat.link.close()
        for seat in self._visitors:
            seat.send(Goodbye("closing", {}))
            seat.link.close()
        for viewer in self._viewers:
            viewer.close()
        self.rooms.clear()
        self._visitors.clear()
        self._viewers.clear()

    # ---- what visitors say

    def _handle(self, seat: Seat, message: ClientMessage) -> None:
        match message:
            case Hello() if not seat.greeted:
                self._greet(seat, message)
            case _ if not seat.greeted:
                seat.refuse(0, "hello_first", {})
            case Ack() | Leave():
                pass  # They may still be under way when a run or a room is over.
            case Ping(id=number):
                seat.send(Pong(number))
            case ListRooms():
                self._send_rooms(seat)
            case CreateRoom():
                self._create(seat, message)
            case JoinRoom():
                self._join_room(seat, message)
            case Rejoin(token=token):
                self._rejoin(seat, token)
            case ListMatches():
                seat.send(MatchList(self._archive.results()))
            case WatchReplay(name=name):
                self._watch(seat, name)
            case TeacherLogin(token=token):
                self._teacher.login(seat, token)
            case _ if self._teacher.takes(seat, message):
                pass
            case _:
                seat.refuse(getattr(message, "seq", 0), "not_here", {})

    def _greet(self, seat: Seat, hello: Hello) -> None:
        if not speaks(seat, hello, self._build):
            return
        if self.password and not secrets.compare_digest(
            hello.password.encode(), self.password.encode()
        ):
            seat.dismiss("wrong_password", {})
            return
        seat.greet(hello)
        seat.send(Welcome(min(PROTOCOL_MAX, hello.version_max), self._build, words()))
        if hello.level_set != self._catalogue.level_set:
            seat.send(self._catalogue)
        self._send_rooms(seat)
        self.tally.journal("greeted", player=seat.name, address=seat.address)

    def _send_rooms(self, seat: Seat) -> None:
        seat.send(RoomList(self.name, [room.info() for room in self.rooms.values()]))

    def _create(self, seat: Seat, message: CreateRoom) -> None:
        if len(self.rooms) >= ROOMS_MAX:
            seat.refuse(0, "too_many_rooms", {"max": ROOMS_MAX})
            return
        room = self.open_room(message.name, message.mode, message.level, message.password)
        if room is None:
            seat.refuse(0, "no_level", {"level": message.level})
            return
        self._let_in(seat, room, spectate=False)

    def open_room(self, name: str, mode: str, level: str, password: str = "") -> MatchRoom | None:
        """Open a room; None if there is no such level for this mode."""
        code = self._free_code()
        room = MatchRoom(
            code,
            plain(name) or code,
            self._levels,
            mode,
            level,
            catalogue=self._catalogue,
            password=password,
            keep=self._archive.keep_replay,
            tally=self.tally,
            new_token=self._new_token,
            new_seed=self._new_seed,
            today=self._today,
        )
        if not room.may_play(mode, level):
            return None
        room.lock_chat(self._teacher.chat_locked)
        room.hold_for_teacher(self._teacher.paused)
        self.rooms[code] = room
        self.tally.journal("room opened", room=code, name=name, level=level)
        return room

    def _free_code(self) -> str:
        while True:
            code = self._new_code()
            if code not in self.rooms:
                return code

    def _join_room(self, seat: Seat, message: JoinRoom) -> None:
        room = self.rooms.get(message.code.upper())
        if room is None:
            seat.refuse(0, "no_room", {"code": message.code})
            return
        objection = room.objection(seat, message.password, message.spectate)
        if objection == "wrong_password":
            self._count_wrong_password(seat)
            return
        if objection:
            seat.refuse(0, objection, {})
            return
        self._let_in(seat, room, spectate=message.spectate)

    def _count_wrong_password(self, seat: Seat) -> None:
        seat.wrong_passwords += 1
        if seat.wrong_passwords < PASSWORD_TRIES_MAX:
            seat.refuse(0, "wrong_password", {})
        else:
            seat.dismiss("too_many_tries", {})

    def _let_in(self, seat: Seat, room: MatchRoom, *, spectate: bool) -> None:
        del self._visitors[seat]
        self._teacher.forget(seat)
        room.enter(seat, spectate=spectate)

    def _rejoin(self, seat: Seat, token: str) -> None:
        for room in self.rooms.values():
            if room.rejoin(seat, token):
                del self._visitors[seat]
                self._teacher.forget(seat)
                return
        seat.refuse(0, "no_seat", {})

    def _watch(self, seat: Seat, name: str) -> None:
        replay = self._archive.load_replay(name)
        if replay is None:
            seat.refuse(0, "no_replay", {"name": name})
            return
        if len(self._viewers) >= VIEWERS_MAX:
            seat.refuse(0, "too_many_viewers", {"max": VIEWERS_MAX})
            return
        room = Room(list(self._levels.values()), build=self._build)
        room.start_replay(replay)
        del self._visitors[seat]
        room.seat(seat, self._back)
        self._viewers.append(room)

    def _back(self, seat: Seat) -> None:
        """Somebody has watched enough."""
        self._visitors[seat] = 0
        seat.send(LeftRoom("left"))
        self._send_rooms(seat)
