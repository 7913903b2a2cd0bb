"""Trains: the workers of one listener, their lamps, passengers and belts."""

from game.client.canvas import Canvas
from game.client.draw.history import AWAY
from game.client.draw.layout import TRACK_END, TRACK_X, Platform, Track, tracks
from game.client.draw.view import View
from game.client.metaphor import LAMPS, WORKER_CALLS, livery, sprite_of
from game.protocol.snapshot import Listener, Worker, WorkerState

RUN = 60.0
"""How far a train that works stands from its buffer."""

BELT_PX_S = 48.0
BAGS_MAX = 16
BAG_BYTES = 512
"""One bag on a belt: a small request is one, a full page is eight."""

DEPOT_COLUMNS, DEPOT_ROW = 4, 34.0

BLOCKED = frozenset((WorkerState.READING, WorkerState.SENDING))


def crew_of(view: View, listener: int) -> list[tuple[int, Worker]]:
    """The workers that accept from a listener, each with its number."""
    return [(i, w) for i, w in enumerate(view.current.workers) if w.listener == listener]


def draw_workers(canvas: Canvas, view: View, box: Platform, listener: Listener) -> None:
    """Header and tracks; more trains than there is room for stand in a depot."""
    crew = crew_of(view, box.listener)
    places = tracks(box, len(crew))
    rect = (TRACK_X - 10, box.y, TRACK_END - TRACK_X + 10, box.h)
    key = (box, len(crew), tuple(places), view.ui.engineer, listener.state)
    canvas.layer(f"tracks-{box.listener}", rect, key, lambda c: _ground(c, view, box, places))
    if not places:
        _draw_depot(canvas, view, box, crew)
    for track, (number, worker) in zip(places, crew, strict=False):
        _draw_track(canvas, view, box, track, number, worker)


def _ground(canvas: Canvas, view: View, box: Platform, places: list[Track]) -> None:
    theme, y = canvas.theme, box.y
    word, kernel = view.names("trains", "workers")
    width = canvas.text(928, y + 20, word, "sign", theme.ink)
    view.beside(canvas, 934 + width, y + 20, (kernel,), TRACK_END - 940 - width)
    canvas.line(TRACK_X, y + 28, TRACK_END, y + 28, theme.hair)
    for track in places:
        _rails(canvas, box, track, labels=track is places[0] and track.wide)


def _rails(canvas: Canvas, box: Platform, track: Track, labels: bool) -> None:
    """Belt of what is received above, rail, belt of what is sent below."""
    theme = canvas.theme
    tight = box.h < 100
    end = track.end if track.wide else track.end - 8
    labels = labels and box.h >= 100
    belt_end = end - 40 if labels else end
    thick = 6 if tight else 9
    pale = tuple((2 * f + 3 * b) // 5 for f, b in zip(theme.floor, theme.belt, strict=True))
    fill = (pale[0], pale[1], pale[2])
    send_y = track.rail_y + (5 if tight else 6)
    canvas.box(track.x, track.y, belt_end - track.x, thick, fill, radius=thick / 2)
    canvas.box(track.x, send_y, belt_end - track.x, thick, fill, radius=thick / 2)
    if labels:
        canvas.text(1276, track.y + 8.6, "recv", "kernel", theme.ink2, "right")
        canvas.text(1276, send_y + 8.6, "send", "kernel", theme.ink2, "right")
    canvas.line(track.x, track.rail_y, end, track.rail_y, theme.rail, 2)
    tie = track.x + 4
    while tie < end:
        canvas.box(tie - 1, track.rail_y + 1, 2, 3, theme.rail)
        tie += 12


def _offset(view: View, number: int) -> float:
    if view.ui.reduced_motion:
        return float(view.current.workers[number].state in AWAY)
    if number >= len(view.seen.offsets):
        return 0.0
    start, end = view.seen.offsets[number]
    return start + (end - start) * view.glide


def _draw_track(
    canvas: Canvas, view: View, box: Platform, track: Track, number: int, worker: Worker
) -> None:
    height = track.train_h
    scale = height / 34
    away = _offset(view, number)
    x = track.x + 10 + (RUN if track.wide else 10) * away
    top = track.y + 12 if box.h >= 100 else track.y + 9
    top = track.rail_y - height - 2
    _bags(canvas, view, box, track, worker, x)
    if worker.state == WorkerState.STOPPED:
        canvas.sprite("train-ghost", x, top, height)
    else:
        if away > 0.4 and track.wide:
            _motion_lines(canvas, track.x + 6, x - 8, top, view)
        _train(canvas, view, box, worker, number, x, top, scale)
    _note(canvas, view, box, track, worker, x, top)


def _train(
    canvas: Canvas,
    view: View,
    box: Platform,
    worker: Worker,
    number: int,
    x: float,
    top: float,
    scale: float,
) -> None:
    theme = canvas.theme
    door = "train-open" if worker.state == WorkerState.ACCEPTING else "train-closed"
    canvas.sprite(door, x, top, 34 * scale, livery=livery(box.listener))
    for i, passenger in enumerate(worker.passengers[:4]):
        name = f"window-{sprite_of(passenger.actor)}"
        canvas.sprite(name, x + (28.81 + 17 * i) * scale, top + 17.94 * scale, 34 * scale)
    filled = round(8 * (1 - _progress(view, worker))) if worker.state == WorkerState.WORKING else 0
    for i in range(8):
        rack = "rack-full" if i < filled else "rack-empty"
        rack_x = x + (21.72 + 8.31 * i) * scale
        canvas.sprite(rack, rack_x, top + 21.72 * scale, 34 * scale)
    if scale < 0.6:
        return
    canvas.text(
        x + 127.5 * scale,
        top + 29.28 * scale,
        f"T{number + 1}",
        "caption_bold",
        theme.ontrain,
        "right",
    )


def passenger_places(
    view: View, track: Track, number: int, worker: Worker
) -> list[tuple[float, float]]:
    """Middle of each window of a train, as far as passengers sit there."""
    if worker.state == WorkerState.STOPPED:
        return []
    scale = track.train_h / 34
    x = track.x + 10 + (RUN if track.wide else 10) * _offset(view, number)
    top = track.rail_y - track.train_h - 2
    count = min(4, len(worker.passengers))
    return [(x + (28.81 + 17 * i) * scale, top + 12 * scale) for i in range(count)]


def _progress(view: View, worker: Worker) -> float:
    span = worker.until_ms - worker.since_ms
    if worker.until_ms <= 0 or span <= 0:
        return 0.0
    return min(1.0, max(0.0, (view.now_ms - worker.since_ms) / span))


def _motion_lines(canvas: Canvas, left: float, right: float, top: float, view: View) -> None:
    theme = canvas.theme
    if right - left < 12:
        return
    for i, part in enumerate((0.62, 1.0, 0.45)):
        start = right - (right - left) * part
        canvas.line(start, top + 6 + 8 * i, right, top + 6 + 8 * i, theme.mid, 2)


def _note(
    canvas: Canvas, view: View, box: Platform, track: Track, worker: Worker, x: float, top: float
) -> None:
    """Lamp, call, and what it waits for; beside the train, always at the same place."""
    theme = canvas.theme
    lamp = LAMPS.get(worker.state, "lamp-idle")
    state = worker.state
    if not track.wide:
        lamp_x = track.x + 10 + track.train_w + 22
        canvas.sprite(lamp, lamp_x, top + 8, 13)
        said = _short_wait(view, worker)
        room = track.end - lamp_x - 12
        if canvas.measure(said, "caption") <= room:
            canvas.text(lamp_x + 10, top + 12, said, "caption", theme.ink2)
        return
    lamp_x = track.x + RUN + track.train_w + 24
    canvas.sprite(lamp, lamp_x, top + 15, 15.2)
    ink = theme.alert if state in BLOCKED else theme.ink
    room = TRACK_END - lamp_x - 18
    call = WORKER_CALLS.get(state, "")
    canvas.text(lamp_x + 14, top + 14, call, "console", ink, max_width=room)
    said = view.say("crew_line", core=worker.core, what=_wait(view, worker))
    canvas.text(lamp_x + 14, top + 29, said, "caption", theme.ink2, max_width=room)


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
    return view.say("idle")


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
        figures += [(hollow, track.x + 8 + 12 * i, y) for i in range(count)]
    elif count:
        gone = view.belt_ms / 1000 * BELT_PX_S
        span = end - track.x - 16
        # What is sent travels right to left: it returns.
        figures += [(hollow, track.x + 8 + (36 * i - gone) % span, y) for i in range(min(count, 8))]
    canvas.stamp(figures)


def _draw_depot(canvas: Canvas, view: View, box: Platform, crew: list[tuple[int, Worker]]) -> None:
    """More trains than tracks: small ones in rows, else a lamp for each; and how many are busy."""
    theme = canvas.theme
    if not crew:
        return
    busy = sum(1 for _, w in crew if w.state not in (WorkerState.IDLE, WorkerState.STOPPED))
    y = box.y + 46
    canvas.text(928, y, view.say("depot"), "strong", theme.ink)
    said = view.say("depot_count", busy=busy, n=len(crew))
    canvas.text(1268, y, said, "caption", theme.ink2, "right")
    rows = int((box.h - 56) // DEPOT_ROW)
    if len(crew) <= DEPOT_COLUMNS * rows:
        for i, (number, worker) in enumerate(crew):
            row, column = divmod(i, DEPOT_COLUMNS)
            _small_train(
                canvas, view, box, worker, number, 928 + 86.0 * column, y + 12 + DEPOT_ROW * row
            )
        return
    columns = 16
    for i, (_, worker) in enumerate(crew[: columns * max(1, int((box.h - 56) // 24))]):
        x = 936 + 21.5 * (i % columns)
        canvas.sprite(LAMPS.get(worker.state, "lamp-idle"), x, y + 16 + 24 * (i // columns), 13)


def _small_train(
    canvas: Canvas, view: View, box: Platform, worker: Worker, number: int, x: float, top: float
) -> None:
    """A train half as large, on a rail of its own; its lamp stands before it."""
    theme = canvas.theme
    canvas.line(x, top + 20, x + 80, top + 20, theme.rail, 2)
    if worker.state == WorkerState.STOPPED:
        canvas.sprite("train-ghost", x, top, 17)
    else:
        _train(canvas, view, box, worker, number, x, top, 0.5)
    canvas.sprite(LAMPS.get(worker.state, "lamp-idle"), x + 76, top + 7, 11)
