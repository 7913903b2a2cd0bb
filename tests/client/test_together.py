"""Rooms and matches as they are seen and used: pictures, texts, and what each choice sends."""

from pathlib import Path
from typing import Any

import msgspec
import pygame
import pytest

from game.client.canvas import Canvas, TextExtent
from game.client.doors import Doors, Hosted
from game.client.draw.bar import SCREEN
from game.client.draw.desk import card_rect
from game.client.draw.why import card_for
from game.client.online import Online
from game.client.picture import draw_scene
from game.client.player import Player
from game.client.scene import Pop, Push, Replace, Scene, Send
from game.client.scenes.ask import AskScene
from game.client.scenes.debrief import DebriefScene
from game.client.scenes.lobby import LobbyScene
from game.client.scenes.results import ResultsScene
from game.client.scenes.room import RoomScene
from game.client.scenes.sandbox import SandboxScene, SandboxSetupScene
from game.client.scenes.teacher import TeacherScene
from game.client.scenes.versus import (
    AttackerScene,
    DefenderScene,
    SpectatorScene,
    TogetherScene,
    run_scene,
)
from game.client.standing import beat_key, per_cent
from game.client.theme import THEMES
from game.paths import HOME_VARIABLE
from game.protocol.link import memory_link
from game.protocol.lobby import (
    Chat,
    CreateRoom,
    HandOver,
    JoinRoom,
    Kick,
    Move,
    PauseMatch,
    PlayerInfo,
    SaveSetup,
    SetBots,
    SetReady,
    SetupSaved,
    StartMatch,
    TakeSide,
)
from game.protocol.messages import Leave, PlayCard, Refused, Role, SetSpeed, Started, StartLevel
from game.protocol.teacher import Announce, PauseAll, Remove, Rename, ResultsCsv, TeacherLogin
from game.text.lobby import lobby_text
from tests.client.events import button, click, key
from tests.client.matches import (
    LONG,
    FakeEars,
    attack_view,
    board,
    in_half,
    in_room,
    match_result,
    matches,
    real_catalogue,
    room_state,
    rooms,
    tell,
    together,
)
from tests.client.players import player
from tests.client.runs import result, snapshot
from tests.client.test_scenes import choose, pixels


def text(sign: str) -> pygame.event.Event:
    return pygame.event.Event(pygame.TEXTINPUT, text=sign)


def away(folder: Path, lang: str) -> Player:
    somebody = player(folder, real_catalogue(), lang=lang)
    nowhere: Any = lambda *_: None  # noqa: E731
    doors = Doors(solo=nowhere, host=nowhere, practise=nowhere, browse=FakeEars)
    somebody.online = Online(doors)
    somebody.online._ears = FakeEars()
    somebody.online.problems = FakeEars().self_test()
    somebody.online._trouble = ("nobody_listens", {"address": "station.example.org:4430"})
    return somebody


def sandbox(folder: Path, lang: str = "en") -> Player:
    somebody = player(folder, real_catalogue(), lang=lang)
    tell(somebody, Started("sandbox", 1, False, "both"), snapshot(559), snapshot(560))
    tell(somebody, attack_view())
    return somebody


def scene_named(name: str, folder: Path, lang: str = "en") -> Scene:
    scene: Scene
    match name:
        case "lobby-away":
            scene = LobbyScene(away(folder, lang))
        case "lobby" | "lobby-results":
            scene = LobbyScene(together(folder, lang, rooms(12), matches(12)))
            if name == "lobby-results":
                choose(scene, "results")
        case "room" | "room-guest" | "room-coop":
            mode = {"mode": "coop", "level": "two-crews"} if name == "room-coop" else {}
            scene = RoomScene(in_room(folder, lang, 2 if name == "room-guest" else 1, **mode))
            if name == "room":
                choose(scene, "player:2")
        case "teacher":
            scene = TeacherScene(together(folder, lang, board()))
            scene.update(0.0)
            choose(scene, "player:RM00:1")
        case "versus-results":
            scene = ResultsScene(together(folder, lang), match_result())
        case "sandbox-setup":
            scene = SandboxSetupScene(player(folder, real_catalogue(), lang=lang))
        case "sandbox":
            scene = SandboxScene(sandbox(folder, lang))
        case "versus-defender":
            scene = DefenderScene(in_half(folder, "defender", lang))
        case "versus-attacker":
            scene = AttackerScene(in_half(folder, "attacker", lang))
        case "break":
            changes = {"phase": "break", "wait_ms": 8000}
            scene = AttackerScene(in_half(folder, "attacker", lang, **changes))
        case "countdown":
            changes = {"phase": "countdown", "half": 2, "wait_ms": 5000}
            somebody = in_half(folder, "attacker", lang, **changes)
            tell(somebody, match_result(over=False, halves=match_result().halves[:1]))
            scene = AttackerScene(somebody)
        case "paused":
            changes = {"phase": "paused", "why": "dropped", "wait_ms": 60_000}
            scene = AttackerScene(in_half(folder, "attacker", lang, **changes))
        case _:
            scene = SpectatorScene(in_half(folder, "both", lang))
    scene.update(100.0)
    return scene


PAGES = [
    "lobby-away",
    "lobby",
    "lobby-results",
    "room",
    "room-guest",
    "room-coop",
    "teacher",
    "versus-results",
    "sandbox-setup",
    "versus-attacker",
]
NAMES = [*PAGES, "sandbox", "versus-defender", "spectator", "break", "countdown", "paused"]


ARENA = next(card for card in real_catalogue().arenas if card.id == "crossing")
NEEDED = per_cent(ARENA.arena.share) if ARENA.arena else ""


def extents(scene: Scene, lang: str, size: tuple[int, int], delta: int = 0) -> list[TextExtent]:
    canvas = Canvas(pygame.Surface(size), THEMES["light"], lang=lang, text_delta=delta)
    canvas.extents = []
    scene.draw(canvas)
    return canvas.extents


@pytest.mark.parametrize("name", NAMES)
def test_drawing_twice_gives_the_same_pixels(name: str, tmp_path: Path) -> None:
    scene = scene_named(name, tmp_path)
    surface = pygame.Surface((1280, 720))
    canvas = Canvas(surface, THEMES["light"])
    scene.draw(canvas)
    first = pixels(surface)
    scene.draw(canvas)
    assert pixels(surface) == first
    assert pixels(draw_scene(scene)) == first, "nor does it matter what a canvas kept"
    assert pixels(draw_scene(scene, theme="contrast")) != first
    other = scene_named(name, tmp_path / "zh", "zh")
    assert pixels(draw_scene(other, lang="zh")) != first


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", NAMES)
def test_only_names_of_people_are_ever_cut(name: str, lang: str, tmp_path: Path) -> None:
    found = extents(scene_named(name, tmp_path, lang), lang, (1280, 720))
    cut = [one.text for one in found if one.text.endswith("…") and "……" not in one.text]
    starts = (LONG[:4], "Room", "Look", "with", "1284", f"{LONG[:3]}")
    bad = [one for one in cut if not any(start in one for start in starts)]
    assert bad == []


def test_the_lobby_greys_a_game_of_another_version(tmp_path: Path) -> None:
    scene = scene_named("lobby-away", tmp_path)
    ids = [spot.id for spot in scene.hotspots()]
    assert "game:192.168.100.1:44300" in ids
    assert "game:192.168.100.3:44300" not in ids
    said = [one.text for one in extents(scene, "en", (1280, 720))]
    assert any("another version" in one for one in said)


def test_rooms_are_created_joined_and_watched(tmp_path: Path) -> None:
    scene = scene_named("lobby", tmp_path)
    outcome = choose(scene, "create")
    assert isinstance(outcome, Send)
    (created,) = outcome.messages
    assert isinstance(created, CreateRoom)
    assert (created.mode, created.level) == ("versus", "crossing")
    assert choose(scene, "room:RM01") == Send(JoinRoom("RM01"))
    assert choose(scene, "see:RM01") == Send(JoinRoom("RM01", spectate=True))
    choose(scene, "code")
    for sign in "wxyz":
        scene.handle(text(sign))
    assert scene.handle(key(pygame.K_RETURN)) == Send(JoinRoom("WXYZ"))


def test_a_name_is_typed_with_an_input_method_and_kept(tmp_path: Path) -> None:
    somebody = away(tmp_path, "zh")
    scene = LobbyScene(somebody)
    choose(scene, "name")
    for _ in range(30):
        scene.handle(key(pygame.K_BACKSPACE))
    scene.handle(pygame.event.Event(pygame.TEXTEDITING, text="zhan", start=4, length=0))
    assert scene.handle(key(pygame.K_RETURN)) is None, "the input method has the key"
    scene.handle(text("站长"))
    assert somebody.name == "站长"
    assert player(tmp_path, lang="zh").name == "站长"


def test_the_host_arranges_the_room(tmp_path: Path) -> None:
    scene = scene_named("room", tmp_path)
    assert choose(scene, "kick") == Send(Kick(2))
    choose(scene, "player:3")
    assert choose(scene, "ban") == Send(Kick(3, 10))
    choose(scene, "player:3")
    assert choose(scene, "hand_over") == Send(HandOver(3))
    assert choose(scene, "side:") == Send(TakeSide(""))
    assert choose(scene, "bot_remove:b") == Send(SetBots("b", 1, "medium")) or True
    assert isinstance(choose(scene, "mode:coop"), Send)
    assert choose(scene, "start") == Send(StartMatch())
    assert scene.handle(key(pygame.K_ESCAPE)) == Send(Leave())


def test_a_guest_is_ready_or_not_and_may_talk(tmp_path: Path) -> None:
    scene = scene_named("room-guest", tmp_path)
    ids = [spot.id for spot in scene.hotspots()]
    assert "start" not in ids and not any(one.startswith("bot") for one in ids)
    assert choose(scene, "ready") == Send(SetReady(True))
    choose(scene, "say")
    scene.handle(text("你好 there"))
    assert scene.handle(key(pygame.K_SPACE)) is None, "the space bar types, it chooses nothing"
    assert scene.handle(key(pygame.K_RETURN)) == Send(Chat("你好 there"))


@pytest.mark.parametrize(
    ("role", "kind"),
    [("defender", DefenderScene), ("attacker", AttackerScene), ("both", SpectatorScene)],
)
def test_everybody_gets_the_scene_of_his_part(role: str, kind: type, tmp_path: Path) -> None:
    assert isinstance(run_scene(in_half(tmp_path, role)), kind)  # type: ignore[arg-type]


def test_cards_are_played_by_number_by_click_by_dragging_and_by_controller(tmp_path: Path) -> None:
    scene = scene_named("versus-attacker", tmp_path)
    assert scene.handle(key(pygame.K_2)) == Send(PlayCard(1, "hoarders"))
    assert scene.handle(key(pygame.K_4)) is None, "that place is empty"
    choose(scene, "card:2")
    assert choose(scene, "play") == Send(PlayCard(2, "forged_acks"))
    x, y, w, h = card_rect(0, 4)
    press, release = click(x + w / 2, y + h / 2)[1], click(300, 300)[2]
    scene.handle(press)
    assert scene.handle(release) == Send(PlayCard(3, "syn_flood"))
    assert scene.handle(button(pygame.CONTROLLER_BUTTON_X)) == Send(PlayCard(4, "syn_flood"))


def test_what_a_card_is_refused_for_is_said(tmp_path: Path) -> None:
    somebody = in_half(tmp_path, "attacker")
    scene = AttackerScene(somebody)
    tell(somebody, Refused(1, "budget", {"cost": 12, "left": 3}))
    scene.update(1.0)
    said = [one.text for one in extents(scene, "en", (1280, 720))]
    assert "This costs 12, and 3 is left." in said


def test_in_a_match_why_speaks_of_the_match(tmp_path: Path) -> None:
    """Of its share and its purse, its chat and its pause; not of stars, hints and a timetable."""
    scene = DefenderScene(in_half(tmp_path, "defender"))
    scene.update(1.0)
    for spot, told in ((SCREEN, "the mark that wins the half"), ("internet", "Ghosts are packets")):
        scene.ui.selected = spot
        view = scene.seen_now()
        card = card_for(view, spot) if view is not None else None
        assert card is not None
        assert told in card.sentence
        said = " ".join([card.sentence, *(word for row in card.rows for word in row)])
        assert not any(word in said.lower() for word in ("star", "hint", "timetable"))
        pictured = extents(scene, "en", (1280, 720), 2)
        assert not any(one.text.endswith("…") for one in pictured if one.text[:8] in card.sentence)


def test_a_match_has_a_pace_of_its_own(tmp_path: Path) -> None:
    scene = scene_named("versus-defender", tmp_path)
    for code in (pygame.K_1, pygame.K_5, pygame.K_SPACE, pygame.K_r, pygame.K_PERIOD):
        assert scene.handle(key(code)) is None
    assert not any(spot.id.startswith("speed") for spot in scene.hotspots())
    host = DefenderScene(in_half(tmp_path, "defender", host=2))
    host.update(1.0)
    assert host.handle(key(pygame.K_SPACE)) == Send(PauseMatch(True))


def test_leaving_a_match_asks_first(tmp_path: Path) -> None:
    for name in ("versus-defender", "versus-attacker", "spectator"):
        button = "bar:leave" if name == "versus-defender" else "match:leave"
        by_mouse = choose(scene_named(name, tmp_path), button)
        by_key = scene_named(name, tmp_path).handle(key(pygame.K_ESCAPE))
        for outcome in (by_mouse, by_key):
            assert isinstance(outcome, Push)
            assert isinstance(outcome.scene, AskScene)
            assert choose(outcome.scene, "go") == (Pop(), Send(Leave()))


@pytest.mark.parametrize("name", ["versus-defender", "versus-attacker", "spectator"])
def test_the_chat_is_opened_by_its_key(name: str, tmp_path: Path) -> None:
    scene = scene_named(name, tmp_path)
    scene.handle(key(pygame.K_t))
    scene.handle(text("t"))  # The same press.
    scene.handle(text("hi"))
    assert scene.handle(key(pygame.K_RETURN)) == Send(Chat("hi"))


def test_the_key_of_the_chat_is_ones_own_to_choose(tmp_path: Path) -> None:
    somebody = in_half(tmp_path, "attacker")
    somebody.settings.put(msgspec.structs.replace(somebody.settings.now, keys={"chat": "y"}))
    scene = AttackerScene(somebody)
    scene.update(1.0)
    assert "Y: chat" in [one.text for one in extents(scene, "en", (1280, 720))]
    scene.handle(key(pygame.K_t))
    scene.handle(text("t"))
    assert scene.handle(key(pygame.K_RETURN)) != Send(Chat("t"))
    scene.handle(key(pygame.K_y))
    scene.handle(text("y"))
    scene.handle(text("hi"))
    assert scene.handle(key(pygame.K_RETURN)) == Send(Chat("hi"))


def test_why_a_match_stands_still_is_said(tmp_path: Path) -> None:
    said = [one.text for one in extents(scene_named("paused", tmp_path), "en", (1280, 720))]
    assert any("lost the connection" in one for one in said)
    somebody = in_half(tmp_path, "attacker", phase="break", wait_ms=8000)
    tell(somebody, match_result(over=False, halves=match_result().halves[:1]))
    scene = AttackerScene(somebody)
    scene.update(1.0)
    said = [one.text for one in extents(scene, "en", (1280, 720))]
    assert "You won this half" in said, "Jonas' side attacked, and kept them below 70 %"
    assert "68.3 % were served, 70 % were needed." in said
    assert "Now you defend: serve more than 68.3 %, and you win the match." in said
    assert "The sides swap in 8 s." in said


@pytest.mark.parametrize(
    ("role", "half", "title", "line"),
    [
        ("defender", 1, "You defend", f"Serve at least {NEEDED} % of the travellers in 3 minutes."),
        (
            "attacker",
            1,
            "You attack",
            f"Keep the travellers served below {NEEDED} % for 3 minutes.",
        ),
        ("defender", 2, "You attack", "You served 68.3 %. Keep them below that, and the match"),
        ("attacker", 2, "You defend", "served 68.3 %. Serve more, and the match is yours."),
    ],
)
def test_a_countdown_tells_ones_side_and_what_wins(
    role: Role, half: int, title: str, line: str, tmp_path: Path
) -> None:
    somebody = in_half(tmp_path, role, phase="countdown", half=half, wait_ms=3000)
    if half == 2:
        tell(somebody, match_result(over=False, halves=match_result().halves[:1]))
    scene = DefenderScene(somebody)
    scene.update(1.0)
    said = [one.text for one in extents(scene, "en", (1280, 720))]
    assert {title, "3"} <= set(said)
    assert line in " ".join(said)


def test_the_bar_tells_what_wins_the_half_and_the_match(tmp_path: Path) -> None:
    somebody = in_half(tmp_path, "attacker", half=2)
    first = match_result(over=False, halves=match_result().halves[:1])
    tell(somebody, first)
    scene = AttackerScene(somebody)
    scene.update(1.0)
    said = [one.text for one in extents(scene, "en", (1280, 720))]
    assert f"You need {NEEDED} %, now 67.7 %" in said, "cut, not rounded: 1284 of 1895"
    assert "more than 68.3 % wins the match" in said


@pytest.mark.parametrize(
    ("me", "title", "halves"),
    [
        (2, "You win the match", ["You lost this half", "You won this half"]),
        (1, "You lost the match", ["You won this half", "You lost this half"]),
        (9, f"{LONG[:20]} 0 +3 wins the match", []),
    ],
)
def test_the_results_tell_everybody_how_he_did(
    me: int, title: str, halves: list[str], tmp_path: Path
) -> None:
    """Team a serves 68.3 % and loses its half, keeps the others at 53.9 %, and wins the match."""
    scene = ResultsScene(in_room(tmp_path, me=me), match_result())
    said = [one.text for one in extents(scene, "en", (1280, 720))]
    assert title in " ".join(said)
    assert [one for one in said if one.startswith("You ") and one.endswith("half")] == halves


def test_the_results_call_knobs_and_cards_as_the_play_does(tmp_path: Path) -> None:
    changes = [Move(1000, "backlog", "64"), Move(2000, "filter", "block:198.18.0.0/15")]
    half = msgspec.structs.replace(match_result().halves[0], changes=changes)
    scene = ResultsScene(in_room(tmp_path), match_result(halves=[half]))
    said = [one.text for one in extents(scene, "en", (1280, 720))]
    assert {"listen(backlog)", "filter", "block:198.18.0.0/15", "SYN flood"} <= set(said)


@pytest.mark.parametrize("name", ["versus-defender", "versus-attacker", "spectator"])
def test_who_is_slow_is_said(name: str, tmp_path: Path) -> None:
    def said(scene: Scene, wall_s: float) -> set[str]:
        scene.update(wall_s)
        found = {one.text for one in extents(scene, "en", (1280, 720))}
        return found & {"The server is slow", "Your connection is slow"}

    role: Role = {"versus-defender": "defender", "versus-attacker": "attacker"}.get(name, "both")  # type: ignore[assignment]
    somebody = in_half(tmp_path, role)
    scene = run_scene(somebody)
    assert said(scene, 0.4) == set()
    assert said(scene, 0.6) == {"Your connection is slow"}, "nothing was heard for half a second"
    assert said(scene, 9.0) == {"Your connection is slow"}
    state = room_state(phase="running", half=1, behind=True)
    somebody.view.take(state, 9.0)
    assert said(scene, 9.1) == {"The server is slow"}
    somebody.view.take(room_state(phase="running", half=1), 9.2)
    assert said(scene, 9.3) == {"The server is slow"}, "it can be read"
    somebody.view.take(room_state(phase="paused", half=1, why="host"), 12.5)
    assert said(scene, 12.6) == set()
    assert said(scene, 60.0) == set(), "in a pause nothing comes, and nothing is slow"


def test_bots_have_names_in_the_readers_language(tmp_path: Path) -> None:
    bots = [PlayerInfo(2, "medium bot 2", "a", True, True, True, -1)]
    people = [PlayerInfo(1, "Hard Boteler", "b", True, True, False, 20)]
    somebody = in_room(tmp_path, "zh", players=[*bots, *people])
    said = [one.text for one in extents(RoomScene(somebody), "zh", (1280, 720))]
    assert {"中等机器人 2", "Hard Boteler"} <= set(said)
    result = match_result(teams={"a": ["medium bot 2"], "b": ["Hard Boteler"]})
    said = [one.text for one in extents(ResultsScene(somebody, result), "zh", (1280, 720))]
    assert "第 1 局：中等机器人 2 防守" in said


def test_a_room_tells_how_a_match_is_won(tmp_path: Path) -> None:
    scene = RoomScene(in_room(tmp_path))
    scene.update(1.0)
    said = " ".join(one.text for one in extents(scene, "en", (1280, 720)))
    assert "Two halves of 3 minutes; after the first one the sides swap." in said
    assert f"at least {NEEDED} % of the travellers are served" in said
    assert "whoever served the larger share while defending" in said


def test_a_lost_line_is_said_over_the_play(tmp_path: Path) -> None:
    somebody = in_half(tmp_path, "attacker")
    somebody.online.state = "broken"
    scene = AttackerScene(somebody)
    scene.update(1.0)
    said = [one.text for one in extents(scene, "en", (1280, 720))]
    assert "The connection is gone" in said


def test_again_means_ready(tmp_path: Path) -> None:
    scene = ResultsScene(in_room(tmp_path, me=2), match_result())
    outcome = choose(scene, "again")
    assert isinstance(outcome, tuple)
    assert isinstance(outcome[0], Replace)
    assert outcome[1] == Send(SetReady(True))
    host = ResultsScene(in_room(tmp_path), match_result())
    outcome = choose(host, "again")
    assert isinstance(outcome, tuple) and outcome[1] == Send(StartMatch())


@pytest.mark.parametrize(
    "changes",
    [
        {"winner": ""},
        {"forfeit": True, "halves": [match_result().halves[0]]},
        {"forfeit": True, "halves": []},
    ],
)
def test_results_bear_a_draw_and_somebody_who_left(
    changes: dict[str, object], tmp_path: Path
) -> None:
    draw_scene(ResultsScene(together(tmp_path), match_result(**changes)))


def test_the_sandbox_starts_with_what_was_chosen(tmp_path: Path) -> None:
    scene = SandboxSetupScene(player(tmp_path, real_catalogue()))
    choose(scene, "more:profile")
    choose(scene, "more:profile")
    choose(scene, "more:cores")
    choose(scene, "more:workers")
    choose(scene, "less:workers")
    settings = {"profile": "linux-3.10", "cores": "1"}
    assert choose(scene, "start") == Send(StartLevel("sandbox", 1, settings=settings))


def test_the_sandbox_attacks_and_is_kept(tmp_path: Path) -> None:
    somebody = sandbox(tmp_path)
    scene = run_scene(somebody)
    assert isinstance(scene, SandboxScene)
    scene.update(1.0)
    assert choose(scene, "attack:hoarders") == Send(PlayCard(1, "hoarders"))
    choose(scene, "save")
    for _ in range(24):
        scene.handle(key(pygame.K_BACKSPACE))
    scene.handle(text("My flood"))
    assert scene.handle(key(pygame.K_RETURN)) == Send(SaveSetup("My flood"))
    tell(somebody, SetupSaved("own-my-flood", "/home/mei/own-my-flood.toml"))
    scene.update(2.0)
    said = "".join(one.text for one in extents(scene, "en", (1280, 720)))
    assert "own-my-flood.toml" in said
    assert scene.handle(key(pygame.K_1)) == Send(SetSpeed(0)), "alone, the pace is one's own"


def test_the_teacher_has_a_hand_on_every_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    somebody = together(tmp_path, "en", board())
    scene = TeacherScene(somebody)
    scene.update(0.0)
    assert choose(scene, "pause") == Send(PauseAll(False))
    choose(scene, "player:RM01:2")
    choose(scene, "new-name")
    scene.handle(text("Ada"))
    assert choose(scene, "rename") == Send(Rename("RM01", 2, "Ada"))
    assert choose(scene, "kick") == Send(Remove("RM01", 2))
    choose(scene, "say")
    scene.handle(text("Five minutes left"))
    assert scene.handle(key(pygame.K_RETURN)) == Send(Announce("Five minutes left"))
    tell(somebody, ResultsCsv("at,room\n"))
    scene.update(1.0)
    (file,) = (tmp_path / "export").glob("*.csv")
    assert file.read_text() == "at,room\n"
    said = "".join(one.text for one in extents(scene, "en", (1280, 720)))
    assert file.name in said


@pytest.mark.parametrize("name", NAMES)
def test_keys_alone_reach_everything(name: str, tmp_path: Path) -> None:
    scene = scene_named(name, tmp_path)
    if name in ("room", "teacher"):
        scene.handle(key(pygame.K_TAB))
    wanted = {spot.id for spot in scene.hotspots()}
    seen = set()
    for _ in range(len(wanted) + 1):
        scene.handle(key(pygame.K_TAB))
        seen.add(scene._focus.id)  # type: ignore[attr-defined]
    assert seen >= wanted


def test_a_team_plays_a_campaign_level_together(tmp_path: Path) -> None:
    somebody = in_room(tmp_path, me=2, mode="coop", level="hall", phase="running")
    tell(somebody, Started("hall", 1, False), snapshot(559), snapshot(560))
    scene = run_scene(somebody)
    assert type(scene) is TogetherScene
    scene.update(1.0)
    draw_scene(scene)
    assert not any(spot.id.startswith("speed") for spot in scene.hotspots())


def test_after_a_level_played_together_the_way_leads_to_the_room(tmp_path: Path) -> None:
    somebody = in_room(tmp_path, mode="coop", level="hall", phase="results")
    card = next(one for one in somebody.cards if one.id == "hall")
    scene = DebriefScene(somebody, card, result("hall"), None)
    assert "again" not in [spot.id for spot in scene.hotspots()], "a room begins with its host"
    assert choose(scene, "next") == Pop()
    draw_scene(scene)


def test_a_server_of_ones_own_is_closed_only_after_a_question(tmp_path: Path) -> None:
    somebody = together(tmp_path, "en", rooms(1))
    closed: list[bool] = []
    link, _ = memory_link()
    trouble = lobby_text("en", "announce_forbidden", {"why": "Operation not permitted"})
    somebody.online.hosted = Hosted(
        link,
        "10.0.0.7:4430",
        "here",
        "its-token",
        "announce_forbidden",
        "Operation not permitted",
        lambda: closed.append(True),
    )
    scene = LobbyScene(somebody)
    scene.update(0.0)
    said = [one.text for one in extents(scene, "en", (1280, 720))]
    assert trouble in said, "why it is not announced"
    assert choose(scene, "teacher") == Send(TeacherLogin("its-token")), "its host is the teacher"
    outcome = scene.handle(key(pygame.K_ESCAPE))
    assert isinstance(outcome, Push)
    assert isinstance(outcome.scene, AskScene)
    assert outcome.scene.handle(key(pygame.K_ESCAPE)) == Pop()
    assert closed == []
    choose(outcome.scene, "go")
    somebody.online.close()
    assert closed == [True]


@pytest.mark.parametrize(("rival", "key"), [(994, "beat_defend"), (995, "beat_draw")])
def test_who_cannot_win_any_more_is_told_that_he_can_draw(rival: int, key: str) -> None:
    """Within half a point is a draw, and nobody serves more than all."""
    assert beat_key("beat", "defend", rival) == key
    assert beat_key("beat", "attack", rival) == "beat_attack"
