"""What is heard from the people of a room, and who may say what."""

from game.protocol.limits import CHAT_A_MINUTE_MAX
from game.protocol.lobby import (
    Chat,
    ChatLine,
    HandOver,
    Kick,
    PauseMatch,
    Ping,
    Pong,
    SetBots,
    SetReady,
    SetUp,
    StartMatch,
    TakeSide,
)
from game.protocol.messages import (
    Ack,
    Call,
    ClientMessage,
    ConsoleLine,
    Leave,
    PlayCard,
    SetKnob,
    SetSysctl,
)
from game.server.course import Course
from game.server.member import Member
from game.server.membership import Membership
from game.server.plain import plain
from game.server.plan import Plan
from game.server.room import BEAT_MS
from game.server.roster import Roster
from game.server.seat import Seat
from game.server.voice import Voice

BEATS_A_MINUTE = 60 * 1000 // BEAT_MS


class Requests:
    """The ear of one room.

    Args:
        name: of the room, for the record of its matches.

    Attributes:
        chat_locked: nobody but the teacher may write.
    """

    def __init__(
        self,
        name: str,
        roster: Roster,
        plan: Plan,
        course: Course,
        membership: Membership,
        voice: Voice,
    ) -> None:
        self.chat_locked = False
        self._name = name
        self._roster = roster
        self._plan = plan
        self._course = course
        self._membership = membership
        self._voice = voice
        self._chats: list[tuple[int, int]] = []  # beat and player

    def hear(self, member: Member, beat: int) -> None:
        """Take what somebody has said since the last beat; a broken connection says nothing."""
        seat = member.seat
        if seat is None or member not in self._roster.members:
            return
        for message in seat.hear():
            self._handle(member, seat, message, beat)
            if member not in self._roster.members:
                return
        if seat.link.closed or not seat.here:
            self._membership.lose(member)

    def _handle(self, member: Member, seat: Seat, message: ClientMessage, beat: int) -> None:
        match message:
            case Ack(tick=tick):
                seat.note_acked(tick)
            case Ping(id=number, last_ms=last_ms):
                self._note_ping(member, last_ms)
                seat.send(Pong(number))
            case Chat(text=text):
                self._chat(member, seat, text, beat)
            case Leave():
                self._membership.remove(member, "left")
            case TakeSide(team=team):
                self._take_side(member, seat, team)
            case SetReady(ready=ready):
                if member.team and not self._course.is_busy and member.ready != ready:
                    member.ready = ready
                    self._voice.news = True
            case SetSysctl() | SetKnob() | Call() | PlayCard() | ConsoleLine():
                self._course.take(member, seat, message)
            case SetUp() | SetBots() | StartMatch() | PauseMatch() | Kick() | HandOver():
                if member.id == self._roster.host:
                    self._handle_host(seat, message, beat)
                else:
                    seat.refuse(0, "host_only", {})
            case _:
                seat.refuse(getattr(message, "seq", 0), "not_here", {})

    def _note_ping(self, member: Member, last_ms: int) -> None:
        if abs(last_ms - member.ping_ms) > max(5, member.ping_ms // 4):
            self._voice.ping_news = True
            member.ping_ms = last_ms

    def _chat(self, member: Member, seat: Seat, text: str, beat: int) -> None:
        line = plain(text)
        if self.chat_locked:
            seat.refuse(0, "chat_locked", {})
        elif line and self._may_chat(member.id, beat):
            self._voice.tell(ChatLine(member.id, member.name, line))
        elif line:
            seat.refuse(0, "too_fast", {})

    def _may_chat(self, player: int, beat: int) -> bool:
        self._chats = [one for one in self._chats if one[0] > beat - BEATS_A_MINUTE]
        if sum(one[1] == player for one in self._chats) >= CHAT_A_MINUTE_MAX:
            return False
        self._chats.append((beat, player))
        return True

    def _take_side(self, member: Member, seat: Seat, team: str) -> None:
        if self._course.is_busy:
            seat.refuse(0, "already_on", {})
        elif team == member.team:
            return
        elif not self._roster.has_place(team):
            seat.refuse(0, "side_full", {})
        else:
            member.team = team
            member.ready = False
            self._voice.news = True

    # ---- what only the host may say

    def _handle_host(self, seat: Seat, message: ClientMessage, beat: int) -> None:
        match message:
            case SetUp(mode=mode, level=level):
                self._set_up(seat, mode, level)
            case SetBots(team=team, count=count, strength=strength):
                self._set_bots(seat, team, count, strength)
            case StartMatch():
                objection = self._course.start(self._plan.chosen, self._name)
                if objection:
                    seat.refuse(0, objection, {})
            case PauseMatch(paused=paused):
                self._course.hold(paused, "host")
            case Kick(player=player, ban_minutes=minutes):
                self._membership.kick(player, minutes * BEATS_A_MINUTE, beat, seat)
            case HandOver(player=player):
                if not self._membership.hand_over(player):
                    seat.refuse(0, "no_player", {})

    def _set_up(self, seat: Seat, mode: str, level: str) -> None:
        if self._course.is_busy:
            seat.refuse(0, "already_on", {})
        elif not self._plan.allows(mode, level):
            seat.refuse(0, "no_level", {"level": level})
        else:
            self._plan.choose(mode, level)
            self._course.clear()

    def _set_bots(self, seat: Seat, team: str, count: int, strength: str) -> None:
        if self._course.is_busy:
            seat.refuse(0, "already_on", {})
            return
        objection = self._plan.set_bots(team, count, strength)
        self._voice.news = True
        if objection:
            seat.refuse(0, objection, {})
