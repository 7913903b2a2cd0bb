"""Builders the kernel tests share: a host with listeners, and peers that shake hands."""

from game.kernel.descriptor import Option, Socket
from game.kernel.host import Host
from game.kernel.listen import ListenSocket
from game.kernel.segment import ACK, SEQ_MASK, SYN, Flow, Segment
from game.kernel.sysctl import Sysctls

PORT = 80
WINDOW = 64_240
MS = 1_000_000
S = 1000 * MS


def host(**sysctls: int) -> Host:
    sysctl = Sysctls()
    for name, value in sysctls.items():
        sysctl.set(name, value)
    return Host(sysctl, boot_key=443)


def listening(machine: Host, backlog: int, *, reuse_port: bool = False, uid: int = 0) -> int:
    fd = machine.socket()
    if reuse_port:
        machine.setsockopt(fd, Option.SO_REUSEPORT, 1)
    assert machine.bind(fd, 0, PORT, uid) == 0
    assert machine.listen(fd, backlog) == 0
    return fd


def listener_of(machine: Host, fd: int) -> ListenSocket:
    file = machine.file(fd)
    assert isinstance(file, Socket)
    assert file.listener is not None
    return file.listener


def flow(number: int) -> Flow:
    return Flow(0x0A01_0000 + number, 40_000, 0x0A00_0001, PORT)


def syn(machine: Host, number: int, now_ns: int = 0) -> Segment | None:
    """Send a SYN; the SYN-ACK if there was one. Everything else that was sent is lost."""
    machine.receive(Segment(flow(number), SYN, 1000, 0, 0, WINDOW, 1460), now_ns)
    answers = [one for one in machine.outbox if one.flow == flow(number) and one.flags & SYN]
    machine.outbox.clear()
    return answers[0] if answers else None


def ack(machine: Host, syn_ack: Segment, length: int = 0, now_ns: int = 0, flags: int = 0) -> None:
    seq = (syn_ack.seq + 1) & SEQ_MASK
    machine.receive(Segment(syn_ack.flow, ACK | flags, 1001, seq, length, WINDOW), now_ns)


def connect(machine: Host, number: int, now_ns: int = 0) -> bool:
    answer = syn(machine, number, now_ns)
    if answer is not None:
        ack(machine, answer, now_ns=now_ns)
    return answer is not None
