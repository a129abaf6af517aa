"""The table of actions is whole, and its page says what it says."""

from __future__ import annotations

from pathlib import Path

from sbctl.sandbox.connect.flow_language.accepted import actions as accepted
from sbctl.sandbox.connect.running.action_page import page
from sbctl.sandbox.connect.running.table import ACTIONS
from tests.real_flows.samples import SAMPLES

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "flow-actions.md"
OPTIONAL = ("Authenticate", "Case", "Contact", "Customer", "DataTable", "Email", "Message", "Voice", "Wisdom")
"""Words in the names of what need not be run: identity, cases, e-mail, profiles, tables, templates, Voice ID, the assistant."""


def test_the_page_is_current() -> None:
    """When this fails, run `make coverage`."""
    assert PAGE.read_text(encoding="utf-8") == page()


def test_the_table_has_every_type() -> None:
    """It covers the types that the sandbox accepts and those of which there are samples: 68."""
    assert len(ACTIONS) == 68
    assert ACTIONS.keys() == accepted().keys() == SAMPLES.keys()


def test_little_is_not_run() -> None:
    """What is not run is of a service that the sandbox has not; each says why."""
    left_out = {name: one.note for name, one in ACTIONS.items() if one.how == "not run"}
    assert [name for name in left_out if not any(word in name for word in OPTIONAL)] == []
    assert all(left_out.values())
