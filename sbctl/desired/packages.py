"""Lambda deployment packages: byte-for-byte reproducible zips of `lambdas/<name>/`.

The same sources give the same bytes on every machine, so that an unchanged function is no change in the plan: entries
sorted and stored, with a fixed date and fixed attributes. (zlib's output differs between builds, hence no compression.)
"""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePath

from sbctl.core.project import Package

HANDLER = "handler.handler"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_READABLE_BY_ALL = 0o100644 << 16  # Lambda refuses to load files that others may not read
_LEFT_OUT = frozenset({"__pycache__", "tests"})


class LeadsOutside(Exception):  # noqa: N818 - says what is so, as FileNotFoundError does
    """A link leads out of the function's folder; the text is its path."""


def pack(folder: Path, handler: str = HANDLER, runtime: str = "python") -> Package:
    """The package of one function.

    Tests, compiled files and hidden files are left out. Raises FileNotFoundError when there is no file of the handler, and
    LeadsOutside when the folder or something in it is a link to elsewhere, OSError when a file cannot be read, ValueError
    when a name cannot stand in an archive.
    """
    if not _within(folder, folder.parent):
        raise LeadsOutside(folder.as_posix())
    sources, wanted = dict(_sources(folder)), entry_files(handler, runtime)
    if not sources or (wanted and not any(name in sources for name in wanted)):
        raise FileNotFoundError(folder / wanted[0] if wanted else folder)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, path in sorted(sources.items()):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system = _UNIX
            entry.external_attr = _READABLE_BY_ALL
            archive.writestr(entry, path.read_bytes())
    content = buffer.getvalue()
    sha256 = base64.b64encode(hashlib.sha256(content).digest()).decode()
    return Package(name=folder.name, zip=content, sha256=sha256, handler=handler, source=folder.as_posix())


def entry_files(handler: str, runtime: str) -> tuple[str, ...]:
    """The files one of which holds the handler, as paths in the package; none where only the runtime can tell."""
    place = handler.rpartition(".")[0]
    if runtime.startswith("python"):
        module = place.replace(".", "/")
        return (f"{module}.py", f"{module}/__init__.py")
    if runtime.startswith("nodejs"):
        return tuple(f"{place}.{ending}" for ending in ("js", "mjs", "cjs"))
    return (f"{place}.rb",) if runtime.startswith("ruby") else ()


def is_packed(path: PurePath) -> bool:
    """Whether a file at this path in a function's folder goes into its package."""
    return not _left_out(path)


def _sources(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in folder.rglob("*"):
        inside = path.relative_to(folder)
        if _left_out(inside):
            continue
        if not _within(path, folder):
            raise LeadsOutside(path.as_posix())
        if path.is_file():
            yield inside.as_posix(), path


def _within(path: Path, folder: Path) -> bool:
    """Whether a path stays in a folder, links followed; one that goes round in a circle leads nowhere."""
    try:
        return path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # RuntimeError before Python 3.13
        return False


def _left_out(inside: PurePath) -> bool:
    hidden = any(part.startswith(".") or part in _LEFT_OUT for part in inside.parts)
    return hidden or inside.suffix in (".pyc", ".pyo") or (inside.name.startswith("test_") and inside.suffix == ".py")
