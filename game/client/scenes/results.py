"""After a match: who won and why, and both halves with their plots, cards and defences."""

from game.client.canvas import Canvas
from game.client.draw.desk import find_card, hexagon
from game.client.draw.knob_name import knob_name
from game.client.draw.view import minutes
from game.client.metaphor import sprite_of
from game.client.plane import Rect
from game.client.player import Player
from game.client.scene import Hotspot, Outcome, Replace, Send
from game.client.scenes.page import Page
from game.client.scenes.room import RoomScene
from game.client.standing import half_score, leader, other, per_cent
from game.client.widgets import button
from game.client.widgets.plate import level_title
from game.protocol.lobby import HalfResult, MatchResult, SetReady, StartMatch
from game.text.cards import card_text
from game.text.versus import versus_text

VERDICT_W = 336.0
AGAIN: Rect = (24, 560, 288, 56)
ROOM: Rect = (24, 632, 288, 44)
TOPS = (24.0, 372.0)
HALF_H = 324.0
PLOT_X, PLOT_Y, PLOT_W, PLOT_H = 408.0, 112.0, 272.0, 108.0
CARDS_X, CHANGES_X, END_X = 716.0, 984.0, 1240.0
ROW_H, ROWS = 22.0, 9
COUNTER_PITCH = 176.0
TELLING = (
    "TcpExtListenOverflows",
    "TcpExtListenDrops",
    "TcpExtTCPReqQFullDrop",
    "TcpExtSyncookiesSent",
    "TcpExtSyncookiesRecv",
)


class ResultsScene(Page):
    """The end of one match.

    Args:
        result: that it had; whose side the player was on is taken from his room.
    """

    name = "versus-results"

    def __init__(self, player: Player, result: MatchResult) -> None:
        super().__init__(player, "room")
        self._result = result
        self._mine = player.view.lobby.team

    def _say(self, key: str, **blanks: str | int) -> str:
        return versus_text(self._player.lang, key, **blanks)

    def _names(self, team: str) -> str:
        """The first of a team and how many more."""
        return leader(self._player.lang, self._result.teams.get(team, []))

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

    # The verdict.

    def _paint_verdict(self, canvas: Canvas) -> None:
        theme, result = canvas.theme, self._result
        canvas.box(0, 0, VERDICT_W, 720, theme.floor)
        canvas.line(VERDICT_W, 0, VERDICT_W, 720, theme.hair)
        canvas.text(24, 50, self._say("result_title"), "sign", theme.ink2)
        title = level_title(self._player.view, result.level, canvas.lang)
        said = f"{result.room} · {title}"
        canvas.text(24, 70, said, "caption", theme.ink2, max_width=288)
        y = 120.0
        for line in canvas.wrap(self._title(), "plate", 288)[:3]:
            canvas.text(24, y, line, "plate", theme.ink)
            y += 30
        y = canvas.paragraph(24, y + 6, self._why(), "reading", theme.ink, 288) + 24
        for half in result.halves[:2]:
            self._paint_share(canvas, y, half)
            y += 60
        canvas.line(24, y - 8, 312, y - 8, theme.hair)
        canvas.text(24, y + 16, self._say("rules_title"), "caption_bold", theme.ink)
        canvas.paragraph(24, y + 34, self._say("rule_match"), "caption", theme.ink2, 288)
        button.primary(canvas, AGAIN, "restart", self._say("again"), self._say("start_more"))
        button.plain(canvas, ROOM, self._say("back_to_room"), "back")

    def _title(self) -> str:
        winner = self._result.winner
        if winner and self._mine:
            return self._say("result_you_win" if winner == self._mine else "result_you_lose")
        if winner:
            return self._say("result_winner", name=self._names(winner))
        return self._say("result_void_title" if self._result.forfeit else "result_draw")

    def _why(self) -> str:
        result = self._result
        if result.forfeit and not result.winner:
            return self._say("result_void")
        if result.forfeit:
            return self._say("result_forfeit", name=self._names(other(result.winner)))
        shares = {half.defender: per_cent(half.share) for half in result.halves}
        if len(shares) < 2:
            return ""
        one = self._mine or result.winner or "a"
        two = other(one)
        key = "result_why_you" if self._mine else "result_why"
        return self._say(key, a=self._names(one), b=self._names(two), x=shares[one], y=shares[two])

    def _paint_share(self, canvas: Canvas, y: float, half: HalfResult) -> None:
        """What a team served while it defended; a star for the one that won the match."""
        theme, team = canvas.theme, half.defender
        used = canvas.text(312, y, f"{per_cent(half.share)} %", "value", theme.ink, "right")
        room = 276 - used
        if team == self._result.winner:
            canvas.sprite("star-full", 298 - used, y - 5, 17, line="ink")
            room -= 28
        name = self._names(team)
        name = self._say("you_name", name=name) if team == self._mine else name
        canvas.text(24, y, name, "strong", theme.ink, max_width=room)
        canvas.box(24, y + 8, 288, 12, None, theme.mid, radius=1, width=1.2)
        colour = self._colour(canvas, team)
        canvas.box(25, y + 9, max(1.0, 286 * half.share / 1000), 10, colour)
        x = 24 + 288 * half.needed / 1000
        canvas.line(x, y + 4, x, y + 24, theme.ink, 2)

    @staticmethod
    def _colour(canvas: Canvas, team: str) -> tuple[int, int, int]:
        return canvas.theme.traveller if team == "a" else canvas.theme.pb

    # The halves.

    def _paint_half(self, canvas: Canvas, index: int, half: HalfResult) -> None:
        theme, top = canvas.theme, TOPS[index]
        canvas.box(360, top, 896, HALF_H, theme.floor, theme.hair, radius=6, width=1.2)
        said = self._say("result_half", n=index + 1, name=self._names(half.defender))
        canvas.text(376, top + 30, said, "value", theme.ink, max_width=308)
        winner = half.defender if half.share >= half.needed else other(half.defender)
        left = 376.0
        if self._mine:
            won = winner == self._mine
            canvas.sprite("tick" if won else "cross", 384, top + 48, 15)
            said = self._say("break_won" if won else "break_lost")
            left = 398
        else:
            said = self._say("break_name_won", name=self._names(winner))
        canvas.text(left, top + 52, said, "strong", theme.ink, max_width=684 - left)
        score = half_score(canvas.lang, half.share, half.needed)
        canvas.text(376, top + 70, score, "body", theme.ink2, max_width=308)
        self._paint_plot(canvas, (PLOT_X, top + PLOT_Y, PLOT_W, PLOT_H), half)
        canvas.line(700, top + 16, 700, top + 246, theme.hair)
        self._paint_cards(canvas, top, half)
        self._paint_changes(canvas, top, half)
        self._paint_counters(canvas, top, half)

    def _paint_plot(self, canvas: Canvas, rect: Rect, half: HalfResult) -> None:
        """The served share over the half, the mark it had to keep, and what either side did."""
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
        colour = self._colour(canvas, half.defender)
        if len(way) > 1:
            canvas.polyline(way, colour, 2.4)
        canvas.line(x, y + h, x + w, y + h, theme.ink, 1.4)
        whole_ms = max(1, steps * 1000)
        for move in half.plays:
            at = x + w * min(1.0, move.at_ms / whole_ms)
            canvas.sprite(self._actor(move.name), at, y - 4, 13)
        for move in half.changes:
            at = x + w * min(1.0, move.at_ms / whole_ms)
            canvas.polygon([(at - 3.5, y + h + 8), (at + 3.5, y + h + 8), (at, y + h + 1)], colour)
        canvas.text(x, y + h + 22, "0:00", "caption", theme.ink2)
        end = minutes(len(half.shares) * 1000)
        canvas.text(x + w, y + h + 22, end, "caption", theme.ink2, "right")
        said = self._say("result_plot")
        canvas.text(x + w / 2, y + h + 22, said, "caption", theme.ink2, "center", max_width=w - 68)

    def _actor(self, name: str) -> str:
        """The figure that a card sends."""
        card = self._player.view.level(self._result.level)
        found = find_card(card.arena, name) if card is not None and card.arena is not None else None
        return sprite_of(found.actor) if found is not None else "ghost"

    def _paint_cards(self, canvas: Canvas, top: float, half: HalfResult) -> None:
        """What the attacker played, the most played first, and when."""
        theme, lang = canvas.theme, canvas.lang
        said = self._say("result_cards", name=self._names(other(half.defender)))
        canvas.text(CARDS_X, top + 30, said, "sign", theme.ink, max_width=CHANGES_X - CARDS_X - 20)
        cards = sorted(half.cards.items(), key=lambda pair: (-pair[1], pair[0]))[:ROWS]
        if not cards:
            said = self._say("result_cards_none")
            canvas.text(CARDS_X, top + 56, said, "body", theme.ink2)
        for row, (name, count) in enumerate(cards):
            base = top + 56 + ROW_H * row
            canvas.sprite(self._actor(name), CARDS_X + 7, base + 2, 15)
            title = card_text(lang, name).name
            canvas.text(CARDS_X + 20, base, title, "body", theme.ink, max_width=86)
            used = canvas.text(CARDS_X + 108, base, f"× {count}", "strong", theme.ink)
            times = [minutes(move.at_ms) for move in half.plays if move.name == name]
            left = CARDS_X + 116 + used
            said = _as_fit(canvas, times, CHANGES_X - 20 - left)
            canvas.text(left, base, said, "caption", theme.ink2)

    def _paint_changes(self, canvas: Canvas, top: float, half: HalfResult) -> None:
        """What the defender turned, in order, and what it came to."""
        theme = canvas.theme
        card = self._player.view.level(self._result.level)
        colour = self._colour(canvas, half.defender)
        x = CHANGES_X
        canvas.polygon([(x, top + 29), (x + 9, top + 29), (x + 4.5, top + 20)], colour)
        used = canvas.text(END_X, top + 30, str(half.ops), "strong", theme.ink, "right") + 20
        hexagon(canvas, END_X - used + 8, top + 25, 7, full=True)  # Points, as in the purse.
        said = self._say("result_changes", name=self._names(half.defender))
        canvas.text(x + 16, top + 30, said, "sign", theme.ink, max_width=END_X - x - 28 - used)
        if not half.changes:
            said = self._say("result_changes_none")
            canvas.text(x, top + 56, said, "body", theme.ink2, max_width=END_X - x)
        shown = half.changes if len(half.changes) <= ROWS else half.changes[: ROWS - 1]
        for row, move in enumerate(shown):
            base = top + 56 + ROW_H * row
            canvas.text(x, base, minutes(move.at_ms), "caption", theme.ink2)
            name = knob_name(card, move.name)
            used = canvas.text(x + 36, base, name, "kernel", theme.ink, max_width=160)
            room = END_X - x - 48 - used
            canvas.text(END_X, base, move.value, "strong", theme.ink, "right", max_width=room)
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
    for count in range(len(times), 0, -1):
        rest = [f"+{len(times) - count}"] if count < len(times) else []
        said = "  ".join([*times[:count], *rest])
        if canvas.measure(said, "caption") <= room:
            return said
    return ""
