"""Everything in the station that can be chosen: where it is, and what choosing it does.

An id says both: `knob:backlog:more` turns a knob up, `line:0` opens the card of a ticket line.
No two overlap, so that mouse and keys mean the same thing.
"""

from game.client.draw import bar, layout
from game.client.draw.calls import CALLS, call_rect, call_text
from game.client.draw.control_room import PAGE_RECT, TABS
from game.client.draw.crowd import legend
from game.client.draw.goals import SPEED_PITCH, SPEED_W, SPEEDS, TILE_PITCH, TILE_W, TILE_X
from game.client.draw.history import Loss
from game.client.draw.knobs import cells, knob_pages
from game.client.draw.loss import GATE_RULES, HALL_RULES, LINE_RULES, worst
from game.client.draw.view import View
from game.client.metaphor import letter, sprite_of
from game.client.scene import Hotspot

Rect = tuple[float, float, float, float]


def station_hotspots(view: View) -> list[Hotspot]:
    """All hotspots, in reading order."""
    return [*_top(view), *_outside(view), *_platforms(view), *_below(view), *_control(view)]


def spot_rect(view: View, spot_id: str) -> Rect | None:
    """Where a hotspot is, None when it is not on screen."""
    return next((s.rect for s in station_hotspots(view) if s.id == spot_id), None)


def _top(view: View) -> list[Hotspot]:
    if view.ui.head == "versus":
        return []
    found = [
        Hotspot(
            (TILE_X + TILE_PITCH * i, 3, TILE_W, 50), f"goal:{g.what}", view.say(f"goal_{g.what}")
        )
        for i, g in enumerate(view.card.goals[:4])
    ]
    if view.ui.head != "sandbox":
        found.append(Hotspot((878, 14, 78, 28), "stars", view.say("stars")))
    for i, (quarters, said) in enumerate(SPEEDS if view.ui.head != "shared" else ()):
        label = view.say("speed_play", n=said) if quarters else view.say("speed_pause")
        found.append(Hotspot((1060 + SPEED_PITCH * i, 12, SPEED_W, 32), f"speed:{quarters}", label))
    if view.ui.head != "sandbox":
        found.append(Hotspot((24, 60, 1232, 42), "timeline", view.say("wave_timeline")))
    return found


def _outside(view: View) -> list[Hotspot]:
    found = [Hotspot((24, 112, 184, 24), "internet", view.say("internet"))]
    for actor, x, y, _, end in legend(view):
        name = sprite_of(actor)
        found.append(Hotspot((x - 12, y - 20, end - x + 12, 23), f"actor:{actor}", view.say(name)))
    ring = view.plan.ring
    found.append(Hotspot((240, 112, 120, 96 if ring else 224), "gate", view.say("gate")))
    if worst([*view.seen.losses(-1), *view.seen.losses(0)], GATE_RULES):
        top = 210 if ring else 338
        found.append(Hotspot((240, top, 128, 22), "drop:gate:-1", view.say("why")))
    if ring:
        found.append(Hotspot((240, 234, 112, 214), "ring", view.say("rx_ring")))
    return found


def _platforms(view: View) -> list[Hotspot]:
    found: list[Hotspot] = []
    listeners = view.current.listeners
    for box in layout.platforms(len(listeners), view.ui.page, view.plan):
        if box.listener >= len(listeners):
            continue
        found += _platform(view, box)
    if layout.pages(len(listeners)) > 1:
        found.append(Hotspot((1142, 114, 108, 22), "page:next", view.say("next_page")))
    return found


def _platform(view: View, box: layout.Platform) -> list[Hotspot]:
    i, y, h = box.listener, box.y, box.h
    name = view.say("platform", letter=letter(i))
    found: list[Hotspot] = []
    top = y + 29
    hall_x, hall_w = box.hall_x + 2, box.hall_end - box.hall_x - 4
    losses = view.seen.losses(i)
    left = layout.LINE_X - 4
    if box.plan.line:
        # In a low box what is lost stands in the header, and only the letter is the platform.
        lost = not box.speaker and worst(losses, LINE_RULES)
        found.append(Hotspot((left, y + 2, 24 if lost else 244, 25), f"platform:{i}", name))
        if lost:
            found.append(Hotspot((left + 24, y + 2, 220, 25), f"drop:line:{i}", view.say("why")))
        found += _line(view, box, losses, top)
    else:
        found.append(Hotspot((left, y + 2, hall_x + hall_w - left, 25), f"platform:{i}", name))
    lost = worst(losses, HALL_RULES)
    if lost and box.speaker:
        found.append(Hotspot((hall_x, y + 31, hall_w, 25), f"drop:hall:{i}", view.say("why")))
        top = y + 57
    elif lost:
        found.append(Hotspot((hall_x, y + 2, hall_w, 26), f"drop:hall:{i}", view.say("why")))
    rect = (hall_x, top, hall_w, y + h - top)
    found.append(Hotspot(rect, f"hall:{i}", view.say("waiting_hall")))
    crew = [n for n, w in enumerate(view.current.workers) if w.listener == i]
    places = layout.tracks(box, len(crew))
    for track, number in zip(places, crew, strict=False):
        height = min(66.0, track.rail_y + 16 - track.y, y + h - track.y)
        rect = (track.x, track.y, track.end - track.x - 2, height)
        found.append(Hotspot(rect, f"train:{number}", f"T{number + 1}"))
    if crew and not places:
        rect = (box.track_x, y + 30, layout.TRACK_END - box.track_x, h - 32)
        found.append(Hotspot(rect, f"depot:{i}", view.say("depot")))
    return found


def _line(view: View, box: layout.Platform, losses: list[Loss], top: float) -> list[Hotspot]:
    """The ticket line, and over it the stamp, or what is lost in its place."""
    i, found = box.listener, []
    lost = worst(losses, LINE_RULES)
    if lost and not box.speaker:
        # Over what stands in the header, which leads to the platform otherwise.
        return [
            Hotspot((layout.LINE_X + 20, box.y + 2, 160, 25), f"drop:line:{i}", view.say("why")),
            Hotspot(
                (layout.LINE_X, top, 240, box.y + box.h - top), f"line:{i}", view.say("ticket_line")
            ),
        ]
    if lost:
        found.append(Hotspot((layout.LINE_X, top, 240, 28), f"drop:line:{i}", view.say("why")))
    elif box.lane:
        said = view.say("cookie_stamp")
        found.append(Hotspot((layout.LINE_X, top, 240, 28), f"cookie:{i}", said))
    top += 29 * len(found)
    rect = (layout.LINE_X, top, 240, box.y + box.h - top)
    return [*found, Hotspot(rect, f"line:{i}", view.say("ticket_line"))]


def _below(view: View) -> list[Hotspot]:
    boxes = layout.core_boxes(len(view.current.cores)) if view.plan.cores else []
    found = [
        Hotspot(rect, f"core:{i}", view.say("core", n=i))
        for i, rect in zip(range(len(view.current.cores)), boxes, strict=False)
    ]
    if view.plan.board or not view.card.calls:
        found.append(Hotspot(layout.BOARD, "board", view.say("board")))
    else:
        found.append(Hotspot(layout.BOARD, "sockets", view.say("sockets")))
    return found


def _control(view: View) -> list[Hotspot]:
    found = [Hotspot(rect, f"tab:{name}", view.say(word)) for name, word, rect in TABS]
    found += [Hotspot(rect, f"bar:{name}", bar.tip(view, name)) for name, rect in bar.places(view)]
    if view.ui.tab == "console":
        return found
    if view.card.calls:
        return found + [
            Hotspot(call_rect(i), f"call:{call}", view.say("call_button", name=call_text(view, i)))
            for i, call in enumerate(CALLS)
        ]
    if knob_pages(view.card) > 1:
        found.append(Hotspot(PAGE_RECT, "knobs:next", view.say("next_page")))
    for cell in cells(view.card, view.ui.knob_page):
        name = cell.knob.kernel_name
        found.append(Hotspot(cell.body, f"knob:{cell.knob.name}", name))
        if cell.value is not None:
            found.append(Hotspot(cell.value, f"knob:{cell.knob.name}:value", name))
        for which, rect in cell.buttons:
            label = view.say(which, name=name)
            found.append(Hotspot(rect, f"knob:{cell.knob.name}:{which}", label))
    return found
