"""Why the host refused something: a title and a sentence for every rule of a drop.

Each sentence names the rule, the knob that governs it and the counters that count it, as Linux 6.14
and later behave. Source: the project's kernel notes, sections 1, 3 to 7 and 9.
"""

EN: dict[str, tuple[str, str]] = {
    "syn_queue_full": (
        "Ticket line full",
        "The SYN queue held backlog + 1 requests and tcp_syncookies is 0, so the SYN was dropped "
        "in silence. Raise the backlog of listen(), or set tcp_syncookies to 1. "
        "Counted in TcpExtTCPReqQFullDrop and TcpExtListenDrops.",
    ),
    "last_quarter": (
        "The last quarter is kept free",
        "With tcp_syncookies at 0 the kernel keeps the last quarter of tcp_max_syn_backlog for "
        "peers it has served before; a SYN of a stranger is dropped. Raise tcp_max_syn_backlog. "
        "Counted in TcpExtListenDrops alone.",
    ),
    "accept_queue_full_syn": (
        "Waiting hall full",
        "The accept queue held backlog + 1 connections, so the SYN was dropped in silence, cookies "
        "or not. Raise the backlog of listen() (capped by somaxconn), or call accept() faster. "
        "Counted in TcpExtListenOverflows and TcpExtListenDrops.",
    ),
    "accept_queue_full_ack": (
        "Waiting hall full at the last step",
        "The final ACK found the accept queue full and was ignored: the client believes that it is "
        "connected, the host keeps the request in the SYN queue. Raise the backlog of listen(), or "
        "call accept() faster. Counted in TcpExtListenOverflows and TcpExtListenDrops.",
    ),
    "accept_queue_full_cookie": (
        "Good ticket, full hall",
        "The ACK carried a valid cookie, but the accept queue was full, so it was ignored without "
        "an RST and nothing is remembered: the client must send again. Raise the backlog of "
        "listen(), or call accept() faster. Counted in TcpExtSyncookiesRecv, "
        "TcpExtListenOverflows and TcpExtListenDrops.",
    ),
    "abort_on_overflow": (
        "Reset at a full hall",
        "The final ACK found the accept queue full and tcp_abort_on_overflow is 1, so the host "
        "answered RST and forgot the request. With 0 it would wait for another try. Counted in "
        "TcpExtListenOverflows, TcpExtListenDrops, TcpExtEmbryonicRsts and TcpOutRsts.",
    ),
    "request_expired": (
        "Called for the last time",
        "The request was answered again tcp_synack_retries times, each wait twice as long, and no "
        "ACK came: its place in the SYN queue was given up. "
        "Every ring of its timer is counted in TcpExtTCPTimeouts.",
    ),
    "request_pruned": (
        "Old request cut short",
        "More than half of the backlog was taken by half-open requests, most of them old, so the "
        "kernel allowed this one fewer SYN-ACKs than tcp_synack_retries, but never under two. "
        "Its timer is counted in TcpExtTCPTimeouts.",
    ),
    "request_reset": (
        "The client hung up",
        "An RST of the client ended the handshake, and its place in the SYN queue is free again. "
        "No knob governs this. Counted in TcpExtEmbryonicRsts and TcpAttemptFails.",
    ),
    "bad_cookie": (
        "Forged or stale ticket",
        "The ACK carried no valid cookie, or one older than a minute or two, so the host answered "
        "RST. tcp_syncookies decides whether cookies are accepted at all. "
        "Counted in TcpExtSyncookiesFailed and TcpOutRsts.",
    ),
    "stray_ack": (
        "Ticket nobody issued",
        "The ACK belonged to no request, and this listener had sent no cookie for two minutes "
        "(tcp_syncookies), so the host answered RST. Counted in TcpOutRsts alone.",
    ),
    "duplicate_syn": (
        "Asked twice within half a second",
        "The SYN of a request that is already in the SYN queue came again too soon; its SYN-ACK is "
        "repeated at most every 500 ms. Nothing is lost. Counted in TcpExtTCPACKSkippedSynRecv.",
    ),
    "defer_accept": (
        "Wait for the first word",
        "With TCP_DEFER_ACCEPT a bare ACK leaves the request in the SYN queue until data comes. "
        "Counted in TcpExtTCPDeferAcceptDrop.",
    ),
    "listener_closed": (
        "Station closed",
        "The listening socket was closed. Connections waiting for accept() are reset "
        "(TcpEstabResets), half-open ones when their ACK comes (TcpOutRsts). With SO_REUSEPORT, "
        "tcp_migrate_req=1 would move them to another listener.",
    ),
    "port_closed": (
        "Nobody listens here",
        "No socket is in LISTEN on this port, so the host answered RST and connect() failed with "
        "ECONNREFUSED. Call listen(). Counted in TcpOutRsts.",
    ),
    "rx_missed": (
        "No free slot at the gate",
        "The RX ring had no free descriptor, so the NIC dropped the packet before the kernel saw "
        "it. Enlarge the ring (ethtool -G), filter earlier, or relieve the core that empties it. "
        "Counted in rx_missed_errors; no TCP counter moves.",
    ),
    "filtered": (
        "Stopped by the guard",
        "The packet matched the filter at the gate and was dropped before the TCP stack. The knob "
        "is filter; it stops travellers from the same network too. "
        "Counted by the filter itself; no TCP counter moves.",
    ),
}

ZH: dict[str, tuple[str, str]] = {
    "syn_queue_full": (
        "售票队满了",
        "SYN 队列里已有 backlog + 1 个请求，而 tcp_syncookies 为 0，所以这个 SYN 被悄悄丢弃。"
        "可以加大 listen() 的 backlog，或把 tcp_syncookies 设为 1。"
        "计入 TcpExtTCPReqQFullDrop 和 TcpExtListenDrops。",
    ),
    "last_quarter": (
        "最后四分之一要留着",
        "tcp_syncookies 为 0 时，内核把 tcp_max_syn_backlog 的最后四分之一留给以前服务过的对端，"
        "陌生对端的 SYN 会被丢弃。可以加大 tcp_max_syn_backlog。只计入 TcpExtListenDrops。",
    ),
    "accept_queue_full_syn": (
        "候车厅满了",
        "accept 队列里已有 backlog + 1 个连接，所以这个 SYN 被悄悄丢弃，有没有 cookie 都一样。"
        "可以加大 listen() 的 backlog（上限是 somaxconn），或更快地调用 accept()。"
        "计入 TcpExtListenOverflows 和 TcpExtListenDrops。",
    ),
    "accept_queue_full_ack": (
        "最后一步时候车厅满了",
        "最后的 ACK 到达时 accept 队列已满，于是被忽略：客户端以为已经连上，"
        "主机仍把请求留在 SYN 队列里。可以加大 listen() 的 backlog，或更快地调用 accept()。"
        "计入 TcpExtListenOverflows 和 TcpExtListenDrops。",
    ),
    "accept_queue_full_cookie": (
        "票是真的，候车厅却满了",
        "ACK 带着有效的 cookie，但 accept 队列已满，于是被忽略：没有 RST，"
        "也什么都不记得，客户端只能再发。可以加大 listen() 的 backlog，或更快地调用 accept()。"
        "计入 TcpExtSyncookiesRecv、TcpExtListenOverflows 和 TcpExtListenDrops。",
    ),
    "abort_on_overflow": (
        "候车厅满，直接复位",
        "最后的 ACK 到达时 accept 队列已满，而 tcp_abort_on_overflow 为 1，"
        "主机回复 RST 并忘掉了这个请求。若为 0，主机会等对方再试。"
        "计入 TcpExtListenOverflows、TcpExtListenDrops、TcpExtEmbryonicRsts 和 TcpOutRsts。",
    ),
    "request_expired": (
        "最后一次广播也没人应",
        "这个请求已经按 tcp_synack_retries 重发完 SYN-ACK，每次等待翻倍，始终没有 ACK，"
        "于是它在 SYN 队列里的位置被收回。定时器每响一次都计入 TcpExtTCPTimeouts。",
    ),
    "request_pruned": (
        "旧请求提前清走",
        "半开请求占了 backlog 的一半以上，而且大多是旧的，所以内核给它的 SYN-ACK 次数少于 "
        "tcp_synack_retries，但不少于两次。它的定时器计入 TcpExtTCPTimeouts。",
    ),
    "request_reset": (
        "客户端挂断了",
        "客户端的 RST 结束了握手，它在 SYN 队列里的位置又空了出来。没有旋钮管这件事。"
        "计入 TcpExtEmbryonicRsts 和 TcpAttemptFails。",
    ),
    "bad_cookie": (
        "伪造或过期的车票",
        "ACK 里没有有效的 cookie，或者 cookie 已过了一两分钟，主机回复了 RST。"
        "是否接受 cookie 由 tcp_syncookies 决定。计入 TcpExtSyncookiesFailed 和 TcpOutRsts。",
    ),
    "stray_ack": (
        "没人发过这张票",
        "这个 ACK 不属于任何请求，监听者两分钟内也没有发过 cookie（tcp_syncookies），"
        "主机回复了 RST。只计入 TcpOutRsts。",
    ),
    "duplicate_syn": (
        "半秒之内问了两次",
        "SYN 队列里已有的请求又来了一个 SYN，来得太快；SYN-ACK 最多每 500 毫秒重复一次。"
        "什么都没有丢。计入 TcpExtTCPACKSkippedSynRecv。",
    ),
    "defer_accept": (
        "等对方先开口",
        "使用 TCP_DEFER_ACCEPT 时，空的 ACK 让请求留在 SYN 队列里，直到有数据到来。"
        "计入 TcpExtTCPDeferAcceptDrop。",
    ),
    "listener_closed": (
        "车站关门了",
        "监听套接字已关闭。等待 accept() 的连接被复位（TcpEstabResets），半开的等 ACK 到达时复位"
        "（TcpOutRsts）。使用 SO_REUSEPORT 时，tcp_migrate_req=1 会把它们转给别的监听者。",
    ),
    "port_closed": (
        "这里没人监听",
        "这个端口上没有处于 LISTEN 的套接字，主机回复 RST，connect() 以 ECONNREFUSED 失败。"
        "请调用 listen()。计入 TcpOutRsts。",
    ),
    "rx_missed": (
        "闸口没有空格了",
        "RX ring 没有空闲描述符，网卡在内核看到之前就丢掉了这个包。可以加大 ring（ethtool -G）、"
        "更早过滤，或给负责取包的核减负。计入 rx_missed_errors，TCP 计数器都不动。",
    ),
    "filtered": (
        "被门卫拦下",
        "这个包符合闸口的 filter 规则，在进入 TCP 协议栈之前就被丢弃。旋钮是 filter，"
        "同一网段的旅客也会被拦。由过滤器自己计数，TCP 计数器都不动。",
    ),
}

_OTHER_NAMES = {"cookie_invalid": "bad_cookie"}
"""Rules under a second name."""

_UNKNOWN = {
    "en": ("Sent back", "The host sent this back under the rule {rule}."),
    "zh": ("被挡回", "主机按规则 {rule} 挡回了它。"),
}


def reason(lang: str, rule: str, **args: str | int) -> tuple[str, str]:
    """Title and sentence for one rule; a rule of a newer host is named as it came."""
    texts = ZH if lang == "zh" else EN
    rule = _OTHER_NAMES.get(rule, rule)
    title, sentence = texts.get(rule, _UNKNOWN["zh" if lang == "zh" else "en"])
    return title, sentence.format(**{**args, "rule": rule})
