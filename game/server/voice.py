"""What everybody in a room is told at once."""

from game.protocol.codec import encode
from game.protocol.lobby import ChatLine
from game.protocol.messages import ServerMessage
from game.server.member import Member
from game.server.roster import Roster
from game.server.tally import Tally


class Voice:
    """Speaks to all who are connected to one room.

    Args:
        room: its code, for the journal.

    Attributes:
        news: how the room stands has changed since it was told last.
        ping_news: a ping has changed, which can wait.
    """

    def __init__(self, room: str, roster: Roster, tally: Tally) -> None:
        self.news = False
        self.ping_news = False
        self._room = room
        self._roster = roster
        self._tally = tally

    def tell(self, message: ServerMessage) -> None:
        """Send one message to all."""
        data = encode(message)
        for member in self._roster:
            if member.seat is not None and member.seat.here:
                member.seat.send_bytes(data)

    def say(self, code: str, member: Member) -> None:
        """Say what became of somebody; `code` is a key of `game.text.lobby`."""
        self.tell(ChatLine(0, member.name, "", code))
        self.journal(code, player=member.name)

    def journal(self, event: str, **fields: str | int) -> None:
        """Write a line about this room."""
        self._tally.journal(event, room=self._room, **fields)
