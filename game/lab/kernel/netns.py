"""Two network namespaces joined by a veth pair, made for one case and removed after it.

They are named after this process, so that a later run can remove what a killed one left. Nothing
outside of them is touched: both ends of the pair are born inside.
"""

from __future__ import annotations

import importlib.util
import itertools
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Final, NamedTuple

PREFIX: Final = "s443"
INTERFACE: Final = "s443"
SERVER_ADDRESS: Final = "10.0.0.1"
CLIENT_ADDRESS: Final = "10.0.0.2"
SERVER_MAC: Final = "02:00:00:00:04:01"
CLIENT_MAC: Final = "02:00:00:00:04:02"

_SERIAL = itertools.count()


class NoKernelHere(RuntimeError):
    """Namespaces cannot be made; the text is one sentence that says what to do."""


def require_kernel() -> None:
    """Check what can be checked before a namespace is made.

    Raises:
        NoKernelHere: this is not Linux, nobody is root, or pyroute2 is missing.
    """
    if sys.platform != "linux":
        raise NoKernelHere("lab kernel needs Linux: it plays on the kernel of this machine.")
    if os.geteuid() != 0:
        raise NoKernelHere("lab kernel needs root, to make network namespaces: run it with sudo.")
    if importlib.util.find_spec("pyroute2") is None:
        raise NoKernelHere("lab kernel needs pyroute2: pip install 'station443[lab]'.")


class Pair(NamedTuple):
    """The names of the two namespaces."""

    server: str
    client: str


class Namespaces:
    """A pair of namespaces, for the time of a `with`.

    Raises:
        NoKernelHere: the kernel refuses to make them.
    """

    def __init__(self) -> None:
        serial = next(_SERIAL)
        self._pair = Pair(*(f"{PREFIX}-{os.getpid()}-{serial}{side}" for side in "sc"))

    def __enter__(self) -> Pair:
        from pyroute2 import netns  # noqa: PLC0415
        from pyroute2.netlink.exceptions import NetlinkError  # noqa: PLC0415

        try:
            for name in self._pair:
                netns.create(name)
            _join(self._pair)
        except (OSError, NetlinkError) as error:
            self._remove()
            raise NoKernelHere(
                f"The kernel makes no network namespaces here ({error}); "
                "in a container, give it CAP_SYS_ADMIN and CAP_NET_ADMIN."
            ) from error
        except BaseException:
            self._remove()
            raise
        return self._pair

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._remove()

    def _remove(self) -> None:
        for name in self._pair:
            _remove(name)


def remove_stale() -> list[str]:
    """Remove the namespaces of runs that are no more; their names."""
    from pyroute2 import netns  # noqa: PLC0415

    stale = []
    for name in sorted(netns.listnetns()):
        parts = name.split("-")
        if len(parts) != 3 or parts[0] != PREFIX or not parts[1].isdecimal():
            continue
        if not Path("/proc", parts[1]).exists():
            _remove(name)
            stale.append(name)
    return stale


@contextmanager
def inside(name: str) -> Iterator[None]:
    """This thread in a namespace, and back; sockets made inside stay there."""
    from pyroute2 import netns  # noqa: PLC0415

    netns.pushns(name)
    try:
        yield
    finally:
        netns.popns()


def _remove(name: str) -> None:
    from pyroute2 import netns  # noqa: PLC0415

    with suppress(OSError):
        netns.remove(name)


def _join(pair: Pair) -> None:
    from pyroute2 import NetNS  # noqa: PLC0415

    with NetNS(pair.server, flags=0) as server, NetNS(pair.client, flags=0) as client:
        server.link(
            "add",
            ifname=INTERFACE,
            kind="veth",
            address=SERVER_MAC,
            peer={"ifname": INTERFACE, "address": CLIENT_MAC, "net_ns_fd": pair.client},
        )
        _bring_up(server, SERVER_ADDRESS, CLIENT_ADDRESS, CLIENT_MAC)
        _bring_up(client, CLIENT_ADDRESS, SERVER_ADDRESS, SERVER_MAC)
        # Every address there is lives behind the peer; nobody is asked for by ARP.
        server.route("add", dst="0.0.0.0/0", gateway=CLIENT_ADDRESS)


def _bring_up(stack: Any, address: str, neighbour: str, neighbour_mac: str) -> None:
    loopback = stack.link_lookup(ifname="lo")[0]
    stack.link("set", index=loopback, state="up")
    index = stack.link_lookup(ifname=INTERFACE)[0]
    stack.addr("add", index=index, address=address, prefixlen=24)
    stack.link("set", index=index, state="up")
    stack.neigh("add", dst=neighbour, lladdr=neighbour_mac, ifindex=index, state="permanent")
