"""The teacher's prompt of `serve --admin`: the same requests as the scene, typed."""

import asyncio
import shlex
from pathlib import Path

from game.protocol.codec import decode_from_server, encode
from game.protocol.limits import PROTOCOL_MAX, PROTOCOL_MIN
from game.protocol.link import memory_link
from game.protocol.messages import ClientMessage, Hello, Refused, ServerMessage
from game.protocol.teacher import (
    Announce,
    ClassBoard,
    ExportResults,
    LockChat,
    PauseAll,
    PushLevel,
    Remove,
    Rename,
    ResultsCsv,
    TeacherLogin,
)
from game.server.lobby import Lobby
from game.text.refusals import refusal

HELP = (
    "rooms                       every room's queues at a glance",
    "pause | resume              hold all rooms, or let them go on",
    "push LEVEL                  set what the rooms that are not playing will play",
    "lock | unlock               chat is the teacher's alone, or everybody's",
    "say TEXT                    tell all rooms",
    "rename ROOM PLAYER NAME     PLAYER is the number that `rooms` shows",
    "kick ROOM PLAYER [MINUTES]  send somebody out, and keep him out",
    "export FILE                 all results as CSV",
    "quit                        close the server",
)


class TeacherPrompt:
    """A teacher at the server's own terminal, over a memory link."""

    def __init__(self, lobby: Lobby, token: str) -> None:
        self._link, theirs = memory_link()
        lobby.join(theirs, "terminal")
        self._board: ClassBoard | None = None
        password = lobby.password
        self._send(Hello(PROTOCOL_MIN, PROTOCOL_MAX, "terminal", "teacher", password))
        self._send(TeacherLogin(token))

    def _send(self, message: ClientMessage) -> None:
        self._link.send(encode(message))

    async def answer(self, line: str) -> list[str]:
        """Do what a line says; the lines to print."""
        try:
            words = shlex.split(line)
        except ValueError as error:
            return [f"{error}."]
        if not words:
            return []
        request = _request(words)
        if isinstance(request, str):
            return list(HELP) if request == "help" else [request]
        self._hear()
        if request is not None:
            self._send(request)
        await asyncio.sleep(0.2)  # Four beats: the lobby has heard and answered.
        heard = self._hear()
        lines = [refusal("en", one.code, one.args) for one in heard if isinstance(one, Refused)]
        for one in heard:
            if isinstance(one, ResultsCsv):
                lines.append(_save(Path(words[1]), one.text))
        if not lines and self._board is not None:
            lines = board_lines(self._board)
        return lines

    def _hear(self) -> list[ServerMessage]:
        heard = []
        while (data := self._link.receive()) is not None:
            message = decode_from_server(data)
            if isinstance(message, ClassBoard):
                self._board = message
            heard.append(message)
        return heard


def _request(words: list[str]) -> ClientMessage | str | None:
    """The request a line stands for; None for a look, a text for what is wrong."""
    match words:
        case ["rooms"]:
            return None
        case ["pause"]:
            return PauseAll(True)
        case ["resume"]:
            return PauseAll(False)
        case ["push", level]:
            return PushLevel(level)
        case ["lock"]:
            return LockChat(True)
        case ["unlock"]:
            return LockChat(False)
        case ["say", *rest] if rest:
            return Announce(" ".join(rest)[:240])
        case ["rename", room, player, *name] if name and player.isdecimal():
            return Rename(room, int(player), " ".join(name)[:24])
        case ["kick", room, player] if player.isdecimal():
            return Remove(room, int(player))
        case ["kick", room, player, minutes] if player.isdecimal() and minutes.isdecimal():
            return Remove(room, int(player), int(minutes))
        case ["export", _]:
            return ExportResults()
        case ["help"]:
            return "help"
        case _:
            return f"There is no command {' '.join(words)!r}; type help."


def _save(path: Path, text: str) -> str:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        return f"{path} cannot be written: {error.strerror}."
    return f"{len(text.splitlines()) - 1} halves written to {path}."


def board_lines(board: ClassBoard) -> list[str]:
    """Every room at a glance, as text."""
    lines = [
        f"{len(board.rooms)} rooms, {board.visitors} people in none"
        + (", all paused" if board.paused else "")
        + (", chat locked" if board.chat_locked else "")
    ]
    for room in board.rooms:
        share = "-" if room.share < 0 else f"{room.share / 10:.1f} %"
        lines.append(
            f"{room.code}  {room.name}  {room.mode} {room.level}  {room.phase}"
            f"  half {room.half}  {room.time_ms // 1000} s  served {share}"
            f"  core {room.core_max / 10:.0f} %"
        )
        for queue in room.queues:
            lines.append(
                f"      SYN queue {queue.syn_queue}/{queue.syn_queue_limit}"
                f"  accept queue {queue.accept_queue}/{queue.backlog}"
            )
        people = ", ".join(f"{number} {name}" for number, name in room.players)
        lines.append(f"      {people}")
    return lines
