"""Where the project's files say that its state is kept: `state` in regions.json, so that every clone works on the same one."""

from __future__ import annotations

from pathlib import Path

from sbctl.core.place import SCHEME, SharedPlace, shared_place
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.project_files import REGIONS_FILE
from sbctl.core.text.strict_json import read_value
from sbctl.files.regular import read_text

FIELD = "state"


def named_place(config: Path, project_folder: Path) -> Path | SharedPlace | None:
    """The place that regions.json names; a folder counts from the project's folder. None where it names none, or is not
    readable: that is reported by who needs the config.

    Raises SbctlError when what it names is no place.
    """
    file = config / REGIONS_FILE
    try:
        head = read_value(read_text(file))
    except (OSError, ValueError):
        return None
    named = head.get(FIELD) if isinstance(head, dict) else None
    if not isinstance(named, str) or not named:
        return None
    try:
        return shared_place(named) if named.startswith(SCHEME) else project_folder / named
    except ValueError as error:
        raise SbctlError(_no_place(file, str(error))) from None


def near(folder: Path, project_folder: Path) -> Path:
    """A folder as regions.json names it: from the project's folder where it is in it, so that the name is right in every clone."""
    whole, root = folder.resolve(), project_folder.resolve()
    return whole.relative_to(root) if whole.is_relative_to(root) else whole


def _no_place(file: Path, why: str) -> Problem:
    return Problem(
        code="invalid-value",
        summary="A value is not valid",
        detail=f"{FIELD}: {why}",
        at=str(file),
        fix="Name a folder, or s3://BUCKET@REGION/PREFIX, or leave it out.",
        exit=Exit.USAGE,
    )
