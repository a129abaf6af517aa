"""Files that are whole or absent: written beside, flushed to disk, renamed, and the folder flushed too."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from sbctl.core.problem import Problem, SbctlError


def write_atomic(path: Path, text: str) -> None:
    """Write `text` to `path` (mode 0600). Raises SbctlError when the disk refuses; the old file then stays."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        sync_folder(path.parent)
    except OSError as error:
        raise SbctlError(cannot_write(path, error)) from error


def sync_folder(folder: Path) -> None:
    """Make a rename or a new file durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read_bytes(path: Path) -> bytes | None:
    """The file's bytes, None when there is none. Raises SbctlError when it cannot be read.

    Bytes, not text: a kill or a broken disk can cut a file in the middle of a letter.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SbctlError(
            Problem(
                code="cannot-read",
                summary="The file cannot be read",
                detail=str(error),
                at=str(path),
                fix="Check the file's permissions and that it is the right file.",
            )
        ) from error


def cannot_write(path: Path, error: OSError) -> Problem:
    """The problem of a disk that is full or read-only."""
    return Problem(
        code="cannot-write",
        summary="The state cannot be written",
        detail=error.strerror or str(error),
        at=str(path),
        fix="Free some space or permit writing there, then run the same command again; it goes on where it stopped.",
    )
