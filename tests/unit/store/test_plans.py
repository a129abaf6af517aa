"""Saved plans come back as they were, and nothing else is taken for one."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from sbctl.core.plan import PLAN_FORMAT, FieldChange, Plan, Step
from sbctl.core.problem import Exit, SbctlError
from sbctl.store.plans import read_plan, save_plan

CHANGE = FieldChange(field="description", before="alt", after="für alle", why="drift", notes=("said",))
STEP = Step(address="connect_queue.us-east-1.sales", action="update", changes=(CHANGE,), wanted={"name": "Sales"})
PLAN = Plan(
    made_at=datetime(2026, 1, 1, tzinfo=UTC),
    lineage="l",
    serial=3,
    account="123456789012",
    project="acme",
    config_digest="d",
    regions=("us-east-1",),
    steps=(STEP,),
)


def test_a_plan_comes_back_as_it_was(tmp_path: Path) -> None:
    """Saving and reading give an equal plan, in a file that only its owner reads."""
    path = tmp_path / "plan.json"
    save_plan(PLAN, path)
    assert read_plan(path) == PLAN
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[]", "None"),
        (b"{}", "None"),
        (b'{"format": %d}' % (PLAN_FORMAT + 1), str(PLAN_FORMAT + 1)),
        (b'{"format": %d}' % PLAN_FORMAT, "checksum"),
    ],
)
def test_other_files_are_refused(tmp_path: Path, content: bytes, said: str) -> None:
    """What is not a plan of this format is refused as wrong usage, with what is wrong."""
    path = tmp_path / "plan.json"
    path.write_bytes(content)
    with pytest.raises(SbctlError) as caught:
        read_plan(path)
    problem = caught.value.problems[0]
    assert (problem.code, problem.exit) == ("not-a-plan", Exit.USAGE)
    assert said in problem.detail


def test_a_plan_that_was_changed_is_refused(tmp_path: Path) -> None:
    """One value that is another than the one that was shown, and the plan is not applied."""
    path = tmp_path / "plan.json"
    save_plan(PLAN, path)
    path.write_text(path.read_text(encoding="utf-8").replace(PLAN.account, "999999999999"), encoding="utf-8")
    with pytest.raises(SbctlError) as caught:
        read_plan(path)
    assert "checksum" in caught.value.problems[0].detail


def test_a_missing_plan_is_refused(tmp_path: Path) -> None:
    """A file that does not exist is no plan."""
    with pytest.raises(SbctlError) as caught:
        read_plan(tmp_path / "none.json")
    assert caught.value.problems[0].code == "not-a-plan"


def test_a_plan_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    """Saving to a folder's name is a problem, and no temporary file stays."""
    (tmp_path / "plan.json").mkdir()
    with pytest.raises(SbctlError) as caught:
        save_plan(PLAN, tmp_path / "plan.json")
    assert caught.value.problems[0].code == "cannot-write"
    assert [path.name for path in tmp_path.iterdir()] == ["plan.json"]
