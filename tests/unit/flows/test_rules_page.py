"""The reference of rules is current, and every rule that the code names is in it."""

from __future__ import annotations

import re
from pathlib import Path

from sbctl.flows.lint.rules import rules
from tests.unit.flows.rules_page import PAGE, page

LINT = Path(__file__).parents[3] / "sbctl" / "flows" / "lint"
NAMED = re.compile(r'(?:Finding|finding|_of_flow)\(\s*(?:\w+,\s*)?"([a-z]+(?:-[a-z]+)*)"')


def test_the_page_of_rules_is_current() -> None:
    """`python -m tests.unit.flows.rules_page` writes it."""
    assert PAGE.read_text(encoding="utf-8") == page()


def test_every_rule_that_the_code_names_is_known() -> None:
    """Else it could not be ignored."""
    named = {name for path in LINT.rglob("*.py") for name in NAMED.findall(path.read_text(encoding="utf-8"))}
    assert named
    assert named - {"error", "warning"} - set(rules()) == set()
