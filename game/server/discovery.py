"""Announcing a server on the LAN by DNS-SD, so that nobody types an address."""

import contextlib
import ipaddress
import secrets
import socket
from collections.abc import Sequence

import ifaddr
from zeroconf import BadTypeInNameException, InterfaceChoice, NonUniqueNameException, ServiceInfo
from zeroconf.asyncio import AsyncZeroconf

from game.protocol.limits import PROTOCOL_MAX, SERVICE_TYPE
from game.server.plain import plain

LABEL_BYTES_MAX = 48
"""Bytes of a name in its entry: a label has 63 (RFC 6763, 4.1.1), and a number may be added."""

NAME_BYTES_MAX = 200
"""Bytes of a name in its text record: a string there has 255 (RFC 6763, 6.1), key included."""

EVERYWHERE = ("", "0.0.0.0", "::")
"""Hosts that stand for every interface."""


class Announcement:
    """One server's entry on the LAN.

    Args:
        name: of the server; if another one has it already, a number is put behind it.
        port: where it listens.
        host: where it listens; it is announced on the interface of that address only.

    Attributes:
        trouble: why nothing is announced, as a code of `game.text.lobby`; "" if it is.
        why: what the system said about it.
    """

    def __init__(self, name: str, port: int, build: str, host: str = "") -> None:
        self._name = name
        self._port = port
        self._build = build
        self._host = host
        self._zeroconf: AsyncZeroconf | None = None
        self.trouble = ""
        self.why = ""

    async def begin(self) -> None:
        """Announce; where that cannot be, the reason is kept and play goes on."""
        try:
            addresses = reachable_addresses(self._host)
            if not addresses:
                self._fail("announce_no_address", self._host)
                return
            interfaces = InterfaceChoice.All if self._host in EVERYWHERE else addresses
            self._zeroconf = AsyncZeroconf(interfaces=interfaces)
            task = await self._zeroconf.async_register_service(
                self._info(addresses), allow_name_change=True
            )
            await task
        except (NonUniqueNameException, BadTypeInNameException) as error:
            self._fail("announce_name", str(error))
        except OSError as error:
            self._fail("announce_forbidden", str(error.strerror or error))

    def _fail(self, code: str, why: str) -> None:
        self.trouble, self.why = code, why

    async def end(self) -> None:
        """Take the entry back."""
        zeroconf, self._zeroconf = self._zeroconf, None
        if zeroconf is not None:
            with contextlib.suppress(OSError):
                await zeroconf.async_unregister_all_services()
            await zeroconf.async_close()

    def _info(self, addresses: Sequence[str]) -> ServiceInfo:
        name = plain(self._name) or "Station 443"
        return ServiceInfo(
            SERVICE_TYPE,
            f"{cut(name, LABEL_BYTES_MAX)}.{SERVICE_TYPE}",
            addresses=[socket.inet_aton(address) for address in addresses],
            port=self._port,
            properties={
                "version": str(PROTOCOL_MAX),
                "build": self._build,
                "name": cut(name, NAME_BYTES_MAX),
            },
            # Machines of a class often share one host name; their addresses must not be mixed up.
            server=f"station443-{secrets.token_hex(6)}.local.",
        )


def cut(text: str, bytes_max: int) -> str:
    """As much of a text as has so many bytes in UTF-8."""
    return text.encode()[:bytes_max].decode(errors="ignore").strip()


def reachable_addresses(host: str) -> list[str]:
    """IPv4 addresses under which a server that listens at `host` can be reached."""
    if host in EVERYWHERE:
        return own_addresses()
    with contextlib.suppress(OSError):
        found = socket.getaddrinfo(host, None, socket.AF_INET, socket.SOCK_STREAM)
        return list(dict.fromkeys(str(entry[4][0]) for entry in found))
    return []


def own_addresses() -> list[str]:
    """IPv4 addresses under which others may reach this machine; loopback if there is no other.

    The one of the way out comes first, those that a machine gives itself where no other gives it
    one (169.254.0.0/16) last.
    """
    found = [
        str(address.ip)
        for adapter in ifaddr.get_adapters()
        for address in adapter.ips
        if address.is_IPv4
    ]
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))  # Sends nothing; asks which way out there would be.
        found.insert(0, str(probe.getsockname()[0]))
    others = [one for one in dict.fromkeys(found) if not ipaddress.ip_address(one).is_loopback]
    others.sort(key=lambda one: ipaddress.ip_address(one).is_link_local)
    return others or ["127.0.0.1"]
