"""What canaries there may be: a file each, on disk before the canary is written, gone when the canary is gone everywhere.

A file and not a line, so that runs side by side never rewrite each other's notes. Kill a run at any instant: the next one
finds what it left, and knows by the process whether that run is still at work.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sbctl.core.moving.canary import Canary, CanaryPlace, as_note, from_note
from sbctl.core.problem import SbctlError
from sbctl.core.text.strict_json import read_value
from sbctl.store.files.atomic import DISK, Disk, cannot_write, read_bytes, write_atomic
from sbctl.store.locks.process import Process, is_alive, this_process


class CanaryLedger:
    """The canaries of one state folder, by id. Thread-safe: each canary has a file of its own."""

    def __init__(self, folder: Path, disk: Disk = DISK) -> None:
        self._folder = folder
        self._disk = disk
        self._self = this_process()

    def begin(self, canary: Canary) -> None:
        """Note a canary that is about to be written. Raises SbctlError when the disk refuses: then do not write it."""
        self._write(canary, self._self)

    def left(self, canary: Canary, places: Sequence[CanaryPlace]) -> None:
        """Note where a canary still is or may be, for a later run; nowhere is the end of it."""
        if places:
            self._write(canary.model_copy(update={"places": tuple(places)}), None)
            return
        try:
            self._disk.remove(self._file(canary))
        except OSError as error:
            raise SbctlError(cannot_write(self._file(canary), error)) from error

    def abandoned(self) -> list[Canary]:
        """Canaries that no living run looks after; those of runs on other machines are theirs to remove."""
        return [canary for canary, owner in self._notes() if owner is None or is_alive(owner) is False]

    def all(self) -> list[Canary]:
        """Every canary there may be."""
        return [canary for canary, _ in self._notes()]

    def _notes(self) -> Iterable[tuple[Canary, Process | None]]:
        for path in sorted(self._folder.glob("[!.]*.json")):
            note = _read(read_bytes(path))
            # Only a note in its own file: by its id it is written and removed again.
            # And only of a canary: what could be somebody's data is never deleted, whoever wrote the note.
            if note is not None and path == self._file(note[0]) and note[0].is_one:
                yield note

    def _file(self, canary: Canary) -> Path:
        return self._folder / f"{canary.id}.json"

    def _write(self, canary: Canary, owner: Process | None) -> None:
        noted = {**canary.model_dump(mode="python"), "key": as_note(canary.key)}
        note = {"canary": noted, "process": asdict(owner) if owner else None}
        write_atomic(self._file(canary), (json.dumps(note) + "\n").encode(), self._disk)


def _read(content: bytes | None) -> tuple[Canary, Process | None] | None:
    """The note in a file; None when another run has removed it meanwhile, or somebody wrote something else there."""
    try:
        note: dict[str, Any] = read_value(content or b"")
        canary = Canary.model_validate({**note["canary"], "key": from_note(note["canary"]["key"])})
        return canary, Process(**note["process"]) if note["process"] else None
    except (ValueError, KeyError, TypeError, AttributeError, ValidationError):
        return None
