import os
from pathlib import Path

import msgspec
import pytest

from game.client.progress import NOTHING, Progress, missing_before, next_level
from game.client.settings import Settings, SettingsStore
from game.paths import HOME_VARIABLE, config_folder, data_folder, log_folder
from tests.client.catalogues import three, twenty
from tests.client.runs import result


def test_one_variable_moves_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    for folder in (data_folder(), config_folder(), log_folder()):
        assert tmp_path in (folder, *folder.parents)


def test_settings_come_back(tmp_path: Path) -> None:
    changed = Settings(theme="dark", lang="zh", text_delta=2, reduced_motion=True, patterns=False)
    SettingsStore(tmp_path).put(changed)
    assert SettingsStore(tmp_path).now == changed
    assert not list(tmp_path.glob("*.new")), "the temporary file was renamed"


def test_progress_comes_back(tmp_path: Path) -> None:
    Progress(tmp_path).record("set", result("level-2"))
    best = Progress(tmp_path).best("set", "level-2")
    assert (best.stars, best.served, best.settings) == (2, 0.964, {"tcp_syncookies": "1"})


def test_progress_belongs_to_a_set_of_levels(tmp_path: Path) -> None:
    progress = Progress(tmp_path)
    progress.record("set", result("level-2"))
    assert progress.best("another set", "level-2") == NOTHING
    assert progress.best("set", "level-1") == NOTHING


def test_only_a_better_run_replaces_the_best(tmp_path: Path) -> None:
    progress = Progress(tmp_path)
    progress.record("set", result("level-2", stars=2))
    progress.record("set", result("level-2", stars=1))
    assert progress.best("set", "level-2").stars == 2
    more = msgspec.structs.replace(result("level-2", stars=2), served=990)
    progress.record("set", more)
    assert progress.best("set", "level-2").served == 0.99
    progress.record("set", result("level-2", stars=3))
    assert progress.best("set", "level-2").stars == 3


def test_a_recording_earns_nothing(tmp_path: Path) -> None:
    progress = Progress(tmp_path)
    progress.record("set", msgspec.structs.replace(result("level-2", stars=3), recorded=True))
    assert progress.best("set", "level-2") == NOTHING


def test_a_run_without_clients_is_kept_without_a_share(tmp_path: Path) -> None:
    run = msgspec.structs.replace(result("level-2", stars=0), attempts=0, served=0)
    Progress(tmp_path).record("set", run)
    assert Progress(tmp_path).best("set", "level-2").served is None


def test_reset_forgets_all(tmp_path: Path) -> None:
    Progress(tmp_path).record("set", result("level-2"))
    Progress(tmp_path).reset()
    assert Progress(tmp_path).best("set", "level-2") == NOTHING


GARBAGE = [b"{not json", b"\xff\xfe\x00", b"[]", b" " * (2 * 1024 * 1024)]
BROKEN = [
    *(("settings.json", data) for data in GARBAGE),
    *(("progress.json", data) for data in GARBAGE),
    ("settings.json", b'{"theme": "purple"}'),
    ("settings.json", b'{"text_delta": 40}'),
    ("progress.json", b'{"level_sets": {"set": {"level-1": {"stars": 99}}}}'),
]


@pytest.mark.parametrize(("name", "data"), BROKEN)
def test_a_broken_file_is_kept_aside(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    store = SettingsStore(tmp_path) if name == "settings.json" else Progress(tmp_path)
    assert [trouble.code for trouble in store.troubles] == ["trouble_broken"]
    assert (tmp_path / store.troubles[0].args["aside"]).read_bytes() == data
    assert not (tmp_path / name).exists()
    if isinstance(store, SettingsStore):
        assert store.now == Settings()
    else:
        assert store.best("set", "level-1") == NOTHING


def test_what_a_newer_release_added_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text('{"theme": "dark", "smell": "coal"}')
    store = SettingsStore(tmp_path)
    assert store.now.theme == "dark"
    assert store.troubles == []


def test_a_second_broken_file_does_not_replace_the_first(tmp_path: Path) -> None:
    for text in (b"one", b"two"):
        (tmp_path / "progress.json").write_bytes(text)
        Progress(tmp_path)
    assert sorted(path.read_bytes() for path in tmp_path.glob("*.broken-*")) == [b"one", b"two"]


def test_where_nothing_can_be_written_the_game_goes_on(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("a file stands where the folder should be")
    store, progress = SettingsStore(blocked / "home"), Progress(blocked / "home")
    store.put(Settings(theme="dark"))
    progress.record("set", result("level-2"))
    assert store.now.theme == "dark"
    assert progress.best("set", "level-2").stars == 2
    codes = {trouble.code for trouble in store.troubles + progress.troubles}
    assert codes <= {"trouble_not_saved", "trouble_unreadable"}
    assert "trouble_not_saved" in codes


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder_is_said(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    store = SettingsStore(tmp_path)
    store.put(Settings(theme="dark"))
    tmp_path.chmod(0o700)
    assert [trouble.code for trouble in store.troubles] == ["trouble_not_saved"]


def test_a_level_opens_when_every_level_before_it_has_a_star() -> None:
    cards = twenty().levels
    junction = cards[19]
    assert [card.number for card in missing_before(junction, cards, {})] == [5, 9, 13, 17, 19]
    stars = {f"level-{number}": 1 for number in (5, 9, 13, 17)}
    assert [card.number for card in missing_before(junction, cards, stars)] == [19]
    assert missing_before(junction, cards, {**stars, "level-19": 3}) == []
    assert [card.number for card in missing_before(cards[1], cards, {"level-1": 0})] == [1]


def test_a_forerunner_that_the_host_lacks_keeps_nothing_shut() -> None:
    cards = three().levels
    assert missing_before(cards[2], cards, {}) == []


def test_continue_leads_to_the_first_gap() -> None:
    cards = twenty().levels

    def following(stars: dict[str, int]) -> int | None:
        card = next_level(cards, stars)
        return card.number if card else None

    assert following({}) == 1
    assert following({"level-1": 1}) == 2
    every = {card.id: 3 for card in cards}
    assert following({**every, "level-7": 2}) == 7
    assert following(every) == 20
    assert next_level([], {}) is None
