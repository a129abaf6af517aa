"""The last result of every flow test in every region, for checks before a failover, with its age.

A cache and no record: it may be deleted at any time, and what cannot be read counts as empty.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from sbctl.files.regular import read_regular
from sbctl.store.files.atomic import DISK, Disk, remove_unfinished, write_atomic

FILE = "flow-tests.json"
"""Beside the state."""
Rows = list[dict[str, Any]]


class FlowTestCache:
    """Rows by test and region. A row is plain JSON with at least `name` and `region`."""

    def __init__(self, folder: Path, disk: Disk = DISK) -> None:
        self._path = folder / FILE
        self._disk = disk

    def load(self) -> Rows:
        """All that is kept."""
        try:
            found = json.loads(read_regular(self._path))
        except (OSError, ValueError):
            return []
        rows = found if isinstance(found, list) else []
        return [row for row in rows if isinstance(row, dict) and "name" in row and "region" in row]

    def keep(self, rows: Iterable[dict[str, Any]]) -> None:
        """Replace the rows of these tests and regions; the others stay. Raises SbctlError where the disk refuses."""
        new = {(row["name"], row["region"]): row for row in rows}
        old = {(row["name"], row["region"]): row for row in self.load()}
        every = [row for _, row in sorted({**old, **new}.items())]
        remove_unfinished(self._path.parent, self._path.name, self._disk)
        write_atomic(self._path, (json.dumps(every, indent=1, ensure_ascii=False) + "\n").encode(), self._disk)

    def forget(self) -> None:
        """Remove all of it; where the disk refuses, it stays, and each result shows its age."""
        with suppress(OSError):
            self._path.unlink(missing_ok=True)
