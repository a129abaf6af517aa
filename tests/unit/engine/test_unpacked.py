"""Packages of functions as files: whole and in their folder, or not at all."""

from __future__ import annotations

import base64
import hashlib
import io
import stat
import warnings
import zipfile
from pathlib import Path

import pytest

from sbctl.core.kinds.resource import NotSayable
from sbctl.desired.files.packages import pack
from sbctl.engine.adoption import package as module
from sbctl.engine.adoption.package import unpacked
from sbctl.store.files.new_files import write_new

HANDLER = ("app.main", "python3.13")


def package(*entries: tuple[str, bytes], mode: int = stat.S_IFREG | 0o644) -> bytes:
    """A zip of these entries, whatever their names."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of names that are there twice
        for name, content in entries:
            entry = zipfile.ZipInfo("x")
            entry.filename = entry.orig_filename = name
            entry.external_attr = mode << 16
            archive.writestr(entry, content)
    return out.getvalue()


def sha256(content: bytes) -> str:
    return base64.b64encode(hashlib.sha256(content).digest()).decode()


def opened(content: bytes) -> dict[str, bytes]:
    return unpacked(content, sha256(content), *HANDLER)[0]


def test_a_package_that_is_unpacked_and_packed_again_has_the_same_files(tmp_path: Path) -> None:
    """What sbctl would not pack is not written, and is counted."""
    content = package(("app.py", b"a"), ("lib/b.py", b"b"), ("tests/test_app.py", b"t"), (".env", b"SECRET=1"))
    files, skipped = unpacked(content, sha256(content), *HANDLER)
    assert (set(files), skipped) == ({"app.py", "lib/b.py"}, 2)
    write_new({tmp_path / name: found for name, found in files.items()}, tmp_path)
    with zipfile.ZipFile(io.BytesIO(pack(tmp_path, *HANDLER).zip)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == files


@pytest.mark.parametrize(
    "name",
    [
        "../out.py",
        "a/../../out.py",
        "/etc/out.py",
        "a\\..\\out.py",
        "C:/out.py",
        "a//out.py",
        "./out.py",
        "a\nb",
        "x" * 300,
    ],
)
def test_a_path_that_could_leave_the_folder_is_refused(name: str) -> None:
    """The whole package is, so that nothing runs elsewhere that is not what runs here."""
    with pytest.raises(NotSayable, match="path"):
        opened(package(("app.py", b""), (name, b"x")))


@pytest.mark.parametrize("mode", [stat.S_IFLNK | 0o777, stat.S_IFIFO | 0o644])
def test_links_and_devices_are_refused(mode: int) -> None:
    """A link would be followed by whoever writes after it."""
    with pytest.raises(NotSayable, match="link"):
        opened(package(("app.py", b"/etc/passwd"), mode=mode))


def test_names_that_are_there_twice_or_as_a_folder_too_are_refused() -> None:
    """Which of them Lambda runs, the archive does not say."""
    with pytest.raises(NotSayable, match="twice"):
        opened(package(("app.py", b"1"), ("app.py", b"2")))
    with pytest.raises(NotSayable, match="as a file and as a folder"):
        opened(package(("app.py", b"1"), ("lib", b"2"), ("lib/b.py", b"3")))


def test_what_unpacks_to_more_than_can_be_deployed_is_refused() -> None:
    """A small archive of zeros is stopped while it is read."""
    with pytest.raises(NotSayable, match="larger"):
        opened(package(("app.py", b""), ("zeros", bytes(module.LARGEST + 1))))


def test_another_package_than_lambda_tells_of_and_none_at_all_are_refused() -> None:
    """By its hash, and by what it is."""
    with pytest.raises(NotSayable, match="hash"):
        unpacked(package(("app.py", b"")), sha256(b"other"), *HANDLER)
    with pytest.raises(NotSayable, match="cannot be unpacked"):
        opened(b"no archive")
    with pytest.raises(NotSayable, match="cannot be unpacked"):
        opened(package(("app.py", b"text" * 100))[:-30])


def test_a_handler_that_no_file_holds_is_refused() -> None:
    """It stands in a layer, or the function does not work."""
    with pytest.raises(NotSayable, match="handler"):
        opened(package(("other.py", b"")))


@pytest.mark.parametrize(
    ("handler", "runtime", "file"),
    [
        ("app.main", "python3.13", "app.py"),
        ("pkg.app.main", "python3.13", "pkg/app.py"),
        ("pkg.main", "python3.13", "pkg/__init__.py"),
        ("src/index.handler", "nodejs22.x", "src/index.mjs"),
        ("app.main", "ruby3.3", "app.rb"),
        ("com.acme.App::handle", "java21", "com/acme/App.class"),
    ],
)
def test_a_package_needs_the_file_of_its_handler(tmp_path: Path, handler: str, runtime: str, file: str) -> None:
    """Each runtime finds it in its own way; of those that search for classes only the runtime can tell."""
    write_new({tmp_path / "other" / "x.txt": b""}, tmp_path)
    if runtime.startswith("java"):
        assert pack(tmp_path, handler, runtime).handler == handler
    else:
        with pytest.raises(FileNotFoundError):
            pack(tmp_path, handler, runtime)
    write_new({tmp_path / file: b""}, tmp_path)
    assert pack(tmp_path, handler, runtime).handler == handler
