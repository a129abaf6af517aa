"""Versions of flows: one for each content, the last ten of sbctl's own, compared and set; other people's stay."""

from __future__ import annotations

from typing import Any

import pytest

from sbctl.core.aws.error import AwsError
from sbctl.core.kinds.resource import Live
from sbctl.resources.connect_flow import CHECKSUM, RESOURCE, FlowSpec
from sbctl.resources.content.flow_versions import digest_of
from tests.unit.resources.connect.script import Script, refused

IDS = {"instance": "i", "id": "f", "arn": "arn:f"}
SAID, CHANGED = (example.content for example in RESOURCE.examples)
SHA = "a" * 64


def live(content: Any = SAID) -> Live[FlowSpec]:
    spec = FlowSpec(instance="i", name="Welcome", type="CONTACT_FLOW", content=content)
    return Live(spec, IDS, {**IDS, CHECKSUM: SHA})


def row(number: int, content: Any, digest: str = "file") -> dict[str, Any]:
    """A version of sbctl's own as AWS lists it."""
    said = f"Deployed by sbctl: file {digest}, content {digest_of(content)}"
    return {"Arn": f"arn:f:{number}", "Version": number, "VersionDescription": said}


def keep(aws: Script, *, new: bool = False, digest: str = "file") -> None:
    applied = live().spec.model_copy(update={"digest": digest})
    RESOURCE.keep_version(aws, "us-east-1", live(), applied, new=new)


def listed(*rows: dict[str, Any]) -> Script:
    return Script(
        {
            "ListContactFlowVersions": [{"ContactFlowVersionSummaryList": list(rows)}],
            "CreateContactFlowVersion": [{"ContactFlowArn": "arn:f", "Version": 99}],
        }
    )


def test_a_new_flow_gets_its_first_version_with_one_call() -> None:
    """What AWS told of the content is compared there, so that no version is of what somebody else published."""
    aws = listed()
    keep(aws, new=True)
    (sent,) = aws.params("CreateContactFlowVersion")
    assert aws.operations == ["CreateContactFlowVersion"]
    assert (sent["ContactFlowId"], sent["FlowContentSha256"]) == ("f", SHA)
    assert sent["Description"] == f"Deployed by sbctl: file file, content {digest_of(SAID)}"


def test_the_last_version_is_not_made_twice() -> None:
    """A deploy that was killed after it made the version goes on without another."""
    aws = listed(row(2, SAID), row(1, CHANGED))
    keep(aws)
    assert aws.operations == ["ListContactFlowVersions"]


@pytest.mark.parametrize("rows", [(), (row(2, CHANGED), row(1, SAID)), (row(1, SAID, "other"),)])
def test_another_content_is_another_version(rows: tuple[dict[str, Any], ...]) -> None:
    """Also one that an older version has, and the same content of another file."""
    aws = listed(*rows)
    keep(aws)
    assert aws.operations == ["ListContactFlowVersions", "CreateContactFlowVersion"]


def test_the_oldest_of_its_own_go() -> None:
    """The last ten stay, and whatever others made."""
    foreign = {"Arn": "arn:f:1", "Version": 1, "VersionDescription": "before the campaign"}
    aws = listed(foreign, *(row(number, CHANGED) for number in range(2, 13)))
    keep(aws)
    assert [sent["ContactFlowVersion"] for sent in aws.params("DeleteContactFlowVersion")] == [3, 2]


def test_versions_are_told_newest_first() -> None:
    """Those of others have no digest."""
    foreign = {"Arn": "arn:f:7", "Version": 7}
    found = list(RESOURCE.versions(listed(row(2, SAID), row(3, CHANGED), foreign), "us-east-1", live()))
    told = [(one.number, one.digest, one.present) for one in found]
    assert told == [(7, "", False), (3, "file", False), (2, "file", True)]


def test_a_version_is_read_by_its_number() -> None:
    """None where there is no such version."""
    aws = Script({"DescribeContactFlow": [{"ContactFlow": {"Content": '{"Actions": []}'}}]})
    assert RESOURCE.version(aws, "us-east-1", IDS, 3) == {"Actions": []}
    assert aws.params("DescribeContactFlow")[0]["ContactFlowId"] == "f:3"
    gone = Script({"DescribeContactFlow": [refused("ResourceNotFoundException")]})
    assert RESOURCE.version(gone, "us-east-1", IDS, 3) is None


def test_a_refusal_is_raised() -> None:
    """Whoever deploys decides what it is worth."""
    aws = Script({"CreateContactFlowVersion": [refused("InvalidRequestException")]})
    with pytest.raises(AwsError):
        keep(aws, new=True)


def test_layout_is_no_content() -> None:
    """Where blocks stand makes no other content."""
    moved = {**SAID, "Metadata": {"entryPointPosition": {"x": 1, "y": 2}}}
    assert digest_of(moved) == digest_of(SAID) != digest_of(CHANGED)
