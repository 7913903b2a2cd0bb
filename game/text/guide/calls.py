"""The calls: what a program says to the kernel."""

from game.text.guide.page import Page, Words

PAGES: tuple[Page, ...] = (
    # kernel-semantics.md coverage 1; 2
    Page(
        id="socket",
        kernel="socket()",
        see="strace -f -e trace=network -p PID",
        level=1,
        rule="coverage 1; 2",
        also=("bind", "five-tuple", "listening-socket"),
        en=Words(
            title="An empty lot",
            about=(
                "socket() makes an endpoint and returns its descriptor. Of the five-tuple only the "
                "protocol is known: no address, no port, no queues."
            ),
            full=(
                "Without it there is nothing to bind. Until listen() the port is closed: the "
                "kernel answers every SYN with RST, and connect() fails at once with ECONNREFUSED."
            ),
        ),
        zh=Words(
            title="一块空地",
            about=(
                "socket() 造出一个端点，返回它的描述符。五元组里只知道协议：没有地址，没有端口，也"
                "没有队列。"
            ),
            full=(
                "没有它就没有东西可以绑定。在 listen() 之前端口是关着的：内核对每个 SYN 回 RST，"
                "connect() 立刻以 ECONNREFUSED 失败。"
            ),
        ),
    ),
    # kernel-semantics.md 7 bind rules
    Page(
        id="bind",
        kernel="bind()",
        see="ss -tan",
        level=1,
        rule="7 bind rules",
        also=("reuseaddr", "reuseport", "five-tuple"),
        en=Words(
            title="The address plate",
            about=(
                "bind() gives a socket its half of the five-tuple: local address and port. 0.0.0.0 "
                "stands for every address of the machine."
            ),
            full=(
                "A second bind() to the same address and port fails with EADDRINUSE, unless both "
                "sockets set SO_REUSEPORT before bind(), or SO_REUSEADDR while neither listens. "
                "Without bind(), listen() picks an ephemeral port."
            ),
        ),
        zh=Words(
            title="门牌",
            about=(
                "bind() 填上套接字自己的那半个五元组：本地地址和端口。0.0.0.0 表示本机的所有地址。"
            ),
            full=(
                "对同一地址和端口再次 bind() 会以 EADDRINUSE 失败，除非两个套接字都在 bind() 前设了"
                " SO_REUSEPORT，或都设了 SO_REUSEADDR 且都没有在监听。不调用 bind() 时，listen() 会"
                "选一个临时端口。"
            ),
        ),
    ),
    # kernel-semantics.md 2; 1.2
    Page(
        id="listen",
        kernel="listen()",
        see="ss -ltn",
        level=1,
        rule="2; 1.2",
        also=("backlog", "somaxconn", "listening-socket"),
        en=Words(
            title="Opening the doors",
            about=(
                "listen() opens the port: from here on the kernel finishes handshakes by itself, "
                "in softirq, and both queues exist. Calling it again only rewrites the backlog."
            ),
            full=(
                "Without it every SYN gets RST. A new backlog counts for the next check; shrinking "
                "evicts nobody, so Recv-Q may stand above Send-Q until the hall drains."
            ),
        ),
        zh=Words(
            title="开门营业",
            about=(
                "listen() 打开端口：从此内核在软中断里自己完成握手，两个队列也都有了。再调用一次只"
                "会改写 backlog。"
            ),
            full=(
                "没有它，每个 SYN 都得到 RST。新的 backlog 从下一次检查起生效；调小不会赶走任何人，"
                "所以在候车厅排空之前 Recv-Q 可能大于 Send-Q。"
            ),
        ),
    ),
    # kernel-semantics.md 3.3; 4.2
    Page(
        id="connect",
        kernel="connect()",
        see="ss -tan state syn-sent",
        level=2,
        rule="3.3; 4.2",
        also=("syn-queue", "rst", "five-tuple"),
        en=Words(
            title="A traveller sets out",
            about=(
                "connect() sends a SYN and waits. It returns as soon as the SYN-ACK has come, long "
                "before anybody calls accept(). Connect p95 is the time within which 95 of 100 "
                "were connected."
            ),
            full=(
                "No answer: the SYN is sent again after 1, 2, 3, 4, 5, 7, 11 ... s, and after 131 "
                "s connect() fails with ETIMEDOUT. RST: ECONNREFUSED at once. A full hall answers "
                "with silence, so the traveller waits."
            ),
            changed=(
                "Since 6.5 tcp_syn_linear_timeouts (4) keeps the first pauses at 1 s. Before, SYNs "
                "left at 0, 1, 3, 7, 15, 31, 63 s and the end came at 127 s."
            ),
        ),
        zh=Words(
            title="旅客出发",
            about=(
                "connect() 发出一个 SYN 并等待。SYN-ACK 一到它就返回，远早于有人调用 accept()。"
                "连接 p95：100 个里有 95 个在这段时间内连上。"
            ),
            full=(
                "没有回应：SYN 在 1、2、3、4、5、7、11……秒重发，131 秒后 connect() 以 ETIMEDOUT 失"
                "败。收到 RST：立刻 ECONNREFUSED。候车厅满时得到的是沉默，所以旅客只能等。"
            ),
            changed=(
                "6.5 起 tcp_syn_linear_timeouts（4）让最初几次间隔都是 1 秒。以前 SYN 在 0、1、3、7"
                "、15、31、63 秒发出，127 秒放弃。"
            ),
        ),
    ),
    # kernel-semantics.md 6
    Page(
        id="accept",
        kernel="accept()",
        see="strace -f -e trace=accept4 -p PID",
        level=1,
        rule="6",
        also=("accept-queue", "connected-socket", "eagain"),
        en=Words(
            title="Boarding",
            about=(
                "accept() takes the first out of the waiting hall and returns a new descriptor for "
                "it. The peer notices nothing: the handshake was over long before."
            ),
            full=(
                "Hall empty: it sleeps, or returns EAGAIN on a non-blocking socket. Never called: "
                "backlog + 1 handshakes still finish, and their data is buffered; then new SYNs "
                "are dropped. Without a free descriptor (EMFILE) the connection stays in the hall."
            ),
        ),
        zh=Words(
            title="上车",
            about=(
                "accept() 从候车厅接走第一位，并为它返回一个新的描述符。对端毫无察觉：握手早就结束"
                "了。"
            ),
            full=(
                "候车厅为空：它睡眠，非阻塞套接字则返回 EAGAIN。从不调用：仍有 backlog + 1 个握手完"
                "成，数据也会缓存；之后新的 SYN 被丢弃。描述符用尽（EMFILE）时，连接留在候车厅里。"
            ),
        ),
    ),
    # kernel-semantics.md 10 states
    Page(
        id="close",
        kernel="close()",
        see="ss -tan state fin-wait-2",
        level=17,
        rule="10 states",
        also=("dup", "shutdown", "fin-wait"),
        en=Words(
            title="Leaving the train",
            about=(
                "close() lowers a reference count. Only the last close() ends the connection: FIN "
                "goes out after what is still in the send buffer."
            ),
            full=(
                "If a parent or a dup() still holds the socket, no FIN is sent and the peer waits "
                "for ever. If data was received and not read, the last close() sends RST instead "
                "of FIN (TCPAbortOnClose)."
            ),
        ),
        zh=Words(
            title="下车",
            about=(
                "close() 只是把引用计数减一。最后一次 close() 才结束连接：FIN 排在发送缓冲区剩下的"
                "数据之后发出。"
            ),
            full=(
                "只要父进程或某个 dup() 还握着这个套接字，就不会发 FIN，对端会一直等下去。若有收到"
                "却没读的数据，最后一次 close() 发的是 RST 而不是 FIN（TCPAbortOnClose）。"
            ),
        ),
    ),
    # kernel-semantics.md 10 states; 6 closing
    Page(
        id="shutdown",
        kernel="shutdown()",
        see="ss -tan state fin-wait-1",
        level=17,
        rule="10 states; 6 closing",
        also=("close", "fin-wait", "rst"),
        en=Words(
            title="Closing a door",
            about=(
                "shutdown() acts at once and for every holder. SHUT_WR sends FIN and leaves "
                "reading open; SHUT_RDWR does both."
            ),
            full=(
                "SHUT_RD puts nothing on the wire: what arrives is still acknowledged and can be "
                "read. On a listening socket SHUT_RD acts on the queues like close(), but the port "
                "stays bound and listen() works again; SHUT_WR does nothing."
            ),
        ),
        zh=Words(
            title="关上一扇门",
            about=(
                "shutdown() 立刻生效，对所有持有者都一样。SHUT_WR 发出 FIN，仍可读；SHUT_RDWR 两样"
                "都做。"
            ),
            full=(
                "SHUT_RD 不发任何包：到来的数据照样被确认、可以读。对监听套接字，SHUT_RD 对队列的作"
                "用与 close() 相同，但端口仍绑定，可以再次 listen()；SHUT_WR 什么也不做。"
            ),
        ),
    ),
    # kernel-semantics.md 10 states
    Page(
        id="dup",
        kernel="dup(), fork()",
        see="lsof -i TCP:443",
        level=17,
        rule="10 states",
        also=("close", "shutdown", "prefork"),
        en=Words(
            title="A second key",
            about=(
                "dup() and fork() make one more reference to the same socket. All of them share "
                "one state and one receive queue."
            ),
            full=(
                "close() on one of them sends nothing. A parent that forgets to close its copy "
                "keeps the connection open after the child has finished; shutdown() would cut it "
                "for all."
            ),
        ),
        zh=Words(
            title="第二把钥匙",
            about="dup() 和 fork() 给同一个套接字再添一个引用。它们共用一个状态、一个接收队列。",
            full=(
                "对其中一个 close() 不会发出任何包。父进程忘了关自己的那份，子进程完工后连接仍然开"
                "着；shutdown() 则会对所有人切断。"
            ),
        ),
    ),
)
