"""Every command on an AWS that serves two rows a page, begins lists with an empty page, and leaves out what is empty."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sbctl.cli.nouns import kind_of_noun
from sbctl.core.problem import Exit
from tests.sandbox.deployed import Scene, deployed
from tests.sandbox.layers.small_pages import SmallPages

COMMANDS = (
    "plan --exit-code",
    "deploy",
    "status",
    "doctor",
    "verify-replication",
    "parity",
    "drift --exit-code",
    "failover --to us-west-2 --dry-run",
    "state rebuild",
)
CUT = {
    "cloudwatch:DescribeAlarms",
    "cloudwatch:GetMetricData",
    "connect:SearchQueues",
    "iam:GetAccountAuthorizationDetails",
    "iam:SimulatePrincipalPolicy",
    "resourcegroupstaggingapi:GetResources",
    "route53:ListResourceRecordSets",
    "s3:ListObjectsV2",
}
"""Lists of more than two rows that these commands read."""
BY_FUNCTIONS = ("endpoint-bad", "endpoint-unknown", "health-status-bad", "health-status-unknown")
"""What functions answer in real time, on a machine that may be busy."""
UNUSED = (
    "flow-module",
    "hierarchy",
    "hierarchy-group",
    "hours-override",
    "phone-number",
    "predefined-attribute",
    "prompt",
)
"""Kinds of which the default project has none."""


@pytest.fixture(scope="module")
def layer() -> SmallPages:
    return SmallPages()


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory, layer: SmallPages) -> Iterator[Scene]:
    with deployed(tmp_path_factory.mktemp("pages")) as found:
        found.world.layer = layer
        yield found


@pytest.mark.long
def test_every_command_reads_to_the_last_page(scene: Scene, layer: SmallPages) -> None:
    """The same exit code as on large pages: nothing differs, nothing is missing, all holds."""
    for command in COMMANDS:
        code, said = scene.run(*command.split())
        others = [one for one in said["problems"] if one["code"] not in BY_FUNCTIONS]
        assert (not others and code in (Exit.DONE, Exit.NOT_HELD), command) == (True, command), said["problems"]
    assert layer.cut >= CUT


@pytest.mark.parametrize("noun", sorted(kind_of_noun()))
def test_every_kind_lists_the_same(scene: Scene, layer: SmallPages, noun: str) -> None:
    """As on large pages, row for row."""
    code, small = scene.run(noun, "list")
    assert code == Exit.DONE, small["problems"]
    scene.world.layer = lambda _who, request, answer: answer(request)
    _, large = scene.run(noun, "list")
    scene.world.layer = layer
    assert small["data"]["items"] == large["data"]["items"]
    assert small["data"]["items"] or noun in UNUSED
