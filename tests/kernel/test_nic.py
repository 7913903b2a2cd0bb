"""The card: an even spread over queues, and what ethtool prints."""

from game.kernel.nic import RxRing, ethtool_g, ethtool_s, rss_queue
from game.kernel.reuseport import ListenerGroup
from game.kernel.segment import Flow
from game.kernel.stack import Stack
from game.kernel.sysctl import Sysctls


def test_flows_spread_evenly_and_a_flow_stays_at_its_queue() -> None:
    flows = [Flow(0x0A000000 + i, 1024 + i % 7, 0xCB007101, 443) for i in range(8000)]
    queues = [rss_queue(flow, 4) for flow in flows]
    deviation = (8000 * 0.25 * 0.75) ** 0.5
    assert all(abs(queues.count(i) - 2000) < 5 * deviation for i in range(4))
    assert queues == [rss_queue(flow, 4) for flow in flows]


def test_queue_and_listener_of_a_flow_are_independent() -> None:
    """The card hashes with its own key: one queue's flows do not all meet one listener."""
    group: ListenerGroup[str] = ListenerGroup(Stack(Sysctls(), 99, 0).boot_key)
    group.members += ["a", "b"]
    flows = [Flow(0x0A000000 + i, 1024, 0xCB007101, 443) for i in range(4000)]
    chosen = [group.select(flow) for flow in flows if rss_queue(flow, 2) == 0]
    assert 0.45 < chosen.count("a") / len(chosen) < 0.55


def test_ethtool_sums_the_rings() -> None:
    first, second = RxRing(512), RxRing(512)
    first.rx_packets, second.rx_packets = 10, 5
    second.rx_missed_errors = 3
    first.rx_xdp_drop = 2
    assert ethtool_s([first, second]).splitlines() == [
        "NIC statistics:",
        "     rx_packets: 15",
        "     rx_missed_errors: 3",
        "     rx_xdp_drop: 2",
        "     rx_queue_0_packets: 10",
        "     rx_queue_1_packets: 5",
    ]
    settings = ethtool_g([first, second])
    assert settings.startswith("Ring parameters for eth0:\nPre-set maximums:\nRX:\t\t8192\n")
    assert settings.split("Current hardware settings:\n")[1].startswith("RX:\t\t512\n")
