"""Words of the lab's plots and reports."""

from game.text.blanks import fill

EN: dict[str, str] = {
    "syn_queue": "SYN queue (requests)",
    "accept_queue": "Accept queue (connections)",
    "clients": "Clients a second",
    "core": "Busiest core (%)",
    "time": "Time (s)",
    "length": "{name}, platform {platform}",
    "limit": "limit",
    "backlog": "backlog",
    "served": "served",
    "lost": "not served",
    "offered": "arriving",
    "title": "{number} {title}, seed {seed}: {served} of {attempts} served, {stars} of 3 stars",
    "goals": "Goals",
    "story": "What happened",
    "quiet": "Nothing was refused, and nobody turned a knob.",
    "counters": "Counters that rose",
    "really": "On a real machine",
    "reached": "{name}: {value} (three stars: {mark})",
    "sweep_served": "Share served (%)",
    "sweep_mean": "mean of {seeds} seeds",
    "home_title": "Settings of {title}, as they were at the end of the run.",
    "home_warning": "Tuned for a simulated station. Read each line, try it on a machine that may "
    "fail, change one thing at a time, and watch the counters.",
    "home_look": "Look before and after",
    "home_nothing": "Every setting is as the level began with it: there is nothing to take home.",
    "home_written": "Written to {folder}: {count}",
}

ZH: dict[str, str] = {
    "syn_queue": "SYN 队列（请求）",
    "accept_queue": "accept 队列（连接）",
    "clients": "每秒客户端数",
    "core": "最忙的核（%）",
    "time": "时间（秒）",
    "length": "{name}，{platform} 站台",
    "limit": "上限",
    "backlog": "backlog（上限）",
    "served": "已服务",
    "lost": "未服务",
    "offered": "到达",
    "title": "{number} {title}，种子 {seed}：{attempts} 人中服务了 {served} 人，{stars}/3 星",
    "goals": "目标",
    "story": "发生了什么",
    "quiet": "没有拒绝任何人，也没有人动过旋钮。",
    "counters": "上升的计数器",
    "really": "在真机上",
    "reached": "{name}：{value}（三星：{mark}）",
    "sweep_served": "服务率（%）",
    "sweep_mean": "{seeds} 个种子的平均",
    "home_title": "{title} 结束时的设置。",
    "home_warning": "这是为模拟车站调的。每一行都要读懂，先在允许出错的机器上试，"
    "一次只改一处，并看着计数器。",
    "home_look": "改之前和之后都看一看",
    "home_nothing": "所有设置都和关卡开始时一样：没有什么要带走。",
    "home_written": "已写入 {folder}：{count}",
}


def report(lang: str, key: str, **args: str | int) -> str:
    """One phrase of a report, with its blanks filled."""
    return fill((ZH if lang == "zh" else EN)[key], args)
