"""The last readings of every command that measures, so that `status` can show them at once, each with its age.

A cache and no record: it may be deleted at any time, and what cannot be read counts as empty.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.reading import Reading
from sbctl.files.regular import read_regular
from sbctl.store.files.atomic import DISK, Disk, remove_unfinished, write_atomic

_BY_COMMAND = TypeAdapter(dict[str, tuple[Reading, ...]])


class ReadingCache:
    """Readings by the command that made them: "verify-replication", "parity", "status"..."""

    def __init__(self, path: Path, disk: Disk = DISK, warn: Callable[[Problem], None] | None = None) -> None:
        self._path = path
        self._disk = disk
        self._warn = warn
        self._kept: dict[str, tuple[Reading, ...]] = {}
        """What could not be written, for the rest of this run."""

    def load(self) -> dict[str, tuple[Reading, ...]]:
        """All that is kept; empty when there is nothing or it cannot be read."""
        try:
            return {**_BY_COMMAND.validate_json(read_regular(self._path)), **self._kept}
        except (OSError, ValidationError):
            return dict(self._kept)

    def keep(self, command: str, readings: Iterable[Reading]) -> None:
        """Replace what a command measured last. Where the disk refuses, it is kept for this run, and `warn` is told.

        Raises SbctlError then where nobody is to be told.
        """
        found = {**self.load(), command: tuple(readings)}
        plain = json.loads(_BY_COMMAND.dump_json(found))
        remove_unfinished(self._path.parent, self._path.name, self._disk)
        try:
            write_atomic(self._path, (json.dumps(plain, indent=1, ensure_ascii=False) + "\n").encode(), self._disk)
        except SbctlError as error:
            if self._warn is None:
                raise
            self._kept[command] = found[command]
            self._warn(_unkept(error.problems[0]))

    def forget(self) -> None:
        """Remove all of it; where the disk refuses, it stays, and each reading shows its age."""
        with suppress(OSError):
            self._path.unlink(missing_ok=True)
        self._kept.clear()


def _unkept(why: Problem) -> Problem:
    return Problem(
        code="readings-unkept",
        summary="What was measured could not be kept: sbctl status will show older readings",
        detail=why.detail,
        at=why.at,
        fix="Free some space or permit writing there.",
        exit=Exit.DONE,
    )
