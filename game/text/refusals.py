"""What a player reads when a message or command had no effect, by code."""

from collections.abc import Mapping

from game.text.blanks import fill

ARGS: dict[str, tuple[str, ...]] = {
    "unknown_sysctl": ("name",),
    "sysctl_range": ("name", "min", "max"),
    "unknown_knob": ("name",),
    "knob_range": ("name", "allowed"),
    "knob_locked": ("name",),
    "budget": ("cost", "left"),
    "no_level": ("level",),
    "not_started": (),
    "recorded": (),
    "malformed": ("why",),
    "version": ("theirs", "ours"),
    "too_many": ("max",),
    "hello_first": (),
    "closing": (),
    "cut_off": (),
    "call_error": ("call", "errno"),
    "over": (),
    "no_card": ("card",),
    "not_in_hand": ("card",),
    "no_bots": ("bots", "left"),
    "too_fast": (),
    "bad_setting": ("why",),
}
"""What each sentence needs from the host."""

EN: dict[str, str] = {
    "unknown_sysctl": "sysctl: cannot stat {name}: No such file or directory.",
    "sysctl_range": "{name} takes {min} to {max}: Invalid argument. Nothing was changed.",
    "unknown_knob": "There is no knob called {name} here.",
    "knob_range": "{name} takes {allowed}. Nothing was changed.",
    "knob_locked": "{name} is not open at this station.",
    "budget": "This costs {cost}, and {left} is left.",
    "no_level": "There is no station called {level}.",
    "not_started": "No run is on. Start a station first.",
    "recorded": "This is a recording: you can watch, pause and scrub, but not turn knobs.",
    "malformed": "The host could not read a message: {why}.",
    "version": "The host speaks protocol {ours}, this game {theirs}. Both need the same release.",
    "too_many": "A run takes at most {max} commands.",
    "hello_first": "The host wants to be greeted first.",
    "closing": "The host has closed the station. What was under way is kept.",
    "cut_off": "The host ended the connection: too many messages that it could not read.",
    "call_error": "{call}() = -1 {errno}",
    "over": "The run is over.",
    "no_card": "There is no card called {card} here.",
    "not_in_hand": "{card} is not in your hand now.",
    "no_bots": "This card needs {bots} bots, and {left} are free.",
    "too_fast": "Too many messages at once; what came too fast was not read.",
    "bad_setting": "The run cannot begin with these settings: {why}",
}

ZH: dict[str, str] = {
    "unknown_sysctl": "sysctl: cannot stat {name}: No such file or directory（没有这个参数）。",
    "sysctl_range": "{name} 的取值范围是 {min} 到 {max}：Invalid argument。什么都没有改变。",
    "unknown_knob": "这里没有名为 {name} 的旋钮。",
    "knob_range": "{name} 可取 {allowed}。什么都没有改变。",
    "knob_locked": "{name} 在这座车站没有开放。",
    "budget": "这一步要花 {cost} 点，只剩 {left} 点。",
    "no_level": "没有名为 {level} 的车站。",
    "not_started": "现在没有进行中的一局，请先选一座车站。",
    "recorded": "这是录像：可以看、暂停、拖动，但不能拧旋钮。",
    "malformed": "主机读不懂一条消息：{why}。",
    "version": "主机使用协议 {ours}，这个游戏使用 {theirs}。两边需要同一个版本。",
    "too_many": "一局最多 {max} 条命令。",
    "hello_first": "主机要先收到问候。",
    "closing": "主机已关闭车站，进行中的内容已保存。",
    "cut_off": "主机断开了连接：读不懂的消息太多。",
    "call_error": "{call}() = -1 {errno}",
    "over": "这一局已经结束。",
    "no_card": "这里没有名为 {card} 的牌。",
    "not_in_hand": "{card} 现在不在手里。",
    "no_bots": "这张牌需要 {bots} 台肉鸡，只剩 {left} 台空闲。",
    "too_fast": "一次发来的消息太多，来得太快的没有读。",
    "bad_setting": "不能用这些设置开始：{why}",
}

ERRNO_EN: dict[str, str] = {
    "EBADF": "Bad file descriptor: there is no socket yet. Call socket() first.",
    "EINVAL": "Invalid argument: the socket is not in the state that this call needs.",
    "EADDRINUSE": "Address already in use: another socket holds this port.",
    "EACCES": "Permission denied: ports below 1024 belong to root.",
    "EAGAIN": "Resource temporarily unavailable: nobody waits in the accept queue.",
    "ENOTCONN": "Transport endpoint is not connected.",
    "EOPNOTSUPP": "Operation not supported on this kind of socket.",
    "EMFILE": "Too many open files.",
}

ERRNO_ZH: dict[str, str] = {
    "EBADF": "Bad file descriptor：还没有套接字，先调用 socket()。",
    "EINVAL": "Invalid argument：套接字不在这个调用需要的状态。",
    "EADDRINUSE": "Address already in use：别的套接字占着这个端口。",
    "EACCES": "Permission denied：1024 以下的端口属于 root。",
    "EAGAIN": "Resource temporarily unavailable：accept 队列里没有人。",
    "ENOTCONN": "Transport endpoint is not connected：还没有连接。",
    "EOPNOTSUPP": "Operation not supported：这种套接字不支持。",
    "EMFILE": "Too many open files：打开的文件太多。",
}

_UNKNOWN = {"en": "The host refused: {code}.", "zh": "主机拒绝了：{code}。"}


def refusal(lang: str, code: str, args: Mapping[str, str | int]) -> str:
    """The sentence for a refusal; a failed call is followed by what its errno means."""
    texts, errnos = (ZH, ERRNO_ZH) if lang == "zh" else (EN, ERRNO_EN)
    if code not in texts:
        return fill(_UNKNOWN["zh" if lang == "zh" else "en"], {"code": code})
    sentence = fill(texts[code], args)
    if code == "call_error":
        meaning = errnos.get(str(args.get("errno", "")), "")
        sentence = f"{sentence} {meaning}".rstrip()
    return sentence
