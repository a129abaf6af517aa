"""The operations on contacts, with AWS's errors."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sbctl.sandbox.service import ApiError
from tests.sandbox.contacts.call_centre import END, CallCentre, action, content, to_queue

HELLO = content(action("hello", "MessageParticipant", "end", Text="Hello"), END)


def test_a_task_waits_for_an_agent() -> None:
    """StartTaskContact runs its flow, waits in a queue, and takes no whispers; a ClientToken makes it once."""
    centre = CallCentre()
    flow = centre.flow("queue", to_queue(centre.queue))
    params = {"ContactFlowId": flow, "Name": "Invoice", "ClientToken": "t1", "Attributes": {"a": "b"}}
    named = centre.ask("StartTaskContact", **params)["ContactId"]
    assert centre.ask("StartTaskContact", **params)["ContactId"] == named
    centre.advance()
    contact = centre.live.store.all[named]
    assert (contact.channel, contact.initiation, contact.name, contact.queue) == (
        "TASK",
        "API",
        "Invoice",
        centre.queue,
    )
    centre.agents(1, talk=5, acw=0, accept=0)
    centre.advance(6)
    assert contact.reason == "AGENT_DISCONNECT"


def test_a_scheduled_task_begins_at_its_time() -> None:
    """ScheduledTime delays the flow; UpdateContactSchedule moves it; a past time is refused."""
    centre = CallCentre()
    flow = centre.flow("hello", HELLO)
    at = centre.clock.now() + timedelta(hours=1)
    named = centre.ask("StartTaskContact", ContactFlowId=flow, Name="Later", ScheduledTime=at)["ContactId"]
    centre.ask("UpdateContactSchedule", ContactId=named, ScheduledTime=at + timedelta(hours=1))
    centre.advance(3700)
    assert centre.whats(named) == ["begun", "attributes"]
    centre.advance(3600)
    assert centre.whats(named)[-1] == "ended"
    past = datetime(2020, 1, 1, tzinfo=UTC)
    assert (
        centre.refused("StartTaskContact", ContactFlowId=flow, Name="x", ScheduledTime=past)
        == "InvalidRequestException"
    )


def test_a_chat_gives_its_customer_a_token() -> None:
    """StartChatContact answers a participant's token, runs the flow, and ends after its duration."""
    centre = CallCentre()
    flow = centre.flow("queue", to_queue(centre.queue))
    made = centre.ask(
        "StartChatContact", ContactFlowId=flow, ParticipantDetails={"DisplayName": "Jane"}, ChatDurationInMinutes=60
    )
    assert made["ParticipantToken"] and made["ParticipantId"]
    contact = centre.live.store.all[made["ContactId"]]
    centre.advance()
    assert (contact.channel, contact.queued is not None) == ("CHAT", True)
    centre.advance(3600)
    assert contact.reason == "EXPIRED"


def test_an_outbound_call_dials_and_runs_its_flow() -> None:
    """StartOutboundVoiceContact: the customer answers after a moment, then the flow runs; a foreign source is refused."""
    centre = CallCentre()
    flow = centre.flow("hello", HELLO)
    number = centre.number(flow)
    params = {"ContactFlowId": flow, "DestinationPhoneNumber": "+12065550188", "SourcePhoneNumber": number}
    named = centre.ask("StartOutboundVoiceContact", **params)["ContactId"]
    centre.advance()
    assert centre.whats(named) == ["begun", "dialled"]
    centre.advance(5)
    assert centre.whats(named) == ["begun", "dialled", "flow", "ended"]
    assert centre.live.store.all[named].system == number
    assert (
        centre.refused("StartOutboundVoiceContact", **{**params, "SourcePhoneNumber": "+12065550199"})
        == "InvalidRequestException"
    )
    assert (
        centre.refused("StartOutboundVoiceContact", **{**params, "ContactFlowId": "gone"})
        == "ResourceNotFoundException"
    )


def test_stop_contact() -> None:
    """A contact that goes on ends with the reason API; one that has ended is ContactNotFoundException, 410."""
    centre = CallCentre()
    call = centre.ring(centre.flow("queue", to_queue(centre.queue)))
    centre.ask("StopContact", ContactId=call.contact.id)
    assert call.contact.reason == "API"
    with pytest.raises(ApiError) as refusal:
        centre.ask("StopContact", ContactId=call.contact.id)
    assert (refusal.value.code, refusal.value.status) == ("ContactNotFoundException", 410)


def test_transfer_contact_makes_the_next_contact_of_the_chain() -> None:
    """A task moves to a queue through a flow, as a TRANSFER whose attributes go with it; calls are refused."""
    centre = CallCentre()
    flow = centre.flow("queue", to_queue(centre.queue))
    full = {"QueueAtCapacity": "end", "NoMatchingError": "end"}
    text = content(action("go", "TransferContactToQueue", "end", errors=full), END)
    onward = centre.flow("onward", text, "QUEUE_TRANSFER")
    task = centre.ask("StartTaskContact", ContactFlowId=flow, Name="x", Attributes={"a": "b"})["ContactId"]
    centre.advance()
    moved = centre.ask("TransferContact", ContactId=task, QueueId=centre.queue, ContactFlowId=onward)
    centre.advance()
    new = centre.live.store.all[moved["ContactId"]]
    assert moved["ContactArn"].endswith(f"/contact/{new.id}")
    assert (new.initiation, new.previous, new.initial, new.attributes) == ("TRANSFER", task, task, {"a": "b"})
    assert [one.id for one in centre.live.queueing.waiting(centre.queue)] == [new.id]
    call = centre.ring(flow)
    assert (
        centre.refused("TransferContact", ContactId=call.contact.id, QueueId=centre.queue, ContactFlowId=onward)
        == "InvalidRequestException"
    )


def test_attributes_names_and_tags() -> None:
    """UpdateContactAttributes merges for the whole chain, up to 32 KB; UpdateContact and TagContact change the rest."""
    centre = CallCentre()
    call = centre.ring(centre.flow("queue", to_queue(centre.queue)))
    named = call.contact.id
    centre.ask("UpdateContactAttributes", InitialContactId=named, Attributes={"tier": "gold"})
    centre.ask("UpdateContactAttributes", InitialContactId=named, Attributes={"city": "Bern"})
    assert call.contact.attributes == {"tier": "gold", "city": "Bern"}
    large = {f"k{number}": "x" * 30000 for number in range(2)}
    assert (
        centre.refused("UpdateContactAttributes", InitialContactId=named, Attributes=large)
        == "InvalidParameterException"
    )
    centre.ask(
        "UpdateContact",
        ContactId=named,
        Name="Complaint",
        References={"doc": {"Type": "URL", "Value": "https://example.com"}},
    )
    assert (call.contact.name, call.contact.references["doc"]["Value"]) == ("Complaint", "https://example.com")
    centre.ask("TagContact", ContactId=named, Tags={"team": "a", "city": "Bern"})
    centre.ask("UntagContact", ContactId=named, TagKeys=["team"])
    assert call.contact.tags == {"city": "Bern"}
    assert (
        centre.refused("TagContact", ContactId=named, Tags={f"t{one}": "" for one in range(6)})
        == "InvalidRequestException"
    )
    assert centre.refused("UpdateContact", ContactId="0" * 36, Name="x") == "ResourceNotFoundException"


def test_routing_data_of_a_contact_that_waits() -> None:
    """Another priority is heeded a minute later; none, and both at once, are refused."""
    centre = CallCentre()
    call = centre.ring(centre.flow("queue", to_queue(centre.queue)))
    centre.ask("UpdateContactRoutingData", ContactId=call.contact.id, QueuePriority=1)
    assert call.contact.priority == 5
    centre.advance(60)
    assert call.contact.priority == 1
    assert centre.refused("UpdateContactRoutingData", ContactId=call.contact.id) == "InvalidParameterException"
    both = {"QueuePriority": 1, "QueueTimeAdjustmentSeconds": 3}
    assert centre.refused("UpdateContactRoutingData", ContactId=call.contact.id, **both) == "InvalidParameterException"


def test_a_paused_task_is_offered_to_nobody() -> None:
    """PauseContact and ResumeContact of a task in a queue; twice is a conflict."""
    centre = CallCentre()
    task = centre.ask("StartTaskContact", ContactFlowId=centre.flow("queue", to_queue(centre.queue)), Name="x")[
        "ContactId"
    ]
    centre.advance()
    centre.ask("PauseContact", ContactId=task)
    assert centre.refused("PauseContact", ContactId=task) == "ConflictException"
    centre.agents(1, accept=1)
    assert centre.whats(task)[-1] == "paused"
    centre.ask("ResumeContact", ContactId=task)
    assert centre.whats(task)[-2:] == ["unpaused", "offered"]
    assert centre.refused("ResumeContact", ContactId=task) == "ConflictException"


def test_a_recording_needs_an_agent() -> None:
    """A call is recorded once an agent has it: started, suspended, resumed, stopped; twice is refused."""
    centre = CallCentre()
    centre.agents(1, accept=1)
    call = centre.ring(centre.flow("queue", to_queue(centre.queue)))
    named = {"ContactId": call.contact.id, "InitialContactId": call.contact.id}
    start = {**named, "VoiceRecordingConfiguration": {"VoiceRecordingTrack": "ALL"}}
    assert centre.refused("StartContactRecording", **start) == "InvalidRequestException"
    centre.advance(1)
    centre.ask("StartContactRecording", **start)
    assert call.contact.recording == {"Agent", "Customer"}
    assert centre.refused("StartContactRecording", **start) == "InvalidRequestException"
    for operation in ("SuspendContactRecording", "ResumeContactRecording", "StopContactRecording"):
        centre.ask(operation, **named)
    assert [one.detail for one in centre.told if one.what == "recording"] == [
        "started",
        "suspended",
        "resumed",
        "stopped",
    ]


def test_a_contact_that_is_handled_elsewhere() -> None:
    """CreateContact gives a task to a user at once, or notes one that is over; e-mails are refused."""
    centre = CallCentre()
    user = centre.signed_in()
    params = {"Channel": "TASK", "InitiationMethod": "API", "UserInfo": {"UserId": user}}
    named = centre.ask("CreateContact", **params, InitiateAs="CONNECTED_TO_USER")["ContactId"]
    assert list(centre.live.roster.of(centre.id)[user].contacts) == [named]
    done = centre.ask("CreateContact", Channel="TASK", InitiationMethod="API", InitiateAs="COMPLETED")["ContactId"]
    assert centre.live.store.all[done].ended is not None
    assert centre.refused("CreateContact", Channel="EMAIL", InitiationMethod="OUTBOUND") == "InvalidRequestException"


def test_listening_in_is_refused() -> None:
    """MonitorContact finds no softphone; an unknown contact is ResourceNotFoundException."""
    centre = CallCentre()
    user = centre.signed_in()
    call = centre.ring(centre.flow("queue", to_queue(centre.queue)))
    assert centre.refused("MonitorContact", ContactId=call.contact.id, UserId=user) == "AccessDeniedException"
    assert centre.refused("MonitorContact", ContactId="0" * 36, UserId=user) == "ResourceNotFoundException"
