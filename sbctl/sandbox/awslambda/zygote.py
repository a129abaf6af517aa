"""The program of a process that has imported what handlers import, and forks a function's process when one is wanted.

Importing boto3 takes most of the time in which a function starts. Each message on the socket whose descriptor is the one argument
carries the environment of one process as JSON, and beside it the descriptors of its requests, answers and log; the answer carries
a pidfd of it. Uses the standard library and boto3 alone and imports nothing of the sandbox but the program that it runs.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import time
from contextlib import suppress
from pathlib import Path

import boto3  # noqa: F401 - this is what the process is for
from botocore import config, exceptions, httpsession, signers  # noqa: F401

from sbctl.sandbox.awslambda import child

MESSAGE_BYTES = 1 << 20
LANGUAGE_VARIABLES = "PYTHON"
"""What Python reads when it starts, and only then."""


def hides(environment: dict[str, str], folder: Path) -> bool:
    """Whether a function would see other modules in a forked process than in one of its own: what it brings itself comes first."""
    own = {entry.name.partition(".")[0] for entry in folder.iterdir()}
    return bool(own & set(sys.modules)) or any(name.startswith(LANGUAGE_VARIABLES) for name in environment)


def become(environment: dict[str, str], descriptors: list[int]) -> None:
    """Be a function's process, until its requests end."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    requests, answers, log = descriptors
    folder = Path(environment["LAMBDA_TASK_ROOT"])
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.close(log)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    if hides(environment, folder):
        for kept in (requests, answers):
            os.set_inheritable(kept, True)
        program = [sys.executable, "-u", str(Path(child.__file__)), str(requests), str(answers)]
        os.execve(sys.executable, program, environment)
    time.tzset()
    sys.argv = [child.__file__, str(requests), str(answers)]
    child.main()


def reaped() -> None:
    """Let go of those that have ended."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def main() -> None:
    """Fork until the sandbox closes the socket."""
    sys.path.insert(0, "")
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the sandbox, whose end closes the socket
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    orders = socket.socket(fileno=int(sys.argv[1]))
    while True:
        message, descriptors, _, _ = socket.recv_fds(orders, MESSAGE_BYTES, 3)
        if not message:
            return
        reaped()
        pid = os.fork()
        if not pid:
            orders.close()
            code = 1
            try:
                become(json.loads(message), descriptors)
                code = 0
            finally:
                sys.stdout.flush()
                os._exit(code)
        watched = os.pidfd_open(pid)
        socket.send_fds(orders, [str(pid).encode()], [watched])
        for descriptor in (watched, *descriptors):
            os.close(descriptor)


if __name__ == "__main__":
    main()
