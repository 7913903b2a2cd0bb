"""Buffers, windows, and those who are slow."""

from game.text.guide.page import Page, Words

PAGES: tuple[Page, ...] = (
    # kernel-semantics.md 10 buffers
    Page(
        id="receive-buffer",
        kernel="net.ipv4.tcp_rmem, SO_RCVBUF",
        see="ss -tnm",
        level=14,
        rule="10 buffers",
        also=("window", "recv-q", "send-buffer"),
        en=Words(
            title="Belt of arrivals",
            about=(
                "Bytes received and acknowledged that wait for recv(). Packets count with their "
                "overhead: 1,400 bytes of data take 2,304. It starts at 131,072 and grows by "
                "itself up to the third number of tcp_rmem."
            ),
            full=(
                "As it fills the advertised window shrinks to zero, and the sender must stop. "
                "Setting SO_RCVBUF doubles the number given, and switches the growth off."
            ),
        ),
        zh=Words(
            title="到达传送带",
            about=(
                "已收到并确认、等待 recv() 的字节。包连同开销一起算：1,400 字节数据占 2,304。从 "
                "131,072 开始，自动增长到 tcp_rmem 的第三个数。"
            ),
            full=(
                "它渐满，通告窗口就缩到零，发送方只好停下。设置 SO_RCVBUF 会把给的数翻倍，并关掉自"
                "动增长。"
            ),
        ),
    ),
    # kernel-semantics.md 10 buffers
    Page(
        id="send-buffer",
        kernel="net.ipv4.tcp_wmem, SO_SNDBUF",
        see="ss -tnm",
        level=15,
        rule="10 buffers",
        also=("eagain", "window", "recv-q"),
        en=Words(
            title="Belt of departures",
            about=(
                "send() copies into it and returns; the bytes stay until the peer has acknowledged "
                "them. Send-Q shows how many. It starts at 16,384 and grows by itself."
            ),
            full=(
                "Full: send() blocks, or returns EAGAIN. It is writable again once a third is "
                "free. A peer that reads nothing thus stops a blocking worker."
            ),
        ),
        zh=Words(
            title="发出传送带",
            about=(
                "send() 把数据复制进来就返回；字节要等对端确认后才离开。Send-Q 显示有多少。从 "
                "16,384 开始，自动增长。"
            ),
            full=(
                "满了：send() 阻塞，或返回 EAGAIN。空出三分之一后才又可写。所以一个什么都不读的对端"
                "就能拖住一个阻塞的工作者。"
            ),
        ),
    ),
    # kernel-semantics.md 10 buffers
    Page(
        id="window",
        kernel="rwnd, zero window",
        see="nstat -az TcpExtTCPZeroWindowDrop",
        level=14,
        rule="10 buffers",
        also=("receive-buffer", "send-buffer", "slowloris"),
        en=Words(
            title="Room on the belt",
            about=(
                "Each ACK says how many more bytes may come. It shrinks as unread data waits; its "
                "right edge never moves back."
            ),
            full=(
                "At zero the sender only probes: after 0.27, 0.82, 1.9, 4, 8 s and on, at most 120 "
                "s apart. While the peer answers it never gives up. Reading opens the window, and "
                "an update is sent."
            ),
        ),
        zh=Words(
            title="传送带的空位",
            about="每个 ACK 都说明还能再来多少字节。未读数据越多窗口越小；它的右边界从不后退。",
            full=(
                "为零时发送方只能探测：0.27、0.82、1.9、4、8 秒……间隔最多 120 秒。只要对端回应就永"
                "不放弃。读走数据，窗口打开，并通知对方。"
            ),
        ),
    ),
    # kernel-semantics.md 6; 10 buffers; 13
    Page(
        id="eagain",
        kernel="EAGAIN, EWOULDBLOCK",
        see="strace -f -e trace=accept4,recvfrom -p PID",
        level=15,
        rule="6; 10 buffers; 13",
        also=("epoll", "accept", "send-buffer"),
        en=Words(
            title="Come back later",
            about=(
                "What a non-blocking call says instead of sleeping: nothing in the hall, nothing "
                "to read, no room to write."
            ),
            full=(
                "It is no fault: wait for readiness and try again. A loop without waiting burns "
                "the core; a failed accept() costs more than a good one. An accepted socket does "
                "not inherit O_NONBLOCK."
            ),
        ),
        zh=Words(
            title="待会儿再来",
            about="非阻塞调用用它代替睡眠：候车厅没人、没有可读的、没有可写的空间。",
            full=(
                "这不是故障：等就绪再试。不等待地循环会烧掉一个核；失败的 accept() 比成功的还贵。"
                "accept 得到的套接字不继承 O_NONBLOCK。"
            ),
        ),
    ),
    # kernel-semantics.md 10 buffers; 12
    Page(
        id="slowloris",
        kernel="slow sender, slow reader",
        see="ss -tno state established",
        level=16,
        rule="10 buffers; 12",
        also=("keep-alive", "event", "window"),
        en=Words(
            title="Slow walkers",
            about=(
                "They connect properly and then send or read a few bytes at a time. Every packet "
                "is legal, so neither cookies nor queues notice them."
            ),
            full=(
                "Each holds a thread in recv() or send(). When all are held, the hall fills and "
                "ListenOverflows counts travellers. Helps: an event crew, deadlines of the "
                "application, a limit for each address."
            ),
        ),
        zh=Words(
            title="慢行者",
            about=(
                "它们正常连上，然后每次只收发几个字节。每个包都合法，所以 cookie 和队列都察觉不到。"
            ),
            full=(
                "每个都占住一个停在 recv() 或 send() 里的线程。全被占住时候车厅就满，"
                "ListenOverflows 数的是旅客。有用：event 班组、应用自己的时限、每个地址的上限。"
            ),
        ),
    ),
)
