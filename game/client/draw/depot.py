"""Crews too large for tracks, and connections that are held while no train serves them."""

from game.client.canvas import Canvas
from game.client.draw.layout import HELD_H, TRACK_END, Platform, has_foot
from game.client.draw.train import away, draw_train
from game.client.draw.view import View, short, whole
from game.client.metaphor import LAMPS, sprite_of
from game.protocol.snapshot import Listener, Worker, WorkerState

RIGHT = TRACK_END - 4
COLUMNS, ROW = 4, 34.0
"""Small trains."""

LAMP_COLUMNS = (8, 12, 16)
LAMP_ROW = 24.0
FIGURE = 15.0

HELD_X = 126.0
"""From the edge of the tracks to the words about what is held, in the header of a low box."""

MARK_PITCH = 7.0
NEAR = 0.9
"""A limit is near from this share on."""


def _left(box: Platform) -> float:
    """Where words and marks begin."""
    return box.track_x + 6


def draw_depot(canvas: Canvas, view: View, box: Platform, crew: list[tuple[int, Worker]]) -> None:
    """Small trains in rows; where even they find no room, a lamp for each and who is aboard."""
    theme = canvas.theme
    busy = sum(1 for _, w in crew if w.state not in (WorkerState.IDLE, WorkerState.STOPPED))
    said = view.say("depot_count", busy=busy, n=len(crew))
    y, left = box.y + 30, _left(box)
    if view.current.kept or view.current.listeners[box.listener].held:
        y += 16  # The end of the header says how many are held.
        canvas.text(left, y, view.say("depot"), "strong", theme.ink)
        canvas.text(RIGHT, y, said, "caption", theme.ink2, "right")
    else:
        canvas.text(RIGHT, box.y + 20, said, "caption", theme.ink2, "right", max_width=170)
    space = box.y + box.h - y - 10 - (HELD_H if box.h > 300 else 0)
    rows = int((space + 6) // ROW)
    for columns in range(1, COLUMNS + 1):
        if len(crew) > columns * rows:
            continue
        pitch = (RIGHT + 6 - left) / columns
        step = space / max(1, -(-len(crew) // columns))
        for i, (number, worker) in enumerate(crew):
            row, column = divmod(i, columns)
            top = y + step * row + (step - ROW) / 2 + 8
            _small_train(canvas, view, box, worker, number, left + pitch * column, top, pitch)
        return
    _lamps(canvas, box, crew, y, max(1, int(space // LAMP_ROW)), space)


def _lamps(
    canvas: Canvas,
    box: Platform,
    crew: list[tuple[int, Worker]],
    y: float,
    rows: int,
    space: float,
) -> None:
    """A lamp for each thread, and beside it the connection that it serves."""
    fits = (columns for columns in LAMP_COLUMNS if len(crew) <= columns * rows)
    columns = next(fits, LAMP_COLUMNS[-1])
    used = -(-len(crew) // columns)
    pitch, row = (RIGHT - _left(box)) / columns, min(40.0, max(LAMP_ROW, space / used))
    people = []
    for i, (_, worker) in enumerate(crew[: columns * rows]):
        x, base = _left(box) + pitch * (i % columns), y + 16 + row * (i // columns)
        canvas.sprite(LAMPS.get(worker.state, "lamp-idle"), x + 7, base, 13)
        if worker.passengers:
            name = sprite_of(worker.passengers[0].actor)
            people.append((canvas.picture(name, FIGURE), x + 18.5, base + 9))
    canvas.stamp(people)


def _small_train(
    canvas: Canvas,
    view: View,
    box: Platform,
    worker: Worker,
    number: int,
    x: float,
    top: float,
    pitch: float,
) -> None:
    """A train half as large, on a rail of its own; its lamp stands before it."""
    theme = canvas.theme
    canvas.line(x, top + 20, x + pitch - 6, top + 20, theme.rail, 2)
    at = x + max(0.0, pitch - 84) * away(view, number)
    if worker.state == WorkerState.STOPPED:
        canvas.sprite("train-ghost", at, top, 17)
    else:
        draw_train(canvas, view, box, worker, number, at, top, 0.5)
    canvas.sprite(LAMPS.get(worker.state, "lamp-idle"), x + pitch - 6, top + 7, 11)


def draw_held(canvas: Canvas, view: View, box: Platform, listener: Listener) -> None:
    """Connections that an event listener watches, or that a parent process forgot to close.

    Marks and a number at the foot of a tall box; the number alone in the header of a low one.
    """
    kept = view.current.kept if box.listener == 0 else 0
    if not kept and not listener.held:
        return
    word, count, limit = ("kept", kept, _nofile(view)) if kept else ("held", listener.held, 0)
    theme = canvas.theme
    near = limit > 0 and count >= NEAR * limit
    ink = theme.alert if near else theme.ink
    value = view.say("held_of", n=whole(count), limit=limit) if limit else whole(count)
    if not has_foot(box, sum(1 for w in view.current.workers if w.listener == box.listener)):
        room = RIGHT - box.track_x - HELD_X - canvas.measure(value, "caption_bold") - 6
        end = RIGHT - canvas.text(RIGHT, box.y + 20, value, "caption_bold", ink, "right") - 5
        canvas.text(end, box.y + 20, view.say(word), "caption", theme.ink2, "right", max_width=room)
        return
    y = box.y + box.h - HELD_H + 14
    canvas.line(_left(box), y - 15, RIGHT, y - 15, theme.hair)
    used = canvas.text(RIGHT, y, value, "strong", ink, "right")
    if near:
        canvas.sprite("triangle", RIGHT - used - 12, y - 5, 14)
        used += 20
    places = int((RIGHT - _left(box)) / MARK_PITCH)
    unit = max(1, -(-(limit or count) // places))
    said = view.say(word)
    if unit > 1:
        said += "  " + view.say("mark_unit", n=short(unit))
    left = _left(box)
    canvas.text(left, y, said, "caption", theme.ink2, max_width=RIGHT - left - used - 8)
    marks = -(-count // unit)
    taken, free = canvas.picture("peg-traveller", 10), canvas.picture("peg-free", 7)
    figures = [(taken, _left(box) + 4 + MARK_PITCH * i, y + 20) for i in range(marks)]
    figures += [
        (free, _left(box) + 4 + MARK_PITCH * i, y + 18)
        for i in range(marks, -(-limit // unit) if limit else 0)
    ]
    canvas.stamp(figures)


def _nofile(view: View) -> int:
    """RLIMIT_NOFILE as the knob stands; 0 where the level has none."""
    value = view.knob_values.get("nofile", ("", ""))[0]
    return int(value) if value.isdigit() else 0
