"""Actions that wait: keys, words, answers of functions, bots, views and third parties, and time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from sbctl.sandbox.connect.contacts.contact import Channel
from sbctl.sandbox.connect.running.contract import (
    BotRequest,
    CallRequest,
    Elapsed,
    Ended,
    Event,
    FunctionAnswered,
    FunctionRequest,
    Keys,
    LexAnswered,
    ThirdPartyEnded,
    ViewAnswered,
    Waiting,
    Words,
)
from tests.sandbox.running.centre import ARN, FUNCTION, NOW, FakeCentre, action, caller, ends

ERRORS = (
    *("NoMatchingError", "NoMatchingCondition", "InputTimeLimitExceeded", "InvalidPhoneNumber", "TimeLimitExceeded"),
    *("CallFailed", "ConnectionTimeLimitExceeded"),
)
MENU = {"Text": "Press", "StoreInput": "False", "InputTimeLimitSeconds": "5"}
DIGITS = {"Text": "Number", "StoreInput": "True", "InputTimeLimitSeconds": "5"}
FOUR = {**DIGITS, "InputValidation": {"CustomValidation": {"MaximumLength": "4"}}}
PHONE = {**DIGITS, "InputValidation": {"PhoneNumberValidation": {"NumberFormat": "E164"}}}
LOCAL = {**DIGITS, "InputValidation": {"PhoneNumberValidation": {"NumberFormat": "Local", "CountryCode": "GB"}}}
STARRED = {**FOUR, "DTMFConfiguration": {"DisableCancelKey": "True"}}
ENDED = {**FOUR, "DTMFConfiguration": {"InputTerminationSequence": "*9", "InterdigitTimeLimitSeconds": "2"}}
STORED = "$.StoredCustomerInput"


def waiting(
    type_: str, parameters: Mapping[str, Any], *conditions: str, channel: Channel = "VOICE", read: str = ""
) -> tuple[FakeCentre, Any]:
    """A run that waits in one action; after its next action the value of `read` is said."""
    centre = FakeCentre()
    branches = {name: name for name in ERRORS} | {f"_{one}": one for one in conditions}
    read_out = action("next", "MessageParticipant", {"Text": f"[{read}]"}, "end")
    centre.flow("f", action("it", type_, parameters, "next", **branches), read_out, *ends("end", *ERRORS, *conditions))
    run = centre.run("f", caller(channel))
    run.begin()
    return centre, run


def fed(run: Any, events: Sequence[Event]) -> str:
    """The block in which a run ends after these events, "" while it waits on."""
    turn = run.turn
    for event in events:
        turn = run.take(event)
    return turn.block if isinstance(turn, Ended) else ""


@pytest.mark.parametrize(
    ("parameters", "events", "block", "stored"),
    [
        (MENU, [Keys("1")], "1", ""),
        (MENU, [Keys("12")], "1", ""),
        (MENU, [Keys("*")], "*", ""),
        (MENU, [Keys("7")], "NoMatchingCondition", ""),
        (MENU, [Elapsed()], "InputTimeLimitExceeded", ""),
        (MENU, [Words("one")], "", ""),
        (MENU, [Keys("")], "", ""),
        (FOUR, [Keys("1234")], "end", "1234"),
        (FOUR, [Keys("12"), Keys("34")], "end", "1234"),
        (FOUR, [Keys("12#")], "end", "12"),
        (FOUR, [Keys("12"), Elapsed()], "end", "12"),
        (FOUR, [Elapsed()], "end", "Timeout"),
        (FOUR, [Keys("12*34#")], "end", "34"),
        (FOUR, [Keys("12*"), Elapsed()], "end", "Timeout"),
        (FOUR, [Keys("123")], "", ""),
        (STARRED, [Keys("1*2#")], "end", "1*2"),
        (ENDED, [Keys("1#*9")], "end", "1#"),
        (PHONE, [Keys("442079460000#")], "end", "+442079460000"),
        (PHONE, [Keys("12#")], "InvalidPhoneNumber", ""),
        (PHONE, [Keys("442079460000"), Elapsed()], "end", "+442079460000"),
        (LOCAL, [Keys("02079460000#")], "end", "+442079460000"),
        (LOCAL, [Keys("#")], "InvalidPhoneNumber", ""),
    ],
)
def test_keys_are_taken(parameters: Mapping[str, Any], events: list[Event], block: str, stored: str) -> None:
    """A menu takes one key, the store form as many as fit, and no input at all is success with the value Timeout."""
    centre, run = waiting("GetParticipantInput", parameters, "1", "*", read=STORED)
    assert fed(run, events) == block
    assert centre.said[1:] == ([f"[{stored}]"] if stored else [])


def test_the_time_between_keys_is_its_own() -> None:
    """After the first key the time between two counts, and a cleared input waits as at first."""
    _, run = waiting("GetParticipantInput", ENDED)
    assert run.turn.until == NOW + 5
    assert run.take(Keys("1")).until == NOW + 2


def test_encrypted_input_is_not_what_was_typed() -> None:
    """The flow gets a text that says nothing of the keys."""
    encrypted = {**FOUR, "InputEncryption": {"EncryptionKeyId": "k", "Key": "pem"}}
    centre, run = waiting("GetParticipantInput", encrypted, read=STORED)
    assert fed(run, [Keys("1234")]) == "end"
    assert "1234" not in centre.said[1]
    assert len(centre.said[1]) > 40


@pytest.mark.parametrize("length", ["", "0", "many", "$.Attributes.nix"])
def test_a_length_that_is_none_takes_the_error(length: str) -> None:
    """MaximumLength may come from an attribute, which may be anything."""
    parameters = {**DIGITS, "InputValidation": {"CustomValidation": {"MaximumLength": length}}}
    _, run = waiting("GetParticipantInput", parameters)
    assert fed(run, []) == "NoMatchingError"


def test_the_buffer_keeps_keys_for_later_inputs() -> None:
    """With the buffer on, keys beyond the first serve the next input, and a prompt may be skipped for them."""
    centre = FakeCentre()
    skipped = action("skip", "MessageParticipant", {"Text": "long", "SkipWhenDTMFBufferEnabled": "true"}, "two")
    centre.flow(
        "f",
        action("on", "GetParticipantInput", {"EnableDTMFBuffer": "true"}, "one"),
        action("one", "GetParticipantInput", MENU, "no", _1="skip", NoMatchingCondition="no"),
        skipped,
        action("two", "GetParticipantInput", FOUR, "off"),
        action("off", "GetParticipantInput", {"EnableDTMFBuffer": "false"}, "three"),
        action("three", "GetParticipantInput", MENU, "no", InputTimeLimitExceeded="no"),
        *ends("no"),
    )
    run = centre.run("f")
    run.begin()
    turn = run.take(Keys("198765"))
    assert isinstance(turn, Waiting)
    assert turn.block == "three"
    assert "long" not in centre.said
    assert run.value(STORED) == "9876"


@pytest.mark.parametrize(
    ("answer", "kind", "block", "stored"),
    [
        (FunctionAnswered({"tier": "VIP"}), "", "end", "VIP"),
        (FunctionAnswered({}), "", "end", ""),
        (FunctionAnswered({"tier": 5}), "", "NoMatchingError", ""),
        (FunctionAnswered({"tier": {"a": "b"}}), "", "NoMatchingError", ""),
        (FunctionAnswered({"tier": 5}), "JSON", "end", "5"),
        (FunctionAnswered({"tier": {"a": ["b"]}}), "JSON", "end", '{"a":["b"]}'),
        (FunctionAnswered(["tier"]), "JSON", "NoMatchingError", ""),
        (FunctionAnswered("tier"), "", "NoMatchingError", ""),
        (FunctionAnswered(None), "", "NoMatchingError", ""),
        (FunctionAnswered({"tier": "x" * 40_000}), "", "NoMatchingError", ""),
        (FunctionAnswered(error="NoMatchingError"), "", "NoMatchingError", ""),
        (FunctionAnswered(error="TimeLimitExceeded"), "", "TimeLimitExceeded", ""),
        (Elapsed(), "", "TimeLimitExceeded", ""),
        (Keys("1"), "", "", ""),
    ],
)
def test_a_function_answers(answer: Event, kind: str, block: str, stored: str) -> None:
    """What it returns becomes $.External where it is a flat map of texts, or any object that the flow wants as JSON."""
    parameters: dict[str, Any] = {"LambdaFunctionARN": FUNCTION, "InvocationTimeLimitSeconds": "3"}
    if kind:
        parameters["ResponseValidation"] = {"ResponseType": kind}
    centre, run = waiting("InvokeLambdaFunction", parameters, read="$.External.tier")
    assert fed(run, [answer]) == block
    assert centre.said == ([f"[{stored}]"] if block == "end" else [])


def test_a_function_gets_the_event_of_connect() -> None:
    """Exactly two members at the top, and of the contact what AWS tells; parameters keep their types."""
    inputs = {"n": 1, "deep": {"of": "$.Channel"}, "who": "$.Attributes.who"}
    _, run = waiting("InvokeLambdaFunction", {"LambdaFunctionARN": FUNCTION, "LambdaInvocationAttributes": inputs})
    request = run.turn.request
    assert isinstance(request, FunctionRequest)
    assert (request.arn, request.seconds, request.awaited) == (FUNCTION, 8.0, True)
    assert request.event["Name"] == "ContactFlowEvent"
    assert set(request.event) == {"Name", "Details"}
    details = request.event["Details"]
    assert details["Parameters"] == {"n": 1, "deep": {"of": "VOICE"}, "who": ""}
    data = details["ContactData"]
    assert len(data) == 20
    assert data["CustomerEndpoint"] == {"Address": "+12025550100", "Type": "TELEPHONE_NUMBER"}
    assert (data["Queue"], data["Tags"], data["InstanceARN"]) == (None, {}, ARN)


def test_a_chat_has_no_endpoints_in_the_event() -> None:
    """Chats of the API come from nowhere."""
    _, run = waiting("InvokeLambdaFunction", {"LambdaFunctionARN": FUNCTION}, channel="CHAT")
    data = run.turn.request.event["Details"]["ContactData"]
    assert (data["CustomerEndpoint"], data["SystemEndpoint"], data["CustomerId"]) == (None, None, None)


def test_a_function_that_is_not_awaited_says_nothing() -> None:
    """Its invocation has an id, and $.External stays as it is."""
    parameters = {"LambdaFunctionARN": FUNCTION, "InvocationType": "ASYNCHRONOUS", "InvocationTimeLimitSeconds": "60"}
    centre, run = waiting("InvokeLambdaFunction", parameters, read="$.External.tier")
    assert not run.turn.request.awaited
    assert run.turn.request.seconds == 60
    assert fed(run, [FunctionAnswered({"tier": "VIP"})]) == "end"
    assert centre.said == ["[]"]
    assert len(run.value("$.LambdaInvocation.InvocationId")) == 36


def test_functions_have_twenty_seconds_together() -> None:
    """Without a word to the participant a chain of functions gets less and less time, and then none."""
    centre = FakeCentre()
    call = {"LambdaFunctionARN": FUNCTION, "InvocationTimeLimitSeconds": "8"}
    centre.flow(
        "f",
        *[
            action(f"a{n}", "InvokeLambdaFunction", call, f"a{n + 1}", TimeLimitExceeded="late", NoMatchingError="no")
            for n in range(4)
        ],
        *ends("a4", "late", "no"),
    )
    run, given = centre.run("f"), []
    turn = run.begin()
    while isinstance(turn, Waiting):
        assert isinstance(turn.request, FunctionRequest)
        given.append(turn.request.seconds)
        centre.at += turn.request.seconds
        turn = run.take(FunctionAnswered({}))
    assert given == [8.0, 8.0, 4.0]
    assert turn.block == "late"


BOT = {"Text": "How can I help?", "LexV2Bot": {"AliasArn": "alias"}, "LexSessionAttributes": {"a": "$.Channel"}}


@pytest.mark.parametrize(
    ("event", "channel", "block"),
    [
        (LexAnswered({"IntentName": "Book", "Slots": {"city": "Rome"}}), "VOICE", "Book"),
        (LexAnswered({"IntentName": "book"}), "VOICE", "NoMatchingCondition"),
        (LexAnswered({}), "VOICE", "NoMatchingCondition"),
        (LexAnswered(error="NoMatchingError"), "VOICE", "NoMatchingError"),
        (Elapsed(), "VOICE", "NoMatchingCondition"),
        (Elapsed(), "CHAT", "InputTimeLimitExceeded"),
        (Words("book"), "CHAT", ""),
    ],
)
def test_a_bot_is_done(event: Event, channel: Channel, block: str) -> None:
    """The intent's name is the result; what the driver says of words to the bot is the driver's."""
    _, run = waiting("ConnectParticipantWithLexBot", BOT, "Book", channel=channel)
    assert run.turn.request == BotRequest("alias", {"a": "VOICE" if channel == "VOICE" else "CHAT"})
    assert fed(run, [event]) == block
    if block == "Book":
        assert run.value("$.Lex.Slots.city") == "Rome"


VIEW = {"ViewResource": {"Id": "form"}, "InvocationTimeLimitSeconds": "400"}


@pytest.mark.parametrize(
    ("event", "block"),
    [
        (ViewAnswered("Next", {"Table": {"0": {"id": "7"}}}), "Next"),
        (ViewAnswered("Back"), "NoMatchingCondition"),
        (Elapsed(), "TimeLimitExceeded"),
        (Words("next"), ""),
    ],
)
def test_somebody_acts_on_a_view(event: Event, block: str) -> None:
    """The action is the result, its data is found below $.Views."""
    _, run = waiting("ShowView", VIEW, "Next", channel="CHAT")
    assert fed(run, [event]) == block
    if block == "Next":
        assert run.value("$.Views.ViewResultData.Table.0.id") == "7"


@pytest.mark.parametrize(
    ("goes_on", "event", "block", "how"),
    [
        ("True", ThirdPartyEnded(), "end", "disconnect"),
        ("True", ThirdPartyEnded("CallFailed"), "CallFailed", "disconnect"),
        ("True", Elapsed(), "ConnectionTimeLimitExceeded", "disconnect"),
        ("False", ThirdPartyEnded(), "it", "third-party"),
        ("False", ThirdPartyEnded("CallFailed"), "it", "third-party"),
        ("True", Keys("1"), "", ""),
    ],
)
def test_a_third_party_is_called(goes_on: str, event: Event, block: str, how: str) -> None:
    """The flow goes on after the third party only where it says so; else it ends with the transfer."""
    call = {
        "ThirdPartyPhoneNumber": "+12025550177",
        "ThirdPartyConnectionTimeLimitSeconds": "30",
        "ContinueFlowExecution": goes_on,
        "ThirdPartyDTMFDigits": ",1",
    }
    _, run = waiting("TransferParticipantToThirdParty", call)
    assert run.turn.request == CallRequest("+12025550177", ",1", goes_on == "True")
    assert run.turn.until == NOW + 30
    assert fed(run, [event]) == block
    assert not how or run.turn.how == how


@pytest.mark.parametrize(
    ("parameters", "channel", "events", "block"),
    [
        ({"TimeLimitSeconds": "60"}, "CHAT", [Elapsed()], "WaitCompleted"),
        ({"TimeLimitSeconds": "60"}, "TASK", [Elapsed()], "WaitCompleted"),
        ({"TimeLimitSeconds": "60"}, "CHAT", [Words("hi")], ""),
        ({"TimeLimitSeconds": "60", "Events": ["CustomerReturned"]}, "CHAT", [Words("hi")], "CustomerReturned"),
        ({"TimeLimitSeconds": "60", "Events": ["CustomerReturned"]}, "VOICE", [Elapsed()], "WaitCompleted"),
    ],
)
def test_a_wait_is_over(parameters: Mapping[str, Any], channel: Channel, events: list[Event], block: str) -> None:
    """The time comes, or the customer writes where the flow waits for that."""
    _, run = waiting("Wait", parameters, "WaitCompleted", "CustomerReturned", channel=channel)
    assert fed(run, events) == block
