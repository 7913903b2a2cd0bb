"""The station while a run is on: what is pressed becomes messages, what arrives a picture."""

import math

import pygame

from game.client.canvas import Canvas
from game.client.draw.bar import ACTIONS, SCREEN
from game.client.draw.calls import backlog_argument
from game.client.draw.figures import figure_at, neighbour
from game.client.draw.history import History
from game.client.draw.knobs import knob_name, knob_pages
from game.client.draw.layout import pages, plan_of
from game.client.draw.news import newly_shown
from game.client.draw.notes import in_hints
from game.client.draw.spots import station_hotspots
from game.client.draw.station import draw_view
from game.client.draw.view import StationUi, View, minutes
from game.client.draw.why import card_for, card_rect, on_guide_link, page_of
from game.client.focus import Focus, hotspot_at, is_back
from game.client.game_view import Moment
from game.client.keys import Action, Group
from game.client.plane import Rect
from game.client.player import Player
from game.client.scene import Hotspot, Outcome, Pop, Push, Send
from game.client.scene import Step as SceneStep
from game.client.scenes.ask import AskScene, Question
from game.client.scenes.console_tab import ConsoleTab, is_call
from game.client.scenes.control_room import ControlRoom, spot_meant
from game.client.scenes.field_guide import FieldGuideScene
from game.client.scenes.station_keys import PAD, SPEEDS, STATION_ACTIONS
from game.client.widgets.motion import Glide
from game.protocol.messages import Call, ClientMessage, SetSpeed, StartLevel, Step
from game.protocol.snapshot import Snapshot
from game.text.phrases import phrase
from game.text.refusals import refusal
from game.text.station import say

TOAST_S = 4.0
RESTART_FREE_MS = 10_000
"""A run as young as this is begun again without a question."""

NOTE_S = 5.0
"""How long something is told that is no refusal."""

REMEMBERED = 60
"""Snapshots that a scene made in the middle of a run looks back on: rates need the last 50."""

WAITS_UNTIL_MS = 1000
"""A run that begins later than this was begun elsewhere: its clock is not stopped."""

HEARD = Send()
"""Something was done that has nothing to send yet."""


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
        self._waits: bool | None = None
        self._note_until_s = 0.0
        self._refusals_seen = player.view.refused_total
        self._toast_until_s = 0.0
        self._card_rect: Rect | None = None
        self.ui = StationUi()
        self._tab_sign = Glide(0.0)
        self._knobs = ControlRoom(player, self.ui, self._focus, self._next)
        self._console = ConsoleTab(player, self.ui)

    # What arrives.

    def update(self, wall_s: float) -> Outcome:
        """Take up the newest snapshots, refusals and console answers."""
        view, ui = self._player.view, self.ui
        ui.wall_s = wall_s
        ui.quarters = view.quarters
        ui.recorded = bool(view.started and view.started.recorded)
        ui.keys = self._player.keys
        ui.reduced_motion = self._player.settings.now.reduced_motion
        at = self._tab_sign.send(float(ui.tab == "console"), wall_s, still=ui.reduced_motion)
        ui.tab_at = at
        if wall_s >= self._note_until_s:
            ui.note = ""
        self._hear_refusals(wall_s)
        self._console.hear()
        moment = view.moment(wall_s)
        if moment is not None:
            if ui.page >= pages(len(moment.current.listeners)):
                ui.page = 0
            self._observe(moment)
            self._moment = moment
        shown = self._view()
        return None if shown is None else self._beat(shown)

    def _beat(self, view: View) -> Outcome:
        """Let the hand at the knobs go on; commands that have settled go out."""
        messages = self._knobs.beat(view)
        if self._waits is None:
            messages += self._wait_for_the_first_call(view)
        return Send(*messages) if messages else None

    def _wait_for_the_first_call(self, view: View) -> list[ClientMessage]:
        """Where the player makes the calls, the clock stands still until the first."""
        ui = self.ui
        self._waits = (
            view.card.calls
            and ui.head == "run"
            and not ui.recorded
            and not view.current.calls
            and view.current.time_ms < WAITS_UNTIL_MS
        )
        if not self._waits:
            return []
        self._pace_before = ui.quarters or 4
        self._tell(view.say("waits_for_call", cap=ui.keys.cap(Action.PAUSE)), math.inf)
        return [SetSpeed(0)]

    def _tell(self, said: str, seconds: float = NOTE_S) -> None:
        """Say something that is no refusal, for some seconds."""
        self.ui.note, self._note_until_s = said, self.ui.wall_s + seconds

    def tell_the_end(self) -> None:
        """A recording has come to its end: say how to go on."""
        lang, keys = self._player.lang, self._player.keys
        back, again = keys.cap(Action.BACK), keys.cap(Action.PAUSE)
        self._tell(say(lang, "recording_over", back=back, again=again), math.inf)

    def _observe(self, moment: Moment) -> None:
        card = self._player.view.card
        plan = plan_of(card.shows if card else None)
        afresh = moment.current.tick < self._seen.tick
        if afresh or self._seen.plan != plan:
            self._seen = History(plan)
        self.ui.new = newly_shown(card, self._player.cards) if card else frozenset()
        if self.ui.recorded and self._moment is not None:
            self._tell_changes(self._moment.current, moment.current)
        self._console.trace(moment.current.calls, afresh=afresh)
        run = self._player.view.run
        if self._seen.tick < 0 and len(run) > 1:
            last = run.index_at(moment.current.time_ms)
            for index in range(max(0, last - REMEMBERED), last):
                self._seen.observe(run.at(index), self.ui.page)
        self._seen.observe(moment.current, self.ui.page)

    def _tell_changes(self, before: Snapshot, now: Snapshot) -> None:
        """In a recording, what each command changes, and when: nobody sees the hand that did it."""
        if now.tick <= before.tick or self._player.view.card is None:
            return
        long = {knob.name: knob.kernel_name for knob in self._player.view.card.knobs}
        stood = {knob.name: knob.value for knob in before.knobs}
        said = [
            f"{long.get(knob.name, knob.name)} {stood[knob.name]} → {knob.value}"
            for knob in now.knobs
            if stood.get(knob.name, knob.value) != knob.value
        ]
        said += now.calls[len(before.calls) :]
        if said:
            self._tell(f"{minutes(now.time_ms)}  {' · '.join(said)}")

    def _hear_refusals(self, wall_s: float) -> None:
        view, lang = self._player.view, self._player.lang
        fresh = view.refused_total - self._refusals_seen
        self._refusals_seen = view.refused_total
        for refused in view.refusals[-fresh:] if fresh > 0 else []:
            said = refusal(lang, refused.code, refused.args)
            if not self._console.hear_refusal(refused.seq, said):
                self.ui.toast = said
                self._toast_until_s = wall_s + TOAST_S
            self._knobs.forget()
        if wall_s >= self._toast_until_s:
            self.ui.toast = ""

    # What is seen.

    def _view(self) -> View | None:
        card = self._player.view.card
        if card is None or self._moment is None:
            return None
        m = self._moment
        lang = self._player.lang
        return View(card, m.previous, m.current, m.blend, self.ui, self._seen, lang)

    def seen_now(self) -> View | None:
        """What the picture of this moment is drawn from, None before the first snapshot."""
        return self._view()

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
        self.ui.about = knob_name(self.ui.focused) or knob_name(self.ui.hovered) or self.ui.about
        draw_view(canvas, view)
        self._card_rect = card_rect(canvas, view)
        on_knob = self.ui.focused.startswith("knob:")
        if self._focus.visible and not on_knob and not self.ui.selected:
            self._focus.draw(canvas, self.hotspots())

    # What is pressed.

    def handle(self, event: pygame.event.Event) -> Outcome:
        """Keys, mouse and controller; the console takes all keys while it is open.

        Before anything else goes to the host, what the hand was doing at the knobs does.
        """
        view = self._view()
        outcome = self._hear(event, view)
        if view is not None:
            steps = outcome if isinstance(outcome, tuple) else (outcome,)
            if any(
                isinstance(one, Push) or (isinstance(one, Send) and one.messages) for one in steps
            ):
                first = self._knobs.let_go(view)
                if first:
                    outcome = (Send(*first), *(one for one in steps if one is not None))
        self._knobs.show()
        return outcome

    def _hear(self, event: pygame.event.Event, view: View | None) -> Outcome:
        if view is not None and self._knobs.type(event, view):
            return self._settle(view) or HEARD
        if is_back(event, self._player.keys):
            return self._back(view)
        if view is None:
            return None
        went = self._knobs.turning
        if self._knobs.hear(
            event, view, self.hotspots(), self._card_rect if self.ui.selected else None
        ):
            return self._settle(view) or (HEARD if went != self._knobs.turning else None)
        if event.type == pygame.MOUSEMOTION:
            spot = hotspot_at(event.pos, self.hotspots())
            self.ui.hovered = spot.id if spot else ""
            figure = figure_at(view, event.pos)
            self.ui.figure = figure.id if figure else ""
        if self.ui.tab == "console" and event.type in (pygame.KEYDOWN, pygame.TEXTINPUT):
            return self._type(event)
        if event.type == pygame.CONTROLLERBUTTONDOWN and event.button in PAD:
            self._focus.visible = True
            return self._act(PAD[event.button], view)
        if event.type == pygame.MOUSEWHEEL and event.y:
            return HEARD if self._knobs.turn_wheel(view, 1 if event.y > 0 else -1) else None
        if event.type == pygame.KEYDOWN and self._knobs.opens_field(event, view):
            return HEARD
        if event.type == pygame.KEYDOWN:
            action = self._player.keys.action(event.key, Group.STATION, Group.FOCUS)
            if action in STATION_ACTIONS:
                return self._act(action, view)
            if action in (Action.LEFT, Action.RIGHT) and self.ui.selected:
                by = 1 if action is Action.RIGHT else -1
                self.ui.selected = neighbour(view, self.ui.selected, by) or self.ui.selected
                return None
        if event.type == pygame.MOUSEBUTTONDOWN and self.ui.selected:
            if page_of(view, self.ui.selected) and on_guide_link(self._card_rect, event.pos):
                return self._guide(view)
            self.ui.selected = ""
        if event.type == pygame.MOUSEBUTTONDOWN and self.ui.hints and in_hints(view, event.pos):
            self.ui.hints = []
            return HEARD
        if event.type == pygame.MOUSEBUTTONDOWN and event.button == 1:
            figure = figure_at(view, event.pos)
            if figure is not None:
                self.ui.selected = figure.id
                return None
        chosen = self._focus.handle(event, self.hotspots(), self._player.keys)
        return self._choose(chosen, view) if chosen else None

    def _settle(self, view: View) -> Outcome:
        messages = self._knobs.commands(view)
        return Send(*messages) if messages else None

    def _back(self, view: View | None) -> Outcome:
        """Close what is open, the innermost first; then ask whether to leave."""
        ui = self.ui
        if ui.selected:
            ui.selected = ""
        elif ui.hints:
            ui.hints = []
        elif ui.tab == "console":
            ui.tab = "control"
        elif view is None or ui.recorded:
            # There is nothing of the player's to lose.
            return Pop()
        else:
            return self._ask_to_leave()
        return None

    def _ask_to_leave(self) -> Outcome:
        return self._ask("leave", Pop())

    def _ask(self, what: str, goes: SceneStep) -> Outcome:
        """Pause and ask whether to leave, or to restart; staying goes on as before."""
        lang = self._player.lang
        parts = ("title", "text", "stay", "go")
        question = Question(*(phrase(lang, f"{what}_{part}") for part in parts))
        pace = self.ui.quarters
        stays = (Pop(), Send(SetSpeed(pace))) if pace else Pop()
        ask = AskScene(self, question, stays, (Pop(), goes), self._player.keys)
        return (Send(SetSpeed(0)), Push(ask)) if pace else Push(ask)

    def _guide(self, view: View) -> Outcome:
        """Pause and open the field guide at what the open card, or the focus, is about."""
        page = page_of(view, self.ui.selected or spot_meant(self._focus, self.ui))
        scene = FieldGuideScene(self._player, page, during_run=True)
        if self.ui.paused:
            return Push(scene)
        self._pace_before = self.ui.quarters
        return Send(SetSpeed(0)), Push(scene)

    def _act(self, action: Action, view: View) -> Outcome:
        """What a key of the station, or a button of the controller, means."""
        if action in SPEEDS:
            return self._speed(SPEEDS[action])
        match action:
            case Action.BACK:
                return self._back(view)
            case Action.CONSOLE:
                self._console.open()
            case Action.PAUSE:
                return self._pause()
            case Action.STEP:
                return Send(Step()) if self.ui.paused else None
            case Action.RESTART:
                return self._restart(view)
            case Action.HINT:
                return self._hint(view)
            case Action.LISTEN:
                return self._listen(view)
            case Action.EXPLAIN:
                return self._explain(view)
            case Action.ENGINEER:
                return self._engineer()
            case Action.GUIDE:
                return self._guide(view)
        return None

    def _next(self) -> int:
        self._seq += 1
        return self._seq

    def _speed(self, quarters: int) -> Outcome:
        if quarters:
            self._pace_before = quarters
            self._stop_waiting()
        return Send(SetSpeed(quarters))

    def _stop_waiting(self) -> None:
        """The clock goes on: no call is waited for any more."""
        if self._waits:
            self._waits = False
            self.ui.note = ""

    def _pause(self) -> Outcome:
        if self.ui.paused:
            self._stop_waiting()
            return Send(SetSpeed(self._pace_before))
        self._pace_before = self.ui.quarters
        return Send(SetSpeed(0))

    def _restart(self, view: View) -> Outcome:
        """Begin again; a run in which something was done is given up only after a question."""
        started = self._player.view.started
        if started is None:
            return None
        message = StartLevel(view.card.id, started.seed, started.recorded)
        if self.ui.recorded or view.current.time_ms < RESTART_FREE_MS:
            return Send(message)
        pace = self.ui.quarters
        return self._ask("restart", Send(message, SetSpeed(pace)) if pace else Send(message))

    def _hint(self, view: View) -> Outcome:
        """The next hint; after the last one they are put away."""
        texts = view.card.texts.get(view.lang) or view.card.texts["en"]
        shown = len(self.ui.hints)
        self.ui.hints = texts.hints[: shown + 1] if shown < len(texts.hints) else []
        return None

    def _listen(self, view: View) -> Outcome:
        """Call listen() again, and say that it was heard: in a pause nothing else shows it."""
        backlog = backlog_argument(view)
        when = "listen_later" if self.ui.paused else "listen_now"
        if not self.ui.recorded:
            self._tell(view.say(when, backlog=backlog))
        return Send(Call(self._next(), "listen", backlog))

    def _explain(self, view: View) -> Outcome:
        """Open the card of what has the focus, or is under the mouse; else of the screen."""
        spot = spot_meant(self._focus, self.ui)
        if card_for(view, spot) is None:
            spot = SCREEN
        self.ui.selected = "" if self.ui.selected in (spot, SCREEN) else spot
        return HEARD

    def _engineer(self) -> Outcome:
        self.ui.engineer = not self.ui.engineer
        return None

    def _type(self, event: pygame.event.Event) -> Outcome:
        """A key while the console is open."""
        line = self._console.type(event)
        if not line:
            return None
        message = self._console.ask(self._next(), line)
        if self._waits and is_call(line):
            self._stop_waiting()
            return Send(message, SetSpeed(self._pace_before))
        return Send(message)

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
                return self._make_call(rest, view)
            case "bar":
                return self._from_bar(rest, view)
            case "knob":
                return (self._settle(view) or HEARD) if self._knobs.choose(view, spot) else None
            case _ if card_for(view, spot):
                self.ui.selected = "" if self.ui.selected == spot else spot
        return None

    def _from_bar(self, name: str, view: View) -> Outcome:
        """A button of the row of what can be done: the same as its key."""
        if name == "explain":
            # The focus is on the button itself: the screen is what is asked about.
            self.ui.selected = "" if self.ui.selected == SCREEN else SCREEN
            return HEARD
        return self._act(ACTIONS[name], view) or HEARD

    def _make_call(self, name: str, view: View) -> Outcome:
        """A call; the first one sets the clock going that waited for it."""
        call = self._call(name, view)
        if not self._waits:
            return Send(call)
        self._stop_waiting()
        return Send(call, SetSpeed(self._pace_before))

    def _call(self, name: str, view: View) -> Call:
        arguments = {"bind": view.card.port, "listen": backlog_argument(view)}
        return Call(self._next(), name, arguments.get(name, 0))
