"""The head of a level: its number on a plate, its name, its line and port; and line signs."""

from game.client.canvas import Canvas
from game.client.game_view import GameView
from game.client.theme import Colour, Theme
from game.protocol.catalogue import LevelCard, Texts
from game.text.phrases import phrase

LINE_TOKENS = {"queue": "pa", "crew": "pb", "luggage": "pc", "flood": "pd", "heritage": "ink2"}
"""Theme token of each line's colour."""


def line_colour(theme: Theme, line: str) -> Colour:
    """The colour of a line on the map."""
    return theme.token(LINE_TOKENS.get(line, "ink2"))


def level_texts(card: LevelCard, lang: str) -> Texts:
    """A level's words; in English where it has none in this language."""
    return card.texts.get(lang) or card.texts.get("en") or next(iter(card.texts.values()))


def level_title(view: GameView, level: str, lang: str) -> str:
    """What a level is called where others are listed: number and title, an arena's title only.

    A level that this host's catalogue does not have is called by its id.
    """
    card = view.level(level)
    if card is None:
        return level
    title = level_texts(card, lang).title
    return title if card.arena is not None else f"{card.number} {title}"


def line_name(lang: str, line: str) -> str:
    """A line's name; one that this game does not know has a plain one."""
    return phrase(lang, f"line_{line}" if line in LINE_TOKENS else "line_other")


def head(canvas: Canvas, x: float, y: float, card: LevelCard, width: float) -> None:
    """The plate of 40 × 40 with name and line beside it."""
    theme = canvas.theme
    texts = level_texts(card, canvas.lang)
    canvas.box(x, y, 40, 40, theme.sign, radius=4)
    plate_number(canvas, x + 20, y + 28, card.number, theme.onsign)
    room = width - 52
    canvas.text(x + 52, y + 19, texts.title, "title", theme.ink, max_width=room)
    line = line_name(canvas.lang, card.line)
    where = phrase(canvas.lang, "line_and_port", line=line, port=card.port)
    canvas.text(x + 52, y + 37, where, "caption", theme.ink2, max_width=room)


def plate_number(canvas: Canvas, x: float, y: float, number: int, ink: Colour) -> None:
    """A level's number on a plate of 40; three digits, as a player's own levels have, are lower."""
    if number < 100:
        canvas.text(x, y, str(number), "plate", ink, "center")
    else:
        canvas.text(x, y - 2, str(number), "value", ink, "center")


def line_sign(canvas: Canvas, x: float, y: float, line: str) -> float:
    """A line's name on its colour, from the upper left corner; returns its width."""
    theme = canvas.theme
    name = line_name(canvas.lang, line)
    width = canvas.measure(name, "strong") + 20
    canvas.box(x, y, width, 22, line_colour(theme, line), radius=3)
    ink = theme.floor if line == "heritage" else theme.ontrain
    canvas.text(x + 10, y + 16, name, "strong", ink)
    return width
