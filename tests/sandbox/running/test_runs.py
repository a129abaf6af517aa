"""Whole runs: loops, modules, other flows, interrupts, ends, and what is kept of a run."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from sbctl.sandbox.connect.running.contract import Elapsed, Ended, FunctionAnswered, Keys, Turn, Waiting
from sbctl.sandbox.snapshot.pickling import dumped, loaded
from tests.sandbox.running.centre import ARN, FUNCTION, NOW, FakeCentre, action, caller, content, ends

SAY = "MessageParticipant"


def ended(turn: Turn) -> tuple[str, str]:
    assert isinstance(turn, Ended)
    return turn.how, turn.block


def test_a_loop_goes_round_and_begins_again() -> None:
    """So many rounds, then done; entered again it counts from the start, and its name is known only inside."""
    centre = FakeCentre()
    centre.flow(
        "f",
        action("loop", "Loop", {"LoopCount": "2", "LoopName": "n"}, "end", _ContinueLooping="say", _DoneLooping="once"),
        action("say", SAY, {"Text": "round $.Loop.n.Index"}, "loop"),
        action("once", "Loop", {"LoopCount": "1"}, "end", _ContinueLooping="after", _DoneLooping="end"),
        action("after", SAY, {"Text": "after [$.Loop.n.Index]"}, "loop"),
        *ends("end"),
    )
    assert ended(centre.run("f").begin()) == ("disconnect", "end")
    assert centre.said == ["round 0", "round 1", "after []", "round 0", "round 1"]


def test_a_loop_takes_the_elements_of_a_list() -> None:
    """A function's list is looped over, element by element."""
    centre = FakeCentre()
    call = {"LambdaFunctionARN": FUNCTION, "ResponseValidation": {"ResponseType": "JSON"}}
    elements = {"Elements": "$.External.rows", "LoopName": "row"}
    centre.flow(
        "f",
        action("call", "InvokeLambdaFunction", call, "loop", NoMatchingError="end"),
        action("loop", "Loop", elements, "end", _ContinueLooping="say", _DoneLooping="end"),
        action("say", SAY, {"Text": "$.Loop.row.Index: $.Loop.row.Element.name"}, "loop"),
        *ends("end"),
    )
    run = centre.run("f")
    run.begin()
    assert ended(run.take(FunctionAnswered({"rows": [{"name": "a"}, {"name": "b"}]}))) == ("disconnect", "end")
    assert centre.said == ["0: a", "1: b"]


def test_a_module_sees_nothing_of_its_caller_but_its_input() -> None:
    """It shares the contact's attributes; what either learnt else is its own, and results come back by name."""
    centre = FakeCentre()
    centre.module(
        "m",
        action(
            "set", "UpdateContactAttributes", {"Attributes": {"in": "$.Modules.Input.who [$.FlowAttributes.x]"}}, "own"
        ),
        action("own", "UpdateFlowAttributes", {"FlowAttributes": {"x": {"Value": "module"}}}, "back"),
        action("back", "EndFlowModuleExecution", {"Result": "Good", "ResultData": {"n": 5, "x": "$.FlowAttributes.x"}}),
    )
    read = {"Text": "$.Modules.Result $.Modules.ResultData.n $.Modules.ResultData.x $.FlowAttributes.x $.Attributes.in"}
    centre.flow(
        "f",
        action("own", "UpdateFlowAttributes", {"FlowAttributes": {"x": {"Value": "flow"}}}, "call"),
        action(
            "call",
            "InvokeFlowModule",
            {"FlowModuleId": f"{ARN}/flow-module/m", "Input": {"who": "$.Channel"}},
            "no",
            _Good="say",
        ),
        action("say", SAY, read, "end"),
        *ends("end", "no"),
    )
    assert ended(centre.run("f").begin()) == ("disconnect", "end")
    assert centre.said == ["Good 5 module flow VOICE []"]
    assert [block.flow for block in centre.blocks if block.is_module and block.took is None] == ["m", "m", "m"]


@pytest.mark.parametrize(("result", "block"), [("Good", "good"), ("Other", "none"), ("", "next")])
def test_a_module_returns_by_a_branch(result: str, block: str) -> None:
    """Its result picks the condition of that name; without a result the next action follows."""
    centre = FakeCentre()
    centre.module("m", action("back", "EndFlowModuleExecution", {"Result": result} if result else {}))
    call = action("call", "InvokeFlowModule", {"FlowModuleId": "m"}, "next", _Good="good", NoMatchingCondition="none")
    centre.flow("f", call, *ends("next", "good", "none"))
    assert ended(centre.run("f").begin()) == ("disconnect", block)


def test_modules_invoke_each_other_five_deep() -> None:
    """The sixth takes its error branch, and so does a module that is invoked from within itself."""
    centre = FakeCentre()
    for n in range(1, 7):
        call = action("call", "InvokeFlowModule", {"FlowModuleId": f"m{n + 1}"}, "back", NoMatchingError="deep")
        deep = action("deep", SAY, {"Text": f"at {n}"}, "back")
        centre.module(f"m{n}", call, deep, action("back", "EndFlowModuleExecution"))
    centre.module("self", action("call", "InvokeFlowModule", {"FlowModuleId": "self"}, "back", NoMatchingError="say"),
                  action("say", SAY, {"Text": "itself"}, "back"), action("back", "EndFlowModuleExecution"))  # fmt: skip
    centre.flow("f", action("call", "InvokeFlowModule", {"FlowModuleId": "m1"}, "own"),
                action("own", "InvokeFlowModule", {"FlowModuleId": "self"}, "end"), *ends("end"))  # fmt: skip
    assert ended(centre.run("f").begin()) == ("disconnect", "end")
    assert centre.said == ["at 5", "itself"]


def test_a_module_takes_the_error_of_what_its_flow_does_not_support() -> None:
    """A whisper that invokes a module with a menu does not ask anybody."""
    centre = FakeCentre()
    menu = {"Text": "1?", "StoreInput": "False", "InputTimeLimitSeconds": "5"}
    centre.module("m", action("menu", "GetParticipantInput", menu, "back", NoMatchingError="back"),
                  action("back", "EndFlowModuleExecution"))  # fmt: skip
    centre.flow("f", action("call", "InvokeFlowModule", {"FlowModuleId": "m"}, "end"), action("end", "EndFlowExecution"),
                type_="AGENT_WHISPER")  # fmt: skip
    assert ended(centre.run("f").begin()) == ("end", "end")
    assert centre.took["menu"] == "NoMatchingError"
    assert centre.said == []


def test_a_disconnect_in_a_module_ends_its_flow_too() -> None:
    """So does a transfer to another flow."""
    centre = FakeCentre()
    centre.module("off", *ends("bye"))
    centre.module(
        "on", action("go", "TransferToFlow", {"ContactFlowId": "other"}, "x", NoMatchingError="x"), *ends("x")
    )
    centre.flow("other", *ends("there"))
    for module, block in (("off", "bye"), ("on", "there")):
        centre.flow("f", action("call", "InvokeFlowModule", {"FlowModuleId": module}, "end"), *ends("end"))
        assert ended(centre.run("f").begin()) == ("disconnect", block)


def test_a_transfer_drops_flow_attributes_and_keeps_the_rest() -> None:
    """The other flow finds the contact's attributes, its queue and the last input."""
    centre = FakeCentre()
    store = {"Text": "?", "StoreInput": "True", "InputTimeLimitSeconds": "5",
             "InputValidation": {"CustomValidation": {"MaximumLength": "1"}}}  # fmt: skip
    centre.flow(
        "f",
        action("flow", "UpdateFlowAttributes", {"FlowAttributes": {"x": {"Value": "1"}}}, "contact"),
        action("contact", "UpdateContactAttributes", {"Attributes": {"y": "2"}}, "ask"),
        action("ask", "GetParticipantInput", store, "go"),
        action("go", "TransferToFlow", {"ContactFlowId": f"{ARN}/contact-flow/other"}, "end", NoMatchingError="end"),
        *ends("end"),
    )
    read = {"Text": "[$.FlowAttributes.x] $.Attributes.y $.StoredCustomerInput"}
    centre.flow("other", action("say", SAY, read, "bye"), *ends("bye"))
    run = centre.run("f")
    run.begin()
    assert ended(run.take(Keys("7"))) == ("disconnect", "bye")
    assert run.flow == "other"
    assert centre.said[-1] == "[] 2 7"
    assert centre.took["go"] == ""


QUEUE = "CUSTOMER_QUEUE"
HOLD: dict[str, Any] = {"Messages": [{"Text": "one"}, {"Text": "two"}], "InterruptFrequencySeconds": "30"}


@pytest.mark.parametrize(
    ("goes_on", "is_loud", "again"),
    [("", True, ["one", "two"]), ("", False, ["one", "two"]), ("true", True, ["one", "two"]), ("true", False, [])],
)
def test_prompts_are_interrupted_and_come_back(goes_on: str, is_loud: bool, again: list[str]) -> None:
    """The branch of an interrupt leads back at its end: the loop begins again, or goes on where nothing was heard between."""
    centre = FakeCentre()
    more = {"ContinueMessagingDuringInterrupt": goes_on} if goes_on else {}
    branch = action("branch", SAY, {"Text": "still here"}, "back") if is_loud else action("branch", "Compare", {
        "ComparisonValue": "$.Channel"}, "back")  # fmt: skip
    loop = action("loop", "MessageParticipantIteratively", {**HOLD, **more}, "", _MessagesInterrupted="branch")
    centre.flow("f", loop, branch, action("back", "EndFlowExecution"), type_=QUEUE)
    run = centre.run("f")
    turn = run.begin()
    assert isinstance(turn, Waiting)
    assert turn.until == NOW + 30
    assert centre.said == ["one", "two"]
    centre.at += 30
    turn = run.take(Elapsed())
    assert isinstance(turn, Waiting)
    assert (turn.block, turn.until) == ("loop", NOW + 60)
    assert centre.said == ["one", "two", *(["still here"] if is_loud else []), *again]


def test_a_chat_does_not_loop_prompts_and_stays_in_its_queue() -> None:
    """Without a branch for the error the queue flow ends, and says why."""
    centre = FakeCentre()
    centre.flow("f", action("loop", "MessageParticipantIteratively", HOLD, ""), type_=QUEUE)
    turn = centre.run("f", caller("CHAT")).begin()
    assert ended(turn) == ("error", "loop")
    assert isinstance(turn, Ended)
    assert "not on CHAT" in turn.why


def test_a_wait_beside_other_actions_goes_on_after_them() -> None:
    """Continue runs at once; at its end the rest of the time is waited for."""
    centre = FakeCentre()
    wait = {"ContinueExecution": "true", "MinimumWaitTimeSeconds": "60"}
    centre.flow(
        "f",
        action("wait", "Wait", wait, "end", _Continue="say", _WaitCompleted="done"),
        action("say", SAY, {"Text": "meanwhile"}, "stop"),
        action("stop", "EndFlowExecution"),
        *ends("done", "end"),
    )
    run = centre.run("f")
    turn = run.begin()
    assert isinstance(turn, Waiting)
    assert (turn.until, centre.said) == (NOW + 60, ["meanwhile"])
    assert ended(run.take(Elapsed())) == ("disconnect", "done")


def test_an_endless_flow_is_cut_off_where_it_is() -> None:
    """A thousand actions without input or time are too many, and the end names the action."""
    centre = FakeCentre()
    centre.flow(
        "f", action("a", "Compare", {"ComparisonValue": "$.Channel"}, "b"), action("b", SAY, {"Text": "x"}, "a")
    )
    turn = centre.run("f").begin()
    assert isinstance(turn, Ended)
    assert turn.how == "error"
    assert turn.why.startswith("endless: 1000 actions")
    assert turn.why.endswith(f"at {turn.block}")


def test_two_flows_that_transfer_to_each_other_are_endless() -> None:
    """The limit is of the run, whatever flows it went through."""
    centre = FakeCentre()
    for one, other in (("f", "g"), ("g", "f")):
        go = action("go", "TransferToFlow", {"ContactFlowId": other}, "end", NoMatchingError="end")
        centre.flow(one, go, *ends("end"))
    turn = centre.run("f").begin()
    assert isinstance(turn, Ended)
    assert "endless" in turn.why


def test_a_menu_that_asks_again_is_not_endless() -> None:
    """Input and time begin the count anew."""
    centre = FakeCentre()
    menu = {"Text": "1?", "StoreInput": "False", "InputTimeLimitSeconds": "5"}
    centre.flow(
        "f",
        action("menu", "GetParticipantInput", menu, "menu", InputTimeLimitExceeded="menu", NoMatchingCondition="menu"),
    )
    run = centre.run("f")
    turn = run.begin()
    for _ in range(1100):
        turn = run.take(Keys("5"))
    assert isinstance(turn, Waiting)


def test_a_failing_function_again_and_again_is_endless() -> None:
    """Functions are no input: a flow that calls one for ever is cut off."""
    centre = FakeCentre()
    call = {"LambdaFunctionARN": FUNCTION, "InvocationTimeLimitSeconds": "8"}
    centre.flow("f", action("call", "InvokeLambdaFunction", call, "call", NoMatchingError="call"))
    run = centre.run("f")
    turn = run.begin()
    for _ in range(1000):
        turn = run.take(FunctionAnswered({}))
    assert isinstance(turn, Ended)
    assert "endless" in turn.why


@pytest.mark.parametrize(
    ("actions", "how"),
    [
        ([action("a", "EndFlowExecution")], "end"),
        ([action("a", "DisconnectParticipant")], "disconnect"),
        ([action("a", SAY, {"Text": "x"})], "end"),
        ([action("a", SAY, {"Text": "x"}, "nowhere")], "end"),
        ([action("a", "EndFlowModuleExecution")], "end"),
        ([action("a", "UpdateContactTargetQueue", {"QueueId": "nix"}, "a")], "error"),
        ([action("a", SAY, {"PromptId": "nix"}, "b"), action("b", "EndFlowExecution")], "end"),
    ],
)
def test_a_flow_ends(actions: list[dict[str, Any]], how: str) -> None:
    """By an action that ends it, by having nothing left to do, or by a failure that has no branch: but a prompt's."""
    centre = FakeCentre()
    centre.flow("f", *actions)
    assert ended(centre.run("f").begin())[0] == how


def test_the_customer_is_dialled_and_the_flow_goes_on() -> None:
    """CompleteOutboundCall hands over to the driver; what follows runs when the customer answered."""
    centre = FakeCentre()
    centre.flow("f", action("dial", "CompleteOutboundCall", {}, "say"), action("say", SAY, {"Text": "hello"}, "end"),
                action("end", "EndFlowExecution"), type_="OUTBOUND_WHISPER")  # fmt: skip
    run = centre.run("f")
    assert ended(run.begin()) == ("dial", "dial")
    assert centre.said == []
    assert ended(run.take(Elapsed())) == ("end", "end")
    assert centre.said == ["hello"]


@pytest.mark.parametrize("named", ["f", f"{ARN}/contact-flow/f", "f:$LATEST", "f:1", "f:alias-1", "f:$SAVED"])
def test_a_flow_is_named_with_its_version(named: str) -> None:
    """By id or ARN: the published content, a version, what an alias points to, or the draft."""
    centre = FakeCentre()
    flow = centre.flow("f", *ends("published"))
    flow.values["Draft"] = content(ends("draft"))
    flow.values["Versions"] = {1: {"Version": 1, "Content": content(ends("one"))}}
    flow.values["Aliases"] = {"alias-1": {"Version": 1}}
    block = {"f:1": "one", "f:alias-1": "one", "f:$SAVED": "draft"}.get(named, "published")
    assert ended(centre.run(named).begin()) == ("disconnect", block)


@pytest.mark.parametrize("named", ["nix", "f:9", "", "draft", "broken"])
def test_what_cannot_be_run_ends_at_once(named: str) -> None:
    """A flow that is not there, that was never published, or that is no flow."""
    centre = FakeCentre()
    centre.flow("f", *ends("end"))
    centre.flow("draft", *ends("end")).values["Content"] = None
    centre.flow("broken", *ends("end")).values["Content"] = '{"StartAction": "x", "Actions": [5, {"Identifier": "y"}]}'
    turn = centre.run(named).begin()
    assert isinstance(turn, Ended)
    assert turn.how == "error"
    assert turn.why


def test_a_run_goes_on_with_what_it_began_with() -> None:
    """Who publishes a flow changes nothing for the contacts that are in it."""
    centre = FakeCentre()
    wait = {"TimeLimitSeconds": "9"}
    flow = centre.flow("f", action("wait", "Wait", wait, "end", _WaitCompleted="old"), *ends("old", "end"))
    run = centre.run("f", caller("TASK"))
    run.begin()
    flow.values["Content"] = content(ends("new"))
    assert ended(run.take(Elapsed())) == ("disconnect", "old")


@pytest.mark.parametrize("keep", [(pickle.dumps, pickle.loads), (dumped, loaded)], ids=["pickle", "world"])
def test_a_run_is_kept(keep: Any) -> None:
    """In the middle of an input it can be put away and taken up, with the contact that it is of."""
    centre = FakeCentre()
    store = {"Text": "?", "StoreInput": "True", "InputTimeLimitSeconds": "5",
             "InputValidation": {"CustomValidation": {"MaximumLength": "3"}}}  # fmt: skip
    centre.flow("f", action("ask", "GetParticipantInput", store, "set"),
                action("set", "UpdateContactAttributes", {"Attributes": {"n": "$.StoredCustomerInput"}}, "end"),
                *ends("end"))  # fmt: skip
    contact = caller()
    run = centre.run("f", contact)
    run.begin()
    run.take(Keys("12"))
    put_away, take_up = keep
    again, same = take_up(put_away((run, contact)))
    again.attach(centre)
    assert isinstance(again.turn, Waiting)
    assert ended(again.take(Keys("3"))) == ("disconnect", "end")
    assert same.attributes == {"n": "123"}


def test_events_that_are_not_waited_for_change_nothing() -> None:
    """A run that is over stays over, and a key in a wait is lost."""
    centre = FakeCentre()
    centre.flow("f", *ends("end"))
    run = centre.run("f")
    over = run.begin()
    assert run.take(Keys("1")) is over
    assert run.take(Elapsed()) is over


def test_references_find_queue_agent_and_contact() -> None:
    """What they stand for is read when the action is entered, and nothing is found before the flow begins."""
    centre, contact = FakeCentre(), caller()
    centre.add("queue", "sales", Name="Sales", OutboundCallerConfig={"OutboundCallerIdNumberId": "n-1"})
    centre.add("agent", "ann", Username="ann", IdentityInfo={"FirstName": "Ann"})
    contact.queue, contact.agent = "sales", "ann"
    contact.segment_attributes = {"connect:Subtype": {"ValueString": "connect:Telephony"}}
    centre.flow("f", action("a", "EndFlowExecution"), type_="AGENT_WHISPER")
    run = centre.run("f", contact)
    assert run.value("$.Queue.Name") is None
    run.begin()
    found = [
        run.value(one)
        for one in ("$.Queue.Name", "$.Queue.ARN", "$.Agent.FirstName", "$.Channel", "$.Attributes.x", "x")
    ]
    assert found == ["Sales", f"{ARN}/queue/sales", "Ann", "VOICE", None, None]
    assert run.value("$.Queue.OutboundCallerId.Address") == "+18005550199"
    assert run.value("$.SegmentAttributes['connect:Subtype']") == "connect:Telephony"


def test_metrics_are_found_after_they_were_asked_for() -> None:
    """GetMetricData fills $.Metrics with what there is."""
    centre, contact = FakeCentre(), caller()
    centre.add("queue", "sales", Name="Sales")
    contact.queue, centre.figures = "sales", {"NumberOfContactsInQueue": 3.0, "NumberOfAgentsStaffed": 2.0}
    read = {
        "Text": "$.Metrics.Queue.Name $.Metrics.Queue.Size $.Metrics.Agents.Staffed.Count [$.Metrics.Agents.Busy.Count]"
    }
    centre.flow("f", action("get", "GetMetricData", {}, "say"), action("say", SAY, read, "end"), *ends("end"))
    centre.run("f", contact).begin()
    assert centre.said == ["Sales 3 2 []"]
