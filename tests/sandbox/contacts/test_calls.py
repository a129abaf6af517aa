"""The life of a call: flow, queue, agent, after-call work."""

from __future__ import annotations

from sbctl.sandbox.connect.contacts.live.calling import Refusal
from sbctl.sandbox.connect.contacts.live.progress import Progress, Script
from tests.sandbox.contacts.call_centre import END, CallCentre, action, content, menu, to_queue

HELLO = content(action("hello", "MessageParticipant", "end", Text="Hello"), END)


def test_a_flow_without_a_queue_serves_the_call() -> None:
    """A call that its flow ends has heard the prompt, and ended by the flow."""
    centre = CallCentre()
    call = centre.ring(centre.flow("hello", HELLO))
    assert centre.texts() == ["Hello"]
    assert (call.outcome, call.contact.reason) == ("served", "CONTACT_FLOW_DISCONNECT")
    assert centre.whats(call.contact) == ["begun", "flow", "ended"]


def test_a_flow_that_fails_loses_the_call() -> None:
    """A call whose flow loops for ever, or has no branch for an error, is lost, and it is said at which block and why."""
    centre = CallCentre()
    errors = {"NoMatchingError": "a"}
    loop = content(
        action("a", "UpdateContactAttributes", "b", errors=errors, Attributes={"x": "1"}),
        action("b", "UpdateContactAttributes", "a", errors=errors, Attributes={"x": "2"}),
    )
    call = centre.ring(centre.flow("loop", loop))
    assert (call.outcome, call.contact.reason) == ("lost", "CONTACT_FLOW_DISCONNECT")
    assert "endless" in call.failure
    assert call.failure.endswith((" a", " b"))


def test_a_number_leads_to_its_flow() -> None:
    """A call to a claimed number runs the flow that is associated, as an inbound contact with both addresses."""
    centre = CallCentre()
    number = centre.number(centre.flow("hello", HELLO))
    call = centre.live.calling.call(number, "+12065550111", Script(), {"tier": "gold"})
    assert isinstance(call, Progress)
    centre.advance()
    assert (call.contact.system, call.contact.customer, call.contact.initiation) == (number, "+12065550111", "INBOUND")
    assert call.contact.attributes == {"tier": "gold"}
    assert call.outcome == "served"


def test_a_call_is_answered_by_an_agent() -> None:
    """Queued, offered, accepted, joined, talked, after-call work, and free again."""
    centre = CallCentre()
    centre.agents(1, talk=90, acw=10, accept=3)
    call = centre.ring(centre.flow("queue", to_queue(centre.queue)))
    assert str(call.state) == "ringing"
    centre.advance(3)
    assert str(call.state) == "connected"
    centre.advance(90)
    contact = call.contact
    assert (call.outcome, contact.reason) == ("answered", "CUSTOMER_DISCONNECT")
    agent = centre.live.roster.of(centre.id)[contact.agent]
    assert [one.state for one in agent.contacts.values()] == ["ENDED"]
    centre.advance(10)
    assert not agent.contacts and agent.answered == 1
    assert contact.connected is not None and contact.queued is not None and contact.dequeued is not None
    assert contact.connected - contact.queued == 3
    assert contact.acw_ended is not None and contact.acw_begun is not None
    assert contact.acw_ended - contact.acw_begun == 10
    assert centre.whats(contact) == [
        "begun", "flow", "queued", "offered", "accepted", "connected", "left", "ended", "wrapped",
    ]  # fmt: skip


def test_a_menu_is_pressed() -> None:
    """A scripted caller presses keys where they are asked for; the branch is taken."""
    centre = CallCentre()
    text = to_queue(centre.queue, menu("Press 1.", _1="set"))
    call = centre.ring(centre.flow("menu", text), "1")
    assert str(call.state) == "flow"
    centre.advance(1)
    assert str(call.state) == "queued"
    assert centre.texts(("CUSTOMER",)) == ["1"]


def test_silence_takes_the_time_out() -> None:
    """A caller who presses nothing waits out the menu's time limit."""
    centre = CallCentre()
    call = centre.ring(centre.flow("menu", to_queue(centre.queue, menu("Press 1.", _1="set"))))
    centre.advance(4.9)
    assert str(call.state) == "flow"
    centre.advance(0.2)
    assert call.outcome == "served"


def test_a_caller_loses_patience() -> None:
    """A caller who waits longer than their patience is lost."""
    centre = CallCentre()
    call = centre.ring(centre.flow("queue", to_queue(centre.queue)), patience=30)
    centre.advance(29)
    assert str(call.state) == "queued"
    centre.advance(1)
    assert (call.outcome, call.contact.reason) == ("lost", "CUSTOMER_DISCONNECT")
    assert not centre.live.queueing.waiting(centre.queue)


def test_a_full_queue_takes_its_branch() -> None:
    """A queue that holds MaxContacts takes no further call: QueueAtCapacity."""
    centre = CallCentre()
    centre.ask("UpdateQueueMaxContacts", QueueId=centre.queue, MaxContacts=1)
    flow = centre.flow("queue", to_queue(centre.queue))
    first, second = centre.ring(flow), centre.ring(flow)
    assert (first.state, second.outcome) == ("queued", "served")
    assert centre.texts() == ["All lines are busy."]


def test_a_lost_region_loses_its_calls() -> None:
    """All calls of a region end with TELECOM_PROBLEM when it is lost, and new ones are refused."""
    centre = CallCentre()
    flow = centre.flow("queue", to_queue(centre.queue))
    call = centre.ring(flow)
    centre.down.add(centre.region)
    for tell in centre.lost:
        tell()
    assert (call.outcome, call.contact.reason) == ("lost", "TELECOM_PROBLEM")
    instance = centre.live.ground.resources.instances[centre.id]
    refused = centre.live.calling.reach(instance, flow, call.script)
    assert isinstance(refused, Refusal) and refused.why == "us-east-1 is down"


def test_the_quota_of_calls_refuses_the_eleventh() -> None:
    """A new account has ten calls at a time in an instance; one that ends makes room."""
    centre = CallCentre()
    flow = centre.flow("queue", to_queue(centre.queue))
    calls = [centre.ring(flow) for _ in range(10)]
    instance = centre.live.ground.resources.instances[centre.id]
    assert isinstance(centre.live.calling.reach(instance, flow, calls[0].script), Refusal)
    centre.live.ending.end(calls[0], "CUSTOMER_DISCONNECT")
    assert not isinstance(centre.live.calling.reach(instance, flow, calls[0].script), Refusal)
