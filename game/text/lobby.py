"""What a player reads around a match: who came and went, and why no game is found."""

from collections.abc import Mapping

from game.text.blanks import fill

EN: dict[str, str] = {
    "joined": "{name} came in.",
    "left": "{name} left.",
    "removed": "{name} was sent out.",
    "dropped": "{name} lost the connection. The seat is kept for a minute.",
    "returned": "{name} is back.",
    "host": "{name} is the host now.",
    "teacher": "Teacher: {text}",
    "you_left": "You left the room.",
    "you_kicked": "The host sent you out of the room.",
    "you_banned": "The host sent you out and lets you not come back for a while.",
    "you_closed": "The room was closed.",
    "no_answer": "{address} does not answer. Is it switched on, and on the same network?",
    "nobody_listens": "{address} is there, but no game listens on that port. Check the port.",
    "no_game_there": "What answers at {address} is no Station 443 ({why}).",
    "unreachable": "There is no way to {address} ({why}). Check the network and the address.",
    "port_taken": "No port from 4430 on is free on this machine ({why}). Stop what holds them.",
    "line_lost": "The connection to {address} is gone. Join again when it is back.",
    "gave_up": "{address} did not come back within a minute. The seat was not kept any longer.",
    "announce_name": "It is not announced on this network: its name cannot be ({why})."
    " Others type the address.",
    "announce_no_address": "It is not announced on this network: {why} has no IPv4 address."
    " Others type the address.",
    "announce_forbidden": "It is not announced on this network: this machine forbids it ({why})."
    " Others type the address.",
    "cannot_listen": "This machine lets no program listen for games. Type the address instead.",
    "no_network": "This machine is on no network. Connect it, or type 127.0.0.1 for its own games.",
    "no_multicast": "Multicast does not come back to this machine: a firewall or a VPN keeps it."
    " Type the address instead.",
    "other_network": "Guest networks often keep their machines apart. Both need the same network.",
    "no_host": "Perhaps nobody hosts yet. Choose Host, or run `python -m game serve`.",
}

ZH: dict[str, str] = {
    "joined": "{name} 进来了。",
    "left": "{name} 离开了。",
    "removed": "{name} 被请出去了。",
    "dropped": "{name} 断线了，座位保留一分钟。",
    "returned": "{name} 回来了。",
    "host": "现在 {name} 是房主。",
    "teacher": "老师：{text}",
    "you_left": "你离开了房间。",
    "you_kicked": "房主把你请出了房间。",
    "you_banned": "房主把你请了出去，一段时间内不能回来。",
    "you_closed": "房间已关闭。",
    "no_answer": "{address} 没有应答。它开机了吗？在同一个网络里吗？",
    "nobody_listens": "{address} 在，但这个端口上没有游戏在监听。请检查端口。",
    "no_game_there": "{address} 上应答的不是 443 站（{why}）。",
    "unreachable": "到不了 {address}（{why}）。请检查网络和地址。",
    "port_taken": "这台机器上从 4430 起没有空闲的端口（{why}）。请停掉占用它们的程序。",
    "line_lost": "和 {address} 的连接断了。等它恢复后再加入。",
    "gave_up": "{address} 一分钟内没有恢复，座位不再保留。",
    "announce_name": "没有在这个网络上公布：名字不能用（{why}）。请让别人输入地址。",
    "announce_no_address": "没有在这个网络上公布：{why} 没有 IPv4 地址。请让别人输入地址。",
    "announce_forbidden": "没有在这个网络上公布：这台机器不允许（{why}）。请让别人输入地址。",
    "cannot_listen": "这台机器不让程序监听局域网上的游戏。请直接输入地址。",
    "no_network": "这台机器没有连网。请先连网，或输入 127.0.0.1 进入本机的游戏。",
    "no_multicast": "组播包回不到这台机器：被防火墙或 VPN 拦住了。请直接输入地址。",
    "other_network": "访客网络常把机器彼此隔开。两边要在同一个网络里。",
    "no_host": "也许还没有人开房。请选择开房，或运行 `python -m game serve`。",
}


def lobby_text(lang: str, code: str, blanks: Mapping[str, str | int]) -> str:
    """The sentence for a code; the bare code where there is none."""
    return fill((ZH if lang == "zh" else EN).get(code, code), blanks)
