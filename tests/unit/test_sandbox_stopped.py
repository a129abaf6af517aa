"""A sandbox that stops: whoever still calls it is told, with the line to type."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sbctl.commands.sandbox_server import OF_SANDBOX, still_called
from sbctl.core.problem import Exit

ENDPOINT = "http://127.0.0.1:45521"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Where a sandbox left its note."""
    (tmp_path / "sandbox.json").write_text(json.dumps({"endpoint": ENDPOINT}), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("called", [ENDPOINT, f"{ENDPOINT}/"])
def test_a_terminal_that_leads_to_it_is_told_how_to_leave(place: Path, called: str) -> None:
    """A note and no failure: every variable that keeps the terminal from AWS is in the line."""
    found = still_called(place, {"AWS_ENDPOINT_URL": called})
    assert found is not None
    assert (found.exit, found.fix) == (Exit.DONE, f"unset {' '.join(OF_SANDBOX)}")
    assert {"AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SESSION_TOKEN", "SBCTL_RESOLVER"} <= {*OF_SANDBOX}


@pytest.mark.parametrize("variables", [{}, {"AWS_ENDPOINT_URL": ""}, {"AWS_ENDPOINT_URL": "http://127.0.0.1:1"}])
def test_others_are_told_nothing(place: Path, variables: dict[str, str]) -> None:
    """Nobody who calls AWS, or another endpoint, is bothered."""
    assert still_called(place, variables) is None


def test_without_a_note_nothing_is_told(tmp_path: Path) -> None:
    """No sandbox was started from this folder."""
    assert still_called(tmp_path, {"AWS_ENDPOINT_URL": ENDPOINT}) is None
    assert still_called(tmp_path, {}) is None
