"""`serve`: a server without a window, until Ctrl-C; with `--admin` a teacher's prompt."""

import argparse
import asyncio
import json
import secrets
import signal
import ssl
import sys
import time
from datetime import UTC, datetime
from typing import Any

from game import __version__
from game.cli.errors import EXIT_FAILED, UserError
from game.cli.shelf import all_arenas, all_levels, find_level
from game.cli.teacher import TeacherPrompt
from game.paths import data_folder
from game.server.archive import Archive
from game.server.discovery import EVERYWHERE, own_addresses
from game.server.lobby import Lobby
from game.server.serve import Address, GameServer
from game.server.tally import Tally
from game.text.lobby import lobby_text


def serve(options: argparse.Namespace) -> int:
    """Host games until a signal comes; 0 after a goodbye."""
    token = secrets.token_urlsafe(9) if options.admin else ""
    archive = Archive(data_folder() / "matches")
    lobby = Lobby(
        [*all_levels(), *all_arenas(), *(find_level(file) for file in options.level)],
        name=options.name,
        build=__version__,
        password=options.password,
        teacher_token=token,
        archive=archive,
        tally=Tally(_write_line),
        today=now,
    )
    address = Address(options.host, options.port, _tls(options))
    try:
        asyncio.run(_run(lobby, address, options, token))
    except OSError as error:
        raise UserError(
            f"Port {options.port} of {options.host or 'this machine'} cannot be had:"
            f" {error.strerror or error}. Stop what holds it, or choose another with --port.",
            EXIT_FAILED,
        ) from error
    for trouble in archive.troubles:
        print(trouble, file=sys.stderr)
    return 0


async def _run(lobby: Lobby, address: Address, options: argparse.Namespace, token: str) -> None:
    server = GameServer(lobby, address, announcement=not options.no_announce)
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, stopped.set)
        except NotImplementedError:  # Windows; there asyncio.run() ends with KeyboardInterrupt.
            break
    async with server.open(__version__) as announcement:
        scheme = "wss" if address.tls else "ws"
        hosts = own_addresses() if address.host in EVERYWHERE else [address.host]
        for host in hosts:
            print(f"{lobby.name} is open at {scheme}://{host}:{server.port}", flush=True)
        if announcement.trouble:
            print(lobby_text("en", announcement.trouble, {"why": announcement.why}), flush=True)
        if token:
            print(f"Teacher's token: {token}", flush=True)
            prompt = TeacherPrompt(lobby, token)
            reader = asyncio.create_task(_read_prompt(prompt, stopped))
        await stopped.wait()
        if token:
            reader.cancel()
        print("Goodbye.", flush=True)


async def _read_prompt(prompt: TeacherPrompt, stopped: asyncio.Event) -> None:
    """Take the teacher's commands from standard input, as long as there is one."""
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    try:
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    except (OSError, ValueError, NotImplementedError):
        return
    print("Type help for the teacher's commands.", flush=True)
    while line := await reader.readline():
        text = line.decode(errors="replace").strip()
        if text in ("quit", "exit"):
            stopped.set()
            return
        for answer in await prompt.answer(text):
            print(answer, flush=True)


def now() -> str:
    """The time of day, for records."""
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")


def _write_line(event: str, **fields: Any) -> None:
    """One event as a line of JSON on standard error."""
    line = {"at": time.strftime("%Y-%m-%dT%H:%M:%S"), "event": event, **fields}
    print(json.dumps(line, ensure_ascii=False), file=sys.stderr, flush=True)


def _tls(options: argparse.Namespace) -> ssl.SSLContext | None:
    if not options.tls_cert:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(options.tls_cert, options.tls_key)
    except (OSError, ssl.SSLError) as error:
        raise UserError(
            f"No TLS with {options.tls_cert} and {options.tls_key or 'no key'}: {error}."
        ) from error
    return context
