"""Forms of real flows: those that are to be reported, by the rule that reports them, and those that are to be left alone."""

from __future__ import annotations

import pytest

from sbctl.flows.lint.around import Around
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
    menu,
    move,
    prompts,
    queue,
    say,
)

UUID = "22222222-2222-2222-2222-222222222222"
QUEUE = f"arn:aws:connect:us-east-1:123456789012:instance/11111111-1111-1111-1111-111111111111/queue/{UUID}"
BOT = {"NoMatchingCondition": "end", "NoMatchingError": "end"}
REPORTED = {
    "ARN in an operand": ("region-arn", flow(compare("a", "$.Queue.ARN", [("Equals", QUEUE, "end")]))),
    "bare UUID": ("id-bare", flow(queue("a", "end", UUID))),
    "endless": (
        "endless",
        flow(do("a", "UpdateContactAttributes", {"Attributes": {"x": "1"}}, "a", {"NoMatchingError": "a"})),
    ),
    "Lambda ARN": (
        "region-arn",
        flow(invoke("a", "end", LambdaFunctionARN="arn:aws:lambda:us-east-1:123456789012:function:x")),
    ),
    "Lex ARN": (
        "region-arn",
        flow(
            do(
                "a",
                "ConnectParticipantWithLexBot",
                {
                    "Text": "x",
                    "LexV2Bot": {"AliasArn": "arn:aws:lex:us-east-1:123456789012:bot-alias/ABCDEFGHIJ/TSTALIASID"},
                },
                "end",
                BOT,
            )
        ),
    ),
    "no queue": ("queue-unset", flow(move("a"))),
    "a key twice": ("menu-key-twice", flow(menu("a", "x", [("Equals", "1", "end"), ("Equals", "1", "end")]))),
    "unreachable": ("unreachable", flow(say("a", "Hello"), say("b", "never"))),
}


@pytest.mark.parametrize("name", REPORTED)
def test_a_case_is_reported_by_its_rule(name: str) -> None:
    rule, content = REPORTED[name]
    assert rule in {one.rule for one in findings(Case(content))}


def one(kind: str, parameters: Content, errors: dict[str, str] | None = None, conditions: tuple[str, ...] = ()) -> Case:
    branches = [("Equals", operand, "end") for operand in conditions]
    return Case(flow(do("a", kind, parameters, "end", FAILS if errors is None else errors, branches)))


SOUND = {
    "assistant": one(
        "CreateWisdomSession", {"WisdomAssistantArn": "arn:aws:wisdom:${region}:123456789012:assistant/x"}
    ),
    "callback mode": one(
        "CreateCallbackContact",
        {
            "InitialCallDelaySeconds": "60",
            "RetryDelaySeconds": "600",
            "MaximumConnectionAttempts": "1",
            "CallbackMode": "AgentFirst",
        },
    ),
    "loop prompts that go on": Case(
        flow(
            prompts(
                "a",
                "end",
                [("Equals", "MessagesInterrupted", "end")],
                InterruptFrequencySeconds="20",
                ContinueMessagingDuringInterrupt="True",
            )
        ),
        type="CUSTOMER_QUEUE",
    ),
    "case": one("CreateCase", {"LinkContactToCase": "True", "CaseTemplateId": "$.Attributes.template"}),
    "task": one("CreateTask", {"Name": "Call back", "ContactFlowId": "${flow:FP-say}"}),
    "profile": one(
        "GetCustomerProfile",
        {"ProfileRequestData": {"IdentifierName": "_phone", "IdentifierValue": "$.CustomerEndpoint.Address"}},
    ),
    "hook that is off": one(
        "UpdateContactEventHooks",
        {
            "EventHooks": {"AgentWhisper": "$.Attributes.w"},
            "EventHooksConfiguration": {"AgentWhisper": {"DisableExecution": "true"}},
        },
    ),
    "input of 300 s": Case(flow(menu("a", "1 or 2", [("Equals", "1", "end")]))),
    "module with branches": one("InvokeFlowModule", {"FlowModuleId": "${module:Result}"}, BOT, ("Found",)),
    "loop with a number": Case(
        flow(
            do(
                "a",
                "Loop",
                {"LoopCount": 2},
                "end",
                {},
                [("Equals", "ContinueLooping", "end"), ("Equals", "DoneLooping", "end")],
            )
        )
    ),
    "call progress": one(
        "CheckOutboundCallStatus", {}, BOT, ("CallAnswered", "VoicemailBeep", "VoicemailNoBeep", "NotDetected")
    ),
    "queue flow of the console": Case(flow(prompts("end")), type="CUSTOMER_QUEUE"),
    "view": one(
        "ShowView",
        {
            "ViewResource": {"Id": "form", "Version": "1"},
            "InvocationTimeLimitSeconds": "400",
            "ViewData": {"Heading": "Hello"},
        },
        {"NoMatchingCondition": "end", "NoMatchingError": "end", "TimeLimitExceeded": "end"},
    ),
    "sample of the console": Case(
        flow(
            compare("channel", "$.Channel", [("Equals", "CHAT", "hello"), ("Equals", "TASK", "hello")], "greeted"),
            say("hello", "Hello, thanks for contacting us.", "queue"),
            compare("greeted", "$.Attributes.greetingPlayed", [("Equals", "true", "menu")], "mark"),
            keep("mark", {"greetingPlayed": "true"}, "thanks"),
            say("thanks", "Hello, thanks for calling.", "menu"),
            menu(
                "menu",
                "Press 1 to be put in queue for an agent.\n2 to hear the results of a data dip.\nOr 3 to create a task.",
                [("Equals", "1", "queue"), ("Equals", "2", "look"), ("Equals", "3", "task")],
                late="queue",
            ),
            queue("queue", "move"),
            move("move"),
            invoke("look", "told"),
            say("told", "The answer is $.External.answer.", "queue"),
            do("task", "CreateTask", {"Name": "From $.CustomerEndpoint.Address"}, "end", FAILS),
        )
    ),
}


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_case_is_left_alone(name: str) -> None:
    case = SOUND[name]
    assert [(found.rule, found.message) for found in findings(case)] == []
    assert findings(Case(case.content, case.type, Around(several_regions=True))) == []


def test_voice_id_is_a_warning() -> None:
    assert [
        (found.rule, found.level) for found in findings(one("UpdateContactData", {"IsFraudDetectionEnabled": "True"}))
    ] == [("voice-id", "warning")]
