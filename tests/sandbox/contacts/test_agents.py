"""Agents: who gets which contact, missed contacts, statuses, whispers, transfers, callbacks."""

from __future__ import annotations

from tests.sandbox.connect_people import routing_profile
from tests.sandbox.contacts.call_centre import END, CallCentre, action, content, to_queue

WHISPER = content(
    action("tell", "MessageParticipant", "resume", Text="A call for you"),
    action("resume", "EndFlowExecution"),
)


def test_the_agent_who_was_idle_longest_gets_the_contact() -> None:
    """Of two free agents the one goes first who has been idle for longer."""
    centre = CallCentre()
    first = centre.signed_in("first")
    centre.advance(5)
    second = centre.signed_in("second")
    flow = centre.flow("queue", to_queue(centre.queue))
    calls = [centre.ring(flow) for _ in range(3)]
    assert [call.contact.agent for call in calls] == [first, second, ""]
    assert [call.state for call in calls] == ["connected", "connected", "queued"]


def test_a_contact_of_a_higher_priority_goes_first() -> None:
    """An agent who becomes free gets the contact with the lowest priority number, then the oldest; age can be added."""
    centre = CallCentre()
    usual, urgent, aged = (
        centre.flow(name, to_queue(centre.queue, *change))
        for name, change in {
            "usual": (),
            "urgent": (action("up", "UpdateContactRoutingBehavior", "set", QueuePriority="1"),),
            "aged": (action("up", "UpdateContactRoutingBehavior", "set", QueueTimeAdjustmentSeconds="100"),),
        }.items()
    )
    calls = {name: centre.ring(flow) for name, flow in (("usual", usual), ("aged", aged), ("urgent", urgent))}
    centre.advance(1)
    centre.agents(1, talk=10, acw=0, accept=0)
    centre.advance(0)
    order = []
    for _ in range(3):
        order.append(next(name for name, call in calls.items() if call.state == "connected"))
        centre.advance(11)
    assert order == ["urgent", "aged", "usual"]


def test_a_delay_of_the_routing_profile_is_waited_for() -> None:
    """An agent whose routing profile has a delay gets a contact only once it has waited so long."""
    centre = CallCentre()
    config = {"QueueReference": {"QueueId": centre.queue, "Channel": "VOICE"}, "Priority": 1, "Delay": 30}
    centre.ask("UpdateRoutingProfileQueues", RoutingProfileId=routing_profile(centre), QueueConfigs=[config])
    centre.signed_in()
    call = centre.ring(centre.flow("queue", to_queue(centre.queue)))
    centre.advance(29)
    assert call.state == "queued"
    centre.advance(1)
    assert call.state in ("ringing", "connected")


def test_an_agent_who_does_not_answer_misses_the_contact() -> None:
    """After 20 seconds it is offered to another agent; who missed it gets nothing until it is dismissed."""
    centre = CallCentre()
    sleepy = centre.signed_in("sleepy", accepts=False)
    call = centre.ring(centre.flow("queue", to_queue(centre.queue)))
    assert call.contact.agent == sleepy
    centre.advance(20)
    assert (call.state, call.contact.agent) == ("queued", "")
    agent = centre.live.roster.of(centre.id)[sleepy]
    assert agent.missed == 1 and not agent.is_routable
    awake = centre.signed_in("awake")
    assert call.contact.agent == awake
    centre.ask("DismissUserContact", UserId=sleepy, ContactId=call.contact.id)
    assert agent.is_routable
    assert centre.whats(call.contact)[-4:] == ["queued", "offered", "missed", "offered"]


def test_a_status_is_taken_once_the_contact_is_over() -> None:
    """PutUserStatus during a call sets the next status; Offline ends routing."""
    centre = CallCentre()
    user = centre.signed_in()
    call = centre.ring(centre.flow("queue", to_queue(centre.queue)), talk=10)
    centre.advance(0)
    assert call.state == "connected"
    centre.put_status(user, "Offline")
    agent = centre.live.roster.of(centre.id)[user]
    assert agent.status.name == "Available" and agent.next is not None
    centre.advance(10)
    centre.advance(20)
    assert agent.status.name == "Offline" and not agent.contacts


def test_a_whisper_is_heard_by_the_agent_alone() -> None:
    """The agent's whisper runs between accepting and joining, and is told as said to the agent."""
    centre = CallCentre()
    whisper = centre.flow("whisper", WHISPER, "AGENT_WHISPER")
    hook = action(
        "hook",
        "UpdateContactEventHooks",
        "set",
        errors={"NoMatchingError": "end"},
        EventHooks={"AgentWhisper": whisper},
    )
    centre.agents(1, accept=2)
    call = centre.ring(centre.flow("queue", to_queue(centre.queue, hook)))
    centre.advance(2)
    assert call.state == "connected"
    assert [(one.text, one.to_agent) for one in centre.heard] == [("A call for you", True)]


def test_the_disconnect_flow_runs_when_the_agent_leaves() -> None:
    """CustomerRemaining: a contact of its own, DISCONNECT, runs for the customer who is still there."""
    centre = CallCentre()
    bye = centre.flow("bye", content(action("bye", "MessageParticipant", "end", Text="Tell us how it was"), END))
    hook = action(
        "hook",
        "UpdateContactEventHooks",
        "set",
        errors={"NoMatchingError": "end"},
        EventHooks={"CustomerRemaining": bye},
    )
    centre.agents(1, accept=0)
    call = centre.ring(centre.flow("queue", to_queue(centre.queue, hook)), interactive=True)
    centre.advance(0)
    centre.live.joining.leave(call, "AGENT_DISCONNECT")
    first, second = centre.live.store.chain(call.contact.id)
    assert (first.reason, second.initiation, second.previous) == ("AGENT_DISCONNECT", "DISCONNECT", first.id)
    assert second.reason == "CONTACT_FLOW_DISCONNECT"
    assert centre.texts() == ["Tell us how it was"]


def callback(centre: CallCentre, **settings: str) -> str:
    """A flow that promises a callback and ends."""
    values = {
        "QueueId": centre.queue,
        "InitialCallDelaySeconds": "60",
        "MaximumConnectionAttempts": "1",
        "RetryDelaySeconds": "30",
    }
    wrong = {"InvalidCallbackNumber": "end", "CallbackNumberNotDialable": "end"}
    number = {"CallbackNumber": "$.CustomerEndpoint.Address"}
    text = content(
        action("number", "UpdateContactCallbackNumber", "back", errors=wrong, **number),
        action("back", "CreateCallbackContact", "end", errors={"NoMatchingError": "end"}, **values, **settings),
        END,
    )
    return centre.flow("callback", text)


def test_a_callback_waits_and_calls_the_customer() -> None:
    """After its delay the callback is in the queue; the agent accepts, then the customer is dialled and joined."""
    centre = CallCentre()
    call = centre.ring(callback(centre))
    assert call.outcome == "served"
    _, back = centre.live.store.chain(call.contact.id)
    assert (back.initiation, back.customer, back.queued) == ("CALLBACK", "+12065550100", None)
    centre.advance(60)
    assert [one.id for one in centre.live.queueing.waiting(centre.queue)] == [back.id]
    centre.agents(1, talk=30, accept=1)
    centre.advance(1)
    assert centre.whats(back)[-2:] == ["accepted", "dialled"]
    centre.advance(5)
    assert back.connected is not None
    centre.advance(30)
    assert back.ended is not None


def test_a_callback_that_is_not_answered_is_tried_once_more() -> None:
    """Nobody answers: after the retry delay another contact of the chain waits; then it is over."""
    centre = CallCentre()
    centre.agents(1, talk=30, accept=1, acw=0)
    call = centre.ring(callback(centre))
    _, back = centre.live.store.chain(call.contact.id)
    progress = centre.live.progress(back)
    assert progress is not None
    progress.script.answers = False
    centre.advance(70)
    chain = centre.live.store.chain(call.contact.id)
    assert [one.reason for one in chain[1:]] == ["OUTBOUND_ATTEMPT_FAILED", ""]
    centre.advance(60)
    assert [one.reason for one in centre.live.store.chain(call.contact.id)[1:]] == ["OUTBOUND_ATTEMPT_FAILED"] * 2
    assert all(not one.contacts for one in centre.live.roster.all())


def test_users_go_before_synthetic_agents() -> None:
    """Simulated agents are users of the queue's routing profiles first; what lacks is synthetic, and unknown to AWS's API."""
    centre = CallCentre()
    user = centre.signed_in("jane")
    centre.put_status(user, "Offline")
    centre.agents(2)
    found = centre.live.roster.all()
    assert [(one.name, one.synthetic) for one in found] == [("jane", False), ("BasicQueue agent 1", True)]
    assert len(centre.ask("ListUsers")["UserSummaryList"]) == 1
    instance = centre.live.ground.resources.instances[centre.id]
    assert centre.live.simulated.stop(instance) == 2
    assert [one.status.name for one in centre.live.roster.all()] == ["Offline"]
