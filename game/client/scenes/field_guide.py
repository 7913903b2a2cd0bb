"""The field guide: contents on the left, narrowed by typing; one page on the right."""

import pygame

from game.client.canvas import Canvas
from game.client.focus import Focus, is_back
from game.client.keys import Action, Group
from game.client.plane import Rect
from game.client.player import Player
from game.client.scene import Hotspot, Outcome, Pop, Push
from game.client.scenes.briefing import BriefingScene
from game.client.widgets import button
from game.client.widgets.plate import level_texts, line_colour
from game.client.widgets.vignette import vignette
from game.protocol.catalogue import LevelCard
from game.text.guide import PAGES, Page, chapter_title, find
from game.text.phrases import phrase

LIST: Rect = (24, 128, 328, 504)
ROW_H = 24.0
ROWS = int(LIST[3] // ROW_H)
SEARCH: Rect = (24, 80, 328, 36)
BACK: Rect = (24, 652, 328, 44)
TEXT_X, TEXT_W = 392.0, 528.0
SIDE_X, SIDE_W = 952.0, 304.0
PICTURE: Rect = (392, 104, 864, 128)
LEVEL: Rect = (SIDE_X, 382, SIDE_W, 56)
ALSO_Y, ALSO_H = 486.0, 40.0
QUERY_LENGTH_MAX = 24
"""Signs of a search; the longest name that is looked for has 31, the first 24 tell them apart."""

PAGE_ROWS = 10
FIRST_PAGE = "listen"


class FieldGuideScene:
    """The guide, open at one page.

    Args:
        page: id of the page to open, "" for the first.
        during_run: True while a run, or a briefing, waits below; then no other level can be begun
            from here.
    """

    name = "field-guide"

    def __init__(self, player: Player, page: str = "", during_run: bool = False) -> None:
        self._player = player
        self._during_run = during_run
        # The key that opened the guide out of a run arrives as a text, too.
        self._swallows = during_run
        self._query = ""
        self._rows = _rows("")
        self._page = PAGES[page] if page in PAGES else PAGES[FIRST_PAGE]
        self._top = 0
        self._focus = Focus(f"page:{self._page.id}")
        self._reveal()

    # The list.

    def _reveal(self) -> None:
        """Scroll so that the open page's row, and the heading before it, can be seen."""
        place = self._place()
        if place is None:
            return
        before = place - 1 if isinstance(self._rows[place - 1], str) else place
        self._top = min(self._top, max(0, before))
        self._top = max(self._top, place - ROWS + 1)

    def _place(self) -> int | None:
        """Row of the open page, None while a search hides it."""
        return next((i for i, row in enumerate(self._rows) if row == self._page), None)

    def _scroll(self, by: int) -> None:
        self._top = min(max(0, self._top + by), max(0, len(self._rows) - ROWS))

    def _step(self, by: int) -> None:
        """Open the page so many further on in the list."""
        pages = [row for row in self._rows if isinstance(row, Page)]
        if not pages:
            return
        at = pages.index(self._page) if self._page in pages else -1 if by > 0 else 0
        self._open(pages[min(max(0, at + by), len(pages) - 1)].id)
        self._focus.id, self._focus.visible = f"page:{self._page.id}", True

    def _open(self, page: str) -> None:
        self._page = PAGES[page]
        if self._place() is None:
            self._search("")
        self._reveal()

    def _search(self, query: str) -> None:
        """Narrow the list; the first page found is opened when the open one is not in it."""
        self._query = query[:QUERY_LENGTH_MAX]
        self._rows = _rows(self._query)
        self._top = 0
        if self._place() is None:
            self._page = next((row for row in self._rows if isinstance(row, Page)), self._page)
        self._focus.id = f"page:{self._page.id}"
        self._reveal()

    # The level.

    def _level(self) -> LevelCard | None:
        """The level that teaches the page, when this host has it."""
        return next((c for c in self._player.cards if c.number == self._page.level), None)

    def _open_level(self) -> LevelCard | None:
        """The same, when it can be begun from here."""
        card = self._level()
        if card is None or self._during_run or self._player.missing_before(card):
            return None
        return card

    def hotspots(self) -> list[Hotspot]:
        """Rows in sight, the level, pages that lead on, the way back."""
        lang = self._player.lang
        x, y, w, _ = LIST
        spots = []
        for index, row in enumerate(self._rows[self._top : self._top + ROWS]):
            if isinstance(row, Page):
                rect = (x, y + ROW_H * index, w - 12, ROW_H)
                spots.append(Hotspot(rect, f"page:{row.id}", row.words(lang).title))
        card = self._open_level()
        if card is not None:
            spots.append(Hotspot(LEVEL, "level", level_texts(card, lang).title))
        for index, page in enumerate(self._page.also):
            rect = (SIDE_X, ALSO_Y + (ALSO_H + 8) * index, SIDE_W, ALSO_H)
            spots.append(Hotspot(rect, f"also:{page}", PAGES[page].words(lang).title))
        return [*spots, Hotspot(BACK, "back", phrase(lang, "guide_back"))]

    def handle(self, event: pygame.event.Event) -> Outcome:
        """Letters search, arrows turn pages; going back first forgets the search."""
        keys = self._player.keys
        if is_back(event, keys):
            if not self._query:
                return Pop()
            self._search("")
            return None
        if event.type == pygame.TEXTINPUT:
            if not self._swallows:
                self._type(event.text)
            self._swallows = False
            return None
        if event.type in (pygame.KEYDOWN, pygame.MOUSEBUTTONDOWN):
            self._swallows = False
        if event.type == pygame.MOUSEWHEEL:
            self._scroll(-2 * event.y)
            return None
        if event.type == pygame.KEYDOWN and self._key(event.key):
            return None
        chosen = self._focus.handle(event, self.hotspots(), keys)
        return self._choose(chosen) if chosen else None

    def _type(self, text: str) -> None:
        clean = "".join(sign for sign in text if sign.isprintable())
        if clean.strip() or (clean and self._query):
            self._search(self._query + clean)

    def _key(self, key: int) -> bool:
        """Whether a key meant something to the list."""
        if key == pygame.K_BACKSPACE:
            self._search(self._query[:-1])
            return True
        if key == pygame.K_SPACE and self._query:
            # It arrives as a text too, and belongs to the search.
            return True
        action = self._player.keys.action(key, Group.FOCUS, Group.PAGES)
        steps = {Action.PAGE_UP: -PAGE_ROWS, Action.PAGE_DOWN: PAGE_ROWS}
        steps |= {Action.FIRST: -len(PAGES), Action.LAST: len(PAGES)}
        if self._focus.id.startswith("page:"):
            steps |= {Action.UP: -1, Action.DOWN: 1}
        if action not in steps:
            return False
        self._step(steps[action])
        return True

    def _choose(self, chosen: str) -> Outcome:
        kind, _, rest = chosen.partition(":")
        match kind:
            case "page" | "also":
                self._open(rest)
                self._focus.id = f"page:{rest}"
            case "level":
                card = self._open_level()
                return None if card is None else Push(BriefingScene(self._player, card))
            case "back":
                return Pop()
        return None

    def update(self, wall_s: float) -> Outcome:
        """Nothing moves."""
        return None

    # The picture.

    def draw(self, canvas: Canvas) -> None:
        """List and page, painted anew when another page, row or search is shown; the focus."""
        canvas.clear()
        card = self._level()
        state = (self._page.id, self._query, self._top, card, self._open_level())
        canvas.layer("guide", (0, 0, 1280, 720), state, self._paint, canvas.theme.paper)
        self._focus.draw(canvas, self.hotspots())

    def _paint(self, canvas: Canvas) -> None:
        theme = canvas.theme
        canvas.box(0, 0, 368, 720, theme.floor)
        canvas.line(368, 0, 368, 720, theme.hair)
        canvas.icon("info", 42, 48, 30)
        title = phrase(canvas.lang, "nav_guide")
        canvas.text(68, 55, title, "title", theme.ink, max_width=280)
        self._draw_search(canvas)
        self._draw_list(canvas)
        button.plain(canvas, BACK, phrase(canvas.lang, "guide_back"), "back")
        self._draw_head(canvas)
        vignette(canvas, PICTURE, self._page.id)
        self._draw_words(canvas)
        self._draw_side(canvas)

    def _draw_search(self, canvas: Canvas) -> None:
        theme = canvas.theme
        x, y, w, h = SEARCH
        line = theme.focus if self._query else theme.hair
        canvas.box(x, y, w, h, theme.paper, line, radius=5, width=1.4)
        if not self._query:
            said = phrase(canvas.lang, "guide_search")
            canvas.text(x + 12, y + 23, said, "body", theme.ink2, max_width=w - 24)
            return
        count = sum(isinstance(row, Page) for row in self._rows)
        said = phrase(canvas.lang, "guide_found", count=count)
        used = canvas.text(x + w - 12, y + 23, said, "caption", theme.ink2, "right")
        width = canvas.text(x + 12, y + 23, self._query, "sign", theme.ink, max_width=w - 40 - used)
        canvas.box(x + 14 + width, y + 10, 2, 17, theme.focus)

    def _draw_list(self, canvas: Canvas) -> None:
        theme = canvas.theme
        x, y, w, h = LIST
        if not self._rows:
            said = phrase(canvas.lang, "guide_nothing")
            canvas.paragraph(x + 12, y + 20, said, "body", theme.ink2, w - 24)
        for index, row in enumerate(self._rows[self._top : self._top + ROWS]):
            base = y + ROW_H * index + 17
            if isinstance(row, str):
                title = chapter_title(canvas.lang, row)
                canvas.text(x, base, title, "caption_bold", theme.ink2)
                wide = canvas.measure(title, "caption_bold")
                canvas.line(x + wide + 10, base - 4, x + w - 16, base - 4, theme.hair)
            else:
                _draw_row(canvas, row, base, row == self._page)
        if len(self._rows) > ROWS:
            part = h / len(self._rows)
            canvas.box(x + w - 4, y, 4, h, theme.hair, radius=2)
            canvas.box(x + w - 4, y + part * self._top, 4, part * ROWS, theme.ink2, radius=2)

    def _draw_head(self, canvas: Canvas) -> None:
        theme, page = canvas.theme, self._page
        title = page.words(canvas.lang).title
        canvas.text(TEXT_X, 56, title, "plate", theme.ink, max_width=860)
        canvas.text(TEXT_X, 84, page.kernel, "console", theme.ink2, max_width=860)

    def _draw_words(self, canvas: Canvas) -> None:
        theme, words = canvas.theme, self._page.words(canvas.lang)
        y = 270.0
        for key, text in (
            ("guide_about", words.about),
            ("guide_full", words.full),
            ("guide_changed", words.changed),
        ):
            if not text:
                continue
            canvas.text(TEXT_X, y, phrase(canvas.lang, key), "sign", theme.ink)
            y = canvas.paragraph(TEXT_X, y + 26, text, "reading", theme.ink2, TEXT_W) + 18

    def _draw_side(self, canvas: Canvas) -> None:
        theme, lang = canvas.theme, canvas.lang
        canvas.text(SIDE_X, 270, phrase(lang, "guide_see"), "sign", theme.ink)
        canvas.box(SIDE_X, 282, SIDE_W, 56, theme.board, radius=4)
        lines = canvas.wrap(self._page.see, "console", SIDE_W - 44)[:2]
        base = 315.0 if len(lines) == 1 else 306.0
        canvas.text(SIDE_X + 14, base, "$", "console", theme.amber)
        for index, line in enumerate(lines):
            room = SIDE_W - 40
            at = base + 19 * index
            canvas.text(SIDE_X + 32, at, line, "console", theme.flaptext, max_width=room)
        canvas.text(SIDE_X, 370, phrase(lang, "guide_level"), "sign", theme.ink)
        self._draw_level(canvas)
        canvas.text(SIDE_X, ALSO_Y - 12, phrase(lang, "guide_also"), "sign", theme.ink)
        for index, page in enumerate(self._page.also):
            rect = (SIDE_X, ALSO_Y + (ALSO_H + 8) * index, SIDE_W, ALSO_H)
            button.plain(canvas, rect, PAGES[page].words(lang).title)

    def _draw_level(self, canvas: Canvas) -> None:
        """The level with its number; pale with a lock, or with a word, when it cannot be begun."""
        theme, lang, card = canvas.theme, canvas.lang, self._level()
        x, y, w, h = LEVEL
        canvas.box(x, y, w, h, theme.floor, theme.hair, radius=5, width=1.4)
        fill = line_colour(theme, card.line) if card else theme.mid
        canvas.box(x + 8, y + 8, 40, 40, fill, radius=4)
        heritage = card is not None and card.line == "heritage"
        ink = theme.floor if heritage or card is None else theme.ontrain
        canvas.text(x + 28, y + 36, str(self._page.level), "plate", ink, "center")
        room = w - 92
        if card is None:
            said = phrase(lang, "map_gap_one", first=self._page.level)
            canvas.text(x + 60, y + 33, said, "body", theme.ink2, max_width=w - 68)
            return
        texts = level_texts(card, lang)
        canvas.text(x + 60, y + 25, texts.title, "sign", theme.ink, max_width=room)
        canvas.text(x + 60, y + 43, texts.subtitle, "kernel", theme.ink2, max_width=room)
        if self._open_level() is not None:
            canvas.icon("arrow", x + w - 22, y + h / 2, 20)
        elif self._player.missing_before(card):
            canvas.icon("lock", x + w - 22, y + h / 2, 16, "ink2")


def _rows(query: str) -> list[str | Page]:
    """What the list shows: chapters by name, each before its pages."""
    rows: list[str | Page] = []
    for chapter, pages in find(query).items():
        rows += [chapter, *pages]
    return rows


def _draw_row(canvas: Canvas, page: Page, base: float, chosen: bool) -> None:
    """A station name, and the kernel name beside it where there is room for all of it."""
    theme = canvas.theme
    x, _, w, _ = LIST
    if chosen:
        canvas.box(x, base - 17, w - 12, ROW_H, theme.sign, radius=3)
    ink, quiet = (theme.onsign, theme.onsign2) if chosen else (theme.ink, theme.ink2)
    title = page.words(canvas.lang).title
    used = canvas.text(x + 8, base, title, "body", ink, max_width=w - 28)
    whole = page.kernel.rpartition("net.ipv4.")[2]
    for name in (whole, whole.split(", ")[0].split(" - ")[0]):
        if canvas.measure(name, "kernel") <= w - 40 - used:
            canvas.text(x + w - 20, base, name, "kernel", quiet, "right")
            return
