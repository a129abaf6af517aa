"""Contact flows: created whole, or as a draft in a circle; compared by meaning; AWS's problems told by action name."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from sbctl.core.aws.error import AwsError
from sbctl.core.flow_document import FlowDocument
from sbctl.core.kinds.sought import Sought
from sbctl.core.problem import SbctlError
from sbctl.resources.connect_flow import RESOURCE, FlowItem, FlowSpec
from sbctl.resources.content.flow_content import STUB
from tests.unit.resources.connect.script import Script, project, refused

IDS = {"instance": "i", "id": "f", "arn": "arn:f"}
SAID, CHANGED = (example.content for example in RESOURCE.examples)


def flow(**changed: Any) -> FlowSpec:
    """A flow as wanted or live."""
    values = {"instance": "i", "name": "Welcome", "type": "CONTACT_FLOW", "description": "d", "content": SAID}
    return FlowSpec(**{**values, **changed})


def row(**changed: Any) -> dict[str, Any]:
    """A flow as AWS answers."""
    values = {"Id": "f", "Arn": "arn:f", "Name": "Welcome", "Type": "CONTACT_FLOW", "Description": "d"}
    return {**values, "State": "ACTIVE", "Status": "PUBLISHED", "Content": json.dumps(SAID), **changed}


def document(content: dict[str, Any]) -> FlowDocument:
    """A flow of the project."""
    return FlowDocument("Welcome", "CONTACT_FLOW", "d", content, "flows/welcome.json")


def test_a_new_flow_is_published_with_its_content() -> None:
    """No caller meets anything else: what it refers to is there before."""
    aws = Script({"CreateContactFlow": [{"ContactFlowId": "f", "ContactFlowArn": "arn:f"}]})
    assert RESOURCE.create(aws, "us-east-1", flow(), "t") == IDS
    (sent,) = aws.params("CreateContactFlow")
    assert (json.loads(sent["Content"]), sent["Status"]) == (SAID, "PUBLISHED")


def test_a_flow_whose_content_comes_later_is_a_draft() -> None:
    """Flows that refer to each other in a circle can be created, and what they hold until then is never published."""
    aws = Script({"CreateContactFlow": [{"ContactFlowId": "f", "ContactFlowArn": "arn:f"}]})
    assert RESOURCE.create(aws, "us-east-1", flow(content=None), "t") == IDS
    (sent,) = aws.params("CreateContactFlow")
    assert (json.loads(sent["Content"]), sent["Status"]) == (STUB, "SAVED")


def test_a_draft_that_stays_one_is_a_problem() -> None:
    """That new content publishes a draft is in no page of AWS: where it does not, the report says so."""
    draft = {"ContactFlow": row(Id="f:$SAVED", Status="SAVED")}
    aws = Script({"DescribeContactFlow": [refused("ContactFlowNotPublishedException"), draft]})
    with pytest.raises(SbctlError) as caught:
        RESOURCE.update(aws, "us-east-1", IDS, flow(content=None), flow(), {})
    assert [problem.code for problem in caught.value.problems] == ["flow-not-published"]
    published = Script({"DescribeContactFlow": [{"ContactFlow": row()}]})
    RESOURCE.update(published, "us-east-1", IDS, flow(content=None), flow(), {})
    assert published.operations == ["UpdateContactFlowContent", "DescribeContactFlow"]


def test_content_is_sent_only_when_its_meaning_differs() -> None:
    """Layout in the metadata is not meaning; another text is."""
    aws = Script()
    moved = {**SAID, "Metadata": {"entryPointPosition": {"x": 1, "y": 2}}}
    RESOURCE.update(aws, "us-east-1", IDS, flow(content=moved), flow(), {})
    assert aws.made == []
    RESOURCE.update(aws, "us-east-1", IDS, flow(), flow(content=CHANGED), {})
    (sent,) = aws.params("UpdateContactFlowContent")
    assert json.loads(sent["Content"]) == CHANGED
    assert aws.operations == ["UpdateContactFlowContent"]


def test_description_and_state_go_in_one_call() -> None:
    """An archived flow is made active again together with its description."""
    aws = Script()
    RESOURCE.update(aws, "us-east-1", IDS, flow(state="ARCHIVED", description=""), flow(), {})
    (sent,) = aws.params("UpdateContactFlowMetadata")
    assert (sent["ContactFlowState"], sent["Description"]) == ("ACTIVE", "d")
    assert aws.operations == ["UpdateContactFlowMetadata"]


def test_problems_name_the_action() -> None:
    """AWS counts actions; people read identifiers. The message of the error itself is empty."""
    problem = {"message": "Action is missing required property. Path: Actions[1].Transitions.NextAction"}
    aws = Script({"UpdateContactFlowContent": [refused("InvalidContactFlowException", problems=[problem])]})
    with pytest.raises(AwsError) as caught:
        RESOURCE.update(aws, "us-east-1", IDS, flow(content=CHANGED), flow(), {})
    assert caught.value.message == "Action is missing required property. Path: action 'end'.Transitions.NextAction"
    assert caught.value.code == "InvalidContactFlowException"


def test_problems_of_a_creation_name_the_action() -> None:
    """The content goes with the creation, so AWS refuses it there."""
    problem = {"message": "Invalid Action property name. Path: Actions[0].Parameters.X"}
    aws = Script({"CreateContactFlow": [refused("InvalidContactFlowException", problems=[problem])]})
    with pytest.raises(AwsError, match="action 'play'"):
        RESOURCE.create(aws, "us-east-1", flow(), "t")


def test_an_unpublished_flow_exists_without_content() -> None:
    """AWS answers 404 for a flow that was never published; its draft shows that it is there, and what it holds."""
    draft = {"ContactFlow": row(Id="f:$SAVED", Status="SAVED")}
    aws = Script({"DescribeContactFlow": [refused("ContactFlowNotPublishedException"), draft]})
    live = RESOURCE.read(aws, "us-east-1", IDS)
    assert live is not None
    assert (live.spec.content, live.spec.draft) == (None, SAID)
    assert dict(live.ids) == IDS
    assert aws.params("DescribeContactFlow")[1]["ContactFlowId"] == "f:$SAVED"


def test_a_missing_flow_is_none() -> None:
    """Only ResourceNotFoundException means that there is no flow."""
    aws = Script({"DescribeContactFlow": [refused("ResourceNotFoundException")]})
    assert RESOURCE.read(aws, "us-east-1", IDS) is None


def test_rows_with_content_cost_no_further_call() -> None:
    """A page of a hundred flows is one call when the search fills the content."""
    aws = Script({"SearchContactFlows": [{"ContactFlows": [row(), row(Name="Other")]}]})
    live, other = RESOURCE.list(aws, "us-east-1", "i")
    assert live.spec == flow()
    assert other.spec.content == SAID
    assert aws.operations == ["SearchContactFlows"]


def test_a_row_with_a_draft_is_read() -> None:
    """What is published may be another content than the draft that a search tells of."""
    rows = {"ContactFlows": [row(Status="SAVED", Content="{}")]}
    aws = Script({"SearchContactFlows": [rows], "DescribeContactFlow": [{"ContactFlow": row()}]})
    (live,) = RESOURCE.list(aws, "us-east-1", "i")
    assert (live.spec.content, live.spec.draft) == (SAID, None)


def test_a_draft_is_wanted_made_and_changed_as_a_draft() -> None:
    """No caller meets it, and AWS does not check it. A flow that is published stays so."""
    known = replace(project(), flows={"Welcome": replace(document(STUB), status="SAVED")})
    (item,) = RESOURCE.defaults(known)
    (wanted,) = RESOURCE.expand(item, known, "us-west-2")
    assert (wanted.values["content"], wanted.values["draft"]) == (None, STUB)
    saved = flow(status="SAVED", content=None, draft=SAID)
    aws = Script({"CreateContactFlow": [{"ContactFlowId": "f", "ContactFlowArn": "a"}]})
    RESOURCE.create(aws, "us-east-1", saved, "t")
    RESOURCE.update(aws, "us-east-1", IDS, saved, flow(status="SAVED", content=None, draft=CHANGED), {})
    (made,), (sent,) = aws.params("CreateContactFlow"), aws.params("UpdateContactFlowContent")
    assert (made["Status"], json.loads(made["Content"])) == ("SAVED", SAID)
    assert (sent["ContactFlowId"], json.loads(sent["Content"])) == ("f:$SAVED", CHANGED)
    with pytest.raises(SbctlError) as caught:
        RESOURCE.update(aws, "us-east-1", IDS, flow(), flow(status="SAVED", content=None, draft=CHANGED), {})
    assert caught.value.problems[0].code == "flow-is-published"


@pytest.mark.parametrize("text", ["[]", "5", "no JSON", '{"Actions": 5}', '{"Actions": [5]}', "[" * 100_000])
def test_a_draft_that_is_no_flow_is_left_alone(text: str) -> None:
    """AWS stores whatever is sent as a draft."""
    draft = {"ContactFlow": row(Id="f:$SAVED", Status="SAVED", Content=text)}
    aws = Script({"DescribeContactFlow": [refused("ContactFlowNotPublishedException"), draft]})
    live = RESOURCE.read(aws, "us-east-1", IDS)
    assert live is not None
    assert (live.spec.content, live.spec.draft) == (None, None)


def test_a_row_without_content_is_read_if_wanted() -> None:
    """Where the search leaves the content out, only wanted flows are described."""
    rows = [row(Name="Default hold", Content=None), row(Content=None)]
    aws = Script({"SearchContactFlows": [{"ContactFlows": rows}], "DescribeContactFlow": [{"ContactFlow": row()}]})
    (live,) = RESOURCE.find(aws, "us-east-1", "i", Sought(frozenset({"Welcome"})))
    assert live.spec.content == SAID
    assert aws.operations == ["SearchContactFlows", "DescribeContactFlow"]


def test_a_flow_waits_for_the_functions_it_calls() -> None:
    """A flow that calls a function needs the function's association with the instance of its region."""
    call = {"Identifier": "look", "Parameters": {"LambdaFunctionARN": "${lambda:customer_lookup}"}}
    known = replace(project(), flows={"Welcome": document({**STUB, "Actions": [call]})})
    (item,) = RESOURCE.defaults(known)
    (wanted,) = RESOURCE.expand(item, known, "us-west-2")
    assert {str(address) for address in wanted.needs} == {"connect_lambda.us-west-2.customer_lookup"}
    assert wanted.at == "flows/welcome.json"


def test_an_unknown_flow_is_a_finding() -> None:
    """An item must name a flow of the project."""
    known = replace(project(), flows={"Welcome": document(STUB)})
    assert list(RESOURCE.check(FlowItem(name="Welcome"), known)) == []
    assert [field for field, _, _ in RESOURCE.check(FlowItem(name="Goodbye"), known)] == ["name"]
    assert list(RESOURCE.expand(FlowItem(name="Goodbye"), known, "us-east-1")) == []


def test_a_change_of_content_is_told_by_block() -> None:
    """People read which block changes; other fields have no notes."""
    assert any("play" in note for note in RESOURCE.notes("content", SAID, CHANGED))
    assert list(RESOURCE.notes("description", "a", "b")) == []
