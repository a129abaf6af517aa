"""New files of a project: each whole or absent, none overwritten. The same call can be made again after it broke off."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.files.regular import read_regular
from sbctl.store.files.atomic import DISK, Disk, write_atomic


def write_new(files: Mapping[Path, bytes], root: Path, disk: Disk = DISK) -> None:
    """Write them in their order, all of them in `root`, or none: what was written goes again where one cannot be.

    Raises SbctlError, before anything is written, when others stand in their places or a link leads elsewhere.
    """
    problems = (*_outside(files, root), *_in_the_way(files))
    if problems:
        raise SbctlError(*problems)
    written: list[Path] = []
    try:
        for path, content in files.items():
            _remove_unfinished(path, disk)
            if not path.exists():
                write_atomic(path, content, disk)
                written.append(path)
    except BaseException:
        for path in reversed(written):
            with suppress(OSError):  # the next run finds its content there, which is no obstacle
                disk.remove(path)
        raise


def _outside(files: Mapping[Path, bytes], root: Path) -> Iterator[Problem]:
    for folder in sorted({path.parent for path in files}):
        if not folder.resolve().is_relative_to(root.resolve()):
            yield Problem(
                code="leads-outside",
                summary="A project folder is a link to outside the project",
                detail=f"it leads to {folder.resolve()}",
                at=str(folder),
                fix="Put a folder there in place of the link, or choose another project by --config.",
                exit=Exit.REFUSED,
            )


def _remove_unfinished(path: Path, disk: Disk) -> None:
    """Take away what a killed run left beside a file: only names as a temporary file has them, and no editor's."""
    unfinished = re.compile(rf"\.{re.escape(path.name)}\.[a-z0-9_]{{8}}")
    with suppress(OSError):  # the folder is not there, or it is left for the next time
        for beside in path.parent.iterdir():
            if unfinished.fullmatch(beside.name):
                disk.remove(beside)


def _in_the_way(files: Mapping[Path, bytes]) -> Iterator[Problem]:
    """What is there and says something else; the same content is left by a run that broke off."""
    for path, content in files.items():
        if path.is_symlink() or (path.exists() and not (path.is_file() and _holds(path, content))):
            yield Problem(
                code="in-the-way",
                summary="A file is there already, and nothing is overwritten",
                at=str(path),
                fix="Choose a folder without a project, by --config.",
                exit=Exit.REFUSED,
            )


def _holds(path: Path, content: bytes) -> bool:
    try:
        return read_regular(path, len(content)) == content
    except OSError:
        return False
