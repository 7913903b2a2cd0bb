"""A cookie comes back after a later SYN of the same flow was admitted: the request stays."""

from game.lab.scripted import play_steps

STEPS = [
    {"do": "syn", "flows": [0, 2]},
    {"do": "ack", "flows": [0, 1]},
    {"do": "accept"},
    {"do": "syn", "flows": [1, 2]},
    {"do": "ack", "flows": [1, 2]},
    {"do": "sample"},
    {"do": "wait", "until": 80},
    {"do": "accept"},
    {"do": "sample"},
]


def test_the_request_keeps_its_place() -> None:
    """As recorded on Linux 6.18.44: the cookie's socket is counted as opened and thrown away."""
    machine = {"sysctl": {"net.ipv4.tcp_syncookies": 1}, "listeners": [{"backlog": 0}]}

    simulated = play_steps({"id": "x", "kind": "steps", "machine": machine, "steps": STEPS})

    now, later = simulated["samples"]
    assert now["states"] == {"ESTAB": 1, "SYN-RECV": 1}
    assert now["counters"]["TcpPassiveOpens"] == 2
    assert now["counters"]["TcpExtSyncookiesRecv"] == 1
    assert now["rsts"] == 0
    assert later["states"] == {"ESTAB": 1}
    assert simulated["accepted"] == [1]
