"""Worker models, waiting for work, and several listeners on one port."""

from game.text.guide.page import Page, Words

PAGES: tuple[Page, ...] = (
    # kernel-semantics.md 12 Apache
    Page(
        id="prefork",
        kernel="prefork MPM",
        see="ps -C httpd -o pid,stat,wchan",
        level=6,
        rule="12 Apache",
        also=("worker", "event", "accept-mutex"),
        en=Words(
            title="A crew to each train",
            about=(
                "One process serves one connection at a time and calls accept() itself. Simple, "
                "and a fault ends one process alone; Apache allows 256 by default "
                "(MaxRequestWorkers)."
            ),
            full=(
                "When all are busy, connections wait in the waiting hall, then SYNs are dropped. "
                "Children are added by 1, 2, 4 ... up to 32 a second. An idle keep-alive "
                "connection holds a whole process."
            ),
        ),
        zh=Words(
            title="一车一组",
            about=(
                "一个进程一次服务一条连接，自己 accept()。简单，出错只毁一个进程；Apache 默认最多 "
                "256 个（MaxRequestWorkers）。"
            ),
            full=(
                "全都忙时，连接在候车厅里等，再满就丢 SYN。子进程每秒补 1、2、4……最多 32 个。一条空"
                "闲的长连接就占住整个进程。"
            ),
        ),
    ),
    # kernel-semantics.md 12 Apache
    Page(
        id="worker",
        kernel="worker MPM",
        see="ps -L -C httpd",
        level=6,
        rule="12 Apache",
        also=("prefork", "event", "accept"),
        en=Words(
            title="Crews in carriages",
            about=(
                "In each process one thread calls accept() and hands connections to N threads. "
                "Apache's default: 16 processes of 25 threads, 400 in all."
            ),
            full=(
                "When every thread is busy, connections wait in the kernel's hall. Threads cost "
                "less memory than processes, but a connection that says nothing still holds a "
                "thread."
            ),
        ),
        zh=Words(
            title="多节车厢",
            about=(
                "每个进程里一个线程负责 accept()，再把连接交给 N 个线程。Apache 默认 16 个进程、每"
                "个 25 个线程，共 400 个。"
            ),
            full=(
                "线程全忙时，连接在内核的候车厅里等。线程比进程省内存，但一条一言不发的连接仍占住一"
                "个线程。"
            ),
        ),
    ),
    # kernel-semantics.md 12 Apache
    Page(
        id="event",
        kernel="event MPM",
        see="ss -tanp state established",
        level=7,
        rule="12 Apache",
        also=("keep-alive", "epoll", "worker"),
        en=Words(
            title="The siding",
            about=(
                "Like worker, but the listener thread also keeps the idle keep-alive connections "
                "and watches them all at once. A worker gets a connection only when there is "
                "something to do."
            ),
            full=(
                "When the workers are used up, or connections pass a limit, the listening sockets "
                "leave its poll set: then the kernel's hall fills, and in the end SYNs are dropped."
            ),
        ),
        zh=Words(
            title="侧线",
            about=(
                "与 worker 相似，但监听线程还保管空闲的长连接，一起看着。只有真有事可做时，工作线程"
                "才拿到连接。"
            ),
            full=(
                "工作线程用尽或连接数超过限度时，它把监听套接字移出 poll 集合：于是内核的候车厅开始"
                "变满，最后丢 SYN。"
            ),
        ),
    ),
    # kernel-semantics.md 12 event; DESIGN 5
    Page(
        id="keep-alive",
        kernel="HTTP keep-alive",
        see="ss -tano state established",
        level=7,
        rule="12 event; DESIGN 5",
        also=("event", "prefork", "slowloris"),
        en=Words(
            title="Return ticket",
            about=(
                "A connection is kept for a further request, so that the next one needs no "
                "handshake. A hoarder keeps one and says nothing."
            ),
            full=(
                "While it is idle it costs a thread in prefork and worker, a descriptor in event. "
                "Many idle ones starve a small crew: trains stand at the platform with one silent "
                "passenger."
            ),
        ),
        zh=Words(
            title="往返票",
            about="连接留着等下一个请求，下次就不用再握手。占座者占着连接，却一言不发。",
            full=(
                "空闲时，它在 prefork 和 worker 里占一个线程，在 event 里只占一个描述符。空闲的一多"
                "，小班组就饿死了：列车停在站台，车上只坐着一位沉默的乘客。"
            ),
        ),
    ),
    # kernel-semantics.md 6
    Page(
        id="epoll",
        kernel="epoll_wait()",
        see="strace -f -e trace=epoll_wait -p PID",
        level=7,
        rule="6",
        also=("select-poll", "epollexclusive", "thundering-herd"),
        en=Words(
            title="The signal box",
            about=(
                "Descriptors are registered once; epoll_wait() returns those that are ready. The "
                "cost grows with the ready ones. A listener is ready when its hall is not empty; "
                "half-open requests never wake anybody."
            ),
            full=(
                "Workers that share one epoll descriptor are woken last sleeper first, and about "
                "half of the extra wake-ups find nothing (EAGAIN). With one epoll each, all "
                "sleepers wake."
            ),
        ),
        zh=Words(
            title="信号楼",
            about=(
                "描述符登记一次；epoll_wait() 返回已就绪的。代价随就绪的数量增长。候车厅不空时监听"
                "者就绪；半开请求从不唤醒任何人。"
            ),
            full=(
                "共用一个 epoll 描述符的工作者按后睡先醒被唤醒，约一半的额外唤醒扑空（EAGAIN）。各"
                "用一个 epoll 时，睡着的全都被叫醒。"
            ),
        ),
    ),
    # kernel-semantics.md 6; 14 (5, 6); DESIGN 5
    Page(
        id="select-poll",
        kernel="select(), poll()",
        see="strace -f -e trace=poll,select -p PID",
        level=7,
        rule="6; 14 (5, 6); DESIGN 5",
        also=("epoll", "eagain", "signal-io"),
        en=Words(
            title="Walking the platforms",
            about=(
                "The caller names every descriptor each time, and the kernel looks at them all: "
                "the cost grows with how many are watched, ready or not."
            ),
            full=(
                "A timeout only sends the caller home empty-handed. It has nothing to do with "
                "SYN-ACKs: those are called again by the kernel's own timers, whatever the "
                "application waits for."
            ),
        ),
        zh=Words(
            title="挨个站台看",
            about=(
                "调用者每次都要报上所有描述符，内核逐个查看：代价随被看的数量增长，就绪与否都一样。"
            ),
            full=(
                "超时只是让调用者空手而归，与 SYN-ACK 无关：那由内核自己的定时器重发，应用在等什么"
                "都一样。"
            ),
        ),
    ),
    # kernel-semantics.md DESIGN 5; 6
    Page(
        id="signal-io",
        kernel="SIGIO, O_ASYNC",
        see="strace -f -e signal=SIGIO -p PID",
        level=7,
        rule="DESIGN 5; 6",
        also=("select-poll", "epoll", "eagain"),
        en=Words(
            title="A bell",
            about=(
                "The kernel sends a signal when a descriptor turns ready; the program works on "
                "until the bell rings."
            ),
            full=(
                "Several arrivals may ring once. So the handler calls accept() again and again "
                "until it returns EAGAIN; whoever takes only one leaves the others in the hall."
            ),
        ),
        zh=Words(
            title="铃声",
            about="描述符就绪时内核发一个信号；铃响之前程序继续做别的事。",
            full=(
                "几位到达可能只响一次铃。所以要反复调用 accept() 直到返回 EAGAIN；只接一位的，会把"
                "其余的留在候车厅里。"
            ),
        ),
    ),
    # kernel-semantics.md 6 table
    Page(
        id="epollexclusive",
        kernel="EPOLLEXCLUSIVE",
        see="cat /proc/PID/fdinfo/FD",
        level=8,
        rule="6 table",
        also=("epoll", "thundering-herd", "reuseport"),
        en=Words(
            title="One bell at a time",
            about="One epoll for each worker, and only one is woken for a connection: no herd.",
            full=(
                "It is no fair turn: the first worker that registered is woken while it sleeps, "
                "the next only when that one is busy. At low load one worker takes everything; "
                "nginx registers anew every 16 accepts."
            ),
            changed="Exists since 4.5.",
        ),
        zh=Words(
            title="一次一铃",
            about="每个工作者各有一个 epoll，一条连接只叫醒其中一个：没有惊群。",
            full=(
                "但并不轮流：最先登记的只要睡着就先叫它，它忙时才轮到下一个。负载低时一个工作者包揽"
                "一切；nginx 每 16 次 accept 重新登记一次。"
            ),
            changed="4.5 起才有。",
        ),
    ),
    # kernel-semantics.md 6; 13
    Page(
        id="thundering-herd",
        kernel="thundering herd",
        see="pidstat -w -p PID 1",
        level=8,
        rule="6; 13",
        also=("epollexclusive", "accept-mutex", "epoll"),
        en=Words(
            title="All run, one boards",
            about=(
                "With one plain epoll for each worker, a connection wakes all that sleep. One "
                "takes it, the others get EAGAIN and lie down again."
            ),
            full=(
                "A failed accept() costs even more than a good one, and each wake-up a context "
                "switch. Blocking accept() has no herd: its sleepers are exclusive, and take turns "
                "strictly."
            ),
        ),
        zh=Words(
            title="一拥而上",
            about=(
                "每个工作者各用一个普通 epoll 时，一条连接叫醒所有睡着的。一个接到，其余得到 EAGAIN"
                "，再去睡。"
            ),
            full=(
                "失败的 accept() 比成功的还贵，每次唤醒还要一次上下文切换。阻塞的 accept() 没有惊群"
                "：睡眠者是独占的，严格轮流。"
            ),
        ),
    ),
    # kernel-semantics.md 12 Apache, nginx
    Page(
        id="accept-mutex",
        kernel="accept mutex",
        see="strace -f -e trace=futex,epoll_ctl -p PID",
        level=8,
        rule="12 Apache, nginx",
        also=("thundering-herd", "reuseport", "prefork"),
        en=Words(
            title="One key for the door",
            about=(
                "Only the holder of the mutex waits for connections; it lets go before it serves. "
                "Without it, crews with several listening sockets could block on one and starve "
                "the others."
            ),
            full=(
                "The others queue for the key. nginx tries again only every 500 ms, so a short "
                "rush can find nobody at the door. A bucket of its own for each crew needs no key."
            ),
        ),
        zh=Words(
            title="一把门钥匙",
            about=(
                "只有拿着互斥锁的才等连接，开始服务前就放手。没有它，有多个监听套接字的班组可能卡在"
                "一个上，饿死其余的。"
            ),
            full=(
                "别的都在排队等钥匙。nginx 每 500 毫秒才再试一次，短促的人潮可能发现门口没人。每个"
                "班组自有一个桶时，就不需要钥匙。"
            ),
        ),
    ),
    # kernel-semantics.md 7 bind rules
    Page(
        id="reuseaddr",
        kernel="SO_REUSEADDR",
        see="ss -tan state time-wait",
        level=8,
        rule="7 bind rules",
        also=("bind", "reuseport", "time-wait"),
        en=Words(
            title="The old plate may go",
            about=(
                "Lets bind() take an address whose old connections are still in TIME-WAIT: a "
                "server restarts without waiting a minute."
            ),
            full=(
                "Without it bind() fails with EADDRINUSE. It does not allow two listeners: if one "
                "listens already, the second bind() fails all the same. Set it on every socket "
                "before bind()."
            ),
        ),
        zh=Words(
            title="旧门牌可拆",
            about="让 bind() 可以使用旧连接还在 TIME-WAIT 的地址：服务器重启不必等一分钟。",
            full=(
                "没有它 bind() 会以 EADDRINUSE 失败。它不允许两个监听者：已有一个在监听，第二个 "
                "bind() 照样失败。每个套接字都要在 bind() 之前设置。"
            ),
        ),
    ),
    # kernel-semantics.md 7
    Page(
        id="reuseport",
        kernel="SO_REUSEPORT",
        see="ss -ltn 'sport = :443'",
        level=8,
        rule="7",
        also=("accept-mutex", "migrate-req", "pinning"),
        en=Words(
            title="Many platforms",
            about=(
                "Several sockets listen on one address and port, each with queues of its own. A "
                "hash of the addresses and ports picks one: random-looking, the same for one "
                "connection."
            ),
            full=(
                "The hash is blind: a full platform drops SYNs while others stand empty, and the "
                "SYN sent again meets the same one. It is no round robin. All members need the "
                "option before bind(), and the same user."
            ),
            changed=(
                "Linux has it since 3.9. Since 6.2 a TCP group heeds SO_INCOMING_CPU; 4.6 to 6.1 "
                "ignored it."
            ),
        ),
        zh=Words(
            title="许多站台",
            about=(
                "几个套接字在同一地址和端口上监听，各有自己的队列。由地址和端口的散列选出一个：看似"
                "随机，同一条连接总是同一个。"
            ),
            full=(
                "散列是盲的：一个站台满了照样丢 SYN，别的却空着，重发的 SYN 还是遇到它。它不是轮询"
                "。所有成员都要在 bind() 前设置，且属于同一用户。"
            ),
            changed="Linux 从 3.9 起支持。6.2 起 TCP 组会看 SO_INCOMING_CPU，4.6 到 6.1 忽略它。",
        ),
    ),
    # kernel-semantics.md 7 removing
    Page(
        id="migrate-req",
        kernel="net.ipv4.tcp_migrate_req",
        see="nstat -az TcpExtTCPMigrateReqSuccess",
        level=19,
        rule="7 removing",
        also=("reuseport", "listening-socket", "rst"),
        en=Words(
            title="Change of platform",
            about=(
                "With 1, when one listener of a group closes, its waiting connections and "
                "half-open requests move to a surviving one, chosen by hash."
            ),
            full=(
                "With 0 (default) those in the hall get RST, half-open ones RST when their ACK "
                "comes. Either way the hash is dealt anew for new SYNs. It does not help while a "
                "stuck listener stays open."
            ),
            changed="Exists since 5.14.",
        ),
        zh=Words(
            title="换站台",
            about="为 1 时，组里一个监听者关闭，它的等待连接和半开请求转到幸存的一个，由散列选出。",
            full=(
                "为 0（默认）时，候车厅里的得到 RST，半开的等 ACK 到来时得到 RST。无论哪样，新的 "
                "SYN 都会重新散列。卡住却不关闭的监听者，它帮不上忙。"
            ),
            changed="5.14 起才有。",
        ),
    ),
    # kernel-semantics.md 9 (5, 6); 13; DESIGN 5
    Page(
        id="pinning",
        kernel="sched_setaffinity(), taskset",
        see="taskset -cp PID",
        level=9,
        rule="9 (5, 6); 13; DESIGN 5",
        also=("softirq", "reuseport", "ksoftirqd"),
        en=Words(
            title="Fixed crews",
            about=(
                "Binds a worker to one core. TCP runs in softirq on the core that took the packet, "
                "so a worker beside it finds its data near, and one elsewhere is not disturbed."
            ),
            full=(
                "A worker pinned to the core that does all the softirq work gets only what is "
                "left. On one core more buckets mean more switching, about 1 to 5 microseconds "
                "each, and no more speed."
            ),
        ),
        zh=Words(
            title="固定班组",
            about=(
                "把一个工作者绑到一个核。TCP 在取包的核上以 softirq 运行，绑在旁边的工作者数据就近"
                "，绑在别处的不受打扰。"
            ),
            full=(
                "绑在承担全部 softirq 的核上，只能得到剩下的时间。只有一个核时，桶越多切换越多，每"
                "次约 1 到 5 微秒，却不会更快。"
            ),
        ),
    ),
)
