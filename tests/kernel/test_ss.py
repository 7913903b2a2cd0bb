"""The text of ss, netstat and nstat on a small machine."""

from game.kernel.host import Host
from game.kernel.ss import netstat_ltn, netstat_s, nstat_az, ss_ltn, ss_tan
from tests.kernel.machines import connect, host, listening, syn


def machine() -> Host:
    made = host(tcp_syncookies=0)
    listening(made, 1)
    for number in range(2):
        connect(made, number)
    syn(made, 2)
    return made


def test_ss_shows_the_accept_queue_and_the_backlog() -> None:
    assert ss_ltn(machine()) == (
        "State  Recv-Q Send-Q Local Address:Port Peer Address:PortProcess\n"
        "LISTEN 2      1            0.0.0.0:80        0.0.0.0:*          \n"
    )


def test_ss_shows_half_open_requests_as_syn_recv() -> None:
    made = machine()
    assert made.accept(3, 0) > 0
    syn(made, 3)
    states = [line.split()[:3] for line in ss_tan(made).splitlines()[1:]]
    assert states == [
        ["LISTEN", "1", "1"],
        ["ESTAB", "0", "0"],
        ["ESTAB", "0", "0"],
        ["SYN-RECV", "0", "0"],
    ]


def test_netstat_shows_the_accept_queue_but_no_backlog() -> None:
    assert netstat_ltn(machine()).splitlines()[-1].split() == [
        "tcp",
        "2",
        "0",
        "0.0.0.0:80",
        "0.0.0.0:*",
        "LISTEN",
    ]


def test_netstat_puts_counters_into_its_own_words() -> None:
    text = netstat_s(machine())
    assert "    1 times the listen queue of a socket overflowed\n" in text
    assert "    1 SYNs to LISTEN sockets dropped\n" in text
    assert "    0 active connection openings\n    2 passive connection openings\n" in text
    assert "segments retransmitted\n    0 bad segments received\n" in text
    assert "    2 connections established\n" in text
    assert "SYN cookies" not in text


def test_nstat_prints_what_was_asked_for() -> None:
    made = machine()
    assert nstat_az(made, ["TcpExtListen*", "tcppassiveopens"]) == (
        "#kernel\n"
        "TcpPassiveOpens                 2                  0.0\n"
        "TcpExtListenOverflows           1                  0.0\n"
        "TcpExtListenDrops               1                  0.0\n"
    )
    assert "TcpExtSyncookiesSent            0 " in nstat_az(made)
