"""Where a stand-in for AWS serves no function URLs, the health function is asked by Invoke; its own answer is never doubted."""

from __future__ import annotations

import json
from typing import Any

from sbctl.core.aws.error import AwsError
from sbctl.failover.decision.lambda_health import Invoked
from tests.unit.failover.scenes import WEST, Reply, kit

HOST = f"h.lambda-url.{WEST}.on.aws"


class Wire:
    """An endpoint that gives one answer."""

    def __init__(self, reply: Reply) -> None:
        self.reply = reply

    def get(self, host: str, path: str) -> Reply:  # noqa: ARG002
        return self.reply


class Functions:
    """Lambda that answers with a function URL's response, and notes what it was asked."""

    def __init__(self, status: int = 200, error: str = "") -> None:
        self.status, self.error = status, error
        self.asked: list[tuple[str, str, str]] = []

    def call(self, service: str, operation: str, region: str, **params: Any) -> dict[str, Any]:
        assert (service, operation) == ("lambda", "Invoke")
        self.asked.append((region, params["FunctionName"], json.loads(params["Payload"])["rawPath"]))
        if self.error:
            raise AwsError(self.error, "")
        return {"Payload": json.dumps({"statusCode": self.status, "body": '{"status": "ok"}'}).encode()}

    def wait(self, seconds: float, reason: str) -> None: ...


def test_the_functions_own_answer_is_taken() -> None:
    """A 404 of the function itself, "standing by", is an answer."""
    functions = Functions()
    own = Reply(404, body='{"status": "standing by"}')
    assert Invoked(Wire(own), functions, kit()).get(HOST, "/takeover") is own
    assert not functions.asked


def test_where_nobody_answers_the_function_is_invoked() -> None:
    """In its own region, by its name, with the path of the question."""
    for silence in (Reply(0, failure="refused"), Reply(404, body="<html>no such page</html>")):
        functions = Functions(503)
        found = Invoked(Wire(silence), functions, kit()).get(HOST, "/health")
        assert (found.status, found.ok) == (503, False)
        assert functions.asked == [(WEST, "example-health", "/health")]


def test_the_takeover_has_a_function_of_its_own() -> None:
    """Its host leads to its function; in a kit of before, and for the health host, the health function is asked."""
    host = "t.lambda-url.us-west-2.on.aws"
    of = kit()
    regions = tuple(one.model_copy(update={"takeover_host": host}) if one.region == WEST else one for one in of.regions)
    functions = Functions()
    endpoints = Invoked(Wire(Reply(0)), functions, of.model_copy(update={"regions": regions}))
    assert [endpoints.get(one, "/takeover").status for one in (host, HOST)] == [200, 200]
    assert [name for _, name, _ in functions.asked] == ["example-takeover", "example-health"]


def test_a_throttled_invocation_is_an_answer() -> None:
    """Lambda is there: 429, and not silence."""
    found = Invoked(Wire(Reply(0)), Functions(error="TooManyRequestsException"), kit()).get(HOST, "/health")
    assert (found.status, found.ok) == (429, False)


def test_without_either_the_first_answer_stands() -> None:
    """Neither an endpoint nor Invoke: what the wire said is what is shown."""
    silence = Reply(0, failure="refused")
    assert Invoked(Wire(silence), Functions(error="Unreachable"), kit()).get(HOST, "/health") is silence
    assert Invoked(Wire(silence), Functions(), kit()).get("elsewhere.example.com", "/health") is silence
