"""What a player reads when a message or command had no effect, by code."""

from collections.abc import Mapping

from game.text.blanks import fill

ARGS: dict[str, tuple[str, ...]] = {
    "unknown_sysctl": ("name",),
    "sysctl_range": ("name", "min", "max"),
    "unknown_knob": ("name",),
    "knob_range": ("name",),
    "knob_locked": ("level",),
    "budget": ("cost", "left"),
    "no_level": ("level",),
    "not_started": (),
    "recorded": (),
    "malformed": ("why",),
    "version": ("min", "max", "build"),
    "call_error": ("call", "errno"),
    "over": (),
    "host_closed": (),
}
"""What each sentence needs from the host."""

EN: dict[str, str] = {
    "unknown_sysctl": "sysctl: cannot stat {name}: No such file or directory.",
    "sysctl_range": "{name} takes {min} to {max}: Invalid argument. Nothing was changed.",
    "unknown_knob": "There is no knob called {name} here.",
    "knob_range": "{name} cannot be set to that. Nothing was changed.",
    "knob_locked": "This knob opens with the station {level}.",
    "budget": "This costs {cost}, and {left} is left.",
    "no_level": "There is no station called {level}.",
    "not_started": "No run is on. Start a station first.",
    "recorded": "This is a recording: you can watch, pause and scrub, but not turn knobs.",
    "malformed": "The host could not read a message: {why}.",
    "version": "The host is {build} and speaks protocol {min} to {max}; this game does not.",
    "call_error": "{call}() = -1 {errno}",
    "over": "The run is over.",
    "host_closed": "The host has closed the connection.",
}

ZH: dict[str, str] = {
    "unknown_sysctl": "sysctl: cannot stat {name}: No such file or directory（没有这个参数）。",
    "sysctl_range": "{name} 的取值范围是 {min} 到 {max}：Invalid argument。什么都没有改变。",
    "unknown_knob": "这里没有名为 {name} 的旋钮。",
    "knob_range": "{name} 不能设成这个值。什么都没有改变。",
    "knob_locked": "这个旋钮在 {level} 站开放。",
    "budget": "这一步要花 {cost} 点，只剩 {left} 点。",
    "no_level": "没有名为 {level} 的车站。",
    "not_started": "现在没有进行中的一局，请先选一座车站。",
    "recorded": "这是录像：可以看、暂停、拖动，但不能拧旋钮。",
    "malformed": "主机读不懂一条消息：{why}。",
    "version": "主机版本是 {build}，协议 {min} 到 {max}；这个游戏不支持。",
    "call_error": "{call}() = -1 {errno}",
    "over": "这一局已经结束。",
    "host_closed": "主机已经断开连接。",
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
