"""A run as a plot: both queues with their limits, who was served and who was not, the cores."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from game.lab.figure import COLOURS, STYLES, new_figure
from game.lab.played import Played
from game.protocol.messages import Series
from game.text.blanks import platform
from game.text.reports import report


def draw_run(played: Played, lang: str) -> Figure:
    """Four plots over one time axis."""
    result = played.result
    series = result.series
    figure = new_figure(9, 9, lang)
    queues, halls, clients, cores = figure.subplots(4, 1, sharex=True)
    words = played.level.text.zh if lang == "zh" else played.level.text.en
    figure.suptitle(
        report(
            lang,
            "title",
            number=played.level.number,
            title=words.title,
            seed=result.seed,
            served=result.served,
            attempts=result.attempts,
            stars=result.stars,
        )
    )
    step_s = series.step_ms / 1000
    _draw_queues(
        queues, lang, "syn_queue", "limit", step_s, series.syn_queue, series.syn_queue_limit
    )
    _draw_queues(
        halls, lang, "accept_queue", "backlog", step_s, series.accept_queue, series.backlog
    )
    _draw_clients(clients, lang, step_s, series)
    times = [step_s * (i + 1) for i in range(len(series.core_max))]
    cores.plot(times, [share / 10 for share in series.core_max], color=COLOURS[0])
    cores.set_ylim(0, 105)
    cores.set_ylabel(report(lang, "core"))
    cores.set_xlabel(report(lang, "time"))
    cores.set_xlim(0, max(times, default=1.0))
    return figure


def _draw_queues(
    axes: Axes,
    lang: str,
    name: str,
    limit: str,
    step_s: float,
    lengths: Sequence[Sequence[int]],
    limits: Sequence[Sequence[int]],
) -> None:
    """The longest a queue was within each step, and what fits into it."""
    for index, line in enumerate(lengths):
        colour = COLOURS[index % len(COLOURS)]
        times = [step_s * (i + 1) for i in range(len(line))]
        label = report(lang, "length", name=name.replace("_", " "), platform=platform(index))
        axes.plot(times, line, color=colour, label=label)
    # Listeners with the same limit share a line.
    for index, line in enumerate(dict.fromkeys(tuple(line) for line in limits)):
        times = [step_s * (i + 1) for i in range(len(line))]
        style = STYLES[1 + index % 3]
        label = f"{report(lang, limit)} {line[-1] if line else 0}"
        axes.plot(times, line, color="#333333", linestyle=style, linewidth=1, label=label)
    axes.set_ylabel(report(lang, name))
    top = max((max(line, default=0) for line in lengths), default=0)
    limit_top = max((max(line, default=0) for line in limits), default=0)
    # A limit that nobody comes near would flatten everything else.
    axes.set_ylim(0, 1.08 * max(1, limit_top if limit_top <= 4 * top else top))
    _name_lines(axes)


def _draw_clients(axes: Axes, lang: str, step_s: float, series: Series) -> None:
    for index, name in enumerate(("served", "lost", "offered")):
        rates = [count / step_s for count in getattr(series, name)]
        times = [step_s * (i + 1) for i in range(len(rates))]
        style = ":" if name == "offered" else STYLES[index]
        colour = "#777777" if name == "offered" else COLOURS[index]
        axes.plot(times, rates, color=colour, linestyle=style, label=report(lang, name))
    axes.set_ylim(bottom=0)
    axes.set_ylabel(report(lang, "clients"))
    _name_lines(axes)


def _name_lines(axes: Axes) -> None:
    """The legend above the plot, where it hides nothing."""
    count = len(axes.get_lines())
    axes.legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=count, fontsize=8)
