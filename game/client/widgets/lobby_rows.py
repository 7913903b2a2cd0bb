"""Rows of the lobby: a game on the network, a room of a server, a match that it has kept."""

from game.client.browse import FoundGame
from game.client.canvas import Canvas
from game.client.plane import Rect
from game.client.standing import leader, per_cent
from game.client.widgets import button
from game.protocol.lobby import MatchResult, RoomInfo
from game.text.versus import versus_text


def watch_rect(row: Rect, half: int) -> Rect:
    """The button in a kept match's row that shows one of its halves, 0 or 1."""
    x, y, w, h = row
    return (x + w - 172 + 88 * half, y + 4, 84, h - 12)


def draw_game(canvas: Canvas, row: Rect, game: FoundGame) -> None:
    """A game that was found; one of another version is grey and says so."""
    theme = canvas.theme
    x, y, w, h = row
    if game.speaks:
        canvas.box(x, y, w, h - 4, theme.paper, theme.hair, radius=4, width=1.2)
        canvas.icon("arrow", x + w - 22, y + 23, 16)
    ink = theme.ink if game.speaks else theme.ink2
    canvas.text(x + 12, y + 20, game.name, "sign", ink, max_width=w - 60)
    canvas.text(x + 12, y + 38, game.address, "kernel", theme.ink2, max_width=190)
    said = f"v{game.build}"
    if not game.speaks:
        said = versus_text(canvas.lang, "game_other_version", build=game.build or "?")
    canvas.text(x + 210, y + 38, said, "caption", theme.ink2, max_width=w - 250)


def draw_room(canvas: Canvas, row: Rect, room: RoomInfo, level: str) -> None:
    """A room with its code, how full it is, and what it is at."""
    theme, lang = canvas.theme, canvas.lang
    x, y, w, h = row
    canvas.box(x, y, w - 88, h - 4, theme.paper, theme.hair, radius=4, width=1.2)
    used = canvas.text(x + 12, y + 20, room.name, "sign", theme.ink, max_width=300)
    if room.locked:
        canvas.icon("lock", x + 30 + used, y + 15, 13, "ink2", "paper")
    said = f"{versus_text(lang, f'mode_{room.mode}')} · {level}"
    canvas.text(x + 12, y + 38, said, "caption", theme.ink2, max_width=330)
    count = versus_text(lang, "room_players", n=room.players, places=room.places)
    canvas.text(x + w - 104, y + 20, count, "strong", theme.ink, "right")
    phase = versus_text(lang, f"phase_{room.phase}")
    canvas.text(x + w - 104, y + 38, phase, "caption", theme.ink2, "right")
    canvas.text(x + w - 172, y + 30, room.code, "kernel", theme.ink2, "right")
    rect = (x + w - 80, y + 4, 72, h - 12)
    button.plain(canvas, rect, versus_text(lang, "room_watch"))


def draw_match(canvas: Canvas, row: Rect, match: MatchResult, level: str) -> None:
    """A kept match: both shares, who won, and the halves that can be watched."""
    theme, lang = canvas.theme, canvas.lang
    x, y, w, h = row
    canvas.line(x, y + h - 2, x + w, y + h - 2, theme.hair)
    room = w - 180
    names = {team: leader(lang, match.teams.get(team, [])) for team in ("a", "b")}
    shares = {half.defender: half.share for half in match.halves}
    parts = [
        f"{name} {per_cent(shares[team])} %" if team in shares else name
        for team, name in names.items()
    ]
    canvas.text(x, y + 18, " – ".join(parts), "strong", theme.ink, max_width=room)
    said = versus_text(lang, "result_void_title" if match.forfeit else "result_draw")
    if match.winner:
        said = versus_text(lang, "result_winner", name=names[match.winner])
    line = f"{said} · {level} · {match.at[:16]}"
    canvas.text(x, y + 37, line, "caption", theme.ink2, max_width=room)
    for half, played in enumerate(match.halves):
        if played.replay:
            title = versus_text(lang, "watch_half", n=half + 1)
            button.plain(canvas, watch_rect(row, half), title)
