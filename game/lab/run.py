"""A level without a player, through session and ticks; its result as plain data."""

from collections.abc import Sequence

from game.level.schema import Level
from game.level.settings import settings_cost, with_settings
from game.session.commands import knob_of
from game.session.replay import LoggedCommand
from game.session.session import Session


def play_level(
    level: Level,
    seed: int,
    recorded: Sequence[LoggedCommand] = (),
    settings: Sequence[tuple[str, str]] = (),
) -> Session:
    """The session after the last tick.

    Args:
        recorded: commands that come by themselves; those on a knob in `settings` are left out.
        settings: in force from the start, at the cost the knobs have in play.

    Raises:
        BadSetting: a setting that cannot be.
    """
    chosen = list(settings)
    fixed = {name.rsplit(".", 1)[-1] for name, _ in chosen}
    kept = [one for one in recorded if knob_of(one.command) not in fixed]
    changed = with_settings(level, chosen)
    session = Session(changed, seed, recorded=kept, spent=settings_cost(level, chosen))
    while not session.over:
        session.advance()
    return session


def run_level(
    level: Level,
    seed: int,
    recorded: Sequence[LoggedCommand] = (),
    settings: Sequence[tuple[str, str]] = (),
) -> dict[str, object]:
    """The report of a run; `met` means that a goal's third mark is reached."""
    session = play_level(level, seed, recorded, settings)
    score = session.score
    return {
        "level": level.id,
        "seed": seed,
        "seconds": level.seconds,
        "attempts": score.attempts,
        "served": score.served,
        "success": score.value("served"),
        "connect_p50_ms": score.connect_ms(0.5),
        "connect_p95_ms": score.connect_ms(0.95),
        "counters": session.world.host.counters.as_dict(),
        "goals": [
            {
                "goal": goal.what,
                "value": score.value(goal.what),
                "marks": list(goal.marks),
                "met": score.goal_stars(goal) == 3,
            }
            for goal in level.goal
        ],
        "stars": score.stars(),
    }
