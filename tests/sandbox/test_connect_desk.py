"""What agents of the simulated Connect work with: views, task templates, data tables, how they sign in."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.connect_calls import Centre
from tests.sandbox.connect_people import flow, refusal

CONTENT = {"Template": '{"Head":{"Title":"Hello"}}', "Actions": ["Submit"]}
OTHER = {"Template": '{"Head":{"Title":"Bye"}}', "Actions": ["Submit"]}


@pytest.fixture
def centre() -> Centre:
    return Centre()


def view(centre: Centre, **other: Any) -> str:
    params = {"Name": "Hello", "Status": "PUBLISHED", "Content": CONTENT, **other}
    return str(centre.ask("CreateView", **params)["View"]["Id"])


def test_a_saved_view_is_read_behind_its_qualifier(centre: Centre) -> None:
    """Unpublished it is only `:$SAVED`; a later draft leaves what is published as it is."""
    at = view(centre, Status="SAVED")
    assert centre.refused("DescribeView", ViewId=at) == "ResourceNotFoundException"
    assert centre.ask("DescribeView", ViewId=f"{at}:$SAVED")["View"]["Status"] == "SAVED"
    centre.ask("UpdateViewContent", ViewId=at, Status="PUBLISHED", Content=CONTENT)
    centre.ask("UpdateViewContent", ViewId=at, Status="SAVED", Content=OTHER)
    assert centre.ask("DescribeView", ViewId=at)["View"]["Content"]["Template"] == CONTENT["Template"]
    assert centre.ask("DescribeView", ViewId=f"{at}:$SAVED")["View"]["Content"]["Template"] == OTHER["Template"]


def test_a_view_needs_a_template_to_be_published(centre: Centre) -> None:
    """A draft may lack it; what is no JSON object is refused always."""
    wanted = {"Name": "x", "Content": {"Actions": ["Submit"]}}
    assert centre.refused("CreateView", **wanted, Status="PUBLISHED") == "InvalidParameterException"
    assert centre.refused("CreateView", **wanted, Status="SAVED") == ""
    wrong = {"Name": "y", "Status": "SAVED", "Content": {"Template": "[", "Actions": []}}
    assert centre.refused("CreateView", **wrong) == "InvalidParameterException"


def test_a_version_of_a_view_is_made_of_what_is_new(centre: Centre) -> None:
    """The same content has the same number; a checksum that is not that of the published content is refused."""
    at = view(centre)
    checksum = centre.ask("DescribeView", ViewId=at)["View"]["ViewContentSha256"]
    assert [
        centre.ask("CreateViewVersion", ViewId=at, ViewContentSha256=checksum)["View"]["Version"] for _ in "ab"
    ] == [1, 1]
    centre.ask("UpdateViewContent", ViewId=at, Status="PUBLISHED", Content=OTHER)
    assert centre.refused("CreateViewVersion", ViewId=at, ViewContentSha256=checksum) == "InvalidRequestException"
    assert centre.ask("CreateViewVersion", ViewId=at)["View"]["Version"] == 2
    assert [one["Version"] for one in centre.ask("ListViewVersions", ViewId=at)["ViewVersionSummaryList"]] == [2, 1]
    assert centre.ask("DescribeView", ViewId=f"{at}:1")["View"]["Content"]["Template"] == CONTENT["Template"]
    centre.ask("DeleteViewVersion", ViewId=at, ViewVersion=1)
    assert centre.refused("DescribeView", ViewId=f"{at}:1") == "ResourceNotFoundException"


def test_aws_has_views_of_its_own(centre: Centre) -> None:
    """Listed by type, described by their ARN; searches find those of the instance by status."""
    view(centre)
    managed = centre.ask("ListViews", Type="AWS_MANAGED")["ViewsSummaryList"]
    assert centre.ask("DescribeView", ViewId=managed[0]["Arn"])["View"]["Version"] == 1
    assert [one["Name"] for one in centre.ask("ListViews", Type="CUSTOMER_MANAGED")["ViewsSummaryList"]] == ["Hello"]
    centre.clock.advance(2)
    assert len(centre.ask("SearchViews", SearchCriteria={"ViewStatusCondition": "PUBLISHED"})["Views"]) == 1
    assert centre.ask("SearchViews", SearchCriteria={"ViewStatusCondition": "SAVED"})["Views"] == []


def test_a_view_has_a_name_of_its_own(centre: Centre) -> None:
    """A second of the name is a duplicate, also when it gets the name later; deleted it is gone."""
    at, other = view(centre), view(centre, Name="Bye")
    assert centre.refused("UpdateViewMetadata", ViewId=other, Name="Hello") == "DuplicateResourceException"
    centre.ask("UpdateViewMetadata", ViewId=at, Name="Good day", Description="To begin with")
    assert centre.ask("DescribeView", ViewId=at)["View"]["Description"] == "To begin with"
    centre.ask("DeleteView", ViewId=at)
    assert centre.refused("DescribeView", ViewId=at) == "ResourceNotFoundException"


def template(centre: Centre, **other: Any) -> dict[str, Any]:
    name = {"Name": "Title"}
    return {
        "Name": "Call back",
        "ContactFlowId": flow(centre),
        "Fields": [{"Id": name, "Type": "NAME"}, {"Id": {"Name": "When"}, "Type": "SCHEDULED_TIME"}],
        "Constraints": {"RequiredFields": [{"Id": name}]},
        **other,
    }


def test_a_task_template_is_put_whole(centre: Centre) -> None:
    """What an update does not say is no more; it needs a status."""
    made = centre.ask("CreateTaskTemplate", **template(centre, Description="Calls"))["Id"]
    at = {"TaskTemplateId": made}
    assert centre.ask("GetTaskTemplate", **at)["Status"] == "ACTIVE"
    assert centre.refused("UpdateTaskTemplate", **at, **template(centre)) == "PropertyValidationException"
    centre.ask("UpdateTaskTemplate", **at, **template(centre, Status="INACTIVE"))
    shown = centre.ask("GetTaskTemplate", **at)
    assert shown["Status"] == "INACTIVE"
    assert "Description" not in shown
    assert [one["Id"] for one in centre.ask("ListTaskTemplates", Status="INACTIVE")["TaskTemplates"]] == [made]
    assert centre.ask("ListTaskTemplates", Status="ACTIVE")["TaskTemplates"] == []
    centre.ask("DeleteTaskTemplate", **at)
    assert centre.refused("GetTaskTemplate", **at) == "ResourceNotFoundException"


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"Constraints": {}}, "PropertyValidationException"),
        ({"Fields": []}, "PropertyValidationException"),
        ({"ContactFlowId": "nowhere"}, "ResourceNotFoundException"),
        (
            {"Defaults": {"DefaultFieldValues": [{"Id": {"Name": "x"}, "DefaultValue": "y"}]}},
            "PropertyValidationException",
        ),
    ],
)
def test_a_task_template_names_its_fields(centre: Centre, other: dict[str, Any], code: str) -> None:
    """A name that is required, fields that are there, a flow that is there."""
    assert centre.refused("CreateTaskTemplate", **template(centre, **other)) == code


def test_an_instance_has_one_authentication_profile(centre: Centre) -> None:
    """It is changed, and neither made nor deleted; what is no range of addresses is refused."""
    (row,) = centre.ask("ListAuthenticationProfiles")["AuthenticationProfileSummaryList"]
    at = {"AuthenticationProfileId": row["Id"]}
    centre.ask("UpdateAuthenticationProfile", **at, AllowedIps=["192.0.2.0/24"], PeriodicSessionDuration=30)
    shown = centre.ask("DescribeAuthenticationProfile", **at)["AuthenticationProfile"]
    assert (shown["AllowedIps"], shown["PeriodicSessionDuration"], shown["IsDefault"]) == (["192.0.2.0/24"], 30, True)
    assert centre.refused("UpdateAuthenticationProfile", **at, BlockedIps=["here"]) == "InvalidParameterException"


def table(centre: Centre) -> str:
    """A table of prices by country."""
    made = centre.ask("CreateDataTable", Name="Prices", TimeZone="UTC", ValueLockLevel="NONE", Status="PUBLISHED")["Id"]
    for name, kind, primary in (("Country", "TEXT", True), ("Price", "NUMBER", False)):
        centre.ask("CreateDataTableAttribute", DataTableId=made, Name=name, ValueType=kind, Primary=primary)
    return str(made)


def price(country: str, value: str) -> dict[str, Any]:
    return {"PrimaryValues": [{"AttributeName": "Country", "Value": country}], "AttributeName": "Price", "Value": value}


def test_a_data_table_holds_values_by_its_primary_ones(centre: Centre) -> None:
    """Good values are kept and bad ones told beside them; lists are narrowed by primary values."""
    at = {"DataTableId": table(centre)}
    values = [price("DE", "3"), price("FR", "4"), price("GB", "dear"), {**price("US", "1"), "AttributeName": "Colour"}]
    answer = centre.ask("BatchCreateDataTableValue", **at, Values=values)
    assert [one["PrimaryValues"][0]["Value"] for one in answer["Successful"]] == ["DE", "FR"]
    assert len(answer["Failed"]) == 2
    assert [one["Value"] for one in centre.ask("ListDataTableValues", **at)["Values"]] == ["3", "4"]
    wanted = [{"AttributeName": "Country", "Values": ["FR"]}]
    (row,) = centre.ask("ListDataTableValues", **at, PrimaryAttributeValues=wanted)["Values"]
    assert (row["AttributeName"], row["ValueType"], row["Value"]) == ("Price", "NUMBER", "4")
    listed = centre.ask("ListDataTablePrimaryValues", **at)["PrimaryValuesList"]
    assert [one["PrimaryValues"][0]["Value"] for one in listed] == ["DE", "FR"]
    again = centre.ask("BatchCreateDataTableValue", **at, Values=[price("DE", "5")])
    assert (again["Successful"], len(again["Failed"])) == ([], 1)


def test_a_data_table_has_a_name_of_its_own(centre: Centre) -> None:
    """Compared without case; reserved names and unknown time zones are refused; deleted it is gone."""
    at = {"DataTableId": table(centre)}
    wanted = {"TimeZone": "UTC", "ValueLockLevel": "NONE", "Status": "PUBLISHED"}
    assert centre.refused("CreateDataTable", Name="PRICES", **wanted) == "DuplicateResourceException"
    assert centre.refused("CreateDataTable", Name="aws:x", **wanted) == "InvalidParameterException"
    assert centre.refused("CreateDataTable", Name="x", **{**wanted, "TimeZone": "Moon"}) == "InvalidParameterException"
    assert [one["Name"] for one in centre.ask("ListDataTableAttributes", **at)["Attributes"]] == ["Country", "Price"]
    assert centre.ask("DescribeDataTable", **at)["DataTable"]["Name"] == "Prices"
    assert len(centre.ask("ListDataTables")["DataTableSummaryList"]) == 1
    centre.ask("DeleteDataTable", **at)
    assert centre.refused("DescribeDataTable", **at) == "ResourceNotFoundException"


def test_what_agents_work_with_has_tags(centre: Centre) -> None:
    """Views and data tables are tagged by their ARN."""
    view(centre, Tags={"team": "vip"})
    arn = centre.ask("ListViews", Type="CUSTOMER_MANAGED")["ViewsSummaryList"][0]["Arn"]
    assert centre.call("ListTagsForResource", resourceArn=arn)["tags"] == {"team": "vip"}
    assert refusal(centre, "ListTagsForResource", resourceArn=f"{arn}x") == "ResourceNotFoundException"
