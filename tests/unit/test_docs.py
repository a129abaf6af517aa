"""The documentation holds: links lead somewhere, pages that the code names exist, and examples run."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import pytest

from sbctl.commands.deploy.plan_json import plan_data
from sbctl.core.kinds.discover import discover
from sbctl.core.plan import Plan
from sbctl.core.problem import EXITS, Problem
from sbctl.core.report import Report
from sbctl.desired.load import load_project
from sbctl.flows.builder import FlowBuilder
from sbctl.flows.lint.refusals import refusals
from sbctl.main import COMMANDS, cli
from tests.unit.flows.loading import load_flows

ROOT = Path(__file__).parents[2]
PAGES = sorted(path for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("state/*.md")])
JSON_PAGE = ROOT / "docs/reference/json-output.md"
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


def test_facts_of_aws_that_the_code_cites_are_told() -> None:
    """`connect-api 2.3` and `dr-primitives 1.3` are sections of docs/explanation, and no section is cited by nothing."""
    cited = {
        found
        for path in ROOT.glob("sbctl/**/*.py")
        for found in re.findall(r"(connect-api|dr-primitives) (\d(?:\.\d)?)", path.read_text(encoding="utf-8"))
    }
    told = {
        (page.stem, number)
        for page in (ROOT / "docs/explanation").glob("*.md")
        for number in re.findall(r"^## (\d(?:\.\d)?) ", page.read_text(encoding="utf-8"), re.M)
    }
    named = {("connect-api", "7.3"), ("connect-api", "8")}  # in "7.2 to 7.4", and in "7 and 8"
    assert cited | named == told


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
    assert [problem for flow in flows.values() for problem in refusals(flow)] == []


def test_the_how_to_names_every_block() -> None:
    """Whoever writes a flow finds on the page every block that the builder has, and none that it has not."""
    text = HOW_TO.read_text(encoding="utf-8")
    (table,) = re.findall(r"\| to \| blocks \|\n(.*?)\n\n", text, re.S)
    blocks = {name for name in vars(FlowBuilder) if not name.startswith("_")} - {"build"}
    assert set(re.findall(r"`(\w+)`", table)) == blocks


def test_the_region_of_the_how_to_can_be_added(tmp_path: Path) -> None:
    """The line on the page, put into the config as it stands, gives a sound project over four regions."""
    (line,) = re.findall(r"```json\n(.*?)```", (ROOT / "docs/how-to/add-a-region.md").read_text(encoding="utf-8"), re.S)
    config = json.loads((ROOT / "config/regions.json").read_text(encoding="utf-8"))
    config["regions"].append(json.loads(line))
    (tmp_path / "regions.json").write_text(json.dumps(config), encoding="utf-8")
    (tmp_path / "failover-rules.json").write_text((ROOT / "config/failover-rules.json").read_text(encoding="utf-8"))
    kinds = tuple(discover("sbctl.resources", "RESOURCE").values())
    loaded = load_project(tmp_path, kinds, ROOT / "flows", ROOT / "lambdas")
    assert "connect_queue.eu-central-1.sales" in {str(desired.address) for desired in loaded.desired}


def examples_of_json() -> list[Any]:
    """The examples of the JSON page."""
    text = JSON_PAGE.read_text(encoding="utf-8")
    return [json.loads(example) for example in re.findall(r"```json\n(.*?)```", text, re.S)]


def test_the_examples_of_the_json_page_have_the_promised_form() -> None:
    """Every example parses, and envelopes, plans and problems have exactly the members that the code writes."""
    envelopes = [example for example in examples_of_json() if "schema" in example]
    written = Report(command="x", problems=(Problem(code="a", summary="b"),)).as_json()
    assert envelopes
    for envelope in envelopes:
        assert list(envelope) == list(written)
        assert all(list(problem) == list(written["problems"][0]) for problem in envelope["problems"])
        if envelope["data"]:
            when = datetime(2026, 1, 1, tzinfo=UTC)
            plan = Plan(
                made_at=when, lineage="", serial=0, account="", project="", config_digest="", regions=("us-east-1",)
            )
            assert list(envelope["data"]) == list(plan_data(plan, {}, 0))


def test_the_json_page_has_every_command() -> None:
    """What is printed by a command that the page does not name is promised to nobody."""
    text = JSON_PAGE.read_text(encoding="utf-8")
    said = {word for row in re.findall(r"^\| (`.*?) \|", text, re.M) for word in re.findall(r"`([^`]+)`", row)}
    said |= {word for row in re.findall(r"^## (.*)$", text, re.M) for word in row.split(", ")}
    assert [name for name in commands() if name not in said] == []


def commands() -> list[str]:
    """Every command that gives data, by its words; those that each kind has with KIND for its noun."""
    found = [name for top in COMMANDS if top not in ("completion", "help") for name in _below(top, _of(cli, top))]
    of_queues = _below("KIND", _of(cli, "queue"))
    own = [name for name in _below("flow", _of(cli, "flow")) if name.replace("flow", "KIND") not in of_queues]
    return [*found, *of_queues, *own]


def _of(group: click.Group, name: str) -> click.Command:
    found = group.get_command(click.Context(group), name)
    assert found is not None
    return found


def _below(name: str, command: click.Command) -> list[str]:
    if not isinstance(command, click.Group):
        return [name]
    inner = command.list_commands(click.Context(command))
    return [found for part in inner for found in _below(f"{name} {part}", _of(command, part))]
