"""Data of people is masked wherever it is shown, and everything else is left as it is."""

from __future__ import annotations

from typing import Any

import pytest

from sbctl.core.plan import FieldChange, Plan, Step
from sbctl.core.problem import Problem
from sbctl.core.report import Report
from sbctl.core.state import Record
from sbctl.core.text.personal import masked, without_emails
from sbctl.resources.content.user_spec import UserSpec
from sbctl.ui.personal import Mask
from sbctl.ui.views import DriftShown

USER = "connect_user.us-east-1.agent-1"
QUEUE = "connect_queue.us-east-1.sales"
MASK = Mask(lambda kind: UserSpec.personal if kind in ("connect_user", "user") else frozenset())


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Ann", "A***"),
        ("\u00c9va Lee", "\u00c9***"),
        ("ann.lee@example.com", "a***@example.com"),
        ("+18005550100", "+1***00"),
        ("", ""),
        ("@", "***@"),
    ],
)
def test_a_masked_value_tells_no_more_than_its_beginning(text: str, shown: str) -> None:
    """Names, addresses and numbers."""
    assert masked(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("ann@example.com exists", "a***@example.com exists"),
        ("a+b.c@mail.example.co.uk, d@example.org.", "a***@mail.example.co.uk, d***@example.org."),
        ("assumed-role/Admin/ann@example.com", "assumed-role/Admin/ann@example.com"),
        ("s3://bucket@eu-west-2/prefix", "s3://bucket@eu-west-2/prefix"),
        ("ann@host", "ann@host"),
    ],
)
def test_addresses_in_a_text_are_masked_but_for_an_operators(text: str, shown: str) -> None:
    """An operator's session in an ARN is needed to see who did it."""
    assert without_emails(text) == shown


def test_a_plan_shows_that_a_name_changes_and_not_to_what() -> None:
    """The plan that is applied or saved is another value and keeps everything."""
    name = FieldChange(field="first_name", before="Ann", after="Beatrice")
    group = FieldChange(field="routing_profile", before="r1", after="r2")
    queue = FieldChange(field="description", before="ask ann@example.com", after="x")
    steps = (
        Step(address=USER, action="update", changes=(name, group), wanted={"first_name": "Beatrice"}),
        Step(address=QUEUE, action="update", changes=(queue,)),
    )
    common: dict[str, Any] = {"lineage": "l", "serial": 1, "account": "1", "project": "p", "config_digest": "d"}
    plan = Plan(made_at="2026-01-01T00:00:00Z", regions=(), steps=steps, **common)  # type: ignore[arg-type]
    shown = MASK.view(plan)
    assert [(one.before, one.after) for one in shown.steps[0].changes] == [("A***", "B***"), ("r1", "r2")]
    assert shown.steps[1] == plan.steps[1]
    assert plan.steps[0].changes[0].after == "Beatrice"


def test_json_is_masked_by_the_address_that_a_part_is_about() -> None:
    """Values of specs, of one field, and of files; the same fields of other kinds stay."""
    data: dict[str, Any] = {
        "items": [
            {"address": USER, "wanted": {"first_name": "Ann", "tags": {"team": "a"}, "name": "ann@example.com"}},
            {"address": QUEUE, "wanted": {"first_name": "Ann"}},
        ],
        "drifted": [{"address": USER, "field": "email", "live": "x@example.com", "wanted": None, "why": "only people"}],
        "accepted": [
            {"at": "regions.json:3", "path": "users[0].lastName", "before": "A", "after": "B", "addresses": [USER]}
        ],
        "left": [{"kind": "user", "name": "ann@example.com", "why": "it refers to x"}],
    }
    shown = MASK.report(Report(command="x", data=data, view=DriftShown(data)))
    first, second = shown.data["items"]
    assert first["wanted"] == {"first_name": "A***", "tags": {"team": "a"}, "name": "a***@example.com"}
    assert second == data["items"][1]
    assert shown.data["drifted"][0]["live"] == "x***@example.com"
    assert (shown.data["accepted"][0]["before"], shown.data["accepted"][0]["after"]) == ("A***", "B***")
    assert shown.data["left"][0]["name"] == "a***@example.com"
    assert shown.view.data == shown.data


def test_records_and_problems_are_masked() -> None:
    """What the state knows is shown as little as what AWS says."""
    record = Record(address=USER, applied={"first_name": "Ann", "desk_phone": "+18005550100", "routing_profile": "r"})
    shown = MASK.view(record)
    assert shown.applied == {"first_name": "A***", "desk_phone": "+1***00", "routing_profile": "r"}
    problem = Problem(code="c", summary="s", detail="user ann@example.com exists", fix="f")
    (told,) = MASK.report(Report(command="x", problems=(problem,))).problems
    assert told.detail == "user a***@example.com exists"
