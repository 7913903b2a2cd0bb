"""How the game looks: theme, language, text size, motion, full screen; and starting over."""

from dataclasses import dataclass

import msgspec
import pygame

from game.client.canvas import Canvas
from game.client.focus import Focus, is_back
from game.client.plane import Rect
from game.client.player import Player
from game.client.scene import Hotspot, Outcome, Pop
from game.client.settings import Settings
from game.client.widgets import button
from game.text.phrases import phrase

LEFT = 240
WIDTH = 800
CONTROL = 640
CONTROL_WIDTH = 376
FIRST_ROW = 128
PITCH = 64
BACK: Rect = (240, 628, 212, 44)
RESET: Rect = (720, 628, 320, 44)


@dataclass(frozen=True)
class Row:
    """One setting: a field of `Settings` and the values it may take."""

    field: str
    title: str
    values: tuple[object, ...]
    names: tuple[str, ...]

    @property
    def is_switch(self) -> bool:
        """True when it is on or off."""
        return self.values == (False, True)


_SWITCH = ((False, True), ("settings_off", "settings_on"))

ROWS = (
    Row(
        "theme",
        "settings_theme",
        ("light", "dark", "contrast"),
        ("settings_light", "settings_dark", "settings_contrast"),
    ),
    Row("lang", "settings_lang", ("en", "zh"), ("settings_en", "settings_zh")),
    Row("text_delta", "settings_text", (0, 2), ("settings_normal", "settings_large")),
    Row("reduced_motion", "settings_motion", *_SWITCH),
    Row("patterns", "settings_patterns", *_SWITCH),
    Row("full_screen", "settings_full", *_SWITCH),
)


class SettingsScene:
    """The settings; every change acts at once and is kept."""

    name = "settings"

    def __init__(self, player: Player) -> None:
        self._player = player
        self._focus = Focus("theme-light")
        self._reset = "settings_reset"

    def hotspots(self) -> list[Hotspot]:
        """Every choice of every row, then back and reset."""
        lang = self._player.lang
        spots = []
        for index, row in enumerate(ROWS):
            title = phrase(lang, row.title)
            if row.is_switch:
                spots.append(Hotspot(_switch_rect(index), row.field, title))
                continue
            for at, (value, name) in enumerate(zip(row.values, row.names, strict=True)):
                label = f"{title}: {phrase(lang, name)}"
                spots.append(Hotspot(_choice_rect(index, row, at), f"{row.field}-{value}", label))
        return [
            *spots,
            Hotspot(BACK, "back", phrase(lang, "settings_back")),
            Hotspot(RESET, "reset", phrase(lang, "settings_reset")),
        ]

    def handle(self, event: pygame.event.Event) -> Outcome:
        """Take a choice; Escape and the controller's B go back."""
        if is_back(event, self._player.keys):
            return Pop()
        chosen = self._focus.handle(event, self.hotspots(), self._player.keys)
        if chosen is None:
            return None
        if chosen == "back":
            return Pop()
        if chosen == "reset":
            self._step_reset()
            return None
        self._reset = "settings_reset"
        self._take(chosen)
        return None

    def _step_reset(self) -> None:
        """Ask first, then forget; a third press asks anew."""
        if self._reset == "settings_reset_sure":
            self._player.progress.reset()
            self._reset = "settings_reset_done"
        else:
            self._reset = "settings_reset_sure"

    def _take(self, chosen: str) -> None:
        store = self._player.settings
        for row in ROWS:
            if row.is_switch and chosen == row.field:
                store.put(_with(store.now, row.field, not getattr(store.now, row.field)))
            for value in row.values:
                if chosen == f"{row.field}-{value}":
                    store.put(_with(store.now, row.field, value))

    def update(self, wall_s: float) -> Outcome:
        """Nothing moves."""
        return None

    def draw(self, canvas: Canvas) -> None:
        """Rows with their controls."""
        theme, lang = canvas.theme, canvas.lang
        canvas.clear()
        canvas.icon("sliders", LEFT + 20, 68, 36)
        canvas.text(LEFT + 56, 75, phrase(lang, "settings_title"), "title", theme.ink)
        height = PITCH * len(ROWS) + 16
        canvas.box(
            LEFT, FIRST_ROW - 20, WIDTH, height, theme.floor, theme.hair, radius=6, width=1.2
        )
        for index, row in enumerate(ROWS):
            self._draw_row(canvas, index, row)
        button.plain(canvas, BACK, phrase(lang, "settings_back"), "back")
        button.plain(canvas, RESET, phrase(lang, self._reset), "restart")
        keys = phrase(lang, "settings_keys")
        canvas.text(LEFT, FIRST_ROW + height + 16, keys, "caption", theme.ink2, max_width=WIDTH)
        self._focus.draw(canvas, self.hotspots())

    def _draw_row(self, canvas: Canvas, index: int, row: Row) -> None:
        theme, lang = canvas.theme, canvas.lang
        y = FIRST_ROW + PITCH * index
        if index:
            canvas.line(LEFT + 24, y - 12, LEFT + WIDTH - 24, y - 12, theme.hair)
        canvas.text(LEFT + 24, y + 18, phrase(lang, row.title), "sign", theme.ink)
        more = phrase(lang, f"{row.title}_more")
        canvas.text(LEFT + 24, y + 37, more, "caption", theme.ink2, max_width=352)
        now = getattr(self._player.settings.now, row.field)
        if row.is_switch:
            x, top, _, _ = _switch_rect(index)
            button.switch(canvas, x + 8, top + 8, now)
            name = phrase(lang, row.names[int(now)])
            canvas.text(x + 64, top + 25, name, "sign", theme.ink)
            return
        chosen = row.values.index(now) if now in row.values else 0
        rect = (CONTROL, y + 4, CONTROL_WIDTH, 36)
        button.choices(canvas, rect, [phrase(lang, name) for name in row.names], chosen)


def _with(settings: Settings, field: str, value: object) -> Settings:
    changed = msgspec.structs.replace(settings, **{field: value})
    assert isinstance(changed, Settings)
    return changed


def _switch_rect(index: int) -> Rect:
    return (CONTROL - 8, FIRST_ROW + PITCH * index + 2, 120, 40)


def _choice_rect(index: int, row: Row, at: int) -> Rect:
    each = CONTROL_WIDTH / len(row.values)
    return (CONTROL + at * each, FIRST_ROW + PITCH * index + 4, each, 36)
