"""The station while a run is on: what is pressed becomes messages, what arrives a picture."""

from collections.abc import Callable

import pygame

from game.client.canvas import Canvas
from game.client.draw.calls import backlog_argument
from game.client.draw.console_line import ConsoleInput
from game.client.draw.history import History
from game.client.draw.knobs import is_on, kind_of, knob_pages, stepped
from game.client.draw.layout import pages
from game.client.draw.spots import station_hotspots
from game.client.draw.station import draw_view
from game.client.draw.view import StationUi, View
from game.client.draw.why import card_for
from game.client.focus import Focus, hotspot_at
from game.client.game_view import Moment
from game.client.player import Player
from game.client.scene import Hotspot, Outcome, Pop, Send
from game.protocol.catalogue import Knob
from game.protocol.messages import (
    Call,
    ConsoleLine,
    SetKnob,
    SetSpeed,
    SetSysctl,
    StartLevel,
    Step,
)
from game.text.refusals import refusal

TOAST_S = 4.0
REMEMBERED = 60
"""Snapshots that a scene made in the middle of a run looks back on: rates need the last 50."""

SPEED_KEYS = {
    pygame.K_1: 0,
    pygame.K_2: 1,
    pygame.K_3: 4,
    pygame.K_4: 8,
    pygame.K_5: 16,
    pygame.K_8: 32,
}
MORE_KEYS = (pygame.K_PLUS, pygame.K_EQUALS, pygame.K_KP_PLUS)
LESS_KEYS = (pygame.K_MINUS, pygame.K_KP_MINUS)
CONSOLE_KEYS = (pygame.K_BACKQUOTE, pygame.K_c)
PAD_KEYS = {
    pygame.CONTROLLER_BUTTON_START: pygame.K_SPACE,
    pygame.CONTROLLER_BUTTON_B: pygame.K_ESCAPE,
    pygame.CONTROLLER_BUTTON_Y: pygame.K_F1,
    pygame.CONTROLLER_BUTTON_X: pygame.K_h,
    pygame.CONTROLLER_BUTTON_BACK: pygame.K_F2,
    pygame.CONTROLLER_BUTTON_LEFTSHOULDER: pygame.K_MINUS,
    pygame.CONTROLLER_BUTTON_RIGHTSHOULDER: pygame.K_PLUS,
}


class StationScene:
    """One run, seen and steered."""

    name = "station"

    def __init__(self, player: Player) -> None:
        self._player = player
        self._focus = Focus()
        self._seen = History()
        self._moment: Moment | None = None
        self._seq = 0
        self._pace_before = 4
        self._asked: dict[str, tuple[str, int]] = {}
        welcome = player.view.welcome
        self._input = ConsoleInput(welcome.words if welcome else ())
        self._console_seqs: dict[int, None] = {}
        self._answers_seen = len(player.view.console)
        self._refusals_seen = player.view.refused_total
        self._toast_until_s = 0.0
        self._swallow_text = False
        self.ui = StationUi()

    # What arrives.

    def update(self, wall_s: float) -> Outcome:
        """Take up the newest snapshots, refusals and console answers."""
        view, ui = self._player.view, self.ui
        ui.wall_s = wall_s
        ui.quarters = view.quarters
        ui.recorded = bool(view.started and view.started.recorded)
        ui.reduced_motion = self._player.settings.now.reduced_motion
        self._hear_refusals(wall_s)
        self._hear_console()
        moment = view.moment(wall_s)
        if moment is not None:
            if ui.page >= pages(len(moment.current.listeners)):
                ui.page = 0
            self._observe(moment)
            self._moment = moment
        return None

    def _observe(self, moment: Moment) -> None:
        if moment.current.tick < self._seen.tick:
            self._seen = History()
        run = self._player.view.run
        if self._seen.tick < 0 and len(run) > 1:
            last = run.index_at(moment.current.time_ms)
            for index in range(max(0, last - REMEMBERED), last):
                self._seen.observe(run.at(index), self.ui.page)
        self._seen.observe(moment.current, self.ui.page)

    def _hear_refusals(self, wall_s: float) -> None:
        view, lang = self._player.view, self._player.lang
        fresh = view.refused_total - self._refusals_seen
        self._refusals_seen = view.refused_total
        for refused in view.refusals[-fresh:] if fresh > 0 else []:
            said = refusal(lang, refused.code, refused.args)
            if refused.seq in self._console_seqs:
                self.ui.console.append(said)
            else:
                self.ui.toast = said
                self._toast_until_s = wall_s + TOAST_S
            self._asked.clear()
        if wall_s >= self._toast_until_s:
            self.ui.toast = ""

    def _hear_console(self) -> None:
        console = self._player.view.console
        for answer in console[self._answers_seen :]:
            self.ui.console.extend(answer.lines)
        self._answers_seen = len(console)
        del self.ui.console[:-200]
        self.ui.typed, self.ui.caret = self._input.text, self._input.caret

    # What is seen.

    def _view(self) -> View | None:
        card = self._player.view.card
        if card is None or self._moment is None:
            return None
        m = self._moment
        lang = self._player.lang
        return View(card, m.previous, m.current, m.blend, self.ui, self._seen, lang)

    def hotspots(self) -> list[Hotspot]:
        """Everything that can be chosen now, in reading order."""
        view = self._view()
        return station_hotspots(view) if view else []

    def draw(self, canvas: Canvas) -> None:
        """The station at the moment of the last update, and the ring of the focus."""
        view = self._view()
        if view is None:
            canvas.clear()
            return
        self.ui.focused = self._focus.id if self._focus.visible else ""
        draw_view(canvas, view)
        if not self.ui.focused.startswith("knob:") and not self.ui.selected:
            self._focus.draw(canvas, self.hotspots())

    # What is pressed.

    def handle(self, event: pygame.event.Event) -> Outcome:
        """Keys, mouse and controller; the console takes all keys while it is open."""
        view = self._view()
        if event.type == pygame.KEYDOWN and event.key == pygame.K_ESCAPE:
            return self._escape()
        if view is None:
            return None
        if event.type == pygame.MOUSEMOTION:
            spot = hotspot_at(event.pos, self.hotspots())
            self.ui.hovered = spot.id if spot else ""
        if self.ui.tab == "console" and event.type in (pygame.KEYDOWN, pygame.TEXTINPUT):
            return self._type(event)
        if event.type == pygame.CONTROLLERBUTTONDOWN and event.button in PAD_KEYS:
            return self._pad(event.button, view)
        if event.type == pygame.MOUSEWHEEL and event.y:
            return self._turn(view, self._knob_of(view, self.ui.hovered), 1 if event.y > 0 else -1)
        if event.type == pygame.KEYDOWN:
            outcome, taken = self._key(event.key, view)
            if taken:
                return outcome
        if event.type == pygame.MOUSEBUTTONDOWN and self.ui.selected:
            self.ui.selected = ""
        chosen = self._focus.handle(event, self.hotspots())
        return self._choose(chosen, view) if chosen else None

    def _pad(self, button: int, view: View) -> Outcome:
        key = PAD_KEYS[button]
        if key == pygame.K_ESCAPE:
            return self._escape()
        self._focus.visible = True
        return self._key(key, view)[0]

    def _escape(self) -> Outcome:
        """Close what is open, the innermost first; then leave."""
        ui = self.ui
        if ui.selected:
            ui.selected = ""
        elif ui.hints:
            ui.hints = []
        elif ui.tab == "console":
            ui.tab = "control"
        else:
            return Pop()
        return None

    def _key(self, key: int, view: View) -> tuple[Outcome, bool]:
        """What a key means, and whether it means anything here."""
        if key in SPEED_KEYS:
            return self._speed(SPEED_KEYS[key]), True
        if key in MORE_KEYS or key in LESS_KEYS:
            return self._turn(view, self._focused_knob(view), 1 if key in MORE_KEYS else -1), True
        if key in CONSOLE_KEYS:
            self.ui.tab = "console"
            # The same key press also arrives as a text.
            self._swallow_text = True
            return None, True
        actions: dict[int, Callable[[], Outcome]] = {
            pygame.K_SPACE: self._pause,
            pygame.K_PERIOD: lambda: Send(Step()) if self.ui.paused else None,
            pygame.K_r: lambda: self._restart(view),
            pygame.K_h: lambda: self._hint(view),
            pygame.K_l: lambda: self._listen(view),
            pygame.K_F1: lambda: self._explain(view),
            pygame.K_F2: self._engineer,
        }
        return (actions[key](), True) if key in actions else (None, False)

    def _next(self) -> int:
        self._seq += 1
        return self._seq

    def _speed(self, quarters: int) -> Outcome:
        if quarters:
            self._pace_before = quarters
        return Send(SetSpeed(quarters))

    def _pause(self) -> Outcome:
        if self.ui.paused:
            return Send(SetSpeed(self._pace_before))
        self._pace_before = self.ui.quarters
        return Send(SetSpeed(0))

    def _restart(self, view: View) -> Outcome:
        started = self._player.view.started
        if started is None:
            return None
        return Send(StartLevel(view.card.id, started.seed, started.recorded))

    def _hint(self, view: View) -> Outcome:
        """The next hint; after the last one they are put away."""
        texts = view.card.texts.get(view.lang) or view.card.texts["en"]
        shown = len(self.ui.hints)
        self.ui.hints = texts.hints[: shown + 1] if shown < len(texts.hints) else []
        return None

    def _listen(self, view: View) -> Outcome:
        return Send(Call(self._next(), "listen", backlog_argument(view)))

    def _explain(self, view: View) -> Outcome:
        """Open the card of what has the focus, or is under the mouse; close it again."""
        spot = self._focus.id if self._focus.visible else self.ui.hovered or self._focus.id
        self.ui.selected = "" if self.ui.selected == spot else spot
        return None

    def _engineer(self) -> Outcome:
        self.ui.engineer = not self.ui.engineer
        return None

    def _type(self, event: pygame.event.Event) -> Outcome:
        """A key while the console is open."""
        if event.type == pygame.TEXTINPUT:
            if self._swallow_text:
                self._swallow_text = False
            elif event.text != "`":
                self._input.insert(event.text)
            self.ui.typed, self.ui.caret = self._input.text, self._input.caret
            return None
        self._swallow_text = False
        if event.key == pygame.K_BACKQUOTE:
            self.ui.tab = "control"
            return None
        line = self._input.press(event.key)
        self.ui.typed, self.ui.caret = self._input.text, self._input.caret
        if line is None:
            return None
        seq = self._next()
        self._console_seqs[seq] = None
        self.ui.console.append(f"$ {line}")
        return Send(ConsoleLine(seq, line))

    # What is chosen.

    def _choose(self, spot: str, view: View) -> Outcome:
        kind, _, rest = spot.partition(":")
        match kind:
            case "speed":
                return self._speed(int(rest)) if int(rest) else self._pause()
            case "tab":
                self.ui.tab = rest
            case "page":
                self.ui.page = (self.ui.page + 1) % pages(len(view.current.listeners))
            case "knobs":
                self.ui.knob_page = (self.ui.knob_page + 1) % knob_pages(view.card)
            case "call":
                return Send(self._call(rest, view))
            case "knob":
                return self._choose_knob(rest, spot, view)
            case _ if card_for(view, spot):
                self.ui.selected = "" if self.ui.selected == spot else spot
        return None

    def _call(self, name: str, view: View) -> Call:
        arguments = {"bind": view.card.port, "listen": backlog_argument(view)}
        return Call(self._next(), name, arguments.get(name, 0))

    def _choose_knob(self, rest: str, spot: str, view: View) -> Outcome:
        name, _, which = rest.partition(":")
        knob = next((k for k in view.card.knobs if k.name == name), None)
        if knob is None or knob.opens_at:
            return None
        if which:
            return self._turn(view, knob, 1 if which == "more" else -1)
        if kind_of(knob) == "switch":
            return self._set(view, knob, knob.choices[0 if is_on(self._now(view, knob)) else 1])
        self.ui.selected = "" if self.ui.selected == spot else spot
        return None

    def _focused_knob(self, view: View) -> Knob | None:
        spot = self._focus.id if self._focus.visible else self.ui.hovered or self._focus.id
        return self._knob_of(view, spot)

    @staticmethod
    def _knob_of(view: View, spot: str) -> Knob | None:
        """The knob that a hotspot belongs to."""
        parts = spot.split(":")
        if parts[0] != "knob":
            return None
        return next((k for k in view.card.knobs if k.name == parts[1]), None)

    def _now(self, view: View, knob: Knob) -> str:
        """Where a knob stands: what was asked for just now, else what is pending or in force."""
        asked = self._asked.get(knob.name)
        if asked is not None and view.current.tick <= asked[1]:
            return asked[0]
        value, pending = view.knob_values.get(knob.name, (knob.default, ""))
        return pending or value

    def _turn(self, view: View, knob: Knob | None, by: int) -> Outcome:
        if knob is None or knob.opens_at:
            return None
        now = self._now(view, knob)
        value = stepped(knob, now, by)
        return None if value == now else self._set(view, knob, value)

    def _set(self, view: View, knob: Knob, value: str) -> Outcome:
        """The message that sets a knob: a call, a sysctl, or a part of the machine."""
        self._asked[knob.name] = (value, view.current.tick + 1)
        number = value.lstrip("-").isdigit()
        if knob.name == "backlog" and number:
            return Send(Call(self._next(), "listen", int(value)))
        if "." in knob.kernel_name and number:
            return Send(SetSysctl(self._next(), knob.kernel_name, int(value)))
        return Send(SetKnob(self._next(), knob.name, value))
