"""The card that explains one thing: station name, kernel name, numbers, and for a loss its rule."""

from collections.abc import Callable
from dataclasses import dataclass

from game.client.canvas import Canvas
from game.client.draw.bar import SCREEN
from game.client.draw.figures import figure_of
from game.client.draw.goals import tile
from game.client.draw.loss import PLACES, worst
from game.client.draw.spots import spot_rect
from game.client.draw.view import View, short
from game.client.keys import Action
from game.client.metaphor import (
    ACTOR_KERNEL,
    SIGNS,
    WORKER_CALLS,
    letter,
    sprite_of,
)
from game.client.plane import Rect
from game.protocol.snapshot import Actor
from game.text.guide import page_for_knob, page_for_rule
from game.text.knobs import knob_help
from game.text.reasons import reason

WIDTH = 336.0
PAD = 16.0

Rows = list[tuple[str, str]]


@dataclass(frozen=True)
class Card:
    """What stands on a card.

    Attributes:
        title, kernel: both names.
        sentence: what it is, or why it was refused.
        rows: numbers, each with its word.
    """

    title: str
    kernel: str
    sentence: str
    rows: Rows


def card_for(view: View, spot: str) -> Card | None:
    """The card of a hotspot, None when there is nothing to explain."""
    kind, _, rest = spot.partition(":")
    writer = _WRITERS.get(kind)
    return writer(view, rest) if writer else None


def _sign(view: View, name: str, rows: Rows, suffix: str = "") -> Card:
    sign = SIGNS[name]
    return Card(view.say(sign.word) + suffix, sign.kernel, view.say(sign.explain), rows)


def _line(view: View, rest: str) -> Card | None:
    index = int(rest)
    listener = view.current.listeners[index]
    rows = [
        (view.say("now"), str(listener.syn_queue)),
        (view.say("limit"), str(listener.syn_queue_limit)),
    ]
    if listener.cookies_sent_per_s:
        said = view.say("per_s", n=short(listener.cookies_sent_per_s))
        rows.append(("SyncookiesSent", said))
    return _sign(view, "syn_queue", rows, f" {letter(index)}")


def _cookie(view: View, rest: str) -> Card | None:
    listener = view.current.listeners[int(rest)]
    setting = view.sysctl("tcp_syncookies")
    sent = view.say("per_s", n=short(listener.cookies_sent_per_s))
    rows = [("tcp_syncookies", "–" if setting is None else str(setting)), ("SyncookiesSent", sent)]
    return _sign(view, "cookie", rows)


def _hall(view: View, rest: str) -> Card | None:
    index = int(rest)
    listener = view.current.listeners[index]
    rows = [
        ("Recv-Q", str(listener.accept_queue)),
        ("Send-Q", str(listener.backlog)),
        ("listen()", str(listener.backlog_asked)),
    ]
    return _sign(view, "accept_queue", rows, f" {letter(index)}")


def _drop(view: View, rest: str) -> Card | None:
    place, _, index = rest.partition(":")
    losses = view.seen.losses(int(index))
    if place == "gate":
        losses += view.seen.losses(0)
    loss = worst(losses, PLACES[place])
    if loss is None:
        return None
    title, sentence = reason(view.lang, loss.rule)
    rows = [
        (view.say("rule"), loss.rule),
        (view.say("knob"), loss.knob or "–"),
        (view.say("counter"), loss.counter or "–"),
        (view.say("last_second"), short(loss.per_s)),
        (view.say("total"), short(loss.total)),
    ]
    return Card(title, view.say("why"), sentence, rows)


def _platform(view: View, rest: str) -> Card | None:
    listener = view.current.listeners[int(rest)]
    rows = [
        (view.say("state"), listener.state or "–"),
        ("port", str(listener.port or "–")),
        ("backlog", str(listener.backlog)),
    ]
    title = view.say("platform", letter=letter(int(rest)))
    return Card(title, "listen()", view.say("explain_syn_queue"), rows)


def _train(view: View, rest: str) -> Card | None:
    worker = view.current.workers[int(rest)]
    rows = [
        (view.say("state"), WORKER_CALLS.get(worker.state, "–")),
        ("core", str(worker.core)),
        (view.say("connections"), str(len(worker.passengers))),
        (view.say("served_by"), str(worker.served)),
        ("Recv-Q", str(sum(p.recv_q for p in worker.passengers))),
        ("Send-Q", str(sum(p.send_q for p in worker.passengers))),
    ]
    card = _sign(view, "workers", rows)
    return Card(f"T{int(rest) + 1}", card.kernel, card.sentence, rows)


def _depot(view: View, rest: str) -> Card | None:
    crew = [w for w in view.current.workers if w.listener == int(rest)]
    return _sign(view, "workers", [(view.say("connections"), str(len(crew)))])


def _core(view: View, rest: str) -> Card | None:
    core = view.current.cores[int(rest)]
    rows = [
        ("softirq", f"{core.softirq / 10:.0f} %"),
        ("user", f"{core.user / 10:.0f} %"),
        ("switching", f"{core.switching / 10:.0f} %"),
    ]
    sign = SIGNS["core"]
    return Card(view.say("core", n=rest), core.label or sign.kernel, view.say(sign.explain), rows)


def _gate(view: View, rest: str) -> Card | None:
    gate = view.current.gate
    rows = [
        ("filter", gate.filter or "off"),
        (view.say("in"), view.say("per_s", n=short(gate.in_per_s))),
        (view.say("filtered"), view.say("per_s", n=short(gate.filtered_per_s))),
    ]
    return _sign(view, "gate", rows)


def _ring(view: View, rest: str) -> Card | None:
    gate = view.current.gate
    rows = [
        ("rx_ring", f"{gate.rx_ring_used} / {gate.rx_ring}"),
        ("rx_missed", str(gate.rx_missed)),
    ]
    card = _sign(view, "gate", rows)
    return Card(view.say("rx_ring"), "ethtool -g eth0", card.sentence, rows)


def _actor(view: View, rest: str) -> Card | None:
    actor = int(rest)
    name = sprite_of(actor)
    rate = sum(c.per_s for c in view.current.crowds if c.actor == actor)
    rows = [(view.say("offered"), view.say("per_s", n=short(rate)))]
    kernel = ACTOR_KERNEL.get(actor, "")
    return Card(view.say(name), kernel, view.say(f"explain_{name}"), rows)


def _internet(view: View, rest: str) -> Card | None:
    rows = [
        (view.say(sprite_of(c.actor)), view.say("per_s", n=short(c.per_s)))
        for c in view.current.crowds
    ]
    key = "explain_internet_match" if view.ui.head == "versus" else "explain_timeline"
    return Card(view.say("internet"), "0.0.0.0/0", view.say(key), rows)


def _goal(view: View, rest: str) -> Card | None:
    goal = next((g for g in view.card.goals if g.what == rest), None)
    if goal is None:
        return None
    shown = tile(view, goal)
    rows = [(view.say("now"), f"{shown.value} {shown.unit}".strip())]
    rows += [("★" * (i + 1), mark) for i, mark in enumerate(shown.marks)]
    said = f"{view.say(f'means_{rest}')} {view.say('explain_goal')}"
    return Card(view.say(f"goal_{rest}"), rest, said, rows)


def _timeline(view: View, rest: str) -> Card | None:
    return _sign(view, "timeline", [])


def _board(view: View, rest: str) -> Card | None:
    names = sorted(view.current.counters)[:10]
    return _sign(view, "board", [(n, str(view.current.counters[n])) for n in names])


def _sockets(view: View, rest: str) -> Card | None:
    rows = [(f"fd {one.fd}", one.state) for one in view.current.sockets[:6]]
    return _sign(view, "sockets", rows)


def _stars(view: View, rest: str) -> Card | None:
    rows = [(view.say("stars"), f"{view.current.stars} / 3")]
    return Card(view.say("stars"), "SLO", view.say("explain_goal"), rows)


def _knob(view: View, rest: str) -> Card | None:
    name = rest.split(":")[0]
    knob = next((k for k in view.card.knobs if k.name == name), None)
    if knob is None:
        return None
    value, pending = view.knob_values.get(name, (knob.default, ""))
    about = knob_help(view.lang, name)
    span = " ".join(knob.choices) if knob.choices else f"{knob.minimum}–{knob.maximum}"
    rows = [(view.say("now"), f"{value} → {pending}" if pending else value)]
    rows += [(view.say("default"), knob.default), (view.say("range"), span)]
    if knob.cost:
        rows.append((view.say("goal_cost"), str(knob.cost)))
    return Card(name, knob.kernel_name, f"{about.changes} {about.acts}", rows)


def _figure(view: View, rest: str) -> Card | None:
    """One connection: what it is, how it stands, and why it is still there."""
    figure = figure_of(view, f"figure:{rest}")
    if figure is None:
        return None
    kind, _, number = rest.split(":")
    rows = [(view.say("connection"), f"#{number}"), (view.say("state"), figure.state)]
    if figure.since_ms is not None:
        age_s = max(0.0, view.now_ms - figure.since_ms) / 1000
        rows.append((view.say("age"), f"{age_s:.1f} s"))
    if figure.until_ms:
        left_s = max(0.0, figure.until_ms - view.now_ms) / 1000
        rows.append((view.say("next_syn_ack" if kind == "line" else "next_syn"), f"{left_s:.1f} s"))
    if kind in ("line", "internet"):
        rows.append((view.say("sent_again"), str(figure.tries)))
    else:
        rows.append(("Recv-Q", str(figure.recv_q)))
    if kind == "train":
        rows.append(("Send-Q", str(figure.send_q)))
    sprite = sprite_of(figure.actor)
    forged = kind == "line" and figure.actor == Actor.FLOOD
    why = "why_line_ghost" if forged else f"why_{kind}"
    if kind == "internet" and figure.state == "CLOSED":
        why = "why_coming"
    elif kind == "internet" and figure.state == "ESTAB":
        why = "why_half_open"
    kernel = {
        "line": "request_sock, SYN queue",
        "hall": "tcp_sock, accept queue",
        "train": "tcp_sock, accepted",
        "internet": ACTOR_KERNEL.get(figure.actor, ""),
    }[kind]
    return Card(view.say(f"one_{sprite}"), kernel, view.say(why), rows)


def _screen(view: View, rest: str) -> Card:
    """The whole screen at a glance, for whoever asks without pointing at anything."""
    keys, in_match = view.ui.keys, view.ui.head == "versus"
    rows = [
        (view.say("screen_point"), view.say("screen_click")),
        (view.say("screen_turn"), f"{keys.cap(Action.LESS)} {keys.cap(Action.MORE)}"),
        (view.say("screen_type"), keys.cap(Action.CONSOLE)),
        (view.say("screen_leave"), keys.cap(Action.BACK)),
    ]
    if in_match:
        rows.insert(3, (view.say("screen_chat"), keys.cap(Action.CHAT)))
        rows.insert(4, (view.say("screen_hold"), keys.cap(Action.PAUSE)))
    else:
        rows.insert(1, (view.say("screen_pause"), keys.cap(Action.PAUSE)))
        rows.insert(2, (view.say("screen_hint"), keys.cap(Action.HINT)))
    said = view.say("explain_screen_match" if in_match else "explain_screen")
    return Card(view.say("screen"), view.say("screen_kernel"), said, rows)


_WRITERS: dict[str, Callable[[View, str], Card | None]] = {
    SCREEN: _screen,
    "figure": _figure,
    "line": _line,
    "cookie": _cookie,
    "hall": _hall,
    "drop": _drop,
    "platform": _platform,
    "train": _train,
    "depot": _depot,
    "core": _core,
    "gate": _gate,
    "ring": _ring,
    "actor": _actor,
    "internet": _internet,
    "goal": _goal,
    "timeline": _timeline,
    "board": _board,
    "sockets": _sockets,
    "stars": _stars,
    "knob": _knob,
}


_PAGES = {
    "line": "syn-queue",
    "cookie": "syn-cookies",
    "hall": "accept-queue",
    "platform": "listening-socket",
    "train": "worker",
    "depot": "worker",
    "core": "softirq",
    "gate": "filter",
    "ring": "rx-ring",
    "board": "tools",
    "sockets": "connected-socket",
    "internet": "connect",
}
_ACTOR_PAGES = {
    Actor.CLIENT: "connect",
    Actor.FLOOD: "syn-flood",
    Actor.HOARDER: "keep-alive",
    Actor.SLOW: "slowloris",
}


def page_of(view: View, spot: str) -> str:
    """Id of the field guide's page about a hotspot, "" for none."""
    kind, _, rest = spot.partition(":")
    if kind == "figure":
        kind, _, rest = rest.partition(":")
        if kind == "line":
            return "syn-queue"
        return {"hall": "accept-queue", "train": "connected-socket"}.get(kind, "connect")
    if kind == "drop":
        place, _, index = rest.partition(":")
        losses = view.seen.losses(int(index))
        loss = worst(losses + (view.seen.losses(0) if place == "gate" else []), PLACES[place])
        return page_for_rule(loss.rule) if loss else ""
    if kind == "knob":
        return page_for_knob(rest.split(":")[0])
    if kind == "actor":
        return _ACTOR_PAGES.get(Actor(int(rest)), "")
    if kind == "call":
        return rest
    return _PAGES.get(kind, "")


def on_guide_link(card: Rect | None, point: tuple[float, float]) -> bool:
    """Whether a point lies on the link into the field guide, at an open card's foot."""
    if card is None:
        return False
    x, y, w, h = card
    return x <= point[0] < x + w / 2 and y + h - 30 <= point[1] < y + h


def card_rect(canvas: Canvas, view: View) -> Rect | None:
    """Where the open card stands: beside what it explains, and inside the picture."""
    if not view.ui.selected:
        return None
    card = card_for(view, view.ui.selected)
    figure = figure_of(view, view.ui.selected)
    rect = figure.rect if figure else spot_rect(view, view.ui.selected)
    if view.ui.selected == SCREEN:
        rect = (640 - WIDTH / 2 - 10, 104, 0, 408)  # In the middle: it is about all of it.
    if card is None or rect is None:
        return None
    lines = canvas.wrap(card.sentence, "body", WIDTH - 2 * PAD)
    pitch = canvas.line_height("body")
    height = 54 + pitch * len(lines) + (10 if card.rows else 0) + 19 * len(card.rows) + 26
    x, y = _beside(rect, height)
    return x, y, WIDTH, height


def draw_card(canvas: Canvas, view: View) -> None:
    """The open card."""
    rect = card_rect(canvas, view)
    card = card_for(view, view.ui.selected)
    if card is None or rect is None:
        return
    lines = canvas.wrap(card.sentence, "body", WIDTH - 2 * PAD)
    _paint(canvas, view, card, lines, rect)


def _beside(rect: tuple[float, float, float, float], height: float) -> tuple[float, float]:
    """To the right of a thing, else to its left, else above it."""
    x, y, w, h = rect
    left = x + w + 10 if x + w + 10 + WIDTH <= 1268 else x - WIDTH - 10
    if left < 12:
        left = min(max(12.0, x + w / 2 - WIDTH / 2), 1268 - WIDTH)
    return left, min(max(64.0, y + h / 2 - height / 2), 708 - height)


def _paint(
    canvas: Canvas,
    view: View,
    card: Card,
    lines: list[str],
    rect: tuple[float, float, float, float],
) -> None:
    theme = canvas.theme
    x, y, w, h = rect
    canvas.box(x, y, w, h, theme.floor, theme.ink, 6, 2)
    left, right = x + PAD, x + w - PAD
    canvas.text(left, y + 26, card.title, "value", theme.ink, max_width=w - 2 * PAD)
    canvas.text(left, y + 43, card.kernel, "kernel", theme.ink2, max_width=w - 2 * PAD)
    at = y + 64
    for line in lines:
        canvas.text(left, at, line, "body", theme.ink)
        at += canvas.line_height("body")
    if card.rows:
        canvas.line(left, at - 8, right, at - 8, theme.hair)
        at += 10
    for word, value in card.rows:
        wide = canvas.measure(word, "caption")
        canvas.text(left, at, word, "caption", theme.ink2, max_width=w / 2)
        room = w - 2 * PAD - min(wide, w / 2) - 12
        canvas.text(right, at, value, "kernel", theme.ink, "right", max_width=room)
        at += 19
    used = canvas.text(right, y + h - 10, view.say("close_card"), "caption", theme.ink2, "right")
    if page_of(view, view.ui.selected):
        said = view.say("open_guide", cap=view.ui.keys.cap(Action.GUIDE))
        room = w - 2 * PAD - used - 36
        canvas.icon("info", left + 7, y + h - 14, 14)
        canvas.text(left + 20, y + h - 10, said, "caption_bold", theme.ink, max_width=room)
