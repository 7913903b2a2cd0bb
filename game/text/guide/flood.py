"""A SYN flood and what is put against it."""

from game.text.guide.page import Page, Words

PAGES: tuple[Page, ...] = (
    # kernel-semantics.md 14 (7); 3.1; 13
    Page(
        id="syn-flood",
        kernel="SYN flood",
        see="ss -tan state syn-recv | wc -l",
        level=10,
        rule="14 (7); 3.1; 13",
        also=("syn-cookies", "synack-retries", "filter"),
        en=Words(
            title="Ghost crowd",
            about=(
                "SYNs with forged senders. Nobody answers the SYN-ACK, so each keeps a place until "
                "the last call, and every call costs packets and time on the softirq core."
            ),
            full=(
                "With cookies off a full line sends real travellers back in silence. Helps: "
                "cookies, larger backlog, fewer retries, a filter before the stack. Harms: shorter "
                "queues; fewer ghosts fill them."
            ),
            changed=(
                "Since 4.4 SYNs do not take the listener's lock, so one listener answers on many "
                "cores; before, one core was the limit."
            ),
        ),
        zh=Words(
            title="幽灵人潮",
            about=(
                "伪造来源的 SYN。没人回应 SYN-ACK，每个都占着位置直到最后一次呼叫，每次呼叫都耗费包"
                "和 softirq 核的时间。"
            ),
            full=(
                "cookie 关闭时，队满会把真正的旅客悄悄挡回。有用：cookie、更大的 backlog、更少"
                "的重试、在协议栈之前过滤。有害：缩短队列，更少的幽灵就能占满。"
            ),
            changed="4.4 起 SYN 不再拿监听者的锁，一个监听者可以在多个核上应答；以前上限是一个核。",
        ),
    ),
    # kernel-semantics.md 5; 1.2 (2, 3, 6)
    Page(
        id="syn-cookies",
        kernel="net.ipv4.tcp_syncookies",
        see="nstat -az TcpExtSyncookiesSent",
        level=11,
        rule="5; 1.2 (2, 3, 6)",
        also=("syn-queue", "syn-flood", "accept-queue"),
        en=Words(
            title="Cookie stamp",
            about=(
                "0 never, 1 when the line is full (default), 2 always. The answer to the SYN "
                "carries what must be kept, in its sequence number and timestamp: no place, no "
                "memory, no timer."
            ),
            full=(
                "The price: no SYN-ACK is ever sent again, a full hall still drops, and without "
                "TCP timestamps window scale and SACK are lost. A cookie is good for one to two "
                "minutes."
            ),
        ),
        zh=Words(
            title="Cookie 盖章",
            about=(
                "0 从不，1 队满时（默认），2 总是。要记的东西都写进回答的序列号和时间戳里：不占位置"
                "，不占内存，没有定时器。"
            ),
            full=(
                "代价：SYN-ACK 不再重发，候车厅满时照样丢弃，对方没有 TCP 时间戳时会失去窗口缩放和 "
                "SACK。一个 cookie 有效一到两分钟。"
            ),
        ),
    ),
    # kernel-semantics.md 9 (9); 13
    Page(
        id="filter",
        kernel="XDP, iptables, nft",
        see="nft list ruleset",
        level=13,
        rule="9 (9); 13",
        also=("syn-flood", "rx-ring", "softirq"),
        en=Words(
            title="Guard",
            about=(
                "Drops packets before the TCP stack sees them. The earlier the cheaper: NIC, XDP, "
                "tc, raw, conntrack, INPUT, then TCP. XDP drops about ten million packets a second "
                "on one core."
            ),
            full=(
                "A rule for a network stops its travellers too, and no TCP counter says so: only "
                "the filter's own. A guard further in costs more for each packet."
            ),
        ),
        zh=Words(
            title="门卫",
            about=(
                "在 TCP 协议栈看到之前丢包。越早越便宜：网卡、XDP、tc、raw、conntrack、INPUT，最后"
                "才是 TCP。XDP 在一个核上每秒约能丢一千万个包。"
            ),
            full=(
                "针对一个网段的规则也会拦住那里的旅客，而且 TCP 计数器都不动，只有过滤器自己计数。"
                "门卫站得越靠里，每个包越贵。"
            ),
        ),
    ),
)
