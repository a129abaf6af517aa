"""What users give as a file is read when it is a regular file of a sane size, and never waited for."""

from __future__ import annotations

import ast
import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from sbctl.core.problem import SbctlError
from sbctl.cost.prices import read_prices
from sbctl.cost.usage import read_usage
from sbctl.desired.files.packages import pack
from sbctl.desired.files.recordings import NotAudio, audio
from sbctl.endpoints import noted
from sbctl.files.positions import read_json
from sbctl.files.regular import NotRegular, TooLarge, read_regular, read_text
from sbctl.store.files.atomic import read_bytes
from sbctl.store.plans import read_plan
from sbctl.store.readings import ReadingCache
from tests.unit.flows.loading import load_flows

SBCTL = Path(__file__).parents[3] / "sbctl"
READS = {"read_text", "read_bytes", "open"}
OWN = {
    "files/regular.py",  # the reader
    "desired/starter.py",  # files of the installed package
    "cost/prices.py",  # the packaged prices
    "flows/language/facts.py",  # the packaged facts
    "store/locks/process.py",  # /proc
    "store/files/lines.py",  # a file that its own reader has looked at
    "ui/streams.py",  # the null device
}
"""Files that may open files by themselves."""


def test_files_are_read_in_one_place() -> None:
    """Whoever reads a file of a user's does it through `sbctl.files`."""
    found = []
    for path in SBCTL.rglob("*.py"):
        place = path.relative_to(SBCTL).as_posix()
        if place in OWN or place.startswith("sandbox/"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _reads(node.func):
                found.append(f"{place}:{node.lineno} {ast.unparse(node)}")
    assert found == []


def _reads(called: ast.expr) -> bool:
    if isinstance(called, ast.Name):
        return called.id == "open"
    return isinstance(called, ast.Attribute) and (
        called.attr in ("read_text", "read_bytes") or (called.attr == "open" and ast.unparse(called) == "io.open")
    )


def fifo(path: Path) -> None:
    os.mkfifo(path)


def folder(path: Path) -> None:
    path.mkdir()


def unix_socket(path: Path) -> None:
    socket.socket(socket.AF_UNIX).bind(str(path))


def device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(400 * 1024 * 1024)  # a hole: it takes no room


@pytest.mark.parametrize(
    ("make", "why"),
    [(fifo, "a FIFO"), (folder, "a folder"), (unix_socket, "a socket"), (device, "a device")],
)
def test_only_regular_files_are_read(
    make: Callable[[Path], None], why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # the path of a socket is short
    make(Path("given.json"))
    with pytest.raises(NotRegular, match=why):
        read_regular(Path("given.json"))


def test_a_file_without_end_is_not_read(tmp_path: Path) -> None:
    huge(tmp_path / "given.json")
    with pytest.raises(TooLarge, match=r"400\.0 MiB"):
        read_regular(tmp_path / "given.json")


def test_line_ends_and_the_mark_of_an_editor_are_no_content(tmp_path: Path) -> None:
    (tmp_path / "given.json").write_bytes("\ufeff{\r\n}\r".encode())
    assert read_text(tmp_path / "given.json") == "{\n}\n"


@pytest.mark.parametrize("make", [fifo, folder, huge])
@pytest.mark.parametrize(
    "read",
    [
        read_json,
        read_plan,
        read_prices,
        lambda path: read_usage(str(path), {}),
        lambda path: load_flows(path.parent),
        audio,
    ],
    ids=["config", "plan", "prices", "usage", "flow", "audio"],
)
def test_each_reader_names_the_file(
    read: Callable[[Path], object], make: Callable[[Path], None], tmp_path: Path
) -> None:
    path = tmp_path / "given.json"
    make(path)
    with pytest.raises((SbctlError, NotAudio)) as caught:
        read(path)
    told = caught.value.problems[0] if isinstance(caught.value, SbctlError) else None
    assert "given.json" in (told.at if told else str(caught.value))
    assert told is None or told.fix


def test_a_python_flow_is_a_file_too(tmp_path: Path) -> None:
    fifo(tmp_path / "flow.py")
    with pytest.raises(SbctlError) as caught:
        load_flows(tmp_path)
    assert "FIFO" in caught.value.problems[0].detail


def test_what_is_only_a_cache_counts_as_empty(tmp_path: Path) -> None:
    fifo(tmp_path / "note.json")
    assert noted(tmp_path / "note.json") == {}
    assert ReadingCache(tmp_path / "note.json").load() == {}


def test_a_state_that_is_no_file_is_told(tmp_path: Path) -> None:
    fifo(tmp_path / "sbctl.json")
    with pytest.raises(SbctlError) as caught:
        read_bytes(tmp_path / "sbctl.json")
    assert "FIFO" in caught.value.problems[0].detail


def test_a_function_with_a_fifo_is_not_packed(tmp_path: Path) -> None:
    source = tmp_path / "lookup"
    source.mkdir()
    (source / "handler.py").write_text("def handler(event, context): ...\n", encoding="utf-8")
    fifo(source / "pipe")
    with pytest.raises(OSError, match=r"pipe: it is a FIFO"):
        pack(source)
