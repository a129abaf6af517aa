"""How a plan is shown: what differs, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime
from io import StringIO

import pytest
from rich.console import Console

from sbctl.core.kinds.value_paths import leaves
from sbctl.core.plan import ENDINGS, FieldChange, Plan, Step
from sbctl.ui.console import THEME
from sbctl.ui.draw.plan import MANY, draw_plan


def test_a_change_of_a_map_shows_the_keys_that_differ() -> None:
    """Of two maps only the keys with different values are shown, however deep."""
    before = {"a": 1, "b": {"c": 2, "d": 3}, "e": 4}
    after = {"a": 1, "b": {"c": 2, "d": 5}, "f": 6}
    assert list(leaves("env", before, after)) == [("env.b.d", 3, 5), ("env.e", 4, None), ("env.f", None, 6)]


def test_a_reference_is_one_value() -> None:
    """A value that is known only after apply is not taken apart."""
    after = {"$unknown": "box.us-east-1.a#id"}
    assert list(leaves("box", {"x": 1}, after)) == [("box", {"x": 1}, after)]
    assert list(leaves("box", None, {"x": 1})) == [("box", None, {"x": 1})]


def test_named_items_of_a_list_are_compared_by_name() -> None:
    """A rule that was added and one whose field changed are shown, the rest is not."""
    before = [{"id": "a", "on": True}, {"id": "b", "on": True}]
    after = [{"id": "b", "on": False}, {"id": "a", "on": True}, {"id": "c", "on": True}]
    assert list(leaves("rules", before, after)) == [
        ("rules.b.on", True, False),
        ("rules.c", None, {"id": "c", "on": True}),
    ]


def test_plain_items_of_a_list_come_and_go() -> None:
    """Of plain values those that only one side has are shown; a mere change of order shows both lists."""
    assert list(leaves("r", ["a", "b"], ["b", "c"])) == [("r", "a", None), ("r", None, "c")]
    assert list(leaves("r", ["a", "b"], ["b", "a"])) == [("r", ["a", "b"], ["b", "a"])]


def test_nameless_items_are_compared_in_order() -> None:
    """Maps without a name are paired as they stand, where as many went as came."""
    before = [{"type": "text", "x": 0}, {"type": "metric", "x": 1}]
    after = [{"type": "text", "x": 0}, {"type": "metric", "x": 6}]
    assert list(leaves("widgets", before, after)) == [("widgets[1].x", 1, 6)]


def test_lists_in_lists_are_taken_apart() -> None:
    """Rows of metrics are long, and differ in one word."""
    row = ["AWS/Connect", "QueueSize", "QueueName"]
    assert list(leaves("m", [[*row, "a"], ["x"]], [[*row, "b"], ["x"]])) == [("m[0]", "a", None), ("m[0]", None, "b")]


def test_what_is_disabled_instead_of_deleted_is_named_among_many() -> None:
    """A count would say that it is deleted."""
    steps = [
        Step(address=f"a.us-east-1.{number}", action="delete", reason="no longer wanted") for number in range(MANY)
    ]
    steps.append(Step(address="status.us-east-1.lunch", action="delete", reason=ENDINGS["disabled"][1]))
    plan = Plan(
        made_at=datetime(2026, 1, 1, tzinfo=UTC),
        lineage="l",
        serial=1,
        account="123456789012",
        project="p",
        config_digest="d",
        regions=("us-east-1",),
        steps=tuple(steps),
    )
    console = Console(width=120, record=True, theme=THEME)
    draw_plan(console, plan)
    shown = console.export_text()
    assert "status.us-east-1.lunch  (no longer wanted; AWS cannot delete it, so sbctl disables it)" in shown
    assert "a.us-east-1.3" not in shown


def test_a_region_that_was_read_in_part_is_not_called_unread() -> None:
    """A replica that hangs on the lost region's table is not read; the rest of its own region is, and is planned."""
    plan = Plan(
        made_at=datetime(2026, 1, 1, tzinfo=UTC),
        lineage="l",
        serial=1,
        account="1",
        project="p",
        config_digest="d",
        regions=("us-east-1", "us-west-2"),
        steps=(Step(address="queue.us-west-2.sales", action="none"),),
        unread=("us-east-1", "us-west-2"),
    )
    console = Console(theme=THEME, record=True, width=80)
    draw_plan(console, plan)
    shown = console.export_text()
    assert "? us-east-1: not read; nothing is planned there" in shown
    assert "? us-west-2: read in part; nothing is planned for the rest" in shown


def test_long_items_of_a_list_show_where_they_differ() -> None:
    """Each beside what came in its stead."""
    long = "arn:aws:connect:us-east-1:123456789012:instance/11111111-2222-3333-4444-555555555555/queue/"
    change = FieldChange(field="queues", before=[f"{long}old", "x"], after=["x", f"{long}new"], why="config")
    assert "/queue/old  [config]" in (shown := drawn(change, 80))
    assert "/queue/new  [config]" in shown


@pytest.mark.parametrize("width", [60, 80, 120])
def test_long_values_show_where_they_differ(width: int) -> None:
    """Of two values that begin alike, the end is what a reader wants."""
    long = "arn:aws:connect:us-east-1:123456789012:instance/11111111-2222-3333-4444-555555555555/queue/"
    change = FieldChange(field="environment.QUEUE_ARN", before=f"{long}old-1", after=f"{long}new-2", why="config")
    shown = drawn(change, width)
    assert "old-1 → " in shown
    assert "new-2  [config]" in shown


def drawn(change: FieldChange, width: int, *, terminal: bool | None = None) -> str:
    """A plan with one change, on a screen of this width."""
    step = Step(address="lambda_function.us-east-1.route", action="update", changes=(change,))
    console = Console(width=width, theme=THEME, record=True, file=StringIO(), force_terminal=terminal)
    plan = Plan(
        made_at=datetime(2026, 1, 1, tzinfo=UTC),
        lineage="l",
        serial=1,
        account="1",
        project="p",
        config_digest="d",
        regions=("us-east-1",),
        steps=(step,),
    )
    draw_plan(console, plan)
    return console.export_text()


@pytest.mark.parametrize("terminal", [True, False])
def test_a_sentence_is_broken_between_words_on_a_terminal_alone(terminal: bool) -> None:
    """A word that is cut at the edge is hard to read; a pipe gets the whole line."""
    note = 'block play-1: callers hear "Hello from our EU-West-2 sales center." instead of "Welcome to our centre."'
    change = FieldChange(field="content", before="a", after="b", why="config", notes=(note,))
    lines = drawn(change, 80, terminal=terminal).splitlines()
    told = [line for line in lines if line.startswith("      ")]
    assert " ".join(line.strip() for line in told) == note
    assert len(told) == (2 if terminal else 1)
    assert all(len(line) <= 80 for line in told) == terminal
