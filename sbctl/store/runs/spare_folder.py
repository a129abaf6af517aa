"""A folder of this user in the temporary directory, for one state that cannot be written.

Another terminal may have another temporary directory (TMPDIR). What was written there is found by a note in the user's
cache, and in the directories that are usual.
"""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from sbctl.core.problem import SbctlError
from sbctl.files.regular import read_regular
from sbctl.store.files.atomic import Disk, remove_unfinished, write_atomic

OTHERS = 0o077
USUAL = ("/tmp", "/var/tmp", "/usr/tmp")
VARIABLES = ("TMPDIR", "TEMP", "TMP")


def spare_folder(state: Path) -> Path | None:
    """Where a run keeps what belongs to a state; the same for the next run. None where there is no temporary directory."""
    try:
        return _in(state, Path(tempfile.gettempdir()))
    except OSError:
        return None


def other_spares(state: Path, cache: Path | None, environment: Mapping[str, str] = os.environ) -> list[Path]:
    """Where else something of a state may lie: folders that are there, of other temporary directories than this run's."""
    places = [*(Path(environment[name]) for name in VARIABLES if environment.get(name)), *map(Path, USUAL)]
    found = [*_noted(state, cache), *(_in(state, place) for place in places)]
    own = spare_folder(state)
    return [one for one in dict.fromkeys(found) if one is not None and one != own and _is_used(one)]


def note_spare(state: Path, spare: Path, cache: Path | None, disk: Disk) -> None:
    """Note in the user's cache where something of a state lies now. A failover depends on no cache: what cannot be noted is not."""
    if cache is None:
        return
    path = cache / f"{_name(state)}-{sha256(str(spare).encode()).hexdigest()[:8]}"
    remove_unfinished(cache, path.name, disk)
    with suppress(SbctlError):
        write_atomic(path, str(spare).encode(), disk)


def _noted(state: Path, cache: Path | None) -> Iterator[Path]:
    """The folders that were noted for a state; the notes of those that are gone are removed."""
    with suppress(OSError):
        for note in sorted(cache.glob(f"{_name(state)}-????????")) if cache else ():
            folder = Path(read_regular(note).decode(errors="replace"))
            if folder.is_dir():
                yield folder
            else:
                note.unlink(missing_ok=True)


def _is_used(folder: Path) -> bool:
    with suppress(OSError):
        return folder.is_dir() and _is_ours(folder.parent)
    return False


def _in(state: Path, temporary: Path) -> Path | None:
    """The same as `in_temporary`; None for a directory that may not be looked into."""
    try:
        return in_temporary(state, temporary)
    except OSError:
        return None


def in_temporary(state: Path, temporary: Path) -> Path | None:
    """The folder for a state in a directory that is everybody's: one of ours that others can write to is not used."""
    root = temporary / f"sbctl-{os.geteuid() if hasattr(os, 'geteuid') else os.getlogin()}"
    if root.is_symlink() or (root.exists() and not _is_ours(root)):
        return None
    return root / _name(state)


def _name(state: Path) -> str:
    whole = state
    with suppress(OSError):  # the working directory may be gone
        whole = state.absolute()
    return sha256(str(whole).encode()).hexdigest()[:16]


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
