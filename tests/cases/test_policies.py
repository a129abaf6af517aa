"""What moves traffic and what rehearses it, held against the policies for it: real processes answer health checks meanwhile."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.sandbox.deployed import EAST, WEST, Scene
from tests.sandbox.iam_judge import allowed
from tests.sandbox.test_iam_policy import actions_allowed, actions_used, policy


def settle(scene: Scene) -> None:
    """Let nobody be ill, and forget what was called so far."""
    health = {one["region"]: one["health"] for one in scene.run("status")[1]["data"]["regions"]}
    assert set(health.values()) == {"healthy"}, health
    scene.forget_calls()


def test_a_failover_makes_no_call_that_its_policy_refuses(scene: Scene) -> None:
    """A forced failover calls only what moves traffic; with the failback, which measures first, all is within the policy."""
    documents = policy(scene, "failover")
    settle(scene)
    code, envelope = scene.run("failover", "--to", WEST, "--reason", "policy test", "--mode", "forced")
    assert code == 0, envelope["problems"]
    used = actions_used(scene)
    assert used == {"dynamodb:GetItem", "dynamodb:PutItem"}
    table = f"arn:aws:dynamodb:{WEST}:123456789012:table/connect-config-global"
    mine, others = {"dynamodb:LeadingKeys": ["TAKEOVER"]}, {"dynamodb:LeadingKeys": ["CONFIG#SalesFlow"]}
    moving = [{"Statement": [s for d in documents for s in d["Statement"] if "TAKEOVER" in json.dumps(s)]}]
    assert {action for action in used if not allowed(moving, action, table, mine)} == set()
    assert not allowed(moving, "dynamodb:PutItem", table, others)
    settle(scene)
    code, envelope = scene.run("failback", "--override", "cooldown", "--reason", "policy test")
    assert code == 0, envelope["problems"]
    assert envelope["data"]["to"] == EAST
    assert actions_used(scene) - actions_allowed(documents) == set()


@pytest.mark.long
def test_a_drill_makes_no_call_that_its_policy_refuses(scene: Scene) -> None:
    """A rehearsed outage with its probes, as the audit log has it, is within the policy for drills."""
    settle(scene)
    # A process of its own: the charts of its report come from a library that meddles with imports.
    place = ["--config", str(scene.folder / "config"), "--state", str(scene.state), "--sandbox", "--yes"]
    drill = ["drill", "run", "connect-outage", "--reason", "policy test"]
    done = subprocess.run([sys.executable, "-m", "sbctl", *place, *drill], capture_output=True, text=True, check=False)
    assert {"dynamodb:PutItem", "dynamodb:DeleteItem"} <= actions_used(scene), done.stderr
    assert actions_used(scene) - actions_allowed(policy(scene, "drill")) == set()
