"""What only the owner of a world may read: folders are made with mode 0700, and no file is taken that is none."""

from __future__ import annotations

import stat
from pathlib import Path

OWNERS_ALONE = 0o700


def make_private(folder: Path) -> None:
    """The folder, with all above it that are missing, each with mode 0700. Raises OSError.

    Path.mkdir gives its mode to the last folder alone: those above would be anybody's to write where the umask says so.
    """
    for place in (*reversed(folder.parents), folder):
        if not place.is_dir():
            place.mkdir(OWNERS_ALONE, exist_ok=True)


def odd_file(path: Path) -> bool:
    """Whether something else than a regular file is in its place, such as a FIFO, which would be waited for. Raises OSError."""
    return path.exists() and not stat.S_ISREG(path.stat().st_mode)
