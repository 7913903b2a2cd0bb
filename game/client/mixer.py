"""The loudspeakers of this machine: opened late, kept quiet, and never missed when absent."""

from typing import Protocol

import pygame

from game.client.settings import Settings
from game.client.sounds import RATE_HZ, SOUNDS, samples
from game.client.stderr import quiet

PLAYS_A_SECOND_MAX = 12
"""More is noise: at 8 times the pace a busy station would start hundreds."""

GAPS_S: dict[str, float] = {
    "gate": 0.25,
    "ticket": 0.3,
    "boarding": 0.3,
    "departure": 1.2,
    "alarm": 2.0,
    "loudspeaker": 1.5,
    "tick": 0.04,
    "star": 0.5,
}
"""How long each sound is silent after it was played, seconds."""

LOUDNESS: dict[str, float] = {
    "gate": 0.25,
    "ticket": 0.35,
    "boarding": 0.35,
    "departure": 0.3,
    "alarm": 0.7,
    "loudspeaker": 0.4,
    "tick": 0.5,
    "star": 0.9,
}
"""How loud each is among the others, 0 to 1."""


class Ears(Protocol):
    """Whoever plays sounds."""

    def play(self, name: str, wall_s: float, settings: Settings) -> None:
        """Play a sound at a moment of the wall clock."""


class Silence:
    """Plays nothing: tests, pictures, machines without a sound card."""

    def play(self, name: str, wall_s: float, settings: Settings) -> None:
        """Nothing."""


class Limits:
    """How often what may sound; knows no sound card."""

    def __init__(self) -> None:
        self._last_s: dict[str, float] = {}
        self._recent_s: list[float] = []

    def allow(self, name: str, wall_s: float) -> bool:
        """Whether a sound may be played now; if so, it counts as played."""
        self._recent_s = [at_s for at_s in self._recent_s if wall_s - at_s < 1.0]
        gap_s = wall_s - self._last_s.get(name, float("-inf"))
        if gap_s < GAPS_S[name] or len(self._recent_s) >= PLAYS_A_SECOND_MAX:
            return False
        self._last_s[name] = wall_s
        self._recent_s.append(wall_s)
        return True


def loudness(name: str, settings: Settings) -> float:
    """The volume of a sound under the player's settings, 0 to 1."""
    return LOUDNESS[name] * settings.volume * settings.effects_volume / 100


class Mixer:
    """Plays sounds through SDL; opens it at the first sound that can be heard.

    Attributes:
        works: False once it turned out that there is no sound card.
    """

    def __init__(self) -> None:
        self.works = True
        self._limits = Limits()
        self._open = False
        self._sounds: dict[str, pygame.mixer.Sound] = {}

    def play(self, name: str, wall_s: float, settings: Settings) -> None:
        """Play a sound, unless it is off, came too soon, or cannot be heard here."""
        volume = loudness(name, settings)
        if not self.works or volume <= 0 or not self._limits.allow(name, wall_s):
            return
        if not self._open:
            self.works = self._open = self._begin()
            if not self.works:
                return
        if name not in self._sounds:
            self._sounds[name] = pygame.mixer.Sound(buffer=samples(name))
        sound = self._sounds[name]
        sound.set_volume(volume)
        sound.play()

    @staticmethod
    def _begin() -> bool:
        """Open the sound card; no card is no fault."""
        try:
            with quiet():
                pygame.mixer.init(RATE_HZ, -16, 1, 512, allowedchanges=0)
        except pygame.error:
            return False
        pygame.mixer.set_num_channels(len(SOUNDS) * 2)
        return True

    def close(self) -> None:
        """Give the sound card back."""
        if self._open:
            self._sounds.clear()
            pygame.mixer.quit()
            self._open = False
