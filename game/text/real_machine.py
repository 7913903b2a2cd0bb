"""What shows and what sets on a real machine the things that a level is about."""

from collections.abc import Mapping, Sequence

COMMANDS_MAX = 5

COUNTERS = (
    "TcpExtListenOverflows",
    "TcpExtTCPReqQFullDrop",
    "TcpExtSyncookiesSent",
    "TcpExtSyncookiesRecv",
    "TcpExtListenDrops",
    "TcpExtTCPReqQFullDoCookies",
    "TcpExtEmbryonicRsts",
    "TcpExtSyncookiesFailed",
    "TcpExtTCPTimeouts",
    "TcpOutRsts",
)
"""Counters worth a place on a board, the most telling first."""

WARNINGS_EN: dict[str, str] = {
    "somaxconn": "A ceiling only: programs that are running keep their backlog until listen().",
    "tcp_max_syn_backlog": "Means something only while tcp_syncookies is 0.",
    "tcp_syncookies": "2 is for tests. With 0 one flood closes the port.",
    "tcp_synack_retries": "Few retries forget slow and lossy clients first.",
    "tcp_abort_on_overflow": "Clients see resets in place of a short wait; leave it 0 if unsure.",
    "tcp_migrate_req": "Needs Linux 5.14 or newer.",
    "backlog": "A long queue hides a slow server: people wait, then give up.",
    "buckets": "Whoever hashes to a stuck worker waits for it.",
    "workers": "Each takes memory; more than the cores can feed only switch.",
    "processes": "Each takes memory and a share of the connections.",
    "model": "Test modules first: threads share what processes did not.",
    "wait": "Chosen by the server itself; shown here so that you can look for it.",
    "accept_mutex": "One at a time: a long queue is taken more slowly.",
    "keepalive_s": "Idle connections hold memory, and under prefork a worker.",
    "request_timeout_s": "Slow but honest clients are cut off too.",
    "send_timeout_s": "Slow but honest readers are cut off too.",
    "rcvbuf": "Switches autotuning off for these sockets.",
    "sndbuf": "Switches autotuning off for these sockets.",
    "nofile": "The limit counts for the whole process, log files included.",
    "pinning": "Pinned threads cannot get out of the way of interrupts.",
    "defer_accept_s": "Servers that speak first (SMTP, SSH) never get to speak.",
    "rx_ring": "Until the next boot; the link may go down for a moment.",
    "filter": "It stops travellers from the same networks. Keep a way in for yourself.",
    "other": "Read what it does before you set it.",
}

WARNINGS_ZH: dict[str, str] = {
    "somaxconn": "只是上限：正在运行的程序要再次 listen() 才会变。",
    "tcp_max_syn_backlog": "只有 tcp_syncookies 为 0 时才有意义。",
    "tcp_syncookies": "2 只供测试。设为 0 时，一次洪水就能封住端口。",
    "tcp_synack_retries": "次数少了，先被忘掉的是慢而丢包的客户端。",
    "tcp_abort_on_overflow": "客户端会看到复位，而不是短暂的等待；没把握就保持 0。",
    "tcp_migrate_req": "需要 Linux 5.14 或更新。",
    "backlog": "长队会掩盖慢的服务器：人们等一阵，然后放弃。",
    "buckets": "散列到卡住的 worker 的人，只能等它。",
    "workers": "每个都占内存；核喂不饱的，只会来回切换。",
    "processes": "每个都占内存，并分走一部分连接。",
    "model": "先测试模块：进程不共享的，线程会共享。",
    "wait": "由服务器自己选择；写在这里，便于你查看。",
    "accept_mutex": "一次一个：长队会取得更慢。",
    "keepalive_s": "空闲连接占内存，在 prefork 下还占一个 worker。",
    "request_timeout_s": "慢而诚实的客户端也会被切断。",
    "send_timeout_s": "慢而诚实的读者也会被切断。",
    "rcvbuf": "会关闭这些套接字的自动调节。",
    "sndbuf": "会关闭这些套接字的自动调节。",
    "nofile": "这个上限算整个进程的，日志文件也在内。",
    "pinning": "绑定的线程躲不开中断。",
    "defer_accept_s": "先开口的服务器（SMTP、SSH）永远没有机会开口。",
    "rx_ring": "重启后失效；链路可能会断一下。",
    "filter": "同一网段的旅客也会被拦。给自己留一条路。",
    "other": "先弄清它的作用，再设置。",
}


def warning(lang: str, name: str) -> str:
    """What to mind when a setting goes to a real machine; by full or last name."""
    texts = WARNINGS_ZH if lang == "zh" else WARNINGS_EN
    return texts.get(name.rsplit(".", 1)[-1], texts["other"])


def telling_counters(counters: Mapping[str, int], count: int) -> list[str]:
    """So many counters: those that moved, the most telling first, then the rest."""
    moved = [name for name in COUNTERS if counters.get(name)]
    return [*moved, *(name for name in COUNTERS if name not in moved)][:count]


def look_commands(
    port: int, knobs: Sequence[str], counters: Mapping[str, int], *, calls: bool
) -> list[str]:
    """Up to five commands that show what a level's knobs and counters stand for.

    Args:
        port: that the level serves.
        knobs: kernel names of what is open, the lesson first.
        counters: how they stood at the end.
        calls: the player made the calls.
    """
    found = [f"ss -ltn 'sport = :{port}'"]
    if calls:
        found.append("strace -e trace=network -p PID")
    found += [f"nstat -az {name}" for name in telling_counters(counters, 2)]
    found += [f"sysctl {name}" for name in knobs if name.startswith("net.")]
    if "rx_ring" in knobs:
        found.append("ethtool -g eth0")
    return found[:COMMANDS_MAX]
