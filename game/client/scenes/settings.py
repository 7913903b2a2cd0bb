"""How the game looks, sounds and is steered, and what was reached; every change acts at once."""

import time
from dataclasses import dataclass

import msgspec
import pygame

from game.client.canvas import Canvas
from game.client.focus import Focus, is_back
from game.client.keys import Action, can_be_bound, key_cap
from game.client.plane import Rect
from game.client.player import Player
from game.client.scene import Hotspot, Outcome, Pop, Push
from game.client.scenes.ask import AskScene, Question
from game.client.settings import Settings
from game.client.widgets import button
from game.client.widgets.motion import Glide
from game.text.phrases import phrase

LEFT = 240.0
WIDTH = 800.0
CONTROL = 640.0
CONTROL_WIDTH = 376.0
FIRST_ROW = 180.0
PITCH = 64.0
TAB_NAMES = ("look", "sound", "keys", "progress")
TABS_Y, TAB_H = 100.0, 36.0
BACK: Rect = (240, 652, 212, 44)
RIGHT: Rect = (720, 652, 320, 44)
EXPORT: Rect = (736, 254, 280, 44)
RESET: Rect = (736, 342, 280, 44)
VOLUME_MAX = 10
KEY_ROWS = 16
KEY_PITCH = 27.5
KEYS_Y = 152.0
KEY_W = WIDTH / 2
CAP_W, CAP_H = 84.0, 23.5
MESSAGE_Y = 630.0


@dataclass(frozen=True)
class Row:
    """One setting: a field of `Settings` and the values it may take; none for a volume."""

    field: str
    title: str
    values: tuple[object, ...] = ()
    names: tuple[str, ...] = ()

    @property
    def is_switch(self) -> bool:
        """True when it is on or off."""
        return self.values == (False, True)


_SWITCH = ((False, True), ("settings_off", "settings_on"))

LOOK = (
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

SOUND = (Row("volume", "settings_volume"), Row("effects_volume", "settings_effects_volume"))

ROWS = {"look": LOOK, "sound": SOUND}


class SettingsScene:
    """The settings, on four sheets.

    Args:
        tab: the sheet to begin with.
    """

    name = "settings"

    def __init__(self, player: Player, tab: str = "look") -> None:
        self._player = player
        self._tab = tab
        self._sign_at = float(TAB_NAMES.index(tab))
        self._sign = Glide(self._sign_at)
        self._focus = Focus(f"tab-{tab}")
        self._asking: Action | None = None
        self._message = ""

    @property
    def asks_for_key(self) -> bool:
        """True while the next key is to be bound to an action."""
        return self._asking is not None

    # What can be chosen.

    def hotspots(self) -> list[Hotspot]:
        """The sheets, what stands on the open one, and the way back."""
        lang = self._player.lang
        spots = [
            Hotspot(_tab_rect(index), f"tab-{name}", phrase(lang, f"settings_tab_{name}"))
            for index, name in enumerate(TAB_NAMES)
        ]
        for index, row in enumerate(ROWS.get(self._tab, ())):
            spots += _row_spots(lang, index, row)
        back = Hotspot(BACK, "back", phrase(lang, "settings_back"))
        if self._tab == "keys":
            spots += [
                Hotspot(_key_rect(index), f"key-{action}", phrase(lang, f"key_{action}"))
                for index, action in enumerate(Action)
            ]
            return [*spots, back, Hotspot(RIGHT, "keys-reset", phrase(lang, "settings_keys_reset"))]
        if self._tab == "progress":
            spots.append(Hotspot(EXPORT, "export", phrase(lang, "settings_export")))
            spots.append(Hotspot(RESET, "reset", phrase(lang, "settings_reset")))
        return [*spots, back]

    def handle(self, event: pygame.event.Event) -> Outcome:
        """Take a choice, or the key that was asked for."""
        if self._asking is not None:
            self._hear_key(event)
            return None
        keys = self._player.keys
        if is_back(event, keys):
            return Pop()
        chosen = self._focus.handle(event, self.hotspots(), keys)
        return None if chosen is None else self._choose(chosen)

    def _choose(self, chosen: str) -> Outcome:
        self._message = ""
        kind, _, rest = chosen.partition("-")
        match kind:
            case "back":
                return Pop()
            case "tab":
                self._tab = rest
            case "key":
                self._asking = Action(rest)
            case "keys":
                self._put(keys={})
                self._message = phrase(self._player.lang, "settings_keys_were_reset")
            case "export":
                self._export()
            case "reset":
                return Push(self._ask_reset())
            case _:
                self._take(chosen)
        return None

    def _put(self, **changes: object) -> None:
        store = self._player.settings
        changed = msgspec.structs.replace(store.now, **changes)
        assert isinstance(changed, Settings)
        store.put(changed)

    def _take(self, chosen: str) -> None:
        now = self._player.settings.now
        for row in (*LOOK, *SOUND):
            if row.is_switch and chosen == row.field:
                self._put(**{row.field: not getattr(now, row.field)})
            for value in row.values:
                if chosen == f"{row.field}-{value}":
                    self._put(**{row.field: value})
            for which, by in (("less", -1), ("more", 1)):
                if chosen == f"{row.field}-{which}":
                    volume = getattr(now, row.field) + by
                    self._put(**{row.field: min(VOLUME_MAX, max(0, volume))})

    # Keys.

    def _hear_key(self, event: pygame.event.Event) -> None:
        """Bind the key that was pressed, or say why not; a click or Escape leaves all as it is."""
        if event.type == pygame.MOUSEBUTTONDOWN:
            self._asking = None
        if event.type != pygame.KEYDOWN or self._asking is None:
            return
        action, self._asking = self._asking, None
        if event.key == pygame.K_ESCAPE:
            return
        lang, keys, cap = self._player.lang, self._player.keys, key_cap(event.key)
        owner = keys.taken_by(event.key, action)
        if not can_be_bound(event.key, action):
            self._message = phrase(lang, "settings_key_barred")
        elif owner is not None:
            said = phrase(lang, f"key_{owner}")
            self._message = phrase(lang, "settings_key_taken", cap=cap, owner=said)
        else:
            self._put(keys=keys.with_key(action, event.key))
            said = phrase(lang, f"key_{action}")
            self._message = phrase(lang, "settings_key_done", action=said, cap=cap)

    # Progress.

    def _export(self) -> None:
        stamp = time.strftime("%Y%m%d-%H%M%S")
        lang, written = self._player.lang, self._player.progress.export(stamp)
        if isinstance(written, str):
            self._message = phrase(lang, "settings_exported", file=written)
        else:
            self._message = phrase(lang, written.code, **written.args)

    def _ask_reset(self) -> AskScene:
        parts = ("title", "text", "stay", "go")
        words = (phrase(self._player.lang, f"settings_reset_{part}") for part in parts)
        return AskScene(self, Question(*words), Pop(), Pop(), self._player.keys, act=self._forget)

    def _forget(self) -> None:
        self._player.progress.reset()
        self._message = phrase(self._player.lang, "settings_reset_done")

    def update(self, wall_s: float) -> Outcome:
        """Let the sign under the tabs glide."""
        still = self._player.settings.now.reduced_motion
        self._sign_at = self._sign.send(TAB_NAMES.index(self._tab), wall_s, still=still)
        return None

    # The picture.

    def draw(self, canvas: Canvas) -> None:
        """Sheets, what stands on the open one, buttons, and what there is to say."""
        theme, lang = canvas.theme, canvas.lang
        canvas.clear()
        canvas.icon("sliders", LEFT + 20, 56, 36)
        canvas.text(LEFT + 56, 63, phrase(lang, "settings_title"), "title", theme.ink)
        titles = [phrase(lang, f"settings_tab_{name}") for name in TAB_NAMES]
        rect = (LEFT, TABS_Y, WIDTH, TAB_H)
        button.choices(canvas, rect, titles, TAB_NAMES.index(self._tab), self._sign_at)
        match self._tab:
            case "keys":
                self._draw_keys(canvas)
            case "progress":
                self._draw_progress(canvas)
            case _:
                self._draw_rows(canvas, ROWS[self._tab])
        button.plain(canvas, BACK, phrase(lang, "settings_back"), "back")
        self._focus.draw(canvas, self.hotspots())

    def _draw_rows(self, canvas: Canvas, rows: tuple[Row, ...]) -> None:
        theme = canvas.theme
        height = PITCH * len(rows) + 16
        top = FIRST_ROW - 20
        canvas.box(LEFT, top, WIDTH, height, theme.floor, theme.hair, radius=6, width=1.2)
        for index, row in enumerate(rows):
            self._draw_row(canvas, index, row)

    def _draw_row(self, canvas: Canvas, index: int, row: Row) -> None:
        theme, lang = canvas.theme, canvas.lang
        y = FIRST_ROW + PITCH * index
        if index:
            canvas.line(LEFT + 24, y - 12, LEFT + WIDTH - 24, y - 12, theme.hair)
        canvas.text(LEFT + 24, y + 18, phrase(lang, row.title), "sign", theme.ink)
        more = phrase(lang, f"{row.title}_more")
        canvas.text(LEFT + 24, y + 37, more, "caption", theme.ink2, max_width=372)
        now = getattr(self._player.settings.now, row.field)
        if row.is_switch:
            x, top, _, _ = _switch_rect(index)
            button.switch(canvas, x + 8, top + 8, now)
            name = phrase(lang, row.names[int(now)])
            canvas.text(x + 64, top + 25, name, "sign", theme.ink)
        elif row.values:
            chosen = row.values.index(now) if now in row.values else 0
            rect = (CONTROL, y + 4, CONTROL_WIDTH, 36)
            button.choices(canvas, rect, [phrase(lang, name) for name in row.names], chosen)
        else:
            _draw_volume(canvas, index, now)

    def _draw_keys(self, canvas: Canvas) -> None:
        """Every action with its key, in two columns; below, what is asked or was done."""
        theme, lang, keys = canvas.theme, canvas.lang, self._player.keys
        height = KEY_PITCH * KEY_ROWS + 12
        canvas.box(LEFT, KEYS_Y - 6, WIDTH, height, theme.floor, theme.hair, radius=6, width=1.2)
        for index, action in enumerate(Action):
            x, y, w, _ = _key_rect(index)
            said = phrase(lang, f"key_{action}")
            room = w - CAP_W - 40
            canvas.text(x + 16, y + 18, said, "body", theme.ink, max_width=room)
            asked = action is self._asking
            cap: Rect = (x + w - CAP_W - 12, y + 1, CAP_W, CAP_H)
            fill, line = (theme.amber, theme.focus) if asked else (theme.paper, theme.mid)
            canvas.box(*cap, fill, line, radius=4, width=1.4)
            label = "?" if asked else keys.cap(action)
            dark = theme.ink if theme.bright or not asked else theme.paper
            middle = cap[0] + CAP_W / 2
            canvas.text(middle, y + 18, label, "strong", dark, "center", max_width=CAP_W - 8)
        if self._asking is not None:
            action_said = phrase(lang, f"key_{self._asking}")
            said = phrase(lang, "settings_key_ask", action=action_said)
        else:
            said = self._message or phrase(lang, "settings_key_help")
        canvas.text(LEFT, MESSAGE_Y, said, "strong", theme.ink, max_width=WIDTH)
        button.plain(canvas, RIGHT, phrase(lang, "settings_keys_reset"), "restart")

    def _draw_progress(self, canvas: Canvas) -> None:
        theme, lang = canvas.theme, canvas.lang
        best = self._player.stars()
        stars, every = sum(best.values()), 3 * len(best)
        canvas.box(LEFT, 160, WIDTH, 248, theme.floor, theme.hair, radius=6, width=1.2)
        rows: tuple[tuple[float, str, dict[str, int]], ...] = (
            (184.0, "settings_progress", {"stars": stars, "all": every}),
            (256.0, "settings_export", {}),
            (344.0, "settings_reset", {}),
        )
        for y, key, args in rows:
            canvas.text(LEFT + 24, y + 18, phrase(lang, key), "sign", theme.ink)
            more = phrase(lang, f"{key}_more", **args)
            canvas.paragraph(LEFT + 24, y + 38, more, "caption", theme.ink2, 440)
        for y in (240, 328):
            canvas.line(LEFT + 24, y, LEFT + WIDTH - 24, y, theme.hair)
        button.plain(canvas, EXPORT, phrase(lang, "settings_export"), "arrow")
        button.plain(canvas, RESET, phrase(lang, "settings_reset"), "restart")
        y = 440.0
        for line in _pieces(canvas, self._message):
            canvas.text(LEFT, y, line, "strong", theme.ink)
            y += canvas.line_height("strong") + 4


def _row_spots(lang: str, index: int, row: Row) -> list[Hotspot]:
    title = phrase(lang, row.title)
    if row.is_switch:
        return [Hotspot(_switch_rect(index), row.field, title)]
    if not row.values:
        return [
            Hotspot(_volume_rect(index, at), f"{row.field}-{which}", f"{title} {sign}")
            for at, (which, sign) in enumerate((("less", "-"), ("more", "+")))
        ]
    return [
        Hotspot(
            _choice_rect(index, row, at), f"{row.field}-{value}", f"{title}: {phrase(lang, name)}"
        )
        for at, (value, name) in enumerate(zip(row.values, row.names, strict=True))
    ]


def _draw_volume(canvas: Canvas, index: int, volume: int) -> None:
    """Ten steps that rise, and a button at each end."""
    theme = canvas.theme
    for at, icon in enumerate(("minus", "plus")):
        x, y, w, h = _volume_rect(index, at)
        canvas.box(x, y, w, h, theme.floor, theme.hair, radius=5, width=1.4)
        canvas.icon(icon, x + w / 2, y + h / 2, 16)
    y = FIRST_ROW + PITCH * index + 36
    for step in range(VOLUME_MAX):
        x, tall = CONTROL + 60 + 20 * step, 8 + 2 * step
        fill = theme.sign if step < volume else None
        canvas.box(x, y - tall, 12, tall, fill, theme.ink2, radius=1, width=1.2)
    canvas.text(CONTROL + 330, y - 8, str(volume), "value", theme.ink, "right")


def _pieces(canvas: Canvas, message: str) -> list[str]:
    """A message in lines that fit; a path is broken at its bars."""
    lines = [""]
    for part in message.replace("/", "/\u200b").replace(" ", " \u200b").split("\u200b"):
        if lines[-1] and canvas.measure(lines[-1] + part, "strong") > WIDTH:
            lines.append("")
        lines[-1] += part
    return lines


def _tab_rect(index: int) -> Rect:
    each = WIDTH / len(TAB_NAMES)
    return (LEFT + index * each, TABS_Y, each, TAB_H)


def _key_rect(index: int) -> Rect:
    column, row = divmod(index, KEY_ROWS)
    return (LEFT + KEY_W * column, KEYS_Y + KEY_PITCH * row, KEY_W, KEY_PITCH - 2)


def _switch_rect(index: int) -> Rect:
    return (CONTROL - 8, FIRST_ROW + PITCH * index + 2, 120, 40)


def _volume_rect(index: int, at: int) -> Rect:
    return (CONTROL + (CONTROL_WIDTH - 36) * at, FIRST_ROW + PITCH * index + 4, 36, 36)


def _choice_rect(index: int, row: Row, at: int) -> Rect:
    each = CONTROL_WIDTH / len(row.values)
    return (CONTROL + at * each, FIRST_ROW + PITCH * index + 4, each, 36)
