"""The folders of a project: what stands in their place, told once, and not for each file that is missed in them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sbctl.core.problem import Exit, Problem
from sbctl.files.folders import in_place_of

REMEDY = "Make a project with sbctl init, or name the folder of the config with --config."


def no_config(folder: Path, files: Sequence[str]) -> Problem | None:
    """The problem of a config folder that is no folder, or that holds none of its files."""
    instead = in_place_of(folder)
    if instead is not None:
        return _problem("config-unreadable", "The config's folder is no folder", instead, REMEDY)
    if any(_is_there(folder / name) for name in files):
        return None
    return Problem(
        code="config-missing",
        summary="Config is missing",
        detail=f"there is neither {' nor '.join((folder / name).as_posix() for name in files)}",
        at=(folder / files[0]).as_posix(),
        fix=REMEDY,
        exit=Exit.USAGE,
    )


def no_folders(*folders: Path) -> list[Problem]:
    """The problem of each folder of sources in whose place something else stands; they need not exist."""
    found = dict.fromkeys(instead for instead in map(in_place_of, folders) if instead)
    fix = "Put the folder itself there, or remove it where the project needs none."
    return [_problem("folder-unreadable", "A folder of the project is no folder", one, fix) for one in found]


def _is_there(path: Path) -> bool:
    """Whether a path names anything, be it one that cannot be read."""
    try:
        path.lstat()
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return True


def _problem(code: str, summary: str, instead: tuple[Path, str], fix: str) -> Problem:
    place, found = instead
    return Problem(
        code=code,
        summary=summary,
        detail=f"{place.as_posix()} is {found}",
        at=place.as_posix(),
        fix=fix,
        exit=Exit.USAGE,
    )
