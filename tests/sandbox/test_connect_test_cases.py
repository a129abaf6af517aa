"""Test cases on the simulated Connect: what is taken, how executions run on the world's clock, and their limits."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sbctl.sandbox.connect.testing.executions import AT_ONCE, QUEUED
from tests.sandbox.connect_calls import Centre

FIVE_MINUTES = 301.0


def block(identifier: str, kind: str, following: str = "", **parameters: Any) -> dict[str, Any]:
    """An action whose every error leads to where it leads itself."""
    error = [{"NextAction": following, "ErrorType": "NoMatchingError"}] if following else []
    transitions = {"NextAction": following, "Errors": error, "Conditions": []} if following else {}
    return {"Identifier": identifier, "Type": kind, "Parameters": parameters, "Transitions": transitions}


def a_menu() -> dict[str, Any]:
    """Plays a word, asks for a key, and says which it was."""
    menu = block("menu", "GetParticipantInput", "none", Text="Press 1.", StoreInput="False", InputTimeLimitSeconds="5")
    condition = {"NextAction": "one", "Condition": {"Operator": "Equals", "Operands": ["1"]}}
    errors = ("InputTimeLimitExceeded", "NoMatchingCondition", "NoMatchingError")
    menu["Transitions"] = {
        "NextAction": "none",
        "Conditions": [condition],
        "Errors": [{"NextAction": "none", "ErrorType": error} for error in errors],
    }
    return {
        "Version": "2019-10-30",
        "StartAction": "hello",
        "Metadata": {},
        "Actions": [
            block("hello", "MessageParticipant", "menu", Text="Hello there."),
            menu,
            block("one", "MessageParticipant", "end", Text="You pressed one."),
            block("none", "MessageParticipant", "end", Text="You pressed nothing."),
            block("end", "DisconnectParticipant"),
        ],
    }


def observation(name: str, text: str, *then: dict[str, Any], following: tuple[str, ...] = ()) -> dict[str, Any]:
    """Hears a text, and does what follows."""
    event = {"Identifier": name, "Type": "MessageReceived", "Actor": "System", "Properties": {"Text": text}}
    return {
        "Identifier": name,
        "Event": {**event, "MatchingCriteria": "Inclusion"},
        "Actions": list(then),
        "Transitions": {"NextObservations": list(following)},
    }


def press(keys: Any) -> dict[str, Any]:
    instruction = {"Type": "DtmfInput", "Properties": {"Value": keys}}
    return {
        "Identifier": "p",
        "Type": "SendInstruction",
        "Parameters": {"Actor": "Customer", "Instruction": instruction},
    }


def check(namespace: str, operator: str, operand: str) -> dict[str, Any]:
    parameters = {"Namespace": namespace, "Operator": operator, "Operand": operand}
    return {"Identifier": "a", "Type": "Assert", "Parameters": parameters}


END = {"Identifier": "e", "Type": "TestControl", "Parameters": {"Command": {"Type": "EndTest"}}}


class Bench:
    """An instance with the menu's flow."""

    def __init__(self) -> None:
        self.centre = Centre()
        self.flow = self.centre.ask(
            "CreateContactFlow", Name="Menu", Type="CONTACT_FLOW", Content=json.dumps(a_menu())
        )["ContactFlowId"]

    def case(self, *observations: dict[str, Any], name: str = "case", **more: Any) -> str:
        point = {"Type": "VOICE_CALL", "VoiceCallEntryPointParameters": {"FlowId": self.flow}}
        values = {"Name": name, "Content": content(*observations), "EntryPoint": point, **more}
        return str(self.centre.ask("CreateTestCase", **values)["TestCaseId"])

    def start(self, case: str) -> dict[str, str]:
        made = self.centre.ask("StartTestCaseExecution", TestCaseId=case)
        return {"TestCaseId": case, "TestCaseExecutionId": made["TestCaseExecutionId"]}

    def advance(self, seconds: float) -> None:
        self.centre.service.live.ground.around.scheduler.advance(seconds)

    def status(self, execution: dict[str, str]) -> str:
        return str(self.centre.ask("GetTestCaseExecutionSummary", **execution)["Status"])

    def ended(self, *observations: dict[str, Any], seconds: float = 30.0, **more: Any) -> tuple[str, list[Any]]:
        """The status after a while, and the records, their texts read."""
        execution = self.start(self.case(*observations, **more))
        self.advance(seconds)
        rows = self.centre.ask("ListTestCaseExecutionRecords", **execution)["ExecutionRecords"]
        return self.status(execution), [{**row, "Record": json.loads(row["Record"])} for row in rows]


def content(*observations: dict[str, Any]) -> str:
    return json.dumps({"Version": "2019-10-30", "Metadata": {}, "Observations": list(observations)})


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_a_key_is_pressed_and_its_branch_heard(bench: Bench) -> None:
    """Two prompts up to an input are one message; the key cuts; EndTest ends the test with every observation matched."""
    status, records = bench.ended(
        observation("asked", "hello there. press 1.", press(1), following=("heard",)),
        observation("heard", "you pressed one", END),
    )
    assert status == "PASSED"
    assert [(one["ObservationId"], one["Status"]) for one in records] == [("asked", "PASSED"), ("heard", "PASSED")]
    path = [(step["Block"], step.get("Branch")) for one in records for step in one["Record"]["Path"]]
    assert path == [("hello", ""), ("menu", "1"), ("one", ""), ("end", "")]


def test_a_wrong_branch_fails_when_the_contact_ends(bench: Bench) -> None:
    """Nobody can be heard after the call: the test need not wait for its five minutes."""
    status, records = bench.ended(
        observation("asked", "Press 1", following=("heard",)), observation("heard", "You pressed one", END)
    )
    assert status == "FAILED"
    assert [one["Status"] for one in records] == ["PASSED", "FAILED"]
    assert records[1]["Record"]["Reason"] == "the contact ended before it was observed"


def test_a_test_that_never_ends_fails_after_five_minutes(bench: Bench) -> None:
    """Although all was observed."""
    execution = bench.start(bench.case(observation("asked", "Press 1")))
    bench.advance(60)
    assert bench.status(execution) == "IN_PROGRESS"
    bench.advance(FIVE_MINUTES)
    assert bench.status(execution) == "FAILED"


def test_an_assertion_that_does_not_hold_stops_the_test(bench: Bench) -> None:
    """With what was expected and found."""
    status, records = bench.ended(
        observation("asked", "Press 1", check("$.Channel", "Equals", "CHAT"), following=("never",)),
        observation("never", "You pressed one", END),
    )
    assert (status, [one["Status"] for one in records]) == ("FAILED", ["FAILED", "FAILED"])
    failed = records[0]["Record"]["FailedAssertion"]
    assert (failed["Expected"], failed["Found"]) == ("CHAT", "VOICE")


def test_attributes_stand_from_the_beginning(bench: Bench) -> None:
    """InitializationData is what the contact begins with, and the contact says that it is simulated."""
    kind = "$.SegmentAttributes['connect:ValidationTestType']"
    checks = [check("$.Attributes.tier", "Equals", "VIP"), check(kind, "Exists", "")]
    data = json.dumps({"tier": "VIP"})
    status, _ = bench.ended(observation("asked", "Press 1", *checks, END), InitializationData=data)
    assert status == "PASSED"


def test_open_groups_watch_beside_a_chain(bench: Bench) -> None:
    """Observations that no other names are active from the start, each once."""
    status, records = bench.ended(
        observation("chain", "Hello", following=("last",)),
        observation("last", "You pressed nothing", END),
        observation("beside", "Press 1"),
    )
    assert (status, len(records)) == ("PASSED", 3)


def test_five_run_at_once_and_a_hundred_wait(bench: Bench) -> None:
    """The sixth waits for a place; the hundred and first is refused."""
    case = bench.case(observation("never", "Nobody says this", END))
    first = [bench.start(case) for _ in range(AT_ONCE + 1)]
    bench.advance(2)
    assert [bench.status(one) for one in first] == ["IN_PROGRESS"] * AT_ONCE + ["INITIATED"]
    bench.centre.ask("StopTestCaseExecution", **first[0])
    bench.advance(1)
    assert [bench.status(first[0]), bench.status(first[-1])] == ["STOPPED", "IN_PROGRESS"]
    for _ in range(QUEUED - AT_ONCE):
        bench.start(case)
    assert bench.centre.refused("StartTestCaseExecution", TestCaseId=case) == "ServiceQuotaExceededException"


def test_an_execution_is_started_once_with_a_token(bench: Bench) -> None:
    """The same ClientToken names the same execution."""
    case = bench.case(observation("asked", "Press 1", END))
    made = [
        bench.centre.ask("StartTestCaseExecution", TestCaseId=case, ClientToken="t")["TestCaseExecutionId"]
        for _ in "ab"
    ]
    assert made[0] == made[1]


def test_executions_are_listed_by_what_is_asked(bench: Bench) -> None:
    """Newest first, by case and status."""
    case, other = (
        bench.case(observation("asked", "Press 1", END)),
        bench.case(observation("x", "No", END), name="other"),
    )
    execution = bench.start(case)
    bench.advance(10)
    bench.start(other)
    ask = bench.centre.ask
    assert len(ask("ListTestCaseExecutions")["TestCaseExecutions"]) == 2
    (one,) = ask("ListTestCaseExecutions", TestCaseName="case", Status="PASSED")["TestCaseExecutions"]
    assert one["TestCaseExecutionId"] == execution["TestCaseExecutionId"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "The content is not valid JSON"),
        (content(), "Observations must not be empty"),
        (content(observation("one", "")), "At least one of PromptId, Text, or SSML must be present"),
        (content({**observation("one", "a"), "Usage": {"Type": "EXACTLY"}}), "Invalid usage type"),
        (content(observation("one", "a", following=("two",))), "Invalid next observation identifier: two"),
        (
            content(observation("one", "a", {**END, "Transitions": {"NextAction": ""}})),
            "Invalid next action identifier: ",
        ),
        (content(observation("one", "a")).replace("2019-10-30", "2025-06-21"), "Invalid version: 2025-06-21"),
        (content(observation("one", "a", {"Type": "Sing"})), "Invalid action type: Sing"),
    ],
)
def test_what_is_published_is_validated(bench: Bench, text: str, said: str) -> None:
    """A draft takes anything and cannot be run."""
    problems = bench.centre.problems("CreateTestCase", Name="bad", Content=text)
    assert any(said in one for one in problems), problems
    draft = bench.centre.ask("CreateTestCase", Name="bad", Content=text, Status="SAVED")["TestCaseId"]
    assert bench.centre.refused("StartTestCaseExecution", TestCaseId=draft) == "InvalidRequestException"


def test_a_published_case_keeps_running_beside_its_draft(bench: Bench) -> None:
    """An update that is only saved changes nothing of what is executed."""
    case = bench.case(observation("asked", "Press 1", END))
    bench.centre.ask("UpdateTestCase", TestCaseId=case, Content="[", Status="SAVED")
    published = bench.centre.ask("DescribeTestCase", TestCaseId=case, Status="PUBLISHED")["TestCase"]
    draft = bench.centre.ask("DescribeTestCase", TestCaseId=case, Status="SAVED")["TestCase"]
    assert (published["Status"], draft["Content"]) == ("PUBLISHED", "[")
    execution = bench.start(case)
    bench.advance(10)
    assert bench.status(execution) == "PASSED"


def test_search_lags_and_list_does_not(bench: Bench) -> None:
    """A search finds by name and status once the index has caught up."""
    bench.case(observation("asked", "Press 1", END), name="found")
    ask = bench.centre.ask
    assert [one["Name"] for one in ask("ListTestCases")["TestCaseSummaryList"]] == ["found"]
    assert ask("SearchTestCases")["TestCases"] == []
    bench.advance(2)
    by_name = {"StringCondition": {"FieldName": "name", "Value": "fou", "ComparisonType": "STARTS_WITH"}}
    both = {"AndConditions": [by_name, {"StatusCondition": "PUBLISHED"}]}
    assert [one["Name"] for one in ask("SearchTestCases", SearchCriteria=both)["TestCases"]] == ["found"]
    assert ask("SearchTestCases", SearchCriteria={"StatusCondition": "SAVED"})["TestCases"] == []


def test_a_flow_that_is_not_there_is_a_problem(bench: Bench) -> None:
    """Of a published case; names are unique."""
    point = {"Type": "CHAT", "ChatEntryPointParameters": {"FlowId": "5e5f8f5c-0000-4000-8000-000000000000"}}
    good = content(observation("asked", "Press 1", END))
    (problem,) = bench.centre.problems("CreateTestCase", Name="lost", Content=good, EntryPoint=point)
    assert "Invalid flow" in problem
    bench.case(observation("asked", "Press 1", END))
    assert bench.centre.refused("CreateTestCase", Name="case", Content=good) == "DuplicateResourceException"


def test_a_case_without_a_flow_begins_in_that_of_its_number(bench: Bench) -> None:
    """The flow that answers the number that is called; nothing begins where none does."""
    number = "+18005550100"
    point = {"Type": "VOICE_CALL", "VoiceCallEntryPointParameters": {"DestinationPhoneNumber": number}}
    case = bench.case(observation("asked", "hello there", END), EntryPoint=point)
    assert bench.centre.refused("StartTestCaseExecution", TestCaseId=case) == "InvalidRequestException"
    claimed = bench.centre.call("ClaimPhoneNumber", TargetArn=bench.centre.arn, PhoneNumber=number)
    bench.advance(6)
    named = {"PhoneNumberId": claimed["PhoneNumberId"], "ContactFlowId": bench.flow}
    bench.centre.ask("AssociatePhoneNumberContactFlow", **named)
    execution = bench.start(case)
    bench.advance(30)
    assert bench.status(execution) == "PASSED"
