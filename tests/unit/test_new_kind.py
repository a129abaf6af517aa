"""`make new-kind`: what it writes is a kind and a part of the sandbox, and nothing that was there is lost."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest

from sbctl.core.kinds.resource import Kind
from sbctl.sandbox.connect.part import ConnectPart
from tests.conformance.test_facts import SHELF, unstated
from tests.new_kind.write import Refused, free_rank, write_kind

NAME = "connect_quick_connect"
FILES = (
    f"sbctl/resources/{NAME}.py",
    "sbctl/sandbox/connect/routing/quick_connects.py",
    f"tests/unit/resources/connect/test_{NAME}.py",
    f"tests/sandbox/test_{NAME}s.py",
)


def loaded(path: Path) -> Any:
    """The module of a file, outside of any package."""
    spec = importlib.util.spec_from_file_location(f"written_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # where pydantic looks names up
    try:
        spec.loader.exec_module(module)
    finally:
        del sys.modules[spec.name]
    return module


def test_both_files_and_their_tests_are_written(tmp_path: Path) -> None:
    """Each compiles; the kind states every fact, with a rank of its own and with AWS's words."""
    assert [path.relative_to(tmp_path).as_posix() for path in write_kind(tmp_path, NAME)] == list(FILES)
    for name in FILES:
        compile((tmp_path / name).read_text(encoding="utf-8"), name, "exec")
    kind: Kind[Any, Any] = loaded(tmp_path / FILES[0]).RESOURCE
    assert unstated(type(kind)) == []
    assert (kind.name, kind.section, kind.title) == (NAME, "quickConnects", "quick connect")
    assert kind.impact_rank not in {other.impact_rank for other in SHELF.values() if other.name != NAME}
    assert {"connect:SearchQuickConnects", "connect:DeleteQuickConnect"} <= kind.calls


def test_what_is_written_for_the_sandbox_answers_what_the_kind_calls(tmp_path: Path) -> None:
    """Its part has each operation but those on tags, which all parts share, and states a quota."""
    write_kind(tmp_path, NAME)
    kind: Kind[Any, Any] = loaded(tmp_path / FILES[0]).RESOURCE
    module = loaded(tmp_path / FILES[1])
    assert isinstance(module.PART, ConnectPart)
    assert module.PART.quotas.keys() == {module.KIND}
    answered = {f"connect:{name}" for name in module.QuickConnects(None).operations()}
    assert kind.calls - answered == {"connect:TagResource", "connect:UntagResource"}


def test_the_kind_that_was_tried_first_would_be_refused(tmp_path: Path) -> None:
    """Its word in AWS's operations is longer than its name, and has to be named."""
    with pytest.raises(Refused, match="--noun"):
        write_kind(tmp_path, "connect_hours_override")
    assert write_kind(tmp_path, "connect_hours_override", "HoursOfOperationOverride")


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("queue", "no name"),
        ("connect_Queue", "no name"),
        ("../connect_x", "no name"),
        ("connect_agent_status", "Delete"),
    ],
)
def test_a_name_that_makes_no_kind_is_refused(tmp_path: Path, name: str, why: str) -> None:
    """With the reason, and without a file."""
    with pytest.raises(Refused, match=why):
        write_kind(tmp_path, name)
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """One file that is there keeps all of them from being written."""
    there = tmp_path / FILES[1]
    there.parent.mkdir(parents=True)
    there.write_text("mine", encoding="utf-8")
    with pytest.raises(Refused, match="quick_connects"):
        write_kind(tmp_path, NAME)
    assert there.read_text(encoding="utf-8") == "mine"
    assert not (tmp_path / FILES[0]).exists()


def test_there_is_a_free_rank() -> None:
    """For the next kind too."""
    assert free_rank() not in {kind.impact_rank for kind in SHELF.values()}
