"""Flow tests as files: how they are built and read, what is wrong with them, and which can ring an agent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sbctl.core.problem import Exit, SbctlError
from sbctl.flows.testing.builder import FlowTest
from sbctl.flows.testing.file import FlowTestFile
from sbctl.flows.testing.language import observed, overrides
from sbctl.flows.testing.meaning import same_test
from sbctl.flows.testing.reading import project_tests
from sbctl.flows.testing.ringing import can_ring
from sbctl.flows.testing.rules import problems_of

QUEUED = {"Actions": [{"Identifier": "q", "Type": "TransferContactToQueue"}]}
ENDING = {"Actions": [{"Identifier": "q", "Type": "DisconnectParticipant"}]}


def vip() -> FlowTest:
    return (
        FlowTest("vip", flow="Sales")
        .call("+15555550199", caller="+15555550100")
        .hears("Welcome")
        .presses("1")
        .lambda_returns("lookup", tier="VIP")
        .reaches_queue("VIP")
    )


def written(folder: Path, name: str, value: Any) -> Path:
    path = folder / "flows" / "tests" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(value if isinstance(value, str) else json.dumps(value, indent=1), encoding="utf-8")
    return path


def told(observations: Any, **more: Any) -> list[str]:
    """What is said of a content with these observations."""
    test = vip().build("x.py")
    content = {"Version": "2019-10-30", "Observations": observations, **more}
    file = FlowTestFile(type(test)(**{**vars(test), "content": content}))
    return [problem.detail for problem in problems_of(file)]


def an_observation(**changed: Any) -> dict[str, Any]:
    """One that hears a text and ends the test."""
    end = {"Identifier": "end", "Type": "TestControl", "Parameters": {"Command": {"Type": "EndTest"}}}
    event = {"Type": "MessageReceived", "Properties": {"Text": "Hello"}}
    return {"Identifier": "one", "Event": event, "Actions": [end], **changed}


def test_the_builder_makes_a_chain_that_ends() -> None:
    """Each step is an observation that leads to the next, and reaching a queue ends the test."""
    test = vip().build("vip.py")
    every = list(observed(test.content))
    assert [one.event for one in every] == ["TestInitiated", "MessageReceived", "FlowActionStarted"]
    assert [one.following for one in every] == [(every[1].id,), (every[2].id,), ()]
    assert [one.ends_test for one in every] == [False, False, True]
    assert (test.flow, test.called, test.caller) == ("Sales", "+15555550199", "+15555550100")


def test_overrides_stand_at_the_beginning() -> None:
    """What replaces a function holds before the flow runs, wherever the builder was told of it."""
    (override,) = overrides(vip().build().content)
    assert override["ActionParameters"] == {"LambdaFunctionARN": "${lambda:lookup}"}
    assert json.loads(override["Strategy"]["Response"]["ExecutionResult"]["LoadedData"]) == {"tier": "VIP"}
    first = next(observed(vip().build().content))
    assert [action["Type"] for action in first.actions] == ["OverrideSystemBehavior"]


@pytest.mark.parametrize(("keys", "value"), [("1", 1), ("0", 0), ("01", "01"), ("*", "*"), ("12#", "12#")])
def test_keys_are_numbers_where_they_can_be(keys: str, value: Any) -> None:
    """Amazon Connect was seen to take numbers alone; what is none stays a text."""
    *_, last = observed(FlowTest("keys", flow="Sales").hears("Hello").presses(keys).build().content)
    assert last.actions[0]["Parameters"]["Instruction"]["Properties"] == {"Value": value}


def test_a_test_without_a_beginning_is_refused() -> None:
    """Neither a flow nor a number: nothing would run."""
    with pytest.raises(SbctlError, match="neither a flow nor a number"):
        FlowTest("nowhere").hears("Hello").ends().build("x.py")


def test_what_the_builder_makes_has_no_problem() -> None:
    """All its words together pass the rules."""
    test = (
        vip()
        .lambda_fails("lookup")
        .lambda_instead("lookup", "other")
        .in_hours("Day")
        .out_of_hours("Day")
        .hours_fail("Day")
        .hours_instead("Day", "Night")
        .queue_full("VIP")
        .queue_fails("VIP")
        .queue_instead("VIP", "Sales")
        .bot_answers("${lambda:bot}", "Order", city="Rome")
        .hears_prompt("Bye")
        .starts_lambda("lookup")
        .checks_hours("Day")
        .starts_bot("alias")
        .says("Rome")
        .asserts("$.Queue.Name", "VIP")
        .exists("$.Attributes.x")
        .has_attribute("x", "1")
        .logs(queue="$.Queue.Name")
        .hangs_up()
        .ends()
    )
    assert problems_of(FlowTestFile(test.build("x.py"))) == []


@pytest.mark.parametrize(
    ("observations", "said"),
    [
        ([], "it has no observations"),
        ([an_observation(), an_observation()], "two observations are called 'one'"),
        ([an_observation(Event={"Type": "Rings"})], "there is no event 'Rings'"),
        ([an_observation(Event={"Type": "MessageReceived", "Properties": {"Text": ""}})], "it waits for an empty text"),
        ([an_observation(Transitions={"NextObservations": ["two"]})], "there is no observation 'two'"),
        (
            [an_observation(Event={"Type": "TestInitiated"}, Usage={"Type": "Exactly", "Times": 1})],
            "TestInitiated takes no Usage",
        ),
        ([an_observation(Actions=[])], "nothing ends it"),
    ],
)
def test_what_is_wrong_is_said(observations: list[Any], said: str) -> None:
    """What Amazon Connect refuses, and what can never match, is told before any call."""
    assert any(said in one for one in told(observations)), told(observations)


def test_an_empty_next_action_is_refused() -> None:
    """The pages show it, and the service refuses it."""
    end = {"Type": "TestControl", "Parameters": {"Command": {"Type": "EndTest"}}, "Transitions": {"NextAction": ""}}
    assert told([an_observation(Actions=[end])]) == ["test vip: its NextAction is empty"]


def test_an_arn_of_one_region_is_a_note() -> None:
    """It names nothing in another region, and AWS takes it all the same."""
    arn = "arn:aws:lambda:us-east-1:123456789012:function:lookup"
    event = {
        "Type": "FlowActionStarted",
        "Properties": {"ActionType": "InvokeLambdaFunction", "ActionParameters": {"LambdaFunctionARN": arn}},
    }
    test = vip().build("x.py")
    content = {"Version": "2019-10-30", "Observations": [an_observation(Event=event)]}
    (problem,) = problems_of(FlowTestFile(type(test)(**{**vars(test), "content": content})))
    assert (problem.exit, "us-east-1 alone" in problem.detail) == (Exit.DONE, True)


def test_files_of_both_forms_are_read(tmp_path: Path) -> None:
    """sbctl's wrapper, what the AWS CLI takes, and Python."""
    content = {"Version": "2019-10-30", "Observations": [an_observation()]}
    written(tmp_path, "own.json", {"flow": "Sales", "attributes": {"a": "b"}, "content": content})
    point = {"Type": "VOICE_CALL", "VoiceCallEntryPointParameters": {"FlowId": "${flow:Sales}"}}
    written(tmp_path, "aws.json", {"Name": "theirs", "EntryPoint": point, "Content": json.dumps(content)})
    source = "from sbctl.flows.testing.builder import FlowTest\n"
    written(tmp_path, "built.py", source + 'TEST = FlowTest("built", flow="Sales").hears("Hello").ends()\n')
    files, problems = project_tests(tmp_path / "flows")
    assert problems == []
    assert {one.document.name: one.document.flow for one in files} == dict.fromkeys(("own", "theirs", "built"), "Sales")


def test_problems_name_file_and_line_all_at_once(tmp_path: Path) -> None:
    """Faults of several files, each with its line."""
    written(tmp_path, "one.json", '{\n "flow": "Sales",\n "chanel": "VOICE",\n "content": []\n}')
    written(tmp_path, "two.json", '{\n "flow":\n}')
    written(tmp_path, "three.py", "x = 1\n")
    _, problems = project_tests(tmp_path / "flows")
    places = [Path(problem.at).name for problem in problems]
    assert places == ["one.json:3", "one.json:4", "three.py", "two.json:3"]
    assert all(problem.exit == Exit.USAGE for problem in problems)


def test_a_literal_flow_is_refused(tmp_path: Path) -> None:
    """A flow's id is of one instance, so the test could be deployed in one region only."""
    point = {"Type": "CHAT", "ChatEntryPointParameters": {"FlowId": "5e5f8f5c-0000-4000-8000-000000000000"}}
    written(tmp_path, "aws.json", {"EntryPoint": point, "Content": {"Version": "2019-10-30"}})
    _, (problem,) = project_tests(tmp_path / "flows")
    assert "is of one instance" in problem.detail


def test_two_tests_of_one_name_are_a_problem(tmp_path: Path) -> None:
    """One of them would never be deployed."""
    for name in ("a.json", "b.json"):
        written(tmp_path, name, {"name": "same", "flow": "Sales", "content": {"Observations": []}})
    _, (problem,) = project_tests(tmp_path / "flows")
    assert problem.code == "flow-test-twice"


@pytest.mark.parametrize(
    ("test", "rings"),
    [
        (FlowTest("t", flow="Queued").hears("Hello").reaches_queue("Sales"), False),
        (FlowTest("t", flow="Queued").hears("Hello").enters_queue("Sales").hears("Wait").ends(), True),
        (FlowTest("t", flow="Queued").queue_full("Sales").enters_queue("Sales").hears("Full").ends(), False),
        (FlowTest("t", flow="Queued").hears("Hello"), True),
        (FlowTest("t", flow="Ending").hears("Hello"), False),
        (FlowTest("t", flow="Unknown").hears("Hello"), True),
    ],
)
def test_who_goes_on_past_a_queue_can_ring(test: FlowTest, rings: bool) -> None:
    """A simulated contact waits in a queue like any other, unless the test ends there or the queue is replaced."""
    assert bool(can_ring(test.build(), {"Queued": QUEUED, "Ending": ENDING})) == rings


def test_form_means_nothing() -> None:
    """Order of keys, notes, empty members, and either form of keys and of matching are the same test; a text is not."""
    one = vip().build().content
    other = json.loads(json.dumps(one).replace('"Value": 1', '"Value": "1"'))
    other["Metadata"] = {"note": "moved"}
    other["Observations"][1]["Event"]["Properties"]["MatchingCriteria"] = {"Type": "Inclusion"}
    del other["Observations"][1]["Event"]["MatchingCriteria"]
    assert same_test(one, other)
    assert not same_test(one, json.loads(json.dumps(one).replace("Welcome", "Good morning")))
