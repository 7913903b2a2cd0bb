"""How a match stands, in the words of whoever looks at it: the task, a half's end, what wins."""

from typing import NamedTuple

from game.client.game_view import GameView
from game.protocol.catalogue import LevelCard
from game.protocol.lobby import MatchResult
from game.text.versus import shown_name, versus_text

BEATABLE_MAX = 995
"""A share of the first half, in thousandths, from which on the second can only draw."""


class Standing(NamedTuple):
    """A match under way, seen by one person.

    Attributes:
        mine: his team, "" for a spectator.
        defender: the team that defends in the half that is on, was last, or is counted down to.
        names: of both teams.
        needed: share of the travellers that wins a half for its defender, in thousandths.
        seconds: of a half.
        rival: share that was served in the first half, in thousandths; -1 until it is over.
    """

    mine: str
    defender: str
    names: dict[str, str]
    needed: int
    seconds: int
    rival: int

    @property
    def task(self) -> str:
        """What one does in this half: "defend", "attack", or "watch"."""
        if not self.mine:
            return "watch"
        return "defend" if self.mine == self.defender else "attack"


def other(team: str) -> str:
    """The other team."""
    return "b" if team == "a" else "a"


def standing(view: GameView, lang: str) -> Standing | None:
    """How the match stands, None where none is on or its level is not known."""
    room = view.lobby.room
    card = view.level(room.level) if room is not None else None
    if room is None or card is None or card.arena is None:
        return None
    result = view.lobby.match
    played = result.halves if result is not None and not result.over else []
    return Standing(
        mine=view.lobby.team,
        defender="b" if room.half == 2 else "a",
        names={team: team_names(view, team, lang) for team in ("a", "b")},
        needed=card.arena.share,
        seconds=card.seconds,
        rival=played[0].share if played else -1,
    )


def team_names(view: GameView, team: str, lang: str, *, every: bool = False) -> str:
    """Who is in a team: the first of them and how many more, or everybody."""
    room = view.lobby.room
    names = [one.name for one in room.players if one.team == team] if room is not None else []
    return ", ".join(shown_name(lang, name) for name in names) if every else leader(lang, names)


def leader(lang: str, names: list[str]) -> str:
    """The first of a team and how many more; a dash for nobody."""
    more = f" +{len(names) - 1}" if len(names) > 1 else ""
    return f"{shown_name(lang, names[0])}{more}" if names else "–"


def beat_key(what: str, task: str, rival: int) -> str:
    """Key of the sentence that says what wins, after a first half of `rival` thousandths.

    Within half a point is a draw, and nobody serves more than all.
    """
    return f"{what}_draw" if task == "defend" and rival >= BEATABLE_MAX else f"{what}_{task}"


def per_cent(thousandths: int) -> str:
    """A share as it is written: with one digit after the point where there is one."""
    return f"{thousandths / 10:.1f}".removesuffix(".0")


def span(lang: str, seconds: int) -> str:
    """A length of time in words."""
    if seconds % 60 == 0 and seconds > 60:
        return versus_text(lang, "span_minutes", n=seconds // 60)
    return versus_text(lang, "span_seconds", n=seconds)


def before_half(lang: str, now: Standing) -> tuple[str, list[str]]:
    """What the countdown to a half says: a title, the task, and in the second half what wins."""
    task, name = now.task, now.names[now.defender]
    title = versus_text(lang, f"count_{task}", name=name)
    blanks = {"name": name, "needed": per_cent(now.needed), "time": span(lang, now.seconds)}
    lines = [versus_text(lang, f"count_{task}_task", **blanks)]
    if now.rival >= 0:
        rival = now.names[other(now.defender)]
        key = f"count_{task}_beat"
        if beat_key("break", task, now.rival) == "break_draw":
            key = "break_draw"
        lines.append(versus_text(lang, key, name=rival, share=per_cent(now.rival)))
    return title, lines


def after_half(lang: str, now: Standing, result: MatchResult, wait_s: int) -> tuple[str, list[str]]:
    """What the break says: who won the half, by what, how the match stands, how long it lasts."""
    half = result.halves[-1]
    held = half.share >= half.needed
    winner = half.defender if held else other(half.defender)
    title = versus_text(lang, "break_name_won", name=now.names[winner])
    if now.mine:
        title = versus_text(lang, "break_won" if now.mine == winner else "break_lost")
    next_one = other(half.defender)
    task = "watch" if not now.mine else "defend" if now.mine == next_one else "attack"
    blanks = {"name": now.names[next_one], "share": per_cent(half.share)}
    return title, [
        half_score(lang, half.share, half.needed),
        versus_text(lang, beat_key("break", task, half.share), **blanks),
        versus_text(lang, "break_wait", s=wait_s),
    ]


def half_score(lang: str, share: int, needed: int) -> str:
    """What was served in a half, and what was needed."""
    return versus_text(lang, "half_score", share=per_cent(share), needed=per_cent(needed))


def rules(lang: str, card: LevelCard) -> list[str]:
    """How a match on an arena is won, a sentence each; nothing for other levels."""
    if card.arena is None:
        return []
    return [
        versus_text(lang, "rule_halves", time=span(lang, card.seconds)),
        versus_text(lang, "rule_half", needed=per_cent(card.arena.share)),
        versus_text(lang, "rule_match"),
    ]
