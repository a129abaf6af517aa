"""What happened since the state file was written, one self-checking line each, flushed to disk one by one."""

from __future__ import annotations

import json
import os
import zlib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from sbctl.core.address import Address
from sbctl.core.problem import SbctlError
from sbctl.core.state import Record, State
from sbctl.store.atomic import cannot_write, read_bytes, sync_folder


class Entry(BaseModel):
    """A record as it became, or an address that went. `lineage` and `serial` say on which state file it rests."""

    model_config = ConfigDict(frozen=True)

    lineage: str
    serial: int
    put: Record | None = None
    drop: str = ""
    generation: int = 0

    def on(self, state: State) -> State:
        """The state with this entry in it."""
        if self.put is not None:
            return state.with_record(self.put)
        address = Address.parse(self.drop)
        without = state.without(address)
        return without.model_copy(update={"gone": {**without.gone, self.drop: self.generation}})


class Journal:
    """The journal's file. A torn last line, from a kill in the middle of writing, is passed over."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.count = 0

    def exists(self) -> bool:
        return self._path.exists() and self._path.stat().st_size > 0

    def append(self, entry: Entry) -> None:
        """Write one entry; on disk when this returns. Raises SbctlError when the disk refuses."""
        body = entry.model_dump_json(exclude_defaults=True)
        line = f"{zlib.crc32(body.encode()):08x} {body}\n"
        new = not self._path.exists()
        try:
            handle = os.open(self._path, os.O_APPEND | os.O_CREAT | os.O_WRONLY, 0o600)
            with os.fdopen(handle, "a", encoding="utf-8") as file:
                file.write(self._mend() + line)
                file.flush()
                os.fsync(file.fileno())
            if new:
                sync_folder(self._path.parent)
        except OSError as error:
            raise SbctlError(cannot_write(self._path, error)) from error
        self.count += 1

    def entries(self, state: State) -> list[Entry]:
        """The sound entries that rest on this state file, in order."""
        # split at line feeds alone: a value may hold other characters that str.splitlines takes for line ends
        lines = (read_bytes(self._path) or b"").split(b"\n")
        found = [entry for entry in map(_entry, lines) if entry is not None]
        return [entry for entry in found if entry.lineage == state.lineage and entry.serial == state.serial]

    def clear(self) -> None:
        """Empty it: everything in it stands in the state file now."""
        self._path.unlink(missing_ok=True)
        self.count = 0

    def _mend(self) -> str:
        """A line end, when an earlier kill left the last line torn: the next entry must not be joined to it."""
        if not self.exists():
            return ""
        with self._path.open("rb") as file:
            file.seek(-1, os.SEEK_END)
            return "" if file.read(1) == b"\n" else "\n"


def _entry(line: bytes) -> Entry | None:
    check, _, body = line.partition(b" ")
    try:
        if int(check, 16) != zlib.crc32(body):
            return None
        return Entry.model_validate(json.loads(body))
    except (ValueError, ValidationError):
        return None
