"""A sandbox that stops: whoever still calls it is told, with the line to type."""

from __future__ import annotations

import pytest

from sbctl.core.problem import Exit
from sbctl.local_sandbox import OF_SANDBOX, still_called

NOTE = {"endpoint": "http://127.0.0.1:45521", "pid": 4711}


@pytest.mark.parametrize("called", [NOTE["endpoint"], f"{NOTE['endpoint']}/"])
def test_a_terminal_that_leads_to_it_is_told_how_to_leave(called: str) -> None:
    """A note and no failure: every variable that keeps the terminal from AWS is in the line."""
    found = still_called(NOTE, {"AWS_ENDPOINT_URL": called})
    assert found is not None
    assert (found.exit, found.fix) == (Exit.DONE, f"unset {' '.join(OF_SANDBOX)}")
    assert {"AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SESSION_TOKEN", "SBCTL_RESOLVER"} <= {*OF_SANDBOX}


@pytest.mark.parametrize("variables", [{}, {"AWS_ENDPOINT_URL": ""}, {"AWS_ENDPOINT_URL": "http://127.0.0.1:1"}])
@pytest.mark.parametrize("note", [NOTE, {}])
def test_others_are_told_nothing(note: dict[str, object], variables: dict[str, str]) -> None:
    """Nobody who calls AWS or another endpoint is told, whether a sandbox runs or not."""
    assert still_called(note, variables) is None
