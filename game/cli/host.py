"""A server of one's own beside the window: in a thread of this process, until the window closes."""

import asyncio
import secrets
import threading

from game import __version__
from game.cli.serve import now
from game.cli.shelf import all_arenas, all_levels
from game.client.doors import Hosted
from game.client.net import DEFAULT_PORT, NoServer, open_link
from game.level.schema import Level
from game.paths import data_folder
from game.server.archive import Archive
from game.server.discovery import own_addresses
from game.server.lobby import Lobby
from game.server.serve import Address, GameServer

PORTS_TRIED = 10
"""Ports that are tried from the usual one on: so many games may run on one machine."""

CLOSE_S = 3.0

ADDRESS = "0.0.0.0"
"""Where it listens: on every interface, for it is there for others."""


class HostThread:
    """The server, once `open` was called.

    Args:
        extra: levels besides the game's own.
    """

    def __init__(self, extra: tuple[Level, ...] = ()) -> None:
        self._extra = extra
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._ready = threading.Event()
        self._thread: threading.Thread | None = None
        self._port = 0
        self._trouble = ""
        self._why = ""
        self._error = ""

    def open(self, name: str) -> Hosted:
        """Listen, announce, and go there; takes a second or two.

        Raises:
            NoServer: no port can be had.
        """
        token = secrets.token_urlsafe(9)
        ids = {level.id for level in self._extra}
        levels = [one for one in (*all_levels(), *all_arenas()) if one.id not in ids]
        lobby = Lobby(
            [*levels, *self._extra],
            name=name,
            build=__version__,
            teacher_token=token,
            archive=Archive(data_folder() / "matches"),
            today=now,
        )
        self._thread = threading.Thread(target=self._serve, args=(lobby,), name="host", daemon=True)
        self._thread.start()
        self._ready.wait()
        if self._error:
            raise NoServer("port_taken", ADDRESS, self._error)
        address = f"{own_addresses()[0]}:{self._port}"
        try:
            link = open_link(f"127.0.0.1:{self._port}")
        except NoServer:
            self.close()
            raise
        return Hosted(link, address, name, token, self._trouble, self._why, self.close)

    def close(self) -> None:
        """Say goodbye to everybody, and end."""
        if self._loop is not None and self._stop is not None and self._loop.is_running():
            self._loop.call_soon_threadsafe(self._stop.set)
        if self._thread is not None:
            self._thread.join(CLOSE_S)

    def _serve(self, lobby: Lobby) -> None:
        try:
            asyncio.run(self._run(lobby))
        except Exception as error:  # Whatever it is, the one who waits is told.
            self._error = str(error)
        finally:
            self._ready.set()

    async def _run(self, lobby: Lobby) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        # The last try takes whatever port is free.
        for port in (*range(DEFAULT_PORT, DEFAULT_PORT + PORTS_TRIED), 0):
            server = GameServer(lobby, Address(ADDRESS, port))
            try:
                async with server.open(__version__) as announcement:
                    self._port = server.port
                    self._trouble, self._why = announcement.trouble, announcement.why
                    self._error = ""
                    self._ready.set()
                    await self._stop.wait()
                return
            except OSError as error:
                self._error = error.strerror or str(error)
                if self._ready.is_set():
                    return
