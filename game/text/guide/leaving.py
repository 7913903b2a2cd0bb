"""How connections end."""

from game.text.guide.page import Page, Words

PAGES: tuple[Page, ...] = (
    # kernel-semantics.md 10 states
    Page(
        id="fin-wait",
        kernel="FIN-WAIT, CLOSE-WAIT, LAST-ACK",
        see="ss -tan state close-wait",
        level=17,
        rule="10 states",
        also=("close", "time-wait", "orphans"),
        en=Words(
            title="Saying goodbye",
            about=(
                "Who closes first goes FIN-WAIT-1, FIN-WAIT-2, TIME-WAIT. The other side is in "
                "CLOSE-WAIT until its program closes too, then LAST-ACK."
            ),
            full=(
                "CLOSE-WAIT has no time limit at all: many of them mean that the program forgets "
                "close(). FIN-WAIT-2 ends after tcp_fin_timeout only if no process holds the "
                "socket."
            ),
        ),
        zh=Words(
            title="告别",
            about=(
                "先关的一方经过 FIN-WAIT-1、FIN-WAIT-2、TIME-WAIT。另一方停在 CLOSE-WAIT，直到它的"
                "程序也关闭，再到 LAST-ACK。"
            ),
            full=(
                "CLOSE-WAIT 没有任何时限：数量很多就说明程序忘了 close()。FIN-WAIT-2 只有在没有进程"
                "持有套接字时才在 tcp_fin_timeout 后结束。"
            ),
        ),
    ),
    # kernel-semantics.md 10 states; 1.2 (1)
    Page(
        id="time-wait",
        kernel="TIME-WAIT",
        see="ss -tan state time-wait",
        level=17,
        rule="10 states; 1.2 (1)",
        also=("reuseaddr", "fin-wait", "five-tuple"),
        en=Words(
            title="The minute after",
            about=(
                "The side that closed first remembers the five-tuple for 60 s. No process is "
                "needed: it is a small entry in the kernel."
            ),
            full=(
                "It does not block the port for new travellers: a SYN with a newer sequence number "
                "or timestamp re-opens the same five-tuple at once, past the line's limit. bind() "
                "needs SO_REUSEADDR meanwhile."
            ),
        ),
        zh=Words(
            title="随后的一分钟",
            about="先关闭的一方把五元组再记 60 秒。不需要进程：只是内核里的一个小条目。",
            full=(
                "它不会挡住新旅客：序列号或时间戳更新的 SYN 会立刻重新打开同一个五元组，还不受队列"
                "上限约束。这期间 bind() 需要 SO_REUSEADDR。"
            ),
        ),
    ),
    # kernel-semantics.md 10 states
    Page(
        id="orphans",
        kernel="tcp_max_orphans, tcp_fin_timeout",
        see="cat /proc/net/sockstat",
        level=17,
        rule="10 states",
        also=("fin-wait", "rst", "close"),
        en=Words(
            title="Unclaimed luggage",
            about=(
                "Connections that every process has closed but whose goodbye is not over. In "
                "FIN-WAIT-2 they last tcp_fin_timeout (60 s)."
            ),
            full=(
                "More than tcp_max_orphans are ended with RST. Data that arrives for an orphan is "
                "answered with RST too (TCPAbortOnData)."
            ),
        ),
        zh=Words(
            title="无人认领的行李",
            about=(
                "所有进程都已关闭、告别却还没完的连接。在 FIN-WAIT-2 停留 tcp_fin_timeout（60 秒）"
                "。"
            ),
            full=(
                "超过 tcp_max_orphans 的会用 RST 结束。孤儿连接若又收到数据，也回 RST（"
                "TCPAbortOnData）。"
            ),
        ),
    ),
    # kernel-semantics.md 1.1 (3); 1.2; 4; 10
    Page(
        id="rst",
        kernel="RST",
        see="nstat -az TcpOutRsts TcpEstabResets",
        level=1,
        rule="1.1 (3); 1.2; 4; 10",
        also=("connect", "abort-on-overflow", "close"),
        en=Words(
            title="Shown the door",
            about=(
                "The end of a connection without goodbye. Sent for a port where nobody listens, "
                "for a stray or forged ACK, at close() with unread data, and to those in the hall "
                "of a closed listener."
            ),
            full=(
                "A client sees ECONNREFUSED while connecting and ECONNRESET later. A full queue "
                "never answers a SYN with RST on Linux: only with silence, or with a cookie."
            ),
        ),
        zh=Words(
            title="请出门外",
            about=(
                "不告而别的结束。用于：没人监听的端口、来路不明或伪造的 ACK、还有未读数据时的 "
                "close()、监听者关闭时候车厅里的人。"
            ),
            full=(
                "客户端在连接时看到 ECONNREFUSED，之后看到 ECONNRESET。在 Linux 上，队列满了从不用 "
                "RST 回应 SYN：只有沉默或 cookie。"
            ),
        ),
    ),
)
