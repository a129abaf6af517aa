"""Queues, functions, prompts, modules, channels and single settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from sbctl.flows.lint.around import Around
from sbctl.flows.lint.practice import RULES
from tests.unit.flows.practice.flows import (
    FAILS,
    Case,
    Content,
    compare,
    do,
    findings,
    flow,
    invoke,
    keep,
    lex,
    loop,
    menu,
    move,
    prompts,
    queue,
    say,
)

INTERRUPTED = [("Equals", "MessagesInterrupted", "z")]
LONG = "This is a sentence of sixty characters, and it says nothing. " * 16
FLOWS = Around(flows={"Wait": "CUSTOMER_QUEUE", "Main": "CONTACT_FLOW", "Night": "CONTACT_FLOW"})
SETTINGS: Mapping[str, Any] = {
    "input": {"schema": {"type": "object", "properties": {"name": {"type": "string"}, "age": {"type": "integer"}}}},
    "resultData": {"schema": {"type": "object", "properties": {"ok": {"type": "boolean"}, "note": {"type": "string"}}}},
    "transitions": {"results": [{"name": "Found", "description": ""}, {"name": "Missing", "description": ""}]},
}
MODULES = Around(modules={"Look": SETTINGS, "Plain": {}})


def dequeue(following: str) -> Content:
    return do(
        "move",
        "DequeueContactAndTransferToQueue",
        {"QueueId": "${queue:B}"},
        following,
        {"QueueAtCapacity": "z", "NoMatchingError": "z"},
    )


def ends(name: str = "z") -> Content:
    return do(name, "EndFlowExecution")


def in_queue(*actions: Content) -> Case:
    start = actions[0]["Identifier"]
    return Case({"Version": "2019-10-30", "StartAction": start, "Actions": [*actions]}, type="CUSTOMER_QUEUE")


def hours(**parameters: str) -> Content:
    branches = [("Equals", "True", "end"), ("Equals", "False", "end")]
    return do("hours", "CheckHoursOfOperation", parameters, "end", FAILS, branches)


def hooked(hook: str, to: str) -> Case:
    return Case(flow(do("a", "UpdateContactEventHooks", {"EventHooks": {hook: to}}, "end", FAILS)), around=FLOWS)


def goes(to: str) -> Content:
    return do("go", "TransferToFlow", {"ContactFlowId": to}, "end", FAILS)


def whisper(*actions: Content) -> Case:
    return Case(flow(*actions, ends("end")), type="AGENT_WHISPER")


def call(module: str, conditions: list[tuple[str, str, str]] | None = None, **values: Any) -> Case:
    parameters = {"FlowModuleId": f"${{module:{module}}}", **({"Input": values} if values else {})}
    errors = {"NoMatchingCondition": "end", "NoMatchingError": "end"}
    return Case(flow(do("a", "InvokeFlowModule", parameters, "end", errors, conditions or [])), around=MODULES)


def returns(result: str = "", **values: Any) -> Case:
    parameters = {**({"Result": result} if result else {}), **({"ResultData": values} if values else {})}
    return Case(flow(do("end", "EndFlowModuleExecution", parameters)), type="MODULE", settings=SETTINGS)


def on_channel(channel: str, action: Content) -> Case:
    return Case(flow(compare("which", "$.Channel", [("Equals", channel, action["Identifier"])]), action))


def recorded(participants: list[str], enabled: str = "True") -> Content:
    parameters = {
        "RecordingBehavior": {"RecordedParticipants": participants},
        "AnalyticsBehavior": {"Enabled": enabled},
    }
    return do("record", "UpdateContactRecordingBehavior", parameters, "end")


def call_back(**parameters: object) -> Case:
    wanted = {
        "InitialCallDelaySeconds": "5",
        "RetryDelaySeconds": "600",
        "MaximumConnectionAttempts": "1",
        **parameters,
    }
    return Case(flow(queue("q", "a"), do("a", "CreateCallbackContact", wanted, "end", FAILS)))


FOUND = {
    "queue-unset": Case(flow(move("a"))),
    "queue-unset on one path": Case(
        flow(compare("a", "$.Attributes.x", [("Equals", "1", "b")], "c"), queue("b", "c"), move("c"))
    ),
    "queue-unset of hours": Case(flow(hours())),
    "queue-unset of metrics": Case(flow(do("a", "GetMetricData", {}, "end", FAILS))),
    "queue-flow-ends": in_queue(
        prompts("a", "b", [("Equals", "MessagesInterrupted", "move")], InterruptFrequencySeconds="60"),
        dequeue("b"),
        say("b", "Moved", "c"),
        do("c", "DisconnectParticipant"),
        ends(),
    ),
    "queue-flow-ends without loop": in_queue(dequeue("z"), ends()),
    "interrupt-short": in_queue(prompts("a", "z", INTERRUPTED, InterruptFrequencySeconds="10"), ends()),
    "interrupt-unused": in_queue(prompts("a", "z", INTERRUPTED), ends()),
    "interrupt-missing": in_queue(prompts("a", "z", InterruptFrequencySeconds="60"), ends()),
    "whisper-long": whisper(menu("a", "Press 1 to accept.", [("Equals", "1", "end")])),
    "whisper-long of texts": whisper(say("a", LONG, "b"), say("b", LONG)),
    "prompt-empty": Case(flow(say("a", "  "))),
    "prompt-empty of SSML": Case(flow(do("a", "MessageParticipant", {"SSML": "<speak>AT&T</speak>"}, "end", FAILS))),
    "prompt-empty without speak": Case(flow(do("a", "MessageParticipant", {"SSML": "<p>Hello</p>"}, "end", FAILS))),
    "prompt-empty of SSML in Text": Case(flow(say("a", "<speak>Hello <break></speak>"))),
    "prompt-empty with entities": Case(
        flow(do("a", "MessageParticipant", {"SSML": '<speak><!ENTITY a "b">&a;</speak>'}, "end", FAILS))
    ),
    "prompt-empty of a long text": Case(flow(say("a", "word " * 700))),
    "prompt-empty of long SSML": Case(flow(say("a", f"<speak>{'<break/>' * 800}</speak>"))),
    "prompt-empty in loop prompts": in_queue(prompts("a", "", Messages=[{"Text": "Wait"}, {"SSML": "<speak>"}])),
    "lambda-timeout of a chain": Case(
        flow(
            *(invoke(name, following, InvocationTimeLimitSeconds="8") for name, following in ("ab", "bc", ("c", "end")))
        )
    ),
    "lambda-timeout of a chain before a circle": Case(
        flow(
            *(invoke(name, following, InvocationTimeLimitSeconds="8") for name, following in ("ab", "bc", "cl")),
            loop("l", "m"),
            menu("m", "Press 1 to go on.", [("Equals", "1", "end")], other="l", late="l"),
        )
    ),
    "lambda-async-result": Case(
        flow(invoke("a", "b", InvocationType="ASYNCHRONOUS"), say("b", "Hello $.External.name"))
    ),
    "lambda-response": Case(flow(invoke("a", "b"), say("b", "Hello $.External.name.first"))),
    "channel": on_channel("CHAT", menu("a", "Press 1 please", [("Equals", "1", "end")])),
    "channel of a prompt": on_channel(
        "CHAT", do("a", "MessageParticipant", {"PromptId": "${prompt:Hi}"}, "end", FAILS)
    ),
    "channel of a callback": on_channel("EMAIL", say("a", "Hello")),
    "channel that is left": Case(
        flow(
            compare("which", "$.Channel", [("Equals", "VOICE", "end"), ("Equals", "CHAT", "end")], "a"),
            menu("a", "Press 1 please", [("Equals", "1", "end")]),
        )
    ),
    "hook-type": hooked("CustomerQueue", "${flow:Night}"),
    "hook-type of a disconnect flow": hooked("CustomerRemaining", "${flow:Wait}"),
    "transfer-type": Case(flow(goes("${flow:Wait}")), around=FLOWS),
    "transfer-type to itself": Case(flow(say("a", "Hello", "go"), goes("${flow:Main}")), around=FLOWS),
    "voice-id": Case(flow(do("a", "CheckVoiceId", {"CheckVoiceIdOption": "enrollmentStatus"}, "end", FAILS))),
    "voice-id of contact data": Case(
        flow(do("a", "UpdateContactData", {"FraudDetectionThreshold": "50"}, "end", FAILS))
    ),
    "recording": Case(flow(recorded(["Agent"]))),
    "recording after a transfer": Case(flow(queue("q", "t"), move("t", "record"), recorded(["Agent", "Customer"]))),
}


@pytest.mark.parametrize("name", FOUND)
def test_a_rule_finds_what_it_is_for(name: str) -> None:
    found = findings(FOUND[name])
    assert name.split()[0] in {one.rule for one in found}
    assert {one.level for one in found} == {"warning"}


REFUSED = {
    "undeclared result": returns("Other"),
    "undeclared key of the result": returns("Found", other="x"),
    "text for a boolean": returns("Found", ok="true"),
    "reference for a boolean": returns("Found", ok="$.External.ok"),
    "undeclared branch": call("Look", [("Equals", "Other", "end")]),
    "branch of a module without results": call("Plain", [("Equals", "Success", "end")]),
    "undeclared input": call("Look", other="x"),
    "text for a number": call("Look", age="5"),
    "boolean for a number": call("Look", age=True),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_modules_contract_is_held(name: str) -> None:
    """On both sides; the service refuses what differs."""
    found = [one for one in findings(REFUSED[name]) if one.rule != "external-before"]
    assert [(one.rule, one.level) for one in found] == [("module-contract", "error")]
    draft = replace(REFUSED[name], around=replace(REFUSED[name].around, is_draft=True))
    assert {one.level for one in findings(draft)} == {"warning"}


LEFT = {
    "queue that is set": Case(flow(queue("a", "b"), hours(), move("b", "hours"))),
    "queue of a module": Case(
        flow(do("a", "InvokeFlowModule", {"FlowModuleId": "${module:Q}"}, "b", FAILS), move("b"))
    ),
    "queue of a transfer flow": Case(flow(move("a")), type="QUEUE_TRANSFER"),
    "hours by name": Case(flow(hours(HoursOfOperationId="${hours:Day}"))),
    "metrics of a queue": Case(flow(do("a", "GetMetricData", {"QueueId": "$.Attributes.queue"}, "end", FAILS))),
    "move in a queue flow": in_queue(
        prompts("a", "z", [("Equals", "MessagesInterrupted", "move")], InterruptFrequencySeconds="20"),
        dequeue("z"),
        ends(),
    ),
    "short whisper": whisper(say("a", "A caller from $.Attributes.city")),
    "whisper of two languages": whisper(
        compare("a", "$.Attributes.lang", [("Equals", "de", "b")], "c"), say("b", LONG), say("c", LONG)
    ),
    "SSML": Case(
        flow(
            do(
                "a",
                "MessageParticipant",
                {
                    "SSML": '<speak><amazon:effect name="whispered">Hi &amp; $.External.x<break time="1s"/></amazon:effect></speak>'
                },
                "end",
                FAILS,
            )
        ),
        type="CAMPAIGN",
    ),
    "SSML of an attribute": Case(flow(do("a", "MessageParticipant", {"SSML": "$.Attributes.ssml"}, "end", FAILS))),
    "function": Case(flow(invoke("a", "end", InvocationTimeLimitSeconds="8"))),
    "functions with a prompt between": Case(
        flow(
            invoke("a", "b", InvocationTimeLimitSeconds="8"),
            invoke("b", "c", InvocationTimeLimitSeconds="8"),
            say("c", "One moment", "d"),
            invoke("d", "end", InvocationTimeLimitSeconds="8"),
        )
    ),
    "function that is tried again with a prompt between": Case(
        flow(
            loop("l", "a"),
            invoke("a", "b", InvocationTimeLimitSeconds="8"),
            invoke("b", "c", InvocationTimeLimitSeconds="8"),
            say("c", "One moment", "l"),
        )
    ),
    "asynchronous function with a wait": Case(
        flow(
            invoke("a", "b", InvocationType="ASYNCHRONOUS", InvocationTimeLimitSeconds="60"),
            do("b", "Wait", {"TimeLimitSeconds": "5"}, "c", FAILS, [("Equals", "WaitCompleted", "c")]),
            say("c", "Hello $.External.name"),
        )
    ),
    "function that returns JSON": Case(
        flow(invoke("a", "b", ResponseValidation={"ResponseType": "JSON"}), say("b", "Hello $.External.name.first"))
    ),
    "voice of all channels": on_channel("VOICE", menu("a", "Press 1 please", [("Equals", "1", "end")])),
    "message in a chat": on_channel("CHAT", say("a", "Hello")),
    "bot in a chat": on_channel("CHAT", lex("a")),
    "two ways to an input": Case(
        flow(
            compare("which", "$.Channel", [("Equals", "CHAT", "a")], "b"),
            say("a", "Hello", "b"),
            menu("b", "Press 1 please", [("Equals", "1", "end")]),
        )
    ),
    "hook": hooked("CustomerQueue", "${flow:Wait}"),
    "hook of an unknown flow": hooked("CustomerQueue", "${flow:Other}"),
    "hook of a task": hooked("PauseContact", "${flow:Wait}"),
    "transfer": Case(flow(goes("${flow:Night}")), around=FLOWS),
    "transfer to itself after input": Case(
        flow(menu("a", "Press 1 please", [("Equals", "1", "go")]), goes("${flow:Main}")), around=FLOWS
    ),
    "result": returns("Found", ok=True, note="$.Attributes.note"),
    "no result": returns(),
    "inert settings": Case(
        flow(do("end", "EndFlowModuleExecution", {"Result": "Success"})),
        type="MODULE",
        settings={"InputParameters": [], "OutputParameters": [], "Transitions": []},
    ),
    "call": call("Look", [("Equals", "Found", "end"), ("Equals", "Missing", "end")], name="$.Attributes.name", age=5),
    "call of an unknown module": call("Other", [("Equals", "Any", "end")], anything="x"),
    "callback": call_back(),
    "recording": Case(flow(recorded(["Agent", "Customer"]))),
    "recording off": Case(flow(recorded([], "False"))),
    "recording before a transfer": Case(
        flow(
            do("record", "UpdateContactRecordingBehavior", {"RecordingBehavior": {"RecordedParticipants": []}}, "q"),
            queue("q", "t"),
            move("t"),
        )
    ),
    "contact data": Case(flow(do("a", "UpdateContactData", {"LanguageCode": "de-DE"}, "end", FAILS))),
}


@pytest.mark.parametrize("name", LEFT)
def test_a_sound_flow_is_left_alone(name: str) -> None:
    found = [(one.rule, one.message) for one in findings(LEFT[name])]
    assert [one for one in found if not (name == "SSML" and one[0] == "external-before")] == []


def test_every_rule_is_described() -> None:
    """Its name once, a sentence, and a page of AWS."""
    assert len({rule.name for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule.what.endswith("."), rule.name
        assert rule.page.startswith("https://docs.aws.amazon.com/connect/latest/"), rule.name


def test_findings_come_by_rule_in_the_order_of_the_table() -> None:
    case = Case(flow(keep("a", {"x": "1"}, "move"), move("move"), say("b", "never")))
    assert [one.rule for one in findings(case)] == ["unreachable", "queue-unset"]
