"""Start, find and stop a sandbox server of its own: for `sbctl sandbox up|down|status` and for `--sandbox`.

A note in a folder says which server runs; it is believed only when that very server answers (its instance id tells).
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from filelock import FileLock

NOTE = "sandbox.json"
START_SECONDS = 20.0
STOP_SECONDS = 10.0


class SandboxError(Exception):
    """The sandbox could not be started or reached; the text says why and what to do."""


def up(
    folder: Path, *, port: int = 0, speed: float = 1.0, limits: bool = True, zone: str = "example.com"
) -> dict[str, Any]:
    """The running server's note; one is started when none runs. Two callers at once get the same server."""
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / "sandbox.lock"):
        found = running(folder)
        return found if found is not None else _start(folder, port, speed, limits, zone)


def running(folder: Path) -> dict[str, Any] | None:
    """The note of the server that runs, None when none does."""
    try:
        note: dict[str, Any] = json.loads((folder / NOTE).read_text(encoding="utf-8"))
        answer = request(note, "GET", "status")
    except (OSError, ValueError, KeyError):
        return None
    return {**note, **answer} if answer.get("instance") == note.get("instance") else None


def down(folder: Path) -> bool:
    """Stop the server; whether one ran. The process is signalled only when it has proved to be ours."""
    note = running(folder)
    if note is None:
        (folder / NOTE).unlink(missing_ok=True)
        return False
    os.kill(int(note["pid"]), signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    while running(folder) is not None and time.monotonic() < deadline:
        time.sleep(0.05)
    (folder / NOTE).unlink(missing_ok=True)
    return True


def request(note: dict[str, Any], method: str, action: str, params: dict[str, Any] | None = None) -> dict[str, Any]:
    """One control request. Raises OSError when the server does not answer."""
    body = json.dumps(params or {}).encode() if method == "POST" else None
    asked = urllib.request.Request(f"{note['endpoint']}/_sandbox/{action}", data=body, method=method)
    with urllib.request.urlopen(asked, timeout=30) as answer:
        found: dict[str, Any] = json.loads(answer.read())
    return found


def _start(folder: Path, port: int, speed: float, limits: bool, zone: str) -> dict[str, Any]:
    note = folder / NOTE
    note.unlink(missing_ok=True)
    command = [sys.executable, "-m", "sbctl.sandbox", "--port", str(port), "--note", str(note), "--speed", str(speed)]
    command += ["--zone", zone, *([] if limits else ["--no-limits"])]
    with (folder / "sandbox.log").open("ab") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True)
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        found = running(folder)
        if found is not None:
            return found
        if process.poll() is not None:
            break
        time.sleep(0.05)
    raise SandboxError(f"the sandbox did not start; see {folder / 'sandbox.log'}")
