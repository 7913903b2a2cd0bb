"""Counters and columns."""

from game.text.guide.page import Page, Words

PAGES: tuple[Page, ...] = (
    # kernel-semantics.md 1.4
    Page(
        id="listen-overflows",
        kernel="TcpExtListenOverflows",
        see="nstat -az TcpExtListenOverflows",
        level=2,
        rule="1.4",
        also=("listen-drops", "accept-queue", "tools"),
        en=Words(
            title="Hall-full counter",
            about=(
                "Rises when a SYN or a final ACK finds the waiting hall full. netstat -s calls it: "
                "times the listen queue of a socket overflowed."
            ),
            full=(
                "If it rises, accept() is too slow or the backlog too small. If it stands at 0 "
                "while ListenDrops rises, the hall is innocent: look at the ticket line."
            ),
        ),
        zh=Words(
            title="厅满计数",
            about=(
                "SYN 或最后的 ACK 遇到候车厅已满时加一。netstat -s 里写作 times the listen queue "
                "of a socket overflowed。"
            ),
            full=(
                "它在涨：accept() 太慢，或 backlog 太小。它为 0 而 ListenDrops 在涨：与候车厅无关，"
                "去看售票队。"
            ),
        ),
    ),
    # kernel-semantics.md 1.4
    Page(
        id="listen-drops",
        kernel="TcpExtListenDrops",
        see="nstat -az TcpExtListenDrops",
        level=4,
        rule="1.4",
        also=("listen-overflows", "last-quarter", "syn-queue"),
        en=Words(
            title="All that was sent back",
            about=(
                "Rises with every overflow of the hall, and besides when the line is full with "
                "cookies off, by the last quarter, and when memory or a route is missing."
            ),
            full=(
                "It is never smaller than ListenOverflows. The difference is what the ticket line "
                "refused. Silent drops before the stack (ring, filter) are not in it."
            ),
        ),
        zh=Words(
            title="所有被挡回的",
            about=(
                "候车厅每次溢出它都涨；此外 cookie 关闭而队满时、碰到最后四分之一时、缺内存或缺路由"
                "时也涨。"
            ),
            full=(
                "它从不小于 ListenOverflows，两者之差就是售票队拒绝的。协议栈之前的丢包（接收环、过"
                "滤器）不在其中。"
            ),
        ),
    ),
    # kernel-semantics.md 8
    Page(
        id="recv-q",
        kernel="Recv-Q, Send-Q",
        see="ss -ltn; ss -tan",
        level=2,
        rule="8",
        also=("accept-queue", "receive-buffer", "tools"),
        en=Words(
            title="The board's two columns",
            about=(
                "For LISTEN: Recv-Q people in the hall, Send-Q the backlog. For a connection: "
                "bytes received and not read, bytes sent and not acknowledged. SYN-RECV rows show "
                "0 and 0."
            ),
            full=(
                "A full hall reads Recv-Q = Send-Q + 1. netstat shows the same Recv-Q but 0 as "
                "Send-Q of a listener. The SYN queue is in no column, whatever the manual says."
            ),
        ),
        zh=Words(
            title="显示屏的两列",
            about=(
                "LISTEN 行：Recv-Q 是候车厅人数，Send-Q 是 backlog。连接行：收到未读的字节，发出未"
                "确认的字节。SYN-RECV 行都是 0。"
            ),
            full=(
                "厅满时 Recv-Q = Send-Q + 1。netstat 的 Recv-Q 相同，但监听者的 Send-Q 是 0。不管手"
                "册怎么说，SYN 队列不在任何一列里。"
            ),
        ),
    ),
    # kernel-semantics.md 8
    Page(
        id="tools",
        kernel="ss, nstat, netstat",
        see="nstat -az; ss -ltn; netstat -s",
        level=1,
        rule="8",
        also=("recv-q", "listen-overflows", "listen-drops"),
        en=Words(
            title="The departure board",
            about=(
                "ss lists sockets and asks the kernel directly; nstat prints counters; netstat "
                "does both in older words. -l listening, -t TCP, -n numbers, -a all; nstat -a "
                "total values, -z also zeros."
            ),
            full=(
                "Without -a nstat prints what was added since it last ran, so two looks can "
                "disagree. Counters belong to a network namespace: look from inside the container."
            ),
        ),
        zh=Words(
            title="发车显示屏",
            about=(
                "ss 直接问内核列出套接字；nstat 打印计数器；netstat 两样都做，措辞较旧。-l 监听，"
                "-t TCP，-n 数字，-a 全部；nstat -a 总数，-z 连零也列。"
            ),
            full=(
                "不带 -a 时 nstat 打印的是上次运行以来的增量，两次看可能不一致。计数器属于网络命名"
                "空间：要在容器里面看。"
            ),
        ),
    ),
)
