"""The scenes on top of each other, and what their outcomes do to them."""

from collections.abc import Sequence

from game.client.scene import Outcome, Pop, Push, Quit, Replace, Scene, Send, Step
from game.protocol.messages import ClientMessage

DEPTH_MAX = 8
"""Scenes on top of each other; the deepest way there is takes four."""


class SceneStack:
    """Applies outcomes; the scene on top is the one that is seen.

    Attributes:
        finished: True once the player has left.
        outgoing: messages that scenes want sent, oldest first.
    """

    def __init__(self, first: Scene) -> None:
        self._scenes: list[Scene] = [first]
        self.finished = False
        self.outgoing: list[ClientMessage] = []

    @property
    def top(self) -> Scene:
        """The scene that is seen."""
        return self._scenes[-1]

    @property
    def scenes(self) -> Sequence[Scene]:
        """All of them, the first at the bottom."""
        return tuple(self._scenes)

    def apply(self, outcome: Outcome) -> None:
        """Do what a scene asks for."""
        if outcome is None:
            return
        for step in outcome if isinstance(outcome, tuple) else (outcome,):
            self._step(step)

    def _step(self, step: Step) -> None:
        match step:
            case Push(scene=scene):
                assert len(self._scenes) < DEPTH_MAX, "scenes pile up"
                self._scenes.append(scene)
            case Replace(scene=scene):
                self._scenes[-1] = scene
            case Pop():
                self._scenes.pop()
                if not self._scenes:
                    raise AssertionError("the first scene leaves with Quit")
            case Send(messages=messages):
                self.outgoing.extend(messages)
            case Quit():
                self.finished = True

    def show(self, *scenes: Scene) -> None:
        """Let scenes stand on the first one, the last on top, whatever stood there."""
        self._scenes[1:] = scenes

    def home(self) -> None:
        """Back to the first scene."""
        del self._scenes[1:]

    def drain(self) -> list[ClientMessage]:
        """The messages to send; they are handed out once."""
        messages, self.outgoing = self.outgoing, []
        return messages
