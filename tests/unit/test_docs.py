"""The documentation holds: links lead somewhere, pages that the code names exist, and examples run."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from sbctl.core.problem import EXITS
from sbctl.desired.flows.lint import lint_flow
from sbctl.desired.flows.load import load_flows

ROOT = Path(__file__).parents[2]
PAGES = sorted(path for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("state/*.md")])
HOW_TO = ROOT / "docs/how-to/write-a-flow.md"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    """Every relative link of a page names a file of the project."""
    links = re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_pages_that_the_code_names_exist() -> None:
    """A docstring or message that sends people to docs/ sends them to a page."""
    named = {
        name
        for path in ROOT.glob("sbctl/**/*.py")
        for name in re.findall(r"(?<![\w.\-/])docs/[\w/-]+\.md", path.read_text(encoding="utf-8"))
    }
    assert named
    assert [name for name in sorted(named) if not (ROOT / name).is_file()] == []


def test_the_page_of_exit_codes_has_them_all() -> None:
    """The table lists each code with the words that `sbctl explain` uses."""
    rows = re.findall(
        r"^\| (\d+) \| ([^|]+) \|", (ROOT / "docs/reference/exit-codes.md").read_text(encoding="utf-8"), re.M
    )
    assert [(int(code), meaning.strip()) for code, meaning in rows] == [
        (int(e), text) for e, (text, _) in EXITS.items()
    ]


def test_the_flows_of_the_how_to_are_sound(tmp_path: Path) -> None:
    """Both examples, as they stand on the page, load and pass the lint."""
    text = HOW_TO.read_text(encoding="utf-8")
    (python,) = re.findall(r"```python\n(.*?)```", text, re.S)
    (console,) = re.findall(r"```json\n(.*?)```", text, re.S)
    (tmp_path / "billing.py").write_text(python, encoding="utf-8")
    (tmp_path / "Goodbye.json").write_text(console, encoding="utf-8")
    flows = load_flows(tmp_path)
    assert sorted(flows) == ["Billing", "Goodbye"]
    assert [problem for flow in flows.values() for problem in lint_flow(flow)] == []


def test_the_envelope_of_the_page_is_json() -> None:
    """The example of the JSON page parses and has the members of the contract."""
    text = (ROOT / "docs/reference/json-output.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```json\n(.*?)```", text, re.S)
    assert list(json.loads(example)) == ["schema", "command", "status", "exit", "data", "problems"]
