"""The same sources are the same project on every checkout and every system."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sbctl.desired.files.packages import pack
from sbctl.desired.load import load_project
from tests.unit.desired.conftest import FLOW, Folder
from tests.unit.desired.kinds import KINDS

CODE = "import json\n\ndef handler(event, context):\n    return json.dumps(event)\n"
FOREIGN = (
    ".DS_Store", "._handler.py", ".handler.py.swp", ".#handler.py", "handler.py~", "#handler.py#", "handler.py.swp", "Thumbs.db",
    "desktop.ini", "handler.py.bak", "handler.py.orig", "__pycache__/handler.cpython-313.pyc", "__MACOSX/._handler.py",
)  # fmt: skip


def source(folder: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        path = folder / "lookup" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder / "lookup"


def digest(folder: Path, files: dict[str, bytes]) -> str:
    return pack(source(folder, files)).sha256


@pytest.mark.parametrize("name", FOREIGN)
def test_what_systems_and_editors_leave_is_not_packed(name: str, tmp_path: Path) -> None:
    clean = digest(tmp_path / "a", {"handler.py": CODE.encode()})
    assert digest(tmp_path / "b", {"handler.py": CODE.encode(), name: b"\0of another file"}) == clean


def test_line_ends_of_a_checkout_do_not_matter(tmp_path: Path) -> None:
    files = {"handler.py": CODE, "data/names.csv": "a,b\nc,d\n", "umlaut.txt": "Müller\n営業\n"}
    here = digest(tmp_path / "a", {name: text.encode() for name, text in files.items()})
    there = digest(tmp_path / "b", {name: text.replace("\n", "\r\n").encode() for name, text in files.items()})
    assert here == there


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n\0\r\n", b"old\rmac\r\nlines"])
def test_what_is_no_text_stays_as_it_is(content: bytes, tmp_path: Path) -> None:
    plain = {"handler.py": CODE.encode()}
    changed = content.replace(b"\r\n", b"\n")
    assert digest(tmp_path / "a", {**plain, "a.bin": content}) != digest(tmp_path / "b", {**plain, "a.bin": changed})


def test_a_backup_without_its_file_is_a_file(tmp_path: Path) -> None:
    plain = {"handler.py": CODE.encode()}
    assert digest(tmp_path / "a", {**plain, "seed.bak": b"x"}) != digest(tmp_path / "b", plain)


@pytest.mark.parametrize(
    "name", ["._AfterHours.json", ".#x.json", ".DS_Store", ".hidden.py", "modules/._Greeting.json"]
)
def test_hidden_files_beside_flows_are_passed_over(name: str, folder: Callable[[], Folder]) -> None:
    project = folder()
    before = project.load().digest
    path = project.root / "flows" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"\0\x05\x16\x07 raise SystemExit")
    assert project.load().digest == before


def test_line_ends_and_marks_of_flows_and_config_do_not_matter(folder: Callable[[], Folder]) -> None:
    project = folder()
    before = project.load().digest
    for path in [*project.root.rglob("*.json")]:
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    root = project.root
    assert load_project(root / "config", KINDS, root / "flows", root / "lambdas").digest == before


def test_a_key_that_stands_twice_in_a_flow_is_told_with_its_line(folder: Callable[[], Folder]) -> None:
    project = folder()
    twice = FLOW.replace('"Metadata": {},', '"Metadata": {},\n  "Metadata": {},')
    (project.root / "flows" / "Twice.json").write_text(twice, encoding="utf-8")
    problem = next(one for one in project.problems() if one.at.endswith("Twice.json:5"))
    assert "'Metadata' stands twice" in problem.detail
