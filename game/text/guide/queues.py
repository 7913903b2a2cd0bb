"""Sockets, the two queues, and what limits them."""

from game.text.guide.page import Page, Words

PAGES: tuple[Page, ...] = (
    # kernel-semantics.md 1.1; 4.1; 6
    Page(
        id="listening-socket",
        kernel="LISTEN",
        see="ss -ltnp",
        level=1,
        rule="1.1; 4.1; 6",
        also=("listen", "syn-queue", "accept-queue"),
        en=Words(
            title="Platform",
            about=(
                "The listening socket meets only SYNs, and ACKs that end a handshake. It never "
                "carries a byte: recv() on it fails with ENOTCONN. It turns readable when the hall "
                "is not empty."
            ),
            full=(
                "When its last reference is closed, everybody in the hall gets RST. Half-open "
                "requests vanish silently at their next timer, or are answered RST when their ACK "
                "comes."
            ),
        ),
        zh=Words(
            title="站台",
            about=(
                "监听套接字只遇到 SYN 和结束握手的 ACK。它从不传一个字节：对它 recv() 以 ENOTCONN "
                "失败。候车厅不空时它变为可读。"
            ),
            full=(
                "最后一个引用关闭时，候车厅里的每一位都得到 RST。半开的请求在下一次定时器响时悄悄消"
                "失，或在 ACK 到来时得到 RST。"
            ),
        ),
    ),
    # kernel-semantics.md 4.1; 6; 8
    Page(
        id="connected-socket",
        kernel="ESTAB",
        see="ss -tanp",
        level=1,
        rule="4.1; 6; 8",
        also=("accept", "five-tuple", "receive-buffer"),
        en=Words(
            title="A ticket with a name",
            about=(
                "Each finished handshake makes a connected socket. Its data is received and "
                "acknowledged even before accept(); until then ss -tanp shows it without a process."
            ),
            full=(
                "If the peer resets it in the hall, it stays there, is still accepted, and the "
                "first recv() fails with ECONNRESET. If the peer sent FIN, it waits in CLOSE-WAIT "
                "and can be read."
            ),
            changed=(
                "Since 4.4 the half-open request too stands in the established hash and points to "
                "its listener. Before, a change of the reuseport group during a handshake made "
                "ACKs go astray."
            ),
        ),
        zh=Words(
            title="记名车票",
            about=(
                "每个完成的握手都产生一个已连接套接字。accept() 之前它就能接收并确认数据；在那之前 "
                "ss -tanp 里它没有进程。"
            ),
            full=(
                "对端在候车厅里复位它，它仍留在那里、照样被接走，第一次 recv() 以 ECONNRESET 失败。"
                "对端若发了 FIN，它在 CLOSE-WAIT 等着，数据可读。"
            ),
            changed=(
                "4.4 起半开请求也放在 established 哈希表里，并指向自己的监听者。以前握手中途 "
                "reuseport 组一变，ACK 就会走错。"
            ),
        ),
    ),
    # kernel-semantics.md 1.1; coverage 1
    Page(
        id="five-tuple",
        kernel="five-tuple",
        see="ss -tan",
        level=1,
        rule="1.1; coverage 1",
        also=("bind", "connect", "reuseport"),
        en=Words(
            title="Where from, where to",
            about=(
                "Protocol, source address and port, destination address and port name one "
                "connection. The kernel looks an arriving segment up by these first, then looks "
                "for a listener."
            ),
            full=(
                "Parts fill in step by step: the protocol at socket(), your half at bind(), the "
                "traveller's when the handshake makes a connected socket. Two connections never "
                "share all five."
            ),
        ),
        zh=Words(
            title="从哪来，到哪去",
            about=(
                "协议、源地址和端口、目的地址和端口，合起来指明一条连接。内核先按它们查找到来的段，"
                "再去找监听者。"
            ),
            full=(
                "它一步步填满：socket() 时有协议，bind() 填上你这一半，握手产生已连接套接字时填上旅"
                "客那一半。两条连接不会五项全同。"
            ),
        ),
    ),
    # kernel-semantics.md 1.2; 1.3; 8
    Page(
        id="syn-queue",
        kernel="SYN queue",
        see="ss -tan state syn-recv",
        level=4,
        rule="1.2; 1.3; 8",
        also=("backlog", "syn-cookies", "synack-retries"),
        en=Words(
            title="Ticket line",
            about=(
                "Half-open requests: a SYN came, a SYN-ACK went out, the ACK is awaited. The "
                "kernel keeps them by itself; no process wakes. Count the SYN-RECV rows: no column "
                "shows the length."
            ),
            full=(
                "It holds backlog + 1. Full with tcp_syncookies=1: new SYNs are answered with a "
                "cookie. Full with 0: they are dropped in silence (TCPReqQFullDrop, ListenDrops). "
                "Requests already in it go on."
            ),
            changed=(
                "Since 6.14 (and patched stable kernels) backlog + 1 fit, from 4.3 on backlog. "
                "Before, the size was a power of two made from backlog, somaxconn and "
                "tcp_max_syn_backlog."
            ),
        ),
        zh=Words(
            title="售票队",
            about=(
                "半开的请求：SYN 来了，SYN-ACK 发出，在等 ACK。内核自己保管它们，不唤醒任何进程。长"
                "度不在任何一列里，要数 SYN-RECV 的行数。"
            ),
            full=(
                "能容 backlog + 1 个。满时若 tcp_syncookies=1：新的 SYN 得到 cookie。若为 0：悄悄丢"
                "弃（TCPReqQFullDrop、ListenDrops）。已在队里的继续进行。"
            ),
            changed=(
                "6.14（及打过补丁的稳定版）起容纳 backlog + 1，4.3 起是 backlog。更早则由 backlog、"
                "somaxconn、tcp_max_syn_backlog 算出一个 2 的幂。"
            ),
        ),
    ),
    # kernel-semantics.md 1.2 (3); 1.3; 4
    Page(
        id="accept-queue",
        kernel="accept queue",
        see="ss -ltn",
        level=2,
        rule="1.2 (3); 1.3; 4",
        also=("backlog", "listen-overflows", "recv-q"),
        en=Words(
            title="Waiting hall",
            about=(
                "Finished handshakes that wait for accept(), first come, first served. Recv-Q of a "
                "LISTEN row is its length, Send-Q the backlog."
            ),
            full=(
                "It holds backlog + 1; full reads 17 / 16. Then SYNs are dropped in silence, "
                "cookies or not, and a final ACK is ignored: the client believes that it is "
                "connected. Each counts in ListenOverflows and ListenDrops."
            ),
            changed=(
                "Since 4.10 a full hall drops every SYN. Before, only if the line also held more "
                "than one young request; half-open requests piled up."
            ),
        ),
        zh=Words(
            title="候车厅",
            about=(
                "握手已完成、等待 accept() 的连接，先来先走。LISTEN 行的 Recv-Q 是它的长度，Send-Q "
                "是 backlog。"
            ),
            full=(
                "能容 backlog + 1 个，满时显示 17 / 16。此后 SYN 被悄悄丢弃，有没有 cookie 都一样；"
                "最后的 ACK 被忽略：客户端以为连上了。每次都计入 ListenOverflows 和 ListenDrops。"
            ),
            changed=(
                "4.10 起厅满就丢弃所有 SYN。以前只有队里还有不止一个年轻请求时才丢，半开请求会越积"
                "越多。"
            ),
        ),
    ),
    # kernel-semantics.md 2; 1.3
    Page(
        id="backlog",
        kernel="backlog",
        see="ss -ltn",
        level=2,
        rule="2; 1.3",
        also=("somaxconn", "accept-queue", "syn-queue"),
        en=Words(
            title="Number of seats",
            about=(
                "The argument of listen() limits both queues: each holds one more than it. nginx "
                "and Apache ask for 511, Java for 50; Go takes somaxconn."
            ),
            full=(
                "More than net.core.somaxconn is cut without a word. 0 is legal: a hall of one. A "
                "negative number counts as unsigned and becomes somaxconn; Python makes it 0 "
                "before the call."
            ),
        ),
        zh=Words(
            title="座位数",
            about=(
                "listen() 的参数同时限制两个队列：各能容它加一个。nginx 和 Apache 要 511，Java 要 "
                "50，Go 取 somaxconn。"
            ),
            full=(
                "超过 net.core.somaxconn 的部分会被悄悄截去。0 是合法的：只容一个的候车厅。负数按无"
                "符号数看，于是变成 somaxconn；Python 在调用前把它变成 0。"
            ),
        ),
    ),
    # kernel-semantics.md 2
    Page(
        id="somaxconn",
        kernel="net.core.somaxconn",
        see="sysctl net.core.somaxconn",
        level=3,
        rule="2",
        also=("backlog", "listen", "accept-queue"),
        en=Words(
            title="The ceiling",
            about=(
                "The station's own rule over every hall: listen() gets the smaller of its argument "
                "and this number."
            ),
            full=(
                "It acts inside listen() alone. Raising it changes nothing until the program calls "
                "listen() again: restart or reload it, then look at Send-Q. Each network namespace "
                "has its own."
            ),
            changed="The default is 4096 since 5.4; it was 128 before.",
        ),
        zh=Words(
            title="天花板",
            about="车站对所有候车厅的规定：listen() 得到的是参数与它之中较小的一个。",
            full=(
                "它只在 listen() 里起作用。调大之后，程序再次调用 listen() 之前什么都不变：重启或重"
                "载程序，再看 Send-Q。每个网络命名空间各有一个。"
            ),
            changed="5.4 起默认 4096，以前是 128。",
        ),
    ),
    # kernel-semantics.md 1.2 (5), note; 2
    Page(
        id="max-syn-backlog",
        kernel="net.ipv4.tcp_max_syn_backlog",
        see="sysctl net.ipv4.tcp_max_syn_backlog",
        level=4,
        rule="1.2 (5), note; 2",
        also=("last-quarter", "syn-queue", "syn-cookies"),
        en=Words(
            title="The line outside",
            about=(
                "Popular texts call it the length of the SYN queue. It is not: with tcp_syncookies "
                "at 1 or 2 it plays no role at all; the line's limit is the backlog."
            ),
            full=(
                "Only with tcp_syncookies=0 is its last quarter kept free: strangers are refused "
                "once three quarters are taken. The default grows with memory, from 128 to 4096."
            ),
            changed=(
                "Up to 4.2 it was one of three numbers from which the size of the SYN queue was "
                "made."
            ),
        ),
        zh=Words(
            title="站外的队",
            about=(
                "常见文章说它是 SYN 队列的长度。不是：tcp_syncookies 为 1 或 2 时它完全不起作用，队"
                "列的上限是 backlog。"
            ),
            full=(
                "只有 tcp_syncookies=0 时，它的最后四分之一要留着：占到四分之三后陌生对端就被拒绝。"
                "默认值随内存增长，从 128 到 4096。"
            ),
            changed="直到 4.2，它是算出 SYN 队列大小的三个数之一。",
        ),
    ),
    # kernel-semantics.md 1.2 (5)
    Page(
        id="last-quarter",
        kernel="tcp_max_syn_backlog - qlen < 1/4",
        see="nstat -az TcpExtListenDrops",
        level=4,
        rule="1.2 (5)",
        also=("max-syn-backlog", "listen-drops", "syn-cookies"),
        en=Words(
            title="Places kept free",
            about=(
                "With cookies off the kernel keeps the last quarter of tcp_max_syn_backlog for "
                "peers whose round-trip time it knows from an earlier connection. With 16, "
                "strangers get 13 places."
            ),
            full=(
                "A stranger's SYN is dropped in silence and counts in ListenDrops alone, not in "
                "TCPReqQFullDrop. Raise tcp_max_syn_backlog, or switch cookies on: then the rule "
                "does not exist."
            ),
        ),
        zh=Words(
            title="预留的位置",
            about=(
                "cookie 关闭时，内核把 tcp_max_syn_backlog 的最后四分之一留给从前的连接里已测得往返"
                "时间的对端。设为 16 时，陌生对端得到 13 个位置。"
            ),
            full=(
                "陌生对端的 SYN 被悄悄丢弃，只计入 ListenDrops，不计入 TCPReqQFullDrop。可以加大 "
                "tcp_max_syn_backlog，或打开 cookie：那时这条规则就不存在。"
            ),
        ),
    ),
    # kernel-semantics.md 3.1
    Page(
        id="synack-retries",
        kernel="net.ipv4.tcp_synack_retries",
        see="nstat -az TcpExtTCPSynRetrans",
        level=5,
        rule="3.1",
        also=("young-rule", "syn-queue", "syn-flood"),
        en=Words(
            title="Loudspeaker",
            about=(
                "How often a SYN-ACK is called again: after 1, 3, 7, 15 and 31 s with the default "
                "of 5. Each request has a timer of its own."
            ),
            full=(
                "The place is given up one wait later: 63 s with 5 retries, 3 s with 1. Too few "
                "lose travellers on a lossy link; too many keep dead requests in the line. Each "
                "ring counts in TCPTimeouts."
            ),
            changed=(
                "Each request has its own timer since about 4.2; before, one timer per listener "
                "scanned all of them every 200 ms."
            ),
        ),
        zh=Words(
            title="广播",
            about="SYN-ACK 再喊几次：默认 5 次，在 1、3、7、15、31 秒。每个请求都有自己的定时器。",
            full=(
                "再等一轮后收回位置：5 次是 63 秒，1 次是 3 秒。太少，丢包线路上的旅客会错过；太多"
                "，死掉的请求占着队。定时器每响一次都计入 TCPTimeouts。"
            ),
            changed=(
                "大约 4.2 起每个请求有自己的定时器；以前每个监听者用一个定时器每 200 毫秒扫一遍。"
            ),
        ),
    ),
    # kernel-semantics.md 3.2
    Page(
        id="young-rule",
        kernel="reqsk_timer_handler()",
        see="nstat -az TcpExtTCPTimeouts",
        level=5,
        rule="3.2",
        also=("synack-retries", "syn-queue", "syn-flood"),
        en=Words(
            title="Old ones leave early",
            about=(
                "Once more than half the backlog (and more than 4 places) is half-open, old "
                "requests get fewer calls: the smaller the share of young ones, the fewer. This "
                "rule never goes under two."
            ),
            full=(
                "An old request then dies at its 7 s timer instead of at 63 s, until the line is "
                "half empty again. It acts when a timer rings: it never makes room at the moment a "
                "SYN arrives."
            ),
        ),
        zh=Words(
            title="旧的先走",
            about=(
                "半开请求超过 backlog 的一半（且多于 4 个）时，旧请求被喊的次数减少：年轻的占比越小"
                "减得越多；这条规则不会减到两次以下。"
            ),
            full=(
                "于是旧请求在 7 秒的定时器响时就被收回，而不是 63 秒，直到队伍又空出一半。它只在定"
                "时器响时起作用：SYN 到来的那一刻不会腾出位置。"
            ),
        ),
    ),
    # kernel-semantics.md 4.3; 1.4
    Page(
        id="defer-accept",
        kernel="TCP_DEFER_ACCEPT",
        see="nstat -az TcpExtTCPDeferAcceptDrop",
        level=12,
        rule="4.3; 1.4",
        also=("accept-queue", "syn-queue", "slowloris"),
        en=Words(
            title="Speak before you enter",
            about=(
                "With this option on the listening socket a bare ACK does not open the hall: the "
                "request stays in the ticket line until data comes. No worker is woken for "
                "somebody who says nothing."
            ),
            full=(
                "Silent ACKs count in TCPDeferAcceptDrop. Seconds become a number of timeouts: 5 s "
                "are three of them, 7 s in all. Then one last SYN-ACK is sent, and a bare ACK to "
                "it is let in. Silent ones fill the line instead."
            ),
        ),
        zh=Words(
            title="先开口再进门",
            about=(
                "监听套接字设了这个选项，空的 ACK 就进不了候车厅：请求留在售票队里，直到有数据到来"
                "。不会为一言不发的人唤醒工作者。"
            ),
            full=(
                "沉默的 ACK 计入 TCPDeferAcceptDrop。秒数折算成定时器次数：5 秒是三次，共 7 秒。到"
                "时再发最后一个 SYN-ACK，对它回空的 ACK 也放行。沉默的人改为占着售票队。"
            ),
        ),
    ),
    # kernel-semantics.md 4.1 (2); 4.4; 14 (8)
    Page(
        id="abort-on-overflow",
        kernel="net.ipv4.tcp_abort_on_overflow",
        see="sysctl net.ipv4.tcp_abort_on_overflow",
        level=3,
        rule="4.1 (2); 4.4; 14 (8)",
        also=("accept-queue", "rst", "defer-accept"),
        en=Words(
            title="The blunt porter",
            about=(
                "What a full hall says to a final ACK: with 0 nothing, and the request stays; with "
                "1 RST, and it is forgotten."
            ),
            full=(
                "With 0 the client's data or the next SYN-ACK gives another try; with 1 the client "
                "sees ECONNRESET and may go elsewhere. It never answers a SYN and never a cookie's "
                "ACK: those are always dropped in silence."
            ),
        ),
        zh=Words(
            title="不客气的门房",
            about="候车厅满时怎样对待最后的 ACK：0 不回应，请求留着；1 回 RST，请求忘掉。",
            full=(
                "为 0 时，客户端的数据或下一次 SYN-ACK 还有机会；为 1 时，客户端看到 ECONNRESET，可"
                "以另找别处。它从不用来回应 SYN，也不回应 cookie 的 ACK：那些总是悄悄丢弃。"
            ),
        ),
    ),
)
