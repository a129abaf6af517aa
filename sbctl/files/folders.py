"""Makes folders for what only their owner may read."""

from __future__ import annotations

from pathlib import Path

OWNERS_ALONE = 0o700


def make_private(folder: Path) -> None:
    """The folder, with all above it that are missing, each with mode 0700. Raises OSError.

    Path.mkdir gives its mode to the last folder alone: those above would be anybody's to write where the umask says so.
    """
    for place in (*reversed(folder.parents), folder):
        if not place.is_dir():
            place.mkdir(OWNERS_ALONE, exist_ok=True)
