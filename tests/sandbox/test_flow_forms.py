"""What the simulated Connect wants of actions beside its table: forms, names of things, modules' contracts, the document."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from random import Random
from typing import Any

import pytest

from sbctl.sandbox.connect.flow_language.accepted import actions
from tests.sandbox.flow_samples import CONTRACT, MODULE, Bench, branching, condition, errors, flow, given, wired

WRONG = "Invalid Action property value. Path: Actions[0].{}"
MISSING = "Action is missing required property. Path: Actions[0].{}"
ERROR = "Action is missing required error. Error: {}, Path: Actions[0]"
NO_ERROR = "Invalid Action error. Error: {}"
NOBODY = "00000000-0000-0000-0000-000000000000"
STORED = {"Text": "x", "InputTimeLimitSeconds": "5", "StoreInput": "True"}
CUSTOM = {"CustomValidation": {"MaximumLength": "5"}}
PHONE = {"PhoneNumberValidation": {"NumberFormat": "E164"}}
MENU = {"Text": "x", "InputTimeLimitSeconds": "5", "StoreInput": "False"}
MENU_ERRORS = ["NoMatchingError", "NoMatchingCondition", "InputTimeLimitExceeded"]
ELSEWHERE = "arn:aws:connect:us-west-2:123456789012:instance/11111111-1111-1111-1111-111111111111/queue/" + NOBODY


@pytest.fixture(scope="module")
def bench() -> Bench:
    return Bench()


def action(kind: str, parameters: dict[str, Any], wires: list[str], *conditions: Any) -> dict[str, Any]:
    made = {"Identifier": "a", "Type": kind, "Parameters": parameters, "Transitions": {"NextAction": "end"}}
    return branching(wired(made, *wires), *conditions)


INPUTS: list[tuple[dict[str, Any], list[str], list[str]]] = [
    (MENU, MENU_ERRORS, []),
    ({**MENU, "StoreInput": False}, MENU_ERRORS, []),
    ({**MENU, "InputTimeLimitSeconds": "300"}, MENU_ERRORS, []),
    (MENU, ["NoMatchingError"], [ERROR.format("NoMatchingCondition"), ERROR.format("InputTimeLimitExceeded")]),
    (MENU, [*MENU_ERRORS, "InvalidPhoneNumber"], [NO_ERROR.format("InvalidPhoneNumber")]),
    ({**MENU, "InputValidation": CUSTOM}, MENU_ERRORS, [WRONG.format("Parameters.InputValidation")]),
    ({**MENU, "DTMFConfiguration": {"DisableCancelKey": "True"}}, MENU_ERRORS, []),
    (
        {**MENU, "DTMFConfiguration": {"DisableCancelKey": True}},
        MENU_ERRORS,
        ["Invalid Action type. Type: GetParticipantInput, Path: Actions[0].Type"],
    ),
    ({**STORED, "InputValidation": CUSTOM}, ["NoMatchingError"], []),
    ({**STORED, "InputValidation": CUSTOM, "InputEncryption": {"Key": "x"}}, ["NoMatchingError"], []),
    ({**STORED, "InputValidation": PHONE}, ["NoMatchingError", "InvalidPhoneNumber"], []),
    ({**STORED, "InputValidation": PHONE}, ["NoMatchingError"], [ERROR.format("InvalidPhoneNumber")]),
    (
        {**STORED, "InputValidation": PHONE, "InputEncryption": {"Key": "x"}},
        ["NoMatchingError", "InvalidPhoneNumber"],
        [WRONG.format("Parameters.InputEncryption")],
    ),
    (
        {**STORED, "InputValidation": {**PHONE, **CUSTOM}},
        ["NoMatchingError", "InvalidPhoneNumber"],
        [WRONG.format("Parameters.InputValidation")],
    ),
    ({**STORED, "InputValidation": {"x": "y"}}, ["NoMatchingError"], [WRONG.format("Parameters.InputValidation")]),
    (STORED, ["NoMatchingError"], [MISSING.format("Parameters.InputValidation")]),
    (
        {**STORED, "InputValidation": CUSTOM},
        MENU_ERRORS,
        [NO_ERROR.format("NoMatchingCondition"), NO_ERROR.format("InputTimeLimitExceeded")],
    ),
    (
        {**STORED, "InputValidation": CUSTOM},
        ["NoMatchingError", "InvalidPhoneNumber"],
        [NO_ERROR.format("InvalidPhoneNumber")],
    ),
    ({"EnableDTMFBuffer": "true"}, ["NoMatchingError"], []),
    ({"EnableDTMFBuffer": "false", "StoreInput": "True", "InputEncryption": {"Key": "x"}}, ["NoMatchingError"], []),
    (
        {"EnableDTMFBuffer": "true"},
        ["NoMatchingError", "NoMatchingCondition"],
        [NO_ERROR.format("NoMatchingCondition")],
    ),
    ({"Text": "x", "InputTimeLimitSeconds": "5"}, ["NoMatchingError"], [MISSING.format("Parameters.StoreInput")]),
    ({**MENU, "StoreInput": "true"}, MENU_ERRORS, [WRONG.format("Parameters.StoreInput")]),
]


@pytest.mark.parametrize(("parameters", "wires", "said"), INPUTS)
def test_forms_of_input(bench: Bench, parameters: dict[str, Any], wires: list[str], said: list[str]) -> None:
    """A menu, digits that are stored, a buffer: each wants its own errors and parameters."""
    assert bench.of(action("GetParticipantInput", parameters, wires)) == said


def test_stored_input_has_no_branches(bench: Bench) -> None:
    """An empty list of conditions is none."""
    stored = action("GetParticipantInput", {**STORED, "InputValidation": CUSTOM}, ["NoMatchingError"])
    assert bench.of(branching(stored, condition("1"))) == ["Action does not support conditions"]
    assert bench.of(branching(stored)) == []


REDACTION = "InFlightRedactionConfigurationFailed"
BEHAVIOUR = ["NoMatchingError", "ChannelMismatch"]
THIRD = {"ThirdPartyPhoneNumber": "+4930123456", "ThirdPartyConnectionTimeLimitSeconds": "30"}
GOING_ON = {**THIRD, "ContinueFlowExecution": "True"}
CALL_ERRORS = ["CallFailed", "ConnectionTimeLimitExceeded"]
BOT = {"LexV2Bot": {"AliasArn": "arn"}}
BOTS = "Parameters.LexV2Bot.AliasArn"
LEX_ERRORS = ["NoMatchingError", "NoMatchingCondition"]
FORMS: list[tuple[str, dict[str, Any], list[str], list[str]]] = [
    ("Compare", {"ComparisonValue": "$.Attributes.x"}, ["NoMatchingCondition"], []),
    ("Compare", {"ComparisonValue": "$['Attributes']['x']"}, ["NoMatchingCondition"], []),
    ("Compare", {"ComparisonValue": "$.Channel"}, ["NoMatchingCondition"], []),
    ("Compare", {"ComparisonValue": "$.External"}, ["NoMatchingCondition"], [WRONG.format("Parameters.ComparisonValue")]),
    ("Compare", {"ComparisonValue": "yes"}, ["NoMatchingCondition"], [WRONG.format("Parameters.ComparisonValue")]),
    ("UpdateContactCallbackNumber", {"CallbackNumber": "+4930"}, ["InvalidCallbackNumber", "CallbackNumberNotDialable"], []),
    ("UpdateContactAttributes", {"Attributes": {"a": "", "b": "c"}}, ["NoMatchingError"], ["Empty value in Parameters.Attributes"]),
    ("UpdateContactAttributes", {"Attributes": {"a": " "}}, ["NoMatchingError"], []),
    ("UpdateFlowAttributes", {"FlowAttributes": {"a": {"Value": "b"}}}, ["NoMatchingError"], []),
    ("UpdateFlowAttributes", {"FlowAttributes": {"a": "b"}}, ["NoMatchingError"], [WRONG.format("Parameters.FlowAttributes")]),
    ("UpdateContactData", {}, ["NoMatchingError"], [MISSING.format("Parameters")]),
    ("UpdateContactData", {"References": {"a": {"Value": "b"}}}, ["NoMatchingError"], []),
    ("UpdateContactRecordingAndAnalyticsBehavior", {"ChatBehavior": {}}, BEHAVIOUR, [ERROR.format(REDACTION)]),
    ("UpdateContactRecordingAndAnalyticsBehavior", {"ChatBehavior": {}}, [*BEHAVIOUR, REDACTION], []),
    ("UpdateContactRecordingAndAnalyticsBehavior", {"VoiceBehavior": {}}, BEHAVIOUR, []),
    ("UpdateContactRecordingAndAnalyticsBehavior", {"VoiceBehavior": {}}, [*BEHAVIOUR, REDACTION], [NO_ERROR.format(REDACTION)]),
    ("UpdateContactRoutingBehavior", {"QueuePriority": "2"}, [], []),
    ("UpdateContactRoutingBehavior", {"QueuePriority": "2"}, ["NoMatchingError"], [NO_ERROR.format("NoMatchingError")]),
    ("UpdateContactRoutingBehavior", {"RoutingProficiencies": {}}, ["NoMatchingError"], []),
    ("UpdateContactRoutingBehavior", {"RoutingProficiencies": {}}, [], [ERROR.format("NoMatchingError")]),
    ("TransferParticipantToThirdParty", {**THIRD, "ContinueFlowExecution": "False"}, ["NoMatchingError"], []),
    (
        "TransferParticipantToThirdParty",
        {**THIRD, "ContinueFlowExecution": "False"},
        ["NoMatchingError", *CALL_ERRORS],
        [NO_ERROR.format(name) for name in CALL_ERRORS],
    ),
    ("TransferParticipantToThirdParty", GOING_ON, ["NoMatchingError", *CALL_ERRORS], []),
    ("TransferParticipantToThirdParty", GOING_ON, ["NoMatchingError"], [ERROR.format(name) for name in CALL_ERRORS]),
    (
        "InvokeLambdaFunction",
        {"LambdaFunctionARN": "arn:aws:lambda:us-east-1:123456789012:function:x", "ResponseValidation": {"ResponseType": "JSON"}},
        ["NoMatchingError"],
        [],
    ),
    (
        "InvokeLambdaFunction",
        {"LambdaFunctionARN": "$.Attributes.f", "ResponseValidation": {"ResponseType": "JSON_OBJECT"}},
        ["NoMatchingError"],
        [WRONG.format("Parameters.ResponseValidation.ResponseType")],
    ),
    ("ConnectParticipantWithLexBot", {"Text": "x", **BOT}, LEX_ERRORS, []),
    ("ConnectParticipantWithLexBot", {"LexInitializationData": {"InitialMessage": "x"}, **BOT}, LEX_ERRORS, []),
    ("ConnectParticipantWithLexBot", {"Text": "x", "LexV2Bot": {"AliasArn": ""}}, LEX_ERRORS, [WRONG.format(BOTS)]),
    ("ConnectParticipantWithLexBot", {"Text": "x", "LexV2Bot": {}}, LEX_ERRORS, [MISSING.format(BOTS)]),
    ("MessageParticipant", {"Text": "x", "SkipWhenDTMFBufferEnabled": "True"}, [], []),
    (
        "UpdateContactMediaProcessing",
        {"ChatProcessor": {"ChatProcessorSettings": {}}},
        BEHAVIOUR,
        [MISSING.format("Parameters.ChatProcessor.ChatProcessorSettings.DeliverUnprocessedMessages")],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "parameters", "wires", "said"), FORMS)
def test_other_forms(bench: Bench, kind: str, parameters: dict[str, Any], wires: list[str], said: list[str]) -> None:
    """Each with its parameters and errors; what only a page says is taken."""
    assert bench.of(action(kind, parameters, wires)) == said


def test_transfers_of_agents_may_go_on_either_way(bench: Bench) -> None:
    """Their flows were seen to refuse the errors that all others want."""
    for wires in (["NoMatchingError"], ["NoMatchingError", *CALL_ERRORS]):
        assert bench.of(action("TransferParticipantToThirdParty", GOING_ON, wires), "AGENT_TRANSFER") == []


@pytest.mark.parametrize(
    ("metric", "operator", "operand", "refused"),
    [
        ("NumberOfAgentsAvailable", "NumberGreaterThan", "0", False),
        ("NumberOfAgentsStaffed", "NumberGreaterThan", "5", True),
        ("NumberOfAgentsOnline", "Equals", "0", True),
        ("NumberOfContactsInQueue", "NumberLessThan", "5", False),
        ("OldestContactInQueueAgeSeconds", "NumberGreaterThan", "60000", False),
        ("SomethingNew", "Equals", "1", False),
    ],
)
def test_metrics_of_agents(bench: Bench, metric: str, operator: str, operand: str, refused: bool) -> None:
    """The service tells whether there are agents, not how many."""
    made = action("CheckMetricData", {"MetricType": metric}, LEX_ERRORS, condition(operand, operator))
    assert bench.of(made) == ([WRONG.format("Transitions.Conditions")] if refused else [])


def test_waiting(bench: Bench) -> None:
    """For a time, or in the newer form beside the flow."""
    done = condition("WaitCompleted")
    assert bench.of(action("Wait", {}, ["NoMatchingError"], done)) == [MISSING.format("Parameters.TimeLimitSeconds")]
    newer = {"ContinueExecution": "True", "MinimumWaitTimeSeconds": "5"}
    assert bench.of(action("Wait", newer, ["NoMatchingError"], done, condition("Continue"))) == []


def test_equals_compares_with_one_thing(bench: Bench) -> None:
    """Two operands of it are refused, no operand of KeyExists is taken, and numbers are texts."""
    two = {"NextAction": "end", "Condition": {"Operator": "Equals", "Operands": ["1", "2"]}}
    made = action("Compare", {"ComparisonValue": "$.Attributes.x"}, ["NoMatchingCondition"])
    assert bench.of(branching(made, two)) == [WRONG.format("Transitions.Conditions[0].Condition.Operands")]
    exists = {"NextAction": "end", "Condition": {"Operator": "KeyExists", "Operands": []}}
    assert bench.of(branching(made, exists, condition(5, "NumberLessThan"), condition("x", "Exists"))) == []


NAMED = (
    ("UpdateContactTargetQueue", "QueueId", "queue"),
    ("CheckHoursOfOperation", "HoursOfOperationId", "hours"),
    ("TransferToFlow", "ContactFlowId", "flow"),
    ("InvokeFlowModule", "FlowModuleId", "module"),
    ("MessageParticipant", "PromptId", "prompt"),
    ("CreateTask", "ContactFlowId", "flow"),
    ("StartOutboundChatContact", "ContactFlowArn", "flow"),
)


@pytest.mark.parametrize(("kind", "name", "holds"), NAMED)
def test_what_is_named_must_be_there(bench: Bench, kind: str, name: str, holds: str) -> None:
    """In this instance, by its id or ARN; references are not looked at."""
    sample = {**bench.sample(kind)}
    arn = bench.named[holds]
    refused = [WRONG.format(f"Parameters.{name}")]
    for value in (arn, arn.rpartition("/")[2], "$.Attributes.later"):
        assert bench.of(given(sample, **{name: value})) == [], value
    others: tuple[Any, ...] = (NOBODY, ELSEWHERE, arn.replace("us-east-1", "us-west-2"), "", {"Id": arn}, 5, arn + "x")
    for value in others:
        assert bench.of(given(sample, **{name: value})) == refused, value
    qualified = holds in ("flow", "module")
    assert bench.of(given(sample, **{name: f"{arn}:$LATEST"})) == ([] if qualified else refused)
    assert bench.of(given(sample, **{name: f"{arn}:7"})) == refused


def test_hooks_and_messages_name_things_too(bench: Bench) -> None:
    """Flows of hooks, and prompts in a loop of messages."""
    hooks = action("UpdateContactEventHooks", {"EventHooks": {"CustomerQueue": NOBODY}}, ["NoMatchingError"])
    assert bench.of(hooks) == [WRONG.format("Parameters.EventHooks.CustomerQueue")]
    spoken = action("MessageParticipantIteratively", {"Messages": [{"Text": "x"}, {"PromptId": NOBODY}]}, [])
    assert bench.of(spoken) == [WRONG.format("Parameters.Messages[1].PromptId")]


def test_what_the_sandbox_has_nothing_of_is_taken(bench: Bench) -> None:
    """Functions, bots, views, agents and their queues."""
    agents = f"{bench.centre.arn}/queue/agent/{NOBODY}"
    assert bench.of(action("UpdateContactTargetQueue", {"QueueId": agents}, ["NoMatchingError"])) == []
    assert bench.of(action("UpdateContactTargetQueue", {"AgentId": NOBODY}, ["NoMatchingError"])) == []
    view = {"ViewResource": {"Id": "form"}, "InvocationTimeLimitSeconds": "5"}
    assert bench.of(action("ShowView", view, [*LEX_ERRORS, "TimeLimitExceeded"])) == []


def test_versions_and_aliases_can_be_named(bench: Bench) -> None:
    """Of modules, whose contract is then that of the version."""
    module = bench.named["module"]
    bench.centre.ask("CreateContactFlowModuleVersion", ContactFlowModuleId=module)
    at = {"ContactFlowModuleId": module, "AliasName": "live", "ContactFlowModuleVersion": 1}
    alias = bench.centre.ask("CreateContactFlowModuleAlias", **at)["Id"]
    for suffix in ("1", alias, "$LATEST", "$SAVED"):
        made = action(
            "InvokeFlowModule", {"FlowModuleId": f"{module}:{suffix}"}, ["NoMatchingError"], condition("Good")
        )
        assert bench.of(made) == [], suffix
    settings = json.dumps({"transitions": {"results": [{"name": "Other"}]}})
    bench.centre.ask("UpdateContactFlowModuleContent", ContactFlowModuleId=module, Settings=settings)
    for suffix, said in (("1", []), ("$LATEST", [WRONG.format("Transitions.Conditions")])):
        made = action(
            "InvokeFlowModule", {"FlowModuleId": f"{module}:{suffix}"}, ["NoMatchingError"], condition("Good")
        )
        assert bench.of(made) == said, suffix
    bench.centre.ask("UpdateContactFlowModuleContent", ContactFlowModuleId=module, Settings=CONTRACT)


@pytest.mark.parametrize(
    ("given_in", "refused"),
    [
        ({"name": "x"}, ""),
        ({"count": 3}, ""),
        ({"name": "$.Attributes.x"}, ""),
        ({"count": "3"}, "count"),
        ({"count": "$.Attributes.x"}, "count"),
        ({"count": True}, "count"),
        ({"count": 3.5}, "count"),
        ({"other": "x"}, "other"),
    ],
)
def test_what_goes_into_a_module(bench: Bench, given_in: dict[str, Any], refused: str) -> None:
    """By its schema: JSON's own types, and references only for strings."""
    made = action("InvokeFlowModule", {"FlowModuleId": bench.named["module"], "Input": given_in}, ["NoMatchingError"])
    assert bench.of(made) == ([WRONG.format(f"Parameters.Input.{refused}")] if refused else [])


@pytest.mark.parametrize(
    ("parameters", "refused"),
    [
        ({}, ""),
        ({"Result": "Good"}, ""),
        ({"Result": "Bad", "ResultData": {"found": False}}, ""),
        ({"Result": "Success"}, "Result"),
        ({"ResultData": {"found": "true"}}, "ResultData.found"),
        ({"ResultData": {"other": "x"}}, "ResultData.other"),
    ],
)
def test_what_comes_out_of_a_module(bench: Bench, parameters: dict[str, Any], refused: str) -> None:
    """The branch must be declared, and the data fit the schema."""
    made = {"Identifier": "a", "Type": "EndFlowModuleExecution", "Parameters": parameters, "Transitions": {}}
    assert bench.of(made, MODULE) == ([WRONG.format(f"Parameters.{refused}")] if refused else [])


def test_branches_of_a_module_at_its_call(bench: Bench) -> None:
    """Only those that it declares."""
    named = {"FlowModuleId": bench.named["module"]}
    assert bench.of(action("InvokeFlowModule", named, LEX_ERRORS, condition("Good"), condition("Bad"))) == []
    made = action("InvokeFlowModule", named, LEX_ERRORS, condition("Great"))
    assert bench.of(made) == [WRONG.format("Transitions.Conditions")]
    unknown = action("InvokeFlowModule", {"FlowModuleId": "$.Attributes.m"}, LEX_ERRORS, condition("Great"))
    assert bench.of(unknown) == []


def test_settings_of_a_module(bench: Bench) -> None:
    """A JSON object with eight branches at most; a module without any has no contract."""
    whole = {"Name": "Other", "Content": flow(bench.sample("EndFlowModuleExecution") | {"Parameters": {}})}
    create = "CreateContactFlowModule"
    many = json.dumps({"transitions": {"results": [{"name": str(number)} for number in range(9)]}})
    assert bench.centre.problems(create, **whole, Settings=many) == ["A module has at most 8 branches"]
    for text in ("[]", "no", "3"):
        assert bench.centre.refused(create, **whole, Settings=text) == "InvalidRequestException"
    for text in ("{}", "null", json.dumps({"transitions": 3, "input": [], "resultData": {"schema": 4}})):
        assert bench.centre.refused(create, **whole, Settings=text) == (
            "" if text != "null" else "InvalidRequestException"
        )
        for row in bench.centre.ask("ListContactFlowModules")["ContactFlowModulesSummaryList"]:
            if row["Name"] == "Other":
                bench.centre.ask("DeleteContactFlowModule", ContactFlowModuleId=row["Id"])


VERSION = "Invalid flow property value. Path: Version"
START = "Invalid flow property value. Path: StartAction"
END = {"Identifier": "a", "Type": "EndFlowExecution", "Transitions": {}}
IDENTIFIER = WRONG.format("Identifier")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", ["Invalid JSON"]),
        ("{", ["Invalid JSON"]),
        ("[]", ["Invalid JSON"]),
        ('"flow"', ["Invalid JSON"]),
        ("NaN", ["Invalid JSON"]),
        ("[" * 100_000, ["Invalid JSON"]),
        ("{}", ["Flow is missing required property. Path: Actions"]),
        (flow(Actions={}), ["Flow is missing required property. Path: Actions"]),
        (flow(Actions=[]), ["Flow is missing required property. Path: Actions"]),
        (flow(Version="2020-01-01"), [VERSION]),
        (flow(Version=["2019-10-30"]), [VERSION]),
        (flow(StartAction="gone"), [START]),
        (flow(StartAction={"a": "b"}), [START]),
        (flow(StartAction=None), [START]),
        (flow(Type="CONTACT_FLOW", Name="x", Metadata=None), []),
        (flow(END, END), ["Duplicate action identifiers"]),
        (flow({**END, "Identifier": "x" * 51}), [IDENTIFIER]),
        (flow({**END, "Identifier": "x" * 50}), []),
        (flow({**END, "Identifier": "Grüße & 日本, nein"}), [IDENTIFIER]),
        (flow({**END, "Identifier": "Grüße & 日本"}), []),
        (flow({**END, "Identifier": "constructor"}), [IDENTIFIER]),
        (
            flow({**END, "Identifier": ""}),
            [MISSING.format("Identifier")],
        ),
        (flow({**END, "Identifier": 5}, StartAction="end"), [MISSING.format("Identifier")]),
        (flow({**END, "Type": ""}), [MISSING.format("Type")]),
        (flow({**END, "Type": None}), [MISSING.format("Type")]),
        (flow({**END, "Parameters": []}), [WRONG.format("Parameters")]),
        (flow({**END, "Transitions": "end"}), [WRONG.format("Transitions")]),
        (flow({**END, "Transitions": {"NextAction": None, "Errors": None, "Conditions": []}}), []),
        (flow(Actions=["end"], StartAction="end"), [START, "Invalid Action. Path: Actions[0]"]),
        (flow(*({**END, "Identifier": f"a{n}"} for n in range(249))), []),
        (flow(*({**END, "Identifier": f"a{n}"} for n in range(250))), ["Flow exceeds the maximum size"]),
        (flow(END, Metadata={"notes": "x" * 256_000}), ["Flow exceeds the maximum size"]),
    ],
)
def test_the_document(bench: Bench, content: str, said: list[str]) -> None:
    """What cannot be a flow at all, whatever its actions."""
    if content:
        assert bench.said(content) == said
    if content.startswith("{"):
        assert bench.said(content, "CAMPAIGN") == (["Invalid JSON"] if content == "{" else [])


LEADS = {"Identifier": "a", "Type": "NextYearsAction"}


@pytest.mark.parametrize(
    ("transitions", "said"),
    [
        ({"NextAction": "end"}, []),
        ({"NextAction": ""}, [WRONG.format("Transitions.NextAction")]),
        ({"NextAction": ["end"]}, [WRONG.format("Transitions.NextAction")]),
        ({"Errors": {}}, [WRONG.format("Transitions.Errors")]),
        ({"Errors": ["x"]}, [WRONG.format("Transitions.Errors[0]")]),
        ({"Errors": [{"ErrorType": "X"}]}, [MISSING.format("Transitions.Errors[0].NextAction")]),
        ({"Errors": [{"NextAction": "end"}]}, [MISSING.format("Transitions.Errors[0].ErrorType")]),
        ({"Errors": [{"NextAction": "gone", "ErrorType": "X"}]}, [WRONG.format("Transitions.Errors[0].NextAction")]),
        ({"Conditions": 5}, [WRONG.format("Transitions.Conditions")]),
        ({"Conditions": [None]}, [WRONG.format("Transitions.Conditions[0]")]),
        ({"Conditions": [{"NextAction": "end"}]}, [MISSING.format("Transitions.Conditions[0].Condition")]),
        (
            {"Conditions": [{"NextAction": "end", "Condition": {}}]},
            [MISSING.format("Transitions.Conditions[0].Condition.Operator")],
        ),
        (
            {"Conditions": [{"NextAction": "end", "Condition": {"Operator": "Equals", "Operands": "1"}}]},
            [WRONG.format("Transitions.Conditions[0].Condition.Operands")],
        ),
        (
            {"Conditions": [{"NextAction": "end", "Condition": {"Operator": "Equals", "Operands": [{}]}}]},
            [WRONG.format("Transitions.Conditions[0].Condition.Operands")],
        ),
        (
            {"Conditions": [{"Condition": {"Operator": "Equals", "Operands": ["1"]}}]},
            [MISSING.format("Transitions.Conditions[0].NextAction")],
        ),
    ],
)
def test_the_shape_of_transitions(bench: Bench, transitions: dict[str, Any], said: list[str]) -> None:
    """Of any type of action, also of one that nobody knows yet."""
    assert bench.of({**LEADS, "Transitions": transitions}) == said


def test_doubts_are_said_in_the_log(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    """What AWS may refuse is taken, and the sandbox's log says so; what is whole is not spoken of."""
    caplog.set_level("INFO", logger="sbctl.sandbox")
    assert bench.of(bench.sample("TransferToFlow")) == []
    assert caplog.messages == []
    assert bench.of({**LEADS, "Transitions": {"NextAction": "end"}}) == []
    assert "NextYearsAction" in caplog.text
    assert "CONTACT_FLOW" in caplog.text


def test_drafts_are_json_and_nothing_else(bench: Bench) -> None:
    """Published later, the same content is looked at."""
    centre = bench.centre
    made = centre.ask("CreateContactFlow", Name="Draft", Type="CONTACT_FLOW", Content="[1]", Status="SAVED")
    at = {"ContactFlowId": f"{made['ContactFlowId']}:$SAVED"}
    assert centre.problems("UpdateContactFlowContent", **at, Content="{}") == []
    assert centre.problems("UpdateContactFlowContent", **at, Content="{") == ["Invalid JSON"]
    assert centre.problems("UpdateContactFlowContent", **at, Content='"half a pair: \ud800"') == []
    assert len(centre.ask("DescribeContactFlow", **at)["ContactFlow"]["FlowContentSha256"]) == 64
    assert centre.problems("UpdateContactFlowContent", **at, Content="{}") == []
    shown = centre.ask("DescribeContactFlow", **at)["ContactFlow"]
    assert (shown["Content"], shown["Status"]) == ("{}", "SAVED")
    assert centre.problems("UpdateContactFlowContent", ContactFlowId=made["ContactFlowId"], Content="{}") != []
    assert (
        centre.refused("DescribeContactFlow", ContactFlowId=made["ContactFlowId"]) == "ContactFlowNotPublishedException"
    )
    assert centre.refused("CreateContactFlow", Name="x", Type="CONTACT_FLOW", Content="{", Status="SAVED")


JUNK: tuple[Any, ...] = (
    *(None, "", "$.Attributes.x", "gone", 5, -1, 1e300, True, False, [], {}, [None], {"a": None}, [[]], "\ud800"),
    *({"": ""}, "a" * 300, [{"Text": 5}], {"CustomValidation": 5}, {"PhoneNumberValidation": []}, ["$"], 10**400),
)


def damaged(tree: Any, random: Random) -> Any:
    """The tree with something else at a random place, or without it."""
    places = [(tree, key) for key in (tree if isinstance(tree, dict) else range(len(tree)))]
    for holder, key in places:
        inner = holder[key]
        if isinstance(inner, dict | list):
            places += [(inner, other) for other in (inner if isinstance(inner, dict) else range(len(inner)))]
    holder, key = random.choice(places)
    if random.random() < 0.3:
        del holder[key]
    else:
        holder[key] = deepcopy(random.choice(JUNK))
    return tree


def test_damaged_flows_are_answered(bench: Bench) -> None:
    """2,000 of them: what is wrong is said, and nothing else happens."""
    random, refused = Random(19), 0
    samples = [bench.sample(kind) for kind in sorted(actions())]
    for number in range(2000):
        tree = json.loads(flow(*({**random.choice(samples), "Identifier": name} for name in ("a", "b"))))
        for _ in range(random.randint(1, 4)):
            if tree:
                damaged(tree, random)
        said = bench.said(json.dumps(tree), MODULE if number % 5 == 0 else "CONTACT_FLOW")
        refused += bool(said)
        assert all(isinstance(text, str) and text for text in said)
    assert 0 < refused < 2000


CASES: dict[str, Any] = json.loads(Path(__file__).with_name("flow_cases.json").read_text(encoding="utf-8"))
"""Flows that were once refused and are sound (FP), and that deserve a word (FN); AWS refuses a few of the latter."""


@pytest.mark.parametrize("name", sorted(CASES))
def test_flows_that_people_made(bench: Bench, name: str) -> None:
    """Of those that deserve a word only what the service itself was seen to refuse; placeholders name what is there."""
    case = CASES[name]
    text = json.dumps(case["content"]).replace("${region}", "us-east-1").replace("${flow:FP-say}", bench.named["flow"])
    if "${module:" in text:
        closed = json.dumps({"transitions": {"results": [{"name": "closed"}]}})
        body = flow({"Identifier": "a", "Type": "EndFlowModuleExecution", "Parameters": {"Result": "closed"}})
        made = bench.centre.ask("CreateContactFlowModule", Name="Result", Content=body, Settings=closed)
        text = text.replace("${module:FP-module-result}", made["Arn"])
    assert bool(bench.said(text, case["type"])) == case["refused"]


def test_samples_wire_what_they_should() -> None:
    """What the other tests take away is there."""
    assert errors(wired({"Transitions": {}}, "A", "B")) == ["A", "B"]
