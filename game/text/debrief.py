"""The story of a run in words: a title and a sentence for each cause, and what to try next."""

from collections.abc import Mapping

from game.text.blanks import fill, platform
from game.text.cards import card_text
from game.text.knobs import knob_help

ARGS: dict[str, tuple[str, ...]] = {
    "syn_queue_filled": ("listener", "limit"),
    "cookies_took_over": ("listener",),
    "accept_queue_overflowed": ("listener", "count", "backlog"),
    "syns_dropped": ("listener", "count"),
    "connections_reset": ("count",),
    "set_sysctl": ("name", "value", "before"),
    "set_knob": ("name", "value", "before"),
    "call": ("call", "argument", "result"),
    "calm_again": ("listener",),
    "nobody_listening": ("count",),
    "core_busy": ("core", "share"),
    "card": ("card",),
}
"""What each sentence needs from the host; `share` is in thousandths."""

DERIVED = ("platform", "short", "acts", "percent", "meaning", "card_name", "card_effect")
"""Blanks that this module fills from those."""

EN: dict[str, tuple[str, str]] = {
    "syn_queue_filled": (
        "Ticket line {platform} filled up.",
        "All {limit} places were held by requests whose ACK had not come.",
    ),
    "cookies_took_over": (
        "Cookies took over on {platform}.",
        "The line was full, so SYNs got a stamped ticket instead of a place.",
    ),
    "accept_queue_overflowed": (
        "Hall {platform} overflowed.",
        "Full at a backlog of {backlog}: {count} turned away, all in ListenOverflows.",
    ),
    "syns_dropped": (
        "Line {platform} dropped SYNs.",
        "{count} got no answer at all; whoever is real has to try again.",
    ),
    "connections_reset": (
        "Connections were reset.",
        "{count} got an RST and had to begin again.",
    ),
    "set_sysctl": ("You set {short}={value}.", "It was {before}. {acts}"),
    "set_knob": ("You set {short} to {value}.", "It was {before}. {acts}"),
    "call": ("You called {call}().", "{meaning}"),
    "calm_again": (
        "Platform {platform} is calm again.",
        "Both queues have room, and nobody is refused.",
    ),
    "nobody_listening": (
        "Nobody listened.",
        "{count} knocked at a port without a listener and got an RST.",
    ),
    "core_busy": (
        "Core {core} was the limit.",
        "It was {percent} % busy: packets and workers had to wait for it.",
    ),
    "card": ("The street played {card_name}.", "{card_effect}"),
}

ZH: dict[str, tuple[str, str]] = {
    "syn_queue_filled": (
        "{platform} 站台的售票队满了。",
        "{limit} 个位置全被还没等到 ACK 的请求占着。",
    ),
    "cookies_took_over": (
        "{platform} 站台开始用 cookie。",
        "队伍满了，SYN 拿到盖章的票，不再占位置。",
    ),
    "accept_queue_overflowed": (
        "{platform} 站台的候车厅溢出。",
        "backlog 为 {backlog}，已满：{count} 次被拒，都计入 ListenOverflows。",
    ),
    "syns_dropped": (
        "{platform} 站台丢弃了 SYN。",
        "{count} 个没有得到任何回应；真正的旅客只能再试。",
    ),
    "connections_reset": ("连接被复位。", "{count} 个收到 RST，只能从头再来。"),
    "set_sysctl": ("你把 {short} 设为 {value}。", "原来是 {before}。{acts}"),
    "set_knob": ("你把 {short} 设为 {value}。", "原来是 {before}。{acts}"),
    "call": ("你调用了 {call}()。", "{meaning}"),
    "calm_again": ("{platform} 站台恢复平静。", "两个队列都有空位，没有人被拒绝。"),
    "nobody_listening": ("没有人监听。", "{count} 次敲门，端口上没有监听者，只得到 RST。"),
    "core_busy": ("核 {core} 成了瓶颈。", "它的占用率达到 {percent} %：包和 worker 都得等它。"),
    "card": ("街上打出了「{card_name}」。", "{card_effect}"),
}

CALLS_EN: dict[str, str] = {
    "socket": "A socket, with no address yet.",
    "bind": "Now it has an address and a port.",
    "listen": "Both queues exist from here on.",
    "accept": "The trains take people from the hall.",
    "close": "The door is shut; who waited is reset.",
}

CALLS_ZH: dict[str, str] = {
    "socket": "有了套接字，还没有地址。",
    "bind": "现在它有了地址和端口。",
    "listen": "从此两个队列都在了。",
    "accept": "列车开始从候车厅接人。",
    "close": "门关了，还在等的被复位。",
}

VERDICTS_EN: tuple[str, ...] = (
    "No star yet. Too many left.",
    "One star. It was a close thing.",
    "Two stars. The station held.",
    "Three stars. Right on time.",
)

VERDICTS_ZH: tuple[str, ...] = (
    "还没有星。太多人走了。",
    "一颗星。好险。",
    "两颗星。车站撑住了。",
    "三颗星。准点运行。",
)

NEXT_STAR_EN: dict[str, str] = {
    "served": "Serve {mark}. Look where people are turned away.",
    "connect_p95_ms": "Connect in {mark}. Every SYN that is sent again costs a second.",
    "core_max": "Keep cores at {mark}. What can be dropped earlier?",
    "memory_mb": "Stay within {mark}. A process is dear, a thread is cheap, a buffer cheaper.",
    "cost": "Spend {mark}. Which change was not needed?",
    "none": "All goals are met. The next station waits.",
}

NEXT_STAR_ZH: dict[str, str] = {
    "served": "服务率要{mark}。看看人是在哪里被拒的。",
    "connect_p95_ms": "连接要在{mark}之内。SYN 每重发一次就是一秒。",
    "core_max": "核的占用要{mark}。哪些包可以更早丢掉？",
    "memory_mb": "内存要{mark}。进程最贵，线程便宜，缓冲区更便宜。",
    "cost": "花费要{mark}。哪一步其实不需要？",
    "none": "目标全部达成，下一站在等你。",
}

_UNKNOWN = {
    "en": ("Something happened.", "The host calls it {code}."),
    "zh": ("发生了一件事。", "主机称之为 {code}。"),
}


def cause(lang: str, code: str, args: Mapping[str, str | int]) -> tuple[str, str]:
    """Title and sentence of one cause in the story."""
    texts, calls = (ZH, CALLS_ZH) if lang == "zh" else (EN, CALLS_EN)
    title, sentence = texts.get(code, _UNKNOWN["zh" if lang == "zh" else "en"])
    share = args.get("share", 0)
    name = str(args.get("name", ""))
    card = card_text(lang, str(args.get("card", "")))
    blanks: dict[str, str | int] = {
        **args,
        "code": code,
        "platform": platform(args.get("listener", 0)),
        "short": name.rsplit(".", 1)[-1],
        "acts": knob_help(lang, name).acts,
        "percent": round(share / 10) if isinstance(share, int) else share,
        "meaning": calls.get(str(args.get("call", "")), ""),
        "card_name": card.name,
        "card_effect": card.effect,
    }
    return fill(title, blanks), fill(sentence, blanks).rstrip()


def verdict(lang: str, stars: int) -> str:
    """One line for 0 to 3 stars."""
    return (VERDICTS_ZH if lang == "zh" else VERDICTS_EN)[max(0, min(3, stars))]


def next_star(lang: str, what: str, mark: str) -> str:
    """What to do about the goal that holds the next star back; "none" when none does."""
    texts = NEXT_STAR_ZH if lang == "zh" else NEXT_STAR_EN
    return fill(texts.get(what, texts["none"]), {"mark": mark})
