"""The frieze under the menu: everybody who will come, and two trains."""

from game.client.canvas import Canvas

TOP = 640
RAIL = 696
TRAIN_HEIGHT = 45
WINDOWS = (31.2, 48.2, 65.2, 82.2)
"""Middle of each window in a train 136 long."""


def frieze(canvas: Canvas) -> None:
    """Ghosts, travellers, the guard, and two trains on the rail; 80 high, to the lower edge."""
    theme = canvas.theme
    canvas.box(0, TOP, 1280, 80, theme.pave)
    canvas.line(0, RAIL, 1280, RAIL, theme.rail, 3)
    for tie in range(4, 1280, 16):
        canvas.line(tie, RAIL + 2, tie, RAIL + 7, theme.rail, 3)
    for index in range(14):
        canvas.sprite("ghost", 24 + 22 * index, 691 - 11 * (index % 2), 26)
    for x in (372, 407, 477, 547, 582, 617):
        canvas.sprite("traveller", x, 692, 28)
    canvas.sprite("slow", 442, 692, 28, ground="pave")
    canvas.sprite("hoarder", 512, 692, 28, ground="pave")
    canvas.sprite("guard", 668, 692, 42)
    _train(canvas, 708, "T1", "pa", "open", ("traveller", "traveller"), 2)
    for x, y in ((1022, 666), (992, 676), (1036, 686)):
        canvas.line(x, y, 1066, y, theme.mid, 2.4, cap=True)
    riders = ("traveller", "traveller", "slow", "traveller")
    _train(canvas, 1080, "T2", "pb", "closed", riders, 5)


def _train(
    canvas: Canvas, x: float, name: str, livery: str, door: str, riders: tuple[str, ...], bags: int
) -> None:
    y, k = RAIL - 48, TRAIN_HEIGHT / 34
    canvas.sprite(f"train-{door}", x, y, TRAIN_HEIGHT, livery=livery)
    for rider, window in zip(riders, WINDOWS, strict=False):
        canvas.sprite(f"window-{rider}", x + (window - 2.3) * k, y + 17.9 * k, TRAIN_HEIGHT)
    for slot in range(8):
        rack = "rack-full" if slot < bags else "rack-empty"
        canvas.sprite(rack, x + (21.7 + 8.5 * slot) * k, y + 21.7 * k, TRAIN_HEIGHT)
    canvas.text(x + 126 * k, y + 29 * k, name, "clock", canvas.theme.ontrain, "right")
