"""A plan as Markdown: what a reviewer reads in a pull request, whatever AWS or the config hold."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner
from markdown_it import MarkdownIt

from sbctl.core.plan import FieldChange, Plan, Step
from sbctl.core.problem import Exit, Problem
from sbctl.main import cli
from sbctl.ui.page.plan_markdown import plan_markdown

QUEUE = "connect_queue.us-east-1.sales"
NOTE = Problem(code="note", summary="A note", detail="*this* <b>", at=QUEUE, fix="sbctl status", exit=Exit.DONE)


def plan(*steps: Step, unread: tuple[str, ...] = ()) -> Plan:
    return Plan(
        project="p", account="1" * 12, lineage="l", serial=1, config_digest="d", made_at=datetime(2026, 1, 1, tzinfo=UTC),
        regions=("us-east-1",), steps=steps, unread=unread,
    )  # fmt: skip


def cells(text: str) -> list[list[str]]:
    """The rows of its tables, as a reader of Markdown sees them."""
    rows: list[list[str]] = []
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline" and rows and token.level >= 4:
            rows[-1].append("".join(child.content for child in token.children or ()))
    return rows


def test_each_change_is_a_row_with_its_fields() -> None:
    """Creations by their address, changes with before and after."""
    change = FieldChange(field="max_contacts", before=100, after=50)
    steps = (Step(address=QUEUE, action="update", changes=(change,)), Step(address="bucket.global.b", action="create"))
    text = plan_markdown(plan(*steps), ())
    assert text.splitlines()[0] == "### Plan: 1 to create, 1 to update, 0 unchanged"
    assert cells(text)[1:] == [["+ create", "bucket.global.b", ""], ["~ update", QUEUE, "max_contacts: 100 → 50"]]


@pytest.mark.parametrize("held", ["a|b", "`rm`", "<script>", "line\nend", "\\|", "| x |"])
def test_what_is_held_steers_nothing(held: str) -> None:
    """It is one cell of one row, as text."""
    change = FieldChange(field="description", before="", after=held)
    rows = cells(plan_markdown(plan(Step(address=QUEUE, action="update", changes=(change,))), ()))
    assert [len(row) for row in rows] == [3, 3]
    assert "description" in rows[1][2]


def test_many_creations_are_counted() -> None:
    """A first deploy is no list of hundreds."""
    steps = [Step(address=f"connect_queue.us-east-1.q{number}", action="create") for number in range(41)]
    assert cells(plan_markdown(plan(*steps), ()))[1:] == [["+ create", "41 of connect_queue in us-east-1", ""]]


def test_notes_and_regions_that_were_not_read_are_told() -> None:
    """What a reviewer has to know beside the plan, as plain text."""
    text = plan_markdown(plan(unread=("us-west-2",)), (NOTE,))
    assert text.startswith("### No differences: 0 resources\n")
    assert "Not read, or in part: `us-west-2`." in text
    assert "**Note: A note** (`connect_queue.us-east-1.sales`): \\*this\\* \\<b\\>" in text
    assert "`sbctl status`" in text


def test_other_commands_have_no_markdown() -> None:
    """Refused, with the reason."""
    done = CliRunner().invoke(cli, ["status", "--output", "markdown"])
    assert done.exit_code == 2
    assert "plan" in done.output
    assert json.loads(CliRunner().invoke(cli, ["explain", "3", "-o", "json"]).stdout)["exit"] == 0
