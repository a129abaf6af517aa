"""Problems as people read them: a remedy that puts several notes right is told once, after all of them."""

from __future__ import annotations

import pytest

from sbctl.core.problem import Exit, Problem
from sbctl.ui.render import draw_problems

FREE = "Free some space."


def of(code: str, fix: str, leaves: Exit = Exit.DONE) -> Problem:
    """A problem at a file of its own."""
    return Problem(code=code, summary=f"It is {code}", detail="disk full", at=f"state/{code}", fix=fix, exit=leaves)


def drawn(capsys: pytest.CaptureFixture[str], *problems: Problem) -> str:
    """What stderr says."""
    draw_problems(problems)
    return capsys.readouterr().err


def test_notes_of_one_cause_share_their_remedy(capsys: pytest.CaptureFixture[str]) -> None:
    """They stand together, wherever they were met, and each with its own place."""
    said = drawn(capsys, of("unlogged", FREE), of("stale", "sbctl deploy"), of("unkept", FREE))
    assert [line.strip() for line in said.splitlines() if line.strip()] == [
        "Note: It is unlogged", "at   state/unlogged", "why  disk full",
        "Note: It is unkept", "at   state/unkept", "why  disk full",
        f"fix  {FREE}",
        "Note: It is stale", "at   state/stale", "why  disk full",
        "fix  sbctl deploy",
    ]  # fmt: skip


def test_errors_and_notes_without_a_remedy_stand_alone(capsys: pytest.CaptureFixture[str]) -> None:
    """Each error says what puts it right, so that none is looked for elsewhere."""
    said = drawn(capsys, of("a", FREE, Exit.FAILED), of("b", FREE, Exit.FAILED), of("c", ""), of("d", ""))
    assert said.count(f"fix  {FREE}") == 2
    assert "2 problems." in said
    assert "\n\nNote: It is d" in said
