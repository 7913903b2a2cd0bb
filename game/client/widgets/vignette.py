"""A small picture for each page of the field guide, put together from the station's own parts.

A picture is a row of parts in words: `traveller*3 arrow seats:4/4 cross`. A part may have a count
after `*` and details after `:`; `~` stands for a blank in a plate's text.
"""

from collections.abc import Callable
from math import cos, pi, sin

from game.client.canvas import Canvas
from game.client.plane import Rect

GAP = 18.0
TALL = 44.0
"""Height of a figure, design units."""

PICTURES: dict[str, str] = {
    "socket": "plate:socket()~=~3 arrow plate:tcp,~?:?~–~?:?",
    "bind": "plate:tcp,~?:? arrow bullet:0 plate:tcp,~0.0.0.0:443 lock",
    "listen": "bullet:0 plate:listen(4) arrow line:0/4 seats:0/4",
    "connect": "traveller packet-legit*3 arrow turnstile clock:8 cross",
    "accept": "seats:3/4 arrow train:pa:accept:open:traveller",
    "close": "train:pb:idle:closed plate:close() arrow plate:FIN",
    "shutdown": "plate:SHUT_WR arrow plate:FIN gap plate:SHUT_RD arrow plate:–",
    "dup": "train:pa:idle:closed key train:pb:idle:closed key",
    "listening-socket": "bullet:1 plate:LISTEN arrow plate:recv()~ENOTCONN cross",
    "connected-socket": "traveller plate:ESTAB arrow belt:4/6 plate:fd~4",
    "five-tuple": "plate:tcp plate:203.0.113.7:50412 arrow plate:10.0.0.5:443",
    "syn-queue": "packet-legit arrow line:5/8 arrow seats:2/3",
    "accept-queue": "traveller cross seats:6/5",
    "backlog": "plate:listen(5) arrow seats:5/5 plus",
    "somaxconn": "plate:min(511,~128) arrow seats:5/5 lock",
    "max-syn-backlog": "line:6/8 turnstile traveller*3",
    "last-quarter": "line:6/6:ghost line:0/2 lock traveller cross",
    "synack-retries": "loudspeaker plate:1 plate:3 plate:7 plate:15 plate:31 clock:3 traveller",
    "young-rule": "loudspeaker line:7/8:ghost arrow ghost cross",
    "defer-accept": "traveller line:2/4:hoarder packet-legit arrow seats:1/3",
    "abort-on-overflow": "seats:4/3 traveller plate:RST cross",
    "syn-flood": "ghost*5 arrow line:7/7:ghost traveller cross",
    "syn-cookies": "line:4/4:ghost traveller ticket arrow seats:2/4 tick",
    "filter": "ghost*3 cross guard arrow traveller*2",
    "prefork": "train:pa:working:closed:traveller train:pb:working:closed:traveller "
    "train:pc:idle:closed",
    "worker": "bullet:0 arrow train:pa:working:closed:traveller:traveller:traveller:traveller",
    "event": "train:pa:working:closed:traveller gap plate:epoll hoarder*3",
    "keep-alive": "train:pb:blocked:closed:hoarder plate:idle~5~s clock:11",
    "epoll": "plate:epoll_wait() arrow bullet:0 bullet:1 tick",
    "select-poll": "plate:poll() bullet:0 cross bullet:1 cross bullet:2 tick",
    "signal-io": "loudspeaker plate:SIGIO arrow plate:accept() plate:accept() plate:EAGAIN",
    "epollexclusive": "plate:EPOLLEXCLUSIVE traveller arrow lamp:accept lamp:idle*3",
    "thundering-herd": "traveller arrow lamp:accept*4 cross*3",
    "accept-mutex": "seats:3/4 arrow train:pa:accept:open key train:pb:waiting:closed",
    "reuseaddr": "plate:TIME-WAIT clock:6 arrow plate:bind()~=~0 tick",
    "reuseport": "packet-legit*2 hash bullet:0 line:2/3 bullet:1 line:1/3 bullet:2 line:3/3",
    "migrate-req": "bullet:0 cross seats:2/3 arrow bullet:1 seats:3/4 tick",
    "pinning": "master core:25,55 train:pa:working:closed:traveller lock",
    "rx-ring": "packet-legit packet-forged*2 arrow wheel:21/32 hash",
    "softirq": "wheel:12/32 arrow master core:70,15",
    "ksoftirqd": "master core:50,50 plate:ksoftirqd/0 train:pa:waiting:closed",
    "receive-buffer": "packet-legit*2 arrow belt:5/8 arrow plate:recv()",
    "send-buffer": "plate:send() arrow bags:6/8 arrow traveller",
    "window": "belt:8/8 plate:win~0 clock:4 traveller",
    "eagain": "plate:accept() arrow seats:0/3 plate:EAGAIN",
    "slowloris": "slow*3 train:pb:blocked:closed:slow clock:13",
    "fin-wait": "plate:FIN-WAIT-1 arrow plate:CLOSE-WAIT arrow plate:LAST-ACK",
    "time-wait": "plate:TIME-WAIT clock:9 plate:60~s",
    "orphans": "train:pb:off:closed belt:3/3 traveller cross",
    "rst": "traveller arrow plate:RST cross",
    "listen-overflows": "seats:4/3 cross flaps:2140",
    "listen-drops": "line:4/4:ghost seats:4/3 cross flaps:13370",
    "recv-q": "plate:LISTEN flaps:17 flaps:16 seats:5/4",
    "tools": "plate:$~ss~-ltn flaps:7 flaps:16 tick",
    "bsd": "line:4/4:ghost plus seats:4/4 plate:≤~3b/2",
}
"""The picture of each page of `game.text.guide`, by its id."""

Paint = Callable[[Canvas, float, float], None]


def vignette(canvas: Canvas, rect: Rect, page: str) -> None:
    """The picture of a page in the middle of a paved panel."""
    x, y, w, h = rect
    canvas.box(x, y, w, h, canvas.theme.pave, radius=6)
    parts = [_part(canvas, one) for one in _spelled(PICTURES[page])]
    whole = sum(width for width, _ in parts) + GAP * (len(parts) - 1)
    at, floor = x + (w - whole) / 2, y + h / 2 + TALL / 2
    # The ground everybody stands on.
    canvas.line(x + 24, floor + 6, x + w - 24, floor + 6, canvas.theme.rail, 2)
    for width, paint in parts:
        paint(canvas, at, floor)
        at += width + GAP


def _spelled(picture: str) -> list[str]:
    """Every part as often as it comes."""
    found: list[str] = []
    for one in picture.split():
        name, star, count = one.partition("*")
        found += [name] * (int(count) if star else 1)
    return found


def _part(canvas: Canvas, spelled: str) -> tuple[float, Paint]:
    name, _, details = spelled.partition(":")
    match name:
        case "traveller" | "ghost" | "hoarder" | "slow" | "guard" | "master":
            return _figure(name)
        case "plate":
            return _plate(canvas, details.replace("~", " "))
        case "flaps":
            return _flaps(details)
        case "seats" | "line":
            return (_seats if name == "seats" else _line)(details)
        case "train":
            return _train(details)
        case "lamp":
            return 22.0, lambda c, x, floor: c.sprite(f"lamp-{details}", x + 11, floor - 26, 22)
        case "bullet":
            return _bullet(int(details))
        case "belt" | "bags":
            return _belt(details, "bag-full" if name == "belt" else "bag-hollow")
        case "core":
            return _core(details)
        case "wheel":
            return _wheel(details)
        case "clock":
            return _clock(int(details))
        case "gap":
            return 24.0, lambda c, x, floor: None
    return _sign(name)


def _figure(name: str) -> tuple[float, Paint]:
    width = {"slow": 42.0, "hoarder": 34.0, "guard": 40.0}.get(name, 28.0)
    middle = {"slow": 0.47, "hoarder": 0.43, "guard": 0.6}.get(name, 0.5)

    def paint(canvas: Canvas, x: float, floor: float) -> None:
        canvas.sprite(name, x + width * middle, floor + 4, TALL, ground="pave")

    return width, paint


def _sign(name: str) -> tuple[float, Paint]:
    """Icons, packets and states: what hangs at half height."""
    icons = {"arrow": "arrow", "lock": "lock", "key": "lock", "plus": "plus"}
    sizes = {"turnstile": 34.0, "loudspeaker": 24.0, "ticket": 17.0, "hash": 36.0}
    size = sizes.get(name, 22.0)
    width = {"loudspeaker": 34.0, "ticket": 28.0}.get(name, size + 2)

    def paint(canvas: Canvas, x: float, floor: float) -> None:
        y = floor - TALL / 2 + 4
        if name in icons:
            canvas.icon(icons[name], x + width / 2, y, 24, "ink2", "pave")
        elif name == "hash":
            canvas.sprite(name, x + width / 2, y, size)
            canvas.text(x + width / 2, y + 5, "#", "sign", canvas.theme.ink, "center")
        elif name.startswith("packet"):
            canvas.sprite(name, x + width / 2, y, 16)
        else:
            canvas.sprite(name, x + width / 2, y, size, align="center")

    return width, paint


def _plate(canvas: Canvas, text: str) -> tuple[float, Paint]:
    width = canvas.measure(text, "console") + 24

    def paint(canvas: Canvas, x: float, floor: float) -> None:
        canvas.box(x, floor - TALL / 2 - 12, width, 32, canvas.theme.board, radius=4)
        canvas.text(x + 12, floor - TALL / 2 + 9, text, "console", canvas.theme.flaptext)

    return width, paint


def _flaps(digits: str) -> tuple[float, Paint]:
    width = 14.0 * len(digits) + 12

    def paint(canvas: Canvas, x: float, floor: float) -> None:
        canvas.box(x, floor - TALL / 2 - 12, width, 32, canvas.theme.board, radius=4)
        canvas.flaps(x + 6.5, floor - TALL / 2 - 6, digits, set(range(len(digits))))

    return width, paint


def _share(details: str) -> tuple[int, int]:
    taken, _, places = details.partition("/")
    return int(taken), int(places)


def _seats(details: str) -> tuple[float, Paint]:
    """Taken and free seats; one more than there are stands at the end, in the place past them."""
    taken, places = _share(details)
    pitch, height = 38.0, 27.0
    width = pitch * (places + (taken > places))

    def paint(canvas: Canvas, x: float, floor: float) -> None:
        for index in range(places):
            middle = x + pitch * (index + 0.5)
            if index >= taken:
                canvas.sprite("seat-free", middle, floor + 4, height)
                continue
            canvas.sprite("seat-back", middle, floor + 4, height)
            canvas.sprite("traveller", middle, floor - 2, 32)
            canvas.sprite("seat-base", middle, floor + 4, height)
        if taken > places:
            middle = x + pitch * (places + 0.5)
            canvas.sprite("seat-extra", middle, floor - 12, 34, line="alert")
            canvas.sprite("traveller", middle, floor + 2, 26)

    return width, paint


def _line(details: str) -> tuple[float, Paint]:
    """Places of the ticket line with their rings at different hours."""
    numbers, _, actor = details.partition(":")
    taken, places = _share(numbers)
    pitch, r = 38.0, 15.0

    def paint(canvas: Canvas, x: float, floor: float) -> None:
        theme = canvas.theme
        for index in range(places):
            middle, y = x + pitch * (index + 0.5), floor - 15
            canvas.circle(middle, y, r, theme.floor, theme.mid, 1.4)
            if index >= taken:
                continue
            name = actor or ("traveller" if index % 3 != 1 else "ghost")
            ink = theme.token(name)
            canvas.arc(middle, y, r, 0, 60 + index * 97 % 290, ink, 2.6)
            canvas.sprite(name, middle, y + 9.5, 19)

    return pitch * places, paint


def _train(details: str) -> tuple[float, Paint]:
    """Livery, lamp, door, and who sits at the windows."""
    livery, lamp, *rest = details.split(":")
    door = rest[0] if rest else "closed"
    riders = rest[1:]
    k = TALL / 34

    def paint(canvas: Canvas, x: float, floor: float) -> None:
        top = floor + 6 - 38.3 * k
        canvas.sprite(f"train-{door}", x, top, TALL, livery=livery)
        for index, rider in enumerate(riders[:4]):
            canvas.sprite(f"window-{rider}", x + (28.8 + 17 * index) * k, top + 17.9 * k, TALL)
        for slot in range(8):
            rack = "rack-full" if slot < 2 * len(riders) else "rack-empty"
            canvas.sprite(rack, x + (21.7 + 8.3 * slot) * k, top + 21.7 * k, TALL)
        canvas.sprite(f"lamp-{lamp}", x + 137 * k + 14, floor - 24, 20)

    return 137 * k + 26, paint


def _bullet(number: int) -> tuple[float, Paint]:
    def paint(canvas: Canvas, x: float, floor: float) -> None:
        y = floor - TALL / 2 + 4
        canvas.sprite(f"bullet-{number}", x + 17, y, 34, livery=("pa", "pb", "pc", "pd")[number])
        letter = chr(ord("A") + number)
        canvas.text(x + 17, y + 5.6, letter, "value", canvas.theme.ontrain, "center")

    return 34.0, paint


def _belt(details: str, bag: str) -> tuple[float, Paint]:
    filled, places = _share(details)
    width = 20.0 * places + 12

    def paint(canvas: Canvas, x: float, floor: float) -> None:
        y = floor - TALL / 2 + 4
        canvas.box(x, y - 9, width, 18, canvas.theme.belt, radius=9)
        for index in range(filled):
            canvas.sprite(bag, x + 16 + 20 * index, y, 12)

    return width, paint


def _core(details: str) -> tuple[float, Paint]:
    """A core's bar: shares of softirq and user."""
    soft, user = (int(part) for part in details.split(","))
    width = 150.0

    def paint(canvas: Canvas, x: float, floor: float) -> None:
        theme, y = canvas.theme, floor - TALL / 2 - 6
        canvas.box(x, y, width, 20, theme.floor, radius=3)
        canvas.box(x, y, width * soft / 100, 20, theme.core_soft, radius=3)
        canvas.box(x + width * soft / 100, y, width * user / 100, 20, theme.core_user)
        canvas.box(x, y, width, 20, None, theme.ink, radius=3, width=1.6)

    return width, paint


def _wheel(details: str) -> tuple[float, Paint]:
    filled, slots = _share(details)

    def paint(canvas: Canvas, x: float, floor: float) -> None:
        theme = canvas.theme
        mx, my = x + 38, floor - TALL / 2 + 2
        canvas.circle(mx, my, 37, theme.floor, theme.ink, 2)
        step = 360 / slots
        for index in range(slots):
            start = 90 + index * step + 1
            fill = theme.traveller if index < filled else theme.pave
            canvas.ring(mx, my, 22, 34, start, step - 2, fill, theme.mid, 0.8)
        canvas.text(mx, my + 6, str(filled), "value", theme.ink, "center")

    return 76.0, paint


def _clock(hour: int) -> tuple[float, Paint]:
    """A dial with one hand; hours are sixteenths of a turn."""

    def paint(canvas: Canvas, x: float, floor: float) -> None:
        theme = canvas.theme
        mx, my, angle = x + 18, floor - TALL / 2 + 4, hour * pi / 8
        canvas.circle(mx, my, 17, theme.floor, theme.ink, 2)
        canvas.arc(mx, my, 12, 0, hour * 22.5, theme.alert, 3.4)
        canvas.polyline(
            [(mx, my), (mx + 9 * sin(angle), my - 9 * cos(angle))], theme.ink, 2.4, cap=True
        )

    return 36.0, paint
