"""Start, find and stop a sandbox server in a process of its own: for `sbctl sandbox up|down|status` and for `--sandbox`.

A note in a folder says which server runs. It is believed only when that very server answers under its instance id: a process
id or a port alone may long belong to something else.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from sbctl.sandbox.http.strangers import TOKEN_HEADER
from sbctl.sandbox.snapshot import WORLD_LOCK
from sbctl.sandbox.snapshot.private import make_private

NOTE = "sandbox.json"
LOG = "sandbox.log"
LOCK = "sandbox.lock"
START_SECONDS = 120.0
STOP_SECONDS = 60.0
"""Both only end a wait for what hangs: on a machine with ten times as much to do as it can, a server that is well ends in 12."""
ANSWER_SECONDS = 10.0
ADVANCE_SECONDS = 900.0
"""For an advance: a day of three health checks is a minute of real work."""
PAUSE_SECONDS = 0.02

Note = dict[str, Any]
"""pid, port, endpoint, dns, instance, account, started, version; with the server's own status where it was asked."""


class SandboxError(Exception):
    """The sandbox could not be started, reached or stopped; the text says why and where to look."""


def up(
    folder: Path,
    *,
    port: int = 0,
    dns_port: int = 0,
    speed: float | None = None,
    limits: bool | None = None,
    account: str = "",
    zone: str = "",
    data: Path | None = None,
) -> Note:
    """The running server's note; one is started when none runs. Two callers at once get the same server.

    A port of 0 takes a free one; `speed` is how many times as fast as real time its clock runs; `account` is the callers'
    account ("" for the usual one); `zone` is a hosted zone that exists from the start ("" for none); `data` is a folder in
    which the world is kept. What is not given is as that world has it: its ports if they are free, its speed, its limits.
    A server that runs already keeps the options it was started with. Where one was killed that kept its world, the next one
    goes on with that world unless `data` says otherwise. The member `begun` says what happened: "running" (it ran already),
    "empty", "kept" (what is in `data`) or "resumed" (the world of the one that was killed). Raises SandboxError, also when
    the one that runs keeps its world elsewhere.
    """
    found = running(folder) if data is None else None
    if found is not None:  # which needs no lock: its folder may be one that nobody can write to
        return {**found, "begun": "running"}
    make_private(folder)
    options = ["--port", str(port), "--dns-port", str(dns_port)]
    options += [*(["--account", account] if account else []), *(["--zone", zone] if zone else [])]
    options += [] if speed is None else ["--speed", str(speed)]
    options += [] if limits is None else ["--limits" if limits else "--no-limits"]
    with FileLock(folder / LOCK, mode=0o600):
        found = running(folder)
        if found is None:
            left = None if data else left_behind(folder)
            kept = left or data
            options += ["--data", str(kept.absolute())] if kept else []
            begun = "resumed" if left else "kept" if data else "empty"
            return {**_start(folder, options), "begun": begun}
        if data is not None and found.get("data") != str(data.absolute()):
            raise SandboxError(f"one runs already that {_keeping(found)}: stop it first (sbctl sandbox down)")
        return {**found, "begun": "running"}


def _keeping(note: Note) -> str:
    return f"keeps its world in {note['data']}" if "data" in note else "keeps nothing"


def left_behind(folder: Path) -> Path | None:
    """The world of a server that ran here and was killed: the folder that its note names, if it kept one that is still there.

    A server that ends in good order takes its note along.
    """
    try:
        data = _note(folder).get("data")
    except (OSError, ValueError):
        return None
    return Path(data) if isinstance(data, str) and Path(data).is_dir() else None


def _note(folder: Path) -> Note:
    """Raises OSError and ValueError. Only a regular file is opened: a FIFO would be waited for."""
    if not (folder / NOTE).is_file():
        raise FileNotFoundError(folder / NOTE)
    note = json.loads((folder / NOTE).read_text(encoding="utf-8"))
    if not isinstance(note, dict):
        raise ValueError("not an object")
    return note


def running(folder: Path) -> Note | None:
    """The note of the server that runs, with its status; None when none does."""
    try:
        note = _note(folder)
        status = request(note, "GET", "status")
    except (OSError, ValueError, KeyError, TypeError, HTTPException, SandboxError):
        return None
    return {**note, **status} if status.get("instance") == note.get("instance") else None


def down(folder: Path) -> bool:
    """Stop the server; whether one ran. What is in it is gone, unless it keeps its world. Raises SandboxError when it does not end.

    Only a process that has just proved to be ours is signalled.
    """
    if not folder.is_dir():
        return False
    with FileLock(folder / LOCK, mode=0o600):
        note = running(folder)
        if note is not None:
            os.kill(int(note["pid"]), signal.SIGTERM)
            _wait_for_silence(folder, int(note["pid"]))
            _wait_for_save(note)
        (folder / NOTE).unlink(missing_ok=True)
    return note is not None


def request(
    note: Note,
    method: str,
    action: str,
    params: dict[str, Any] | None = None,
    *,
    patience: float = ANSWER_SECONDS,
) -> dict[str, Any]:
    """One control request ("GET", "status"). Raises OSError when nothing answers within `patience` seconds of real time,
    SandboxError when it is refused.

    Never through a proxy: the environment's settings are for other hosts.
    """
    connection = HTTPConnection("127.0.0.1", int(note["port"]), timeout=patience)
    try:
        body = json.dumps(params or {}) if method == "POST" else None
        connection.request(method, f"/_sandbox/{action}", body, {TOKEN_HEADER: str(note.get("token", ""))})
        answer = connection.getresponse()
        found = json.loads(answer.read())
    finally:
        connection.close()
    if not isinstance(found, dict):
        raise SandboxError(f"{note['endpoint']} is not a sandbox")
    if answer.status != 200:
        raise SandboxError(f"the sandbox refused {method} {action}: {found.get('error', answer.status)}")
    return found


def _start(folder: Path, options: list[str]) -> Note:
    note = folder / NOTE
    note.unlink(missing_ok=True)
    command = [sys.executable, "-m", "sbctl.sandbox", "--note", str(note.absolute()), *options]
    with open(folder / LOG, "ab", opener=_for_me_alone) as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True)
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        # the note is written when the server answers; before that there is nothing to ask
        found = running(folder) if note.exists() else None
        if found is not None:
            return found
        time.sleep(PAUSE_SECONDS)
    process.kill()
    process.wait()
    raise SandboxError(f"the sandbox did not start: {_last_line(folder / LOG)}; all of it is in {folder / LOG}")


def _for_me_alone(path: str, flags: int) -> int:
    """What clients send may stand in the log. A FIFO in its place is refused: it would be waited for."""
    handle = os.open(path, flags | getattr(os, "O_NONBLOCK", 0), 0o600)
    os.fchmod(handle, 0o600)
    return handle


def _last_line(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "no reason given")


def _wait_for_save(note: Note) -> None:
    """A server lets go of its data when all is saved."""
    if "data" not in note:
        return
    try:
        with FileLock(Path(note["data"]) / WORLD_LOCK, mode=0o600, timeout=STOP_SECONDS):
            pass
    except Timeout as error:
        raise SandboxError(f"the sandbox, process {note['pid']}, is still saving {note['data']}") from error


def _wait_for_silence(folder: Path, pid: int) -> None:
    deadline = time.monotonic() + STOP_SECONDS
    while running(folder) is not None:
        if time.monotonic() > deadline:
            raise SandboxError(f"the sandbox, process {pid}, does not end; see {folder / LOG}")
        time.sleep(PAUSE_SECONDS)
