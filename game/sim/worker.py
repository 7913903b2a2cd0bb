"""Threads of the simulated server: accept, read the request, work, reply, close.

Model `prefork`: one thread serves one connection at a time, from accept() to close().
Source: Apache httpd server/mpm/prefork (shape only).
"""

from collections.abc import Callable, Generator
from enum import IntEnum
from typing import Any

from simpy import Event

from game.kernel.errno import EAGAIN
from game.sim.core import Core
from game.sim.costs import ACCEPT_EAGAIN_NS, ACCEPT_NS, CLOSE_NS, RECV_NS, SEND_NS
from game.sim.machine import Machine
from game.sim.rng import Random, exponential_ns

REQUEST_BYTES_MAX = 65_536


class WorkerPhase(IntEnum):
    """What a worker does; the numbers are those of `protocol.snapshot.WorkerState`."""

    IDLE = 0
    ACCEPTING = 1
    READING = 2
    WORKING = 3
    SENDING = 4
    RUNNABLE = 5
    STOPPED = 6


class Worker:
    """One thread.

    Args:
        index: of the thread; its number as a waiter.
        listen_fd: descriptor of the listening socket it accepts from.
        pinned: the core it is bound to, None to take the least busy one.
        dice: how long each request takes.
        service_ns: mean CPU time of one request.
        reply_bytes: how long the reply is on a given descriptor.

    Attributes:
        phase, since_ns: what it does, and since when.
        until_ns: when the work ends if nothing interrupts it, 0 while that depends on others.
        core: index of the core it ran on last.
        fd: of the connection it serves, -1 when none.
        served: replies sent.
        retired: True when it is to end after the connection it serves.
    """

    def __init__(
        self,
        machine: Machine,
        dice: Random,
        *,
        index: int,
        listen_fd: int,
        bucket: int,
        pinned: int | None,
        service_ns: float,
        reply_bytes: Callable[[int], int],
    ) -> None:
        self._machine = machine
        self._dice = dice
        self.index = index
        self.listen_fd = listen_fd
        self.bucket = bucket
        self.pinned = pinned
        self.service_ns = service_ns
        self.reply_bytes = reply_bytes
        self.phase = WorkerPhase.IDLE
        self.since_ns = machine.env.now
        self.until_ns = 0
        self.core = 0 if pinned is None else pinned
        self.fd = -1
        self.served = 0
        self.retired = False
        machine.env.process(self._run())

    def retire(self) -> None:
        """End as soon as the connection in hand is closed; a sleeping worker ends at once."""
        self.retired = True
        if self.phase is WorkerPhase.IDLE:
            self._machine.host.cancel_wait(self.listen_fd, self.index)
            self._machine.rouse(self.index)

    def _run(self) -> Generator[Event, Any, None]:
        machine = self._machine
        while not self.retired:
            fd = machine.accept(self.listen_fd)
            if fd == -EAGAIN:
                self._enter(WorkerPhase.IDLE)
                if machine.host.wait_accept(self.listen_fd, self.index):
                    yield machine.sleep(self.index)
                if not self.retired and not self._may_accept():
                    yield self._compute(WorkerPhase.ACCEPTING, ACCEPT_EAGAIN_NS)
                continue
            if fd < 0:  # The listener is closed or shut down.
                break
            self.fd = fd
            yield self._compute(WorkerPhase.ACCEPTING, ACCEPT_NS)
            yield from self._serve(fd)
            self.fd = -1
        self._enter(WorkerPhase.STOPPED)

    def _may_accept(self) -> bool:
        listener = self._machine.listener(self.listen_fd)
        return listener is None or bool(listener.accept_queue)

    def _serve(self, fd: int) -> Generator[Event, Any, None]:
        machine = self._machine
        received = machine.recv(fd, REQUEST_BYTES_MAX)
        while received == -EAGAIN:
            self._enter(WorkerPhase.READING)
            if machine.host.wait_readable(fd, self.index):
                yield machine.sleep(self.index)
            received = machine.recv(fd, REQUEST_BYTES_MAX)
        if received > 0:
            service_ns = exponential_ns(self._dice, self.service_ns)
            yield self._compute(WorkerPhase.WORKING, RECV_NS + service_ns + SEND_NS)
            yield from self._reply(fd)
        machine.close(fd)
        yield self._compute(WorkerPhase.WORKING, CLOSE_NS)

    def _reply(self, fd: int) -> Generator[Event, Any, None]:
        machine = self._machine
        left = self.reply_bytes(fd)
        while left:
            taken = machine.send(fd, left)
            if taken == -EAGAIN:
                self._enter(WorkerPhase.SENDING)
                if machine.host.wait_writable(fd, self.index):
                    yield machine.sleep(self.index)
                continue
            if taken < 0:
                return
            left -= taken
        self.served += 1

    def _compute(self, phase: WorkerPhase, cost_ns: int) -> Event:
        self._enter(phase)
        core = self._choose_core()
        self.until_ns = self._machine.env.now + cost_ns
        return core.run(self.index, cost_ns)

    def _choose_core(self) -> Core:
        """The core it is bound to, or the one with the fewest threads, the last one first."""
        cores = self._machine.cores
        if self.pinned is None:
            best = min(range(len(cores)), key=lambda i: (cores[i].length, i != self.core))
            self.core = best
        return cores[self.core]

    def _enter(self, phase: WorkerPhase) -> None:
        self.phase = phase
        self.since_ns = self._machine.env.now
        self.until_ns = 0

    def state(self) -> tuple[int, ...]:
        """Every bit of the worker's state, for a digest."""
        return (
            self.index,
            self.phase,
            self.since_ns,
            self.until_ns,
            self.core,
            self.fd,
            self.served,
            self.retired,
        )
