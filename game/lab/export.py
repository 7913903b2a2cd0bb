"""Take it home: what was set in a run, as files for a real machine.

One file for each program: sysctl.d, nginx, Apache, a systemd socket and service. Each line says
what it does and what to mind.
"""

import math
from collections.abc import Callable, Iterator
from typing import NamedTuple

from game.kernel.sysctl import find_sysctl
from game.lab.explain import commands
from game.lab.played import Played
from game.level.load import sysctl_full_name
from game.level.schema import MACHINE_KNOBS
from game.level.settings import machine_text
from game.text.knobs import knob_help
from game.text.real_machine import warning
from game.text.reports import report


class Line(NamedTuple):
    """One setting in one file."""

    file: str
    text: str
    knob: str


FILES = {
    "sysctl": "99-station443.conf",
    "nginx": "nginx-station443.conf",
    "apache": "apache-station443.conf",
    "socket": "station443-socket.conf",
    "service": "station443-service.conf",
    "shell": "station443.sh",
}
"""The name of each file; where it belongs stands in its head."""

_HEADS = {
    "sysctl": "/etc/sysctl.d/99-station443.conf; sysctl --system",
    "nginx": "/etc/nginx/nginx.conf: listen in server { }, timeouts in http { }; nginx -t",
    "apache": "/etc/apache2/conf-available/station443.conf; apachectl configtest",
    "socket": "/etc/systemd/system/NAME.socket.d/station443.conf; systemctl daemon-reload",
    "service": "/etc/systemd/system/NAME.service.d/station443.conf; systemctl daemon-reload",
    "shell": "sh station443.sh",
}

_SECTIONS = {"socket": "[Socket]", "service": "[Service]"}

_JOINED = {
    "listen": ("nginx", "listen {port}", ";"),
    "events": ("nginx", "events {", " }"),
}
"""What nginx takes once only: file, what stands before and behind."""

Settings = dict[str, str]


def export(played: Played, lang: str) -> dict[str, str]:
    """The text of each file that has something to say, by its name."""
    settings = tuned(played)
    lines = list(_lines(settings, played.level.machine.port))
    words = played.level.text.zh if lang == "zh" else played.level.text.en
    texts = {}
    for file, name in FILES.items():
        own = [line for line in lines if file in (line.file, _JOINED.get(line.file, ("",))[0])]
        if not own:
            continue
        out = [
            f"# {report(lang, 'home_title', title=words.title)}",
            f"# {_HEADS[file]}",
            f"# {report(lang, 'home_warning')}",
            f"# {report(lang, 'home_look')}:",
            *(f"#   {command}" for command in commands(played)),
        ]
        out += _body(file, own, played.level.machine.port, lang)
        texts[name] = "\n".join(out) + "\n"
    return texts


def _body(file: str, own: list[Line], port: int, lang: str) -> list[str]:
    """The lines of a file, each under what it does and what to mind."""
    section = _SECTIONS.get(file)
    out = ["", section] if section else []
    knob = ""
    for line in own:
        if line.file == file:
            out += _comments(line, lang) if line.knob != knob else []
            out.append(line.text)
            knob = line.knob
    for part, (_, opening, closing) in _JOINED.items():
        joined = [line for line in own if line.file == part]
        for line in joined:
            out += _comments(line, lang)
        if joined:
            head = opening.replace("{port}", str(port))
            out.append(" ".join([head, *(line.text for line in joined)]) + closing)
    return out


def _comments(line: Line, lang: str) -> list[str]:
    return ["", f"# {knob_help(lang, line.knob).changes}", f"# ! {warning(lang, line.knob)}"]


def tuned(played: Played) -> Settings:
    """What stands otherwise at the end of the run than when the level began."""
    level, settings = played.level, {}
    for knob in level.knob:
        value = played.result.settings[knob.name]
        full = sysctl_full_name(knob.name)
        if knob.name in MACHINE_KNOBS:
            usual = machine_text(level.machine, knob.name)
        else:
            row = find_sysctl(knob.name)
            usual = str(level.sysctl.get(row.name, row.default))
        if value != usual:
            settings[full if knob.name not in MACHINE_KNOBS and full else knob.name] = value
    for name, value in played.settings:
        full = sysctl_full_name(name) or name
        if full.rsplit(".", 1)[-1] not in {knob.name for knob in level.knob}:
            settings[full] = value
    return settings


def _lines(settings: Settings, port: int) -> Iterator[Line]:
    for name, value in settings.items():
        if name in _WRITERS:
            for file, text in _WRITERS[name](value, port):
                yield Line(file, text, name)
        elif "." in name:
            yield Line("sysctl", f"{name} = {value}", name)


def _nginx_time(seconds: str) -> str:
    """As nginx takes it, which has no fractions."""
    return f"{round(float(seconds) * 1000)}ms" if "." in seconds else f"{seconds}s"


def _whole(seconds: str) -> int:
    """As Apache takes it, in whole seconds."""
    return math.ceil(float(seconds))


def _backlog(value: str, _port: int) -> Iterator[tuple[str, str]]:
    yield "listen", f"backlog={value}"
    yield "apache", f"ListenBacklog {value}"
    yield "socket", f"Backlog={value}"


def _buckets(value: str, _port: int) -> Iterator[tuple[str, str]]:
    if int(value) > 1:
        yield "listen", "reuseport"
        yield "apache", "ListenCoresBucketsRatio 1"  # Its default, 0, is refused when written.
    yield "socket", f"ReusePort={'yes' if int(value) > 1 else 'no'}"


def _workers(value: str, _port: int) -> Iterator[tuple[str, str]]:
    yield "apache", f"MaxRequestWorkers {value}"
    # Apache cuts the number above down to a multiple of this one, which is 25 by default; 64, its
    # ThreadLimit, is the most that `workers` can be.
    yield "apache", f"<IfModule !mpm_prefork_module>\n    ThreadsPerChild {value}\n</IfModule>"


def _processes(value: str, _port: int) -> Iterator[tuple[str, str]]:
    yield "nginx", f"worker_processes {value};"
    yield "apache", f"StartServers {value}"


def _model(value: str, _port: int) -> Iterator[tuple[str, str]]:
    yield "shell", "a2dismod -f -q mpm_prefork mpm_worker mpm_event"
    yield "shell", f"a2enmod -q mpm_{value} && systemctl restart apache2"


def _wait(value: str, _port: int) -> Iterator[tuple[str, str]]:
    method = {"poll": "poll", "select": "select"}.get(value, "epoll")
    yield "events", f"use {method};"


def _accept_mutex(value: str, _port: int) -> Iterator[tuple[str, str]]:
    yield "events", f"accept_mutex {value};"


def _keepalive(value: str, _port: int) -> Iterator[tuple[str, str]]:
    yield "nginx", f"keepalive_timeout {_nginx_time(value)};"
    yield "apache", f"KeepAlive {'Off' if float(value) == 0 else 'On'}"
    if float(value):
        yield "apache", f"KeepAliveTimeout {_whole(value)}"


def _request_timeout(value: str, _port: int) -> Iterator[tuple[str, str]]:
    yield "nginx", f"client_header_timeout {_nginx_time(value)};"
    yield "apache", f"RequestReadTimeout header={_whole(value)} body={_whole(value)}"


def _send_timeout(value: str, _port: int) -> Iterator[tuple[str, str]]:
    yield "nginx", f"send_timeout {_nginx_time(value)};"
    yield "apache", f"Timeout {_whole(value)}"


def _rcvbuf(value: str, _port: int) -> Iterator[tuple[str, str]]:
    return _buffer("rcvbuf", "Receive", value)


def _sndbuf(value: str, _port: int) -> Iterator[tuple[str, str]]:
    return _buffer("sndbuf", "Send", value)


def _buffer(nginx: str, direction: str, value: str) -> Iterator[tuple[str, str]]:
    if value != "0":
        yield "listen", f"{nginx}={value}"
    yield "apache", f"{direction}BufferSize {value}"
    if value != "0":
        yield "socket", f"{direction}Buffer={value}"


def _nofile(value: str, _port: int) -> Iterator[tuple[str, str]]:
    if value != "0":
        yield "nginx", f"worker_rlimit_nofile {value};"
    yield "service", f"LimitNOFILE={'infinity' if value == '0' else value}"


def _pinning(value: str, _port: int) -> Iterator[tuple[str, str]]:
    if value == "on":
        yield "nginx", "worker_cpu_affinity auto;"


def _defer_accept(value: str, _port: int) -> Iterator[tuple[str, str]]:
    if value != "0":
        yield "listen", "deferred"
    yield "apache", f"AcceptFilter https {'none' if value == '0' else 'data'}"
    yield "socket", f"DeferAcceptSec={value}"


def _rx_ring(value: str, _port: int) -> Iterator[tuple[str, str]]:
    yield "shell", f"ethtool -G eth0 rx {value}"


def _filter(value: str, port: int) -> Iterator[tuple[str, str]]:
    kind, _, rest = value.partition(":")
    yield "shell", "nft add table inet station443"
    yield (
        "shell",
        "nft add chain inet station443 gate '{ type filter hook prerouting priority raw; }'",
    )
    rule = f"nft add rule inet station443 gate tcp dport {port}"
    if kind == "limit24":
        yield (
            "shell",
            f"{rule} 'tcp flags syn meter nets "
            f"{{ ip saddr and 255.255.255.0 limit rate over {rest}/second }} drop'",
        )
    elif kind == "block":
        yield "shell", f"{rule} 'ip saddr {{ {rest} }} drop'"
    elif kind == "allow":
        yield "shell", f"{rule} 'ip saddr != {{ {rest} }} drop'"


_WRITERS: dict[str, Callable[[str, int], Iterator[tuple[str, str]]]] = {
    "backlog": _backlog,
    "buckets": _buckets,
    "workers": _workers,
    "processes": _processes,
    "model": _model,
    "wait": _wait,
    "accept_mutex": _accept_mutex,
    "keepalive_s": _keepalive,
    "request_timeout_s": _request_timeout,
    "send_timeout_s": _send_timeout,
    "rcvbuf": _rcvbuf,
    "sndbuf": _sndbuf,
    "nofile": _nofile,
    "pinning": _pinning,
    "defer_accept_s": _defer_accept,
    "rx_ring": _rx_ring,
    "filter": _filter,
}
"""What each machine knob is on a real machine; what is the program's own business is left out."""
