"""One train: door, passengers at its windows, and the rack that empties as a request is served."""

from game.client.canvas import Canvas
from game.client.draw.history import AWAY
from game.client.draw.layout import Platform
from game.client.draw.view import View
from game.client.metaphor import livery, sprite_of
from game.protocol.snapshot import Worker, WorkerState


def draw_train(
    canvas: Canvas,
    view: View,
    box: Platform,
    worker: Worker,
    number: int,
    x: float,
    top: float,
    scale: float,
) -> None:
    """A train by its upper left corner; a scale of 1 is 34 high."""
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


def away(view: View, number: int) -> float:
    """How far a train is from its buffer, 0 to 1: slow at both ends of its way."""
    if view.ui.reduced_motion:
        return float(view.current.workers[number].state in AWAY)
    if number >= len(view.seen.offsets):
        return 0.0
    start, end = view.seen.offsets[number]
    part = start + (end - start) * view.glide
    return part * part * (3 - 2 * part)


def _progress(view: View, worker: Worker) -> float:
    span = worker.until_ms - worker.since_ms
    if worker.until_ms <= 0 or span <= 0:
        return 0.0
    return min(1.0, max(0.0, (view.now_ms - worker.since_ms) / span))
