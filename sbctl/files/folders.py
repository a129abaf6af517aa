"""Makes folders for what only their owner may read, and says what stands in the place of a folder."""

from __future__ import annotations

import stat
from pathlib import Path

from sbctl.files.links import leads_nowhere
from sbctl.files.regular import sort_of

OWNERS_ALONE = 0o700


def make_private(folder: Path) -> None:
    """The folder, with all above it that are missing, each with mode 0700. Raises OSError.

    Path.mkdir gives its mode to the last folder alone: those above would be anybody's to write where the umask says so.
    """
    for place in (*reversed(folder.parents), folder):
        if not place.is_dir():
            place.mkdir(OWNERS_ALONE, exist_ok=True)


def in_place_of(folder: Path) -> tuple[Path, str] | None:
    """The path, of a folder or of one above it, that is no folder, and what it is; None for a folder, or nothing at all.

    What cannot be asked is None too: those who read there say why.
    """
    for place in (*reversed(folder.parents), folder):
        found = _instead(place)
        if found:
            return place, found
    return None


def _instead(place: Path) -> str:
    """What a path is that is no folder; "" for a folder, for nothing, and for what cannot be asked."""
    try:
        found = place.stat()
    except OSError as error:
        return leads_nowhere(place, error)
    return "" if stat.S_ISDIR(found.st_mode) else sort_of(found)
