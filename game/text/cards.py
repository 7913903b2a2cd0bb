"""The attacker's cards in words: name, kernel word, what it does and what helps against it."""

from typing import NamedTuple


class CardText(NamedTuple):
    """One card in one language.

    Attributes:
        name: on the card.
        kernel: what it is called among engineers.
        effect: what it does, at most 40 characters.
        remedy: what a defender can do.
    """

    name: str
    kernel: str
    effect: str
    remedy: str


EN: dict[str, CardText] = {
    "syn_flood": CardText(
        "SYN flood",
        "one /24",
        "Fills the ticket line.",
        "tcp_syncookies=1, or a filter that limits each /24.",
    ),
    "pulse": CardText(
        "Pulse",
        "SYN bursts",
        "Fills the line in bursts.",
        "tcp_syncookies=1, tcp_synack_retries=0, or a filter.",
    ),
    "new_faces": CardText(
        "New faces",
        "spoofed SYN",
        "A trickle that beats filters.",
        "tcp_syncookies=1, or tcp_synack_retries=0 and longer queues.",
    ),
    "hoarders": CardText(
        "Hoarders",
        "idle conns",
        "Sit on the trains and wait.",
        "request_timeout_s; more workers.",
    ),
    "slow_read": CardText(
        "Slow read",
        "tiny window",
        "Blocks send().",
        "send_timeout_s; more workers.",
    ),
    "slow_send": CardText(
        "Slow send",
        "slowloris",
        "Blocks recv().",
        "request_timeout_s; more workers.",
    ),
    "forged_acks": CardText(
        "Forged ACKs",
        "ACK flood",
        "Takes most of a core for softirq.",
        "More workers; a filter that blocks its network.",
    ),
    "rst_storm": CardText(
        "RST storm",
        "RST flood",
        "Takes softirq, from anywhere.",
        "Spare core time; limit what comes with it.",
    ),
    "probe": CardText("Probe", "connect()", "Measures the way in.", "Nothing: it is a client."),
}

ZH: dict[str, CardText] = {
    "syn_flood": CardText(
        "SYN 洪水", "同一个 /24", "填满售票队。", "tcp_syncookies=1，或给每个 /24 限速。"
    ),
    "pulse": CardText(
        "脉冲",
        "SYN 突发",
        "一阵一阵填满队列。",
        "tcp_syncookies=1、tcp_synack_retries=0，或过滤器。",
    ),
    "new_faces": CardText(
        "新面孔",
        "伪造源的 SYN",
        "细水长流，过滤器认不出。",
        "tcp_syncookies=1；或 tcp_synack_retries=0 加更长的队列。",
    ),
    "hoarders": CardText(
        "占座者", "空闲连接", "坐在列车上不走。", "request_timeout_s；加 worker。"
    ),
    "slow_read": CardText("慢读", "极小窗口", "让 send() 阻塞。", "send_timeout_s；加 worker。"),
    "slow_send": CardText(
        "慢发", "slowloris", "让 recv() 阻塞。", "request_timeout_s；加 worker。"
    ),
    "forged_acks": CardText(
        "伪造 ACK", "ACK 洪水", "softirq 占掉一个核的大半。", "加 worker；屏蔽它的网段。"
    ),
    "rst_storm": CardText(
        "RST 风暴", "RST 洪水", "四面八方来的 softirq。", "留出核心时间；限制和它一起来的。"
    ),
    "probe": CardText("探测", "connect()", "测量进站要多久。", "不用管：它就是一个客户端。"),
}


def card_text(lang: str, name: str) -> CardText:
    """The words of a card; its bare name where there are none."""
    words = (ZH if lang == "zh" else EN).get(name)
    return words or CardText(name, "", "", "")
