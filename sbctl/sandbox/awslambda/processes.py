"""Processes of functions: forked by one that has imported boto3 where the system can hand over descriptors, else started anew."""

from __future__ import annotations

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

CHILD = Path(__file__).with_name("child.py")
ENDING_SECONDS = 5.0
"""Of real time, in which a process that only forks has noticed that nobody asks any more."""
ZYGOTE = "sbctl.sandbox.awslambda.zygote"


class Process(Protocol):
    """A function's process, as its worker uses it."""

    @property
    def alive(self) -> bool:
        """Whether it has not ended."""

    def end(self) -> None:
        """Kill it, and wait until it has ended."""


class Started:
    """One with a Python of its own."""

    def __init__(self, environment: Mapping[str, str], requests: int, answers: int, log: int) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-u", str(CHILD), str(requests), str(answers)],
            pass_fds=(requests, answers),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=environment["LAMBDA_TASK_ROOT"],
            env=dict(environment),
        )

    @property
    def alive(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    def end(self) -> None:
        """Kill it, and wait until it has ended."""
        self._process.kill()
        self._process.wait()


class Forked:
    """One that the zygote has forked: known by a pidfd, since it is not this process's child.

    https://man7.org/linux/man-pages/man2/pidfd_open.2.html
    """

    def __init__(self, pidfd: int) -> None:
        self._pidfd = pidfd

    @property
    def alive(self) -> bool:
        """Whether it has not ended."""
        return self._pidfd >= 0 and not self._ended(0)

    def end(self) -> None:
        """Kill it, and wait until it has ended."""
        if self._pidfd < 0:
            return
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
        self._ended(None)
        os.close(self._pidfd)
        self._pidfd = -1

    def _ended(self, milliseconds: int | None) -> bool:
        poll = select.poll()
        poll.register(self._pidfd, select.POLLIN)
        return bool(poll.poll(milliseconds))


@contextmanager
def interrupts_blocked() -> Iterator[None]:
    """A process that begins here inherits that Ctrl-C waits: none can end it before it has said that it ignores them."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class Zygote:
    """The process that forks; it ends with this one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._orders, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs, interrupts_blocked():
            self._process = subprocess.Popen(
                [sys.executable, "-u", "-P", "-m", ZYGOTE, str(theirs.fileno())],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env={name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
            )

    @property
    def pid(self) -> int:
        """Its number."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    def close(self) -> None:
        """Have it end; the processes that it has forked stay."""
        self._orders.close()
        try:
            self._process.wait(ENDING_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def forked(self, environment: Mapping[str, str], requests: int, answers: int, log: int) -> Process:
        """Another process. Raises OSError when the zygote is gone, or when so many variables are no message."""
        with self._lock:
            socket.send_fds(self._orders, [json.dumps(dict(environment)).encode()], [requests, answers, log])
            _, found, _, _ = socket.recv_fds(self._orders, 64, 1)
        if not found:
            raise ConnectionResetError("the process that forks is gone")
        return Forked(found[0])


def started(environment: Mapping[str, str], requests: int, answers: int, log: int) -> Process:
    """A function's process, which reads and writes these descriptors; its folder is its LAMBDA_TASK_ROOT."""
    if not hasattr(os, "pidfd_open") or not hasattr(signal, "pidfd_send_signal"):
        return Started(environment, requests, answers, log)
    try:
        return _nursery.zygote().forked(environment, requests, answers, log)
    except OSError:
        return Started(environment, requests, answers, log)


class Nursery:
    """The zygote of this process: another one's is not used after a fork of this, one that was killed is replaced."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pid = 0
        self._zygote: Zygote | None = None

    def zygote(self) -> Zygote:
        """The one to ask."""
        with self._lock:
            if self._zygote is None or self._pid != os.getpid() or not self._zygote.alive:
                self._zygote, self._pid = Zygote(), os.getpid()
                atexit.register(self._zygote.close)
            return self._zygote


_nursery = Nursery()
