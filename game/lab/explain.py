"""What happened in a run, in the words of the debrief, as lines for a terminal."""

from collections.abc import Iterator

from game.lab.played import Played
from game.level.load import sysctl_full_name
from game.session.rates import TICK_MS
from game.text.debrief import cause, next_star, verdict
from game.text.goals import goal_name, mark_text, value_text
from game.text.real_machine import look_commands, telling_counters
from game.text.reports import report

COUNTERS_MAX = 6
"""Counters told: those that explain; `lab run` has all."""


def explain(played: Played, lang: str) -> Iterator[str]:
    """Verdict, goals, story, counters, and what to type on a real machine, line by line."""
    level, result = played.level, played.result
    words = level.text.zh if lang == "zh" else level.text.en
    yield report(
        lang,
        "title",
        number=level.number,
        title=words.title,
        seed=result.seed,
        served=result.served,
        attempts=result.attempts,
        stars=result.stars,
    )
    yield verdict(lang, result.stars)
    yield ""
    yield report(lang, "goals")
    for goal in result.goals:
        name, value = goal_name(lang, goal.what), value_text(goal.what, goal.value)
        mark = mark_text(goal.what, goal.marks[-1])
        yield "  " + report(lang, "reached", name=name, value=value, mark=mark)
    yield "  " + _advice(played, lang)
    yield ""
    yield report(lang, "story")
    if not result.story:
        yield "  " + report(lang, "quiet")
    for event in result.story:
        title, sentence = cause(lang, event.code, event.args)
        seconds = event.tick * TICK_MS // 1000
        yield f"  {seconds // 60}:{seconds % 60:02}  {title} {sentence}"
    yield ""
    yield report(lang, "counters")
    for name in telling_counters(result.counters, COUNTERS_MAX):
        if result.counters.get(name):
            yield f"  {name:28} {result.counters[name]:>9}"
    yield ""
    yield report(lang, "really")
    for command in commands(played):
        yield f"  $ {command}"
    yield f"  {words.debrief}"


def commands(played: Played) -> list[str]:
    """What shows on a real machine what the run was about."""
    knobs = sorted(played.level.knob, key=lambda knob: not knob.lesson)
    names = [sysctl_full_name(knob.name) or knob.name for knob in knobs]
    machine = played.level.machine
    return look_commands(machine.port, names, played.result.counters, calls=machine.calls)


def _advice(played: Played, lang: str) -> str:
    """What holds the next star back."""
    result = played.result
    goal = next((one for one in result.goals if one.stars == result.stars), None)
    if goal is None or result.stars >= len(goal.marks):
        return next_star(lang, "none", "")
    return next_star(lang, goal.what, mark_text(goal.what, goal.marks[result.stars]))
