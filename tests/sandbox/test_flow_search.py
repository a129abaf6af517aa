"""Lists and searches of flows and modules in the simulated Connect: by type, state, status, tags, drafts among them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.connect_calls import Centre
from tests.sandbox.connect_instance import content

SAYS = content("MessageParticipant", {"Text": "One."})
MODULE = content("MessageParticipant", {"Text": "One."}, "EndFlowModuleExecution")
DEFAULTS = 3


@pytest.fixture(scope="module")
def centre() -> Centre:
    """Flows and modules of several sorts, as search has them after a moment."""
    made = Centre()
    create(made, "In", "CONTACT_FLOW", Tags={"team": "a"})
    create(made, "Draft", "CONTACT_FLOW", Status="SAVED", Tags={"team": "b"})
    create(made, "Queue", "CUSTOMER_QUEUE", Tags={"team": "a"})
    old = create(made, "Old", "CONTACT_FLOW")
    made.ask("UpdateContactFlowMetadata", ContactFlowId=old, ContactFlowState="ARCHIVED")
    for name in ("Greet", "Bye"):
        made.ask("CreateContactFlowModule", Name=name, Content=MODULE)
    made.clock.advance(2)
    return made


def create(centre: Centre, name: str, kind: str, **more: Any) -> str:
    return str(centre.ask("CreateContactFlow", Name=name, Type=kind, Content=SAYS, **more)["ContactFlowId"])


def found(centre: Centre, **params: Any) -> set[str]:
    """The names that a search finds, without the flows that AWS puts into an instance."""
    rows = centre.ask("SearchContactFlows", **params)["ContactFlows"]
    return {row["Name"] for row in rows} & {"In", "Draft", "Queue", "Old"}


@pytest.mark.parametrize(
    ("criteria", "names"),
    [
        ({}, {"In", "Draft", "Queue", "Old"}),
        ({"TypeCondition": "CUSTOMER_QUEUE"}, {"Queue"}),
        ({"StatusCondition": "SAVED"}, {"Draft"}),
        ({"StatusCondition": "PUBLISHED"}, {"In", "Queue", "Old"}),
        ({"StateCondition": "ARCHIVED"}, {"Old"}),
        ({"AndConditions": [{"TypeCondition": "CONTACT_FLOW"}, {"StateCondition": "ACTIVE"}]}, {"In", "Draft"}),
        ({"OrConditions": [{"StateCondition": "ARCHIVED"}, {"StatusCondition": "SAVED"}]}, {"Old", "Draft"}),
        (
            {"TypeCondition": "CONTACT_FLOW", "StringCondition": {"FieldName": "name", "Value": "dr"}},
            {"Draft"},
        ),
    ],
)
def test_criteria_of_flows(centre: Centre, criteria: dict[str, Any], names: set[str]) -> None:
    """Each alone and together with others."""
    assert found(centre, SearchCriteria=criteria) == names


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ({"ContactFlowTypeCondition": {"ContactFlowType": "CUSTOMER_QUEUE"}}, {"Queue"}),
        ({"TagCondition": {"TagKey": "team", "TagValue": "a"}}, {"In", "Queue"}),
        (
            {
                "AndCondition": {
                    "TagConditions": [{"TagKey": "team"}],
                    "ContactFlowTypeCondition": {"ContactFlowType": "CONTACT_FLOW"},
                }
            },
            {"In", "Draft"},
        ),
        (
            {
                "OrConditions": [
                    {"TagConditions": [{"TagKey": "team", "TagValue": "b"}]},
                    {"ContactFlowTypeCondition": {"ContactFlowType": "CUSTOMER_QUEUE"}},
                ]
            },
            {"Draft", "Queue"},
        ),
    ],
)
def test_the_filter_of_flows(centre: Centre, wanted: dict[str, Any], names: set[str]) -> None:
    """Types beside tags."""
    assert found(centre, SearchFilter={"FlowAttributeFilter": wanted}) == names


def test_lists_tell_drafts_from_published_flows(centre: Centre) -> None:
    """By their status; pages hold each flow once."""
    rows: list[dict[str, Any]] = []
    token: dict[str, str] = {}
    while token or not rows:
        page = centre.ask("ListContactFlows", MaxResults=2, **token)
        rows += page["ContactFlowSummaryList"]
        token = {"NextToken": page["NextToken"]} if "NextToken" in page else {}
    told = {row["Name"]: (row["ContactFlowStatus"], row["ContactFlowState"]) for row in rows}
    assert len(rows) == len(told) == 4 + DEFAULTS
    assert (told["Draft"], told["In"]) == (("SAVED", "ACTIVE"), ("PUBLISHED", "ACTIVE"))
    assert told["Old"] == ("PUBLISHED", "ARCHIVED")
    queues = centre.ask("ListContactFlows", ContactFlowTypes=["CUSTOMER_QUEUE"])["ContactFlowSummaryList"]
    assert [row["Name"] for row in queues] == ["Queue"]


def test_a_search_shows_a_draft_where_nothing_is_published(centre: Centre) -> None:
    """And the published content of all others, whatever their draft says."""
    rows = {row["Name"]: row for row in centre.ask("SearchContactFlows")["ContactFlows"]}
    assert (rows["Draft"]["Status"], rows["In"]["Status"]) == ("SAVED", "PUBLISHED")
    at = {"ContactFlowId": f"{rows['In']['Id']}:$SAVED"}
    centre.ask("UpdateContactFlowContent", **at, Content=SAYS.replace("One", "Two"))
    centre.clock.advance(2)
    (shown,) = (row for row in centre.ask("SearchContactFlows")["ContactFlows"] if row["Name"] == "In")
    assert (shown["Content"], shown["Status"]) == (SAYS, "PUBLISHED")


def test_modules_are_searched_by_state_and_status(centre: Centre) -> None:
    """Modules are published when they are made."""
    rows = centre.ask("ListContactFlowModules")["ContactFlowModulesSummaryList"]
    (greet,) = (row["Id"] for row in rows if row["Name"] == "Greet")
    centre.ask("UpdateContactFlowModuleMetadata", ContactFlowModuleId=greet, State="ARCHIVED")
    centre.clock.advance(2)
    for criteria, names in (
        ({"StateCondition": "ARCHIVED"}, {"Greet"}),
        ({"StatusCondition": "PUBLISHED"}, {"Greet", "Bye"}),
        ({"StatusCondition": "SAVED"}, set()),
    ):
        answer = centre.ask("SearchContactFlowModules", SearchCriteria=criteria)
        assert {row["Name"] for row in answer["ContactFlowModules"]} == names
        assert answer["ApproximateTotalCount"] == len(names)


def test_names_are_changed_by_two_operations(centre: Centre) -> None:
    """The older knows no state; a name that another flow has is refused by both; drafts are renamed too."""
    named = create(centre, "Before", "CONTACT_FLOW", Status="SAVED")
    centre.ask("UpdateContactFlowName", ContactFlowId=named, Name="After", Description="why")
    shown = centre.ask("DescribeContactFlow", ContactFlowId=f"{named}:$SAVED")["ContactFlow"]
    assert (shown["Name"], shown["Description"]) == ("After", "why")
    for operation in ("UpdateContactFlowName", "UpdateContactFlowMetadata"):
        assert centre.refused(operation, ContactFlowId=named, Name="In") == "DuplicateResourceException"
        assert centre.refused(operation, ContactFlowId=named, Name="After") == ""
    centre.ask("DeleteContactFlow", ContactFlowId=named)
    assert centre.refused("UpdateContactFlowName", ContactFlowId=named, Name="x") == "ResourceNotFoundException"
