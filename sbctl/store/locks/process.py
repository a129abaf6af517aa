"""Who holds a lock: a process, told from a later one that was given the same number by when it began.

A process can be judged only from the machine, boot and namespace in which it runs; from elsewhere nobody knows.
"""

from __future__ import annotations

import os
import platform
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Process:
    """A process as a lock's note names it. `machine` and `begun` are opaque texts that are only compared."""

    host: str
    machine: str
    pid: int
    begun: str


def process_of(pid: int) -> Process:
    """The process that has this number on this machine now."""
    return Process(socket.gethostname(), _machine(), pid, _begun(pid))


def this_process() -> Process:
    """The process that runs this."""
    return process_of(os.getpid())


def is_alive(process: Process) -> bool | None:
    """Whether it still runs; None when that cannot be judged from here."""
    if (process.host, process.machine) != (socket.gethostname(), _machine()):
        return None
    begun = _begun(process.pid)
    return bool(begun) and begun == process.begun


def _machine() -> str:
    """Which machine, boot and process namespace this is: a container may have the host's name and other processes."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot} {Path('/proc/self/ns/pid').readlink()}"
    except OSError:
        return platform.node()


def _begun(pid: int) -> str:
    """When a process began, in whatever unit the system tells; "" when there is none (a zombie has ended)."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return "" if Path("/proc/self/stat").exists() else _begun_by_ps(pid)
    # The second field is the program's name in parentheses, which may hold anything; field 3 is the state, 22 the start.
    fields = stat.rpartition(")")[2].split()
    return "" if fields[0] in ("Z", "X") else fields[19]


def _begun_by_ps(pid: int) -> str:
    """Where there is no /proc (macOS)."""
    done = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return done.stdout.strip()
