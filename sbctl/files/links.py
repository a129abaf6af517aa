"""Says of a path that cannot be followed what is wrong with it, in words and not in those of the operating system."""

from __future__ import annotations

import errno
from pathlib import Path


def leads_nowhere(path: Path, error: Exception) -> str:
    """What the link is at which a path ends; "" where the error is of another sort.

    RuntimeError is what Python before 3.13 raises when it resolves a circle of links.
    """
    code = error.errno if isinstance(error, OSError) else None
    if code == errno.ELOOP or isinstance(error, RuntimeError):
        return "a link that leads back to itself"
    if code in (errno.ENOENT, errno.ENOTDIR) and path.is_symlink():
        how = "which does not exist" if code == errno.ENOENT else "which leads through a file"
        return f"a link to {path.readlink()}, {how}"
    return ""


def why_unread(path: Path, error: OSError | RuntimeError) -> str:
    """Why a file could not be read."""
    nowhere = leads_nowhere(path, error)
    if nowhere:
        return f"it is {nowhere}"
    return (error.strerror if isinstance(error, OSError) else "") or str(error)
