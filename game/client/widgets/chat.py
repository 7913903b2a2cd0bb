"""What was said in a room, the newest at the bottom."""

from game.client.canvas import Canvas
from game.client.plane import Rect
from game.client.theme import Colour
from game.protocol.lobby import ChatLine
from game.text.lobby import lobby_text


def chat_sentence(lang: str, line: ChatLine) -> tuple[str, str]:
    """Who speaks, "" for the server, and what."""
    if line.code:
        return "", lobby_text(lang, line.code, {"name": line.name, "text": line.text})
    return line.name, line.text


def draw_chat(canvas: Canvas, rect: Rect, lines: list[ChatLine]) -> None:
    """As many of the newest lines as fit."""
    theme = canvas.theme
    x, y, w, h = rect
    pitch = canvas.line_height("body")
    rows: list[tuple[str, str, Colour]] = []  # From the newest up: a name, a piece, its colour.
    for line in reversed(lines):
        who, said = chat_sentence(canvas.lang, line)
        ink = theme.ink if who else theme.ink2
        rows += [(name, piece, ink) for name, piece in reversed(_rows(canvas, who, said, w))]
        if len(rows) * pitch > h:
            break
    base = y + h - 4
    for name, piece, ink in rows:
        if base < y + pitch - 2:
            break
        used = canvas.text(x, base, name, "strong", ink, max_width=w) if name else 0.0
        canvas.text(x + used, base, piece, "body", ink, max_width=w - used)
        base -= pitch


def _rows(canvas: Canvas, who: str, said: str, width: float) -> list[tuple[str, str]]:
    """What somebody said as rows that fit; the bold name stands before the first."""
    if not who:
        return [("", piece) for piece in canvas.wrap(said, "body", width)]
    name = f"{who}: "
    first = canvas.wrap(said, "body", width - canvas.measure(name, "strong"))[0]
    rest = said[len(first) :].lstrip()
    rows = [(name, first)]
    return rows + [("", piece) for piece in canvas.wrap(rest, "body", width)] if rest else rows
