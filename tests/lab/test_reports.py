"""Plots, explanations, files for a real machine, and grades: made of a run, the same every time."""

import importlib.util
from pathlib import Path

import msgspec
import pytest

from game.lab.explain import explain
from game.lab.export import export
from game.lab.grade import grade_folder
from game.lab.played import Played, played_level, played_replay
from game.level.load import load_level
from game.level.schema import Level
from game.paths import levels_dir
from game.session.replay import save_replay
from game.session.session import Session, solution_of
from game.text.debrief import cause, verdict


@pytest.fixture(scope="module")
def hall() -> Level:
    return load_level(levels_dir() / "02-hall.toml")


@pytest.fixture(scope="module")
def solved(hall: Level) -> Played:
    return played_level(hall, 1, solution_of(hall))


@pytest.fixture(scope="module")
def session(hall: Level) -> Session:
    """The same, as a player would have it on disk."""
    session = Session(hall, 1, recorded=solution_of(hall))
    while not session.over:
        session.advance()
    return session


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_explain_tells_the_story_of_the_debrief(solved: Played, lang: str) -> None:
    text = "\n".join(explain(solved, lang))
    assert verdict(lang, solved.result.stars) in text
    assert solved.result.story
    for event in solved.result.story:
        assert all(part in text for part in cause(lang, event.code, event.args))
    assert "$ ss -ltn 'sport = :443'" in text


def test_a_replay_is_told_as_the_run_it_is_of(solved: Played, session: Session) -> None:
    again = played_replay(session.replay())
    assert list(explain(again, "en")) == list(explain(solved, "en"))


def test_export_has_what_was_tuned_for_each_program(hall: Level) -> None:
    settings = [("backlog", "511"), ("buckets", "2"), ("somaxconn", "1024")]
    files = export(played_level(hall, 1, (), settings), "en")
    lines = {name: [line for line in text.splitlines() if line] for name, text in files.items()}
    assert "net.core.somaxconn = 1024" in lines["99-station443.conf"]
    assert "listen 443 backlog=511 reuseport;" in lines["nginx-station443.conf"]
    assert "ListenBacklog 511" in lines["apache-station443.conf"]
    assert lines["station443-socket.conf"][-1] == "ReusePort=yes"
    assert "[Socket]" in lines["station443-socket.conf"]
    for own in lines.values():
        told = {line for line in own if line.startswith("# !")}
        assert told, "each setting says what to mind"


def test_export_to_apache_keeps_its_word(hall: Level) -> None:
    """`apachectl configtest` refuses a ratio of 0 and cuts workers to a multiple of the threads."""
    files = export(played_level(hall, 1, (), [("workers", "48"), ("model", "event")]), "en")
    apache = files["apache-station443.conf"]
    assert "MaxRequestWorkers 48" in apache
    threads = int(apache.partition("ThreadsPerChild ")[2].split()[0])
    assert 48 % threads == 0
    assert "LoadModule" not in apache, "two of these modules do not go together"
    assert "a2enmod -q mpm_event" in files["station443.sh"]
    two = played_level(hall, 1, (), [("buckets", "2")])
    one = played_level(two.level, 1, (), [("buckets", "1")])
    assert "ListenCoresBucketsRatio 1" in export(two, "en")["apache-station443.conf"]
    assert "ListenCoresBucketsRatio" not in "".join(export(one, "en").values())


def test_nothing_tuned_is_nothing_to_take_home(hall: Level) -> None:
    assert export(played_level(hall, 1), "en") == {}


needs_matplotlib = pytest.mark.skipif(
    importlib.util.find_spec("matplotlib") is None, reason="matplotlib is not installed"
)


@needs_matplotlib
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize(("lang", "suffix"), [("en", ".svg"), ("zh", ".svg"), ("zh", ".png")])
def test_the_same_run_is_the_same_picture(
    solved: Played, tmp_path: Path, lang: str, suffix: str
) -> None:
    from game.lab.figure import save  # noqa: PLC0415
    from game.lab.plot import draw_run  # noqa: PLC0415

    pictures = []
    for name in ("one", "two"):
        path = tmp_path / f"{name}{suffix}"
        save(draw_run(solved, lang), path)  # A sign without a glyph would warn, which fails.
        pictures.append(path.read_bytes())
    assert pictures[0] == pictures[1]
    assert len(pictures[0]) > 10_000


def test_grades(hall: Level, session: Session, tmp_path: Path) -> None:
    save_replay(session.replay(), tmp_path / "ann.json")
    (tmp_path / "bob.txt").write_text("level=hall\n\nbacklog=48  # a few\n", encoding="utf-8")
    rows = {row["file"]: row for row in grade_folder(tmp_path, {"hall": hall}, 1)}
    assert rows["ann.json"]["stars"] == "3"
    assert rows["ann.json"]["reason"] == ""
    assert rows["ann.json"]["served"] == str(session.score.served)
    assert (rows["bob.txt"]["level"], rows["bob.txt"]["goal_cost"]) == ("hall", "1")


def test_a_broken_file_is_a_row_with_its_reason(
    hall: Level, session: Session, tmp_path: Path
) -> None:
    whole = session.replay()
    for name, text in {
        "a.txt": "backlog=48\n",
        "b.txt": "level=hall\nbacklog 48\n",
        "c.txt": "level=hall\nworkers=64\n",
        "d.txt": "level=hall\nbacklog=47\n",
        "e.txt": "level=moon\n",
        "f.json": '{"format"',
        "g.pdf": "%PDF",
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "h.txt").write_bytes(b"\xff\xfe")
    easy = whole.level.replace("backlog = 3", "backlog = 300")
    assert easy != whole.level
    for name, changed in (("i.json", {"level": easy}), ("j.json", {"ticks": 100})):
        save_replay(msgspec.structs.replace(whole, **changed), tmp_path / name)
    rows = list(grade_folder(tmp_path, {"hall": hall}, 1))
    assert [row["stars"] for row in rows] == [""] * 10
    words = [
        "which level", "Line 2", "not open", "takes", "no level",
        "no whole replay", "neither", "UTF-8", "not this game's", "left after 5",
    ]  # fmt: skip
    for row, word in zip(rows, words, strict=True):
        assert word in row["reason"], row
    assert len({len(row) for row in rows}) == 1
