"""The player at this client: what he knows, wants and has reached; every scene is given one."""

from collections.abc import Callable
from dataclasses import dataclass, field

from game.client.game_view import GameView
from game.client.keys import KeyMap
from game.client.online import Online
from game.client.progress import Best, Progress, missing_before, next_level
from game.client.settings import SettingsStore, account_name
from game.protocol.catalogue import LevelCard


@dataclass
class Player:
    """What scenes share.

    Attributes:
        view: what the host has told that is played with now: one's own, or a server.
        online: the way to servers.
        new_seed: the seed for a run that the player starts.
    """

    view: GameView
    settings: SettingsStore
    progress: Progress
    new_seed: Callable[[], int]
    online: Online = field(default_factory=Online)

    @property
    def lang(self) -> str:
        """The language of every text."""
        return self.settings.now.lang

    @property
    def name(self) -> str:
        """What others see in a lobby."""
        return self.settings.now.name or account_name()

    @property
    def keys(self) -> KeyMap:
        """Which key does what."""
        return KeyMap(self.settings.now.keys)

    @property
    def cards(self) -> list[LevelCard]:
        """The levels of the host, in order; none before its catalogue has come."""
        return self.view.catalogue.levels if self.view.catalogue else []

    def best(self, level: str) -> Best:
        """The best run on a level."""
        catalogue = self.view.catalogue
        return self.progress.best(catalogue.level_set if catalogue else "", level)

    def stars(self) -> dict[str, int]:
        """Stars by level id."""
        return {card.id: self.best(card.id).stars for card in self.cards}

    def missing_before(self, card: LevelCard) -> list[LevelCard]:
        """Levels that need a star before this one opens."""
        return missing_before(card, self.cards, self.stars())

    def open_ids(self) -> set[str]:
        """Ids of the levels that can be played."""
        stars = self.stars()
        return {card.id for card in self.cards if not missing_before(card, self.cards, stars)}

    def next_level(self) -> LevelCard | None:
        """Where "Continue" leads."""
        return next_level(self.cards, self.stars())
