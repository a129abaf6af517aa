"""Steps of one's own in the kit: written by deploys, read back whole, and no trouble to kits without them."""

from __future__ import annotations

import json

from sbctl.core.moving.own_steps import OwnStep
from sbctl.core.moving.rules import Rules
from sbctl.failover.kit.kit import FORMAT, WITHOUT_STEPS, read_kit
from tests.unit.failover.scenes import kit

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
