"""A link to a server on the network: a WebSocket, read and written by threads of its own."""

import contextlib
import queue
import ssl
import threading
from collections import deque
from urllib.parse import urlsplit

from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidURI
from websockets.sync.client import ClientConnection, connect

from game.protocol.limits import SERVER_MESSAGE_BYTES_MAX

DEFAULT_PORT = 4430
"""Where `serve` listens if nothing else is said."""

OPEN_S = 5.0
"""Seconds until a server that does not answer is given up."""

_OUT_MAX = 500


class NoServer(Exception):
    """There is no server; `code` is a key of `game.text.lobby`.

    Attributes:
        args: what the sentence needs.
    """

    def __init__(self, code: str, address: str, why: str) -> None:
        super().__init__(f"{address}: {why}")
        self.code = code
        self.blanks: dict[str, str | int] = {"address": address, "why": why}


class NetLink:
    """This client's end of a WebSocket; opening one takes a while, so do it off the frame.

    Args:
        connection: an open WebSocket.
        ending: closes it.
    """

    def __init__(self, connection: ClientConnection, ending: contextlib.ExitStack) -> None:
        self._connection = connection
        self._ending = ending
        self._incoming: deque[bytes] = deque()
        self._outgoing: queue.Queue[bytes | None] = queue.Queue(_OUT_MAX)
        self._closed = False
        threading.Thread(target=self._read, name="net read", daemon=True).start()
        threading.Thread(target=self._write, name="net write", daemon=True).start()

    def _read(self) -> None:
        try:
            for data in self._connection:
                self._incoming.append(data.encode() if isinstance(data, str) else data)
        except (ConnectionClosed, OSError):
            pass
        finally:
            self._closed = True

    def _write(self) -> None:
        while (data := self._outgoing.get()) is not None:
            try:
                self._connection.send(data)
            except (ConnectionClosed, OSError):
                self._closed = True
                return
        with contextlib.suppress(OSError, ConnectionClosed):
            self._ending.close()

    def send(self, data: bytes) -> None:
        """Hand one message over; on a connection that takes nothing any more it is lost."""
        if not self._closed:
            with contextlib.suppress(queue.Full):
                self._outgoing.put_nowait(data)

    def receive(self) -> bytes | None:
        """The next message, None when none waits."""
        try:
            return self._incoming.popleft()
        except IndexError:
            return None

    def close(self) -> None:
        """Send what waits, and close."""
        if not self._closed:
            with contextlib.suppress(queue.Full):
                self._outgoing.put_nowait(None)

    @property
    def closed(self) -> bool:
        """True when an end has closed and nothing waits any more."""
        return self._closed and not self._incoming

    @property
    def is_slow(self) -> bool:
        """Whether much waits to be sent; a player sends little."""
        return self._outgoing.full()


def open_link(address: str, tls: ssl.SSLContext | None = None) -> NetLink:
    """Connect to a server; takes up to `OPEN_S` seconds.

    Args:
        address: "HOST", "HOST:PORT", or a whole ws:// or wss:// URI.
        tls: whom to trust on wss://; the machine's own authorities if none is given.

    Raises:
        NoServer: there is none, with the reason in words.
    """
    uri = uri_of(address)
    context = None
    if uri.startswith("wss:"):
        context = tls or ssl.create_default_context()
    ending = contextlib.ExitStack()
    try:
        connection = ending.enter_context(
            connect(
                uri,
                open_timeout=OPEN_S,
                compression=None,
                max_size=SERVER_MESSAGE_BYTES_MAX,
                ssl=context,
            )
        )
    except TimeoutError as error:
        raise NoServer("no_answer", address, "timed out") from error
    except ConnectionRefusedError as error:
        raise NoServer("nobody_listens", address, "Connection refused") from error
    except (InvalidURI, InvalidHandshake, ValueError) as error:
        raise NoServer("no_game_there", address, str(error)) from error
    except OSError as error:
        raise NoServer("unreachable", address, str(error.strerror or error)) from error
    return NetLink(connection, ending)


def uri_of(address: str) -> str:
    """The URI of an address as a person types it."""
    text = address.strip()
    if "//" in text:
        return text
    if text.count(":") > 1 and not text.startswith("["):
        text = f"[{text}]"  # An IPv6 address without a port.
    return f"ws://{text}" if urlsplit(f"//{text}").port else f"ws://{text}:{DEFAULT_PORT}"
