"""Every answer that the product gets from the sandbox has the shape that botocore's model says, and none is left out.

The product itself asks: deployed, changed, verified, compared, examined, failed over, drilled and destroyed over three regions.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sbctl.core.kinds.discover import discover
from tests.sandbox.deployed import Scene, undeployed
from tests.sandbox.shapes import Witness
from tests.sandbox.test_coverage_page import declared


def succeed(scene: Scene, command: str) -> None:
    """A command that ends early asks less than it should, so each has to end well."""
    code, said = scene.run(*command.split())
    assert code == 0, (command, said["problems"])


def change(scene: Scene) -> None:
    """Edits of the config that touch every kind that can be changed in place."""
    path = scene.folder / "config" / "regions.json"
    config = json.loads(path.read_text())
    config["queues"][0]["maxContacts"] = 7
    config["queues"][0]["description"] = "other"
    config["hours"][0]["description"] = "other"
    config["lambdas"][0]["description"] = "other"
    config["lambdas"][0]["logRetentionDays"] = 7
    config["buckets"][0]["expireAfterDays"] = 120
    config["tables"][0]["recoveryDays"] = 30
    config["alarms"][0]["threshold"] = 2
    config["routingProfiles"][0]["description"] = "other"
    config["routingProfiles"][0]["queues"].pop()
    config["tags"] = {"team": "calls"}
    path.write_text(json.dumps(config))


@pytest.mark.long
def test_every_answer_has_its_shape(tmp_path: Path) -> None:
    """No unknown or missing member, no wrong type, enum, pattern or length; every operation of checks and failovers among them.

    The rest of what kinds declare is watched in the same way while each kind lives its life: tests/conformance.
    """
    witness = Witness()
    with undeployed(tmp_path) as scene:
        scene.world.witness = witness
        succeed(scene, "deploy --region all")
        for command in (
            "verify-replication",
            "flow test sales-vip",
            "parity",
            "doctor",
            "drift",
            "status",
            "kit verify",
        ):
            succeed(scene, command)
        succeed(scene, "failover --to us-west-2 --mode forced --reason x --mechanism records")
        succeed(scene, "failback --override cooldown --reason x")
        succeed(scene, "failover --to us-west-2 --override cooldown --reason x --dry-run")
        succeed(scene, "drill run control-plane-loss")
        change(scene)
        succeed(scene, "deploy --region all")
        succeed(scene, "destroy --allow * --max-deletes 1000")
    assert sorted(witness.faults) == []
    of_kinds = {call for kind in discover("sbctl.resources", "RESOURCE").values() for call in kind.calls}
    assert len(witness.answered & of_kinds) > 100
    # Policies that are attached to a role are read only where somebody attached one: test_verify_replication does.
    # Functions are invoked only behind a stand-in without function URLs: tests/unit/failover asks one.
    # Keys are looked at only where the config names some: test_encrypted_estate does.
    # A test of a flow is stopped only where its run is interrupted: test_connect_test_cases asks. Secrets are read only for
    # steps of one's own: tests/conformance/own_sites.py.
    elsewhere = {
        "connect:StopTestCaseExecution",
        "iam:GetPolicy",
        "iam:GetPolicyVersion",
        "kms:DescribeKey",
        "lambda:Invoke",
        "secretsmanager:GetSecretValue",
    }
    left = sorted({call for _, call in declared()} - of_kinds - elsewhere - witness.answered)
    assert left == [], " ".join(left)
