"""Steps of one's own in the kit: written by deploys, read back whole, and no trouble to kits without them."""

from __future__ import annotations

import json

from sbctl.core.moving.own_steps import OwnStep
from sbctl.core.moving.rules import Rules
from sbctl.failover.decision.not_moved import not_moved
from sbctl.failover.decision.request import FailoverRequest
from sbctl.failover.kit.kit import FORMAT, WITHOUT_STEPS, read_kit
from tests.unit.failover.scenes import EAST, WEST, kit

STEP = {"name": "carrier", "after": "signal", "lambda": "example-reroute", "undo": {"command": ["./undo"]}}


def test_a_kit_with_steps_is_read_back_whole() -> None:
    """The text is JSON of format 2, and gives the same kit."""
    made = kit(rules=Rules(steps=[OwnStep.model_validate(STEP)]), format=FORMAT)
    assert read_kit(made.as_text(), "here") == made


def test_a_kit_without_steps_is_as_before() -> None:
    """It names no steps, so that an earlier sbctl reads it; a kit of before is read."""
    text = kit().as_text()
    assert "steps" not in json.loads(text)["rules"]
    assert json.loads(text)["format"] == WITHOUT_STEPS
    assert read_kit(text, "here").rules.steps == []


def test_what_re_routes_numbers_is_named() -> None:
    """Numbers that a step of one's own re-routes are not told to be left to the operator; in a drill without it they are."""
    step = OwnStep.model_validate({**STEP, "movesNumbers": True, "drills": False})
    made = kit(rules=Rules(steps=[step]), format=FORMAT)
    order = FailoverRequest(target=WEST, source=EAST, mode="forced")
    [row] = [one for one in not_moved(made, order, EAST) if one.what == "telephone numbers"]
    assert "carrier" in row.state
    rehearsed = order.model_copy(update={"drill": "drill-1"})
    [row] = [one for one in not_moved(made, rehearsed, EAST) if one.what == "telephone numbers"]
    assert "DNS routes no calls" in row.state
