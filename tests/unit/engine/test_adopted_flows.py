"""Flows in the words of a project: drafts, ids, and what AWS runs although the linter refuses it."""

from __future__ import annotations

from typing import Any

import pytest

from sbctl.core.flow_document import FlowDocument
from sbctl.core.kinds.resource import Live, NotSayable
from sbctl.core.project import Region
from sbctl.engine.adoption.documents import Documents, refuse_unserved, told
from sbctl.engine.adoption.excuses import excuse, refused_by, unworkable
from sbctl.engine.adoption.names import NamesById
from sbctl.resources.connect_flow import FlowSpec

EAST = Region("US-East-1", "us-east-1", is_primary=True, priority=1)
ACCOUNT = "123456789012"
USER = "77777777-2222-3333-4444-555555555555"
END = {"Identifier": "end", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}}


def flow(action: dict[str, Any], **changed: Any) -> Live[FlowSpec]:
    before = {"Identifier": "do", "Transitions": {"NextAction": "end", "Errors": [], "Conditions": []}, **action}
    content = {"Version": "2019-10-30", "StartAction": "do", "Metadata": {}, "Actions": [before, END]}
    values = {"instance": "i", "name": "Main", "type": "CONTACT_FLOW", "content": content, **changed}
    return Live(FlowSpec(**values), {"instance": "i", "id": "f", "arn": "arn:f"})


def test_an_id_of_one_instance_is_told_with_its_blocks_once() -> None:
    live = flow({"Type": "UpdateContactTargetQueue", "Parameters": {"AgentId": USER}})
    writer = Documents(NamesById(), EAST, ACCOUNT, {})
    found = list(writer.unresolved(live))
    assert [(one.flow, one.block, one.value, one.kind) for one in found] == [("Main", "do", USER, "user")]
    (line,) = told([*found, *found])
    assert "block do keeps" in line
    again = Documents(NamesById(), EAST, ACCOUNT, {USER: "$.Attributes.agent"})
    assert list(again.unresolved(live)) == []
    content = again.document(live, "flows", module=False).content
    assert content["Actions"][0]["Parameters"] == {"AgentId": "$.Attributes.agent"}


def test_a_draft_is_a_document_of_its_own_status() -> None:
    published = flow({"Type": "TransferContactToAgent"})
    draft = flow({}, content=None, draft=published.spec.content, status="SAVED")
    writer = Documents(NamesById(), EAST, ACCOUNT, {})
    assert [writer.document(one, "flows", module=False).status for one in (published, draft)] == ["PUBLISHED", "SAVED"]
    for unserved in (flow({}, content=None), flow({"Type": "X"}, state="ARCHIVED")):
        with pytest.raises(NotSayable):
            refuse_unserved(unserved)


def test_what_aws_runs_is_excused_and_what_sbctl_cannot_read_is_not() -> None:
    """An unknown block is no error; an error branch that is missing is one, which the flow's item then ignores."""

    def document(action: dict[str, Any], kind: str = "CONTACT_FLOW") -> FlowDocument:
        content = flow(action).spec.content
        return FlowDocument("Main", kind, "", content, "flows/main.json")

    assert refused_by(document({"Type": "SomethingNew", "Parameters": {"A": "b"}})) == []
    lacking = document({"Type": "CheckHoursOfOperation", "Parameters": {}})
    assert refused_by(lacking)
    assert unworkable(lacking) == ""
    assert [one["rule"] for one in excuse(refused_by(lacking))["ignore"]] == refused_by(lacking)
    assert unworkable(document({"Type": "SomethingNew", "Parameters": []}))
