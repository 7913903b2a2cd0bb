"""The board of the first level: every socket with its five-tuple, as split flaps that fill in."""

from game.client.canvas import Canvas
from game.client.draw.layout import BOARD
from game.client.draw.view import View
from game.protocol.snapshot import FiveTuple

FD_X, PROTOCOL_X, MINE_X, THEIRS_X = 40.0, 64.0, 96.0, 298.0
MINE, THEIRS = 15, 19
"""Cells of each half: 203.0.113.1:443 has 15 signs, 10.253.117.204:1234 as many as 19."""

FIRST_Y, ACCEPTED_Y, PITCH = 572.0, 620.0, 23.0
FRESH_MS = 1000
"""As long as this the half of a traveller who has just been taken in is amber."""


def draw_sockets(canvas: Canvas, view: View) -> None:
    """The listening socket above, below it the newest ones that accept() has made."""
    sockets = view.current.sockets
    own = next((one for one in sockets if not one.remote_port), None)
    accepted = tuple((one, view.now_ms - at < FRESH_MS) for one, at in view.seen.accepted)
    key = (own, accepted, view.ui.hovered == "sockets", view.ui.focused == "sockets")
    canvas.layer("board", BOARD, key, lambda c: _board(c, view, own, accepted))


def _board(
    canvas: Canvas,
    view: View,
    own: FiveTuple | None,
    accepted: tuple[tuple[FiveTuple, bool], ...],
) -> None:
    theme = canvas.theme
    canvas.box(*BOARD, theme.board, radius=6)
    used = canvas.text(40, 545, view.say("sockets"), "strong", theme.amber)
    canvas.text(
        544, 545, view.say("five_tuple"), "caption", theme.boarddim, "right", max_width=490 - used
    )
    for x, word in ((MINE_X, "your_half"), (THEIRS_X, "their_half")):
        canvas.text(x, 565, view.say(word), "caption", theme.boarddim, max_width=160)
    canvas.text(FD_X, 565, "fd", "kernel", theme.boarddim)
    listens = own is not None and own.state == "LISTEN"
    _row(canvas, FIRST_Y, own, "0.0.0.0:*" if listens else "", False)
    said = view.say("sockets_accepted")
    canvas.text(FD_X, ACCEPTED_Y - 9, said, "caption", theme.boarddim, max_width=504)
    for i in range(3):
        socket, fresh = accepted[i] if i < len(accepted) else (None, False)
        _row(canvas, ACCEPTED_Y + PITCH * i, socket, "", fresh)


def _row(canvas: Canvas, y: float, socket: FiveTuple | None, peer: str, fresh: bool) -> None:
    """One socket; what is not known yet is blank. A listener's peer is written as ss does."""
    fd = str(socket.fd) if socket else ""
    protocol = socket.protocol if socket else ""
    mine = f"{socket.local_address}:{socket.local_port}" if socket and socket.local_port else ""
    if socket and socket.remote_port:
        peer = f"{socket.remote_address}:{socket.remote_port}"
    canvas.text(FD_X, y + 14.5, fd or "–", "kernel", canvas.theme.flaptext)
    canvas.text(PROTOCOL_X, y + 14.5, protocol or "–", "kernel", canvas.theme.flaptext)
    canvas.flaps(MINE_X, y, f"{mine:<{MINE}}"[:MINE], small=True)
    changed = range(THEIRS) if fresh else ()
    canvas.flaps(THEIRS_X, y, f"{peer:<{THEIRS}}"[:THEIRS], frozenset(changed), small=True)
