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
        "Full at backlog {backlog}: {count} knocks sent back, to come again (ListenOverflows).",
    ),
    "syns_dropped": (
        "Line {platform} dropped SYNs.",
        "{count} sent back without an answer; whoever is real comes again.",
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
        "Both queues have room, and nobody is sent back.",
    ),
    "nobody_listening": (
        "Nobody listened.",
        "{count} knocked at a port without a listener and got an RST: sent back.",
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
        "backlog 为 {backlog}，已满：{count} 次被挡回，还会再来（ListenOverflows）。",
    ),
    "syns_dropped": (
        "{platform} 站台丢弃了 SYN。",
        "{count} 个没有得到回应，被挡回；真正的旅客会再来。",
    ),
    "connections_reset": ("连接被复位。", "{count} 个收到 RST，只能从头再来。"),
    "set_sysctl": ("你把 {short} 设为 {value}。", "原来是 {before}。{acts}"),
    "set_knob": ("你把 {short} 设为 {value}。", "原来是 {before}。{acts}"),
    "call": ("你调用了 {call}()。", "{meaning}"),
    "calm_again": ("{platform} 站台恢复平静。", "两个队列都有空位，没有人被挡回。"),
    "nobody_listening": ("没有人监听。", "{count} 次敲门，端口上没有监听者，得到 RST，被挡回。"),
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

FAILED_EN: dict[str, str] = {
    "": "The kernel said {error}. Nothing changed.",
    "EBADF": "There is no socket yet ({error}). Nothing changed.",
    "EINVAL": "Not in this state ({error}): the calls have an order. Nothing changed.",
    "EADDRINUSE": "Another socket has that port ({error}). Nothing changed.",
}

FAILED_ZH: dict[str, str] = {
    "": "内核回答 {error}，什么都没变。",
    "EBADF": "还没有套接字（{error}），什么都没变。",
    "EINVAL": "现在不行（{error}）：调用有先后。什么都没变。",
    "EADDRINUSE": "端口被别的套接字占着（{error}），什么都没变。",
}

FAILED_TITLE = {"en": "{call}() failed.", "zh": "{call}() 失败了。"}
AGAIN = {
    "en": ("You called listen() again.", "Backlog {value}, as before: somaxconn counts from now."),
    "zh": ("你再次调用了 listen()。", "backlog 仍为 {value}；somaxconn 从此生效。"),
}

VERDICTS_EN: tuple[str, ...] = (
    "No star yet.",
    "One star. It was a close thing.",
    "Two stars. The station held.",
    "Three stars. Right on time.",
)

VERDICTS_ZH: tuple[str, ...] = (
    "还没有星。",
    "一颗星。好险。",
    "两颗星。车站撑住了。",
    "三颗星。准点运行。",
)

MISSED_EN: dict[str, str] = {
    "served": "No star yet. Too few served.",
    "connect_p95_ms": "No star yet. They waited too long.",
    "core_max": "No star yet. A core ran hot.",
    "memory_mb": "No star yet. Too much memory.",
    "cost": "No star yet. It cost too much.",
}

MISSED_ZH: dict[str, str] = {
    "served": "还没有星。服务的人太少。",
    "connect_p95_ms": "还没有星。人们等得太久。",
    "core_max": "还没有星。有个核太忙。",
    "memory_mb": "还没有星。内存用得太多。",
    "cost": "还没有星。花费太多。",
}
"""The goal that holds the first star back, in the headline."""

NEXT_STAR_EN: dict[str, str] = {
    "served": "Serve {mark}. Look where people are sent back.",
    "connect_p95_ms": "Connect in {mark}. Every SYN that is sent again costs a second.",
    "core_max": "Keep cores at {mark}. What can be dropped earlier?",
    "memory_mb": "Stay within {mark}. A process is dear, a thread is cheap, a buffer cheaper.",
    "cost": "Spend {mark}. A knob turned in one go is one change: pause, or drag its dial.",
    "none": "All goals are met. The next station waits.",
}

NEXT_STAR_ZH: dict[str, str] = {
    "served": "服务率要{mark}。看看人是在哪里被挡回的。",
    "connect_p95_ms": "连接要在{mark}之内。SYN 每重发一次就是一秒。",
    "core_max": "核的占用要{mark}。哪些包可以更早丢掉？",
    "memory_mb": "内存要{mark}。进程最贵，线程便宜，缓冲区更便宜。",
    "cost": "花费要{mark}。一口气转完一个旋钮只算一次：先暂停，或拖动表盘。",
    "none": "目标全部达成，下一站在等你。",
}

BECAUSE_EN: dict[tuple[str, str], str] = {
    ("served", "nobody_listening"): (
        "Serve {mark}: {count} knocked before anybody listened. Call listen() sooner."
    ),
    ("served", "accept_queue_overflowed"): (
        "Serve {mark}: the full hall sent {count} back, and some came too late."
    ),
    ("served", "syns_dropped"): (
        "Serve {mark}: the ticket line sent {count} back, and some came too late."
    ),
    ("connect_p95_ms", "accept_queue_overflowed"): (
        "Connect in {mark}: the full hall sent {count} back, each for a second or more."
    ),
    ("connect_p95_ms", "syns_dropped"): (
        "Connect in {mark}: the ticket line sent {count} back, each for a second or more."
    ),
}

BECAUSE_ZH: dict[tuple[str, str], str] = {
    ("served", "nobody_listening"): (
        "服务率要{mark}：有 {count} 次敲门时还没人监听。早一点调用 listen()。"
    ),
    ("served", "accept_queue_overflowed"): (
        "服务率要{mark}：候车厅满了，挡回 {count} 次，有些人再来时已太晚。"
    ),
    ("served", "syns_dropped"): "服务率要{mark}：售票队挡回 {count} 次，有些人再来时已太晚。",
    ("connect_p95_ms", "accept_queue_overflowed"): (
        "连接要在{mark}之内：候车厅满了，挡回 {count} 次，每次至少一秒。"
    ),
    ("connect_p95_ms", "syns_dropped"): (
        "连接要在{mark}之内：售票队挡回 {count} 次，每次至少一秒。"
    ),
}
"""By goal and by what cost it most: the reason, and with it what to do."""

_UNKNOWN = {
    "en": ("Something happened.", "The host calls it {code}."),
    "zh": ("发生了一件事。", "主机称之为 {code}。"),
}


def cause(lang: str, code: str, args: Mapping[str, str | int]) -> tuple[str, str]:
    """Title and sentence of one cause in the story; a call that failed is not told as done."""
    zh = "zh" if lang == "zh" else "en"
    error = _error(str(args.get("result", ""))) if code == "call" else ""
    if error:
        failed = FAILED_ZH if lang == "zh" else FAILED_EN
        told = failed.get(error, failed[""])
        blanks_of = {"call": args.get("call", ""), "error": error}
        return fill(FAILED_TITLE[zh], blanks_of), fill(told, blanks_of)
    if args.get("name") == "backlog" and str(args.get("before")) == str(args.get("value")):
        return AGAIN[zh][0], fill(AGAIN[zh][1], {"value": args.get("value", "")})
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


def _error(result: str) -> str:
    """The errno of a call as a tracer prints it, "" where it did not fail."""
    _, failed, rest = result.partition("= -1 ")
    return rest.split(" ")[0] if failed else ""


def verdict(lang: str, stars: int, missed: str = "") -> str:
    """One line for 0 to 3 stars; without one, `missed` is the goal that was not met."""
    line = (VERDICTS_ZH if lang == "zh" else VERDICTS_EN)[max(0, min(3, stars))]
    return (MISSED_ZH if lang == "zh" else MISSED_EN).get(missed, line) if stars <= 0 else line


def next_star(lang: str, what: str, mark: str, losses: Mapping[str, int] | None = None) -> str:
    """What to do about the goal that holds the next star back; "none" when none does.

    Args:
        losses: how many each cause of the story sent back; the largest is named as the reason.
    """
    texts = NEXT_STAR_ZH if lang == "zh" else NEXT_STAR_EN
    because = BECAUSE_ZH if lang == "zh" else BECAUSE_EN
    known = {code: n for code, n in (losses or {}).items() if (what, code) in because and n}
    if known:
        code = max(sorted(known), key=lambda one: known[one])
        return fill(because[what, code], {"mark": mark, "count": known[code]})
    return fill(texts.get(what, texts["none"]), {"mark": mark})
