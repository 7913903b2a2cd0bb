"""How strong a bot is."""

from typing import NamedTuple


class Strength(NamedTuple):
    """One strength.

    Attributes:
        beats_a_thought: it thinks every so many beats of 50 ms.
        slips: how often a thought is forgotten, 0 to 1.
        guesses: how often a defender turns some knob for luck, 0 to 1.
        plans: whether it saves points for what helps most, and learns from what it sees.
    """

    beats_a_thought: int
    slips: float
    guesses: float
    plans: bool


STRENGTHS = {
    "easy": Strength(beats_a_thought=160, slips=0.4, guesses=0.4, plans=False),
    "medium": Strength(beats_a_thought=60, slips=0.1, guesses=0.1, plans=False),
    "hard": Strength(beats_a_thought=20, slips=0.0, guesses=0.0, plans=True),
}
