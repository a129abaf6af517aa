"""The files that paths name: files, folders, patterns such as `exports/**/*.json`, and `-` for standard input."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sbctl.core.problem import Problem
from sbctl.files.links import why_unread
from sbctl.files.regular import is_hidden
from sbctl.flows.reading.problems import passed_over, unreadable
from sbctl.flows.reading.python_file import mentions_builder

STDIN = "-"
TESTS = "tests"
"""The folder of flow tests among a project's flows, which flows/testing/ reads."""
SUFFIXES = (".json", ".py")
"""What is read, and what is run."""


@dataclass(frozen=True)
class Found:
    """A file to read. `root` is the folder that it must not lead out of; None for a file that is named itself."""

    path: Path
    root: Path | None = None

    @property
    def named(self) -> bool:
        return self.root is None


def files_of(paths: tuple[str, ...], *, run: Path | None) -> Iterator[Found | Problem]:
    """Each file once, in the order of the paths; a problem for a path that names none.

    In a folder, Python files are run only below `run`; they are passed over elsewhere, with a note where they build flows.
    """
    if len(paths) == 1:
        yield from _of_path(paths[0], run)
        return
    seen: set[str] = set()
    for text in paths:
        for one in _of_path(text, run):
            key = str(lexical(one.path)) if isinstance(one, Found) and str(one.path) != STDIN else str(one)
            if key not in seen:
                seen.add(key)
                yield one


def _of_path(text: str, run: Path | None) -> Iterator[Found | Problem]:
    path = Path(text)
    if text == STDIN:
        yield Found(path)
    elif path.is_dir():
        yield from _of_folder(path, run)
    elif os.path.lexists(text):
        yield Found(path)
    elif any(letter in text for letter in "*?["):
        yield from _of_pattern(text, run)
    else:
        yield unreadable(text, "there is no such file", "Name a file, a folder, a pattern, or - for standard input.")


def _of_pattern(pattern: str, run: Path | None) -> Iterator[Found | Problem]:
    names = sorted(glob.glob(pattern, recursive=True))  # noqa: PTH207 - Path.glob takes no absolute pattern
    if not names:
        yield unreadable(pattern, "no file matches this pattern", "Correct the pattern.")
    for name in names:
        if Path(name).is_dir():
            continue
        if name.endswith(".py") and not _may_run(Path(name), run):
            yield from _not_run(Path(name))
        elif name.endswith(SUFFIXES):
            yield Found(Path(name))


def _of_folder(folder: Path, run: Path | None) -> Iterator[Found | Problem]:
    count = 0
    for place, folders, names in os.walk(folder, onerror=None):
        folders[:] = sorted(name for name in folders if not (name.startswith(".") or _holds_tests(place, name, run)))
        for name in folders:
            if (Path(place) / name).is_symlink():
                fix = "Name the folder that the link leads to."
                yield passed_over(str(Path(place) / name), "it is a link to a folder, which is not followed", fix)
        for path in (Path(place) / name for name in sorted(names) if name.endswith(SUFFIXES)):
            if is_hidden(path):
                continue
            count += 1
            if path.suffix == ".py" and not _may_run(path, run):
                yield from _not_run(path)
            else:
                yield Found(path, folder)
    if not count:
        yield unreadable(str(folder), "the folder holds no .json and no .py file", "Name a folder with flows.")


def _holds_tests(place: str, name: str, run: Path | None) -> bool:
    """Whether it is the project's folder of flow tests, which are no flows."""
    return name == TESTS and run is not None and lexical(Path(place)) == lexical(run)


def _not_run(path: Path) -> Iterator[Problem]:
    if mentions_builder(path):
        yield passed_over(str(path), "a Python file is run only in a project", "Name the file to run it.")


def _may_run(path: Path, folder: Path | None) -> bool:
    return folder is not None and is_below(path, folder)


def is_below(path: Path, folder: Path) -> bool:
    """Whether a path stands in a folder as it is written, wherever links lead."""
    there, here = lexical(folder), lexical(path)
    return here == there or here.startswith(os.path.join(there, ""))  # noqa: PTH118 - texts, many times as fast as paths


def lexical(path: Path) -> str:
    """A path from the root on, without `..`, links left as they are."""
    return os.path.abspath(path)  # noqa: PTH100 - Path.absolute keeps `..`


def outside(found: Found) -> str:
    """Why a file must not be read: it leads out of its folder, or nowhere; "" where it may."""
    if found.root is None:
        return ""
    try:
        root = os.path.realpath(found.root)
        inside = is_below(Path(os.path.realpath(found.path, strict=True)), Path(root))
    except OSError as error:
        return why_unread(found.path, error)
    return "" if inside else f"it leads out of {found.root}"
