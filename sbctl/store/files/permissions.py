"""Who may look into a state's folder: its owner. What sbctl makes there is the owner's alone, whatever the umask says.

A folder that was there before is made private when it holds nothing but a state; any other is left as it is, and told.
"""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

from sbctl.core.problem import Exit, Problem
from sbctl.files.regular import is_hidden

FOLDER_MODE, FILE_MODE = 0o700, 0o600
OTHERS = 0o077
OTHERS_WRITE = 0o022
OURS = frozenset(
    {
        "README.md", "audit.jsonl", "canaries", "failover-kit.json", "generations", "journal.jsonl", "lock.json",
        "readings.json", "reports", "runs", "sandbox", "sbctl.json", "sbctl.lock", "shared-runs",
    }
)  # fmt: skip
"""What stands in a state's folder. A run's journal and the sandbox's note are in folders of their own."""
RUN = ".run"


def keep_private(file: int | Path) -> None:
    """Take others' rights away from a file of ours, open or not: it may have come from a copy or an earlier version."""
    found = os.stat(file)  # noqa: PTH116 - of an open file too
    if found.st_mode & OTHERS and found.st_uid == os.geteuid():
        os.chmod(file, FILE_MODE)  # noqa: PTH101


def make_private(folder: Path) -> None:
    """Take others' rights away from a folder that holds nothing but a state, or runs."""
    with suppress(OSError):
        if _mode(folder) & OTHERS and _is_a_states(folder):
            folder.chmod(FOLDER_MODE)


def exposed(folder: Path) -> list[Problem]:
    """A note when others may put files in the place of the state's; none of a folder in which that is prevented (sticky)."""
    try:
        mode = _mode(folder)
    except OSError:
        return []
    if not mode & OTHERS_WRITE or mode & stat.S_ISVTX:
        return []
    return [
        Problem(
            code="state-exposed",
            summary="Others may write into the state's folder",
            detail=f"its mode is {mode & 0o777:04o}, and it holds more than a state, so that sbctl leaves it as it is",
            at=str(folder),
            fix=f"chmod go-w {folder}, or keep the state in a folder of its own: --state DIR",
            exit=Exit.DONE,
        )
    ]


def _mode(folder: Path) -> int:
    return folder.stat().st_mode


def _is_a_states(folder: Path) -> bool:
    """Whether a folder of ours holds a state's files alone. One that is shared on purpose (set-group-id, sticky) is not."""
    found = folder.stat()
    if found.st_uid != os.geteuid() or found.st_mode & (stat.S_ISVTX | stat.S_ISGID):
        return False
    return all(path.name in OURS or path.name.endswith(RUN) for path in folder.iterdir() if not is_hidden(path))
