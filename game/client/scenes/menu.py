"""The first screen: six ways to go, the line map, and the card of one station."""

import pygame

from game.client.canvas import Canvas
from game.client.focus import Focus, is_back
from game.client.plane import Rect
from game.client.player import Player
from game.client.scene import Hotspot, Outcome, Pop, Push, Quit
from game.client.scenes.ask import AskScene, Question
from game.client.scenes.briefing import BriefingScene
from game.client.scenes.field_guide import FieldGuideScene
from game.client.scenes.lobby import LobbyScene
from game.client.scenes.notice import NoticeScene
from game.client.scenes.sandbox import SandboxSetupScene
from game.client.scenes.settings import SettingsScene
from game.client.widgets import button
from game.client.widgets.frieze import frieze
from game.client.widgets.line_map import LineMap, Stop, empty_map
from game.client.widgets.plate import level_texts
from game.client.widgets.star import star, stars
from game.protocol.catalogue import Catalogue, LevelCard
from game.text.goals import goal_name, goal_short, mark_text
from game.text.phrases import phrase

NAV = ("continue", "versus", "sandbox", "guide", "settings", "quit")
NAV_ICONS = {
    "versus": "versus",
    "sandbox": "dial",
    "guide": "info",
    "settings": "sliders",
    "quit": "close",
}
CARD: Rect = (1000, 504, 256, 120)


class MenuScene:
    """The menu of one player."""

    name = "menu"

    def __init__(self, player: Player) -> None:
        self._player = player
        self._focus = Focus("nav-continue")
        self._catalogue: Catalogue | None = None
        self._map: LineMap | None = None
        self._shown = ""
        self._learn()

    def _learn(self) -> None:
        """Lay the map anew when the host has sent another catalogue."""
        catalogue = self._player.view.catalogue
        if catalogue is not None and catalogue is not self._catalogue:
            self._catalogue = catalogue
            self._map = LineMap(sorted(catalogue.levels, key=lambda card: card.number))

    def _nav(self, name: str) -> str:
        """Key of a way's name; there is nothing to continue before the first star."""
        first = name == "continue" and not any(self._player.stars().values())
        return "nav_start" if first else f"nav_{name}"

    def _stops(self) -> list[Stop]:
        if self._map is None:
            return []
        here = self._player.next_level()
        player = self._player
        return self._map.stops(player.open_ids(), player.stars(), here.id if here else "")

    def hotspots(self) -> list[Hotspot]:
        """The six ways, then the stations in their order."""
        lang = self._player.lang
        spots = [
            Hotspot(_nav_rect(index), f"nav-{name}", phrase(lang, self._nav(name)))
            for index, name in enumerate(NAV)
        ]
        if self._map is not None:
            spots += self._map.hotspots(self._stops(), lang)
        return spots

    def update(self, wall_s: float) -> Outcome:
        """Take up a new catalogue."""
        self._learn()
        return None

    def handle(self, event: pygame.event.Event) -> Outcome:
        """Choose a way or a station; Escape asks whether to leave the game."""
        keys = self._player.keys
        if event.type == pygame.KEYDOWN and is_back(event, keys):
            return self._ask_to_quit()
        chosen = self._focus.handle(event, self.hotspots(), keys)
        if self._player.view.level(self._focus.id) is not None:
            self._shown = self._focus.id
        return None if chosen is None else self._choose(chosen)

    def _ask_to_quit(self) -> Outcome:
        """One Escape too many, out of a run or a page, must not end the game."""
        lang = self._player.lang
        parts = ("title", "text", "stay", "go")
        question = Question(*(phrase(lang, f"quit_{part}") for part in parts))
        return Push(AskScene(self, question, Pop(), Quit(), self._player.keys))

    def _choose(self, chosen: str) -> Outcome:
        player = self._player
        if chosen == "nav-quit":
            return Quit()
        if chosen == "nav-guide":
            return Push(FieldGuideScene(player))
        if chosen == "nav-settings":
            return Push(SettingsScene(player))
        if chosen == "nav-continue":
            here = player.next_level()
            return None if here is None else Push(self._briefing(here))
        if chosen == "nav-versus":
            return Push(LobbyScene(player))
        if chosen == "nav-sandbox":
            return Push(SandboxSetupScene(player))
        card = player.view.level(chosen)
        return None if card is None else self._station(card)

    def _station(self, card: LevelCard) -> Outcome:
        player = self._player
        missing = player.missing_before(card)
        if not missing:
            return Push(self._briefing(card))
        names = ", ".join(f"{m.number} {level_texts(m, player.lang).title}" for m in missing)
        text = phrase(player.lang, "notice_locked_more", stations=names)
        return self._notice(phrase(player.lang, "notice_locked"), text, "lock")

    def _briefing(self, card: LevelCard) -> BriefingScene:
        player = self._player
        return BriefingScene(player, card, lambda page: FieldGuideScene(player, page, True))

    def _notice(self, title: str, text: str, icon: str) -> Outcome:
        return Push(NoticeScene(self, title, text, self._player.lang, icon, self._player.keys))

    def draw(self, canvas: Canvas) -> None:
        """Everything, painted anew only when a star or the chosen station changes; the focus."""
        canvas.clear()
        stops = self._stops()
        state = (self._map, self._shown, tuple(stops))
        canvas.layer(
            "menu",
            (0, 0, 1280, 720),
            state,
            lambda part: self._paint(part, stops),
            canvas.theme.paper,
        )
        self._focus.draw(canvas, self.hotspots())

    def _paint(self, canvas: Canvas, stops: list[Stop]) -> None:
        frieze(canvas)
        _lock_up(canvas)
        self._draw_nav(canvas)
        if self._map is None:
            empty_map(canvas, canvas.lang)
            return
        self._map.draw(canvas, stops)
        self._draw_total(canvas)
        self._draw_card(canvas, stops)

    def _draw_nav(self, canvas: Canvas) -> None:
        lang = canvas.lang
        for index, name in enumerate(NAV):
            rect, title = _nav_rect(index), phrase(lang, self._nav(name))
            if name == "continue":
                button.primary(canvas, rect, "arrow", title, self._where(lang))
                continue
            more = phrase(lang, f"nav_{name}_more")
            button.entry(canvas, rect, NAV_ICONS[name], title, more)

    def _where(self, lang: str) -> str:
        here = self._player.next_level()
        if here is None:
            return phrase(lang, "nothing_open")
        return f"{here.number} {level_texts(here, lang).title}"

    def _draw_total(self, canvas: Canvas) -> None:
        best = self._player.stars()
        total = phrase(canvas.lang, "total_stars", stars=sum(best.values()), all=3 * len(best))
        star(canvas, 1248, 38, 15, True)
        canvas.text(1234, 43, total, "sign", canvas.theme.ink, "right")

    def _draw_card(self, canvas: Canvas, stops: list[Stop]) -> None:
        stop = next((stop for stop in stops if stop.card.id == self._shown), None)
        stop = stop or next((stop for stop in stops if stop.here), None)
        if stop is None:
            return
        _card_head(canvas, stop)
        _card_goals(canvas, stop.card)
        x, y, w, _ = CARD
        theme = canvas.theme
        canvas.line(x + 16, y + 88, x + w - 16, y + 88, theme.hair)
        seconds = stop.card.seconds
        length = f"{seconds // 60}:{seconds % 60:02}"
        canvas.text(x + w - 16, y + 107, length, "caption", theme.ink2, "right")
        missing = self._player.missing_before(stop.card)
        if missing:
            title = level_texts(missing[0], canvas.lang).title
            text = phrase(canvas.lang, "card_locked", station=f"{missing[0].number} {title}")
            canvas.icon("lock", x + 22, y + 103, 13, "ink2")
            canvas.text(x + 34, y + 107, text, "caption", theme.ink, max_width=164)
            return
        _card_lesson(canvas, stop.card)


def _nav_rect(index: int) -> Rect:
    return (48, 208 + 68 * index, 328, 60)


def _lock_up(canvas: Canvas) -> None:
    theme = canvas.theme
    width = canvas.text(46, 96, phrase(canvas.lang, "name"), "display", theme.ink)
    left = 46 + width + 16
    canvas.box(left, 50, 116, 58, theme.sign, radius=6)
    canvas.text(left + 58, 95, "443", "display2", theme.onsign, "center")
    # Both languages, so that whoever lands in the wrong one finds the way.
    for y, lang in ((142, "en"), (168, "zh")):
        canvas.text(48, y, phrase(lang, "tagline"), LEAD, theme.ink2, max_width=336)


LEAD = "body"
"""Text role of the two lines under the name."""


def _card_head(canvas: Canvas, stop: Stop) -> None:
    x, y, w, h = CARD
    theme = canvas.theme
    canvas.box(x, y, w, h, theme.floor, theme.hair, radius=6, width=1.2)
    canvas.box(x, y, w, 36, theme.sign, radius=6)
    canvas.box(x, y + 18, w, 18, theme.sign)
    number = canvas.text(x + 16, y + 24.5, str(stop.card.number), "value", theme.amber)
    title = level_texts(stop.card, canvas.lang).title
    room = w - 96 - number
    canvas.text(x + 26 + number, y + 24.5, title, "value", theme.onsign, max_width=room)
    stars(canvas, x + w - 58, y + 18, stop.stars, 15, 20, on="onsign2")


def _card_goals(canvas: Canvas, card: LevelCard) -> None:
    """The marks for three stars: one in a row, or two where there are many."""
    x, y, _, _ = CARD
    theme = canvas.theme
    if len(card.goals) <= 2:
        for index, goal in enumerate(card.goals):
            base, mark = y + 57 + 20 * index, mark_text(goal.what, goal.marks[-1])
            used = canvas.text(x + 240, base, mark, "caption_bold", theme.ink, "right")
            name = goal_name(canvas.lang, goal.what)
            canvas.text(x + 16, base, name, "caption", theme.ink2, max_width=216 - used)
        return
    for index, goal in enumerate(card.goals[:4]):
        left, right = (x + 16, x + 118) if index % 2 == 0 else (x + 126, x + 240)
        base = y + 57 + 20 * (index // 2)
        mark = mark_text(goal.what, goal.marks[-1]).replace(" ", "", 1)
        used = canvas.text(right, base, mark, "caption_bold", theme.ink, "right")
        name = goal_short(canvas.lang, goal.what)
        canvas.text(left, base, name, "caption", theme.ink2, max_width=right - left - used - 4)


def _card_lesson(canvas: Canvas, card: LevelCard) -> None:
    x, y, _, _ = CARD
    theme = canvas.theme
    lesson = next((knob.kernel_name for knob in card.knobs if knob.lesson), "")
    lesson = lesson.rpartition(".")[2]
    lesson = lesson or level_texts(card, canvas.lang).subtitle
    width = canvas.text(x + 16, y + 107, phrase(canvas.lang, "card_lesson"), "caption", theme.ink2)
    canvas.text(x + 24 + width, y + 107, lesson, "kernel", theme.ink, max_width=186 - width)
