"""What stands around the interpreter: bots by script, lines of the flow log, functions, numbers, voices of the world."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from sbctl.sandbox.connect.running.bots import ScriptError, heard, scripts
from sbctl.sandbox.connect.running.contract import Block, BotRequest, Elapsed, LexAnswered
from sbctl.sandbox.connect.running.functions import Functions, allows, parted
from sbctl.sandbox.connect.running.log_lines import block_name, lines
from sbctl.sandbox.connect.running.values.dialling import is_dialable, local_number, whole_number
from sbctl.sandbox.service import Answer, ApiError
from tests.sandbox.running.centre import ARN, FUNCTION, NOW, FakeCentre, action, caller, ends

ALIAS = "arn:aws:lex:us-east-1:123456789012:bot-alias/ORDERS/LIVE"
SCRIPT = scripts(
    {
        "ORDERS": [
            {
                "says": "track my order",
                "intent": "Track",
                "slots": {"order": 17},
                "confidence": 0.9,
                "sentiment": "POSITIVE",
            },
            {"says": "/(human|agent)/", "intent": "Human", "sessionAttributes": {"urgent": "yes"}},
        ],
        "Old": [{"intent": "Anything"}],
    }
)


@pytest.mark.parametrize(
    ("said", "intent"),
    [
        ("Track my order ", "Track"),
        ("please track my order", "FallbackIntent"),
        ("get me a HUMAN", "Human"),
        ("what", "FallbackIntent"),
    ],
)
def test_a_bot_answers_by_its_script(said: str, intent: str) -> None:
    """A text is what must be said, in whatever case; between slashes it is an expression; else the bot falls back."""
    found = heard(SCRIPT, caller(), BotRequest(ALIAS, {"a": "1"}), said)
    assert found is not None
    assert found.values["IntentName"] == intent
    assert found.values["SessionAttributes"]["a"] == "1"
    assert found.values["InputTranscript"] == said


def test_what_a_bot_tells_is_found_below_lex() -> None:
    """Slots and scores are texts, as references need them."""
    found = heard(SCRIPT, caller(), BotRequest(ALIAS, {}), "track my order")
    assert found is not None
    assert found.values["Slots"] == {"order": "17"}
    assert found.values["IntentConfidence"] == {"Score": "0.9"}
    assert found.values["SentimentResponse"] == {"Label": "POSITIVE"}


def test_a_bot_hears_on_while_nothing_is_said() -> None:
    """Also one that answers to everything."""
    assert heard(SCRIPT, caller(), BotRequest("Old:prod", {}), "") is None
    found = heard(SCRIPT, caller(), BotRequest("Old:prod", {}), "x")
    assert found is not None
    assert found.values["IntentName"] == "Anything"


def test_a_bot_without_a_script_fails_and_the_log_says_why() -> None:
    """Its error branch is taken, and the flow log names the bot."""
    found = heard(SCRIPT, caller(), BotRequest("arn:other", {}), "")
    assert found == LexAnswered(error="NoMatchingError", why="the sandbox has no script for the bot arn:other")
    centre = FakeCentre()
    bot = {"Text": "?", "LexV2Bot": {"AliasArn": "arn:other"}}
    centre.flow(
        "f", action("bot", "ConnectParticipantWithLexBot", bot, "end", NoMatchingError="no"), *ends("end", "no")
    )
    run = centre.run("f")
    run.begin()
    run.take(found)
    assert [block.results for block in centre.blocks if block.results] == [f"Error ({found.why})"]


@pytest.mark.parametrize(
    ("document", "problems"),
    [
        ([], 1),
        ({"A": {}}, 1),
        ({"A": ["x"], "B": [{}]}, 2),
        ({"A": [{"intent": "I", "says": "/(/"}]}, 1),
        ({"A": [{"intent": "I", "say": "x", "slots": []}]}, 2),
        ({"A": [{"intent": 5, "confidence": True}]}, 2),
    ],
)
def test_a_script_that_is_wrong_is_refused_with_all_its_problems(document: Any, problems: int) -> None:
    """Each names the bot and the answer."""
    with pytest.raises(ScriptError) as refused:
        scripts(document)
    assert len(refused.value.problems) == problems


def block(**values: Any) -> Block:
    return Block(**{"flow": "f", "flow_name": "Main", "identifier": "hi", "type": "MessageParticipant",
                    "parameters": {"Text": "Hi"}, "when": NOW + 0.25, **values})  # fmt: skip


def test_a_line_of_the_flow_log() -> None:
    """On entry the parameters; on the way out the results, of what AWS logs twice alone."""
    (line,) = lines(caller(), ARN, block())
    assert line == {
        "ContactId": "c-1",
        "ContactFlowId": f"{ARN}/contact-flow/f",
        "ContactFlowName": "Main",
        "ContactFlowModuleType": "PlayPrompt",
        "Identifier": "hi",
        "Timestamp": "2026-03-04T15:00:00.250Z",
        "Parameters": {"Text": "Hi"},
    }
    assert list(lines(caller(), ARN, block(took=""))) == []
    (left,) = lines(caller(), ARN, block(type="InvokeLambdaFunction", took="", results="Success", is_module=True))
    assert (left["Results"], left["ContactFlowModuleType"]) == ("Success", "InvokeExternalResource")
    assert left["ContactFlowId"] == f"{ARN}/flow-module/f"


@pytest.mark.parametrize(
    ("type_", "parameters", "name"),
    [
        ("GetParticipantInput", {"StoreInput": "True"}, "StoreUserInput"),
        ("GetParticipantInput", {"StoreInput": "False"}, "GetUserInput"),
        ("CheckMetricData", {"MetricType": "NumberOfAgentsStaffed"}, "CheckStaffing"),
        ("CheckMetricData", {"MetricType": "NumberOfContactsInQueue"}, "CheckQueueStatus"),
        ("UpdateContactMediaStreamingBehavior", {"MediaStreamingState": "Enabled"}, "StartMediaStreaming"),
        ("TransferToFlow", {}, "TransferToFlow"),
        ("Unheard", {}, "Unheard"),
    ],
)
def test_blocks_have_their_old_names_in_logs(type_: str, parameters: Mapping[str, Any], name: str) -> None:
    """Some by their parameters."""
    assert block_name(type_, parameters) == name


def test_what_is_not_run_is_named_in_the_log() -> None:
    """The line of its result says that it was the sandbox that did not run it."""
    centre = FakeCentre()
    centre.flow("f", action("case", "GetCase", {}, "end", NoMatchingError="end"), *ends("end"))
    centre.run("f").begin()
    found = [line for one in centre.blocks for line in lines(caller(), ARN, one)]
    assert [line.get("Results") for line in found] == [None, "Error (not run by the sandbox)", None]


EVENT = {"Details": {"ContactData": {"InstanceARN": ARN}}}


def statement(**values: Any) -> dict[str, Any]:
    return {
        "Effect": "Allow",
        "Principal": {"Service": "connect.amazonaws.com"},
        "Action": "lambda:InvokeFunction",
        **values,
    }


def functions(*statements: Mapping[str, Any], broken: str = "") -> tuple[Functions, list[tuple[str, str]]]:
    ran: list[tuple[str, str]] = []

    def run(region: str, name: str, _event: Any) -> tuple[bytes, str]:
        ran.append((region, name))
        return b"{}", ""

    def ask(_operation: str, _region: str, _params: Mapping[str, Any]) -> Answer:
        if not statements:
            raise ApiError("ResourceNotFoundException", "The resource you requested does not exist.", 404)
        return {"Policy": json.dumps({"Statement": list(statements)})}

    return Functions(run, ask, lambda _region: broken), ran


def test_a_function_runs_where_its_arn_says() -> None:
    """Whatever region the contact is in, with its version."""
    elsewhere = FUNCTION.replace("us-east-1", "eu-west-1") + ":2"
    called, ran = functions(statement())
    assert called.invoke("us-east-1", elsewhere, EVENT) == (b"{}", "")
    called.invoke("us-east-1", "lookup", EVENT)
    assert ran == [("eu-west-1", "lookup:2"), ("us-east-1", "lookup")]
    assert parted("lookup:live", "us-east-1") == ("us-east-1", "lookup:live")


@pytest.mark.parametrize(
    ("broken", "code"), [("down", "TimeLimitExceeded"), ("hang", "TimeLimitExceeded"), ("throttle", "ServiceException")]
)
def test_a_function_of_a_lost_region_does_not_answer(broken: str, code: str) -> None:
    """For the flow that is a time-out; other faults are Lambda's errors."""
    called, ran = functions(statement(), broken=broken)
    with pytest.raises(ApiError) as failed:
        called.invoke("us-east-1", FUNCTION, EVENT)
    assert failed.value.code == code
    assert ran == []


def test_a_policy_keeps_connect_out() -> None:
    """A function whose policy names others alone is not run; one without a policy is, in the instance's own region."""
    called, ran = functions(statement(Principal={"Service": "s3.amazonaws.com"}))
    with pytest.raises(ApiError, match="may not invoke"):
        called.invoke("us-east-1", FUNCTION, EVENT)
    bare, ran = functions()
    bare.invoke("us-east-1", FUNCTION, EVENT)
    with pytest.raises(ApiError, match="may not invoke"):
        bare.invoke("eu-west-1", FUNCTION, EVENT)
    assert ran == [("us-east-1", "lookup")]


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({}, True),
        ({"Principal": "*"}, True),
        ({"Action": ["lambda:GetFunction", "lambda:InvokeFunction"]}, True),
        ({"Action": "lambda:GetFunction"}, False),
        ({"Effect": "Deny"}, False),
        ({"Condition": {"ArnLike": {"AWS:SourceArn": ARN}}}, True),
        ({"Condition": {"ArnLike": {"AWS:SourceArn": "arn:aws:connect:*:*:instance/*"}}}, True),
        ({"Condition": {"ArnLike": {"AWS:SourceArn": ARN + "x"}}}, False),
        ({"Condition": {"StringEquals": {"AWS:SourceAccount": "123456789012"}}}, True),
        ({"Condition": {"StringEquals": {"AWS:SourceAccount": "210987654321"}}}, False),
    ],
)
def test_a_statement_lets_connect_in(values: Mapping[str, Any], found: bool) -> None:
    """By principal, action, and conditions on the instance and its account."""
    assert allows(statement(**values), ARN) is found


@pytest.mark.parametrize(
    ("number", "country", "found"),
    [
        ("12025550100", "", "+12025550100"),
        ("+12025550100", "", "+12025550100"),
        ("0", "", None),
        ("abc", "", None),
        ("2025550100", "US", "+12025550100"),
        ("12025550100", "US", "+12025550100"),
        ("025550100", "US", None),
        ("02079460000", "GB", "+442079460000"),
        ("0612345678", "IT", "+390612345678"),
        ("123456", "XX", None),
    ],
)
def test_numbers_become_e164(number: str, country: str, found: str | None) -> None:
    """With their country code, or with that of a country and without its trunk zero."""
    assert (local_number(number, country) if country else whole_number(number)) == found


def test_some_country_codes_are_nobodys() -> None:
    """Such numbers cannot be dialled."""
    assert is_dialable("+442079460000")
    assert not is_dialable("+999123456789")


def test_time_passes_for_a_bot_on_a_call() -> None:
    """A caller who says nothing falls back, as bots do after their own patience."""
    centre = FakeCentre()
    bot = {"Text": "?", "LexV2Bot": {"AliasArn": ALIAS}}
    centre.flow(
        "f", action("bot", "ConnectParticipantWithLexBot", bot, "end", _FallbackIntent="fell"), *ends("end", "fell")
    )
    run = centre.run("f")
    run.begin()
    assert getattr(run.take(Elapsed()), "block", "") == "fell"
