"""The way of a packet before TCP."""

from game.text.guide.page import Page, Words

PAGES: tuple[Page, ...] = (
    # kernel-semantics.md 9 (1, 6)
    Page(
        id="rx-ring",
        kernel="rx ring",
        see="ethtool -g eth0",
        level=13,
        rule="9 (1, 6)",
        also=("softirq", "filter", "ksoftirqd"),
        en=Words(
            title="The wheel at the gate",
            about=(
                "Descriptors into which the NIC writes packets by DMA, which costs the CPU "
                "nothing. Each flow is hashed to one queue, and so to one core."
            ),
            full=(
                "No free descriptor: the NIC drops the packet. The kernel never sees it and no TCP "
                "counter moves; only rx_missed_errors says so (ethtool -S, ip -s link)."
            ),
        ),
        zh=Words(
            title="闸口的转轮",
            about="网卡用 DMA 把包写进描述符，不耗 CPU。每个流散列到一个队列，也就是一个核。",
            full=(
                "没有空闲描述符：网卡丢包。内核根本看不到，TCP 计数器都不动，只有 rx_missed_errors "
                "会说（ethtool -S、ip -s link）。"
            ),
        ),
    ),
    # kernel-semantics.md 9 (2, 3, 5, 8)
    Page(
        id="softirq",
        kernel="NET_RX softirq, NAPI",
        see="cat /proc/net/softnet_stat",
        level=13,
        rule="9 (2, 3, 5, 8)",
        also=("rx-ring", "ksoftirqd", "pinning"),
        en=Words(
            title="Gate staff",
            about=(
                "After an interrupt the core polls the ring, up to 64 packets a poll, 300 or two "
                "jiffies a round. All of TCP for SYN, ACK and data happens here, and no process "
                "runs."
            ),
            full=(
                "A round that ends with work left counts in time_squeeze. The core's workers wait "
                "meanwhile: under a flood packets come first, and accept() comes late."
            ),
        ),
        zh=Words(
            title="闸口员工",
            about=(
                "中断之后，这个核轮询接收环：每次最多 64 个包，一轮 300 个或两个 jiffy。SYN、ACK 和"
                "数据的全部 TCP 处理都在这里，不运行任何进程。"
            ),
            full=(
                "一轮结束还有剩活，计入 time_squeeze。这期间该核的工作线程都在等：洪水来时先处理包"
                "，accept() 就晚了。"
            ),
        ),
    ),
    # kernel-semantics.md 9 (4)
    Page(
        id="ksoftirqd",
        kernel="ksoftirqd/N",
        see="top -H -p $(pgrep ksoftirqd/0)",
        level=13,
        rule="9 (4)",
        also=("softirq", "rx-ring", "pinning"),
        en=Words(
            title="The night shift",
            about=(
                "When softirq keeps coming back, the rest is handed to this thread, one for each "
                "core, at normal priority."
            ),
            full=(
                "Now it shares the core with the application: so a flooded core starves the "
                "workers, or is starved by them, and the ring fills behind it."
            ),
        ),
        zh=Words(
            title="夜班",
            about="softirq 一再重来时，剩下的活交给这个线程，每核一个，普通优先级。",
            full=(
                "从此它与应用分享这个核：被洪水淹没的核要么饿死工作线程，要么被它们饿死，接收环就在"
                "后面积满。"
            ),
        ),
    ),
)
