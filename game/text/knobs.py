"""Help on every sysctl and machine knob: what it changes, and when that acts.

Keys are the last name of a sysctl, or the name of a machine knob.
"""

from typing import NamedTuple


class KnobHelp(NamedTuple):
    """Two sentences about one knob.

    Attributes:
        changes: what it governs.
        acts: when a new value begins to count.
    """

    changes: str
    acts: str


EN: dict[str, KnobHelp] = {
    "backlog": KnobHelp(
        "Seats in the waiting hall, and places in the ticket line; each holds one more.",
        "Acts at once: turning it calls listen() again.",
    ),
    "somaxconn": KnobHelp(
        "The ceiling over every backlog: listen() gets the smaller of the two.",
        "Acts at the next listen().",
    ),
    "tcp_max_syn_backlog": KnobHelp(
        "With cookies off, strangers may fill only three quarters of it.",
        "Acts on the next SYN, only while tcp_syncookies is 0.",
    ),
    "tcp_syncookies": KnobHelp(
        "0: a full line drops SYNs. 1: a full line stamps tickets. 2: always stamps.",
        "Acts on the next SYN.",
    ),
    "tcp_synack_retries": KnobHelp(
        "How often the loudspeaker calls again before a place is given up.",
        "Acts when the next timer rings.",
    ),
    "tcp_abort_on_overflow": KnobHelp(
        "1: whoever finishes the handshake at a full hall gets an RST instead of silence.",
        "Acts on the next final ACK.",
    ),
    "tcp_migrate_req": KnobHelp(
        "1: when a listener closes, its queues move to another one of the group.",
        "Acts when a listener closes.",
    ),
    "tcp_fin_timeout": KnobHelp(
        "How long an orphaned connection stays in FIN-WAIT-2.",
        "Acts on the next close().",
    ),
    "tcp_rmem": KnobHelp(
        "Room of the receive buffer; when it is full the window closes.",
        "Acts on new connections.",
    ),
    "tcp_wmem": KnobHelp(
        "Room of the send buffer; when it is full send() blocks or says EAGAIN.",
        "Acts on new connections.",
    ),
    "rmem_max": KnobHelp("Ceiling for SO_RCVBUF.", "Acts at the next setsockopt()."),
    "wmem_max": KnobHelp("Ceiling for SO_SNDBUF.", "Acts at the next setsockopt()."),
    "netdev_budget": KnobHelp(
        "Packets that one round of softirq may take from the RX rings.",
        "Acts in the next round.",
    ),
    "buckets": KnobHelp(
        "Listeners on the same port with SO_REUSEPORT, each with queues of its own.",
        "Acts at once; new flows are hashed anew.",
    ),
    "workers": KnobHelp(
        "Threads that call accept() and serve.",
        "Acts at once; a train finishes its trip first.",
    ),
    "model": KnobHelp(
        "prefork: one connection for each process. worker: threads. event: idle ones step aside.",
        "Acts by a graceful restart: old trains finish their trip.",
    ),
    "processes": KnobHelp(
        "Processes that the threads of the worker and event models are spread over.",
        "Acts by a graceful restart: old trains finish their trip.",
    ),
    "wait": KnobHelp(
        "How a thread learns that somebody waits: accept() itself, select, poll, epoll, a signal.",
        "Acts by a graceful restart: old trains finish their trip.",
    ),
    "accept_mutex": KnobHelp(
        "Only the thread that holds it may wait for people: no herd, but a queue for the right.",
        "Acts by a graceful restart: old trains finish their trip.",
    ),
    "keepalive_s": KnobHelp(
        "How long an idle connection is kept for another request.",
        "Acts by a graceful restart: old trains finish their trip.",
    ),
    "defer_accept_s": KnobHelp(
        "Seconds that a handshake without data waits in the ticket line, and not in the hall.",
        "Acts on the next final ACK.",
    ),
    "request_timeout_s": KnobHelp(
        "How long a connection may take until its first request is whole; 0: for ever.",
        "Acts by a graceful restart: old trains finish their trip.",
    ),
    "send_timeout_s": KnobHelp(
        "How long a reply may make no progress before the train leaves; 0: for ever.",
        "Acts by a graceful restart: old trains finish their trip.",
    ),
    "rcvbuf": KnobHelp(
        "SO_RCVBUF: room for what has come and was not read; the window is about half of it.",
        "Acts on new connections, and turns autotuning off.",
    ),
    "sndbuf": KnobHelp(
        "SO_SNDBUF: room for what was sent and not acknowledged; when it is full send() blocks.",
        "Acts on new connections, and turns autotuning off.",
    ),
    "parent_closes": KnobHelp(
        "off: the parent process keeps a descriptor of every connection, so close() ends nothing.",
        "Acts by a graceful restart: old trains finish their trip.",
    ),
    "close_with": KnobHelp(
        "close: close(). linger: shutdown(), read to the end, close(). reset: SO_LINGER of 0.",
        "Acts by a graceful restart: old trains finish their trip.",
    ),
    "nofile": KnobHelp(
        "Descriptors that may be open at once; beyond it accept() fails with EMFILE.",
        "Acts at once.",
    ),
    "pinning": KnobHelp("Binds each worker to one core.", "Acts at once."),
    "rx_ring": KnobHelp(
        "Descriptors at the gate; a packet without one is lost (ethtool -G).",
        "Acts at once.",
    ),
    "filter": KnobHelp(
        "The guard at the gate: drops packets before the TCP stack, friend or foe.",
        "Acts on the next packet.",
    ),
}

ZH: dict[str, KnobHelp] = {
    "backlog": KnobHelp(
        "候车厅的座位数，也是售票队的位置数；各自都能多容一个。",
        "立即生效：拧它会再次调用 listen()。",
    ),
    "somaxconn": KnobHelp(
        "所有 backlog 的天花板：listen() 取两者中较小的。",
        "下一次 listen() 时生效。",
    ),
    "tcp_max_syn_backlog": KnobHelp(
        "cookie 关闭时，陌生对端最多只能占它的四分之三。",
        "对下一个 SYN 生效，仅当 tcp_syncookies 为 0。",
    ),
    "tcp_syncookies": KnobHelp(
        "0：队满就丢 SYN。1：队满时改为盖章发票。2：总是盖章。",
        "对下一个 SYN 生效。",
    ),
    "tcp_synack_retries": KnobHelp(
        "广播再叫几次，之后位置就被收回。",
        "下一次定时器响时生效。",
    ),
    "tcp_abort_on_overflow": KnobHelp(
        "1：握手完成时若候车厅已满，得到 RST，而不是沉默。",
        "对下一个最后的 ACK 生效。",
    ),
    "tcp_migrate_req": KnobHelp(
        "1：一个监听者关闭时，它的队列转给同组的另一个。",
        "监听者关闭时生效。",
    ),
    "tcp_fin_timeout": KnobHelp(
        "无主连接在 FIN-WAIT-2 停留多久。",
        "下一次 close() 时生效。",
    ),
    "tcp_rmem": KnobHelp("接收缓冲区的大小；满了窗口就关上。", "对新连接生效。"),
    "tcp_wmem": KnobHelp(
        "发送缓冲区的大小；满了 send() 就阻塞或返回 EAGAIN。",
        "对新连接生效。",
    ),
    "rmem_max": KnobHelp("SO_RCVBUF 的上限。", "下一次 setsockopt() 时生效。"),
    "wmem_max": KnobHelp("SO_SNDBUF 的上限。", "下一次 setsockopt() 时生效。"),
    "netdev_budget": KnobHelp("一轮 softirq 最多从 RX ring 取多少个包。", "下一轮生效。"),
    "buckets": KnobHelp(
        "同一端口上用 SO_REUSEPORT 的监听者数，各有自己的队列。",
        "立即生效；新的流会重新散列。",
    ),
    "workers": KnobHelp("调用 accept() 并服务的线程数。", "立即生效；列车先跑完这一趟。"),
    "model": KnobHelp(
        "prefork：一个进程一个连接。worker：线程。event：空闲连接让到一旁。",
        "平滑重启时生效：旧列车先跑完这一趟。",
    ),
    "processes": KnobHelp(
        "worker 和 event 模型的线程分布在多少个进程里。", "平滑重启时生效：旧列车先跑完这一趟。"
    ),
    "wait": KnobHelp(
        "线程怎样得知有人在等：阻塞的 accept()、poll、select、epoll 或信号。",
        "平滑重启时生效：旧列车先跑完这一趟。",
    ),
    "accept_mutex": KnobHelp(
        "只有拿着它的线程才能等连接；没有惊群，却要排队等这个权利。",
        "平滑重启时生效：旧列车先跑完这一趟。",
    ),
    "keepalive_s": KnobHelp(
        "空闲连接为下一个请求保留多久。", "平滑重启时生效：旧列车先跑完这一趟。"
    ),
    "defer_accept_s": KnobHelp(
        "没有数据的握手在售票队里等多少秒，而不是进候车厅。", "对下一个最后的 ACK 生效。"
    ),
    "request_timeout_s": KnobHelp(
        "一个连接的首个请求最多多久要到齐；0 表示永远等。",
        "平滑重启时生效：旧列车先跑完这一趟。",
    ),
    "send_timeout_s": KnobHelp(
        "回复毫无进展多久后列车就离开；0 表示永远等。",
        "平滑重启时生效：旧列车先跑完这一趟。",
    ),
    "rcvbuf": KnobHelp(
        "SO_RCVBUF：已到达而未读的数据的空间；窗口大约是它的一半。",
        "对新连接生效，并关闭自动调节。",
    ),
    "sndbuf": KnobHelp(
        "SO_SNDBUF：已发送而未确认的数据的空间；满了 send() 就阻塞。",
        "对新连接生效，并关闭自动调节。",
    ),
    "parent_closes": KnobHelp(
        "off：父进程留着每个连接的一个描述符，于是 close() 什么也没有结束。",
        "平滑重启时生效：旧列车先跑完这一趟。",
    ),
    "close_with": KnobHelp(
        "close：close()。linger：shutdown()，读到头，再 close()。reset：SO_LINGER 为 0。",
        "平滑重启时生效：旧列车先跑完这一趟。",
    ),
    "nofile": KnobHelp(
        "同时能打开的描述符数；超过时 accept() 以 EMFILE 失败。",
        "立即生效。",
    ),
    "pinning": KnobHelp("把每个 worker 绑定到一个核。", "立即生效。"),
    "rx_ring": KnobHelp("闸口的描述符数；没有描述符的包就丢了（ethtool -G）。", "立即生效。"),
    "filter": KnobHelp("闸口的门卫：在 TCP 协议栈之前丢包，不分敌友。", "对下一个包生效。"),
}

_UNKNOWN = {
    "en": KnobHelp("A setting of this station.", "Acts at the next tick."),
    "zh": KnobHelp("这座车站的一项设置。", "下一个时刻生效。"),
}


def knob_help(lang: str, name: str) -> KnobHelp:
    """Help on a knob, by its full or last name."""
    texts = ZH if lang == "zh" else EN
    return texts.get(name.rsplit(".", 1)[-1], _UNKNOWN["zh" if lang == "zh" else "en"])
