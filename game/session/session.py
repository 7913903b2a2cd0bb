"""One game: commands in, ticks, snapshots and events out. No sockets, no wall clock.

A tick is 50 ms of simulated time. Commands are checked when they come and act at the next border.
"""

import math
from collections.abc import Mapping, Sequence
from functools import partial

from game.kernel.sysctl import find_sysctl
from game.level.schema import Level
from game.protocol.attack import AttackView
from game.protocol.messages import (
    Call,
    Command,
    ConsoleLine,
    ConsoleOutput,
    GoalResult,
    PlayCard,
    Refused,
    Result,
    SetKnob,
    SetSysctl,
)
from game.protocol.snapshot import Snapshot
from game.session import console
from game.session.charges import Charges
from game.session.commands import apply, check, knob_of, knob_value, value_of
from game.session.desk import Desk, Purse
from game.session.digest import DIGEST_TICKS, digest
from game.session.rates import TICK_MS, TICKS_PER_S
from game.session.replay import LoggedCommand, Replay, level_text
from game.session.score import Score
from game.session.setup import as_level
from game.session.story import Story
from game.session.view import View
from game.sim.rng import stream
from game.sim.world import World

TICK_NS = TICK_MS * 1_000_000
COMMANDS_MAX = 1000
"""Commands of one run: eight a second for two minutes, more than a hand can."""


class BadSolution(ValueError):
    """A recorded solution with a line that is no command."""


def solution_of(level: Level) -> list[LoggedCommand]:
    """The commands of a level's recorded solution, with their ticks.

    Raises:
        BadSolution: a line that is no command.
    """
    commands = []
    for seq, move in enumerate(level.solution, start=1):
        command = console.parse(move.command, seq)
        if isinstance(command, list):
            raise BadSolution(f"$.solution[{seq - 1}]: {move.command!r} is no command.")
        commands.append(LoggedCommand(math.ceil(move.at_s * TICKS_PER_S), command))
    return sorted(commands, key=lambda one: one.tick)


class Session:
    """One run of one level.

    Args:
        recorded: commands that come by themselves, in the order of their ticks.
        spent: points that settings before the start have cost.
        boot_key: secret of the simulated host; by default it derives from the seed.

    Attributes:
        tick: ticks played so far.
        desk: the attacker's, on an arena.
        log: commands that acted, with their ticks.
        digests: fingerprints so far, with their ticks.
    """

    def __init__(
        self,
        level: Level,
        seed: int,
        *,
        recorded: Sequence[LoggedCommand] = (),
        boot_key: int | None = None,
        flood_by_object: bool = False,
        spent: int = 0,
    ) -> None:
        self.level = level
        self.seed = seed
        self.boot_key = stream(seed, "boot").getrandbits(62) if boot_key is None else boot_key
        self.world = World(level, seed, self.boot_key, flood_by_object=flood_by_object)
        self.tick = 0
        self.ticks = level.seconds * TICKS_PER_S
        self.log: list[LoggedCommand] = []
        self.digests: list[tuple[int, str]] = []
        self.score = Score(level)
        self.score.cost = spent
        arena = level.arena
        self.desk = Desk(arena, stream(seed, "cards")) if arena else None
        self._ops = Purse(arena.ops) if arena and not arena.free else None
        self._recorded = list(recorded)
        self._pending: list[Command] = []
        self._pending_cost = 0
        self._charges = Charges()
        self._calls: list[str] = []
        self._view = View(self.world, self.score)
        self._story = Story(self.world)
        self._view.note()

    @property
    def over(self) -> bool:
        """True when the level's time is up."""
        return self.tick >= self.ticks

    def submit(self, command: Command) -> Refused | None:
        """Take a command for the next tick border, or say why not."""
        if self.over:
            return Refused(command.seq, "over", {})
        if len(self.log) + len(self._pending) >= COMMANDS_MAX:
            return Refused(command.seq, "too_many", {"max": COMMANDS_MAX})
        values = self._values()
        refusal, cost = self._check(command, values)
        if refusal is None:
            before = values.get(knob_of(command))
            if before is not None:
                self._charges.note(knob_of(command), before, value_of(command), self.tick)
            self._pending.append(command)
            self._pending_cost += cost
        return refusal

    def _check(self, command: Command, values: Mapping[str, str]) -> tuple[Refused | None, int]:
        if isinstance(command, PlayCard):
            if self.desk is None:
                return Refused(command.seq, "no_card", {"card": command.card}), 0
            cards = [one for one in self._pending if isinstance(one, PlayCard)]
            return self.desk.check(command, cards), 0
        price = partial(self._charges.price, tick=self.tick)
        return check(command, self.level, values, self._points_left(), price)

    def _values(self) -> dict[str, str]:
        """Values of the knobs, what is pending counted as done."""
        values = {knob.name: knob_value(self.world, knob.name) for knob in self.level.knob}
        return values | self._pending_values()

    def _points_left(self) -> int | None:
        """What a defender can still spend, what is pending counted as spent; None for no limit."""
        if self._ops is not None:
            return self._ops.points - self._pending_cost
        if not self.level.budget:
            return None
        return self.level.budget - self.score.cost - self._pending_cost

    def console(self, line: ConsoleLine) -> ConsoleOutput | Refused:
        """Take a console line: the command it stands for, or the answer of what only reads."""
        command = console.parse(line.text, line.seq)
        if isinstance(command, list):
            return ConsoleOutput(line.seq, console.answer(command, self.world))
        objection = console.objection(command)
        if objection:
            return ConsoleOutput(line.seq, objection)
        refusal = self.submit(command)
        return refusal or ConsoleOutput(line.seq, console.echo(command))

    def advance(self) -> None:
        """Play one tick."""
        while self._recorded and self._recorded[0].tick <= self.tick:
            self.submit(self._recorded.pop(0).command)
        self._apply_pending()
        self.tick += 1
        self.world.advance(self.tick * TICK_NS)
        if self._ops is not None:
            self._ops.grow()
        if self.desk is not None:
            self.desk.advance(self.tick)
        self._take_ended()
        cores = self.world.machine.cores
        self.score.note_cores([one.softirq_ns + one.user_ns + one.switching_ns for one in cores])
        if self.score.wants_memory:
            self.score.note_memory(self.world.memory_bytes())
        self._view.note()
        self._story.note(self.tick, self.score.done, self.score.lost)
        if self.tick % DIGEST_TICKS == 0 or self.over:
            desk = self.desk.state() if self.desk else ()
            self.digests.append((self.tick, digest(self.world, desk)))

    def snapshot(self) -> Snapshot:
        """What a defender sees now."""
        cost = self.score.cost + self._pending_cost
        left = self._points_left()
        return self._view.snapshot(
            self.tick, self._pending_values(), cost, -1 if left is None else left, self._calls
        )

    def attack_view(self) -> AttackView | None:
        """What an attacker sees now, None where nothing can be attacked."""
        if self.desk is None:
            return None
        return self.desk.view(self.tick, self.world, self.score.attempts, self.score.served)

    def result(self, *, replay: str = "", recorded: bool = False) -> Result:
        """How the run went, up to now."""
        score = self.score
        return Result(
            level=self.level.id,
            seed=self.seed,
            stars=score.stars(),
            goals=[
                GoalResult(goal.what, score.value(goal.what), goal.marks, score.goal_stars(goal))
                for goal in self.level.goal
            ],
            attempts=score.attempts,
            served=score.served,
            counters=self.world.host.counters.as_dict(),
            series=self._story.series(),
            story=self._story.causes(),
            settings={knob.name: knob_value(self.world, knob.name) for knob in self.level.knob},
            replay=replay,
            recorded=recorded,
        )

    def replay(self) -> Replay:
        """The run as it goes to disk."""
        return Replay(
            format=1,
            level=level_text(self.level),
            seed=self.seed,
            boot_key=self.boot_key,
            commands=list(self.log),
            digests=list(self.digests),
            ticks=self.tick,
        )

    def as_level(self, name: str) -> Level:
        """The run as it stands now, as a level under a name of the player's own."""
        return as_level(self.world, name)

    def _pending_values(self) -> dict[str, str]:
        return {name: value_of(one) for one in self._pending if (name := knob_of(one))}

    def _apply_pending(self) -> None:
        for command in self._pending:
            name = knob_of(command)
            before = knob_value(self.world, name) if name else ""
            if isinstance(command, PlayCard):
                assert self.desk is not None  # The command was checked.
                self.desk.play(command.card, self.tick, self.world)
                called = ""
            else:
                called = apply(command, self.world)
            if called:
                self._calls.append(called)
            self.log.append(LoggedCommand(self.tick, command))
            self._tell(command, name, before)
        self._pending.clear()
        self.score.cost += self._pending_cost
        if self._ops is not None:
            self._ops.pay(self._pending_cost)
        self._pending_cost = 0

    def _tell(self, command: Command, name: str, before: str) -> None:
        since = self._charges.since(name, self.tick)
        match command:
            case SetSysctl(name=asked, value=value):
                full = find_sysctl(asked).name
                args: dict[str, str | int] = {"name": full, "value": value, "before": before}
                self._story.note_change(self.tick, "set_sysctl", args, since)
            case PlayCard(card=card):
                self._story.note_command(self.tick, "card", {"card": card})
            case SetKnob(value=text):
                args = {"name": name, "value": text, "before": before}
                self._story.note_change(self.tick, "set_knob", args, since)
            case Call(call=call, argument=argument) if self.level.machine.calls:
                args = {"call": call, "argument": argument, "result": self._calls[-1]}
                self._story.note_command(self.tick, "call", args)
            case Call(argument=argument):
                args = {"name": name, "value": argument, "before": before}
                self._story.note_change(self.tick, "set_knob", args, since)

    def _take_ended(self) -> None:
        internet = self.world.internet
        ended, internet.ended = internet.ended, []
        for peer in ended:
            self.score.note_ended(peer)
            if self.desk is not None:
                self.desk.note_ended(peer)


def play(replay: Replay) -> Session:
    """A session that plays a replay; call `advance` until `tick` is the replay's `ticks`."""
    return Session(
        replay.load_level(), replay.seed, recorded=replay.commands, boot_key=replay.boot_key
    )
