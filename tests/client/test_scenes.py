import json
from pathlib import Path

import msgspec
import pygame
import pytest

from game.client.canvas import Canvas
from game.client.keys import Action
from game.client.picture import draw_scene
from game.client.player import Player
from game.client.scene import Outcome, Pop, Push, Quit, Replace, Scene, Send
from game.client.scenes.ask import AskScene, Question
from game.client.scenes.briefing import BriefingScene
from game.client.scenes.debrief import DebriefScene
from game.client.scenes.field_guide import FieldGuideScene
from game.client.scenes.menu import MenuScene
from game.client.scenes.notice import NoticeScene
from game.client.scenes.settings import SettingsScene
from game.client.theme import THEMES
from game.paths import HOME_VARIABLE
from game.protocol.catalogue import Texts
from game.protocol.messages import DebriefEvent, Series, StartLevel
from game.text.debrief import cause, next_star, verdict
from tests.client.catalogues import three, twenty
from tests.client.events import click, key
from tests.client.players import player
from tests.client.runs import result

STARS = {1: 3, 2: 3, 3: 3, 4: 2, 5: 3, 6: 3, 7: 2, 8: 3, 9: 1, 10: 2, 11: 3}
EMPTY = Series(500, [], [], [], [], [], [], [], [])


def scene_named(name: str, somebody: Player) -> Scene:
    card = somebody.cards[-1]
    menu = MenuScene(somebody)
    match name:
        case "menu":
            return menu
        case "briefing":
            return BriefingScene(somebody, card)
        case "settings" | "settings-sound" | "settings-keys" | "settings-progress":
            return SettingsScene(somebody, name.partition("-")[2] or "look")
        case "ask":
            question = Question("Leave?", "A sentence that is told.", "Stay", "Leave")
            return AskScene(menu, question, Pop(), Pop(), somebody.keys)
        case "field-guide":
            return FieldGuideScene(somebody)
        case "notice":
            return NoticeScene(menu, "Title", "A sentence that is told.", somebody.lang)
    debrief = DebriefScene(somebody, card, result(card.id), lambda: menu)
    if name == "debrief-linux":
        choose(debrief, "sheet:linux")
    return debrief


SHEETS = ["settings", "settings-sound", "settings-keys", "settings-progress"]
PAGES = ["menu", "briefing", *SHEETS, "field-guide", "debrief", "debrief-linux"]
NAMES = [*PAGES, "notice", "ask"]


def pixels(surface: pygame.Surface) -> bytes:
    return pygame.image.tobytes(surface, "RGB")


@pytest.mark.parametrize("name", NAMES)
def test_drawing_twice_gives_the_same_pixels(name: str, tmp_path: Path) -> None:
    scene = scene_named(name, player(tmp_path, stars=STARS))
    surface = pygame.Surface((1280, 720))
    canvas = Canvas(surface, THEMES["light"])
    scene.draw(canvas)
    first = pixels(surface)
    scene.draw(canvas)
    assert pixels(surface) == first
    assert pixels(draw_scene(scene)) == first, "nor does it matter what a canvas kept"
    assert len(set(first)) > 20, "something is drawn"


@pytest.mark.parametrize("name", NAMES)
def test_theme_language_and_size_each_change_the_picture(name: str, tmp_path: Path) -> None:
    scene = scene_named(name, player(tmp_path))
    plain = pixels(draw_scene(scene))
    assert pixels(draw_scene(scene, theme="dark")) != plain
    assert pixels(draw_scene(scene, text_delta=2)) != plain
    if name not in ("notice", "ask"):
        assert pixels(draw_scene(scene, lang="zh")) != plain


@pytest.mark.parametrize("stars", [{}, STARS, dict.fromkeys(range(1, 21), 3)])
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", PAGES)
def test_no_text_leaves_the_page_or_covers_another(
    name: str, lang: str, stars: dict[int, int], tmp_path: Path
) -> None:
    somebody = player(tmp_path, stars=stars, lang=lang)
    scene = scene_named(name, somebody)
    canvas = Canvas(pygame.Surface((1280, 720)), THEMES["light"], lang=lang)
    canvas.extents = []
    scene.draw(canvas)
    assert len(canvas.extents) > 10
    for extent in canvas.extents:
        x, y, width, height = extent.rect
        assert x >= 0 and y >= 0 and x + width <= 1280 and y + height <= 720, extent
    rects = [(extent.text, pygame.FRect(extent.rect).inflate(-2, -4)) for extent in canvas.extents]
    for index, (text, rect) in enumerate(rects):
        for other, other_rect in rects[index + 1 :]:
            assert not rect.colliderect(other_rect), (text, other)


def test_stars_and_bars_come_in_and_then_rest(tmp_path: Path) -> None:
    somebody = player(tmp_path)
    scene = DebriefScene(somebody, somebody.cards[0], result("level-1"), None)
    rest = pixels(draw_scene(scene))
    seen = []
    for wall_s in (5.0, 5.4, 5.8, 9.0):
        scene.update(wall_s)
        seen.append(pixels(draw_scene(scene)))
    assert len(set(seen)) == 4
    assert seen[-1] == rest, "and a picture of it shows it at rest"
    somebody.settings.put(msgspec.structs.replace(somebody.settings.now, reduced_motion=True))
    calm = DebriefScene(somebody, somebody.cards[0], result("level-1"), None)
    calm.update(5.0)
    assert pixels(draw_scene(calm)) == rest


def test_the_map_shows_locked_stations_otherwise(tmp_path: Path) -> None:
    shut = MenuScene(player(tmp_path / "a"))
    opened = MenuScene(player(tmp_path / "b", stars=STARS))
    station = pygame.Rect(975, 183, 50, 50)
    before = draw_scene(shut).subsurface(station)
    after = draw_scene(opened).subsurface(station)
    assert pixels(before) != pixels(after)


def test_a_click_on_an_open_station_opens_its_briefing(tmp_path: Path) -> None:
    menu = MenuScene(player(tmp_path, stars=STARS))
    outcomes = [menu.handle(event) for event in click(744, 128)]
    assert outcomes[:2] == [None, None]
    assert isinstance(outcomes[2], Push)
    assert isinstance(outcomes[2].scene, BriefingScene)


def test_a_click_on_a_locked_station_says_what_opens_it(tmp_path: Path) -> None:
    menu = MenuScene(player(tmp_path))
    outcome = [menu.handle(event) for event in click(744, 128)][-1]
    assert isinstance(outcome, Push)
    assert isinstance(outcome.scene, NoticeScene)


def test_the_guide_opens_and_quit_leaves(tmp_path: Path) -> None:
    menu = MenuScene(player(tmp_path))
    outcome = [menu.handle(event) for event in click(200, 230 + 68 * 3)][-1]
    assert isinstance(outcome, Push)
    assert isinstance(outcome.scene, FieldGuideScene)
    assert [menu.handle(event) for event in click(200, 230 + 68 * 5)][-1] == Quit()


def test_enter_on_continue_opens_the_next_level(tmp_path: Path) -> None:
    outcome = MenuScene(player(tmp_path)).handle(key(pygame.K_RETURN))
    assert isinstance(outcome, Push)
    assert isinstance(outcome.scene, BriefingScene)


def test_the_menu_waits_for_its_catalogue(tmp_path: Path) -> None:
    somebody = player(tmp_path, catalogue=three())
    catalogue, somebody.view.catalogue = somebody.view.catalogue, None
    menu = MenuScene(somebody)
    assert menu.handle(key(pygame.K_RETURN)) is None
    waiting = pixels(draw_scene(menu))
    somebody.view.catalogue = catalogue
    menu.update(0.0)
    assert pixels(draw_scene(menu)) != waiting
    assert len(menu.hotspots()) == 6 + 3


def test_escape_leads_back_or_out(tmp_path: Path) -> None:
    somebody = player(tmp_path)
    for name in NAMES:
        outcome = scene_named(name, somebody).handle(key(pygame.K_ESCAPE))
        if name != "menu":
            assert outcome == Pop()
            continue
        assert isinstance(outcome, Push)
        assert outcome.scene.handle(key(pygame.K_ESCAPE)) == Pop(), "a second Escape stays"
        outcome.scene.handle(key(pygame.K_TAB))
        assert outcome.scene.handle(key(pygame.K_RETURN)) == Quit()


def test_start_and_after_a_first_try_the_solution_ask_the_host(tmp_path: Path) -> None:
    fresh = BriefingScene(player(tmp_path / "fresh"), twenty().levels[0])
    assert fresh.handle(key(pygame.K_RETURN)) == Send(StartLevel("level-1", 1))
    assert "watch" not in [spot.id for spot in fresh.hotspots()]
    briefing = BriefingScene(player(tmp_path / "tried", stars={1: 0}), twenty().levels[0])
    briefing.handle(key(pygame.K_TAB))
    assert briefing.handle(key(pygame.K_RETURN)) == Send(StartLevel("level-1", 1, solution=True))


def test_the_settings_of_the_best_run_can_be_loaded_again(tmp_path: Path) -> None:
    somebody, card = player(tmp_path), twenty().levels[10]
    knob = next(one for one in card.knobs if one.lesson)
    briefing = BriefingScene(somebody, card)
    assert "best" not in [spot.id for spot in briefing.hotspots()]
    others = {one.name: one.default for one in card.knobs}
    run = msgspec.structs.replace(result(card.id), settings={**others, knob.name: "1"})
    somebody.progress.record(twenty().level_set, run)
    (spot,) = [spot for spot in briefing.hotspots() if spot.id == "best"]
    x, y, width, height = spot.rect
    outcomes = [briefing.handle(one) for one in click(x + width / 2, y + height / 2)]
    assert Send(StartLevel(card.id, 1, settings={knob.name: "1"})) in outcomes


def test_a_level_without_a_solution_offers_none(tmp_path: Path) -> None:
    card = msgspec.structs.replace(twenty().levels[0], has_solution=False)
    ids = [spot.id for spot in BriefingScene(player(tmp_path, stars={1: 3}), card).hotspots()]
    assert "watch" not in ids and {"start", "back"} <= set(ids)


def test_a_briefing_bears_a_level_with_next_to_nothing(tmp_path: Path) -> None:
    card = msgspec.structs.replace(
        twenty().levels[0], knobs=[], goals=twenty().levels[0].goals[:1], waves=[], after=["none"]
    )
    draw_scene(BriefingScene(player(tmp_path), card))


@pytest.mark.parametrize("delta", [0, 2])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_long_briefing_is_shown_whole(lang: str, delta: int, tmp_path: Path) -> None:
    sentence = "Travellers wait. " * 9 if lang == "en" else "旅客在候车厅里等待列车进站。" * 5
    long = "\n\n".join([sentence.strip()] * 3)
    card = twenty().levels[0]
    texts = {name: msgspec.structs.replace(t, briefing=long) for name, t in card.texts.items()}
    card = msgspec.structs.replace(card, texts=texts)
    canvas = Canvas(pygame.Surface((1280, 720)), THEMES["light"], lang=lang, text_delta=delta)
    canvas.extents = []
    BriefingScene(player(tmp_path, lang=lang), card).draw(canvas)
    shown = [e for e in canvas.extents if 200 < e.rect[1] < 388 and e.rect[0] < 600]
    said = "".join(extent.text for extent in shown).replace(" ", "")
    assert said == long.replace(" ", "").replace("\n", "")
    assert max(extent.rect[1] + extent.rect[3] for extent in shown) < 388


def test_after_a_run_the_next_open_level_follows(tmp_path: Path) -> None:
    somebody = player(tmp_path, stars={1: 1})
    scene = DebriefScene(somebody, somebody.cards[0], result("level-1"), None)
    outcome = scene.handle(key(pygame.K_RETURN))
    assert isinstance(outcome, Replace)
    assert isinstance(outcome.scene, BriefingScene)
    locked = DebriefScene(somebody, somebody.cards[1], result("level-2"), None)
    assert locked.handle(key(pygame.K_RETURN)) == Pop(), "the next is locked: back to the map"


def test_the_debrief_tells_what_linux_did_and_leads_into_the_guide(tmp_path: Path) -> None:
    somebody = player(tmp_path)
    scene = DebriefScene(somebody, somebody.cards[1], result("level-2"), None)
    canvas = Canvas(pygame.Surface((1280, 720)), THEMES["light"])
    choose(scene, "sheet:linux")
    canvas.extents = []
    scene.draw(canvas)
    assert "Stamps cost no place." in [extent.text for extent in canvas.extents]
    outcome = choose(scene, "page:backlog")
    assert isinstance(outcome, Push)
    assert isinstance(outcome.scene, FieldGuideScene)
    choose(scene, "sheet:plots")
    assert "page:backlog" not in [spot.id for spot in scene.hotspots()]


def test_run_again_keeps_the_seed(tmp_path: Path) -> None:
    somebody = player(tmp_path)
    scene = DebriefScene(somebody, somebody.cards[0], result("level-1"), None)
    scene.handle(key(pygame.K_TAB))
    assert scene.handle(key(pygame.K_RETURN)) == Send(StartLevel("level-1", 7))


def test_after_the_solution_it_is_the_players_turn(tmp_path: Path) -> None:
    somebody = player(tmp_path)
    run = msgspec.structs.replace(result("level-1"), recorded=True)
    scene = DebriefScene(somebody, somebody.cards[0], run, None)
    assert scene.handle(key(pygame.K_RETURN)) == Send(StartLevel("level-1", 1))


def test_a_debrief_bears_a_run_without_anything(tmp_path: Path) -> None:
    somebody = player(tmp_path)
    run = msgspec.structs.replace(
        result("level-1"), series=EMPTY, story=[], goals=[], counters={}, attempts=0, served=0
    )
    draw_scene(DebriefScene(somebody, somebody.cards[0], run, None))


def test_a_debrief_bears_a_story_of_a_newer_host(tmp_path: Path) -> None:
    somebody = player(tmp_path)
    story = [DebriefEvent(1, "meteor", {"size": "big"}), DebriefEvent(2, "call", {})]
    run = msgspec.structs.replace(result("level-1", listeners=6), story=story)
    draw_scene(DebriefScene(somebody, somebody.cards[0], run, None), lang="zh")


def test_a_setting_acts_and_is_kept(tmp_path: Path) -> None:
    somebody = player(tmp_path)
    scene = SettingsScene(somebody)
    spots = {spot.id: spot.rect for spot in scene.hotspots()}
    for choice in ("theme-dark", "lang-zh", "text_delta-2", "reduced_motion", "full_screen"):
        x, y, width, height = spots[choice]
        for event in click(x + width / 2, y + height / 2):
            scene.handle(event)
    now = player(tmp_path, lang="zh").settings.now
    assert (now.theme, now.lang, now.text_delta) == ("dark", "zh", 2)
    assert now.reduced_motion
    assert now.full_screen


def choose(scene: Scene, spot_id: str) -> Outcome:
    x, y, width, height = next(spot.rect for spot in scene.hotspots() if spot.id == spot_id)
    return [scene.handle(event) for event in click(x + width / 2, y + height / 2)][-1]


def test_progress_is_forgotten_only_after_a_question(tmp_path: Path) -> None:
    somebody = player(tmp_path, stars={1: 3})
    for answer, left in (("stay", 3), ("go", 0)):
        scene = SettingsScene(somebody, "progress")
        outcome = choose(scene, "reset")
        assert isinstance(outcome, Push)
        assert isinstance(outcome.scene, AskScene)
        draw_scene(outcome.scene)
        assert choose(outcome.scene, answer) == Pop()
        assert somebody.stars()["level-1"] == left


def test_progress_is_exported_into_a_file_that_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    scene = SettingsScene(player(tmp_path, stars={1: 3}), "progress")
    choose(scene, "export")
    (file,) = (tmp_path / "export").glob("*.json")
    assert str(file) in scene._message
    assert json.loads(file.read_text())["level_sets"]["set-20"]["level-1"]["stars"] == 3
    (tmp_path / "blocked").write_text("")
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "blocked"))
    choose(scene, "export")
    assert "blocked" in scene._message
    assert "saved" in scene._message, "it says that nothing was written"


def test_volumes_go_from_silence_to_full(tmp_path: Path) -> None:
    somebody = player(tmp_path)
    scene = SettingsScene(somebody, "sound")
    for _ in range(12):
        choose(scene, "volume-less")
        choose(scene, "effects_volume-more")
    now = player(tmp_path).settings.now
    assert (now.volume, now.effects_volume) == (0, 10)


def test_a_key_is_changed_refused_and_given_back(tmp_path: Path) -> None:
    somebody = player(tmp_path)
    scene = SettingsScene(somebody, "keys")
    choose(scene, "key-pause")
    assert [scene.asks_for_key, scene.handle(key(pygame.K_p)), scene.asks_for_key] == [
        True,
        None,
        False,
    ]
    assert player(tmp_path).keys.key(Action.PAUSE) == pygame.K_p
    for refused, word in ((pygame.K_h, "Hint"), (pygame.K_LSHIFT, "alone")):
        choose(scene, "key-pause")
        scene.handle(key(refused))
        assert word in scene._message
        assert somebody.keys.key(Action.PAUSE) == pygame.K_p
    choose(scene, "key-pause")
    assert scene.handle(key(pygame.K_ESCAPE)) is None, "it only stops asking"
    choose(scene, "keys-reset")
    assert player(tmp_path).keys.key(Action.PAUSE) == pygame.K_SPACE


def test_words_of_a_briefing_lead_into_the_guide(tmp_path: Path) -> None:
    somebody = player(tmp_path)
    card = msgspec.structs.replace(
        somebody.cards[0],
        texts={"en": Texts("T", "s", "Watch the SYN queue, and the SYN queue again.", [], "")},
    )
    scene = BriefingScene(somebody, card, lambda page: FieldGuideScene(somebody, page, True))
    draw_scene(scene)
    links = [spot for spot in scene.hotspots() if spot.id.startswith("term:")]
    assert [link.id for link in links] == ["term:syn-queue"], "each leads there once"
    x, y, w, h = links[0].rect
    outcomes = [scene.handle(event) for event in click(x + w / 2, y + h / 2)]
    assert isinstance(outcomes[-1], Push)
    assert isinstance(outcomes[-1].scene, FieldGuideScene)


def test_the_lesson_is_marked_only_after_the_first_try(tmp_path: Path) -> None:
    for stars in ({}, {12: 1}):
        somebody = player(tmp_path / str(len(stars)), stars=stars)
        scene = BriefingScene(somebody, somebody.cards[11])
        assert scene._tried == bool(stars)


def test_a_debrief_leads_to_the_map_and_a_solution_back_to_its_briefing(tmp_path: Path) -> None:
    somebody = player(tmp_path, stars=dict.fromkeys(range(1, 21), 1))
    card = somebody.cards[0]
    run = result(card.id)
    debrief = DebriefScene(somebody, card, run, None)
    assert choose(debrief, "map") == Pop()
    recorded = DebriefScene(somebody, card, msgspec.structs.replace(run, recorded=True), None)
    back = recorded.handle(key(pygame.K_ESCAPE))
    assert isinstance(back, Replace)
    assert isinstance(back.scene, BriefingScene)
    assert choose(recorded, "map") == Pop()


def test_the_headline_names_the_goal_that_was_missed(tmp_path: Path) -> None:
    assert verdict("en", 0, "connect_p95_ms") == "No star yet. They waited too long."
    assert verdict("en", 2, "connect_p95_ms") == verdict("en", 2)


def test_a_call_that_failed_is_not_told_as_done() -> None:
    args: dict[str, str | int] = {"call": "accept", "argument": 0}
    done = cause("en", "call", {**args, "result": "accept(3) ..."})
    failed = cause("en", "call", {**args, "result": "accept(-1) = -1 EBADF (Bad file descriptor)"})
    assert done[0] == "You called accept()."
    assert failed == (
        "accept() failed.",
        "There is no socket yet (EBADF). Nothing changed.",
    )


def test_the_advice_names_what_cost_the_star() -> None:
    said = next_star("en", "served", "≥ 95 %", {"nobody_listening": 28, "call": 0})
    assert "28" in said
    assert "listen()" in said
    assert "28" not in next_star("en", "cost", "≤ 2", {"nobody_listening": 28})
