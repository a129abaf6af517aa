"""A folder of this user in the temporary directory, for one state that cannot be written."""

from __future__ import annotations

import os
import stat
import tempfile
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from sbctl.store.files.atomic import Disk

OTHERS = 0o077


def spare_folder(state: Path) -> Path | None:
    """Where a run keeps what belongs to a state; the same for the next run. None where there is no temporary directory."""
    try:
        return in_temporary(state, Path(tempfile.gettempdir()))
    except OSError:
        return None


def in_temporary(state: Path, temporary: Path) -> Path | None:
    """The folder for a state in a directory that is everybody's: one of ours that others can write to is not used."""
    root = temporary / f"sbctl-{os.geteuid() if hasattr(os, 'geteuid') else os.getlogin()}"
    if root.is_symlink() or (root.exists() and not _is_ours(root)):
        return None
    whole = state
    with suppress(OSError):  # the working directory may be gone
        whole = state.absolute()
    return root / sha256(str(whole).encode()).hexdigest()[:16]


def _is_ours(folder: Path) -> bool:
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode):
        return False
    return not hasattr(os, "geteuid") or (found.st_uid == os.geteuid() and not found.st_mode & OTHERS)


def can_write(folder: Path, disk: Disk) -> bool:
    """Whether a file can be made in a folder now; it is removed again."""
    try:
        disk.make_folder(folder)
        disk.remove(disk.write_beside(folder / "probe", b"probe"))
    except OSError:
        return False
    return True
