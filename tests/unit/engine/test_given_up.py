"""What sbctl applied and the config no longer says: back to the base or AWS's default, or the plan says that it stays."""

from __future__ import annotations

from typing import Any

import pytest

from sbctl.core.problem import Exit
from sbctl.engine.planning.planner import Scope
from sbctl.store.media.memory import MemoryStore
from tests.unit.engine.cloud import Cloud, session, shelf

TOP = ("us-east-1", "shelf", "top")


def deploy(cloud: Cloud, store: MemoryStore, **values: Any) -> list[Any]:
    """The changes of a deploy of one shelf."""
    run = session(cloud, store, shelf("top", **values))
    planned = run.plan(Scope())
    outcome = run.apply(planned.plan)
    assert outcome.problems == []
    return [
        (change.field, change.before, change.after, change.why)
        for step in planned.plan.pending
        for change in step.changes
    ]


def stays(cloud: Cloud, store: MemoryStore, **values: Any) -> list[str]:
    """What an empty plan says that stays."""
    planned = session(cloud, store, shelf("top", **values)).plan(Scope())
    assert planned.plan.pending == ()
    assert {problem.exit for problem in planned.problems} <= {Exit.DONE}
    return [problem.detail for problem in planned.problems]


def test_a_field_taken_out_of_the_config_goes_back() -> None:
    """It is a change of config, and done once."""
    cloud, store = Cloud(), MemoryStore()
    deploy(cloud, store, limit=5)
    assert deploy(cloud, store) == [("limit", 5, None, "config")]
    assert cloud.things[TOP]["limit"] is None
    assert stays(cloud, store) == []


@pytest.mark.parametrize("theirs", [7, None])
def test_what_others_set_meanwhile_is_theirs(theirs: int | None) -> None:
    """A value that sbctl did not apply is no more its own."""
    cloud, store = Cloud(), MemoryStore()
    deploy(cloud, store, limit=5)
    cloud.things[TOP]["limit"] = theirs
    assert deploy(cloud, store) == []
    assert cloud.things[TOP]["limit"] == theirs


def test_what_aws_does_not_take_back_is_said_and_not_tried_again() -> None:
    """AWS does not say beforehand: the first deploy tries, and later plans are empty and say what stays."""
    cloud, store = Cloud(), MemoryStore()
    deploy(cloud, store, limit=5)
    cloud.holding = True
    assert deploy(cloud, store) == [("limit", 5, None, "config")]
    assert stays(cloud, store) == ["limit stays 5: AWS did not take it back"]
    assert deploy(cloud, store, limit=6) == [("limit", 5, 6, "config")]
    assert stays(cloud, store, limit=6) == []
    cloud.holding = False
    assert deploy(cloud, store) == [("limit", 6, None, "config")]


def test_what_the_api_cannot_take_back_is_said_at_every_plan() -> None:
    """No change of a plan, since none could be made."""
    cloud, store = Cloud(), MemoryStore()
    deploy(cloud, store, note="open")
    assert stays(cloud, store, note="open") == []
    assert stays(cloud, store) == ["note stays 'open': the cloud wipes no notes"]
    deploy(cloud, store, size=7)
    assert stays(cloud, store, size=7) == ["note stays 'open': the cloud wipes no notes"]
    assert deploy(cloud, store, size=7, note="closed") == [("note", "open", "closed", "config")]
    assert stays(cloud, store, size=7, note="closed") == []
