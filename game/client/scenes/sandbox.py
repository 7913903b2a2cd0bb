"""The sandbox: choose a machine or a kept set-up, then every knob and every attack at hand."""

from dataclasses import dataclass

import pygame

from game.client.canvas import Canvas
from game.client.draw.view import View
from game.client.line_edit import LineEdit, Typed
from game.client.metaphor import sprite_of
from game.client.plane import Rect
from game.client.player import Player
from game.client.scene import Hotspot, Outcome, Pop, Send
from game.client.scenes.page import Page
from game.client.scenes.station import StationScene
from game.client.widgets import button
from game.client.widgets.field import field, place_input_method
from game.client.widgets.plate import level_texts
from game.protocol.attack import AttackView
from game.protocol.catalogue import AttackCard, LevelCard
from game.protocol.limits import NAME_LENGTH_MAX
from game.protocol.lobby import SaveSetup, SetupSaved
from game.protocol.messages import PlayCard, StartLevel
from game.text.cards import card_text
from game.text.versus import versus_text

LIST: Rect = (48, 112, 400, 504)
ROWS, ROW_Y, ROW_H = 8, 152.0, 56.0
PARTS_X, PARTS_Y, PART_W, PART_H = 480.0, 160.0, 376.0, 70.0
BACK: Rect = (48, 646, 212, 44)
START: Rect = (904, 640, 328, 56)
PAGE: Rect = (348, 646, 100, 44)


@dataclass(frozen=True)
class Part:
    """One thing of the machine that can be chosen before the start.

    Attributes:
        name: as StartLevel.settings spells it.
        values: that the buttons step through.
    """

    name: str
    values: tuple[str, ...]


PARTS = (
    Part("cores", ("1", "2", "4", "8", "16")),
    Part("profile", ("linux", "linux-3.10", "bsd")),
    Part("model", ("prefork", "worker", "event")),
    Part(
        "wait",
        ("blocking", "poll", "select", "epoll", "epoll_exclusive", "shared_epoll", "signal"),
    ),
    Part("buckets", ("1", "2", "3", "4", "8")),
    Part("workers", ("1", "2", "4", "8", "16", "32")),
    Part("backlog", ("1", "16", "64", "128", "511", "4096")),
    Part("rx_ring", ("16", "64", "128", "256", "512", "1024", "4096")),
    Part("service_ms", ("1", "2", "5", "10", "20", "50")),
    Part("clients_per_s", ("5", "10", "25", "50", "100", "200", "500")),
    Part("keepalive_s", ("0", "1", "5", "15")),
    Part("pinning", ("off", "on")),
)
"""What is worth choosing; a kept set-up brings everything else."""


class SandboxSetupScene(Page):
    """Which machine, or which kept set-up, to begin with."""

    name = "sandbox"

    def __init__(self, player: Player) -> None:
        super().__init__(player, "start")
        self._level = ""
        self._page = 0
        self._chosen: dict[str, str] = {}
        self._settle()

    def _say(self, key: str, **blanks: str | int) -> str:
        return versus_text(self._player.lang, key, **blanks)

    def _setups(self) -> list[LevelCard]:
        """The sandbox, and what the player has kept of it."""
        catalogue = self._player.view.catalogue
        arenas = catalogue.arenas if catalogue is not None else []
        return [card for card in arenas if card.arena is not None and card.arena.free]

    def _settle(self) -> None:
        ids = [card.id for card in self._setups()]
        if self._level not in ids:
            self._level = ids[0] if ids else ""

    def _shown(self) -> list[LevelCard]:
        return self._setups()[self._page * ROWS :][:ROWS]

    def update(self, wall_s: float) -> Outcome:
        """Take up a new catalogue."""
        self._settle()
        return None

    def hotspots(self) -> list[Hotspot]:
        """Set-ups, then the parts with both their buttons, then the foot."""
        lang = self._player.lang
        spots = [
            Hotspot(_row(index), f"load:{card.id}", level_texts(card, lang).title)
            for index, card in enumerate(self._shown())
        ]
        for index, part in enumerate(PARTS):
            x, y = _part(index)
            title = self._say(f"part_{part.name}")
            spots.append(Hotspot((x + 132, y + 22, 36, 36), f"less:{part.name}", f"{title} −"))
            spots.append(Hotspot((x + 328, y + 22, 36, 36), f"more:{part.name}", f"{title} +"))
        if self._pages() > 1:
            title = self._say("next_page", n=self._page + 1, all=self._pages())
            spots.append(Hotspot(PAGE, "page", title))
        spots.append(Hotspot(BACK, "back", self._say("back")))
        spots.append(Hotspot(START, "start", self._say("sandbox_start")))
        return spots

    def _pages(self) -> int:
        return max(1, -(-len(self._setups()) // ROWS))

    def choose(self, spot: str) -> Outcome:
        """Choose a set-up, turn a part, begin."""
        kind, _, rest = spot.partition(":")
        match kind:
            case "back":
                return Pop()
            case "load":
                self._level, self._chosen = rest, {}
            case "page":
                self._page = (self._page + 1) % self._pages()
            case "less" | "more":
                self._turn(rest, 1 if kind == "more" else -1)
            case "start" if self._level:
                seed = self._player.new_seed()
                return Send(StartLevel(self._level, seed, settings=dict(self._chosen)))
        return None

    def _default(self, name: str) -> str:
        """What the set-up brings, as far as the catalogue tells it."""
        card = next((one for one in self._setups() if one.id == self._level), None)
        if card is None:
            return ""
        values = {knob.name: knob.default for knob in card.knobs}
        values |= {"cores": str(card.cores), "workers": str(card.workers)}
        values["clients_per_s"] = str(max([w.per_s for w in card.waves if not w.actor], default=0))
        return values.get(name) or self._say("sandbox_as_file")

    def _turn(self, name: str, by: int) -> None:
        """The next value; past the first one everything is as in the file again."""
        part = next(one for one in PARTS if one.name == name)
        values = ["", *part.values]
        at = values.index(self._chosen.get(name, "")) + by
        value = values[min(len(values) - 1, max(0, at))]
        if value:
            self._chosen[name] = value
        else:
            self._chosen.pop(name, None)

    def paint(self, canvas: Canvas) -> None:
        """Head, kept set-ups, the machine, the foot."""
        theme = canvas.theme
        canvas.clear()
        canvas.box(0, 0, 1280, 8, theme.sign)
        canvas.icon("dial", 68, 56, 32)
        used = canvas.text(104, 63, self._say("sandbox_title"), "title", theme.ink)
        said = self._say("sandbox_lead")
        canvas.text(120 + used, 63, said, "body", theme.ink2, max_width=1100 - used)
        canvas.box(*LIST, theme.floor, theme.hair, radius=6, width=1.2)
        canvas.text(64, 138, self._say("sandbox_setup"), "sign", theme.ink)
        for index, card in enumerate(self._shown()):
            self._paint_setup(canvas, index, card)
        canvas.box(464, 112, 768, 504, theme.floor, theme.hair, radius=6, width=1.2)
        canvas.text(480, 138, self._say("sandbox_machine"), "sign", theme.ink)
        for index, part in enumerate(PARTS):
            self._paint_part(canvas, index, part)
        self.buttons(canvas, self.hotspots(), {"back": "back", "page": ""})
        chosen = next((one for one in self._setups() if one.id == self._level), None)
        if chosen is not None:
            more = self._say(
                "sandbox_start_more",
                cores=self._chosen.get("cores", chosen.cores),
                workers=self._chosen.get("workers", chosen.workers),
                profile=self._chosen.get("profile", level_texts(chosen, canvas.lang).title),
            )
            button.primary(canvas, START, "play", self._say("sandbox_start"), more)

    def _paint_setup(self, canvas: Canvas, index: int, card: LevelCard) -> None:
        theme = canvas.theme
        x, y, w, h = _row(index)
        chosen = card.id == self._level
        line = theme.focus if chosen else theme.hair
        canvas.box(x, y, w, h - 6, theme.paper, line, radius=4, width=2.5 if chosen else 1.2)
        title = level_texts(card, canvas.lang).title
        canvas.text(x + 14, y + 22, title, "sign", theme.ink, max_width=w - 28)
        more = level_texts(card, canvas.lang).subtitle
        if card.id.startswith("own-"):
            more = self._say("sandbox_own")
        canvas.text(x + 14, y + 40, more, "caption", theme.ink2, max_width=w - 28)

    def _paint_part(self, canvas: Canvas, index: int, part: Part) -> None:
        theme = canvas.theme
        x, y = _part(index)
        title = self._say(f"part_{part.name}")
        canvas.text(x, y + 12, title, "body", theme.ink, max_width=PART_W - 16)
        value = self._chosen.get(part.name, "")
        for left, icon in ((x + 132, "left"), (x + 328, "right")):
            canvas.box(left, y + 22, 36, 36, theme.floor, theme.mid, radius=4, width=1.2)
            canvas.icon(icon, left + 18, y + 40, 11)
        said, role, ink = value, "value", theme.ink
        if not value:
            said, role, ink = self._default(part.name), "body", theme.ink2
        middle = x + 248
        canvas.text(middle, y + 45, said, role, ink, "center", max_width=150)
        canvas.text(x, y + 45, part.name, "kernel", theme.ink2, max_width=126)


def _row(index: int) -> Rect:
    return (LIST[0] + 12, ROW_Y + ROW_H * index, LIST[2] - 24, ROW_H)


def _part(index: int) -> tuple[float, float]:
    column, row = divmod(index, len(PARTS) // 2)
    return PARTS_X + PART_W * column, PARTS_Y + PART_H * row


PALETTE_Y, PALETTE_H = 58.0, 42.0
SAVE: Rect = (448, 12, 172, 32)
SAVE_FIELD: Rect = (448, 10, 260, 36)
SAVED_X, SAVED_END = 632.0, 872.0
SAID_S = 8.0


class SandboxScene(StationScene):
    """A station of one's own: the attacks stand over it, and it can be kept as it is."""

    name = "sandbox"

    def __init__(self, player: Player) -> None:
        super().__init__(player)
        self.ui.head = "sandbox"
        self._edit: LineEdit | None = None
        self._attack: AttackView | None = None
        self._saved: SetupSaved | None = player.view.lobby.saved
        self._said = ""
        self._said_until_s = 0.0
        self._swallow = False

    def _cards(self) -> list[AttackCard]:
        card = self._player.view.card
        return list(card.arena.cards) if card is not None and card.arena is not None else []

    def _word(self, key: str, **blanks: str | int) -> str:
        return versus_text(self._player.lang, key, **blanks)

    def update(self, wall_s: float) -> Outcome:
        """Take up what is new; say once where a set-up was kept."""
        self._attack = self._player.view.attack
        saved = self._player.view.lobby.saved
        if saved is not None and saved is not self._saved:
            self._saved = saved
            self._said_until_s = wall_s + SAID_S
            self._said = self._word("save_failed")
            if saved.path:
                self._said = self._word("save_done", path=saved.path)
        if wall_s >= self._said_until_s:
            self._said = ""
        return super().update(wall_s)

    def hotspots(self) -> list[Hotspot]:
        """Saving and the attacks, then the station."""
        lang = self._player.lang
        spots = [] if self._edit is not None else [Hotspot(SAVE, "save", self._word("save"))]
        spots += [
            Hotspot(_palette(i, len(self._cards())), f"attack:{c.name}", card_text(lang, c.name)[0])
            for i, c in enumerate(self._cards())
        ]
        return [*spots, *super().hotspots()]

    def handle(self, event: pygame.event.Event) -> Outcome:
        """A name that is being typed first, then the station."""
        if self._edit is not None:
            taken, outcome = self._name(self._edit, event)
            if taken:
                return outcome
        return super().handle(event)

    def _name(self, edit: LineEdit, event: pygame.event.Event) -> tuple[bool, Outcome]:
        typed = edit.handle(event)
        if typed not in (Typed.TAKEN, Typed.OTHER):
            self._edit = None
        name = edit.text.strip()
        if typed is Typed.ENTERED and name:
            return True, Send(SaveSetup(name))
        return typed not in (Typed.LEFT, Typed.OTHER), None

    def _choose(self, spot: str, view: View) -> Outcome:
        kind, _, rest = spot.partition(":")
        if kind == "save":
            self._edit = LineEdit(self._word("sandbox_title"), NAME_LENGTH_MAX)
            return None
        if kind == "attack":
            return Send(PlayCard(self._next(), rest))
        return super()._choose(spot, view)

    def draw(self, canvas: Canvas) -> None:
        """The station; over it the attacks, each with what is left of it."""
        super().draw(canvas)
        if self._view() is None:
            return
        theme = canvas.theme
        canvas.box(0, 56, 1280, 48, theme.paper)
        cards = self._cards()
        for index, card in enumerate(cards):
            self._paint_attack(canvas, _palette(index, len(cards)), card)
        if self._edit is not None:
            field(canvas, SAVE_FIELD, "", self._edit, typing=True)
            place_input_method(canvas, SAVE_FIELD)
        else:
            button.plain(canvas, SAVE, self._word("save"), "arrow")
            if self._said:
                for row, line in enumerate(_lines(canvas, self._said)):
                    canvas.text(SAVED_X, 24 + 16 * row, line, "caption", theme.ink)
        shown = [s for s in self.hotspots() if s.id == "save" or s.id.startswith("attack:")]
        if not self.ui.selected:
            self._focus.draw(canvas, shown)

    def _paint_attack(self, canvas: Canvas, rect: Rect, card: AttackCard) -> None:
        theme = canvas.theme
        x, y, w, h = rect
        running = [r for r in self._attack.running if r.card == card.name] if self._attack else []
        hot = f"attack:{card.name}" in (self.ui.hovered, self._focus.id)
        line = theme.focus if running else theme.ink2 if hot else theme.hair
        canvas.box(x, y, w, h, theme.floor, line, radius=4, width=2 if running else 1.2)
        canvas.sprite(sprite_of(card.actor), x + 18, y + 31, 22)
        words = card_text(canvas.lang, card.name)
        canvas.text(x + 36, y + 18, words.name, "strong", theme.ink, max_width=w - 44)
        if running and self._attack is not None:
            left = max(0, running[-1].until_ms - self._attack.time_ms)
            part = left / max(1, running[-1].until_ms - running[-1].since_ms)
            canvas.box(x + 36, y + 27, w - 46, 5, theme.hair, radius=2)
            colour = theme.token(sprite_of(card.actor))
            canvas.box(x + 36, y + 27, max(3.0, (w - 46) * part), 5, colour, radius=2)
            return
        role = "kernel" if words.kernel.isascii() else "caption"
        canvas.text(x + 36, y + 34, words.kernel, role, theme.ink2, max_width=w - 44)


def _lines(canvas: Canvas, said: str) -> list[str]:
    """A message with a path in it, in at most two lines."""
    room = SAVED_END - SAVED_X
    if canvas.measure(said, "caption") <= room:
        return [said]
    cut = len(said)
    while cut > 1 and canvas.measure(said[:cut], "caption") > room:
        cut -= 1
    rest = said[cut:]
    while canvas.measure("…" + rest, "caption") > room:
        rest = rest[1:]
    return [said[:cut], rest if rest == said[cut:] else "…" + rest]


def _palette(index: int, count: int) -> Rect:
    pitch = (1232 + 6) / max(1, count)
    return (24 + pitch * index, PALETTE_Y, pitch - 6, PALETTE_H)
