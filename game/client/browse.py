"""Which games there are on the LAN, and if none is found, why."""

import ipaddress
import socket
import threading
from collections.abc import Sequence
from typing import NamedTuple

import ifaddr
from zeroconf import InterfaceChoice, IPVersion, ServiceBrowser, ServiceStateChange, Zeroconf

from game.protocol.limits import PROTOCOL_MAX, PROTOCOL_MIN, SERVICE_TYPE

LOOKUP_MS = 2000
"""How long a game's address is asked for once its name was heard."""


class FoundGame(NamedTuple):
    """One game on the LAN.

    Attributes:
        address: for `net.open_link`.
        build: its release.
        speaks: whether it speaks a version of the protocol that this game does.
    """

    name: str
    address: str
    build: str
    speaks: bool


class Browser:
    """Listens for games; heard in threads of its own, asked for by the frame.

    Args:
        interfaces: addresses of the interfaces to listen on; empty for all of them.

    Attributes:
        trouble: why this machine cannot listen, "" if it can.
    """

    def __init__(self, interfaces: Sequence[str] = ()) -> None:
        self._games: dict[str, FoundGame] = {}
        self._lock = threading.Lock()
        self._zeroconf: Zeroconf | None = None
        self.trouble = ""
        try:
            self._zeroconf = Zeroconf(
                interfaces=list(interfaces) or InterfaceChoice.All, ip_version=IPVersion.V4Only
            )
            ServiceBrowser(self._zeroconf, SERVICE_TYPE, handlers=[self._note])
        except OSError as error:
            self.trouble = str(error.strerror or error)

    @property
    def games(self) -> list[FoundGame]:
        """What was heard so far, by name."""
        with self._lock:
            return [self._games[name] for name in sorted(self._games)]

    def self_test(self) -> list[str]:
        """Why nothing may be found; takes up to a second."""
        return self_test(self)

    def close(self) -> None:
        """Stop listening."""
        if self._zeroconf is not None:
            self._zeroconf.close()

    def _note(
        self, zeroconf: Zeroconf, service_type: str, name: str, state_change: ServiceStateChange
    ) -> None:
        if state_change is ServiceStateChange.Removed:
            with self._lock:
                self._games.pop(name, None)
            return
        info = zeroconf.get_service_info(service_type, name, LOOKUP_MS)
        if info is None or not info.port:
            return
        addresses = info.parsed_addresses(IPVersion.V4Only)
        if not addresses:
            return
        address = nearest(addresses, own_interfaces())
        texts = {
            key.decode(errors="replace"): (value or b"").decode(errors="replace")
            for key, value in info.properties.items()
        }
        version = texts.get("version", "")
        speaks = version.isdecimal() and PROTOCOL_MIN <= int(version) <= PROTOCOL_MAX
        title = texts.get("name") or name.removesuffix(f".{SERVICE_TYPE}")
        found = FoundGame(title, f"{address}:{info.port}", texts.get("build", ""), speaks)
        with self._lock:
            self._games[name] = found


def own_interfaces() -> list[ipaddress.IPv4Interface]:
    """IPv4 addresses of this machine, with their networks."""
    return [
        ipaddress.IPv4Interface(f"{address.ip}/{address.network_prefix}")
        for adapter in ifaddr.get_adapters()
        for address in adapter.ips
        if address.is_IPv4
    ]


def nearest(addresses: Sequence[str], own: Sequence[ipaddress.IPv4Interface]) -> str:
    """The address of a game to go to: one on a network of this machine, else the first.

    A host tells all it has, those of its containers and virtual machines too; such a network is
    here as well, often under the very same address, and leads nowhere.
    """
    mine = {one.ip for one in own}
    theirs = [one for one in addresses if ipaddress.IPv4Address(one) not in mine]
    for address in theirs:
        if any(ipaddress.IPv4Address(address) in one.network for one in own):
            return address
    # All of them are this machine's: the game is here.
    return theirs[0] if theirs else addresses[0]


def self_test(browser: Browser) -> list[str]:
    """Why nothing may be found: codes of `game.text.lobby`, the most likely first.

    Nothing is sent to anybody else; it looks at this machine alone.
    """
    if browser.trouble:
        return ["cannot_listen"]
    here = [str(one.ip) for one in own_interfaces() if not one.is_loopback]
    reasons = []
    if not here:
        reasons.append("no_network")
    if not any(_hears_itself(address) for address in here or ["127.0.0.1"]):
        reasons.append("no_multicast")
    return [*reasons, "other_network", "no_host"]


def _hears_itself(address: str) -> bool:
    """Whether a multicast packet that leaves by the interface of an address comes back."""
    group, word = socket.inet_aton("239.255.44.3"), b"station443"
    interface = socket.inet_aton(address)
    try:
        with (
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ear,
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mouth,
        ):
            ear.bind(("", 0))
            ear.settimeout(0.5)
            ear.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, group + interface)
            mouth.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, interface)
            mouth.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 0)
            mouth.sendto(word, (socket.inet_ntoa(group), ear.getsockname()[1]))
            return ear.recv(64) == word
    except OSError:
        return False
