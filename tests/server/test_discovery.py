"""What a server tells the LAN about itself, and which of its addresses a player goes to."""

import asyncio
import ipaddress

import pytest

from game.client.browse import nearest
from game.server.discovery import LABEL_BYTES_MAX, Announcement, cut, own_addresses


@pytest.mark.parametrize(
    ("told", "own", "goes_to"),
    [
        (["10.0.0.5"], ["192.168.1.7/24"], "10.0.0.5"),
        (["10.0.0.5", "192.168.1.20"], ["192.168.1.7/24"], "192.168.1.20"),
        (["172.17.0.1", "192.168.1.20"], ["192.168.1.7/24", "172.17.0.1/16"], "192.168.1.20"),
        (["172.17.0.1", "10.1.1.1"], ["192.168.1.7/24", "172.17.0.1/16"], "10.1.1.1"),
        (["192.168.1.7", "172.17.0.1"], ["192.168.1.7/24", "172.17.0.1/16"], "192.168.1.7"),
    ],
    ids=["the only one", "the same network", "not one's own bridge", "not here", "this machine"],
)
def test_a_player_goes_to_an_address_on_his_own_network(
    told: list[str], own: list[str], goes_to: str
) -> None:
    assert nearest(told, [ipaddress.IPv4Interface(one) for one in own]) == goes_to


def test_a_name_is_cut_between_signs() -> None:
    assert cut("站长的车站" * 5, LABEL_BYTES_MAX) == ("站长的车站" * 5)[: LABEL_BYTES_MAX // 3]
    assert cut("Mei", LABEL_BYTES_MAX) == "Mei"


def test_there_is_always_an_address_to_tell() -> None:
    assert own_addresses()
    others = [one for one in own_addresses() if not ipaddress.ip_address(one).is_loopback]
    assert own_addresses() in (others, ["127.0.0.1"])


@pytest.mark.loopback
@pytest.mark.parametrize("name", ["站长的车站" * 12, "a.b\nc" * 40, "🚉" * 30, " ", "\x00\x07"])
def test_any_name_can_be_announced(name: str) -> None:
    async def announced() -> str:
        announcement = Announcement(name, 4430, "test", "127.0.0.1")
        await announcement.begin()
        await announcement.end()
        return announcement.trouble

    assert asyncio.run(announced()) == ""


@pytest.mark.loopback
def test_two_servers_of_one_name_are_both_announced() -> None:
    async def troubles() -> list[str]:
        two = [Announcement("Mei's station", port, "test", "127.0.0.1") for port in (4430, 4431)]
        for one in two:
            await one.begin()
        for one in two:
            await one.end()
        return [one.trouble for one in two]

    assert asyncio.run(troubles()) == ["", ""]


def test_where_nothing_can_be_announced_there_is_a_reason() -> None:
    announcement = Announcement("Mei's station", 4430, "test", "::1")
    asyncio.run(announcement.begin())
    assert (announcement.trouble, announcement.why) == ("announce_no_address", "::1")
