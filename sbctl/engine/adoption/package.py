"""A function's package as files of its folder. Only what stays in the folder, and no more than sbctl could deploy again."""

from __future__ import annotations

import base64
import hashlib
import io
import stat
import unicodedata
import zipfile
import zlib
from pathlib import PurePosixPath

from sbctl.core.kinds.resource import NotSayable
from sbctl.desired.files.packages import entry_files, is_packed

LARGEST = 50 * 1024 * 1024
"""What Lambda takes in a call; sbctl packs without compression. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"""
MOST_FILES = 10_000
LONGEST_PART = 255
LONGEST_PATH = 1024
CHUNK = 1024 * 1024


def unpacked(package: bytes, sha256: str, handler: str, runtime: str) -> tuple[dict[str, bytes], int]:
    """Files by their path in the folder, and how many were left out that sbctl would not pack: tests, hidden files.

    `sha256` is base64, as Lambda tells it. Raises NotSayable when the package cannot be unpacked safely and deployed again.
    """
    if base64.b64encode(hashlib.sha256(package).digest()).decode() != sha256:
        raise NotSayable("what was downloaded is not the package whose hash Lambda tells")
    try:
        with zipfile.ZipFile(io.BytesIO(package)) as archive:
            files = _read(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        raise NotSayable(f"its package cannot be unpacked: {error}") from error
    packed = {name: content for name, content in files.items() if is_packed(PurePosixPath(name))}
    entries = entry_files(handler, runtime)
    if entries and not any(name in packed for name in entries):
        raise NotSayable(f"its package has no file for the handler {handler}")
    return packed, len(files) - len(packed)


def _read(archive: zipfile.ZipFile) -> dict[str, bytes]:
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > MOST_FILES:
        raise NotSayable(f"its package has more than {MOST_FILES} files")
    files: dict[str, bytes] = {}
    left = LARGEST
    for entry in entries:
        name = _safe(entry)
        if name in files:
            raise NotSayable(f"its package has {name} twice")
        content = _content(archive, entry, left)
        left -= len(content)
        files[name] = content
    folders = {str(folder) for name in files for folder in PurePosixPath(name).parents}
    both = sorted(folders & files.keys())
    if both:
        raise NotSayable(f"its package has {both[0]} as a file and as a folder")
    return files


def _safe(entry: zipfile.ZipInfo) -> str:
    """The path of an entry, when it cannot leave the folder. Raises NotSayable."""
    name = entry.orig_filename
    parts = name.split("/")
    odd = "\\" in name or ":" in parts[0] or any(unicodedata.category(letter)[0] == "C" for letter in name)
    leaves = any(part in ("", ".", "..") or len(part.encode()) > LONGEST_PART for part in parts)
    if odd or leaves or len(name.encode()) > LONGEST_PATH:
        raise NotSayable("its package has a file whose path may lead out of the function's folder")
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        raise NotSayable(f"its package has {name}, which is a link or a device and no file")
    if entry.flag_bits & 1:
        raise NotSayable("its package is encrypted")
    return name


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes:
    """The bytes, without trust in the size that the archive tells."""
    found = bytearray()
    with archive.open(entry) as file:
        while chunk := file.read(CHUNK):
            found += chunk
            if len(found) > most:
                raise NotSayable(f"its code is larger than {LARGEST // (1024 * 1024)} MB, more than sbctl can deploy")
    return bytes(found)
