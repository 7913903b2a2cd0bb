"""After a match: who won, both halves with their plots, cards and defences."""

from game.client.canvas import Canvas
from game.client.plane import Rect
from game.client.player import Player
from game.client.scene import Hotspot, Outcome, Replace, Send
from game.client.scenes.page import Page
from game.client.scenes.room import RoomScene
from game.client.widgets import button
from game.client.widgets.plate import level_texts
from game.protocol.lobby import HalfResult, MatchResult, Move, SetReady, StartMatch
from game.text.cards import card_text
from game.text.versus import versus_text

VERDICT_W = 336.0
AGAIN: Rect = (24, 560, 288, 56)
ROOM: Rect = (24, 632, 288, 44)
TOPS = (24.0, 372.0)
HALF_H = 324.0
PLOT_X, PLOT_W, PLOT_H = 408.0, 272.0, 132.0
CARDS_X, CHANGES_X, END_X = 716.0, 980.0, 1240.0
ROW_H, ROWS = 22.0, 9
TIMES_SHOWN = 5
COUNTER_PITCH = 176.0
TELLING = (
    "TcpExtListenOverflows",
    "TcpExtListenDrops",
    "TcpExtTCPReqQFullDrop",
    "TcpExtSyncookiesSent",
    "TcpExtSyncookiesRecv",
)


def other(team: str) -> str:
    """The other team."""
    return "b" if team == "a" else "a"


class ResultsScene(Page):
    """The end of one match."""

    name = "versus-results"

    def __init__(self, player: Player, result: MatchResult) -> None:
        super().__init__(player, "room")
        self._result = result

    def _say(self, key: str, **blanks: str | int) -> str:
        return versus_text(self._player.lang, key, **blanks)

    def _names(self, team: str) -> str:
        return ", ".join(self._result.teams.get(team, [])) or self._say(f"team_{team}")

    def hotspots(self) -> list[Hotspot]:
        """Again, and back to the room."""
        return [
            Hotspot(AGAIN, "again", self._say("again")),
            Hotspot(ROOM, "room", self._say("back_to_room")),
        ]

    def back(self) -> Outcome:
        """Back to the room."""
        return Replace(RoomScene(self._player))

    def choose(self, spot: str) -> Outcome:
        """Again means ready; the host begins, once all others are."""
        if spot == "again":
            hosts = self._player.view.lobby.is_host
            message = StartMatch() if hosts else SetReady(True)
            return Replace(RoomScene(self._player)), Send(message)
        return self.back()

    def paint(self, canvas: Canvas) -> None:
        """The verdict at the left, a row for each half."""
        canvas.clear()
        self._paint_verdict(canvas)
        for index, half in enumerate(self._result.halves[:2]):
            self._paint_half(canvas, index, half)

    def _paint_verdict(self, canvas: Canvas) -> None:
        theme, result = canvas.theme, self._result
        canvas.box(0, 0, VERDICT_W, 720, theme.floor)
        canvas.line(VERDICT_W, 0, VERDICT_W, 720, theme.hair)
        canvas.text(24, 50, self._say("result_title"), "sign", theme.ink2)
        card = self._player.view.level(result.level)
        title = level_texts(card, canvas.lang).title if card is not None else result.level
        said = f"{result.room} · {title}"
        canvas.text(24, 70, said, "caption", theme.ink2, max_width=288)
        y = 124.0
        if result.winner:
            name = self._names(result.winner)
            for line in canvas.wrap(self._say("result_winner", name=name), "plate", 288)[:3]:
                canvas.text(24, y, line, "plate", theme.ink)
                y += 30
            canvas.sprite("star-full", 288, 48, 30, line="ink")
        elif not result.forfeit:
            y = canvas.paragraph(24, y, self._say("result_draw"), "value", theme.ink, 288)
        y = canvas.paragraph(24, y + 10, self._why(), "reading", theme.ink, 288)
        shares = {half.defender: half.share for half in result.halves}
        y += 24
        for team in ("a", "b"):
            if team not in shares:
                continue
            colour = theme.traveller if team == "a" else theme.pb
            name = self._names(team)
            used = canvas.text(312, y, f"{shares[team] / 10:.1f} %", "value", theme.ink, "right")
            canvas.text(24, y, name, "strong", theme.ink, max_width=276 - used)
            canvas.box(24, y + 8, 288, 12, None, theme.mid, radius=1, width=1.2)
            canvas.box(25, y + 9, max(1.0, 286 * shares[team] / 1000), 10, colour)
            needed = next(h.needed for h in result.halves if h.defender == team)
            x = 24 + 288 * needed / 1000
            canvas.line(x, y + 4, x, y + 24, theme.ink, 2)
            y += 56
        button.primary(canvas, AGAIN, "restart", self._say("again"), self._say("start_more"))
        button.plain(canvas, ROOM, self._say("back_to_room"), "back")

    def _why(self) -> str:
        result = self._result
        if result.forfeit and not result.winner:
            return self._say("result_void")
        if result.forfeit:
            return self._say("result_forfeit", name=self._names(other(result.winner)))
        shares = {half.defender: f"{half.share / 10:.1f}" for half in result.halves}
        if len(shares) < 2:
            return ""
        return self._say(
            "result_why", a=self._names("a"), b=self._names("b"), x=shares["a"], y=shares["b"]
        )

    def _paint_half(self, canvas: Canvas, index: int, half: HalfResult) -> None:
        theme, top = canvas.theme, TOPS[index]
        canvas.box(360, top, 896, HALF_H, theme.floor, theme.hair, radius=6, width=1.2)
        name = self._names(half.defender)
        said = self._say("result_half", n=index + 1, name=name)
        canvas.text(376, top + 30, said, "value", theme.ink, max_width=308)
        winner = half.defender if half.share >= half.needed else other(half.defender)
        said = self._say(
            "result_won_half",
            share=f"{half.share / 10:.1f}",
            needed=f"{half.needed / 10:.0f}",
            name=self._names(winner),
        )
        held = winner == half.defender
        canvas.sprite("tick" if held else "cross", 384, top + 47, 15)
        canvas.text(398, top + 52, said, "body", theme.ink, max_width=286)
        self._paint_plot(canvas, (PLOT_X, top + 76, PLOT_W, PLOT_H), half)
        canvas.line(700, top + 16, 700, top + 244, theme.hair)
        self._paint_cards(canvas, top, half)
        self._paint_changes(canvas, top, half)
        self._paint_counters(canvas, top, half)

    def _paint_plot(self, canvas: Canvas, rect: Rect, half: HalfResult) -> None:
        """The served share over the half, and the mark it had to keep."""
        theme = canvas.theme
        x, y, w, h = rect
        canvas.line(x, y, x, y + h, theme.hair)
        for part, said in ((0.0, "0"), (0.5, "50"), (1.0, "100")):
            at = y + h * (1 - part)
            canvas.text(x - 8, at + 4, said, "caption", theme.ink2, "right")
            if part:
                canvas.line(x, at, x + w, at, theme.hair)
        mark = y + h * (1 - half.needed / 1000)
        canvas.dashed_line(x, mark, x + w, mark, theme.ink2, 1.4, 4, 4)
        known = [(i, share) for i, share in enumerate(half.shares) if share >= 0]
        steps = max(1, len(half.shares) - 1)
        way = [(x + w * i / steps, y + h * (1 - share / 1000)) for i, share in known]
        colour = theme.traveller if half.defender == "a" else theme.pb
        if len(way) > 1:
            canvas.polyline(way, colour, 2.4)
        canvas.line(x, y + h, x + w, y + h, theme.ink, 1.4)
        whole_ms = max(1, steps * 1000)
        for move in half.plays:
            at = x + w * min(1.0, move.at_ms / whole_ms)
            canvas.polygon([(at - 3.5, y - 8), (at + 3.5, y - 8), (at, y - 1)], theme.alert)
        for move in half.changes:
            at = x + w * min(1.0, move.at_ms / whole_ms)
            canvas.polygon([(at - 3.5, y + h + 8), (at + 3.5, y + h + 8), (at, y + h + 1)], colour)
        canvas.text(x, y + h + 22, "0:00", "caption", theme.ink2)
        seconds = len(half.shares)
        end = f"{seconds // 60}:{seconds % 60:02d}"
        canvas.text(x + w, y + h + 22, end, "caption", theme.ink2, "right")
        said = self._say("result_plot")
        canvas.text(x + w / 2, y + h + 22, said, "caption", theme.ink2, "center", max_width=w - 68)

    def _paint_cards(self, canvas: Canvas, top: float, half: HalfResult) -> None:
        """What the attacker played, the most played first, and when."""
        theme, lang = canvas.theme, canvas.lang
        canvas.polygon([(CARDS_X, top + 20), (CARDS_X + 9, top + 20), (CARDS_X + 4.5, top + 29)],
                       theme.alert)  # fmt: skip
        said = self._say("result_cards")
        canvas.text(CARDS_X + 16, top + 30, said, "sign", theme.ink, max_width=224)
        cards = sorted(half.cards.items(), key=lambda pair: (-pair[1], pair[0]))[:ROWS]
        if not cards:
            said = self._say("result_cards_none")
            canvas.text(CARDS_X, top + 56, said, "body", theme.ink2)
        for row, (name, count) in enumerate(cards):
            base = top + 56 + ROW_H * row
            title = card_text(lang, name).name
            canvas.text(CARDS_X, base, title, "body", theme.ink, max_width=84)
            used = canvas.text(CARDS_X + 90, base, f"× {count}", "strong", theme.ink)
            times = [_clock(move) for move in half.plays if move.name == name]
            left = CARDS_X + 98 + used
            said = _as_fit(canvas, times, CHANGES_X - 16 - left)
            canvas.text(left, base, said, "caption", theme.ink2)

    def _paint_changes(self, canvas: Canvas, top: float, half: HalfResult) -> None:
        """What the defender turned, in order, and what it came to."""
        theme = canvas.theme
        colour = theme.traveller if half.defender == "a" else theme.pb
        x = CHANGES_X
        canvas.polygon([(x, top + 29), (x + 9, top + 29), (x + 4.5, top + 20)], colour)
        spent = self._say("result_ops_n", n=half.ops)
        used = canvas.text(END_X, top + 30, spent, "strong", theme.ink, "right")
        said = self._say("result_changes")
        canvas.text(x + 16, top + 30, said, "sign", theme.ink, max_width=END_X - x - 28 - used)
        if not half.changes:
            said = self._say("result_changes_none")
            canvas.text(x, top + 56, said, "body", theme.ink2, max_width=END_X - x)
        shown = half.changes if len(half.changes) <= ROWS else half.changes[: ROWS - 1]
        for row, move in enumerate(shown):
            base = top + 56 + ROW_H * row
            canvas.text(x, base, _clock(move), "caption", theme.ink2)
            used = canvas.text(END_X, base, move.value, "strong", theme.ink, "right", max_width=90)
            room = END_X - x - 48 - used
            canvas.text(x + 36, base, move.name, "kernel", theme.ink, max_width=room)
        if len(shown) < len(half.changes):
            said = self._say("running_more", n=len(half.changes) - len(shown))
            canvas.text(x + 36, top + 56 + ROW_H * len(shown), said, "caption", theme.ink2)

    def _paint_counters(self, canvas: Canvas, top: float, half: HalfResult) -> None:
        """What nstat said at the end."""
        theme = canvas.theme
        canvas.line(376, top + 258, END_X, top + 258, theme.hair)
        for column, name in enumerate(TELLING):
            x = 376 + COUNTER_PITCH * column
            canvas.text(x, top + 282, name.removeprefix("TcpExt"), "kernel", theme.ink2)
            value = str(half.counters.get(name, 0))
            canvas.text(x, top + 304, value, "value", theme.ink)


def _as_fit(canvas: Canvas, times: list[str], room: float) -> str:
    """As many moments as there is room for, and how many more there are."""
    for count in range(min(TIMES_SHOWN, len(times)), 0, -1):
        rest = [f"+{len(times) - count}"] if count < len(times) else []
        said = "  ".join([*times[:count], *rest])
        if canvas.measure(said, "caption") <= room:
            return said
    return ""


def _clock(move: Move) -> str:
    """When it was, on the clock of the half."""
    seconds = move.at_ms // 1000
    return f"{seconds // 60}:{seconds % 60:02d}"
