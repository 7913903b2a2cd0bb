"""What a value of a knob means, with its unit: "64 places", "15 s", "off".

Keys are the last name of a sysctl, or the name of a machine knob.
"""

UNITS: dict[str, tuple[str, str]] = {
    "backlog": ("{n} seats", "{n} 个座位"),
    "somaxconn": ("{n} seats at most", "最多 {n} 个座位"),
    "tcp_max_syn_backlog": ("{n} places", "{n} 个位置"),
    "tcp_synack_retries": ("{n} calls, {till} s", "再叫 {n} 次，共 {till} 秒"),
    "tcp_fin_timeout": ("{n} s", "{n} 秒"),
    "tcp_rmem": ("{n} bytes", "{n} 字节"),
    "tcp_wmem": ("{n} bytes", "{n} 字节"),
    "rmem_max": ("{n} bytes at most", "最多 {n} 字节"),
    "wmem_max": ("{n} bytes at most", "最多 {n} 字节"),
    "netdev_budget": ("{n} packets a round", "每轮 {n} 个包"),
    "buckets": ("{n} listeners", "{n} 个监听者"),
    "workers": ("{n} trains", "{n} 列车"),
    "processes": ("{n} processes", "{n} 个进程"),
    "keepalive_s": ("{n} s", "{n} 秒"),
    "defer_accept_s": ("{n} s", "{n} 秒"),
    "request_timeout_s": ("{n} s", "{n} 秒"),
    "send_timeout_s": ("{n} s", "{n} 秒"),
    "rcvbuf": ("{n} bytes", "{n} 字节"),
    "sndbuf": ("{n} bytes", "{n} 字节"),
    "nofile": ("{n} descriptors", "{n} 个描述符"),
    "rx_ring": ("{n} packets", "{n} 个包"),
}
"""English and Chinese; `n` is the number, `till` when the last call has rung out, in seconds."""

SPECIAL: dict[tuple[str, str], tuple[str, str]] = {
    ("tcp_syncookies", "0"): ("off", "关"),
    ("tcp_syncookies", "1"): ("when the line is full", "队满时"),
    ("tcp_syncookies", "2"): ("always", "总是"),
    ("tcp_abort_on_overflow", "0"): ("silence", "沉默"),
    ("tcp_abort_on_overflow", "1"): ("RST", "RST"),
    ("tcp_migrate_req", "0"): ("off", "关"),
    ("tcp_migrate_req", "1"): ("on", "开"),
    ("tcp_synack_retries", "0"): ("no call, 1 s", "不再叫，共 1 秒"),
    ("tcp_synack_retries", "1"): ("1 call, 3 s", "再叫 1 次，共 3 秒"),
    ("buckets", "1"): ("1 listener", "1 个监听者"),
    ("workers", "1"): ("1 train", "1 列车"),
    ("processes", "1"): ("1 process", "1 个进程"),
    ("backlog", "1"): ("1 seat", "1 个座位"),
    ("keepalive_s", "0"): ("off: one request each", "关：各一个请求"),
    ("defer_accept_s", "0"): ("off", "关"),
    ("request_timeout_s", "0"): ("for ever", "永远等"),
    ("send_timeout_s", "0"): ("for ever", "永远等"),
    ("rcvbuf", "0"): ("as tcp_rmem says", "由 tcp_rmem 决定"),
    ("sndbuf", "0"): ("as tcp_wmem says", "由 tcp_wmem 决定"),
    ("filter", "off"): ("nobody is stopped", "谁都不拦"),
    ("accept_mutex", "off"): ("off", "关"),
    ("accept_mutex", "on"): ("on", "开"),
    ("pinning", "off"): ("off", "关"),
    ("pinning", "on"): ("on", "开"),
    ("parent_closes", "off"): ("off", "关"),
    ("parent_closes", "on"): ("on", "开"),
}
"""Values that are more than a number, or fewer than two."""

LIMIT = ("{n} SYNs/s from each /24", "每个 /24 每秒 {n} 个 SYN")


def knob_value(lang: str, name: str, value: str) -> str:
    """What a value means; the value itself where it speaks for itself."""
    at = 1 if lang == "zh" else 0
    name = name.rpartition(".")[2]
    if (name, value) in SPECIAL:
        return SPECIAL[name, value][at]
    if name == "filter" and value.startswith("limit24:"):
        return LIMIT[at].format(n=value.partition(":")[2])
    if name in UNITS and value.isdigit():
        till = 2 ** (min(int(value), 30) + 1) - 1
        return UNITS[name][at].format(n=value, till=till)
    return value
