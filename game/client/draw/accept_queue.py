"""The waiting hall: the accept queue of one listener, and what overflows from it."""

from game.client.canvas import Canvas
from game.client.draw.layout import Grid, Platform, hall_grid, tracks
from game.client.draw.loss import HALL_RULES, chip_at, draw_chip
from game.client.draw.view import View, whole
from game.client.keys import Action
from game.client.metaphor import bullet, letter, livery, sprite_of
from game.client.sprites import Picture
from game.protocol.snapshot import Listener, Mark

SEAT_W = {"big": 34.0, "full": 20.0, "bar": 10.5}
FIGURE_H = {"big": 31.0, "full": 19.0, "bar": 12.0, "peg": 7.4}
SEAT_RATIO = 19 / 22
CHIP_PAD = 8.0


def draw_bullet(canvas: Canvas, box: Platform) -> None:
    """The platform's letter on its shape, at the left of its header."""
    y, token = box.y, livery(box.listener)
    canvas.sprite(bullet(box.listener), 404, y + 15, 20, livery=token)
    said = letter(box.listener)
    canvas.text(404, y + 19.5, said, "caption_bold", canvas.theme.ontrain, "center")


def is_full(listener: Listener) -> bool:
    """True when one more finished handshake overflows: N + 1 fit into a backlog of N."""
    return listener.state == "LISTEN" and listener.accept_queue > listener.backlog


def draw_accept_queue(canvas: Canvas, view: View, box: Platform, listener: Listener) -> None:
    """Walls, header, seats and those who sit."""
    grid = hall_grid(box, listener.backlog, listener.seat_mark_unit)
    chip = chip_at(view.seen.losses(box.listener), HALL_RULES)
    full = is_full(listener)
    somaxconn = view.sysctl("somaxconn")
    crew = sum(1 for w in view.current.workers if w.listener == box.listener)
    doors = _doors(box, crew)
    x, y, w = box.hall_x - 4, box.y, box.hall_end - box.hall_x + 8
    words = (box, view.ui.engineer, listener.state)
    red = full or chip is not None
    canvas.layer(
        f"hall-{box.listener}",
        (x, y + 28, w, box.h - 28),
        (*words, grid, full, red, doors, listener.backlog_asked, somaxconn),
        lambda c: _ground(c, view, box, listener, grid, red, doors),
    )
    canvas.layer(
        f"hall-head-{box.listener}",
        (x, y, w, 29),
        (*words, listener.accept_queue, listener.backlog, None if box.speaker else chip),
        lambda c: _header(c, view, box, listener, chip),
    )
    if listener.state != "LISTEN":
        return
    if box.speaker:
        free = max(0, listener.backlog - listener.accept_queue)
        canvas.layer(
            f"hall-words-{box.listener}",
            (x + 6, y + 30, w - 12, 27),
            (box, chip, free, grid.unit),
            lambda c: _words(c, view, box, grid, chip, free),
            patient=True,
        )
    if grid.unit > 1 and not box.speaker:
        unit = view.say("mark_unit", n=grid.unit)
        canvas.text(box.hall_x + 12, box.y + box.h - 5, unit, "caption", canvas.theme.ink2)
    key = (
        view.seen.hall(box.listener).version,
        box,
        grid,
        listener.seat_mark_unit,
        view.walking & view.seen.seated,
    )
    name = f"hall-people-{box.listener}"
    canvas.stamp_kept(name, key, lambda: _sitting(canvas, view, box, listener, grid))


def _doors(box: Platform, crew: int) -> tuple[float, ...]:
    """Tops of the gaps through which people leave: one for each track."""
    return tuple(sorted({track.rail_y - 26 for track in tracks(box, crew)})) or (box.y + 44,)


def _ground(
    canvas: Canvas,
    view: View,
    box: Platform,
    listener: Listener,
    grid: Grid,
    red: bool,
    doors: tuple[float, ...],
) -> None:
    theme, y = canvas.theme, box.y
    if red:
        left = box.hall_x if box.plan.line else box.hall_x - 4
        canvas.box(left, y + 28.5, box.hall_end - left, box.h - 29, theme.alertfill)
    if listener.state != "LISTEN":
        return
    _walls(canvas, box, doors)
    _free_seats(canvas, box, listener, grid)
    if box.speaker:
        _rule(canvas, view, box, listener)


def _header(
    canvas: Canvas, view: View, box: Platform, listener: Listener, chip: tuple[int, str] | None
) -> None:
    theme, y = canvas.theme, box.y
    full = is_full(listener)
    canvas.line(box.hall_x + 8, y + 28, box.hall_end - 8, y + 28, theme.hair)
    end = box.hall_end - 12
    if listener.state == "LISTEN":
        said = f"{whole(listener.accept_queue)}/{whole(listener.backlog)}"
        ink = theme.alert if full else theme.ink
        end -= canvas.text(end, y + 20, said, "sign", ink, "right") + 4
        near = not full and listener.accept_queue * 10 >= listener.backlog * 9 > 0
        if full or near:
            canvas.sprite("cross" if full else "triangle", end - 8, y + 14.5, 14)
            end -= 20
    start = box.hall_x + 12
    if not box.plan.line:
        draw_bullet(canvas, box)
        start = 420.0
    if chip and not box.speaker:
        # A low box has no row for it; over the seats it would hide who sits there.
        draw_chip(canvas, view, box.hall_x + 8, y + 5, chip, end - box.hall_x - 12)
        return
    word, kernel = view.names("waiting_hall", "accept queue")
    width = canvas.text(start, y + 20, word, "sign", theme.ink)
    names = (kernel,) if view.ui.engineer else (kernel, "accept q.")
    view.beside(canvas, start + 6 + width, y + 20, names, end - start - 8 - width)


def _walls(canvas: Canvas, box: Platform, doors: tuple[float, ...]) -> None:
    """Thick and dark; the doors are gaps: lane, line, and one for each track."""
    theme, y, end = canvas.theme, box.y, box.y + box.h
    left: list[tuple[float, float]] = [(y + 28, y + 36)]
    if box.lane:
        left += [(y + 56, end - 30), (end - 10, end)]
    elif not box.plan.line:
        left = []  # The platform's own edge is the wall.
    elif box.speaker:
        left = [(y + 28, end - 30), (end - 10, end)]
    else:
        left += [(y + 50, end)]
    right, top = [], y + 28
    for door in doors:
        right.append((top, door))
        top = door + 24
    right.append((top, end))
    for x, parts in ((box.hall_x - 4, left), (box.hall_end, right)):
        for start, stop in parts:
            if stop > start:
                canvas.box(x, start, 4, stop - start, theme.ink)


def _free_seats(canvas: Canvas, box: Platform, listener: Listener, grid: Grid) -> None:
    theme = canvas.theme
    for i in range(grid.capacity):
        x, y = grid.place(i)
        if grid.mark == "peg":
            canvas.sprite("peg-seat", x, y + 3.4, 7)
        else:
            canvas.sprite("seat-free", x, _base(grid, y), SEAT_W[grid.mark] * SEAT_RATIO)
    if grid.mark in ("big", "full"):
        for row in range(max(1, -(-grid.capacity // grid.columns))):
            y = _base(grid, grid.place(row * grid.columns)[1]) + 1
            canvas.line(box.hall_x + 12, y, grid.x + grid.dx * (grid.columns - 0.4), y, theme.hair)
    x, y = grid.extra
    line = "alert" if listener.accept_queue > listener.backlog else "mid"
    height = {"big": 40.0, "full": 24.0, "bar": 13.0, "peg": 8.0}[grid.mark]
    canvas.sprite("seat-extra", x, y, height, line=line)
    if grid.mark in ("big", "full"):
        lift = grid.dy * 0.62
        canvas.text(x, y - lift, "+1", "caption_bold", theme.ink2, "center")


def _base(grid: Grid, y: float) -> float:
    """The line on which a row of seats stands."""
    return y + {"big": 20.0, "full": 12.0, "bar": 7.0, "peg": 3.4}[grid.mark]


def _sitting(
    canvas: Canvas, view: View, box: Platform, listener: Listener, grid: Grid
) -> list[tuple[Picture, float, float]]:
    """Backs, people and bases of all taken seats, in the order they are drawn."""
    step = max(1, grid.unit // max(1, listener.seat_mark_unit))
    slots = view.seen.hall(box.listener).of
    spots = []
    for i, mark in enumerate(listener.seat_marks[::step]):
        place = slots.get(mark.id, i) if step == 1 else i
        spots.append((mark, place))
    if grid.mark == "peg":
        return _pegs(canvas, grid, spots)
    return _seats(canvas, view, grid, spots)


def _pegs(
    canvas: Canvas, grid: Grid, spots: list[tuple[Mark, int]]
) -> list[tuple[Picture, float, float]]:
    pictures = {
        actor: canvas.picture(f"peg-{sprite_of(actor)}", FIGURE_H["peg"])
        for actor in {mark.actor for mark, _ in spots}
    }
    found = []
    for mark, place in spots:
        x, y = grid.place(min(place, grid.capacity))
        found.append((pictures[mark.actor], x, y + 3.4))
    return found


def _seats(
    canvas: Canvas, view: View, grid: Grid, spots: list[tuple[Mark, int]]
) -> list[tuple[Picture, float, float]]:
    seat_h, tall = SEAT_W[grid.mark] * SEAT_RATIO, FIGURE_H[grid.mark]
    back, base = canvas.picture("seat-back", seat_h), canvas.picture("seat-base", seat_h)
    backs, people, bases = [], [], []
    for mark, place in spots:
        x, y = grid.place(place)
        if mark.id in view.walking:
            continue  # A seat is taken when somebody sits down.
        floor = _base(grid, y)
        if place < grid.capacity:
            backs.append((back, x, floor))
            bases.append((base, x, floor))
            floor -= seat_h * 4 / 19
        else:
            # The one past the backlog stands: there is no seat for him.
            floor = y + tall * 0.1
        people.append((canvas.picture(sprite_of(mark.actor), tall), x, floor))
    return backs + people + bases


def _words(
    canvas: Canvas,
    view: View,
    box: Platform,
    grid: Grid,
    chip: tuple[int, str] | None,
    free: int,
) -> None:
    """The chip of what is lost, else how many seats are free; and the unit."""
    theme, y = canvas.theme, box.y
    if chip:
        room = box.hall_end - box.hall_x - 2 * CHIP_PAD
        draw_chip(canvas, view, box.hall_x + CHIP_PAD, y + 35, chip, room)
    else:
        said = view.say("free_seats", n=free)
        if free < 2:
            said = view.say("one_free_seat" if free else "no_free_seat")
        canvas.text(box.hall_x + 12, y + 49, said, "caption", theme.ink2)
    if grid.unit > 1:
        said = view.say("mark_unit", n=grid.unit)
        canvas.text(box.hall_end - 12, y + 49, said, "caption", theme.ink2, "right")


def _rule(canvas: Canvas, view: View, box: Platform, listener: Listener) -> None:
    """Where the number of seats comes from; the ceiling only where it can matter."""
    somaxconn = view.sysctl("somaxconn")
    if not any(knob.name == "somaxconn" for knob in view.card.knobs) and not (
        somaxconn is not None and somaxconn < listener.backlog_asked
    ):
        somaxconn = None
    said = view.say("seats_plain", backlog=listener.backlog_asked)
    if somaxconn is not None:
        said = view.say("seats_rule", backlog=listener.backlog_asked, somaxconn=somaxconn)
    role, ink = "caption", canvas.theme.ink2
    width = box.hall_end - box.hall_x - 20
    if somaxconn is not None and canvas.measure(said, role) > width:
        said = view.say("seats_short", backlog=listener.backlog_asked, somaxconn=somaxconn)
    if somaxconn is not None and min(listener.backlog_asked, somaxconn) != listener.backlog:
        # The setting is new, the listener is not: it acts at the next listen().
        said = view.say("relisten", cap=view.ui.keys.cap(Action.LISTEN))
        role, ink = "caption_bold", canvas.theme.ink
    canvas.text(box.hall_x + 12, box.y + box.h - 10, said, role, ink, max_width=width)
