"""How the player wants the game to look and sound, kept between sessions."""

import getpass
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from game.client.kept_file import KeptFile, Trouble
from game.paths import config_folder
from game.protocol.limits import NAME_LENGTH_MAX

Volume = Annotated[int, Meta(ge=0, le=10)]


class Settings(msgspec.Struct, frozen=True):
    """The settings.

    Attributes:
        theme: a key of `game.client.theme.THEMES`.
        lang: language of every text.
        text_delta: design units added to every text size.
        reduced_motion: cuts in place of tweens.
        patterns: hatching beside colour where a bar has several parts.
        volume, effects_volume: 0 to 10, multiplied; sound is never the only cue.
        keys: names of keys by names of actions, where they differ from `game.client.keys`.
        full_screen: whether the window fills the screen.
        name: what others see in a lobby, "" for the name of the account.
    """

    theme: Literal["light", "dark", "contrast"] = "light"
    lang: Literal["en", "zh"] = "en"
    text_delta: Annotated[int, Meta(ge=0, le=2)] = 0
    reduced_motion: bool = False
    patterns: bool = True
    volume: Volume = 7
    effects_volume: Volume = 10
    full_screen: bool = False
    name: Annotated[str, Meta(max_length=NAME_LENGTH_MAX)] = ""
    keys: dict[str, str] = {}


def account_name() -> str:
    """The name of this machine's account, for want of a better one."""
    try:
        name = getpass.getuser()
    except (OSError, KeyError, ImportError):  # No such account; on Windows, no variable.
        return "player"
    return "".join(sign for sign in name if sign.isprintable())[:NAME_LENGTH_MAX] or "player"


class SettingsStore:
    """The settings in force, and their file.

    Attributes:
        now: the settings in force.
        troubles: what went wrong with the file and was not shown yet.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._file = KeptFile((folder or config_folder()) / "settings.json")
        self.troubles: list[Trouble] = []
        self.now = self._read()

    def _read(self) -> Settings:
        data, trouble = self._file.read()
        if trouble is not None:
            self.troubles.append(trouble)
        if data is None:
            return Settings()
        try:
            return msgspec.json.decode(data, type=Settings)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            self.troubles.append(self._file.set_aside())
            return Settings()

    def put(self, settings: Settings) -> None:
        """Let new settings hold, and keep them."""
        if settings == self.now:
            return
        self.now = settings
        trouble = self._file.write(msgspec.json.format(msgspec.json.encode(settings)))
        if trouble is not None:
            self.troubles.append(trouble)

    def toggle_full_screen(self) -> None:
        """What F11 does."""
        self.put(msgspec.structs.replace(self.now, full_screen=not self.now.full_screen))
