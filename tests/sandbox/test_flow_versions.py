"""Versions and aliases of flows and modules in the simulated Connect: numbers, checksums, what stays, what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sbctl.sandbox.service import ApiError
from tests.sandbox.connect_calls import Centre
from tests.sandbox.connect_instance import SETTINGS, content, instance
from tests.sandbox.kept_world import kept

FIRST = content("MessageParticipant", {"Text": "One."})
SECOND = content("MessageParticipant", {"Text": "Two."})
NOBODY = "00000000-0000-0000-0000-000000000000"


@pytest.fixture
def centre() -> Centre:
    return Centre()


def flow(centre: Centre, **changed: Any) -> str:
    """The id of a new flow."""
    values = {"Name": "Welcome", "Type": "CONTACT_FLOW", "Content": FIRST, **changed}
    return str(centre.ask("CreateContactFlow", **values)["ContactFlowId"])


def module(centre: Centre, text: str = "One.") -> str:
    """The id of a new module."""
    said = module_content(text)
    return str(centre.ask("CreateContactFlowModule", Name="Greet", Content=said, Settings=SETTINGS)["Id"])


def module_content(text: str) -> str:
    return content("MessageParticipant", {"Text": text}, "EndFlowModuleExecution")


def described(centre: Centre, named: str) -> dict[str, Any]:
    found: dict[str, Any] = centre.ask("DescribeContactFlow", ContactFlowId=named)["ContactFlow"]
    return found


def numbers(centre: Centre, named: str, **page: Any) -> list[int]:
    listed = centre.ask("ListContactFlowVersions", ContactFlowId=named, **page)["ContactFlowVersionSummaryList"]
    return [int(row["Version"]) for row in listed]


def version(centre: Centre, named: str, **more: Any) -> int:
    """The number of a new version."""
    return int(centre.ask("CreateContactFlowVersion", ContactFlowId=named, **more)["Version"])


def test_a_version_keeps_what_was_published(centre: Centre) -> None:
    """Content that is published afterwards changes the flow and leaves the version as it was."""
    named = flow(centre)
    made = centre.ask("CreateContactFlowVersion", ContactFlowId=named, Description="as at first")
    assert made == {"ContactFlowArn": f"{centre.arn}/contact-flow/{named}", "Version": 1}
    centre.ask("UpdateContactFlowContent", ContactFlowId=named, Content=SECOND)
    assert version(centre, named) == 2
    old = described(centre, f"{named}:1")
    assert (old["Content"], old["Version"], old["VersionDescription"]) == (FIRST, 1, "as at first")
    assert (old["Id"], old["Status"]) == (named, "PUBLISHED")
    assert described(centre, f"{made['ContactFlowArn']}:2")["Content"] == SECOND
    assert "Version" not in described(centre, named)
    rows = centre.ask("ListContactFlowVersions", ContactFlowId=named)["ContactFlowVersionSummaryList"]
    assert [(row["Version"], row["Arn"]) for row in rows] == [
        (2, f"{made['ContactFlowArn']}:2"),
        (1, f"{made['ContactFlowArn']}:1"),
    ]
    assert rows[1]["VersionDescription"] == "as at first"


def test_a_checksum_is_held_against_what_is_published(centre: Centre) -> None:
    """The checksum of the draft, or of what was published before, makes no version."""
    named = flow(centre)
    before = described(centre, named)["FlowContentSha256"]
    assert version(centre, named, FlowContentSha256=before) == 1
    centre.ask("UpdateContactFlowContent", ContactFlowId=f"{named}:$SAVED", Content=SECOND)
    draft = described(centre, f"{named}:$SAVED")["FlowContentSha256"]
    asked: dict[str, Any] = {"operation": "CreateContactFlowVersion", "ContactFlowId": named}
    assert centre.refused(**asked, FlowContentSha256=draft) == "InvalidRequestException"
    centre.ask("UpdateContactFlowContent", ContactFlowId=named, Content=SECOND)
    assert centre.refused(**asked, FlowContentSha256=before) == "InvalidRequestException"
    assert version(centre, named, FlowContentSha256=draft.upper()) == 2


def test_numbers_are_not_used_again(centre: Centre) -> None:
    """Also after the last version was deleted; a number that is asked for must be a new one."""
    named = flow(centre)
    assert [version(centre, named) for _ in range(3)] == [1, 2, 3]
    centre.ask("DeleteContactFlowVersion", ContactFlowId=named, ContactFlowVersion=3)
    assert centre.refused("DescribeContactFlow", ContactFlowId=f"{named}:3") == "ResourceNotFoundException"
    asked: dict[str, Any] = {"operation": "DeleteContactFlowVersion", "ContactFlowId": named, "ContactFlowVersion": 3}
    assert centre.refused(**asked) == "ResourceNotFoundException"
    assert version(centre, named) == 4
    asked["operation"] = "CreateContactFlowVersion"
    assert centre.refused(**asked) == "InvalidRequestException"
    assert version(centre, named, ContactFlowVersion=9) == 9
    assert numbers(centre, named) == [9, 4, 2, 1]


def test_versions_come_in_pages(centre: Centre) -> None:
    """Of the size that is asked for, each version once."""
    named = flow(centre)
    for _ in range(5):
        version(centre, named)
    page = centre.ask("ListContactFlowVersions", ContactFlowId=named, MaxResults=2)
    rest = numbers(centre, named, MaxResults=3, NextToken=page["NextToken"])
    assert [row["Version"] for row in page["ContactFlowVersionSummaryList"]] + rest == [5, 4, 3, 2, 1]


@pytest.mark.parametrize("named", ["{}:7", "{}:latest", "{}:$LATES", "{}:-1", "{}:", f"{NOBODY}:1", NOBODY])
def test_what_is_not_there_is_not_found(centre: Centre, named: str) -> None:
    """Neither versions nor flows; an empty suffix is the plain id."""
    place = named.format(flow(centre))
    found = centre.refused("DescribeContactFlow", ContactFlowId=place)
    assert found == ("" if named == "{}:" else "ResourceNotFoundException")


@pytest.mark.parametrize("operation", ["UpdateContactFlowContent", "UpdateContactFlowMetadata", "DeleteContactFlow"])
def test_a_version_cannot_be_changed(centre: Centre, operation: str) -> None:
    """Nor deleted as a flow; a version that is not there is not found."""
    named = flow(centre)
    version(centre, named)
    params = {"Content": SECOND} if operation.endswith("Content") else {}
    assert centre.refused(operation, ContactFlowId=f"{named}:1", **params) == "InvalidRequestException"
    assert centre.refused(operation, ContactFlowId=f"{named}:2", **params) == "ResourceNotFoundException"
    assert centre.refused(operation, ContactFlowId=f"{named}:$LATEST", **params) == ""


def test_a_draft_has_no_version(centre: Centre) -> None:
    """A flow that was never published has only a draft; publishing it makes it one of which there are versions."""
    named = flow(centre, Status="SAVED")
    assert centre.refused("CreateContactFlowVersion", ContactFlowId=named) == "InvalidRequestException"
    assert centre.refused("DescribeContactFlow", ContactFlowId=named) == "ContactFlowNotPublishedException"
    assert centre.refused("DescribeContactFlow", ContactFlowId=f"{named}:$LATEST") == "ContactFlowNotPublishedException"
    assert described(centre, f"{named}:$SAVED")["Status"] == "SAVED"
    centre.ask("UpdateContactFlowContent", ContactFlowId=named, Content=SECOND)
    assert centre.refused("CreateContactFlowVersion", ContactFlowId=f"{named}:$SAVED") == "InvalidRequestException"
    assert version(centre, f"{named}:$LATEST") == 1
    assert described(centre, f"{named}:$SAVED")["Status"] == "SAVED"
    assert described(centre, named)["Status"] == "PUBLISHED"


def test_the_quota_of_versions(centre: Centre) -> None:
    """A thousand of one flow; room comes back when one is deleted."""
    named = flow(centre)
    for _ in range(1000):
        version(centre, named)
    assert centre.refused("CreateContactFlowVersion", ContactFlowId=named) == "LimitExceededException"
    centre.ask("DeleteContactFlowVersion", ContactFlowId=named, ContactFlowVersion=1)
    assert version(centre, named) == 1001


def test_an_alias_points_to_a_version(centre: Centre) -> None:
    """It answers as its version does, and can be pointed to another."""
    named = flow(centre)
    version(centre, named)
    centre.ask("UpdateContactFlowContent", ContactFlowId=named, Content=SECOND)
    version(centre, named)
    at = {"ContactFlowId": named}
    made = centre.ask("CreateContactFlowAlias", **at, AliasName="live", ContactFlowVersion=1, Description="calls")
    at["AliasId"] = made["Id"]
    assert described(centre, f"{named}:{made['Id']}")["Content"] == FIRST
    centre.ask("UpdateContactFlowAlias", **at, ContactFlowVersion=2)
    found = centre.ask("DescribeContactFlowAlias", **at)["ContactFlowAlias"]
    assert {name: found[name] for name in ("AliasId", "Name", "Description", "Version", "ContactFlowId")} == {
        "AliasId": made["Id"],
        "Name": "live",
        "Description": "calls",
        "Version": 2,
        "ContactFlowId": named,
    }
    assert described(centre, f"{named}:{made['Id']}")["Content"] == SECOND
    (row,) = centre.ask("ListContactFlowAliases", ContactFlowId=named)["ContactFlowAliasSummaryList"]
    assert (row["AliasName"], row["Version"], row["Arn"]) == (
        "live",
        2,
        f"{centre.arn}/contact-flow/{named}:{made['Id']}",
    )
    assert centre.refused("DescribeContactFlowAlias", ContactFlowId=named, AliasId=row["Arn"]) == ""
    centre.ask("DeleteContactFlowAlias", **at)
    assert centre.refused("DescribeContactFlowAlias", **at) == "ResourceNotFoundException"
    assert described(centre, f"{named}:2")["Content"] == SECOND


def test_an_alias_keeps_its_version(centre: Centre) -> None:
    """A version cannot be deleted while an alias points to it."""
    named = flow(centre)
    version(centre, named)
    alias = centre.ask("CreateContactFlowAlias", ContactFlowId=named, AliasName="live", ContactFlowVersion=1)["Id"]
    asked: dict[str, Any] = {"operation": "DeleteContactFlowVersion", "ContactFlowId": named, "ContactFlowVersion": 1}
    assert centre.refused(**asked) == "InvalidRequestException"
    centre.ask("DeleteContactFlowAlias", ContactFlowId=named, AliasId=alias)
    assert centre.refused(**asked) == ""


def test_aliases_have_names_of_their_own(centre: Centre) -> None:
    """Within their flow; and they point to what is there."""
    named, other = flow(centre), flow(centre, Name="Other")
    for one in (named, other):
        version(centre, one)
    create: dict[str, Any] = {"operation": "CreateContactFlowAlias", "AliasName": "live", "ContactFlowVersion": 1}
    assert [centre.refused(**create, ContactFlowId=one) for one in (named, other)] == ["", ""]
    assert centre.refused(**create, ContactFlowId=named) == "DuplicateResourceException"
    assert centre.refused(**{**create, "ContactFlowVersion": 2}, ContactFlowId=named) == "ResourceNotFoundException"
    second = centre.ask("CreateContactFlowAlias", ContactFlowId=named, AliasName="test", ContactFlowVersion=1)["Id"]
    update: dict[str, Any] = {"operation": "UpdateContactFlowAlias", "ContactFlowId": named, "AliasId": second}
    assert centre.refused(**update, Name="live") == "DuplicateResourceException"
    assert centre.refused(**update, Name="test", Description="same") == ""
    assert centre.refused(**update, ContactFlowVersion=3) == "ResourceNotFoundException"
    listed = centre.ask("ListContactFlowAliases", ContactFlowId=named, MaxResults=1)
    assert len(listed["ContactFlowAliasSummaryList"]) == 1
    assert "NextToken" in listed


def test_modules_have_versions_and_aliases(centre: Centre) -> None:
    """With their settings; the draft is none of them."""
    named = module(centre)
    at = {"ContactFlowModuleId": named}
    found = centre.ask("DescribeContactFlowModule", **at)["ContactFlowModule"]
    made = centre.ask("CreateContactFlowModuleVersion", **at, FlowModuleContentSha256=found["FlowModuleContentSha256"])
    assert made == {"ContactFlowModuleArn": f"{centre.arn}/flow-module/{named}", "Version": 1}
    contract = json.dumps({"transitions": {"results": [{"name": "Good"}]}})
    centre.ask("UpdateContactFlowModuleContent", **at, Content=module_content("Two."), Settings=contract)
    old = centre.ask("DescribeContactFlowModule", ContactFlowModuleId=f"{named}:1")["ContactFlowModule"]
    assert (old["Content"], old["Settings"], old["Version"]) == (module_content("One."), SETTINGS, 1)
    assert centre.refused("CreateContactFlowModuleVersion", **at, FlowModuleContentSha256="0" * 64)
    (row,) = centre.ask("ListContactFlowModuleVersions", **at)["ContactFlowModuleVersionSummaryList"]
    assert (row["Version"], row["Arn"]) == (1, f"{made['ContactFlowModuleArn']}:1")
    alias = centre.ask("CreateContactFlowModuleAlias", **at, AliasName="live", ContactFlowModuleVersion=1)["Id"]
    shown = centre.ask("DescribeContactFlowModuleAlias", **at, AliasId=alias)["ContactFlowModuleAlias"]
    assert (shown["Name"], shown["Version"], shown["ContactFlowModuleId"]) == ("live", 1, named)
    assert len(centre.ask("ListContactFlowModuleAliases", **at)["ContactFlowModuleAliasSummaryList"]) == 1
    assert centre.refused("DeleteContactFlowModuleVersion", **at, ContactFlowModuleVersion=1)
    centre.ask("UpdateContactFlowModuleAlias", **at, AliasId=alias, Name="calls")
    centre.ask("DeleteContactFlowModuleAlias", **at, AliasId=alias)
    centre.ask("DeleteContactFlowModuleVersion", **at, ContactFlowModuleVersion=1)
    assert centre.ask("ListContactFlowModuleVersions", **at)["ContactFlowModuleVersionSummaryList"] == []


def test_a_draft_of_a_module_stays_apart(centre: Centre) -> None:
    """Its content and its settings, until they are published."""
    named = module(centre)
    contract = json.dumps({"transitions": {"results": []}})
    draft = {"ContactFlowModuleId": f"{named}:$SAVED"}
    centre.ask("UpdateContactFlowModuleContent", **draft, Content=module_content("Two."))
    centre.ask("UpdateContactFlowModuleContent", **draft, Settings=contract)
    found = centre.ask("DescribeContactFlowModule", **draft)["ContactFlowModule"]
    assert (found["Content"], found["Settings"], found["Status"]) == (module_content("Two."), contract, "SAVED")
    kept_as = centre.ask("DescribeContactFlowModule", ContactFlowModuleId=named)["ContactFlowModule"]
    assert (kept_as["Content"], kept_as["Settings"], kept_as["Status"]) == (
        module_content("One."),
        SETTINGS,
        "PUBLISHED",
    )


def test_versions_go_with_their_flow(centre: Centre) -> None:
    """A new flow of the same name begins at 1."""
    named = flow(centre)
    version(centre, named)
    centre.ask("DeleteContactFlow", ContactFlowId=named)
    assert centre.refused("ListContactFlowVersions", ContactFlowId=named) == "ResourceNotFoundException"
    again = flow(centre)
    assert numbers(centre, again) == []
    assert version(centre, again) == 1


def test_what_aws_puts_into_an_instance_has_versions_too(centre: Centre) -> None:
    """Default flows are made without them, as worlds are that were saved before there were any."""
    listed = centre.ask("ListContactFlows", ContactFlowTypes=["CONTACT_FLOW"])["ContactFlowSummaryList"]
    assert [version(centre, row["Id"]) for row in listed] == [1] * len(listed)


def test_other_ids_take_no_suffix(centre: Centre) -> None:
    """Only flows and modules have drafts and versions."""
    queue = centre.ask("ListQueues")["QueueSummaryList"][0]["Id"]
    assert centre.refused("DescribeQueue", QueueId=f"{queue}:$SAVED") == "ResourceNotFoundException"


def test_a_kept_world_keeps_versions_and_aliases(tmp_path: Path) -> None:
    """They are there after a restart, over the wire, and the next number is the next one."""
    with kept(tmp_path) as sandbox:
        at = {"InstanceId": instance(sandbox)}
        connect = sandbox.client("connect")
        made = connect.create_contact_flow(**at, Name="Welcome", Type="CONTACT_FLOW", Content=FIRST)
        at["ContactFlowId"] = made["ContactFlowId"]
        checksum = made["FlowContentSha256"]
        assert connect.create_contact_flow_version(**at, FlowContentSha256=checksum, Description="a")["Version"] == 1
        assert connect.create_contact_flow_version(**at)["Version"] == 2
        alias = connect.create_contact_flow_alias(**at, AliasName="live", ContactFlowVersion=1)["Id"]
        connect.delete_contact_flow_version(**at, ContactFlowVersion=2)
    with kept(tmp_path) as sandbox:
        connect = sandbox.client("connect")
        found = connect.describe_contact_flow(InstanceId=at["InstanceId"], ContactFlowId=f"{at['ContactFlowId']}:1")
        assert (found["ContactFlow"]["Content"], found["ContactFlow"]["VersionDescription"]) == (FIRST, "a")
        assert connect.describe_contact_flow_alias(**at, AliasId=alias)["ContactFlowAlias"]["Version"] == 1
        with pytest.raises(connect.exceptions.InvalidRequestException, match="checksum"):
            connect.create_contact_flow_version(**at, FlowContentSha256="0" * 64)
        assert connect.create_contact_flow_version(**at)["Version"] == 3


def test_a_refusal_names_what_is_missing(centre: Centre) -> None:
    """The version, with the flow's id."""
    named = flow(centre)
    with pytest.raises(ApiError, match=f"{named}:4"):
        centre.ask("DeleteContactFlowVersion", ContactFlowId=named, ContactFlowVersion=4)
