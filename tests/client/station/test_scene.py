from pathlib import Path

import msgspec
import pygame
import pytest

from game.client.draw.figures import Figure, figure_at, figures
from game.client.draw.why import card_for, page_of
from game.client.focus import hotspot_at
from game.client.scene import Outcome, Pop, Push, Scene, Send
from game.client.scenes.ask import AskScene
from game.client.scenes.field_guide import FieldGuideScene
from game.client.scenes.hand import step_of
from game.client.scenes.station import StationScene
from game.protocol.catalogue import Catalogue
from game.protocol.messages import (
    Call,
    ClientMessage,
    ConsoleLine,
    ConsoleOutput,
    Pace,
    Refused,
    SetKnob,
    SetSpeed,
    SetSysctl,
    Started,
    StartLevel,
    Step,
)
from game.text.guide import PAGES
from tests.client.events import button, click, key
from tests.client.players import player
from tests.client.station import fixtures
from tests.client.station.pictures import canvas


class Played:
    """A station scene in the middle of a run."""

    def __init__(self, folder: Path, scene: fixtures.Scene, lang: str = "en") -> None:
        card, made = scene
        self.player = player(folder, Catalogue("set", [card]), lang=lang)
        self.view = self.player.view
        self.view.take(Started(card.id, 7, False), 0.0)
        self.view.take(Pace(4), 0.0)
        for snapshot in made:
            self.view.take(snapshot, 1.0)
        self.scene = StationScene(self.player)
        self.wall_s = 2.0
        self.scene.update(self.wall_s)

    def settle(self, seconds: float = 0.5) -> list[ClientMessage]:
        """Let time pass, as frames do, and what was turned settle."""
        sent: list[ClientMessage] = []
        for _ in range(round(seconds / 0.02)):
            self.wall_s += 0.02
            sent += _sent(self.scene.update(self.wall_s))
        return sent

    def drag(self, spot_id: str, x: float, y: float) -> list[ClientMessage]:
        """Drag from the middle of a hotspot, and let go."""
        spot = next(s for s in self.scene.hotspots() if s.id == spot_id)
        here = (spot.rect[0] + spot.rect[2] / 2, spot.rect[1] + spot.rect[3] / 2)
        _, down, _ = click(*here)
        there = (here[0] + x, here[1] + y)
        motion, _, up = click(*there)
        return [m for e in (down, motion, up) for m in _sent(self.scene.handle(e))]

    def press(self, *codes: int) -> list[ClientMessage]:
        return [m for code in codes for m in _sent(self.scene.handle(key(code)))]

    def click(self, spot_id: str) -> list[ClientMessage]:
        spot = next(s for s in self.scene.hotspots() if s.id == spot_id)
        x, y, w, h = spot.rect
        assert hotspot_at((x + w / 2, y + h / 2), self.scene.hotspots()) == spot
        events = click(x + w / 2, y + h / 2)
        return [m for event in events for m in _sent(self.scene.handle(event))]


def _sent(outcome: Outcome) -> list[ClientMessage]:
    steps = outcome if isinstance(outcome, tuple) else (outcome,)
    return [m for step in steps if isinstance(step, Send) for m in step.messages]


@pytest.fixture
def played(tmp_path: Path) -> Played:
    return Played(tmp_path, fixtures.two_platforms())


def test_space_pauses_and_goes_on_at_the_pace_before(played: Played) -> None:
    played.view.take(Pace(16), 2.0)
    played.scene.update(2.1)
    assert played.press(pygame.K_SPACE) == [SetSpeed(0)]
    played.view.take(Pace(0), 2.0)
    played.scene.update(2.2)
    assert played.press(pygame.K_SPACE) == [SetSpeed(16)]


def test_digits_set_the_pace(played: Played) -> None:
    sent = played.press(*(getattr(pygame, f"K_{digit}") for digit in "123458"))
    assert sent == [SetSpeed(quarters) for quarters in (0, 1, 4, 8, 16, 32)]
    assert played.click("speed:8") == [SetSpeed(8)]


def test_a_full_stop_steps_only_in_a_pause(played: Played) -> None:
    assert played.press(pygame.K_PERIOD) == []
    played.view.take(Pace(0), 2.0)
    played.scene.update(2.1)
    assert played.press(pygame.K_PERIOD) == [Step()]


def test_r_starts_the_same_run_again_and_asks_first_once_there_is_something_to_lose(
    tmp_path: Path,
) -> None:
    again = StartLevel("12-ghost-crowd", 7, False)
    card, made = fixtures.two_platforms()
    young = msgspec.structs.replace(made[-1], tick=100, time_ms=5000)
    assert Played(tmp_path, (card, [young])).press(pygame.K_r) == [again]
    old = Played(tmp_path, (card, made))
    outcome = old.scene.handle(key(pygame.K_r))
    assert isinstance(outcome, tuple)
    pause, push = outcome
    assert pause == Send(SetSpeed(0))
    assert isinstance(push, Push)
    assert isinstance(push.scene, AskScene)
    assert push.scene.handle(key(pygame.K_ESCAPE)) == (Pop(), Send(SetSpeed(4)))
    push.scene.handle(key(pygame.K_RIGHT))
    assert push.scene.handle(key(pygame.K_RETURN)) == (Pop(), Send(again, SetSpeed(4)))


def test_l_calls_listen_with_the_backlog_in_force(played: Played) -> None:
    assert played.press(pygame.K_l) == [Call(1, "listen", 64)]


@pytest.mark.parametrize(
    ("spot", "message"),
    [
        ("knob:backlog:more", Call(1, "listen", 128)),
        ("knob:backlog:less", Call(1, "listen", 32)),
        ("knob:somaxconn:more", SetSysctl(1, "net.core.somaxconn", 32)),
        ("knob:tcp_synack_retries:less", SetSysctl(1, "net.ipv4.tcp_synack_retries", 3)),
        ("knob:tcp_syncookies", SetSysctl(1, "net.ipv4.tcp_syncookies", 0)),
        ("knob:workers:more", SetKnob(1, "workers", "5")),
        ("knob:filter:more", SetKnob(1, "filter", "limit24:200")),
        ("knob:pinning", SetKnob(1, "pinning", "on")),
    ],
)
def test_each_kind_of_knob_sends_its_message(
    played: Played, spot: str, message: ClientMessage
) -> None:
    assert played.click(spot) + played.settle() == [message]
    assert played.settle() == [], "once"


def test_presses_that_follow_each_other_are_one_command(played: Played) -> None:
    sent = [m for _ in range(3) for m in played.click("knob:somaxconn:more") + played.settle(0.2)]
    assert sent == []
    assert played.scene.ui.coming == {"somaxconn": "128"}
    assert played.settle() == [SetSysctl(1, "net.core.somaxconn", 128)]


def test_a_change_of_mind_before_it_settles_sends_nothing(played: Played) -> None:
    played.click("knob:somaxconn:more")
    played.click("knob:somaxconn:less")
    assert played.settle() == []
    assert played.scene.ui.coming == {}


def test_what_was_turned_goes_out_before_the_clock_goes_on(played: Played) -> None:
    played.click("knob:workers:more")
    assert played.press(pygame.K_SPACE) == [SetKnob(1, "workers", "5"), SetSpeed(0)]


def test_a_dial_is_dragged_up_or_to_the_right_and_sends_once_when_let_go(played: Played) -> None:
    step = step_of(next(k for k in fixtures.KNOBS if k.name == "rx_ring"))
    assert played.drag("knob:rx_ring:value", 0, -3 * step) == [SetKnob(1, "rx_ring", "256")]
    assert played.scene.ui.selected == "", "a drag is no click"
    assert played.drag("knob:rx_ring:value", -2 * step, 0) == [SetKnob(2, "rx_ring", "64")]
    assert played.settle() == []


def test_a_held_button_goes_on_faster_and_sends_once_when_it_comes_up(played: Played) -> None:
    spot = next(s for s in played.scene.hotspots() if s.id == "knob:tcp_max_syn_backlog:less")
    motion, down, up = click(spot.rect[0] + 5, spot.rect[1] + 5)
    played.scene.handle(motion)
    played.scene.handle(down)
    assert played.settle(0.3) == []
    assert played.scene.ui.coming == {"tcp_max_syn_backlog": "64"}
    assert played.settle(2.0) == []
    assert played.scene.ui.coming == {"tcp_max_syn_backlog": "1"}
    assert _sent(played.scene.handle(up)) == [SetSysctl(1, "net.ipv4.tcp_max_syn_backlog", 1)]


def test_a_click_on_a_value_opens_a_field_that_takes_digits(played: Played) -> None:
    played.click("knob:somaxconn:value")
    typed = [pygame.event.Event(pygame.TEXTINPUT, text=sign) for sign in "5x1 2"]
    assert [m for e in typed for m in _sent(played.scene.handle(e))] == []
    assert played.scene.ui.typed_value == ("somaxconn", "512", 3)
    assert played.press(pygame.K_RETURN) == [SetSysctl(1, "net.core.somaxconn", 512)]
    played.click("knob:somaxconn:value")
    played.press(pygame.K_7, pygame.K_ESCAPE)
    assert played.settle() == []
    assert played.scene.ui.typed_value is None


def test_digits_go_to_the_dial_that_keys_have_the_focus_on(played: Played) -> None:
    while not played.scene._focus.id.startswith("knob:workers"):
        played.press(pygame.K_TAB)
    assert played.press(pygame.K_8) == [], "and set no pace"
    played.scene.handle(pygame.event.Event(pygame.TEXTINPUT, text="8"))
    assert played.press(pygame.K_RETURN) == [SetKnob(1, "workers", "8")]


def test_a_controllers_shoulders_take_big_steps(played: Played) -> None:
    while not played.scene._focus.id.startswith("knob:workers"):
        played.scene.handle(button(pygame.CONTROLLER_BUTTON_DPAD_DOWN))
        played.press(pygame.K_TAB)
    played.scene.handle(button(pygame.CONTROLLER_BUTTON_RIGHTSHOULDER))
    up = pygame.event.Event(
        pygame.CONTROLLERBUTTONUP, button=pygame.CONTROLLER_BUTTON_RIGHTSHOULDER, instance_id=0
    )
    played.scene.handle(up)
    assert played.settle() == [SetKnob(1, "workers", "7")]


def test_a_refusal_lets_a_knob_stand_where_it_was(played: Played) -> None:
    played.click("knob:workers:more")
    assert played.settle() == [SetKnob(1, "workers", "5")]
    assert played.scene.ui.coming == {"workers": "5"}
    played.view.take(Refused(1, "budget", {"cost": 2, "left": 1}), played.wall_s)
    played.settle(0.1)
    assert played.scene.ui.coming == {}


def test_plus_and_minus_lead_to_the_knob_that_was_meant_last_and_then_turn_it(
    played: Played,
) -> None:
    played.press(pygame.K_PLUS)
    first = played.scene.hotspots()
    played.scene.draw(canvas())
    assert played.scene.ui.focused == next(s.id for s in first if s.id.startswith("knob:"))
    assert played.settle() == [], "the first press only leads there"
    x, y, w, h = next(s.rect for s in first if s.id == "knob:workers:more")
    motion, *_ = click(x + w / 2, y + h / 2)
    played.scene.handle(motion)
    played.scene.draw(canvas())
    motion, *_ = click(300, 300)
    played.scene.handle(motion)
    played.press(pygame.K_MINUS)
    played.scene.draw(canvas())
    assert played.scene.ui.focused == "knob:workers"
    played.press(pygame.K_MINUS)
    up = pygame.event.Event(pygame.KEYUP, key=pygame.K_MINUS, mod=0)
    assert _sent(played.scene.handle(up)) + played.settle() == [SetKnob(1, "workers", "3")]


def test_plus_and_minus_turn_the_knob_that_has_the_focus(played: Played) -> None:
    played.click("knob:backlog")
    played.press(pygame.K_ESCAPE)
    assert played.press(pygame.K_PLUS) + played.settle() == []
    up = pygame.event.Event(pygame.KEYUP, key=pygame.K_PLUS, mod=0)
    assert _sent(played.scene.handle(up)) == [Call(1, "listen", 256)], "held for half a second"


def test_what_can_be_done_has_a_button(played: Played) -> None:
    assert played.click("bar:listen") == [Call(1, "listen", 64)]
    played.click("bar:hint")
    assert played.scene.ui.hints == ["Look."]
    played.scene.draw(canvas())
    x, y, w, _ = played.scene.ui.hints_rect
    for event in click(x + w - 17, y + 16):
        played.scene.handle(event)
    assert played.scene.ui.hints == [], "a click on a hint puts it away"
    played.click("bar:explain")
    assert played.scene.ui.selected == "screen"
    played.press(pygame.K_ESCAPE)
    for spot, kind in (
        ("bar:guide", FieldGuideScene),
        ("bar:restart", AskScene),
        ("bar:leave", AskScene),
    ):
        place = next(s for s in played.scene.hotspots() if s.id == spot).rect
        outcomes = [played.scene.handle(e) for e in click(place[0] + 5, place[1] + 5)]
        assert isinstance(asked(outcomes[-1]), kind)


def test_f1_with_nothing_chosen_explains_the_screen(played: Played) -> None:
    played.press(pygame.K_F1)
    assert played.scene.ui.selected == "screen"
    before = pixels_of(played.scene)
    played.press(pygame.K_F1)
    assert pixels_of(played.scene) != before


def test_l_in_a_pause_says_that_it_was_heard(played: Played) -> None:
    played.view.take(Pace(0), 2.0)
    played.settle(0.1)
    played.press(pygame.K_l)
    assert "listen(64)" in played.scene.ui.note


def test_the_wheel_turns_the_knob_under_the_mouse(played: Played) -> None:
    spot = next(s for s in played.scene.hotspots() if s.id == "knob:backlog")
    x, y, w, h = spot.rect
    motion = pygame.event.Event(
        pygame.MOUSEMOTION, pos=(x + w / 2, y + h / 2), rel=(1, 1), buttons=(0, 0, 0)
    )
    played.scene.handle(motion)
    up, down = (pygame.event.Event(pygame.MOUSEWHEEL, x=0, y=by) for by in (1, -1))
    for event in (up, up, down, up):
        assert _sent(played.scene.handle(event)) == []
    assert played.settle() == [Call(1, "listen", 256)]


def test_a_locked_knob_sends_nothing(played: Played) -> None:
    assert played.click("knob:tcp_rmem") == []


def test_tab_reaches_every_hotspot_and_enter_chooses(played: Played) -> None:
    reached: list[str] = []
    for _ in played.scene.hotspots():
        played.press(pygame.K_TAB)
        reached.append(played.scene._focus.id)
    assert reached == [spot.id for spot in played.scene.hotspots()]
    while played.scene._focus.id != "knob:workers:more":
        played.press(pygame.K_TAB)
    played.press(pygame.K_RETURN)
    played.scene.handle(pygame.event.Event(pygame.KEYUP, key=pygame.K_RETURN, mod=0))
    assert played.settle() == [SetKnob(1, "workers", "5")]


def test_escape_closes_what_is_open_and_then_leaves(played: Played) -> None:
    played.click("hall:0")
    played.press(pygame.K_h)
    assert played.scene.ui.selected == "hall:0"
    played.press(pygame.K_ESCAPE)
    assert played.scene.ui.selected == ""
    assert played.scene.ui.hints == ["Look."]
    played.press(pygame.K_ESCAPE)
    assert played.scene.ui.hints == []
    assert isinstance(asked(played.scene.handle(key(pygame.K_ESCAPE))), AskScene)


def asked(outcome: Outcome) -> Scene:
    """The scene that was put on top, after a pause."""
    assert isinstance(outcome, tuple)
    assert outcome[0] == Send(SetSpeed(0))
    assert isinstance(outcome[1], Push)
    return outcome[1].scene


def test_leaving_a_run_asks_and_a_second_escape_stays(played: Played) -> None:
    ask = asked(played.scene.handle(key(pygame.K_ESCAPE)))
    assert ask.handle(key(pygame.K_ESCAPE)) == (Pop(), Send(SetSpeed(4))), "at the pace before"
    assert ask.handle(key(pygame.K_RETURN)) == (Pop(), Send(SetSpeed(4))), "staying comes first"
    ask.handle(key(pygame.K_TAB))
    assert ask.handle(key(pygame.K_RETURN)) == (Pop(), Pop())


def test_a_recording_is_left_without_a_question(played: Played) -> None:
    played.view.take(Started("12-ghost-crowd", 7, recorded=True), 0.0)
    played.view.take(fixtures.two_platforms()[1][-1], 1.0)
    played.scene.update(2.0)
    assert played.scene.handle(key(pygame.K_ESCAPE)) == Pop()


def test_a_card_leads_into_the_field_guide_by_key_and_by_mouse(played: Played) -> None:
    played.click("drop:hall:1")
    by_key = asked(played.scene.handle(key(pygame.K_g)))
    assert isinstance(by_key, FieldGuideScene)
    assert by_key._page.id == "accept-queue"
    played.scene.draw(canvas())
    card = played.scene._card_rect
    assert card is not None
    point = (card[0] + 30, card[1] + card[3] - 14)
    outcomes = [played.scene.handle(event) for event in click(*point)]
    assert isinstance(asked(outcomes[1]), FieldGuideScene)


def test_a_single_figure_is_named_under_the_mouse_and_explained_by_a_click(played: Played) -> None:
    view = played.scene._view()
    assert view is not None
    kinds: dict[str, Figure] = {}
    for figure in figures(view):
        assert card_for(view, figure.id) is not None, figure.id
        assert page_of(view, figure.id) in PAGES
        kinds.setdefault(figure.id.split(":")[1], figure)
    assert kinds.keys() == {"line", "hall", "train", "internet"}
    for kind, figure in kinds.items():
        nearest = figure_at(view, (figure.x, figure.y))
        assert nearest is not None
        events = click(nearest.x, nearest.y)
        played.scene.handle(events[0])
        assert played.scene.ui.figure == nearest.id
        before = pixels_of(played.scene)
        played.scene.handle(events[1])
        played.scene.handle(events[2])
        assert played.scene.ui.selected == nearest.id
        assert pixels_of(played.scene) != before
        card = card_for(view, nearest.id)
        assert card is not None
        words = dict(card.rows)
        assert words["State"] == nearest.state
        assert (kind in ("line", "hall")) <= ("Here for" in words)
        played.press(pygame.K_ESCAPE)


def pixels_of(scene: StationScene) -> bytes:
    on = canvas()
    scene.draw(on)
    return pygame.image.tobytes(on.surface, "RGB")


def test_keys_walk_through_the_figures_of_an_open_card(played: Played) -> None:
    played.click("hall:1")
    seen = []
    for _ in range(3):
        played.press(pygame.K_RIGHT)
        seen.append(played.scene.ui.selected)
    assert len(set(seen)) == 3
    assert all(spot.startswith("figure:hall:1:") for spot in seen)
    played.press(pygame.K_LEFT)
    assert played.scene.ui.selected == seen[1]


def test_every_card_about_a_kernel_thing_knows_its_page(played: Played) -> None:
    view = played.scene._view()
    assert view is not None
    without = {"goal", "stars", "timeline"}
    for spot in played.scene.hotspots():
        if card_for(view, spot.id) and spot.id.split(":")[0] not in without:
            assert page_of(view, spot.id) in PAGES or spot.id == "knob:tcp_rmem", spot.id


def test_a_key_that_was_changed_acts_and_its_old_one_does_not(played: Played) -> None:
    now = played.player.settings.now
    played.player.settings.put(msgspec.structs.replace(now, keys={"pause": "p"}))
    assert played.press(pygame.K_p) == [SetSpeed(0)]
    played.scene._focus.id = ""
    assert played.press(pygame.K_SPACE) == [], "where nothing has the focus it chooses nothing"


def test_f1_explains_and_f2_shows_kernel_names(played: Played) -> None:
    played.click("hall:0")
    played.press(pygame.K_ESCAPE)
    played.press(pygame.K_F1)
    assert played.scene.ui.selected == "hall:0"
    played.press(pygame.K_ESCAPE, pygame.K_F2)
    on = canvas()
    on.extents = []
    played.scene.draw(on)
    bold = [e for e in on.extents if e.text == "accept queue"]
    assert len(bold) == 2
    assert bold[0].rect[0] == pytest.approx(656, abs=1)


def test_the_console_takes_letters_and_sends_lines(played: Played) -> None:
    played.press(pygame.K_BACKQUOTE)
    assert played.scene.ui.tab == "console"
    played.scene.handle(pygame.event.Event(pygame.TEXTINPUT, text="`"))
    for sign in "ss -ltn":
        played.press(pygame.K_s)
        played.scene.handle(pygame.event.Event(pygame.TEXTINPUT, text=sign))
    assert played.press(pygame.K_RETURN) == [ConsoleLine(1, "ss -ltn")]
    played.view.take(ConsoleOutput(1, ["State Recv-Q"]), 2.0)
    played.scene.update(2.1)
    assert played.scene.ui.console == ["$ ss -ltn", "State Recv-Q"]
    played.press(pygame.K_ESCAPE)
    assert played.scene.ui.tab == "control"


def test_calls_are_answered_on_the_console_as_a_tracer_prints_them(tmp_path: Path) -> None:
    begun = Played(tmp_path, fixtures.before_calls())
    last = fixtures.before_calls()[1][-1]
    begun.press(pygame.K_c)
    answers = ["socket(AF_INET, SOCK_STREAM, 0) = 3", "bind(3, 0.0.0.0:443) = 0"]
    for number, _ in enumerate(answers, 1):
        now = msgspec.structs.replace(
            last, tick=last.tick + number, time_ms=last.time_ms + 50, calls=answers[:number]
        )
        begun.view.take(now, 2.0)
        begun.scene.update(2.0 + number)
    assert begun.scene.ui.console == answers


def test_a_refusal_is_said_for_some_seconds(played: Played) -> None:
    played.view.take(Refused(1, "budget", {"cost": 2, "left": 1}), 2.0)
    played.scene.update(3.0)
    assert "2" in played.scene.ui.toast
    played.scene.update(9.0)
    assert played.scene.ui.toast == ""


def test_the_calls_of_level_one_are_buttons(tmp_path: Path) -> None:
    begun = Played(tmp_path, fixtures.before_calls())
    sent = [
        m for call in ("socket", "bind", "listen", "accept") for m in begun.click(f"call:{call}")
    ]
    assert sent == [
        Call(1, "socket", 0),
        Call(2, "bind", 443),
        Call(3, "listen", 16),
        Call(4, "accept", 0),
    ]


def test_drawing_the_scene_twice_gives_the_same_pixels(played: Played) -> None:
    on = canvas()
    played.scene.draw(on)
    first = pygame.image.tobytes(on.surface, "RGB")
    played.scene.draw(on)
    assert pygame.image.tobytes(on.surface, "RGB") == first


def test_a_scene_made_in_the_middle_of_a_run_knows_its_rates(played: Played) -> None:
    assert played.scene._seen.counter("TcpExtListenOverflows")[1] > 1000


def test_before_the_first_snapshot_there_is_only_paper(tmp_path: Path) -> None:
    somebody = player(tmp_path, Catalogue("set", [fixtures.card()]))
    scene = StationScene(somebody)
    scene.update(0.0)
    on = canvas()
    scene.draw(on)
    assert on.surface.get_at((600, 300))[:3] == on.theme.paper
    assert scene.hotspots() == []


def test_six_platforms_are_on_two_pages(tmp_path: Path) -> None:
    many = Played(tmp_path, fixtures.big(16, 6))
    assert not any(s.id == "line:4" for s in many.scene.hotspots())
    many.click("page:next")
    assert any(s.id == "line:4" for s in many.scene.hotspots())
    many.click("page:next")
    assert any(s.id == "line:0" for s in many.scene.hotspots())


def test_settings_are_followed(played: Played) -> None:
    now = played.player.settings.now
    played.player.settings.put(msgspec.structs.replace(now, reduced_motion=True))
    played.scene.update(3.0)
    assert played.scene.ui.reduced_motion


def first_call(folder: Path) -> Played:
    """Level 1 as it begins, with its clock running."""
    begun = Played(folder, fixtures.before_calls())
    now = msgspec.structs.replace(fixtures.before_calls()[1][-1], tick=1, time_ms=50)
    begun.view.take(Started("01-first-train", 7, False), 2.0)
    begun.view.take(Pace(4), 2.0)
    begun.view.take(now, 2.0)
    begun.scene = StationScene(begun.player)
    return begun


def test_where_the_player_makes_the_calls_the_clock_waits_for_the_first(tmp_path: Path) -> None:
    begun = first_call(tmp_path)
    assert begun.settle(0.1) == [SetSpeed(0)]
    assert "socket()" in begun.scene.ui.note
    begun.view.take(Pace(0), begun.wall_s)
    assert begun.settle() == [], "it is stopped once"
    assert begun.click("call:socket") == [Call(1, "socket", 0), SetSpeed(4)]
    assert begun.scene.ui.note == ""
    assert begun.click("call:bind") == [Call(2, "bind", 443)]


def test_a_call_on_the_console_sets_the_clock_going_too(tmp_path: Path) -> None:
    begun = first_call(tmp_path)
    begun.settle(0.1)
    begun.press(pygame.K_BACKQUOTE)
    for line, follows in (("help", []), ("socket", [SetSpeed(4)]), ("bind 443", [])):
        begun.scene.handle(pygame.event.Event(pygame.TEXTINPUT, text=line))
        assert begun.press(pygame.K_RETURN)[1:] == follows


def test_the_clock_of_a_recording_waits_for_nobody(tmp_path: Path) -> None:
    begun = first_call(tmp_path)
    begun.view.take(Started("01-first-train", 7, recorded=True), 2.0)
    begun.view.take(fixtures.before_calls()[1][-1], 2.0)
    begun.scene = StationScene(begun.player)
    assert begun.settle() == []


def test_a_recording_says_what_each_command_changes(played: Played) -> None:
    before = fixtures.two_platforms()[1][-1]
    played.view.take(Started("12-ghost-crowd", 7, recorded=True), 0.0)
    played.view.take(before, 1.0)
    played.scene = StationScene(played.player)
    played.settle(0.1)
    assert played.scene.ui.note == ""
    knobs = [
        msgspec.structs.replace(knob, value="512", pending="") if knob.name == "somaxconn" else knob
        for knob in before.knobs
    ]
    now = msgspec.structs.replace(
        before, tick=before.tick + 1, time_ms=before.time_ms + 50, knobs=knobs
    )
    played.view.take(now, 2.0)
    played.settle(0.1)
    assert played.scene.ui.note == "1:24  net.core.somaxconn 16 → 512"


def test_once_everybody_is_decided_a_button_runs_to_the_end(played: Played) -> None:
    assert "bar:finish" not in [spot.id for spot in played.scene.hotspots()]
    card, made = fixtures.two_platforms()
    gone = [msgspec.structs.replace(w, until_ms=60_000) for w in card.waves]
    played.view.take(Catalogue("set", [msgspec.structs.replace(card, waves=gone)]), 2.0)
    last = made[-1]
    empty = msgspec.structs.replace(
        last,
        tick=last.tick + 1,
        time_ms=last.time_ms + 50,
        peers=[],
        listeners=[
            msgspec.structs.replace(one, syn_queue=0, accept_queue=0) for one in last.listeners
        ],
        workers=[msgspec.structs.replace(one, passengers=[]) for one in last.workers],
    )
    played.view.take(empty, 2.0)
    played.settle(0.1)
    assert played.click("bar:finish") == [SetSpeed(32)]


def test_a_console_line_without_an_answer_is_answered(played: Played) -> None:
    played.view.take(ConsoleOutput(1, []), 2.0)
    played.settle(0.1)
    assert played.scene.ui.console == ["done"]


def test_the_engineer_view_reaches_the_gate_in_a_pause_too(played: Played) -> None:
    on = canvas()
    played.scene.draw(on)
    played.press(pygame.K_F2)
    played.scene.draw(on)
    anew = canvas()
    played.scene.draw(anew)
    kept, fresh = (pygame.image.tobytes(one.surface, "RGB") for one in (on, anew))
    assert kept == fresh, "no part keeps its old names"
