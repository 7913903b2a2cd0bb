"""What a mouse can reach: every value of every recorded solution, against a real room."""

from pathlib import Path

import pytest

from game.client.draw.knobs import kind_of, values_of
from game.client.scene import Outcome, Send
from game.client.scenes.hand import step_of
from game.client.scenes.station import StationScene
from game.level.load import load_folder
from game.level.schema import Level
from game.paths import levels_dir
from game.protocol.codec import decode_from_server, encode
from game.protocol.link import MemoryLink, memory_link
from game.protocol.messages import Ack, Call, ClientMessage, Hello, StartLevel
from game.protocol.snapshot import Snapshot
from game.server.room import Room
from game.session.commands import knob_of, value_of
from game.session.session import solution_of
from tests.client.events import click
from tests.client.players import player

LEVELS = load_folder(levels_dir())
BEAT_S = 0.05


class Mouse:
    """Somebody with a mouse and nothing else, in a room of their own."""

    def __init__(self, folder: Path, level: Level) -> None:
        self.link: MemoryLink
        self.link, theirs = memory_link()
        self.room = Room(LEVELS, build="test")
        self.room.join(theirs)
        somebody = player(folder)
        self.view = somebody.view
        self.wall_s = 0.0
        self.commands = 0
        self.say(Hello(1, 1, "test", "Ada"), StartLevel(level.id, 1))
        self.scene = StationScene(somebody)
        self.rest(0.2)

    def say(self, *messages: ClientMessage) -> None:
        """Send, let a beat pass, and hear."""
        for message in messages:
            self.link.send(encode(message))
        self.room.step()
        while (data := self.link.receive()) is not None:
            heard = decode_from_server(data)
            self.view.take(heard, self.wall_s)
            if isinstance(heard, Snapshot):
                self.link.send(encode(Ack(heard.tick)))

    def do(self, outcome: Outcome) -> None:
        steps = outcome if isinstance(outcome, tuple) else (outcome,)
        messages = [m for step in steps if isinstance(step, Send) for m in step.messages]
        self.commands += sum(hasattr(message, "seq") for message in messages)
        self.say(*messages)

    def rest(self, seconds: float) -> None:
        for _ in range(round(seconds / BEAT_S)):
            self.wall_s += BEAT_S
            self.do(self.scene.update(self.wall_s))

    def drag(self, spot_id: str, right: float = 0.0) -> None:
        """Press in the middle of a hotspot, go to the right, let go."""
        spot = next(s for s in self.scene.hotspots() if s.id == spot_id)
        x, y = spot.rect[0] + spot.rect[2] / 2, spot.rect[1] + spot.rect[3] / 2
        motion, down, _ = click(x, y)
        there, _, up = click(x + right, y)
        for event in (motion, down, there, up):
            self.do(self.scene.handle(event))
        self.rest(3.3)  # A change within three seconds of the last one belongs to it.

    def set(self, name: str, value: str) -> None:
        """Bring a knob to a value: one click on a switch, one drag on anything else."""
        card = self.view.card
        assert card is not None
        knob = next(k for k in card.knobs if k.name == name)
        now = self.value(name)
        if now == value:
            self.drag("bar:listen")
        elif kind_of(knob) == "switch":
            self.drag(f"knob:{name}")
        else:
            values = values_of(knob)
            steps = values.index(value) - values.index(now)
            self.drag(f"knob:{name}:value", step_of(knob) * steps)

    def value(self, name: str) -> str:
        snapshot = self.view.snapshot
        assert snapshot is not None
        return next(k.value for k in snapshot.knobs if k.name == name)

    @property
    def cost(self) -> int:
        snapshot = self.view.snapshot
        assert snapshot is not None
        return snapshot.cost


@pytest.mark.parametrize("level", [one for one in LEVELS if one.solution], ids=lambda one: one.id)
def test_a_mouse_reaches_what_the_recorded_solution_sets_and_pays_once(
    level: Level, tmp_path: Path
) -> None:
    mouse = Mouse(tmp_path, level)
    for number, (_, command) in enumerate(
        ((one.tick, one.command) for one in solution_of(level)), 1
    ):
        if isinstance(command, Call) and level.machine.calls:
            mouse.drag(f"call:{command.call}")
            snapshot = mouse.view.snapshot
            assert snapshot is not None
            assert len(snapshot.calls) == number
            continue
        name, value = knob_of(command), value_of(command)
        price = next(knob.cost for knob in level.knob if knob.name == name)
        paid, before = mouse.cost, mouse.value(name)
        mouse.set(name, value)
        assert mouse.value(name) == value
        assert mouse.cost - paid == (price if before != value else 0)
        assert mouse.commands == number, "one command for one movement of the hand"
