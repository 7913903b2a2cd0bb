"""The slim row of what can be done in a run: words with their keys, beside the tabs."""

from game.client.canvas import Canvas
from game.client.draw.knobs import knob_pages
from game.client.draw.view import View
from game.client.keys import Action
from game.client.plane import Rect
from game.client.widgets.tip import tip as plate

TOP, HEIGHT, GAP = 526.0, 24.0, 3.0
LEFT, LEFT_OF_PAGES = 797.0, 862.0
WIDTHS = {"leave": 68.0, "finish": 68.0}
WIDTH = 56.0

ACTIONS: dict[str, Action] = {
    "hint": Action.HINT,
    "explain": Action.EXPLAIN,
    "listen": Action.LISTEN,
    "guide": Action.GUIDE,
    "restart": Action.RESTART,
    "finish": Action.EIGHTFOLD,
    "leave": Action.BACK,
}
"""What each button does; the key is the same that does it without the mouse."""

SCREEN = "screen"
"""Hotspot of the card that explains the whole screen."""


def names(view: View) -> list[str]:
    """The buttons that mean something now, in their order."""
    ui, card = view.ui, view.card
    alone = ui.head in ("run", "sandbox")
    texts = card.texts.get(view.lang) or card.texts["en"]
    has_backlog = any(knob.name == "backlog" and not knob.opens_at for knob in card.knobs)
    shown = {
        "hint": alone and not ui.recorded and bool(texts.hints) and not is_idle(view),
        "explain": True,
        "listen": has_backlog and not ui.recorded and not is_idle(view),
        "guide": True,
        "restart": alone and not ui.recorded,
        "finish": is_idle(view),
        "leave": True,
    }
    return [name for name in ACTIONS if shown[name]]


def is_idle(view: View) -> bool:
    """Whether the last traveller's fate is decided: nothing is left to wait for but the clock."""
    now, card = view.current, view.card
    if view.ui.head != "run" or not card.waves or now.time_ms >= card.seconds * 1000:
        return False
    if any(wave.until_ms > now.time_ms for wave in card.waves):
        return False
    waiting = any(one.syn_queue or one.accept_queue for one in now.listeners)
    aboard = any(worker.passengers for worker in now.workers)
    return not (waiting or aboard or now.peers)


def places(view: View) -> list[tuple[str, Rect]]:
    """Each button with its place, from the left."""
    x = LEFT_OF_PAGES if knob_pages(view.card) > 1 else LEFT
    found: list[tuple[str, Rect]] = []
    for name in names(view):
        width = WIDTHS.get(name, WIDTH)
        found.append((name, (x, TOP, width, HEIGHT)))
        x += width + GAP
    return found


def end(view: View) -> float:
    """Where the row ends."""
    x, _, w, _ = places(view)[-1][1]
    return x + w


def word(view: View, name: str) -> str:
    """What stands on a button."""
    return view.say("bar_back" if name == "leave" and view.ui.recorded else f"bar_{name}")


def tip(view: View, name: str) -> str:
    """What it does, and its key."""
    key = "tip_back" if name == "leave" and view.ui.recorded else f"tip_{name}"
    if name in ("guide", "leave") and view.ui.head in ("versus", "shared"):
        key = f"tip_{name}_match"
    return view.say(key, cap=view.ui.keys.cap(ACTIONS[name]))


def draw_bar(canvas: Canvas, view: View) -> None:
    """The buttons; belongs to the layer of the control room."""
    theme, ui = canvas.theme, view.ui
    for name, (x, y, w, h) in places(view):
        hot = f"bar:{name}" in (ui.hovered, ui.focused)
        due = name == "finish" or (name == "listen" and listens_anew(view))
        line = theme.focus if due else theme.ink2 if hot else theme.hair
        canvas.box(x, y, w, h, theme.pave if hot else theme.floor, line, 4, 2 if due else 1.2)
        said, cap = word(view, name), ui.keys.cap(ACTIONS[name])
        room = w - 5
        wide = canvas.measure(said, "caption_bold")
        beside = canvas.measure(cap, "caption") + 4
        typed = ui.tab == "console" and len(cap) == 1  # There it would be a letter.
        if typed or wide + beside > room:
            canvas.text(x + w / 2, y + 16.5, said, "caption_bold", theme.ink, "center", room)
            continue
        at = x + (w - wide - beside) / 2
        canvas.text(at, y + 16.5, said, "caption_bold", theme.ink)
        canvas.text(at + wide + 4, y + 16.5, cap, "caption", theme.ink2)


def listens_anew(view: View) -> bool:
    """Whether a listener still has seats by an older setting: listen() has to be called again."""
    somaxconn = view.sysctl("somaxconn")
    return somaxconn is not None and any(
        one.state == "LISTEN" and min(one.backlog_asked, somaxconn) != one.backlog
        for one in view.current.listeners
    )


def draw_tip(canvas: Canvas, view: View) -> None:
    """What the button under the mouse, or in focus, does; below it, where no queue is."""
    spots = (view.ui.focused, view.ui.hovered)
    shown = next((one for one in places(view) if f"bar:{one[0]}" in spots), None)
    if shown is None:
        return
    name, rect = shown
    plate(canvas, rect, tip(view, name))
