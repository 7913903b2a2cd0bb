"""What all plots share: fonts, sizes, and files that are the same for the same figures.

Imports matplotlib, so only tools that draw import this.
"""

import importlib.util
from pathlib import Path
from typing import Any, Final

import matplotlib
from matplotlib import font_manager
from matplotlib.figure import Figure

from game.lab.sweep import BadSweep, Row, Vary
from game.text.reports import report

FORMATS: Final = (".png", ".svg")
COLOURS: Final = ("#1f6f8b", "#c8553d", "#7a8b3a", "#8e5aa8")
"""Of platforms and lines, apart in print too, since the style changes with them."""

STYLES: Final = ("-", "--", "-.", ":")
_FONT_FILES: Final = ("NotoSans-Regular.ttf", "NotoSansSC-Regular.otf")


def new_figure(width: float, height: float, lang: str) -> Figure:
    """An empty figure, sizes in inches, with fonts that have the signs of the language."""
    families = _families()
    matplotlib.rcParams.update(
        {
            "font.family": families if lang == "en" else [*families[1:2], *families],
            "font.size": 10,
            "axes.unicode_minus": False,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.grid": True,
            "grid.color": "#dddddd",
            "legend.frameon": False,
            "svg.hashsalt": "station443",
            "svg.fonttype": "path",
        }
    )
    return Figure(figsize=(width, height), dpi=150, layout="constrained")


def save(figure: Figure, out: Path) -> None:
    """Write a figure as its name ends, without the date that would make every file another.

    Raises:
        OSError: it cannot be written.
    """
    metadata: dict[str, Any] = {"Software": None} if out.suffix == ".png" else {"Date": None}
    figure.savefig(out, metadata=metadata)


def _families() -> list[str]:
    """The game's own fonts where they are installed, else what matplotlib brings."""
    spec = importlib.util.find_spec("pygame_gui")
    found = []
    if spec is not None and spec.origin is not None:
        for name in _FONT_FILES:
            path = Path(spec.origin).parent / "data" / name
            if path.is_file():
                font_manager.fontManager.addfont(path)
                found.append(font_manager.FontProperties(fname=path).get_name())
    return [*found, "DejaVu Sans"]


def draw_sweep(rows: list[Row], vary: Vary, title: str, lang: str) -> Figure:
    """The share served: a heat map over two names, a line over one.

    Raises:
        BadSweep: more than two names.
    """
    if len(vary) > 2:
        raise BadSweep("A plot shows one or two names; leave --plot out, or vary less.")
    figure = new_figure(7, 5, lang)
    axes = figure.subplots()
    seeds = len({row["seed"] for row in rows})
    axes.set_title(f"{title} ({report(lang, 'sweep_mean', seeds=seeds)})")
    name, values = vary[0]
    axes.set_xlabel(name)
    axes.set_xticks(range(len(values)), values)
    if len(vary) == 1:
        shares = [_share(rows, {name: value}) for value in values]
        axes.plot(range(len(values)), shares, color=COLOURS[0], marker="o")
        axes.set_ylabel(report(lang, "sweep_served"))
        axes.set_ylim(0, 102)
        return figure
    other, others = vary[1]
    table = [[_share(rows, {name: x, other: y}) for x in values] for y in others]
    picture = axes.imshow(table, origin="lower", aspect="auto", vmin=0, vmax=100, cmap="viridis")
    axes.grid(visible=False)
    axes.set_ylabel(other)
    axes.set_yticks(range(len(others)), others)
    for y, line in enumerate(table):
        for x, share in enumerate(line):
            colour = "black" if share > 60 else "white"
            axes.text(x, y, f"{share:.0f}", ha="center", va="center", color=colour)
    figure.colorbar(picture, label=report(lang, "sweep_served"))
    return figure


def _share(rows: list[Row], wanted: dict[str, str]) -> float:
    """The mean share of a combination, in percent; a run without attempts counts as none."""
    found = [
        float(row["success"] or 0)
        for row in rows
        if all(row[name] == value for name, value in wanted.items())
    ]
    return 100 * sum(found) / len(found)
