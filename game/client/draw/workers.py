"""Trains: the workers of one listener, their lamps, passengers and belts."""

from game.client.canvas import Canvas
from game.client.draw.depot import HELD_X, draw_depot, draw_held
from game.client.draw.layout import TRACK_END, Platform, Track, tracks
from game.client.draw.news import draw_new
from game.client.draw.train import away, draw_train
from game.client.draw.view import View
from game.client.metaphor import LAMPS, WORKER_CALLS, letter
from game.protocol.snapshot import Listener, Worker, WorkerState

START, END = 8.0, 10.0
"""A train's distance from both ends of its track."""

NOTE_W = 118.0
"""What is kept at the end of a track for its words, where there is no room above."""

NEW_W = 36.0
"""Room for the plate that says that belts are new."""

BELT_PX_S = 48.0
BAGS_MAX = 16
BAG_BYTES = 512
"""One bag on a belt: a small request is one, a full page is eight."""

BLOCKED = frozenset((WorkerState.READING, WorkerState.SENDING))


def crew_of(view: View, listener: int) -> list[tuple[int, Worker]]:
    """The workers that accept from a listener, each with its number."""
    return [(i, w) for i, w in enumerate(view.current.workers) if w.listener == listener]


def draw_workers(canvas: Canvas, view: View, box: Platform, listener: Listener) -> None:
    """Header and tracks; more trains than there is room for stand in a depot."""
    crew = crew_of(view, box.listener)
    places = tracks(box, len(crew))
    rect = (box.track_x - 10, box.y, TRACK_END - box.track_x + 10, box.h)
    key = (box, len(crew), tuple(places), view.ui.engineer, view.ui.new, listener.state)
    canvas.layer(f"tracks-{box.listener}", rect, key, lambda c: _ground(c, view, box, places))
    if not places and crew:
        draw_depot(canvas, view, box, crew)
    elif not crew:
        _draw_shared(canvas, view, box)
    draw_held(canvas, view, box, listener)
    for track, (number, worker) in zip(places, crew, strict=False):
        _draw_track(canvas, view, box, track, number, worker)


def _ground(canvas: Canvas, view: View, box: Platform, places: list[Track]) -> None:
    theme, y = canvas.theme, box.y
    word, kernel = view.names("trains", "workers")
    x = box.track_x + 6
    width = canvas.text(x, y + 20, word, "sign", theme.ink)
    view.beside(canvas, x + 6 + width, y + 20, (kernel,), HELD_X - 20 - width)
    canvas.line(box.track_x, y + 28, TRACK_END, y + 28, theme.hair)
    for track in places:
        _rails(canvas, box, track, labels=track is places[0] and track.wide)
    if "belts" in view.ui.new and box.plan.belts and places:
        draw_new(canvas, view, places[0].end - NEW_W, places[0].y - 17)


def _draw_shared(canvas: Canvas, view: View, box: Platform) -> None:
    """Whose crew serves a listener that has none of its own: the one before it in its bucket."""
    owners = {worker.listener for worker in view.current.workers}
    owner = max((one for one in owners if one < box.listener), default=-1)
    if owner >= 0:
        said = view.say("crew_shared", letter=letter(owner))
        middle = (box.track_x + TRACK_END) / 2
        y = box.y + box.h / 2 + 18
        canvas.text(middle, y, said, "caption", canvas.theme.ink2, "center", max_width=330)


def _rails(canvas: Canvas, box: Platform, track: Track, labels: bool) -> None:
    """Belt of what is received above, rail, belt of what is sent below."""
    theme = canvas.theme
    tight = box.h < 100
    labels = labels and box.plan.belts
    end = track.end if track.wide else track.end - 6
    labels = labels and box.h >= 100
    belt_end = end - 40 if labels else end
    thick = 6 if tight else 9
    pale = tuple((2 * f + 3 * b) // 5 for f, b in zip(theme.floor, theme.belt, strict=True))
    fill = (pale[0], pale[1], pale[2])
    send_y = track.rail_y + (5 if tight else 6)
    if box.plan.belts:
        canvas.box(track.x, track.y, belt_end - track.x, thick, fill, radius=thick / 2)
        canvas.box(track.x, send_y, belt_end - track.x, thick, fill, radius=thick / 2)
    if labels:
        canvas.text(track.end, track.y + 8.6, "recv", "kernel", theme.ink2, "right")
        canvas.text(track.end, send_y + 8.6, "send", "kernel", theme.ink2, "right")
    canvas.line(track.x, track.rail_y, end, track.rail_y, theme.rail, 2)
    tie = track.x + 4
    while tie < end:
        canvas.box(tie - 1, track.rail_y + 1, 2, 3, theme.rail)
        tie += 12


def train_x(track: Track, gone: float) -> float:
    """Left end of a train; 0 is at the buffer, 1 as far as it goes on its track."""
    kept = END if track.above else NOTE_W if track.wide else 26.0
    run = track.end - kept - track.x - START - track.train_w
    return track.x + START + run * gone


def _draw_track(
    canvas: Canvas, view: View, box: Platform, track: Track, number: int, worker: Worker
) -> None:
    height = track.train_h
    scale = height / 34
    gone = away(view, number)
    x = train_x(track, gone)
    top = track.rail_y - height - 2
    if box.plan.belts:
        _bags(canvas, view, box, track, worker, x)
    if worker.state == WorkerState.STOPPED:
        canvas.sprite("train-ghost", x, top, height)
    else:
        _motion_lines(canvas, view, track, number, x, top)
        draw_train(canvas, view, box, worker, number, x, top, scale)
    _note(canvas, view, box, track, worker, x, top)


def passenger_places(
    view: View, track: Track, number: int, worker: Worker
) -> list[tuple[float, float]]:
    """Middle of each window of a train, as far as passengers sit there."""
    if worker.state == WorkerState.STOPPED:
        return []
    scale = track.train_h / 34
    x = train_x(track, away(view, number))
    top = track.rail_y - track.train_h - 2
    count = min(4, len(worker.passengers))
    return [(x + (28.81 + 17 * i) * scale, top + 12 * scale) for i in range(count)]


def _motion_lines(
    canvas: Canvas, view: View, track: Track, number: int, x: float, top: float
) -> None:
    """Behind a train that moves: at its left while it leaves, at its right while it comes back."""
    start, end = view.seen.offsets[number] if number < len(view.seen.offsets) else (0.0, 0.0)
    if view.ui.reduced_motion or start == end:
        return
    way = 1 if end > start else -1
    near = x - 6 if way > 0 else x + track.train_w + 6
    room = near - track.x - 4 if way > 0 else track.end - near
    length = min(54.0, room)
    if length < 12:
        return
    for i, part in enumerate((0.62, 1.0, 0.45)):
        y = top + track.train_h * (0.2 + 0.24 * i)
        canvas.line(near, y, near - way * length * part, y, canvas.theme.mid, 2)


def _note(
    canvas: Canvas, view: View, box: Platform, track: Track, worker: Worker, x: float, top: float
) -> None:
    """Lamp, call, and what it waits for; above the train or beside, always at the same place."""
    theme = canvas.theme
    lamp = LAMPS.get(worker.state, "lamp-idle")
    state = worker.state
    ink = theme.alert if state in BLOCKED else theme.ink
    call = WORKER_CALLS.get(state, "")
    said = view.say("crew_line", core=worker.core, what=_wait(view, worker))
    if not box.plan.cores:
        said = _wait(view, worker)
    if track.above:
        canvas.sprite(lamp, track.x + 12, track.y - 7, 12)
        left, room = track.x + 22, track.end - track.x - 26
        if track.wide:
            left += canvas.text(left, track.y - 3, call, "kernel", ink) + 8
            room = track.end - left - NEW_W * ("belts" in view.ui.new)
        else:
            said = _short_wait(view, worker)
        canvas.text(left, track.y - 3, said, "caption", theme.ink2, max_width=room)
        return
    if not track.wide:
        canvas.sprite(lamp, track.end - 15, top + 12, 11)
        return
    left = track.end - NOTE_W + 20
    canvas.sprite(lamp, left - 8, top + 9, 13)
    canvas.text(left + 4, top + 8, call, "kernel", ink, max_width=track.end - left - 4)
    said = _wait(view, worker)
    canvas.text(left + 4, top + 22, said, "caption", theme.ink2, max_width=track.end - left - 4)


def _wait(view: View, worker: Worker) -> str:
    gone_ms = max(0.0, view.now_ms - worker.since_ms)
    match worker.state:
        case WorkerState.WORKING if worker.until_ms:
            return view.say("takes", n=max(0, worker.until_ms - worker.since_ms))
        case WorkerState.WORKING | WorkerState.READING | WorkerState.SENDING:
            return view.say("waits", n=f"{gone_ms / 1000:.1f}")
        case WorkerState.RUNNABLE:
            return view.say("waits_core")
        case WorkerState.STOPPED:
            return view.say("stopped")
    if worker.passengers:
        return view.say("aboard", n=len(worker.passengers))
    return view.say("served_n", n=worker.served) if worker.served else view.say("idle")


def _short_wait(view: View, worker: Worker) -> str:
    """The number alone, where two trains share a track."""
    match worker.state:
        case WorkerState.WORKING if worker.until_ms:
            return view.say("takes", n=max(0, worker.until_ms - worker.since_ms))
        case WorkerState.WORKING | WorkerState.READING | WorkerState.SENDING:
            return f"{max(0.0, view.now_ms - worker.since_ms) / 1000:.1f} s"
    return str(len(worker.passengers)) if worker.passengers else ""


def _bags(
    canvas: Canvas, view: View, box: Platform, track: Track, worker: Worker, x: float
) -> None:
    """Bytes received wait over the train; bytes sent leave below, or stand when it is full."""
    received = sum(p.recv_q for p in worker.passengers)
    unsent = sum(p.send_q for p in worker.passengers)
    tight = box.h < 100
    size = 5.0 if tight else 7.0
    end = track.end - (52 if track.wide and not tight else 12)
    full, hollow = canvas.picture("bag-full", size), canvas.picture("bag-hollow", size)
    figures = []
    count = min(BAGS_MAX, -(-received // BAG_BYTES))
    for i in range(count):
        bag_x = x + 6 + 12 * i
        if bag_x < end:
            figures.append((full, bag_x, track.y + (3 if tight else 4.5)))
    count = min(BAGS_MAX, -(-unsent // BAG_BYTES))
    y = track.rail_y + (8 if tight else 10.5)
    if worker.state == WorkerState.SENDING:
        places = int((end - track.x - 8) // 12)
        figures += [(hollow, track.x + 8 + 12 * i, y) for i in range(min(count, places))]
    elif count:
        gone = view.belt_ms / 1000 * BELT_PX_S
        span = end - track.x - 16
        # What is sent travels right to left: it returns.
        figures += [(hollow, track.x + 8 + (36 * i - gone) % span, y) for i in range(min(count, 8))]
    canvas.stamp(figures)
