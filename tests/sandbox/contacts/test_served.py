"""Calls in a served sandbox: the control API, real functions, faults of regions, and what is kept."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from sbctl.sandbox.http.control import control
from sbctl.sandbox.wire.identify import Request
from sbctl.sandbox.world import World
from tests.sandbox.conftest import Sandbox
from tests.sandbox.contacts.call_centre import END, action, content, menu, to_queue
from tests.sandbox.kept_world import kept

REGION = "us-east-1"
CODE = """
def handler(event, context):
    return {"name": event["Details"]["Parameters"]["who"].upper()}
"""
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}


def do(world: World, method: str, name: str, params: Any = None) -> tuple[int, dict[str, Any]]:
    """One control request."""
    body = b"" if params is None else json.dumps(params).encode()
    return control(world, Request(method, f"/_sandbox/{name}", "", {}, body))


def done(world: World, method: str, name: str, params: Any = None) -> dict[str, Any]:
    """What a control request answers that succeeds."""
    status, answer = do(world, method, name, params)
    assert status == 200, answer
    return answer


class Place:
    """An instance of a served sandbox with a number, a queue and a flow."""

    def __init__(self, sandbox: Sandbox, region: str = REGION) -> None:
        self.world = sandbox.world
        self.connect = sandbox.client("connect", region)
        made = self.connect.create_instance(
            IdentityManagementType="CONNECT_MANAGED",
            InstanceAlias=f"acme-{region}",
            InboundCallsEnabled=True,
            OutboundCallsEnabled=True,
        )
        self.id, self.arn = made["Id"], made["Arn"]
        self.world.scheduler.advance(60)
        self.queue = self.connect.list_queues(InstanceId=self.id, QueueTypes=["STANDARD"])["QueueSummaryList"][0]["Id"]

    def flow(self, name: str, text: str) -> str:
        """The id of a new flow."""
        made = self.connect.create_contact_flow(InstanceId=self.id, Name=name, Type="CONTACT_FLOW", Content=text)
        return str(made["ContactFlowId"])

    def number(self, flow: str) -> str:
        """A new number that a flow answers."""
        found = self.connect.search_available_phone_numbers(
            TargetArn=self.arn, PhoneNumberCountryCode="US", PhoneNumberType="DID"
        )["AvailableNumbersList"][0]["PhoneNumber"]
        named = self.connect.claim_phone_number(TargetArn=self.arn, PhoneNumber=found)["PhoneNumberId"]
        self.world.scheduler.advance(60)
        self.connect.associate_phone_number_contact_flow(InstanceId=self.id, PhoneNumberId=named, ContactFlowId=flow)
        return str(found)


def test_a_call_in_turns(sandbox: Sandbox) -> None:
    """POST call and call/turn: what is heard, what is waited for, keys, the queue, the agent, and how it ends."""
    place = Place(sandbox)
    number = place.number(place.flow("menu", to_queue(place.queue, menu("Press 1.", _1="set"))))
    begun = done(place.world, "POST", "call", {"number": number, "interactive": True})
    assert begun["outcome"] == "" and begun["region"] == REGION
    turn = done(place.world, "POST", "call/turn", {"contact_id": begun["contact_id"], "wait_seconds": 5})
    assert [one["text"] for one in turn["heard"]] == ["Press 1."]
    assert (turn["waiting_for"], turn["state"], [row["block"] for row in turn["path"]]) == ("keys", "flow", ["menu"])
    turn = done(place.world, "POST", "call/turn", {"contact_id": begun["contact_id"], "keys": "1"})
    assert (turn["waiting_for"], turn["queue"]) == ("queue", "BasicQueue")
    assert [row["block"] for row in turn["path"]][-2:] == ["set", "go"]
    agents = done(place.world, "POST", "agents/start", {"per_queue": 1, "talk_seconds": 20, "region": REGION})["agents"]
    assert [one["synthetic"] for one in agents] == [True]
    turn = done(place.world, "POST", "call/turn", {"contact_id": begun["contact_id"], "wait_seconds": 4})
    assert (turn["state"], turn["agent"], turn["outcome"]) == ("connected", "BasicQueue agent 1", "answered")
    turn = done(place.world, "POST", "call/turn", {"contact_id": begun["contact_id"], "wait_seconds": 60})
    assert (turn["state"], turn["outcome"], turn["reason"]) == ("ended", "answered", "AGENT_DISCONNECT")
    calls = done(place.world, "GET", "calls")
    assert (calls["answered"], calls["in_progress"], calls["instances"][0]["agents_staffed"]) == (1, 0, 1)
    assert done(place.world, "POST", "agents/stop")["stopped"] == 1


def test_callers_by_the_control_api(sandbox: Sandbox) -> None:
    """callers/start, list, seconds, expect, route and stop."""
    place = Place(sandbox)
    number = place.number(place.flow("queue", to_queue(place.queue)))
    done(place.world, "POST", "agents/start", {"per_queue": 9, "talk_seconds": 5, "acw_seconds": 0})
    begun = done(place.world, "POST", "callers/start", {"rate_per_minute": 60, "seconds": 5, "number": number})
    place.world.scheduler.advance(15)
    row = done(place.world, "GET", "callers")["callers"][0]
    assert (row["id"], row["state"], row["started"], row["answered"]) == (begun["id"], "done", 5, 5)
    seconds = done(place.world, "POST", "callers/seconds", {"id": begun["id"]})["seconds"]
    assert sum(one["answered"] for one in seconds) == 5
    assert (
        done(place.world, "POST", "callers/expect", {"region": "us-west-2"})["callers"][0]["expected_region"]
        == "us-west-2"
    )
    assert done(place.world, "POST", "callers/route", {"number": "+12065550177", "to": number})["routes"] == {
        "+12065550177": number
    }
    assert done(place.world, "POST", "callers/stop")["stopped"] == []


@pytest.mark.parametrize(
    ("name", "params", "told"),
    [
        ("call", {}, "one of number and flow is needed"),
        ("call", {"flow": "gone", "patience": -1, "presses": ["x"]}, "presses must be keys: 0 to 9, * and #; patience must be"),
        ("call", {"flow": "gone"}, "there is no flow gone"),
        ("call/turn", {"contact_id": "gone"}, "there is no call gone"),
        ("callers/start", {"rate_per_minute": 0, "mix": [{"wait": 1}]}, "rate_per_minute must be a number"),
        ("callers/start", {"rate_per_minute": 1}, "no number is claimed"),
        ("callers/start", {"rate_per_minute": 1, "number": "+12065550100"}, "no instance has the number +12065550100"),
        ("callers/stop", {"id": "c9"}, "there are no callers c9"),
        ("callers/route", {"number": "1"}, "number must be a number as"),
        ("agents/start", {"per_queue": 0}, "per_queue must be a whole number"),
        ("agents/start", {"region": "eu-west-1"}, "there is no instance in eu-west-1"),
        ("bots", {"scripts": {"ORDERS": [{}]}}, "intent is missing"),
    ],
)  # fmt: skip
def test_wrong_control_requests(sandbox: Sandbox, name: str, params: dict[str, Any], told: str) -> None:
    """Each is answered 400 with all that is wrong."""
    status, answer = do(sandbox.world, "POST", name, params)
    assert status == 400
    assert told in answer["error"]


def test_a_flow_that_is_not_there_is_told_with_what_is(sandbox: Sandbox) -> None:
    """A near name is asked about; a region without an instance is what is wrong, and not the flow."""
    place = Place(sandbox)
    place.flow("queue", to_queue(place.queue))
    near = do(sandbox.world, "POST", "call", {"flow": "queu", "region": REGION})[1]["error"]
    assert "did you mean queue?" in near
    far = do(sandbox.world, "POST", "call", {"flow": "queue", "region": "us-est-1"})[1]["error"]
    assert f"there is no instance in us-est-1; there are some in {REGION}" in far


def test_a_call_to_an_unknown_number_is_refused(sandbox: Sandbox) -> None:
    """It is no error of the request: the answer says why the call did not get through."""
    answer = done(sandbox.world, "POST", "call", {"number": "+12065550100"})
    assert answer == {
        "contact_id": "", "region": "", "outcome": "refused", "why": "no number is claimed",
    }  # fmt: skip


def test_a_region_that_hangs_loses_its_calls(sandbox: Sandbox) -> None:
    """A fault of the whole region ends calls there at once; the other region's go on; healed, calls get through again."""
    east, west = Place(sandbox), Place(sandbox, "us-west-2")
    calls = {}
    for place in (east, west):
        number = place.number(place.flow("queue", to_queue(place.queue)))
        calls[place] = (number, done(sandbox.world, "POST", "call", {"number": number})["contact_id"])
    sandbox.world.scheduler.advance(1)
    done(sandbox.world, "POST", "faults", {"kind": "hang", "region": REGION})
    states = [done(sandbox.world, "POST", "call/turn", {"contact_id": named})["outcome"] for _, named in calls.values()]
    assert states == ["lost", ""]
    refused = done(sandbox.world, "POST", "call", {"number": calls[east][0]})
    assert (refused["outcome"], refused["why"]) == ("refused", "us-east-1 is down")
    done(sandbox.world, "POST", "heal", {})
    assert done(sandbox.world, "POST", "call", {"number": calls[east][0]})["outcome"] == ""


def test_a_deployed_function_runs_for_a_call(sandbox: Sandbox) -> None:
    """The function's own code gets Connect's event, and its answer is heard."""
    place = Place(sandbox)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("main.py", CODE)
    role = sandbox.client("iam").create_role(RoleName="fn", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    sandbox.world.scheduler.advance(60)
    arn = sandbox.client("lambda").create_function(
        FunctionName="lookup",
        Runtime="python3.11",
        Role=role,
        Handler="main.handler",
        Code={"ZipFile": buffer.getvalue()},
    )["FunctionArn"]
    sandbox.world.scheduler.advance(60)
    place.connect.associate_lambda_function(InstanceId=place.id, FunctionArn=arn)
    values = {
        "LambdaFunctionARN": arn,
        "InvocationTimeLimitSeconds": "8",
        "LambdaInvocationAttributes": {"who": "jane"},
    }
    flow = place.flow(
        "function",
        content(
            action("ask", "InvokeLambdaFunction", "tell", errors={"NoMatchingError": "end"}, **values),
            action("tell", "MessageParticipant", "end", Text="Hello $.External.name"),
            END,
        ),
    )
    begun = done(sandbox.world, "POST", "call", {"flow": flow})
    turn = done(sandbox.world, "POST", "call/turn", {"contact_id": begun["contact_id"], "wait_seconds": 10})
    assert [one["text"] for one in turn["heard"]] == ["Hello JANE"]
    assert turn["outcome"] == "served"


def test_contacts_are_kept_and_those_in_progress_end_as_lost(tmp_path: Path) -> None:
    """A world that is reopened has its contacts; a call that was in progress has ended with TELECOM_PROBLEM."""
    with kept(tmp_path) as sandbox:
        place = Place(sandbox)
        flow, hello = place.flow("queue", to_queue(place.queue)), place.flow("hello", content(END))
        going, over = (done(sandbox.world, "POST", "call", {"flow": one})["contact_id"] for one in (flow, hello))
        sandbox.world.scheduler.advance(1)
        done(sandbox.world, "POST", "limits", {"enabled": False})
    with kept(tmp_path) as sandbox:
        found = sandbox.world.connect.live.store.all
        assert {named: found[named].reason for named in (going, over)} == {
            going: "TELECOM_PROBLEM",
            over: "CONTACT_FLOW_DISCONNECT",
        }
        assert sandbox.world.connect.live.store.of_instance[place.id].keys() == found.keys()
