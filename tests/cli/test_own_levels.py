"""A level from the player's own folder: on the map, and no harm to progress or to the rest."""

import re
from pathlib import Path

import pytest

from game.cli.shelf import all_levels, shipped_levels
from game.paths import HOME_VARIABLE, levels_dir
from game.server.catalogue import make_catalogue

README = (levels_dir().parent / "README.md").read_text(encoding="utf-8")


def example() -> str:
    """The level that the README shows."""
    found = re.search(r"```toml\n(.*?)```", README, re.DOTALL)
    assert found is not None
    return found[1]


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    folder = tmp_path / "levels"
    folder.mkdir()
    return folder


def test_the_level_in_the_readme_stands_on_the_map(own: Path) -> None:
    (own / "lunch.toml").write_text(example(), encoding="utf-8")
    catalogue = make_catalogue(all_levels())
    assert catalogue.levels[-1].id == "lunch-hour"
    assert catalogue.level_set == make_catalogue(shipped_levels()).level_set


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("seconds = ", "expected TOML"),
        (example().replace("number = 901", "number = 21"), "a number from 900"),
        (example().replace('"lunch-hour"', '"hall"'), "an id that no other has"),
        (example().replace("listen 255", "lissen 255"), "is no command"),
    ],
)
def test_one_that_cannot_be_played_is_told_and_left_out(
    own: Path, capsys: pytest.CaptureFixture[str], text: str, said: str
) -> None:
    (own / "bad.toml").write_text(text, encoding="utf-8")
    assert all_levels() == shipped_levels()
    told = capsys.readouterr().err
    assert said in told
    assert "left out" in told
