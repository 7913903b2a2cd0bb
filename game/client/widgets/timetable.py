"""The timetable of a level: a bar for each wave, with who comes and how many."""

from collections.abc import Sequence

from game.client.canvas import Canvas
from game.client.theme import Colour, Theme
from game.protocol.catalogue import Wave
from game.protocol.snapshot import Actor
from game.text.cards import card_text
from game.text.phrases import phrase

SPRITES = {
    Actor.CLIENT: "traveller",
    Actor.FLOOD: "ghost",
    Actor.HOARDER: "hoarder",
    Actor.SLOW: "slow",
}
"""The figure of each kind of peer."""

BAR_HEIGHT = 21
LANE_PITCH = 24
TIGHT_PITCH = 16


def actor_sprite(actor: int) -> str:
    """The figure of a kind of peer; one that this game does not know is a traveller."""
    return SPRITES.get(Actor(actor), "traveller") if actor in list(Actor) else "traveller"


def actor_colour(theme: Theme, actor: int) -> Colour:
    """The colour of a kind of peer."""
    return theme.token(actor_sprite(actor))


def actor_name(lang: str, actor: int) -> str:
    """What a kind of peer is called."""
    return phrase(lang, f"actor_{actor if actor in list(Actor) else 0}")


def wave_name(lang: str, wave: Wave) -> str:
    """What those of a wave are called."""
    return card_text(lang, wave.called).name if wave.called else actor_name(lang, wave.actor)


def rate_text(lang: str, per_s: int) -> str:
    """`60/s`, `5.4k/s`."""
    short = f"{per_s / 1000:.1f}k".replace(".0k", "k") if per_s >= 1000 else str(per_s)
    return phrase(lang, "actor_rate", rate=short)


def lanes(waves: Sequence[Wave]) -> list[int]:
    """A lane for each wave, so that those of one lane do not overlap."""
    ends: list[int] = []
    chosen = []
    for wave in waves:
        lane = next((i for i, end in enumerate(ends) if end <= wave.from_ms), len(ends))
        if lane == len(ends):
            ends.append(0)
        ends[lane] = wave.until_ms
        chosen.append(lane)
    return chosen


def wave_bars(
    canvas: Canvas,
    x: float,
    y: float,
    width: float,
    waves: Sequence[Wave],
    seconds: int,
    lanes_max: int = 2,
    rates: bool = False,
) -> None:
    """Bars from the upper left corner; what a bar has no room for is left out.

    One lane more than `lanes_max` makes all of them lower, so that nobody is missing.
    """
    theme, lang = canvas.theme, canvas.lang
    chosen = lanes(waves)
    tight = max(chosen, default=0) == lanes_max
    pitch, tall, base = (TIGHT_PITCH, 14, 11.5) if tight else (LANE_PITCH, BAR_HEIGHT, 15.0)
    for wave, lane in zip(waves, chosen, strict=True):
        if lane > lanes_max or (lane == lanes_max and not tight):
            continue
        left = x + width * wave.from_ms / (seconds * 1000) + 1
        length = width * (wave.until_ms - wave.from_ms) / (seconds * 1000) - 2
        top = y + lane * pitch
        if length < 22:
            later = [w.from_ms for w, at in zip(waves, chosen, strict=True) if at == lane]
            ends = min((ms for ms in later if ms > wave.from_ms), default=seconds * 1000)
            room = width * (ends - wave.from_ms) / (seconds * 1000)
            _burst(canvas, left, top, max(3.0, length), wave, rates, tall, room)
            continue
        canvas.veil(left, top, length, tall, actor_colour(theme, wave.actor), 43)
        canvas.sprite(actor_sprite(wave.actor), left + 12, top + tall - 2, tall - 5)
        said, name = wave_name(lang, wave), 0.0
        if canvas.measure(said, "caption") <= length - 28:
            name = canvas.text(left + 25, top + base, said, "caption", theme.ink)
        if rates and length > name + 90:
            rate = rate_text(lang, wave.per_s)
            canvas.text(left + 33 + name, top + base, rate, "caption_bold", theme.ink)


def _burst(
    canvas: Canvas,
    left: float,
    top: float,
    length: float,
    wave: Wave,
    rates: bool,
    tall: float,
    room: float,
) -> None:
    """A wave too short for words: a post, and as there is room a figure and its rate."""
    theme = canvas.theme
    canvas.box(left, top, length, tall, actor_colour(theme, wave.actor))
    if room >= length + 18:
        canvas.sprite(actor_sprite(wave.actor), left + length + 9, top + tall - 2, tall - 5)
    rate = rate_text(canvas.lang, wave.per_s)
    if rates and room >= length + 24 + canvas.measure(rate, "caption_bold"):
        base = top + (15.0 if tall == BAR_HEIGHT else 11.5)
        canvas.text(left + length + 18, base, rate, "caption_bold", theme.ink)


def time_axis(canvas: Canvas, x: float, y: float, width: float, seconds: int) -> None:
    """Ticks and times under a plot or a timetable; y is the axis."""
    theme = canvas.theme
    step = next(s for s in (5, 10, 15, 30, 60, 300) if seconds / s <= 8 or s == 300)
    for at in range(0, seconds + 1, step):
        left = x + width * at / seconds
        canvas.line(left, y, left, y + 6, theme.ink, 1.4)
        text = f"{at // 60}:{at % 60:02}"
        canvas.text(left, y + 24, text, "caption", theme.ink2, "center")
