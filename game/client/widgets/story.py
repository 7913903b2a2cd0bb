"""The story column of a debrief: numbered causes, each with words and a small picture."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from game.client.canvas import Canvas
from game.client.widgets.stages import seat
from game.protocol.messages import DebriefEvent
from game.protocol.snapshot import Actor
from game.text.debrief import cause

TICK_MS = 50
"""Length of a tick, by which events of the story are dated."""

CAUSES_MAX = 5
PITCH, PITCH_TIGHT = 114, 92
"""Distance of causes: up to four, and five."""

TITLE_WIDTH = 236
CALL_WIDTH = 244

COMMANDS = ("set_sysctl", "set_knob", "call")

_WEIGHT = {"calm_again": 1, "call": 2, "cookies_took_over": 3, "set_sysctl": 4, "set_knob": 4}
"""Which causes are told first when there are more than five; losses weigh 5."""


@dataclass(frozen=True)
class Told:
    """What a picture is drawn from: a cause, and who came in the level."""

    event: DebriefEvent
    actors: frozenset[int]


def told(story: Sequence[DebriefEvent]) -> list[DebriefEvent]:
    """The causes to tell, in the order of time."""
    by_weight = sorted(story, key=lambda event: (-_WEIGHT.get(event.code, 5), event.tick))
    return sorted(by_weight[:CAUSES_MAX], key=lambda event: event.tick)


def moment_text(tick: int) -> str:
    """A tick as minutes and seconds."""
    seconds = tick * TICK_MS // 1000
    return f"{seconds // 60}:{seconds % 60:02}"


def number_disc(canvas: Canvas, x: float, y: float, number: int, radius: float) -> None:
    """A cause's number on a dark disc, the same in the plots and in the column."""
    theme = canvas.theme
    canvas.circle(x, y, radius, theme.sign)
    canvas.text(x, y + 4.8, str(number), "strong", theme.onsign, "center")


def story_column(
    canvas: Canvas, x: float, y: float, events: Sequence[DebriefEvent], actors: frozenset[int]
) -> None:
    """Up to five causes, 312 wide; y is the middle of the first number.

    Args:
        actors: who came in this level; nobody else is drawn.
    """
    theme = canvas.theme
    pitch = PITCH if len(events) < CAUSES_MAX else PITCH_TIGHT
    for index, event in enumerate(events):
        top = y + pitch * index
        if index < len(events) - 1:
            canvas.line(x + 12, top + 16, x + 12, top + pitch - 18, theme.hair, 2)
        number_disc(canvas, x + 12, top, index + 1, 11)
        title, sentence = cause(canvas.lang, event.code, event.args)
        when = moment_text(event.tick)
        canvas.text(x + 312, top + 5, when, "kernel", theme.ink2, "right")
        canvas.text(x + 36, top + 5, title, _title_role(canvas, title), theme.ink)
        base = top + 24
        for line in canvas.wrap(sentence, "body", 276)[:2]:
            canvas.text(x + 36, base, line, "body", theme.ink2)
            base += canvas.line_height("body")
        picture = _PICTURES.get(event.code, _loss)
        if picture is _change and event.args.get("before") == str(event.args.get("value")):
            picture = _call  # listen() again with the same backlog.
        picture(canvas, x + 36, top + 73, Told(event, actors))


def _title_role(canvas: Canvas, title: str) -> str:
    """The largest role in which a title fits; long sysctl names need a smaller one."""
    roles = ("sign", "strong", "caption_bold")
    fits = (role for role in roles if canvas.measure(title, role) <= TITLE_WIDTH)
    return next(fits, roles[-1])


def _places(canvas: Canvas, x: float, floor: float, told_of: Told) -> None:
    """A full ticket line: rings at different hours, one traveller among ghosts if any came."""
    theme = canvas.theme
    forged = Actor.FLOOD in told_of.actors
    for index, gone in enumerate((320, 150, 230, 70, 250, 180, 110, 220, 90)):
        middle = x + 11 + 29 * index
        actor = "ghost" if forged and index != 4 else "traveller"
        canvas.circle(middle, floor - 8, 10.5, None, theme.hair, 2)
        canvas.arc(middle, floor - 8, 10.5, 0, gone, theme.token(actor), 2.2)
        canvas.sprite(actor, middle, floor - 1.5, 14)


def _stamps(canvas: Canvas, x: float, floor: float, told_of: Told) -> None:
    """Travellers with a ticket, and the hall they walk into."""
    for index in range(3):
        canvas.sprite("traveller", x + 11 + 46 * index, floor, 22)
        canvas.sprite("ticket", x + 28 + 46 * index, floor - 9, 8)
    canvas.icon("arrow", x + 163, floor - 9, 20)
    for index in range(3):
        seat(canvas, x + 199 + 27 * index, floor, "traveller" if index < 2 else "")


def _overflow(canvas: Canvas, x: float, floor: float, told_of: Told) -> None:
    """A full hall, one who is turned away, and the train that does not come."""
    for index in range(5):
        idle = index == 3 and Actor.HOARDER in told_of.actors
        seat(canvas, x + 11 + 27 * index, floor, "hoarder" if idle else "traveller")
    canvas.sprite("traveller", x + 151, floor, 22)
    canvas.sprite("cross", x + 169, floor - 10, 15)
    listener = told_of.event.args.get("listener", 0)
    livery = ("pa", "pb", "pc", "pd")[listener % 4 if isinstance(listener, int) else 0]
    canvas.sprite("train-closed", x + 189, floor - 27, 22, livery=livery)


def _loss(canvas: Canvas, x: float, floor: float, told_of: Told) -> None:
    """Travellers with crosses."""
    for index in range(4):
        canvas.sprite("traveller", x + 11 + 46 * index, floor, 22)
        canvas.sprite("cross", x + 29 + 46 * index, floor - 10, 15)


def _dropped(canvas: Canvas, x: float, floor: float, told_of: Told) -> None:
    """Who got no answer: ghosts where a flood came, and a traveller among them."""
    forged = Actor.FLOOD in told_of.actors
    for index in range(5):
        actor = "ghost" if forged and index != 2 else "traveller"
        canvas.sprite(actor, x + 11 + 46 * index, floor, 22)
        canvas.sprite("cross", x + 29 + 46 * index, floor - 10, 15)


def _calm(canvas: Canvas, x: float, floor: float, told_of: Told) -> None:
    """A hall with free seats, and a tick."""
    for index in range(6):
        seat(canvas, x + 11 + 29 * index, floor, "traveller" if index < 2 else "")
    canvas.sprite("tick", x + 196, floor - 9, 18)


def _change(canvas: Canvas, x: float, floor: float, told_of: Told) -> None:
    """The value before, an arrow, and the value now."""
    theme = canvas.theme
    before, value = (
        str(told_of.event.args.get("before", "?")),
        str(told_of.event.args.get("value", "?")),
    )
    width = max(36.0, canvas.measure(before, "value") + 20)
    canvas.box(x, floor - 24, width, 28, theme.floor, theme.hair, radius=3, width=1.4)
    canvas.text(x + width / 2, floor - 4, before, "value", theme.ink2, "center")
    canvas.icon("arrow", x + width + 22, floor - 10, 18)
    left = x + width + 44
    width = max(36.0, canvas.measure(value, "value") + 20)
    canvas.box(left, floor - 24, width, 28, theme.floor, theme.focus, radius=3, width=2)
    canvas.text(left + width / 2, floor - 4, value, "value", theme.ink, "center")


def _call(canvas: Canvas, x: float, floor: float, told_of: Told) -> None:
    """The call and its result, as `strace` prints them, on a dark plate."""
    theme = canvas.theme
    args = told_of.event.args
    text = str(args.get("result", f"listen({args.get('value', '')})"))
    if text.endswith(" …"):
        # It was waiting for the next client: a tracer would print the value when one comes.
        text = text.removesuffix(" …")
    if "= -1 " in text:
        # The sentence above says what the errno means.
        text = text.rpartition(" (")[0]
    if canvas.measure(text, "kernel") > CALL_WIDTH:
        # The arguments are what can be spared; the value is not.
        text = f"{text.partition('(')[0]}(…){text.rpartition(')')[2]}"
    width = canvas.measure(text, "kernel") + 40
    canvas.box(x, floor - 24, min(276, width), 28, theme.board, radius=3)
    canvas.text(x + 10, floor - 6, "$", "kernel", theme.amber)
    canvas.text(x + 26, floor - 6, text, "kernel", theme.flaptext, max_width=CALL_WIDTH)


def _core(canvas: Canvas, x: float, floor: float, told_of: Told) -> None:
    """The station master beside his full bar."""
    theme = canvas.theme
    share = told_of.event.args.get("share", 1000)
    part = min(1.0, share / 1000) if isinstance(share, int) else 1.0
    canvas.sprite("master", x + 12, floor + 2, 30)
    canvas.box(x + 34, floor - 17, 210, 16, theme.floor, radius=3)
    canvas.box(x + 34, floor - 17, 210 * part, 16, theme.core_soft, radius=3)
    canvas.box(x + 34, floor - 17, 210, 16, None, theme.ink, radius=3, width=1.4)


_PICTURES: dict[str, Callable[[Canvas, float, float, Told], None]] = {
    "syn_queue_filled": _places,
    "syns_dropped": _dropped,
    "cookies_took_over": _stamps,
    "accept_queue_overflowed": _overflow,
    "calm_again": _calm,
    "set_sysctl": _change,
    "set_knob": _change,
    "call": _call,
    "core_busy": _core,
}
