"""The folder of a state, checked before anything is read there or written."""

from __future__ import annotations

from pathlib import Path

from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.files.folders import in_place_of


def require_folder(folder: Path) -> Path:
    """The folder, which need not exist yet. Raises SbctlError where something else stands in its place.

    A link to nothing would read as an empty state, and a deploy would create everything a second time.
    """
    instead = in_place_of(folder)
    if instead is None:
        return folder
    place, found = instead
    raise SbctlError(
        Problem(
            code="state-no-folder",
            summary="The state's folder is no folder",
            detail=f"{place} is {found}",
            at=str(place),
            fix="Put the folder of the state there, or name it with --state.",
            exit=Exit.USAGE,
        )
    )
