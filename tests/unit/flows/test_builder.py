"""What the builder makes is what Connect accepts, and what it cannot wire it names."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sbctl.core.problem import SbctlError
from sbctl.flows.builder import FlowBuilder, FlowType
from sbctl.flows.lint.refusals import refusals

Step = Callable[[FlowBuilder], FlowBuilder]

INBOUND: dict[str, Step] = {
    "play text": lambda f: f.play("Hello"),
    "play ssml": lambda f: f.play(ssml="<speak>Hello</speak>"),
    "play prompt": lambda f: f.play(prompt="Beep.wav"),
    "menu": lambda f: f.menu("Press 1", {"1": "end", "*": "end"}),
    "store_input": lambda f: f.store_input("Your number?", max_digits=8),
    "voice": lambda f: f.voice("Amy", engine="Standard"),
    "check_attribute": lambda f: f.check_attribute("$.External.tier", {"VIP": "end"}, otherwise="end"),
    "check_hours": lambda f: f.check_hours("24x7", open_="end", closed="end"),
    "check_hours of the queue": lambda f: f.check_hours(open_="end", closed="end"),
    "check_staffing": lambda f: f.check_staffing("Sales", staffed="end", unstaffed="end"),
    "check_queue": lambda f: f.check_queue(
        "NumberOfContactsInQueue", "NumberGreaterThan", 5, then="end", otherwise="end"
    ),
    "queue_metrics": lambda f: f.queue_metrics("Sales"),
    "distribute": lambda f: f.distribute({"end": 30}, rest="end"),
    "loop": lambda f: f.loop(3, again="end", done="end"),
    "wait": lambda f: f.wait(10, then="end"),
    "invoke_lambda": lambda f: f.invoke_lambda("lookup", inputs={"a": "b"}),
    "set_attributes": lambda f: f.set_attributes(tier="VIP"),
    "set_flow_attributes": lambda f: f.set_flow_attributes(tier="VIP"),
    "logging": lambda f: f.logging(enabled=False),
    "recording": lambda f: f.recording(customer=False),
    "event_flow": lambda f: f.event_flow("CustomerQueue", "Music"),
    "whisper": lambda f: f.whisper("Whisper", to="Customer"),
    "working_queue": lambda f: f.working_queue("Sales"),
    "priority": lambda f: f.priority(1),
    "transfer_to_queue": lambda f: f.transfer_to_queue("Sales", at_capacity="end"),
    "transfer_to_flow": lambda f: f.transfer_to_flow("AfterHours"),
    "transfer_to_number": lambda f: f.transfer_to_number("+12065550100"),
    "callback": lambda f: f.callback(queue="Sales"),
    "module": lambda f: f.module("Greeting"),
}


@pytest.mark.parametrize("step", INBOUND.values(), ids=INBOUND.keys())
def test_every_block_is_one_that_connect_accepts(step: Step) -> None:
    """A flow with the block and an error label has no findings."""
    built = step(FlowBuilder("Flow").on_error("end")).label("end").disconnect().build()
    assert refusals(built) == []


@pytest.mark.parametrize("flow_type", ["CUSTOMER_QUEUE", "CUSTOMER_HOLD", "AGENT_HOLD"])
def test_prompts_may_loop_where_callers_wait(flow_type: FlowType) -> None:
    """Looping prompts, interrupted or not, are fine in queue and hold flows."""
    flow = FlowBuilder("Wait", type=flow_type).on_error("end")
    flow.loop_prompts("One", "Two", interrupt_seconds=30, on_interrupt="end").label("end").end_flow()
    assert refusals(flow.build()) == []


def test_a_whisper_may_end_without_a_disconnect() -> None:
    """A whisper flow ends itself and the contact goes on."""
    assert refusals(FlowBuilder("W", type="AGENT_WHISPER").play("A VIP").end_flow().build()) == []


def test_every_unwired_branch_is_named_at_once() -> None:
    """One error names each branch without a target, each label without a block, and the open end."""
    flow = FlowBuilder("Open").menu("Press 1", {"1": "nowhere"}).transfer_to_queue("Sales").play("Bye")
    with pytest.raises(SbctlError) as caught:
        flow.build("flows/open.py")
    said = " | ".join(problem.detail for problem in caught.value.problems)
    for part in ("InputTimeLimitExceeded", "NoMatchingCondition", "NoMatchingError", "QueueAtCapacity"):
        assert f"the branch {part} leads nowhere" in said
    assert "'nowhere'" in said
    assert "play-1 is the last" in said
    assert {problem.at for problem in caught.value.problems} == {"flows/open.py"}


def test_a_branch_without_a_target_is_named_once() -> None:
    """A default branch that leads nowhere is one problem, not two."""
    with pytest.raises(SbctlError) as caught:
        FlowBuilder("Open").transfer_to_flow("Other").label("end").disconnect().build()
    assert len(caught.value.problems) == len({problem.detail for problem in caught.value.problems})


def test_a_flow_without_blocks_is_refused() -> None:
    """An empty builder says so."""
    with pytest.raises(SbctlError, match="no blocks"):
        FlowBuilder("Empty").build()


def test_an_age_is_sent_in_milliseconds() -> None:
    """The oldest contact's age is given in seconds and compared in milliseconds."""
    flow = FlowBuilder("F").on_error("end")
    flow.check_queue("OldestContactInQueueAgeSeconds", "NumberGreaterThan", 90, then="end", otherwise="end")
    content = flow.label("end").disconnect().build().content
    condition = content["Actions"][0]["Transitions"]["Conditions"][0]["Condition"]
    assert condition == {"Operator": "NumberGreaterThan", "Operands": ["90000"]}


def test_identifiers_stay_when_a_block_of_another_type_is_added() -> None:
    """A block keeps its name when something else is put before it."""
    short = FlowBuilder("F").play("Bye").disconnect().build().content
    longer = FlowBuilder("F").logging().play("Bye").disconnect().build().content
    assert [a["Identifier"] for a in short["Actions"]] == [a["Identifier"] for a in longer["Actions"]][1:]
