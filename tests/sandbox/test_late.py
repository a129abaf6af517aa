"""A deploy waits until what it has made is known, in every kind: AWS says "not found" of it for a while."""

from __future__ import annotations

from pathlib import Path

import pytest

from sbctl.core.problem import Exit
from tests.sandbox.deployed import undeployed
from tests.sandbox.layers.late import Late

SECONDS = 20.0
REFUSED = {
    "cloudwatch:GetDashboard",
    "connect:DescribeQueue",
    "dynamodb:DescribeTable",
    "iam:GetRole",
    "iam:PutRolePolicy",
    "lambda:GetFunction",
    "logs:PutRetentionPolicy",
    "route53:ChangeTagsForResource",
    "s3:HeadBucket",
    "s3:PutBucketTagging",
}
"""Some of the operations of a deploy that name something new."""


@pytest.mark.long  # two whole deploys; tests/unit/engine/test_fresh.py holds the decision
@pytest.mark.parametrize(
    "fickle", [pytest.param(False, id="no server knows it"), pytest.param(True, id="some servers know it")]
)
def test_what_is_new_is_waited_for(tmp_path: Path, fickle: bool) -> None:
    """Nothing is made twice or left undone, and nothing differs afterwards."""
    with undeployed(tmp_path) as scene:
        layer = scene.world.layer = Late(scene.world.clock, SECONDS, fickle=fickle)
        code, said = scene.run("deploy")
        assert code == Exit.DONE, said["problems"]
        code, said = scene.run("plan", "--exit-code")
        assert code == Exit.DONE, said["data"]["steps"]
        assert fickle or layer.refused >= REFUSED, sorted(layer.refused)
        assert len(layer.refused) > 8  # which of them a fickle service refuses is chance
