"""Each rule on the flow as a whole and on the forms of an action has an example that breaks it and nothing else."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sbctl.core.flow_document import FlowDocument
from sbctl.flows.lint.around import Around
from sbctl.flows.lint.finding import Finding
from sbctl.flows.lint.lint import lint_document, lint_file
from sbctl.flows.lint.refusals import refusals
from sbctl.flows.lint.rules import ACCEPTANCE
from sbctl.flows.reading.read import read_flows
from tests.unit.flows.samples import condition, flow, sample

Content = dict[str, Any]
Change = Callable[[Content], object]
CASES = Path(__file__).parent / "cases"
RULES = {rule.name for rule in ACCEPTANCE}


def sound() -> Content:
    """A queue choice, a transfer and an end: [play, queue, move, end]."""
    failed = {"NextAction": "end", "ErrorType": "NoMatchingError"}
    full = {"NextAction": "end", "ErrorType": "QueueAtCapacity"}
    return {
        "Version": "2019-10-30",
        "StartAction": "play",
        "Actions": [
            action("play", "MessageParticipant", {"Text": "Hello"}, {"NextAction": "queue"}),
            action("queue", "UpdateContactTargetQueue", {"QueueId": "${queue:Sales}"}, then("move", failed)),
            action("move", "TransferContactToQueue", {}, then("end", full, failed)),
            action("end", "DisconnectParticipant", {}, {}),
        ],
    }


def action(name: str, kind: str, parameters: Content, transitions: Content) -> Content:
    return {"Identifier": name, "Type": kind, "Parameters": parameters, "Transitions": transitions}


def then(following: str, *errors: Content) -> Content:
    return {"NextAction": following, "Errors": list(errors)}


def findings(content: Content, flow_type: str = "CONTACT_FLOW", around: Around | None = None) -> list[Finding]:
    """Those of the rules on what AWS accepts."""
    document = FlowDocument("F", flow_type, "", content, "flows/f.json")
    return [one for one in lint_document(document, around or Around()) if one.rule in RULES]


def told(content: Content, flow_type: str = "CONTACT_FLOW") -> list[tuple[str, str]]:
    return sorted({(one.rule, one.level) for one in findings(content, flow_type)})


def at(number: int, path: str, value: Any) -> Change:
    """A change that sets one value of one action, by a dotted path."""

    def change(content: Content) -> None:
        *parents, last = path.split(".")
        target = content["Actions"][number]
        for parent in parents:
            target = target[parent]
        target[last] = value

    return change


def top(name: str, value: Any) -> Change:
    return lambda content: content.update({name: value})


def many(count: int) -> Change:
    """A flow of so many actions."""
    return lambda content: content["Actions"].extend(
        action(f"e{number}", "DisconnectParticipant", {}, {}) for number in range(count - 4)
    )


ERROR, WARNING = "error", "warning"
WHOLE: dict[str, tuple[Change, str, str]] = {
    "version": (top("Version", "2020-01-01"), "version", ERROR),
    "no version": (lambda content: content.pop("Version"), "version", ERROR),
    "start": (top("StartAction", "gone"), "start", ERROR),
    "no start": (lambda content: content.pop("StartAction"), "start", ERROR),
    "start an object": (top("StartAction", {}), "shape", ERROR),
    "actions an object": (top("Actions", {}), "shape", ERROR),
    "no actions": (lambda content: content.pop("Actions"), "shape", ERROR),
    "empty actions": (top("Actions", []), "actions", ERROR),
    "an action that is none": (lambda content: content["Actions"].append(5), "shape", ERROR),
    "an action without a type": (lambda content: content["Actions"].append({"Identifier": "x"}), "shape", ERROR),
    "twice": (at(2, "Identifier", "queue"), "identifiers", ERROR),
    "forbidden letters": (at(0, "Identifier", "a/b"), "identifiers", ERROR),
    "forbidden name": (at(0, "Identifier", "toString"), "identifiers", ERROR),
    "long name": (at(0, "Identifier", "a" * 51), "identifiers", ERROR),
    "target": (at(0, "Transitions.NextAction", "gone"), "target", ERROR),
    "target of an error": (
        at(1, "Transitions.Errors", [{"NextAction": "", "ErrorType": "NoMatchingError"}]),
        "target",
        ERROR,
    ),
    "251 actions": (many(251), "blocks", ERROR),
    "200 actions": (many(200), "blocks", WARNING),
    "long text": (at(0, "Parameters.Text", "a" * 256_000), "size", WARNING),
    "settings": (top("Settings", {}), "document-key", WARNING),
    "a key that is near": (top("Metadat", {}), "near-miss", WARNING),
    "placeholder": (at(0, "Parameters.Text", "${colour:red}"), "placeholder", ERROR),
    "placeholder without a name": (at(1, "Parameters.QueueId", "${queue}"), "placeholder", ERROR),
    "number": (at(0, "Parameters.Text", 5), "value-native", WARNING),
    "terminal without transitions": (lambda content: content["Actions"][3].pop("Transitions"), "terminal", WARNING),
    "object for an id": (at(1, "Parameters.QueueId", {"Id": "x"}), "value", ERROR),
    "an unknown type": (at(0, "Type", "SayHello"), "type-unknown", WARNING),
    "an empty parameter": (at(1, "Parameters.QueueId", ""), "id-empty", WARNING),
}


def test_the_sound_flow_has_no_findings() -> None:
    """The flow that the other examples break is fine."""
    assert findings(sound()) == []


@pytest.mark.parametrize(("change", "rule", "level"), WHOLE.values(), ids=WHOLE.keys())
def test_a_broken_flow_is_found(change: Change, rule: str, level: str) -> None:
    """By its rule and level, with a remedy."""
    content = sound()
    change(content)
    assert (rule, level) in told(content)
    assert all(one.fix and one.message for one in findings(content))
    assert any(one.level == ERROR for one in findings(content)) is (level == ERROR)


STORE = {"StoreInput": "True", "InputValidation": {"CustomValidation": {"MaximumLength": "4"}}}
PHONE = {"StoreInput": "True", "InputValidation": {"PhoneNumberValidation": {"NumberFormat": "E164"}}}
INPUT = {"Text": "Press 1", "InputTimeLimitSeconds": "5"}
MENU = ("NoMatchingError", "NoMatchingCondition", "InputTimeLimitExceeded")
NEW = "GetParticipantInput"
FORMS: dict[str, tuple[str, Content, tuple[str, ...], list[Content], list[tuple[str, str]]]] = {
    "menu": (NEW, {**INPUT, "StoreInput": "False"}, MENU, [condition("Equals", "1")], []),
    "menu, other key": (NEW, {**INPUT, "StoreInput": "False"}, MENU, [condition("Equals", "12")], [("operand-unknown", WARNING)]),
    "menu without errors": (NEW, {**INPUT, "StoreInput": "False"}, MENU[:1], [], [("error-missing", ERROR)]),
    "menu that validates": (NEW, {**INPUT, **STORE, "StoreInput": "False"}, MENU, [], [("menu-shape", ERROR)]),
    "menu with keys": (NEW, {**INPUT, "StoreInput": "False", "DTMFConfiguration": {}}, MENU, [], [("menu-shape", WARNING)]),
    "neither": (NEW, INPUT, MENU, [], [("parameter-missing", ERROR)]),
    "true": (NEW, {**INPUT, **STORE, "StoreInput": "true"}, MENU[:1], [], [("menu-shape", ERROR), ("value", ERROR)]),
    "store": (NEW, {**INPUT, **STORE}, MENU[:1], [], []),
    "store with menu errors": (NEW, {**INPUT, **STORE}, MENU, [], [("error-refused", ERROR)]),
    "store with conditions": (NEW, {**INPUT, **STORE}, MENU[:1], [condition("Equals", "1")], [("store-shape", ERROR)]),
    "store without validation": (NEW, {**INPUT, "StoreInput": "True"}, MENU[:1], [], [("store-shape", ERROR)]),
    "store of a phone number": (NEW, {**INPUT, **PHONE}, (*MENU[:1], "InvalidPhoneNumber"), [], []),
    "phone number without its error": (NEW, {**INPUT, **PHONE}, MENU[:1], [], [("error-missing", ERROR)]),
    "text with the error of numbers": (NEW, {**INPUT, **STORE}, (MENU[0], "InvalidPhoneNumber"), [], [("error-refused", ERROR)]),
    "encrypted phone number": (
        NEW, {**INPUT, **PHONE, "InputEncryption": {"Key": "$.External.k"}}, (MENU[0], "InvalidPhoneNumber"), [],
        [("store-shape", ERROR)],
    ),
    "cancel key as a boolean": (
        NEW, {**INPUT, **STORE, "DTMFConfiguration": {"DisableCancelKey": True}}, MENU[:1], [], [("value-native", ERROR)],
    ),
    "buffer": (NEW, {"EnableDTMFBuffer": "true"}, MENU[:1], [], []),
    "transfer that goes on": (
        "TransferParticipantToThirdParty",
        {"ThirdPartyPhoneNumber": "+15550100", "ThirdPartyConnectionTimeLimitSeconds": "30", "ContinueFlowExecution": "True"},
        ("NoMatchingError", "CallFailed"), [], [("error-missing", ERROR)],
    ),
    "transfer that ends": (
        "TransferParticipantToThirdParty",
        {"ThirdPartyPhoneNumber": "+15550100", "ThirdPartyConnectionTimeLimitSeconds": "30", "ContinueFlowExecution": "False"},
        ("NoMatchingError", "CallFailed"), [], [("error-refused", ERROR)],
    ),
    "chat analytics": (
        "UpdateContactRecordingAndAnalyticsBehavior", {"ChatBehavior": {}}, ("NoMatchingError", "ChannelMismatch"), [],
        [("error-missing", ERROR)],
    ),
    "voice analytics": (
        "UpdateContactRecordingAndAnalyticsBehavior", {"VoiceBehavior": {}},
        ("NoMatchingError", "ChannelMismatch", "InFlightRedactionConfigurationFailed"), [], [("error-refused", ERROR)],
    ),
    "priority": ("UpdateContactRoutingBehavior", {"QueuePriority": "1"}, (), [], []),
    "priority with an error": ("UpdateContactRoutingBehavior", {"QueuePriority": "1"}, MENU[:1], [], [("error-refused", ERROR)]),
    "priority 0": ("UpdateContactRoutingBehavior", {"QueuePriority": "0"}, (), [], [("routing-lifo", ERROR)]),
    "priority as a word": ("UpdateContactRoutingBehavior", {"QueuePriority": "high"}, (), [], [("routing-lifo", WARNING)]),
    "proficiencies": ("UpdateContactRoutingBehavior", {"RoutingProficiencies": {}}, (), [], [("error-missing", ERROR)]),
    "case": ("CreateCase", {"LinkContactToCase": "true", "CaseTemplateId": "t"}, MENU[:1], [], [("error-missing", WARNING)]),
    "loop 101": (
        "Loop", {"LoopCount": "101"}, (), [condition("Equals", "ContinueLooping"), condition("Equals", "DoneLooping")],
        [("loop-count", ERROR)],
    ),
    "loop by a number": (
        "Loop", {"LoopCount": 3}, (), [condition("Equals", "ContinueLooping"), condition("Equals", "DoneLooping")], [],
    ),
    "wait without time": ("Wait", {}, MENU[:1], [condition("Equals", "WaitCompleted")], [("parameter-missing", ERROR)]),
    "wait that goes on": (
        "Wait", {"ContinueExecution": "True", "MinimumWaitTimeSeconds": "5"}, MENU[:1],
        [condition("Equals", "WaitCompleted"), condition("Equals", "Continue")], [],
    ),
    "wait without its event": (
        "Wait", {"TimeLimitSeconds": "5", "Events": ["CustomerReturned"]}, MENU[:1], [condition("Equals", "WaitCompleted")],
        [("branch-missing", WARNING)],
    ),
    "a metric that is near": (
        "CheckMetricData", {"MetricType": "NumberOfAgentStaffed"}, MENU[:2], [condition("NumberGreaterThan", "0")],
        [("metric-condition", WARNING), ("near-miss", WARNING)][1:],
    ),
    "two agents": (
        "CheckMetricData", {"MetricType": "NumberOfAgentsStaffed"}, MENU[:2], [condition("NumberGreaterThan", "1")],
        [("metric-condition", WARNING)],
    ),
    "a literal compared": (
        "Compare", {"ComparisonValue": "5"}, MENU[1:2], [condition("Equals", "5")], [("reference-missing", ERROR)],
    ),
    "a namespace compared": (
        "Compare", {"ComparisonValue": "$.External"}, MENU[1:2], [condition("Equals", "5")], [("reference-bare", ERROR)],
    ),
    "keys with spaces": ("Compare", {"ComparisonValue": "$['Attributes']['a b']"}, MENU[1:2], [condition("Equals", "5")], []),
    "existing key": ("Compare", {"ComparisonValue": "$.Attributes.a"}, MENU[1:2], [condition("KeyExists")], []),
    "flat flow attribute": (
        "UpdateFlowAttributes", {"FlowAttributes": {"a": "b"}}, MENU[:1], [], [("flow-attribute-shape", ERROR)],
    ),
    "empty attribute": ("UpdateContactAttributes", {"Attributes": {"a": ""}}, MENU[:1], [], [("text-empty", ERROR)]),
    "attribute with a dot": ("UpdateContactAttributes", {"Attributes": {"a.b": "c"}}, MENU[:1], [], [("attribute-name", WARNING)]),
    "data of nothing": ("UpdateContactData", {}, MENU[:1], [], [("parameter-missing", ERROR)]),
    "a hook that is near": (
        "UpdateContactEventHooks", {"EventHooks": {"CustomerQueu": "$.Attributes.f"}}, MENU[:1], [], [("near-miss", WARNING)],
    ),
    "two hooks": (
        "UpdateContactEventHooks", {"EventHooks": {"CustomerQueue": "$.Attributes.f", "AgentHold": "$.Attributes.f"}}, MENU[:1], [],
        [("value-entries", WARNING)],
    ),
    "seven tags": ("TagContact", {"Tags": {str(number): "x" for number in range(7)}}, MENU[:1], [], [("value-entries", ERROR)]),
    "no tags": ("UntagContact", {"TagKeys": []}, MENU[:1], [], [("value-entries", ERROR)]),
    "bot without alias": (
        "ConnectParticipantWithLexBot", {"Text": "x", "LexV2Bot": {}}, MENU[:2], [], [("parameter-missing", ERROR)],
    ),
    "empty alias": (
        "ConnectParticipantWithLexBot", {"Text": "x", "LexV2Bot": {"AliasArn": ""}}, MENU[:2], [], [("id-empty", ERROR)],
    ),
    "Lambda of 30 seconds": (
        "InvokeLambdaFunction", {"LambdaFunctionARN": "${lambda:f}", "InvocationTimeLimitSeconds": "30"}, MENU[:1], [],
        [("lambda-timeout", WARNING)],
    ),
    "Lambda of 30 seconds beside the flow": (
        "InvokeLambdaFunction",
        {"LambdaFunctionARN": "${lambda:f}", "InvocationTimeLimitSeconds": "30", "InvocationType": "ASYNCHRONOUS"},
        MENU[:1], [], [],
    ),
    "response of another type": (
        "InvokeLambdaFunction",
        {
            "LambdaFunctionARN": "${lambda:f}",
            "InvocationTimeLimitSeconds": "3",
            "ResponseValidation": {"ResponseType": "JSON_OBJECT"},
        },
        MENU[:1], [], [("value", ERROR)],
    ),
    "two texts in a loop prompt": (
        "MessageParticipantIteratively", {"Messages": [{"Text": "a", "SSML": "b"}]}, (), [],
        [("flow-type", WARNING), ("messages", WARNING)],
    ),
    "values by reference": (
        "TransferParticipantToThirdParty",
        {
            "ThirdPartyPhoneNumber": "$.External.n",
            "ThirdPartyConnectionTimeLimitSeconds": "$.External.s",
            "ContinueFlowExecution": "$.External.c",
        },
        MENU[:1], [], [],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("kind", "parameters", "errors", "conditions", "expected"), FORMS.values(), ids=FORMS.keys())
def test_the_forms_of_an_action(
    kind: str, parameters: Content, errors: tuple[str, ...], conditions: list[Content], expected: list[tuple[str, str]]
) -> None:
    """By what a form must have and must not have."""
    branches = [{"NextAction": "end", "ErrorType": name} for name in errors]
    one = action("a", kind, parameters, {"NextAction": "end", "Errors": branches, "Conditions": conditions})
    assert told(flow(one)) == expected


PASSING = sorted(path.name for path in CASES.glob("FP-*.json"))
REPORTED = {
    "FN-arn-in-operand": "region-arn",
    "FN-bare-uuid": "id-bare",
    "FN-endless": "endless",
    "FN-lambda-arn": "region-arn",
    "FN-lex-arn": "region-arn",
    "FN-no-queue-set": "queue-unset",
    "FN-twice-1": "menu-key-twice",
    "FN-unreachable": "unreachable",
    "FN-empty-queue": "id-empty",
    "FN-no-bot": "parameter-group",
    "FN-store-no-validation": "store-shape",
    "FN-two-conditions-compare-empty": "compare-empty",
    "FN-view-arn": "placeholder",
}
"""What went unseen → its rule."""


@pytest.mark.parametrize("name", PASSING)
def test_what_amazon_connect_takes_is_no_error(name: str) -> None:
    """Exports that were refused by mistake."""
    (file,), problems = read_flows([CASES / name])
    assert problems == []
    assert [one for one in lint_file(file) if one.level == ERROR] == []


@pytest.mark.parametrize(("name", "rule"), REPORTED.items())
def test_what_went_unseen_is_found(name: str, rule: str) -> None:
    """By the rule that the table names."""
    (file,), _ = read_flows([CASES / f"{name}.json"])
    assert rule in {one.rule for one in lint_file(file)}


def test_every_case_has_its_rule() -> None:
    """None is left out of the table."""
    assert sorted(REPORTED) == sorted(path.stem for path in CASES.glob("FN-*.json"))


def test_a_draft_is_stored_unchecked() -> None:
    """What would only be refused when it is published is a warning; what sbctl cannot work with is not."""
    content = sound()
    content["Actions"][0]["Transitions"]["NextAction"] = "gone"
    content["Version"] = "x"
    found = findings(content, around=Around(is_draft=True))
    assert {(one.rule, one.level) for one in found} == {("target", WARNING), ("version", WARNING)}
    content["StartAction"] = {}
    assert ("shape", ERROR) in {(one.rule, one.level) for one in findings(content, around=Around(is_draft=True))}


def test_campaign_flows_are_not_judged() -> None:
    """Of their blocks nothing is known."""
    assert (
        findings({"Version": "x", "StartAction": "", "Actions": [{"Identifier": "a", "Type": "Journey"}]}, "CAMPAIGN")
        == []
    )


def test_modules_hold_every_action() -> None:
    """What the calling flow's type does not support takes its error branch."""
    assert told(flow(sample("EndFlowExecution"), kind="MODULE"), "MODULE") == []
    assert told(flow(sample("DequeueContactAndTransferToQueue"), kind="MODULE"), "MODULE") == []
    assert told(flow(sample("EndFlowModuleExecution"))) == [("flow-type", ERROR)]
    assert ("size", ERROR) in told(
        flow(sample("MessageParticipant") | {"Parameters": {"Text": "a" * 256_000}}, kind="MODULE"), "MODULE"
    )


def test_a_placeholder_in_an_export_is_text() -> None:
    """Callers may hear it; sbctl warns, since in a project it would be one of its own."""
    content = sound()
    content["Actions"][0]["Parameters"]["Text"] = "${name}"
    (one,) = findings(content, around=Around(has_placeholders=False))
    assert (one.level, one.path) == (WARNING, ("Actions", 0, "Parameters", "Text"))


def test_an_unknown_type_of_flow_is_found() -> None:
    """A flow type of our own invention is named, with the one that is meant."""
    assert [one.fix for one in findings(sound(), "CONTACT_FLOWS")] == ["Did you mean CONTACT_FLOW?"]


def test_all_findings_come_at_once() -> None:
    """Two faults in two blocks, also beside a block that has no form at all."""
    content = sound()
    content["Actions"][0]["Parameters"] = {}
    content["Actions"][1]["Transitions"]["Errors"] = []
    content["Actions"].append(5)
    assert told(content) == [("error-missing", ERROR), ("parameter-group", ERROR), ("shape", ERROR)]


def test_refusals_are_the_errors_with_the_flow_and_the_block() -> None:
    """Warnings are not among them."""
    content = sound()
    content["Actions"][0]["Parameters"]["Colour"] = "red"
    content["Actions"][1]["Transitions"]["Errors"] = []
    problems = refusals(FlowDocument("F", "CONTACT_FLOW", "", content, "flows/f.json"))
    assert [(one.detail, one.at) for one in problems] == [
        ("flow F, block queue: the branch for NoMatchingError is missing", "flows/f.json")
    ]


def test_a_document_is_not_changed() -> None:
    """By being looked at."""
    content = sound()
    before = copy.deepcopy(content)
    findings(content)
    assert content == before
