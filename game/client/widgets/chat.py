"""What was said in a room, the newest at the bottom."""

from game.client.canvas import Canvas
from game.client.plane import Rect
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
    rows: list[tuple[str, str, bool]] = []
    for line in reversed(lines):
        who, said = chat_sentence(canvas.lang, line)
        whole = canvas.wrap(f"{who}: {said}" if who else said, "body", w)
        for index, piece in reversed(list(enumerate(whole))):
            rows.append((piece, who if index == 0 else "", not who))
        if len(rows) * pitch > h:
            break
    base = y + h - 4
    for piece, who, server in rows:
        if base < y + pitch - 2:
            break
        if who and piece.startswith(f"{who}:"):
            used = canvas.text(x, base, f"{who}:", "strong", theme.ink, max_width=w)
            room = w - used
            canvas.text(x + used, base, piece[len(who) + 1 :], "body", theme.ink, max_width=room)
        else:
            canvas.text(x, base, piece, "body", theme.ink2 if server else theme.ink, max_width=w)
        base -= pitch
