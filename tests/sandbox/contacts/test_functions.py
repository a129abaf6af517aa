"""Functions that flows wait for: answers, failures, and time that is over."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from sbctl.sandbox.service import ApiError
from tests.sandbox.contacts.call_centre import END, CallCentre, action, content

ARN = "arn:aws:lambda:us-east-1:123456789012:function:lookup"


def flow(centre: CallCentre) -> str:
    """A flow that says what a function answers, or that it failed."""
    centre.ask("AssociateLambdaFunction", FunctionArn=ARN)
    values = {"LambdaFunctionARN": ARN, "InvocationTimeLimitSeconds": "3"}
    return centre.flow(
        "function",
        content(
            action("ask", "InvokeLambdaFunction", "tell", errors={"NoMatchingError": "sorry"}, **values),
            action("tell", "MessageParticipant", "end", Text="Hello $.External.name"),
            action("sorry", "MessageParticipant", "end", Text="Sorry"),
            END,
        ),
    )


def test_a_function_answers_within_the_call() -> None:
    """On a standing clock the function runs within the act, with Connect's event; its answer is what the flow goes on with."""
    events: list[Any] = []

    def invoke(region: str, arn: str, event: Any) -> tuple[bytes, str]:
        events.append((region, arn, event))
        return b'{"name": "Jane"}', ""

    centre = CallCentre(invoke)
    call = centre.ring(flow(centre))
    assert centre.texts() == ["Hello Jane"]
    region, arn, event = events[0]
    assert (region, arn, event["Name"]) == ("us-east-1", ARN, "ContactFlowEvent")
    assert event["Details"]["ContactData"]["ContactId"] == call.contact.id


@pytest.mark.parametrize("broken", ["error", "throttled", "late", "no JSON", "crash"])
def test_a_function_that_fails_takes_the_error_branch(broken: str) -> None:
    """A FunctionError, throttling after four tries, a time-out, an answer that is no JSON, a runner that fails."""
    tries = []

    def invoke(_region: str, _arn: str, _event: Any) -> tuple[bytes, str]:
        tries.append(1)
        if broken == "throttled":
            raise ApiError("TooManyRequestsException", "Rate Exceeded.", 429)
        if broken == "late":
            raise ApiError("TimeLimitExceeded", "late", 408)
        if broken == "crash":
            raise OSError("no process")
        return (b"no", "") if broken == "no JSON" else (b"{}", "Unhandled")

    centre = CallCentre(invoke)
    centre.ring(flow(centre))
    assert centre.texts() == ["Sorry"]
    assert len(tries) == (4 if broken == "throttled" else 1)


def test_a_function_may_ask_connect_itself() -> None:
    """Connect's lock is not held while a function runs: it changes attributes of the very contact."""
    box: list[CallCentre] = []

    def invoke(_region: str, _arn: str, event: Any) -> tuple[bytes, str]:
        params = {"InitialContactId": event["Details"]["ContactData"]["ContactId"], "Attributes": {"seen": "yes"}}
        other = threading.Thread(target=box[0].ask, args=("UpdateContactAttributes",), kwargs=params, daemon=True)
        other.start()
        other.join(timeout=60)
        return b"{}", ""

    centre = CallCentre(invoke)
    box.append(centre)
    call = centre.ring(flow(centre))
    assert call.contact.attributes == {"seen": "yes"}
