"""Announcing a server on the LAN by DNS-SD, so that nobody types an address."""

import contextlib
import socket
from collections.abc import Sequence

from zeroconf import InterfaceChoice, NonUniqueNameException, ServiceInfo
from zeroconf.asyncio import AsyncZeroconf

from game.protocol.limits import PROTOCOL_MAX, SERVICE_TYPE


class Announcement:
    """One server's entry on the LAN.

    Args:
        name: of the server.
        port: where it listens.
        interfaces: addresses of the interfaces to announce on; empty for all of them.

    Attributes:
        trouble: why nothing is announced, "" if it is.
    """

    def __init__(self, name: str, port: int, build: str, interfaces: Sequence[str] = ()) -> None:
        self._name = name
        self._port = port
        self._build = build
        self._interfaces = list(interfaces)
        self._zeroconf: AsyncZeroconf | None = None
        self.trouble = ""

    async def begin(self) -> None:
        """Announce; where that cannot be, the reason is kept and play goes on."""
        try:
            self._zeroconf = AsyncZeroconf(interfaces=self._interfaces or InterfaceChoice.All)
            task = await self._zeroconf.async_register_service(self._info(self._name))
            await task
        except NonUniqueNameException:
            self.trouble = f"Another game on this network is called {self._name}."
        except OSError as error:
            self.trouble = f"This machine lets nothing be announced ({error.strerror or error})."

    async def end(self) -> None:
        """Take the entry back."""
        zeroconf, self._zeroconf = self._zeroconf, None
        if zeroconf is not None:
            with contextlib.suppress(OSError):
                await zeroconf.async_unregister_all_services()
            await zeroconf.async_close()

    def _info(self, name: str) -> ServiceInfo:
        addresses = self._interfaces or own_addresses()
        return ServiceInfo(
            SERVICE_TYPE,
            f"{name}.{SERVICE_TYPE}",
            addresses=[socket.inet_aton(address) for address in addresses],
            port=self._port,
            properties={"version": str(PROTOCOL_MAX), "build": self._build, "name": name},
            server=f"station443-{socket.gethostname()}-{self._port}.local.",
        )


def own_addresses() -> list[str]:
    """IPv4 addresses under which others may reach this machine; loopback if there is no other."""
    found: list[str] = []
    with contextlib.suppress(OSError):
        found = [
            str(entry[4][0])
            for entry in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)
        ]
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))  # Sends nothing; asks which way out there would be.
        found.insert(0, probe.getsockname()[0])
    others = [one for one in dict.fromkeys(found) if not one.startswith("127.")]
    return others or ["127.0.0.1"]
