"""The last readings of every command that measures, so that `status` can show them at once, each with its age.

A cache and no record: it may be deleted at any time, and what cannot be read counts as empty.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from sbctl.core.reading import Reading
from sbctl.files.regular import read_regular
from sbctl.store.atomic import write_atomic

_BY_COMMAND = TypeAdapter(dict[str, tuple[Reading, ...]])


class ReadingCache:
    """Readings by the command that made them: "verify-replication", "parity", "status"..."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> dict[str, tuple[Reading, ...]]:
        """All that is kept; empty when there is nothing or it cannot be read."""
        try:
            return _BY_COMMAND.validate_json(read_regular(self._path))
        except (OSError, ValidationError):
            return {}

    def keep(self, command: str, readings: Iterable[Reading]) -> None:
        """Replace what a command measured last. Raises SbctlError when the disk refuses."""
        found = {**self.load(), command: tuple(readings)}
        plain = json.loads(_BY_COMMAND.dump_json(found))
        write_atomic(self._path, (json.dumps(plain, indent=1, ensure_ascii=False) + "\n").encode())
