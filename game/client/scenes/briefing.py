"""Before a level: who comes, what counts as a star, which knobs are open."""

from collections.abc import Callable, Iterator

import pygame

from game.client.canvas import Canvas
from game.client.draw.layout import plan_of
from game.client.focus import Focus, hotspot_at, is_back
from game.client.plane import Rect
from game.client.player import Player
from game.client.scene import Hotspot, Outcome, Pop, Push, Scene, Send
from game.client.widgets import button
from game.client.widgets.plate import head, level_texts, line_colour
from game.client.widgets.stages import stage_rect, stages
from game.client.widgets.star import star
from game.client.widgets.timetable import (
    actor_sprite,
    rate_text,
    time_axis,
    wave_bars,
    wave_name,
)
from game.client.widgets.tip import tip
from game.protocol.catalogue import Knob, LevelCard, Wave
from game.protocol.messages import StartLevel
from game.text.goals import goal_name, mark_text, value_text
from game.text.guide import PAGES
from game.text.guide.terms import terms
from game.text.phrases import phrase

LEFT = 48
LEFT_WIDTH = 544
RIGHT = 656
RIGHT_WIDTH = 576
STRIP_TOP = 512
LANES = 3
STAGES: Rect = (48, 388, 544, 104)
START: Rect = (944, 640, 288, 56)
WATCH: Rect = (716, 646, 212, 44)
BACK: Rect = (48, 646, 212, 44)
BEST: Rect = (488, 646, 212, 44)
AXIS = 588
KNOB_ROWS_MAX = 7
WORDS_TOP, WORDS_END = 226.0, 380.0
WORD_SIZES = (
    ("value", "body", 3.0),
    ("sign", "body", 2.0),
    ("strong", "body", 1.0),
    ("strong", "caption", 0.0),
)
"""Roles of the first and the other paragraphs, and the space between lines, largest first."""

STAGE_PAGES = ("rx-ring", "syn-queue", "accept-queue", "worker")
"""Pages about the stages; the index is `Knob.group`."""

CALLS = ("socket()", "bind()", "listen()", "accept()")


class BriefingScene:
    """The briefing of one level.

    Args:
        guide: makes the scene that shows a page of the field guide; without it no word leads there.
    """

    name = "briefing"

    def __init__(
        self, player: Player, card: LevelCard, guide: Callable[[str], Scene] | None = None
    ) -> None:
        self._player = player
        self._guide = guide
        self._card = card
        self._focus = Focus("start")
        self._hovered = ""
        self._links: list[Hotspot] = []

    def hotspots(self) -> list[Hotspot]:
        """Start, the solution where there is one, and the way back."""
        lang = self._player.lang
        spots = [Hotspot(START, "start", phrase(lang, "briefing_start"))]
        if self._shows_solution:
            spots.append(Hotspot(WATCH, "watch", phrase(lang, "briefing_watch")))
        if self._best_settings():
            spots.append(Hotspot(BEST, "best", phrase(lang, "briefing_like_best")))
        return [
            *spots,
            Hotspot(BACK, "back", phrase(lang, "briefing_back")),
            *self._links,
            *self._stages(),
        ]

    def handle(self, event: pygame.event.Event) -> Outcome:
        """Start, watch, or go back; Escape and the controller's B go back."""
        if is_back(event, self._player.keys):
            return Pop()
        if event.type == pygame.MOUSEMOTION:
            hit = hotspot_at(event.pos, self.hotspots())
            self._hovered = hit.id if hit else ""
        match self._focus.handle(event, self.hotspots(), self._player.keys):
            case "start" | "watch" as chosen:
                seed = self._player.new_seed()
                return Send(StartLevel(self._card.id, seed, solution=chosen == "watch"))
            case "best":
                seed = self._player.new_seed()
                return Send(StartLevel(self._card.id, seed, settings=self._best_settings()))
            case "back":
                return Pop()
            case str(chosen) if self._guide is not None and ":" in chosen:
                return Push(self._guide(chosen.partition(":")[2]))
        return None

    def _best_settings(self) -> dict[str, str]:
        """How the knobs stood at the end of the best run, where that was not how they start."""
        settings = self._player.best(self._card.id).settings
        starts = {knob.name: knob.default for knob in self._card.knobs if not knob.opens_at}
        return {
            name: value
            for name, value in settings.items()
            if name in starts and value != starts[name]
        }

    def update(self, wall_s: float) -> Outcome:
        """Nothing moves."""
        return None

    def draw(self, canvas: Canvas) -> None:
        """Left: who comes and why; right: stars and knobs; below: the timetable."""
        canvas.clear()
        self._draw_head(canvas)
        self._draw_actors(canvas)
        self._draw_words(canvas)
        stages(canvas, STAGES, self._card.knobs, self._groups)
        bottom = self._draw_goals(canvas)
        self._draw_knobs(canvas, bottom + 16)
        self._draw_strip(canvas)
        self._draw_buttons(canvas)
        self._focus.draw(canvas, self.hotspots())
        self._draw_tip(canvas)

    def _draw_tip(self, canvas: Canvas) -> None:
        """What a dotted word, or a part of the station, means: its page in one sentence."""
        chosen = self._focus.id if self._focus.visible else self._hovered
        spot = next((one for one in [*self._links, *self._stages()] if one.id == chosen), None)
        if spot is not None:
            tip(canvas, spot.rect, PAGES[chosen.partition(":")[2]].words(canvas.lang).first)

    def _draw_head(self, canvas: Canvas) -> None:
        theme, card = canvas.theme, self._card
        canvas.box(0, 0, 1280, 8, line_colour(theme, card.line))
        head(canvas, LEFT, 36, card, LEFT_WIDTH)
        budget = (
            phrase(canvas.lang, "briefing_budget", budget=card.budget)
            if card.budget
            else phrase(canvas.lang, "briefing_free")
        )
        machine = phrase(
            canvas.lang,
            "briefing_machine",
            workers=card.workers,
            listeners=card.listeners,
            cores=card.cores,
        )
        right = RIGHT + RIGHT_WIDTH
        canvas.text(right, 55, machine, "sign", theme.ink, "right")
        canvas.text(right, 73, budget, "caption", theme.ink2, "right")

    def _draw_actors(self, canvas: Canvas) -> None:
        """One figure for each kind that comes, with its highest rate."""
        theme, lang = canvas.theme, canvas.lang
        peaks: dict[int, Wave] = {}
        for wave in self._card.waves:
            if wave.actor not in peaks or peaks[wave.actor].per_s < wave.per_s:
                peaks[wave.actor] = wave
        each = LEFT_WIDTH / max(3, min(4, len(peaks)))
        canvas.box(LEFT, 104, each * min(4, max(1, len(peaks))), 88, theme.pave, radius=6)
        for index, (actor, wave) in enumerate(list(peaks.items())[:4]):
            x = LEFT + index * each
            canvas.sprite(actor_sprite(actor), x + 22, 172, 38, ground="pave")
            room = each - 46
            canvas.text(x + 44, 134, wave_name(lang, wave), "strong", theme.ink, max_width=room)
            rate = rate_text(lang, wave.per_s)
            canvas.text(x + 44, 154, rate, "caption", theme.ink2, max_width=room)
            canvas.text(
                x + 44,
                172,
                phrase(lang, f"actor_{actor}_more"),
                "caption",
                theme.ink2,
                max_width=room,
            )

    def _draw_words(self, canvas: Canvas) -> None:
        """The briefing: its first paragraph large, the others quiet; a long one is set smaller."""
        theme = canvas.theme
        text = level_texts(self._card, canvas.lang).briefing
        parts = [" ".join(part.split()) for part in text.strip().split("\n\n") if part.strip()]
        for large, small, space in WORD_SIZES:
            lines = list(_set(canvas, parts, (large, small), space))
            if lines and lines[-1][0] <= WORDS_END:
                break
        self._links = []
        for y, line, role in lines:
            ink = theme.ink if role != small else theme.ink2
            canvas.text(LEFT, y, line, role, ink)
            self._draw_links(canvas, y, line, role)

    def _draw_links(self, canvas: Canvas, y: float, line: str, role: str) -> None:
        """Words with a page in the field guide lead there; each the first time it stands there."""
        for start, end, page in terms(line) if self._guide is not None else []:
            if any(link.id == f"term:{page}" for link in self._links):
                continue
            x = LEFT + canvas.measure(line[:start], role)
            width = canvas.measure(line[start:end], role)
            hot = self._focus.id == f"term:{page}"
            colour = canvas.theme.focus if hot else canvas.theme.mid
            canvas.dashed_line(x, y + 3.5, x + width, y + 3.5, colour, 1.4, 2, 2)
            label = PAGES[page].words(canvas.lang).title
            self._links.append(Hotspot((x, y - 14, width, 19), f"term:{page}", label))

    def _stages(self) -> list[Hotspot]:
        """The four parts of a station lead to their pages, too."""
        if self._guide is None:
            return []
        pages = [STAGE_PAGES[group] for group in self._groups]
        return [
            Hotspot(
                stage_rect(STAGES, place),
                f"stage:{page}",
                PAGES[page].words(self._player.lang).title,
            )
            for place, page in enumerate(pages)
        ]

    @property
    def _groups(self) -> list[int]:
        """The stages of this station; without a ticket line on the screen there is none here."""
        has_line = plan_of(self._card.shows).line
        return [group for group in range(len(STAGE_PAGES)) if group != 1 or has_line]

    def _draw_goals(self, canvas: Canvas) -> float:
        """The marks as a table under one, two and three stars; returns its lower edge."""
        theme, goals = canvas.theme, self._card.goals[:4]
        height = 44 + 30 * len(goals)
        canvas.box(RIGHT, 104, RIGHT_WIDTH, height, theme.floor, theme.hair, radius=6, width=1.2)
        title = phrase(canvas.lang, "briefing_goals")
        canvas.text(RIGHT + 16, 129, title, "sign", theme.ink)
        for column in range(3):
            x = RIGHT + 264 + 116 * column
            for index in range(column + 1):
                star(canvas, x + (index - column / 2) * 17, 124, 15, True)
        for row, goal in enumerate(goals):
            y = 162 + 30 * row
            canvas.line(RIGHT + 16, y - 20, RIGHT + RIGHT_WIDTH - 16, y - 20, theme.hair)
            name = goal_name(canvas.lang, goal.what)
            canvas.text(RIGHT + 16, y, name, "body", theme.ink, max_width=170)
            for column, mark in enumerate(goal.marks[:3]):
                last = column == 2
                canvas.text(
                    RIGHT + 264 + 116 * column,
                    y,
                    mark_text(goal.what, mark),
                    "sign" if last else "body",
                    theme.ink if last else theme.ink2,
                    "center",
                    max_width=112,
                )
        return 104 + height

    def _draw_knobs(self, canvas: Canvas, top: float) -> None:
        """Kernel name, value at the start and price of every knob; the lesson has a mark."""
        theme, lang, knobs = canvas.theme, canvas.lang, self._card.knobs
        rows = max(1, min(len(knobs), KNOB_ROWS_MAX, int((STRIP_TOP - 12 - top - 44) // 24)))
        height = 44 + 24 * rows
        canvas.box(RIGHT, top, RIGHT_WIDTH, height, theme.floor, theme.hair, radius=6, width=1.2)
        title = "briefing_calls" if self._card.calls and not knobs else "briefing_knobs"
        canvas.text(RIGHT + 16, top + 25, phrase(lang, title), "sign", theme.ink)
        if not knobs:
            self._draw_calls(canvas, top + 52)
            return
        for row, knob in enumerate(_important_first(knobs, self._tried)[:rows]):
            self._draw_knob(canvas, knob, top + 52 + 24 * row)
        if len(knobs) > rows:
            right = RIGHT + RIGHT_WIDTH - 16
            canvas.text(right, top + 25, f"+ {len(knobs) - rows}", "caption", theme.ink2, "right")

    @property
    def _shows_solution(self) -> bool:
        """Whether the solution is offered: first everybody tries."""
        return self._card.has_solution and self._tried

    @property
    def _tried(self) -> bool:
        """Whether it was played before: till then nothing says which knob is the answer."""
        return self._player.best(self._card.id).served is not None

    def _draw_knob(self, canvas: Canvas, knob: Knob, y: float) -> None:
        theme, lang = canvas.theme, canvas.lang
        right = RIGHT + RIGHT_WIDTH - 16
        if knob.lesson and self._tried:
            canvas.box(RIGHT + 1, y - 16, 5, 22, theme.amber)
            canvas.icon("bulb", RIGHT + 22, y - 5, 16)
        elif knob.opens_at:
            canvas.icon("lock", RIGHT + 22, y - 5, 14, "ink2")
        else:
            canvas.circle(RIGHT + 22, y - 4.5, 3, theme.floor, theme.mid, 1.6)
        ink = theme.ink2 if knob.opens_at else theme.ink
        canvas.text(RIGHT + 38, y, knob.kernel_name, "kernel", ink, max_width=250)
        if knob.opens_at:
            text = phrase(lang, "briefing_opens_at", station=self._station(knob.opens_at))
            canvas.text(right, y, text, "caption", theme.ink2, "right", max_width=240)
            return
        now = phrase(lang, "briefing_default", value=knob.default)
        canvas.text(RIGHT + 380, y, now, "caption", theme.ink2, "center", max_width=140)
        if knob.cost:
            cost = phrase(lang, "briefing_cost", cost=knob.cost)
            canvas.text(right, y, cost, "caption", theme.ink2, "right", max_width=100)

    def _station(self, level: str) -> str:
        card = self._player.view.level(level)
        if card is None:
            return level
        return f"{card.number} {level_texts(card, self._player.lang).title}"

    def _draw_calls(self, canvas: Canvas, y: float) -> None:
        """The calls of the first level, in their order."""
        theme = canvas.theme
        x = RIGHT + 16.0
        for index, call in enumerate(CALLS):
            if index:
                canvas.icon("arrow", x + 8, y - 4, 14, "ink2")
                x += 28
            x += canvas.text(x, y, call, "kernel", theme.ink) + 12

    def _draw_strip(self, canvas: Canvas) -> None:
        width = RIGHT + RIGHT_WIDTH - LEFT
        canvas.line(LEFT, AXIS, LEFT + width, AXIS, canvas.theme.ink, 1.2)
        waves, seconds = self._card.waves, self._card.seconds
        wave_bars(canvas, LEFT, STRIP_TOP, width, waves, seconds, LANES, rates=True)
        time_axis(canvas, LEFT, AXIS, width, seconds)

    def _draw_buttons(self, canvas: Canvas) -> None:
        lang, card = canvas.lang, self._card
        minutes = f"{card.seconds // 60}:{card.seconds % 60:02}"
        more = phrase(lang, "briefing_start_more", minutes=minutes)
        button.primary(canvas, START, "play", phrase(lang, "briefing_start"), more)
        if self._shows_solution:
            button.plain(canvas, WATCH, phrase(lang, "briefing_watch"), "bulb")
        button.plain(canvas, BACK, phrase(lang, "briefing_back"), "back")
        best = self._player.best(card.id)
        if best.served is not None:
            served = value_text("served", best.served)
            text = phrase(lang, "briefing_best", stars=best.stars, served=served)
            lines = canvas.wrap(text, "caption", 200 if self._best_settings() else 420)
            for index, line in enumerate(lines[:2]):
                y = 673 - 9 * (len(lines) - 1) + 18 * index
                canvas.text(276, y, line, "caption", canvas.theme.ink2)
        if self._best_settings():
            button.plain(canvas, BEST, phrase(lang, "briefing_like_best"), "dial")


def _set(
    canvas: Canvas, parts: list[str], roles: tuple[str, str], space: float
) -> Iterator[tuple[float, str, str]]:
    """Baseline, words and role of every line of the briefing."""
    y = WORDS_TOP
    for index, part in enumerate(parts):
        role = roles[0] if index == 0 else roles[1]
        for line in canvas.wrap(part, role, LEFT_WIDTH - 8):
            yield y, line, role
            y += canvas.line_height(role) + space
        y += 4 * space


def _important_first(knobs: list[Knob], tried: bool) -> list[Knob]:
    """Open knobs before shut ones, and, once it was tried, the lesson before all."""
    return sorted(knobs, key=lambda knob: (bool(knob.opens_at), tried and not knob.lesson))
