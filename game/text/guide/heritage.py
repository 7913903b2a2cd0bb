"""How it was elsewhere and before."""

from game.text.guide.page import Page, Words

PAGES: tuple[Page, ...] = (
    # kernel-semantics.md 11
    Page(
        id="bsd",
        kernel="so_qlen + so_q0len",
        see="netstat -L",
        level=18,
        rule="11",
        also=("syn-queue", "accept-queue", "syn-flood"),
        en=Words(
            title="The old station",
            about=(
                "4.4BSD had one limit for both kinds: half-open plus completed. With a backlog of "
                "b it refused once their sum passed 3b/2, so with 5 there was room for 8."
            ),
            full=(
                "A refused SYN was dropped in silence. Eight forged SYNs closed a port with a "
                "backlog of 5 until the half-open timer ended, about 75 s. The folk rule of one "
                "and a half backlogs comes from here."
            ),
            changed=(
                "Linux before 2.2 limited half-open sockets by the backlog as well. Since 2.2 "
                "backlog counts completed connections."
            ),
        ),
        zh=Words(
            title="老车站",
            about=(
                "4.4BSD 用一个上限管两种：半开加已完成。backlog 为 b 时，两者之和超过 3b/2 就拒绝，"
                "所以 5 能容 8 个。"
            ),
            full=(
                "被拒的 SYN 悄悄丢弃。8 个伪造的 SYN 就能让 backlog 为 5 的端口关闭，直到约 75 秒的"
                "半开定时器结束。流传的“一倍半 backlog”就出自这里。"
            ),
            changed=(
                "2.2 之前的 Linux 也用 backlog 限制半开套接字。2.2 起 backlog 只数已完成的连接。"
            ),
        ),
    ),
)
