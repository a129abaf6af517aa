"""The log of runs that `--log-file` asks for: a line of JSON for each thing that happens, beside what the terminal shows.

A log that cannot be written stops nothing, since it may be the disk that fails in an outage: a note says so once.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sbctl.core.problem import Exit, Problem
from sbctl.core.text.secrets import redacted

if TYPE_CHECKING:
    from pathlib import Path

    from sbctl.core.events import Event, Listener
    from sbctl.core.report import Report

OWNERS_ALONE = 0o600


class LogFile:
    """Appends to one file, from any thread. Several runs may append to it at once: each line is one write, and has its process."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._broken: OSError | None = None

    def begin(self, command: str) -> None:
        """The first line of a run: what was typed."""
        self._append("run-started", {"command": command})

    def beside(self, listen: Listener) -> Listener:
        """A listener that logs each event and passes it on."""

        def hear(event: Event) -> None:
            self._append(_name(event), {one.name: _value(getattr(event, one.name)) for one in fields(event)})
            listen(event)

        return hear

    def end(self, report: Report) -> None:
        """The problems of a run, and its exit code."""
        for problem in report.problems:
            self._append("problem", problem.as_json())
        self._append("run-ended", {"command": report.command, "exit": int(report.exit)})

    def problems(self) -> list[Problem]:
        """A note when the log could not be written."""
        if self._broken is None:
            return []
        return [
            Problem(
                code="log-unwritable",
                summary="The log file cannot be written",
                detail=redacted(f"{self._path}: {self._broken.strerror or self._broken}"),
                at="--log-file",
                fix="Name a file in a folder that exists and is writable.",
                exit=Exit.DONE,
            )
        ]

    def _append(self, event: str, values: Mapping[str, Any]) -> None:
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        line = redacted(json.dumps({"time": now, "process": os.getpid(), "event": event, **values}, default=str))
        with self._lock:
            if self._broken is None:
                try:
                    _write(self._path, line + "\n")
                except OSError as error:
                    self._broken = error


def _write(path: Path, line: str) -> None:
    # Opened for each line: whoever rotates the file need not tell sbctl.
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NONBLOCK, OWNERS_ALONE)
    try:
        os.write(handle, line.encode("utf-8", "backslashreplace"))
    finally:
        os.close(handle)


def _name(event: Event) -> str:
    """`CallMade` → `call-made`."""
    text = type(event).__name__
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in text).lstrip("-")


def _value(value: Any) -> Any:
    if value is None or isinstance(value, str | int | float):
        return value
    return dict(value) if isinstance(value, Mapping) else str(value)
