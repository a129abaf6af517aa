"""What actions do to their contact, and which branch they take: a row a case."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from sbctl.sandbox.connect.contacts.contact import Channel, Contact
from sbctl.sandbox.connect.running.table import ACTIONS
from tests.sandbox.running.centre import ARN, FUNCTION, NOW, FakeCentre, action, caller, ends

ERRORS = (
    *("NoMatchingError", "NoMatchingCondition", "QueueAtCapacity", "ChannelMismatch", "InvalidCallbackNumber"),
    *("CallbackNumberNotDialable", "ParticipantNotFound"),
)
NEXT = "next"


@dataclass(frozen=True)
class Case:
    """An action alone in a flow. `took`: the branch; `then`: what is true of centre and contact afterwards."""

    type: str
    parameters: Mapping[str, Any]
    took: str = ""
    then: Callable[[FakeCentre, Contact], object] = lambda _centre, _contact: True
    channel: Channel = "VOICE"
    conditions: tuple[str, ...] = ()
    given: Callable[[FakeCentre, Contact], object] = lambda _centre, _contact: None
    id: str = field(default="", compare=False)


def waits(_centre: FakeCentre, contact: Contact) -> None:
    contact.queue, contact.queued = "sales", NOW - 10


def refuses(centre: FakeCentre, _contact: Contact) -> None:
    centre.refusal = "QueueAtCapacity"


def to_sales(_centre: FakeCentre, contact: Contact) -> None:
    contact.queue = "sales"


def to_ann(_centre: FakeCentre, contact: Contact) -> None:
    contact.agent = "ann"


def with_related(centre: FakeCentre, _contact: Contact) -> None:
    centre.other = caller()


def with_storage(centre: FakeCentre, _contact: Contact) -> None:
    centre.home.storage["s"] = {"kind": "MEDIA_STREAMS", "config": {}}


def with_tags(_centre: FakeCentre, contact: Contact) -> None:
    contact.tags.update({"aws:connect:systemEndpoint": "x", **{f"k{n}": "v" for n in range(5)}})


def figures(centre: FakeCentre, contact: Contact) -> None:
    contact.queue = "sales"
    centre.figures = {
        "NumberOfContactsInQueue": 3.0,
        "OldestContactInQueueAgeSeconds": 61.5,
        "NumberOfAgentsStaffed": 2.0,
    }


Given = Callable[[FakeCentre, Contact], object]


def both(one: Given, other: Given) -> Given:
    def given(centre: FakeCentre, contact: Contact) -> None:
        one(centre, contact)
        other(centre, contact)

    return given


def number(found: int) -> Callable[[FakeCentre, Contact], None]:
    def given(centre: FakeCentre, _contact: Contact) -> None:
        centre.chance = found

    return given


BAD, ERR = "NoMatchingError", "NoMatchingError"
QUEUE, OTHER = f"{ARN}/queue/sales", "arn:aws:connect:us-east-1:123456789012:instance/i-2/queue/sales"
HOURS = ("True", "False")
CALLBACK = {"InitialCallDelaySeconds": "5", "MaximumConnectionAttempts": "2", "RetryDelaySeconds": "600"}
TASK = {"Name": "Call $.CustomerEndpoint.Address", "ContactFlowId": "main", "Attributes": {"a": "$.Channel"}}
CASES = [
    # attributes, tags, data
    Case("UpdateContactAttributes", {"Attributes": {"a": "$.Channel", "b": "$.External.x"}},
         then=lambda _, c: c.attributes == {"a": "VOICE", "b": ""}),
    Case("UpdateContactAttributes", {"Attributes": {"a": "x" * 40_000}}, BAD, lambda _, c: c.attributes == {}),
    Case("UpdateContactAttributes", {"Attributes": {"a": "1"}, "TargetContact": "Related"}, BAD),
    Case("UpdateContactAttributes", {"Attributes": {"a": "1"}, "TargetContact": "Related"}, given=with_related,
         then=lambda t, c: t.other is not None and t.other.attributes == {"a": "1"} and c.attributes == {}),
    Case("UpdateFlowAttributes", {"FlowAttributes": {"a": {"Value": "1"}}}),
    Case("UpdateFlowAttributes", {"FlowAttributes": {"a": "1"}}, BAD),
    Case("UpdateFlowAttributes", {"FlowAttributes": {"a": {"Value": "x" * 40_000}}}, BAD),
    Case("UpdateContactData", {"Name": "N", "Description": "D", "LanguageCode": "de-DE", "CustomerId": "k"},
         then=lambda _, c: (c.name, c.description, c.language, c.customer_id) == ("N", "D", "de-DE", "k")),
    Case("UpdateContactData", {"References": {"doc": {"Type": "URL", "Value": "$.Channel"}}},
         then=lambda _, c: c.references == {"doc": {"Type": "URL", "Value": "VOICE"}}),
    Case("UpdateContactData", {"IsVoiceIdStreamingEnabled": "TRUE"}, BAD),
    Case("UpdateContactData", {"Name": "N", "TargetContact": "Related"}, BAD),
    Case("TagContact", {"Tags": {"a": "$.Channel"}}, then=lambda _, c: c.tags == {"a": "VOICE"}),
    Case("TagContact", {"Tags": {"a": "1", "b": "2"}}, BAD, lambda _, c: len(c.tags) == 6, given=with_tags),
    Case("TagContact", {"Tags": {"a": "1"}}, then=lambda _, c: c.tags["a"] == "1", given=with_tags),
    Case("TagContact", {"Tags": {"aws:x": "1"}}, BAD),
    Case("UntagContact", {"TagKeys": ["k1", "none"]}, then=lambda _, c: "k1" not in c.tags, given=with_tags),
    # queues
    Case("UpdateContactTargetQueue", {"QueueId": QUEUE}, then=lambda _, c: (c.queue, c.agent) == ("sales", "")),
    Case("UpdateContactTargetQueue", {"QueueId": "$.Attributes.queue"}, BAD),
    Case("UpdateContactTargetQueue", {"QueueId": OTHER}, BAD, lambda _, c: c.queue == ""),
    Case("UpdateContactTargetQueue", {"QueueId": "Sales"}, BAD),
    Case("UpdateContactTargetQueue", {"AgentId": "ann"}, then=lambda _, c: (c.queue, c.agent) == ("", "ann")),
    Case("UpdateContactTargetQueue", {"QueueId": f"{ARN}/queue/agent/ann"}, then=lambda _, c: c.agent == "ann"),
    Case("UpdateContactTargetQueue", {"AgentId": "bob"}, BAD),
    Case("TransferContactToQueue", {}, BAD),
    Case("TransferContactToQueue", {}, "QueueAtCapacity", given=both(refuses, to_sales)),
    Case("TransferContactToQueue", {}, BAD, given=waits),
    Case("TransferContactToQueue", {}, "queued", lambda t, _: t.queued == [("sales", "")], given=to_sales),
    Case("TransferContactToQueue", {}, "queued", lambda t, _: t.queued == [("", "ann")], given=to_ann),
    Case("TransferContactToQueue", {}, "queued", channel="TASK", given=to_sales),
    Case("DequeueContactAndTransferToQueue", {"QueueId": "vip"}, BAD),
    Case("DequeueContactAndTransferToQueue", {"QueueId": "vip"}, "", lambda t, _: t.queued == [("vip", "")], given=waits),
    Case("DequeueContactAndTransferToQueue", {"QueueId": "nix"}, BAD, given=waits),
    Case("DequeueContactAndTransferToQueue", {"QueueId": "vip"}, "QueueAtCapacity",
         given=both(refuses, waits)),
    Case("TransferContactToAgent", {}, "disconnect"),
    Case("TransferContactToAgent", {}, "queued", lambda t, _: t.queued == [("", "ann")], given=to_ann),
    Case("TransferContactToAgent", {}, "disconnect", given=both(refuses, to_ann)),
    Case("RouteContactToAgent", {}, BAD, given=waits),
    Case("RouteContactToAgent", {"AgentId": "ann"}, "", lambda t, _: t.queued == [("sales", "ann")], given=waits),
    Case("UpdateContactRoutingBehavior", {"QueuePriority": "1"}, then=lambda _, c: c.priority == 1),
    Case("UpdateContactRoutingBehavior", {"QueueTimeAdjustmentSeconds": "-30"}, then=lambda _, c: c.routing_age == -30),
    Case("UpdateContactRoutingBehavior", {"QueuePriority": "0"}, BAD, lambda _, c: c.priority == 5),
    Case("UpdateContactRoutingCriteria", {"RoutingCriteria": {"Steps": [{"Expression": {}}]}},
         then=lambda _, c: c.criteria == {"Steps": [{"Expression": {}}]}),
    Case("UpdateContactRoutingCriteria", {"RoutingCriteria": "$.External.criteria"}, BAD),
    # checks
    Case("CheckHoursOfOperation", {"HoursOfOperationId": "day"}, "True", conditions=HOURS),
    Case("CheckHoursOfOperation", {"HoursOfOperationId": f"{ARN}/operating-hours/night"}, "False", conditions=HOURS),
    Case("CheckHoursOfOperation", {"HoursOfOperationId": "nix"}, BAD, conditions=HOURS),
    Case("CheckHoursOfOperation", {}, "True", conditions=HOURS, given=to_sales),
    Case("CheckHoursOfOperation", {}, BAD, conditions=HOURS, given=to_ann),
    Case("CheckHoursOfOperation", {}, BAD, conditions=HOURS),
    Case("CheckMetricData", {"MetricType": "NumberOfContactsInQueue"}, "3", conditions=("2", "3"), given=figures),
    Case("CheckMetricData", {"MetricType": "OldestContactInQueueAgeSeconds"}, "61500", conditions=("61500",), given=figures),
    Case("CheckMetricData", {"MetricType": "NumberOfContactsInQueue", "QueueId": "vip"}, "3", conditions=("3",), given=figures),
    Case("CheckMetricData", {"MetricType": "NumberOfAgentsStaffed", "AgentId": "ann"}, "NoMatchingCondition", given=figures),
    Case("CheckMetricData", {"MetricType": "NumberOfAgentsStaffed", "AgentId": "bob"}, BAD, given=figures),
    Case("CheckMetricData", {"MetricType": "NumberOfAgentsStaffed", "QueueId": "nix"}, BAD, given=figures),
    Case("CheckMetricData", {"MetricType": "NumberOfAgentsAvailable"}, BAD, given=figures),
    Case("CheckMetricData", {"MetricType": "NumberOfContactsInQueue"}, BAD),
    Case("GetMetricData", {}, "", given=figures),
    Case("GetMetricData", {}, BAD, given=to_sales),
    Case("GetMetricData", {}, BAD),
    Case("CheckOutboundCallStatus", {}, BAD),
    Case("Compare", {"ComparisonValue": "$.Channel"}, "VOICE", conditions=("CHAT", "VOICE")),
    Case("Compare", {"ComparisonValue": "$.Channel"}, "NoMatchingCondition", conditions=("voice",)),
    Case("Compare", {"ComparisonValue": "$.Attributes.nix"}, "NoMatchingCondition", conditions=(" ",)),
    Case("DistributeByPercentage", {}, "100", conditions=("100",), given=number(100)),
    # settings
    Case("UpdateContactTextToSpeechVoice", {"TextToSpeechVoice": "Matthew", "TextToSpeechEngine": "Neural"},
         then=lambda _, c: c.voice == "Matthew"),
    Case("UpdateContactTextToSpeechVoice", {"TextToSpeechVoice": "Nobody"}, BAD, lambda _, c: c.voice == "Joanna"),
    Case("UpdateContactTextToSpeechVoice", {"TextToSpeechVoice": "Joanna", "TextToSpeechEngine": "x"}, BAD),
    Case("UpdateContactTextToSpeechVoice", {"TextToSpeechVoice": "Nobody"}, "", channel="CHAT"),
    Case("UpdateFlowLoggingBehavior", {"FlowLoggingBehavior": "Enabled"}, then=lambda _, c: c.logging),
    Case("UpdateFlowLoggingBehavior", {"FlowLoggingBehavior": "Disabled"}, then=lambda _, c: not c.logging),
    Case("UpdateContactRecordingBehavior", {"RecordingBehavior": {"RecordedParticipants": ["Agent", "Customer"]}},
         then=lambda _, c: c.recording == {"Agent", "Customer"}),
    Case("UpdateContactRecordingBehavior", {"RecordingBehavior": {"RecordedParticipants": []}},
         then=lambda _, c: c.recording == frozenset()),
    Case("UpdateContactRecordingAndAnalyticsBehavior",
         {"VoiceBehavior": {"VoiceRecordingBehavior": {"RecordedParticipants": ["Agent"]}}},
         then=lambda _, c: c.recording == {"Agent"}),
    Case("UpdateContactRecordingAndAnalyticsBehavior", {"ChatBehavior": {}}, "ChannelMismatch"),
    Case("UpdateContactRecordingAndAnalyticsBehavior", {"ChatBehavior": {}}, "", channel="CHAT"),
    Case("UpdateContactRecordingAndAnalyticsBehavior", {"VoiceBehavior": {}}, "ChannelMismatch", channel="TASK"),
    Case("UpdateContactEventHooks", {"EventHooks": {"CustomerQueue": "waiting"}},
         then=lambda _, c: c.hooks == {"CustomerQueue": "waiting"}),
    Case("UpdateContactEventHooks", {"EventHooks": {"CustomerQueue": f"{ARN}/contact-flow/waiting:$LATEST"}},
         then=lambda _, c: c.hooks == {"CustomerQueue": "waiting:$LATEST"}),
    Case("UpdateContactEventHooks", {"EventHooks": {"AgentWhisper": "waiting"}}, BAD, lambda _, c: not c.hooks),
    Case("UpdateContactEventHooks", {"EventHooks": {"CustomerQueue": "nix"}}, BAD),
    Case("UpdateContactEventHooks", {"EventHooks": {"Unheard": "waiting"}}, BAD),
    Case("UpdateContactEventHooks", {"EventHooks": {"CustomerHold": "hold"}}, BAD, channel="CHAT"),
    Case("UpdateContactEventHooks", {"EventHooksConfiguration": {"AgentWhisper": {"DisableExecution": "true"}}},
         then=lambda _, c: c.hooks == {"AgentWhisper": ""}),
    Case("UpdateContactMediaStreamingBehavior", {"MediaStreamingState": "Enabled"}, BAD),
    Case("UpdateContactMediaStreamingBehavior", {"MediaStreamingState": "Enabled"}, "", given=with_storage),
    Case("UpdateContactMediaProcessing", {"ChatProcessor": {}}, "ChannelMismatch"),
    Case("UpdateContactMediaProcessing", {"ChatProcessor": {}}, "", channel="CHAT"),
    Case("UpdatePreviousContactParticipantState", {"PreviousContactParticipantState": "OffHold"}, BAD),
    Case("ResumeContact", {}, "", channel="TASK"),
    Case("ResumeContact", {}, BAD),
    Case("CreatePersistentContactAssociation", {"SourceContactId": "c-0"}, "", lambda _, c: c.related == "c-0", channel="CHAT"),
    Case("CreatePersistentContactAssociation", {"SourceContactId": "$.Attributes.nix"}, BAD, channel="CHAT"),
    Case("CreatePersistentContactAssociation", {"SourceContactId": "c-0"}, BAD),
    # calls and contacts
    Case("UpdateContactCallbackNumber", {"CallbackNumber": "$.CustomerEndpoint.Address"},
         then=lambda _, c: c.callback_number == "+12025550100"),
    Case("UpdateContactCallbackNumber", {"CallbackNumber": "442079460000"},
         then=lambda _, c: c.callback_number == "+442079460000"),
    Case("UpdateContactCallbackNumber", {"CallbackNumber": "$.Attributes.nix"}, "InvalidCallbackNumber"),
    Case("UpdateContactCallbackNumber", {"CallbackNumber": "+999123456789"}, "CallbackNumberNotDialable"),
    Case("UpdateContactCallbackNumber", {"CallbackNumber": "+12025550100"}, "InvalidCallbackNumber", channel="CHAT"),
    Case("CreateCallbackContact", CALLBACK, "", lambda t, _: t.callbacks == [
        ("+12025550100", "sales", {"delay": 5.0, "retry": 600.0, "attempts": 2})], given=to_sales),
    Case("CreateCallbackContact", {**CALLBACK, "ContactFlowId": "main"}, "", lambda t, _: t.callbacks == [
        ("+12025550100", "", {"delay": 0.0, "retry": 600.0, "attempts": 2, "flow": "main"})]),
    Case("CreateCallbackContact", CALLBACK, BAD),
    Case("CreateCallbackContact", {**CALLBACK, "ContactFlowId": "waiting"}, BAD, given=to_sales),
    Case("CreateCallbackContact", CALLBACK, BAD, channel="TASK", given=to_sales),
    Case("CreateTask", TASK, "", lambda t, _: t.begun == [("TASK", "main", {
        "name": "Call +12025550100", "description": "", "attributes": {"a": "VOICE"}, "references": {}})]),
    Case("CreateTask", {**TASK, "DelaySeconds": "60"}, "", lambda t, _: t.begun[0][2]["at"] == NOW + 60),
    Case("CreateTask", {**TASK, "ScheduledTime": str(NOW - 1)}, BAD),
    Case("CreateTask", {**TASK, "ContactFlowId": "waiting"}, BAD),
    Case("CreateTask", TASK, BAD, given=refuses),
    Case("CreateTask", {"Name": "N", "TaskTemplateId": "t"}, "", lambda t, _: t.begun[0][1] == "main"),
    Case("CreateTask", {"Name": "N", "TaskTemplateId": "nix"}, BAD),
    Case("StartOutboundChatContact", {"ContactFlowArn": "main", "DestinationEndpoint": {"Address": "+12025550101"}}, "",
         lambda t, _: t.begun == [("CHAT", "main", {"to": "+12025550101", "source": "", "message": ""})]),
    Case("StartOutboundChatContact", {"ContactFlowArn": "nix"}, BAD),
    # prompts
    Case("MessageParticipant", {"Text": "Hi $.CustomerEndpoint.Address"}, then=lambda t, _: t.said == ["Hi +12025550100"]),
    Case("MessageParticipant", {"Text": "<speak>Hi</speak>"}, then=lambda t, _: t.heard[0].kind == "SSML"),
    Case("MessageParticipant", {"SSML": "<speak>Hi"}, BAD),
    Case("MessageParticipant", {"SSML": "<p>Hi</p>"}, BAD),
    Case("MessageParticipant", {"PromptId": "beep"}, then=lambda t, _: t.said == ["beep"]),
    Case("MessageParticipant", {"PromptId": "nix"}, BAD),
    Case("MessageParticipant", {"Media": {"Uri": "s3://b/$.Channel.wav"}}, then=lambda t, _: t.said == ["s3://b/VOICE.wav"]),
    Case("MessageParticipant", {"Text": "x" * 6001}, BAD),
    Case("MessageParticipant", {"Text": "$.Attributes.nix"}, BAD),
    Case("MessageParticipant", {"PromptId": "beep"}, BAD, channel="CHAT"),
    Case("MessageParticipant", {"Text": "Hi"}, "", lambda t, _: t.said == ["Hi"], channel="CHAT"),
    Case("MessageParticipantIteratively", {"Messages": [{"Text": "Hold"}]}, BAD, channel="TASK"),
    Case("MessageParticipantIteratively", {"Messages": []}, BAD),
    # channels and what is not run
    Case("GetParticipantInput", {"Text": "1?", "StoreInput": "False", "InputTimeLimitSeconds": "5"}, BAD, channel="CHAT"),
    Case("ShowView", {"ViewResource": {"Id": "form"}, "InvocationTimeLimitSeconds": "400"}, BAD),
    Case("ConnectParticipantWithLexBot", {"Text": "Hi", "LexV2Bot": {"AliasArn": "a"}}, BAD, channel="TASK"),
    Case("ConnectParticipantWithLexBot", {"Text": "Hi", "LexV2Bot": {"AliasArn": "$.Attributes.nix"}}, BAD),
    Case("InvokeLambdaFunction", {"LambdaFunctionARN": FUNCTION.replace("lookup", "other")}, BAD),
    Case("TransferParticipantToThirdParty", {"ThirdPartyPhoneNumber": "123", "ThirdPartyConnectionTimeLimitSeconds": "9"}, BAD),
    Case("TransferToFlow", {"ContactFlowId": "waiting"}, BAD),
    Case("TransferToFlow", {"ContactFlowId": "draft"}, BAD),
    Case("TransferToFlow", {"ContactFlowId": "nix"}, BAD),
    Case("InvokeFlowModule", {"FlowModuleId": "nix"}, BAD),
    Case("Loop", {"LoopCount": "many"}, BAD),
    Case("Loop", {"LoopCount": "101"}, BAD),
    Case("Loop", {"Elements": "$.External.list"}, BAD),
    Case("Wait", {"TimeLimitSeconds": "60"}, BAD),
    Case("Wait", {"TimeLimitSeconds": "soon"}, BAD, channel="CHAT"),
    Case("Wait", {"TimeLimitSeconds": "60", "Events": ["CustomerReturned"]}, "ParticipantNotFound", channel="TASK"),
    Case("Wait", {"TimeLimitSeconds": "60", "Events": ["BotParticipantDisconnected"]}, "ParticipantNotFound", channel="CHAT"),
    *(Case(name, {}, BAD) for name, one in ACTIONS.items() if one.how == "not run"),
    Case("NobodyKnowsThis", {"a": "b"}, BAD),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=[f"{n}-{one.type}-{one.took or 'next'}" for n, one in enumerate(CASES)])
def test_an_action_takes_its_branch(case: Case) -> None:
    """Each action does its work and goes on, or leaves the contact as it was and takes the branch of its error."""
    centre, contact = furnished(), caller(case.channel)
    case.given(centre, contact)
    branches = {name: name for name in ERRORS} | {f"_{one}": one for one in case.conditions}
    flow = action("it", case.type, case.parameters, NEXT, **branches)
    centre.flow("f", flow, *ends(NEXT, *ERRORS, *case.conditions))
    turn = centre.run("f", contact).begin()
    if case.took in ("queued", "disconnect") and turn.block == "it":
        assert getattr(turn, "how", "") == case.took
    else:
        assert turn.block == (case.took or NEXT)
        assert centre.took["it"] == case.took
    assert case.then(centre, contact)


def furnished() -> FakeCentre:
    """A centre with queues, hours, flows, a prompt and an agent."""
    centre = FakeCentre()
    for name in ("sales", "vip"):
        centre.add("queue", name, HoursOfOperationId="day")
    begin = {"Hours": 8, "Minutes": 0}
    centre.add("operating-hours", "day", TimeZone="UTC", Config=[
        {"Day": "WEDNESDAY", "StartTime": begin, "EndTime": {"Hours": 18, "Minutes": 0}}])  # fmt: skip
    centre.add("operating-hours", "night", TimeZone="UTC", Config=[])
    centre.add("prompt", "beep")
    centre.add("task-template", "t", ContactFlowId="main")
    centre.add("agent", "ann", Username="ann", IdentityInfo={"FirstName": "Ann"})
    centre.flow("main", *ends("end"))
    centre.flow("waiting", *ends("end"), type_="CUSTOMER_QUEUE")
    centre.flow("hold", *ends("end"), type_="CUSTOMER_HOLD")
    centre.flow("draft", *ends("end")).values["Content"] = None
    return centre
