"""A player as a process of its own: `python -m tests.server.robot ADDRESS NAME JOB [ARGUMENT…]`.

It joins over a real WebSocket, says what happens as lines of JSON, and plays until its job is done.
"""

import json
import sys
import time
from collections.abc import Callable

from game.client.game_view import GameView
from game.client.host_line import HostLine
from game.client.net import open_link
from game.protocol.lobby import (
    CreateRoom,
    JoinRoom,
    MatchResult,
    Rejoin,
    RoomState,
    Seated,
    SetReady,
    StartMatch,
    TakeSide,
)
from game.protocol.messages import PlayCard, SetSysctl

WAIT_S = 60.0


class Robot:
    """A client without a window."""

    def __init__(self, address: str, name: str) -> None:
        self.view = GameView()
        self.line = HostLine(open_link(address), self.view, "robot", name)
        self.seq = 0
        self.played = -1

    def until(self, done: Callable[[], bool]) -> None:
        """Pump until a condition holds; playing a little meanwhile."""
        end_s = time.monotonic() + WAIT_S
        while not done():
            self.line.pump(time.monotonic())
            self.play()
            if time.monotonic() > end_s:
                tell("late", state=repr(self.view.lobby.room))
                sys.exit(3)
            time.sleep(0.01)

    def play(self) -> None:
        """What a player does now and then."""
        attack, snapshot = self.view.attack, self.view.snapshot
        if attack is not None and attack.tick % 40 == 0 and attack.tick != self.played:
            self.played = attack.tick
            for card in attack.hand:
                self.seq += 1
                if card:
                    self.line.send([PlayCard(self.seq, card)])
        if snapshot is not None and snapshot.tick >= 60 and self.played != -2:
            self.played = -2
            self.seq += 1
            self.line.send([SetSysctl(self.seq, "net.ipv4.tcp_syncookies", 1)])


def tell(event: str, **fields: object) -> None:
    sys.stdout.write(json.dumps({"event": event, **fields}) + "\n")
    sys.stdout.flush()


def main(address: str, name: str, job: str, *more: str) -> None:
    robot = Robot(address, name)
    view = robot.view
    robot.until(lambda: view.welcome is not None)
    if job == "host":
        robot.line.send([CreateRoom("loopback", "versus", more[0])])
        robot.until(lambda: view.lobby.seat is not None)
        tell("seated", code=seat(view).code, token=seat(view).token)
        robot.until(lambda: len(ready_ones(view)) == 1)
        robot.line.send([StartMatch()])
    elif job == "join":
        robot.line.send([JoinRoom(more[0])])
        robot.until(lambda: view.lobby.seat is not None)
        tell("seated", code=seat(view).code, token=seat(view).token)
        robot.line.send([TakeSide("b"), SetReady(True)])
    elif job == "rejoin":
        robot.line.send([Rejoin(more[0])])
        robot.until(lambda: view.lobby.seat is not None)
        tell("seated", code=seat(view).code, token=seat(view).token)
    robot.until(lambda: view.lobby.room is not None and view.lobby.room.half == 2 and running(view))
    tell("second half")
    robot.until(lambda: view.lobby.match is not None and view.lobby.match.over)
    result = view.lobby.match
    assert isinstance(result, MatchResult)
    tell(
        "result",
        winner=result.winner,
        halves=[[half.defender, half.attempts, half.served] for half in result.halves],
        replays=[half.replay for half in result.halves],
    )
    robot.line.close()


def seat(view: GameView) -> Seated:
    assert view.lobby.seat is not None
    return view.lobby.seat


def running(view: GameView) -> bool:
    return view.lobby.room is not None and view.lobby.room.phase == "running"


def ready_ones(view: GameView) -> list[str]:
    room = view.lobby.room
    return [one.name for one in room.players if one.ready] if isinstance(room, RoomState) else []


if __name__ == "__main__":
    main(*sys.argv[1:])
    sys.exit(0)
