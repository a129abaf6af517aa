"""Lambda deployment packages: byte-for-byte reproducible zips of `lambdas/<name>/`.

The same sources give the same bytes on every machine, so that an unchanged function is no change in the plan: entries
sorted and stored, with a fixed date and fixed attributes, and lines of text ended as git keeps them, whatever a checkout
made of them. (zlib's output differs between builds, hence no compression.)
"""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePath

from sbctl.core.project import Package
from sbctl.files.regular import TooLarge, read_regular

HANDLER = "handler.handler"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_READABLE_BY_ALL = 0o100644 << 16  # Lambda refuses to load files that others may not read
_LEFT_OUT = frozenset({"__pycache__", "tests", "__MACOSX", "Thumbs.db", "desktop.ini"})
_LEFT_BY_EDITORS = (".swp", ".swo", ".swn")
_BACKUPS = (".bak", ".orig")
"""Ends of the name of a copy that an editor or a merge leaves beside the file itself."""
_MEBIBYTE = 1024 * 1024
LARGEST_FILE = 250 * _MEBIBYTE
"""Bytes that Lambda takes unpacked. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"""
LARGEST_ZIP = 50 * _MEBIBYTE
"""Bytes of an archive that Lambda takes in a call (same page). Stored archives are never smaller than what is in them,
so that this is also a limit of what is unpacked."""
_NAMED = 3
"""How many of the largest files are named."""


class LeadsOutside(Exception):  # noqa: N818 - says what is so, as FileNotFoundError does
    """A link leads out of the function's folder; the text is its path."""


class PackageTooLarge(Exception):  # noqa: N818
    """Lambda refuses the package; the text says how large it is, and its largest files."""


def pack(folder: Path, handler: str = HANDLER, runtime: str = "python") -> Package:
    """The package of one function.

    Tests, compiled files, hidden files and backups of editors are left out.

    Raises FileNotFoundError when there is no file of the handler, and
    LeadsOutside when the folder or something in it is a link to elsewhere, PackageTooLarge when Lambda would refuse it,
    OSError when a file cannot be read, ValueError when a name cannot stand in an archive.
    """
    if not _within(folder, folder.parent):
        raise LeadsOutside(folder.as_posix())
    sources, wanted = dict(_sources(folder)), entry_files(handler, runtime)
    if not sources or (wanted and not any(name in sources for name in wanted)):
        raise FileNotFoundError(folder / wanted[0] if wanted else folder)
    content = _archive(sources)
    sha256 = base64.b64encode(hashlib.sha256(content).digest()).decode()
    return Package(name=folder.name, zip=content, sha256=sha256, handler=handler, source=folder.as_posix())


def _archive(sources: Mapping[str, Path]) -> bytes:
    """The sources as a zip. Raises PackageTooLarge as soon as that is certain."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, path in sorted(sources.items()):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system = _UNIX
            entry.external_attr = _READABLE_BY_ALL
            try:
                archive.writestr(entry, _content(path))
            except TooLarge:
                raise PackageTooLarge(_sizes(sources)) from None
            if buffer.tell() > LARGEST_ZIP:
                raise PackageTooLarge(_sizes(sources))
    if buffer.tell() > LARGEST_ZIP:  # by its directory
        raise PackageTooLarge(_sizes(sources))
    return buffer.getvalue()


def _sizes(sources: Mapping[str, Path]) -> str:
    """The size of all sources together, and the largest of them."""
    sizes = {name: path.stat().st_size for name, path in sources.items() if path.is_file()}
    largest = sorted(sizes, key=lambda name: (-sizes[name], name))[:_NAMED]
    named = ", ".join(f"{name} ({_mebibytes(sizes[name])})" for name in largest)
    total = _mebibytes(sum(sizes.values()))
    return f"{total} in {len(sizes)} files, and Lambda takes {_mebibytes(LARGEST_ZIP)} in a call; the largest: {named}"


def _mebibytes(size: int) -> str:
    return f"{size / _MEBIBYTE:.1f} MiB"


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
        if not path.is_dir() and not _is_backup(path):
            yield inside.as_posix(), path


def _is_backup(path: Path) -> bool:
    return path.suffix in _BACKUPS and path.with_suffix("").exists()


def _content(path: Path) -> bytes:
    """The bytes of a source; of a text with \\n at the end of each line. Raises OSError, which names the file."""
    try:
        content = read_regular(path, LARGEST_FILE)
    except FileNotFoundError:
        raise OSError(f"{path.as_posix()} is a link to nothing") from None
    except TooLarge:
        raise
    except OSError as error:
        raise OSError(f"{path.as_posix()}: {error.strerror or error}") from error
    return content.replace(b"\r\n", b"\n") if _is_text(content) else content


def _is_text(content: bytes) -> bool:
    """Whether git would convert line ends on some checkouts: no NUL, and no carriage return alone."""
    return b"\r\n" in content and b"\0" not in content and content.count(b"\r") == content.count(b"\r\n")


def _within(path: Path, folder: Path) -> bool:
    """Whether a path stays in a folder, links followed; one that goes round in a circle leads nowhere."""
    try:
        return path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # RuntimeError before Python 3.13
        return False


def _left_out(inside: PurePath) -> bool:
    hidden = any(part.startswith(".") or part in _LEFT_OUT for part in inside.parts)
    by_editor = inside.suffix in _LEFT_BY_EDITORS or inside.name.endswith("~") or inside.name.startswith("#")
    compiled = inside.suffix in (".pyc", ".pyo")
    return hidden or by_editor or compiled or (inside.name.startswith("test_") and inside.suffix == ".py")
