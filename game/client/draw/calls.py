"""Level 1: the four calls as buttons, their results, and the five-tuple that fills in."""

import re

from game.client.canvas import Canvas
from game.client.draw.view import View
from game.client.plane import Rect
from game.protocol.snapshot import FiveTuple

CALLS = ("socket", "bind", "listen", "accept")
BUTTON_W, BUTTON_H, PITCH = 150.0, 44.0, 164.0
LEFT, TOP = 592.0, 562.0
BACKLOG_DEFAULT = 16
RESULT_W = 296.0


def call_rect(index: int) -> Rect:
    """The button of one call."""
    return LEFT + PITCH * index, TOP, BUTTON_W, BUTTON_H


def next_call(view: View) -> int:
    """Index of the call that comes next; 4 when all are made."""
    listeners = view.current.listeners
    state = listeners[0].state if listeners else ""
    step = {"": 0, "CLOSE": 1, "BOUND": 2, "LISTEN": 3}.get(state, 0)
    if step == 3 and _accepted(view):
        return 4
    return step


def _accepted(view: View) -> bool:
    return any(call.startswith("accept") for call in view.current.calls)


def backlog_argument(view: View) -> int:
    """What listen() is called with: the backlog knob, or a small hall where there is none."""
    value = view.knob_values.get("backlog", ("", ""))[0]
    knob = next((k for k in view.card.knobs if k.name == "backlog"), None)
    text = value or (knob.default if knob else "")
    return int(text) if text.lstrip("-").isdigit() else BACKLOG_DEFAULT


def call_text(view: View, index: int) -> str:
    """A call with its arguments, as it would be typed."""
    listen = f"listen({backlog_argument(view)})"
    return ("socket()", f"bind(:{view.card.port})", listen, "accept()")[index]


def draw_calls(canvas: Canvas, view: View) -> None:
    """Buttons in their order, results below, the five-tuple beside them."""
    theme = canvas.theme
    now = next_call(view)
    for i in range(len(CALLS)):
        _button(canvas, view, i, now)
        if i + 1 < len(CALLS):
            x, y, w, h = call_rect(i)
            canvas.icon("right", x + w + 7, y + h / 2, 9, "ink2")
    canvas.line(592, 618, 1240, 618, theme.hair)
    _results(canvas, view)
    _tuple(canvas, view)


def _button(canvas: Canvas, view: View, index: int, now: int) -> None:
    theme = canvas.theme
    x, y, w, h = call_rect(index)
    spot = f"call:{CALLS[index]}"
    hot = spot in (view.ui.hovered, view.ui.focused)
    done, due = index < now, index == now
    fill = theme.amber if due else theme.pave if done else theme.floor
    dark = theme.ink if theme.bright else theme.paper
    ink = dark if due else theme.ink if done else theme.ink2
    line = theme.focus if hot else (dark if due else theme.hair)
    canvas.box(x, y, w, h, fill, line, 4, 2 if hot or due else 1.2)
    if done:
        canvas.sprite("tick", x + 16, y + h / 2, 16)
    else:
        canvas.text(x + 16, y + h / 2 + 5, str(index + 1), "sign", ink, "center")
    canvas.text(x + 32, y + h / 2 + 5, call_text(view, index), "console", ink, max_width=w - 38)


def _results(canvas: Canvas, view: View) -> None:
    """The last calls with what they returned, newest at the bottom."""
    theme = canvas.theme
    if not view.current.calls:
        canvas.text(592, 640, view.say("you_call"), "strong", theme.ink2)
    for i, result in enumerate(view.current.calls[-4:]):
        failed = "= -1" in result
        ink = theme.alert if failed else theme.ink
        if canvas.measure(result, "kernel") > RESULT_W:
            # The arguments of socket() are always the same.
            result = re.sub(r"\(.*?\)", "(…)", result, count=1)
        if canvas.measure(result, "kernel") > RESULT_W:
            # What errno means can be read at the hint; its name must not be cut.
            result = result.partition(" (")[0] if failed else result
        canvas.text(592, 640 + 19 * i, result, "kernel", ink, max_width=RESULT_W)


def _tuple(canvas: Canvas, view: View) -> None:
    theme = canvas.theme
    canvas.line(896, 626, 896, 700, theme.hair)
    canvas.text(910, 640, view.say("five_tuple"), "strong", theme.ink2, max_width=330)
    sockets = view.current.sockets
    if not sockets:
        empty = FiveTuple(-1, "", "", "", 0, "", 0)
        _socket(canvas, view, empty, 661)
    listens = any(one.state == "LISTEN" for one in view.current.listeners)
    for i, socket in enumerate(sockets[:1] + sockets[1:][-2:]):
        _socket(canvas, view, socket, 661 + 19 * i, listens and i == 0)


def _socket(
    canvas: Canvas, view: View, socket: FiveTuple, y: float, listening: bool = False
) -> None:
    """One socket: what is known stands in ink, what is not yet as a dash in a box."""
    theme = canvas.theme
    fd = f"fd {socket.fd}" if socket.fd >= 0 else "fd –"
    canvas.text(910, y, fd, "kernel", theme.ink2)
    local = f"{socket.local_address}:{socket.local_port}" if socket.local_port else ""
    remote = f"{socket.remote_address}:{socket.remote_port}" if socket.remote_port else ""
    if local and not remote and listening:
        # As ss prints it: a listener has no peer, and never will; accept() makes new sockets.
        remote = "0.0.0.0:*"
    for x, w, said in ((950, 30, socket.protocol), (984, 104, local), (1092, 148, remote)):
        if said:
            canvas.box(x, y - 13, w, 17, theme.pave, radius=3)
            canvas.text(x + w / 2, y, said, "kernel", theme.ink, "center", max_width=w - 4)
        else:
            canvas.box(x, y - 13, w, 17, None, theme.mid, 3, 1)
            canvas.text(x + w / 2, y, "?", "kernel", theme.mid, "center")
