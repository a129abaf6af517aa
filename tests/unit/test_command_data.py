"""What checks tell of a world that is not as it should be has the form of its schema; a sound world has none of it."""

from __future__ import annotations

from datetime import UTC, datetime

from sbctl.checks.quotas import Allowed
from sbctl.checks.severity import UNKNOWN
from sbctl.commands.checks.drift_json import drift_data
from sbctl.commands.checks.parity_json import parity_data
from sbctl.commands.checks.replication_json import data_of
from sbctl.commands.data.checks import DifferenceTold, DriftRow, ParityTold, ReplicationTold
from sbctl.commands.data.plan import PlanTold
from sbctl.commands.deploy.plan_json import plan_data
from sbctl.core.address import Address
from sbctl.core.kinds.facts import Quota
from sbctl.core.plan import FieldChange, Plan, Step, Why
from sbctl.core.reading import Reading
from sbctl.engine.drift.detect import Drifted, Moved
from sbctl.engine.parity.compare import Cell, Comparison, Difference, Extra
from sbctl.engine.parity.readings import Parity
from sbctl.ui.views import ReplicationShown

NOW = datetime(2026, 3, 1, tzinfo=UTC)
EAST, WEST = "us-east-1", "us-west-2"
QUEUE = Address.parse(f"connect_queue.{WEST}.support")
SILENT = Reading(check="parity", verdict="unknown", at=NOW, target=WEST)
WHYS: tuple[Why, ...] = ("config", "drift", "unknown")
CALLS = {"total": 0, "by_service": {}, "by_region": {}}


def plan(*steps: Step) -> Plan:
    regions = (EAST, WEST)
    return Plan(
        made_at=NOW,
        lineage="",
        serial=0,
        account="",
        project="",
        config_digest="",
        regions=regions,
        steps=steps,
        unread=(WEST,),
    )


def test_parity_with_everything_that_can_be_wrong() -> None:
    """A field that differs, a resource that is missing, one too many, a kind and a quota that are unknown."""
    differences = (
        Difference("differs", QUEUE, WEST, EAST, "max_contacts", 5, 7, "reference"),
        Difference("missing", QUEUE, WEST, EAST),
        Difference("differs", QUEUE, WEST, EAST, "content", {"a": [1]}, None, "both", ("It hangs up.",)),
    )
    comparison = Comparison(
        EAST, (WEST,), (Cell("connect_queue", WEST, 0, 1, 1, 1, "no answer"),), differences,
        (Extra("connect_queue", "Sales", WEST, EAST),),
    )  # fmt: skip
    quota = Allowed(Quota("queues", "connect", "L-1"), WEST, None, "no answer")
    data = parity_data(Parity(comparison, (SILENT,), (quota,), ()), NOW)
    told = {**data, "flow_tests": [], "calls": CALLS, "elapsed_seconds": 0.1}
    assert ParityTold.model_validate(told).as_json() == told
    assert len([DifferenceTold.model_validate(one) for one in data["differences"]]) == 3


def test_drift_of_a_field_and_of_a_whole() -> None:
    """Values are those of AWS: text, number, list, map or nothing."""
    values: tuple[tuple[Moved, object, object], ...] = (
        ("changed", 5, 7),
        ("deleted", None, None),
        ("made anew", ["a"], {"b": None}),
    )
    found = tuple(Drifted(QUEUE, moved, UNKNOWN, "", live, wanted, ("Why.",)) for moved, live, wanted in values)
    for row in drift_data(plan(), found)["drifted"]:
        assert DriftRow.model_validate(row).as_json() == row


def test_replication_that_nobody_could_measure() -> None:
    """No lag, and a reading without a value."""
    data = data_of(ReplicationShown((SILENT,), (), "unknown", 60.0, NOW))
    assert ReplicationTold.model_validate(data).as_json() == data


def test_a_plan_with_changes() -> None:
    """Of each reason, with references that are not known yet."""
    changes = tuple(
        FieldChange(field="hours", before=None, after={"$unknown": "x#id"}, why=why, notes=("a",)) for why in WHYS
    )
    data = plan_data(plan(Step(address=str(QUEUE), action="update", changes=changes)), CALLS, 0.5)
    assert PlanTold.model_validate(data).as_json() == data
