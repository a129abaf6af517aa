"""A region that cannot be worked on is told and left out: the others go on, exit 4. What is the caller's own fault ends with 9."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from sbctl.core.problem import Exit
from sbctl.sandbox.faults.fault import Fault
from tests.sandbox.deployed import EAST, WEST, Scene
from tests.sandbox.projects import small_project
from tests.worlds import empty_world, make_known, still

REASON = "the alias is reserved"
NOT_ENABLED = "UnrecognizedClientException"


@contextmanager
def small(folder: Path) -> Iterator[Scene]:
    """A project of two regions, not deployed."""
    with empty_world(still(zone="example.com"), dns_port=0) as running:
        small_project(folder)
        make_known(running, folder / "state")
        yield Scene(running, folder)


def told(said: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(problem["code"], problem["at"]) for problem in said["problems"]]


def regions_of(said: Mapping[str, Any]) -> set[str]:
    """The regions in which something is still to be done."""
    return {step["address"].split(".")[1] for step in said["data"]["steps"] if step["action"] != "none"}


def test_an_instance_that_aws_could_not_create_leaves_its_region_out(tmp_path: Path) -> None:
    """Deploy goes on elsewhere; plan, drift, parity and rebuild tell it once with what to do; destroy removes it."""
    with small(tmp_path) as scene:
        scene.world.connect.refuse_creation(WEST, REASON)
        failed = [("instance-creation-failed", f"connect_instance.{WEST}.small")]
        code, said = scene.run("deploy")
        assert (code, told(said)) == (Exit.PARTIAL, failed)
        assert f"connect_queue.{EAST}.support" in said["data"]["done"]
        for command in ("plan --exit-code", "drift", "parity", "state rebuild", "deploy"):
            code, said = scene.run(*command.split())
            assert code in (Exit.PARTIAL, Exit.DIFFERENCES), (command, said["problems"])
            assert failed[0] in told(said), (command, said["problems"])
            assert "internal-error" not in dict(told(said))
        (problem,) = said["problems"]
        assert REASON in problem["detail"]
        assert "aws connect delete-instance --instance-id " in problem["fix"]
        assert regions_of(scene.run("plan")[1]) == set()
        code, said = scene.run("destroy", "--allow", "*", "--max-deletes", "100")
        assert code == Exit.DONE, said["problems"]
        assert scene.client("connect", WEST).list_instances()["InstanceSummaryList"] == []


@pytest.mark.long
def test_a_failed_instance_can_be_removed_and_made_again(tmp_path: Path) -> None:
    """Its region alone is destroyed; the next deploy makes it."""
    with small(tmp_path) as scene:
        scene.world.connect.refuse_creation(WEST, REASON)
        assert scene.run("deploy")[0] == Exit.PARTIAL
        scene.world.connect.refuse_creation(WEST, "")
        code, said = scene.run("destroy", "--region", WEST, "--allow", f"*.{WEST}.*", "--max-deletes", "100")
        assert code == Exit.DONE, said["problems"]
        code, said = scene.run("deploy")
        assert code == Exit.DONE, said["problems"]


@pytest.mark.parametrize("region", [WEST, pytest.param(EAST, marks=pytest.mark.long)])
def test_a_region_that_is_not_enabled_is_told_once(tmp_path: Path, region: str) -> None:
    """Also the primary: what another region's answer shows to be no fault of the keys leaves the one region out."""
    with small(tmp_path) as scene:
        for service in ("connect", "s3", "sts", "lambda", "logs", "dynamodb"):
            scene.world.faults.add(Fault("", "error", region, service, code=NOT_ENABLED))
        for command in ("plan", "deploy", "plan"):
            code, said = scene.run(command)
            assert (code, told(said)) == (Exit.PARTIAL, [("access-denied", region)]), said["problems"]
            assert f"enable-region --region-name {region}" in said["problems"][0]["fix"]
        other = EAST if region == WEST else WEST
        assert scene.client("connect", other).list_instances()["InstanceSummaryList"]
        scene.world.faults.heal()
        code, said = scene.run("deploy")
        assert code == Exit.DONE, said["problems"]


def test_keys_that_are_no_good_are_told_once(tmp_path: Path) -> None:
    """Every region refuses them: that is the caller's fault."""
    with small(tmp_path) as scene:
        scene.world.faults.add(Fault("", "error", code=NOT_ENABLED))
        code, said = scene.run("plan")
        assert (code, len(said["problems"])) == (Exit.CREDENTIALS, 1), said["problems"]


@pytest.mark.parametrize(
    "command",
    [
        *("plan", "deploy"),
        *(
            pytest.param(name, marks=pytest.mark.long)
            for name in ("doctor", "verify-replication", "drift", "parity", "queue list")
        ),
    ],
)
def test_an_expired_token_is_told_once(tmp_path: Path, command: str) -> None:
    """With the number of calls that it stopped. STS is the last to know."""
    with small(tmp_path) as scene:
        assert scene.run("deploy")[0] == Exit.DONE
        for service in ("connect", "s3", "iam", "route53", "cloudwatch", "dynamodb", "lambda", "service-quotas"):
            scene.world.faults.add(Fault("", "error", service=service, code="ExpiredToken"))
        scene.forget_calls()
        code, said = scene.run(*command.split())
        problems = [problem for problem in said["problems"] if "ExpiredToken" in problem["detail"]]
        assert len(problems) == 1, said["problems"]
        assert "aws sso login" in problems[0]["fix"]
        assert code == Exit.CREDENTIALS
        asked = [
            json.dumps([call["call"], call["region"]]) for call in scene.calls() if call["outcome"] == "ExpiredToken"
        ]
        assert len(asked) <= 60, len(asked)


def test_a_bucket_of_ours_that_may_not_be_looked_at(tmp_path: Path) -> None:
    """It is the caller's permission that lacks, and not the bucket's name."""
    with small(tmp_path) as scene:
        assert scene.run("deploy")[0] == Exit.DONE
        scene.world.faults.add(Fault("", "error", WEST, "s3", "GetPublicAccessBlock", code="AccessDenied"))
        code, said = scene.run("plan")
        (problem,) = said["problems"]
        assert (code, problem["code"]) == (Exit.CREDENTIALS, "access-denied")
        assert "Allow s3:GetBucketPublicAccessBlock" in problem["fix"]
