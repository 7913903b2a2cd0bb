"""The way to a server on the network: connecting off the frame, and back after a broken line."""

from collections.abc import Iterable
from typing import Literal

from game import __version__
from game.client.browse import FoundGame
from game.client.doors import Doors, Ears, Hosted, Practice
from game.client.errand import Errand
from game.client.game_view import GameView
from game.client.host_line import HostLine
from game.client.net import NoServer
from game.protocol.link import Link
from game.protocol.lobby import Rejoin
from game.protocol.messages import ClientMessage
from game.text.lobby import lobby_text
from game.text.refusals import refusal

REJOIN_EVERY_S = 2.0
"""From one try to come back to the next."""

REJOIN_FOR_S = 60.0
"""How long coming back is tried: as long as a server keeps a seat."""

State = Literal["away", "connecting", "on", "broken"]


def _hang_up(link: Link) -> None:
    link.close()


class Online:
    """One player's way to servers, one at a time.

    Args:
        doors: None where there is no network, for example in a picture.

    Attributes:
        state: "away"; "connecting" to a server; "on" it; "broken" while it tries to come back.
        view: what the server has told; another one for every server.
        address: of the server, as it was typed.
        hosted: the server of one's own, None if it is somebody else's.
        practice: the server on which one is alone with bots, None elsewhere.
        problems: codes of `game.text.lobby` why nothing may be found, None before the self-test.
    """

    def __init__(self, doors: Doors | None = None) -> None:
        self._doors = doors
        self.state: State = "away"
        self.view = GameView()
        self.address = ""
        self.hosted: Hosted | None = None
        self.practice: Practice | None = None
        self.problems: list[str] | None = None
        self._name = ""
        self._password = ""
        self._line: HostLine | None = None
        self._joining: Errand[Link] | None = None
        self._hosting: Errand[Hosted] | None = None
        self._practising: Errand[Practice] | None = None
        self._listening: Errand[Ears] | None = None
        self._testing: Errand[list[str]] | None = None
        self._closing: Errand[None] | None = None
        self._ears: Ears | None = None
        self._trouble: tuple[str, dict[str, str | int]] = ("", {})
        self._broken_s = 0.0
        self._tried_s = 0.0
        self._now_s = 0.0
        self._refusals_seen = 0

    # ---- what a scene asks

    @property
    def is_on(self) -> bool:
        """Whether there is a server, even if the line to it is broken at the moment."""
        return self.state in ("on", "broken")

    @property
    def can_host(self) -> bool:
        """Whether this game can open a server."""
        return self._doors is not None and self._doors.host is not None

    @property
    def can_practise(self) -> bool:
        """Whether this game can open a match against bots."""
        return self._doors is not None and self._doors.practise is not None

    @property
    def left_s(self) -> int:
        """Seconds for which coming back is still tried."""
        return max(0, round(REJOIN_FOR_S - (self._now_s - self._broken_s)))

    @property
    def is_testing(self) -> bool:
        """Whether the self-test is under way."""
        return self._testing is not None

    @property
    def games(self) -> list[FoundGame]:
        """What was heard on the LAN so far."""
        return list(self._ears.games) if self._ears is not None else []

    @property
    def hears(self) -> bool:
        """Whether this machine listens for games by now."""
        return self._ears is not None

    def trouble(self, lang: str) -> str:
        """Why the player is not on a server any more, or never was; "" if nothing is wrong."""
        code, blanks = self._trouble
        if not code:
            return ""
        if code.startswith("refused:"):
            return refusal(lang, code.removeprefix("refused:"), blanks)
        return lobby_text(lang, code, blanks)

    # ---- what a scene does

    def listen(self) -> None:
        """Listen for games on the LAN."""
        if self._doors is not None and self._doors.browse is not None and self._ears is None:
            self._listening = self._listening or Errand(self._doors.browse, lambda e: e.close())

    def stop_listening(self) -> None:
        """Listen no more; closing takes a moment, so nobody waits for it."""
        if self._listening is not None:
            self._listening.cancel()
        ears, self._ears, self._listening = self._ears, None, None
        if ears is not None:
            Errand(ears.close)

    def test(self) -> None:
        """Find out why nothing is found."""
        if self._ears is not None and self._testing is None:
            self._testing = Errand(self._ears.self_test)

    def connect(self, address: str, name: str, password: str = "") -> None:
        """Go to a server."""
        if self._doors is None or self._doors.join is None:
            return
        self.cancel()
        join = self._doors.join
        self._name, self._password, self.address = name, password, address
        self.state, self._trouble = "connecting", ("", {})
        self._joining = Errand(lambda: join(address), _hang_up)

    def host(self, name: str, title: str) -> None:
        """Open a server of one's own, called `title`, and go there."""
        if self._doors is None or self._doors.host is None:
            return
        self.cancel()
        host = self._doors.host
        self._name, self._password, self.address = name, "", ""
        self.state, self._trouble = "connecting", ("", {})
        self._hosting = Errand(lambda: host(title), lambda hosted: hosted.close())

    def practise(self, name: str) -> None:
        """Open a server on which nobody else is, and go there."""
        if self._doors is None or self._doors.practise is None:
            return
        self.cancel()
        self._name, self._password, self.address = name, "", ""
        self.state, self._trouble = "connecting", ("", {})
        self._practising = Errand(self._doors.practise, lambda practice: practice.close())

    def cancel(self) -> None:
        """Stop connecting, or leave the server."""
        for errand in (self._joining, self._hosting, self._practising):
            if errand is not None:
                errand.cancel()
        self._joining = self._hosting = self._practising = None
        line, self._line = self._line, None
        if line is not None:
            line.close()
        hosted, self.hosted = self.hosted, None
        if hosted is not None:
            # Goodbye to everybody, on the LAN too, takes longer than a frame.
            self._closing = Errand(hosted.close)
        practice, self.practice = self.practice, None
        if practice is not None:
            self._closing = Errand(practice.close)
        self.state = "away"

    def close(self) -> None:
        """Leave everything; a server of one's own is waited for."""
        self.cancel()
        if self._closing is not None:
            self._closing.wait()
        self.stop_listening()

    # ---- every frame

    def pump(self, wall_s: float) -> None:
        """Hear the server, take up what was done meanwhile, come back where that is needed."""
        self._now_s = wall_s
        if self._listening is not None and self._listening.done:
            listening, self._listening = self._listening, None
            self._ears = listening.take()
        if self._testing is not None and self._testing.done:
            testing, self._testing = self._testing, None
            self.problems = testing.take()
        self._take_errands()
        if self._line is not None:
            self._line.pump(wall_s)
            self._hear_no_seat()
            if self._line.closed:
                self._lose()
        if self.state == "broken" and self._joining is None:
            self._try_again()

    def send(self, messages: Iterable[ClientMessage]) -> None:
        """Send to the server; what is said into a broken line is lost."""
        if self._line is not None:
            self._line.send(messages)

    def _take_errands(self) -> None:
        if self._hosting is not None and self._hosting.done:
            hosting, self._hosting = self._hosting, None
            try:
                self.hosted = hosting.take()
            except NoServer as error:
                self._fail(error)
                return
            self.address = self.hosted.address
            self._greet(self.hosted.link)
        if self._practising is not None and self._practising.done:
            practising, self._practising = self._practising, None
            self.practice = practising.take()
            self._greet(self.practice.link)
        if self._joining is not None and self._joining.done:
            joining, self._joining = self._joining, None
            try:
                link = joining.take()
            except NoServer as error:
                if self.state != "broken":
                    self._fail(error)
                return
            if self.state == "broken":
                self._come_back(link)
            else:
                self._greet(link)

    def _fail(self, error: NoServer) -> None:
        self.state = "away"
        self._trouble = (error.code, error.blanks)

    def _greet(self, link: Link) -> None:
        self.view = GameView()
        self._refusals_seen = 0
        self._line = HostLine(
            link,
            self.view,
            __version__,
            self._name,
            password=self._password,
            measures=self.practice is None,
        )
        self.state = "on"

    def _come_back(self, link: Link) -> None:
        """A new line to the old seat; what is known of the server stays."""
        seat, catalogue = self.view.lobby.seat, self.view.catalogue
        self._line = HostLine(
            link,
            self.view,
            __version__,
            self._name,
            password=self._password,
            level_set=catalogue.level_set if catalogue else "",
            measures=True,
        )
        if seat is not None:
            self._line.send([Rejoin(seat.token)])
        self.state = "on"

    def _hear_no_seat(self) -> None:
        """A seat that was not kept is gone: the player is among the rooms again."""
        view = self.view
        fresh = view.refused_total - self._refusals_seen
        self._refusals_seen = view.refused_total
        if any(one.code == "no_seat" for one in view.refusals[-fresh:] if fresh):
            view.lobby.seat, view.lobby.room = None, None

    def _lose(self) -> None:
        """The line is gone: try to come back to a seat, unless the server said goodbye."""
        self._line = None
        goodbye, seat = self.view.goodbye, self.view.lobby.seat
        own = self.hosted is not None or self.practice is not None
        if goodbye is None and seat is not None and not own:
            self.state = "broken"
            self._broken_s = self._now_s
            self._tried_s = self._now_s - REJOIN_EVERY_S
            return
        self.cancel()
        if goodbye is not None:
            self._trouble = (f"refused:{goodbye.code}", goodbye.args)
        else:
            self._trouble = ("line_lost", {"address": self.address})

    def _try_again(self) -> None:
        if self._now_s - self._broken_s > REJOIN_FOR_S:
            self.cancel()
            self._trouble = ("gave_up", {"address": self.address})
            return
        if self._now_s - self._tried_s < REJOIN_EVERY_S:
            return
        self._tried_s = self._now_s
        assert self._doors is not None and self._doors.join is not None  # It led here before.
        join, address = self._doors.join, self.address
        self._joining = Errand(lambda: join(address), _hang_up)
