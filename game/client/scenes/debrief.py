"""After a level: the verdict, the run in three plots, what happened, and what to type at work."""

from collections.abc import Callable

import pygame

from game.client.canvas import Canvas
from game.client.focus import Focus, is_back
from game.client.plane import Rect
from game.client.player import Player
from game.client.scene import Hotspot, Outcome, Pop, Push, Replace, Scene, Send
from game.client.scenes.briefing import BriefingScene
from game.client.scenes.field_guide import FieldGuideScene
from game.client.widgets import button, plot
from game.client.widgets.dash import dashed_way
from game.client.widgets.goal import goal_bar
from game.client.widgets.motion import Glide, ease_out, pop
from game.client.widgets.plate import head, level_texts
from game.client.widgets.real_machine import real_machine
from game.client.widgets.star import star
from game.client.widgets.story import (
    COMMANDS,
    TICK_MS,
    number_disc,
    story_column,
    told,
)
from game.client.widgets.timetable import time_axis, wave_bars
from game.protocol.catalogue import LevelCard
from game.protocol.messages import GoalResult, Result, StartLevel
from game.text.debrief import next_star, verdict
from game.text.goals import mark_text, value_text
from game.text.guide import PAGES, Page, page_for_knob
from game.text.phrases import phrase
from game.text.real_machine import telling_counters
from game.text.versus import versus_text

VERDICT_WIDTH = 336
PLOT_LEFT = 400
PLOT_WIDTH = 512
LINE_PLOT: Rect = (PLOT_LEFT, 136, PLOT_WIDTH, 84)
HALL_PLOT: Rect = (PLOT_LEFT, 272, PLOT_WIDTH, 104)
PEOPLE_PLOT: Rect = (PLOT_LEFT, 428, PLOT_WIDTH, 156)
BOARD: Rect = (360, 632, 552, 64)
STORY_LEFT = 944
NEXT: Rect = (24, 546, 288, 54)
SHEETS = ("plots", "linux")
SHEETS_RECT: Rect = (360, 20, 552, 34)
PAGES_MAX = 6

STAR_MS = 320.0
"""From one star to the next."""

BAR_MS = 700.0
ALL_SHOWN_MS = 10_000.0
"""Longer than anything moves: the picture at rest."""

AGAIN: Rect = (24, 608, 140, 36)
WATCH: Rect = (172, 608, 140, 36)
MAP: Rect = (24, 652, 288, 34)


class DebriefScene:
    """The end of one run.

    Args:
        replay: makes the scene that shows the kept snapshots, None when there are none.
    """

    name = "debrief"

    def __init__(
        self, player: Player, card: LevelCard, result: Result, replay: Callable[[], Scene] | None
    ) -> None:
        self._player = player
        self._card = card
        self._result = result
        self._replay = replay
        self._causes = told(result.story)
        self._in_room = player.online.is_on
        self._focus = Focus("next")
        self._sheet = SHEETS[0]
        self._sign, self._sign_at = Glide(0.0), 0.0
        self._pages = _pages_about(card)
        self._opened_s: float | None = None
        self._gone_ms = ALL_SHOWN_MS

    def _next(self) -> LevelCard | None:
        """The level after this one, when it is open."""
        cards = self._player.cards
        after = next((card for card in cards if card.number > self._card.number), None)
        return after if after is not None and not self._player.missing_before(after) else None

    @property
    def _starless(self) -> bool:
        """Whether there is one thing to do above all: try again."""
        return not self._in_room and not self._result.recorded and self._result.stars == 0

    @property
    def _leads_on(self) -> bool:
        """Whether the big button leads elsewhere than to the map, which then has its own."""
        leads = self._result.recorded or self._starless or self._next() is not None
        return not self._in_room and leads

    @property
    def _second(self) -> tuple[str, str]:
        """The button under the big one: its id and phrase."""
        if self._starless:
            return "solution", "debrief_solution"
        return "again", "debrief_again"

    def hotspots(self) -> list[Hotspot]:
        """On, again, replay, and back to the map."""
        lang = self._player.lang
        spots = [
            Hotspot(NEXT, "next", self._next_title(lang)[0]),
        ]
        if not self._in_room:
            name, said = self._second
            spots.append(Hotspot(AGAIN, name, phrase(lang, said)))
        if self._replay is not None:
            spots.append(Hotspot(WATCH, "watch", phrase(lang, "debrief_watch")))
        if self._leads_on:
            spots.append(Hotspot(MAP, "map", phrase(lang, "debrief_map")))
        for index, sheet in enumerate(SHEETS):
            rect = (SHEETS_RECT[0] + 276 * index, SHEETS_RECT[1], 276, SHEETS_RECT[3])
            spots.append(Hotspot(rect, f"sheet:{sheet}", phrase(lang, f"debrief_{sheet}")))
        if self._sheet == "linux":
            for index, page in enumerate(self._pages):
                title = page.words(lang).title
                spots.append(Hotspot(_page_rect(index), f"page:{page.id}", title))
        return spots

    def handle(self, event: pygame.event.Event) -> Outcome:
        """Go on, run again, or watch; Escape and the controller's B lead back.

        That is to the map, and from a recorded solution to the briefing it was started from.
        """
        if is_back(event, self._player.keys):
            if self._result.recorded and not self._in_room:
                return Replace(self._briefing(self._card))
            return Pop()
        match self._focus.handle(event, self.hotspots(), self._player.keys):
            case "next":
                return self._go_on()
            case "again":
                return self._again()
            case "solution":
                return Send(StartLevel(self._card.id, self._result.seed, solution=True))
            case "watch" if self._replay is not None:
                return Push(self._replay())
            case "map":
                return Pop()
            case str(chosen):
                return self._read(chosen)
        return None

    def _briefing(self, card: LevelCard) -> BriefingScene:
        player = self._player
        return BriefingScene(player, card, lambda page: FieldGuideScene(player, page, True))

    def _read(self, chosen: str) -> Outcome:
        """Another sheet in the middle, or a page of the field guide."""
        kind, _, rest = chosen.partition(":")
        if kind == "sheet":
            self._sheet = rest
        elif kind == "page":
            return Push(FieldGuideScene(self._player, rest))
        return None

    def _again(self) -> Outcome:
        # The same seed: what differs is what the player does.
        return Send(StartLevel(self._card.id, self._result.seed))

    def _go_on(self) -> Outcome:
        if self._in_room:
            return Pop()
        if self._starless:
            return self._again()
        if self._result.recorded:
            return Send(StartLevel(self._card.id, self._player.new_seed()))
        after = self._next()
        return Pop() if after is None else Replace(self._briefing(after))

    def update(self, wall_s: float) -> Outcome:
        """Let stars and bars come in, one after the other."""
        if self._opened_s is None:
            self._opened_s = wall_s
        still = self._player.settings.now.reduced_motion
        self._sign_at = self._sign.send(SHEETS.index(self._sheet), wall_s, still=still)
        self._gone_ms = ALL_SHOWN_MS if still else (wall_s - self._opened_s) * 1000
        return None

    def draw(self, canvas: Canvas) -> None:
        """Verdict, plots, story: painted once, for nothing in it moves; and the focus."""
        canvas.clear()
        state = (self, self._sheet, self._sign_at, self._player.best(self._card.id))
        canvas.layer("debrief", (0, 0, 1280, 720), state, self._paint, canvas.theme.paper)
        self._draw_score(canvas)
        self._focus.draw(canvas, self.hotspots())

    def _paint(self, canvas: Canvas) -> None:
        theme = canvas.theme
        canvas.box(0, 0, VERDICT_WIDTH, 720, theme.floor)
        canvas.line(VERDICT_WIDTH, 0, VERDICT_WIDTH, 720, theme.hair)
        self._draw_verdict(canvas)
        self._draw_buttons(canvas)
        titles = [phrase(canvas.lang, f"debrief_{sheet}") for sheet in SHEETS]
        button.choices(canvas, SHEETS_RECT, titles, SHEETS.index(self._sheet), self._sign_at)
        if self._sheet == "plots":
            self._draw_plots(canvas)
        else:
            self._draw_linux(canvas)
        self._draw_board(canvas)
        canvas.text(STORY_LEFT, 45, phrase(canvas.lang, "debrief_story"), "title", theme.ink)
        if self._causes:
            actors = frozenset(wave.actor for wave in self._card.waves)
            story_column(canvas, STORY_LEFT, 78, self._causes, actors)
        else:
            quiet = phrase(canvas.lang, "debrief_quiet")
            canvas.text(STORY_LEFT, 83, quiet, "body", theme.ink2)
        real_machine(canvas, STORY_LEFT, 540, self._card, self._result.counters)

    def _draw_verdict(self, canvas: Canvas) -> None:
        theme, result = canvas.theme, self._result
        head(canvas, 24, 24, self._card, 288)
        missed = next((goal.what for goal in result.goals if goal.stars == 0), "")
        line = verdict(canvas.lang, result.stars, missed)
        canvas.text(24, 212, line, "value", theme.ink, max_width=288)
        self._draw_advice(canvas)

    def _draw_score(self, canvas: Canvas) -> None:
        """Stars that come in one by one, and bars that grow; at their ends after 1.5 s."""
        for index in range(3):
            gone_ms = self._gone_ms - STAR_MS * (index + 1)
            won = index < self._result.stars and gone_ms >= 0
            star(canvas, 72 + 96 * index, 132, 76 * (1 + (pop(gone_ms) - 1) / 3), won)
        for index, goal in enumerate(self._result.goals[:4]):
            goal_bar(canvas, 248 + 52 * index, goal, grown=ease_out(self._gone_ms, BAR_MS))

    def _draw_advice(self, canvas: Canvas) -> None:
        """What holds the next star back: the first goal that has no more stars than the run."""
        theme, lang, result = canvas.theme, canvas.lang, self._result
        canvas.box(24, 452, 288, 84, theme.paper, theme.hair, radius=5, width=1.2)
        if result.stars >= 3:
            star(canvas, 48, 478, 20, True)
            title, text = phrase(lang, "debrief_star_done"), next_star(lang, "none", "")
        else:
            star(canvas, 48, 478, 20, False)
            title = phrase(lang, f"debrief_star_{result.stars + 1}")
            goal = next((g for g in result.goals if g.stars == result.stars), None)
            text = _advice(lang, goal, result)
        canvas.text(72, 475, title, "sign", theme.ink, max_width=232)
        role = "body" if len(canvas.wrap(text, "body", 228)) <= 3 else "caption"
        base = 494.0
        for line in canvas.wrap(text, role, 228)[:3]:
            canvas.text(72, base, line, role, theme.ink2)
            base += min(17.0, canvas.line_height(role))

    def _next_title(self, lang: str) -> tuple[str, str]:
        """The two lines of the big button."""
        if self._in_room:
            return versus_text(lang, "back_to_room"), ""
        if self._result.recorded:
            return phrase(lang, "debrief_now_you"), phrase(lang, "debrief_now_you_more")
        if self._starless:
            return phrase(lang, "debrief_again"), phrase(lang, "debrief_again_more")
        after = self._next()
        if after is None:
            return phrase(lang, "debrief_map"), ""
        texts = level_texts(after, lang)
        station = f"{after.number} {texts.title}"
        return phrase(lang, "debrief_next", station=station), texts.subtitle

    def _draw_buttons(self, canvas: Canvas) -> None:
        lang = canvas.lang
        button.primary(canvas, NEXT, "arrow", *self._next_title(lang))
        if not self._in_room:
            button.plain(canvas, AGAIN, phrase(lang, self._second[1]))
        if self._replay is not None:
            button.plain(canvas, WATCH, phrase(lang, "debrief_watch"))
        if self._leads_on:
            button.plain(canvas, MAP, phrase(lang, "debrief_map"), "back")
        if self._result.recorded:
            text = phrase(lang, "debrief_recorded")
        else:
            best = self._player.best(self._card.id)
            served = value_text("served", best.served)
            text = phrase(lang, "debrief_best", stars=best.stars, served=served)
        canvas.text(24, 706, text, "caption", canvas.theme.ink2, max_width=300)

    def _draw_plots(self, canvas: Canvas) -> None:
        lang, series = canvas.lang, self._result.series
        wave_bars(canvas, PLOT_LEFT, 62, PLOT_WIDTH, self._card.waves, self._seconds)
        _plot_title(canvas, 128, phrase(lang, "debrief_line"), "SYN queue")
        limits = plot.combined(series.syn_queue_limit)
        frame = plot.queue_frame(LINE_PLOT, series.syn_queue, limits)
        plot.ground(canvas, frame)
        if limits:
            plot.limit_line(canvas, frame, limits)
        plot.peak_mark(canvas, frame, series.syn_queue, limits)
        plot.lines(canvas, frame, series.syn_queue)
        if limits and limits[-1] > frame.top:
            name = _with_one_more(lang, "debrief_places", limits, plot.combined(series.backlog))
            plot.limit_name(canvas, frame, limits[-1], name)
        plot.base_line(canvas, frame)
        _plot_title(canvas, 264, phrase(lang, "debrief_hall"), "accept queue")
        self._draw_hall(canvas)
        _plot_title(canvas, 420, phrase(lang, "debrief_travellers"), phrase(lang, "debrief_per_s"))
        people = plot.travellers(canvas, PEOPLE_PLOT, series)
        time_axis(canvas, PLOT_LEFT, 588, PLOT_WIDTH, self._seconds)
        self._draw_key(canvas)
        self._draw_marks(canvas)
        served, lost = phrase(lang, "debrief_served"), phrase(lang, "debrief_lost")
        early = any(self._time_x(event.tick) < PLOT_LEFT + 120 for event in self._causes)
        plot.travellers_names(canvas, people, served, lost, boxed=early)

    def _draw_linux(self, canvas: Canvas) -> None:
        """What the level's author says about the real thing, and pages that say more."""
        theme, lang = canvas.theme, canvas.lang
        canvas.box(360, 72, 552, 544, theme.floor, theme.hair, radius=6, width=1.2)
        y = 106.0
        for part in level_texts(self._card, lang).debrief.strip().split("\n\n"):
            words = " ".join(part.split("\n"))
            y = canvas.paragraph(384, y, words, "reading", theme.ink, 504) + 12
        if self._pages:
            top = _page_rect(0)[1]
            canvas.text(384, top - 14, phrase(lang, "debrief_pages"), "sign", theme.ink)
        for index, page in enumerate(self._pages):
            button.plain(canvas, _page_rect(index), page.words(lang).title)

    def _draw_hall(self, canvas: Canvas) -> None:
        series = self._result.series
        limits = plot.combined(series.backlog)
        frame = plot.queue_frame(HALL_PLOT, series.accept_queue, limits)
        plot.ground(canvas, frame)
        plot.full_bands(canvas, frame, series.accept_queue, limits)
        if limits:
            plot.limit_line(canvas, frame, limits)
        plot.peak_mark(canvas, frame, series.accept_queue, limits)
        plot.lines(canvas, frame, series.accept_queue)
        if limits and limits[-1]:
            name = _with_one_more(canvas.lang, "debrief_seats", [limits[-1] + 1], limits)
            plot.limit_name(canvas, frame, limits[-1], name)
        plot.base_line(canvas, frame)

    def _draw_key(self, canvas: Canvas) -> None:
        """Which line is which platform; needless when there is one."""
        theme = canvas.theme
        count = len(self._result.series.syn_queue)
        if count < 2:
            return
        for listener in range(min(count, 4)):
            x = 804 + 60 * (listener - min(count, 4) + 2)
            colour = theme.platforms[listener]
            dash = plot.DASHES[listener]
            dashed_way(canvas, [(x, 252), (x + 24, 252)], colour, 2.6, *dash)
            livery = ("pa", "pb", "pc", "pd")[listener]
            canvas.sprite(f"bullet-{listener}", x + 38, 252, 17, livery=livery)
            letter = chr(ord("A") + listener)
            canvas.text(x + 38, 256.3, letter, "caption_bold", theme.ontrain, "center")

    @property
    def _seconds(self) -> int:
        series = self._result.series
        return max(1, round(len(series.served) * series.step_ms / 1000) or self._card.seconds)

    def _time_x(self, tick: int) -> float:
        return PLOT_LEFT + PLOT_WIDTH * min(1.0, tick * TICK_MS / (self._seconds * 1000))

    def _draw_marks(self, canvas: Canvas) -> None:
        """Numbered causes through all plots, and a small mark on the axis for each command.

        The numbers stand above the first plot, or in it when one comes so early that it would
        stand on the plot's title.
        """
        theme = canvas.theme
        for event in self._result.story:
            if event.code in COMMANDS:
                x = self._time_x(event.tick)
                canvas.polygon([(x - 5, 595), (x + 5, 595), (x, 587)], theme.focus)
        places = [self._time_x(event.tick) for event in self._causes]
        for x in places:
            for rect in (LINE_PLOT, HALL_PLOT, PEOPLE_PLOT):
                canvas.dashed_line(x, rect[1], x, rect[1] + rect[3], theme.ink, 1.3, 2, 4)
        title = canvas.measure(phrase(canvas.lang, "debrief_line"), "sign")
        free = 370 + title + canvas.measure("SYN queue", "kernel") + 18
        top = LINE_PLOT[1] + 11 if any(x < free for x in places) else 120.0
        for number, (x, row) in enumerate(zip(places, _rows(places), strict=True), 1):
            # A number stands on its own line; where two would touch, the later one hangs lower.
            number_disc(
                canvas, max(x, PLOT_LEFT + 8), top + (20 if top > 120 else 27) * row, number, 9.5
            )

    def _draw_board(self, canvas: Canvas) -> None:
        theme = canvas.theme
        canvas.box(*BOARD, fill=theme.board, radius=6)
        counters = self._result.counters
        for index, name in enumerate(telling_counters(counters, 3)):
            x = 376 + 182 * index
            short = name.removeprefix("TcpExt")
            canvas.text(x, 654, short, "kernel", theme.boarddim, max_width=174)
            canvas.flaps(x, 664, f"{counters.get(name, 0):>6}")


def _pages_about(card: LevelCard) -> list[Page]:
    """What the level teaches, then what its knobs are."""
    taught = [page.id for page in PAGES.values() if page.level == card.number]
    knobs = [page_for_knob(knob.name) for knob in card.knobs]
    return [PAGES[page] for page in dict.fromkeys(taught + knobs) if page][:PAGES_MAX]


def _page_rect(index: int) -> Rect:
    """A link into the field guide: three rows of two, at the foot of the sheet."""
    return (384 + 256 * (index % 2), 472 + 46 * (index // 2), 248, 38)


def _advice(lang: str, goal: GoalResult | None, result: Result) -> str:
    if goal is None or not goal.marks:
        return next_star(lang, "none", "")
    mark = goal.marks[min(result.stars, len(goal.marks) - 1)]
    losses: dict[str, int] = {}
    for event in result.story:
        count = event.args.get("count", 0)
        losses[event.code] = losses.get(event.code, 0) + (count if isinstance(count, int) else 0)
    return next_star(lang, goal.what, mark_text(goal.what, mark), losses)


def _with_one_more(lang: str, key: str, limits: list[int], backlog: list[int]) -> str:
    """A limit as the station writes it: the backlog, and the one more that the kernel lets in."""
    last = backlog[-1] if backlog else 0
    limit = f"{last} + 1" if last and limits[-1] == last + 1 else str(limits[-1])
    return phrase(lang, key, limit=limit)


def _plot_title(canvas: Canvas, y: float, title: str, kernel: str) -> None:
    theme = canvas.theme
    width = canvas.text(360, y, title, "sign", theme.ink)
    canvas.text(370 + width, y, kernel, "kernel", theme.ink2)


def _rows(places: list[float]) -> list[int]:
    """The row of each number, the first where nothing in it is nearer than a disc is wide."""
    ends: list[float] = []
    rows: list[int] = []
    for place in places:
        row = next((r for r, end in enumerate(ends) if place >= end), len(ends))
        ends[row : row + 1] = [place + 21]
        rows.append(row)
    return rows
