"""Goals as bars with a tick at the mark."""

from game.client.canvas import Canvas
from game.protocol.messages import GoalResult
from game.text.goals import SHARES, goal_name, mark_text, value_text


def bar_end(what: str, value: float | None, mark: float) -> float:
    """What the whole length of a goal's bar stands for; the mark lies on it."""
    if what in SHARES:
        return max(1.0, value or 0.0)
    if what == "cost":
        return max(mark, value or 0.0, 1.0)
    return max(mark * 4 / 3, min(value or 0.0, mark * 3), 1.0)


def goal_bar(
    canvas: Canvas,
    y: float,
    goal: GoalResult,
    x: float = 24,
    width: float = 288,
    grown: float = 1.0,
) -> None:
    """A goal at the end of a run: sign, name, value, mark, and a bar below them.

    Args:
        grown: how much of the bar's length is shown yet, 0 to 1.
    """
    theme = canvas.theme
    met = goal.stars >= 3
    mark = goal.marks[-1] if goal.marks else 0.0
    canvas.sprite("tick" if met else "cross" if goal.stars == 0 else "triangle", x + 9, y, 16)
    left, right = x + 28, x + width
    value = value_text(goal.what, goal.value)
    canvas.text(x + 208, y + 5, value, "value", theme.ink, "right")
    room = 172 - canvas.measure(value, "value")
    canvas.text(left, y + 5, goal_name(canvas.lang, goal.what), "body", theme.ink, max_width=room)
    canvas.text(right, y + 5, mark_text(goal.what, mark), "kernel", theme.ink2, "right")
    whole = bar_end(goal.what, goal.value, mark)
    length = right - left
    canvas.box(left, y + 15, length, 6, theme.hair, radius=3)
    share = min(1.0, (goal.value or 0.0) / whole)
    colour = theme.ok if met else theme.alert if goal.stars == 0 else theme.focus
    if share > 0:
        canvas.box(left, y + 15, max(6.0, length * share * grown), 6, colour, radius=3)
    tick = left + length * min(1.0, mark / whole)
    canvas.line(tick, y + 12, tick, y + 24, theme.ink, 2)
