"""Functions that flows wait for: answers, failures, and time that is over."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Any

import pytest

from sbctl.sandbox.connect.contacts.happenings import Happenings
from sbctl.sandbox.connect.contacts.live.functions import Functions
from sbctl.sandbox.connect.contacts.live.ground import Ground, Surroundings
from sbctl.sandbox.connect.running.contract import FunctionAnswered, FunctionRequest
from sbctl.sandbox.connect.store import Quotas, ResourceStore
from sbctl.sandbox.service import ApiError
from sbctl.sandbox.time.clock import WorldClock
from sbctl.sandbox.time.scheduler import Scheduler
from tests.sandbox.contacts.call_centre import END, CallCentre, action, content
from tests.waits import PATIENCE_SECONDS

Invoke = Callable[[str, str, Any], tuple[bytes, str]]
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


def asked(invoke: Invoke, seconds: float, answers: queue.Queue[FunctionAnswered], speed: float) -> Callable[[], None]:
    """Ask for a function on a clock that runs; what ends it all."""
    clock = WorldClock(speed)
    scheduler = Scheduler(clock)
    resources = ResourceStore(clock, "123456789012", lambda _region: "", Quotas({}))
    functions = Functions(Ground(resources, Surroundings(scheduler, invoke), Happenings()))
    scheduler.start()
    functions.ask("us-east-1", FunctionRequest(ARN, {}, seconds), answers.put)

    def close() -> None:
        functions.close()
        scheduler.stop()

    return close


def test_on_a_running_clock_a_function_runs_beside_the_world() -> None:
    """It runs in a thread of its own, and its answer is told under Connect's lock."""
    answers: queue.Queue[FunctionAnswered] = queue.Queue()
    threads = []

    def invoke(_region: str, _arn: str, _event: Any) -> tuple[bytes, str]:
        threads.append(threading.current_thread().name)
        return b'{"a": "b"}', ""

    close = asked(invoke, 600.0, answers, 1.0)
    assert answers.get(timeout=PATIENCE_SECONDS).payload == {"a": "b"}
    assert threads[0].startswith("connect-function")
    close()


def test_on_a_running_clock_a_function_can_be_late() -> None:
    """A function that does not answer within its limit of real time is late, however fast the world's clock runs."""
    answers: queue.Queue[FunctionAnswered] = queue.Queue()
    over = threading.Event()

    def invoke(_region: str, _arn: str, _event: Any) -> tuple[bytes, str]:
        over.wait(PATIENCE_SECONDS)
        return b"{}", ""

    close = asked(invoke, 0.01, answers, 60.0)
    assert answers.get(timeout=PATIENCE_SECONDS).error == "TimeLimitExceeded"
    over.set()
    close()
